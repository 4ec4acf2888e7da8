"""The privacy notice for the public, without a token: generated from the register each time it is asked for, so that it says what
is enforced now."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from rightcall.api.forms import Language, Shape
from rightcall.api.pages import html
from rightcall.api.raisers import Reading
from rightcall.clock import Clock
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.ids import ControllerId
from rightcall.policy.model import RuleSet
from rightcall.purposes import actions as purposes
from rightcall.purposes.public import Line, PublicNotice, Register, written
from rightcall.purposes.public_page import page
from rightcall.reviews import actions as reviews
from rightcall.reviews.model import InForce

router = APIRouter(prefix="/public/notice", tags=["public"])
_OF = Query(description="Id of the controller whose register it is.")
_IN = Query(description="BCP 47. The register's own words are in the language they were written in.")
Of = Annotated[UUID, _OF]
In = Annotated[Language, _IN]


class SaidShape(Shape):
    """`label` is empty where the sentence stands by itself."""

    label: str
    says: str


class PartShape(Shape):
    """`purpose`: the key of the purpose that this part is about."""

    heading: str
    purpose: str | None
    lines: list[SaidShape]


class PublicNoticeShape(Shape):
    """`digest` is the SHA-256 of everything said but the moment: the same register says the same."""

    controller: UUID
    language: str
    title: str
    lead: list[str]
    parts: list[PartShape]
    at: datetime
    digest: str


@router.get("")
def public_notice(house: Reading, controller: Of, language: In = "en") -> PublicNoticeShape:
    """Who the controller is; each purpose with its reason, basis, data, users, term and what follows a no; and one's rights."""

    def deed(tx: Transaction) -> PublicNoticeShape:
        return _shape(notice_now(tx, house.clock, house.rules, language))

    return house.database.run(ControllerId(controller), deed)


@router.get("/page", response_class=HTMLResponse)
def public_notice_page(house: Reading, controller: Of, language: In = "en") -> HTMLResponse:
    """The same as one page that needs nothing else, to be linked to or saved."""

    def deed(tx: Transaction) -> str:
        return page(notice_now(tx, house.clock, house.rules, language))

    return html(house.database.run(ControllerId(controller), deed))


def notice_now(tx: Transaction, clock: Clock, rules: RuleSet, language: str) -> PublicNotice:
    """As the register stands now; with the sentence from the review of each purpose, where one is in force."""
    active = purposes.active(tx)
    standings = reviews.standings(tx, clock, rules, active)
    in_force = {purpose: each for purpose, each in standings.items() if isinstance(each, InForce)}
    register = Register(
        controller=controllers.get(tx),
        purposes=purposes.all_purposes(tx),
        notices=[notice for each in active for notice in purposes.current_notices(tx, each.id)],
        faces={purpose: reviews.history(tx, each.review).review.content.answers.said_aloud for purpose, each in in_force.items()},
        resting=frozenset(standings) - frozenset(in_force),
    )
    return written(register, language, clock.now())


def _shape(notice: PublicNotice) -> PublicNoticeShape:
    return PublicNoticeShape(
        controller=notice.controller.id,
        language=notice.frame.language,
        title=notice.say(notice.title),
        lead=[notice.say(each) for each in notice.lead],
        parts=[
            PartShape(
                heading=notice.say(part.heading),
                purpose=part.anchor or None,
                lines=[_said(notice, line) for line in part.lines],
            )
            for part in notice.parts
        ],
        at=notice.at,
        digest=notice.digest.hex(),
    )


def _said(notice: PublicNotice, line: Line) -> SaidShape:
    return SaidShape(label=notice.label(line), says=notice.say(line))
