"""May this be kept though it would go? The law first, then what is right: by a verdict, like any other act."""

from collections.abc import Sequence
from dataclasses import dataclass

from rightcall.actors import Actor
from rightcall.clock import Clock
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.holdings.holds.model import HoldReason, Slice
from rightcall.ids import VerdictId
from rightcall.policy import actions as policy
from rightcall.policy.model import Act, Question, RuleSet, Verdict
from rightcall.policy.situations import KeepingFacts
from rightcall.purposes import actions as purposes


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What came of it. A no is stored too."""

    id: VerdictId
    verdict: Verdict


def weigh(
    tx: Transaction,
    rules: RuleSet,
    clock: Clock,
    *,
    reason: HoldReason,
    law_named: bool,
    duty: str,
    against_wish: bool,
    by: Actor,
) -> Asked:
    """By the law of the controller's places."""
    question = Question(
        act=Act.KEEP,
        at=clock.now(),
        jurisdictions=frozenset(controllers.get(tx).jurisdictions),
        actor=by,
        keeping=KeepingFacts(reason=reason, law_named=law_named, duty=duty, against_wish=against_wish),
    )
    id, verdict = policy.ask(tx, rules=rules, clock=clock, question=question, by=by)
    return Asked(id=id, verdict=verdict)


def duty_of(tx: Transaction, slices: Sequence[Slice]) -> str:
    """The law that demands it, as the register has it, where all of it is kept for the same; else none."""
    duties = {purposes.get(tx, each).legal_duty or "" for each in {slice.purpose for slice in slices}}
    return duties.pop() if len(duties) == 1 else ""
