"""docs/howto/is-it-safe.md, step by step, on a folder."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from rightcall.cli import main as cli
from rightcall.cli.place import controller_of
from rightcall.clock import SystemClock
from rightcall.discovery.systems import actions as systems
from rightcall.safety import actions as safety
from rightcall.settings import load_settings
from rightcall.wiring import House, open_house
from tests.cast import ADA_EMAIL, PLANTED_CARD

Run = Callable[..., int]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(load_settings(data=tmp_path_factory.mktemp("deployment") / "data")) as house:
        yield house


@pytest.fixture
def run(house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)

    def run(*words: str) -> int:
        return cli.code_of([*words, "--data", str(house.settings.data)])

    assert run("token", "create", "--role", "dpo") == 0
    monkeypatch.setenv("RIGHTCALL_TOKEN", capsys.readouterr().out.split()[-1])
    return run


def test_a_folder_is_looked_at_mended_and_weighed(run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir(mode=0o700)
    (share / "ada-planted.csv").write_text(f"email,card,cvv\n{ADA_EMAIL},{PLANTED_CARD},123\n", encoding="utf-8")
    (share / "payments.log").write_text(f"paid by {ADA_EMAIL}\n", encoding="utf-8")
    for file in share.iterdir():
        file.chmod(0o644)
    assert run("system", "add", "crm", "--address", str(share)) == 0
    assert run("system", "scan", "crm", "--wait") == 0
    capsys.readouterr()
    assert run("safety", "list") == 0
    assert "Nobody looked yet at crm" in capsys.readouterr().err
    assert run("safety", "look", "crm") == 1
    shown = capsys.readouterr().out
    for kind in ("cards_in_clear", "card_codes_kept", "personal_data_in_logs"):
        assert re.search(rf"  open +{kind}  ", shown)
    assert re.search(r"cards_in_clear +crm +1  ", shown)
    lines = [line for line in shown.splitlines() if "In which files and rows" in line]
    assert len(lines) == 1, "one word on where to look, however many weaknesses lie there"
    object = next(line.split()[2].rstrip(",:") for line in shown.splitlines() if "field cvv: 1" in line)
    assert run("system", "findings", "crm", "--type", "card_code", "--object", object) == 0
    places = capsys.readouterr().out
    assert "1  card_code" in places
    assert PLANTED_CARD not in places
    for planted in (ADA_EMAIL, PLANTED_CARD, "ada-planted"):
        assert planted not in shown
    soon = f"{SystemClock().now() + timedelta(days=30):%Y-%m-%d}"
    card = next(line.split()[-1] for line in shown.splitlines() if "cards_in_clear" in line)
    assert run("safety", "accept", card, "--reason", "being_mended", "--until", soon) == 0
    assert run("safety", "accept", card, "--reason", "being_mended", "--until", soon) == 2
    for never in ("2001-01-31", "2099-01-31"):
        assert run("safety", "accept", card, "--reason", "being_mended", "--until", never) == 2
    for file in share.iterdir():
        file.unlink()
    (share / "empty.txt").write_text("nothing\n", encoding="utf-8")
    assert run("system", "scan", "crm", "--wait") == 0
    run("safety", "look", "crm")
    capsys.readouterr()
    assert run("safety", "list") == 0
    after, words = capsys.readouterr()
    assert "Nobody looked yet" not in words
    assert re.search(r"  mended +cards_in_clear  ", after)
    assert re.search(r"  mended +personal_data_in_logs  ", after)


def people(number: int, *, first: int = 0) -> str:
    return "".join(
        f"Anna Holm{_lettered(n)},person.{n}@caller.example,+45 32 12 {n // 100:02} {n % 100:02}\n"
        for n in range(first, first + number)
    )


def _lettered(number: int) -> str:
    return f"{number:03}".translate(str.maketrans("0123456789", "abcdefghij"))


def shown_of(run: Run, capsys: pytest.CaptureFixture[str], system: str) -> str:
    run("safety", "look", system)
    return "\n".join(line for line in capsys.readouterr().out.splitlines() if "unregistered_copies" in line and "open" in line)


def copies_of(house: House) -> dict[int, list[tuple[str, str | None]]]:
    """Of what each file of the dump that lies again is a copy, by how many records it has."""
    with house.database.transaction(controller_of(house.database, None).id) as tx:
        asked = "SELECT object, count(DISTINCT record) AS records FROM findings WHERE system = %s GROUP BY object"
        files = tx.connection.execute(asked, (systems.get(tx, "dump").id,)).fetchall()
        records = {row["object"]: row["records"] for row in files}
        found = safety.lying_again(tx, house.vault, records)
    return {records[object]: [(each.system_name, each.object_name) for each in again] for object, again in found.items()}


def test_copies_that_nobody_registered_show_until_somebody_does(
    run: Run, house: House, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name in ("store", "dump"):
        (tmp_path / name).mkdir(mode=0o700)
    head = "name,email,phone\n"
    (tmp_path / "store" / "customers.csv").write_text(head + people(300), encoding="utf-8")
    orders = "".join(f"{n},person.{n % 300}@caller.example\n" for n in range(400))
    (tmp_path / "store" / "orders.csv").write_text("order,email\n" + orders, encoding="utf-8")
    tickets = "".join(people(60).replace("\n", f",ticket {n}\n") for n in range(5))
    (tmp_path / "store" / "tickets.csv").write_text("name,email,phone,ticket\n" + tickets, encoding="utf-8")
    (tmp_path / "dump" / "export.csv").write_text(head + people(100) + people(5, first=900), encoding="utf-8")
    (tmp_path / "dump" / "others.csv").write_text(head + people(100, first=500), encoding="utf-8")
    (tmp_path / "dump" / "customers_old_bak.csv").write_text(head + people(9, first=250), encoding="utf-8")
    (tmp_path / "dump" / "winners.csv").write_text(head.replace("name", "winner") + people(8, first=280), encoding="utf-8")
    (tmp_path / "dump" / "four.csv").write_text(head + people(4, first=270), encoding="utf-8")
    for name in ("store", "dump"):
        assert run("system", "add", name, "--address", str(tmp_path / name), "--region", "DK") == 0
        assert run("system", "scan", name, "--wait") == 0
    assert re.search(r"  dump +2 +2 objects lie again in store: at least 9", shown_of(run, capsys, "dump"))
    assert copies_of(house) == {9: [("store", None)], 105: [("store", None)]}
    assert shown_of(run, capsys, "store") == "", "a third were exported, orders share one thing, tickets are many for each"
    assert run("system", "check", "dump", "--copy-of", "store") == 0
    assert copies_of(house) == {}, "at once, whenever somebody looks again"
    assert shown_of(run, capsys, "dump") == ""
    assert run("system", "check", "dump", "--copy-of", "nowhere") == 2
    (tmp_path / "dump" / "twice.csv").write_text(head + people(100, first=500), encoding="utf-8")
    assert run("system", "scan", "dump", "--wait") == 0
    assert "2 objects lie again elsewhere in it: at least 100% of each one's records." in shown_of(run, capsys, "dump")
    assert run("system", "check", "dump", "--copy-of", "store", "--copy-of", "dump") == 0
    assert shown_of(run, capsys, "dump") == ""


def test_tickets_are_no_copy_of_customers_and_households_make_a_copy_no_less_one(
    run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Two live at each number and share a mail address; every eighth wrote twice."""
    for name in ("shop", "counter"):
        (tmp_path / name).mkdir(mode=0o700)
    rows = [
        (f"Person-{n} Caller", f"home.{n // 2}@caller.example", f"+45 32 13 00 {n // 2:02}", f"KD-{n:06}") for n in range(100)
    ]
    (tmp_path / "shop" / "customers.csv").write_text(
        "name,email,phone,number\n" + "".join(f"{','.join(each)}\n" for each in rows)
    )
    (tmp_path / "shop" / "export.csv").write_text("name,email,phone,number\n" + "".join(f"{','.join(each)}\n" for each in rows))
    wrote = [*rows, *rows[::8]]
    tickets = "".join(f"{name},{phone},{number},ticket {n}\n" for n, (name, _, phone, number) in enumerate(wrote))
    (tmp_path / "counter" / "tickets.csv").write_text("name,phone,number,ticket\n" + tickets)
    for name in ("shop", "counter"):
        own = ("--pattern", "customer_number=KD-[0-9]{6}")
        assert run("system", "add", name, "--address", str(tmp_path / name), "--region", "DK", *own) == 0
        assert run("system", "scan", name, "--wait") == 0
    assert shown_of(run, capsys, "counter") == ""
    assert "2 objects lie again elsewhere in it: at least 100%" in (told := shown_of(run, capsys, "shop"))
    assert "counter" not in told


