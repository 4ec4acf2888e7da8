"""A person listens to what they said themselves: a verdict is asked as for anybody, the use is logged, nobody else is heard."""

from collections.abc import Collection

from rightcall.actors import Actor
from rightcall.calls import actions as calls
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, NotFound
from rightcall.holdings.ports import Objects
from rightcall.ids import HoldingId, SubjectId
from rightcall.policy.model import Act
from rightcall.recordings.model import Recorded, Refused, Take
from rightcall.recordings.playing import Opened, open_take, read
from rightcall.recordings.taking import get
from rightcall.recordings.tools import Tools
from rightcall.vault.model import Dark


def hear_own(
    tx: Transaction, tools: Tools, objects: Objects, *, take: HoldingId, person: Collection[SubjectId], by: Actor
) -> Recorded | Refused | Dark:
    """The first of its purposes that opens it is enough. NotFound for what is somebody else's, in the same words as for what is
    not there; Conflict where several speak on it."""
    found = _take(tx, take)
    if not any(party.subject in person for party in calls.parties(tx, found.call)):
        raise _no_such()
    if found.party is None:
        raise Conflict("Several people speak on this, so somebody has to listen to it first. Ask for a copy of your data.")
    if calls.party(tx, found.party).subject not in person:
        raise _no_such()
    why: Refused | Dark | None = None
    for purpose in found.purposes:
        opened = open_take(tx, tools, act=Act.PLAY, take=take, purpose=purpose, by=by, reason=None, case=None, for_speaker=True)
        if isinstance(opened, Opened):
            return read(tx, objects, opened)
        why = opened
    if why is None:
        raise _no_such()
    return why


def _take(tx: Transaction, take: HoldingId) -> Take:
    try:
        return get(tx, take)
    except NotFound:
        raise _no_such() from None


def _no_such() -> NotFound:
    return NotFound("There is no such recording of yours. Look at your calls to see those that there are.")
