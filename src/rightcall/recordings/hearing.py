"""A person listens to what they said themselves: a verdict is asked as for anybody, the use is logged, nobody else is heard."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta

from rightcall.actors import Actor
from rightcall.calls import actions as calls
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, NotFound
from rightcall.holdings import actions as holdings
from rightcall.holdings.ports import Objects
from rightcall.ids import HoldingId, PurposeId, SubjectId
from rightcall.policy.model import Act
from rightcall.recordings.model import Recorded, Refused, Take
from rightcall.recordings.playing import Opened, Span, Unlocked, content, open_take, read, unlock
from rightcall.recordings.received import store as received
from rightcall.recordings.received.model import ReceivedSound
from rightcall.recordings.takes import store as take_store
from rightcall.recordings.tools import Tools
from rightcall.vault.model import Dark


@dataclass(frozen=True, slots=True, kw_only=True)
class AsItCame:
    """A recording that came in a vCon, as the very file that it was."""

    mediatype: str
    body: bytes = field(repr=False)


Heard = Recorded | AsItCame


def hear_own(
    tx: Transaction, tools: Tools, objects: Objects, *, take: HoldingId, person: Collection[SubjectId], by: Actor
) -> Heard | Refused | Dark:
    """The first of its purposes that opens it is enough. NotFound for what is somebody else's, in the same words as for what is
    not there; Conflict where several speak on it."""
    found = _own(tx, take, person)
    why: Refused | Dark | None = None
    for purpose in found.purposes:
        heard = _heard(tx, tools, objects, found, purpose, by)
        if not isinstance(heard, Refused | Dark):
            return heard
        why = heard
    if why is None:
        raise _no_such()
    return why


def _own(tx: Transaction, id: HoldingId, person: Collection[SubjectId]) -> Take | ReceivedSound:
    holding = holdings.of_ids(tx, [id]).get(id)
    if holding is None or holding.call is None:
        raise _no_such()
    every: list[Take | ReceivedSound] = [*take_store.takes(tx, holding.call), *received.sounds_of_call(tx, holding.call)]
    found = next((each for each in every if each.id == id), None)
    parties = {each.id: each.subject for each in calls.parties(tx, holding.call)}
    if found is None or not set(parties.values()) & set(person):
        raise _no_such()
    if found.party is None:
        raise Conflict("Several people speak on this, so somebody has to listen to it first. Ask for a copy of your data.")
    if parties[found.party] not in person:
        raise _no_such()
    return found


def _heard(
    tx: Transaction, tools: Tools, objects: Objects, found: Take | ReceivedSound, purpose: PurposeId, by: Actor
) -> Heard | Refused | Dark:
    if isinstance(found, Take):
        return _take(tx, tools, objects, found, purpose, by)
    return _sound(tx, tools, objects, found, purpose, by)


def _take(
    tx: Transaction, tools: Tools, objects: Objects, take: Take, purpose: PurposeId, by: Actor
) -> Recorded | Refused | Dark:
    opened = open_take(tx, tools, act=Act.PLAY, take=take.id, purpose=purpose, by=by, reason=None, case=None, for_speaker=True)
    return read(tx, objects, opened) if isinstance(opened, Opened) else opened


def _sound(
    tx: Transaction, tools: Tools, objects: Objects, sound: ReceivedSound, purpose: PurposeId, by: Actor
) -> AsItCame | Refused | Dark:
    holding = holdings.get(tx, sound.id)
    until = None if sound.duration_ms is None else sound.started_at + timedelta(milliseconds=sound.duration_ms)
    span = Span(id=sound.id, call=sound.call, party=sound.party, stream=None, since=sound.started_at, until=until)
    opened = unlock(
        tx,
        tools,
        act=Act.PLAY,
        span=span,
        holding=holding,
        purpose=purpose,
        by=by,
        reason=None,
        case=None,
        for_speaker=True,
    )
    if not isinstance(opened, Unlocked):
        return opened
    return AsItCame(mediatype=holding.mediatype, body=content(tx, objects, holding, opened.key))


def _no_such() -> NotFound:
    return NotFound("There is no such recording of yours. Look at your calls to see those that there are.")
