"""Lines of the access log that are one look, and how often something was looked at among others."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from rightcall.holdings.model import Holding
from rightcall.holdings.uses.model import Use, covers

_ONE_LOOK = timedelta(seconds=2)


class Line(Protocol):
    @property
    def at(self) -> datetime: ...
    @property
    def by(self) -> object: ...
    @property
    def purpose(self) -> object: ...
    @property
    def refused(self) -> bool: ...


L = TypeVar("L", bound=Line)


def one_by_one(looks: Sequence[L]) -> list[list[L]]:
    """The lines of the log, look by look: who compares two people or two records looks once, and each thing read has its line."""
    found: list[list[L]] = []
    for each in looks:
        if found and _is_of(found[-1][-1], each):
            found[-1].append(each)
        else:
            found.append([each])
    return found


def covering(looks: Sequence[Sequence[Use]], holding: Holding) -> list[datetime]:
    """When this was looked at together with others: of each look that read it too, in their order."""
    return [look[0].at for look in looks if any(covers(line, holding) for line in look)]


def _is_of(one: Line, other: Line) -> bool:
    is_alike = (one.by, one.purpose, one.refused) == (other.by, other.purpose, other.refused)
    return is_alike and abs(one.at - other.at) < _ONE_LOOK
