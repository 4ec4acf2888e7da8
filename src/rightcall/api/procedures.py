"""Durable work as it stands: what runs, what waits and for what, what failed, since when; what needs a person; what is done by
the clock. Ids and figures alone."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from rightcall.api.door import Door, door_for
from rightcall.api.forms import Limit, Shape
from rightcall.clock import Clock
from rightcall.database.connection import Database, Transaction
from rightcall.procedures import actions as procedures
from rightcall.procedures.model import OPEN, Outcome, Reason, State, Told, Wish
from rightcall.procedures.rules import SAYS
from rightcall.retention.clockwork import clockwork
from rightcall.settings import Settings
from rightcall.staff.model import Deed

router = APIRouter(tags=["procedures"])
ProcedureId = Annotated[str, Path(pattern=r"^[a-z_]+:[0-9a-z:-]+$", max_length=200, description="As the list gives it.")]


class ProcedureShape(Shape):
    """`about`: the id (of a request, an erasure, a scan, a purpose…) or the day that it was begun for; empty where it is for the
    whole controller. `trouble`: the kind of error that it waits for the end of, or failed with, at `step`; `next_at`: when it
    goes on by itself. `attempts`: how often a worker began it or took it over. `wish`: what was asked and is not done yet. `done`
    of `of` are worked through, where it tells: objects of a scan, things of a package."""

    id: str
    name: str
    about: str
    state: State
    attempts: int
    begun_at: datetime
    changed_at: datetime
    step: str | None
    trouble: str | None
    next_at: datetime | None
    wish: Wish | None
    done: int | None
    of: int | None


class ProceduresShape(Shape):
    """`next` goes into `after` of the next request; null where there is no more."""

    items: list[ProcedureShape]
    next: str | None


class EscalationShape(Shape):
    """`says`: what it is and where to look."""

    reason: Reason
    number: int
    since: datetime
    says: str


class EscalationsShape(Shape):
    items: list[EscalationShape]


class ScheduleShape(Shape):
    """`ran_at`, `outcome`, `trouble`, `did`: of the last run, which says how much there was to do; `did_at`: when there last was
    anything. `next_at`: when there is next, as far as the clock says; null where that is not known yet."""

    name: str
    says: str
    next_at: datetime | None
    ran_at: datetime | None
    outcome: Outcome | None
    trouble: str | None
    did: int | None
    did_at: datetime | None


class SchedulesShape(Shape):
    items: list[ScheduleShape]


@router.get("/procedures")
def list_procedures(
    door: Annotated[Door, Depends(door_for(Deed.SEE_PROCEDURES))],
    state: Annotated[State | None, Query(description="Those in this state; without it what runs, waits or failed.")] = None,
    after: Annotated[str | None, Query(max_length=200, description="`next` of the page before.")] = None,
    limit: Limit = 100,
) -> ProceduresShape:
    """The oldest first."""
    return door.run(lambda tx: listed(tx, state, after, limit))


@router.get("/procedures/{procedure}")
def get_procedure(door: Annotated[Door, Depends(door_for(Deed.SEE_PROCEDURES))], procedure: ProcedureId) -> ProcedureShape:
    """What it does, for whom by id, since when, how often it was tried, and what it waits for."""
    return door.run(lambda tx: procedure_shape(procedures.get(tx, procedure)))


@router.post("/procedures/{procedure}/retry")
def retry(door: Annotated[Door, Depends(door_for(Deed.CHANGE_PROCEDURES))], procedure: ProcedureId) -> ProcedureShape:
    """One that failed is begun again within seconds. 409 for one that goes on by itself."""
    return door.run(lambda tx: procedure_shape(procedures.ask(tx, procedure, Wish.RETRY)))


@router.post("/procedures/{procedure}/cancel")
def cancel(door: Annotated[Door, Depends(door_for(Deed.CHANGE_PROCEDURES))], procedure: ProcedureId) -> ProcedureShape:
    """It ends before its next step. 409 for whatever lets go of something or answers somebody: that is never cancelled."""
    return door.run(lambda tx: procedure_shape(procedures.ask(tx, procedure, Wish.CANCEL)))


@router.get("/escalations")
def list_escalations(door: Annotated[Door, Depends(door_for(Deed.SEE_PROCEDURES))]) -> EscalationsShape:
    """What needs a person, as the worker counted it within the last minute."""
    return door.run(escalated)


@router.get("/schedules")
def list_schedules(door: Annotated[Door, Depends(door_for(Deed.SEE_PROCEDURES))]) -> SchedulesShape:
    """What is done by the clock, for all controllers of this deployment."""
    return scheduled(door.house.database, door.house.clock, door.house.settings)


def listed(tx: Transaction, state: State | None, after: str | None, limit: int) -> ProceduresShape:
    found = procedures.told(tx, OPEN if state is None else (state,), after, limit + 1)
    page = found[:limit]
    return ProceduresShape(items=[procedure_shape(each) for each in page], next=page[-1].id if len(found) > limit else None)


def procedure_shape(told: Told) -> ProcedureShape:
    return ProcedureShape.model_validate(told)


def escalated(tx: Transaction) -> EscalationsShape:
    """Of one controller, or of all where the transaction is the system's."""
    return EscalationsShape(
        items=[
            EscalationShape(reason=each.reason, number=each.number, since=each.since, says=SAYS[each.reason])
            for each in procedures.escalations(tx)
        ]
    )


def scheduled(database: Database, clock: Clock, settings: Settings) -> SchedulesShape:
    return SchedulesShape(
        items=[
            ScheduleShape(
                name=each.schedule.name,
                says=each.schedule.says,
                next_at=each.next_at,
                ran_at=None if each.run is None else each.run.ran_at,
                outcome=None if each.run is None else each.run.outcome,
                trouble=None if each.run is None else each.run.trouble,
                did=None if each.run is None else each.run.did,
                did_at=None if each.run is None else each.run.did_at,
            )
            for each in clockwork(database, clock, settings)
        ]
    )
