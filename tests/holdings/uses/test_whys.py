"""Why something was used is there for whoever asks afterwards, and goes with the person, with the year and with a mistake."""

from datetime import timedelta

import pytest

from rightcall.actors import SYSTEM, Actor, Role
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.holdings.uses import actions as uses
from rightcall.holdings.uses.model import NewUse, UseAct
from rightcall.holdings.uses.whys import actions as whys
from rightcall.holdings.uses.whys.model import KEPT, Why
from rightcall.ids import StatementId, SubjectId, new_id
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import LawfulBasis, NewPurpose
from rightcall.subjects import actions as subjects
from rightcall.vault.actions import Vault
from tests.conftest import FixedClock

WORDS = "Mrs Planted complained of agent 7"
WHY = Why.of(f" {WORDS} ", "complaint-2026-114")


@pytest.fixture
def ada(tx: Transaction, vault: Vault, clock: Clock) -> SubjectId:
    return subjects.identify(tx, vault, clock, [])


def used(tx: Transaction, vault: Vault, clock: Clock, subject: SubjectId, why: Why) -> StatementId:
    known = purposes.all_purposes(tx)
    new = NewPurpose(
        key="training",
        title="A purpose",
        justification="It is needed in this test.",
        lawful_basis=LawfulBasis.CONSENT,
        data_categories=("pd:VoiceCommunicationRecording",),
        may_use=frozenset({Role.SUPERVISOR}),
        term_days=30,
        dpv_purpose="dpv:PersonnelManagement",
    )
    purpose = known[0] if known else purposes.create_purpose(tx, clock, new, by=SYSTEM)
    by = Actor(id=new_id(), role=Role.SUPERVISOR)
    use = NewUse(subject=subject, holding=None, purpose=purpose.id, by=by, act=UseAct.READ, verdict=None)
    [statement] = uses.record(tx, clock, [use])
    whys.keep(tx, vault, clock, [(statement, subject, why)])
    return statement


def test_it_is_read_as_it_was_said_and_lies_sealed(
    tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    said, nothing = used(tx, vault, clock, ada, WHY), used(tx, vault, clock, ada, Why.of(" ", None))
    assert whys.of_uses(tx, vault, [said, nothing]) == {said: Why.of(WORDS, "complaint-2026-114")}
    lies = tx.connection.execute("SELECT w::text || coalesce(encode(w.sealed, 'escape'), '') AS all FROM use_whys w").fetchall()
    leaves = tx.connection.execute("SELECT encode(leaf, 'escape') AS all FROM statements").fetchall()
    assert not any("Planted" in row["all"] for row in lies + leaves)
    assert "Planted" not in caplog.text + repr(WHY)


def test_it_goes_with_the_person(tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId) -> None:
    bob = subjects.identify(tx, vault, clock, [])
    of_ada, of_bob = used(tx, vault, clock, ada, WHY), used(tx, vault, clock, bob, WHY)
    vault.destroy_subject(tx, ada)
    assert whys.of_uses(tx, vault, [of_ada, of_bob]) == {of_bob: WHY}
    assert whys.of_uses(tx, vault, [used(tx, vault, clock, ada, WHY)]) == {}, "of the erased nothing new is kept"


def test_it_goes_after_a_year(tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId) -> None:
    old = used(tx, vault, clock, ada, WHY)
    clock.at += KEPT
    assert whys.forget_old(tx, clock) == 0
    clock.at += timedelta(seconds=1)
    new = used(tx, vault, clock, ada, WHY)
    assert whys.forget_old(tx, clock) == 1
    assert whys.of_uses(tx, vault, [old, new]) == {new: WHY}
