"""What a terminal has of `rightcall` beside the commands: words that a shell completes, and a manual page."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from rightcall.cli import main as cli
from rightcall.cli.commands import COMMANDS
from rightcall.cli.main import app_of
from rightcall.cli.manual import page
from rightcall.settings import Settings

_PROGRAM = Path(sys.executable).parent


def asked(**environment: str) -> str:
    """What `rightcall` answers a shell."""
    done = subprocess.run(["rightcall"], capture_output=True, text=True, check=True, env=_with(**environment))
    return done.stdout


def _with(**environment: str) -> dict[str, str]:
    return {**os.environ, "PATH": f"{_PROGRAM}{os.pathsep}{os.environ['PATH']}", **environment}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_is_told_the_commands_of_a_group(shell: str) -> None:
    """As its script asks; nothing but that group is loaded for it."""
    words = {"COMP_WORDS": "rightcall\nsystem\nfi", "COMP_CWORD": "2", "_TYPER_COMPLETE_ARGS": "rightcall system fi"}
    told = asked(_RIGHTCALL_COMPLETE=f"complete_{shell}", _TYPER_COMPLETE_FISH_ACTION="get-args", **words)
    assert "findings" in told
    assert "retire" not in told
    assert "rightcall" in asked(_RIGHTCALL_COMPLETE=f"source_{shell}")


def test_bash_completes_it() -> None:
    script = (
        'eval "$(_RIGHTCALL_COMPLETE=source_bash rightcall)"; COMP_WORDS=(rightcall hold list --j); COMP_CWORD=3;'
        ' _rightcall_completion rightcall; echo "${COMPREPLY[@]}"'
    )
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True, env=_with())
    assert done.stdout.split() == ["--json"], done.stderr


def test_the_manual_page_has_every_command_option_and_setting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    assert cli.code_of(["man"]) == 0
    printed = capsys.readouterr().out
    assert printed == "\n".join(page()) + "\n"
    for name in Settings.model_fields:
        assert f"\n.B RIGHTCALL_{name.upper()}\n" in printed, name
    plain = printed.replace("\\-", "-")

    def walk(group: object, path: str) -> None:
        for name, each in getattr(group, "commands", {}).items():
            if not each.hidden and not hasattr(each, "commands"):
                [part] = re.findall(rf'\n\.SS "{path} {name}[ "].*?(?=\n\.S)', plain, re.S)
                options = {each.opts[0] for each in each.params if each.opts[0].startswith("--")} - {"--help"}
                assert {option for option in options if option not in part} == set()
            walk(each, f"{path} {name}")

    walk(typer.main.get_command(app_of(COMMANDS)), "rightcall")


def test_no_line_of_it_is_a_request_by_mistake() -> None:
    known = (".TH", ".SH", ".SS", ".TP", ".B", ".I")
    lines = "\n".join(page()).splitlines()
    assert [line for line in lines if line[:1] in (".", "'") and line.split()[0] not in known] == []
