"""docs/howto/review-a-purpose.md is followed, command by command, in its order: what it says is what happens."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from rightcall.cli import main as cli
from rightcall.reviews.model import End
from rightcall.reviews.template import template
from rightcall.wiring import House
from tests.cli.test_reviews import company, house, tokens

__all__ = ["company", "house", "tokens"]
HOWTO = (Path(__file__).parents[2] / "docs" / "howto" / "review-a-purpose.md").read_text(encoding="utf-8")
Run = Callable[[str], str]


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", HOWTO, re.DOTALL)


def test_the_howto_followed_step_by_step(
    house: House, tokens: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RIGHTCALL_DATA", str(house.settings.data))
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    monkeypatch.chdir(tmp_path)
    known = {role.upper(): token for role, token in tokens.items()}
    (answers,) = blocks("toml")
    told: dict[str, str] = {}
    for line in "".join(blocks("console")).splitlines():
        command, _, file = line.partition(" > ")
        words = shlex.split(re.sub(r'"?\$(\w+)"?', lambda match: known[match[1]], command))
        assert words[0] == "rightcall"
        assert cli.code_of(words[1:]) == 0, line
        out = capsys.readouterr().out
        if file:
            Path(file).write_text(out, encoding="utf-8")
        if words[1:3] == ["review", "template"]:
            assert out == template("training")
            Path("training.toml").write_text(answers, encoding="utf-8")
        if words[1:3] == ["review", "draft"]:
            known["REVIEW"] = out.splitlines()[-1]
        told[line] = out
    assert "in_force" in told["rightcall review list"]
    for paper in ("training-dpia.html", "training-lia.html"):
        assert Path(paper).read_text(encoding="utf-8").startswith("<!doctype html>")


def test_it_names_every_way_in_which_a_review_ends() -> None:
    assert set(re.findall(r"^\| .+ \| `(\w+)` \|$", HOWTO, re.MULTILINE)) | {"withdrawn"} == {end.value for end in End}
