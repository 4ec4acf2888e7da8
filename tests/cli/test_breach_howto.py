"""docs/howto/breach.md at the terminal: rehearse, enter, list."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rightcall.cli import main as cli
from rightcall.cli.place import controller_of
from rightcall.settings import load_settings
from rightcall.wiring import House, open_house
from rightcall.worker.procedures import procedures_of
from tests.procedures.fakes import InlineSteps
from tests.registers import northwind

Run = Callable[..., int]
LEAK = ("--from", "2026-11-01T00:00Z", "--until", "2026-11-24T12:00Z")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(load_settings(data=tmp_path_factory.mktemp("deployment") / "data")) as house:
        yield house


@pytest.fixture
def run(house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    return lambda *words: cli.code_of([*(str(word) for word in words), "--data", str(house.settings.data)])


def test_rehearsed_entered_listed(
    house: House, run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("register", "apply", northwind()) == 0
    assert run("token", "create", "--role", "dpo") == 0
    monkeypatch.setenv("RIGHTCALL_TOKEN", capsys.readouterr().out.split()[-1])
    assert run("breach", "rehearse", *LEAK) == 0
    shown = capsys.readouterr().out
    assert "Nothing about anybody is known to have lain there. Severity: low (0.00)." in shown
    assert "Tell the authority (Art. 33): a risk is unlikely" in shown
    assert run("breach", "list") == 0
    assert capsys.readouterr().out == "", "a rehearsal enters nothing"
    assert run("breach", "enter", *LEAK, "--known", "2026-11-24T09:00Z", "--accident") == 0
    said = capsys.readouterr()
    assert "until 2026-11-27 09:00 UTC" in said.err
    breach = said.out.split()[-1]
    assert run("breach", "list") == 0
    line = f"{breach}  known 2026-11-24 09:00 UTC  due 2026-11-27 09:00 UTC  told: nobody"
    assert capsys.readouterr().out.splitlines()[1].split("  ") == [
        *("2026-11-24 09:00 UTC", "2026-11-27 09:00 UTC", "nobody"),
        breach,
    ]
    assert run("breach", "show", breach) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(line)
    assert shown.endswith("is not counted yet: it begins as soon as the worker can. Look again in a moment.\n")
    procedures_of(house)["weigh_breach"](InlineSteps(), str(controller_of(house.database, None).id), breach)
    assert run("breach", "show", breach) == 0
    assert capsys.readouterr().out.endswith("UTC, by the data map as it was then.\n")
    assert run("breach", "weigh", breach) == 0
    assert "It is being weighed anew" in capsys.readouterr().err
    assert run("breach", "show", breach) == 0
    assert "It is being weighed anew: it begins as soon as the worker can." in capsys.readouterr().out


def test_a_system_that_was_never_scanned_is_never_low(
    run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert run("register", "apply", northwind()) == 0
    assert run("token", "create", "--role", "engineer") == 0
    monkeypatch.setenv("RIGHTCALL_TOKEN", capsys.readouterr().out.split()[-1])
    (tmp_path / "share").mkdir()
    assert run("system", "add", "share", "--address", tmp_path / "share") == 0
    capsys.readouterr()
    assert run("breach", "rehearse", *LEAK, "--system", "share") == 0
    shown = capsys.readouterr().out
    assert "Severity: not known: by what is known it would be low (0.00)." in shown
    assert "Tell the authority (Art. 33): yes" in shown
    assert "Tell the people (Art. 34): not known, and not ruled out" in shown
    assert shown.endswith("This is not the whole: share was never scanned. Scan it to the end, then ask again.\n")


def test_mistakes_are_two(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("register", "apply", northwind()) == 0
    assert run("breach", "rehearse", "--from", "2026-11-01", "--until", "2026-11-24T12:00Z") == 2
    assert "needs its zone" in capsys.readouterr().err
    assert run("breach", "rehearse", *LEAK, "--system", "unheard-of") == 2
    assert "no such system" in capsys.readouterr().err
