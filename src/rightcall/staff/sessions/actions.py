"""Beginning, recognising and ending sessions. The rows are the log of who signed in, when and how, too: kept for ninety days,
shown to the member and to whoever looks after accounts, and not part of the ledger, which nobody can forget.
"""

import hmac
import secrets

from rightcall.canonical import sha256
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.design.tongues import marked
from rightcall.errors import NotFound, NotSignedIn
from rightcall.ids import MemberId, SessionId, new_id
from rightcall.staff.sessions import rules, store
from rightcall.staff.sessions.model import Limits, NewSession, Session, SignedIn, Way

_SECRET_BYTES = 32
_LENGTH = 43
_OVER = marked("You are not signed in, or were for too long. Sign in again.")


def begin(tx: Transaction, clock: Clock, member: MemberId, way: Way, limits: Limits) -> NewSession:
    """A new secret each time: whatever the browser had before opens nothing of this."""
    at, secret = clock.now(), secrets.token_urlsafe(_SECRET_BYTES)
    session = Session(
        id=SessionId(new_id()),
        member=member,
        way=way,
        signed_in_at=at,
        seen_at=at,
        expires_at=at + limits.longest,
        ended_at=None,
    )
    store.insert(tx, session, sha256(secret.encode()), _form_digest(form_token(secret)))
    return NewSession(session=session, secret=secret)


def authenticate(system_tx: Transaction, clock: Clock, secret: str, limits: Limits) -> SignedIn:
    """Whose session this is. Takes a system transaction, since the session itself says which controller follows.

    The secret is looked up by its hash, so the time this takes tells nothing about it.
    """
    if len(secret) != _LENGTH or not secret.isascii():
        raise NotSignedIn(_OVER)
    found, now = store.by_digest(system_tx, sha256(secret.encode())), clock.now()
    if found is None or found.is_suspended or rules.is_over(found.session, limits, now):
        raise NotSignedIn(_OVER)
    if rules.is_to_touch(found.session, limits, now):
        store.touch(system_tx, found.session, found.controller, now)
    return SignedIn(controller=found.controller, actor=found.actor, session=found.session)


def of_form(system_tx: Transaction, token: str) -> SignedIn | None:
    """Whose session a form was made for, be it over or not: it lets nobody in. None where nobody knows it any more, and of a
    member who is suspended."""
    found = store.by_form(system_tx, _form_digest(token))
    if found is None or found.is_suspended:
        return None
    return SignedIn(controller=found.controller, actor=found.actor, session=found.session)


def form_token(secret: str) -> str:
    """What a form of this session carries, so that nobody else's page can send it. Its digest is kept, to know whose form came
    too late."""
    return hmac.digest(secret.encode(), b"rightcall form", "sha256").hex()


def is_form_token(secret: str, given: str) -> bool:
    return hmac.compare_digest(form_token(secret).encode(), given.encode())


def of_member(tx: Transaction, member: MemberId) -> list[Session]:
    """All that are known, newest first, also those that are over."""
    return store.of_member(tx, member)


def end(tx: Transaction, clock: Clock, session: SessionId, *, of: MemberId) -> None:
    """Now. `of`: whose it has to be. Again is fine."""
    if session not in (each.id for each in store.of_member(tx, of)):
        raise NotFound("There is no such session here. Look at the list again.")
    store.end(tx, session, clock.now())


def end_all(tx: Transaction, clock: Clock, member: MemberId) -> int:
    """How many there were."""
    return store.end_all(tx, member, clock.now())


def forget_old(tx: Transaction, clock: Clock) -> int:
    return store.delete_before(tx, clock.now() - rules.KEPT)


def _form_digest(token: str) -> bytes:
    return sha256(token.encode())
