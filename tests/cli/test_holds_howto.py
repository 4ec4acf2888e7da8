"""docs/howto/keep-what-you-must.md, step by step, with a worker of its own process."""

import re
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from rightcall.design.tongues import Tongue
from tests.cli.test_erasures_howto import blocks, place, run, until, worker
from tests.ledger.fakes import own_database

__all__ = ["place", "run", "url"]

PAGE = "keep-what-you-must.md"


@pytest.fixture(scope="module")
def url(database_url: str) -> Iterator[str]:
    with own_database(database_url, "holds_howto_tests") as url:
        yield url


def rows(place: Path) -> list[tuple[str, ...]]:
    db = sqlite3.connect(place / "crm.db")
    try:
        return db.execute("SELECT number, phone, email FROM customers").fetchall()
    finally:
        db.close()


def test_the_how_to_step_by_step(run: Callable[[str], str], place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    setting_up, data, system, placing, agreeing, listing, telling, *rest = blocks(PAGE, "sh")
    erasing, answering, prolonging, lifting, shorter, longer = rest
    apply, dpo, supervisor = setting_up.splitlines()
    run(apply)
    known = {"SUPERVISOR": run(supervisor).split()[-1]}
    monkeypatch.setenv("RIGHTCALL_TOKEN", run(dpo).split()[-1])

    def step(block: str) -> list[str]:
        said = []
        for line in block.strip().splitlines():
            for name, value in known.items():
                line = re.sub(rf"\b{name}\b", value, line)
            said.append(run(line))
        return said

    subprocess.run(["sh", "-c", data], check=True, cwd=place)
    *_, held = step(system)
    found = re.search(r"email address, field email\S*.*?  ([0-9a-f-]{36})", held)
    assert found is not None, held
    known["HOLDING"] = found[1]
    step(placing)
    waits = run("rightcall hold list")
    assert "somebody in another role than dpo agrees by" in waits
    assert "then it is kept until 2099-" in waits, "whoever agrees is told to which day"
    shown, _ = step(agreeing)
    about = re.search(r"about ([0-9a-f-]{36})  not told", shown)
    assert about is not None, shown
    known["SUBJECT"] = about[1]
    assert step(listing)[0] == blocks(PAGE, "")[0]
    letter, _ = step(telling)
    assert "ZPO § 142" in letter
    assert Tongue("da").day(date(2099, 12, 31)) in letter
    assert "NEEDS YOU" not in run("rightcall hold list")
    assert step(shorter)[0].startswith("care: 180 days now.")
    assert step(longer)[0].strip() == blocks(PAGE, "")[2].strip()

    enter, show = erasing.strip().splitlines()
    known["REQUEST"] = step(enter)[0].split()[-1]
    with worker(place):
        until(place, lambda: known["REQUEST"] in run("rightcall erasure list"), "its beginning")
        until(place, lambda: "2 confirmed, 1 held" in step(show)[0], "the end of everything else")
        ((number, phone, email),) = rows(place)
        assert email == "ada@caller.example"
        assert "204711" not in (number or "")
        assert "32 12" not in (phone or "")
        told = step(show)[0]
        assert blocks(PAGE, "")[1].splitlines()[-1] in told, told
        until(place, lambda: "fulfilled" in run(f"rightcall requests show {known['REQUEST']}"), "the answer")
        assert "ZPO § 142" in step(answering)[0]
        step(prolonging)
        assert "2101-12-31" in run("rightcall hold list")
        step(lifting)
        until(place, lambda: "3 confirmed" in step(show)[0], "the end of what was held")
        assert rows(place)[0][2] != "ada@caller.example"
    assert "kept" not in step(show)[0]
