"""What a procedure is given: steps that are remembered.

A step that has ended is never run again; a step that was interrupted is, so every step is idempotent. Arguments and
results are kept by the engine in the database: ids and counts only, never personal data.
"""

from collections.abc import Callable
from typing import Protocol, TypeVar

from rightcall.canonical import Json
from rightcall.procedures.model import Reached, Started, State

T = TypeVar("T", bound=Json)


class Steps(Protocol):
    """Runs the steps of one procedure."""

    def run(self, name: str, deed: Callable[[], T]) -> T:
        """The result of `deed`, from the engine's memory where it ended before. An `Outage` is waited for, in growing pauses."""
        ...

    def sleep(self, seconds: float) -> None:
        """A pause between rounds. After a restart it may begin anew."""
        ...

    def reached(self, figures: Callable[[], Reached]) -> None:
        """Between steps: how far it is, for whoever looks. No part of the procedure: where it cannot be told, it goes on."""
        ...


class Starter(Protocol):
    """Begins procedures; `engine` has the one that remembers."""

    def start(self, name: str, id: str, *arguments: str) -> None:
        """Once: a second call with the same id changes nothing."""
        ...


class Journal(Protocol):
    """Where a worker tells what becomes of procedures. Telling is no part of them: where it fails, they go on, and the worker's
    housekeeping mends what is told."""

    def begun(self, started: Started) -> None: ...

    def stands(
        self, id: str, state: State, *, step: str | None = None, trouble: str | None = None, seconds: float | None = None
    ) -> None:
        """`seconds`: until it goes on by itself."""
        ...

    def reached(self, id: str, figures: Callable[[], Reached]) -> None: ...


class Procedure(Protocol):
    """Plain words in, steps run, a plain result out. `arguments` are ids in text form."""

    def __call__(self, steps: Steps, *arguments: str) -> Json: ...
