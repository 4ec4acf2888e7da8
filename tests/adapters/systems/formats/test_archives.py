"""Archives: what lies in them is read however deep; what could do harm is told and left."""

import bz2
import gzip
import io
import lzma
import os
import sys
import tarfile
import zipfile
from collections.abc import Callable

import pytest

from rightcall.adapters.systems.formats.limits import Limits
from rightcall.discovery.model import Reason
from tests.adapters.systems.formats.reading import read

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CSV = b"name,n\nAda,1\n"
ADA = [{"name": "Ada", "n": "1"}]
SMALL = Limits(held=1 << 16, ratio=20, swollen=1 << 16)


def zipped(members: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def tarred(members: dict[str, bytes], mode: str = "w") -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode=mode) as archive:  # type: ignore[call-overload]  # a mode of writing
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return written.getvalue()


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstd.compress])
def test_compressed_files(pack: Callable[[bytes], bytes]) -> None:
    shown = read("a.csv.gz", pack(CSV))
    assert shown.rows == {"a.csv.gz!/a.csv": ADA}
    two = read("a.csv.gz", pack(CSV) + pack(b"Bo,2\n"))
    assert two.rows["a.csv.gz!/a.csv"] == [*ADA, {"name": "Bo", "n": "2"}]
    cut = read("a.csv.gz", pack(CSV * 3000)[:-10])
    assert cut.passed[-1] == ("a.csv.gz!/a.csv", Reason.BROKEN)
    short = read("a.txt.gz", pack(b"Ada and Bo") + b"no more")
    assert short.texts == {("a.txt.gz!/a.txt", None): "Ada and Bo"}
    assert short.passed == [("a.txt.gz!/a.txt", Reason.BROKEN)]


def test_archives_in_archives_by_their_content() -> None:
    content = zipped({"b/c.csv": CSV, "d.txt": gzip.compress(CSV), "e.bin": tarred({"f.csv": CSV}, "w:gz")})
    assert read("a.zip", content).rows == {
        "a.zip!/b/c.csv": ADA,
        "a.zip!/e.bin!/e!/f.csv": ADA,
    }
    assert ("a.zip!/d.txt!/d", None) in read("a.zip", content).texts
    assert read("a.tar", tarred({"b.zip": content})).rows.keys() == {"a.tar!/b.zip!/b/c.csv", "a.tar!/b.zip!/e.bin!/e!/f.csv"}
    assert read("a.xlsx", zipped({"b.csv": CSV})).rows == {"a.xlsx!/b.csv": ADA}


@pytest.mark.parametrize("name", ["../b.csv", "/b.csv", "a/../../b.csv", "C:\\b.csv", "..\\b.csv"])
def test_a_name_that_leads_out_is_told_and_left(name: str) -> None:
    for content in (zipped({name: CSV, "c.csv": CSV}), tarred({name: CSV, "c.csv": CSV})):
        shown = read("a", content)
        assert shown.rows == {"a!/c.csv": ADA}
        assert [reason for _, reason in shown.passed] == [Reason.NAME]


def test_a_name_with_a_zero_in_it_is_told_and_shown_in_full() -> None:
    content = zipped({"b0csv": CSV, "c.csv": CSV}).replace(b"b0csv", b"b\0csv")
    assert read("a.zip", content).passed == [("a.zip!/b\\x00csv", Reason.NAME)]


