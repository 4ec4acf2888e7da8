"""What of an answered erasure is in others' hands still: copies in systems in which we can erase nothing, and who received data.

The person is told of each by name, and whether those who have it were told to let go of it (GDPR Art. 12(3), 19).
"""

from dataclasses import dataclass
from datetime import date, datetime

from rightcall.activities.telling import actions as telling
from rightcall.clock import day_of
from rightcall.database.connection import Transaction
from rightcall.discovery.systems import actions as systems
from rightcall.erasure import actions as erasures
from rightcall.erasure.elsewhere import actions as elsewhere
from rightcall.erasure.elsewhere.model import PlaceState
from rightcall.ids import ErasureId
from rightcall.requests.model import Request, RequestKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """`name`: of the system, or of who received data. `copies`: so many that are known of lie in the system; None of a recipient,
    who says how many they have. `told_on`: when they were told; None while nobody has."""

    name: str
    copies: int | None
    told_on: date | None


def outside(tx: Transaction, request: Request) -> list[Outside]:
    """Nothing where it is no erasure, or none was begun."""
    if request.kind is not RequestKind.ERASURE or erasures.find(tx, ErasureId(request.id)) is None:
        return []
    whole = erasures.whole(tx, ErasureId(request.id))
    systems_ = [
        Outside(name=systems.get(tx, each.system).name.text, copies=copies, told_on=_on(each.told_at))
        for erasure in whole
        for each in elsewhere.errands(tx, erasure.id)
        if (copies := each.count(PlaceState.OUTSIDE))
    ]
    recipients = {
        Outside(name=to.name, copies=None, told_on=_on(notice.told_at))
        for erasure in whole
        for to, notice in telling.notices(tx, erasure.id)
    }
    return [*systems_, *sorted(recipients, key=lambda each: each.name)]


def _on(at: datetime | None) -> date | None:
    return None if at is None else day_of(at)
