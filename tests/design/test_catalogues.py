"""Whoever is outside reads every page whole in their own language, and so does an agent at the desk: each word of these pages is
in each catalogue."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.pofile import read_po

import rightcall
from rightcall.design.tongues import CATALOGUES, ENGLISH, NAMES

_FOLDERS = (
    "design",
    "portal",
    "console/pages/desk",
    "console/pages/door",
    "requests/own",
    "controllers",
    "staff",
    "adapters/identity",
    "evidence",
)
_FILES = ("console/signing_in.py", "console/patience.py", "console/door.py", "console/again.py", "console/app.py", "unsent.py")
_KEYWORDS = {"_": None, "marked": None, "gettext": None, "ngettext": (1, 2)}
_NAMED = re.compile(r"%\(\w+\)s")
Message = str | tuple[str, ...]


def said() -> set[Message]:
    """What pages for those outside say, as it stands in templates and routes."""
    root = Path(rightcall.__file__).parent
    ways = [("**.py", "python"), ("**.html", "jinja2")]
    found = [each[2] for folder in _FOLDERS for each in extract_from_dir(root / folder, method_map=ways, keywords=_KEYWORDS)]
    found += [each[1] for file in _FILES for each in extract_from_file("python", root / file, keywords=_KEYWORDS)]
    return {message if isinstance(message, str) else tuple(message) for message in found}


def catalogue(code: str) -> Catalog:
    with (CATALOGUES / f"{code}.po").open("rb") as file:
        return read_po(file, locale=code)


def lacking(found: Catalog, messages: set[Message]) -> list[Message]:
    """Those without words of their own, or whose names do not stand in them as they stand in English."""
    return [each for each in messages if not _is_said(found, each)]


def _is_said(found: Catalog, message: Message) -> bool:
    known = found.get(message if isinstance(message, str) else message[0])
    string = None if known is None else known.string
    words = [string] if isinstance(string, str) else list(string or ())
    wanted = set(_NAMED.findall(message if isinstance(message, str) else message[-1]))
    count = 1 if isinstance(message, str) else found.num_plurals
    return len(words) == count and all(each and set(_NAMED.findall(each)) == wanted for each in words)


@pytest.mark.parametrize("code", sorted(set(NAMES) - {ENGLISH}))
def test_every_page_for_those_outside_is_whole_in_each_language(code: str) -> None:
    messages = said()
    assert len(messages) > 400
    assert lacking(catalogue(code), messages) == []


def test_what_is_missing_is_seen() -> None:
    assert lacking(catalogue("da"), {"Nobody wrote this"}) == ["Nobody wrote this"]
    planted = Catalog(locale="da")
    planted.add("Until %(day)s", "Indtil %(dag)s")
    assert lacking(planted, {"Until %(day)s"}) == ["Until %(day)s"]