def test_links_and_devices_are_told() -> None:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        for name, kind in (
            ("loop", tarfile.SYMTYPE),
            ("hard", tarfile.LNKTYPE),
            ("pipe", tarfile.FIFOTYPE),
            ("in", tarfile.DIRTYPE),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "loop"
            archive.addfile(info)
    assert read("a.tar", written.getvalue()).passed == [
        ("a.tar!/loop", Reason.LINK),
        ("a.tar!/hard", Reason.LINK),
        ("a.tar!/pipe", Reason.SPECIAL),
    ]
    link = zipfile.ZipInfo("b.csv")
    link.external_attr = 0o120777 << 16
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as zipped_link:
        zipped_link.writestr(link, "/etc/passwd")
    assert read("a.zip", packed.getvalue()).passed == [("a.zip!/b.csv", Reason.LINK)]


def test_a_member_behind_a_password_or_packed_otherwise_is_told_and_the_others_are_read() -> None:
    content = bytearray(zipped({"b.csv": CSV, "c.csv": CSV}))
    central = content.index(b"PK\x01\x02")
    content[6] |= 1
    content[central + 8] |= 1
    assert read("a.zip", bytes(content)).passed == [("a.zip!/b.csv", Reason.ENCRYPTED)]
    assert read("a.zip", bytes(content)).rows == {"a.zip!/c.csv": ADA}
    content = bytearray(zipped({"b.csv": CSV, "c.csv": CSV}))
    content[8], content[central + 10] = 9, 9
    assert read("a.zip", bytes(content)).passed == [("a.zip!/b.csv", Reason.PACKED)]


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstd.compress])
def test_what_unpacks_to_far_more_is_told_in_time(pack: Callable[[bytes], bytes]) -> None:
    bomb = pack(b"a line\n" * 2_000_000)
    shown = read("a.gz", bomb, SMALL)
    assert [reason for _, reason in shown.passed] == [Reason.BOMB, Reason.BOMB]
    assert sum(map(len, shown.texts.values())) < 10 << 20


def test_a_bomb_in_an_archive_is_told_before_it_is_unpacked_and_what_is_beside_it_is_read() -> None:
    content = zipped({"a.csv": CSV, "b.txt": b"0" * (32 << 20), "c.csv": CSV})
    shown = read("a.zip", content)
    assert shown.rows == {"a.zip!/a.csv": ADA, "a.zip!/c.csv": ADA}
    assert shown.passed == [("a.zip!/b.txt", Reason.BOMB)]
    assert shown.bytes < 1000


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstd.compress])
def test_a_bomb_is_known_by_what_went_in_so_far(pack: Callable[[bytes], bytes]) -> None:
    """What follows, however much, makes it none."""
    packed = pack(b"0" * (40 << 20))
    shown = read("a.gz", packed + os.urandom(1 << 20))
    assert Reason.BOMB in [reason for _, reason in shown.passed]
    assert sum(map(len, shown.texts.values())) < 10 << 20


def test_archives_nested_too_deep_are_told() -> None:
    content = CSV
    for _ in range(20):
        content = gzip.compress(content)
    [(_, reason)] = read("a.gz", content).passed
    assert reason is Reason.TOO_DEEP


def test_more_members_than_are_looked_at() -> None:
    members = {f"{number}.txt": b"x" for number in range(30)}
    for before in (b"", zipped({"before.txt": b"y"})):
        shown = read("a.zip", before + zipped(members), Limits(members=20))
        assert [name for name, _ in shown.texts] == [f"a.zip!/{number}.txt" for number in range(20)]
        assert ("a.zip", Reason.TOO_MANY) in shown.passed
    shown = read("a.tar", tarred(members), Limits(members=20))
    assert (len(shown.texts), shown.passed) == (20, [("a.tar", Reason.TOO_MANY)])


def test_broken_archives_are_told() -> None:
    whole = zipped({"b.csv": CSV * 1000})
    assert read("a.zip", whole[:-30]).passed == [("a.zip", Reason.BROKEN)]
    assert read("a.zip", whole[:60] + b"\xff" * 20 + whole[80:]).passed == [("a.zip!/b.csv", Reason.BROKEN)]
    assert read("a.gz", b"\x1f\x8b\x08 and so on").passed[0][1] is Reason.BROKEN
    packed = tarred({"b.csv": CSV, "c.csv": CSV})
    assert read("a.tar", packed[:1024] + b"\xff" * 512 + packed[1536:]).rows == {"a.tar!/b.csv": ADA}
    assert read("a.xz", lzma.compress(CSV)[:20]).passed[0][1] is Reason.BROKEN


