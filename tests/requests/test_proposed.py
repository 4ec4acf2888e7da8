"""Somebody who may be the same person waits for a word: what asks for everything about one of them waits for it too."""

from dataclasses import replace

import pytest

from rightcall.actors import Actor, PartyRole, Role
from rightcall.calls import actions as calls
from rightcall.database.connection import Transaction
from rightcall.discovery.detection.model import Kind
from rightcall.discovery.joins import actions as joins
from rightcall.discovery.joins import doubt
from rightcall.discovery.joins.model import JoinProposal, ProposalState
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.model import LinkReason, Tally
from rightcall.errors import Conflict
from rightcall.ids import new_id
from rightcall.personal import Personal
from rightcall.policy.model import Preference, Said
from rightcall.purposes.model import LawfulBasis
from rightcall.recordings.rules import as_they_stand
from rightcall.requests import actions, going_without, proving
from rightcall.requests.actions import Came
from rightcall.requests.model import Missing, Request, RequestKind, WithoutReason
from rightcall.subjects import actions as subjects
from rightcall.subjects import restricting
from rightcall.subjects.model import IdentifierKind, JoinReason, Limit, Limits
from rightcall.subjects.rules import normalise
from rightcall.vault.actions import Vault
from tests.cast import BEN_TEL
from tests.conftest import FixedClock
from tests.discovery.joins.test_joins import ADA, BORN, MAIL, run, twice
from tests.discovery.linking.scene import NAME, estate
from tests.reviews.test_rules import PURPOSE

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
    _decide(tx, vault, clock, proposal, is_same)
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


WISHES = [
    (RequestKind.RESTRICTION, Limits(restricted=True, objected=False), Limit.RESTRICTED),
    (RequestKind.OBJECTION, Limits(restricted=False, objected=True), Limit.OBJECTED),
]


@pytest.mark.parametrize(("kind", "stands", "what"), WISHES)
@pytest.mark.parametrize("is_same", [True, False])
def test_a_restriction_counts_at_once_for_whoever_may_be_the_same_person_until_it_is_said(
    tx: Transaction,
    vault: Vault,
    clock: FixedClock,
    proposal: JoinProposal,
    kind: RequestKind,
    stands: Limits,
    what: Limit,
    is_same: bool,
) -> None:
    asked = _ask(tx, vault, clock, proposal, kind)
    assert asked.ready_at is not None
    assert restricting.limits_of(tx, proposal.other) == stands
    assert restricting.limits_of(tx, proposal.subject) == replace(stands, in_doubt=frozenset({what}))
    assert doubt.held_by(tx, [proposal]) == {proposal.id: {what}}
    assert proving.missing_of(tx, clock, asked) == (Missing.DOUBTFUL_RECORDS,)
    with pytest.raises(Conflict, match="may be the same person"):
        actions.fulfil(tx, clock, asked.id, by=DPO)
    _decide(tx, vault, clock, proposal, is_same)
    assert restricting.limits_of(tx, proposal.subject) == (stands if is_same else FREE)
    assert restricting.limits_of(tx, proposal.other) == stands
    actions.fulfil(tx, clock, asked.id, by=DPO)


@pytest.mark.parametrize(("kind", "stands", "what"), WISHES)
def test_a_call_of_whoever_may_be_the_same_person_sees_it_and_a_yes_of_theirs_stands(
    tx: Transaction, vault: Vault, clock: FixedClock, proposal: JoinProposal, kind: RequestKind, stands: Limits, what: Limit
) -> None:
    """What a verdict is asked with is read with the party."""
    call = calls.begin(tx, clock)
    party = calls.join(tx, clock, call=call.id, subject=proposal.subject, role=PartyRole.CUSTOMER).id
    asked = _ask(tx, vault, clock, proposal, kind)
    seen, where = calls.party(tx, party), replace(PURPOSE, lawful_basis=LawfulBasis.LEGITIMATE_INTERESTS)
    facts = as_they_stand(seen, where, {}, Preference.NONE)
    assert (facts.restricted, facts.answer is Said.REFUSED) == (stands.restricted, stands.objected)
    assert (seen.restricted_at, seen.objected_at) == (None, None), "it is not their own wish"
    actions.revoke(tx, clock, asked.id, by=DPO)
    again = as_they_stand(calls.party(tx, party), where, {}, Preference.NONE)
    assert (again.restricted, again.answer) == (False, Said.UNASKED)


def test_it_counts_where_the_proposal_comes_after_the_wish_and_not_once_the_other_is_erased(
    tx: Transaction, vault: Vault, clock: FixedClock
) -> None:
    crm = estate(tx, vault, clock)
    first = crm.record(("customer_id", "C-1"), ADA, BORN, MAIL)
    linking.link_next(tx, vault, clock, Tally())
    one = crm.subject_of(first)
    assert one is not None
    actions.receive(tx, vault, clock, subject=one, kind=RequestKind.RESTRICTION, by=DPO, came=Came())
    second = crm.record(("customer_id", "C-2"), ADA, BORN, MAIL)
    run(crm)
    other = crm.subject_of(second)
    assert other is not None
    assert restricting.limits_of(tx, other).in_doubt == {Limit.RESTRICTED}
    joins.forget(tx, clock, one)
    assert restricting.limits_of(tx, other) == FREE


def _decide(tx: Transaction, vault: Vault, clock: FixedClock, proposal: JoinProposal, is_same: bool) -> None:
    if is_same:
        joins.accept(tx, vault, clock, proposal.id, reason=JoinReason.LINKS_AGREE, by=DPO)
    else:
        joins.refuse(tx, vault, clock, proposal.id, reason=LinkReason.SAME_NAME, by=DPO)


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


@pytest.mark.parametrize("kind", [*RequestKind])
def test_who_asks_in_their_first_call_is_compared_before_anything_is_done(
    tx: Transaction, vault: Vault, clock: FixedClock, kind: RequestKind
) -> None:
    """Nobody compared them yet: that is done once a call is over. Their number stands in a record that is somebody's."""
    crm = estate(tx, vault, clock)
    crm.record(("customer_id", "C-1"), ADA, BORN, (Kind.PHONE, BEN_TEL))
    linking.link_next(tx, vault, clock, Tally())
    caller = subjects.identify(tx, vault, clock, [normalise(IdentifierKind.TEL, Personal(BEN_TEL), "DK")])
    calls.join(tx, clock, call=calls.begin(tx, clock).id, subject=caller, role=PartyRole.CUSTOMER)
    assert joins.page(tx, state=ProposalState.WAITING, after=None, limit=9) == []
    asked = actions.receive(tx, vault, clock, subject=caller, kind=kind, by=DPO, came=Came())
    [waiting] = joins.page(tx, state=ProposalState.WAITING, after=None, limit=9)
    assert caller in {waiting.subject, waiting.other}
    waits = kind not in {RequestKind.RECTIFICATION, RequestKind.WITHDRAWAL}
    assert (Missing.DOUBTFUL_RECORDS in proving.missing_of(tx, clock, asked)) is waits
