"""`rightcall scan`: where data about people lies in a folder or file. Says where and why, never what."""

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn

from rightcall.cli.words import words
from rightcall.discovery.detection.contacts import is_region
from rightcall.discovery.detection.model import LEAST
from rightcall.discovery.detection.patterns import read_pattern
from rightcall.discovery.model import Event, Found, OutputGone, PassedOver, Tally
from rightcall.discovery.scanning import LARGEST, Wanted
from rightcall.discovery.scanning import scan as scan_source
from rightcall.errors import Malformed

_MIB = 1 << 20
_MOST_ROWS = 200
_EVERY_SECONDS = 0.2


def scan(
    source: Annotated[Path, typer.Argument(help="A folder or a file. It is read, never changed.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line for each finding, and a summary.")] = False,
    pattern: Annotated[
        list[str] | None, typer.Option(metavar="NAME=REGEX", help="Look for numbers of your own too; repeat for more.")
    ] = None,
    region: Annotated[
        list[str] | None, typer.Option(help="Where phone numbers in national form belong (ISO 3166); repeat for more.")
    ] = None,
    least: Annotated[float, typer.Option(min=0, max=1, help="Leave out findings less sure than this.")] = LEAST,
    largest: Annotated[int, typer.Option(min=1, help="Pass over files larger than this many MiB.")] = LARGEST // _MIB,
) -> None:
    """Find data about people. Prints where it lies, what it is and why we think so; never the data itself."""
    wanted = Wanted(
        patterns=[read_pattern(each) for each in pattern or []],
        regions=tuple(_region(each) for each in region or []),
        least=least,
        largest=largest * _MIB,
    )
    began, tally, found_in = time.monotonic(), Tally(), Counter[tuple[str, str]]()
    try:
        for event in _watched(scan_source(source, wanted), tally):
            if isinstance(event, Found) and as_json:
                print(json.dumps(_line(event)))
            elif isinstance(event, Found):
                found_in[event.object, event.finding.type] += 1
        seconds = time.monotonic() - began
        if as_json:
            print(json.dumps({"summary": _summary(tally, seconds)}))
        else:
            _show(tally, found_in, seconds)
        sys.stdout.flush()
    except OSError as error:  # about standard output alone: what is wrong with the source has been told otherwise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise OutputGone(
            f"The findings cannot be written out ({error.strerror}). See to where they go, and scan again."
        ) from error


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
            tally.count(event)
            if isinstance(event, PassedOver):
                console.print(f"not read: {_printable(event.object)} ({event.reason})", markup=False)
            if (now := time.monotonic()) - told_at > _EVERY_SECONDS:
                shown.update(task, description=_so_far(tally))
                told_at = now
            yield event


def _so_far(tally: Tally) -> str:
    found = sum(tally.findings.values())
    return f"Scanning… {tally.objects:,} objects read, {tally.bytes / 1e6:,.1f} MB, {found:,} findings"


def _line(event: Found) -> dict[str, object]:
    finding = event.finding
    return {
        "object": event.object,
        "start": finding.start,
        "end": finding.end,
        "type": finding.type,
        "confidence": finding.confidence,
        "why": finding.why,
    }


def _summary(tally: Tally, seconds: float) -> dict[str, object]:
    return {
        "objects": tally.objects,
        "skipped": tally.skipped,
        "bytes": tally.bytes,
        "seconds": round(seconds, 3),
        "findings": tally.findings,
    }


def _show(tally: Tally, found_in: Counter[tuple[str, str]], seconds: float) -> None:
    rows = found_in.most_common(_MOST_ROWS)
    if rows:
        print(f"{'found':>8}  {'type':<16}  object")
    for (name, kind), number in rows:
        print(f"{number:>8,}  {kind:<16}  {_printable(name)}")
    if len(found_in) > len(rows):
        print(f"{'…':>8}  and {len(found_in) - len(rows):,} more lines; --json has every finding.")
    total, amount = sum(tally.findings.values()), tally.bytes / 1e6
    print(f"{total:,} findings in {tally.objects:,} objects, {amount:,.1f} MB, read in {seconds:,.1f} s.")
    for reason, number in sorted(tally.skipped.items()):
        print(f"{number:,} not read: {reason}.")


def _printable(name: str) -> str:
    """A name may hold anything; a terminal must not obey it."""
    return "".join(character if character.isprintable() else "�" for character in name)
