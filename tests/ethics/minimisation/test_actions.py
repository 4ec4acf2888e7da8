"""From the log to a proposal, from a proposal to a review, from a signed review to a purpose that keeps less."""

from datetime import timedelta
from typing import LiteralString

import psycopg
import pytest

from rightcall.actors import Actor, Role
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, Malformed
from rightcall.ethics.minimisation import actions
from rightcall.ethics.minimisation.drawing import plot
from rightcall.ethics.minimisation.model import Kind, Rejection, State, TermFinding, UnusedAccess
from rightcall.ethics.minimisation.page import page
from rightcall.holdings.uses import actions as uses
from rightcall.holdings.uses.model import FieldName, Ground, NewUse, UseAct
from rightcall.ids import HoldingId, ProposalId, SystemId, TokenId, new_id
from rightcall.ledger.codec import read_leaf
from rightcall.policy.model import RuleSet
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Purpose
from rightcall.reviews import actions as reviews
from rightcall.reviews import standing as reviews_standing
from rightcall.reviews.model import Capacity, End, InForce
from rightcall.staff.actions import create_token
from rightcall.vault.actions import Vault
from tests.conftest import FixedClock
from tests.ethics.minimisation.scene import Archive, archive
from tests.reviews.words import reviewed

DPO, OTHER, AGENT = (Actor(id=new_id(), role=role) for role in (Role.DPO, Role.DPO, Role.AGENT))
WORDS = "Coaches come back to old calls each spring."


@pytest.fixture
def kept(tx: Transaction, vault: Vault, clock: FixedClock, training: Purpose) -> Archive:
    """Six hundred takes, forty of them read: the oldest at twenty days. All were watched to the end of ninety."""
    made = archive(tx, vault, clock, training)
    made.keep(600)
    made.read(made.kept[:20], on_day=3)
    made.read(made.kept[20:40], on_day=20)
    return made


def proposed(kept: Archive) -> ProposalId:
    kept.look(on_day=95)
    [proposal] = kept.proposals()
    return proposal.id


def statements(tx: Transaction, kind: str) -> list[dict[str, object]]:
    rows = tx.connection.execute("SELECT leaf FROM statements WHERE kind = %s ORDER BY appended", (f"minimisation.{kind}",))
    return [dict(read_leaf(row["leaf"])) for row in rows]


def test_a_shorter_term_is_proposed_once_with_its_figures(kept: Archive) -> None:
    figures = kept.look(on_day=92)
    assert (figures.term.finding, figures.term.enough_days, figures.term.watched) == (TermFinding.SHORTER, 21, 600)
    assert [(each.field, each.uses) for each in figures.fields] == [("sound", 40)]
    kept.look(on_day=93)
    [proposal] = kept.proposals()
    assert (proposal.what.kind, proposal.what.term_days, proposal.what.was_days) == (Kind.SHORTEN_TERM, 21, 90)
    assert (proposal.what.holdings, proposal.what.late, proposal.state) == (600, 0, State.OPEN)
    assert actions.figures_of_proposal(kept.tx, proposal.id).term.ages == figures.term.ages
    [said] = statements(kept.tx, "proposed")
    assert (said["holdings"], said["term_days"], said["was_days"]) == (600, 21, 90)


def test_before_the_end_of_the_term_nothing_is_proposed(kept: Archive) -> None:
    assert kept.look(on_day=80).term.finding is TermFinding.TOO_LITTLE
    assert kept.proposals() == []


def test_own_requests_and_holds_are_no_need_of_the_purpose_and_cases_are(kept: Archive) -> None:
    kept.read(kept.kept[:1], on_day=70, ground=Ground.OWN_REQUEST)
    kept.read(kept.kept[1:2], on_day=80, ground=Ground.HOLD)
    figures = kept.look(on_day=95)
    assert (figures.term.enough_days, figures.term.latest_case) == (21, None)
    assert figures.uses[Ground.HOLD] == figures.uses[Ground.OWN_REQUEST] == 1
    kept.clock.at = kept.begun_at + timedelta(days=85)
    kept.read(kept.kept[2:3], on_day=85, ground=Ground.CASE)
    figures = kept.look(on_day=95)
    assert (figures.term.finding, figures.term.latest_case) == (TermFinding.LONG_NEEDED, 85)


