"""A source is gone through whole: what cannot be read is passed over by name, and nothing stops a scan but the source itself."""

import json
import os
import socket
import sqlite3
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rightcall.adapters.systems.folder import listing
from rightcall.adapters.systems.folder.system import Folder
from rightcall.adapters.systems.formats.limits import Limits
from rightcall.adapters.systems.sqlite.source import open_sqlite
from rightcall.cli.found import Tally, show
from rightcall.discovery.detection.model import Finding
from rightcall.discovery.detection.patterns import read_pattern
from rightcall.discovery.looking.model import Rules
from rightcall.discovery.model import Event, Found, PassedOver, Read, Reason, SourceGone
from rightcall.discovery.parts import IN_NAME
from rightcall.discovery.ports import Listed, Toil
from rightcall.discovery.scanning import read_object, scan_system
from rightcall.errors import Malformed, NotFound

CARD = "4111 1111 1111 1111"
LINE = f"card {CARD}\n"


def all_of(source: Path, rules: Rules | None = None, *, largest: int = 1 << 30) -> list[Event]:
    return list(scan_system(Folder(source, limits=Limits(largest=largest)), rules or Rules()))


def places(events: list[Event]) -> list[tuple[str, int, int]]:
    return [(each.object, each.finding.start, each.finding.end) for each in events if isinstance(each, Found)]


def passed_over(events: list[Event]) -> dict[str, Reason]:
    return {each.object: each.reason for each in events if isinstance(each, PassedOver)}


def whole(events: list[Event]) -> list[str]:
    return [each.object for each in events if isinstance(each, Read) and each.is_whole]


def test_objects_are_named_from_the_source_and_come_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/b/c.json", "c.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(LINE)
    events = all_of(tmp_path)
    assert whole(events) == ["b.txt", "c.csv", "a/z.txt", "a/b/c.json"]
    assert places(events) == [(name, 5, 24) for name in whole(events)]


def test_a_single_file_is_named_by_itself(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(LINE)
    assert places(all_of(tmp_path / "a.txt")) == [("a.txt", 5, 24)]


def test_what_is_not_read_is_told_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "ok.txt").write_text(LINE)
    (tmp_path / "link.txt").symlink_to(tmp_path / "ok.txt")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "dead").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large.txt").write_text(LINE * 100)
    (tmp_path / "a.gz").write_bytes(b"\x1f\x8b\x08 and so on")
    (tmp_path / "b.bin").write_bytes(bytes(range(256)))
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s"))
        events = all_of(tmp_path, largest=1000)
    assert passed_over(events) == {
        "link.txt": Reason.LINK,
        "loop": Reason.LINK,
        "dead": Reason.LINK,
        "pipe": Reason.SPECIAL,
        "s": Reason.SPECIAL,
        "large.txt": Reason.TOO_LARGE,
        "a.gz!/a": Reason.BROKEN,
        "b.bin": Reason.BINARY,
    }
    assert whole(events) == ["ok.txt"]
    tally = Tally()
    for event in events:
        tally.count(event)
    tally.settle()
    assert tally.objects == 1
    assert tally.bytes == len(LINE)
    assert tally.skipped == Counter(reason.value for reason in passed_over(events).values())


