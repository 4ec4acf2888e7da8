"""The demo's chapter before the system runs: a quarter of a year that is made up, and said to be."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from rich.progress import BarColumn, Progress, TextColumn

from rightcall.demo.quarter.making import Made, make
from rightcall.demo.quarter.plan import Size
from rightcall.demo.show import Show
from rightcall.demo.sounds import QUARTER, speak
from rightcall.settings import load_settings
from rightcall.telemetry import JsonLines

_STAGE_DAYS = 10


def past(folder: Path, register: Path, show: Show) -> Made:
    """Into the data folder of `folder`; the company's other systems are written beside it."""
    show.chapter("A quarter of a year, made up")
    size = Size()
    show.say(
        f"So that there is something to look at, {size.days} days of a contact centre are made up from a seed: its people, its"
        " calls, and what went wrong. Nobody in it is real. Nothing is written past a rule: each deed is done as in life, one"
        " after the other, on a clock that is set to its day. Sound comes from a tape instead of a telephone line."
    )
    sounds = list(speak(folder / "sounds", QUARTER).values())
    with _logged(folder / "log"), _progress(show) as progress:
        task, stages = progress.add_task("", total=size.days), [*range(0, size.days, _STAGE_DAYS), size.days + 1]

        def tell(day: str, done: int) -> None:
            progress.update(task, description=day, completed=done)
            if not show.console.is_terminal and done >= stages[0]:
                del stages[0]
                show.wait(f"{day}: {done} of {size.days} days")

        made = make(
            load_settings(data=folder / "data"),
            folder / "elsewhere",
            register,
            sounds,
            until=datetime.now(UTC),
            tell=tell,
            size=size,
        )
    _tell(made, show)
    return made


def _tell(made: Made, show: Show) -> None:
    show.table(("in the quarter", ""), tuple((what, f"{number:,}") for what, number in made.told()))
    show.say("The four calls that come now are no part of it. They are real.")


def _progress(show: Show) -> Progress:
    columns = (BarColumn(), TextColumn("{task.description}"))
    return Progress(*columns, console=show.console, transient=True)


@contextmanager
def _logged(file: Path) -> Iterator[None]:
    """What the house says meanwhile goes where it says the rest."""
    handler = logging.FileHandler(file)
    handler.setFormatter(JsonLines("quarter"))
    root = logging.getLogger()
    before, root.handlers[:] = list(root.handlers), [handler]
    try:
        yield
    finally:
        root.handlers[:] = before
        handler.close()
