"""A visit begins with a proof, is of one person, and ends: by itself, by its bearer, by an erasure, by a join or a split."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from rightcall.actors import SYSTEM, Actor, Role
from rightcall.database.connection import Transaction
from rightcall.ids import SubjectId, new_id
from rightcall.personal import Personal
from rightcall.requests.codes import actions as codes
from rightcall.requests.codes.model import CodeId, Made
from rightcall.requests.visits import actions as visits
from rightcall.requests.visits.model import Begun
from rightcall.subjects import actions as subjects
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.model import Identifier, IdentifierKind, JoinReason
from rightcall.subjects.rules import normalise
from rightcall.vault.actions import Vault
from tests.cast import ADA_EMAIL, ADA_TEL, BEN_TEL
from tests.conftest import FixedClock

DPO = Actor(id=new_id(), role=Role.DPO)
Begin = Callable[[], Begun]


def tel(number: str) -> Identifier:
    return normalise(IdentifierKind.TEL, Personal(number), "DK")


@pytest.fixture
def ada(tx: Transaction, vault: Vault, clock: FixedClock) -> SubjectId:
    email = normalise(IdentifierKind.EMAIL, Personal(ADA_EMAIL), "DK")
    return subjects.identify(tx, vault, clock, [tel(ADA_TEL), email])


@pytest.fixture
def made(tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId) -> Made:
    made = codes.make(tx, vault, clock, tel(ADA_TEL), asker=None, by=SYSTEM)
    assert isinstance(made, Made)
    return made


@pytest.fixture
def begun(tx: Transaction, vault: Vault, clock: FixedClock, made: Made) -> Begun:
    assert made.delivery is not None
    begun = visits.begin_by_code(tx, vault, clock, code=made.id, digits=made.delivery.digits)
    assert begun is not None
    return begun


def test_a_code_begins_one_visit_and_nothing_else_does(
    tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId, made: Made, begun: Begun
) -> None:
    assert made.delivery is not None
    assert visits.begin_by_code(tx, vault, clock, code=made.id, digits=made.delivery.digits) is None
    assert visits.begin_by_code(tx, vault, clock, code=CodeId(new_id()), digits=made.delivery.digits) is None
    assert visits.begin_by_receipt(tx, vault, clock, file=b"{}", key="none") is None
    visit = visits.enter(tx, vault, clock, begun.secret)
    assert visit is not None
    assert visit.subject == ada
    assert visits.enter(tx, vault, clock, Personal("another")) is None
    [kept] = tx.connection.execute("SELECT visits::text AS row FROM visits").fetchall()
    assert begun.secret.reveal("test") not in str(kept)


@pytest.mark.parametrize(
    ("after", "is_open"), [([19], True), ([21], False), ([15, 15, 15], True), ([15, 15, 15, 16], False)], ids=str
)
def test_it_ends_by_itself(
    tx: Transaction, vault: Vault, clock: FixedClock, begun: Begun, after: list[int], is_open: bool
) -> None:
    found = None
    for minutes in after:
        clock.at += timedelta(minutes=minutes)
        found = visits.enter(tx, vault, clock, begun.secret)
    assert (found is not None) is is_open
    clock.at += timedelta(days=1, hours=1)
    assert visits.forget_old(tx, clock) == 1


def test_its_bearer_ends_it(tx: Transaction, vault: Vault, clock: FixedClock, begun: Begun) -> None:
    visits.end(tx, clock, begun.visit.id)
    assert visits.enter(tx, vault, clock, begun.secret) is None


def test_an_erasure_ends_it(tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId, begun: Begun) -> None:
    vault.destroy_subject(tx, ada)
    assert visits.enter(tx, vault, clock, begun.secret) is None


def test_a_join_ends_it_and_undoing_that_does_not_bring_it_back(
    tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId, begun: Begun
) -> None:
    ben = subjects.identify(tx, vault, clock, [tel(BEN_TEL)])
    joined = joining.join(tx, vault, clock, ada, into=ben, reason=JoinReason.ENTERED_TWICE, by=DPO)
    assert visits.enter(tx, vault, clock, begun.secret) is None
    joining.undo(tx, clock, joined.id, by=DPO)
    assert visits.enter(tx, vault, clock, begun.secret) is None


def test_a_split_ends_it(tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId, begun: Begun) -> None:
    subjects.split(tx, vault, clock, ada, moved=[normalise(IdentifierKind.EMAIL, Personal(ADA_EMAIL), "DK")], by=DPO)
    assert visits.enter(tx, vault, clock, begun.secret) is None


def test_a_restore_ends_every_one(tx: Transaction, vault: Vault, clock: FixedClock, begun: Begun) -> None:
    assert visits.end_all(tx, clock) == 1
    assert visits.enter(tx, vault, clock, begun.secret) is None
    assert visits.end_all(tx, clock) == 0


def test_whose_form_it_was_is_known_when_the_visit_is_over_and_not_where_it_is_unclear_who_that_is(
    tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId, begun: Begun
) -> None:
    token = visits.form_token(begun.secret)
    visits.end(tx, clock, begun.visit.id)
    found = visits.of_form(tx, vault, token)
    assert found is not None
    assert (found.subject, visits.of_form(tx, vault, "x" * 64)) == (ada, None)
    subjects.split(tx, vault, clock, ada, moved=[normalise(IdentifierKind.EMAIL, Personal(ADA_EMAIL), "DK")], by=DPO)
    assert visits.of_form(tx, vault, token) is None
