"""Whom a weighing found affected, many in one row: a million people are two thousand rows, and a page of them is one or two."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rightcall.breaches.weighing import store
from rightcall.database.connection import Transaction
from rightcall.ids import StatementId, SubjectId


@dataclass(slots=True)
class Rows:
    """They are added in the order of their ids."""

    tx: Transaction
    weighing: StatementId
    _rest: list[SubjectId] = field(default_factory=list)

    def add(self, people: Sequence[SubjectId]) -> None:
        self._rest += people
        while len(self._rest) >= store.IN_A_ROW:
            self._write(store.IN_A_ROW)

    def end(self) -> None:
        if self._rest:
            self._write(len(self._rest))

    def _write(self, number: int) -> None:
        store.insert_people(self.tx, self.weighing, self._rest[:number])
        del self._rest[:number]
