"""May this purpose keep for longer, what it holds already too? By a verdict, like any other act."""

from rightcall.actors import Actor
from rightcall.clock import Clock
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.ids import VerdictId
from rightcall.policy import actions as policy
from rightcall.policy.model import Act, PurposeFacts, Question, RuleSet, Verdict
from rightcall.policy.situations import ExtendingFacts
from rightcall.purposes.model import Purpose


def weigh_longer(
    tx: Transaction, rules: RuleSet, clock: Clock, purpose: Purpose, *, term_days: int, law_named: bool, by: Actor
) -> tuple[VerdictId, Verdict]:
    """By the law of the controller's places. `by`: who answers for it. A no is stored too."""
    question = Question(
        act=Act.EXTEND,
        at=clock.now(),
        jurisdictions=frozenset(controllers.get(tx).jurisdictions),
        actor=by,
        purpose=PurposeFacts.of(purpose, clock.now()),
        extending=ExtendingFacts(term_days=term_days, law_named=law_named),
    )
    return policy.ask(tx, rules=rules, clock=clock, question=question, by=by)
