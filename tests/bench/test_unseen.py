"""The part of the corpora that judges: its labels lie exactly on the values, its values pass the checks that real ones pass, and
its texts are its own. Nothing here asks what is found in it: rules are never made on it."""

import re
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from stdnum import iban, luhn
from stdnum.de import idnr
from stdnum.dk import cpr
from stdnum.es import dni, nie
from stdnum.fi import hetu
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.nl import bsn
from stdnum.se import personnummer
from stdnum.us import ssn

from rightcall.bench import detection
from rightcall.bench._corpora.fresh.writing import CORPUS as FRESH
from rightcall.bench._corpora.making.corpus import LANGUAGES
from rightcall.bench._corpora.making.values import Value
from rightcall.bench._corpora.making.writing import Writer
from rightcall.bench._corpora.pages import Document, Label
from rightcall.bench._corpora.parts import PARTS, cards_calls, documents
from rightcall.bench._corpora.unseen.writing import CORPUS, PATTERNS, SHOWN
from tests.bench.asked import faults, lines_of

MANY, SEED = 900, 20261125
CHECKS = {
    "payment_card": luhn,
    "iban": iban,
    "de_steuer_id": idnr,
    "dk_cpr": cpr,
    "es_dni": dni,
    "es_nie": nie,
    "fi_hetu": hetu,
    "fr_nir": nir,
    "uk_nhs": nhs,
    "nl_bsn": bsn,
    "se_personnummer": personnummer,
    "us_ssn": ssn,
}
SIGNS = {"fi_hetu": "-"}
"""What a number has of its own, and is no gap."""
FORMS = {
    "uk_nino": re.compile(r"(?i)[a-z]{2} ?\d\d ?\d\d ?\d\d ?[a-d]"),
    "card_code": re.compile(r"\d{3,4}"),
    "email": re.compile(r"(?i)[a-z0-9._-]+@[a-z-]+(\.[a-z]+)+"),
    "phone": re.compile(r"[+(]?[\d ().+/-]{7,22}\d"),
    "ip_address": re.compile(r"(\d{1,3}\.){3}\d{1,3}|[0-9a-f:]+"),
    **{kind: re.compile(f"(?i){form}") for kind, form in (each.split("=", 1) for each in PATTERNS)},
}


def texts() -> Iterator[tuple[str, dict[str, str]]]:
    for language in LANGUAGES:
        for text in CORPUS.files[language]["texts"]:
            yield language, text


def writers(*, times: int = 3) -> Iterator[tuple[str, Writer]]:
    """Each text, as often."""
    chance = Random(7)  # noqa: S311  # sample text, not a secret
    for language, text in texts():
        for _ in range(times):
            yield language, CORPUS.written(text, language, chance)


def pieces(text: str, label: Label) -> list[str]:
    return [text[start:end] for start, end in label.parts]


def lies_on(text: str, label: Label, value: Value, pauses: list[str]) -> bool:
    """Whether a label is on all of its value and nothing else: as it is written, or its groups as they are said."""
    if any(each != each.strip() for each in pieces(text, label)):
        return False
    told = " ".join(" ".join(pieces(text, label)).split()).lower()
    written = " ".join(value.written.split()).lower()
    if told in (written, written.replace(", ", " ")):
        return True
    pause = f" (?:(?:{'|'.join(pauses)}) )?"
    groups = [re.escape(" ".join(each.lower().replace(",", "").split())) for each in value.groups]
    return re.fullmatch(pause.join(groups), told.replace(",", "")) is not None


@pytest.fixture(scope="module")
def made() -> list[Document]:
    return list(documents("unseen", MANY, SEED))


def test_each_label_lies_on_its_value() -> None:
    seen = 0
    for language, writer in writers():
        pauses = CORPUS.files[language]["talk"]["pauses"]
        for label, value in zip(writer.labels, writer.values, strict=True):
            if value is not None:
                assert label.type == value.kind
                assert lies_on(writer.text, label, value, pauses), (pieces(writer.text, label), value)
                seen += 1
    assert seen > 2000


