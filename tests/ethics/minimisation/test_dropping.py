"""A category that nobody reads, from the log to a review, and from a signed review to a purpose without it."""

from datetime import timedelta

import psycopg
import pytest

from rightcall.actors import SYSTEM, Actor, Role
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict
from rightcall.ethics.minimisation import actions
from rightcall.ethics.minimisation.model import Kind, Proposal, State
from rightcall.ethics.minimisation.page import page
from rightcall.ids import HoldingId, SystemId, new_id
from rightcall.ledger.codec import read_leaf
from rightcall.policy.model import RuleSet
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import LawfulBasis, NewPurpose
from rightcall.reviews import actions as reviews
from rightcall.reviews import standing as reviews_standing
from rightcall.reviews.model import Capacity, End, InForce
from rightcall.vault.actions import Vault
from tests.conftest import FixedClock
from tests.ethics.minimisation.scene import Archive, archive
from tests.reviews.conftest import WORDS, publish
from tests.reviews.words import reviewed

DPO, OTHER, AGENT = (Actor(id=new_id(), role=role) for role in (Role.DPO, Role.DPO, Role.AGENT))
VOICE, AGE = "pd:VoiceCommunicationRecording", "pd:Age"


class Unread:
    """A purpose that needs voices and ages, it says: takes are read late and early, ages in the CRM never."""

    def __init__(self, tx: Transaction, vault: Vault, clock: FixedClock) -> None:
        new = NewPurpose(
            key="training",
            title="Improve how we train agents",
            justification="New agents learn from real conversations.",
            lawful_basis=LawfulBasis.CONSENT,
            staff_basis=LawfulBasis.LEGITIMATE_INTERESTS,
            data_categories=(VOICE, AGE),
            may_use=frozenset({Role.SUPERVISOR, Role.DPO}),
            term_days=90,
            dpv_purpose="dpv:PersonnelManagement",
        )
        self.tx, self.clock = tx, clock
        self.purpose = purposes.create_purpose(tx, clock, new, by=SYSTEM)
        publish(tx, clock, self.purpose, WORDS)
        self.kept: Archive = archive(tx, vault, clock, self.purpose)
        crm = SystemId(new_id())
        self.ages: list[HoldingId] = self.kept.keep(600, category=AGE, system=crm, name="age")
        notes = self.kept.keep(30, category=VOICE, system=crm, name="note")
        takes = self.kept.keep(50)
        self.kept.read(notes[:5], on_day=2, name="note")
        self.kept.read(takes[:9], on_day=80)

    def proposed(self, on_day: int) -> list[Proposal]:
        self.kept.look(on_day=on_day)
        return [each for each in self.kept.proposals() if each.what.kind is Kind.DROP_CATEGORY]

    def categories(self) -> tuple[str, ...]:
        return purposes.get(self.tx, self.purpose.id).data_categories


@pytest.fixture
def unread(tx: Transaction, vault: Vault, clock: FixedClock) -> Unread:
    return Unread(tx, vault, clock)


def test_from_the_log_to_a_purpose_without_it(unread: Unread, rules: RuleSet) -> None:
    tx, clock, purpose = unread.tx, unread.clock, unread.purpose
    [proposal] = unread.proposed(on_day=95)
    assert (proposal.what.category, proposal.what.holdings, proposal.what.late, proposal.state) == (AGE, 600, 0, State.OPEN)
    assert "Drop age:" in page([actions.figures_of_proposal(tx, proposal.id)], [proposal], {purpose.id: "training"}, {})
    reviewed(tx, clock, purpose.id, rules)
    accepted, review = actions.accept(tx, clock, rules, proposal.id, by=DPO)
    assert accepted.state is State.IN_REVIEW
    assert review.change is not None
    assert review.change.narrowing.dropped == {AGE}
    reviews.sign(tx, clock, rules, review.id, Capacity.FOR_AGENTS, by=AGENT)
    assert unread.categories() == (VOICE, AGE), "one of two is not enough"
    reviews.sign(tx, clock, rules, review.id, Capacity.FOR_CUSTOMERS, by=OTHER)
    assert unread.categories() == (VOICE,)
    assert purposes.get(tx, purpose.id).term_days == 90
    assert actions.get(tx, proposal.id).state is State.ADOPTED
    standing = reviews_standing.in_force(tx, clock, rules, purpose.id)
    assert isinstance(standing, InForce)
    assert standing.review == review.id
    rows = tx.connection.execute("SELECT leaf FROM statements WHERE kind = 'purposes.narrowed'").fetchall()
    [said] = [dict(read_leaf(row["leaf"])) for row in rows]
    assert said["review"] == str(review.id)
    assert [each.state for each in unread.proposed(on_day=97)] == [State.ADOPTED], "nothing is proposed again"


def test_one_that_is_read_after_all_is_not_dropped(unread: Unread, rules: RuleSet) -> None:
    [proposal] = unread.proposed(on_day=95)
    reviewed(unread.tx, unread.clock, unread.purpose.id, rules)
    _, review = actions.accept(unread.tx, unread.clock, rules, proposal.id, by=DPO)
    unread.kept.read(unread.ages[:1], on_day=96, name="age")
    unread.kept.look(on_day=97)
    assert actions.get(unread.tx, proposal.id).state is State.LAPSED
    ending = reviews.history(unread.tx, review.id).ending
    assert ending is not None
    assert ending.why is End.FIGURES_CHANGED
    with pytest.raises(Conflict):
        reviews.sign(unread.tx, unread.clock, rules, review.id, Capacity.FOR_AGENTS, by=AGENT)
    assert unread.categories() == (VOICE, AGE)


def test_nobody_drops_or_adds_one_past_its_review(unread: Unread) -> None:
    for now in ("{pd:VoiceCommunicationRecording}", "{pd:VoiceCommunicationRecording,pd:Age,pd:Gender}"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), unread.tx.connection.transaction():
            unread.tx.connection.execute("UPDATE purposes SET data_categories = %s", (now,))


def test_too_young_to_have_been_read_it_is_not_proposed(unread: Unread) -> None:
    unread.clock.at = unread.kept.begun_at + timedelta(days=30)
    assert unread.proposed(on_day=59) == []
