"""The journal of procedures in the database, each word in a transaction of its own."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from rightcall.database.connection import Database
from rightcall.errors import Outage
from rightcall.procedures import store
from rightcall.procedures.model import Reached, Started, State

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseJournal:
    """As `ports.Journal` says."""

    database: Database
    worker: str

    def begun(self, started: Started) -> None:
        try:
            with self.database.system() as tx:
                store.begun(tx, started, self.worker)
        except Outage as error:
            _log.warning("what became of a procedure is told later: %s", error)

    def stands(
        self, id: str, state: State, *, step: str | None = None, trouble: str | None = None, seconds: float | None = None
    ) -> None:
        try:
            with self.database.system() as tx:
                store.stands(tx, id, state, step=step, trouble=trouble, seconds=seconds)
        except Outage as error:
            _log.warning("what became of a procedure is told later: %s", error)

    def reached(self, id: str, figures: Callable[[], Reached]) -> None:
        try:
            told = figures()
            with self.database.system() as tx:
                store.reached(tx, id, told)
        except Outage as error:
            _log.warning("how far a procedure is, is told later: %s", error)
