"""Makes the quarter: day by day, call by call, and what else the story has."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path

from rightcall.demo.quarter import listening, looking, ruling, voices, wishes
from rightcall.demo.quarter.agenda import Agenda
from rightcall.demo.quarter.calendar import Calendar
from rightcall.demo.quarter.calls import hold_call, take_back
from rightcall.demo.quarter.company import Company, opened
from rightcall.demo.quarter.nights import Night
from rightcall.demo.quarter.plan import Plan, Planned, Size, plan
from rightcall.settings import Settings

SEED = 20260826
_MORNING, _NIGHT = time(7, 0), time(3, 0)
Tell = Callable[[str, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """How much there is of it in the end. `kept`: streams of callers; `due`: requests that wait for an answer."""

    calls: int
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

    def told(self) -> list[tuple[str, int]]:
        return [
            ("calls", self.calls),
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

    with opened(settings, register, Calendar(datetime.combine(planned.first, _MORNING, UTC))) as company:
        night, agenda = Night(company), Agenda(last=planned.last)
        _enter_nights(agenda, planned, night, every=size.nights_every)
        for each in planned.calls:
            agenda.enter(each.at, partial(_call, company, agenda, each, sounds))
        listening.enter(agenda, company, size.days)
        wishes.enter(agenda, company, night)
        voices.enter(agenda, company)
        ruling.enter(agenda, company)
        dice = random.Random(seed)  # noqa: S311 - what is made up is to be the same again
        looking.enter(agenda, company, night, planned.people, elsewhere, dice)
        agenda.work_off(company.calendar, until, said)
        company.calendar.go_to(max(company.calendar.now(), until))
        night.pass_over()
        return _counted(company, planned, agenda.left_out)


def _enter_nights(agenda: Agenda, planned: Plan, night: Night, *, every: int) -> None:
    for number in range(1, (planned.last - planned.first).days + 1, every):
        agenda.enter(datetime.combine(planned.first + timedelta(days=number), _NIGHT, UTC), night.pass_over)


def _call(company: Company, agenda: Agenda, planned: Planned, sounds: list[list[bytes]]) -> None:
    made = hold_call(company, planned, sounds)
    company.book.append(made)
    if planned.takes_back_after is not None and made.granted:
        agenda.enter(company.calendar.now() + timedelta(days=planned.takes_back_after), partial(take_back, company, made))


def _counted(company: Company, planned: Plan, left_out: int) -> Made:
    dpo = company.dpo
    answers = [is_yes for each in planned.calls for is_yes in each.answers.values()]
    return Made(
        calls=len(company.book),
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
    )
