"""`rightcall system`: other systems of the controller, registered, scanned and retired."""

import re
from typing import Annotated
from uuid import UUID

import typer

from rightcall.api.forms import Items
from rightcall.api.named import purpose_of
from rightcall.api.scans import Asked, FindingShape
from rightcall.cli.answering import answer_signed
from rightcall.cli.as_json import Commands
from rightcall.cli.desk import let_in
from rightcall.cli.lists import print_table
from rightcall.cli.lying import lines_of, some_findings
from rightcall.cli.place import ControllerOption, DataOption, JsonOption
from rightcall.cli.scanned import described, outcome_of, show_scan, show_system
from rightcall.cli.signed_in import TokenOption
from rightcall.cli.waiting import waited
from rightcall.cli.why import check_why, lacking
from rightcall.cli.words import words
from rightcall.database.connection import Transaction
from rightcall.discovery.findings.model import Wanted
from rightcall.discovery.ports import UNLIMITED, Load
from rightcall.discovery.scans import actions as scans
from rightcall.discovery.scans.model import How
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import (
    Change,
    Erases,
    NewSystem,
    OwnNumber,
    RegisteredSystem,
    SystemName,
    SystemUse,
    TermFrom,
)
from rightcall.discovery.systems.ways import Way, abilities_by, changed_way
from rightcall.errors import Malformed
from rightcall.ids import FindingId, ObjectId, ScanId, SystemId
from rightcall.languages import read_texts
from rightcall.later import later
from rightcall.personal import Personal
from rightcall.purposes import actions as purposes
from rightcall.staff.model import Deed
from rightcall.wiring import House

_system = later("rightcall.api.systems:get_system")
_systems = later("rightcall.api.systems:list_systems")

_COLON = re.compile(r"(?<!\\):")
NameArgument = Annotated[str, typer.Argument(help="The system's name or id.")]
RegionOption = Annotated[list[str] | None, typer.Option(help="Where its phone numbers in national form belong (ISO 3166).")]
PatternOption = Annotated[list[str] | None, typer.Option(metavar="NAME=REGEX", help="The form of your own numbers in it.")]
UseOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="PURPOSE[:OBJECTS[:FIELDS[:DAYS[@FIELD]]]]",
        help="Which purpose what lies there serves; * for any characters, \\: for a colon in a name. The first that fits decides."
        " DAYS count from when it was first seen, or from the date in FIELD of the same row.",
    ),
]
PaceOption = Annotated[int | None, typer.Option(min=1, help="Bytes a second that may be read there, by all readers together.")]
RowsOption = Annotated[int | None, typer.Option(min=1, help="Rows of tables a second, likewise.")]
CopyOption = Annotated[
    list[str] | None, typer.Option(metavar="SYSTEM", help="A system whose data lies there again, as you know. Its own name, too.")
]
ErasableOption = Annotated[
    Erases | None,
    typer.Option(
        help="It may be erased in: parts of its objects, or whole objects too that tell of one person alone. Left out, it is for"
        " reading."
    ),
]
CorrectableOption = Annotated[
    bool | None, typer.Option("--correctable", help="What is found wrong there is put right by Rightcall, and read back.")
]
WritingOption = Annotated[str | None, typer.Option(help="How to get in to change things, where that is another account.")]

app = Commands(no_args_is_help=True, help="Other systems: register them, scan them, see what was found and what was not read.")


