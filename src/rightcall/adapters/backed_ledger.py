"""The ledger as a backup has it, read out of the dump before anything of it is restored: no database is needed for that, and a
backup that tells another story than what somebody kept never gets into one."""

import re
import subprocess
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rightcall.adapters.backup import dump_of
from rightcall.database.embedded import binaries
from rightcall.errors import Malformed, Tampered
from rightcall.ledger.model import TreeHead
from rightcall.ledger.tiles import HASH, WIDTH, TileKey, TileReader
from rightcall.ledger.tree import root

_COPY = re.compile(r"COPY public\.(\w+) \(([^)]*)\) FROM stdin;")
_ESCAPED = re.compile(r"\\(.)")
_SIGNS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v"}
_NO_HASHES = bytes(WIDTH * HASH)


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedLedger:
    """`head`: all that had its place when the backup was made; `note`, the last checkpoint in it, and when that was signed; and
    the `roots` of as many first entries as were asked for, and as that checkpoint has."""

    head: TreeHead
    note: str | None
    signed_at: datetime | None
    roots: dict[int, bytes]


def ledger_in(folder: Path, sizes: Collection[int]) -> BackedLedger:
    """With the roots of its first so many entries, of those sizes that it has. Tampered where it does not add up to its head."""
    dump = dump_of(folder)
    [found] = list(_rows(dump, "ledger_head"))
    head = TreeHead(size=int(found["tree_size"]), root=_bytes(found["root"]))
    signed = max(_rows(dump, "checkpoints"), key=lambda row: (int(row["tree_size"]), int(row["number"])), default=None)
    own = [] if signed is None else [int(signed["tree_size"])]
    roots = _roots(dump, {head.size, *own, *(each for each in sizes if each <= head.size)})
    if roots[head.size] != head.root:
        raise Tampered("The ledger in this backup does not add up to its own head. Use another backup, and tell the DPO.")
    return BackedLedger(
        head=head,
        note=None if signed is None else signed["note"],
        signed_at=None if signed is None else datetime.fromisoformat(signed["signed_at"]),
        roots=roots,
    )


def _roots(dump: Path, sizes: Collection[int]) -> dict[int, bytes]:
    """Of the tiles, which are many, only those are kept that these roots are made of."""
    wanted = set[TileKey]()

    def ask(level: int, number: int) -> bytes:
        wanted.add((level, number))
        return _NO_HASHES

    for size in sizes:
        root(size, TileReader(ask).node)
    tiles = {}
    for row in _rows(dump, "tiles") if wanted else ():
        key = (int(row["level"]), int(row["number"]))
        if key in wanted:
            tiles[key] = _bytes(row["hashes"])
    return {size: root(size, TileReader(lambda level, number: tiles.get((level, number), b"")).node) for size in sizes}


def _rows(dump: Path, table: str) -> Iterator[dict[str, str]]:
    """Of a table that has no NULL where it is read, by the names of its columns."""
    names: list[str] | None = None
    with _told(dump, table) as lines:
        for line in lines:
            text = line.removesuffix("\n")
            if names is None:
                begins = _COPY.fullmatch(text)
                names = begins[2].split(", ") if begins and begins[1] == table else None
            elif text == "\\.":
                names = None
            else:
                values = (_ESCAPED.sub(lambda each: _SIGNS.get(each[1], each[1]), value) for value in text.split("\t"))
                yield dict(zip(names, values, strict=True))


@contextmanager
def _told(dump: Path, table: str) -> Iterator[Iterator[str]]:
    """By the newest program that there is: it reads what older ones wrote."""
    words = [binaries("pg_restore")[0], "--data-only", f"--table={table}", "--file=-", str(dump)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8") as told:  # noqa: S603 - our own words
        yield iter(told.stdout or ())
        if told.wait() != 0:
            raise Malformed("The database in this backup cannot be read. Use another backup.")


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("\\x"))
