"""Makes the quarter: day by day, call by call, and what else the story has."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from rightcall.demo.quarter import fairness, listening, looking, neighbours, ruling, voices, wishes
from rightcall.demo.quarter.agenda import Agenda
from rightcall.demo.quarter.calendar import Calendar
from rightcall.demo.quarter.calls import hold_call, take_back
from rightcall.demo.quarter.company import Company, opened
from rightcall.demo.quarter.nights import Night
from rightcall.demo.quarter.plan import Plan, Planned, Size, plan
from rightcall.settings import Settings

SEED = 20260826
_MORNING, _NIGHT = time(7, 0), time(3, 0)
_NEWEST = timedelta(days=7)
_MOST_KNOWN = 60
Tell = Callable[[str, int], None]


class Known(NamedTuple):
    """A customer's number, and what there is to see on their page."""

    tel: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """How much there is of it in the end. `kept`: streams of callers; `due`: requests that wait for an answer;
    `customers`: whose own page is worth a look."""

    calls: int
    beside: int
    people: int
    yes: int
    no: int
    kept: int
    requests: int
    due: int
    concerns: int
    weaknesses: int
    breaches: int
    left_out: int
    customers: tuple[Known, ...]

    def told(self) -> list[tuple[str, int]]:
        return [
            ("calls", self.calls),
            ("calls at a second company", self.beside),
            ("people who called", self.people),
            ("times yes", self.yes),
            ("times no", self.no),
            ("streams of callers that were kept", self.kept),
            ("requests of theirs", self.requests),
            ("of these, waiting now", self.due),
            ("concerns", self.concerns),
            ("weaknesses found in other systems", self.weaknesses),
            ("leaks", self.breaches),
            ("things that were refused and left out", self.left_out),
        ]


def make(
    settings: Settings,
    elsewhere: Path,
    register: Path,
    sounds: list[list[bytes]],
    *,
    until: datetime,
    tell: Tell,
    size: Size,
    seed: int = SEED,
) -> Made:
    """Into a deployment that is fresh; the company's other systems are written to `elsewhere`. It ends before `until`, which is
    now."""
    planned = plan(seed, size, until)

    def said(at: datetime) -> None:
        tell(f"{at:%-d %B}", (at.date() - planned.first).days)

    calendar = Calendar(datetime.combine(planned.first, _MORNING, UTC))
    with opened(settings, register, calendar, elsewhere, newest=until - _NEWEST) as companies:
        company, beside = companies
        night, agenda = Night(companies), Agenda(last=planned.last)
        _enter_nights(agenda, planned, night, every=size.nights_every)
        for whose, calls in ((company, planned.calls), (beside, planned.beside)):
            for each in calls:
                agenda.enter(each.at, partial(_call, whose, agenda, each, sounds))
        neighbours.enter(agenda, beside, size.days)
        fairness.enter(agenda, company, size.days)
        listening.enter(agenda, company, size.days)
        wishes.enter(agenda, company, night)
        voices.enter(agenda, company)
        ruling.enter(agenda, company)
        dice = random.Random(seed)  # noqa: S311 - what is made up is to be the same again
        looking.enter(agenda, company, night, planned.people, elsewhere, dice)
        agenda.work_off(company.calendar, until, said)
        company.calendar.go_to(max(company.calendar.now(), until))
        night.pass_over()
        night.count_up()
        return _counted(company, beside, agenda.left_out)


def _enter_nights(agenda: Agenda, planned: Plan, night: Night, *, every: int) -> None:
    for number in range(1, (planned.last - planned.first).days + 1, every):
        agenda.enter(datetime.combine(planned.first + timedelta(days=number), _NIGHT, UTC), night.pass_over)


def _call(company: Company, agenda: Agenda, planned: Planned, sounds: list[list[bytes]]) -> None:
    made = hold_call(company, planned, sounds)
    company.book.append(made)
    if planned.takes_back_after is not None and made.granted:
        agenda.enter(company.calendar.now() + timedelta(days=planned.takes_back_after), partial(take_back, company, made))


def _counted(company: Company, beside: Company, left_out: int) -> Made:
    dpo = company.dpo
    answers = [*company.said, *beside.said]
    return Made(
        calls=len(company.book),
        beside=len(beside.book),
        people=len({made.tel for made in company.book}),
        yes=sum(answers),
        no=len(answers) - sum(answers),
        kept=sum(len(made.takes) for made in company.book),
        requests=len(dpo.get("/requests", limit="500")["items"]),
        due=len(dpo.get("/requests/waiting", limit="500")["items"]),
        concerns=len(dpo.get("/concerns", limit="200")["items"]),
        weaknesses=len(dpo.get("/safety")["items"]),
        breaches=len(dpo.get("/breaches")["items"]),
        left_out=left_out,
        customers=_worth_a_look(company, beside),
    )


def _worth_a_look(company: Company, beside: Company) -> tuple[Known, ...]:
    """Whoever called most, and the same of those who are customers of both companies. Of those whose number is one person's:
    no code is sent where several are known by it, nor to whoever was erased."""
    calls, both = Counter(made.tel for made in company.book), {made.tel for made in beside.book}
    found = [tel for tel, _ in calls.most_common(_MOST_KNOWN) if _is_one_persons(company, tel)]
    alone, shared = [tel for tel in found if tel not in both], [tel for tel in found if tel in both]
    return (
        *(Known(tel, f"{calls[tel]} calls in the quarter, with their yes and no") for tel in alone[:1]),
        *(Known(tel, f"{calls[tel]} calls here, and a customer of the second company too") for tel in shared[:1]),
    )


def _is_one_persons(company: Company, tel: str) -> bool:
    found = company.dpo.get("/subjects", tel=tel)["items"]
    return len(found) == 1 and found[0]["erasure"] is None
