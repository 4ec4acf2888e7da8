"""Whose call it is. Somebody who works here is known by an e-mail address, and a party in a call by an address of SIP: where both
are the same, as many telephone systems have it, that is their call. Nobody is matched by anything less."""

from collections.abc import Sequence
from dataclasses import dataclass

from rightcall.calls import actions as calls
from rightcall.calls.model import Call, Party
from rightcall.console.door import Inside
from rightcall.database.connection import Transaction
from rightcall.errors import Malformed
from rightcall.ids import CallId
from rightcall.personal import Personal
from rightcall.staff.members import actions as members
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import Identifier, IdentifierKind
from rightcall.subjects.rules import normalise

_NO_REGION = "ZZ"


@dataclass(frozen=True, slots=True)
class Next:
    """What is on while a desk still shows a call that is over. `call`: their own; None where nobody knows whose it is."""

    call: CallId | None


def own_call(tx: Transaction, who: Inside) -> CallId | None:
    """The call that they are in now, the newest of several; None where they are in none, or it cannot be told."""
    return _going_on(tx, _parts(tx, who))


def next_call(tx: Transaction, who: Inside, over: CallId) -> Next | None:
    """None where none is on that could be theirs: who was known by their address in the call that is over is so in the next."""
    parts = _parts(tx, who)
    own = _going_on(tx, parts)
    if own is not None:
        return Next(own)
    is_known = any(each.call == over for each in parts)
    return None if is_known or not calls.active(tx, limit=1) else Next(None)


def _parts(tx: Transaction, who: Inside) -> list[Party]:
    identifier = _address(tx, who)
    if identifier is None:
        return []
    return [each for found in subjects.find(tx, who.house.vault, identifier) for each in calls.of_subject(tx, found)]


def _going_on(tx: Transaction, parties: Sequence[Party]) -> CallId | None:
    return max((each.call for each in parties if each.left_at is None and _goes_on(calls.get(tx, each.call))), default=None)


def _address(tx: Transaction, who: Inside) -> Identifier | None:
    address = members.name_of(tx, who.house.vault, who.member).address
    if address is None:
        return None
    sip = Personal(f"sip:{address.reveal('find a member their own call')}")
    try:
        return normalise(IdentifierKind.SIP, sip, _NO_REGION)
    except Malformed:
        return None


def _goes_on(call: Call) -> bool:
    return call.ended_at is None
