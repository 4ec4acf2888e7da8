"""Somebody calls from a number by which records tell of somebody: asked about, never joined by itself, and no page is opened
meanwhile by a code that would not tell them apart."""

import pytest

from rightcall.actors import Actor, Role
from rightcall.database.connection import Transaction
from rightcall.discovery.detection.model import Kind
from rightcall.discovery.joins import actions as joins
from rightcall.discovery.joins.model import JoinProposal, ProposalState
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.model import Aspect, LinkReason, Outcome, Tally
from rightcall.ids import SubjectId, new_id
from rightcall.personal import Personal
from rightcall.requests.codes import actions as codes
from rightcall.requests.codes.model import Made
from rightcall.subjects import actions as subjects
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.model import IdentifierKind, JoinReason
from rightcall.subjects.rules import normalise
from rightcall.vault.actions import Vault
from tests.cast import ADA_NAME, BEN_TEL
from tests.conftest import FixedClock
from tests.discovery.linking.scene import ADDRESS, NAME, Estate, estate

DPO = Actor(id=new_id(), role=Role.DPO)
ADA, BEN, HOME = (NAME, ADA_NAME), (NAME, "Ben Planted-Lovelace"), (ADDRESS, "12 Mill Road, Leeds LS1 4AB")
PHONE = (Kind.PHONE, BEN_TEL)
NUMBER = normalise(IdentifierKind.TEL, Personal(BEN_TEL), "ZZ")


@pytest.fixture
def crm(tx: Transaction, vault: Vault, clock: FixedClock) -> Estate:
    return estate(tx, vault, clock)


def scanned(crm: Estate, *rows: list[tuple[str, str]]) -> list[SubjectId]:
    records = [crm.record(("customer_id", f"C-{nth}"), *row) for nth, row in enumerate(rows)]
    linking.link_next(crm.tx, crm.vault, crm.clock, Tally())
    return [subject for each in records if (subject := crm.subject_of(each)) is not None]


def called(crm: Estate, name: str | None = None) -> SubjectId:
    """From the number, and looked at as after a call."""
    told = None if name is None else Personal(name)
    caller = subjects.identify(crm.tx, crm.vault, crm.clock, [NUMBER], name=told)
    joins.propose(crm.tx, crm.vault, crm.clock, [caller])
    return caller


def waiting(crm: Estate) -> list[JoinProposal]:
    return joins.page(crm.tx, state=ProposalState.WAITING, after=None, limit=100)


def code_goes_to(crm: Estate) -> bool:
    made = codes.make(crm.tx, crm.vault, crm.clock, NUMBER, asker=None, by=DPO)
    assert isinstance(made, Made)
    return made.delivery is not None


def test_whoever_calls_from_the_number_of_one_waits_for_a_word_and_gets_a_code_once_it_is_said(crm: Estate) -> None:
    [ada] = scanned(crm, [ADA, HOME, PHONE])
    assert code_goes_to(crm)
    caller = called(crm)
    assert caller != ada
    [found] = waiting(crm)
    assert {found.subject, found.other} == {ada, caller}
    assert [(each.aspect, each.outcome, each.others) for each in found.compared] == [(Aspect.TEL, Outcome.AGREES, 0)]
    assert found.score < 0.6, "a number alone may be that of somebody who lives there"
    assert found.keeps_out
    assert joins.count_kept_out(crm.tx) == 1
    assert not code_goes_to(crm)
    joins.accept(crm.tx, crm.vault, crm.clock, found.id, reason=JoinReason.PERSON_SAID_SO, by=DPO)
    assert joining.standing_for(crm.tx, caller) == ada
    assert code_goes_to(crm)
    assert joins.count_kept_out(crm.tx) == 0


def test_the_name_that_the_call_told_says_which_of_two_it_is_and_never_joins_by_itself(crm: Estate) -> None:
    ada, _ben = scanned(crm, [ADA, HOME, PHONE], [BEN, HOME, PHONE])
    caller = called(crm, ADA_NAME)
    [found] = waiting(crm)
    assert {found.subject, found.other} == {ada, caller}
    assert found.score > 0.9
    assert joining.person(crm.tx, caller) == (caller,)


def test_of_two_who_share_the_number_one_is_left_once_the_other_was_joined(crm: Estate) -> None:
    """A display name such as that of a switchboard is none of theirs, and says nothing against either."""
    ada, ben = scanned(crm, [ADA, HOME, PHONE], [BEN, HOME, PHONE])
    caller = called(crm, "Front Desk")
    assert {each for found in waiting(crm) for each in (found.subject, found.other)} == {ada, ben, caller}
    hers = next(each for each in waiting(crm) if ada in (each.subject, each.other))
    joins.accept(crm.tx, crm.vault, crm.clock, hers.id, reason=JoinReason.PERSON_SAID_SO, by=DPO)
    assert waiting(crm) == [], "Ada and Ben are two"


def test_a_number_that_more_have_than_share_one_proposes_nobody(crm: Estate) -> None:
    scanned(crm, *([(NAME, f"{each} Holm"), PHONE] for each in ("Anna", "Bo", "Cay", "Dan")))
    called(crm)
    assert waiting(crm) == []


def test_what_was_refused_is_not_asked_again_after_the_next_call(crm: Estate) -> None:
    scanned(crm, [ADA, HOME, PHONE])
    called(crm)
    [found] = waiting(crm)
    joins.refuse(crm.tx, crm.vault, crm.clock, found.id, reason=LinkReason.OF_THE_HOUSEHOLD, by=DPO)
    called(crm)
    assert waiting(crm) == []
    assert not code_goes_to(crm), "two people, and one number"
