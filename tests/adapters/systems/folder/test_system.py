"""A folder as a source: every file of it is listed and read, or named with the reason why not."""

import os
import socket
from pathlib import Path

import pytest

from rightcall.adapters.systems.folder.system import Folder
from rightcall.adapters.systems.formats.limits import Limits
from rightcall.discovery.model import NotRead, PassedOver, Reason
from rightcall.discovery.parts import Part, Prose, Rows
from rightcall.discovery.ports import Listed, SafetyFact, System
from rightcall.errors import Malformed, NotFound


def listed(system: System) -> dict[str, Listed]:
    return {each.name: each for each in system.objects() if isinstance(each, Listed)}


def passed_over(system: System) -> dict[str, Reason]:
    return {each.object: each.reason for each in system.objects() if isinstance(each, PassedOver)}


def text_of(part: Part | PassedOver) -> str:
    assert isinstance(part, Prose)
    return "".join(piece for _, piece in part.pieces)


def reason_of(system: System, name: str) -> Reason:
    with pytest.raises(NotRead) as told:
        list(system.read(Listed(name=name, fingerprint=None, size=None)))
    return told.value.reason


def test_files_are_listed_in_order_with_size_and_fingerprint(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/b/c.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("12345")
    system = Folder(tmp_path)
    before = listed(system)
    assert list(before) == ["b.txt", "a/z.txt", "a/b/c.csv"]
    assert {each.size for each in before.values()} == {5}
    assert listed(system) == before
    (tmp_path / "b.txt").write_text("54321")
    assert [name for name, each in listed(system).items() if each.fingerprint != before[name].fingerprint] == ["b.txt"]


def test_a_text_and_a_table_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Zoë waits.\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("name;note\nAda;x\n")
    system = Folder(tmp_path)
    there = listed(system)
    [prose] = system.read(there["a.txt"])
    assert text_of(prose) == "Zoë waits.\n"
    [rows] = system.read(there["b.csv"])
    assert isinstance(rows, Rows)
    assert (rows.heads, rows.rows[0].cells, rows.bytes) == (("name", "note"), ("Ada", "x"), 16)


def test_a_single_file_is_a_source_named_by_itself(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "a.txt")
    system = Folder(tmp_path / "a.txt")
    [(name, only)] = listed(system).items()
    assert name == "a.txt"
    assert [text_of(part) for part in system.read(only)] == ["x"]
    assert [text_of(part) for part in Folder(tmp_path / "link").read(listed(Folder(tmp_path / "link"))["link"])] == ["x"]


def test_what_is_not_read_is_told_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "ok.txt").write_text("x")
    (tmp_path / "link.txt").symlink_to(tmp_path / "ok.txt")
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large.txt").write_text("x" * 100)
    system = Folder(tmp_path, limits=Limits(largest=50))
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s"))
        told = passed_over(system)
    assert told == {
        "link.txt": Reason.LINK,
        "loop": Reason.LINK,
        "pipe": Reason.SPECIAL,
        "s": Reason.SPECIAL,
        "large.txt": Reason.TOO_LARGE,
    }
    assert list(listed(system)) == ["ok.txt"]
    assert {name: reason_of(system, name) for name in told if name not in {"loop", "s"}} == {
        "link.txt": Reason.LINK,
        "pipe": Reason.SPECIAL,
        "large.txt": Reason.TOO_LARGE,
    }


def test_what_goes_or_changes_meanwhile_is_told(tmp_path: Path) -> None:
    for name in ("gone.txt", "grown.txt", "deep/in.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("before")
    system = Folder(tmp_path)
    (tmp_path / "gone.txt").unlink()
    assert reason_of(system, "gone.txt") is Reason.VANISHED
    reading = system.read(listed(system)["grown.txt"])
    first = next(reading)
    (tmp_path / "grown.txt").write_text("after, and longer")
    assert text_of(first) == "before"
    assert list(reading) == [PassedOver(object="grown.txt", reason=Reason.CHANGED)]
    (tmp_path / "deep").rename(tmp_path / "moved")
    (tmp_path / "deep").symlink_to(tmp_path / "moved")
    assert reason_of(system, "deep/in.txt") in {Reason.LINK, Reason.VANISHED}


@pytest.mark.parametrize("name", ["../a", "/etc/passwd", "a/../../b", "a//b", "a\0b", "."])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(Malformed, match="no name"):
        list(Folder(tmp_path).read(Listed(name=name, fingerprint=None, size=None)))


def test_names_that_are_no_utf_8_are_found_again(tmp_path: Path) -> None:
    odd = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    with open(odd, "w") as file:
        file.write("x")
    (tmp_path / "\\xe9.txt").write_text("y")
    system = Folder(tmp_path)
    assert {name: text_of(next(system.read(each))) for name, each in listed(system).items()} == {
        "caf\\xe9.txt": "x",
        "\\xe9.txt": "y",
    }


def test_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        list(Folder(tmp_path / "nowhere").objects())


def test_who_else_may_read_or_write_is_seen(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for path, mode in (("in/open.txt", 0o644), ("in/free.txt", 0o666), ("ours.txt", 0o600)):
        (tmp_path / path).write_text("x")
        (tmp_path / path).chmod(mode)
    (tmp_path / "in").chmod(0o2777)
    tmp_path.chmod(0o700)
    assert [(each.object, each.fact) for each in Folder(tmp_path).safety()] == [
        ("in", SafetyFact.WORLD_WRITABLE),
        ("in", SafetyFact.SHARED_WITH_GROUP),
        ("in/free.txt", SafetyFact.WORLD_READABLE),
        ("in/free.txt", SafetyFact.WORLD_WRITABLE),
        ("in/open.txt", SafetyFact.WORLD_READABLE),
    ]
