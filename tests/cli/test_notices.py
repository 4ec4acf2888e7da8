"""`rightcall notice check` as a user runs it: what it prints where, and the code it ends with; and that its how-to is right."""

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from rightcall.cli import main as cli
from rightcall.purposes.faults import NO_NOTICE, OF_ANY_LANGUAGE, OF_WORDING, WITHOUT_A_CHOICE
from tests.registers import DEMO

Run = Callable[..., int]
HOWTO = Path(__file__).parents[2] / "docs" / "howto" / "check-a-notice.md"
CLASSIC = "This call may be recorded for quality and training purposes."


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """`notice check` in this process, in a folder of its own; answers with its exit code."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    return lambda *words: cli.code_of(["notice", "check", *(str(word) for word in words)])


def test_the_demos_register_has_no_fault(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(DEMO) == 0
    said = capsys.readouterr()
    assert "Northwind Energy, agent-training, en" in said.out
    assert "40 notices: 0 wrong, 0 weak." in said.err


def test_what_is_wrong_is_said_with_place_law_and_a_better_way(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    Path("notice.txt").write_text(CLASSIC, encoding="utf-8")
    assert run("notice.txt") == 1
    said = capsys.readouterr()
    assert "wrong  informed.vague_purpose  26-37  “for quality”" in said.out
    assert "    Instead: Say what is done, by whom" in said.out
    assert "GDPR Art. 5(1)(b)" in said.out
    assert "1 notice: 8 wrong, 0 weak." in said.err
    assert run("notice.txt", "--json") == 1
    (notice,) = json.loads(capsys.readouterr().out)["notices"]
    assert (notice["language"], notice["passes"], notice["words"], notice["seconds"]) == ("en", False, 10, 5)
    vague = next(each for each in notice["findings"] if each["rule"] == "informed.vague_purpose")
    assert CLASSIC[vague["start"] : vague["end"]] == "for quality"
    assert vague["words"] == "for quality"
    assert vague["better"] == "May we record this call so that our new agents can learn from it?"
    assert set(vague) == {"rule", "severity", "start", "end", "words", "says", "instead", "better", "cite"}
    assert vague["severity"] == "wrong"


def test_what_is_only_weak_ends_with_none(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    words = (
        "May we record this call to train our agents? Press 1 for yes or 2 for no. We help you just the same."
        " You can change your mind later."
    )
    Path("notice.txt").write_text(words, encoding="utf-8-sig")
    assert run("notice.txt") == 0
    said = capsys.readouterr()
    assert "weak  informed.no_name" in said.out
    assert "None of the faults that make a yes void was found" in said.err


def test_a_language_that_cannot_be_read_is_never_fine(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    Path("notice.txt").write_text(
        "Megengedi, hogy felvegyük ezt a hívást, hogy új munkatársaink tanuljanak belőle?", encoding="utf-8"
    )
    for words in (["notice.txt"], ["notice.txt", "--language", "hu"]):
        assert run(*words) == 1
        said = capsys.readouterr()
        assert "cannot tell  language.not_read" in said.out
        assert "None of the faults" not in said.err
        assert "Wording is read in da, de, en, es, fi, fr, nl, sv." in said.err


def test_words_of_which_it_cannot_be_told_are_not_said_to_be_unread(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    words = (
        "May Example Energy record this call to train our agents? Press 1 for yes or 2 for no. If you say nothing, we go ahead."
        " If you say no, we help you just the same. You can change your mind later."
    )
    Path("notice.txt").write_text(words, encoding="utf-8")
    assert run("notice.txt") == 1
    said = capsys.readouterr()
    assert "cannot tell  choice.perhaps_opt_out" in said.out
    assert "a person has to read them" in said.err
    assert "could not be checked" not in said.err


def test_better_words_are_in_the_notices_own_language(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    Path("notice.txt").write_text("Tämä puhelu voidaan nauhoittaa laatu- ja koulutustarkoituksiin.", encoding="utf-8")
    assert run("notice.txt") == 1
    said = capsys.readouterr().out
    assert "Better: “Saammeko tallentaa tämän puhelun, jotta uudet asiakaspalvelijat voivat oppia siitä?”" in said
    assert "A notice that asks: “Täällä on … (yrityksen nimi)." in said


def test_who_asks_and_for_what_can_be_told(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    Path("notice.txt").write_text("Darf Nordwind dieses Gespräch aufzeichnen, um den Service zu verbessern?", encoding="utf-8")
    assert run("notice.txt", "--controller", "Nordwind GmbH", "--purpose", "Settle disputes about orders") == 1
    said = capsys.readouterr().out
    assert "informed.no_name" not in said
    assert "A notice that asks: “Hier ist Nordwind GmbH. Dürfen wir dieses Gespräch aufzeichnen, als Beweis" in said
    assert run(DEMO, "--controller", "Nordwind GmbH") == 2
    assert "Leave these options out" in capsys.readouterr().err


def test_a_trunk_whose_callers_nobody_can_ask_is_named(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, trunk, after = DEMO.read_text(encoding="utf-8").partition('default_region = "DK"\nlanguage = "en"')
    (tmp_path / "italian.toml").write_text(before + trunk.replace('"en"', '"it"') + after, encoding="utf-8")
    assert run("italian.toml") == 0
    said = capsys.readouterr()
    assert "Northwind Energy, agent-training, it: no notice" in said.out
    assert "40 notices: 0 wrong, 4 weak." in said.err
    assert run("italian.toml", "--json") == 0
    missing = json.loads(capsys.readouterr().out)["missing"]
    assert [each["rule"] for each in missing] == ["language.no_notice"] * 4


def test_mistakes_are_two(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("missing.txt") == 2
    for content in (b"", b"\xff\xfe\x00", b"bell \x07", b"x" * 5001):
        (tmp_path / "notice.txt").write_bytes(content)
        assert run("notice.txt") == 2
    (tmp_path / "notice.txt").write_text(CLASSIC, encoding="utf-8")
    assert run("notice.txt", "--language", "danish") == 2
    (tmp_path / "broken.toml").write_text("[[[", encoding="utf-8")
    assert run("broken.toml") == 2
    assert run(DEMO, "--language", "en") == 2
    register = DEMO.read_text(encoding="utf-8")
    (tmp_path / "none.toml").write_text(re.sub(r"\[\[controllers\.purposes\.notices\]\].*?\n\n", "", register, flags=re.S))
    capsys.readouterr()
    assert run("none.toml") == 2
    assert "holds no notice" in capsys.readouterr().err


def steps() -> list[tuple[str, str]]:
    """The commands of the how-to, each with the output that is shown after it."""
    text = HOWTO.read_text(encoding="utf-8")
    return re.findall(r"```sh\nrightcall notice check ([^\n]+)\n```\n\n```\n(.*?)```", text, re.S)


def test_the_how_to_shows_what_is_printed(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    text = HOWTO.read_text(encoding="utf-8")
    files = re.findall(r"cat > (\S+) <<'END'\n(.*?)END\n", text, re.S)
    assert len(files) == len(steps()) == 2
    for name, content in files:
        Path(name).write_text(content, encoding="utf-8")
    for words, shown in steps():
        run(*shlex.split(words))
        said = capsys.readouterr()
        assert (said.out + said.err).split() == shown.split()


def test_the_how_to_lists_every_rule() -> None:
    text = HOWTO.read_text(encoding="utf-8")
    assert re.findall(r"^\| `([a-z_.]+)` \|", text, re.M) == sorted(
        kind.rule for kind in (*OF_ANY_LANGUAGE, *OF_WORDING, *WITHOUT_A_CHOICE, NO_NOTICE)
    )
