"""A sheet as a page of HTML that needs nothing else and nobody's net: it is opened from a folder on the person's own machine."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template

from rightcall.requests.packages.sheets import Sheet, words_for

_FILES = Path(__file__).parent / "words"


def taking(language: str, controller: str | None, *, is_wrong: bool) -> str:
    """The page behind a link. `controller` None: the link leads nowhere, whatever the reason."""
    words = words_for(language)
    page: str = _template("taking.html").render(
        language=language,
        style=style(),
        title=words.say("take_title"),
        says=words.say("take_none") if controller is None else words.say("take_says", controller=controller),
        wrong=words.say("take_wrong") if is_wrong else None,
        label=None if controller is None else words.say("take_code"),
        button=words.say("take_button"),
    )
    return page


def html(sheet: Sheet, name: str) -> bytes:
    """`name`: that it has in the package, and its PDF beside it."""
    as_pdf = words_for(sheet.language).say("as_pdf")
    page: str = _template("sheet.html").render(sheet=sheet, style=style(), pdf=f"{name}.pdf", as_pdf=as_pdf)
    return page.encode()


@cache
def style() -> str:
    return (_FILES / "sheet.css").read_text(encoding="utf-8")


@cache
def _template(name: str) -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string((_FILES / name).read_text(encoding="utf-8"))
