"""A folder of its own for something that is thrown away afterwards; what a killed process left behind goes with the next one."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rightcall.adapters.files import locked
from rightcall.adapters.taken import is_taken
from rightcall.errors import NotConfigured
from rightcall.ids import new_id

_LOCK = "lock"


@contextmanager
def aside(root: Path) -> Iterator[Path]:
    """A new folder in `root`, for us alone. It is locked while it is used, so nobody takes it for one that was left."""
    try:
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        with locked(root / _LOCK):
            sweep(root)
            folder = root / str(new_id())
            folder.mkdir(mode=0o700)
            lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(lock, fcntl.LOCK_EX)
    except OSError as error:
        raise NotConfigured(f"No folder can be made in {root}. Give Rightcall a folder it may write, with room.") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
        os.close(lock)


def sweep(root: Path) -> int:
    """Removes what nobody uses any more. How many folders that were."""
    left = [folder for folder in sorted(root.iterdir()) if folder.is_dir() and not is_taken(folder / _LOCK)]
    for folder in left:
        shutil.rmtree(folder)
    return len(left)