def test_uses_that_other_systems_report_with_the_age_of_what_was_read_count(kept: Archive) -> None:
    kept.clock.at = kept.begun_at + timedelta(days=88)
    reported = NewUse(
        subject=kept.subject,
        holding=None,
        purpose=kept.purpose.id,
        by=DPO,
        act=UseAct.READ,
        verdict=None,
        system=SystemId(new_id()),
        made_at=kept.begun_at + timedelta(days=3),
    )
    uses.record(kept.tx, kept.clock, [reported] * 500)
    figures = kept.look(on_day=95)
    assert (figures.term.finding, figures.term.enough_days) == (TermFinding.LONG_NEEDED, None)
    assert [(each.age_days, each.uses) for each in figures.term.ages] == [(3, 20), (20, 20), (85, 500)]


def test_accepted_and_signed_by_two_roles_the_purpose_keeps_less(kept: Archive, rules: RuleSet) -> None:
    tx, clock, purpose = kept.tx, kept.clock, kept.purpose
    id = proposed(kept)
    reviewed(tx, clock, purpose.id, rules)
    proposal, review = actions.accept(tx, clock, rules, id, by=DPO)
    assert (proposal.state, proposal.review) == (State.IN_REVIEW, review.id)
    with pytest.raises(Conflict, match="four eyes"):
        reviews.sign(tx, clock, rules, review.id, Capacity.FOR_CUSTOMERS, by=DPO)
    reviews.sign(tx, clock, rules, review.id, Capacity.FOR_AGENTS, by=AGENT)
    assert purposes.get(tx, purpose.id).term_days == 90
    reviews.sign(tx, clock, rules, review.id, Capacity.FOR_CUSTOMERS, by=OTHER)
    assert purposes.get(tx, purpose.id).term_days == 21
    assert actions.get(tx, id).state is State.ADOPTED
    standing = reviews_standing.in_force(tx, clock, rules, purpose.id)
    assert isinstance(standing, InForce)
    assert standing.review == review.id
    [said] = [
        dict(read_leaf(row["leaf"]))
        for row in tx.connection.execute("SELECT leaf FROM statements WHERE kind = 'purposes.narrowed'")
    ]
    assert (said["term_days"], said["review"]) == (21, str(review.id))
    last_day = tx.connection.execute("SELECT DISTINCT last_days FROM holdings").fetchall()
    assert [row["last_days"] for row in last_day] == [[(kept.begun_at + timedelta(days=90)).date()]]


def test_what_was_never_reviewed_cannot_be_changed_by_a_review(kept: Archive, rules: RuleSet) -> None:
    with pytest.raises(Conflict, match="never reviewed"):
        actions.accept(kept.tx, kept.clock, rules, proposed(kept), by=DPO)


def test_when_the_figures_change_it_lapses_with_its_review(kept: Archive, rules: RuleSet) -> None:
    id = proposed(kept)
    reviewed(kept.tx, kept.clock, kept.purpose.id, rules)
    _, review = actions.accept(kept.tx, kept.clock, rules, id, by=DPO)
    kept.read(kept.kept[100:160], on_day=96)
    kept.look(on_day=97)
    assert actions.get(kept.tx, id).state is State.LAPSED
    ending = reviews.history(kept.tx, review.id).ending
    assert ending is not None
    assert ending.why is End.FIGURES_CHANGED
    with pytest.raises(Conflict):
        reviews.sign(kept.tx, kept.clock, rules, review.id, Capacity.FOR_AGENTS, by=AGENT)
    assert len(statements(kept.tx, "lapsed")) == 1


