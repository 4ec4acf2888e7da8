"""What people answered, and what verdicts stopped, one by one: what the first page and those of purposes count."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from markupsafe import Markup
from starlette.responses import Response

from rightcall.consent.model import Answer
from rightcall.consent.saying import CAME
from rightcall.console.acts import DOING
from rightcall.console.door import Inside, inside
from rightcall.console.tables import seen_last, walk_of
from rightcall.console.tables import shown as answered
from rightcall.database.connection import Transaction
from rightcall.design.plots import over_time
from rightcall.design.tables import Column, Table, View, spaced
from rightcall.design.tongues import Tongue
from rightcall.ids import PurposeId
from rightcall.policy.in_force import says
from rightcall.policy.model import Outcome
from rightcall.purposes import actions as purposes
from rightcall.questions import actions as questions
from rightcall.questions.model import STOPPING, Answered, Said, Stopped
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console")
SAID = {"yes": Answer.GRANTED, "no": Answer.REFUSED, "taken back": Answer.WITHDRAWN}
_AS_SAID = {answer: said for said, answer in SAID.items()}
Titles = Mapping[PurposeId, str]
_GIVEN: Mapping[str, Collection[Answer]] = {
    "when asked": (Answer.GRANTED, Answer.REFUSED),
    "taken back later": (Answer.WITHDRAWN,),
}
"""What a share of the answers is a share of, and what came after it."""


def _answers(titles: Titles) -> Table[Answered]:
    return Table(
        file="answers",
        order="-when",
        columns=(
            Column("when", "When", lambda each: each.at, is_period=True),
            Column("answer", "Answer", lambda each: _AS_SAID[each.answer], is_picked=True, is_sorted=False, options=tuple(SAID)),
            Column(
                "purpose",
                "Purpose",
                lambda each: titles[each.purpose],
                is_picked=True,
                is_sorted=False,
                options=_of(titles),
                is_own=True,
            ),
            Column("channel", "How it came", lambda each: each.channel, is_sorted=False),
            Column("given", "Given", _given, is_picked=True, is_sorted=False, is_shown=False, options=tuple(_GIVEN)),
            Column("quarantine", "In quarantine", _held_back, is_picked=True, is_sorted=False, is_shown=False, options=("now",)),
            Column("call", "Call", lambda each: str(each.call), is_sorted=False, is_shown=False),
        ),
    )


def _stops(titles: Titles) -> Table[Stopped]:
    return Table(
        file="what-was-stopped",
        order="-when",
        columns=(
            Column("when", "When", lambda each: each.at, is_period=True),
            Column(
                "outcome",
                "Why",
                lambda each: each.outcome,
                is_picked=True,
                is_sorted=False,
                options=STOPPING,
                words=spaced(STOPPING),
            ),
            Column("act", "What was asked", lambda each: each.act, is_sorted=False, words=DOING),
            Column("purpose", "For", lambda each: titles[each.purpose] if each.purpose else None, is_sorted=False),
            Column("by", "By", lambda each: each.by, is_sorted=False),
            Column("rules", "Rules that decided", lambda each: ", ".join(each.rules), is_sorted=False),
            Column("call", "Call", lambda each: str(each.call) if each.call else None, is_sorted=False, is_shown=False),
        ),
    )


@router.get("/answers")
def list_answers(request: Request, who: Annotated[Inside, Depends(inside(Deed.SEE_CALLS))]) -> Response:
    """Yes, no and taken back, the newest first. Who said it stands with the call."""
    titles = who.run(_titles)

    def fetch(asked: View, limit: int) -> list[Answered]:
        answer, purpose = asked.picked.get("answer"), asked.picked.get("purpose")
        known = next((id for id, title in titles.items() if title == purpose), None)
        given = _GIVEN.get(asked.picked["given"], ()) if "given" in asked.picked else tuple(Answer)
        only = [each for each in given if answer is None or each == SAID.get(answer)]
        if not only or (purpose is not None and known is None):
            return []
        return who.run(
            lambda tx: questions.answers(tx, walk_of(asked), only, known, limit, quarantined="quarantine" in asked.picked)
        )

    listed = _answers(titles).behind(fetch, lambda each: seen_last(each.at, each.id), request.query_params)
    return answered(request, "answers", who, listed=listed, titles=titles, came=CAME)


@router.get("/stops")
def list_stops(request: Request, who: Annotated[Inside, Depends(inside(Deed.SEE_USES))]) -> Response:
    """What was not done, since the law, or what is right, said no, or nobody could tell; the newest first."""
    house = who.house
    titles = who.run(_titles)
    rules = who.run(lambda tx: says(tx, house.clock, house.rules))

    def fetch(asked: View, limit: int) -> list[Stopped]:
        outcome = asked.picked.get("outcome")
        if outcome is not None and outcome not in STOPPING:
            return []
        only = None if outcome is None else Outcome(outcome)
        return who.run(lambda tx: questions.stops(tx, walk_of(asked), only, limit))

    listed = _stops(titles).behind(fetch, lambda each: seen_last(each.at, each.id), request.query_params)
    return answered(request, "stops", who, listed=listed, titles=titles, rules=rules)


def _given(each: Answered) -> str:
    return next(given for given, answers in _GIVEN.items() if each.answer in answers)


def _held_back(each: Answered) -> str | None:
    return "now" if each.quarantined else None


def yes_by_day(said: Said, tongue: Tongue, purpose: str | None) -> Markup:
    """Drawn, each day leading to its answers; of one purpose, by its title, or of all."""
    points = [(tongue.day(each.day), each.yes) for each in said.days]
    leads = [_on_a_day(each.day, purpose) if each.yes else "" for each in said.days]
    return over_time(tongue.words.gettext("Yes, day by day"), points, tongue, leads)


def _on_a_day(day: date, purpose: str | None) -> str:
    asked = {"answer": "yes", "since": day.isoformat(), "until": day.isoformat()} | ({"purpose": purpose} if purpose else {})
    return f"/console/answers?{urlencode(asked)}"


def _titles(tx: Transaction) -> Titles:
    return purposes.titles(tx)


def _of(titles: Titles) -> tuple[str, ...]:
    return tuple(sorted(set(titles.values())))
