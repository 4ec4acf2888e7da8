"""What the worker of the quarter does while everybody sleeps: the ledger is signed, what follows from it is done, terms end.

The same as `worker` does by day and night, by the same functions; its procedures are run here at once and to their end, since
nothing is to be remembered of them if this is cut off: the demo then begins anew.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from rightcall.canonical import Json
from rightcall.demo.quarter.calendar import Calendar
from rightcall.demo.quarter.company import Company
from rightcall.procedures.model import Reached
from rightcall.procedures.ports import Procedure
from rightcall.reactions import follow
from rightcall.wiring import House
from rightcall.worker import keeping, weighing
from rightcall.worker.procedures import procedures_of

T = TypeVar("T", bound=Json)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unremembered:
    """Implements `procedures.ports.Steps`. Who waits here lets the calendar go on."""

    calendar: Calendar

    def run(self, name: str, deed: Callable[[], T]) -> T:  # noqa: ARG002 - the port's shape
        return deed()

    def sleep(self, seconds: float) -> None:
        self.calendar.pass_by(seconds)

    def reached(self, figures: Callable[[], Reached]) -> None:
        """Nobody looks."""


@dataclass(slots=True)
class Night:
    """Implements `procedures.ports.Starter`."""

    companies: Sequence[Company]
    procedures: Mapping[str, Procedure] = field(init=False)
    _begun: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.procedures = procedures_of(self._house)

    @property
    def _house(self) -> House:
        return self.companies[0].house

    def start(self, name: str, id: str, *arguments: str) -> None:
        """Once for each id, as the engine does it."""
        if id not in self._begun:
            self._begun.add(id)
            self.procedures[name](Unremembered(calendar=self.companies[0].calendar), *arguments)

    def settle_down(self) -> None:
        """Until nothing follows from anything any more."""
        house = self._house
        sequencer = house.sequencer()
        while sequencer.run_once():
            while follow(house.database, self.start):
                pass

    def pass_over(self) -> None:
        """One night. What lapsed is signed anew in the morning, before the first call."""
        house = self._house
        self.settle_down()
        keeping.keep_terms(house)
        keeping.keep_holds(house)
        keeping.keep_epochs(house)
        keeping.keep_reviews(house)
        keeping.keep_concerns(house)
        keeping.keep_packages(house, self)
        keeping.keep_parity(house, self)
        keeping.keep_minimisation(house, self)
        keeping.go_elsewhere(house, self)
        weighing.keep(house, self)
        self.settle_down()
        for company in self.companies:
            company.review_all()

    def count_up(self) -> None:
        """What is counted beforehand for whoever looks: once, when all of it is there."""
        keeping.count_parity(self._house, self)
