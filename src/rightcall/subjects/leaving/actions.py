"""What people were known by whose erasure is not settled: blinds alone, so that nobody is told meanwhile that nothing is held
under it. They are forgotten with the certificate that says that everything is let go of (docs/adr/0030)."""

from rightcall.database.connection import Transaction
from rightcall.errors import Conflict
from rightcall.ids import ErasureId, SubjectId
from rightcall.subjects.actions import blind_of
from rightcall.subjects.leaving import store
from rightcall.subjects.model import Identifier
from rightcall.vault.actions import Vault

_NOT_KNOWN = b""


def keep(tx: Transaction, *, erasure: ErasureId, subject: SubjectId) -> None:
    """To be called before the subject's identifiers are forgotten, in the same transaction. Again is fine."""
    store.keep_leaving(tx, erasure, subject)


def is_leaving(tx: Transaction, vault: Vault, identifier: Identifier) -> bool:
    """Whether it was somebody's whose erasure is not settled. Conflict where that cannot be known."""
    found = store.leaving(tx, [blind_of(tx, vault, identifier), _NOT_KNOWN])
    if found == {_NOT_KNOWN}:
        raise Conflict(
            "It cannot be said that nothing is held: an erasure that an earlier version began is not settled, and what that"
            " person was known by is not known any more. Settle it first: `rightcall erasure list` shows what is open elsewhere."
        )
    return bool(found)


def left_by(tx: Transaction, vault: Vault, identifier: Identifier) -> list[ErasureId]:
    """By which erasures that are not settled somebody left who was known by this; the oldest first."""
    return store.left_by(tx, blind_of(tx, vault, identifier))


settle = store.forget_leaving