def test_a_label_that_is_off_by_one_is_seen() -> None:
    _, writer = next(each for each in writers() if each[1].labels and each[1].values[0] is not None)
    label, value = writer.labels[0], writer.values[0]
    assert value is not None
    for moved in ((1, 0), (0, 1), (0, -1), (-1, 0)):
        parts = tuple((start + moved[0], end + moved[1]) for start, end in label.parts)
        assert not lies_on(writer.text, Label(label.type, parts, label.is_said), value, ["um"])


def test_what_has_a_check_passes_it() -> None:
    seen = set()
    for _, writer in writers():
        for value in writer.values:
            if value is not None and value.kind in CHECKS:
                assert CHECKS[value.kind].is_valid(value.written.replace(" ", "").replace("-", SIGNS.get(value.kind, ""))), value
                seen.add(value.kind)
            elif value is not None and value.kind in FORMS:
                assert FORMS[value.kind].fullmatch(value.written), value
                seen.add(value.kind)
    assert seen == {*CHECKS, *FORMS}


def test_labels_are_whole_words_and_no_template_shows(made: list[Document]) -> None:
    assert [fault for each in made for fault in faults(each)] == []


def test_its_halves_share_no_text_and_are_the_whole() -> None:
    for language in LANGUAGES:
        shown, unseen = ({each["text"] for each in half.texts(language)} for half in (SHOWN, CORPUS))
        assert not shown & unseen
        assert shown | unseen == {each["text"] for each in CORPUS.files[language]["texts"]}
        assert min(len(shown), len(unseen)) >= 15


def test_there_are_many_texts_in_five_languages_of_all_sorts(made: list[Document]) -> None:
    assert len({text["text"] for _, text in texts()}) >= 250
    shares = {spoken: sum(each.language == spoken for each in made) / MANY for spoken in LANGUAGES}
    assert shares["en"] == pytest.approx(0.6, abs=0.05)
    assert all(shares[spoken] == pytest.approx(0.1, abs=0.03) for spoken in LANGUAGES if spoken != "en")
    for spoken in LANGUAGES:
        sorts = {each.sort for each in (*made, *documents("shown", MANY, SEED)) if each.language == spoken}
        assert sorts == {"heard", "written", "chat", "note", "mail", "form", "row", "summary"}


def test_it_holds_every_type_that_the_fresh_part_holds(made: list[Document]) -> None:
    fresh = {label.type for document in documents("fresh", MANY, SEED) for label in document.labels}
    both = (*made, *documents("shown", MANY, SEED))
    assert fresh <= {label.type for document in both for label in document.labels}


def test_it_takes_no_line_from_the_fresh_part() -> None:
    ours = lines_of(CORPUS) | lines_of(SHOWN)
    assert len(ours) > 400
    assert not ours & lines_of(FRESH)


def test_the_same_seed_makes_the_same_texts(made: list[Document]) -> None:
    assert list(documents("unseen", 50, SEED)) == made[:50]
    assert list(documents("unseen", 50, SEED + 1)) != made[:50]


def test_calls_about_cards_hold_a_card_and_its_code() -> None:
    for call in (*cards_calls("unseen", 60, SEED), *cards_calls("shown", 60, SEED)):
        assert {"payment_card", "card_code"} <= {label.type for label in call.labels}


def test_the_bench_tells_of_it_as_of_the_other_parts() -> None:
    figures: dict[str, Any] = detection.run(documents_of_each=2, whole_documents=4, peer_documents=2, rounds=1)
    assert "unseen" in PARTS
    for part in PARTS:
        assert figures[part].keys() == figures["fresh"].keys()
    assert {"said", "by_type", "by_language", "card_codes_in_calls_about_cards", "english_beside_peer"} <= figures[
        "unseen"
    ].keys()
    assert figures["documents"]["unseen"] == 4
