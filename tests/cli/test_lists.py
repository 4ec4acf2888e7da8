"""Lists in the terminal are tables of one sort, whatever they list."""

import inspect
import os
import pty
import re
import sys
from collections.abc import Iterator
from uuid import UUID

import pytest
import typer

from rightcall.cli.commands import COMMANDS
from rightcall.cli.lists import print_table
from rightcall.cli.main import app_of

ID = UUID("0199a1de-0000-7000-8000-000000000001")
HEADS = ("Name", "Role", "Says", "Id")
LISTS = re.compile(r"list|sessions|orders|mails")


def commands() -> Iterator[tuple[str, typer.core.TyperCommand]]:
    def walk(group: object, path: str) -> Iterator[tuple[str, typer.core.TyperCommand]]:
        for name, each in getattr(group, "commands", {}).items():
            if hasattr(each, "commands"):
                yield from walk(each, f"{path} {name}")
            else:
                yield f"{path} {name}", each

    return walk(typer.main.get_command(app_of(COMMANDS)), "rightcall")


def test_every_list_is_such_a_table_and_says_json_to_programs() -> None:
    lists = {path: each for path, each in commands() if LISTS.fullmatch(path.split()[-1])}
    assert len(lists) > 20, sorted(lists)
    for path, each in lists.items():
        assert "--json" in {option for param in each.params for option in param.opts}, path
        assert each.callback is not None
        command = inspect.unwrap(each.callback)
        written, module = inspect.getsource(command), sys.modules[command.__module__]
        called = [written, *(inspect.getsource(getattr(module, name)) for name in re.findall(r"\b(_show)\(", written))]
        assert any("print_table(" in one for one in called), path
        assert not re.search(r"(?<![\w.])print\((?!json)", written), path


def shown(width: int, rows: list[tuple[object, ...]], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """On a terminal that is so wide."""
    master, terminal = pty.openpty()
    monkeypatch.setenv("COLUMNS", str(width))
    with os.fdopen(terminal, "w") as out, monkeypatch.context() as there:
        there.setattr(sys, "stdout", out)
        print_table(HEADS, rows)
    lines = os.read(master, 100_000).decode().splitlines()
    os.close(master)
    return lines


ROWS: list[tuple[object, ...]] = [
    ("Ada Berg", "dpo", "what somebody wrote at some length about it", ID),
    ("渡辺 \x1b[31m[bold]", None, "", ID),
]


def test_on_a_terminal_no_line_is_wider_and_no_id_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = shown(140, ROWS, monkeypatch)
    assert wide[0].split() == list(HEADS)
    assert len(wide) == 3
    for width in (80, 66):
        lines = shown(width, ROWS, monkeypatch)
        assert lines[0].split() == list(HEADS)
        assert max(map(len, lines)) <= width
        assert [line.split()[-1] for line in lines if str(ID) in line] == [str(ID)] * 2
    narrow = shown(50, ROWS, monkeypatch)
    assert narrow[:4] == ["Name  Ada Berg", "Role  dpo", "Says  what somebody wrote at some length about it", f"Id    {ID}"]
    assert narrow[4:] == ["", "Name  渡辺 �[31m[bold]", f"Id    {ID}"]


def test_elsewhere_each_row_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(HEADS, [("Ada Berg", "dpo", "long " * 100 + "end", ID)])
    heads, row = capsys.readouterr().out.splitlines()
    assert heads.split() == list(HEADS)
    assert row.startswith("Ada Berg  dpo ")
    assert row.endswith(f"end  {ID}")
    print_table(HEADS, [])
    assert capsys.readouterr().out == ""
