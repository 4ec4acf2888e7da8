"""What a review must say, who may sign, when it is in force: tables, and what holds for any signatures."""

import contextlib
import json
import time
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightcall.actors import Actor, Role
from rightcall.errors import Malformed, RightcallError
from rightcall.ids import PurposeId, ReviewId, StatementId, new_id
from rightcall.policy.actions import load_rules
from rightcall.policy.model import Act
from rightcall.purposes.model import LawfulBasis, OnWithdrawal, Purpose
from rightcall.purposes.terms import vocabulary
from rightcall.reviews import rules
from rightcall.reviews.checking import LEAST_WORDS, MOST_LETTERS, QUESTIONS, checked
from rightcall.reviews.designing import design_of
from rightcall.reviews.documents import content_of, document_of
from rightcall.reviews.model import (
    Bound,
    Capacity,
    Content,
    Criterion,
    End,
    InForce,
    Newest,
    NotInForce,
    Novelty,
    Observed,
    Signature,
    Volume,
    Why,
)
from rightcall.reviews.rules import MAY_SPEAK, USES
from rightcall.staff.model import Deed
from rightcall.staff.rules import MAY
from tests.cast import MONDAY
from tests.reviews.words import FAIR, FORM, content, somebody

TODAY = MONDAY.date()
SHIPPED = load_rules()
PLACES = frozenset({"EU", "DK"})
PURPOSE = Purpose(
    id=PurposeId(new_id()),
    key="training",
    title="Improve how we train agents",
    justification="New agents learn from real conversations.",
    lawful_basis=LawfulBasis.CONSENT,
    staff_basis=LawfulBasis.LEGITIMATE_INTERESTS,
    data_categories=("pd:VoiceCommunicationRecording",),
    may_use=frozenset({Role.SUPERVISOR}),
    term_days=90,
    dpv_purpose="dpv:PersonnelManagement",
    on_withdrawal=OnWithdrawal.DESTROY,
    created_at=MONDAY,
)


def signature(role: Role, by: Actor | None = None) -> Signature:
    who = by or somebody(role)
    return Signature(by=who, capacity=MAY_SPEAK[role], signed_at=MONDAY, statement=StatementId(new_id()))


def newest(**otherwise: object) -> Newest:
    acts = frozenset({Act.CAPTURE, Act.PLAY})
    bound = Bound(entry=rules.entry_digest(PURPOSE), notices=(b"n" * 32,), rules=rules.rules_digest(SHIPPED, PLACES, acts))
    plain = Newest(
        review=ReviewId(new_id()),
        purpose=PURPOSE.id,
        acts=acts,
        bound=bound,
        expires_on=TODAY,
        active=True,
        design=FAIR,
        ended=None,
        notices_now=bound.notices,
        novel=False,
    )
    return replace(plain, **otherwise)  # type: ignore[arg-type]  # its own fields


@given(st.lists(st.sampled_from(sorted(MAY[Deed.SIGN_REVIEW])), max_size=5))
def test_two_roles_sign_and_one_of_them_for_those_who_could_be_hurt(roles: list[Role]) -> None:
    signed = [signature(role) for role in roles]
    heard = {MAY_SPEAK[role] for role in roles} & {Capacity.FOR_CUSTOMERS, Capacity.FOR_AGENTS}
    assert rules.is_complete(signed) is (len(set(roles)) >= 2 and bool(heard))
    assert bool(rules.still_needed(signed)) is not rules.is_complete(signed)


@given(st.sampled_from(sorted(Role)), st.sampled_from(sorted(Capacity)))
def test_nobody_speaks_for_others_than_their_role_may(role: Role, capacity: Capacity) -> None:
    by, author = somebody(role), somebody(Role.DPO)
    if MAY_SPEAK.get(role) is capacity:
        rules.may_sign(by, capacity, author=author, signatures=())
        return
    with pytest.raises(RightcallError):
        rules.may_sign(by, capacity, author=author, signatures=())


