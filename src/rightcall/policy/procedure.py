"""The procedure `replay_draft`: very many verdicts decided again with a draft, while whoever asked sees how far it is. Begun
again after a crash it decides them all again: what it showed before is kept beside it."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID

from rightcall.canonical import Json
from rightcall.clock import Clock, day_of
from rightcall.database.connection import Database
from rightcall.ids import ControllerId, DraftId
from rightcall.policy import adopting
from rightcall.policy.model import RuleSet
from rightcall.policy.replaying import replay_draft
from rightcall.procedures.model import Reached
from rightcall.procedures.ports import Steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaying:
    """`rules` are the deployment's."""

    database: Database
    clock: Clock
    rules: RuleSet

    def __call__(self, steps: Steps, *arguments: str) -> Json:
        """Of one controller and draft, since a day. The replay's id; None where nobody wants the draft any more."""
        controller, draft = ControllerId(UUID(arguments[0])), DraftId(UUID(arguments[1]))
        days = max(1, (day_of(self.clock.now()) - date.fromisoformat(arguments[2])).days)
        return steps.run("replay", partial(self._replay, steps, controller, draft, days))

    def _replay(self, steps: Steps, controller: ControllerId, draft: DraftId, days: int) -> str | None:
        def tell(part: float, verdicts: int) -> None:
            del verdicts
            steps.reached(lambda: Reached(round(part * days), days))

        with self.database.transaction(controller) as tx:
            if not adopting.get(tx, draft).is_open:
                return None
        _, kept = replay_draft(self.database, self.clock, controller, rules=self.rules, draft=draft, days=days, tell=tell)
        return str(kept.id)
