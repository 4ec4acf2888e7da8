"""On paper it says the same, and what the paper's letters lack is told."""

import io

import pytest
from pypdf import PdfReader

from rightcall.requests.packages.pdf import pdf
from rightcall.requests.packages.sheets import Card, Line, Link, Sheet


def pages(sheet: Sheet) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf(sheet, "things-0001.html"))).pages]


def sheet(*says: str, title: str = "Was wir über Sie haben", value: str | None = None) -> Sheet:
    card = Card(title="Größe", lines=(Line(name="Wer", says=says),), links=(Link(file="calls/1.wav", name="Ton"),), value=value)
    return Sheet(language="de", title=title, says=("Übersicht",), cards=(card,))


def test_it_has_the_words_of_the_page() -> None:
    [page] = pages(sheet("jemand", value="+45 32 12 34 56"))
    for each in ("Was wir über Sie haben", "Übersicht", "Größe", "jemand", "calls/1.wav", "+45 32 12 34 56"):
        assert each in page


def test_what_has_no_room_goes_on_the_next_sheet_of_paper() -> None:
    found = pages(sheet(*(f"line {nth}" for nth in range(200))))
    assert len(found) > 2
    assert all(f"line {nth}" in "\n".join(found) for nth in range(200))


@pytest.mark.parametrize(
    ("said", "shown"), [("Łódź", "¿ód¿"), ("▒▒▒", "***"), ("Ærø", "Ærø")], ids=["lacking", "covered", "there"]
)
def test_what_the_letters_lack_is_told(said: str, shown: str) -> None:
    [page] = pages(sheet(said))
    assert shown in page
    assert ("things-0001.html" in page) is ("¿" in shown)


def test_a_word_that_is_wider_than_the_paper_is_broken() -> None:
    [page] = pages(sheet("x" * 500))
    assert page.count("x") >= 500
