"""`rightcall held`: what is held about one person, and where it came from."""

from collections.abc import Collection, Sequence
from itertools import groupby
from typing import Annotated
from uuid import UUID

import typer

from rightcall.api.holdings import HeldShape, HoldingShape, view
from rightcall.api.named import purpose_of
from rightcall.api.uses import UseShape
from rightcall.cli.exits import answer_no
from rightcall.cli.home import house_of
from rightcall.cli.persons import EmailOption, IdOption, RegionOption, SipOption, Sought, TelOption, one_person
from rightcall.cli.place import ControllerOption, DataOption, JsonOption, controller_of
from rightcall.cli.signed_in import signed_in
from rightcall.cli.telling import came, fell, looked_at, not_known, past_term, print_lines, still_there, summed_up, used
from rightcall.cli.verdicts import told
from rightcall.cli.why import check_why, not_given
from rightcall.cli.words import printable, words
from rightcall.clock import day_of
from rightcall.database.connection import Transaction
from rightcall.discovery.seen.saying import doubtful
from rightcall.errors import NotSignedIn
from rightcall.holdings import saying
from rightcall.holdings.categories import Category
from rightcall.holdings.uses.rules import one_by_one
from rightcall.ids import ControllerId, HoldingId, SubjectId
from rightcall.policy.model import Verdict
from rightcall.recordings.who import ask_for_places, person_of
from rightcall.settings import load_settings
from rightcall.staff.model import Deed
from rightcall.subjects.rules import NO_REGION
from rightcall.wiring import House

_PAGE = 500


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
    as_json: JsonOption = False,
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
        unknown = not_known([*(each.says for each in found.not_known), waits])
        _show_held(found, is_all_known=not unknown)
        print_lines(map(printable, late))
        print_lines(unknown)


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
