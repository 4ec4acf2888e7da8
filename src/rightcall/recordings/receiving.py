"""Taking in somebody else's vCon: only what a basis in it covers here too is kept, under both locks; the rest is let go unread.

What may be kept is decided first (`weighing`). Where nothing may, and nobody in it said no, nothing of the vCon is written down
but the verdicts and the fact that it came. Else it becomes a call of its own; a yes in it becomes a choice like any other, with
the vCon as evidence, so it can be withdrawn. A no becomes a choice too, so that no older yes counts against it. Only those whose
yes was needed, or who said no, are named.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from rightcall.actors import Actor
from rightcall.calls import actions as calls
from rightcall.calls.model import Party
from rightcall.canonical import sha256
from rightcall.consent import actions as consent
from rightcall.consent.model import Answer, AskId, Channel, Evidence, EvidenceKind, NewChoice, Quality
from rightcall.consent.standing import standing_in
from rightcall.database.connection import Transaction
from rightcall.discovery.joins import actions as joins
from rightcall.errors import Conflict, NotFound
from rightcall.holdings import actions as holdings
from rightcall.holdings.model import HoldingKind, NewHolding, Provenance, Source, Term
from rightcall.holdings.ports import Objects
from rightcall.ids import CallId, HoldingId, PurposeId, StatementId, VerdictId, new_id
from rightcall.ledger import actions as ledger
from rightcall.ledger.model import Digest
from rightcall.personal import Personal
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Notice
from rightcall.recordings import rules
from rightcall.recordings.circumstances import circumstances
from rightcall.recordings.envelope import VconSigner, fingerprint
from rightcall.recordings.importing.model import ImportedDialog, ImportedEvent, ImportedVcon, Signature
from rightcall.recordings.model import Happening, TimelineEntry
from rightcall.recordings.received import store
from rightcall.recordings.received.model import ReceivedSound, ReceivedVcon
from rightcall.recordings.rules import Candidate, Facts
from rightcall.recordings.statements import VconReceived
from rightcall.recordings.tools import Tools
from rightcall.recordings.weighing import (
    INSTEAD,
    No,
    NotKept,
    Weighed,
    Weighing,
    Yes,
    as_stream,
    identifiers_of,
    mediatype_of,
    role_of,
    weigh,
)
from rightcall.subjects import actions as subjects
from rightcall.subjects.places import number_place
from rightcall.vault.sealing import Sealer, content_context

_EVENTS: Mapping[str, Happening] = {
    "join": Happening.JOINED,
    "drop": Happening.LEFT,
    "hold": Happening.HELD,
    "unhold": Happening.UNHELD,
    "mute": Happening.MUTED,
    "unmute": Happening.UNMUTED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """`kept` are the dialogs that became holdings, by their places; `left_out` those with content that stay out, and why. `noes`:
    how many refusals were written down. `call` is None where nothing was. `again`: this very vCon was taken in before, and
    nothing was done now."""

    vcon: UUID
    call: CallId | None
    kept: Mapping[int, HoldingId]
    left_out: Mapping[int, NotKept]
    noes: int
    verdicts: tuple[VerdictId, ...]
    again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Then:
    """A clock that stands at the moment the vCon tells of."""

    at: datetime

    def now(self) -> datetime:
        return self.at


@dataclass(frozen=True, slots=True, kw_only=True)
class _Receipt:
    tx: Transaction
    tools: Tools
    objects: Objects
    vcon: ImportedVcon
    by: Actor
    region: str
    scratch: Path


def check_from_elsewhere(vcon: ImportedVcon, ours: VconSigner) -> None:
    """Conflict where this house signed it: what it lets out does not come back in, or an export would undo an erasure."""
    if vcon.signed_by in {fingerprint(each) for each in ours.chain}:
        raise Conflict(
            "This Rightcall signed this vCon itself, so it is not taken in here: what was erased since would come back."
            " Look at the call that it was exported from. Nothing of it was stored."
        )


def receive(
    tx: Transaction,
    tools: Tools,
    objects: Objects,
    vcon: ImportedVcon,
    *,
    by: Actor,
    region: str,
    scratch: Path,
) -> Received:
    """A call of its own for the vCon, its parties, their answers, and a holding for each recording in it that may be kept.

    `region`: where numbers in national form belong. `scratch`: a folder for sealed bytes on their way to the store. The same vCon
    again changes nothing; Conflict where another document has its uuid.
    """
    work = _Receipt(tx=tx, tools=tools, objects=objects, vcon=vcon, by=by, region=region, scratch=scratch)
    content = tools.vault.blind(tx, "recordings.vcon", vcon.digest.hex())
    earlier = store.vcon(tx, vcon.id)
    if earlier is not None:
        return _again(tx, earlier, content)
    call = CallId(new_id())
    weighing = weigh(tx, tools, vcon, call=call, by=by, region=region)
    verdicts = tuple(id for each in weighing.dialogs for id in each.verdicts)
    left_out = {each.dialog: each.why for each in weighing.dialogs if each.why is not None}
    keeping = [each for each in weighing.dialogs if each.why is None]
    if vcon.signed_by is None or not (keeping or weighing.noes):
        _say(work, None, (), verdicts)
        return Received(vcon=vcon.id, call=None, kept={}, left_out=left_out, noes=0, verdicts=verdicts, again=False)
    parties = _begin(work, call, weighing, keeping)
    _leave(work, parties)
    facts = _facts(work, call, parties)
    sounds = [_keep(work, facts, each) for each in keeping]
    calls.finish(tx, _Then(at=_ended_at(vcon, weighing)), call)
    joins.propose_of_call(tx, tools.vault, tools.clock, call)
    statement = _say(work, call, tuple(sound.id for sound in sounds), verdicts)
    _write_down(work, call, content, vcon.signed_by, statement, sounds)
    store.insert_events(tx, vcon.id, call, [_event(each, parties) for each in vcon.history])
    kept, noes = {sound.dialog: sound.id for sound in sounds}, len(weighing.noes)
    return Received(vcon=vcon.id, call=call, kept=kept, left_out=left_out, noes=noes, verdicts=verdicts, again=False)


def why_nothing(result: Received, signature: Signature) -> str:
    """What to do where nothing of a vCon was kept, in a sentence or two."""
    if signature is Signature.NONE:
        return "It is not signed, so no yes in it counts. Ask its sender to sign it. Nothing of it was stored."
    if signature is Signature.UNKNOWN:
        return (
            "It is signed by nobody who is trusted here, so no yes in it counts. Check whose certificate it is, name it as one"
            " that is trusted, and send it again. Nothing of it was stored."
        )
    whys = [INSTEAD[why] for why in NotKept if why in result.left_out.values()]
    return " ".join([*whys, "Nothing of it was stored but the no in it." if result.noes else "Nothing of it was stored."])


def received(tx: Transaction, vcon: UUID) -> tuple[ReceivedVcon, list[ReceivedSound]]:
    """What was kept of a vCon, and by whose word."""
    found = store.vcon(tx, vcon)
    if found is None or found.call is None:
        raise NotFound("Nothing was kept of such a vCon here, or its call is on record no more. Check its uuid.")
    return found, [sound for sound in store.sounds_of_call(tx, found.call) if sound.vcon == vcon]


def _again(tx: Transaction, earlier: ReceivedVcon, content: bytes) -> Received:
    if earlier.content != content:
        raise Conflict(
            "Another vCon with this uuid was taken in before. One that was changed has a uuid of its own: ask its sender."
        )
    if earlier.call is None:
        return Received(vcon=earlier.id, call=None, kept={}, left_out={}, noes=0, verdicts=(), again=True)
    kept = {sound.dialog: sound.id for sound in store.sounds_of_call(tx, earlier.call)}
    noes = sum(choice.answer is Answer.REFUSED for choice in consent.choices_of_call(tx, earlier.call))
    return Received(vcon=earlier.id, call=earlier.call, kept=kept, left_out={}, noes=noes, verdicts=(), again=True)


def _begin(work: _Receipt, call: CallId, weighing: Weighing, keeping: list[Weighed]) -> list[Party]:
    """The call, everybody in it, the yeses that something is kept by, and every no."""
    calls.begin(work.tx, _Then(at=weighing.began_at), id=call)
    needed = {(place, purpose) for each in keeping for place in each.needs for purpose in each.most_days}
    named = {place for place, _ in needed | weighing.noes.keys()}
    parties = [_join(work, call, place, weighing.began_at, named=place in named) for place in range(len(work.vcon.parties))]
    for place, purpose in sorted(needed):
        _stand(work, parties[place], purpose, weighing.yeses[place, purpose])
    for (place, _), no in weighing.noes.items():
        _refuse(work, parties[place], no)
    return parties


def _join(work: _Receipt, call: CallId, place: int, at: datetime, *, named: bool) -> Party:
    told = work.vcon.parties[place]
    known_by = identifiers_of(told, work.region)
    subject = subjects.identify(
        work.tx,
        work.tools.vault,
        work.tools.clock,
        known_by if named else (),
        name=told.name if named else None,
    )
    joined = next((each.at for each in work.vcon.history if each.party == place and each.event == "join"), at)
    clock, where = _Then(at=max(at, joined)), number_place(known_by)
    return calls.join(work.tx, clock, call=call, subject=subject, role=role_of(told), number_place=where)


def _leave(work: _Receipt, parties: list[Party]) -> None:
    """Whoever dropped before the end, and did not come back."""
    for place, party in enumerate(parties):
        moves = [each for each in work.vcon.history if each.party == place and each.event in ("join", "drop")]
        if moves and moves[-1].event == "drop":
            calls.leave(work.tx, _Then(at=max(party.joined_at, moves[-1].at)), party.id)


def _event(told: ImportedEvent, parties: list[Party]) -> TimelineEntry:
    return TimelineEntry(at=told.at, kind=_EVENTS[told.event], party=parties[told.party].id)


def _stand(work: _Receipt, party: Party, purpose: PurposeId, yes: Yes) -> None:
    """As it was said then; what was asked is asked and answered by the word of whoever brings the vCon."""
    tx, tools, notice = work.tx, work.tools, yes.notice
    if notice is None:
        consent.stand_on_basis(tx, tools.vault, tools.clock, call=party.call, party=party.id, purpose=purpose)
        return
    then = _Then(at=yes.given_at)
    ask = consent.ask(tx, then, call=party.call, party=party.id, notice=notice.id, by=work.by)
    consent.choose(tx, tools.vault, tools.clock, _choice(work, party, Answer.GRANTED, notice, yes.given_at, ask.id))


def _refuse(work: _Receipt, party: Party, no: No) -> None:
    """As it was said then. A no needs no ask, and none is written down for it."""
    consent.choose(work.tx, work.tools.vault, work.tools.clock, _choice(work, party, Answer.REFUSED, no.notice, no.said_at, None))


def _choice(work: _Receipt, party: Party, answer: Answer, notice: Notice, said_at: datetime, ask: AskId | None) -> NewChoice:
    return NewChoice(
        call=party.call,
        party=party.id,
        purpose=notice.purpose,
        answer=answer,
        notice=notice.id,
        language=notice.language,
        channel=Channel.API,
        by=work.by,
        evidence=Evidence(kind=EvidenceKind.REFERENCE, detail=Personal(f"vCon {work.vcon.id}")),
        ask=ask,
        made_at=said_at,
    )


def _facts(work: _Receipt, call: CallId, parties: list[Party]) -> Facts:
    return Facts(
        call=call,
        at=work.tools.clock.now(),
        circumstances=circumstances(work.tx, parties, rules=work.tools.rules, clock=work.tools.clock),
        over=False,
        pauses=frozenset(),
        present=tuple(parties),
        preferences={},
        purposes=tuple(purposes.active(work.tx)),
        standing=standing_in(work.tx, call),
    )


def _keep(work: _Receipt, facts: Facts, weighed: Weighed) -> ReceivedSound:
    """One recording under the grants that were just opened, for the purposes that its verdicts let."""
    dialog = work.vcon.dialogs[weighed.dialog]
    stream = as_stream(facts.call, facts.present, dialog)
    found = rules.candidates(facts, stream)
    chosen = tuple(
        replace(each, most_days=weighed.most_days[each.purpose.id])
        for each in (found if isinstance(found, tuple) else ())
        if each.purpose.id in weighed.most_days
    )
    if {each.purpose.id for each in chosen} != weighed.most_days.keys():
        _refuse_void(facts, weighed)
        raise Conflict("What the parties of this vCon said has changed in this moment. Send it again.")
    return ReceivedSound(
        id=_seal(work, facts, dialog, chosen),
        vcon=work.vcon.id,
        dialog=weighed.dialog,
        call=facts.call,
        party=stream.party,
        purposes=tuple(each.purpose.id for each in chosen),
        started_at=dialog.start,
        duration_ms=None if dialog.lasts is None else dialog.lasts // timedelta(milliseconds=1),
    )


def _refuse_void(facts: Facts, weighed: Weighed) -> None:
    """Weighed by what is known here, a yes may be none, whoever signed for it: asked again and again after a no, say."""
    parties = {facts.present[place].id for place in weighed.needs}
    found = [
        each.quality for (party, purpose), each in facts.standing.items() if party in parties and purpose in weighed.most_days
    ]
    if Quality.VOID in found:
        raise Conflict(
            "A yes in this vCon is void by what is known here, so nothing of it was stored. Ask that person yourself, once and"
            " plainly, or let it be: docs/howto/quality-of-consent.md says what makes a yes void."
        )


def _seal(work: _Receipt, facts: Facts, dialog: ImportedDialog, chosen: tuple[Candidate, ...]) -> HoldingId:
    tx, id, stream = work.tx, HoldingId(new_id()), chosen[0].stream
    locks = tuple(rules.lock_of(each, dialog.start) for each in chosen)
    key = work.tools.vault.lock_content(tx, holding=id, locks=locks)
    sealer = Sealer(key.secret, content_context(tx.of, id))
    sealed = sealer.header() + sealer.seal(dialog.body or b"") + sealer.finish()
    object_key = rules.object_key(tx.of, id, locks)
    holdings.record(
        tx,
        work.tools.clock,
        NewHolding(
            id=id,
            subject=rules.subject_party(facts, stream).subject,
            kind=HoldingKind.STREAM,
            terms=tuple(Term(purpose=lock.purpose, last_day=lock.last_day) for lock in locks),
            mediatype=mediatype_of(dialog) or "application/octet-stream",
            provenance=Provenance(source=Source.VCON, actor=work.by, at=facts.at, basis=rules.basis_of(facts, stream, chosen)),
            call=facts.call,
            object_key=object_key,
        ),
    )
    path = work.scratch / f"{id}.sealed"
    try:
        path.write_bytes(sealed)
        work.objects.put_file(object_key, path)
    finally:
        path.unlink(missing_ok=True)
    holdings.complete(tx, work.tools.clock, id, sealed_length=len(sealed), complete=True, sha256=sha256(sealed))
    return id


def _ended_at(vcon: ImportedVcon, weighing: Weighing) -> datetime:
    return max((dialog.start + (dialog.lasts or timedelta(0)) for dialog in vcon.dialogs), default=weighing.began_at)


def _say(work: _Receipt, call: CallId | None, kept: tuple[HoldingId, ...], verdicts: tuple[VerdictId, ...]) -> StatementId:
    signed_by = work.vcon.signed_by
    said = VconReceived(
        at=work.tools.clock.now(),
        controller=work.tx.of,
        vcon=work.vcon.id,
        call=call,
        kept=kept,
        verdicts=verdicts,
        signed_by=None if signed_by is None else Digest(signed_by),
        actor=work.by.id,
        role=work.by.role,
    )
    return ledger.append(work.tx, said)


def _write_down(
    work: _Receipt, call: CallId, content: bytes, signed_by: bytes, statement: StatementId, sounds: list[ReceivedSound]
) -> None:
    vcon = ReceivedVcon(
        id=work.vcon.id,
        content=content,
        signed_by=signed_by,
        call=call,
        received_at=work.tools.clock.now(),
        by=work.by,
        statement=statement,
    )
    if not store.insert_vcon(work.tx, vcon):
        raise Conflict("This very vCon is being taken in at this moment. Send it again to see what was kept.")
    for sound in sounds:
        store.insert_sound(work.tx, sound)
