"""Long words break in tables, and only there where they may."""

from pathlib import Path

from playwright.sync_api import Browser

from rightcall.design.breaking import breaking
from rightcall.design.sheets import Sheets
from rightcall.design.tongues import Tongue

WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamteng"[:69] + "e"
STYLE = Path("src/rightcall/design/style.css").read_text()
SHEET = """{% import "parts.html" as parts with context %}<!doctype html><html lang="de"><style>{{ style }}</style>
<div class="beside"><nav>x</nav><main class="wide">{{ parts.table("Of each its own", heads, rows) }}</main></div>"""
HEADS = [(each, False) for each in ("Purpose", "Language", "Since", "Whose", "Where it lies")]


def test_what_is_in_a_tag_in_a_form_or_outside_of_a_table_stays_as_it_is() -> None:
    cell = f'<td data-head="{WORD}"><a href="/{WORD}">here</a><textarea>{WORD}</textarea></td>'
    kept = f'<p>{WORD}</p><table class="rows"><tr>{cell}</tr></table><p>{WORD}</p>'
    assert breaking(kept) == kept
    told = breaking(f'<table class="rows"><td>{"a&amp;" * 15}</td><td>exports/of_march.and/april-whole.csv</td></table>')
    assert told == (
        f'<table class="rows"><td>{"a&amp;" * 6}<wbr>{"a&amp;" * 6}<wbr>{"a&amp;" * 3}</td>'
        "<td>exports/<wbr>of_march.<wbr>and/<wbr>april-whole.csv</td></table>"
    )


def test_three_words_of_seventy_letters_in_one_row_fit_a_window_of_1024(chromium: Browser, tmp_path: Path) -> None:
    (tmp_path / "words.html").write_text(SHEET)
    given = {"style": STYLE, "heads": HEADS, "rows": [[WORD, "Deutsch", "3. Juni 2026", WORD, WORD]]}
    made = Sheets(tmp_path).page("words", Tongue("de"), given)
    page = chromium.new_page(viewport={"width": 1024, "height": 768})
    page.set_content(made)
    assert page.evaluate("document.documentElement.scrollWidth") == 1024
    assert page.locator("td").first.text_content() == WORD, "whoever copies it copies the word"
    page.set_content(made.replace("<wbr>", ""))
    assert page.evaluate("document.documentElement.scrollWidth") > 1024, "planted"
    page.close()


def test_seven_columns_of_such_words_fit_any_window_and_so_do_their_heads(chromium: Browser, tmp_path: Path) -> None:
    (tmp_path / "words.html").write_text(SHEET)
    heads = [(WORD, number == 6) for number in range(7)]
    made = Sheets(tmp_path).page("words", Tongue("de"), {"style": STYLE, "heads": heads, "rows": [[WORD] * 7]})
    for width in (1280, 1024, 700, 390):
        page = chromium.new_page(viewport={"width": width, "height": 768})
        page.set_content(made)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        if width > 640:
            assert min(each.bounding_box()["width"] for each in page.locator("td").all()) >= 50, width  # type: ignore[index]
        page.close()
