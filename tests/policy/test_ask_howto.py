"""The how-to for asking on paper is followed as it stands, and says what comes out."""

import re
from pathlib import Path

import pytest

from rightcall.cli.main import code_of

HOWTO = (Path(__file__).parents[2] / "docs" / "howto" / "ask-a-verdict.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", HOWTO, re.DOTALL)


def test_every_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    asked, expected = blocks("toml")
    (command,) = blocks("sh")
    program, *words = command.split()
    assert (program, words[-1]) == ("rightcall", "asked.toml")
    Path("asked.toml").write_text(asked, encoding="utf-8")
    assert code_of(words) == 1
    told = capsys.readouterr().out
    shown = HOWTO.split("\n\n```\n")[1].split("```")[0]
    assert told.startswith(shown)
    assert "[US-CA]" in told
    assert "By the law and the house rules that come with Rightcall." in told
    assert "no pause is in force; no card data is spoken" in told
    assert "expected" not in told
    Path("asked.toml").write_text(f"{asked}\n{expected}", encoding="utf-8")
    assert code_of(words) == 1
    told = capsys.readouterr().out
    assert "- outcome not_right" in told
    assert "+ outcome unlawful" in told
