"""A sheet as a page of HTML that needs nothing else and nobody's net: it is opened from a folder on the person's own machine."""

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup, escape

from rightcall.controllers.model import Controller
from rightcall.design.sheets import Sheets
from rightcall.design.tongues import ENGLISH, Tongue
from rightcall.purposes.translations.model import OwnWords
from rightcall.requests.packages.sheets import Sheet, words_for

_FILES = Path(__file__).parent / "words"
_SHEETS = Sheets(_FILES)


def taking(language: str, controller: Controller | None, *, is_wrong: bool) -> str:
    """The page behind a link, in the frame of the customers' pages. `controller` None: the link leads nowhere, whatever the
    reason."""
    words = words_for(language)
    given = {
        "title": words.say("take_title"),
        "says": words.say("take_none") if controller is None else words.say("take_says", controller=controller.name),
        "wrong": words.say("take_wrong") if is_wrong else None,
        "company": None if controller is None else controller.name,
        "home": None if controller is None else f"/me/{controller.id}",
        "label": words.say("take_code"),
        "button": words.say("take_button"),
        "after": words.say("take_after"),
        "back": words.say("take_back"),
    }
    return _SHEETS.page("taking", Tongue(language), given)


def html(sheet: Sheet, name: str, own: OwnWords) -> bytes:
    """`name`: that it has in the package, and its PDF beside it. `own`: words of the company's that are of another language."""
    as_pdf = words_for(sheet.language).say("as_pdf")
    page: str = _template("sheet.html").render(sheet=sheet, own=own, style=style(), pdf=f"{name}.pdf", as_pdf=as_pdf)
    return page.encode()


def _marked(words: str, own: OwnWords, sheet: Sheet) -> Markup:
    """With what the company wrote in another language, and the sentences of rules, marked as being of those (WCAG 2.2, 3.1.2)."""
    said = dict.fromkeys(own.words, own.language)
    said |= {} if sheet.language == ENGLISH else dict.fromkeys(sheet.rules, ENGLISH)
    spoken = {str(escape(each)): escape(language) for each, language in said.items()}
    text = str(escape(words))
    if spoken:
        known = "|".join(re.escape(each) for each in sorted(spoken, key=len, reverse=True))
        text = re.sub(known, lambda found: f'<span lang="{spoken[found[0]]}">{found[0]}</span>', text)
    return Markup(text)  # noqa: S704 - it was escaped as a whole


@cache
def style() -> str:
    return (_FILES / "sheet.css").read_text(encoding="utf-8")


@cache
def _template(name: str) -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["marked"] = _marked
    return environment.from_string((_FILES / name).read_text(encoding="utf-8"))
