"""How a question is decided: no when in doubt, and never more by saying no."""

import dataclasses
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rightcall.actors import Actor, PartyRole, Role
from rightcall.ids import CallId, new_id
from rightcall.policy.actions import load_rules
from rightcall.policy.model import (
    Act,
    Axis,
    DutyKind,
    Outcome,
    PartyFacts,
    PauseReason,
    Preference,
    Question,
    RuleSet,
    Said,
)
from rightcall.policy.reading import read_rules, rule_set
from rightcall.policy.rules import canonical_facts, decide
from rightcall.purposes.model import LawfulBasis
from tests.cast import MONDAY
from tests.policy.facts import agent, capture, customer, purpose

RULES = load_rules()

parties = st.builds(
    PartyFacts,
    role=st.sampled_from(PartyRole),
    answer=st.sampled_from(Said),
    basis=st.sampled_from(LawfulBasis),
    preference=st.sampled_from(Preference),
    bundled=st.booleans(),
)
unknown = st.none()


@st.composite
def questions(draw: st.DrawFn) -> Question:
    present = draw(st.lists(parties, min_size=1, max_size=4))
    boolean = st.booleans() | unknown
    return Question(
        act=draw(st.sampled_from(Act)),
        at=MONDAY,
        jurisdictions=draw(st.sets(st.sampled_from(["DK", "DE", "UK", "EU", "US-CA"]), max_size=3).map(frozenset) | unknown),
        purpose=draw(
            st.builds(
                purpose,
                basis=st.sampled_from(LawfulBasis),
                active=st.booleans(),
                may_use=st.sets(st.sampled_from(Role)).map(frozenset),
            )
            | unknown
        ),
        actor=draw(st.builds(Actor, id=st.just(new_id()), role=st.sampled_from(Role)) | unknown),
        speaker=draw(st.sampled_from(present) | unknown),
        parties=draw(st.just(tuple(present)) | unknown),
        pauses=draw(st.sets(st.sampled_from(PauseReason), max_size=2).map(frozenset) | unknown),
        carries_card_data=draw(boolean),
        carries_authentication_data=draw(boolean),
        reason_given=draw(boolean),
        case_given=draw(boolean),
        last_day=draw(st.sampled_from([date(2026, 11, 22), date(2026, 12, 22)]) | unknown),
        for_speaker=draw(st.booleans()),
    )


def saying_no(question: Question, position: int) -> Question:
    """The same, where one party that said yes says no."""
    if not question.parties:
        speaker = question.speaker
        return question if speaker is None else dataclasses.replace(question, speaker=_no(speaker))
    present = list(question.parties)
    changed = present[position % len(present)]
    present[position % len(present)] = _no(changed)
    speaker = _no(changed) if question.speaker == changed else question.speaker
    return dataclasses.replace(question, parties=tuple(present), speaker=speaker)


def without(question: Question, fact: str) -> Question:
    return dataclasses.replace(question, **{fact: None})  # type: ignore[arg-type]  # a fact that may be unknown


def _no(party: PartyFacts) -> PartyFacts:
    return dataclasses.replace(party, answer=Said.REFUSED) if party.answer is Said.GRANTED else party


@settings(max_examples=400, deadline=None)
@given(question=questions(), position=st.integers(0, 3))
def test_a_no_never_opens_what_was_stopped(question: Question, position: int) -> None:
    if decide(RULES, saying_no(question, position)).proceeds:
        assert decide(RULES, question).proceeds


@settings(max_examples=300, deadline=None)
@given(question=questions(), data=st.data())
def test_knowing_less_never_opens_what_was_stopped(question: Question, data: st.DataObject) -> None:
    facts = ["jurisdictions", "purpose", "actor", "speaker", "pauses", "carries_card_data", "last_day", "reason_given"]
    less = without(question, data.draw(st.sampled_from(facts)))
    if decide(RULES, less).proceeds:
        assert decide(RULES, question).proceeds


@settings(max_examples=300, deadline=None)
@given(question=questions())
def test_outcome_and_axes_agree(question: Question) -> None:
    verdict = decide(RULES, question)
    assert verdict == decide(RULES, dataclasses.replace(question, call=CallId(new_id())))
    assert verdict.proceeds == (verdict.lawful is True and verdict.right is True)
    assert (verdict.outcome is Outcome.UNLAWFUL) == (verdict.lawful is False)
    assert (verdict.outcome is Outcome.NOT_RIGHT) == (verdict.lawful is True and verdict.right is False)
    assert verdict.outcome is not Outcome.CANNOT_TELL or verdict.missing
    assert verdict.outcome is Outcome.CANNOT_TELL or verdict.reasons
    assert bool(verdict.duties) == (verdict.outcome is Outcome.PROCEED_WITH_DUTIES)


