"""The impact assessment and the balancing test: what they say is so, what is not known is said, and words stay words."""

import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest

from rightcall.actors import SYSTEM, Role
from rightcall.canonical import canonical_json
from rightcall.database.connection import Transaction
from rightcall.ids import ReviewId
from rightcall.policy import actions as policy
from rightcall.policy.model import Act, RuleSet
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import LawfulBasis, Purpose
from rightcall.reviews import actions as reviews
from rightcall.reviews.checking import QUESTIONS
from rightcall.reviews.documents import document_of
from rightcall.reviews.exporting import Kind, document_for
from rightcall.reviews.model import Capacity, Criterion, NewReview
from rightcall.reviews.observed import actions as observed
from rightcall.reviews.page import page
from rightcall.vault.actions import Vault
from tests.conftest import FixedClock
from tests.reviews.conftest import WORDS, publish, register
from tests.reviews.test_actions import done, in_force, use
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


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_company_wrote_is_marked_as_of_its_language_and_each_notice_as_of_its_own(
    tx: Transaction, clock: FixedClock, rules: RuleSet, training: Purpose, kind: Kind
) -> None:
    review = reviewed(tx, clock, training.id, rules).review.id
    document = export(tx, clock, rules, review, kind)
    assert "<span lang" not in page(document), "English, as the headings are"
    document["controller"]["language"] = "da-DK"
    document["notices"][0]["language"] = "sv"
    shown = page(document)
    assert '<html lang="en">' in shown
    assert f'<p><span lang="da-DK">{training.title}</span></p>' in shown
    assert '<blockquote lang="sv">' in shown
    assert not re.findall(r'<h[123]>[^<]*<span lang="da', shown), "headings are ours"


def test_an_export_after_the_words_changed_says_so(tx: Transaction, clock: FixedClock, rules: RuleSet, training: Purpose) -> None:
    review = reviewed(tx, clock, training.id, rules).review.id
    from_then = export(tx, clock, rules, review, Kind.DPIA)
    assert not [each for each in from_then["unknown"] if "other words" in each]
    publish(tx, clock, training, WORDS + " Thank you.")
    now = export(tx, clock, rules, review, Kind.DPIA)
    assert now["review"]["stage"] == "lapsed"
    assert [each for each in now["unknown"] if "other words" in each]


def words_of(document: dict[str, Any]) -> str:
    return " ".join(read(document).words)


@pytest.mark.parametrize("kind", KINDS)
def test_every_part_of_a_review_is_in_the_json_and_on_the_page(
    tx: Transaction, clock: FixedClock, rules: RuleSet, training: Purpose, kind: Kind
) -> None:
    history = reviewed(tx, clock, training.id, rules)
    document = export(tx, clock, rules, history.review.id, kind)
    written = document_of(history.review.content)
    assert document["description"]["declared"] == written["declared"]
    assert document["risks"] == written["harms"]
    assert document["balancing"] == written["balancing"]
    alternatives = document["necessity"]["alternatives"] if kind is Kind.DPIA else document["alternatives"]
    assert alternatives == written["alternatives"]
    assert document["review"]["author"] == {"role": SYSTEM.role.value, "id": str(SYSTEM.id)}
    assert history.opening is not None
    grounds = [each.ground for each in policy.get(tx, history.opening.verdict).verdict.reasons]
    assert grounds
    assert [each["ground"] for each in document["verdict"]["reasons"]] == grounds
    words = words_of(document)
    bound = document["review"]["bound"]
    for text in (
        *grounds,
        *(each[part] for each in FORM["harms"] for part in ("how", "done")),
        *(FORM["alternatives"][0][part] for part in ("what", "why")),
        FORM["declared"]["unrecorded_line"],
        FORM["declared"]["other_proof"],
        *FORM["balancing"].values(),
        *(each["signer"] for each in document["signatures"]),
        *(each["digest"] for each in document["notices"]),
        *(bound["register_entry"], bound["rules"], document["verdict"]["rule_set"], str(SYSTEM.id)),
        "DK, EU",
    ):
        assert text in words
    assert len(document["signatures"]) == 2


