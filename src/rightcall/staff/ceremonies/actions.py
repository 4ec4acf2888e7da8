"""Beginning a sign-in and taking its answer: by the browser that began it, once, within minutes."""

import secrets
from datetime import timedelta

from rightcall.canonical import sha256
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.design.tongues import marked
from rightcall.errors import NotSignedIn
from rightcall.staff.ceremonies import store
from rightcall.staff.ceremonies.model import Begun, Ceremony, Kind

HOLDS = timedelta(minutes=10)
_BYTES = 32
_OVER = marked("This sign-in took too long, was answered already, or began in another browser. Begin again.")


def begin(system_tx: Transaction, clock: Clock, kind: Kind) -> Begun:
    """Those that nobody answered go meanwhile."""
    at = clock.now()
    store.delete_over(system_tx, at)
    ceremony = Ceremony(
        kind=kind,
        challenge=secrets.token_bytes(_BYTES),
        verifier=secrets.token_urlsafe(_BYTES) if kind is Kind.OPENID else None,
        expires_at=at + HOLDS,
    )
    begun = Begun(ceremony=ceremony, name=secrets.token_urlsafe(_BYTES), browser=secrets.token_urlsafe(_BYTES))
    store.insert(system_tx, _digest(begun.name), _digest(begun.browser), ceremony)
    return begun


def take(system_tx: Transaction, clock: Clock, kind: Kind, *, name: str, browser: str) -> Ceremony:
    """NotSignedIn where it is not there. Let the transaction commit whatever the answer is: it is used up."""
    found = store.take(system_tx, _digest(name), _digest(browser), kind)
    if found is None or clock.now() >= found.expires_at:
        raise NotSignedIn(_OVER)
    return found


def _digest(secret: str) -> bytes:
    return sha256(secret.encode())
