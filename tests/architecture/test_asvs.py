"""The checklist of docs/reference/asvs.md: it is whole, and each test that it names is there. And what no other test shows."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import rightcall

PACKAGE = Path(rightcall.__file__).parent
ROOT = PACKAGE.parents[1]
PAGE = (ROOT / "docs" / "reference" / "asvs.md").read_text(encoding="utf-8")
_STATES = ("met", "in part", "not met", "does not apply")
# How many items of level 1 and of level 2 each chapter of version 5.0.0 has.
_FIRST = (8, 4, 8, 2, 4, 13, 6, 4, 4, 5, 3, 3, 1, 2, 3, 0, 0)
_SECOND = (19, 7, 11, 8, 5, 22, 12, 3, 3, 24, 11, 6, 12, 7, 10, 16, 7)


def rows() -> list[tuple[str, str, str, str]]:
    """Item, level, state, and the test or the reason."""
    found = re.findall(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| [^|]+ \| ([^|]+) \| ([^|]+) \|$", PAGE, re.M)
    return [(item, level, state, how) for item, level, state, how in found]


def declared_in(file: Path) -> set[str]:
    return {each.name for each in ast.parse(file.read_text(encoding="utf-8")).body if isinstance(each, ast.FunctionDef)}


def test_every_item_is_there_once_in_order() -> None:
    items = [tuple(map(int, item.split("."))) for item, *_ in rows()]
    assert items == sorted(set(items))
    levels = Counter((item[0], level) for item, (_, level, *_) in zip(items, rows(), strict=True))
    assert tuple(levels[number, "1"] for number in range(1, 18)) == _FIRST
    assert tuple(levels[number, "2"] for number in range(1, 18)) == _SECOND


def test_each_has_a_state_with_its_ground_and_they_add_up() -> None:
    assert {state for _, _, state, _ in rows()} <= set(_STATES)
    assert [item for item, _, _, how in rows() if len(how.strip()) < 5] == []
    for level in "12":
        counts = [sum(1 for _, of, is_so, _ in rows() if (of, is_so) == (level, state)) for state in _STATES]
        assert f"| {level} | {' | '.join(map(str, counts))} | {sum(counts)} |" in PAGE


def test_each_test_that_is_named_is_there() -> None:
    named = [each for _, _, _, how in rows() for each in re.findall(r"`(tests/[^`:]+)::(\w+)`", how)]
    assert len(named) > 150
    missing = [f"{file}::{name}" for file, name in named if not (ROOT / file).exists() or name not in declared_in(ROOT / file)]
    assert missing == []


def test_every_cookie_is_kept_close() -> None:
    found = list(calls("set_cookie"))
    assert len(found) >= 5
    for file, call in found:
        given = {each.arg: ast.unparse(each.value) for each in call.keywords}
        assert (given["secure"], given["httponly"]) == ("True", "True"), file
        assert given["samesite"] in ("'strict'", "'lax'"), file
        assert constant(file, ast.unparse(call.args[0])).startswith(("__Host-", "__Secure-")), file


def test_no_call_of_ours_follows_a_redirect() -> None:
    """Nothing is said to httpx means that it follows none."""
    followed = [
        file
        for file, call in calls("Client", "AsyncClient", "get", "post", "stream")
        if "follow_redirects=True" in ast.unparse(call)
    ]
    assert followed == []
    asked_otherwise = [
        file
        for file in PACKAGE.rglob("*.py")
        if re.search(r"^(import|from) (urllib\.request|requests)\b", file.read_text(), re.M)
    ]
    assert asked_otherwise == []


def test_scripts_keep_nothing_about_anybody() -> None:
    scripts = "".join(file.read_text(encoding="utf-8") for file in (PACKAGE / "design").glob("*.js"))
    kept = re.findall(r"(?:localStorage|sessionStorage)\.setItem\(([^,]+),", scripts)
    assert kept == ['"rightcall-desk-keys"']
    assert "indexedDB" not in scripts
    assert "document.cookie" not in scripts


def calls(*names: str) -> Iterator[tuple[Path, ast.Call]]:
    """Every call of a method of these names."""
    for file in sorted(PACKAGE.rglob("*.py")):
        for each in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and each.func.attr in names:
                yield file, each


def constant(file: Path, name: str) -> str:
    """What a module calls by `name`, there or where it has it from; of a function that makes one, how that begins."""
    text, name = file.read_text(encoding="utf-8"), name.partition("(")[0]
    found = re.search(rf'^{name} = "([^"]+)"$', text, re.M) or re.search(
        rf'^def {name}\(.*\n.*\n    return f"([^"]+)"$', text, re.M
    )
    if found:
        return found[1]
    source = re.search(rf"^from rightcall\.([\w.]+) import .*\b{name}\b", text, re.M)
    assert source, f"{name} of {file.name}"
    return constant(PACKAGE / f"{source[1].replace('.', '/')}.py", name)
