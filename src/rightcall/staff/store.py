"""The table `tokens`."""

from datetime import datetime

from rightcall.actors import Actor, Role
from rightcall.database.connection import Transaction
from rightcall.database.sql import Row, all_rows, execute, maybe_row
from rightcall.ids import ControllerId, TokenId
from rightcall.staff.model import Token


def insert(tx: Transaction, token: Token, digest: bytes) -> None:
    execute(
        tx,
        "INSERT INTO tokens (controller, token, digest, role, label, made_by, made_by_role, created_at, expires_at, waits)"
        " VALUES (%(controller)s, %(token)s, %(digest)s, %(role)s, %(label)s, %(made_by)s, %(made_by_role)s, %(created_at)s,"
        " %(expires_at)s, %(waits)s)",
        controller=token.controller,
        token=token.id,
        digest=digest,
        role=token.role.value,
        label=token.label,
        made_by=None if token.made_by is None else token.made_by.id,
        made_by_role=None if token.made_by is None else token.made_by.role.value,
        created_at=token.created_at,
        expires_at=token.expires_at,
        waits=token.waits,
    )


def by_digest(tx: Transaction, digest: bytes) -> Token | None:
    row = maybe_row(
        tx,
        "SELECT controller, token, role, label, made_by, made_by_role, created_at, expires_at, revoked_at, used_at, waits"
        " FROM tokens WHERE digest = %(digest)s",
        digest=digest,
    )
    return None if row is None else _token(row)


def get(tx: Transaction, token: TokenId) -> Token | None:
    row = maybe_row(
        tx,
        "SELECT controller, token, role, label, made_by, made_by_role, created_at, expires_at, revoked_at, used_at, waits"
        " FROM tokens WHERE controller = %(controller)s AND token = %(token)s",
        controller=tx.of,
        token=token,
    )
    return None if row is None else _token(row)


def all_of(tx: Transaction) -> list[Token]:
    rows = all_rows(
        tx,
        "SELECT controller, token, role, label, made_by, made_by_role, created_at, expires_at, revoked_at, used_at, waits"
        " FROM tokens WHERE controller = %(controller)s ORDER BY token",
        controller=tx.of,
    )
    return [_token(row) for row in rows]


def revoke(tx: Transaction, token: TokenId, at: datetime) -> int:
    return execute(
        tx,
        "UPDATE tokens SET revoked_at = %(at)s WHERE controller = %(controller)s AND token = %(token)s AND revoked_at IS NULL",
        controller=tx.of,
        token=token,
        at=at,
    )


def agree(tx: Transaction, token: TokenId) -> int:
    return execute(
        tx,
        "UPDATE tokens SET waits = false"
        " WHERE controller = %(controller)s AND token = %(token)s AND waits AND revoked_at IS NULL",
        controller=tx.of,
        token=token,
    )


def touch(system_tx: Transaction, token: Token, at: datetime) -> None:
    """Whoever else writes it down just now is not waited for."""
    execute(
        system_tx,
        "UPDATE tokens SET used_at = %(at)s WHERE (controller, token) = (SELECT controller, token FROM tokens"
        " WHERE controller = %(controller)s AND token = %(token)s AND (used_at IS NULL OR used_at < %(at)s)"
        " FOR NO KEY UPDATE SKIP LOCKED)",
        controller=token.controller,
        token=token.id,
        at=at,
    )


def _token(row: Row) -> Token:
    return Token(
        id=TokenId(row["token"]),
        controller=ControllerId(row["controller"]),
        role=Role(row["role"]),
        label=row["label"],
        made_by=None if row["made_by"] is None else Actor(id=row["made_by"], role=Role(row["made_by_role"])),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        revoked_at=row["revoked_at"],
        used_at=row["used_at"],
        waits=row["waits"],
    )
