"""Whose call it is. Somebody who works here is known by an e-mail address, and a party in a call by an address of SIP: where both
are the same, as many telephone systems have it, that is their call. Nobody is matched by anything less."""

from rightcall.calls import actions as calls
from rightcall.calls.model import Call
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


def own_call(tx: Transaction, who: Inside) -> CallId | None:
    """The call that they are in now, the newest of several; None where they are in none, or it cannot be told."""
    identifier = _address(tx, who)
    if identifier is None:
        return None
    parties = [each for found in subjects.find(tx, who.house.vault, identifier) for each in calls.of_subject(tx, found)]
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
