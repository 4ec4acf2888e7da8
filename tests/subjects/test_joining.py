"""Two subjects that are one person: shown as one, erased as one, and two again, exactly, when it is undone."""

import pytest

from rightcall.actors import Actor, Role
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, NotFound
from rightcall.ids import StatementId, SubjectId, new_id
from rightcall.personal import Personal
from rightcall.subjects import actions as subjects
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.model import Identifier, IdentifierKind, JoinReason
from rightcall.vault.actions import Vault
from tests.cast import ADA_EMAIL, ADA_TEL, BEN_TEL
from tests.conftest import FixedClock

DPO = Actor(id=new_id(), role=Role.DPO)
EMAIL = Identifier(kind=IdentifierKind.EMAIL, value=Personal(ADA_EMAIL))
OLD, NEW = (Identifier(kind=IdentifierKind.TEL, value=Personal(tel)) for tel in (ADA_TEL, BEN_TEL))


@pytest.fixture
def two(tx: Transaction, vault: Vault, clock: FixedClock) -> tuple[SubjectId, SubjectId]:
    return subjects.identify(tx, vault, clock, [OLD, EMAIL]), subjects.identify(tx, vault, clock, [NEW])


def everything(tx: Transaction) -> list[str]:
    """All rows of all tables that say what belongs to whom."""
    found = []
    for table in ("subjects", "identifiers", "subject_keys", "grant_keys", "choices", "parties", "holdings", "known_clues"):
        rows = tx.connection.execute(f"SELECT row_to_json(t)::text AS told FROM {table} t ORDER BY 1").fetchall()  # noqa: S608
        found += [f"{table} {row['told']}" for row in rows]
    return found


def test_both_are_the_person_whoever_is_asked_for(
    tx: Transaction, vault: Vault, clock: FixedClock, two: tuple[SubjectId, SubjectId]
) -> None:
    old, new = two
    assert joining.person(tx, new) == (new,)
    made = joining.join(tx, vault, clock, new, into=old, reason=JoinReason.PERSON_SAID_SO, by=DPO)
    assert joining.person(tx, new) == joining.person(tx, old) == (old, new)
    assert joining.joins_of(tx, new) == [made]


def test_undoing_leaves_everything_as_it_was(
    tx: Transaction, vault: Vault, clock: FixedClock, two: tuple[SubjectId, SubjectId]
) -> None:
    before = everything(tx)
    made = joining.join(tx, vault, clock, two[1], into=two[0], reason=JoinReason.PERSON_SAID_SO, by=DPO)
    assert everything(tx) == before
    undone = joining.undo(tx, clock, made.id, by=DPO)
    assert undone.undone_at is not None
    assert joining.undo(tx, clock, made.id, by=DPO) == undone
    assert everything(tx) == before
    assert joining.person(tx, two[0]) == (two[0],)
    assert joining.joins_of(tx, two[0]) == [undone]


def test_coming_calls_are_of_the_one_that_stands_for_the_person(
    tx: Transaction, vault: Vault, clock: FixedClock, two: tuple[SubjectId, SubjectId]
) -> None:
    made = joining.join(tx, vault, clock, two[1], into=two[0], reason=JoinReason.ENTERED_TWICE, by=DPO)
    assert subjects.identify(tx, vault, clock, [NEW]) == two[0]
    joining.undo(tx, clock, made.id, by=DPO)
    assert subjects.identify(tx, vault, clock, [OLD]) == two[0]


def test_joins_make_a_tree_and_never_a_circle(
    tx: Transaction, vault: Vault, clock: FixedClock, two: tuple[SubjectId, SubjectId]
) -> None:
    third = subjects.identify(tx, vault, clock, [])
    first = joining.join(tx, vault, clock, two[1], into=two[0], reason=JoinReason.ENTERED_TWICE, by=DPO)
    joining.join(tx, vault, clock, two[0], into=third, reason=JoinReason.ENTERED_TWICE, by=DPO)
    assert joining.person(tx, two[1]) == (third, *sorted(two))
    with pytest.raises(Conflict, match="one person already"):
        joining.join(tx, vault, clock, third, into=two[1], reason=JoinReason.ENTERED_TWICE, by=DPO)
    joining.undo(tx, clock, first.id, by=DPO)
    assert joining.person(tx, two[1]) == (two[1],)
    assert joining.person(tx, third) == (third, two[0])


def test_nothing_is_joined_to_somebody_erased_or_not_known_yet(
    tx: Transaction, vault: Vault, clock: FixedClock, two: tuple[SubjectId, SubjectId]
) -> None:
    vault.destroy_subject(tx, two[1])
    with pytest.raises(Conflict, match="was erased"):
        joining.join(tx, vault, clock, two[1], into=two[0], reason=JoinReason.ENTERED_TWICE, by=DPO)
    other = subjects.split(tx, vault, clock, two[0], moved=[], shared=[OLD], by_calls=True, by=DPO)
    pending = subjects.identify(tx, vault, clock, [OLD])
    assert subjects.get(tx, pending).ambiguous
    with pytest.raises(Conflict, match="not known yet"):
        joining.join(tx, vault, clock, pending, into=other, reason=JoinReason.ENTERED_TWICE, by=DPO)


def test_there_is_no_such_join(tx: Transaction) -> None:
    with pytest.raises(NotFound):
        joining.get_join(tx, StatementId(new_id()))


def test_the_ledger_names_neither(tx: Transaction, vault: Vault, clock: FixedClock, two: tuple[SubjectId, SubjectId]) -> None:
    made = joining.join(tx, vault, clock, two[1], into=two[0], reason=JoinReason.ENTERED_TWICE, by=DPO)
    joining.undo(tx, clock, made.id, by=DPO)
    leaves = [bytes(row["leaf"]) for row in tx.connection.execute("SELECT leaf FROM statements").fetchall()]
    assert sum(b"subjects.join" in leaf for leaf in leaves) == 2
    assert not any(str(each).encode() in leaf for leaf in leaves for each in two)
