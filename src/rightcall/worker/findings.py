"""What the rooms above found out about a purpose is told to consent, which weighs every yes to it by that: a no that costs people
something (`ethics`), the steps that each answer takes as the review in force declares them (`reviews`)."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from rightcall.actors import SYSTEM
from rightcall.canonical import Json
from rightcall.consent.model import Steps
from rightcall.consent.quality import actions as quality
from rightcall.consent.quality.model import PurposeFinding
from rightcall.database.connection import Database, Transaction
from rightcall.ethics import actions as ethics
from rightcall.ids import ControllerId, PurposeId
from rightcall.procedures.ports import Steps as Rounds
from rightcall.recordings.tools import Tools
from rightcall.reviews import standing as reviews_standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """The procedure `tell_of_purpose`. What is known already is told to nobody again."""

    database: Database
    tools: Tools

    def __call__(self, steps: Rounds, *arguments: str) -> Json:
        controller, purpose = ControllerId(UUID(arguments[0])), PurposeId(UUID(arguments[1]))
        return steps.run("tell", partial(self.database.run, controller, partial(self._tell, purpose=purpose)))

    def _tell(self, tx: Transaction, *, purpose: PurposeId) -> bool:
        design = reviews_standing.reviewed(tx, self.tools.clock, self.tools.rules).get(purpose)
        found = PurposeFinding(
            detriment_found=purpose in ethics.flagged(tx),
            steps=None if design is None else Steps(yes=design.steps_to_accept, no=design.steps_to_decline),
        )
        return quality.tell(tx, self.tools.clock, purpose, found, by=SYSTEM)
