"""Taking in somebody else's vCon: only what a basis in it covers here too is kept, under both locks; the rest is let go unread.

A yes that was given elsewhere counts here when a trusted signature covers it, it stands for a purpose of ours, and it answers a
notice that is ours word for word (its hash). It becomes a choice like any other, with the vCon as evidence, so it can be
withdrawn. Absence is denial.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rightcall.actors import Actor, PartyRole
from rightcall.calls import actions as calls
from rightcall.calls.model import Party
from rightcall.canonical import sha256
from rightcall.clock import day_of
from rightcall.consent import actions as consent
from rightcall.consent.model import Answer, Channel, Evidence, EvidenceKind, NewChoice
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.errors import Malformed
from rightcall.holdings import actions as holdings
from rightcall.holdings.model import HoldingKind, NewHolding, Provenance, Source, Term
from rightcall.holdings.ports import Objects
from rightcall.ids import CallId, HoldingId, PartyId, StreamId, new_id
from rightcall.personal import Personal
from rightcall.policy import actions as policy
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import LawfulBasis, Notice, Purpose
from rightcall.recordings import rules
from rightcall.recordings.importing import ImportedDialog, ImportedParty, ImportedVcon
from rightcall.recordings.model import Stream
from rightcall.recordings.rules import Candidate, Facts
from rightcall.recordings.tools import Tools
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import Identifier, IdentifierKind
from rightcall.subjects.rules import from_address, normalise
from rightcall.vault.sealing import Sealer, content_context


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """`kept` are the dialogs that became holdings, by their places; `refused` those that nothing allows us to keep."""

    call: CallId
    kept: Mapping[int, HoldingId]
    refused: tuple[int, ...]


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
    """A call of its own for the vCon, its parties, their yeses, and a holding for each inline recording that may be kept.

    `region`: where numbers in national form belong. `scratch`: a folder for sealed bytes on their way to the store. Without a
    trusted signature a vCon brings nothing but the fact that it came.
    """
    work = _Receipt(tx=tx, tools=tools, objects=objects, vcon=vcon, by=by, region=region, scratch=scratch)
    began = min((dialog.start for dialog in vcon.dialogs), default=vcon.created_at)
    if began > tools.clock.now():
        raise Malformed("This vCon tells of a call that is still to come. Check its instants.")
    call = calls.begin(tx, _Then(at=began)).id
    parties = [_join(work, call, party, began) for party in vcon.parties]
    register = [purpose for purpose in purposes.active(tx) if rules.is_voice(purpose)]
    for place, party in enumerate(parties):
        for purpose in register:
            _stand(work, call, place, party, purpose)
    facts = _facts(work, call, parties, register)
    kept: dict[int, HoldingId] = {}
    for place, dialog in enumerate(vcon.dialogs):
        if dialog.kind == "recording" and dialog.body is not None and (held := _keep(work, facts, parties, dialog)):
            kept[place] = held
    calls.finish(tx, tools.clock, call)
    refused = tuple(place for place, each in enumerate(vcon.dialogs) if each.body is not None and place not in kept)
    return Received(call=call, kept=kept, refused=refused)


def _join(work: _Receipt, call: CallId, imported: ImportedParty, at: datetime) -> Party:
    """Whoever is not said to be an agent is taken for a customer: that is the side on which more is asked."""
    subject = subjects.identify(
        work.tx, work.tools.vault, work.tools.clock, _identifiers(imported, work.region), name=imported.name
    )
    role = PartyRole.AGENT if imported.role == PartyRole.AGENT.value else PartyRole.CUSTOMER
    return calls.join(work.tx, _Then(at=at), call=call, subject=subject, role=role)


def _identifiers(party: ImportedParty, region: str) -> tuple[Identifier, ...]:
    found: list[Identifier] = []
    for address in (party.tel, party.sip):
        found += () if address is None else from_address(address, region)
    if party.mailto is not None:
        try:
            found.append(normalise(IdentifierKind.EMAIL, party.mailto, region))
        except Malformed:
            return tuple(dict.fromkeys(found))
    return tuple(dict.fromkeys(found))


def _stand(work: _Receipt, call: CallId, place: int, party: Party, purpose: Purpose) -> None:
    tx, tools, basis = work.tx, work.tools, purpose.basis_for(party.role)
    grant = work.vcon.grant(place, purpose.key, tools.clock.now())
    if grant is None or grant.basis is not basis:
        return
    if basis is not LawfulBasis.CONSENT:
        consent.stand_on_basis(tx, tools.vault, tools.clock, call=call, party=party.id, purpose=purpose.id)
        return
    notice = _our_notice(tx, purpose, grant.notice_digest)
    if notice is None:
        return
    ask = consent.ask(tx, tools.clock, call=call, party=party.id, notice=notice.id, by=work.by)
    consent.choose(
        tx,
        tools.vault,
        tools.clock,
        NewChoice(
            call=call,
            party=party.id,
            purpose=purpose.id,
            answer=Answer.GRANTED,
            notice=notice.id,
            language=notice.language,
            channel=Channel.API,
            by=work.by,
            evidence=Evidence(kind=EvidenceKind.REFERENCE, detail=Personal(f"vCon {work.vcon.id}")),
            ask=ask.id,
        ),
    )


def _our_notice(tx: Transaction, purpose: Purpose, digest: bytes | None) -> Notice | None:
    return next((each for each in purposes.notices(tx, purpose.id) if each.digest == digest), None)


def _facts(work: _Receipt, call: CallId, parties: list[Party], register: list[Purpose]) -> Facts:
    return Facts(
        call=call,
        at=work.tools.clock.now(),
        jurisdictions=frozenset(controllers.get(work.tx).jurisdictions),
        over=False,
        pauses=frozenset(),
        present=tuple(parties),
        preferences={},
        purposes=tuple(register),
        standing=consent.standing(work.tx, call),
    )


def _keep(work: _Receipt, facts: Facts, parties: list[Party], dialog: ImportedDialog) -> HoldingId | None:
    """The same rule and the same policy as for a stream of our own: see `rules`."""
    speakers = {parties[place].id for place in dialog.parties}
    found = rules.candidates(facts, _as_stream(facts, speakers))
    if not isinstance(found, tuple):
        return None
    allowed = _allowed(work, facts, _fresh(found, dialog, facts))
    chosen = _fresh(allowed, dialog, facts)
    return _seal(work, facts, dialog, chosen) if chosen else None


def _fresh(found: Sequence[Candidate], dialog: ImportedDialog, facts: Facts) -> list[Candidate]:
    """Those whose term, from when the words were spoken, is not over."""
    return [each for each in found if rules.lock_of(each, dialog.start).last_day >= day_of(facts.at)]


def _as_stream(facts: Facts, speakers: set[PartyId]) -> Stream:
    """A dialog with one speaker is that person's stream; with more, or nobody named, one on which anybody may speak."""
    return Stream(
        id=StreamId(new_id()),
        call=facts.call,
        party=next(iter(speakers)) if len(speakers) == 1 else None,
        label=b"",
        codecs=(),
        held=False,
        gone_at=None,
        why=None,
    )


