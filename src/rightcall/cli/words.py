"""What a command says to a person while it works: on standard error, so that standard output stays what a program reads."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import TypeVar

from rich.console import Console

T = TypeVar("T")


def words() -> Console:
    return Console(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def said(opens: str, thing: AbstractContextManager[T], closes: str) -> Iterator[T]:
    """`thing`, with what is happening shown while it is opened and while it is closed."""
    closing = words().status(closes)
    with ExitStack() as both:
        both.callback(closing.stop)
        with words().status(opens):
            opened = both.enter_context(thing)
        both.callback(closing.start)
        yield opened
