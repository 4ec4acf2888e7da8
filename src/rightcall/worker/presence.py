"""Which workers of a folder live. Each holds a lock on a file of its own, and the kernel lets go of it when its process ends,
however it ends.

So what a killed worker left is gone on with as soon as another one starts on its folder; that the workers of other folders are
dead is told by their silence alone (`procedures.actions`).
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rightcall.adapters.taken import is_taken

_NOT_YET = "."


@contextmanager
def present(folder: Path, executor: str) -> Iterator[None]:
    """Within this block the worker is known to live."""
    folder.mkdir(exist_ok=True, mode=0o700)
    file, unlocked = folder / executor, folder / f"{_NOT_YET}{executor}"
    descriptor = os.open(unlocked, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        unlocked.rename(file)
        yield
    finally:
        file.unlink(missing_ok=True)
        os.close(descriptor)


def dead(folder: Path) -> list[str]:
    """Those whose process has ended without a word. One that ends in order removes its file before it lets go of
    it, so whether it is there still is asked last."""
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return [each.name for each in files if not each.name.startswith(_NOT_YET) and not is_taken(each) and each.exists()]


def forget(folder: Path, executors: Iterable[str]) -> None:
    for each in executors:
        (folder / each).unlink(missing_ok=True)
