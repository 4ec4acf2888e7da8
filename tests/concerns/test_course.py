"""From raised to closed: who may do what, once each, and what becomes of it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from rightcall.actors import Role
from rightcall.concerns import actions, answering, keeping, raiser, rules, store
from rightcall.concerns.model import (
    AboutCall,
    AboutNotice,
    AboutPurpose,
    AboutRule,
    Anonymous,
    Bearer,
    Concern,
    Customer,
    Days,
    Identity,
    Outcome,
    Raised,
    Staff,
    Step,
    System,
    Target,
    Words,
)
from rightcall.concerns.raiser import ByCode
from rightcall.concerns.states import Ending, Stage
from rightcall.database.connection import Transaction
from rightcall.erasure import actions as erasures
from rightcall.errors import Conflict, Malformed, NotAllowed, NotFound
from rightcall.ids import ErasureId, NoticeId, PurposeId, SubjectId, new_id
from rightcall.ledger.codec import read_leaf
from rightcall.personal import Personal
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark, DarkReason
from tests.cast import ADA_NAME
from tests.concerns.conftest import Staffed, hired
from tests.conftest import FixedClock

WORDS = Personal("The notice says that the call cannot go on without a yes.")
ANSWER = Personal("It can, and from today the notice says so.")
WHY = Personal("It still does not say so in Danish.")
LAST = Personal("You are right; it does now.")
DAYS = Days()


class Course:
    """One concern, moved along."""

    def __init__(self, tx: Transaction, vault: Vault, clock: FixedClock, staff: Staffed) -> None:
        self.tx, self.vault, self.clock, self.staff = tx, vault, clock, staff

    def raised(self, target: Target, by: Anonymous | Staff | Customer | System = Anonymous()) -> Raised:  # noqa: B008 - frozen
        return actions.raise_concern(self.tx, self.vault, self.clock, target=target, words=WORDS, by=by, days=Days())

    def owned(self, raised: Raised, by: Bearer | None = None) -> Concern:
        return answering.own(self.tx, self.vault, self.clock, raised.concern.id, by or self.staff.supervisor)

    def answered(self, raised: Raised, outcome: Outcome = Outcome.NOT_UPHELD, by: Bearer | None = None) -> Concern:
        return answering.answer(
            self.tx, self.vault, self.clock, raised.concern.id, by or self.staff.supervisor, outcome=outcome, words=ANSWER
        )

    def appealed(self, raised: Raised) -> Concern:
        return raiser.appeal(self.tx, self.vault, self.clock, raised.concern.id, code_of(raised), why=WHY, days=DAYS)

    def decided(self, raised: Raised, outcome: Outcome = Outcome.UPHELD, by: Bearer | None = None) -> Concern:
        return answering.decide(
            self.tx, self.vault, self.clock, raised.concern.id, by or self.staff.dpo, outcome=outcome, words=LAST
        )

    def steps(self, raised: Raised) -> list[Step]:
        return [trace.step for trace, _ in store.steps(self.tx, raised.concern.id)]

    def said(self, kind: str) -> list[dict[str, object]]:
        rows = self.tx.connection.execute("SELECT leaf FROM statements WHERE kind = %s", (kind,)).fetchall()
        return [dict(read_leaf(bytes(row["leaf"]))) for row in rows]


def code_of(raised: Raised) -> ByCode:
    assert raised.code is not None
    return ByCode(raised.code)


@pytest.fixture
def course(tx: Transaction, vault: Vault, clock: FixedClock, staff: Staffed) -> Course:
    return Course(tx, vault, clock, staff)


def test_the_whole_way(course: Course, notice: NoticeId) -> None:
    raised = course.raised(AboutNotice(notice))
    assert course.owned(raised).owner == course.staff.supervisor.actor
    answered = course.answered(raised)
    assert answered.state.stage is Stage.ANSWERED
    appealed = course.appealed(raised)
    assert appealed.decision_due_on == course.clock.at.date() + timedelta(days=14)
    decided = course.decided(raised)
    assert (decided.state.stage, decided.state.ending) == (Stage.CLOSED, Ending.DECIDED)
    assert decided.final is not None
    assert decided.final.outcome is Outcome.UPHELD
    said = raiser.words(course.tx, course.vault, raised.concern.id, code_of(raised))
    assert (said.words, said.answer, said.appeal, said.decision) == (WORDS, ANSWER, WHY, LAST)
    assert course.steps(raised) == [Step.RAISED, Step.OWNED, Step.ANSWERED, Step.APPEALED, Step.DECIDED]


def test_an_accepted_answer_closes_it(course: Course) -> None:
    raised = course.raised(AboutCall(None))
    course.owned(raised)
    course.answered(raised)
    closed = raiser.accept(course.tx, course.vault, course.clock, raised.concern.id, code_of(raised))
    assert closed.state.ending is Ending.ACCEPTED
    with pytest.raises(Conflict):
        course.appealed(raised)


def test_nobody_owns_what_they_raised_or_did(course: Course, notice: NoticeId, purpose: PurposeId) -> None:
    own = course.raised(AboutRule("house.no_emotion_scores"), Staff(bearer=course.staff.supervisor))
    with pytest.raises(Conflict, match="You raised"):
        course.owned(own)
    assert course.owned(own, course.staff.dpo).owner == course.staff.dpo.actor
    for target in (AboutNotice(notice), AboutPurpose(purpose)):
        about = course.raised(target)
        with pytest.raises(Conflict, match="you did"):
            course.owned(about, course.staff.author)
        with pytest.raises(Conflict, match="you did"):
            answering.read(course.tx, course.vault, course.clock, about.concern.id, course.staff.author)


def test_only_supervisors_and_the_dpo_own_and_the_owner_alone_answers(course: Course) -> None:
    raised = course.raised(AboutCall(None))
    for other in (course.staff.agent, course.staff.engineer, course.staff.reviewer):
        with pytest.raises(NotAllowed):
            course.owned(raised, other)
    with pytest.raises(Conflict, match="Take it first"):
        course.answered(raised)
    course.owned(raised)
    with pytest.raises(NotAllowed, match="owner"):
        course.answered(raised, by=course.staff.dpo)
    course.owned(raised, course.staff.dpo)
    with pytest.raises(NotAllowed, match="owner"):
        course.answered(raised)


def test_a_second_person_in_another_role_decides(course: Course) -> None:
    raised = course.raised(AboutCall(None))
    course.owned(raised, course.staff.dpo)
    course.owned(raised)
    course.answered(raised)
    course.appealed(raised)
    other_supervisor = hired(course.tx, course.clock, Role.SUPERVISOR)
    for barred, why in (
        (course.staff.supervisor, "second person"),
        (course.staff.dpo, "second person"),
        (other_supervisor, "another role"),
    ):
        with pytest.raises((Conflict, NotAllowed), match=why):
            course.decided(raised, by=barred)
    with pytest.raises(NotAllowed):
        course.decided(raised, by=course.staff.agent)
    assert course.decided(raised, by=course.staff.reviewer).decision is not None


def test_the_raiser_does_not_decide_their_own_appeal(course: Course) -> None:
    raised = course.raised(AboutCall(None), Staff(bearer=course.staff.reviewer))
    course.owned(raised)
    course.answered(raised)
    raiser.appeal(course.tx, course.vault, course.clock, raised.concern.id, course.staff.reviewer, why=WHY, days=DAYS)
    with pytest.raises(Conflict, match="You raised"):
        course.decided(raised, by=course.staff.reviewer)


def test_who_reads_the_words(course: Course) -> None:
    raised = course.raised(AboutCall(None))

    def read(by: Bearer) -> object:
        return answering.read(course.tx, course.vault, course.clock, raised.concern.id, by).words

    assert read(course.staff.dpo) == WORDS
    for other in (course.staff.supervisor, course.staff.reviewer, course.staff.agent, course.staff.engineer):
        with pytest.raises(NotAllowed):
            read(other)
    course.owned(raised)
    assert read(course.staff.supervisor) == WORDS
    course.answered(raised)
    with pytest.raises(NotAllowed):
        read(course.staff.reviewer)
    course.appealed(raised)
    assert read(course.staff.reviewer) == WORDS
    assert course.steps(raised).count(Step.READ) == 3


def test_a_code_of_nobody_and_of_another_concern_opens_nothing(course: Course, vault: Vault) -> None:
    one, other = course.raised(AboutCall(None)), course.raised(AboutCall(None))
    with pytest.raises(NotFound) as unknown:
        raiser.words(course.tx, vault, one.concern.id, code_of(other))
    with pytest.raises(NotFound) as malformed:
        raiser.words(course.tx, vault, one.concern.id, ByCode(Personal("no code")))
    assert str(unknown.value) == str(malformed.value)


def test_a_bearer_finds_what_they_raised_by_name_and_nothing_else(course: Course) -> None:
    own = course.raised(AboutCall(None), Staff(bearer=course.staff.agent))
    course.raised(AboutCall(None))
    course.raised(AboutCall(None), Staff(bearer=course.staff.engineer))
    assert [each.id for each in raiser.mine(course.tx, course.staff.agent)] == [own.concern.id]
    assert raiser.words(course.tx, course.vault, own.concern.id, course.staff.agent).words == WORDS
    with pytest.raises(NotFound):
        raiser.words(course.tx, course.vault, own.concern.id, course.staff.engineer)


def test_too_late_to_appeal(course: Course) -> None:
    raised = course.raised(AboutCall(None))
    course.owned(raised)
    course.answered(raised)
    course.clock.at += timedelta(days=31)
    with pytest.raises(Conflict, match="over"):
        course.appealed(raised)


def test_the_days_to_appeal_are_counted_from_the_day_of_the_answer_wherever_the_clock_hangs(course: Course) -> None:
    raised = course.raised(AboutCall(None))
    course.owned(raised)
    answered = course.answered(raised)
    assert answered.answer is not None
    late = datetime(2026, 11, 23, 23, 0, tzinfo=UTC).astimezone(timezone(timedelta(hours=2)))
    until = rules.appeal_until(replace(answered, answer=replace(answered.answer, at=late)), DAYS)
    assert until == date(2026, 11, 23) + timedelta(days=DAYS.appeal)


def test_what_is_late_goes_to_the_dpo_once_for_each_day_due(course: Course) -> None:
    raised = course.raised(AboutCall(None))
    course.clock.at += timedelta(days=14)
    assert keeping.keep(course.tx, course.vault, course.clock, days=DAYS).overdue == 0
    course.clock.at += timedelta(days=1)
    kept = keeping.keep(course.tx, course.vault, course.clock, days=DAYS)
    assert (kept.overdue, kept.escalated) == (1, 1)
    again = keeping.keep(course.tx, course.vault, course.clock, days=DAYS)
    assert (again.overdue, again.escalated) == (1, 0)
    assert actions.get(course.tx, raised.concern.id).escalated_for == raised.concern.answer_due_on
    assert course.steps(raised).count(Step.ESCALATED) == 1
    told = course.said("concerns.step")
    assert len(told) == len(course.steps(raised))
    assert {frozenset(each) for each in told} == {frozenset({"id", "kind", "at", "controller", "step"})}, "none is told apart"
    assert raised.concern.answer_due_on.isoformat() not in str(told)
    assert course.said("concerns.escalated") == []
    course.owned(raised)
    course.answered(raised)
    course.appealed(raised)
    course.clock.at += timedelta(days=15)
    assert keeping.keep(course.tx, course.vault, course.clock, days=DAYS).escalated == 1


def test_what_nobody_appeals_lapses_and_what_is_long_over_is_forgotten(course: Course) -> None:
    raised = course.raised(AboutCall(None), Staff(bearer=course.staff.agent))
    course.owned(raised)
    course.answered(raised)
    raiser.consent(course.tx, course.vault, course.clock, raised.concern.id, course.staff.agent)
    course.clock.at += timedelta(days=30)
    assert keeping.keep(course.tx, course.vault, course.clock, days=DAYS).lapsed == 0
    course.clock.at += timedelta(days=1)
    assert keeping.keep(course.tx, course.vault, course.clock, days=DAYS).lapsed == 1
    assert actions.get(course.tx, raised.concern.id).state.ending is Ending.LAPSED
    course.clock.at += timedelta(days=731)
    assert keeping.keep(course.tx, course.vault, course.clock, days=DAYS).forgotten == 1
    assert keeping.keep(course.tx, course.vault, course.clock, days=DAYS).forgotten == 0
    words = raiser.words(course.tx, course.vault, raised.concern.id, code_of(raised))
    assert words.words == words.answer == Dark(reason=DarkReason.SUBJECT_ERASED)
    assert not actions.get(course.tx, raised.concern.id).may_be_shown
    with pytest.raises(Conflict):
        raiser.consent(course.tx, course.vault, course.clock, raised.concern.id, code_of(raised))


def test_what_the_raiser_wants_gone_goes_once_it_is_closed_and_on_another_day(course: Course) -> None:
    raised = course.raised(AboutCall(None), Staff(bearer=course.staff.agent))
    asking = (course.tx, course.vault, course.clock, raised.concern.id)
    course.owned(raised)
    before = course.steps(raised)
    for proof in (code_of(raised), course.staff.agent):
        assert raiser.forget(course.tx, course.clock, raised.concern.id, proof).forget_asked_on == course.clock.at.date()
    assert course.steps(raised) == before
    assert len(course.said("concerns.forgetting_asked")) == 1
    course.clock.at += timedelta(days=1)
    assert keeping.keep(course.tx, course.vault, course.clock, days=DAYS).forgotten == 0, "it has to be answered first"
    course.answered(raised)
    raiser.accept(*asking, code_of(raised))
    assert keeping.keep(course.tx, course.vault, course.clock, days=DAYS).forgotten == 0, "not while the raiser is at it"
    course.clock.at += timedelta(days=1)
    assert keeping.keep(course.tx, course.vault, course.clock, days=DAYS).forgotten == 1
    words = raiser.words(course.tx, course.vault, raised.concern.id, code_of(raised))
    assert words.words == words.answer == Dark(reason=DarkReason.SUBJECT_ERASED)
    assert raiser.forget(course.tx, course.clock, raised.concern.id, code_of(raised)).forgotten_on == course.clock.at.date(), (
        "again is fine"
    )


def test_what_is_closed_already_does_not_go_while_its_raiser_is_at_it(course: Course) -> None:
    raised = course.raised(AboutCall(None))
    course.owned(raised)
    course.answered(raised)
    raiser.accept(course.tx, course.vault, course.clock, raised.concern.id, code_of(raised))
    raiser.forget(course.tx, course.clock, raised.concern.id, code_of(raised))
    assert keeping.keep(course.tx, course.vault, course.clock, days=DAYS).forgotten == 0
    course.clock.at += timedelta(days=1)
    assert keeping.keep(course.tx, course.vault, course.clock, days=DAYS).forgotten == 1


def test_nobody_else_has_it_forgotten(course: Course) -> None:
    raised = course.raised(AboutCall(None), Staff(bearer=course.staff.agent))
    for proof in (course.staff.dpo, ByCode(Personal("0000-0000-0000-0000-0000-0000-0000"))):
        with pytest.raises(NotFound):
            raiser.forget(course.tx, course.clock, raised.concern.id, proof)


def test_an_erasure_of_the_raiser_changes_nothing_that_anybody_sees(course: Course, ada: SubjectId) -> None:
    raised = course.raised(AboutCall(None), Customer(subject=ada, name=Personal(ADA_NAME)))
    before = actions.get(course.tx, raised.concern.id), words_of(course, raised)
    erase(course, ada)
    assert (actions.get(course.tx, raised.concern.id), words_of(course, raised)) == before
    course.owned(raised)
    course.answered(raised, Outcome.CANNOT_TELL)
    assert raiser.words(course.tx, course.vault, raised.concern.id, code_of(raised)).answer == ANSWER
    with pytest.raises(Conflict, match="erased"):
        raiser.consent(course.tx, course.vault, course.clock, raised.concern.id, code_of(raised))


def test_an_erasure_destroys_who_it_was_though_they_consented(course: Course, ada: SubjectId) -> None:
    raised = course.raised(AboutCall(None), Customer(subject=ada, name=Personal(ADA_NAME)))
    raiser.consent(course.tx, course.vault, course.clock, raised.concern.id, code_of(raised))
    asking = (course.tx, course.vault, course.clock, raised.concern.id, course.staff.dpo)
    shown = answering.reveal(*asking, reason="to call her back", case="concern-2026-7")
    assert isinstance(shown, Identity)
    assert (shown.id, shown.name) == (ada, Personal(ADA_NAME))
    erase(course, ada)
    assert answering.reveal(*asking, reason="to call her back", case="concern-2026-7") == Dark(reason=DarkReason.SUBJECT_ERASED)
    assert words_of(course, raised).words == WORDS


def words_of(course: Course, raised: Raised) -> Words:
    return answering.read(course.tx, course.vault, course.clock, raised.concern.id, course.staff.dpo)


def erase(course: Course, subject: SubjectId) -> None:
    erasure = ErasureId(new_id())
    erasures.begin(course.tx, course.clock, erasure=erasure, subject=subject)
    erasures.destroy(course.tx, course.vault, course.clock, erasure=erasure)


def test_an_upheld_concern_is_told_to_whoever_must_act(course: Course, notice: NoticeId, purpose: PurposeId) -> None:
    before, raised = course.clock.at, course.raised(AboutNotice(notice))
    course.owned(raised)
    assert not actions.upheld_since(course.tx, purpose, before)
    course.clock.at += timedelta(days=1)
    course.answered(raised, Outcome.PARTLY)
    assert actions.upheld_since(course.tx, purpose, before)
    assert not actions.upheld_since(course.tx, purpose, course.clock.at + timedelta(seconds=1))
    (said,) = course.said("concerns.upheld")
    assert (said["about"], said["notice"], said["outcome"]) == ("notice", str(notice), "partly")
    assert str(raised.concern.id) not in str(said)
    course.appealed(raised)
    course.decided(raised, Outcome.NOT_UPHELD)
    assert not actions.upheld_since(course.tx, purpose, before), "the second person's word counts"


def test_open_concerns_are_counted_with_their_purpose_from_the_next_day_on(
    course: Course, notice: NoticeId, purpose: PurposeId
) -> None:
    raised = course.raised(AboutNotice(notice), System())
    course.raised(AboutPurpose(purpose))
    assert actions.open_about(course.tx, course.clock, purpose) == 0
    course.clock.at += timedelta(days=1)
    assert actions.open_about(course.tx, course.clock, purpose) == 2
    course.owned(raised)
    course.answered(raised)
    course.clock.at += timedelta(days=31)
    keeping.keep(course.tx, course.vault, course.clock, days=DAYS)
    assert actions.open_about(course.tx, course.clock, purpose) == 1


def test_so_many_an_hour_come_without_a_token(course: Course) -> None:
    assert [keeping.admits(course.tx, course.clock, 3) for _ in range(5)] == [True, True, True, False, False]
    course.clock.at += timedelta(hours=1)
    assert keeping.admits(course.tx, course.clock, 3)
    course.clock.at += timedelta(hours=25)
    keeping.keep(course.tx, course.vault, course.clock, days=DAYS)
    assert course.tx.connection.execute("SELECT count(*) AS n FROM concern_knocks").fetchone() == {"n": 0}


@pytest.mark.parametrize(("reason", "case"), [("because", "case-1"), ("to call them back", "none"), ("", "")])
def test_a_look_needs_a_reason_and_a_case(course: Course, reason: str, case: str) -> None:
    raised = course.raised(AboutCall(None), Staff(bearer=course.staff.agent))
    raiser.consent(course.tx, course.vault, course.clock, raised.concern.id, code_of(raised))
    with pytest.raises(Malformed):
        answering.reveal(course.tx, course.vault, course.clock, raised.concern.id, course.staff.dpo, reason=reason, case=case)
