"""The record of processing (GDPR Art. 30) as it is now, from what runs; and the whole of it as a file, to hand over."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from rightcall.activities import actions as activities
from rightcall.activities.measuring import measures_of
from rightcall.activities.model import Activity, Recipient, Record
from rightcall.activities.page import page
from rightcall.activities.rules import words_of
from rightcall.activities.saying import BASES, CAPACITIES, KINDS, STANDINGS
from rightcall.activities.table import table
from rightcall.console.door import Inside, inside
from rightcall.console.tables import shown
from rightcall.design.tables import Column, Table
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console/record")
Seeing = Annotated[Inside, Depends(inside(Deed.SEE_ACTIVITIES))]
_ACTIVITIES: Table[Activity] = Table(
    name="activities",
    file="activities",
    columns=(
        Column("purpose", "Purpose", lambda each: each.purpose.title),
        Column("basis", "Rests on", lambda each: BASES[each.purpose.lawful_basis], is_picked=True),
        Column("stands", "Stands", lambda each: STANDINGS[each.standing], is_picked=True),
        Column("things", "Things now", lambda each: sum(kept.items for kept in each.kept), is_number=True),
        Column("recipients", "Who receives it", lambda each: ", ".join(one.name for one in each.recipients)),
        Column("gaps", "What is missing", lambda each: " ".join(map(words_of, each.gaps))),
    ),
)
_RECIPIENTS: Table[Recipient] = Table(
    name="recipients",
    file="recipients",
    columns=(
        Column("name", "Who", lambda each: each.name),
        Column("kind", "As what", lambda each: KINDS[each.kind], is_picked=True),
        Column("country", "Where", lambda each: each.country, is_picked=True),
        Column("safeguard", "What lets it go there", lambda each: each.safeguard),
        Column("since", "Declared", lambda each: each.declared_at, is_period=True),
    ),
)


@router.get("")
def show(request: Request, who: Seeing) -> Response:
    record = _record(who)
    recipients = {one.id: one for each in record.activities for one in each.recipients}
    given = {
        "record": record,
        "activities": _ACTIVITIES.of(record.activities, request.query_params),
        "recipients": _RECIPIENTS.of(list(recipients.values()), request.query_params),
    }
    return shown(
        request, "record", who, **given, capacities=CAPACITIES, kinds=KINDS, words=words_of, stands=STANDINGS, bases=BASES
    )


@router.get("/whole.html")
def whole_page(who: Seeing) -> Response:
    """One page that needs nothing else."""
    return _file(page(_record(who)), "text/html", "record-of-processing.html")


@router.get("/whole.csv")
def whole_table(who: Seeing) -> Response:
    return _file(table(_record(who)), "text/csv", "record-of-processing.csv")


def _record(who: Inside) -> Record:
    house = who.house
    measures = measures_of(house.settings, house.database, house.vault, who.controller, house.clock)
    return who.run(lambda tx: activities.record(tx, house.clock, house.rules, measures))


def _file(text: str, sort: str, name: str) -> Response:
    return Response(text, media_type=sort, headers={"Content-Disposition": f'attachment; filename="{name}"'})