def test_what_is_said_about_a_member_must_be_small() -> None:
    info = tarfile.TarInfo("x" * 300)
    about = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    about[124:136] = b"77777777777\0"
    about[148:156] = b" " * 8
    about[148:156] = b"%06o\0 " % sum(about[:512])
    assert read("a.tar", bytes(about)).passed == [("a.tar", Reason.BROKEN)]


def test_zeros_after_a_compressed_file_are_no_harm() -> None:
    assert read("a.csv.gz", gzip.compress(CSV) + bytes(512)).rows == {"a.csv.gz!/a.csv": ADA}


@pytest.mark.parametrize("length", range(16_375, 16_392))
def test_a_second_stretch_is_read_wherever_the_pieces_that_are_fed_end(length: int) -> None:
    """The two bytes by which it is known may come in two pieces."""
    first = next(packed for fill in range(length) if len(packed := _stored(length - 40 + fill % 40)) >= length)
    shown = read("a.txt.gz", first + gzip.compress(b"and Bo"))
    assert shown.texts["a.txt.gz!/a.txt", None].endswith("and Bo")
    assert shown.passed == []


def _stored(length: int) -> bytes:
    return gzip.compress(b"x" * length, compresslevel=0)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstd.compress])
def test_zeros_between_stretches_are_nothing_and_anything_else_is_told(pack: Callable[[bytes], bytes]) -> None:
    padded = read("a.csv.gz", pack(CSV) + bytes(512) + pack(b"Bo,2\n") + bytes(3))
    assert padded.rows["a.csv.gz!/a.csv"] == [*ADA, {"name": "Bo", "n": "2"}]
    assert padded.passed == []
    followed = read("a.csv.gz", pack(CSV) + b"name,n\nCleo,3\n")
    assert followed.rows["a.csv.gz!/a.csv"] == ADA
    assert followed.passed == [("a.csv.gz!/a.csv", Reason.BROKEN)]


def test_two_tars_put_together_are_both_read() -> None:
    shown = read("a.tar", tarred({"b.csv": CSV}) + tarred({"c.csv": b"name,n\nBo,2\n"}))
    assert shown.rows == {"a.tar!/b.csv": ADA, "a.tar!/c.csv": [{"name": "Bo", "n": "2"}]}
    assert shown.passed == []


@pytest.mark.parametrize("spoil", [lambda tar: tar[:1536] + b"\x07" * 512 + tar[2048:], lambda tar: tar[:1700]])
def test_a_tar_whose_next_head_is_none_is_told(spoil: Callable[[bytes], bytes]) -> None:
    """The second member's head begins at 1,024 of so small files; its content at 1,536."""
    whole = tarred({"b.csv": CSV, "c.csv": CSV, "d.csv": CSV})
    shown = read("a.tar", spoil(whole[:2048] + whole[2048:]))
    assert shown.rows["a.tar!/b.csv"] == ADA
    assert shown.passed, "what could not be read must be told"


def test_of_two_zips_put_together_the_first_is_told() -> None:
    shown = read("a.zip", zipped({"b.csv": CSV}) + zipped({"c.csv": CSV}))
    assert shown.rows == {"a.zip!/c.csv": ADA}
    assert shown.passed == [("a.zip", Reason.BROKEN)]


def test_a_zip_with_a_pdf_as_it_is_in_it_is_a_zip() -> None:
    """Also where the PDF begins within its first bytes, and where the zip is called a PDF."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.pdf", b"%PDF-1.4 and no more")
        archive.writestr("list.csv", CSV)
    for name in ("a.zip", "a.pdf"):
        assert read(name, written.getvalue()).rows == {f"{name}!/list.csv": ADA}
