"""`rightcall scan`: where data about people lies in a folder, a file, a bucket or a database. Says where and why, never what."""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn

from rightcall.adapters.cluster.ray import Asked, scan_on_ray
from rightcall.adapters.systems.folder.system import Folder
from rightcall.adapters.systems.formats.limits import Limits
from rightcall.adapters.systems.opening import is_path, open_system
from rightcall.cli.found import Tally, show
from rightcall.cli.words import amount, words
from rightcall.discovery.detection.model import LEAST
from rightcall.discovery.detection.numbering import is_region
from rightcall.discovery.looking.model import Rules
from rightcall.discovery.model import Event, Found, NothingRead, OutputGone, Read
from rightcall.discovery.ports import TOIL, Load, System, Toil
from rightcall.discovery.scanning import scan_system
from rightcall.discovery.telling import line_of
from rightcall.errors import Malformed, NotFound
from rightcall.personal import Personal

_MIB = 1 << 20
_LARGEST = 4 << 10
_EVERY_SECONDS = 0.2


def scan(
    source: Annotated[
        str,
        typer.Argument(help="A folder, a file, or a URL such as postgresql://reader@host/crm. It is read, never changed."),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line for each finding, and a summary.")] = False,
    pattern: Annotated[
        list[str] | None, typer.Option(metavar="NAME=REGEX", help="Look for numbers of your own too; repeat for more.")
    ] = None,
    region: Annotated[
        list[str] | None, typer.Option(help="Where phone numbers in national form belong (ISO 3166); repeat for more.")
    ] = None,
    least: Annotated[float, typer.Option(min=0, max=1, help="Leave out findings less sure than this.")] = LEAST,
    largest: Annotated[int, typer.Option(min=1, help="Pass over files larger than this many MiB.")] = _LARGEST,
    sample: Annotated[float, typer.Option(min=0.0001, max=1, help="Of tables, look at about this share of the rows.")] = 1.0,
    seconds: Annotated[
        int,
        typer.Option(min=1, help="Put an object aside that takes more of the processor; a second more for each 200 kB of it."),
    ] = int(TOIL.seconds),
    pace: Annotated[int | None, typer.Option(min=1, help="Read no more bytes a second than this.")] = None,
    rows: Annotated[int | None, typer.Option(min=1, help="Read no more rows of tables a second than this.")] = None,
    ray: Annotated[
        str | None, typer.Option(help="Scan on a Ray cluster: its address, or `local`. Needs the extra rightcall[daft].")
    ] = None,
) -> None:
    """Find data about people. Prints where it lies, what it is and why we think so; never the data itself."""
    asked = Asked(
        patterns=tuple(pattern or ()),
        regions=tuple(_region(each) for each in region or []),
        least=least,
        sample=sample,
    )
    rules, load = asked.rules(), Load(bytes=pace, rows=rows)
    if ray is not None and load.is_limited:
        raise Malformed("A limit is kept by one machine. Leave --ray out, or --pace and --rows.")
    began, tally = time.monotonic(), Tally()
    try:
        for event in _watched(_paced(_events(source, largest, asked, rules, ray, load, Toil(seconds=seconds)), load), tally):
            if isinstance(event, Found) and as_json:
                print(json.dumps(line_of(event)))
        tally.seconds = time.monotonic() - began
        if as_json:
            print(json.dumps({"summary": tally.summary()}))
        else:
            show(tally)
        sys.stdout.flush()
    except OSError as error:  # about standard output alone: what is wrong with the source has been told otherwise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise OutputGone(
            f"The findings cannot be written out ({error.strerror}). See to where they go, and scan again."
        ) from error
    _check_read(tally)


def _check_read(tally: Tally) -> None:
    """Nothing read is never told as nothing there."""
    if not tally.has_read and not tally.skipped and not tally.parts:
        what = f": {tally.objects:,} objects without a byte in them" if tally.objects else ""
        raise NotFound(
            f"This source is empty{what}. That is not the same as clean: nothing was looked at. Check that it is the right one,"
            " and its rights."
        )
    if not tally.has_read:
        number = tally.skipped.total() + tally.parts.total()
        raise NothingRead(
            f"Nothing of this source could be read, so that nothing was found says nothing. {number:,} not read; see why above."
        )


def _events(source: str, largest: int, asked: Asked, rules: Rules, ray: str | None, load: Load, toil: Toil) -> Iterator[Event]:
    if ray is not None:
        yield from scan_on_ray(Personal(source), asked, None if ray == "local" else ray)
        return
    with closing(_opened(source, largest, load)) as system:
        yield from scan_system(system, rules, sample=asked.sample, toil=toil)


def _paced(events: Iterator[Event], load: Load) -> Iterator[Event]:
    """The same events, as slowly as was asked for: nothing is read while nobody takes them."""
    began, bytes, rows = time.monotonic(), 0, 0
    for event in events:
        if isinstance(event, Read):
            bytes, rows = bytes + event.bytes, rows + event.rows
            time.sleep(load.pause(bytes=bytes, rows=rows, seconds=time.monotonic() - began))
        yield event


def _opened(source: str, largest: int, load: Load) -> System:
    if not is_path(source):
        return open_system(Personal(source), load=load)
    return Folder(Path(source), limits=Limits(largest=largest * _MIB))


def _region(given: str) -> str:
    if not is_region(given.upper()):
        raise Malformed("A region is the two letters of a country, such as DK (ISO 3166). Give --region for each.")
    return given.upper()


def _watched(events: Iterator[Event], tally: Tally) -> Iterator[Event]:
    """The same events, counted. A person who waits is shown on standard error how far it is, and what is not read.

    Standard output is left alone: it may be a file while standard error is a terminal.
    """
    console = words()
    columns = (SpinnerColumn(), TextColumn("{task.description}"))
    with Progress(
        *columns,
        console=console,
        transient=True,
        disable=not console.is_terminal,
        redirect_stdout=False,
        redirect_stderr=False,
    ) as shown:
        task, told_at = shown.add_task("Scanning…"), time.monotonic()
        for event in events:
            for line in tally.count(event):
                console.print(line, markup=False)
            if (now := time.monotonic()) - told_at > _EVERY_SECONDS:
                shown.update(task, description=_so_far(tally))
                told_at = now
            yield event
        for line in tally.settle():
            console.print(line, markup=False)


def _so_far(tally: Tally) -> str:
    return f"Scanning… {tally.objects:,} objects read, {amount(tally.bytes)}, {tally.found:,} findings"
