"""Keys of terms, made where there are none that are good enough."""

from collections.abc import Sequence
from datetime import datetime

from rightcall.database.connection import Transaction
from rightcall.vault import keyring
from rightcall.vault.epochs import actions as epochs
from rightcall.vault.keyring import Term
from rightcall.vault.ports import KeyService
from rightcall.vault.terms import store
from rightcall.vault.wrapping import new_secret


def make(tx: Transaction, keys: KeyService, wanted: Sequence[Term], now: datetime) -> None:
    """Under the present epoch, in the order of their days. One that somebody else made meanwhile stays as it is."""
    if not wanted:
        return
    number, key = epochs.current(tx)
    for term in sorted(wanted, key=lambda term: (term.purpose, term.last_day)):
        blob = keys.wrap(key, new_secret(), keyring.term_context(tx.of, term))
        store.insert_term(tx, term, number, blob, now)
