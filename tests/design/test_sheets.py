"""A page escapes what is not ours, and is not made where something is missing."""

from pathlib import Path

import pytest
from jinja2 import UndefinedError

from rightcall.design.assets import asset, at
from rightcall.design.plots import Bar, bars
from rightcall.design.sheets import Sheets
from rightcall.design.tongues import Tongue

NASTY = "<script>alert('x')</script>"


def test_what_is_given_is_escaped_and_what_is_missing_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "greeting.html").write_text('{% import "parts.html" as parts with context %}{{ parts.tag(name) }}')
    sheets = Sheets(tmp_path)
    assert "<script>" not in sheets.page("greeting", Tongue(), {"name": NASTY})
    with pytest.raises(UndefinedError):
        sheets.page("greeting", Tongue(), {})


def test_a_plot_escapes_its_names() -> None:
    assert "<script>" not in bars(NASTY, [Bar(NASTY, 1)], Tongue())


def test_an_asset_lies_at_its_digest_and_nowhere_else() -> None:
    address = asset("style.css")
    found = at(address)
    assert found is not None
    assert found.media_type.startswith("text/css")
    assert at("/design/style.000000000000.css") is None
    assert at("/design/../frame.html") is None
