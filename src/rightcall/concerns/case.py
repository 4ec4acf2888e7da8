"""A concern as its raiser reads it."""

from dataclasses import dataclass
from datetime import date

from rightcall.concerns import actions, raiser, rules
from rightcall.concerns.model import Concern, Days, Look, Words
from rightcall.concerns.raiser import Proof
from rightcall.concerns.states import Stage
from rightcall.database.connection import Transaction
from rightcall.ids import ConcernId
from rightcall.vault.actions import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`appeal_until`: None while there is no answer to appeal. `looks`: each time that somebody was shown who raised it."""

    concern: Concern
    words: Words
    due_on: date | None
    appeal_until: date | None
    looks: tuple[Look, ...]

    @property
    def is_answered(self) -> bool:
        return self.concern.state.stage is Stage.ANSWERED


def case_of(tx: Transaction, vault: Vault, concern: ConcernId, proof: Proof, *, days: Days) -> Case:
    """NotFound for everybody but the raiser."""
    words, found = raiser.words(tx, vault, concern, proof), actions.get(tx, concern)
    return Case(
        concern=found,
        words=words,
        due_on=rules.due_on(found),
        appeal_until=rules.appeal_until(found, days) if found.state.stage is Stage.ANSWERED else None,
        looks=tuple(raiser.looks(tx, vault, concern, proof)),
    )
