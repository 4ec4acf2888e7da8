"""The part about people's lives: its labels lie on whole words, its values pass the checks that real ones pass, and its texts are
its own. Nothing here asks what is found in it."""

import re

import phonenumbers
import pytest
from stdnum import iban, luhn
from stdnum.de import idnr
from stdnum.dk import cpr
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.se import personnummer
from stdnum.us import ssn

from rightcall.bench._corpora.fresh.writing import CORPUS as FRESH
from rightcall.bench._corpora.lives.writing import CORPUS, PATTERNS
from rightcall.bench._corpora.making.corpus import LANGUAGES, Corpus
from rightcall.bench._corpora.pages import Document
from rightcall.bench._corpora.parts import OF_WHOLE_TEXTS, cards_calls, documents
from rightcall.bench._corpora.unseen.writing import CORPUS as UNSEEN
from rightcall.bench._corpora.unseen.writing import SHOWN
from tests.bench.asked import REGIONS, faults, lines_of, values_of

MANY, SEED = 900, 20261125
CHECKS = {
    "payment_card": luhn,
    "iban": iban,
    "de_steuer_id": idnr,
    "dk_cpr": cpr,
    "fr_nir": nir,
    "uk_nhs": nhs,
    "se_personnummer": personnummer,
    "us_ssn": ssn,
}
FORMS = {
    "uk_nino": re.compile(r"[A-Z]{2} ?\d\d ?\d\d ?\d\d ?[A-D]"),
    "card_code": re.compile(r"\d{3,4}"),
    "email": re.compile(r"[a-z0-9._-]+@[a-z-]+(\.[a-z]+)+"),
    "ip_address": re.compile(r"(\d{1,3}\.){3}\d{1,3}|[0-9a-f:]+"),
    "passport": re.compile(r"[A-Z0-9]{8,9}"),
    "driving_licence": re.compile(r"[A-Z9]{5}\d{6}[A-Z]9\d[A-Z]{2}|[A-Z]\d{3}[A-Z]{3}\d{4}|\d{8,9}|\d{12}"),
    **{kind: re.compile(form) for kind, form in (each.split("=", 1) for each in PATTERNS)},
}
SPECIAL = {
    "health", "trade_union", "political_opinion", "religion_or_belief", "ethnic_origin", "sex_life", "minor", "criminal_offence",
    "biometric", "genetic",
}  # fmt: skip


@pytest.fixture(scope="module")
def made() -> list[Document]:
    return list(documents("lives", MANY, SEED))


def test_there_are_many_texts_in_five_languages_of_all_sorts(made: list[Document]) -> None:
    assert "lives" in OF_WHOLE_TEXTS
    told = {text["text"] for language in LANGUAGES for text in CORPUS.texts(language)}
    assert len(told) >= 240
    for language in LANGUAGES:
        assert len(CORPUS.texts(language)) >= 28
        sorts = {text["sort"] for text in CORPUS.texts(language)}
        assert sorts == {"heard", "written", "chat", "note", "mail", "form", "row", "summary"}
    assert {each.language for each in made} == set(LANGUAGES)


def test_the_same_seed_makes_the_same_texts(made: list[Document]) -> None:
    assert list(documents("lives", 50, SEED)) == made[:50]
    assert list(documents("lives", 50, SEED + 1)) != made[:50]


def test_labels_are_whole_words_and_no_template_shows(made: list[Document]) -> None:
    assert [fault for each in made for fault in faults(each)] == []


def test_it_holds_every_special_category(made: list[Document]) -> None:
    assert {label.type for document in made for label in document.labels} >= SPECIAL | {"passport", "driving_licence"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_tells_of_lives(language: str) -> None:
    told = {label.type for document in documents("lives", 200, SEED, language=language) for label in document.labels}
    assert told >= SPECIAL - {"biometric", "genetic"}


def test_what_has_a_check_passes_it() -> None:
    seen = set()
    for language, value in values_of(CORPUS, 7):
        if value.kind in CHECKS:
            assert CHECKS[value.kind].is_valid(re.sub("[ -]", "", value.written)), value
        elif value.kind in FORMS:
            assert FORMS[value.kind].fullmatch(value.written), value
        elif value.kind == "phone":
            assert phonenumbers.is_valid_number(phonenumbers.parse(value.written, REGIONS[language])), value
        seen.add(value.kind)
    assert seen >= {*CHECKS, *FORMS, "phone"}


def test_calls_about_cards_hold_a_card_and_its_code() -> None:
    for call in cards_calls("lives", 60, SEED):
        assert {"payment_card", "card_code"} <= {label.type for label in call.labels}


@pytest.mark.parametrize("other", [FRESH, SHOWN, UNSEEN], ids=["fresh", "shown", "unseen"])
def test_it_takes_no_line_from_another_part(other: Corpus) -> None:
    assert len(lines_of(CORPUS)) > 300
    assert not lines_of(CORPUS) & lines_of(other)