def test_every_role_that_signs_speaks_for_somebody_and_agents_alone_for_agents() -> None:
    assert MAY_SPEAK.keys() == MAY[Deed.SIGN_REVIEW]
    assert [role for role, speaks in MAY_SPEAK.items() if speaks is Capacity.FOR_AGENTS] == [Role.AGENT]


@pytest.mark.parametrize(
    ("criteria", "needed"),
    [
        ((), False),
        (("new_technology",), False),
        (("new_technology", "vulnerable_people"), True),
        (("voice_analytics",), True),
        (("large_scale_monitoring",), True),
        (("special_categories",), True),
        (("systematic_evaluation",), True),
    ],
)
def test_when_an_impact_assessment_is_needed(criteria: tuple[str, ...], needed: bool) -> None:
    declared = content(criteria=frozenset(Criterion(each) for each in criteria)).declared
    assert rules.dpia_needed(declared, PURPOSE.data_categories) is needed


@pytest.mark.parametrize(
    ("declared", "categories", "criteria"),
    [
        ({"acts": frozenset({Act.ANALYSE})}, (), {Criterion.VOICE_ANALYTICS}),
        ({"acts": frozenset({Act.TRAIN_MODEL, Act.SHARE})}, (), {Criterion.NEW_TECHNOLOGY, Criterion.COMBINED_DATA}),
        ({"acts": frozenset({Act.TRAIN_MODEL}), "calls": Volume.MORE}, (), {Criterion.NEW_TECHNOLOGY, Criterion.LARGE_SCALE}),
        ({"acts": frozenset({Act.SHARE}), "calls": Volume.UP_TO_100000}, (), {Criterion.COMBINED_DATA, Criterion.LARGE_SCALE}),
        ({}, ("pd:Health",), {Criterion.SPECIAL_CATEGORIES}),
        ({}, ("pd:VoiceCommunicationRecording", "pd:Biometric"), {Criterion.SPECIAL_CATEGORIES}),
        ({"calls": Volume.UP_TO_10000}, ("pd:VoiceCommunicationRecording",), set()),
    ],
)
def test_nobody_gets_round_an_impact_assessment_by_naming_no_risk(
    declared: dict[str, object], categories: tuple[str, ...], criteria: set[Criterion]
) -> None:
    given = content(**declared).declared
    assert given.criteria == frozenset()
    assert rules.criteria_of(given, categories) == criteria
    assert rules.dpia_needed(given, categories) is bool(criteria)


@pytest.mark.parametrize("named", sorted(rules.SPECIAL))
def test_special_categories_are_named_as_the_register_names_them(named: str) -> None:
    assert named.removeprefix("pd:") in vocabulary().personal_data


@given(st.sets(st.sampled_from(sorted(Criterion))))
def test_one_more_criterion_never_makes_it_less_needed(criteria: set[Criterion]) -> None:
    for fewer in combinations(sorted(criteria), max(0, len(criteria) - 1)):
        more, less = (content(criteria=frozenset(each)).declared for each in (criteria, fewer))
        assert rules.dpia_needed(more, ()) or not rules.dpia_needed(less, ())


@pytest.mark.parametrize(
    ("otherwise", "whys"),
    [
        ({}, ()),
        ({"active": None, "design": None}, (Why.UNSIGNED,)),
        ({"active": False}, (Why.NOT_ACTIVATED,)),
        ({"expires_on": TODAY - timedelta(days=1)}, (Why.EXPIRED,)),
        ({"notices_now": (b"m" * 32,)}, (Why.NOTICE_CHANGED,)),
        ({"notices_now": (b"n" * 32, b"o" * 32)}, (Why.NOTICE_CHANGED,)),
        ({"acts": frozenset({Act.TRANSCRIBE})}, (Why.RULES_CHANGED,)),
        ({"novel": True}, (Why.USE_CHANGED,)),
        ({"novel": True, "notices_now": (b"other words",)}, (Why.NOTICE_CHANGED, Why.USE_CHANGED)),
        ({"ended": End.WITHDRAWN, "novel": True}, (Why.WITHDRAWN,)),
    ],
)
def test_in_force_or_every_reason_why_not(otherwise: dict[str, object], whys: tuple[Why, ...]) -> None:
    found = rules.standing(newest(**otherwise), PURPOSE, rules=SHIPPED, asides=(), places=PLACES, day=TODAY)
    assert (found.whys if isinstance(found, NotInForce) else ()) == whys
    assert isinstance(found, InForce) is not bool(whys)


