"""The demo's register: whoever reads a customer's page in one of its languages is asked in that language."""

import tomllib
from importlib.resources import files

import pytest

from rightcall.design.tongues import NAMES

_COMPANIES = tomllib.loads((files("rightcall.demo") / "register.toml").read_text(encoding="utf-8"))["controllers"]
ASKED = {f"{company['name']}, {each['key']}": each for company in _COMPANIES for each in company["purposes"] if "notices" in each}


@pytest.mark.parametrize("purpose", ASKED)
def test_each_question_is_written_in_every_language_of_the_pages(purpose: str) -> None:
    notices = ASKED[purpose]["notices"]
    assert {each["language"] for each in notices} == set(NAMES)
    assert len({str(each["keypad"]) for each in notices}) == 1, "the same keys in each"
