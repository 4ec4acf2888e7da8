"""Every word of a package is there in every language, and is filled in with the same."""

import re
from itertools import product

import pytest

from rightcall.actors import PartyRole, Role
from rightcall.consent.model import Answer
from rightcall.design.tongues import NAMES
from rightcall.holdings.model import HoldingKind, Source
from rightcall.policy.model import Outcome
from rightcall.policy.situations import HoldReason
from rightcall.purposes.model import LawfulBasis
from rightcall.recordings.model import Cut, Happening
from rightcall.recordings.model import Why as Closed
from rightcall.requests.packages.model import Became, Why
from rightcall.requests.packages.processors import Came
from rightcall.requests.packages.sheets import words_for
from rightcall.subjects.model import IdentifierKind
from rightcall.vault.model import DarkReason

_NAMED = re.compile(r"\{(\w+)\}")
GROUPS = {
    "kind": HoldingKind,
    "source": Source,
    "role": Role,
    "party": PartyRole,
    "basis": LawfulBasis,
    "answer": Answer,
    "outcome": Outcome,
    "state": Became,
    "processor": Came,
    "hold": HoldReason,
    "identifier": IdentifierKind,
}


@pytest.mark.parametrize("language", sorted(NAMES))
def test_each_language_says_the_same_things(language: str) -> None:
    english, theirs = words_for("en").texts, words_for(language).texts
    assert theirs.keys() == english.keys()
    for path, text in english.items():
        assert set(_NAMED.findall(theirs[path])) == set(_NAMED.findall(text)), path


@pytest.mark.parametrize("language", sorted(NAMES))
def test_every_word_that_a_thing_may_bring_is_written(language: str) -> None:
    words = words_for(language)
    missing = [(group, each.value) for group, kind in GROUPS.items() for each in kind if not words.has(group, each.value)]
    missing += [("reason", each.value) for each in (*Why, *DarkReason) if not words.has("reason", each.value)]
    missing += [
        ("ended", each.value) for each in DarkReason if each is not DarkReason.WITHHELD and not words.has("ended", each.value)
    ]
    assert not missing


def test_no_language_is_another_by_mistake() -> None:
    titles = {language: words_for(language).texts["take_says"] for language in sorted(NAMES)}
    assert all(titles[one] != titles[other] for one, other in product(titles, titles) if one != other)


@pytest.mark.parametrize("language", sorted(NAMES))
def test_whatever_happens_in_a_call_is_said_in_words(language: str) -> None:
    words = words_for(language)
    assert [each.value for each in Happening if not words.has("happening", each.value)] == []
    assert {each.value for each in (*Closed, *Cut) if not words.has("because", each.value)} == set()
