"""Letting a call out of the house as a vCon: the call only where a verdict says so, each take only where one of its own does, and
each person's name only along with their words, or in the answer to what they asked for themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rightcall.actors import Actor, PartyRole
from rightcall.calls import actions as calls
from rightcall.calls.model import Party
from rightcall.canonical import Json
from rightcall.clock import day_of
from rightcall.consent import actions as consent
from rightcall.consent.standing import standing_in
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.errors import Malformed, NotFound
from rightcall.holdings import actions as holdings
from rightcall.holdings.ports import Objects
from rightcall.ids import CallId, HoldingId, PartyId, PurposeId, SubjectId, VerdictId
from rightcall.ledger import actions as ledger
from rightcall.policy import actions as policy
from rightcall.policy.model import Act, PurposeFacts, Question
from rightcall.policy.reasons import names_case, says_why
from rightcall.policy.vocabulary import facts_of
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Purpose
from rightcall.recordings import history, rules, store
from rightcall.recordings.circumstances import circumstances
from rightcall.recordings.model import Refused, Take
from rightcall.recordings.playing import Opened, Span, Unlocked, content, open_take, read, unlock
from rightcall.recordings.ports import Audio
from rightcall.recordings.received import store as received
from rightcall.recordings.received.model import ReceivedSound
from rightcall.recordings.statements import VconExported
from rightcall.recordings.takes import store as take_store
from rightcall.recordings.tools import Tools
from rightcall.recordings.vcon import Conversation, VconChoice, VconParty, VconTake, build
from rightcall.subjects import actions as subjects
from rightcall.vault.model import Dark


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A take that did not go along, and why: the verdict is no, its key is gone, or (None) nothing in it can be rendered."""

    take: HoldingId
    why: Refused | Dark | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """The vCon, not yet signed. `verdict` let the call go; `takes` went along, each by a verdict of its own."""

    verdict: VerdictId
    vcon: dict[str, Json]
    takes: tuple[HoldingId, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Export:
    tx: Transaction
    tools: Tools
    objects: Objects
    audio: Audio
    call: CallId
    by: Actor
    reason: str | None
    case: str | None
    purpose: PurposeId | None
    of: SubjectId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _LetGo:
    """The verdict that lets the call go. `own`: it was weighed as the answer to the speaker's own request."""

    verdict: VerdictId
    own: bool


def export(
    tx: Transaction,
    tools: Tools,
    objects: Objects,
    audio: Audio,
    *,
    call: CallId,
    by: Actor,
    reason: str | None,
    case: str | None,
    purpose: PurposeId | None = None,
    of: SubjectId | None = None,
) -> Exported | Refused:
    """The call as a vCon. `purpose`: only what serves it; `of`: it is to answer this person's own request, and the caller made
    sure that there is one. `reason` and `case` are weighed by whether they are given, and kept nowhere.

    Refused where the verdict on the call is no, and where there are takes and every one is refused. Takes that no verdict lets go
    stay here, and who spoke on them stays unnamed; the person in `of` is named where whoever exports may answer them. Every take
    that goes along is a use, in the access log and the ledger. Takes still being written are not in it.
    """
    work = _Export(
        tx=tx, tools=tools, objects=objects, audio=audio, call=call, by=by, reason=reason, case=case, purpose=purpose, of=of
    )
    parties = {party.id: party for party in sorted(calls.parties(tx, call), key=first_the_customers)}
    let_go = _ask(work, tuple(parties.values()))
    if isinstance(let_go, Refused):
        return let_go
    taken, left_out = _takes(work, parties)
    refused = [each.why for each in left_out if isinstance(each.why, Refused)]
    if refused and len(refused) == len(left_out) and not taken:
        return refused[-1]
    at = tools.clock.now()
    named = {take.party for take in taken} | {party.id for party in parties.values() if let_go.own and party.subject == of}
    vcon = build(_conversation(work, call, tuple(parties.values()), tuple(taken), named, at))
    takes = tuple(take.id for take in taken)
    said = VconExported(at=at, controller=tx.of, call=call, verdict=let_go.verdict, takes=takes, actor=by.id, role=by.role)
    ledger.append(tx, said)
    return Exported(verdict=let_go.verdict, vcon=vcon, takes=takes, left_out=tuple(left_out))


def _ask(work: _Export, parties: tuple[Party, ...]) -> _LetGo | Refused:
    """The verdict on the call itself, whether or not anything of it was kept. The first question that opens it is enough."""
    refused: Refused | None = None
    for question in _questions(work, parties):
        id, verdict = policy.ask(work.tx, rules=work.tools.rules, clock=work.tools.clock, question=question, by=work.by)
        if verdict.proceeds:
            return _LetGo(verdict=id, own=facts_of(question, day_of(question.at))["for_speaker"] is True)
        refused = Refused(id=id, verdict=verdict)
    assert refused is not None  # noqa: S101 - there is always a question
    return refused


def _questions(work: _Export, parties: tuple[Party, ...]) -> Iterator[Question]:
    """As for a take, with someone who is not the controller's own as the speaker, or with `of`: for each purpose that they stand
    by, the one with the longest term first. Where they stand by none, one question, so that the no is on the record."""
    tx = work.tx
    registers = [purposes.get(tx, work.purpose)] if work.purpose is not None else purposes.all_purposes(tx)
    registers = sorted(registers, key=lambda register: -register.term_days)
    speakers = [party for party in parties if (party.subject == work.of if work.of else party.role is not PartyRole.AGENT)]
    if work.of is not None and not speakers:
        raise NotFound("This person took no part in this call. Read the call to see who did.")
    standing = standing_in(tx, work.call)
    pairs = [(speaker, register) for speaker in speakers for register in registers]
    standing_by = [
        (speaker, register)
        for speaker, register in pairs
        if (found := standing.get((speaker.id, register.id))) is not None and found.grant is not None
    ]
    asked: list[tuple[Party | None, Purpose | None]] = [*(standing_by or pairs[:1])]
    for speaker, register in asked or [(next(iter(speakers), None), next(iter(registers), None))]:
        yield _question(work, parties, speaker, register)


def _question(work: _Export, parties: tuple[Party, ...], speaker: Party | None, register: Purpose | None) -> Question:
    """What was said may be kept for so many days after it was said, and the call's last word is what is kept longest. No card
    data: by this verdict no word that was said goes along, each take has one of its own. A speaker or a purpose that is not there
    leaves a fact open, and that means no."""
    tx, call, at = work.tx, calls.get(work.tx, work.call), work.tools.clock.now()
    facts = rules.Facts(
        call=work.call,
        at=at,
        circumstances=circumstances(tx, parties, rules=work.tools.rules, clock=work.tools.clock),
        over=call.ended_at is not None,
        pauses=frozenset(),
        present=parties,
        preferences={each.party: each.preference for each in store.known_parties(tx, work.call)},
        purposes=() if register is None else (register,),
        standing=standing_in(tx, work.call),
    )
    weighed = {} if register is None else {party.id: rules.party_facts(facts, party, register) for party in parties}
    asked = Question(
        act=Act.EXPORT,
        at=at,
        purpose=None if register is None else PurposeFacts.of(register, at),
        actor=work.by,
        speaker=None if speaker is None else weighed.get(speaker.id),
        parties=tuple(weighed.values()) or None,
        carries_card_data=False,
        carries_authentication_data=False,
        reason_given=says_why(work.reason),
        case_given=names_case(work.case),
        last_day=None if register is None else day_of(call.ended_at or at) + timedelta(days=register.term_days),
        collected_for=None if register is None else frozenset({register.key}),
        for_speaker=work.of is not None,
        call=work.call,
    )
    return facts.circumstances.around(asked)


def _takes(work: _Export, parties: dict[PartyId, Party]) -> tuple[list[VconTake], list[LeftOut]]:
    taken: list[VconTake] = []
    left_out: list[LeftOut] = []
    for take in take_store.takes(work.tx, work.call):
        if take.finished_at is None or work.purpose not in (None, *take.purposes):
            continue
        result = _take(work, take, parties)
        if isinstance(result, VconTake):
            taken.append(result)
        else:
            left_out.append(result)
    for sound in received.sounds_of_call(work.tx, work.call):
        if work.purpose in (None, *sound.purposes):
            passed_on = _sound(work, sound, parties)
            if isinstance(passed_on, VconTake):
                taken.append(passed_on)
            else:
                left_out.append(passed_on)
    return taken, left_out


def first_the_customers(party: Party) -> tuple[int, datetime]:
    return (list(PartyRole).index(party.role) if party.role is not PartyRole.AGENT else len(PartyRole)), party.joined_at


def _take(work: _Export, take: Take, parties: dict[PartyId, Party]) -> VconTake | LeftOut:
    """The first of its purposes that opens it is enough; asked for one purpose, only that."""
    why: Refused | Dark | None = None
    speaker = None if take.party is None else parties[take.party].subject
    for purpose in take.purposes:
        if work.purpose not in (None, purpose):
            continue
        opened = open_take(
            work.tx,
            work.tools,
            act=Act.EXPORT,
            take=take.id,
            purpose=purpose,
            by=work.by,
            reason=work.reason,
            case=work.case,
            for_speaker=work.of is not None and speaker == work.of,
        )
        if isinstance(opened, Opened):
            return _rendered(work, opened)
        why = opened
    return LeftOut(take=take.id, why=why)


def _rendered(work: _Export, opened: Opened) -> VconTake | LeftOut:
    recorded = read(work.tx, work.objects, opened)
    try:
        sound = work.audio.render(recorded)
    except Malformed:
        return LeftOut(take=opened.take.id, why=None)
    return VconTake(
        id=opened.take.id,
        party=opened.take.party,
        opened_at=opened.take.opened_at,
        lasts=timedelta(milliseconds=sound.duration_ms),
        mediatype=sound.mediatype,
        body=sound.body,
    )


def _sound(work: _Export, sound: ReceivedSound, parties: dict[PartyId, Party]) -> VconTake | LeftOut:
    """A recording that came in a vCon goes out as the very file that it was."""
    why: Refused | Dark | None = None
    holding = holdings.get(work.tx, sound.id)
    lasts = None if sound.duration_ms is None else timedelta(milliseconds=sound.duration_ms)
    until = None if lasts is None else sound.started_at + lasts
    span = Span(id=sound.id, call=sound.call, party=sound.party, stream=None, since=sound.started_at, until=until)
    for purpose in (each for each in sound.purposes if work.purpose in (None, each)):
        unlocked = unlock(
            work.tx,
            work.tools,
            act=Act.EXPORT,
            span=span,
            holding=holding,
            purpose=purpose,
            by=work.by,
            reason=work.reason,
            case=work.case,
            for_speaker=work.of is not None and sound.party is not None and parties[sound.party].subject == work.of,
        )
        if isinstance(unlocked, Unlocked):
            return VconTake(
                id=sound.id,
                party=sound.party,
                opened_at=sound.started_at,
                lasts=lasts,
                mediatype=holding.mediatype,
                body=content(work.tx, work.objects, holding, unlocked.key),
            )
        why = unlocked
    return LeftOut(take=sound.id, why=why)


def _conversation(
    work: _Export,
    id: CallId,
    parties: tuple[Party, ...],
    taken: tuple[VconTake, ...],
    named: set[PartyId | None],
    at: datetime,
) -> Conversation:
    tx, call = work.tx, calls.get(work.tx, id)
    standing = standing_in(tx, id)
    choices = consent.choices_of_call(tx, id)
    return Conversation(
        call=id,
        exported_at=at,
        started_at=call.started_at,
        ended_at=call.ended_at,
        controller=controllers.get(tx).name,
        parties=tuple(party_of(tx, work.tools, party, named=party.id in named) for party in parties),
        takes=taken,
        timeline=tuple(history.timeline(tx, id)),
        purposes=tuple(purposes.all_purposes(tx)),
        choices=tuple(
            VconChoice(choice=each, notice=None if each.notice is None else purposes.notice(tx, each.notice)) for each in choices
        ),
        standing=frozenset(key for key, value in standing.items() if value.grant is not None),
        last_days=last_days(tx, id),
    )


def last_days(tx: Transaction, call: CallId) -> dict[PurposeId, date]:
    """The earliest of all that is kept of the call: a recipient is told no longer time than what we keep has."""
    kept = [take.id for take in take_store.takes(tx, call)] + [sound.id for sound in received.sounds_of_call(tx, call)]
    found: dict[PurposeId, date] = {}
    for term in (term for id in kept for term in holdings.get(tx, id).terms):
        if term.last_day is not None:
            found[term.purpose] = min(term.last_day, found.get(term.purpose, term.last_day))
    return found


def party_of(tx: Transaction, tools: Tools, party: Party, *, named: bool) -> VconParty:
    """A party as a vCon tells it; who is not named stays an id with a role."""
    identifiers = subjects.identifiers_of(tx, tools.vault, party.subject) if named else []
    name = subjects.name_of(tx, tools.vault, party.subject) if named else None
    return VconParty(
        id=party.id,
        role=party.role,
        joined_at=party.joined_at,
        left_at=party.left_at,
        identifiers=() if isinstance(identifiers, Dark) else tuple(identifiers),
        name=None if isinstance(name, Dark) else name,
    )
