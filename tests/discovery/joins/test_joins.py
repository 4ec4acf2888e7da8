"""Two subjects that may be one person are proposed once, decided by a person, and two again without a trace."""

import pytest

from rightcall.actors import Actor, Role
from rightcall.database.connection import Transaction
from rightcall.discovery.detection.model import Kind
from rightcall.discovery.joins import actions as joins
from rightcall.discovery.joins.model import JoinProposal, ProposalState
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.model import LinkReason, Tally
from rightcall.errors import Conflict, NotFound
from rightcall.ids import JoinProposalId, SubjectId, new_id
from rightcall.personal import Personal
from rightcall.subjects import actions as subjects
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.knowing import actions as knowing
from rightcall.subjects.model import Identifier, IdentifierKind, JoinReason, KnownBy
from rightcall.vault.actions import Vault
from tests.cast import ADA_EMAIL, ADA_NAME, ADA_TEL, BEN_TEL
from tests.conftest import FixedClock
from tests.discovery.linking.scene import NAME, Estate, estate

DPO = Actor(id=new_id(), role=Role.DPO)
ADA, BORN = (NAME, ADA_NAME), (Kind.DATE_OF_BIRTH, "1985-12-10")
MAIL, PHONE = (Kind.EMAIL, ADA_EMAIL), (Kind.PHONE, BEN_TEL)


@pytest.fixture
def crm(tx: Transaction, vault: Vault, clock: FixedClock) -> Estate:
    return estate(tx, vault, clock)


def run(crm: Estate) -> None:
    linking.link_next(crm.tx, crm.vault, crm.clock, Tally())
    assert joins.propose_next(crm.tx, crm.vault, crm.clock) is None


def waiting(crm: Estate) -> list[JoinProposal]:
    return joins.page(crm.tx, state=ProposalState.WAITING, after=None, limit=100)


def twice(crm: Estate) -> tuple[SubjectId, SubjectId, JoinProposal]:
    """Ada was entered twice, under two customer ids."""
    first = crm.record(("customer_id", "C-1"), ADA, BORN, MAIL)
    second = crm.record(("customer_id", "C-2"), ADA, BORN, MAIL)
    run(crm)
    one, other = crm.subject_of(first), crm.subject_of(second)
    assert one is not None
    assert other is not None
    assert one != other
    [found] = waiting(crm)
    assert {found.subject, found.other} == {one, other}
    assert found.subject < found.other
    return found.subject, found.other, found


def test_it_says_what_agrees_and_is_proposed_once(crm: Estate) -> None:
    _, _, found = twice(crm)
    assert found.score >= 0.999
    assert {each.aspect for each in found.compared} >= {"customer_id", "date_of_birth", "given_name", "email"}
    run(crm)
    assert [each.id for each in waiting(crm)] == [found.id]


def test_accepted_it_is_one_person_and_undone_it_is_two_and_not_proposed_again(crm: Estate) -> None:
    one, other, found = twice(crm)
    done = joins.accept(crm.tx, crm.vault, crm.clock, found.id, reason=JoinReason.LINKS_AGREE, by=DPO)
    assert (done.state, done.decided_by, done.reason) == (ProposalState.ACCEPTED, DPO, JoinReason.LINKS_AGREE)
    assert joining.person(crm.tx, other) == (one, other)
    run(crm)
    assert waiting(crm) == []
    assert done.join is not None
    joining.undo(crm.tx, crm.clock, done.join, by=DPO)
    assert joining.person(crm.tx, other) == (other,)
    run(crm)
    assert waiting(crm) == []
    with pytest.raises(Conflict):
        joins.accept(crm.tx, crm.vault, crm.clock, found.id, reason=JoinReason.LINKS_AGREE, by=DPO)


def test_refused_it_is_not_proposed_again_until_one_of_them_says_something_new(crm: Estate) -> None:
    one, other, found = twice(crm)
    done = joins.refuse(crm.tx, crm.vault, crm.clock, found.id, reason=LinkReason.SAME_NAME, by=DPO)
    assert (done.state, done.reason) == (ProposalState.REFUSED, LinkReason.SAME_NAME)
    run(crm)
    assert waiting(crm) == []
    crm.record(("customer_id", "C-1"), PHONE)
    run(crm)
    assert [{each.subject, each.other} for each in waiting(crm)] == [{one, other}]


def known_as(crm: Estate, subject: SubjectId, other: SubjectId) -> None:
    """`subject` is known by all that `other` is."""
    told = [(KnownBy(subject, each.kind, each.blind), new_id()) for each in knowing.known_of(crm.tx, [other])]
    knowing.know(crm.tx, told)


def test_whom_a_person_told_apart_is_not_proposed(crm: Estate) -> None:
    one, other, _ = twice(crm)
    made = subjects.split(crm.tx, crm.vault, crm.clock, one, moved=[], by_calls=True, by=DPO)
    known_as(crm, made, one)
    joins.propose(crm.tx, crm.vault, crm.clock, [made, one])
    assert {(each.subject, each.other) for each in waiting(crm)} == {(one, other), (other, made)}


def test_nobody_who_is_not_known_yet_is_proposed(crm: Estate) -> None:
    one, other, _ = twice(crm)
    number = Identifier(kind=IdentifierKind.TEL, value=Personal(ADA_TEL))
    caller = subjects.identify(crm.tx, crm.vault, crm.clock, [number])
    subjects.split(crm.tx, crm.vault, crm.clock, caller, moved=[], shared=[number], by_calls=True, by=DPO)
    pending = subjects.identify(crm.tx, crm.vault, crm.clock, [number])
    assert subjects.get(crm.tx, pending).ambiguous
    known_as(crm, pending, one)
    joins.propose(crm.tx, crm.vault, crm.clock, [pending, one])
    assert [(each.subject, each.other) for each in waiting(crm)] == [(one, other)]


def test_a_couple_is_not_proposed(crm: Estate) -> None:
    home = ("postal_address", "12 Mill Road, Leeds LS1 4AB")
    crm.record(("customer_id", "C-1"), ADA, MAIL, PHONE, home)
    crm.record(("customer_id", "C-2"), (NAME, "Ben Planted-Lovelace"), MAIL, PHONE, home)
    run(crm)
    assert waiting(crm) == []


def test_erasing_one_forgets_what_waits(crm: Estate) -> None:
    one, _, _ = twice(crm)
    joins.forget(crm.tx, crm.clock, one)
    assert waiting(crm) == []


def test_the_ledger_names_neither_and_no_table_holds_a_value(crm: Estate) -> None:
    one, other, found = twice(crm)
    joins.refuse(crm.tx, crm.vault, crm.clock, found.id, reason=LinkReason.SAME_NAME, by=DPO)
    leaves = [bytes(row["leaf"]) for row in crm.tx.connection.execute("SELECT leaf FROM statements").fetchall()]
    assert sum(b"discovery.join" in leaf for leaf in leaves) == 2
    assert not any(str(each).encode() in leaf for leaf in leaves for each in (one, other))
    rows = crm.tx.connection.execute("SELECT row_to_json(t)::text AS told FROM join_proposals t").fetchall()
    assert rows
    assert not any(planted in row["told"] for row in rows for planted in ("ovelace", BEN_TEL, ADA_EMAIL, "1985"))


def test_there_is_no_such_proposal(crm: Estate) -> None:
    with pytest.raises(NotFound):
        joins.get(crm.tx, JoinProposalId(new_id()))
