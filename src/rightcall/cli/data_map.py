"""`rightcall map`, `rightcall held` and `rightcall provenance`: what is held, of whom, where, and where it came from."""

import json
from collections.abc import Collection, Sequence
from itertools import groupby
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from rightcall.api.data_map import document as map_document
from rightcall.api.data_map import gather
from rightcall.api.holdings import HeldShape, HoldingShape, view
from rightcall.api.named import keys_of, purpose_of, system_of
from rightcall.api.provenance import OURS
from rightcall.api.uses import UseShape
from rightcall.api.uses import looked_at as seen_by
from rightcall.cli.exits import answer_no
from rightcall.cli.found import printable
from rightcall.cli.home import house_of
from rightcall.cli.persons import EmailOption, IdOption, RegionOption, SipOption, Sought, TelOption, one_person
from rightcall.cli.place import ControllerOption, DataOption, controller_of
from rightcall.cli.signed_in import signed_in
from rightcall.cli.telling import came, fell, looked_at, past_term, still_there, summed_up, used
from rightcall.cli.verdicts import told
from rightcall.cli.why import check_why, not_given
from rightcall.cli.words import words, write_file
from rightcall.clock import day_of
from rightcall.database.connection import Transaction
from rightcall.discovery.findings.naming import scans_of, with_names
from rightcall.discovery.seen import actions as seeing
from rightcall.discovery.seen.saying import doubtful
from rightcall.discovery.systems.naming import SystemNames, system_names
from rightcall.errors import Malformed, NotSignedIn
from rightcall.holdings import actions as holdings
from rightcall.holdings import saying
from rightcall.holdings.categories import Category
from rightcall.holdings.map import actions as every_cell
from rightcall.holdings.map.model import Cell, Miscount
from rightcall.holdings.map.page import name_of, page
from rightcall.holdings.provenance import actions as traces
from rightcall.holdings.provenance.drawing import drawn
from rightcall.holdings.provenance.grouping import grouped
from rightcall.holdings.provenance.model import Trace
from rightcall.holdings.provenance.page import page as provenance_page
from rightcall.holdings.provenance.prov_json import document
from rightcall.holdings.provenance.saying import FELL, FELL_ITSELF
from rightcall.holdings.uses.rules import one_by_one
from rightcall.ids import ControllerId, HoldingId, SubjectId
from rightcall.policy.model import Verdict
from rightcall.recordings.who import ask_for_places, person_of
from rightcall.settings import load_settings
from rightcall.staff.model import Deed
from rightcall.subjects import actions as subjects
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.rules import NO_REGION
from rightcall.wiring import House

_PAGE = 500
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
Html = Annotated[Path | None, typer.Option(help="Write a page to read into this file.")]


