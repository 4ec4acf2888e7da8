"""`rightcall parity`: whether those who said no fare as well; and taking down, in bulk, how calls went."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from pydantic import ValidationError

from rightcall.api.named import Keys, keys_of, purpose_of
from rightcall.api.outcomes import CallOutcomeForm
from rightcall.api.parity import document
from rightcall.cli.as_json import Commands
from rightcall.cli.exits import answer_no
from rightcall.cli.home import house_of
from rightcall.cli.place import ControllerOption, DataOption, ObjectOption, controller_of
from rightcall.cli.words import Tell, progress, words, write_file
from rightcall.database.connection import Transaction
from rightcall.errors import Malformed, Mistake, NotFound
from rightcall.ethics import standing
from rightcall.ethics.actions import flags as every_flag
from rightcall.ethics.bar import bar_of
from rightcall.ethics.drawing import forest
from rightcall.ethics.model import Bar, Flag, Parity, Row
from rightcall.ethics.outcomes import actions as outcomes
from rightcall.ethics.page import page
from rightcall.ethics.saying import FINDINGS, GROUPS, NAMES, in_units, pairs
from rightcall.ids import CallId, ControllerId
from rightcall.settings import load_settings
from rightcall.wiring import House
from rightcall.worker.lookers import looker_of, recounter_of

app = Commands(help="Whether those who say no fare as well as those who say yes.")
_AT_ONCE = 500
_LONGEST_LINE = 10_000


@app.callback(invoke_without_command=True)
def parity(
    context: typer.Context,
    purpose: Annotated[str | None, typer.Option(help="Only this purpose: an id or a key.")] = None,
    since: Annotated[int | None, typer.Option(min=1, max=365, help="Days back: four weeks, or all that is kept.")] = None,
    by_notice: Annotated[bool, typer.Option("--by-notice", help="Each notice beside, where it has calls enough.")] = False,
    look: Annotated[bool, typer.Option("--look", help="First weigh what came since the last look, and count anew.")] = False,
    as_json: ObjectOption = False,
    svg: Annotated[Path | None, typer.Option(help="Write the picture into this file.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the picture with its table into this file.")] = None,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Compare calls with a no and calls with a yes, by purpose. Ends with 1 where a gap stands."""
    if context.invoked_subcommand is not None:
        return
    settings = load_settings(data=data)
    bar = bar_of(settings)
    with house_of(settings) as house:
        owner = controller_of(house.database, controller).id
        if look:
            _look(house, owner)
        found, keys, flags = _gather(house, owner, bar, timedelta(days=since or settings.parity_days), purpose, by_notice)
    for file, text in ((svg, forest), (html, page)):
        if file is not None:
            write_file(file, text(found, keys, bar))
    if as_json:
        print(document(found, keys, flags).model_dump_json(indent=2))
    else:
        _show(found, keys)
    if any(row.flag is not None for row in found.rows):
        raise answer_no()


