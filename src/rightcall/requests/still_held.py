"""What holds keep of somebody who was erased before they asked: it is held, so they are told of it (GDPR Art. 15, 17(3))."""

from rightcall.database.connection import Transaction
from rightcall.erasure import actions as erasures
from rightcall.holdings.holds.model import Hold
from rightcall.requests.model import Answered, Request
from rightcall.subjects.joining import actions as joining


def still_held(tx: Transaction, request: Request) -> list[Hold]:
    """The holds of which they may be told, each once; nothing where they were not erased before."""
    if request.outcome is not Answered.ALREADY_ERASED:
        return []
    person = {request.subject, *joining.person(tx, request.subject)}
    found = [hold for each in sorted(person) for hold, _ in erasures.kept_and_why(tx, each) if hold.untold is None]
    return list({each.id: each for each in found}.values())
