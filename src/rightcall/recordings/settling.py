"""Settling: asks anew what may be captured of a call, and cuts and opens takes until it is so.

1. Lock the session: settlings of one call come one after the other.
2. Read the facts: who is present, what each said, what is paused or held.
3. For each stream, the purposes that have every yes they need (`rules.candidates`), less those the policy says no to.
4. Where that is what the open take serves, leave it. Else cut it, and open another under a new key if there is anything to open.
5. Where nothing changed, nothing is written: no row, no statement, no verdict.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from rightcall.actors import Actor, Role
from rightcall.calls import actions as calls
from rightcall.consent.standing import standing_in
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, NotFound
from rightcall.holdings import actions as holdings
from rightcall.holdings.model import HoldingKind, NewHolding, Provenance, Source, Term
from rightcall.ids import CallId, HoldingId, StreamId, VerdictId, new_id
from rightcall.ledger import actions as ledger
from rightcall.policy import actions as policy
from rightcall.policy.adoption.model import InForce
from rightcall.purposes import actions as purposes
from rightcall.recordings import rules, states, store
from rightcall.recordings.circumstances import circumstances
from rightcall.recordings.model import (
    STORED_MEDIATYPE,
    Cut,
    Gate,
    Happening,
    Session,
    Settlement,
    Stream,
    Take,
    TimelineEntry,
    Why,
)
from rightcall.recordings.rules import Candidate, Facts
from rightcall.recordings.statements import TakeCut, TakeOpened
from rightcall.recordings.takes import store as take_store
from rightcall.recordings.tools import Tools
from rightcall.vault.model import ContentKey, Lock

_TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Want:
    """What one stream should be captured for; nothing, and why. `refused`: what every yes is there for, and the rules are not."""

    stream: Stream
    chosen: tuple[Candidate, ...]
    why: Why | None
    refused: tuple[Candidate, ...] = ()


@dataclass(slots=True, kw_only=True)
class _Work:
    """One settling while it is under way."""

    tx: Transaction
    tools: Tools
    session: Session
    facts: Facts
    standing: InForce
    by: Actor
    open: dict[StreamId, Take]
    keys: dict[HoldingId, ContentKey] = field(default_factory=dict)
    entries: list[TimelineEntry] = field(default_factory=list)


def settle(tx: Transaction, tools: Tools, call: CallId) -> Settlement:
    """See above. NotFound where the call has no recording session."""
    session = locked_session(tx, call)
    streams = store.streams(tx, call)
    work = _Work(
        tx=tx,
        tools=tools,
        session=session,
        facts=facts(tx, tools, session),
        standing=policy.in_force(tx, tools.clock, tools.rules),
        by=recorder_of(session),
        open={take.stream: take for take in take_store.open_takes(tx, call)},
    )
    wants = _apply(work, streams)
    version = _save(work, wants)
    return Settlement(call=call, version=version, gates=tuple(_gate(work, want) for want in wants), over=session.state.is_over)


def locked_session(tx: Transaction, call: CallId) -> Session:
    """The session, and nobody else changes it until the transaction ends."""
    session = store.session(tx, call) if store.lock_session(tx, call) else None
    if session is None:
        raise NotFound("This call has no recording session. List the active calls to see those that have one.")
    return session


def recorder_of(session: Session) -> Actor:
    return Actor(id=session.recorder, role=Role.SYSTEM)


def cut_takes(tx: Transaction, tools: Tools, takes: Sequence[Take], reason: Cut, by: Actor) -> list[TimelineEntry]:
    """Cuts them, says so in the ledger, and returns what the timeline should tell."""
    return _cut_each(tx, tools.clock.now(), [(take, reason) for take in takes], by)


def facts(tx: Transaction, tools: Tools, session: Session) -> Facts:
    known = store.known_parties(tx, session.call)
    present = tuple(party for party in calls.parties(tx, session.call) if party.left_at is None)
    return Facts(
        call=session.call,
        at=tools.clock.now(),
        circumstances=circumstances(tx, present, rules=tools.rules, clock=tools.clock),
        over=session.state.is_over,
        pauses=session.pauses,
        present=present,
        preferences={each.party: each.preference for each in known},
        purposes=tuple(purposes.active(tx)),
        standing=standing_in(tx, session.call),
    )


def _apply(work: _Work, streams: Sequence[Stream]) -> list[_Want]:
    """Steps 3 and 4. A yes that is withdrawn while we settle makes the vault refuse: then what stands is read anew."""
    for attempt in range(_TRIES):
        wants = [_want(work, stream) for stream in streams]
        changing = [want for want in wants if not _stands(work, want)]
        _cut(work, changing)
        try:
            _open(work, [want for want in changing if want.chosen])
        except Conflict:
            if attempt == _TRIES - 1:
                raise
            work.facts = replace(work.facts, standing=standing_in(work.tx, work.session.call))
        else:
            return wants
    raise AssertionError("unreachable")


def _want(work: _Work, stream: Stream) -> _Want:
    found = rules.candidates(work.facts, stream)
    if isinstance(found, Why):
        return _Want(stream=stream, chosen=(), why=found)
    weighed = [(each, policy.judge(work.standing, rules.question(work.facts, each))) for each in found]
    chosen = tuple(rules.under(each, verdict) for each, verdict in weighed if verdict.proceeds)
    refused = tuple(each for each, verdict in weighed if not verdict.proceeds)
    return _Want(stream=stream, chosen=chosen, why=None if chosen else Why.RULES, refused=refused)


def _stands(work: _Work, want: _Want) -> bool:
    """Whether the gate is already as wanted."""
    take = work.open.get(want.stream.id)
    if take is None or not want.chosen:
        return take is None and not want.chosen
    return take.locks == rules.digest_of(want.stream, want.chosen)


def _cut(work: _Work, wants: Sequence[_Want]) -> None:
    cuts = [
        (work.open.pop(want.stream.id), Cut.CHANGED if want.why is None else Cut(want.why.value))
        for want in wants
        if want.stream.id in work.open
    ]
    work.entries += _cut_each(work.tx, work.facts.at, cuts, work.by)


def _cut_each(tx: Transaction, at: datetime, cuts: Sequence[tuple[Take, Cut]], by: Actor) -> list[TimelineEntry]:
    if not cuts:
        return []
    take_store.cut_takes(tx, [(take.id, reason) for take, reason in cuts], at)
    statements = ledger.append_all(
        tx,
        [
            TakeCut(at=at, controller=tx.of, call=take.call, stream=take.stream, take=take.id, reason=reason)
            for take, reason in cuts
        ],
    )
    return [
        TimelineEntry(
            at=at,
            kind=Happening.CUT,
            party=take.party,
            stream=take.stream,
            take=take.id,
            by=by,
            reason=reason.value,
            statement=statement,
        )
        for (take, reason), statement in zip(cuts, statements, strict=True)
    ]


def _open(work: _Work, wants: Sequence[_Want]) -> None:
    """Every opening asks the policy on the record. The verdicts are those already weighed: they follow from the facts."""
    asked = [candidate for want in wants for candidate in want.chosen]
    if not asked:
        return
    given = policy.ask_all(
        work.tx,
        rules=work.tools.rules,
        clock=work.tools.clock,
        questions=[rules.question(work.facts, candidate) for candidate in asked],
        by=work.by,
        standing=work.standing,
    )
    verdicts = {
        (candidate.stream.id, candidate.purpose.id): verdict for candidate, (verdict, _) in zip(asked, given, strict=True)
    }
    for want in wants:
        _open_take(work, want, tuple(verdicts[want.stream.id, candidate.purpose.id] for candidate in want.chosen))


def _say_refused(work: _Work, wants: Sequence[_Want]) -> None:
    """A gate that the rules shut is on the record too, once, when it is: by which of them, and what would open it."""
    questions = [rules.question(work.facts, candidate) for want in wants for candidate in want.refused]
    policy.ask_all(
        work.tx,
        rules=work.tools.rules,
        clock=work.tools.clock,
        questions=questions,
        by=work.by,
        standing=work.standing,
    )


def _open_take(work: _Work, want: _Want, verdicts: tuple[VerdictId, ...]) -> None:
    id, at, tx = HoldingId(new_id()), work.facts.at, work.tx
    locks = tuple(rules.lock_of(candidate, at) for candidate in want.chosen)
    key = work.tools.vault.lock_content(tx, holding=id, locks=locks)
    take = Take(
        id=id,
        call=work.session.call,
        stream=want.stream.id,
        party=want.stream.party,
        purposes=tuple(lock.purpose for lock in locks),
        locks=rules.digest_of(want.stream, want.chosen),
        codecs=want.stream.codecs,
        object_key=rules.object_key(tx.of, id, locks),
        opened_at=at,
        cut_at=None,
        cut_reason=None,
    )
    holdings.record(tx, work.tools.clock, _holding(work, want, take, locks))
    take_store.insert_take(tx, take)
    work.open[take.stream], work.keys[id] = take, key
    work.entries += _say_opened(work, take, verdicts)


def _holding(work: _Work, want: _Want, take: Take, locks: tuple[Lock, ...]) -> NewHolding:
    basis = rules.basis_of(work.facts, want.stream, want.chosen)
    return NewHolding(
        id=take.id,
        subject=rules.subject_party(work.facts, want.stream).subject,
        kind=HoldingKind.STREAM,
        terms=tuple(Term(purpose=lock.purpose, last_day=lock.last_day) for lock in locks),
        mediatype=STORED_MEDIATYPE,
        provenance=Provenance(source=Source.SIPREC, actor=work.by, at=take.opened_at, basis=basis),
        call=take.call,
        stream=take.stream,
        object_key=take.object_key,
    )


def _say_opened(work: _Work, take: Take, verdicts: tuple[VerdictId, ...]) -> list[TimelineEntry]:
    opened = TakeOpened(
        at=take.opened_at,
        controller=work.tx.of,
        call=take.call,
        stream=take.stream,
        take=take.id,
        party=take.party,
        purposes=take.purposes,
        verdicts=verdicts,
    )
    entry = TimelineEntry(
        at=take.opened_at,
        kind=Happening.OPENED,
        party=take.party,
        stream=take.stream,
        take=take.id,
        by=work.by,
        statement=ledger.append(work.tx, opened),
    )
    return [replace(entry, purpose=purpose) for purpose in take.purposes]


def _save(work: _Work, wants: Sequence[_Want]) -> int:
    """Step 5, and what the state table says of it. The version that the recorder has now applied."""
    at, session = work.facts.at, work.session
    _say_refused(work, [want for want in wants if want.why is Why.RULES and want.stream.why is not want.why])
    whys = [(want.stream, want.why) for want in wants if want.stream.why is not want.why]
    cut = {entry.stream for entry in work.entries}
    work.entries += [
        TimelineEntry(at=at, kind=Happening.CLOSED, party=stream.party, stream=stream.id, by=work.by, reason=why.value)
        for stream, why in whys
        if why is not None and stream.id not in cut and why not in (Why.OVER, Why.STREAM_GONE)
    ]
    here = [want.stream for want in wants if want.stream.gone_at is None]
    state = states.settled(session.state, capturing=bool(work.open), held=bool(here) and all(stream.held for stream in here))
    if not whys and not work.entries and state == session.state:
        return session.version
    store.set_whys(work.tx, [(stream.id, why) for stream, why in whys])
    store.insert_timeline(work.tx, session.call, work.entries)
    store.save_session(work.tx, replace(session, state=state))
    return session.version + 1


def _gate(work: _Work, want: _Want) -> Gate:
    take = work.open.get(want.stream.id)
    if take is None:
        return Gate(stream=want.stream.id, take=None, why=want.why)
    return Gate(
        stream=want.stream.id,
        take=take.id,
        key=work.keys.get(take.id),
        object_key=take.object_key,
        opened_at=take.opened_at,
    )
