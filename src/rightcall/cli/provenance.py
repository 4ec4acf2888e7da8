"""`rightcall provenance`: where things came from, and what was made from them."""

import json
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from rightcall.api.named import keys_of, system_of
from rightcall.api.provenance import OURS
from rightcall.api.uses import looked_at as seen_by
from rightcall.cli.exits import answer_no
from rightcall.cli.home import house_of
from rightcall.cli.place import ControllerOption, DataOption, HtmlOption, controller_of
from rightcall.cli.words import words, write_file
from rightcall.database.connection import Transaction
from rightcall.discovery.findings.naming import scans_of, with_names
from rightcall.discovery.seen import actions as seeing
from rightcall.discovery.systems.naming import SystemNames, system_names
from rightcall.errors import Malformed
from rightcall.holdings import actions as holdings
from rightcall.holdings import saying
from rightcall.holdings.map.page import name_of
from rightcall.holdings.provenance import actions as traces
from rightcall.holdings.provenance.drawing import drawn
from rightcall.holdings.provenance.grouping import grouped
from rightcall.holdings.provenance.model import Trace
from rightcall.holdings.provenance.page import page as provenance_page
from rightcall.holdings.provenance.prov_json import document
from rightcall.holdings.provenance.saying import FELL, FELL_ITSELF
from rightcall.ids import HoldingId, SubjectId
from rightcall.settings import load_settings
from rightcall.subjects import actions as subjects
from rightcall.subjects.joining import actions as joining
from rightcall.wiring import House


def provenance(
    subject: Annotated[UUID | None, typer.Option(help="All that is held about this person.")] = None,
    holding: Annotated[
        UUID | None, typer.Option(help="One thing, back to its origins and forward to what was made from it.")
    ] = None,
    system: Annotated[str | None, typer.Option(help="What lies in this system: its name or id; `rightcall` for our own.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="W3C PROV (PROV-JSON) on standard output.")] = False,
    after: Annotated[
        UUID | None, typer.Option(help="With --json: the page behind this one, by `rc:next` of that before.")
    ] = None,
    svg: Annotated[Path | None, typer.Option(help="Write the picture into this file.")] = None,
    html: HtmlOption = None,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Where things came from: as W3C PROV, as a picture, as a page. Ends with 1 where --json has not all of it."""
    if sum(each is not None for each in (subject, holding, system)) != 1:
        raise Malformed("Say whose provenance, or what of: --subject, --holding or --system, one of them.")
    with house_of(load_settings(data=data)) as house:
        owner = controller_of(house.database, controller).id
        with house.database.transaction(owner) as tx:
            trace = with_names(tx, house.vault, _trace(tx, house, subject, holding, system))
            paged = _page(tx, house, subject, system, after) if as_json and holding is None else trace
            keys, names, scans = keys_of(tx), system_names(tx), scans_of(tx, paged) if as_json else {}
            unknown, looks = ([], []) if subject is None else _beside(tx, SubjectId(subject))
    title = "What is held about a person, and where it came from" if subject else "Where it came from, and what was made from it"
    if svg is not None:
        write_file(svg, drawn(grouped(trace), names, title))
    if html is not None:
        write_file(html, provenance_page(trace, keys, names, title, unknown, looks))
    if as_json:
        print(json.dumps(document(paged, keys, names, scans), indent=2))
        if not paged.is_whole:
            words().print(_there_is_more(paged), markup=False)
            raise answer_no()
    elif svg is None and html is None:
        _show_trace(trace, names)


def _beside(tx: Transaction, subject: SubjectId) -> tuple[list[str], list[str]]:
    """What is not known of the person, and who looked at them."""
    return seeing.told_of_person(tx, joining.person(tx, subject)), seen_by(tx, subject)


def _trace(tx: Transaction, house: House, subject: UUID | None, holding: UUID | None, system: str | None) -> Trace:
    if subject is not None:
        return traces.of_person(tx, house.vault, subjects.get(tx, SubjectId(subject)).id)
    if holding is not None:
        return traces.follow(tx, house.vault, [holdings.get(tx, HoldingId(holding)).id])
    return traces.of_system(tx, house.vault, None if system in (None, OURS) else system_of(tx, str(system)))


def _page(tx: Transaction, house: House, subject: UUID | None, system: str | None, after: UUID | None) -> Trace:
    start = None if after is None else HoldingId(after)
    if subject is not None:
        return traces.page_of_person(tx, house.vault, SubjectId(subject), after=start)
    found = None if system in (None, OURS) else system_of(tx, str(system))
    return traces.page_of_system(tx, house.vault, found, after=start)


def _there_is_more(page: Trace) -> str:
    if page.next is not None:
        return f"This is not all: {len(page.items):,} things are in this page. The next: --after {page.next}"
    return "This is not all of what these came from or was made from them. Ask for one --holding to see all of its way."


def _show_trace(trace: Trace, names: SystemNames) -> None:
    for each in trace.items.values():
        origins = trace.origins_of(each.id)
        print(f"{saying.category(each.category)}, {name_of(each.place.system, names)}  {each.id}")
        print(
            f"  {saying.CAME[each.provenance.source]} by {saying.ROLES[each.provenance.actor.role]}, {saying.day(each.made_at)}"
        )
        for origin in origins:
            print(f"  from {origin.origin}" + ("" if origin.part is None else f" ({saying.part(origin.part)})"))
        for taint in trace.taints[each.id]:
            is_itself = taint.origin == each.id
            print(f"  {FELL_ITSELF[taint.reason]}" if is_itself else f"  rests on {taint.origin}, which {FELL[taint.reason]}")
    if trace.cut:
        words().print(f"There is more than the {len(trace.items)} things shown. Ask for one holding to see all of its way.")
