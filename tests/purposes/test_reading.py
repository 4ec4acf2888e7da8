"""How long a notice takes to say, and how hard it is to follow."""

from statistics import mean

import pytest

from rightcall.purposes.bettering import Known, whole
from rightcall.purposes.cues import cues_of, language_of, languages
from rightcall.purposes.fitting import Wording, fit
from rightcall.purposes.model import MAY_BE_OBJECTED_TO, Keypad, LawfulBasis
from rightcall.purposes.reading import OFFSETS, is_hard, lix, seconds_of, too_late

SORTS = ("training", "quality", "marketing", "proof", "analysis", "fraud", "sharing")
KEYS = (Keypad(yes="1", no="2"), None)
NAME = "Northwind Energy A/S"


def said(language: str, sort: str, keys: Keypad | None) -> str:
    cues = cues_of(language)
    assert cues is not None
    return whole(Known(cues=cues, controller=NAME, title=None, sorts=[sort], keys=keys))


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("keys", KEYS)
def test_the_notice_that_is_proposed_has_no_fault_itself(language: str, sort: str, keys: Keypad | None) -> None:
    text = said(language, sort, keys)
    fitting = fit(Wording(text=text, language=language, keypad=keys, controller=NAME, purpose=None))
    assert [(fault.kind.rule, fault.words) for fault in fitting.faults] == []
    assert language_of(text) == language
    assert fitting.seconds <= 25


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("basis", [basis for basis in LawfulBasis if basis is not LawfulBasis.CONSENT])
def test_where_nobody_is_asked_what_is_proposed_tells_and_has_no_fault(language: str, sort: str, basis: LawfulBasis) -> None:
    cues = cues_of(language)
    assert cues is not None
    text = whole(Known(cues=cues, controller=NAME, title=None, sorts=[sort], keys=None, basis=basis))
    assert "?" not in text
    assert [each.kind.rule for each in fit(Wording(text=text, language=language, controller=NAME, basis=basis)).faults] == []
    asked = fit(Wording(text=said(language, sort, None), language=language, controller=NAME, basis=basis))
    objection = {"tell.no_objection"} if basis in MAY_BE_OBJECTED_TO else set()
    assert {each.kind.rule for each in asked.faults} == {"tell.fake_choice"} | objection
    assert all(each.better for each in asked.faults)
    assert asked.better is not None
    assert "?" not in asked.better


def test_the_offsets_are_those_of_the_same_notice_in_each_language() -> None:
    levels = {
        language: mean(fit(Wording(text=said(language, sort, keys), language=language)).lix for sort in SORTS for keys in KEYS)
        for language in languages()
    }
    assert {language: round(level - levels["en"]) for language, level in levels.items()} == OFFSETS


def test_the_registers_purpose_is_what_is_asked_for() -> None:
    vague = "Darf die Nordwind AG dieses Gespräch aufzeichnen, um unseren Service zu verbessern?"
    for title, asked in (
        ("Improve how we train our agents", "damit neue Kolleginnen und Kollegen daraus lernen?"),
        ("Wegbeschreibung für den Besuch", "Es geht um diesen Zweck: Wegbeschreibung für den Besuch."),
        ("Directions for the visit to us", "damit wir … (eine Sache, konkret)?"),
    ):
        fitting = fit(Wording(text=vague, language="de", controller="Nordwind AG", purpose=title))
        (fault,) = (each for each in fitting.faults if each.kind.rule == "informed.vague_purpose")
        assert fault.better is not None
        assert fault.better.endswith(asked)


def test_a_name_with_braces_is_only_a_name() -> None:
    fitting = fit(Wording(text="Press 1 for yes.", language="en", controller="{yes} {controller}"))
    assert fitting.better is not None
    assert fitting.better.startswith("This is {yes} {controller}. ")


def test_lix_is_words_a_sentence_and_long_words_in_a_hundred() -> None:
    assert lix(["one", "two", "three", "fourteen"], 2) == 2 + 25
    assert lix([], 0) == 0


def test_ten_characters_are_a_second_and_a_figure_is_a_word() -> None:
    assert seconds_of(["a" * 10, "b" * 5]) == 1.5
    assert seconds_of(["30"]) == 0.8
    assert too_late(["a" * 10] * 30) is None
    assert too_late(["a" * 10] * 31) == 30


def test_too_few_words_are_not_judged() -> None:
    assert not is_hard(["considerable"] * 24, 1, "en")
    assert is_hard(["considerable"] * 25, 1, "en")
    assert is_hard(["considerable"] * 25, 1, "fi")
    assert not is_hard(["short"] * 40, 1, "en")
