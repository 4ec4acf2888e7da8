"""Asking before doing. Every verdict is stored with its facts and reasons, and stands in the ledger with who asked.

A no is an answer, not an error: it is for the caller to stop. The rules that a deed is given are the deployment's; those that its
controller has adopted, and the overrides in force, are read in the same transaction (in_force.py).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from rightcall.actors import Actor
from rightcall.canonical import canonical_json, parse_json, sha256
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.database.together import beside
from rightcall.errors import NotFound
from rightcall.ids import CallId, ControllerId, StatementId, VerdictId, new_id
from rightcall.ledger import actions as ledger
from rightcall.ledger.model import Digest
from rightcall.policy import store
from rightcall.policy.adoption.model import InForce
from rightcall.policy.adoption.store import kept as kept_by_controller
from rightcall.policy.in_force import consider, in_force, judge, vocabulary
from rightcall.policy.loading import check_rules, load_rules, read_scenarios
from rightcall.policy.model import Axis, Question, RuleSet, StoredVerdict, Verdict
from rightcall.policy.overrides.store import insert_uses
from rightcall.policy.reading import read_rules, rule_set
from rightcall.policy.replay import UNKNOWN, Kept
from rightcall.policy.rules import canonical_facts
from rightcall.policy.statements import VerdictGiven
from rightcall.policy.vocabulary import words

__all__ = [
    "ask",
    "ask_all",
    "check_rules",
    "consider",
    "get",
    "in_force",
    "judge",
    "keep_all",
    "keep_rules",
    "kept_rules",
    "load_rules",
    "of_call",
    "read_scenarios",
    "weigh_all",
]


def keep_rules(tx: Transaction, clock: Clock, rules: RuleSet) -> None:
    """Keeps the texts behind the digest that verdicts name, with the words of today. Kept before is kept."""
    store.keep_rule_set(
        tx,
        rule_set=rules.digest,
        vocabulary=vocabulary(),
        words=words(),
        rules=[{"axis": rule.axis.value, "file": rule.file, "source": rule.source} for rule in rules.rules],
        at=clock.now(),
    )


def kept_rules(tx: Transaction, digest: bytes) -> Kept:
    """The rules that this digest names, and the words that questions had under them: those of all times they were in force."""
    found = store.rule_sets(tx, digest) or ([] if tx.controller is None else kept_by_controller(tx, digest))
    if not found:
        return UNKNOWN
    words_then = frozenset.intersection(*(each for each, _ in found))
    for _, documents in found:
        rules = rule_set([rule for each in documents for rule in read_rules(each["file"], each["source"], Axis(each["axis"]))[0]])
        if rules.digest == digest:
            return Kept(rules=rules, words=words_then)
    return Kept(rules=None, words=words_then)


def ask(tx: Transaction, *, rules: RuleSet, clock: Clock, question: Question, by: Actor) -> tuple[VerdictId, Verdict]:
    """One question, answered, stored and in the ledger. `rules` are the deployment's."""
    return ask_all(tx, rules=rules, clock=clock, questions=[question], by=by)[0]


def ask_all(
    tx: Transaction,
    *,
    rules: RuleSet,
    clock: Clock,
    questions: Sequence[Question],
    by: Actor,
    standing: InForce | None = None,
) -> list[tuple[VerdictId, Verdict]]:
    """Several at once, in their order, for little more than the price of one: what settling a call needs. `standing`: what was
    read to be in force in this transaction already."""
    if not questions:
        return []
    given = weigh_all(in_force(tx, clock, rules) if standing is None else standing, questions, by)
    keep_all(tx, clock, given)
    return [(each.id, each.verdict) for each in given]


def weigh_all(standing: InForce, questions: Sequence[Question], by: Actor) -> list[StoredVerdict]:
    """As they will be stored: for whoever does that in the same transaction, together with what else they write (`keep_all`)."""
    statements = ledger.identities(len(questions))
    return [_given(standing, *each, by) for each in zip(questions, statements, strict=True)]


def keep_all(tx: Transaction, clock: Clock, given: Sequence[StoredVerdict]) -> None:
    said = [_said(tx.of, clock.now(), each) for each in given]
    with beside(tx) as write:
        write(lambda tx: ledger.append_all(tx, said, ids=[each.statement for each in given]))
        write(lambda tx: store.insert_verdicts(tx, given))
    uses = [(override, each.id) for each in given for override in each.verdict.overrides]
    if uses:
        insert_uses(tx, uses)


def get(tx: Transaction, verdict: VerdictId) -> StoredVerdict:
    stored = store.verdict(tx, verdict)
    if stored is None:
        raise NotFound("There is no such verdict. List a call's verdicts to find its id.")
    return _canonical(stored)


def of_call(tx: Transaction, call: CallId) -> list[StoredVerdict]:
    """All that was asked about a call, in order."""
    return [_canonical(stored) for stored in store.verdicts_of_call(tx, call)]


def among(tx: Transaction, verdicts: Sequence[VerdictId]) -> list[StoredVerdict]:
    """These, in the order they were given."""
    return store.verdicts_among(tx, verdicts)


def _given(standing: InForce, question: Question, statement: StatementId, by: Actor) -> StoredVerdict:
    return StoredVerdict(
        id=VerdictId(new_id()),
        asked_at=question.at,
        by=by,
        act=question.act,
        purpose=None if question.purpose is None else question.purpose.id,
        call=question.call,
        stream=question.stream,
        holding=question.holding,
        facts=canonical_facts(question),
        verdict=judge(standing, question),
        statement=statement,
    )


def _said(controller: ControllerId, at: datetime, given: StoredVerdict) -> VerdictGiven:
    verdict = given.verdict
    return VerdictGiven(
        at=at,
        controller=controller,
        verdict=given.id,
        act=given.act,
        outcome=verdict.outcome,
        lawful=verdict.lawful,
        right=verdict.right,
        purpose=given.purpose,
        call=given.call,
        stream=given.stream,
        holding=given.holding,
        facts=Digest(sha256(given.facts)),
        rule_set=Digest(verdict.rule_set),
        overrides=verdict.overrides,
        actor=given.by.id,
        role=given.by.role,
    )


def _canonical(stored: StoredVerdict) -> StoredVerdict:
    """jsonb keeps the facts and not their bytes; the canonical form brings these back, for the digest in the ledger."""
    return replace(stored, facts=canonical_json(parse_json(stored.facts)))
