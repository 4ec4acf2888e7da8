"""Sealing and opening personal values of many people at once: each person's key is read and unwrapped once."""

from collections.abc import Mapping, Sequence

from rightcall.database.connection import Transaction
from rightcall.ids import SubjectId
from rightcall.vault import keyring, store
from rightcall.vault.keyring import Ring
from rightcall.vault.model import Dark, DarkReason
from rightcall.vault.opening import steady
from rightcall.vault.ports import KeyService
from rightcall.vault.wrapping import derive, unwrap, wrapper


def seal(tx: Transaction, keys: KeyService, values: Sequence[tuple[SubjectId, bytes]], context: str) -> list[bytes]:
    opened = _keys(tx, keys, {subject for subject, _ in values}, context)
    wraps = {subject: wrapper(key, bound_to) for subject, (key, bound_to) in opened.items()}
    return [wraps[subject](value) for subject, value in values]


def open_all(tx: Transaction, keys: KeyService, values: Sequence[tuple[SubjectId, bytes]], context: str) -> list[bytes]:
    opened = _keys(tx, keys, {subject for subject, _ in values}, context)
    return [unwrap(opened[subject][0], value, opened[subject][1]) for subject, value in values]


def _keys(tx: Transaction, keys: KeyService, subjects: set[SubjectId], context: str) -> Mapping[SubjectId, tuple[bytes, bytes]]:
    """For each person the key of their values in this context, and what these are bound to."""
    return steady(lambda: _read(tx, keys, subjects, context))


def _read(
    tx: Transaction, keys: KeyService, subjects: set[SubjectId], context: str
) -> Mapping[SubjectId, tuple[bytes, bytes]] | Dark:
    ring, opened = Ring(keys, tx.of), dict[SubjectId, tuple[bytes, bytes]]()
    found = store.subjects(tx, sorted(subjects))
    for subject in subjects:
        row = found.get(subject)
        if row is None or row.kept is None:
            return Dark(reason=DarkReason.NEVER_GRANTED if row is None else DarkReason.SUBJECT_ERASED)
        key = ring.subject(subject, row.kept)
        if isinstance(key, Dark):
            return key
        bound_to = keyring.value_context(tx.of, subject, context)
        opened[subject] = (derive(key, info=bound_to), bound_to)
    return opened
