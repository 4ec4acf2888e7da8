"""A command prints once what it did is committed: whoever reads it may be gone, and a broken pipe must take nothing back."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

CLI = Path(__file__).parents[2] / "src" / "rightcall" / "cli"
PLANTED = {
    "at once": "def sign(database):\n    with database.transaction(1) as tx:\n        print(tx)\n",
    "to standard error": "def sign(database):\n    with database.system() as tx:\n        words().print(tx)\n",
    "by another function": (
        "def _show(tx):\n    _line(tx)\n"
        "def _line(tx):\n    print(tx)\n"
        "def sign(database):\n    with database.transaction(1) as tx:\n        _show(tx)\n"
    ),
    "in a context that gives the transaction": (
        "def _read(data) -> Iterator[tuple[Transaction, int]]:\n    yield 1, 2\n"
        "def show(data):\n    with _read(data) as (tx, _):\n        print(tx)\n"
    ),
}


def printed_inside(source: str) -> list[int]:
    """Lines that print while a transaction is open, by whatever function of the same module."""
    tree = ast.parse(source)
    functions = {each.name: each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)}
    printing = _printing(functions)
    gives = {name for name, each in functions.items() if each.returns is not None and "Transaction" in ast.unparse(each.returns)}
    return sorted(
        call.lineno
        for block in ast.walk(tree)
        if isinstance(block, ast.With) and any(_opens(item.context_expr, gives) for item in block.items)
        for statement in block.body
        for call in _calls(statement)
        if _prints(call, printing)
    )


def _printing(functions: dict[str, ast.FunctionDef]) -> set[str]:
    """Functions that print, or call one that does."""
    found: set[str] = set()
    while more := {
        name for name, each in functions.items() if name not in found and any(_prints(call, found) for call in _calls(each))
    }:
        found |= more
    return found


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    return (each for each in ast.walk(node) if isinstance(each, ast.Call))


def _prints(call: ast.Call, printing: set[str]) -> bool:
    """Of functions only those of the module, by their bare name: `controllers.create` is another than the command `create`."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr in {"print", "echo"}
    return isinstance(call.func, ast.Name) and call.func.id in {"print", *printing}


def _opens(context: ast.expr, gives: set[str]) -> bool:
    names = {ast.unparse(call.func).rpartition(".")[2] for call in _calls(context)}
    return not names.isdisjoint({"transaction", "system", *gives})


@pytest.mark.parametrize("file", sorted(CLI.rglob("*.py")), ids=lambda file: file.name)
def test_no_command_prints_while_a_transaction_is_open(file: Path) -> None:
    assert printed_inside(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("how", PLANTED)
def test_one_that_did_would_be_seen(how: str) -> None:
    assert len(printed_inside(PLANTED[how])) == 1