@settings(max_examples=300, deadline=None)
@given(question=questions())
def test_a_customer_is_captured_only_on_their_own_yes_or_a_legal_duty(question: Question) -> None:
    question = dataclasses.replace(question, act=Act.CAPTURE)
    if decide(RULES, question).proceeds:
        assert question.purpose is not None
        assert question.speaker is not None
        assert (
            question.purpose.basis is LawfulBasis.LEGAL_OBLIGATION
            or question.speaker.role is PartyRole.AGENT
            or question.speaker.answer is Said.GRANTED
        )


@pytest.mark.parametrize(
    "fact",
    ["jurisdictions", "purpose", "speaker", "parties", "pauses", "carries_card_data", "carries_authentication_data"],
)
def test_each_fact_that_capture_needs_is_named_where_it_is_missing(fact: str) -> None:
    places = frozenset({"DE"})
    whole = capture(jurisdictions=places, parties=(customer(), agent(Said.GRANTED)))
    assert decide(RULES, whole).proceeds
    verdict = decide(RULES, without(whole, fact))
    assert verdict.outcome is Outcome.CANNOT_TELL
    assert (fact if fact != "parties" else "everyone") in verdict.missing


def test_reasons_of_a_no_say_what_would_be_right() -> None:
    verdict = decide(RULES, capture(pauses=frozenset({PauseReason.VULNERABLE})))
    (reason,) = verdict.reasons
    assert (verdict.outcome, verdict.lawful, verdict.right) == (Outcome.NOT_RIGHT, True, False)
    assert reason.axis is Axis.HOUSE
    assert reason.instead == "It would be right after the pause has ended."


def test_reasons_of_the_law_cite_it() -> None:
    (reason,) = (each for each in decide(RULES, capture(speaker=customer(Said.WITHDRAWN))).reasons if each.axis is Axis.LAW)
    assert (reason.rule, reason.ground) == ("consent.withdrawal", "GDPR Art. 7(3), 17(1)(b)")


def test_facts_hold_no_ids_and_no_instants() -> None:
    question = capture(call=CallId(new_id()), actor=Actor(id=new_id(), role=Role.SUPERVISOR))
    text = canonical_facts(question).decode()
    assert question.purpose is not None
    assert question.actor is not None
    for identity in (question.purpose.id, question.call, question.actor.id):
        assert str(identity) not in text
    assert "2026" not in text


def test_the_term_is_counted_by_the_day_of_the_question() -> None:
    """Asked before and after midnight, though all else is the same and was weighed already."""
    last = capture(act=Act.TRANSCRIBE, actor=Actor(id=new_id(), role=Role.SYSTEM), last_day=MONDAY.date())
    assert decide(RULES, last).proceeds
    assert decide(RULES, dataclasses.replace(last, at=MONDAY + timedelta(days=1))).outcome is Outcome.UNLAWFUL
    assert decide(RULES, last).proceeds


HOUSE = """
@id("{id}")
@value("testing")
@owner("dpo")
@in_force_from("{since}")
@last_checked("2026-11-02")
@jurisdiction("{place}")
@says("Planted.")
@instead("Take it out.")
{body}
"""


def with_house_rule(body: str, *, since: str = "2026-01-01", place: str = "*", duties: str = "") -> RuleSet:
    text = HOUSE.format(id="house.planted", since=since, place=place, body=f"{duties}\n{body}")
    rules, findings = read_rules("planted.cedar", text, Axis.HOUSE)
    assert findings == []
    return rule_set([*RULES.rules, *rules])


NEVER = "forbid (principal, action, resource);"
ERRS = 'forbid (principal, action == Action::"capture", resource) when { context.purpose.term_days * 9223372036854775807 > 0 };'


def test_a_rule_that_is_not_yet_in_force_does_not_count() -> None:
    rules = with_house_rule(NEVER, since="2026-11-24")
    assert decide(rules, capture()).outcome is Outcome.PROCEED
    tomorrow = decide(rules, capture(at=MONDAY + timedelta(days=1)))
    assert (tomorrow.outcome, tomorrow.reasons[0].rule) == (Outcome.NOT_RIGHT, "house.planted")


def test_a_rule_counts_where_it_holds() -> None:
    rules = with_house_rule(NEVER, place="DE-BY, FR")
    both = (customer(), agent(Said.GRANTED))
    assert decide(rules, capture(jurisdictions=frozenset({"DE"}), parties=both)).outcome is Outcome.PROCEED
    for place in ("DE-BY", "FR"):
        verdict = decide(rules, capture(jurisdictions=frozenset({place}), parties=both))
        assert verdict.outcome is Outcome.NOT_RIGHT


def test_a_rule_that_errs_cannot_tell_and_is_named() -> None:
    verdict = decide(with_house_rule(ERRS), capture())
    assert (verdict.outcome, verdict.lawful, verdict.right) == (Outcome.CANNOT_TELL, True, None)
    assert verdict.missing == ("rule:house.planted",)


def test_a_no_of_the_house_stands_though_another_rule_errs() -> None:
    verdict = decide(with_house_rule(ERRS), capture(pauses=frozenset({PauseReason.OTHER})))
    assert verdict.outcome is Outcome.NOT_RIGHT


