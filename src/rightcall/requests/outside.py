"""What of an answered erasure is in others' hands still: copies in systems in which we can erase nothing, and who received data.

The person is told of each by name, and whether those who have it were told to let go of it (GDPR Art. 12(3), 19).
"""

from dataclasses import dataclass
from datetime import date, datetime

from rightcall.clock import day_of
from rightcall.database.connection import Transaction
from rightcall.design.wording import language_of
from rightcall.discovery.systems.naming import customer_names
from rightcall.ids import ErasureId
from rightcall.requests.model import Request, RequestKind
from rightcall.requests.staying import of_request


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """`name`: of the system, as customers are told of it, or of who received data. `copies`: so many that are known of lie in the
    system; None of a recipient, who says how many they have. `told_on`: when they were told; None while nobody has."""

    name: str
    copies: int | None
    told_on: date | None


def outside(tx: Transaction, request: Request) -> list[Outside]:
    """Nothing where it is no erasure, or none was begun."""
    stays = of_request(tx, ErasureId(request.id)) if request.kind is RequestKind.ERASURE else None
    if stays is None:
        return []
    language, called = language_of(request.language), customer_names(tx)
    systems = [
        Outside(name=called[each.system].to(language).words, copies=each.outside, told_on=_on(each.told_at))
        for each in stays.systems
        if each.outside
    ]
    recipients = {Outside(name=to.name, copies=None, told_on=_on(notice.told_at)) for to, notice in stays.recipients}
    return [*systems, *sorted(recipients, key=lambda each: each.name)]


def _on(at: datetime | None) -> date | None:
    return None if at is None else day_of(at)
