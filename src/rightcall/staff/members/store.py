"""The tables `members` and `sign_up_links`."""

from datetime import datetime
from uuid import UUID

from rightcall.actors import Role
from rightcall.database.connection import Transaction
from rightcall.database.sql import Row, all_rows, execute, maybe_row
from rightcall.ids import ControllerId, MemberId, SubjectId
from rightcall.staff.members.model import Member


def insert(tx: Transaction, member: Member, *, name: bytes, address: bytes | None, blind: bytes | None) -> int:
    """0 where somebody has this address."""
    return execute(
        tx,
        "INSERT INTO members (controller, member, key, role, sealed_name, sealed_address, address_blind, created_at, waits)"
        " VALUES (%(controller)s, %(member)s, %(key)s, %(role)s, %(name)s, %(address)s, %(blind)s, %(created_at)s, %(waits)s)"
        " ON CONFLICT (controller, address_blind) WHERE address_blind IS NOT NULL DO NOTHING",
        controller=tx.of,
        member=member.id,
        key=member.key,
        role=member.role.value,
        name=name,
        address=address,
        blind=blind,
        created_at=member.created_at,
        waits=member.waits,
    )


def get(tx: Transaction, member: MemberId) -> Member | None:
    """Held until the transaction ends."""
    row = maybe_row(
        tx,
        "SELECT controller, member, key, role, created_at, suspended_at, forgotten_at, waits FROM members"
        " WHERE controller = %(controller)s AND member = %(member)s FOR UPDATE",
        controller=tx.of,
        member=member,
    )
    return None if row is None else _member(row)


def by_blind(tx: Transaction, blind: bytes) -> Member | None:
    row = maybe_row(
        tx,
        "SELECT controller, member, key, role, created_at, suspended_at, forgotten_at, waits FROM members"
        " WHERE controller = %(controller)s AND address_blind = %(blind)s",
        controller=tx.of,
        blind=blind,
    )
    return None if row is None else _member(row)


def all_of(tx: Transaction) -> list[Member]:
    rows = all_rows(
        tx,
        "SELECT controller, member, key, role, created_at, suspended_at, forgotten_at, waits FROM members"
        " WHERE controller = %(controller)s ORDER BY member",
        controller=tx.of,
    )
    return [_member(row) for row in rows]


def hold_all(tx: Transaction) -> list[Member]:
    """All of them, and nobody else changes one until the transaction ends."""
    rows = all_rows(
        tx,
        "SELECT controller, member, key, role, created_at, suspended_at, forgotten_at, waits FROM members"
        " WHERE controller = %(controller)s ORDER BY member FOR UPDATE",
        controller=tx.of,
    )
    return [_member(row) for row in rows]


def sealed(tx: Transaction) -> dict[MemberId, tuple[bytes, bytes | None]]:
    """Name and address of all who were not forgotten."""
    rows = all_rows(
        tx,
        "SELECT member, sealed_name, sealed_address FROM members WHERE controller = %(controller)s AND forgotten_at IS NULL",
        controller=tx.of,
    )
    return {MemberId(row["member"]): (bytes(row["sealed_name"]), _maybe(row["sealed_address"])) for row in rows}


def sealed_of(tx: Transaction, member: MemberId) -> tuple[bytes, bytes | None] | None:
    """Name and address; None once they were forgotten."""
    row = maybe_row(
        tx,
        "SELECT sealed_name, sealed_address FROM members"
        " WHERE controller = %(controller)s AND member = %(member)s AND forgotten_at IS NULL",
        controller=tx.of,
        member=member,
    )
    return None if row is None else (bytes(row["sealed_name"]), _maybe(row["sealed_address"]))


def set_role(tx: Transaction, member: MemberId, role: Role) -> None:
    execute(
        tx,
        "UPDATE members SET role = %(role)s WHERE controller = %(controller)s AND member = %(member)s",
        controller=tx.of,
        member=member,
        role=role.value,
    )


def set_waits(tx: Transaction, member: MemberId, waits: bool) -> None:
    execute(
        tx,
        "UPDATE members SET waits = %(waits)s WHERE controller = %(controller)s AND member = %(member)s",
        controller=tx.of,
        member=member,
        waits=waits,
    )


def set_suspended(tx: Transaction, member: MemberId, at: datetime | None) -> None:
    execute(
        tx,
        "UPDATE members SET suspended_at = %(at)s WHERE controller = %(controller)s AND member = %(member)s",
        controller=tx.of,
        member=member,
        at=at,
    )


def forget(tx: Transaction, member: MemberId, at: datetime) -> None:
    execute(
        tx,
        "UPDATE members SET sealed_name = NULL, sealed_address = NULL, address_blind = NULL, forgotten_at = %(at)s"
        " WHERE controller = %(controller)s AND member = %(member)s",
        controller=tx.of,
        member=member,
        at=at,
    )


def delete_links(tx: Transaction, member: MemberId) -> None:
    """Those that nobody used."""
    execute(
        tx,
        "DELETE FROM sign_up_links WHERE controller = %(controller)s AND member = %(member)s AND used_at IS NULL",
        controller=tx.of,
        member=member,
    )


def insert_link(tx: Transaction, link: UUID, member: MemberId, digest: bytes, *, made_at: datetime, expires_at: datetime) -> None:
    execute(
        tx,
        "INSERT INTO sign_up_links (controller, link, member, digest, made_at, expires_at)"
        " VALUES (%(controller)s, %(link)s, %(member)s, %(digest)s, %(made_at)s, %(expires_at)s)",
        controller=tx.of,
        link=link,
        member=member,
        digest=digest,
        made_at=made_at,
        expires_at=expires_at,
    )


def whose_link(system_tx: Transaction, digest: bytes, at: datetime) -> tuple[ControllerId, MemberId] | None:
    row = maybe_row(
        system_tx,
        "SELECT l.controller, l.member FROM sign_up_links l"
        " JOIN members m ON m.controller = l.controller AND m.member = l.member"
        " WHERE l.digest = %(digest)s AND l.used_at IS NULL AND l.expires_at > %(at)s AND m.suspended_at IS NULL",
        digest=digest,
        at=at,
    )
    return None if row is None else (ControllerId(row["controller"]), MemberId(row["member"]))


def spend_link(tx: Transaction, digest: bytes, at: datetime) -> int:
    return execute(
        tx,
        "UPDATE sign_up_links SET used_at = %(at)s WHERE controller = %(controller)s AND digest = %(digest)s"
        " AND used_at IS NULL AND expires_at > %(at)s",
        controller=tx.of,
        digest=digest,
        at=at,
    )


def _maybe(blob: bytes | None) -> bytes | None:
    return None if blob is None else bytes(blob)


def _member(row: Row) -> Member:
    return Member(
        id=MemberId(row["member"]),
        controller=ControllerId(row["controller"]),
        key=SubjectId(row["key"]),
        role=Role(row["role"]),
        created_at=row["created_at"],
        suspended_at=row["suspended_at"],
        forgotten_at=row["forgotten_at"],
        waits=row["waits"],
    )
