"""Giving, revoking and recognising API tokens."""

import secrets
from datetime import timedelta

from rightcall.actors import Actor, Role
from rightcall.canonical import sha256
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.errors import Malformed, NotAllowed, NotFound, NotSignedIn
from rightcall.ids import ControllerId, TokenId, new_id
from rightcall.ledger import actions as ledger
from rightcall.staff import store
from rightcall.staff.model import Deed, NewToken, NotThisRole, Token
from rightcall.staff.rules import READING_ROLES, TOKEN_ROLES, WHY_NOT, checked_label, is_to_touch, is_to_wait, permission
from rightcall.staff.statements import TokenAgreed, TokenCreated, TokenRevoked

PREFIX = "rightcall_"
_SECRET_BYTES = 32
_LENGTH = len(PREFIX) + 43
_UNKNOWN = (
    "This token is unknown, revoked or past its last day. Make one with `rightcall token create` and send it as"
    " `Authorization: Bearer TOKEN`."
)

_NO_SUCH = "There is no such token at this controller. `rightcall token list` shows those there are."
_WAITS = "This token opens nothing before a DPO has agreed to it: in the console, under Staff. Ask one of them."


def create_token(tx: Transaction, clock: Clock, *, role: Role, by: Actor, label: str = "", days: int = 365) -> NewToken:
    """A new token of the transaction's controller. Its secret is in the answer and nowhere else, ever again. `label`: the program
    that it is for, so that it can be told from others. One that reads what is held of people, and that an administrator made,
    opens nothing before a DPO has agreed."""
    if role not in TOKEN_ROLES:
        roles = ", ".join(sorted(TOKEN_ROLES))
        raise Malformed(f"A token cannot have the role {role}. Choose one of {roles}.")
    if not 1 <= days <= 3650:
        raise Malformed("A token lives for 1 to 3650 days. Choose a number of days in that range.")
    named, now = checked_label(label), clock.now()
    secret = PREFIX + secrets.token_urlsafe(_SECRET_BYTES)
    token = Token(
        id=TokenId(new_id()),
        controller=tx.of,
        role=role,
        label=named,
        made_by=by,
        created_at=now,
        expires_at=now + timedelta(days=days),
        revoked_at=None,
        used_at=None,
        waits=is_to_wait(role, by, among=READING_ROLES),
    )
    store.insert(tx, token, sha256(secret.encode()))
    ledger.append(
        tx,
        TokenCreated(
            at=now,
            controller=tx.of,
            token=token.id,
            token_role=role,
            expires_at=token.expires_at,
            actor=by.id,
            role=by.role,
        ),
    )
    return NewToken(token=token, secret=secret)


def revoke_token(tx: Transaction, clock: Clock, *, token: TokenId, by: Actor) -> None:
    """The token opens nothing from now on. Revoking one that was revoked before changes nothing."""
    if store.get(tx, token) is None:
        raise NotFound(_NO_SUCH)
    now = clock.now()
    if store.revoke(tx, token, now) == 1:
        ledger.append(tx, TokenRevoked(at=now, controller=tx.of, token=token, actor=by.id, role=by.role))


def agree_to_token(tx: Transaction, clock: Clock, *, token: TokenId, by: Actor) -> None:
    """From now on it opens what its role may. Again is fine; one that was revoked stays so."""
    require(by, Deed.AGREE_TO_ACCESS)
    found = store.get(tx, token)
    if found is None:
        raise NotFound(_NO_SUCH)
    if store.agree(tx, token) == 1:
        said = TokenAgreed(at=clock.now(), controller=tx.of, token=token, token_role=found.role, actor=by.id, role=by.role)
        ledger.append(tx, said)


def tokens(tx: Transaction) -> list[Token]:
    """All tokens of the controller, also those that are over; oldest first."""
    return store.all_of(tx)


def authenticate(system_tx: Transaction, clock: Clock, secret: str) -> tuple[ControllerId, Actor]:
    """Whose token this is. Takes a system transaction, since the token itself says which controller follows.

    The secret is looked up by its hash, so the time this takes tells nothing about it.
    """
    if len(secret) != _LENGTH or not secret.startswith(PREFIX) or not secret.isascii():
        raise NotSignedIn(_UNKNOWN)
    token, now = store.by_digest(system_tx, sha256(secret.encode())), clock.now()
    if token is None or not token.opens(now):
        raise NotSignedIn(_UNKNOWN)
    if token.waits:
        raise NotSignedIn(_WAITS)
    if is_to_touch(token, now):
        store.touch(system_tx, token, now)
    return token.controller, Actor(id=token.id, role=token.role)


def require(actor: Actor, deed: Deed) -> None:
    """Raises NotAllowed, naming the roles that may, unless the actor's role may do this."""
    answer = permission(actor.role, deed)
    if isinstance(answer, NotThisRole):
        roles = ", ".join(sorted(answer.may)) or "no role"
        why = f" {WHY_NOT[deed]}" if deed in WHY_NOT else ""
        raise NotAllowed(f"The role {actor.role} may not {deed}. These may: {roles}.{why}")
