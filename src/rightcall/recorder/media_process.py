"""What the media process does to itself before it holds a voice: many sockets, no core dump, no swap, short turns of threads."""

import ctypes
import logging
import resource
import sys

from rightcall.telemetry import forbid_core_dumps

_log = logging.getLogger(__name__)
_CURRENT_FUTURE_ON_FAULT = 1 | 2 | 4  # MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT, mlockall(2)
_TURN_SECONDS = 0.0005


def harden() -> tuple[str, ...]:
    """What could not be had, in words that say what to do. Each is logged too, and none is a reason not to start.
    Core dumps are: where they cannot be forbidden, `NotConfigured` is raised."""
    forbid_core_dumps()
    sys.setswitchinterval(_TURN_SECONDS)
    missing = tuple(words for words in (_raise_files(), _lock_memory()) if words is not None)
    for words in missing:
        _log.warning(words)
    return missing


def _raise_files() -> str | None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if most != resource.RLIM_INFINITY and most < 16384:
        return f"This process may open {most} files only, two for each stream and two for each take. Set LimitNOFILE=65536."
    return None


def _lock_memory() -> str | None:
    if ctypes.CDLL(None, use_errno=True).mlockall(_CURRENT_FUTURE_ON_FAULT) != 0:
        return "Memory could not be locked, so the system may swap it out. Turn swap off, or set LimitMEMLOCK=infinity."
    return None
