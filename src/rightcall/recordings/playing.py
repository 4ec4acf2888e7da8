"""Listening to what was captured: the verdict, the key, the line in the access log, and only then the chunks needed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rightcall.actors import Actor
from rightcall.calls import actions as calls
from rightcall.calls.model import Party
from rightcall.consent.standing import standing_in
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, Malformed, NotFound
from rightcall.holdings import actions as holdings
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.holds.model import Hold, Slice
from rightcall.holdings.model import Holding
from rightcall.holdings.ports import Objects
from rightcall.holdings.uses import actions as uses
from rightcall.holdings.uses.model import FieldName, Stretch, UseAct
from rightcall.holdings.uses.whys.model import Why
from rightcall.ids import CallId, HoldId, HoldingId, PartyId, PurposeId, StreamId, VerdictId
from rightcall.policy import actions as policy
from rightcall.policy.model import Act, PurposeFacts, Question, Verdict
from rightcall.policy.reasons import names_case, says_why
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Purpose
from rightcall.recordings import cards, rules, store
from rightcall.recordings.circumstances import circumstances
from rightcall.recordings.grounds import ground_of
from rightcall.recordings.model import Cut, Played, Recorded, Refused, Take
from rightcall.recordings.packets import StoredPacket, seek, unpack_parts
from rightcall.recordings.takes import store as take_store
from rightcall.recordings.taking import get
from rightcall.recordings.tools import Tools
from rightcall.vault.model import ContentKey, Dark
from rightcall.vault.sealing import SealedReader, content_context

_NO = frozenset({Cut.NO_YES, Cut.PREFERENCE, Cut.PAUSED})
_PIECE_BYTES = 64 * 1024
_ALL = Stretch()
_SOUND = (FieldName(text="sound"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A take whose use is on the record, with the key it opens with."""

    take: Take
    holding: Holding
    purpose: PurposeId
    key: ContentKey
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Words that are held: whose, in which call, from when until when. `until` None: until the end of the call."""

    id: HoldingId
    call: CallId
    party: PartyId | None
    stream: StreamId | None
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlocked:
    key: ContentKey
    verdict: Verdict


def play(
    tx: Transaction,
    tools: Tools,
    objects: Objects,
    *,
    take: HoldingId,
    purpose: PurposeId,
    by: Actor,
    reason: str | None,
    case: str | None,
    start_ms: int = 0,
    length_ms: int | None = None,
    for_speaker: bool = False,
) -> Played | Refused | Dark:
    """A stretch of a take, to be rendered by `ports.Audio`. `reason` and `case` are weighed by whether they are such, and kept
    with the line in the log. Conflict while the take is still being written."""
    end_ms = _end_ms(start_ms, length_ms)
    opened = open_take(
        tx,
        tools,
        act=Act.PLAY,
        take=take,
        purpose=purpose,
        by=by,
        reason=reason,
        case=case,
        for_speaker=for_speaker,
        stretch=Stretch(from_ms=start_ms, until_ms=end_ms),
    )
    if isinstance(opened, Refused | Dark):
        return opened
    recorded = read(tx, objects, opened, start_ms=start_ms, end_ms=end_ms)
    return Played(take=take, purpose=purpose, verdict=opened.verdict, recorded=recorded)


def would_refuse(
    tx: Transaction, tools: Tools, *, take: HoldingId, purpose: PurposeId, by: Actor, reason: str | None, case: str | None
) -> Refused | None:
    """Whether `play` would be refused, before a player is offered. A refusal is asked on the record: this was the try. What would
    be played is asked when it is."""
    found, holding = finished(tx, take)
    question = _question(tx, tools, _span(found), holding, Act.PLAY, purpose, by, False)
    return _refusal(tx, tools, replace(question, reason_given=says_why(reason), case_given=names_case(case)), by)


def would_refuse_held(
    tx: Transaction,
    tools: Tools,
    *,
    hold: HoldId,
    take: HoldingId,
    by: Actor,
    reason: str | None,
    case: str | None,
    start_ms: int = 0,
) -> Refused | None:
    """The same of `play_held`."""
    return _refusal(tx, tools, _question_held(tx, tools, holds.get(tx, hold), take, by, reason, case, start_ms)[0], by)


def _refusal(tx: Transaction, tools: Tools, question: Question, by: Actor) -> Refused | None:
    [likely] = policy.consider(tx, rules=tools.rules, clock=tools.clock, questions=[question])
    if likely.proceeds:
        return None
    id, verdict = policy.ask(tx, rules=tools.rules, clock=tools.clock, question=question, by=by)
    return Refused(id=id, verdict=verdict)


def play_held(
    tx: Transaction,
    tools: Tools,
    objects: Objects,
    *,
    hold: HoldId,
    take: HoldingId,
    by: Actor,
    reason: str | None,
    case: str | None,
    start_ms: int = 0,
    length_ms: int | None = None,
) -> Played | Refused | Dark:
    """The same of a take that a hold keeps, by the hold's own key and on its own ground: whatever became of yes, term and person,
    and whoever the purpose names. Dark once the hold has ended. NotFound where the hold does not keep this take."""
    end_ms = _end_ms(start_ms, length_ms)
    standing = holds.get(tx, hold)
    question, found, held, holding = _question_held(tx, tools, standing, take, by, reason, case, start_ms)
    if held.span is not None:
        start_ms, end_ms = max(start_ms, held.span.from_ms), min(end_ms or held.span.until_ms, held.span.until_ms)
    id, verdict = policy.ask(tx, rules=tools.rules, clock=tools.clock, question=question, by=by)
    if not verdict.proceeds:
        return Refused(id=id, verdict=verdict)
    key = holds.unlock(tx, tools.vault, tools.clock, standing, holding.id)
    if isinstance(key, Dark):
        return key
    heard = Stretch(from_ms=start_ms, until_ms=end_ms)
    _log(tx, tools, question, holding, verdict=id, stretch=heard, why=Why.of(reason, case))
    opened = Opened(take=found, holding=holding, purpose=held.purpose, key=key, verdict=verdict)
    recorded = read(tx, objects, opened, start_ms=start_ms, end_ms=end_ms)
    return Played(take=take, purpose=held.purpose, verdict=verdict, recorded=recorded)


def _question_held(
    tx: Transaction,
    tools: Tools,
    standing: Hold,
    take: HoldingId,
    by: Actor,
    reason: str | None,
    case: str | None,
    start_ms: int,
) -> tuple[Question, Take, Slice, Holding]:
    found, _ = finished(tx, take)
    held = _held(standing, take, start_ms)
    holding = holdings.get(tx, held.holding)
    question = _question(tx, tools, replace(_span(found), id=holding.id), holding, Act.PLAY_HELD, held.purpose, by, False)
    return replace(question, reason_given=says_why(reason), case_given=names_case(case)), found, held, holding


def _held(hold: Hold, take: HoldingId, start_ms: int) -> Slice:
    """All of the take, or the first stretch of it that is not over at that moment."""
    kept = sorted(hold.slices_of(take), key=lambda each: each.span.from_ms if each.span else 0)
    found = next((each for each in kept if each.span is None or start_ms < each.span.until_ms), None)
    if found is None:
        raise NotFound("This hold does not keep that of the take. Look at the hold to see what it keeps.")
    return found


def open_take(
    tx: Transaction,
    tools: Tools,
    *,
    act: Act,
    take: HoldingId,
    purpose: PurposeId,
    by: Actor,
    reason: str | None,
    case: str | None,
    for_speaker: bool = False,
    stretch: Stretch = _ALL,
) -> Opened | Refused | Dark:
    """Asks the verdict, gets the key, and logs the use, in this order: what is refused or dark is no use."""
    found, holding = finished(tx, take)
    span = _span(found)
    unlocked = unlock(
        tx,
        tools,
        act=act,
        span=span,
        purpose=purpose,
        by=by,
        reason=reason,
        case=case,
        for_speaker=for_speaker,
        holding=holding,
        stretch=stretch,
    )
    if isinstance(unlocked, Refused | Dark):
        return unlocked
    return Opened(take=found, holding=holding, purpose=purpose, key=unlocked.key, verdict=unlocked.verdict)


def finished(tx: Transaction, take: HoldingId) -> tuple[Take, Holding]:
    """A take that nobody writes any more."""
    found, holding = get(tx, take), holdings.get(tx, take)
    if found.finished_at is None or holding.sealed_length is None:
        raise Conflict("This take is still being written. Try again when it has been finished.")
    return found, holding


def _span(take: Take) -> Span:
    return Span(id=take.id, call=take.call, party=take.party, stream=take.stream, since=take.opened_at, until=take.cut_at)


def _end_ms(start_ms: int, length_ms: int | None) -> int | None:
    if start_ms < 0 or (length_ms is not None and length_ms <= 0):
        raise Malformed("A stretch starts at 0 milliseconds or later and lasts at least one.")
    return None if length_ms is None else start_ms + length_ms


def unlock(
    tx: Transaction,
    tools: Tools,
    *,
    act: Act,
    span: Span,
    holding: Holding,
    purpose: PurposeId,
    by: Actor,
    reason: str | None,
    case: str | None,
    for_speaker: bool = False,
    stretch: Stretch = _ALL,
) -> Unlocked | Refused | Dark:
    """The verdict, the key, the use: for whatever was said in a call and is held, however it came."""
    question = _question(tx, tools, span, holding, act, purpose, by, for_speaker)
    question = replace(question, reason_given=says_why(reason), case_given=names_case(case))
    id, verdict = policy.ask(tx, rules=tools.rules, clock=tools.clock, question=question, by=by)
    if not verdict.proceeds:
        return Refused(id=id, verdict=verdict)
    key = tools.vault.unlock_content(tx, holding=span.id, purpose=purpose)
    if isinstance(key, Dark):
        return key
    _log(tx, tools, question, holding, verdict=id, stretch=stretch, why=Why.of(reason, case))
    return Unlocked(key=key, verdict=verdict)


def read(tx: Transaction, objects: Objects, opened: Opened, *, start_ms: int = 0, end_ms: int | None = None) -> Recorded:
    """The packets of a stretch, fetching only the sealed chunks they lie in.

    `cut_at` is the instant of the decision; the recorder heard of it a moment later, and what it kept in between is sealed in the
    take. Where a no, a wish or a pause cut it, nothing from that instant on is given to anybody.
    """
    take, reader = opened.take, reader_of(tx, objects, opened.holding, opened.key)
    ends = [each for each in (end_ms, _said_no_ms(tx, opened)) if each is not None]
    packets = tuple(stretch(reader, start_ms, min(ends, default=None)))
    return Recorded(codecs=take.codecs, packets=packets, start_ms=start_ms, end_ms=end_ms, cut_short=reader.cut_short)


def content(tx: Transaction, objects: Objects, holding: Holding, key: ContentKey) -> bytes:
    """All that was sealed."""
    reader = reader_of(tx, objects, holding, key)
    return reader.read(0, reader.plain_length)


def reader_of(tx: Transaction, objects: Objects, holding: Holding, key: ContentKey) -> SealedReader:
    """Of its sealed bytes."""
    return SealedReader(
        key.secret,
        content_context(tx.of, holding.id),
        lambda start, length: objects.get_range(holding.object_key, start, length),
        holding.sealed_length or 0,
        bool(holding.complete),
    )


def _said_no_ms(tx: Transaction, opened: Opened) -> int | None:
    """The moment within the take from which its purpose was not allowed any more; None where it ended for another reason."""
    take = opened.take
    if take.cut_at is None:
        return None
    if take.cut_reason is Cut.CHANGED:
        after = [each for each in take_store.takes(tx, take.call) if each.stream == take.stream and each.opened_at >= take.cut_at]
        if any(opened.purpose in each.purposes for each in after[:1]):
            return None
    elif take.cut_reason not in _NO:
        return None
    return int((take.cut_at - take.opened_at) / timedelta(milliseconds=1))


def stretch(reader: SealedReader, start_ms: int, end_ms: int | None) -> Iterator[StoredPacket]:
    """The packets from a moment on, until another."""
    start = seek(reader.read, reader.plain_length, start_ms) if start_ms else 0
    pieces = (reader.read(at, _PIECE_BYTES) for at in range(start, reader.plain_length, _PIECE_BYTES))
    for packet in unpack_parts(pieces, cut_short=reader.cut_short):
        if end_ms is not None and packet.milliseconds >= end_ms:
            return
        yield packet


def _question(
    tx: Transaction,
    tools: Tools,
    span: Span,
    holding: Holding,
    act: Act,
    purpose: PurposeId,
    by: Actor,
    for_speaker: bool,
) -> Question:
    """The parties are those who were present while the words were spoken, each as they stand today. Card data is what somebody
    marked: see `cards` for what is not known."""
    register = purposes.get(tx, purpose)
    facts = _facts(tx, tools, span, register)
    carries = cards.carried(tx, span.call, span.since, span.until)
    parties = {party.id: rules.party_facts(facts, party, register) for party in facts.present}
    asked = Question(
        act=act,
        at=facts.at,
        purpose=PurposeFacts.of(register, facts.at),
        actor=by,
        speaker=parties[rules.speaker_of(facts.present, span.party).id],
        parties=tuple(parties.values()),
        carries_card_data=carries.card_data,
        carries_authentication_data=carries.authentication_data,
        last_day=holding.last_day(purpose),
        collected_for=frozenset(purposes.get(tx, each).key for each in holding.purposes),
        for_speaker=for_speaker,
        call=span.call,
        stream=span.stream,
        holding=span.id,
    )
    return facts.circumstances.around(asked)


def _facts(tx: Transaction, tools: Tools, span: Span, register: Purpose) -> rules.Facts:
    present = tuple(party for party in calls.parties(tx, span.call) if _was_present(party, span))
    return rules.Facts(
        call=span.call,
        at=tools.clock.now(),
        circumstances=circumstances(tx, present, rules=tools.rules, clock=tools.clock),
        over=False,
        pauses=frozenset(),
        present=present,
        preferences={each.party: each.preference for each in store.known_parties(tx, span.call)},
        purposes=(register,),
        standing=standing_in(tx, span.call),
    )


def _was_present(party: Party, span: Span) -> bool:
    return (party.left_at is None or party.left_at >= span.since) and (span.until is None or party.joined_at <= span.until)


def _log(
    tx: Transaction, tools: Tools, question: Question, holding: Holding, *, verdict: VerdictId, stretch: Stretch, why: Why
) -> None:
    """By the very question that the verdict is on. What a player asks for again within minutes is no second use."""
    assert question.purpose is not None  # noqa: S101 - asked for a purpose
    assert question.actor is not None  # noqa: S101 - and by somebody
    uses.listened(
        tx,
        tools.vault,
        tools.clock,
        holding,
        question.purpose.id,
        question.actor,
        UseAct(question.act.value),
        verdict=verdict,
        ground=ground_of(question),
        fields=_SOUND,
        stretch=stretch,
        why=why,
    )
