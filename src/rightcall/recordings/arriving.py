"""Who is in a call and what they send, as the recording client tells it: merged by id into what is known (RFC 7865, section 6).

Nobody who joins is taken for somebody who said yes: a new participant id, or another address under an old one, is a new party,
asked anew. What the client calls a party or a stream is kept as a blind only.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from rightcall.actors import Actor, PartyRole
from rightcall.calls import actions as calls
from rightcall.calls.model import Party
from rightcall.consent import actions as consent
from rightcall.database.connection import Transaction
from rightcall.errors import Malformed
from rightcall.ids import CallId, PartyId, StreamId, new_id
from rightcall.ledger import actions as ledger
from rightcall.policy.model import Preference
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import LawfulBasis
from rightcall.recordings import rules, store
from rightcall.recordings.model import (
    Arrival,
    ArrivingParty,
    ArrivingStream,
    Direction,
    Happening,
    Stream,
    TimelineEntry,
)
from rightcall.recordings.statements import PartyJoined, PartyLeft, PreferenceStated
from rightcall.recordings.tools import Tools
from rightcall.subjects import actions as subjects
from rightcall.subjects.places import number_place
from rightcall.subjects.rules import from_address


@dataclass(slots=True, kw_only=True)
class Merge:
    """One arrival while it is merged into a call."""

    tx: Transaction
    tools: Tools
    call: CallId
    arrival: Arrival
    by: Actor
    at: datetime
    by_ref: dict[str, PartyId] = field(default_factory=dict)
    by_label: dict[str, StreamId] = field(default_factory=dict)
    entries: list[TimelineEntry] = field(default_factory=list)

    def tell(self, kind: Happening, **known: object) -> None:
        self.entries.append(TimelineEntry(at=self.at, kind=kind, by=self.by, **known))  # type: ignore[arg-type]  # its own fields


def merge(merging: Merge) -> None:
    """Parties first, then streams, then the stated preference; writes the timeline and the statements of all three."""
    _check(merging.arrival)
    _merge_parties(merging)
    _merge_streams(merging)
    _merge_preference(merging)
    store.insert_timeline(merging.tx, merging.call, merging.entries)


def _check(arrival: Arrival) -> None:
    refs, labels = [party.ref for party in arrival.parties], [stream.label for stream in arrival.streams]
    if len(set(refs)) != len(refs) or len(set(labels)) != len(labels):
        raise Malformed("A participant id or a stream label appears twice. Send each once.")


def _merge_parties(merging: Merge) -> None:
    tx, tools = merging.tx, merging.tools
    here = {party.id: party for party in calls.parties(tx, merging.call) if party.left_at is None}
    known = {each.ref: each.party for each in store.known_parties(tx, merging.call) if each.party in here}
    staying = set()
    for arriving in merging.arrival.parties:
        ref = tools.vault.blind(tx, "recordings.participant", _identity(merging.call, arriving))
        merging.by_ref[arriving.ref] = known.get(ref) or _join(merging, arriving, ref)
        staying.add(merging.by_ref[arriving.ref])
    if merging.arrival.complete:
        for party in here.values():
            if party.id not in staying:
                _leave(merging, party)


def _identity(call: CallId, arriving: ArrivingParty) -> str:
    return "\x00".join((str(call), arriving.ref, arriving.aor.reveal("tell a participant of a call from another")))


def _join(merging: Merge, arriving: ArrivingParty, ref: bytes) -> PartyId:
    tx, tools = merging.tx, merging.tools
    known_by = from_address(arriving.aor, merging.arrival.trunk.default_region)
    subject = subjects.identify(tx, tools.vault, tools.clock, known_by, name=arriving.name)
    place = number_place(known_by)
    party = calls.join(tx, tools.clock, call=merging.call, subject=subject, role=arriving.role, number_place=place)
    store.insert_party(tx, merging.call, store.KnownParty(party=party.id, ref=ref, preference=Preference.NONE))
    for purpose in purposes.active(tx):
        if rules.is_voice(purpose) and purpose.basis_for(party.role) is not LawfulBasis.CONSENT:
            consent.stand_on_basis(tx, tools.vault, tools.clock, call=merging.call, party=party.id, purpose=purpose.id)
    statement = ledger.append(
        tx,
        PartyJoined(at=merging.at, controller=tx.of, call=merging.call, party=party.id, party_role=party.role),
    )
    merging.tell(Happening.JOINED, party=party.id, reason=party.role.value, statement=statement)
    return party.id


def _leave(merging: Merge, party: Party) -> None:
    calls.leave(merging.tx, merging.tools.clock, party.id)
    merging.entries.append(leaving(merging.tx, party, merging.at, merging.by))


def leaving(tx: Transaction, party: Party, at: datetime, by: Actor) -> TimelineEntry:
    """Says in the ledger that a party left, and returns what the timeline should tell."""
    statement = ledger.append(tx, PartyLeft(at=at, controller=tx.of, call=party.call, party=party.id))
    return TimelineEntry(at=at, kind=Happening.LEFT, party=party.id, by=by, statement=statement)


def _merge_streams(merging: Merge) -> None:
    tx = merging.tx
    known = {stream.label: stream for stream in store.streams(tx, merging.call) if stream.gone_at is None}
    staying = set()
    for arriving in merging.arrival.streams:
        label = merging.tools.vault.blind(tx, "recordings.label", f"{merging.call}/{arriving.label}")
        old = known.get(label)
        merging.by_label[arriving.label] = (
            _new_stream(merging, arriving, label) if old is None else _change(merging, arriving, old)
        )
        staying.add(label)
    if merging.arrival.complete:
        for label, stream in known.items():
            if label not in staying:
                store.save_stream(tx, replace(stream, gone_at=merging.at))


def _new_stream(merging: Merge, arriving: ArrivingStream, label: bytes) -> StreamId:
    stream = Stream(
        id=StreamId(new_id()),
        call=merging.call,
        party=_party_of(merging, arriving),
        label=label,
        codecs=tuple(rules.stored_codec(codec) for codec in arriving.codecs),
        held=arriving.direction is Direction.HELD,
        gone_at=None,
        why=None,
    )
    store.insert_stream(merging.tx, stream)
    if stream.held:
        merging.tell(Happening.HELD, party=stream.party, stream=stream.id)
    return stream.id


def _change(merging: Merge, arriving: ArrivingStream, old: Stream) -> StreamId:
    new = replace(
        old,
        party=_party_of(merging, arriving),
        codecs=tuple(rules.stored_codec(codec) for codec in arriving.codecs),
        held=arriving.direction is Direction.HELD,
    )
    if new != old:
        store.save_stream(merging.tx, new)
    if new.held != old.held:
        merging.tell(Happening.HELD if new.held else Happening.UNHELD, party=new.party, stream=new.id)
    return new.id


def _party_of(merging: Merge, arriving: ArrivingStream) -> PartyId | None:
    """A stream of somebody whom the metadata does not name is one on which anybody may speak."""
    return None if arriving.party_ref is None else merging.by_ref.get(arriving.party_ref)


def _merge_preference(merging: Merge) -> None:
    """The wish that a phone stated holds for those who are not the controller's own people, until another is stated."""
    tx, wish = merging.tx, merging.arrival.preference
    if wish is None:
        return
    outsiders = {party.id for party in calls.parties(tx, merging.call) if party.role is not PartyRole.AGENT and not party.left_at}
    for known in store.known_parties(tx, merging.call):
        if known.party in outsiders and known.preference is not wish:
            store.set_preference(tx, known.party, wish)
            statement = ledger.append(
                tx,
                PreferenceStated(at=merging.at, controller=tx.of, call=merging.call, party=known.party, preference=wish),
            )
            merging.tell(Happening.PREFERRED, party=known.party, reason=wish.value, statement=statement)
