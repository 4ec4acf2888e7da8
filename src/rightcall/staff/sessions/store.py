"""The table `sessions`."""

from dataclasses import dataclass
from datetime import datetime

from rightcall.actors import Actor, Role
from rightcall.database.connection import Transaction
from rightcall.database.sql import Row, all_rows, execute, maybe_row
from rightcall.ids import ControllerId, MemberId, SessionId
from rightcall.staff.sessions.model import Session, Way


@dataclass(frozen=True, slots=True)
class Found:
    controller: ControllerId
    session: Session
    actor: Actor
    is_suspended: bool


def insert(tx: Transaction, session: Session, digest: bytes, form_digest: bytes) -> None:
    execute(
        tx,
        "INSERT INTO sessions (controller, session, member, digest, form_digest, way, signed_in_at, seen_at, expires_at)"
        " VALUES (%(controller)s, %(session)s, %(member)s, %(digest)s, %(form_digest)s, %(way)s, %(signed_in_at)s, %(seen_at)s,"
        " %(expires_at)s)",
        controller=tx.of,
        session=session.id,
        member=session.member,
        digest=digest,
        form_digest=form_digest,
        way=session.way.value,
        signed_in_at=session.signed_in_at,
        seen_at=session.seen_at,
        expires_at=session.expires_at,
    )


def by_digest(system_tx: Transaction, digest: bytes) -> Found | None:
    row = maybe_row(
        system_tx,
        "SELECT s.controller, s.session, s.member, s.way, s.signed_in_at, s.seen_at, s.expires_at, s.ended_at,"
        " m.role, m.suspended_at FROM sessions s JOIN members m ON m.controller = s.controller AND m.member = s.member"
        " WHERE s.digest = %(digest)s",
        digest=digest,
    )
    return None if row is None else _found(row)


def by_form(system_tx: Transaction, form_digest: bytes) -> Found | None:
    row = maybe_row(
        system_tx,
        "SELECT s.controller, s.session, s.member, s.way, s.signed_in_at, s.seen_at, s.expires_at, s.ended_at,"
        " m.role, m.suspended_at FROM sessions s JOIN members m ON m.controller = s.controller AND m.member = s.member"
        " WHERE s.form_digest = %(form_digest)s",
        form_digest=form_digest,
    )
    return None if row is None else _found(row)


def touch(system_tx: Transaction, session: Session, controller: ControllerId, at: datetime) -> None:
    execute(
        system_tx,
        "UPDATE sessions SET seen_at = %(at)s WHERE controller = %(controller)s AND session = %(session)s AND seen_at < %(at)s",
        controller=controller,
        session=session.id,
        at=at,
    )


def of_member(tx: Transaction, member: MemberId) -> list[Session]:
    """Newest first."""
    rows = all_rows(
        tx,
        "SELECT session, member, way, signed_in_at, seen_at, expires_at, ended_at FROM sessions"
        " WHERE controller = %(controller)s AND member = %(member)s ORDER BY signed_in_at DESC, session DESC",
        controller=tx.of,
        member=member,
    )
    return [_session(row) for row in rows]


def end(tx: Transaction, session: SessionId, at: datetime) -> int:
    return execute(
        tx,
        "UPDATE sessions SET ended_at = %(at)s WHERE controller = %(controller)s AND session = %(session)s AND ended_at IS NULL",
        controller=tx.of,
        session=session,
        at=at,
    )


def end_all(tx: Transaction, member: MemberId, at: datetime) -> int:
    return execute(
        tx,
        "UPDATE sessions SET ended_at = %(at)s WHERE controller = %(controller)s AND member = %(member)s AND ended_at IS NULL",
        controller=tx.of,
        member=member,
        at=at,
    )


def delete_before(tx: Transaction, at: datetime) -> int:
    return execute(
        tx,
        "DELETE FROM sessions WHERE controller = %(controller)s AND signed_in_at < %(at)s",
        controller=tx.of,
        at=at,
    )


def _found(row: Row) -> Found:
    return Found(
        controller=ControllerId(row["controller"]),
        session=_session(row),
        actor=Actor(id=row["member"], role=Role(row["role"])),
        is_suspended=row["suspended_at"] is not None,
    )


def _session(row: Row) -> Session:
    return Session(
        id=SessionId(row["session"]),
        member=MemberId(row["member"]),
        way=Way(row["way"]),
        signed_in_at=row["signed_in_at"],
        seen_at=row["seen_at"],
        expires_at=row["expires_at"],
        ended_at=row["ended_at"],
    )