@app.command("import")
def take_down(
    file: Annotated[
        Path, typer.Argument(help="JSON lines, one call a line: call, and what is known of it. - for standard input.")
    ],
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Take down how calls went, from FILE. Lines that cannot be are named and left out; ends with 1 where there were any."""
    with house_of(load_settings(data=data)) as house:
        owner = controller_of(house.database, controller).id
        with _lines(file) as lines, progress("Taking down") as tell:
            taken, left_out = _take_down(house, owner, lines, tell)
    print(f"{taken:,} taken down, {left_out:,} left out.")
    if left_out:
        raise answer_no()


def _look(house: House, owner: ControllerId) -> None:
    with progress("Looking for calls") as tell:
        looked = looker_of(house).look(owner, tell)
    words().print(
        f"Looked: {looked.tested} measures of purposes have an account; {len(looked.flagged)} newly flagged, {len(looked.lifted)}"
        f" lifted, {len(looked.lapsed)} answered in vain. Calls that were taken down in the last 24 hours wait for the next look."
    )
    with progress("Comparing") as tell:
        recounter_of(house).count(owner, tell)


def _gather(
    house: House, owner: ControllerId, bar: Bar, back: timedelta, purpose: str | None, by_notice: bool
) -> tuple[Parity, Keys, list[Flag]]:
    with house.database.transaction(owner) as tx:
        only = None if purpose is None else purpose_of(tx, purpose)
        found = standing.parity(tx, bar, now=house.clock.now(), back=back, only=only, by_notice=by_notice)
        return found, keys_of(tx), every_flag(tx)


def _show(found: Parity, keys: Keys) -> None:
    looked = "never" if found.looked_at is None else f"{found.looked_at:%Y-%m-%d %H:%M} UTC"
    counted = "never" if found.counted_at is None else f"{found.counted_at:%Y-%m-%d %H:%M} UTC"
    print(f"Calls that ended from {found.since:%Y-%m-%d} to {found.until:%Y-%m-%d}. Counted: {counted}. Last look: {looked}.")
    if found.counted_at is None:
        print("Nothing was counted yet. The worker counts each night; --look looks and counts now.")
    elif not found.rows:
        print("Nothing to compare yet: no call in this time has both an answer and an outcome.")
    for purpose, rows in groupby(found.rows, key=lambda row: (row.purpose, row.notice)):
        print(f"\n{keys[purpose[0]]}" + ("" if purpose[1] is None else f", notice {purpose[1]}"))
        for row in rows:
            print(f"  {_line(row)}")
    for size in found.sizes:
        print(
            f"{keys[size.purpose]}: {'too few to tell' if size.calls is None else f'{size.calls:,} calls'}, {GROUPS[size.group]}"
        )
    if found.rows:
        print("\nIn pairs of 100: how many more there are in which the no has more than the yes, with the 95 % interval.")


def _line(row: Row) -> str:
    if row.comparison is None:
        return f"{NAMES[row.measure]:15} {FINDINGS[row.finding]}"
    units = in_units(row.measure, row.comparison)
    seen = f"  {row.comparison.from_wire:.0%} seen on the wire" if row.comparison.from_wire else ""
    return f"{NAMES[row.measure]:15} {pairs(row.comparison.effect):24} {units:36} {FINDINGS[row.finding]}{seen}"


@contextmanager
def _lines(file: Path) -> Iterator[Iterator[str]]:
    if str(file) == "-":
        yield iter(sys.stdin)
        return
    try:
        with file.open(encoding="utf-8") as opened:
            yield iter(opened)
    except UnicodeDecodeError as error:
        raise Malformed(f"The file {file.name} is not UTF-8. Write it so, one JSON object a line.") from error
    except OSError as error:
        raise NotFound(f"The file {file.name} cannot be read ({error.strerror}). Check its name.") from error


def _take_down(house: House, owner: ControllerId, lines: Iterator[str], tell: Tell) -> tuple[int, int]:
    """So many lines a transaction; again changes nothing."""
    taken = left_out = 0
    for at, batch in groupby(enumerate(lines, 1), key=lambda each: (each[0] - 1) // _AT_ONCE):
        amiss: dict[int, str] = {}
        with house.database.transaction(owner) as tx:
            for number, line in batch:
                why = _why_not(tx, house, line) if line.strip() else None
                taken += why is None and bool(line.strip())
                amiss |= {} if why is None else {number: why}
        left_out += len(amiss)
        for number, why in amiss.items():
            words().print(f"Line {number} is left out: {why}", markup=False)
        tell("Taking down, line by line", (at + 1) * _AT_ONCE, (at + 2) * _AT_ONCE)
    return taken, left_out


def _why_not(tx: Transaction, house: House, line: str) -> str | None:
    """Takes down one line; why it cannot be. Says which fields are wrong, never what stands in them."""
    if len(line) > _LONGEST_LINE:
        return f"it is longer than {_LONGEST_LINE} characters."
    try:
        form = CallOutcomeForm.model_validate_json(line)
        outcomes.report(tx, house.vault, house.clock, CallId(UUID(str(form.call))), form.report())
    except ValidationError as error:
        wrong = sorted({".".join(map(str, each["loc"])) or "the line" for each in error.errors()})
        return f"not as the form says: {', '.join(wrong)}. See POST /api/v1/calls/{{call}}/outcome in docs/reference/api.md."
    except Mistake as error:
        return str(error)
    return None
