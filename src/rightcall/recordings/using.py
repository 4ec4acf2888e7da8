"""Reading, in whatever system, what is held about a person: asked for a purpose, and written down with the answer.

Other systems (a CRM, a dialler, analytics) come here before they show or work with something. What is on the map is weighed as
the map has it; what is not is known by its person alone, and a rule that needs more cannot tell, which means no.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from rightcall.actors import Actor, PartyRole
from rightcall.calls import actions as calls
from rightcall.calls.model import Party
from rightcall.canonical import sha256
from rightcall.clock import day_of
from rightcall.consent import actions as consent
from rightcall.consent.model import Standing
from rightcall.consent.standing import said_in, standing_in, standing_of
from rightcall.database.connection import Transaction
from rightcall.database.together import at_once, beside
from rightcall.errors import Conflict, Malformed
from rightcall.holdings import actions as holdings
from rightcall.holdings.categories import Category
from rightcall.holdings.model import Holding
from rightcall.holdings.uses import actions as uses
from rightcall.holdings.uses.model import FieldName, NewUse, Stretch, UseAct
from rightcall.holdings.uses.whys import actions as whys
from rightcall.holdings.uses.whys.model import Why
from rightcall.ids import CallId, HoldingId, ObjectId, PartyId, PurposeId, StatementId, SubjectId, SystemId, VerdictId, new_id
from rightcall.policy import actions as policy
from rightcall.policy.adoption.model import InForce
from rightcall.policy.model import Act, PartyFacts, Preference, PurposeFacts, Question, Said, StoredVerdict, Verdict
from rightcall.policy.reasons import names_case, says_why
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import MAY_BE_OBJECTED_TO, Purpose
from rightcall.recordings import cards
from rightcall.recordings.circumstances import among, common
from rightcall.recordings.grounds import ground_of
from rightcall.recordings.rules import Circumstances, as_they_stand
from rightcall.recordings.tools import Tools
from rightcall.subjects import actions as subjects
from rightcall.subjects import restricting

REPORTABLE = frozenset({UseAct.READ, UseAct.EXPORT, UseAct.ANALYSE, UseAct.TRAIN_MODEL, UseAct.SHARE, UseAct.TRANSCRIBE})
"""What other systems do. Playing goes through us, and is written down there."""
MOST_AT_ONCE = 500
_LOOKED_AT = 500
"""Of what is held about a person, the newest: so many tell until when they are known by a name."""
_CARD = frozenset({Category.PAYMENT_CARD, Category.PAYMENT_CARD_NUMBER, Category.PAYMENT_CARD_EXPIRY})
_AUTHENTICATION = frozenset({Category.PIN_CODE, Category.SECRET_TEXT})
NEVER_SHOWN = frozenset(category.value for category in _CARD | _AUTHENTICATION)
"""Of what is not on the map nobody weighs whether it is a card: so none of these is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody wants to do. Either a holding, or a person and, where it is known, the system and the object; `made_at` then
    says since when the data is there. `reason` and `case` are weighed by whether they are such, and kept with the line.
    `to_erase`: where it lies is read so that it can be let go of, which is weighed as letting it go."""

    act: UseAct
    purpose: PurposeId
    holding: HoldingId | None = None
    subject: SubjectId | None = None
    system: SystemId | None = None
    object: ObjectId | None = None
    fields: tuple[FieldName, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    made_at: datetime | None = None
    reason: str | None = None
    case: str | None = None
    for_speaker: bool = False
    to_erase: bool = False

    def __post_init__(self) -> None:
        if (self.holding is None) == (self.subject is None):
            raise Malformed("A use is of one thing: give a holding, or a subject with what is known of the place.")
        if self.holding is not None and (self.system is not None or self.made_at is not None):
            raise Malformed("Where a holding lies and since when, the map knows. Leave system, object and made_at out.")
        if self.object is not None and self.system is None:
            raise Malformed("An object lies in a system. Give the system too.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """`use` is the line in the access log: of the use, or where the verdict is no, of what was refused."""

    use: StatementId
    id: VerdictId
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spoken:
    """Who took part in calls, how each stands today, and the card data that was marked."""

    parties: Mapping[CallId, Sequence[Party]]
    standing: Mapping[tuple[PartyId, PurposeId], Standing]
    carried: Mapping[CallId, cards.Carried]


_NOTHING_SPOKEN = _Spoken(parties={}, standing={}, carried={})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What all questions of one asking rest on, read once in its transaction: what is in force, the whole register, and of what
    is wanted the holdings and the calls."""

    now: InForce
    register: Mapping[PurposeId, Purpose]
    holdings: Mapping[HoldingId, Holding]
    spoken: _Spoken
    around: Circumstances


def ask(tx: Transaction, tools: Tools, wanted: Sequence[Wanted], *, by: Actor) -> list[Answered]:
    """The verdict on each, and a line in the log for each: what is answered with a yes counts as done, what is answered with a no
    as refused. NotFound where a holding or a person is not known; Conflict where a holding is not kept for the purpose."""
    if not 0 < len(wanted) <= MOST_AT_ONCE:
        raise Malformed(f"Report 1 to {MOST_AT_ONCE} uses at once.")
    with at_once(tx) as at:
        answered = at(lambda tx: _ask(tx, tools, wanted, by=by))
    return answered.value