def test_an_open_question_of_law_comes_before_the_no_of_the_house() -> None:
    """Whoever overrides the house must not override the law along with it."""
    verdict = decide(RULES, capture(pauses=frozenset({PauseReason.OTHER}), carries_card_data=None))
    assert (verdict.outcome, verdict.lawful, verdict.right) == (Outcome.CANNOT_TELL, None, False)


def test_a_house_permit_adds_its_duties_and_opens_nothing() -> None:
    rules = with_house_rule("permit (principal, action, resource);", duties='@duties("announce, keep_at_most_days=90")')
    verdict = decide(rules, capture())
    assert verdict.outcome is Outcome.PROCEED_WITH_DUTIES
    assert {(duty.kind, duty.days) for duty in verdict.duties} == {
        (DutyKind.ANNOUNCE, None),
        (DutyKind.KEEP_AT_MOST_DAYS, 90),
    }
    assert decide(rules, capture(speaker=customer(Said.UNASKED))).outcome is Outcome.UNLAWFUL


PLANTED = """
@id("{id}")
@cite("An Act, section 1")
@owner("dpo")
@in_force_from("2018-05-25")
@last_checked("2026-11-02")
@jurisdiction("{place}")
@confidence("settled")
@says("Open.")
@instead("Ask.")
{notes}permit (principal, action, resource){when};
"""


def law(*rules: str) -> RuleSet:
    read, findings = read_rules("planted.cedar", "".join(rules), Axis.LAW)
    assert findings == []
    return rule_set(read)


@pytest.mark.parametrize("act", Act)
def test_what_one_place_opens_is_not_open_by_that_in_another_but_for_asking(act: Act) -> None:
    """Each has a pack of its own; that of the second opens nothing here."""
    opens = PLANTED.format(id="one", place="EU", notes="", when="")
    silent = PLANTED.format(id="other", place="US", notes="", when=" when { false }")
    rules, question = law(opens, silent), capture(act=act, last_day=MONDAY.date())
    alone = decide(rules, dataclasses.replace(question, jurisdictions=frozenset({"DK"})))
    both = decide(rules, dataclasses.replace(question, jurisdictions=frozenset({"DK", "US-TX"})))
    assert alone.lawful is True
    assert both.lawful is (act is Act.ASK)
    assert (both.reasons[0].rule, both.reasons[0].places) == (("one", ("DK",)) if act is Act.ASK else ("basis.none", ("US-TX",)))


def test_of_several_terms_to_keep_at_least_the_longest_is_the_duty() -> None:
    terms = (
        PLANTED.format(id=f"keep_{days}", place="EU", notes=f'@duties("keep_at_least_days={days}")\n', when="")
        for days in (100, 300, 200)
    )
    (duty,) = decide(law(*terms), capture()).duties
    assert (duty.kind, duty.days, duty.rule) == (DutyKind.KEEP_AT_LEAST_DAYS, 300, "keep_300")


@pytest.mark.parametrize(
    ("basis", "says"),
    [
        (LawfulBasis.CONTRACT, "It rests on a contract"),
        (LawfulBasis.LEGITIMATE_INTERESTS, "that they may object"),
        (LawfulBasis.PUBLIC_TASK, "It rests on a public task"),
        (LawfulBasis.VITAL_INTERESTS, "life or health"),
        (LawfulBasis.LEGAL_OBLIGATION, "which the register calls wphg"),
    ],
)
def test_where_nobody_is_to_be_asked_it_says_what_it_rests_on(basis: LawfulBasis, says: str) -> None:
    rests = purpose(basis=basis, duty="wphg" if basis is LawfulBasis.LEGAL_OBLIGATION else "")
    speaker = dataclasses.replace(customer(Said.UNASKED), basis=basis)
    verdict = decide(RULES, capture(act=Act.ASK, purpose=rests, speaker=speaker, parties=(speaker, agent())))
    assert (verdict.outcome, verdict.lawful) == (Outcome.UNLAWFUL, False)
    assert says in verdict.reasons[0].instead


def test_what_cannot_be_told_gives_no_permit_as_its_reason() -> None:
    verdict = decide(RULES, capture(review_in_force=None))
    assert (verdict.outcome, verdict.lawful, verdict.reasons) == (Outcome.CANNOT_TELL, True, ())
    assert verdict.missing == ("review_in_force",)


def test_of_several_terms_the_shortest_is_the_duty() -> None:
    text = "".join(
        HOUSE.format(
            id=f"house.term{days}",
            since="2026-01-01",
            place="*",
            body=f'@duties("keep_at_most_days={days}")\npermit (principal, action, resource);',
        )
        for days in (90, 30, 60)
    )
    rules, _ = read_rules("planted.cedar", text, Axis.HOUSE)
    (duty,) = decide(rule_set([*RULES.rules, *rules]), capture()).duties
    assert (duty.days, duty.rule) == (30, "house.term30")
