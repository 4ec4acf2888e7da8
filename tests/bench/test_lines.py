"""The part that is heavy in telephone numbers and accounts: labels lie on their values, the same seed makes the same texts, and
numbers are ones that are given out. What is found in it is measured by the bench."""

import re
from random import Random

import phonenumbers
import pytest
from stdnum import iban, luhn
from stdnum.es import dni, nie
from stdnum.fi import hetu
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.nl import bsn

from rightcall.bench._corpora.lines.telephones import LANDS, abroad, home
from rightcall.bench._corpora.lines.voices import Caller
from rightcall.bench._corpora.lines.writing import CORPUS, PATTERNS
from rightcall.bench._corpora.making.corpus import LANGUAGES
from rightcall.bench._corpora.making.values import Habits, Maker
from rightcall.bench._corpora.making.writing import Writer
from rightcall.bench._corpora.pages import Document
from rightcall.bench._corpora.parts import cards_calls, documents
from tests.bench.asked import faults, written

MANY, SEED = 400, 7
CHECKS = {
    "payment_card": luhn.is_valid,
    "iban": lambda given: iban.is_valid(given, check_country=False),
    "uk_nhs": nhs.is_valid,
    "fr_nir": nir.is_valid,
    "fi_hetu": hetu.is_valid,
    "nl_bsn": bsn.is_valid,
    "es_dni": dni.is_valid,
    "es_nie": nie.is_valid,
}


@pytest.fixture(scope="module")
def made() -> list[Document]:
    return list(documents("lines", MANY, SEED))


def told(writer: Writer, place: int) -> str:
    return " ".join(" ".join(writer.text[start:end] for start, end in writer.labels[place].parts).split()).lower()


def test_there_are_texts_of_each_language_and_sort(made: list[Document]) -> None:
    assert len(CORPUS.texts("en")) >= 130
    assert all(len(CORPUS.texts(each)) >= 28 for each in LANGUAGES)
    assert {each.language for each in made} == set(LANGUAGES)
    for language in LANGUAGES:
        sorts = {text["sort"] for text in CORPUS.texts(language)}
        assert sorts == {"heard", "written", "chat", "note", "mail", "form", "row", "summary"}


def test_the_same_seed_makes_the_same_texts(made: list[Document]) -> None:
    assert list(documents("lines", 60, SEED)) == made[:60]
    assert list(documents("lines", 60, SEED + 1)) != made[:60]


def test_each_label_lies_on_its_value_as_it_is_written_or_said() -> None:
    seen = 0
    for language, writer in written(CORPUS, SEED):
        pause = f" (?:(?:{'|'.join(CORPUS.files[language]['talk']['pauses'])}) )?"
        for place, value in enumerate(writer.values):
            if value is None:
                continue
            assert writer.labels[place].type == value.kind
            plain = " ".join(value.written.split()).lower()
            groups = pause.join(re.escape(each.lower().replace(",", "")) for each in value.groups)
            lies = told(writer, place) in (plain, plain.replace(", ", " "))
            assert lies or re.fullmatch(groups, told(writer, place).replace(",", "")), (told(writer, place), value)
            seen += 1
    assert seen > 1500


def test_labels_are_whole_words_and_no_template_shows(made: list[Document]) -> None:
    assert [fault for each in made for fault in faults(each)] == []


@pytest.mark.parametrize("name", LANDS)
def test_telephone_numbers_are_ones_that_are_given_out(name: str) -> None:
    maker = Maker(Random(SEED), "en", {}, Habits(Caller))  # noqa: S311  # sample text, not a secret
    for _ in range(40):
        for made in (home(maker, name), abroad(maker, name)):
            assert phonenumbers.is_valid_number(phonenumbers.parse(re.sub("^00", "+", made.written), name[:2])), made


def test_what_has_a_check_passes_it() -> None:
    seen = set()
    for _, writer in written(CORPUS, SEED):
        for value in writer.values:
            if value is not None and value.kind in CHECKS:
                assert CHECKS[value.kind](value.written if value.kind == "fi_hetu" else re.sub("[ -]", "", value.written)), value
                seen.add(value.kind)
    assert seen == set(CHECKS)


def test_numbers_of_ones_own_are_of_the_pattern(made: list[Document]) -> None:
    name, pattern = PATTERNS[0].split("=")
    numbers = [(each, label) for each in made for label in each.labels if label.type == name]
    assert numbers
    for each, label in numbers:
        assert re.fullmatch(pattern, each.text[slice(*label.parts[0])], re.IGNORECASE)


def test_a_call_about_a_card_has_its_number_and_its_code() -> None:
    for each in cards_calls("lines", 60, SEED):
        assert {"payment_card", "card_code"} <= {label.type for label in each.labels}