def _ask(tx: Transaction, tools: Tools, wanted: Sequence[Wanted], *, by: Actor) -> list[Answered]:
    known = _known(tx, tools, wanted)
    asked = [_about(tx, tools, each, known, by) for each in wanted]
    questions = [question for question, _ in asked]
    given = policy.weigh_all(known.now, questions, by)
    answers = [_answered(each) for each in given]
    together = zip(answers, asked, wanted, strict=True)
    done = [(answer, _new(one, *about, by, answer.id), Why.of(one.reason, one.case)) for answer, about, one in together]
    _write(tx, tools, given, done)
    return answers


def _write(tx: Transaction, tools: Tools, given: Sequence[StoredVerdict], done: Sequence[tuple[Answered, NewUse, Why]]) -> None:
    """The verdicts, a line in the log for each, and why."""
    yes = {answer.use: new for answer, new, _ in done if answer.verdict.proceeds}
    no = [(new, answer.use) for answer, new, _ in done if not answer.verdict.proceeds]
    said = [(answer.use, new.subject, why) for answer, new, why in done]
    with beside(tx) as write:
        write(lambda tx: policy.keep_all(tx, tools.clock, given))
        write(lambda tx: uses.record(tx, tools.clock, list(yes.values()), ids=list(yes)))
        write(lambda tx: uses.record_refused(tx, tools.clock, no))
        write(lambda tx: whys.keep(tx, tools.vault, tools.clock, said))


def _answered(given: StoredVerdict) -> Answered:
    """What is refused is known by the verdict's own statement."""
    line = StatementId(new_id()) if given.verdict.proceeds else given.statement
    return Answered(use=line, id=given.id, verdict=given.verdict)


def report(tx: Transaction, tools: Tools, wanted: Sequence[Wanted], *, by: Actor, key: str | None, body: bytes) -> list[Answered]:
    """The same once: said again under the same `key`, it is answered as the first time, and is no second use. `body`: what was
    sent, to tell apart two reports under one key, which is a Conflict."""
    if key is None:
        return ask(tx, tools, wanted, by=by)
    name = sha256(f"{by.id}:{key}".encode())
    before = uses.reported(tx, name)
    if before is None:
        answers = ask(tx, tools, wanted, by=by)
        uses.keep_report(tx, tools.clock, name, sha256(body), [each.use for each in answers])
        return answers
    if before.digest != sha256(body):
        raise Conflict("This idempotency key was used for another report. Use a new key for each report.")
    answers = []
    for line in uses.of_statements(tx, before.statements):
        assert line.verdict is not None  # noqa: S101 - each was asked
        answers.append(Answered(use=line.statement, id=line.verdict, verdict=policy.get(tx, line.verdict).verdict))
    return answers


def _known(tx: Transaction, tools: Tools, wanted: Sequence[Wanted]) -> _Known:
    with beside(tx) as ask:
        now = ask(lambda tx: policy.in_force(tx, tools.clock, tools.rules))
        all_purposes = ask(purposes.all_purposes)
        held = ask(lambda tx: holdings.of_ids(tx, list({each.holding for each in wanted if each.holding is not None})))
    active = [purpose for purpose in all_purposes.value if purpose.ended_at is None]
    among = list({each.call for each in held.value.values() if each.call is not None})
    with beside(tx) as ask:
        around = ask(lambda tx: common(tx, tools.clock, now=now.value, active=active))
        spoken = ask(lambda tx: _spoken(tx, among, active)) if among else None
    return _Known(
        now=now.value,
        register={purpose.id: purpose for purpose in all_purposes.value},
        holdings=held.value,
        spoken=_NOTHING_SPOKEN if spoken is None else spoken.value,
        around=around.value,
    )


def _spoken(tx: Transaction, among: Sequence[CallId], active: Sequence[Purpose]) -> _Spoken:
    with beside(tx) as ask:
        together = ask(lambda tx: calls.together(tx, among))
        marks = ask(lambda tx: cards.marks_in(tx, among))
        said = ask(lambda tx: said_in(tx, among))
    known = [call for call, _ in together.value.values()]
    parties = {id: parties for id, (_, parties) in together.value.items()}
    present = [party for each in parties.values() for party in each]
    return _Spoken(
        parties=parties,
        standing=standing_of(said.value, present, active),
        carried=cards.carried_in(marks.value, known),
    )


def _about(tx: Transaction, tools: Tools, wanted: Wanted, known: _Known, by: Actor) -> tuple[Question, SubjectId]:
    purpose = known.register.get(wanted.purpose) or purposes.get(tx, wanted.purpose)
    if wanted.holding is None:
        return _of_person(tx, tools, wanted, known, purpose, by)
    holding = known.holdings.get(wanted.holding) or holdings.get(tx, wanted.holding)
    if purpose.id not in holding.purposes:
        raise Conflict("This holding is not kept for that purpose, so it cannot be used for it. Name one that it serves.")
    if holding.call is None:
        question = _question(tools, wanted, known, purpose, by, _person(tx, holding.subject, purpose), ())
    else:
        question = _of_call(tools, wanted, known, purpose, by, holding)
    return _of_holding(question, known, holding, purpose.id), holding.subject


