"""Card data that somebody says was given, in words that were kept: from then on nobody hears or exports them (PCI DSS 3.3.1).

A pause keeps card data out by closing the gate, so what was captured holds none that a pause covered. What was said before a
pause that came late, or without one, only a person can tell. Until somebody does, it is not known here: a take without a mark
may still carry card data. A mark is never taken back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rightcall.actors import Actor
from rightcall.calls import actions as calls
from rightcall.calls.model import Call
from rightcall.database.connection import Transaction
from rightcall.errors import Malformed
from rightcall.ids import CallId, StatementId, new_id
from rightcall.ledger import actions as ledger
from rightcall.recordings import store
from rightcall.recordings.model import CardMark
from rightcall.recordings.statements import CardDataMarked
from rightcall.recordings.tools import Tools


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What a stretch of a call is known to carry. False: nobody said so."""

    card_data: bool
    authentication_data: bool


def mark(
    tx: Transaction,
    tools: Tools,
    call: CallId,
    *,
    since: datetime | None,
    until: datetime | None,
    card_data: bool,
    authentication_data: bool,
    by: Actor,
) -> CardMark:
    """From `since` (None: the beginning) until `until` (None: the end) it was said. Every take that overlaps it is shut."""
    known, at = calls.get(tx, call), tools.clock.now()
    began = known.started_at if since is None else since
    if until is not None and until < began:
        raise Malformed("The stretch ends before it begins. Check its instants, or leave them out: then it is the whole call.")
    if not card_data and not authentication_data:
        raise Malformed("A mark says that card data was given, or what authenticates a card, or both.")
    statement = ledger.append(
        tx,
        CardDataMarked(
            at=at,
            controller=tx.of,
            call=call,
            since=began,
            until=until,
            card_data=card_data,
            authentication_data=authentication_data,
            actor=by.id,
            role=by.role,
        ),
    )
    made = CardMark(
        id=new_id(),
        call=call,
        since=began,
        until=until,
        card_data=card_data,
        authentication_data=authentication_data,
        marked_at=at,
        by=by,
        statement=StatementId(statement),
    )
    store.insert_card_mark(tx, made)
    return made


def carried(tx: Transaction, call: CallId, since: datetime, until: datetime | None) -> Carried:
    """By all marks that touch this stretch. `until` None: to the end of the call."""
    return _by(store.card_marks(tx, call), since, until)


def marks_in(tx: Transaction, calls: Sequence[CallId]) -> list[CardMark]:
    """All marks of these calls."""
    return store.card_marks_of(tx, calls)


def carried_in(marks: Sequence[CardMark], known: Sequence[Call]) -> dict[CallId, Carried]:
    """By each of these calls, from its beginning to its end."""
    return {call.id: _by([each for each in marks if each.call == call.id], call.started_at, call.ended_at) for call in known}


def _by(marks: Sequence[CardMark], since: datetime, until: datetime | None) -> Carried:
    touching = [each for each in marks if _touches(each, since, until)]
    return Carried(
        card_data=any(each.card_data for each in touching),
        authentication_data=any(each.authentication_data for each in touching),
    )


def _touches(mark: CardMark, since: datetime, until: datetime | None) -> bool:
    return (until is None or mark.since <= until) and (mark.until is None or mark.until >= since)
