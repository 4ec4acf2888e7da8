"""One sentence more: no fair one is refused, and what bad ones come through is counted and stated."""

from itertools import chain
from pathlib import Path

import pytest

from rightcall.purposes.cues import languages
from rightcall.purposes.faults import OF_WORDING, VOID
from tests.notices.clauses import PARTS, clauses, found_with, heard, said_of

KINDS = {kind.rule for kind in OF_WORDING}


def test_no_fair_sentence_that_is_known_is_refused_or_doubted() -> None:
    known = heard("tuning")
    assert known.refused == []
    assert known.doubted == []
    assert known.fair >= 480


def test_what_is_known_to_come_through_is_little() -> None:
    known = heard("tuning")
    assert known.bad >= 580
    assert known.passed == []
    assert known.not_refused == []


def test_what_was_never_learnt_from() -> None:
    """Not changed after it was measured, and the cues not by it. It says how the reader does on words that it does not know."""
    unknown = heard("held_out")
    assert (unknown.fair, unknown.bad) == (40, 40)
    assert len(unknown.refused) <= 1
    assert len(unknown.passed) <= 10
    later = heard("held_out_again")
    assert (later.fair, later.bad) == (48, 72)
    assert len(later.refused) <= 1
    assert len(later.passed) <= 6


def test_a_sentence_is_found_by_the_rule_that_it_breaks() -> None:
    known = clauses("tuning")
    missed = [
        sentence
        for language, each in known.items()
        for rule, sentences in each.bad.items()
        for sentence in sentences
        if rule not in found_with(language, each.notice, sentence)
    ]
    assert missed == []


@pytest.mark.parametrize("part", PARTS)
def test_every_language_has_its_sentences_and_a_notice_without_fault(part: str) -> None:
    known = clauses(part)
    assert tuple(sorted(known)) == languages()
    for language, each in known.items():
        assert found_with(language, each.notice, "") == frozenset()
        assert set(each.bad) <= KINDS
        assert set(each.bad) >= VOID
        assert len(each.fair) >= 5


@pytest.mark.parametrize("part", PARTS)
def test_the_reference_states_it(part: str) -> None:
    stated = (Path(__file__).parents[2] / "docs" / "reference" / "notices.md").read_text(encoding="utf-8")
    assert said_of(part) in " ".join(stated.split())


def test_no_sentence_is_in_two_parts() -> None:
    said = [s for part in PARTS for each in clauses(part).values() for s in (*each.fair, *chain(*each.bad.values()))]
    assert len(said) == len(set(said))
