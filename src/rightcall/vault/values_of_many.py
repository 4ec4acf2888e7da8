"""Sealing and opening personal values of many people at once: each person's key is read and unwrapped once."""

from collections.abc import Mapping, Sequence

from rightcall.database.connection import Transaction
from rightcall.ids import SubjectId
from rightcall.vault import keyring, rules, store
from rightcall.vault.keyring import Ring
from rightcall.vault.model import Dark, DarkReason
from rightcall.vault.opening import steadily_all
from rightcall.vault.ports import KeyService
from rightcall.vault.wrapping import derive, unwrap, wrapper


def seal(tx: Transaction, keys: KeyService, values: Sequence[tuple[SubjectId, bytes]], context: str) -> list[bytes]:
    return [rules.living(each) for each in seal_where_living(tx, keys, values, context)]


def seal_where_living(
    tx: Transaction, keys: KeyService, values: Sequence[tuple[SubjectId, bytes]], context: str
) -> list[bytes | Dark]:
    opened = _keys(tx, keys, {subject for subject, _ in values}, context)
    wraps = {subject: key if isinstance(key, Dark) else wrapper(*key) for subject, key in opened.items()}
    found = [(wraps[subject], value) for subject, value in values]
    return [wrap if isinstance(wrap, Dark) else wrap(value) for wrap, value in found]


def open_all(tx: Transaction, keys: KeyService, values: Sequence[tuple[SubjectId, bytes]], context: str) -> list[bytes]:
    opened = _keys(tx, keys, {subject for subject, _ in values}, context)
    found = [(rules.living(opened[subject]), value) for subject, value in values]
    return [unwrap(key, value, bound_to) for (key, bound_to), value in found]


def _keys(
    tx: Transaction, keys: KeyService, subjects: set[SubjectId], context: str
) -> Mapping[SubjectId, tuple[bytes, bytes] | Dark]:
    """For each person the key of their values in this context, and what these are bound to."""
    return steadily_all(lambda: _read(tx, keys, subjects, context))


def _read(
    tx: Transaction, keys: KeyService, subjects: set[SubjectId], context: str
) -> Mapping[SubjectId, tuple[bytes, bytes] | Dark]:
    ring, found = Ring(keys, tx.of), store.subjects(tx, sorted(subjects))

    def opened(subject: SubjectId) -> tuple[bytes, bytes] | Dark:
        row = found.get(subject)
        if row is None or row.kept is None:
            return Dark(reason=DarkReason.NEVER_GRANTED if row is None else DarkReason.SUBJECT_ERASED)
        key, bound_to = ring.subject(subject, row.kept), keyring.value_context(tx.of, subject, context)
        return key if isinstance(key, Dark) else (derive(key, info=bound_to), bound_to)

    return {subject: opened(subject) for subject in subjects}
