"""Code that is loaded when it is first needed: what a command or a process never does, it need not know how to do.

A place is `module:name`. Which of them is wanted is chosen by a setting, by an address or by what lies before us, never to hide a
cycle; each place is in one table or one wiring, and the tests load them all.
"""

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from rightcall import pauses


def load(place: str) -> Any:
    """What is at that place, now."""
    module, _, name = place.partition(":")
    if module not in sys.modules:
        with _nothing_to_collect():
            import_module(module)
        pauses.leave_out()
    return getattr(import_module(module), name)


@contextmanager
def _nothing_to_collect() -> Iterator[None]:
    """Code that is loaded stays, and looking through it again and again for what does not takes a sixth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def later(place: str) -> Callable[..., Any]:
    """The function or the class at that place, loaded when it is first called."""

    def called(*given: Any, **named: Any) -> Any:
        return load(place)(*given, **named)

    return called
