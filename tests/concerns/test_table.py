"""The table forbids what the table of states does not have, whoever writes to it."""

from typing import LiteralString

import psycopg
import pytest

from rightcall.concerns import actions, answering, raiser
from rightcall.concerns.model import AboutCall, AboutRule, Anonymous, Days, Outcome, Raised, Staff, System
from rightcall.concerns.raiser import ByCode
from rightcall.database.connection import Transaction
from rightcall.personal import Personal
from rightcall.vault.actions import Vault
from tests.concerns.conftest import Staffed
from tests.conftest import FixedClock

WORDS = Personal("This is not right.")
OF_ONE_JUST_RAISED: list[LiteralString] = [
    "stage = 'closed'",
    "stage = 'owned'",
    "stage = 'weather'",
    "ending = 'accepted'",
    "owner = gen_random_uuid(), owner_role = 'dpo'",
    "stage = 'owned', owner = gen_random_uuid()",
    "outcome = 'upheld'",
    "answer_due_on = raised_on - 1",
    "appealed_on = raised_on",
    "decision = 'upheld'",
    "forgotten_on = raised_on",
    "raised_as = 'staff'",
    "raised_as = 'customer'",
    "sealed_raiser = '\\x00'::bytea",
    "raiser_tag = sha256('')",
    "consent_key = gen_random_uuid(), sealed_consent = '\\x00'::bytea",
    "consent_key = gen_random_uuid()",
    "purpose = gen_random_uuid()",
    "rule = 'house.other'",
    "target = 'rule'",
]
OF_ONE_ANSWERED: list[LiteralString] = [
    "answered_by = gen_random_uuid()",
    "sealed_answer = NULL",
    "stage = 'owned'",
    "stage = 'closed', ending = 'decided', closed_on = raised_on",
    "stage = 'appealed'",
]
OF_ONE_DECIDED: list[LiteralString] = [
    "decided_by = owner",
    "decided_role = answered_role",
    "ending = 'accepted'",
    "decision = NULL",
]


def refused(tx: Transaction, raised: Raised, change: LiteralString) -> bool:
    try:
        with tx.connection.transaction():
            tx.connection.execute(
                psycopg.sql.SQL("UPDATE concerns SET {} WHERE concern = %s").format(psycopg.sql.SQL(change)), (raised.concern.id,)
            )
    except (psycopg.errors.CheckViolation, psycopg.errors.ForeignKeyViolation):
        return True
    return False


@pytest.fixture
def raised(tx: Transaction, vault: Vault, clock: FixedClock) -> Raised:
    return actions.raise_concern(tx, vault, clock, target=AboutCall(None), words=WORDS, by=Anonymous(), days=Days())


@pytest.fixture
def answered(tx: Transaction, vault: Vault, clock: FixedClock, staff: Staffed, raised: Raised) -> Raised:
    answering.own(tx, vault, clock, raised.concern.id, staff.supervisor)
    answering.answer(tx, vault, clock, raised.concern.id, staff.supervisor, outcome=Outcome.UPHELD, words=WORDS)
    return raised


@pytest.fixture
def decided(tx: Transaction, vault: Vault, clock: FixedClock, staff: Staffed, answered: Raised) -> Raised:
    assert answered.code is not None
    raiser.appeal(tx, vault, clock, answered.concern.id, ByCode(answered.code), why=WORDS, days=Days())
    answering.decide(tx, vault, clock, answered.concern.id, staff.dpo, outcome=Outcome.PARTLY, words=WORDS)
    return answered


@pytest.mark.parametrize("change", OF_ONE_JUST_RAISED)
def test_of_one_just_raised(tx: Transaction, raised: Raised, change: LiteralString) -> None:
    assert refused(tx, raised, change)


@pytest.mark.parametrize("change", OF_ONE_ANSWERED)
def test_of_one_answered(tx: Transaction, answered: Raised, change: LiteralString) -> None:
    assert refused(tx, answered, change)


@pytest.mark.parametrize("change", OF_ONE_DECIDED)
def test_of_one_decided(tx: Transaction, decided: Raised, change: LiteralString) -> None:
    assert refused(tx, decided, change)


def test_what_is_possible_is_let_through(tx: Transaction, raised: Raised) -> None:
    assert not refused(tx, raised, "stage = 'owned', owner = gen_random_uuid(), owner_role = 'dpo'")


def test_who_raised_it_is_sealed_whole_or_not_kept(tx: Transaction, vault: Vault, clock: FixedClock, staff: Staffed) -> None:
    rule = AboutRule("house.no_emotion_scores")
    by_staff = actions.raise_concern(tx, vault, clock, target=rule, words=WORDS, by=Staff(bearer=staff.agent), days=Days())
    by_system = actions.raise_concern(tx, vault, clock, target=rule, words=WORDS, by=System(), days=Days())
    for change in ("raiser_key = NULL", "raiser_by_code = NULL", "raiser_by_token = NULL", "raised_as = 'anonymous'"):
        assert refused(tx, by_staff, change)
    assert refused(tx, by_system, "sealed_subject = '\\x00'::bytea")
    assert refused(tx, by_staff, "words_of_subject = true")


def test_a_step_of_the_raiser_names_nobody_and_has_no_instant(tx: Transaction, raised: Raised) -> None:
    for values in (
        "'accepted', now(), gen_random_uuid(), 'agent'",
        "'accepted', now(), NULL, NULL",
        "'owned', now(), NULL, NULL",
    ):
        with pytest.raises(psycopg.errors.CheckViolation), tx.connection.transaction():
            tx.connection.execute(
                psycopg.sql.SQL(
                    "INSERT INTO concern_steps (controller, concern, nth, step, at, actor, role, statement)"
                    " SELECT controller, concern, 2, {}, gen_random_uuid() FROM concerns WHERE concern = %s"
                ).format(psycopg.sql.SQL(values)),
                (raised.concern.id,),
            )
