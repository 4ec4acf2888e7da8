"""Files that a process took for itself by a lock. The kernel lets go of it when the process ends, however it ends."""

import fcntl
import os
from pathlib import Path


def is_taken(file: Path) -> bool:
    """Whether some process has it still. False too where it is not there."""
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
