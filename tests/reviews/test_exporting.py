"""The impact assessment and the balancing test: what they say is so, what is not known is said, and words stay words."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from rightcall.actors import SYSTEM, Role
from rightcall.canonical import canonical_json
from rightcall.database.connection import Transaction
from rightcall.ids import ReviewId
from rightcall.policy.model import Act, RuleSet
from rightcall.purposes.model import Purpose
from rightcall.reviews import actions as reviews
from rightcall.reviews.checking import QUESTIONS
from rightcall.reviews.exporting import Kind, document_for
from rightcall.reviews.model import Capacity, NewReview
from rightcall.reviews.page import page
from tests.conftest import FixedClock
from tests.reviews.conftest import WORDS, publish
from tests.reviews.test_actions import use
from tests.reviews.words import FORM, content, reviewed, somebody

KINDS = list(Kind)


class Reader(HTMLParser):
    """The words of a page, and what it would load or run."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.reaches: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br"):
            self.open.append(tag)
        self.reaches += [tag] if tag in ("script", "link", "img", "iframe", "object") else []
        self.reaches += [name for name, _ in attrs if name in ("src", "href", "style") or name.startswith("on")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(document: dict[str, Any]) -> Reader:
    reader = Reader()
    reader.feed(page(document))
    assert reader.open == []
    return reader


def export(tx: Transaction, clock: FixedClock, rules: RuleSet, review: ReviewId, kind: Kind) -> dict[str, Any]:
    return dict(document_for(tx, clock, rules, review, kind))


def made(tx: Transaction, clock: FixedClock, rules: RuleSet, training: Purpose, kind: Kind) -> dict[str, Any]:
    review = reviewed(tx, clock, training.id, rules).review.id
    return export(tx, clock, rules, review, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_written_and_what_the_system_knows_stand_in_both_forms(
    tx: Transaction, clock: FixedClock, rules: RuleSet, training: Purpose, kind: Kind
) -> None:
    use(tx, clock, rules, training, Act.CAPTURE, Role.SYSTEM)
    document = made(tx, clock, rules, training, kind)
    assert canonical_json(document)
    assert [each["question"] for each in document["description"]["answers"]] == list(QUESTIONS.values())
    assert document["review"]["stage"] == "in_force"
    assert {each["role"] for each in document["signatures"]} == {"agent", "dpo"}
    assert document["verdicts"]["counts"][0]["count"] == 1
    words = " ".join(read(document).words)
    for text in (
        FORM["answers"]["said_aloud"],
        FORM["harms"][0]["how"],
        WORDS,
        document["review"]["digest"],
        *document["unknown"],
    ):
        assert text in words
    own = FORM["impact"] if kind is Kind.DPIA else FORM["balancing"]
    assert all(text in words for text in own.values())


def test_what_nobody_knows_is_said_and_not_filled_in(
    tx: Transaction, clock: FixedClock, rules: RuleSet, training: Purpose
) -> None:
    bare = replace(content(), impact=None, balancing=None)
    review = reviews.draft(tx, clock, rules, NewReview(purpose=training.id, content=bare), by=SYSTEM)
    reviews.sign(tx, clock, rules, review.id, Capacity.FOR_THE_HOUSE, by=somebody(Role.SUPERVISOR))
    dpia, lia = (export(tx, clock, rules, review.id, kind) for kind in KINDS)
    assert (dpia["measures"], dpia["consultation"], lia["balancing"]) == (None, {"dpo": None, "people_concerned": None}, None)
    assert (dpia["verdict"], dpia["verdicts"]) == (None, None)
    for document, says in ((dpia, "No impact assessment was written"), (lia, "No balancing test was written")):
        unknown = " ".join(document["unknown"])
        for each in (says, "No verdict was given", "signed for customers", "signed for agents", "was not asked yet"):
            assert each in unknown
        assert "Not written." in " ".join(read(document).words)


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_reaches_nothing_and_runs_nothing_whatever_was_written(
    tx: Transaction, clock: FixedClock, rules: RuleSet, training: Purpose, kind: Kind
) -> None:
    evil = '<script>alert("x")</script> <img src=x onerror=alert(1)> & four more words here'
    whole = content()
    answers = replace(whole.answers, what_for=evil)
    new = NewReview(purpose=training.id, content=replace(whole, answers=answers))
    review = reviews.draft(tx, clock, rules, new, by=SYSTEM)
    document = export(tx, clock, rules, review.id, kind)
    reader = read(document)
    assert reader.reaches == []
    assert evil in reader.words
    assert not re.search(r"url\(|@import|https?:", page(document))


def test_an_export_after_the_words_changed_says_so(tx: Transaction, clock: FixedClock, rules: RuleSet, training: Purpose) -> None:
    review = reviewed(tx, clock, training.id, rules).review.id
    from_then = export(tx, clock, rules, review, Kind.DPIA)
    assert not [each for each in from_then["unknown"] if "other words" in each]
    publish(tx, clock, training, WORDS + " Thank you.")
    now = export(tx, clock, rules, review, Kind.DPIA)
    assert now["review"]["stage"] == "lapsed"
    assert [each for each in now["unknown"] if "other words" in each]
