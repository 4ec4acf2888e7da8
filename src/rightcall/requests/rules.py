"""The clock of a request, and which step may follow which."""

import calendar
from datetime import date

from rightcall.errors import Conflict
from rightcall.requests.model import Request, RequestKind, Stage

AUTOMATIC = frozenset({RequestKind.ERASURE})


def due_on(received_on: date) -> date:
    """The same day of the next month, or its last day where it has no such day (Art. 12(3); Reg. 1182/71 Art. 3(2)(c))."""
    year, month = (received_on.year + 1, 1) if received_on.month == 12 else (received_on.year, received_on.month + 1)
    return date(year, month, min(received_on.day, calendar.monthrange(year, month)[1]))


def check_open(request: Request) -> None:
    """An answered request stays answered."""
    if request.stage is Stage.ANSWERED:
        raise Conflict("This request is answered already. Open a new one if the person asks again.")