def _of_person(
    tx: Transaction, tools: Tools, wanted: Wanted, known: _Known, purpose: Purpose, by: Actor
) -> tuple[Question, SubjectId]:
    """What is not on the map, such as what a person is known by. It may serve a purpose as long as what was said in their last
    call may, or what is held about them; where there is neither, it is not known until when, and that means no."""
    assert wanted.subject is not None  # noqa: S101 - one of the two is given
    subject = subjects.get(tx, wanted.subject).id
    question = _question(tools, wanted, known, purpose, by, _person(tx, subject, purpose), ())
    last = last_day_of(tx, tools, subject, purpose)
    return replace(question, last_day=last, collected_for=frozenset({purpose.key})), subject


def last_day_of(tx: Transaction, tools: Tools, subject: SubjectId, purpose: Purpose) -> date | None:
    """Until when what is known of a person may serve a purpose; None where nothing tells."""
    held = holdings.of_subject(tx, subject, limit=_LOOKED_AT)
    days = [day for day in (each.last_day(purpose.id) for each in held) if day is not None]
    seen = [party.left_at or tools.clock.now() for party in calls.of_subject(tx, subject)]
    days += [day_of(max(seen)) + timedelta(days=purpose.term_days)] if seen else []
    return max(days, default=None)


def _question(
    tools: Tools,
    wanted: Wanted,
    known: _Known,
    purpose: Purpose,
    by: Actor,
    speaker: PartyFacts | None,
    present: Sequence[Party],
    others: Sequence[PartyFacts] = (),
) -> Question:
    at = tools.clock.now()
    asked = Question(
        act=Act.ERASE if wanted.to_erase else Act(wanted.act.value),
        at=at,
        purpose=PurposeFacts.of(purpose, at),
        actor=by,
        speaker=speaker,
        parties=tuple(others) or (None if speaker is None else (speaker,)),
        pauses=frozenset(),
        carries_card_data=False,
        carries_authentication_data=False,
        reason_given=says_why(wanted.reason),
        case_given=names_case(wanted.case),
        for_speaker=wanted.for_speaker,
    )
    return among(known.around, present).around(asked)


def _person(tx: Transaction, subject: SubjectId, purpose: Purpose) -> PartyFacts:
    """Outside of any call a person stands as in the call in which they chose last about the purpose."""
    last = consent.latest_of_subject(tx, subject, purpose.id)
    if last is None:
        limits = restricting.limits_of(tx, subject)
        said = Said.REFUSED if limits.objected and purpose.lawful_basis in MAY_BE_OBJECTED_TO else Said.UNASKED
        return PartyFacts(role=PartyRole.CUSTOMER, answer=said, basis=purpose.lawful_basis, restricted=limits.restricted)
    return as_they_stand(calls.party(tx, last.party), purpose, standing_in(tx, last.call), Preference.NONE)


def _of_call(tools: Tools, wanted: Wanted, known: _Known, purpose: Purpose, by: Actor, holding: Holding) -> Question:
    """What was said in a call is weighed with everybody who took part in it, each as they stand today."""
    assert holding.call is not None  # noqa: S101 - the caller looked
    present, carried = known.spoken.parties[holding.call], known.spoken.carried[holding.call]
    facts = {party.subject: as_they_stand(party, purpose, known.spoken.standing, Preference.NONE) for party in present}
    question = _question(tools, wanted, known, purpose, by, facts.get(holding.subject), present, others=tuple(facts.values()))
    return replace(
        question,
        carries_card_data=carried.card_data or question.carries_card_data,
        carries_authentication_data=carried.authentication_data or question.carries_authentication_data,
        call=holding.call,
        stream=holding.stream,
    )


def _of_holding(question: Question, known: _Known, holding: Holding, purpose: PurposeId) -> Question:
    """Until when it is kept, and what it was collected for, as the map has it. Its category says whether it is card data. To read
    what was said in a call, or was made from something that we hold, is to listen to it."""
    is_words = holding.is_ours or holding.call is not None or bool(holding.provenance.derived_from)
    return replace(
        question,
        act=Act.PLAY if question.act is Act.READ and is_words else question.act,
        last_day=holding.last_day(purpose),
        collected_for=frozenset(known.register[each].key for each in holding.purposes),
        carries_card_data=question.carries_card_data or holding.category in _CARD,
        carries_authentication_data=question.carries_authentication_data or holding.category in _AUTHENTICATION,
        holding=holding.id,
    )


def _new(wanted: Wanted, question: Question, subject: SubjectId, by: Actor, verdict: VerdictId) -> NewUse:
    return NewUse(
        subject=subject,
        holding=wanted.holding,
        purpose=wanted.purpose,
        by=by,
        act=wanted.act,
        verdict=verdict,
        ground=ground_of(question),
        fields=wanted.fields,
        stretches=wanted.stretches,
        system=wanted.system,
        object=wanted.object,
        made_at=wanted.made_at,
    )
