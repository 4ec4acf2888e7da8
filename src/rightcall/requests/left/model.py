"""Who is still to be told of an erasure: those who look after systems that are only read, and recipients."""

from dataclasses import dataclass
from datetime import date

from rightcall.ids import ErasureId


@dataclass(frozen=True, slots=True, kw_only=True)
class ToTell:
    """`erasure`: that of the request, for the whole person. `due_on`: the day by which whoever asked was promised it; None where
    nobody asked. `keepers`: systems whose keepers were not told; `recipients` who were not; of so many of these a person has to
    say whether they are asked by what records tell (`undecided`)."""

    erasure: ErasureId
    due_on: date | None
    keepers: int
    recipients: int
    undecided: int = 0

    @property
    def many(self) -> int:
        return self.keepers + self.recipients

    def is_late(self, today: date) -> bool:
        return self.due_on is not None and self.due_on < today
