"""Several deeds of one transaction that need not wait for one another's answers: their statements go to the database together.

A deed is written as always: it asks, and goes on with what was answered. Among others it is put aside where it would wait, and
once all are, what they asked is sent at once and answered at once: ten readings cost one way there and back, and not ten. They
begin in the order in which they are given, and what an earlier one asks first is done before what a later one asks; nothing runs
at the same time. This is for deeds that read or write a little: what copies or streams does not go together with others.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from greenlet import getcurrent, greenlet

from rightcall.database.connection import Transaction
from rightcall.errors import Breach

T = TypeVar("T")


@dataclass(slots=True)
class Answer(Generic[T]):
    """What a deed came to: there once the block ends."""

    _found: list[T]

    @property
    def value(self) -> T:
        if not self._found:
            raise Breach("An answer was wanted before it was there. Stop, and tell the engineers.")
        return self._found[0]


class _Together:
    """Takes deeds. `send`: what makes the database answer all that was asked."""

    def __init__(self, tx: Transaction, send: Callable[[], None]) -> None:
        self._tx = tx
        self._send = send
        self._waits_for_all = getcurrent()
        self._going: list[greenlet] = []

    def __call__(self, deed: Callable[[Transaction], T]) -> Answer[T]:
        """It begins now, and goes on until it would wait."""
        found: list[T] = []
        among = replace(self._tx, cursor=self._tx.connection.cursor(), put_aside=self._waits_for_all.switch)
        going = greenlet(lambda: found.append(deed(among)))
        self._going.append(going)
        going.switch()
        return Answer(found)

    def finish(self) -> None:
        while waiting := [each for each in self._going if not each.dead]:
            self._send()
            for each in waiting:
                each.switch()

    def abandon(self) -> None:
        for each in self._going:
            each.throw()


class _OneByOne:
    """Takes deeds, and does each before it takes the next."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def __call__(self, deed: Callable[[Transaction], T]) -> Answer[T]:
        return Answer([deed(self._tx)])


@contextmanager
def at_once(tx: Transaction) -> Iterator[_Together]:
    """Give it deeds; each has its answer when the block has ended. What one of them raises, the block raises, and the others come
    to nothing."""
    with tx.connection.pipeline() as pipeline, _finished(_Together(tx, pipeline.sync)) as among:
        yield among


@contextmanager
def beside(tx: Transaction) -> Iterator[_Together | _OneByOne]:
    """The same inside a deed that may be among others, which its own then join. Where it is alone they are done one after the
    other: for two or three, to begin and end together costs what it saves."""
    if tx.put_aside is None:
        yield _OneByOne(tx)
        return
    with _finished(_Together(tx, tx.put_aside)) as among:
        yield among


@contextmanager
def _finished(among: _Together) -> Iterator[_Together]:
    try:
        yield among
        among.finish()
    finally:
        among.abandon()
