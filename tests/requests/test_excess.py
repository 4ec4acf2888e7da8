"""Denied as excessive by a count, never by a feeling; appealed once, decided by another person."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from rightcall.actors import Actor, Role
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict
from rightcall.ids import SubjectId, new_id
from rightcall.requests import actions, appeals
from rightcall.requests.actions import Came
from rightcall.requests.model import Asked, DenialGround, Missing, Request, RequestKind, Stage, Step
from rightcall.requests.proving import missing_of
from rightcall.requests.rules import is_excessive
from rightcall.subjects import restricting
from rightcall.vault.actions import Vault
from tests.conftest import FixedClock

DPO, OTHER = (Actor(id=new_id(), role=Role.DPO) for _ in range(2))
AGENT = Actor(id=new_id(), role=Role.AGENT)
EXCESSIVE = DenialGround.MANIFESTLY_UNFOUNDED
Ask = Callable[..., Request]


@pytest.fixture
def ask(tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId) -> Ask:
    def ask(kind: RequestKind = RequestKind.ACCESS, *, by: Actor = DPO, done: bool = False) -> Request:
        asked = actions.receive(tx, vault, clock, subject=ada, kind=kind, by=by, came=Came())
        if done:
            actions.fulfil(tx, clock, asked.id, by=DPO)
        return asked

    return ask


@pytest.mark.parametrize(("same", "year", "is_it"), [(0, 0, False), (2, 11, False), (3, 3, True), (0, 12, True), (5, 20, True)])
def test_the_rule(same: int, year: int, is_it: bool) -> None:
    assert is_excessive(Asked(same_lately=same, in_a_year=year)) is is_it


def test_a_first_request_is_never_excessive(tx: Transaction, clock: FixedClock, ask: Ask) -> None:
    asked = ask()
    with pytest.raises(Conflict, match=r"0 times in 90 days \(the rule: 3\)"):
        actions.deny(tx, clock, asked.id, ground=EXCESSIVE, by=DPO)
    assert actions.get(tx, asked.id).stage is Stage.OPEN


def test_the_fourth_in_ninety_days_may_be_denied_and_what_was_counted_is_said(
    tx: Transaction, clock: FixedClock, ask: Ask
) -> None:
    for _ in range(3):
        ask(done=True)
        clock.at += timedelta(days=10)
    fourth = ask()
    assert actions.asked_before(tx, clock, fourth) == Asked(same_lately=3, in_a_year=3)
    actions.deny(tx, clock, fourth.id, ground=EXCESSIVE, by=DPO)
    rows = tx.connection.execute("SELECT leaf FROM statements WHERE kind = 'requests.answered'").fetchall()
    assert sum('"same_lately":3' in bytes(row["leaf"]).decode() for row in rows) == 1


def test_what_is_old_or_another_kind_or_unproved_does_not_count(tx: Transaction, clock: FixedClock, ask: Ask) -> None:
    for _ in range(3):
        ask(done=True)
    clock.at += timedelta(days=91)
    for kind in (RequestKind.RECTIFICATION, RequestKind.PORTABILITY):
        ask(kind, done=True)
    for _ in range(12):
        ask(by=AGENT)
    asked = ask()
    assert actions.asked_before(tx, clock, asked) == Asked(same_lately=0, in_a_year=5)
    with pytest.raises(Conflict, match="neither unfounded nor excessive"):
        actions.deny(tx, clock, asked.id, ground=EXCESSIVE, by=DPO)


def test_a_denial_is_appealed_once_and_another_person_decides(tx: Transaction, clock: FixedClock, ask: Ask) -> None:
    asked = ask()
    with pytest.raises(Conflict, match="nothing to appeal"):
        appeals.appeal(tx, clock, asked.id, by=AGENT)
    actions.deny(tx, clock, asked.id, ground=DenialGround.LEGAL_CLAIMS, by=DPO)
    with pytest.raises(Conflict, match="No appeal"):
        appeals.decide(tx, clock, asked.id, stands=True, by=OTHER)
    appeals.appeal(tx, clock, asked.id, by=AGENT)
    with pytest.raises(Conflict, match="does not decide the appeal"):
        appeals.decide(tx, clock, asked.id, stands=True, by=DPO)
    appeals.decide(tx, clock, asked.id, stands=True, by=OTHER)
    assert actions.get(tx, asked.id).ground is DenialGround.LEGAL_CLAIMS
    with pytest.raises(Conflict, match="done once"):
        appeals.appeal(tx, clock, asked.id, by=AGENT)
    with pytest.raises(Conflict, match="No appeal"):
        appeals.decide(tx, clock, asked.id, stands=False, by=OTHER)


def test_what_does_not_stand_is_open_again_with_its_day(tx: Transaction, clock: FixedClock, ada: SubjectId, ask: Ask) -> None:
    asked = ask(RequestKind.OBJECTION)
    actions.deny(tx, clock, asked.id, ground=DenialGround.COMPELLING_GROUNDS, by=DPO)
    assert not restricting.limits_of(tx, ada).objected
    appeals.appeal(tx, clock, asked.id, by=AGENT)
    appeals.decide(tx, clock, asked.id, stands=False, by=OTHER)
    again = actions.get(tx, asked.id)
    assert (again.stage, again.outcome, again.ground, again.due_on) == (Stage.OPEN, None, None, asked.due_on)
    assert restricting.limits_of(tx, ada).objected
    assert Step.REOPENED in [each.step for each in actions.progress(tx, asked.id)]
    actions.fulfil(tx, clock, asked.id, by=OTHER)


def test_an_erasure_and_a_restriction_contradict_each_other_and_nobody_guesses(
    tx: Transaction, clock: FixedClock, ask: Ask
) -> None:
    restriction, erasure = ask(RequestKind.RESTRICTION), ask(RequestKind.ERASURE)
    assert missing_of(tx, clock, actions.get(tx, erasure.id)) == (Missing.RESTRICTION_FIRST,)
    actions.fulfil(tx, clock, restriction.id, by=DPO)
    assert actions.get(tx, erasure.id).ready_at is not None