def test_rejected_with_a_reason_it_is_not_proposed_again(kept: Archive) -> None:
    id = proposed(kept)
    with pytest.raises(Malformed, match="Say why"):
        actions.reject(kept.tx, kept.clock, id, Rejection.OTHER, "no", by=DPO)
    found = actions.reject(kept.tx, kept.clock, id, Rejection.LATE_USES_MATTER, WORDS, by=DPO)
    assert (found.state, found.reason, found.rejection) == (State.REJECTED, WORDS, Rejection.LATE_USES_MATTER)
    kept.look(on_day=99)
    assert [each.state for each in kept.proposals()] == [State.REJECTED]
    with pytest.raises(Conflict, match="rejected already"):
        actions.reject(kept.tx, kept.clock, id, Rejection.OTHER, WORDS, by=DPO)
    [said] = statements(kept.tx, "rejected")
    assert said["why"] == "late_uses_matter"
    assert WORDS not in str(said)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE purposes SET term_days = 5, data_categories = '{}'",
        "UPDATE purposes SET term_days = 500",
        "UPDATE purposes SET data_categories = '{pd:Age}'",
    ],
)
def test_nobody_changes_a_purpose_past_a_review(kept: Archive, change: LiteralString) -> None:
    """But for a shorter term alone."""
    with pytest.raises(psycopg.errors.InsufficientPrivilege), kept.tx.connection.transaction():
        kept.tx.connection.execute(change)


def test_a_place_that_does_not_tell_is_not_called_unread(kept: Archive) -> None:
    crm = SystemId(new_id())
    kept.clock.at = kept.begun_at
    fields = kept.keep(30, category="pd:Age", system=crm, name="age")
    [silent] = [each for each in kept.look(on_day=95).kept if each.system == crm]
    assert (silent.told, silent.is_unread, silent.holdings) == (False, False, 30)
    kept.clock.at = kept.begun_at + timedelta(days=30)
    kept.read(fields[:1], on_day=30, name="age")
    [telling] = [each for each in kept.look(on_day=97).kept if each.system == crm]
    assert (telling.told, telling.old_enough, telling.read, telling.is_unread) == (True, 30, 0, True)


def test_what_was_found_is_drawn_and_written_as_a_page(kept: Archive) -> None:
    figures = kept.look(on_day=95)
    keys = {kept.purpose.id: 'trai"<ning'}
    drawn, written = plot(figures, keys[kept.purpose.id]), page([figures], kept.proposals(), keys, {})
    for text in (drawn, written):
        assert "21 days" in text
        assert "<ning" not in text
        assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
    assert drawn in written
    assert written.count("<tr>") == 1 + len(figures.term.points) + 1 + len(figures.fields)
    assert "Shorten the term from 90 to 21 days" in written


def test_access_to_a_system_that_nobody_used_is_told_once_the_system_has_told_of_its_uses_as_long(
    tx: Transaction, vault: Vault, clock: FixedClock, training: Purpose
) -> None:
    made, crm = archive(tx, vault, clock, training), SystemId(new_id())
    held, elsewhere = made.keep(1, system=crm, name="phone"), made.keep(1, system=SystemId(new_id()), name="phone")
    one, two = (create_token(tx, clock, role=Role.SUPERVISOR, by=DPO).token.id for _ in range(2))

    def used(token: TokenId, holdings: list[HoldingId], day: int) -> None:
        clock.at = made.begun_at + timedelta(days=day)
        by = Actor(id=token, role=Role.SUPERVISOR)
        for holding in holdings:
            uses.used(tx, clock, holding, training.id, by, UseAct.READ, fields=(FieldName(text="phone"),))

    def unused(system: SystemId, day: int) -> list[UnusedAccess] | None:
        clock.at = made.begun_at + timedelta(days=day)
        return actions.unused_access_to(tx, clock, system, [training.id], unread_days=30)

    used(one, held, 3)
    used(one, held, 20)
    used(two, elsewhere, 21)
    assert unused(crm, 30) is None, "it told of its uses for 27 days only"
    assert unused(SystemId(new_id()), 40) is None, "nobody knows what is read there"
    assert unused(crm, 40) == [UnusedAccess(role=Role.SUPERVISOR, tokens=2, never_used=1)]
    assert unused(crm, 60) == [UnusedAccess(role=Role.SUPERVISOR, tokens=2, never_used=2)]
