"""Concerns without a token: raising one anonymously, following one's own with its case code, and the rates that anyone may see.

A code comes in the body, never in an address: addresses are written down by proxies. There is no token to limit, and no address
of a caller is kept, so what is counted is how many concerns come for one controller in an hour, and how often a process is asked
to read, to raise, and for a code.
"""

import time
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field, StringConstraints

from rightcall.api.concern_shapes import (
    ConsentForm,
    OwnShape,
    RaisedShape,
    SayForm,
    TargetForm,
    own_shape,
    raised_shape,
    target_of,
)
from rightcall.api.door import house_of
from rightcall.api.forms import Form, Shape
from rightcall.api.named import keys_of
from rightcall.api.problems import Refusal
from rightcall.concerns import actions as concerns
from rightcall.concerns import keeping, raiser
from rightcall.concerns.keeping import days_of
from rightcall.concerns.model import Anonymous, Outcome, TargetKind
from rightcall.concerns.raiser import ByCode
from rightcall.concerns.rates import Band
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.house import House
from rightcall.ids import ConcernId, ControllerId
from rightcall.personal import Personal
from rightcall.turnstile import Turnstile, asker_of

T = TypeVar("T")
router = APIRouter(tags=["concerns"])
_A_SECOND = 20.0
_TOO_MANY = "Too many came without a token. Try again later; with a token there is no such limit."


class Way(StrEnum):
    """Each has a turnstile of its own: whoever reads public pages, or tries codes, keeps nobody from raising a concern, or
    from taking a package."""

    READING = "reading"
    RAISING = "raising"
    CODES = "codes"
    TAKING = "taking"


def turnstiles() -> dict[Way, Turnstile]:
    """One of each for each process."""
    return {way: Turnstile(_A_SECOND) for way in Way}


def admitted_by(way: Way) -> Callable[[Request], House]:
    """The dependency of every route under /public."""

    def admitted(request: Request) -> House:
        ways: dict[Way, Turnstile] = request.state.turnstiles
        asker = asker_of(None if request.client is None else request.client.host)
        if not ways[way].admits(asker, time.monotonic()):
            raise Refusal("too-many", "Too many at once", 429, _TOO_MANY)
        return house_of(request)

    return admitted


Reading = Annotated[House, Depends(admitted_by(Way.READING))]
Raising = Annotated[House, Depends(admitted_by(Way.RAISING))]
WithCode = Annotated[House, Depends(admitted_by(Way.CODES))]
Code = Annotated[str, StringConstraints(max_length=80)]


class RaiseAnonymouslyForm(Form):
    """`controller`: on whose behalf what it is about is done; its id is in the privacy notice."""

    controller: UUID
    about: TargetForm
    words: SayForm


class CodeForm(Form):
    code: Code = Field(description="The case code, as it was shown.")


class CodeAppealForm(CodeForm):
    words: SayForm


class CodeConsentForm(CodeForm, ConsentForm):
    """`shown`: whether it may be shown who you are."""


class BandShape(Shape):
    """A count between the two, both included; `says` in words."""

    at_least: int
    at_most: int
    says: str

    @classmethod
    def of(cls, band: Band) -> "BandShape":
        return cls(at_least=band.at_least, at_most=band.at_most, says=str(band))


class MonthShape(Shape):
    month: str
    raised: BandShape


class AboutShape(Shape):
    kind: TargetKind
    raised: BandShape


class FoundShape(Shape):
    outcome: Outcome
    concerns: BandShape


class RatesShape(Shape):
    """Of the concerns raised from `first` to `last`, twelve whole months, as they stood at the end of `last`. Counts are bands of
    five, and there are no totals, so that nobody is found by subtracting. `changed`: appeals that changed the outcome."""

    controller: UUID
    first: date
    last: date
    months: list[MonthShape]
    about: list[AboutShape]
    outcomes: list[FoundShape]
    median_days: int | None
    overdue: BandShape
    appeals: BandShape
    changed: BandShape


@router.get("/public/concerns")
def rates(house: Reading, controller: Annotated[UUID, Query(description="Whose.")]) -> RatesShape:
    """How many concerns were raised, about what, what came of them, and how fast. For anyone."""
    return house.database.run(ControllerId(controller), lambda tx: _rates_of(tx, house, ControllerId(controller)))


