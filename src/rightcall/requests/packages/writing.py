"""Writing one part of a package: files into a stretch of a ZIP, that into a seal, that into a file, and that into the object
store. What is in the clear is in memory alone, a chunk of it at a time."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from rightcall.canonical import Json
from rightcall.holdings.ports import Objects
from rightcall.ids import ControllerId
from rightcall.purposes.translations.model import OwnWords
from rightcall.requests.packages.model import Package, PackageId, Part
from rightcall.requests.packages.pdf import pdf
from rightcall.requests.packages.printing import html
from rightcall.requests.packages.sealing import folder_of, part_context
from rightcall.requests.packages.sheets import Sheet
from rightcall.requests.packages.zipping import Piece
from rightcall.vault.sealing import Sealer

_LEFT_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Where parts are written. `spool`: a folder for sealed bytes on their way."""

    objects: Objects
    spool: Path


class Pen:
    """Writes one part. `piece`: its files; `own`: words of the company's that are of another language than its pages."""

    def __init__(self, bench: Bench, controller: ControllerId, package: Package, key: bytes, number: int, own: OwnWords) -> None:
        self._bench, self._number, self._object, self._own = bench, number, uuid4(), own
        self._name = f"{folder_of(controller, package.id)}{self._object}"
        bench.spool.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = bench.spool / str(self._object)
        self._file = os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._sealer = Sealer(key, part_context(controller, package.id, number, self._object))
        self._plain = self._sealed = 0
        self.piece = Piece(self.write)

    def write(self, plain: bytes) -> None:
        self._plain += len(plain)
        self._put(self._sealer.seal(plain))

    def page(self, name: str, sheet: Sheet, told: Json) -> None:
        """For people, on paper too, and for machines."""
        self.piece.add(f"{name}.html", html(sheet, name, self._own), pack=True)
        self.piece.add(f"{name}.pdf", pdf(sheet, f"{name}.html"), pack=False)
        self.piece.add(f"{name}.json", json.dumps(told, ensure_ascii=False, indent=1).encode(), pack=True)

    def keep(self) -> Part:
        """Durable in the object store when it returns."""
        self._put(self._sealer.finish())
        self._file.close()
        self._bench.objects.put_file(self._name, self._path)
        return Part(
            number=self._number,
            object=self._object,
            sealed_length=self._sealed,
            plain_length=self._plain,
            entries=tuple(self.piece.entries),
        )

    def close(self) -> None:
        self._file.close()
        with suppress(FileNotFoundError):
            self._path.unlink()

    def _put(self, sealed: bytes) -> None:
        self._file.write(sealed)
        self._sealed += len(sealed)


def delete_parts(objects: Objects, controller: ControllerId, package: PackageId) -> bool:
    """All that was ever written of it, and of what is not known of it any more. False where the store did not confirm it."""
    keys = list(objects.list(folder_of(controller, package)))
    return set(objects.delete_all(keys)) >= set(keys)


def sweep(bench: Bench, now: float) -> None:
    """What a killed process left in the spool."""
    for path in bench.spool.glob("*") if bench.spool.is_dir() else ():
        with suppress(FileNotFoundError):
            if now - path.stat().st_mtime > _LEFT_SECONDS:
                path.unlink()


@contextmanager
def pen_of(bench: Bench, controller: ControllerId, package: Package, key: bytes, number: int, own: OwnWords) -> Iterator[Pen]:
    """Nothing of it stays in the spool, however the block ends."""
    pen = Pen(bench, controller, package, key, number, own)
    try:
        yield pen
    finally:
        pen.close()