def test_an_ended_purpose_and_another_place_are_not_what_was_reviewed() -> None:
    ended = rules.standing(newest(), replace(PURPOSE, ended_at=MONDAY), rules=SHIPPED, asides=(), places=PLACES, day=TODAY)
    moved = rules.standing(newest(), PURPOSE, rules=SHIPPED, asides=(), places=frozenset({"EU", "DE"}), day=TODAY)
    assert isinstance(ended, NotInForce)
    assert isinstance(moved, NotInForce)
    assert (ended.whys, moved.whys) == ((Why.PURPOSE_CHANGED,), (Why.RULES_CHANGED,))


def test_every_reason_is_said_with_what_to_do() -> None:
    for why in Why:
        said = rules.says(why)
        assert said.says.endswith(".")
        assert said.instead.endswith(".")


@given(st.integers(min_value=-10, max_value=800))
def test_it_lasts_a_year_at_most(days: int) -> None:
    wanted = TODAY + timedelta(days=days)
    if 0 < days <= rules.MOST_DAYS:
        assert rules.expiry(TODAY, wanted) == wanted
        return
    with pytest.raises(Malformed):
        rules.expiry(TODAY, wanted)


def test_half_a_year_where_nothing_is_said() -> None:
    assert rules.expiry(date(2026, 11, 23), None) == date(2027, 5, 24)


@pytest.mark.parametrize(
    ("calls", "volume"),
    [(0, "up_to_1000"), (1000, "up_to_1000"), (1001, "up_to_10000"), (100_000, "up_to_100000"), (100_001, "more")],
)
def test_classes_of_volume(calls: int, volume: str) -> None:
    assert rules.volume_of(calls) is Volume(volume)


USED = st.sets(st.tuples(st.sampled_from(sorted(Act)), st.sampled_from(sorted(Role))))


@given(USED)
def test_what_a_review_names_is_never_new(used: set[tuple[Act, Role]]) -> None:
    assert rules.unnamed(content(acts=USES, roles=frozenset(Role)), used, 0) == ()


@given(USED, st.none() | st.integers(min_value=0, max_value=10_000_000))
def test_what_is_new_was_seen_and_is_not_named(used: set[tuple[Act, Role]], calls: int | None) -> None:
    whole = content()
    for found in rules.unnamed(whole, used, calls):
        if found.kind is Novelty.VOLUME:
            assert calls is not None
            assert rules.is_more(rules.volume_of(calls), whole.declared.calls)
        else:
            assert found.what in {each for pair in used for each in pair}
            assert found.what not in whole.declared.acts | whole.declared.roles


def test_asking_and_letting_go_need_no_naming() -> None:
    used = {(Act.ASK, Role.AGENT), (Act.ERASE, Role.ENGINEER), (Act.PLAY_HELD, Role.DPO), (Act.CAPTURE, Role.SYSTEM)}
    assert rules.unnamed(content(), used, None) == ()
    assert rules.unnamed(content(), {(Act.PLAY, Role.AGENT)}, None) == (Observed(kind=Novelty.ROLE, what=Role.AGENT),)


def test_words_come_back_as_they_were() -> None:
    assert document_of(content_of(FORM)) == FORM
    assert checked(content()) == content()