def test_a_weakness_of_a_database_says_in_which_table_and_column_and_which_table_is_a_copy(
    run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "desk.db")) as desk:
        for table in ("callers", "callers_backup"):
            desk.execute(f"CREATE TABLE {table} (id integer PRIMARY KEY, phone text, email text, card text)")
            rows = [(n, f"+45 32 12 70 {n:02}", f"somebody.{n}@desk.example", PLANTED_CARD if n == 7 else "") for n in range(100)]
            desk.executemany(f"INSERT INTO {table} VALUES (?, ?, ?, ?)", rows)  # noqa: S608 - names of this test
        desk.commit()
    assert run("system", "add", "desk", "--address", f"sqlite:///{tmp_path / 'desk.db'}", "--region", "DK") == 0
    assert run("system", "scan", "desk", "--wait") == 0
    run("safety", "look", "desk")
    capsys.readouterr()
    assert run("safety", "list") == 0
    shown = capsys.readouterr().out
    assert re.search(r"cards_in_clear +desk +2  ", shown)
    assert "    in callers, field card: 1" in shown
    assert "    callers lies again in callers_backup of desk: " in shown
    assert run("system", "findings", "desk", "--type", "payment_card") == 0
    places = capsys.readouterr().out
    assert "1  payment_card          callers" in places
    assert "callers_backup" in places
