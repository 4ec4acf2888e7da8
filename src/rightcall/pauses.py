"""Python stops a process to look for things that refer only to each other, and that takes as long as there is to look through.

A process that people wait for holds half a million things that stay until it ends: code, routes, templates. Looking through all
of them stops it for a third of a second, every ten seconds under load.
"""

import gc

_NEW = 10_000
"""Things made and not let go of, after which the new ones are looked through: some milliseconds."""
_ROUNDS = 20
"""Of the new before those that outlived one are, and of these before all are."""


def look_seldom() -> None:
    """What is there now is never looked through again. Call it once, when a process has made what it serves with."""
    gc.freeze()
    gc.set_threshold(_NEW, _ROUNDS, _ROUNDS)


def leave_out() -> None:
    """What was loaded since is left out too, where a process looks seldom."""
    if gc.get_freeze_count():
        gc.freeze()
