"""Who else can get at the files of a folder, by their modes. Access lists beyond these, and the folders above, are not looked
at."""

import os
import stat
from collections.abc import Iterator

from rightcall.discovery.ports import SafetyFact, Seen

_FILE = (
    (stat.S_IROTH, SafetyFact.WORLD_READABLE, "Every user of the machine may read this file"),
    (stat.S_IWOTH, SafetyFact.WORLD_WRITABLE, "Every user of the machine may change this file"),
)
_FOLDER = (
    (stat.S_IWOTH, SafetyFact.WORLD_WRITABLE, "Every user of the machine may put files into this folder"),
    (stat.S_ISGID, SafetyFact.SHARED_WITH_GROUP, "What is put into this folder belongs to its group"),
)


def of_file(name: str, status: os.stat_result) -> Iterator[Seen]:
    return _seen(name, status.st_mode, _FILE)


def of_folder(name: str | None, status: os.stat_result) -> Iterator[Seen]:
    """`name` None for the source itself."""
    return _seen(name, status.st_mode, _FOLDER)


def _seen(name: str | None, mode: int, facts: tuple[tuple[int, SafetyFact, str], ...]) -> Iterator[Seen]:
    for bit, fact, words in facts:
        if mode & bit:
            yield Seen(fact=fact, object=name, evidence=f"{words} (mode {stat.S_IMODE(mode):04o}).")