def with_answer(name: str, text: str) -> None:
    whole = content()
    checked(replace(whole, answers=replace(whole.answers, **{name: text})))


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        (" \n\t", "is empty"),
        ("Yes.", "says too little"),
        ("yes yes yes yes yes yes yes", "says too little"),
        ("This is still to be decided by somebody in our house", "placeholder"),
        ("We asked somebody at ada@caller.example what they think", "name nobody"),
        ("We asked the caller of +45 32 12 34 56 what they think", "name nobody"),
        ("We asked the holder of card 4111 1111 1111 1111 what they think", "name nobody"),
        ("We asked 010190-1234 of the callers what they think", "name nobody"),
        ("We asked the caller 2079-4609 what they think of this", "name nobody"),
        ("We asked the holder of card 4512-3456 7890-1234 what they think", "name nobody"),
        ("We asked the holder of card 2012-2013 2014-2015 what they think", "name nobody"),
        ("We asked somebody born 19900101 what they think about it", "name nobody"),
        ("We asked ada (at) mail.example what they think about it", "name nobody"),
        ("We asked ada [at] mail [dot] example what they think about it", "name nobody"),
        ("We asked ada @ mail.example what they think about it", "name nobody"),
        ("We asked the caller call 07700_900_123 what they think of it", "name nobody"),
        ("We asked the caller 07700 – 900 – 123 what they think of it", "name nobody"),
        ("We asked the caller tel07700·900·123 what they think of it", "name nobody"),
        ("We asked the caller ０７７００９００１２３ what they think of it", "name nobody"),
        ("We asked the caller 077\u200b009\u200b001\u200b23 what they think of it", "name nobody"),
        ("We asked ada＠example．com what they think about all of it", "name nobody"),
        ("We asked ada_at_example.com what they think about all of it", "name nobody"),
        ("We asked ada at example dot com what they think of it all", "name nobody"),
        ("We asked ada@example . com what they think of it all", "name nobody"),
        ("x1 aa bb cc dd ee", "hardly made of words"),
        ("aaaa bbbb cccc dddd eeee", "hardly made of words"),
        ("Words with a bell \x07 in the middle of a sentence", "control characters"),
        ("word " * MOST_LETTERS + "other words that are five", "too long"),
    ],
)
def test_an_answer_that_is_none_is_refused_and_not_repeated(name: str, text: str, says: str) -> None:
    with pytest.raises(Malformed, match=says) as refused:
        with_answer(name, text)
    assert f"answers.{name}" in str(refused.value)
    assert not text.strip() or text not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "Since 2024-05-01 we keep it for 90 days, as Regulation 2016/679 lets us.",
        "From 2024-05-01 to 2024-06-30 callers were asked, under Regulation 2024/1689 too.",
        "An agent (at the desk) says so, e.g. when a call ends.",
        "Callers said so in the survey of 2025-2026, in all 1,250 of them.",
        "Kunden wissen, dass wir dafür höchstens dreißig Tage brauchen.",
        "Kun de, der har sagt ja, er med.",
        "고객은 이 통화가 녹음된다는 것을 알고 있습니다.",
        "It ends at nine. Dot by dot we look at it, @ the desk. Nobody is named.",
        "From 09:00-17:00 on 2024-05-01 – 2024-06-30, up to 1,250,000 calls.",
    ],
)
def test_days_laws_and_counts_are_nobodys_number(text: str) -> None:
    with_answer("right_thing", text)


@given(st.text(max_size=60))
def test_whatever_is_written_is_taken_whole_or_refused(text: str) -> None:
    try:
        with_answer("what_for", text)
    except Malformed:
        return
    assert len({word.casefold() for word in text.split()}) >= LEAST_WORDS - 1


