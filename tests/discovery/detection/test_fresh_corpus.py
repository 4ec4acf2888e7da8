"""The fresh part: the same seed makes the same texts, labels lie on their values, and each type that is to be found is there.
What is found in it is measured by the bench, and nothing is asked here that rules could be tuned on."""

import re
from itertools import pairwise

import pytest
from stdnum import iban, luhn
from stdnum.de import idnr
from stdnum.es import dni, nie
from stdnum.fi import hetu
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.nl import bsn
from stdnum.se import personnummer
from stdnum.us import ssn

from rightcall.bench._corpora.fresh.writing import PATTERNS
from rightcall.bench._corpora.making.corpus import LANGUAGES
from rightcall.bench._corpora.making.saying import number, ordinal
from rightcall.bench._corpora.pages import Document
from rightcall.bench._corpora.parts import cards_calls, documents
from rightcall.discovery.detection.model import Kind

CHECKS = {
    "payment_card": lambda given: luhn.is_valid(re.sub("[ -]", "", given)),
    "iban": lambda given: iban.is_valid(given, check_country=False),
    "us_ssn": lambda given: ssn.is_valid(re.sub("[ -]", "", given)),
    "uk_nhs": nhs.is_valid,
    "de_steuer_id": idnr.is_valid,
    "fr_nir": nir.is_valid,
    "se_personnummer": personnummer.is_valid,
    "fi_hetu": hetu.is_valid,
    "nl_bsn": bsn.is_valid,
    "es_dni": dni.is_valid,
    "es_nie": nie.is_valid,
}
OWN = dict(each.split("=", 1) for each in PATTERNS)


@pytest.fixture(scope="module")
def texts() -> list[Document]:
    return list(documents("fresh", 500, 7))


def test_the_same_seed_makes_the_same_texts(texts: list[Document]) -> None:
    assert list(documents("fresh", 500, 7)) == texts
    assert list(documents("fresh", 500, 8)) != texts
    assert len({each.text for each in texts}) > 450


def test_labels_lie_on_values_in_their_order_and_never_on_one_another(texts: list[Document]) -> None:
    for each in texts:
        stretches = [stretch for label in each.labels for stretch in label.parts]
        assert stretches == sorted(stretches)
        assert all(end <= start for (_, end), (start, _) in pairwise(stretches))
        assert all(each.text[start:end] == each.text[start:end].strip() != "" for start, end in stretches)


def test_nothing_of_the_marks_of_a_text_is_left(texts: list[Document]) -> None:
    assert not [each.text for each in texts if each.sort != "form" and re.search(r"\{|\}|<[a-z_]+:|\|", each.text)]


def test_each_type_that_is_to_be_found_is_there(texts: list[Document]) -> None:
    there = {label.type for each in texts for label in each.labels}
    asked = {*map(str, Kind)} - {
        "us_itin",
        "de_svnr",
        "passport",
        "driving_licence",
        "political_opinion",
        "biometric",
        "genetic",
        "minor",
    }
    assert there == asked | set(OWN)
    assert {each.language for each in texts} == set(LANGUAGES)


def test_written_numbers_pass_the_checks_that_real_ones_pass(texts: list[Document]) -> None:
    checked = set()
    for each in texts:
        for label in each.labels:
            written = "".join(each.text[start:end] for start, end in label.parts)
            if label.is_said or label.type not in CHECKS:
                continue
            checked.add(label.type)
            assert CHECKS[label.type](written), label.type
    assert checked == set(CHECKS)


def test_numbers_of_ones_own_are_of_the_patterns(texts: list[Document]) -> None:
    for each in texts:
        for label in each.labels:
            if label.type in OWN:
                assert re.fullmatch(OWN[label.type], each.text[label.parts[0][0] : label.parts[0][1]])


def test_a_call_about_a_card_has_its_number_and_its_code() -> None:
    for each in cards_calls("fresh", 100, 7):
        assert {"payment_card", "card_code"} <= {label.type for label in each.labels}


@pytest.mark.parametrize(
    ("value", "language", "words"),
    [
        (71, "fr", "soixante et onze"),
        (80, "fr", "quatre-vingts"),
        (97, "fr", "quatre-vingt-dix-sept"),
        (21, "de", "einundzwanzig"),
        (52, "da", "tooghalvtreds"),
        (44, "sv", "fyrtiofyra"),
        (13, "en", "thirteen"),
    ],
)
def test_numbers_are_said_as_people_say_them(value: int, language: str, words: str) -> None:
    assert number(value, language) == words


@pytest.mark.parametrize(
    ("value", "language", "words"),
    [
        (20, "en", "twentieth"),
        (23, "en", "twenty third"),
        (19, "de", "neunzehnten"),
        (21, "da", "enogtyvende"),
        (13, "sv", "trettonde"),
        (28, "sv", "tjugoåttonde"),
    ],
)
def test_days_are_said_as_people_say_them(value: int, language: str, words: str) -> None:
    assert ordinal(value, language) == words
