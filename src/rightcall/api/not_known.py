"""What an answer about people does not know yet: beside the items, so that an empty list is no clean bill."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from rightcall.api.forms import Shape
from rightcall.database.connection import Transaction
from rightcall.discovery.seen import actions as seeing
from rightcall.discovery.seen.model import Seen, SeenState
from rightcall.discovery.seen.saying import said
from rightcall.discovery.systems.naming import SystemNames, system_names


class NotKnownShape(Shape):
    """Of one system. `state`: by its last scan. `objects`, `looked_at`: how far that is, as last counted (null before all are
    listed); `not_read`: how many of these could not be read, `parts_not_read`: how many parts within those that were;
    `sample`: about which share it looked at. `whole_at`: when the last scan that looked at all of it ended. `on_no_map`:
    findings there that no item stands for; `nobodys`: how many of them are linked to nobody. `retired_at`: since when nobody
    looks there. `says`: the same in words."""

    system: UUID
    system_name: str
    state: SeenState
    objects: int | None
    looked_at: int | None
    not_read: int
    parts_not_read: int
    sample: float | None
    whole_at: datetime | None
    on_no_map: int
    nobodys: int
    retired_at: datetime | None
    says: str


def not_known(tx: Transaction) -> list[NotKnownShape]:
    """Of every system of which something is not known."""
    found = seeing.not_known(tx)
    return shapes(found, system_names(tx)) if found else []


def shapes(found: Sequence[Seen], names: SystemNames) -> list[NotKnownShape]:
    return [
        NotKnownShape(
            system=each.system,
            system_name=names[each.system],
            state=each.state,
            objects=each.objects,
            looked_at=each.looked_at,
            not_read=each.not_read,
            parts_not_read=each.parts_not_read,
            sample=each.sample,
            whole_at=each.whole_at,
            on_no_map=each.on_no_map,
            nobodys=each.nobodys,
            retired_at=each.retired_at,
            says=said(each, names[each.system]),
        )
        for each in found
    ]
