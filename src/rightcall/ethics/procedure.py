"""The procedures `look_at_parity`, `count_parity` and `forget_outcomes`: steps that may be repeated, one purpose a step."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

from rightcall.canonical import Json
from rightcall.clock import Clock
from rightcall.concerns.model import Days
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Database
from rightcall.ethics import looking
from rightcall.ethics.counted import actions as counted
from rightcall.ethics.counted.model import CountId, Part
from rightcall.ethics.model import Bar, LookId
from rightcall.ethics.outcomes import actions as outcomes
from rightcall.ids import ControllerId, ErasureId, PurposeId, SubjectId
from rightcall.procedures.ports import Steps
from rightcall.vault.actions import Vault

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Looker:
    """What looking works with. `kept`: how long what was taken down of calls is compared, and kept. `days`: the clocks of the
    concern that a flag raises."""

    database: Database
    vault: Vault
    clock: Clock
    bar: Bar
    kept: timedelta
    days: Days

    def __call__(self, steps: Steps, *arguments: str) -> Json:
        """`look_at_parity`, of one controller."""
        controller = ControllerId(UUID(arguments[0]))
        look = steps.run("begin", partial(self._begin, controller))
        purposes = steps.run("find purposes", partial(self._purposes, controller, look))
        for purpose in purposes:
            steps.run("add", partial(self._add, controller, look, purpose))
        flagged = steps.run("weigh", partial(self._weigh, controller, look))
        steps.run("forget", partial(self._forget, controller))
        return flagged

    def look(self, controller: ControllerId, tell: Tell) -> looking.Looked:
        """The same at once and in this process, for the command."""
        look = self._begin(controller)
        purposes = self._purposes(controller, look)
        for done, purpose in enumerate(purposes, 1):
            self._add(controller, look, purpose)
            tell("Adding calls, purpose by purpose", done, len(purposes))
        return self._weighed(controller, look)

    def _begin(self, controller: ControllerId) -> str:
        with self.database.transaction(controller) as tx:
            return str(looking.begin(tx, self.clock, kept=self.kept))

    def _purposes(self, controller: ControllerId, look: str) -> list[str]:
        with self.database.transaction(controller) as tx:
            return [str(purpose) for purpose in looking.purposes_of(tx, LookId(UUID(look)), kept=self.kept)]

    def _add(self, controller: ControllerId, look: str, purpose: str) -> int:
        with self.database.transaction(controller) as tx:
            return looking.add(tx, LookId(UUID(look)), PurposeId(UUID(purpose)), self.bar, kept=self.kept)

    def _weigh(self, controller: ControllerId, look: str) -> int:
        return len(self._weighed(controller, look).flagged)

    def _weighed(self, controller: ControllerId, look: str) -> looking.Looked:
        with self.database.system() as tx:
            known = len(controllers.all_ids(tx))
        with self.database.transaction(controller) as tx:
            look_id = LookId(UUID(look))
            return looking.weigh(tx, self.vault, self.clock, look_id, self.bar, controllers=known, days=self.days)

    def _forget(self, controller: ControllerId) -> int:
        with self.database.transaction(controller) as tx:
            return outcomes.forget_before(tx, self.clock, self.clock.now() - self.kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recounter:
    """Counts what is shown of parity. `kept`: how long what was taken down of calls is compared."""

    database: Database
    clock: Clock
    bar: Bar
    kept: timedelta

    def __call__(self, steps: Steps, *arguments: str) -> Json:
        """`count_parity`, of one controller. False where another count was done meanwhile."""
        controller = ControllerId(UUID(arguments[0]))
        count = steps.run("begin", partial(self._begin, controller))
        for part in steps.run("find parts", partial(self._parts, controller, count)):
            steps.run("count", partial(self._add, controller, count, part))
        return steps.run("finish", partial(self._finish, controller, count))

    def count(self, controller: ControllerId, tell: Tell) -> None:
        """The same at once and in this process, for the command."""
        count = self._begin(controller)
        parts = self._parts(controller, count)
        for done, part in enumerate(parts, 1):
            self._add(controller, count, part)
            tell("Comparing, purpose by purpose", done, len(parts))
        self._finish(controller, count)

    def _begin(self, controller: ControllerId) -> str:
        with self.database.transaction(controller) as tx:
            return str(counted.begin(tx, self.clock, self.bar, kept=self.kept))

    def _parts(self, controller: ControllerId, count: str) -> list[str]:
        with self.database.transaction(controller) as tx:
            return [f"{part.weeks}:{part.purpose}" for part in counted.parts(tx, CountId(UUID(count)))]

    def _add(self, controller: ControllerId, count: str, part: str) -> int:
        weeks, purpose = part.split(":")
        with self.database.transaction(controller) as tx:
            which = Part(weeks=int(weeks), purpose=PurposeId(UUID(purpose)))
            return counted.add(tx, CountId(UUID(count)), which, self.bar)

    def _finish(self, controller: ControllerId, count: str) -> bool:
        with self.database.transaction(controller) as tx:
            return counted.finish(tx, self.clock, CountId(UUID(count)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgetter:
    """The procedure `forget_outcomes`, after a person's key was destroyed: how their calls went is no longer kept.

    `erased`: whose erasure this is, with all their joined subjects; the room that knows stands above.
    """

    database: Database
    clock: Clock
    erased: Callable[[ControllerId, ErasureId], Sequence[SubjectId]]

    def __call__(self, steps: Steps, *arguments: str) -> Json:
        controller, erasure = ControllerId(UUID(arguments[0])), ErasureId(UUID(arguments[1]))
        return steps.run("forget", partial(self._forget, controller, erasure))

    def _forget(self, controller: ControllerId, erasure: ErasureId) -> int:
        person = self.erased(controller, erasure)
        with self.database.transaction(controller) as tx:
            return sum(outcomes.forget_subject(tx, self.clock, each) for each in person)
