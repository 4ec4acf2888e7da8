"""A folder as a source: every file of it is listed and read, or named with the reason why not."""

import os
import socket
import zipfile
from pathlib import Path

import pytest

from rightcall.adapters.systems.folder.system import Folder
from rightcall.adapters.systems.formats.limits import Limits
from rightcall.adapters.systems.opening import open_system
from rightcall.discovery.model import NotRead, PassedOver, Reason
from rightcall.discovery.parts import Part, Prose, Rows
from rightcall.discovery.ports import Ability, Gone, Listed, SafetyFact, Spot, System
from rightcall.errors import Conflict, Malformed, NotAllowed, NotFound
from rightcall.personal import Personal


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


def text(path: Path) -> str:
    return path.read_bytes().decode()


def row_keys(system: System, name: str) -> dict[str, str]:
    """The key of each row by its first cell."""
    found: dict[str, str] = {}
    for part in system.read(Listed(name=name, fingerprint=None, size=None)):
        if isinstance(part, Rows):
            found.update({row.cells[0] or "": row.key for row in part.rows})
    return found


def test_a_folder_that_is_not_opened_for_it_lets_go_of_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    system = Folder(tmp_path)
    assert Ability.ERASE not in system.abilities
    with pytest.raises(NotAllowed, match="reading alone"):
        system.erase([Spot(object="a.txt")])
    assert text(tmp_path / "a.txt") == "x"
    assert Ability.ERASE in Folder(tmp_path, writable=True).abilities


def test_a_whole_file_goes_and_that_is_confirmed(tmp_path: Path) -> None:
    for name in ("a.txt", "b/c.pdf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    system = Folder(tmp_path, writable=True)
    gone, kept = Spot(object="b/c.pdf"), Spot(object="a.txt")
    assert system.export(gone) == b"x"
    system.erase([gone])
    system.erase([gone])
    assert system.confirm([gone, kept]) == {gone: Gone.GONE, kept: Gone.THERE}
    with pytest.raises(NotFound):
        system.export(gone)
    alone = Folder(tmp_path / "a.txt", writable=True)
    alone.erase([kept])
    assert not (tmp_path / "a.txt").exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b'name;note\r\nAda;"she said ""x"",\r\nand went"\r\nBo;caf\xe9\r\n"Cyd";"never closed\r\nDi;4\r\n'),
        ("b.csv", b"\xef\xbb\xbfname,note\nBo,1\nAda,2\nDi,3"),
        ("c.jsonl", b'{"name": "Ada", "n": 1}\n{"name": "Bo"}\n\n{broken\n{"name": "Di"}\n'),
    ],
)
def test_rows_go_and_every_other_byte_stays(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    path.chmod(0o640)
    system = Folder(tmp_path, writable=True)
    keys = row_keys(system, name)
    ada, bo, di = (Spot(object=name, row=keys[who]) for who in ("Ada", "Bo", "Di"))
    assert b"Bo" in system.export(bo)
    system.erase([ada])
    left = path.read_bytes()
    assert b"Ada" not in left
    start = content.index(b"Ada") - (0 if name.endswith("csv") else 10)
    assert content[:start] == left[:start]
    assert content.endswith(left[start:])
    assert path.stat().st_mode & 0o777 == 0o640
    assert [each.name for each in tmp_path.iterdir()] == [name]
    system.erase([ada, bo])
    assert system.confirm([ada, bo, di]) == {ada: Gone.GONE, bo: Gone.GONE, di: Gone.THERE}


def test_what_is_only_a_part_of_a_file_is_told_once_the_others_are_gone(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "b.txt").write_text("Ada and Bo")
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("in.txt", "Bo")
    (tmp_path / "d.tsv").write_bytes("name\tnote\nAda\tx\n".encode("utf-16"))
    system = Folder(tmp_path, writable=True)
    words, inner = Spot(object="b.txt", start=0, end=3), Spot(object="c.zip!/in.txt")
    assert (system.export(words), system.export(inner)) == (b"Ada", b"Bo")
    with pytest.raises(Conflict, match="2 of 3"):
        system.erase([words, inner, Spot(object="a.txt")])
    assert not (tmp_path / "a.txt").exists()
    assert system.confirm([words, inner]) == {words: Gone.UNKNOWN, inner: Gone.UNKNOWN}
    with pytest.raises(Conflict, match="UTF-8"):
        system.erase([Spot(object="d.tsv", row=row_keys(system, "d.tsv")["Ada"])])


def test_a_file_that_changes_while_rows_are_taken_out_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_text("name,n\nAda,1\nBo,2\n")
    system = Folder(tmp_path, writable=True)
    key = row_keys(system, "a.csv")["Ada"]
    fsync = os.fsync

    def meanwhile(descriptor: int) -> None:
        with path.open("a") as file:
            file.write("Cyd,3\n")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", meanwhile)
    with pytest.raises(Conflict, match="changed"):
        system.erase([Spot(object="a.csv", row=key)])
    assert text(path) == "name,n\nAda,1\nBo,2\nCyd,3\n"
    assert [each.name for each in tmp_path.iterdir()] == ["a.csv"]


def test_a_folder_is_opened_by_its_address(tmp_path: Path) -> None:
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b" / "c.txt").write_text("x")
    address = f"file://{tmp_path}/a%20b"
    system = open_system(Personal(address))
    assert list(listed(system)) == ["c.txt"]
    system.close()
    assert list(listed(open_system(Personal(f"{tmp_path}/a b")))) == ["c.txt"]
    with pytest.raises(Malformed, match="file:///"):
        open_system(Personal("file://elsewhere/a"))
    with pytest.raises(NotFound, match="no such folder"):
        open_system(Personal(f"file://{tmp_path}/nowhere"))
