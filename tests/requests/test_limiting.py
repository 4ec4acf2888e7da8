"""Restriction and objection: seen by every verdict at once, for the whole person, lifted with the person told before."""

from collections.abc import Callable

import pytest

from rightcall.actors import Actor, Role
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict
from rightcall.ids import SubjectId, new_id
from rightcall.requests import actions, limiting
from rightcall.requests.actions import Came
from rightcall.requests.model import DenialGround, ProofKind, Request, RequestKind, Step
from rightcall.subjects import restricting
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.model import JoinReason, Limits
from rightcall.vault.actions import Vault
from tests.cast import BEN_TEL
from tests.conftest import FixedClock
from tests.requests.conftest import Known

DPO = Actor(id=new_id(), role=Role.DPO)
AGENT = Actor(id=new_id(), role=Role.AGENT)
FREE = Limits(restricted=False, objected=False)
RESTRICTED = Limits(restricted=True, objected=False)
OBJECTED = Limits(restricted=False, objected=True)
Ask = Callable[..., Request]
KINDS = [(RequestKind.RESTRICTION, RESTRICTED), (RequestKind.OBJECTION, OBJECTED)]


@pytest.fixture
def ask(tx: Transaction, vault: Vault, clock: FixedClock) -> Ask:
    def ask(subject: SubjectId, kind: RequestKind, proof: ProofKind | None = ProofKind.RECOGNISED) -> Request:
        return actions.receive(tx, vault, clock, subject=subject, kind=kind, by=AGENT, came=Came(proof=proof))

    return ask


@pytest.mark.parametrize(("kind", "then"), KINDS)
def test_it_stands_once_it_is_shown_who_asks_and_before_anybody_answers(
    tx: Transaction, ada: SubjectId, ask: Ask, kind: RequestKind, then: Limits
) -> None:
    ask(ada, kind, None)
    assert restricting.limits_of(tx, ada) == FREE
    asked = ask(ada, kind)
    assert restricting.limits_of(tx, ada) == then
    assert actions.progress(tx, asked.id)[-1].step is Step.LIMITED


@pytest.mark.parametrize("kind", sorted(set(RequestKind) - {RequestKind.RESTRICTION, RequestKind.OBJECTION}))
def test_no_other_kind_limits_anything(tx: Transaction, ada: SubjectId, ask: Ask, kind: RequestKind) -> None:
    asked = ask(ada, kind, ProofKind.CALL_BACK)
    assert restricting.limits_of(tx, ada) == FREE
    with pytest.raises(Conflict, match="nothing to lift"):
        limiting.lift(tx, FixedClock(), asked.id, by=DPO)


def test_a_restriction_is_lifted_only_after_the_person_was_told(
    tx: Transaction, clock: FixedClock, ada: SubjectId, ask: Ask
) -> None:
    asked = ask(ada, RequestKind.RESTRICTION)
    actions.fulfil(tx, clock, asked.id, by=DPO)
    with pytest.raises(Conflict, match="Tell the person first"):
        limiting.lift(tx, clock, asked.id, by=DPO)
    limiting.tell_before_lifting(tx, clock, asked.id, by=DPO)
    assert restricting.limits_of(tx, ada) == RESTRICTED
    limiting.lift(tx, clock, asked.id, by=DPO)
    assert restricting.limits_of(tx, ada) == FREE
    assert [each.step for each in actions.progress(tx, asked.id)][-2:] == [Step.TOLD_BEFORE_LIFTING, Step.LIFTED]


def test_it_is_denied_only_after_the_person_was_told(tx: Transaction, clock: FixedClock, ada: SubjectId, ask: Ask) -> None:
    asked = ask(ada, RequestKind.RESTRICTION)
    with pytest.raises(Conflict, match="Tell them first"):
        actions.deny(tx, clock, asked.id, ground=DenialGround.ACCURATE_AND_LAWFUL, by=DPO)
    limiting.tell_before_lifting(tx, clock, asked.id, by=DPO)
    actions.deny(tx, clock, asked.id, ground=DenialGround.ACCURATE_AND_LAWFUL, by=DPO)
    assert restricting.limits_of(tx, ada) == FREE


def test_one_request_is_not_lifted_over_another(tx: Transaction, clock: FixedClock, ada: SubjectId, ask: Ask) -> None:
    first, second = ask(ada, RequestKind.OBJECTION), ask(ada, RequestKind.OBJECTION)
    limiting.tell_before_lifting(tx, clock, first.id, by=DPO)
    with pytest.raises(Conflict, match="another request"):
        limiting.lift(tx, clock, first.id, by=DPO)
    actions.deny(tx, clock, first.id, ground=DenialGround.COMPELLING_GROUNDS, by=DPO)
    assert restricting.limits_of(tx, ada) == OBJECTED
    actions.deny(tx, clock, second.id, ground=DenialGround.COMPELLING_GROUNDS, by=DPO)
    assert restricting.limits_of(tx, ada) == FREE


def test_it_holds_for_the_whole_person_and_for_who_is_joined_later(
    tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId, known: Known, ask: Ask
) -> None:
    ben = known(BEN_TEL)
    ask(ada, RequestKind.RESTRICTION)
    assert restricting.limits_of(tx, ben) == FREE
    joined = joining.join(tx, vault, clock, ben, into=ada, reason=JoinReason.PERSON_SAID_SO, by=DPO)
    assert restricting.limits_of(tx, ben) == RESTRICTED
    ask(ben, RequestKind.OBJECTION)
    assert restricting.limits_of(tx, ada) == Limits(restricted=True, objected=True)
    joining.undo(tx, clock, joined.id, by=DPO)
    assert restricting.limits_of(tx, ben) == Limits(restricted=True, objected=True)
