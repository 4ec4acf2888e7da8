"""Every verdict is stored as it was given, and stands in the ledger with who asked."""

import dataclasses

import psycopg
import pytest

from rightcall.canonical import sha256
from rightcall.clock import Clock
from rightcall.database.connection import Database, Transaction
from rightcall.errors import NotFound
from rightcall.ids import CallId, ControllerId, StreamId, VerdictId, new_id
from rightcall.ledger.codec import read_leaf
from rightcall.policy import actions
from rightcall.policy.model import Outcome, PauseReason, Question, Said
from rightcall.policy.statements import VerdictGiven
from tests.policy.facts import SUPERVISOR, agent, capture, customer

RULES = actions.load_rules()


def leaf(tx: Transaction, statement: object) -> dict[str, object]:
    row = tx.connection.execute("SELECT leaf FROM statements WHERE statement = %s", (statement,)).fetchone()
    assert row is not None
    return dict(read_leaf(row["leaf"]))


@pytest.mark.parametrize(
    "question",
    [
        capture(),
        capture(speaker=agent()),
        capture(speaker=customer(Said.REFUSED)),
        capture(pauses=frozenset({PauseReason.VULNERABLE})),
        capture(pauses=None),
    ],
    ids=["proceed", "duties", "unlawful", "not_right", "cannot_tell"],
)
def test_a_verdict_is_stored_as_given(tx: Transaction, clock: Clock, question: Question) -> None:
    question = dataclasses.replace(question, call=CallId(new_id()), stream=StreamId(new_id()))
    identity, verdict = actions.ask(tx, rules=RULES, clock=clock, question=question, by=SUPERVISOR)
    stored = actions.get(tx, identity)
    assert stored.verdict == verdict
    assert (stored.by, stored.act, stored.call, stored.stream) == (SUPERVISOR, question.act, question.call, question.stream)
    assert question.purpose is not None
    assert stored.purpose == question.purpose.id
    assert actions.of_call(tx, stored.call or CallId(new_id())) == [stored]


def test_the_statement_binds_facts_rules_and_asker(tx: Transaction, clock: Clock) -> None:
    identity, verdict = actions.ask(tx, rules=RULES, clock=clock, question=capture(), by=SUPERVISOR)
    stored = actions.get(tx, identity)
    said = leaf(tx, stored.statement)
    assert said["kind"] == "policy.verdict"
    assert said["facts"] == sha256(stored.facts).hex()
    assert said["rule_set"] == verdict.rule_set.hex() == RULES.digest.hex()
    assert (said["actor"], said["role"], said["outcome"]) == (str(SUPERVISOR.id), "supervisor", "proceed")


def test_several_are_answered_in_their_order(tx: Transaction, clock: Clock) -> None:
    call = CallId(new_id())
    questions = [capture(call=call), capture(call=call, speaker=customer(Said.UNASKED)), capture(call=call, speaker=agent())]
    given = actions.ask_all(tx, rules=RULES, clock=clock, questions=questions, by=SUPERVISOR)
    assert [verdict.outcome for _, verdict in given] == [
        Outcome.PROCEED,
        Outcome.UNLAWFUL,
        Outcome.PROCEED_WITH_DUTIES,
    ]
    assert {stored.id for stored in actions.of_call(tx, call)} == {identity for identity, _ in given}
    assert [actions.get(tx, identity).verdict for identity, _ in given] == [verdict for _, verdict in given]
    assert actions.ask_all(tx, rules=RULES, clock=clock, questions=[], by=SUPERVISOR) == []


def test_what_was_never_asked_is_not_found(tx: Transaction) -> None:
    with pytest.raises(NotFound):
        actions.get(tx, VerdictId(new_id()))


def test_a_statement_of_a_verdict_is_one_the_ledger_takes(clock: Clock, controller: ControllerId, tx: Transaction) -> None:
    identity, _ = actions.ask(tx, rules=RULES, clock=clock, question=capture(), by=SUPERVISOR)
    stored = actions.get(tx, identity)
    fields = {field.name for field in dataclasses.fields(VerdictGiven)}
    assert fields | {"kind", "id"} == set(leaf(tx, stored.statement))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("outcome", "not_right"),
        ("lawful", False),
        ("is_right", None),
        ("duties", '[{"kind": "announce"}]'),
        ("missing", ["pauses"]),
        ("reasons", "[]"),
        ("rule_set", b"short"),
    ],
)
def test_the_database_refuses_a_verdict_that_contradicts_itself(
    database_url: str, database: Database, controller: ControllerId, clock: Clock, column: str, value: object
) -> None:
    with database.transaction(controller) as tx:
        identity, _ = actions.ask(tx, rules=RULES, clock=clock, question=capture(), by=SUPERVISOR)
    change = psycopg.sql.SQL("UPDATE verdicts SET {} = %s WHERE verdict = %s").format(psycopg.sql.Identifier(column))
    with pytest.raises(psycopg.errors.CheckViolation), psycopg.connect(database_url) as connection:
        connection.execute(change, (value, identity))


@pytest.mark.parametrize("change", ["UPDATE verdicts SET outcome = 'proceed'", "DELETE FROM verdicts"])
def test_a_verdict_is_never_changed_or_removed(tx: Transaction, clock: Clock, change: str) -> None:
    actions.ask(tx, rules=RULES, clock=clock, question=capture(), by=SUPERVISOR)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        tx.connection.execute(change)
