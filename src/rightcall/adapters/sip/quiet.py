"""Keeping the SIP library quiet: by itself it writes whole messages, names and numbers in them, to a log file and to the screen.

Here its printing is taken away and its errors are reported by type and place alone.
"""

import logging
import sys
import traceback

_log = logging.getLogger(__name__)


class NoLog:
    """In place of the library's own log of every message."""

    def write(self, *_: object, **__: object) -> None:
        return None

    def shutdown(self) -> None:
        return None


def hush() -> None:
    """Silence every module of the library that is loaded. Call again after loading more of it."""
    for name, module in list(sys.modules.items()):
        if name == "sippy" or name.startswith("sippy."):
            names = vars(module)
            names["print"] = _say_nothing
            if "dump_exception" in names:
                names["dump_exception"] = report


def report(*_: object, **__: object) -> None:
    """The error that is being handled: what sort, and where. Not its words: they quote the message it stumbled over."""
    kind, error, _trace = sys.exc_info()
    frames = traceback.extract_tb(error.__traceback__) if error is not None else []
    where = f"{frames[-1].name}:{frames[-1].lineno}" if frames else "unknown"
    _log.error("signalling stumbled", extra={"error": kind.__name__ if kind else "unknown", "where": where})


def _say_nothing(*_: object, **__: object) -> None:
    return None
