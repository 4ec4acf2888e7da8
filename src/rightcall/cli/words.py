"""What a command says to a person while it works: on standard error, so that standard output stays what a program reads."""

import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from rightcall.errors import NotConfigured

T = TypeVar("T")
Tell = Callable[[str, int, int], None]
_heard: ContextVar[list[str] | None] = ContextVar("heard", default=None)
_to_program: ContextVar[bool] = ContextVar("to_program", default=False)


class _Heard(Console):
    """What is printed is also kept, as it is read. To a program each is a line of JSON, as an error is."""

    def print(self, *objects: Any, **given: Any) -> None:
        text = " ".join(self.render_str(str(each), markup=given.get("markup")).plain for each in objects)
        if (said := _heard.get()) is not None and objects:
            said.append(text)
        if not _to_program.get():
            super().print(*objects, **given)
        elif text:
            print(json.dumps({"said": text}, ensure_ascii=False), file=self.file)


def words() -> Console:
    return _Heard(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def said_to(*, program: bool) -> Iterator[None]:
    """Who reads standard error meanwhile: a person, or a program that asked for JSON."""
    before = _to_program.set(program)
    try:
        yield
    finally:
        _to_program.reset(before)


@contextmanager
def heard(said: list[str]) -> Iterator[None]:
    """What is said meanwhile is put down there too: a program reads it with the answer."""
    before = _heard.set(said)
    try:
        yield
    finally:
        _heard.reset(before)


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


@contextmanager
def progress(first: str) -> Iterator[Tell]:
    """A bar for each thing that is told, as (what, done, of). `first` is what is done until the first figure comes."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[figures]}"), TimeElapsedColumn())
    with Progress(*columns, console=words(), transient=True) as shown:
        beginning = shown.add_task(first, total=None, figures="")
        tasks: dict[str, TaskID] = {}

        def tell(what: str, done: int, of: int) -> None:
            shown.update(beginning, visible=False)
            if what not in tasks:
                tasks[what] = shown.add_task(what, total=of, figures="")
            shown.update(tasks[what], completed=done, total=of, figures=f"{done:,} of {of:,}")

        yield tell


def amount(size: int) -> str:
    """76 bytes, 12.4 kB, 1,234.5 MB: so that what is small is not told as nothing."""
    if size < 1_000:
        return "1 byte" if size == 1 else f"{size} bytes"
    return f"{size / 1e6:,.1f} MB" if size >= 100_000 else f"{size / 1e3:,.1f} kB"


def printable(name: str) -> str:
    """A name may hold anything; a terminal must not obey it."""
    return "".join(character if character.isprintable() else "�" for character in name)


def write_file(file: Path, text: str) -> None:
    """What a person asked for as a file: for their account alone to read, since it may tell of people; whole or not at all. What
    is no file, such as a pipe, is written to as it is. NotConfigured where it cannot be written."""
    try:
        if file.exists() and not file.is_file():
            file.write_text(text, encoding="utf-8")
        else:
            _replace(file.resolve(), text)
    except OSError as error:
        raise NotConfigured(f"The file {file.name} cannot be written ({error.strerror}). Choose another.") from error


def _replace(file: Path, text: str) -> None:
    """In one step, by a draft beside it."""
    draft = file.with_name(f".{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
