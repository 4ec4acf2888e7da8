"""What is for the telephone alone does not stand on a screen, and nothing else is lost."""

import tomllib
from dataclasses import replace
from importlib.resources import files
from uuid import uuid4

import pytest

from rightcall.clock import SystemClock
from rightcall.ids import NoticeId, PurposeId
from rightcall.purposes.model import Keypad, Notice
from rightcall.purposes.room import KEY
from rightcall.purposes.screen import on_screen

ASK = "May we record this call for 5 days to train our agents?"
MIND = "You can change your mind at any moment."
KEYS = Keypad(yes="1", no="2")


def notice(text: str, language: str = "en", keypad: Keypad | None = KEYS) -> Notice:
    return Notice(
        id=NoticeId(uuid4()),
        purpose=PurposeId(uuid4()),
        language=language,
        version=1,
        text=text,
        digest=bytes(32),
        keypad=keypad,
        created_at=SystemClock().now(),
    )


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("Press 1 for yes or 2 for no.", "en"),
        ("Press 1 for yes. Press 2 for no.", "en"),
        ("Tryk 1 for ja eller 2 for nej.", "da"),
        ("Drücken Sie 1 für ja oder 2 für nein.", "de"),
        ("Appuyez sur 1 pour oui ou sur 2 pour non.", "fr"),
        ("Zaten 1 ta ou 2 ez.", "eu"),
    ],
)
def test_the_keys_are_left_out(said: str, language: str) -> None:
    shown = on_screen(notice(f"{ASK} {said} {MIND}", language))
    assert shown.words == f"{ASK} {MIND}"
    assert " ".join(shown.leaves_out) == said


def test_nothing_else_is() -> None:
    kept = f"{ASK} We keep it for 1 year. {MIND}"
    assert on_screen(notice(kept)).words == kept
    assert on_screen(notice(f"{ASK} Press 1 for yes or 2 for no.", keypad=None)).leaves_out == ()
    only = "Press 1 for yes, or 2 for no: may we record?"
    assert on_screen(notice(only)) == on_screen(replace(notice(only), keypad=None))
    alone = "Press 1 for yes or 2 for no."
    assert on_screen(notice(alone)).words == alone


def test_no_notice_of_the_demo_names_a_key_on_a_screen() -> None:
    register = tomllib.loads((files("rightcall.demo") / "register.toml").read_text())
    purposes = [each for company in register["controllers"] for each in company["purposes"]]
    asked = [(each["text"], each["language"], each["keypad"]) for purpose in purposes for each in purpose.get("notices", [])]
    assert len(asked) > 8
    for text, language, keys in asked:
        shown = on_screen(notice(text, language, Keypad(**keys)))
        assert len(shown.leaves_out) == 1, text
        assert set(keys.values()) <= set(KEY.findall(shown.leaves_out[0]))
