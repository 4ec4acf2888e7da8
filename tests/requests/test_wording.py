"""What people are told is written in the eight languages that pages speak, whole in each."""

import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from rightcall.activities.telling import letters
from rightcall.design.tongues import ENGLISH, NAMES
from rightcall.design.wording import language_of
from rightcall.holdings import naming
from rightcall.personal import Personal
from rightcall.requests import wording
from rightcall.requests.wording import code_words

WRITTEN = (wording, letters, naming)


def texts(room: ModuleType, language: str) -> dict[str, str]:
    """Every text by its path."""
    document = tomllib.loads((_words(room) / f"{language}.toml").read_text(encoding="utf-8"))
    found: dict[str, str] = {}

    def walk(part: dict[str, object], path: str) -> None:
        for name, value in part.items():
            if isinstance(value, dict):
                walk(value, f"{path}{name}.")
            else:
                found[f"{path}{name}"] = str(value)

    walk(document, "")
    return found


def _words(room: ModuleType) -> Path:
    assert room.__file__ is not None
    return Path(room.__file__).parent / "words"


@pytest.mark.parametrize("room", WRITTEN)
def test_letters_are_written_in_every_language_that_pages_speak(room: ModuleType) -> None:
    assert sorted(each.stem for each in _words(room).glob("*.toml")) == sorted(NAMES)


@pytest.mark.parametrize("room", WRITTEN)
@pytest.mark.parametrize("language", sorted(set(NAMES) - {ENGLISH}))
def test_each_language_says_all_that_english_says_with_the_same_names(language: str, room: ModuleType) -> None:
    english, other = texts(room, "en"), texts(room, language)
    assert other.keys() == english.keys()
    for path, said in english.items():
        assert set(re.findall(r"{\w+}", other[path])) == set(re.findall(r"{\w+}", said)), path
        assert room is naming or path == "gdpr" or other[path] != said, path


@pytest.mark.parametrize(("asked", "written"), [("da-DK", "da"), ("DE", "de"), ("fr-CA", "fr"), ("pl", "en"), ("en", "en")])
def test_a_language_that_is_not_written_is_answered_in_english(asked: str, written: str) -> None:
    assert language_of(asked) == written


@pytest.mark.parametrize("language", sorted(NAMES))
def test_a_code_is_read_out_in_two_groups(language: str) -> None:
    said = code_words(language, digits=Personal("12345678"), controller="Example Energy").reveal("test")
    assert said.startswith("1234 5678 ")
    assert "Example Energy" in said
