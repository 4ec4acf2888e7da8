"""What is right, and what was wrong: sealed under the person's key, and dark once they are erased."""

from rightcall.database.connection import Transaction
from rightcall.ids import CorrectionId, SubjectId
from rightcall.personal import Personal
from rightcall.requests.corrections import store
from rightcall.requests.corrections.model import KeptCorrection
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark


def seal(tx: Transaction, vault: Vault, subject: SubjectId, correction: CorrectionId, value: Personal[str]) -> bytes:
    return vault.seal_value(tx, subject, value.reveal("seal a corrected value").encode(), _context(correction))


def value_of(tx: Transaction, vault: Vault, kept: KeptCorrection) -> Personal[str] | Dark:
    """What is right."""
    value = vault.open_value(tx, kept.subject, kept.sealed, _context(kept.id))
    return value if isinstance(value, Dark) else Personal(value.decode())


def was_of(tx: Transaction, vault: Vault, kept: KeptCorrection) -> Personal[str] | Dark | None:
    """What stood there before; None where nobody has read it."""
    if kept.sealed_was is None:
        return None
    value = vault.open_value(tx, kept.subject, kept.sealed_was, f"{_context(kept.id)}.was")
    return value if isinstance(value, Dark) else Personal(value.decode())


def keep_was(tx: Transaction, vault: Vault, kept: KeptCorrection, was: Personal[str]) -> None:
    """Once, before anything is put right."""
    sealed = vault.seal_value(tx, kept.subject, was.reveal("seal what was wrong").encode(), f"{_context(kept.id)}.was")
    store.set_was(tx, kept.id, sealed)


def _context(correction: CorrectionId) -> str:
    return f"requests.correction:{correction}"