@pytest.mark.parametrize(
    ("declared", "says"),
    [
        ({"steps_to_accept": 0}, "steps_to_accept"),
        ({"steps_to_decline": 21}, "steps_to_decline"),
        ({"acts": frozenset()}, "declared.acts"),
        ({"acts": frozenset({Act.ERASE})}, "declared.acts"),
        ({"roles": frozenset({Role.SYSTEM})}, "declared.roles"),
        ({"unrecorded_line": ""}, "unrecorded_line"),
        ({"other_proof": "yes"}, "other_proof"),
    ],
)
def test_facts_are_facts(declared: dict[str, object], says: str) -> None:
    with pytest.raises(Malformed, match=says):
        checked(content(**declared))


def test_every_fault_is_said_in_one_round_and_counted_from_one() -> None:
    whole = content(steps_to_accept=0, other_proof="yes")
    harms = (whole.harms[0], replace(whole.harms[1], done="Nothing."))
    with pytest.raises(Malformed) as refused:
        checked(replace(whole, harms=harms, answers=replace(whole.answers, what_for="", need_all="All.")))
    lines = str(refused.value).splitlines()
    for each in ("answers.what_for is empty", "answers.need_all says too little", "Number 2 of harms, done says too little"):
        assert any(line.startswith(each) for line in lines)
    assert any("declared.other_proof says too little. Answer it in 3 different words or more." in line for line in lines)
    assert any("declared.steps_to_accept" in line for line in lines)
    assert len(lines) == 5


def test_one_text_is_no_answer_to_several_questions() -> None:
    whole = content()
    same = replace(whole.answers, need_all=f" {whole.answers.what_for.upper()}!", right_thing=whole.answers.what_for)
    with pytest.raises(Malformed) as refused:
        checked(replace(whole, answers=same))
    lines = str(refused.value).splitlines()
    assert [line.split(".", 2)[1].split()[0] for line in lines] == ["need_all", "right_thing"]
    assert all("says the same as answers.what_for" in line for line in lines)


def test_the_same_may_be_done_about_two_harms() -> None:
    whole = content()
    assert len(whole.harms) == 2
    checked(replace(whole, harms=tuple(replace(each, done=whole.harms[0].done) for each in whole.harms)))


def test_a_review_of_no_words_is_refused_at_every_question() -> None:
    with pytest.raises(Malformed) as refused:
        checked(said_everywhere("x1 aa bb cc dd ee"))
    told = str(refused.value)
    for place in (*(f"answers.{name}" for name in QUESTIONS), "Number 2 of harms, done", "Number 1 of alternatives, what"):
        assert f"{place} is hardly made of words" in told


def test_what_is_long_is_read_in_no_time() -> None:
    for piece in ("_at_", "a", "@a", "1 2 ", "at dot ", "\u0345"):
        started = time.perf_counter()
        with contextlib.suppress(Malformed):
            with_answer("what_for", ("words that were said by somebody here " + piece * MOST_LETTERS)[:MOST_LETTERS])
        assert time.perf_counter() - started < 1


def said_everywhere(text: str) -> Content:
    document = json.loads(json.dumps(FORM))
    for part in ("answers", "balancing", "impact"):
        document[part] = dict.fromkeys(document[part], text)
    document["harms"] = [each | {"who": text, "how": text, "done": text} for each in document["harms"]]
    document["alternatives"] = [each | {"what": text, "why": text} for each in document["alternatives"]]
    return content_of(document)


def test_somebody_could_be_hurt_and_something_would_need_less() -> None:
    with pytest.raises(Malformed, match="harms"):
        checked(replace(content(), harms=()))
    with pytest.raises(Malformed, match="alternatives"):
        checked(replace(content(), alternatives=()))


def test_a_purpose_for_which_nothing_is_captured_takes_no_agents_line_away() -> None:
    captures = content(unrecorded_line=None, acts=frozenset({Act.CAPTURE, Act.PLAY}))
    reads = content(unrecorded_line=None, acts=frozenset({Act.READ}))
    assert not design_of(captures, PURPOSE, [], "Rightcall").unrecorded_line
    assert design_of(reads, PURPOSE, [], "Rightcall").unrecorded_line
