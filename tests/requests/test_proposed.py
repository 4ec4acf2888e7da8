"""Somebody who may be the same person waits for a word: what asks for everything about one of them waits for it too."""

import pytest

from rightcall.actors import Actor, Role
from rightcall.database.connection import Transaction
from rightcall.discovery.detection.model import Kind
from rightcall.discovery.joins import actions as joins
from rightcall.discovery.joins.model import JoinProposal, ProposalState
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.model import LinkReason, Tally
from rightcall.errors import Conflict
from rightcall.ids import new_id
from rightcall.personal import Personal
from rightcall.requests import actions, going_without, proving
from rightcall.requests.actions import Came
from rightcall.requests.model import Missing, Request, RequestKind, WithoutReason
from rightcall.subjects import actions as subjects
from rightcall.subjects import restricting
from rightcall.subjects.model import IdentifierKind, JoinReason, Limits
from rightcall.subjects.rules import normalise
from rightcall.vault.actions import Vault
from tests.cast import BEN_TEL
from tests.conftest import FixedClock
from tests.discovery.joins.test_joins import ADA, BORN, MAIL, twice
from tests.discovery.linking.scene import NAME, estate

FREE = Limits(restricted=False, objected=False)
DPO = Actor(id=new_id(), role=Role.DPO)


@pytest.fixture
def proposal(tx: Transaction, vault: Vault, clock: FixedClock) -> JoinProposal:
    """Ada was entered twice, and nobody has said so yet. Each of them has one record."""
    _, _, found = twice(estate(tx, vault, clock))
    return found


@pytest.mark.parametrize("kind", [RequestKind.ACCESS, RequestKind.PORTABILITY, RequestKind.ERASURE])
@pytest.mark.parametrize("is_same", [True, False])
def test_what_needs_everything_waits_until_it_is_said_whether_they_are_one(
    tx: Transaction, vault: Vault, clock: FixedClock, proposal: JoinProposal, kind: RequestKind, is_same: bool
) -> None:
    asked = _ask(tx, vault, clock, proposal, kind)
    assert (proving.missing_of(tx, clock, asked), proving.doubtful_records(tx, asked)) == ((Missing.DOUBTFUL_RECORDS,), 1)
    with pytest.raises(Conflict, match="may be the same person"):
        actions.begin(tx, clock, asked.id)
    if is_same:
        joins.accept(tx, vault, clock, proposal.id, reason=JoinReason.LINKS_AGREE, by=DPO)
    else:
        joins.refuse(tx, vault, clock, proposal.id, reason=LinkReason.SAME_NAME, by=DPO)
    [unready] = actions.unready(tx)
    actions.look_again(tx, vault, clock, unready)
    assert actions.get(tx, asked.id).ready_at is not None


def test_it_goes_on_without_them_for_a_reason_and_says_so(
    tx: Transaction, vault: Vault, clock: FixedClock, proposal: JoinProposal
) -> None:
    asked = _ask(tx, vault, clock, proposal, RequestKind.ERASURE)
    going_without.go_on_without(tx, clock, asked.id, reason=WithoutReason.TIME_IS_SHORT, by=DPO)
    assert actions.begin(tx, clock, asked.id).doubtful == 1
    assert [each.id for each in joins.page(tx, state=ProposalState.WAITING, after=None, limit=9)] == [proposal.id]


@pytest.mark.parametrize("kind", [RequestKind.RESTRICTION, RequestKind.OBJECTION])
def test_a_restriction_counts_at_once_and_is_not_answered_before_it_is_said_whom_it_is_about(
    tx: Transaction, vault: Vault, clock: FixedClock, proposal: JoinProposal, kind: RequestKind
) -> None:
    asked = _ask(tx, vault, clock, proposal, kind)
    assert asked.ready_at is not None
    assert restricting.limits_of(tx, proposal.other) != FREE
    assert restricting.limits_of(tx, proposal.subject) == FREE
    assert proving.missing_of(tx, clock, asked) == (Missing.DOUBTFUL_RECORDS,)
    with pytest.raises(Conflict, match="may be the same person"):
        actions.fulfil(tx, clock, asked.id, by=DPO)
    joins.accept(tx, vault, clock, proposal.id, reason=JoinReason.LINKS_AGREE, by=DPO)
    assert restricting.limits_of(tx, proposal.subject) != FREE
    actions.fulfil(tx, clock, asked.id, by=DPO)


def _ask(tx: Transaction, vault: Vault, clock: FixedClock, proposal: JoinProposal, kind: RequestKind) -> Request:
    """By the later of the two; the DPO answers for who asks."""
    return actions.receive(tx, vault, clock, subject=proposal.other, kind=kind, by=DPO, came=Came())


def test_a_record_that_waits_for_somebody_else_waits_for_whom_it_tells_of_too(
    tx: Transaction, vault: Vault, clock: FixedClock
) -> None:
    """Entered twice under one customer id, once by another name: nobody knows whose the second is. Ben, who calls later,
    has the number that stands in it."""
    crm = estate(tx, vault, clock)
    crm.record(("customer_id", "C-1"), ADA, BORN, MAIL)
    crm.record(("customer_id", "C-1"), (NAME, "Eve Marlowe"), (Kind.PHONE, BEN_TEL))
    linking.link_next(tx, vault, clock, Tally())
    ben = subjects.identify(tx, vault, clock, [normalise(IdentifierKind.TEL, Personal(BEN_TEL), "DK")])
    assert linking.count_waiting(tx, [ben]) == 0
    asked = actions.receive(tx, vault, clock, subject=ben, kind=RequestKind.ERASURE, by=DPO, came=Came())
    assert (proving.missing_of(tx, clock, asked), proving.doubtful_records(tx, asked)) == ((Missing.DOUBTFUL_RECORDS,), 1)