def data_map(
    check: Annotated[
        bool, typer.Option("--check", help="Count every row anew. Ends with 1 where a counter says otherwise.")
    ] = False,
    as_json: Json = False,
    html: Html = None,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """How much of which data lies in which system, about how many people; without a purpose, past its term."""
    with house_of(load_settings(data=data)) as house:
        owner = controller_of(house.database, controller).id
        with house.database.transaction(owner) as tx:
            cells, names, unknown = gather(tx, house.clock)
            miscounts = every_cell.check(tx, house.clock) if check else []
    if html is not None:
        write_file(html, page(cells, names, [each.says for each in unknown]))
    if as_json:
        print(map_document(cells, names, unknown).model_dump_json(indent=2))
    else:
        _show_map(cells, names)
        _show_not_known([each.says for each in unknown])
    for each in miscounts:
        words().print(_miscounted(each, names), markup=False)
    if miscounts:
        raise answer_no()
    if check:
        words().print("Every counter says what its rows say.")


def held(
    subject: Annotated[str | None, typer.Argument(help="The person's id. Or find them by what they are known by.")] = None,
    tel: TelOption = None,
    email: EmailOption = None,
    sip: SipOption = None,
    id: IdOption = None,
    region: RegionOption = NO_REGION,
    purpose: Annotated[
        str | None,
        typer.Option(help="Show rows and names of objects too, for this purpose (an id or a key). The verdict is asked."),
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Why, in at least two words. Kept nowhere.")] = None,
    case: Annotated[str | None, typer.Option(help="The reference of the case that it is for. Kept nowhere.")] = None,
    token: Annotated[
        str | None,
        typer.Option(envvar="RIGHTCALL_TOKEN", help="Your API token: who reads it. Needed with --purpose, and to find a person."),
    ] = None,
    as_json: Json = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """All that is held about a person, by us and by other systems, and where it came from. Whichever of their subjects is named,
    all are shown. Ends with 1 where the verdict on --purpose is no."""
    sought = Sought(subject=subject, tel=tel, email=email, sip=sip, customer_id=id, region=region)
    with house_of(load_settings(data=data)) as house:
        person = one_person(house, sought, token=token, controller=controller)
        if purpose is None:
            owner = person.controller or controller_of(house.database, controller).id
            shown, no = frozenset[SubjectId](), None
        else:
            owner, shown, no = _permitted(house, person.id, purpose, reason=reason, case=case, token=token, controller=controller)
        with house.database.transaction(owner) as tx:
            found = _all_of(tx, house, person.id, shown=shown)
        late = past_term(found.items, day_of(house.clock.now()))
    if no is not None:
        print("\n".join([*told(no, (), None), *(f"  {each}" for each in not_given(reason, case)), *map(printable, late)]))
        raise answer_no()
    if as_json:
        print(found.model_dump_json(indent=2, exclude={"next"}))
    else:
        waits = doubtful(found.doubtful_records, SubjectId(found.subjects[0]))
        unknown = [each for each in (*(each.says for each in found.not_known), waits) if each]
        _show_held(found, is_all_known=not unknown)
        print("\n".join(map(printable, late)), end="\n" if late else "")
        _show_not_known(unknown)


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
    html: Html = None,
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


def _permitted(
    house: House,
    subject: SubjectId,
    purpose: str,
    *,
    reason: str | None,
    case: str | None,
    token: str | None,
    controller: str | None,
) -> tuple[ControllerId, frozenset[SubjectId], Verdict | None]:
    """Who reads it is known, and is in the log: of whom they may see it, or the verdict that was no."""
    if token is None:
        raise NotSignedIn("What is read for a purpose is read by somebody. Give your token with --token, or in RIGHTCALL_TOKEN.")
    who = signed_in(house.database, house.clock, token, Deed.SEE_HOLDINGS, controller)
    with house.database.transaction(who.controller) as tx:
        person, named = person_of(tx, subject), purpose_of(tx, purpose)
        check_why(tx, house, named, reason, case)
        shown, asked = ask_for_places(tx, house.tools, person, named, by=who.actor, reason=reason, case=case)
    return who.controller, shown, None if shown else asked.verdict


def _all_of(tx: Transaction, house: House, subject: SubjectId, *, shown: Collection[SubjectId]) -> HeldShape:
    """In one list, with all subjects that are the person and what is not known."""
    items: list[HoldingShape] = []
    after = None
    while True:
        got = view(tx, house.vault, subject, after=after, limit=_PAGE, shown=shown)
        items += got.items
        if got.next is None:
            return got.model_copy(update={"items": items})
        after = HoldingId(got.next)


def _show_map(cells: Sequence[Cell], names: SystemNames) -> None:
    if not cells:
        print("Nothing is held yet.")
    for system, of_system in groupby(cells, key=lambda cell: cell.system):
        table = Table(title=name_of(system, names), title_justify="left", title_style="bold", box=None, pad_edge=False)
        table.add_column("category")
        table.add_column("sensitivity")
        for heading in ("items", "people", "no purpose", "past term", "about\nnobody\nwe know"):
            table.add_column(heading, justify="right", no_wrap=True)
        for cell in of_system:
            figures = (cell.items, cell.people, cell.without_purpose, cell.past_term, cell.nobodys)
            table.add_row(
                saying.category(cell.category),
                saying.GRAVE[cell.sensitivity],
                *(f"{each:,}" if each else "–" for each in figures),
            )
        Console(highlight=False).print(table, "")


def _show_not_known(told: Sequence[str]) -> None:
    """Last, so that nobody takes what is shown for all there is."""
    sentences = [each for each in told if each]
    if sentences:
        print("Not known yet:")
    for each in sentences:
        print(f"  {printable(each)}")


def _show_held(found: HeldShape, *, is_all_known: bool) -> None:
    """How many of what in which system; then by where it lies: each place once, and what of the person is there. Of which
    subject, where the person is several."""
    items, person, looks = found.items, found.subjects, one_by_one(found.looks)
    if len(person) > 1:
        print(f"One person: {', '.join(map(str, person))}")
    print("\n".join([*summed_up(items, is_all_known=is_all_known), *still_there(found.left), *looked_at(found.looks)]))
    for where, there in groupby(sorted(items, key=_where), key=_where):
        print(where)
        for each in there:
            _show_item(each, of=each.subject if len(person) > 1 else None, looks=looks)
    if not all(each.place.shown or each.place.dark for each in items):
        words().print(
            "In which rows and files, and in which fields whose names may be somebody's, is shown for a purpose: --purpose,"
            " --reason and --case, with a token."
        )


def _where(shape: HoldingShape) -> str:
    """The system, the object and the row, as far as they are known."""
    place = shape.place
    if place.system is None:
        return "Rightcall"
    parts = [place.system_name or "another system", place.object_name or (f"object {place.object}" if place.object else "")]
    return printable(": ".join(part for part in parts if part) + (f", row {place.row}" if place.row else ""))


def _show_item(shape: HoldingShape, *, of: UUID | None, looks: Sequence[Sequence[UseShape]]) -> None:
    place = shape.place
    field = place.field if place.path is None else place.path
    where = [] if field is None else [f"field {printable(field) or 'without a name'}"]
    where += [f"characters {place.start} to {place.end}"] if place.start is not None else []
    whose = "" if of is None else f"  of {of}"
    print(f"  {', '.join([saying.category(Category(shape.category)), *where])}  {shape.id}{whose}")
    print(f"    {came(shape)}")
    kept = [
        f"{one.purpose_key}{f' until {one.last_day}' if one.last_day else ', until when nobody has said'}"
        for one in shape.purposes
    ]
    print(f"    for {'; '.join(kept) or 'no purpose that anybody has said'}; {_state(shape)}; {used(shape, looks)}")


def _state(shape: HoldingShape) -> str:
    """Whether it can be read, or why not; and what it rests on that fell."""
    dark = sorted({one.dark.value for one in shape.purposes if one.dark is not None})
    left = "not there any more" if shape.gone_at else "not about this person" if shape.unlinked_at else ""
    gone = "disposed of" if shape.disposed_at else left or ", ".join(dark)
    if shape.silent and shape.disposed_at is None:
        return "; ".join(["no sound was kept in it", *fell(shape)])
    says = "readable" if shape.readable else f"not readable: {gone or 'no purpose serves'}"
    return "; ".join([says, *fell(shape)])


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


def _miscounted(each: Miscount, names: SystemNames) -> str:
    cell = each.found or each.counted
    if cell is None:
        return "A counter and its rows are both missing."
    where = f"{name_of(cell.system, names)}, {saying.category(cell.category)}"
    return f"{where}: the counter says {_figures(each.counted)}, the rows say {_figures(each.found)}. Tell the DPO."


def _figures(cell: Cell | None) -> str:
    return "nothing" if cell is None else f"{cell.items} items of {cell.people} people, {cell.without_purpose} without a purpose"
