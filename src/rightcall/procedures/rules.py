"""What a person may do to a procedure, and what each reason to look asks for."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from rightcall.errors import Conflict
from rightcall.procedures.model import OPEN, Reason, State, Told, Wish

CANCELLABLE = frozenset({"look_at_parity", "count_parity", "look_at_uses", "describe_system", "describe_purpose"})
"""What only looks or counts. Whatever lets go of something, or answers somebody, is finished or reported as not done."""
PATIENCE = timedelta(days=1)
"""So long a procedure may wait for the end of an outage before a person has to look."""
SAYS: Mapping[Reason, str] = {
    Reason.BREACH_LATE: "Nobody said that the authority was told of breaches whose 72 hours are over: `rightcall breach list`.",
    Reason.BREACH_UNTOLD: "Of breaches the authority, or the people, are still to be told: `rightcall breach list`.",
    Reason.PROCEDURE_FAILED: "Procedures failed, and are begun again now and then: `rightcall procedures list --state failed`.",
    Reason.PROCEDURE_WAITING: "Procedures have waited longer than a day: `rightcall procedures list --state waiting`.",
    Reason.ERASURE_ELSEWHERE: "Other systems do not let go of what was to be erased: `rightcall erasure list`.",
    Reason.REQUEST_DUE: "Requests are near the end of their time, or past it: `rightcall requests list`.",
    Reason.TERM_OUTLIVED: "Things are there though their last day is over: `rightcall terms`.",
    Reason.PROCESSOR_ORDER: "Processors do not do what they were asked: `rightcall processor orders`.",
    Reason.PROCESSOR_WORD: "Whether processors are asked by what records tell is for a person to say: `rightcall erasure list`.",
    Reason.PACKAGE_WAITS: "Copies that people asked for wait for somebody's word: `rightcall requests package show`.",
    Reason.HOLD_WAITS: "Holds, or later days of theirs, wait for a second person's word, and end as they stood without it:"
    " `rightcall hold list`.",
}


def check_wish(told: Told, wish: Wish) -> None:
    """Conflict where that is not to be had."""
    if told.state not in OPEN:
        raise Conflict("This procedure has ended. There is nothing left to do to it.")
    if wish is Wish.RETRY and told.state is not State.FAILED:
        raise Conflict("This procedure is under way and goes on by itself: see when with `rightcall procedures show`.")
    if wish is Wish.CANCEL and told.name not in CANCELLABLE:
        raise Conflict("What lets go of something or answers somebody is never cancelled: mend what it waits for; it goes on.")


def waits_too_long(told: Told, now: datetime) -> bool:
    return told.state is State.WAITING and now - told.changed_at > PATIENCE
