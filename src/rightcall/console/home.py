"""The first page: the six questions, each with its figures now, each figure leading to what it counts."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from rightcall.breaches.model import Owed
from rightcall.clock import day_of
from rightcall.concerns import actions as concerns
from rightcall.console.answers import yes_by_day
from rightcall.console.door import Inside, inside
from rightcall.console.places import rooms_for
from rightcall.console.reviews import waiting
from rightcall.console.sheets import page, tongue_of
from rightcall.database.connection import Transaction
from rightcall.design.answers import html
from rightcall.design.plots import Bar, bars
from rightcall.design.tongues import Tongue
from rightcall.discovery.decisions import actions as decisions
from rightcall.discovery.joins import actions as joins
from rightcall.holdings.holds import actions as holds
from rightcall.ids import ReviewId
from rightcall.policy import adopting
from rightcall.questions import actions as questions
from rightcall.questions.model import DAYS, Answers
from rightcall.requests import staying
from rightcall.reviews import actions as reviews
from rightcall.staff import actions as tokens
from rightcall.staff.members import actions as members
from rightcall.staff.model import Deed

router = APIRouter()
_MOST = 8
"""Purposes that are named; the others stand in their room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """How much of each sort waits for whoever looks."""

    owed: Mapping[Owed, int]
    reviews: int
    rules: int
    resting: int
    proposals: int
    requests: int
    stuck: int
    tell: int
    tell_late: int
    undecided: int
    undecided_late: int
    pairs: int
    kept_out: int
    records: int
    concerns: int
    holds: int
    unowned: int
    access: int
    sent_back: Sequence[ReviewId]

    def __bool__(self) -> bool:
        return any(astuple(self))


@router.get("/console")
def home(request: Request, who: Annotated[Inside, Depends(inside(Deed.KEEP_ACCOUNT))]) -> HTMLResponse:
    house = who.house
    with house.database.system() as tx:
        drill = questions.last_drill(tx)

    def deed(tx: Transaction) -> tuple[Answers, Waits]:
        found = questions.answer(tx, house.vault, house.clock, house.rules, drill)
        return found, _waits(tx, who, found)

    (found, waits), tongue = who.run(deed), tongue_of(request)
    plots = {"yes": _yes(found, tongue), "ending": _ending(found, tongue)}
    places = {room.place for rooms in rooms_for(who).values() for room in rooms}

    def leads(place: str, **asked: object) -> str | None:
        """A figure leads to what it counts, where this role may go."""
        return f"{place}?{urlencode(asked)}" if place in places else None

    since = found.said_yes.days[0].day
    return html(
        page(request, "home", who, found=found, days=DAYS, since=since, plots=plots, leads=leads, waits=waits, most=_MOST)
    )


def _waits(tx: Transaction, who: Inside, found: Answers) -> Waits:
    to_sign = [each for each in waiting(tx, who) if each.yours] if who.may(Deed.SIGN_REVIEW) else []
    tell, today = staying.to_tell(tx) if who.may(Deed.ANSWER_REQUEST) else [], day_of(who.house.clock.now())
    return Waits(
        owed=found.safe.owed if who.may(Deed.ANSWER_BREACH) else {},
        reviews=len(to_sign),
        rules=len(adopting.waiting_for(tx, who.actor)),
        resting=found.why.resting if who.may(Deed.DRAFT_REVIEW) else 0,
        proposals=found.needed.proposals if who.may(Deed.ANSWER_PROPOSAL) else 0,
        requests=found.right.requests if who.may(Deed.ANSWER_REQUEST) else 0,
        stuck=len(staying.needing_a_person(tx)) if who.may(Deed.ANSWER_REQUEST) else 0,
        tell=len(tell),
        tell_late=sum(each.is_late(today) for each in tell),
        undecided=sum(each.undecided for each in tell),
        undecided_late=sum(each.undecided for each in tell if each.is_late(today)),
        pairs=found.held.pairs if who.may(Deed.JOIN_SUBJECT) else 0,
        kept_out=joins.count_kept_out(tx) if who.may(Deed.JOIN_SUBJECT) else 0,
        records=decisions.count_waiting(tx)[0] if who.may(Deed.DECIDE_LINK) else 0,
        concerns=found.right.concerns_late if who.may(Deed.OWN_CONCERN) else 0,
        holds=holds.waiting_for(tx, who.house.clock, who.actor) if who.may(Deed.AGREE_TO_HOLDS) else 0,
        unowned=concerns.unowned(tx, who.house.clock, who.actor) if who.may(Deed.OWN_CONCERN) else 0,
        access=_to_agree(tx) if who.may(Deed.AGREE_TO_ACCESS) else 0,
        sent_back=reviews.sent_back_to(tx, who.actor) if who.may(Deed.DRAFT_REVIEW) else (),
    )


def _to_agree(tx: Transaction) -> int:
    """People and programs that an administrator let in, and that open nothing yet."""
    people = sum(each.waits and each.is_active for each in members.members(tx))
    return people + sum(each.waits and each.revoked_at is None for each in tokens.tokens(tx))


def _yes(found: Answers, tongue: Tongue) -> Markup:
    return yes_by_day(found.said_yes, tongue, None)


def _ending(found: Answers, tongue: Tongue) -> Markup:
    """By week: what goes by itself in the days that are looked ahead, and nothing of what goes later."""
    weeks: dict[int, int] = {}
    for last_day, items in found.needed.ending:
        nth = (last_day - found.at.date()).days // 7
        weeks[nth] = weeks.get(nth, 0) + items
    gettext = tongue.words.gettext
    names = [
        gettext("this week"),
        gettext("next week"),
        gettext("in two weeks"),
        gettext("in three weeks"),
        gettext("after that"),
    ]
    rows = [Bar(name, weeks.get(nth, 0)) for nth, name in enumerate(names)]
    return bars(
        gettext("What goes by itself in the next %(days)s days, when its last day is over") % {"days": DAYS}, rows, tongue
    )
