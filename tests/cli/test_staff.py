"""`rightcall staff`, as whoever sets a deployment up runs it."""

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import Run, run

__all__ = ["run"]


def test_a_first_administrator_is_made_on_an_empty_machine(
    run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("RIGHTCALL_DATABASE_URL")
    monkeypatch.setenv("RIGHTCALL_PUBLIC_URL", "https://rightcall.energy.example/")
    assert run("staff", "create", "--role", "administrator", "--data", tmp_path / "new") == 0
    link = capsys.readouterr().out.splitlines()[-1]
    assert link.startswith("https://rightcall.energy.example/sign-up/")

    def member() -> dict[str, object]:
        capsys.readouterr()
        assert run("staff", "list", "--json", "--data", tmp_path / "new") == 0
        [found] = json.loads(capsys.readouterr().out)["members"]
        assert isinstance(found, dict)
        return found

    made = member()
    assert (made["role"], made["state"], made["name"], made["address"], made["passkeys"]) == (
        "administrator",
        "active",
        "Administrator",
        None,
        0,
    )
    start = str(made["id"])[:13]
    assert run("staff", "link", start, "--data", tmp_path / "new") == 0
    assert capsys.readouterr().out.splitlines()[-1] not in (link, "")
    assert run("staff", "suspend", start, "--data", tmp_path / "new") == 2
    assert "somebody else an administrator" in capsys.readouterr().err
    assert run("staff", "sessions", start, "--revoke", "--json", "--data", tmp_path / "new") == 0
    assert json.loads(capsys.readouterr().out) == {"sessions": []}
    assert run("staff", "create", "--role", "engineer", "--data", tmp_path / "new") == 2
    assert "Choose one of administrator" in capsys.readouterr().err