def test_what_breaks_under_the_reader_is_passed_over_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is listed and then gone and one that fails while it is read."""
    (tmp_path / "z.txt").write_text(LINE)
    listed: Iterator[listing.File | PassedOver] = iter(
        [
            listing.File("gone.txt", str(tmp_path / "gone.txt")),
            listing.File("mem", "/proc/self/mem"),
            listing.File("z.txt", str(tmp_path / "z.txt")),
        ]
    )
    monkeypatch.setattr("rightcall.adapters.systems.folder.listing.objects", lambda _source: listed)
    events = all_of(tmp_path)
    assert passed_over(events) == {"gone.txt": Reason.VANISHED, "mem": Reason.VANISHED}
    assert whole(events) == ["z.txt"]


def test_a_folder_that_goes_meanwhile_is_passed_over(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    (tmp_path / "0.txt").write_text(LINE)
    events = scan_system(Folder(tmp_path), Rules())
    first = next(events)
    (tmp_path / "a").rmdir()
    rest = [first, *events]
    assert passed_over(rest) == {"a": Reason.UNREADABLE}
    assert whole(rest) == ["0.txt"]


def test_a_source_that_is_not_there_or_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no such source"):
        all_of(tmp_path / "nowhere")
    (tmp_path / "file").write_text("x")
    with pytest.raises(NotFound):
        all_of(tmp_path / "file" / "below")


def test_a_source_that_goes_before_it_is_listed(tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    events = listing.objects(tmp_path / "share")
    (tmp_path / "share").rmdir()
    with pytest.raises(SourceGone, match="cannot be listed"):
        list(events)


def test_names_that_are_no_utf_8_are_shown_and_opened(tmp_path: Path) -> None:
    with open(os.path.join(os.fsencode(tmp_path), b"caf\xe9.txt"), "w") as file:
        file.write(LINE)
    assert places(all_of(tmp_path)) == [("caf\\xe9.txt", 5, 24)]


@pytest.mark.parametrize("at", range(0, 60, 3))
def test_the_edge_of_a_window_loses_nothing_and_doubles_nothing(tmp_path: Path, at: int) -> None:
    window = 5000
    text = "é" * (window - 40 + at) + f" card {CARD} " + "ü" * 9000 + f" iban DE89370400440532013000 {'ö' * 3000}"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    found = [each for each in all_of(tmp_path, Rules(window=window)) if isinstance(each, Found)]
    assert [text[each.finding.start : each.finding.end] for each in found] == [CARD, "DE89370400440532013000"]


def test_memory_stays_bounded_and_offsets_true_in_a_large_file(tmp_path: Path) -> None:
    filler = "Nothing is said here about anyone. A naïf waits — 12 minutes.\n" * 200_000
    (tmp_path / "large.txt").write_text(LINE + filler + LINE, encoding="utf-8")
    tracemalloc.start()
    try:
        found = places(all_of(tmp_path))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found == [("large.txt", 5, 24), ("large.txt", len(LINE) + len(filler) + 5, len(LINE) + len(filler) + 24)]
    assert peak < 16 << 20


def test_the_head_of_a_table_speaks_in_every_window(tmp_path: Path) -> None:
    rows = "".join(f"{number};1980-03-12;x\n" for number in range(1000))
    (tmp_path / "a.csv").write_text("nr;date of birth;note\n" + rows)
    (tmp_path / "a.txt").write_text("nr;date of birth;note\n" + rows)
    found = Counter(name for name, _, _ in places(all_of(tmp_path, Rules(window=3000))))
    assert found["a.csv"] == 1000
    assert found["a.txt"] <= 2


@given(st.binary(max_size=3000))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(b".snd")
def test_no_bytes_stop_a_scan(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "any.csv").write_bytes(content)
    (tmp_path / "z.txt").write_text(LINE)
    events = all_of(tmp_path, Rules(window=500, patterns=[read_pattern("x=[0-9]+")]))
    assert "z.txt" in whole(events)
    assert "any.csv" in whole(events) or any(each.startswith("any.csv") for each in passed_over(events))


def test_no_expression_can_stall_a_scan(tmp_path: Path) -> None:
    """Those that back-tracking engines take ages for."""
    (tmp_path / "a.txt").write_text("a" * 200_000 + "!")
    patterns = [read_pattern("one=(a+)+$"), read_pattern("two=(a|aa)+b"), read_pattern("three=(.*a){12}c")]
    assert places(all_of(tmp_path, Rules(patterns=patterns))) == []


@pytest.mark.parametrize(
    ("given_pattern", "says"),
    [
        ("nonsense", "NAME=REGEX"),
        ("=x", "name"),
        ("x=", "NAME=REGEX"),
        ("X=1", "small letters"),
        ("email=x", "type that there is"),
        ("x=(", "regular expression"),
        (r"x=(?=a)", "look-arounds"),
        (r"x=(a)\1", "back-references"),
        ("x=(?:a{1000}){1000}", "regular expression"),
        ("x=" + "a" * 1001, "1000 characters"),
    ],
)
def test_a_pattern_that_cannot_be_used_is_a_mistake_that_says_so(given_pattern: str, says: str) -> None:
    with pytest.raises(Malformed, match=says):
        read_pattern(given_pattern)


def test_an_object_that_takes_too_long_is_put_aside_with_what_was_found_so_far(tmp_path: Path) -> None:
    """A long line of one character, and whatever else is slow: the others do not wait for it."""
    (tmp_path / "a.txt").write_text(LINE + "x" * (4 << 20))
    system, ticks = Folder(tmp_path), count(0, 50)
    [listed] = [each for each in system.objects() if isinstance(each, Listed)]
    events = list(read_object(system, listed, Rules(), toil=Toil(seconds=120), clock=lambda: float(next(ticks))))
    assert any(isinstance(each, Found) for each in events)
    assert passed_over(events) == {"a.txt": Reason.TOO_SLOW}
    assert sum(each.bytes for each in events if isinstance(each, Read)) < 2 << 20


def test_more_time_is_given_for_more_that_is_read() -> None:
    toil = Toil(seconds=10, bytes=1000)
    assert toil.allows(10, bytes=0)
    assert not toil.allows(11, bytes=999)
    assert toil.allows(11, bytes=1000)


def test_nulls_in_a_text_are_told_and_hide_nothing(tmp_path: Path) -> None:
    """In text, in a cell, in a turn, and behind an escape; once for each object, and the rest of it is read."""
    parted = CARD.replace(" ", "\0")
    (tmp_path / "a.txt").write_text(f"{LINE}card {parted}\n" * 3)
    (tmp_path / "b.csv").write_text(f"id,card\n1,{parted}\n2,{CARD}\n")
    (tmp_path / "c.jsonl").write_text('{"card": "4111\\u00001111\\u00001111\\u00001111"}\n')
    (tmp_path / "d.jsonl").write_text('{"from": "agent", "body": "Hello\\u0000."}\n{"from": "customer", "body": "Hello."}\n')
    (tmp_path / "e.txt").write_bytes(LINE.encode("utf-16"))
    (tmp_path / "f.txt").write_text(LINE)
    events = all_of(tmp_path)
    told = Counter(each.place for each in events if isinstance(each, PassedOver) and each.reason is Reason.NULLS)
    assert told == {"a.txt": 1, "b.csv": 1, "c.jsonl": 1, "d.jsonl": 1}
    assert set(passed_over(events).values()) == {Reason.NULLS}
    assert whole(events) == ["a.txt", "b.csv", "c.jsonl", "d.jsonl", "e.txt", "f.txt"]
    cards = Counter(each.object for each in events if isinstance(each, Found) and each.finding.type == "payment_card")
    assert cards == {"a.txt": 6, "b.csv": 2, "c.jsonl": 1, "e.txt": 1, "f.txt": 1}
    tally = Tally()
    for event in events:
        tally.count(event)
    assert (tally.skipped, tally.repaired) == (Counter(), Counter({Reason.NULLS.value: 4}))


PGP = "-----BEGIN PGP MESSAGE-----\n\nhQEMA7vPlantedWordsThatNobodyReads\n=abcd\n-----END PGP MESSAGE-----"
AGE = PGP.replace("PGP MESSAGE", "AGE ENCRYPTED FILE")


def test_what_is_encrypted_in_cells_fields_and_turns_is_told_as_not_read(tmp_path: Path) -> None:
    """Once for each column of an object, also where its lines end in letters; the rest of the object is read."""
    one_line = PGP.replace("\n", "\\n")
    (tmp_path / "a.csv").write_text(f'id,note,card\n1,"{PGP}",{CARD}\n2,"see below: {one_line}",{CARD}\n')
    (tmp_path / "b.jsonl").write_text(json.dumps({"note": {"body": AGE}, "card": CARD}) + "\n")
    (tmp_path / "c.json").write_text(json.dumps([{"secret": "U2FsdGVkX1" + "A" * 40 + "=", "card": CARD}]))
    turns = [{"from": "agent", "body": "Hello."}, {"from": "customer", "body": f"Hello.\n{PGP}"}]
    (tmp_path / "d.jsonl").write_text("".join(json.dumps(each) + "\n" for each in turns))
    (tmp_path / "e.csv").write_text(f"id,note\n1,a -----BEGIN CERTIFICATE-----\n2,U2FsdGVkX1 is a beginning; {CARD}\n")
    with sqlite3.connect(tmp_path / "f.db") as database:
        database.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, note TEXT, card TEXT)")
        database.execute("INSERT INTO notes (note, card) VALUES (?, ?)", (f"$ANSIBLE_VAULT;1.1;AES256\n{'3' * 80}", CARD))
    database.close()
    of_tables = list(scan_system(open_sqlite(f"sqlite:///{tmp_path / 'f.db'}"), Rules()))
    (tmp_path / "f.db").unlink()
    events = all_of(tmp_path) + of_tables
    told = Counter(each.place for each in events if isinstance(each, PassedOver) and each.reason is Reason.ENCRYPTED)
    assert told == {"a.csv!/note": 1, "b.jsonl!/note.body": 1, "c.json!/[].secret": 1, "d.jsonl!/body": 1, "notes!/note": 1}
    cards = Counter(each.object for each in events if isinstance(each, Found) and each.finding.type == "payment_card")
    assert cards == {"a.csv": 2, "b.jsonl": 1, "c.json": 1, "e.csv": 1, "notes": 1}


def test_what_was_found_before_it_broke_off_was_read(capsys: pytest.CaptureFixture[str]) -> None:
    finding = Finding(start=0, end=5, type="email", confidence=0.9, why="planted")
    for field, says in ((None, "1 findings in"), (IN_NAME, "Nothing was read.")):
        tally = Tally()
        tally.count(Found(object="a.eml", finding=finding, field=field))
        tally.count(PassedOver(object="a.eml", reason=Reason.TOO_DEEP))
        tally.settle()
        show(tally)
        assert says in capsys.readouterr().out
        assert tally.has_read is (field is None)


def test_examples_of_what_was_not_read_are_of_the_whole_or_of_a_part(capsys: pytest.CaptureFixture[str]) -> None:
    tally = Tally(bytes=1)
    for object, of, is_read in (("tickets.jsonl", "tickets.jsonl", True), ("bad/corrupt.xlsx", "", False)):
        tally.count(PassedOver(object=object, reason=Reason.BROKEN))
        if is_read:
            tally.count(Read(object=of, bytes=1, is_whole=True))
        else:
            tally.settle()
    show(tally)
    whole_ones, part = capsys.readouterr().out.split("1 part not read")
    assert "bad/corrupt.xlsx" in whole_ones
    assert "tickets" not in whole_ones
    assert "tickets.jsonl" in part
    assert "corrupt" not in part
