"""What is told of procedures, of what needs a person, and of schedules: ids, instants, numbers and closed words."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rightcall.ids import ControllerId


class State(StrEnum):
    RUNNING = "running"
    WAITING = "waiting"
    FAILED = "failed"
    DONE = "done"
    CANCELLED = "cancelled"


OPEN = (State.RUNNING, State.WAITING, State.FAILED)


class Wish(StrEnum):
    RETRY = "retry"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """`about`: the id or the day that it was begun for; empty where it is for all of the controller."""

    controller: ControllerId
    id: str
    name: str
    about: str


@dataclass(frozen=True, slots=True)
class Reached:
    """How far one is: so many of so many, of what it works through."""

    done: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How one stands. `done` of `of` it has worked through, where it tells. `trouble`: the class of the error that it waits for
    the end of, or failed with, at `step`. `next_at`: when it goes on by itself. `attempts`: how often a worker began it or took
    it over."""

    controller: ControllerId
    id: str
    name: str
    about: str
    state: State
    worker: str
    attempts: int
    begun_at: datetime
    changed_at: datetime
    step: str | None
    trouble: str | None
    next_at: datetime | None
    wish: Wish | None
    done: int | None = None
    of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How many procedures are in a state, and since when the oldest of them is under way."""

    number: int
    oldest_at: datetime


class Reason(StrEnum):
    """Why somebody has to look, the most pressing first."""

    BREACH_LATE = "breach_late"
    BREACH_UNTOLD = "breach_untold"
    PROCEDURE_FAILED = "procedure_failed"
    PROCEDURE_WAITING = "procedure_waiting"
    ERASURE_ELSEWHERE = "erasure_elsewhere"
    REQUEST_DUE = "request_due"
    TERM_OUTLIVED = "term_outlived"
    PROCESSOR_ORDER = "processor_order"
    PROCESSOR_WORD = "processor_word"
    PACKAGE_WAITS = "package_waits"
    HOLD_WAITS = "hold_waits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    reason: Reason
    number: int
    since: datetime


class Outcome(StrEnum):
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The last run of a schedule. `did`: how much it had to do; `did_at`: when it last had anything to do."""

    ran_at: datetime
    seconds: float
    outcome: Outcome
    trouble: str | None
    did: int
    did_at: datetime | None

    @property
    def found_none(self) -> bool:
        return self.outcome is Outcome.DONE and self.did == 0
