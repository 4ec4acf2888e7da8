"""The record as one page of HTML that needs nothing else; light or dark as the reader's screen is, narrow, and on A4 in print."""

from datetime import datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup, escape

from rightcall.activities.model import Record
from rightcall.activities.rules import words_of
from rightcall.activities.saying import BASES, CAPACITIES, KINDS, PEOPLE, STANDINGS, amount, category_in_words, term_in_words
from rightcall.holdings import saying
from rightcall.reviews.page import STYLE, worded


def page(record: Record) -> str:
    """One HTML document. Every word of the register is escaped."""
    return _template().render(
        record=record,
        style=STYLE,
        bases=BASES,
        capacities=CAPACITIES,
        kinds=KINDS,
        people=PEOPLE,
        standings=STANDINGS,
        amount=amount,
        days=term_in_words,
        day=saying.day,
        moment=_moment,
        term=worded,
        what=category_in_words,
        words=words_of,
    )


def _moment(at: datetime) -> str:
    return f"{saying.day(at)} {at:%H:%M} UTC"


def _commands(sentence: str) -> Markup:
    """What stands between backticks is a command."""
    said = (Markup("<code>{}</code>").format(each) if nth % 2 else escape(each) for nth, each in enumerate(sentence.split("`")))
    return Markup("").join(said)


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"commands": _commands, "plainly": worded}
    return environment.from_string((Path(__file__).parent / "page.html").read_text(encoding="utf-8"))
