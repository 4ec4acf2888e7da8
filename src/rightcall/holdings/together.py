"""Where the bytes of a holding lie in the object store: with those that were begun in the same minute and are kept as long, so
that they can be let go of together."""

import re
from datetime import UTC, date, datetime

from rightcall.ids import ControllerId, HoldingId

_TOGETHER = re.compile(r"[^/]+/[0-9]{4}-[0-9]{2}-[0-9]{2}/[0-9]{8}T[0-9]{4}")


def key_of(controller: ControllerId, holding: HoldingId, last_day: date) -> str:
    """Ids and times alone. `last_day`: of the term that is over last as things stand now; it may change, and the key does not."""
    begun_at = datetime.fromtimestamp((holding.int >> 80) / 1000, UTC)
    return f"{controller}/{last_day}/{begun_at:%Y%m%dT%H%M}/{holding}"


def lies_with(key: str) -> str:
    """What all that lies together with it has in common; the key itself where it lies alone."""
    shared = key.rpartition("/")[0]
    return shared if _TOGETHER.fullmatch(shared) else key
