"""Letting go in a folder: whole files, and whole rows of CSV and JSON lines, which are written anew without them, byte for byte,
and put in the place of the old file in one step.

What the disk keeps below its files (copies on write, snapshots, backups) is not reached.
"""

import io
import os
from collections.abc import Iterator
from contextlib import suppress

from rightcall.adapters.systems.folder.opening import File, fingerprint, folder_of, opened
from rightcall.adapters.systems.formats import delimited, json_lines
from rightcall.adapters.systems.formats.decoding import as_bytes, encoding_of, kept, without_strays
from rightcall.adapters.systems.formats.delimited import records_of
from rightcall.adapters.systems.formats.limits import Limits, Spent
from rightcall.adapters.systems.formats.lines import Lines
from rightcall.adapters.systems.formats.model import Format
from rightcall.adapters.systems.formats.rows import digest
from rightcall.adapters.systems.formats.stream import PIECE, Stream
from rightcall.adapters.systems.formats.table import format_of
from rightcall.discovery.model import NotRead, SourceGone
from rightcall.errors import Conflict

_BOM = b"\xef\xbb\xbf"
_FAILED = "The folder does not let go of a file. See to our rights there and its disk, then try again."
_MEANWHILE = "A file changed while rows were taken out of it, so it was left as it is. Try again."


def erase_file(source: str, name: str) -> None:
    """Again is fine. On the disk when it returns. Raises SourceGone."""
    try:
        with folder_of(source, name) as (folder, last):
            os.unlink(last, dir_fd=folder)
            os.fsync(folder)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise SourceGone(_FAILED) from error


def erase_rows(source: str, name: str, marks: frozenset[str], limits: Limits) -> None:
    """Every row that has one of these digests. Raises Conflict where the file is of another kind or changes meanwhile."""
    try:
        with opened(source, name) as file, folder_of(source, name) as (folder, last):
            _rewrite(file, name, folder, last, marks, limits)
    except NotRead as why:
        raise Conflict(f"Rows of a file cannot be taken out of it ({why.reason}). Look at it and scan again.") from why
    except OSError as error:
        raise SourceGone(_FAILED) from error


def _kind(name: str, head: bytes) -> Format | None:
    found = format_of(name, head)
    is_utf_8 = (encoding_of(head) or "").startswith("utf-8")
    return found if is_utf_8 and found in (delimited.FORMAT, json_lines.FORMAT) else None


def _rewrite(file: File, name: str, folder: int, last: str, marks: frozenset[str], limits: Limits) -> None:
    raw = io.BufferedReader(file, PIECE)
    stream = Stream(raw, Spent(limits=limits, packed=file.size), seekable=raw)
    kind = _kind(name, stream.head())
    if kind is None:
        raise Conflict(
            "Rows can be taken out of CSV and JSON lines in UTF-8 alone. Let go of the whole file, or change it by hand."
        )
    beside = f".{last}.rightcall"
    with suppress(FileNotFoundError):
        os.unlink(beside, dir_fd=folder)
    new = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=folder)
    try:
        with os.fdopen(new, "wb") as written:
            _write(written, stream, kind, name, marks, limits)
            os.fchown(new, file.status.st_uid, file.status.st_gid)
            os.fchmod(new, file.status.st_mode & 0o7777)
            written.flush()
            os.fsync(new)
        now = os.stat(last, dir_fd=folder, follow_symlinks=False)
        if fingerprint(now) != fingerprint(file.status):
            raise Conflict(_MEANWHILE)
        os.replace(beside, last, src_dir_fd=folder, dst_dir_fd=folder)
        os.fsync(folder)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(beside, dir_fd=folder)
        raise


def _write(written: io.BufferedWriter, stream: Stream, kind: Format, name: str, marks: frozenset[str], limits: Limits) -> None:
    if stream.head().startswith(_BOM):
        written.write(_BOM)
    lines = Lines(kept(stream), limits.cell)
    for mark, text in _of_table(lines, name, stream, limits) if kind is delimited.FORMAT else _of_lines(lines):
        if mark not in marks:
            written.write(as_bytes(text))


def _of_table(lines: Lines, name: str, stream: Stream, limits: Limits) -> Iterator[tuple[str, str]]:
    """The digest of each record, and its text as it stands; of the heads too, which no key names."""
    records = records_of(name, stream, lines, limits)
    for cells in records:
        yield digest([without_strays(cell) for cell in cells]), "".join(records.source)


def _of_lines(lines: Lines) -> Iterator[tuple[str, str]]:
    for line in lines:
        yield digest([without_strays(line).strip()]), line
