"""What a yes is worth, from facts: tables, and what holds for all facts. A bad finding never makes a yes better; what is not
known is never taken for good."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightcall.consent.model import Answer, Channel, Quality, Steps, Told
from rightcall.consent.quality.languages import is_same_language, language_of
from rightcall.consent.quality.model import ChoiceFacts, Finding, Weighed
from rightcall.consent.quality.rules import (
    _HOLDS,
    KINDS,
    PERSONAL,
    checked_told,
    impersonal,
    says_the_same,
    weigh,
    worst,
)
from rightcall.errors import Malformed
from rightcall.purposes.faults import OF_ANY_LANGUAGE, OF_WORDING, VOID, FaultKind, Severity
from tests.cast import MONDAY

VALID, DOUBTFUL, VOIDED = Quality.VALID, Quality.DOUBTFUL, Quality.VOID
ORDER = [VALID, DOUBTFUL, VOIDED]
FAULTS = [*OF_ANY_LANGUAGE, *OF_WORDING]


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


GOOD = ChoiceFacts(
    answer=Answer.GRANTED,
    channel=Channel.KEYPAD,
    wording=(),
    spoken_seconds=10,
    notice_language="en",
    party_language="en",
    call_language="en",
    since_ask=seconds(14),
    since_spoken_from=seconds(14),
    spoken_for=seconds(10),
    before_spoken_until=seconds(-4),
    steps=Steps(yes=1, no=1),
)


def fault(rule: str) -> FaultKind:
    return next(each for each in FAULTS if each.rule == rule)


def of_severity(severity: Severity) -> FaultKind:
    return next(each for each in FAULTS if each.severity is severity and each.rule not in VOID)


def test_a_yes_that_nothing_speaks_against_is_valid() -> None:
    assert weigh(GOOD) == Weighed(quality=VALID, findings=(), faults=())


@pytest.mark.parametrize("answer", [Answer.REFUSED, Answer.WITHDRAWN])
def test_a_no_is_never_weighed(answer: Answer) -> None:
    worst_facts = replace(GOOD, answer=answer, wording=None, pressure=True, child=True, noes_before=9, steps=None)
    assert weigh(worst_facts) == Weighed(quality=VALID, findings=(), faults=())


ALONE: list[tuple[dict[str, Any], Finding, Quality]] = [
    ({"wording": (fault("choice.opt_out"),)}, Finding.WORDING_VOID, VOIDED),
    ({"wording": (fault("choice.conditional"),)}, Finding.WORDING_VOID, VOIDED),
    ({"wording": (of_severity(Severity.WRONG),)}, Finding.WORDING_WRONG, DOUBTFUL),
    ({"wording": (of_severity(Severity.WEAK),)}, Finding.WORDING_WEAK, DOUBTFUL),
    ({"wording": (of_severity(Severity.CANNOT_TELL),)}, Finding.WORDING_NOT_READ, DOUBTFUL),
    ({"wording": None}, Finding.WORDING_NOT_READ, DOUBTFUL),
    ({"yeses_at_once": 1}, Finding.BUNDLED_AT_ONCE, DOUBTFUL),
    ({"party_language": "da"}, Finding.LANGUAGE_NOT_THEIRS, VOIDED),
    ({"party_language": None, "call_language": "da"}, Finding.LANGUAGE_NOT_OF_CALL, DOUBTFUL),
    ({"party_language": None, "call_language": None}, Finding.LANGUAGE_NOT_KNOWN, DOUBTFUL),
    ({"noes_before": 1}, Finding.ASKED_AGAIN, DOUBTFUL),
    ({"since_no_elsewhere": timedelta(days=7), "noes_elsewhere": 1}, Finding.ASKED_AGAIN_SOON, DOUBTFUL),
    ({"since_no_elsewhere": timedelta(days=8), "noes_elsewhere": 3}, Finding.ASKED_AGAIN_OFTEN, VOIDED),
    ({"since_spoken_from": seconds(4.9), "before_spoken_until": None}, Finding.TOO_FAST, VOIDED),
    ({"spoken_for": seconds(4)}, Finding.TOO_FAST, VOIDED),
    ({"since_spoken_from": seconds(8), "before_spoken_until": seconds(2)}, Finding.BEFORE_THE_END, DOUBTFUL),
    (
        {"since_spoken_from": None, "spoken_for": None, "before_spoken_until": None, "since_ask": seconds(9)},
        Finding.TIME_NOT_KNOWN,
        DOUBTFUL,
    ),
    ({"since_ask": seconds(9), "since_spoken_from": seconds(11.1)}, Finding.TIME_NOT_KNOWN, DOUBTFUL),
    ({"since_ask": seconds(0.05), "since_spoken_from": seconds(3600)}, Finding.TIME_NOT_KNOWN, DOUBTFUL),
    ({"channel": Channel.WEB, "since_ask": seconds(3)}, Finding.TIME_NOT_KNOWN, DOUBTFUL),
    ({"party_language": "und", "call_language": "zxx"}, Finding.LANGUAGE_NOT_KNOWN, DOUBTFUL),
    ({"notice_language": "mul"}, Finding.LANGUAGE_NOT_KNOWN, DOUBTFUL),
    ({"channel": Channel.API, "since_ask": seconds(0)}, Finding.TIME_NOT_KNOWN, DOUBTFUL),
    ({"steps": Steps(yes=1, no=2)}, Finding.NO_IS_HARDER, VOIDED),
    ({"steps": None}, Finding.PATHS_NOT_KNOWN, DOUBTFUL),
    ({"pressure": True}, Finding.PRESSURE_NOTED, VOIDED),
    ({"child": True}, Finding.CHILD, VOIDED),
    ({"distress": True}, Finding.IN_DISTRESS, DOUBTFUL),
    ({"purpose_ended": True}, Finding.PURPOSE_ENDED, DOUBTFUL),
    ({"words_changed": True}, Finding.WORDS_CHANGED, DOUBTFUL),
    ({"detriment_found": True}, Finding.DETRIMENT_FOUND, DOUBTFUL),
    ({"void_before_restore": True}, Finding.VOID_BEFORE_RESTORE, VOIDED),
]


@pytest.mark.parametrize(("changed", "finding", "quality"), ALONE, ids=[str(each[1]) for each in ALONE])
def test_each_finding_alone(changed: dict[str, Any], finding: Finding, quality: Quality) -> None:
    weighed = weigh(replace(GOOD, **changed))
    assert (weighed.findings, weighed.quality) == ((finding,), quality)


def test_two_noes_before_are_both_findings_and_void() -> None:
    weighed = weigh(replace(GOOD, noes_before=2))
    assert (weighed.findings, weighed.quality) == ((Finding.ASKED_AGAIN, Finding.WORN_DOWN), VOIDED)


@pytest.mark.parametrize(
    "changed",
    [
        {"party_language": "en-GB"},
        {"party_language": "eng"},
        {"party_language": "und", "call_language": "eng"},
        {"party_language": None, "call_language": "eng-GB"},
        {"since_ask": seconds(9), "since_spoken_from": seconds(11)},
        {"party_language": None, "call_language": "en-US"},
        {"since_no_elsewhere": timedelta(days=8), "noes_elsewhere": 2},
        {"since_spoken_from": None, "spoken_for": None, "before_spoken_until": None, "since_ask": seconds(10)},
        {"channel": Channel.WEB, "since_ask": seconds(3.5), "since_spoken_from": None, "spoken_for": None},
        {"steps": Steps(yes=2, no=1)},
    ],
)
def test_what_is_no_finding(changed: dict[str, Any]) -> None:
    assert weigh(replace(GOOD, **changed)).quality is VALID


def test_every_finding_says_what_it_is_and_where_that_is_written_and_none_is_harmless() -> None:
    assert set(KINDS) == set(Finding)
    assert set(_HOLDS) | {Finding.ABOUT_THE_PERSON} == set(Finding)
    covered = {finding for _, finding, _ in ALONE} | {Finding.WORN_DOWN, Finding.ABOUT_THE_PERSON}
    assert covered == set(Finding)
    for kind in KINDS.values():
        assert kind.weight is not VALID
        assert kind.says.endswith(".")
        assert "GDPR Art." in kind.cite or "GDPR Rec." in kind.cite


@pytest.mark.parametrize("each", FAULTS, ids=[each.rule for each in FAULTS])
def test_every_fault_that_the_checker_of_words_knows_counts(each: FaultKind) -> None:
    weighed = weigh(replace(GOOD, wording=(each,)))
    assert weighed.quality is (VOIDED if each.rule in VOID else DOUBTFUL)
    assert weighed.faults == (each.rule,)


def test_the_faults_behind_the_wording_are_named() -> None:
    wording = (fault("choice.opt_out"), of_severity(Severity.WRONG))
    assert weigh(replace(GOOD, wording=wording)).faults == tuple(sorted(each.rule for each in wording))


durations = st.one_of(st.none(), st.integers(-20, 40).map(seconds))
FACTS = st.builds(
    ChoiceFacts,
    answer=st.just(Answer.GRANTED),
    channel=st.sampled_from([Channel.KEYPAD, Channel.VOICE_HEARD_BY_AGENT, Channel.WEB, Channel.API]),
    wording=st.one_of(st.none(), st.lists(st.sampled_from(FAULTS), max_size=3).map(tuple)),
    spoken_seconds=st.integers(0, 30),
    notice_language=st.one_of(st.none(), st.sampled_from(["en", "da"])),
    party_language=st.one_of(st.none(), st.sampled_from(["en", "da"])),
    call_language=st.one_of(st.none(), st.sampled_from(["en", "da"])),
    noes_before=st.integers(0, 3),
    noes_elsewhere=st.integers(0, 4),
    since_no_elsewhere=st.one_of(st.none(), st.integers(0, 40).map(lambda days: timedelta(days=days))),
    since_ask=durations,
    since_spoken_from=durations,
    spoken_for=durations,
    before_spoken_until=durations,
    yeses_at_once=st.integers(0, 2),
    steps=st.one_of(st.none(), st.builds(Steps, yes=st.integers(1, 3), no=st.integers(1, 3))),
    pressure=st.booleans(),
    child=st.booleans(),
    distress=st.booleans(),
    purpose_ended=st.booleans(),
    words_changed=st.booleans(),
    detriment_found=st.booleans(),
    void_before_restore=st.booleans(),
)
WORSE: list[tuple[str, Any]] = [
    ("yeses_at_once", 1),
    ("noes_before", 3),
    ("noes_elsewhere", 4),
    ("since_no_elsewhere", timedelta(0)),
    ("before_spoken_until", seconds(1)),
    ("since_spoken_from", seconds(-1)),
    ("steps", Steps(yes=1, no=2)),
    *((name, True) for name in ("pressure", "child", "distress", "purpose_ended", "words_changed", "detriment_found")),
    ("void_before_restore", True),
]


def no_better(before: ChoiceFacts, after: ChoiceFacts) -> bool:
    return ORDER.index(weigh(after).quality) >= ORDER.index(weigh(before).quality)


@given(FACTS, st.sampled_from(WORSE))
def test_a_bad_fact_never_makes_a_yes_better(facts: ChoiceFacts, worse: tuple[str, Any]) -> None:
    assert no_better(facts, replace(facts, **dict([worse])))


@given(FACTS, st.sampled_from(FAULTS))
def test_another_fault_in_the_words_never_makes_a_yes_better(facts: ChoiceFacts, more: FaultKind) -> None:
    assert no_better(replace(facts, wording=facts.wording or ()), replace(facts, wording=(*(facts.wording or ()), more)))


@given(FACTS, st.sampled_from(["wording", "notice_language", "steps", "since_ask"]))
def test_what_is_not_known_is_never_valid(facts: ChoiceFacts, name: str) -> None:
    gone: dict[str, Any] = {name: None}
    unknown = replace(facts, **gone)
    if name == "since_ask":
        unknown = replace(unknown, since_spoken_from=None)
    assert weigh(unknown).quality is not VALID


@given(FACTS)
def test_the_quality_is_that_of_the_heaviest_finding_and_valid_without_one(facts: ChoiceFacts) -> None:
    weighed = weigh(facts)
    assert weighed.quality is worst(*(KINDS[each].weight for each in weighed.findings))
    assert (weighed.quality is VALID) == (weighed.findings == ())


@given(FACTS)
def test_what_is_written_down_for_good_names_nothing_about_the_person_and_keeps_the_quality(facts: ChoiceFacts) -> None:
    weighed = weigh(facts)
    written = impersonal(weighed)
    assert not PERSONAL & set(written.findings)
    assert (Finding.ABOUT_THE_PERSON in written.findings) == bool(PERSONAL & set(weighed.findings))
    assert (written.quality, written.faults) == (weighed.quality, weighed.faults)


@pytest.mark.parametrize(
    "told",
    [
        Told(spoken_from=MONDAY),
        Told(spoken_until=MONDAY),
        Told(spoken_from=MONDAY, spoken_until=MONDAY - seconds(1)),
        Told(spoken_from=MONDAY, spoken_until=MONDAY),
        Told(spoken_from=MONDAY + seconds(1), spoken_until=MONDAY + seconds(2)),
        Told(steps=Steps(yes=0, no=1)),
        Told(party_language="not a language"),
    ],
)
def test_what_cannot_be_so_is_a_mistake(told: Told) -> None:
    with pytest.raises(Malformed):
        checked_told(told, MONDAY)


def test_a_question_may_still_be_spoken_while_it_is_told() -> None:
    told = Told(party_language="DA", spoken_from=MONDAY, spoken_until=MONDAY + seconds(9))
    assert checked_told(told, MONDAY) == replace(told, party_language="da")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("en", "en-GB", True),
        ("EN-us", "en", True),
        ("da", "de", False),
        ("eng", "en", True),
        ("dan", "da", True),
        ("ger", "deu-CH", True),
        ("nb", "no", True),
        ("nn", "nb-NO", True),
        ("nob", "nor", True),
        ("cmn-Hant", "zh", True),
        ("iw", "heb", True),
        ("nb", "da", False),
        ("yue", "zh", False),
        ("hr", "sr", False),
    ],
)
def test_languages(one: str, other: str, same: bool) -> None:
    assert is_same_language(one, other) == is_same_language(other, one) == same


@pytest.mark.parametrize("tag", ["und", "mul", "mis", "zxx-DK"])
def test_tags_that_name_no_language(tag: str) -> None:
    assert language_of(tag) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("May we record? Press 1.", "may we record -- press 1", True),
        ("May we record to train?", "May we record to sell?", False),
        ("May we record?", "May we record you?", False),
    ],
)
def test_words_that_changed(one: str, other: str, same: bool) -> None:
    assert says_the_same(one, other) == same
