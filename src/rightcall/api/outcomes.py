"""How calls went, as the contact centre's systems report it: waiting, handling, transfers, whether it was resolved, who hung up.
Figures and keys, nobody's name. They serve parity and nothing else."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import Field, StringConstraints

from rightcall.api.door import Door, door_for
from rightcall.api.forms import Form, Items, Language, Shape
from rightcall.database.connection import Transaction
from rightcall.errors import Mistake
from rightcall.ethics.outcomes import actions as outcomes
from rightcall.ethics.outcomes.model import CallOutcome, EndedBy, Report, Resolved
from rightcall.ids import CallId
from rightcall.staff.model import Deed

router = APIRouter(tags=["parity"])
_MOST_AT_ONCE = 1000
Seconds = Annotated[int, Field(strict=True, ge=0, le=86_400)]
Queue = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class OutcomeForm(Form):
    """What is not known is left out. `waited_seconds`: before an agent; `ended_by`: `us` for an agent or a machine of ours;
    `queue`: a key such as billing-2, never a person."""

    waited_seconds: Seconds | None = None
    handled_seconds: Seconds | None = None
    transfers: Annotated[int, Field(strict=True, ge=0, le=100)] | None = None
    resolved: Resolved = Resolved.UNKNOWN
    ended_by: EndedBy = EndedBy.UNKNOWN
    queue: Queue | None = None
    language: Language | None = None

    def report(self) -> Report:
        return Report(
            waited_seconds=self.waited_seconds,
            handled_seconds=self.handled_seconds,
            transfers=self.transfers,
            resolved=self.resolved,
            ended_by=self.ended_by,
            queue=self.queue,
            language=self.language,
        )


class CallOutcomeForm(OutcomeForm):
    call: UUID


class OutcomesForm(Form):
    items: list[CallOutcomeForm] = Field(min_length=1, max_length=_MOST_AT_ONCE)


class ReportShape(Shape):
    """What the contact centre's systems told."""

    waited_seconds: int | None
    handled_seconds: int | None
    transfers: int | None
    resolved: Resolved
    ended_by: EndedBy
    queue: str | None
    language: str | None


class SeenShape(Shape):
    """What Rightcall saw on the wire. It counts where nothing was reported."""

    handled_seconds: int | None
    transfers: int | None
    ended_by: EndedBy


class OutcomeShape(Shape):
    """`reported` is null for a call of which only the wire told, `seen` for one that was not on our wire or is too fresh."""

    call: UUID
    taken_at: datetime
    reported: ReportShape | None
    seen: SeenShape | None


class LeftOutShape(Shape):
    """A report that was not taken down, and why; the others were."""

    call: UUID
    why: str


class TakenShape(Items[LeftOutShape]):
    """`taken`: how many reports were taken down; `items`: those that were not."""

    taken: int


@router.post("/calls/{call}/outcome")
def report_outcome(door: Annotated[Door, Depends(door_for(Deed.REPORT_OUTCOME))], call: UUID, form: OutcomeForm) -> OutcomeShape:
    """How this call went. The same again changes nothing; another report replaces it. 409 while the call is on, and where
    somebody in it was erased."""

    def deed(tx: Transaction) -> OutcomeShape:
        return _shape(outcomes.report(tx, door.house.vault, door.house.clock, CallId(call), form.report()))

    return door.run(deed)


@router.get("/calls/{call}/outcome")
def get_outcome(door: Annotated[Door, Depends(door_for(Deed.SEE_CALLS))], call: UUID) -> OutcomeShape:
    """How this call went, as it was reported and as it was seen."""
    return door.run(lambda tx: _shape(outcomes.get(tx, CallId(call))))


@router.post("/outcomes")
def report_outcomes(door: Annotated[Door, Depends(door_for(Deed.REPORT_OUTCOME))], form: OutcomesForm) -> TakenShape:
    """Up to 1,000 at once. What cannot be taken down is named with the reason, and the rest is taken down all the same."""

    def deed(tx: Transaction) -> TakenShape:
        left_out: list[LeftOutShape] = []
        for each in form.items:
            try:
                outcomes.report(tx, door.house.vault, door.house.clock, CallId(each.call), each.report())
            except Mistake as error:
                left_out.append(LeftOutShape(call=each.call, why=str(error)))
        return TakenShape(items=left_out, taken=len(form.items) - len(left_out))

    return door.run(deed)


def _shape(found: CallOutcome) -> OutcomeShape:
    return OutcomeShape(
        call=found.call,
        taken_at=found.taken_at,
        reported=None if found.report is None else ReportShape.model_validate(found.report),
        seen=None if found.seen is None else SeenShape.model_validate(found.seen),
    )
