"""Parity: whether those who said no fare as well as those who said yes, by purpose; the flags of those who do not, and what a
person answers to them. Figures of groups only, and none of a group that is small."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, Response

from rightcall.api.door import Door, door_for
from rightcall.api.forms import ActorShape, Form, Items, Shape
from rightcall.api.named import Keys, keys_of, purpose_of
from rightcall.database.connection import Transaction
from rightcall.design.drawings import html, picture
from rightcall.ethics import actions, rules
from rightcall.ethics.bar import bar_of
from rightcall.ethics.drawing import forest
from rightcall.ethics.model import (
    Account,
    Comparison,
    Estimate,
    Explanation,
    Finding,
    Flag,
    FlagId,
    Group,
    Measure,
    Parity,
    Row,
    Strata,
)
from rightcall.ethics.page import page
from rightcall.ethics.standing import parity
from rightcall.staff.model import Deed

router = APIRouter(prefix="/parity", tags=["parity"])
Purpose = Annotated[str | None, Query(description="Only this purpose: an id or a key.", max_length=200)]
Since = Annotated[
    int | None,
    Query(
        ge=1,
        le=365,
        description="Days back: four weeks where that is enough, else all that is kept.",
    ),
]
ByNotice = Annotated[bool, Query(description="Each notice beside, where it has calls enough.")]


class EstimateShape(Shape):
    """A figure with its 95 % confidence interval."""

    value: float
    low: float
    high: float


class ComparisonShape(Shape):
    """`effect`: of pairs of one call with a no and one with a yes, the share in which the no has more, less that in which the
    yes has. `in_units`: seconds, or a ratio of rates. `noes` and `yeses` in tens. `from_wire`: the share that only we saw."""

    noes: int
    yeses: int
    strata: Strata
    effect: EstimateShape
    in_units: EstimateShape | None
    from_wire: float


class AccountShape(Shape):
    """What all looks of this season have shown. `chance`: parity would ever show as much at most so often, however often anybody
    looks; before the correction for the other measures."""

    began_at: datetime
    until: datetime
    looks: int
    noes: int
    yeses: int
    strata: Strata
    effect: EstimateShape
    chance: float


class FlagShape(Shape):
    """A purpose that is not freely given. `answer` is the latest, `lapsed_at` when it was found to be in vain;
    `lifted_at` is null while the flag stands."""

    id: UUID
    purpose: UUID
    purpose_key: str
    measure: Measure
    strata: Strata
    effect: EstimateShape
    noes: int
    yeses: int
    flagged_at: datetime
    concern: UUID
    answer: Explanation | None
    answered_by: ActorShape | None
    answered_at: datetime | None
    lapsed_at: datetime | None
    lifted_at: datetime | None
    statement: UUID


class RowShape(Shape):
    """One measure of one purpose. `notice`: of the calls in which this notice was answered; null for all."""

    purpose: UUID
    purpose_key: str
    notice: UUID | None
    measure: Measure
    finding: Finding
    comparison: ComparisonShape | None
    account: AccountShape | None
    flag: UUID | None


class GroupShape(Shape):
    """How many calls, in tens; null where there are too few to tell."""

    purpose: UUID
    purpose_key: str
    group: Group
    calls: int | None


class ParityShape(Items[RowShape]):
    """`counted_at`: when the calls of this time were counted; null where they never were. `looked_at`: the last look.
    `tested`: how many measures of purposes the correction is for."""

    since: datetime
    until: datetime
    counted_at: datetime | None
    looked_at: datetime | None
    tested: int
    groups: list[GroupShape]
    flags: list[FlagShape]


class AnswerForm(Form):
    """`mended`: the cause is gone from now on. `another_cause`: the gap has another cause than the answer. Calls decide."""

    explanation: Explanation


class LookShape(Shape):
    """The worker looks as soon as it can; `statement` says in the ledger who wanted it."""

    statement: UUID


@router.get("")
def get_parity(
    door: Annotated[Door, Depends(door_for(Deed.SEE_PARITY))],
    purpose: Purpose = None,
    since: Since = None,
    by_notice: ByNotice = False,
) -> ParityShape:
    """Differences over whole weeks up to a midnight (UTC), as they were counted last; what the looks have shown, and all flags.
    Reading changes nothing."""

    def deed(tx: Transaction) -> ParityShape:
        found, keys = _parity(tx, door, purpose, since, by_notice), keys_of(tx)
        return document(found, keys, actions.flags(tx))

    return door.run(deed)


@router.get("/plot", response_class=Response, responses={200: {"content": {"image/svg+xml": {}}}})
def get_plot(door: Annotated[Door, Depends(door_for(Deed.SEE_PARITY))], purpose: Purpose = None, since: Since = None) -> Response:
    """The same as a picture (SVG), which needs nothing else and follows a light or dark screen."""

    def deed(tx: Transaction) -> str:
        return forest(_parity(tx, door, purpose, since, False), keys_of(tx), bar_of(door.house.settings))

    return picture(door.run(deed))


@router.get("/page", response_class=HTMLResponse)
def get_page(
    door: Annotated[Door, Depends(door_for(Deed.SEE_PARITY))],
    purpose: Purpose = None,
    since: Since = None,
    by_notice: ByNotice = False,
) -> HTMLResponse:
    """The picture with its table beside, as one page."""

    def deed(tx: Transaction) -> str:
        return page(_parity(tx, door, purpose, since, by_notice), keys_of(tx), bar_of(door.house.settings))

    return html(door.run(deed))


@router.post("/looks", status_code=202)
def ask_look(door: Annotated[Door, Depends(door_for(Deed.LOOK_AT_PARITY))]) -> LookShape:
    """Look now, not at the next turn. As often as you like: false alarms do not grow with it. Calls of the last day wait."""
    return door.run(lambda tx: LookShape(statement=actions.ask_look(tx, door.house.clock, by=door.actor)))


@router.post("/flags/{flag}/answers", status_code=201)
def answer_flag(door: Annotated[Door, Depends(door_for(Deed.ANSWER_FLAG))], flag: UUID, form: AnswerForm) -> FlagShape:
    """What a person answers: the DPO first, a supervisor after a trial that was in vain. People are asked again, on trial; a
    later look lifts the flag, once calls show the gap gone. 409 once it is lifted."""

    def deed(tx: Transaction) -> FlagShape:
        answered = actions.answer(tx, door.house.clock, FlagId(flag), form.explanation, by=door.actor)
        return _flag(answered, keys_of(tx))

    return door.run(deed)


def document(found: Parity, keys: Keys, flags: Sequence[Flag]) -> ParityShape:
    """The whole answer; the command prints the same."""
    return ParityShape(
        items=[_row(row, keys) for row in found.rows],
        since=found.since,
        until=found.until,
        counted_at=found.counted_at,
        looked_at=found.looked_at,
        tested=found.tested,
        groups=[
            GroupShape(purpose=size.purpose, purpose_key=keys[size.purpose], group=size.group, calls=size.calls)
            for size in found.sizes
        ],
        flags=[_flag(flag, keys) for flag in flags],
    )


def _parity(tx: Transaction, door: Door, purpose: str | None, since: int | None, by_notice: bool) -> Parity:
    settings, now = door.house.settings, door.house.clock.now()
    only = None if purpose is None else purpose_of(tx, purpose)
    back = timedelta(days=since or settings.parity_days)
    return parity(tx, bar_of(settings), now=now, back=back, only=only, by_notice=by_notice)


def _row(row: Row, keys: Keys) -> RowShape:
    return RowShape(
        purpose=row.purpose,
        purpose_key=keys[row.purpose],
        notice=row.notice,
        measure=row.measure,
        finding=row.finding,
        comparison=None if row.comparison is None else _comparison(row.comparison),
        account=None if row.account is None else _account(row.account),
        flag=None if row.flag is None else row.flag.id,
    )


def _comparison(found: Comparison) -> ComparisonShape:
    return ComparisonShape(
        noes=rules.in_tens(found.noes),
        yeses=rules.in_tens(found.yeses),
        strata=found.strata,
        effect=_estimate(found.effect),
        in_units=None if found.in_units is None else _estimate(found.in_units),
        from_wire=round(found.from_wire, 2),
    )


def _account(account: Account) -> AccountShape:
    return AccountShape(
        began_at=account.began_at,
        until=account.until,
        looks=account.looks,
        noes=rules.in_tens(account.noes),
        yeses=rules.in_tens(account.yeses),
        strata=account.strata,
        effect=_estimate(rules.estimate_of(account)),
        chance=rules.chance_of(account),
    )


def _flag(flag: Flag, keys: Keys) -> FlagShape:
    return FlagShape(
        id=flag.id,
        purpose=flag.purpose,
        purpose_key=keys[flag.purpose],
        measure=flag.measure,
        strata=flag.strata,
        effect=_estimate(flag.effect),
        noes=rules.in_tens(flag.noes),
        yeses=rules.in_tens(flag.yeses),
        flagged_at=flag.flagged_at,
        concern=flag.concern,
        answer=flag.answer,
        answered_by=ActorShape.of(flag.answered_by),
        answered_at=flag.answered_at,
        lapsed_at=flag.lapsed_at,
        lifted_at=flag.lifted_at,
        statement=flag.statement,
    )


def _estimate(found: Estimate) -> EstimateShape:
    return EstimateShape(value=round(found.value, 4), low=round(found.low, 4), high=round(found.high, 4))