@router.post("/public/concerns", status_code=201)
def raise_anonymously(house: Raising, form: RaiseAnonymouslyForm) -> RaisedShape:
    """Say that something is wrong. Nothing about you is kept. `code` is shown once, and alone leads to the answer: keep it."""

    def deed(tx: Transaction) -> RaisedShape:
        controllers.by_id(tx, ControllerId(form.controller))
        if not keeping.admits(tx, house.clock, house.settings.concerns_per_hour):
            raise Refusal("too-many", "Too many at once", 429, _TOO_MANY)
        raised = concerns.raise_concern(
            tx,
            house.vault,
            house.clock,
            target=target_of(tx, house, form.about),
            words=Personal(form.words),
            by=Anonymous(),
            days=days_of(house.settings),
        )
        return raised_shape(raised, keys_of(tx), house)

    return house.database.run(ControllerId(form.controller), deed)


@router.post("/public/concerns/mine")
def by_code(house: WithCode, form: CodeForm) -> OwnShape:
    """Your concern and its answer, for its case code; also who was shown who you are."""
    return _of_code(house, form, lambda tx, concern, proof: own_shape(tx, house, concern, proof))


@router.post("/public/concerns/mine/accept")
def accept_by_code(house: WithCode, form: CodeForm) -> OwnShape:
    """You are content with the answer."""

    def deed(tx: Transaction, concern: ConcernId, proof: ByCode) -> OwnShape:
        raiser.accept(tx, house.vault, house.clock, concern, proof)
        return own_shape(tx, house, concern, proof)

    return _of_code(house, form, deed)


@router.post("/public/concerns/mine/appeal")
def appeal_by_code(house: WithCode, form: CodeAppealForm) -> OwnShape:
    """A second person is to decide, once."""

    def deed(tx: Transaction, concern: ConcernId, proof: ByCode) -> OwnShape:
        raiser.appeal(tx, house.vault, house.clock, concern, proof, why=Personal(form.words), days=days_of(house.settings))
        return own_shape(tx, house, concern, proof)

    return _of_code(house, form, deed)


@router.post("/public/concerns/mine/consent")
def consent_by_code(house: WithCode, form: CodeConsentForm) -> OwnShape:
    """May it be shown who you are? Withdrawn with `false`, at any time. 409 where it was raised anonymously."""

    def deed(tx: Transaction, concern: ConcernId, proof: ByCode) -> OwnShape:
        change = raiser.consent if form.shown else raiser.withdraw
        change(tx, house.vault, house.clock, concern, proof)
        return own_shape(tx, house, concern, proof)

    return _of_code(house, form, deed)


@router.post("/public/concerns/mine/forget")
def forget_by_code(house: WithCode, form: CodeForm) -> OwnShape:
    """Your words are to go before their term: on the day after it is closed, not today. Again is fine."""

    def deed(tx: Transaction, concern: ConcernId, proof: ByCode) -> OwnShape:
        raiser.forget(tx, house.clock, concern, proof)
        return own_shape(tx, house, concern, proof)

    return _of_code(house, form, deed)


def _of_code(house: House, form: CodeForm, deed: Callable[[Transaction, ConcernId, ByCode], T]) -> T:
    proof = ByCode(Personal(form.code))
    with house.database.system() as tx:
        controller, concern = raiser.find(tx, proof.code)
    return house.database.run(controller, lambda tx: deed(tx, concern, proof))


def _rates_of(tx: Transaction, house: House, controller: ControllerId) -> RatesShape:
    controllers.by_id(tx, controller)
    found = concerns.published(tx, house.clock)
    return RatesShape(
        controller=controller,
        first=found.first,
        last=found.last,
        months=[MonthShape(month=month, raised=BandShape.of(band)) for month, band in found.months.items()],
        about=[AboutShape(kind=kind, raised=BandShape.of(band)) for kind, band in found.targets.items()],
        outcomes=[FoundShape(outcome=outcome, concerns=BandShape.of(band)) for outcome, band in found.outcomes.items()],
        median_days=found.median_days,
        overdue=BandShape.of(found.overdue),
        appeals=BandShape.of(found.appeals),
        changed=BandShape.of(found.changed),
    )
