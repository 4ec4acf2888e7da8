"""What subjects are known by from records in other systems: blinds, whose values stay where they are.

Linking asks here who shares what, and says what a linked record tells. Whose a record is, is decided in `discovery.linking`.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.ids import SubjectId
from rightcall.subjects.knowing import store
from rightcall.subjects.model import KnownBy
from rightcall.subjects.store import delete_known, hold_blinds
from rightcall.vault.actions import Vault


def newcomers(tx: Transaction, vault: Vault, clock: Clock, subjects: Sequence[SubjectId]) -> None:
    """People whom nobody knew, and who are known by records alone as yet."""
    if subjects:
        store.insert_subjects(tx, subjects, clock.now())
        vault.create_subjects(tx, subjects)


def hold(tx: Transaction, blinds: Iterable[bytes]) -> None:
    """Whoever is about to be found or made by one of these is found or made once."""
    hold_blinds(tx, list(blinds))


def know(tx: Transaction, known: Sequence[tuple[KnownBy, UUID]]) -> None:
    """Each with the record that tells it. Again is fine."""
    if known:
        store.insert_known(tx, known)


def unknow(tx: Transaction, subject: SubjectId, record: UUID) -> int:
    """This record is not about the subject, so what it told is forgotten. How much that was."""
    return delete_known(tx, subject, record)


def forget_records(tx: Transaction, told: Sequence[tuple[UUID, SubjectId]]) -> None:
    """What these records told of whom they were about."""
    if told:
        store.delete_records(tx, told)


def forget(tx: Transaction, told: Sequence[tuple[KnownBy, UUID]]) -> None:
    """Each record tells of these people still, and this of it is somebody else's."""
    if told:
        store.delete_told(tx, told)


be_somebody = store.be_somebody
given_by = store.given_by
known_of = store.known_of
named = store.named
joinable = store.joinable
sharing = store.sharing
shared_by = store.shared_by
count_subjects = store.count_subjects
