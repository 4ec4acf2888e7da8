"""The table `openid_accounts`."""

from datetime import datetime

from rightcall.database.connection import Transaction
from rightcall.database.sql import all_rows, execute, maybe_row
from rightcall.ids import MemberId


def insert(tx: Transaction, blind: bytes, member: MemberId, at: datetime) -> None:
    execute(
        tx,
        "INSERT INTO openid_accounts (controller, blind, member, linked_at)"
        " VALUES (%(controller)s, %(blind)s, %(member)s, %(at)s)",
        controller=tx.of,
        blind=blind,
        member=member,
        at=at,
    )


def whose(tx: Transaction, blind: bytes) -> MemberId | None:
    row = maybe_row(
        tx,
        "SELECT member FROM openid_accounts WHERE controller = %(controller)s AND blind = %(blind)s",
        controller=tx.of,
        blind=blind,
    )
    return None if row is None else MemberId(row["member"])


def linked(tx: Transaction) -> set[MemberId]:
    rows = all_rows(tx, "SELECT member FROM openid_accounts WHERE controller = %(controller)s", controller=tx.of)
    return {MemberId(row["member"]) for row in rows}


def delete(tx: Transaction, member: MemberId) -> None:
    execute(
        tx,
        "DELETE FROM openid_accounts WHERE controller = %(controller)s AND member = %(member)s",
        controller=tx.of,
        member=member,
    )