def test_a_page_has_no_machine_words_no_fractions_and_nothing_instead_of_a_yes(
    tx: Transaction, clock: FixedClock, rules: RuleSet, training: Purpose
) -> None:
    clock.at = clock.at.replace(microsecond=123456)
    document = made(tx, clock, rules, training, Kind.DPIA)
    assert document["verdict"]["outcome"] == "proceed"
    words = words_of(document)
    for machine in (
        "up_to_1000",
        "in_force",
        "for_customers",
        "for_agents",
        "in_part",
        "dpv:",
        "pd:",
        "123456",
        "+00:00",
        "Instead",
    ):
        assert machine not in words
    for plain in ("up to 1,000", "in force", "for customers", "voice communication recording"):
        assert plain in words


def test_a_no_says_what_to_do_instead_and_what_is_not_known(
    tx: Transaction, clock: FixedClock, rules: RuleSet, training: Purpose
) -> None:
    document = made(tx, clock, rules, training, Kind.DPIA)
    for outcome in ("not_right", "unlawful", "cannot_tell"):
        document["verdict"] = {**document["verdict"], "outcome": outcome, "missing": ["design.assessed"]}
        words = words_of(document)
        assert "Instead" in words
        assert "design.assessed" in words


@pytest.mark.parametrize(
    ("declared", "needed", "criteria"),
    [
        ({}, False, []),
        ({"criteria": frozenset({Criterion.VOICE_ANALYTICS})}, True, ["voice_analytics"]),
        ({"acts": frozenset({Act.ANALYSE})}, True, ["voice_analytics"]),
    ],
)
def test_whether_the_law_asks_for_it_is_said(
    tx: Transaction,
    clock: FixedClock,
    rules: RuleSet,
    training: Purpose,
    declared: dict[str, Any],
    needed: bool,
    criteria: list[str],
) -> None:
    bare = replace(content(**declared), impact=None, balancing=None)
    review = reviews.draft(tx, clock, rules, NewReview(purpose=training.id, content=bare), by=SYSTEM)
    dpia = export(tx, clock, rules, review.id, Kind.DPIA)
    assert (dpia["needed"], dpia["criteria"]) == (needed, criteria)
    words = words_of(dpia)
    assert ("Not needed here" in words) is not needed
    assert ("voice analytics" in words) is needed
    assert "No balancing test was written." in dpia["unknown"]
    assert dpia["legitimate_interests"] is True
    assert export(tx, clock, rules, review.id, Kind.LIA)["needed"] is True


def test_where_nothing_rests_on_an_interest_no_balancing_is_asked_for(tx: Transaction, clock: FixedClock, rules: RuleSet) -> None:
    yes = register(tx, clock, "lessons", staff_basis=LawfulBasis.CONSENT)
    bare = replace(content(), balancing=None)
    review = reviews.draft(tx, clock, rules, NewReview(purpose=yes.id, content=bare), by=SYSTEM)
    dpia, lia = (export(tx, clock, rules, review.id, kind) for kind in KINDS)
    assert (dpia["legitimate_interests"], lia["needed"]) == (False, False)
    assert "No balancing test was written." not in dpia["unknown"]
    assert "The legitimate interest" not in words_of(dpia)


def test_what_changed_since_and_what_it_does_not_name_is_said(
    tx: Transaction, vault: Vault, clock: FixedClock, rules: RuleSet, training: Purpose
) -> None:
    review = in_force(tx, clock, rules, training)
    done(tx, vault, clock, training, Act.EXPORT, Role.SUPERVISOR)
    clock.at += timedelta(hours=1)
    assert review.id in observed.observe(tx, clock, rules)
    purposes.end_purpose(tx, clock, training.id, by=SYSTEM)
    document = export(tx, clock, rules, review.id, Kind.DPIA)
    assert document["uses_not_named"] == ["act: export"]
    assert "The register has changed since this was written." in document["unknown"]
    assert document["review"]["why_not_in_force"]
    words = words_of(document)
    for text in ("act: export", *document["unknown"], *document["review"]["why_not_in_force"]):
        assert text in words
