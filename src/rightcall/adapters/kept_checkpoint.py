"""The ledger's latest checkpoint, kept beside the keys and in no backup: by it a ledger that was put back is told. And what a
restore lost of the ledger, for whoever asks later."""

import glob
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rightcall.adapters.files import add_line, write_anew
from rightcall.errors import Conflict, NotFound
from rightcall.ledger.kept import Held

CHECKPOINT = "checkpoint"
PUT_BACK = "put-back"
PROOF = ".proof"


@dataclass(frozen=True, slots=True)
class KeptCheckpoint:
    """In one data folder. Several processes may write: each whole."""

    folder: Path

    def is_begun(self) -> bool:
        """Whether there is one, be it of a ledger that had signed nothing."""
        return (self.folder / CHECKPOINT).exists()

    def read(self) -> str | None:
        """None where there is none, and where nothing was signed."""
        try:
            return (self.folder / CHECKPOINT).read_text("utf-8") or None
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise Conflict(f"The checkpoint in DATA/{CHECKPOINT} cannot be read. Mend it, or move it away.") from error

    def write(self, note: str) -> None:
        """On the disk when it returns. Nothing: the ledger has signed nothing."""
        write_anew(self.folder / CHECKPOINT, note.encode())

    def lay_proofs_aside(self) -> None:
        """They lead to a ledger that is no more: kept for whoever asks later, and held against none."""
        for each in _proofs(self.folder / CHECKPOINT):
            each.rename(each.with_name(f"{PUT_BACK}-{each.name}"))

    def write_put_back(self, at: datetime, held: Held) -> None:
        """One line of JSON for each ledger that went on from before a checkpoint that somebody had."""
        line = {"at": at.isoformat(), "from": held.size, "kept": held.kept.size, "root": held.kept.root.hex(), "lost": held.lost}
        add_line(self.folder / PUT_BACK, json.dumps(line))


def read_notes(file: Path) -> list[str]:
    """A checkpoint that somebody gives, and each proof that is kept beside it: `NAME.proof`, `NAME-1.proof`."""
    return [_read(file), *proofs_beside(file)]


def proofs_beside(file: Path) -> list[str]:
    """That a checkpoint goes on from a shorter ledger, each with the checkpoint that it leads to."""
    return [_read(each) for each in _proofs(file)]


def _proofs(file: Path) -> list[Path]:
    name = glob.escape(file.name)
    return sorted([*file.parent.glob(f"{name}{PROOF}"), *file.parent.glob(f"{name}-*{PROOF}")])


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NotFound(f"The checkpoint {file.name} cannot be read. Give the file as it was kept.") from error