def _allowed(work: _Receipt, facts: Facts, found: list[Candidate]) -> list[Candidate]:
    given = policy.ask_all(
        work.tx,
        rules=work.tools.rules,
        clock=work.tools.clock,
        questions=[rules.question(facts, each) for each in found],
        by=work.by,
    )
    return [rules.under(each, verdict) for each, (_, verdict) in zip(found, given, strict=True) if verdict.proceeds]


def _seal(work: _Receipt, facts: Facts, dialog: ImportedDialog, chosen: list[Candidate]) -> HoldingId:
    tx, id, stream = work.tx, HoldingId(new_id()), chosen[0].stream
    locks = tuple(rules.lock_of(each, dialog.start) for each in chosen)
    key = work.tools.vault.lock_content(tx, holding=id, locks=locks)
    sealer = Sealer(key.secret, content_context(tx.of, id))
    sealed = sealer.header() + sealer.seal(dialog.body or b"") + sealer.finish()
    object_key = rules.object_key(tx.of, id)
    holdings.record(
        tx,
        work.tools.clock,
        NewHolding(
            id=id,
            subject=rules.subject_party(facts, stream).subject,
            kind=HoldingKind.STREAM,
            terms=tuple(Term(purpose=lock.purpose, last_day=lock.last_day) for lock in locks),
            mediatype=dialog.mediatype or "application/octet-stream",
            provenance=Provenance(
                source=Source.VCON, actor=work.by, at=facts.at, basis=rules.basis_of(facts, stream, tuple(chosen))
            ),
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