@app.command()
def add(
    token: TokenOption,
    name: Annotated[str, typer.Argument(help="A reference for it, such as crm. Never a person's name.")],
    address: Annotated[
        str, typer.Option(prompt="Address", hide_input=True, help="A path, or a URL with its credentials. Asked for if left out.")
    ],
    region: RegionOption = None,
    pattern: PatternOption = None,
    use: UseOption = None,
    pace: PaceOption = None,
    rows: RowsOption = None,
    copy_of: CopyOption = None,
    erasable: ErasableOption = None,
    correctable: CorrectableOption = None,
    writing: WritingOption = None,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Register a system. It is opened once; its address is sealed and never shown again."""
    with let_in(data, token, controller, Deed.CHANGE_SYSTEMS) as (house, who):
        given, apart = Personal(address), None if writing is None else Personal(writing)
        with words().status("Opening it…"):
            way = Way(address=given, erases=erasable, corrects=bool(correctable), writing=apart)
            abilities = abilities_by(house.opener_for(who.controller), way)

        def deed(tx: Transaction) -> RegisteredSystem:
            new = NewSystem(
                name=SystemName(text=name),
                address=given,
                regions=tuple(each.upper() for each in region or []),
                uses=_uses(tx, use or []),
                numbers=_numbers(pattern or []),
                load=Load(bytes=pace, rows=rows),
                copy_of=_named(tx, copy_of or []),
                erases=erasable,
                corrects=bool(correctable),
                writing=apart,
            )
            return systems.register(tx, house.vault, house.clock, new, abilities=abilities, by=who.actor)

        made = house.database.run(who.controller, deed)
    for each in use or []:
        if each.partition(":")[1] == "":
            words().print(f"All that lies there serves {each}; {each}:OBJECTS says it of some alone.", markup=False)
    words().print(f"{made.name} is registered ({made.kind}); it can {', '.join(sorted(made.abilities))}. Its id:")
    print(made.id)


@app.command("list")
def list_systems(
    token: TokenOption, as_json: JsonOption = False, controller: ControllerOption = None, data: DataOption = None
) -> None:
    """Show the systems: name, kind, what it can do, when it was last checked."""
    if as_json:
        answer_signed(_systems, Deed.SEE_SYSTEMS, token, controller, data)
        return
    with let_in(data, token, controller, Deed.SEE_SYSTEMS) as (house, who):
        found = house.database.run(who.controller, systems.systems)
    rows = [
        (
            each.name.text,
            each.kind,
            ", ".join(sorted(each.abilities)),
            "retired" if each.retired_at else f"{each.checked_at:%Y-%m-%d}",
        )
        for each in found
    ]
    print_table(("System", "Kind", "Can", "Checked"), rows)


@app.command()
def show(
    token: TokenOption,
    name: NameArgument,
    as_json: JsonOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Show one: what was found, where most of it lies, and its last scan."""
    if as_json:
        answer_signed(lambda door: _system(door, name), Deed.SEE_FINDINGS, token, controller, data)
        return
    with let_in(data, token, controller, Deed.SEE_FINDINGS) as (house, who):
        house.database.run(who.controller, lambda tx: show_system(tx, house.vault, systems.get(tx, name)))


@app.command()
def findings(
    token: TokenOption,
    name: NameArgument,
    type: Annotated[str | None, typer.Option(help="Only those of this type, such as card_code.")] = None,
    object: Annotated[UUID | None, typer.Option(help="Only those of this object, by its id.")] = None,
    purpose: Annotated[str | None, typer.Option(help="Show files and rows too, for this purpose (an id or a key).")] = None,
    reason: Annotated[str | None, typer.Option(help="Why, in at least two words. Kept nowhere.")] = None,
    case: Annotated[str | None, typer.Option(help="The reference of the case that it is for. Kept nowhere.")] = None,
    after: Annotated[UUID | None, typer.Option(help="Those behind this one, as the page before says.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many to look at.")] = 500,
    as_json: JsonOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Where it was found: how many of what, by table and field. In which file and row is shown for a --purpose: the verdict is
    asked of each person, and the look is logged."""
    with let_in(data, token, controller, Deed.SEE_FINDINGS) as (house, who):
        asked = None if purpose is None else Asked(purpose=purpose, reason=reason, case=case, by=who.actor)

        def deed(tx: Transaction) -> tuple[Items[FindingShape], list[str]]:
            found = systems.get(tx, name)
            lacks = [] if purpose is None else _lacking(tx, house, purpose, reason, case)
            wanted = Wanted(system=found.id, object=None if object is None else ObjectId(object), type=type)
            start = None if after is None else FindingId(after)
            return some_findings(tx, house, found, wanted, asked, start, limit), lacks

        page, lacks = house.database.run(who.controller, deed)
    if as_json:
        print(page.model_dump_json(indent=2))
        return
    print("\n".join(lines_of(page.items) or ["Nothing of this was found there."]))
    if page.next is not None:
        words().print(f"There are more: --after {page.next}")
    if not all(each.shown for each in page.items):
        words().print("\n".join([_covered(purpose), *lacks]))


@app.command()
def check(
    token: TokenOption,
    name: NameArgument,
    address: Annotated[str | None, typer.Option(help="From now on it is reached so.")] = None,
    region: RegionOption = None,
    pattern: PatternOption = None,
    use: UseOption = None,
    pace: PaceOption = None,
    rows: RowsOption = None,
    unlimited: Annotated[bool, typer.Option("--unlimited", help="It may be read as fast as it goes from now on.")] = False,
    copy_of: CopyOption = None,
    erasable: ErasableOption = None,
    correctable: CorrectableOption = None,
    writing: WritingOption = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="Nothing is changed there any more.")] = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Open it again and see what it can do now. What an option names is so from now on."""
    with let_in(data, token, controller, Deed.CHANGE_SYSTEMS) as (house, who):

        def ways(tx: Transaction) -> tuple[RegisteredSystem, Change, Way]:
            found = systems.get(tx, name)
            change = Change(
                address=None if address is None else Personal(address),
                regions=None if region is None else tuple(each.upper() for each in region),
                uses=None if use is None else _uses(tx, use),
                numbers=None if pattern is None else _numbers(pattern),
                load=_load(found, pace, rows, unlimited=unlimited),
                copy_of=None if copy_of is None else _named(tx, copy_of),
                erases=erasable,
                corrects=correctable,
                writing=None if writing is None else Personal(writing),
                read_only=read_only,
            )
            return found, change, changed_way(tx, house.vault, found, change)

        found, change, way = house.database.run(who.controller, ways)
        with words().status("Opening it…"):
            abilities = abilities_by(house.opener_for(who.controller), way)
        now = house.database.run(
            who.controller,
            lambda tx: systems.checked(tx, house.vault, house.clock, found, change, abilities=abilities, by=who.actor),
        )
    words().print(f"{now.name} answers; it can {', '.join(sorted(now.abilities))}.")
    if any(each.term_field is not None for each in change.uses or ()):
        words().print(
            f"Terms that count from a date in the row follow with the next scan: `rightcall system scan {now.name}`.",
            markup=False,
        )


@app.command("words")
def put_words(
    token: TokenOption,
    name: NameArgument,
    label: Annotated[
        list[str] | None,
        typer.Option(metavar="LANGUAGE=TEXT", help="What customers read instead of its name. With no text, it is taken away."),
    ] = None,
    keepers_language: Annotated[
        str | None, typer.Option(help="In which those who look after it are written to. '' is the controller's.")
    ] = None,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Say how people outside are told of it. What no option names stays as it is."""
    with let_in(data, token, controller, Deed.CHANGE_SYSTEMS) as (house, who):
        labels = read_texts(label or [])

        def deed(tx: Transaction) -> RegisteredSystem:
            found = systems.get(tx, name)
            return systems.put_words(tx, house.clock, found, labels, keepers_language=keepers_language, by=who.actor)

        now = house.database.run(who.controller, deed)
    print("\n".join(described(now)))


@app.command()
def retire(token: TokenOption, name: NameArgument, controller: ControllerOption = None, data: DataOption = None) -> None:
    """Look at it no more. Its address and every place that was known in it are dark from now on."""
    with let_in(data, token, controller, Deed.CHANGE_SYSTEMS) as (house, who):

        def deed(tx: Transaction) -> RegisteredSystem:
            return scans.retire_system(tx, house.vault, house.clock, systems.get(tx, name), by=who.actor)

        retired = house.database.run(who.controller, deed)
    words().print(f"{retired.name} is retired. What lies in it is still there: this changes nothing in the system itself.")


@app.command()
def scan(
    token: TokenOption,
    name: NameArgument,
    sample: Annotated[float | None, typer.Option(help="Look at about this share of objects and rows, such as 0.05.")] = None,
    workers: Annotated[int, typer.Option(min=1, help="How many workers may read at a time.")] = 1,
    pace: PaceOption = None,
    rows: RowsOption = None,
    wait: Annotated[
        bool, typer.Option(help="Stay until all that was found is on the data map. Where no worker runs, it is done here.")
    ] = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Scan a system. Ends with 3 where --wait sees it fail, with why. Its id is the last line."""
    with let_in(data, token, controller, Deed.SCAN_SYSTEM) as (house, who):
        how = How(sample=sample, workers=workers, load=Load(bytes=pace, rows=rows))
        started = house.database.run(
            who.controller, lambda tx: scans.start(tx, house.clock, systems.get(tx, name), how, by=who.actor)
        )
        if wait:
            ended = waited(house, who, started)
            house.database.run(who.controller, lambda tx: show_scan(tx, house.vault, ended))
        else:
            words().print("The scan is written down; the worker of `rightcall serve` does it. Its id:")
    print(started.id)
    if wait:
        outcome_of(ended)


@app.command()
def cancel(
    token: TokenOption,
    scan: Annotated[str, typer.Argument(help="The scan's id.")],
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Cancel a scan. What it found so far stays."""
    with let_in(data, token, controller, Deed.SCAN_SYSTEM) as (house, who):
        house.database.run(who.controller, lambda tx: scans.cancel(tx, house.clock, _scan_id(scan)))
    words().print("The scan is over. What it found so far stays.")


def _uses(tx: Transaction, given: list[str]) -> tuple[SystemUse, ...]:
    found = []
    for each in given:
        parts = (part.replace("\\:", ":") for part in _COLON.split(each, 3))
        purpose, objects, fields, days = (*parts, "", "", "")[:4]
        days, at, field = days.partition("@")
        if (days and not days.isdecimal()) or bool(at) != bool(field):
            raise Malformed(
                "A use is written PURPOSE[:OBJECTS[:FIELDS[:DAYS[@FIELD]]]], for example care:customers:phone:365@closed_on."
            )
        use = SystemUse(
            purpose=purposes.by_key(tx, purpose).id,
            objects=objects or "*",
            fields=fields or "*",
            term_from=TermFrom.FIELD if field else TermFrom.FIRST_SEEN,
            term_field=field or None,
            term_days=int(days) if days else None,
        )
        found.append(use)
    return tuple(found)


def _load(found: RegisteredSystem, pace: int | None, rows: int | None, *, unlimited: bool) -> Load | None:
    """What an option names; the other limit stays. None where none does."""
    if unlimited and (pace, rows) == (None, None):
        return UNLIMITED
    if unlimited:
        raise Malformed("A system has limits or none. Give --pace and --rows, or --unlimited.")
    if (pace, rows) == (None, None):
        return None
    return Load(bytes=pace or found.load.bytes, rows=rows or found.load.rows)


def _numbers(given: list[str]) -> tuple[OwnNumber, ...]:
    pairs = [each.partition("=") for each in given]
    return tuple(OwnNumber(name=name, expression=expression) for name, _, expression in pairs)


def _named(tx: Transaction, names: list[str]) -> tuple[SystemId, ...]:
    return tuple(systems.get(tx, name).id for name in names)


def _lacking(tx: Transaction, house: House, purpose: str, reason: str | None, case: str | None) -> list[str]:
    named = purpose_of(tx, purpose)
    check_why(tx, house, named, reason, case)
    return lacking(tx, house, named, reason, case)


def _covered(purpose: str | None) -> str:
    if purpose is None:
        return "In which files and rows is shown for a purpose: --purpose, --reason and --case."
    return (
        f"The verdict on reading for {purpose} is no, or cannot be told, of those whose files and rows are not shown. Why, of one"
        " person: `rightcall held PERSON` with the same purpose, reason and case."
    )


def _scan_id(given: str) -> ScanId:
    try:
        return ScanId(UUID(given))
    except ValueError as error:
        raise Malformed("A scan is named by its id, a UUID. `rightcall system show` tells it.") from error
