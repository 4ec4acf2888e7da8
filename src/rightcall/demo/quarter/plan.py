"""What is going to happen, drawn from a seed before anything does: the same seed gives the same quarter. Pure."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum, auto

from rightcall.demo.quarter.cast import Caller, callers
from rightcall.ethics.outcomes.model import EndedBy, Resolved

TRAINING, COMPLAINTS, CARE, RESEARCH = "agent-training", "complaints", "customer-care", "service-research"
LEAKS = "leak-reports"
QUEUES = ("billing", "moving-home", "meter-readings", "faults")
AGENTS = 6
SOUNDS = {"en": (0, 1), "sv": (2,), "fr": (3,)}
"""Which of the sounds that can be heard are in which language."""
_NOT_AGAIN = timedelta(days=8)
_ASKED = {RESEARCH: (0.97, 0.5), TRAINING: (0.75, 0.63), COMPLAINTS: (0.6, 0.58)}
"""How often each is asked about, and how often the answer is a yes."""
_HOURS = (8, 8, 9, 9, 9, 10, 10, 10, 11, 11, 12, 13, 13, 14, 14, 15, 15, 16, 16, 17)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """`beside`: calls at the second company. `nights_every`: on each so many days the worker of the night comes."""

    days: int = 92
    calls: int = 520
    people: int = 420
    beside: int = 60
    nights_every: int = 1


class Turn(StrEnum):
    """What happens in a call beside its questions."""

    NOTHING = auto()
    CARD = auto()
    VULNERABLE = auto()
    CHANGED_MIND = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One call. `answers`: by purpose, whether it is a yes; who said no lately is not asked again. `takes_back_after`: days until
    they withdraw on their own page. `spoken`: which of the sounds is heard in it, None for a hum. `sent_on`: whether a no to
    research gets them sent on to somebody else, for as long as the house does that."""

    at: datetime
    caller: Caller
    agent: int
    answers: dict[str, bool]
    aloud: bool
    turn: Turn
    takes_back_after: int | None
    spoken: int | None
    waited: int
    handled: int
    transfers: int
    sent_on: bool
    resolved: Resolved
    ended_by: EndedBy
    queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The first day, the last, and every call in the order of time."""

    first: date
    last: date
    people: list[Caller]
    calls: list[Planned]
    beside: list[Planned]


def plan(seed: int, size: Size, until: datetime) -> Plan:
    """A quarter that ends at `until`."""
    dice = random.Random(seed)  # noqa: S311 - what is made up is to be the same again
    first = until.date() - timedelta(days=size.days)
    people = callers(dice, size.people)
    moments = sorted(_moment(dice, first, size.days) for _ in range(size.calls))
    often = [*people, *people[: len(people) // 3], *people[: len(people) // 8]]
    said_no: dict[str, datetime] = {}
    calls = [_call(dice, at, dice.choice(often), said_no, _ASKED) for at in moments if at < until]
    beside = _beside(dice, people, first, size, until)
    return Plan(first=first, last=until.date(), people=people, calls=calls, beside=beside)


def _beside(dice: random.Random, people: Sequence[Caller], first: date, size: Size, until: datetime) -> list[Planned]:
    """The second company's: in one language, and some of its customers are the first one's too."""
    english = [each for each in people if each.language == "en"][: max(1, size.beside // 2)]
    moments = sorted(_moment(dice, first, size.days) for _ in range(size.beside))
    said_no: dict[str, datetime] = {}
    return [_call(dice, at, dice.choice(english), said_no, {LEAKS: (1.0, 0.7)}) for at in moments if at < until]


def _moment(dice: random.Random, first: date, days: int) -> datetime:
    """In the hours of business; a Saturday is quiet, and nobody works on a Sunday."""
    while True:
        day = first + timedelta(days=dice.randrange(1, days + 1))
        if day.weekday() < 5 or (day.weekday() == 5 and dice.random() < 0.3):
            return datetime.combine(day, time(dice.choice(_HOURS), dice.randrange(60), dice.randrange(60)), UTC)


def _call(
    dice: random.Random,
    at: datetime,
    caller: Caller,
    said_no: dict[str, datetime],
    asked: Mapping[str, tuple[float, float]],
) -> Planned:
    answers = {}
    if at - said_no.get(caller.tel, at - _NOT_AGAIN) >= _NOT_AGAIN:
        answers = {purpose: dice.random() < yes for purpose, (often, yes) in asked.items() if dice.random() < often}
    if not all(answers.values()):
        said_no[caller.tel] = at
    chance, yes = dice.random(), any(answers.values())
    turn = Turn.CARD if chance < 0.07 else Turn.VULNERABLE if chance < 0.10 else Turn.NOTHING
    if yes and 0.10 <= chance < 0.14:
        turn = Turn.CHANGED_MIND
    late = yes and turn is Turn.NOTHING and dice.random() < 0.06
    return Planned(
        at=at,
        caller=caller,
        agent=dice.randrange(AGENTS),
        answers=answers,
        aloud=dice.random() < 0.2,
        turn=turn,
        takes_back_after=dice.randrange(1, 12) if late else None,
        spoken=dice.choice(SOUNDS[caller.language]) if yes and dice.random() < 0.12 else None,
        waited=int(dice.expovariate(1 / 70)),
        handled=int(min(1500, max(110, dice.gauss(320, 110)))),
        transfers=int(dice.random() < 0.09),
        sent_on=dice.random() < 0.92,
        resolved=Resolved.YES if dice.random() < 0.86 else Resolved.NO,
        ended_by=EndedBy.CALLER if dice.random() < 0.8 else EndedBy.US,
        queue=dice.choice(QUEUES),
    )
