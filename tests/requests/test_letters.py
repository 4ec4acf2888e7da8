"""What people are told: whole in each language, for each kind, each answer and each step, in words that can be followed."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from rightcall.actors import Actor, Role
from rightcall.controllers.model import Controller
from rightcall.design.tongues import NAMES, Tongue
from rightcall.errors import Breach, Conflict
from rightcall.holdings.holds.model import Hold, HoldName, HoldReason, Law, Word
from rightcall.ids import ControllerId, HoldId, StatementId, new_id
from rightcall.purposes.reading import HARDEST_LIX, OFFSETS, lix
from rightcall.requests.hold_letters import hold_letter
from rightcall.requests.letters import Letter, LetterKind, letter
from rightcall.requests.model import (
    Answered,
    Behalf,
    DenialGround,
    ExtensionReason,
    Happened,
    Missing,
    Request,
    RequestKind,
    Stage,
    Step,
)
from rightcall.requests.outside import Outside
from rightcall.requests.page import page
from rightcall.requests.wording import words_of
from tests.cast import MONDAY
from tests.requests.test_identity import request

ENERGY = Controller(
    id=ControllerId(new_id()),
    name="Example <Energy>",
    address="1 Example Street, Copenhagen",
    contact="dpo@energy.example",
    jurisdictions=("EU", "DK"),
    created_at=MONDAY,
)
DPO = Actor(id=new_id(), role=Role.DPO)
STEPS = [Happened(step=step, at=datetime(2026, 11, 26, 9, tzinfo=UTC), by=DPO) for step in Step]
LANGUAGES = sorted(NAMES)


def written(kind: LetterKind, of: Request, today: date = date(2026, 12, 26)) -> Letter:
    return letter(kind, of, STEPS, list(Missing), ENERGY, [], [], today, 7)


def _apology(language: str, due: date) -> str:
    words = words_of(language)
    return words.say("received", "late", due=words.day(due), cite=words.law("GDPR Art. 12(3)"))


def answered(kind: RequestKind, language: str, ground: DenialGround | None) -> Request:
    outcome = Answered.FULFILLED if ground is None else Answered.DENIED
    return replace(request(kind), language=language, stage=Stage.ANSWERED, outcome=outcome, ground=ground, answered_at=MONDAY)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_of_every_kind_is_written(language: str) -> None:
    for kind in RequestKind:
        asked = replace(request(kind), language=language, ready_at=MONDAY)
        for reason in ExtensionReason:
            told = written(LetterKind.EXTENSION, replace(asked, extended_for=reason))
            assert Tongue(language).day(date(2026, 12, 26)) in " ".join(told.paragraphs)
        for which in (LetterKind.ACKNOWLEDGEMENT, LetterKind.PROGRESS):
            told = written(which, asked)
            assert told.language == language
            assert Tongue(language).day(date(2026, 12, 26)) in " ".join(told.paragraphs)
            assert "dpo@energy.example" in told.paragraphs[-1]
            late = written(which, asked, date(2026, 12, 27))
            apology = _apology(language, asked.due_on)
            assert (apology in late.paragraphs, apology in told.paragraphs) == (True, False)
            assert len(late.paragraphs) == len(told.paragraphs), "what is late is not told as coming in time as well"
        for ground in (None, *DenialGround):
            said = " ".join(written(LetterKind.ANSWER, answered(kind, language, ground)).paragraphs)
            assert (words_of(language).say("denied", "rights") in said) is (ground is not None)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("behalf", [Behalf.PARENT, Behalf.REPRESENTATIVE])
def test_who_asks_for_another_is_told_of_them(language: str, behalf: Behalf) -> None:
    words = words_of(language)
    for kind in RequestKind:
        asked = replace(request(kind), language=language, behalf=behalf)
        done = replace(answered(kind, language, None), behalf=behalf, doubtful=3)
        for told in (
            written(LetterKind.ACKNOWLEDGEMENT, asked),
            written(LetterKind.PROGRESS, asked),
            written(LetterKind.ANSWER, done),
        ):
            said = " ".join(told.paragraphs)
            assert words.say("asked", kind) not in said
            assert words.say("whom", behalf) in told.paragraphs[0]
            assert words.say("doubtful", "records", number=3) not in said
        if kind is not RequestKind.RECTIFICATION:
            assert words.say("fulfilled", kind) not in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("copies", "told_on", "is_partly"), [(16, MONDAY.date(), True), (None, None, True), (None, MONDAY.date(), False)]
)
def test_what_lies_with_others_still_is_not_told_as_done(
    language: str, copies: int | None, told_on: date | None, is_partly: bool
) -> None:
    of, left = answered(RequestKind.ERASURE, language, None), Outside(name="crm", copies=copies, told_on=told_on)
    said = " ".join(letter(LetterKind.PROGRESS, of, STEPS, [], ENERGY, [], [left], MONDAY.date(), 7).paragraphs)
    words = words_of(language)
    assert (words.say("step", "fulfilled_partly") in said, words.say("step", Step.FULFILLED) in said) == (
        is_partly,
        not is_partly,
    )


@pytest.mark.parametrize("kind", [RequestKind.RESTRICTION, RequestKind.OBJECTION])
def test_who_is_limited_is_told_since_when_it_is_so(kind: RequestKind) -> None:
    waiting, ready = request(kind), replace(request(kind), ready_at=MONDAY)
    said = [len(written(LetterKind.ACKNOWLEDGEMENT, each).paragraphs) for each in (waiting, ready)]
    assert said[1] == said[0] + 2, "since when, and that what may be theirs is not used either"
    without = letter(LetterKind.ACKNOWLEDGEMENT, ready, STEPS, [], ENERGY, [], [], date(2026, 12, 26), 7)
    assert words_of(ready.language).say("received", "limited_too") not in without.paragraphs
    assert words_of(ready.language).say("received", "objected_too") not in without.paragraphs
    revoked = replace(ready, outcome=Answered.REVOKED, answered_at=MONDAY)
    told = " ".join(written(LetterKind.ANSWER, revoked).paragraphs)
    assert ("we did nothing" in told, "had counted since" in told) == (False, True), "it had counted until it was taken back"


def test_there_is_no_letter_about_what_did_not_happen() -> None:
    for which in (LetterKind.ANSWER, LetterKind.EXTENSION):
        with pytest.raises(Conflict):
            written(which, request())
    with pytest.raises(Breach):
        words_of("en").say("denied", "bad_weather")


def test_a_language_that_is_not_written_gets_english() -> None:
    told = written(LetterKind.ACKNOWLEDGEMENT, replace(request(), language="pl"))
    assert (told.language, told.paragraphs[0]) == ("en", "You asked for a copy of what we hold about you.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_can_be_followed(language: str) -> None:
    """As a newspaper, at the most: all that is said in a language, as one text."""
    said = re.sub(r"\([^()]*(\([^()]*\))?[^()]*\)|{\w+}", "", " ".join(words_of(language).texts.values()))
    words = re.findall(r"[^\W\d_]+", said)
    sentences = len(re.findall(r"[.:;]", said))
    assert lix(words, sentences) <= HARDEST_LIX + OFFSETS[language]


def hold_for(reason: HoldReason) -> Hold:
    return Hold(
        id=HoldId(new_id()),
        name=HoldName(text="dispute-2026-1"),
        reason=reason,
        law=Law(text="ZPO § 142, GDPR Art. 17(3)(e)"),
        untold=None,
        owner=DPO,
        placed_at=MONDAY,
        until=date(2027, 1, 31),
        agree_by=date(2026, 12, 1),
        agreed=Word(by=DPO, at=MONDAY),
        longer=None,
        slices=(),
        lifted_at=None,
        statement=StatementId(new_id()),
        verdict=None,
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", HoldReason)
def test_a_hold_is_told_with_its_reason_its_law_and_its_day(reason: HoldReason, language: str) -> None:
    hold = hold_for(reason)
    told = hold_letter(hold, ENERGY, language=language)
    assert told.language == language
    words = " ".join(told.paragraphs)
    assert "2027-01-31" not in words
    assert ("GDPR Art. 17(3)(e)" in words) == (words_of(language).say("gdpr") == "GDPR")
    for each in (
        "ZPO § 142",
        Tongue(language).day(date(2027, 1, 31)),
        "dispute-2026-1",
        "dpo@energy.example",
        words_of(language).say("kept", "which"),
        "Art. 17" if language in ("en", "de") else "17",
    ):
        assert each in words


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_was_erased_is_told_what_is_kept_still_why_until_when_and_how_it_is_seen(language: str) -> None:
    words, hold = words_of(language), hold_for(HoldReason.LEGAL_CLAIMS)
    for kind, behalf in ((RequestKind.ACCESS, Behalf.SELF), (RequestKind.PORTABILITY, Behalf.PARENT)):
        asked = replace(answered(kind, language, None), outcome=Answered.ALREADY_ERASED, behalf=behalf)
        told = letter(LetterKind.ANSWER, asked, STEPS, [], ENERGY, [], [], MONDAY.date(), 7, [hold, hold]).paragraphs
        said = " ".join(told)
        for each in (
            words.say("kept", "because", HoldReason.LEGAL_CLAIMS),
            "ZPO § 142",
            words.say("kept", "until", until=Tongue(language).day(date(2027, 1, 31))),
            words.say("kept", "see"),
            words.say("denied", "rights"),
        ):
            assert said.count(each) == 1
        assert len(set(told)) == len(told)
        nothing = " ".join(letter(LetterKind.ANSWER, asked, STEPS, [], ENERGY, [], [], MONDAY.date(), 7).paragraphs)
        assert told[1] not in nothing
        assert words.say("kept", "see") not in nothing
    to_erased = " ".join(hold_letter(hold, ENERGY, language=language, is_erased=True).paragraphs)
    assert (words.say("kept", "see") in to_erased, words.say("kept", "which") in to_erased) == (True, False)


def test_the_page_shows_it_all_and_escapes() -> None:
    late = replace(request(RequestKind.ERASURE), language="da")
    shown = page(late, STEPS, list(Missing), ENERGY, date(2026, 12, 28), [], [], 7)
    assert "Late by 2 days" in shown
    assert "Ring the number on file" in shown
    assert "Du har bedt os slette" in shown
    assert '<section lang="da">' in shown
    assert "Example &lt;Energy&gt;" in shown
    assert "<Energy>" not in shown
    done = page(answered(RequestKind.ERASURE, "en", DenialGround.LEGAL_CLAIMS), STEPS, [], ENERGY, date(2026, 12, 28), [], [], 7)
    assert "Answered: denied." in done
    assert "legal claims" in done
    assert "What it waits for" not in done
