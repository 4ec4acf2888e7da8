"""Backups of data and of keys, what drills of them showed, and the copies that a database and an object store make themselves."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from rightcall.console.door import Inside, inside
from rightcall.console.tables import shown
from rightcall.copies import actions as copies
from rightcall.copies.model import FAULT_IN_WORDS, Backup, Drill
from rightcall.copies.saying import is_too_old, worth
from rightcall.copies.under_way import actions as under_way
from rightcall.design.tables import Column, Table
from rightcall.retention.clockwork import coming
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console/backups")


def _ended(drill: Drill) -> str:
    return "passed" if drill.passed else "nothing to try yet" if drill.had_nothing_to_try else "failed"


_DRILLS: Table[Drill] = Table(
    name="drills",
    file="drills",
    columns=(
        Column("when", "When", lambda each: each.drilled_at, is_period=True),
        Column("passed", "How it ended", _ended, is_picked=True),
        Column("kept", "Kept: tried, opened", lambda each: f"{each.live}, {each.live_opened}"),
        Column("gone", "Let go: tried, opened", lambda each: f"{each.gone}, {each.gone_opened}"),
        Column("fenced", "Destroyed again", lambda each: each.fenced, is_number=True),
        Column("faults", "What is wrong", lambda each: " ".join(FAULT_IN_WORDS[fault] for fault in each.faults)),
    ),
)


def _backups(epoch: int) -> Table[Backup]:
    return Table(
        name="backups",
        file="backups",
        columns=(
            Column("begun", "Begun", lambda each: each.begun_at, is_period=True),
            Column("kind", "Of what", lambda each: each.kind, is_picked=True),
            Column("epoch", "Epoch", lambda each: each.epoch, is_number=True),
            Column("worth", "What it is worth", lambda each: worth(each, epoch)),
            Column("id", "Id", lambda each: str(each.id)),
        ),
    )


@router.get("")
def show(request: Request, who: Annotated[Inside, Depends(inside(Deed.SEE_PROCEDURES))]) -> Response:
    with who.house.database.system() as tx:
        made, drilled, look = copies.backups(tx), list(copies.drills(tx)), copies.last_look(tx)
        going = under_way.every(tx)
        epoch = who.house.vault.epoch_number(tx)
    given: dict[str, object] = {
        "backups": _backups(epoch).of(made, request.query_params),
        "drills": _DRILLS.of(drilled, request.query_params),
        "stale": {each.id for each in made if each.gone_at is None and is_too_old(each, epoch)},
        "worth": {each.id: worth(each, epoch) for each in made},
    }
    given["coming"] = coming(who.house.database, who.house.clock, who.house.settings)
    return shown(request, "backups", who, **given, look=look, epoch=epoch, faults=FAULT_IN_WORDS, going=going)
