"""The table `request_codes`."""

from dataclasses import dataclass
from datetime import datetime

from rightcall.actors import Actor
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import SubjectId
from rightcall.requests.codes.model import Code, CodeId


def lock(tx: Transaction) -> None:
    """The limits are of what was made before, so two that come at once are counted one after the other."""
    sql.take_turns(tx, "request_codes")


def insert_code(tx: Transaction, code: Code, *, blind: bytes, asker: bytes | None, by: Actor, at: datetime) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO request_codes (controller, code, subject, blind, asker, actor, digest, made_at, expires_at, tries)
        VALUES (%(controller)s, %(code)s, %(subject)s, %(blind)s, %(asker)s, %(actor)s, %(digest)s, %(at)s, %(expires_at)s, 0)
        """,
        controller=tx.of,
        code=code.id,
        subject=code.subject,
        blind=blind,
        asker=asker,
        actor=by.id,
        digest=code.digest,
        at=at,
        expires_at=code.expires_at,
    )


def code_for_update(tx: Transaction, code: CodeId) -> Code | None:
    row = sql.maybe_row(
        tx,
        """
        SELECT code, subject, digest, expires_at, tries, used_at FROM request_codes
        WHERE controller = %(controller)s AND code = %(code)s FOR UPDATE
        """,
        controller=tx.of,
        code=code,
    )
    if row is None:
        return None
    return Code(
        id=CodeId(row["code"]),
        subject=None if row["subject"] is None else SubjectId(row["subject"]),
        digest=bytes(row["digest"]),
        expires_at=row["expires_at"],
        tries=row["tries"],
        used_at=row["used_at"],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """How many codes were made."""

    for_identifier: int
    for_it_by_asker: int
    by_asker: int
    by_token: int


def made_since(tx: Transaction, since: datetime, *, blind: bytes, asker: bytes | None, by: Actor) -> Made:
    row = sql.one_row(
        tx,
        """
        SELECT count(*) FILTER (WHERE blind = %(blind)s) AS for_identifier,
               count(*) FILTER (WHERE blind = %(blind)s AND asker IS NOT DISTINCT FROM %(asker)s) AS for_it_by_asker,
               count(*) FILTER (WHERE asker = %(asker)s) AS by_asker,
               count(*) FILTER (WHERE actor = %(actor)s) AS by_token
          FROM request_codes WHERE controller = %(controller)s AND made_at > %(since)s
        """,
        controller=tx.of,
        since=since,
        blind=blind,
        asker=asker,
        actor=by.id,
    )
    return Made(
        for_identifier=row["for_identifier"],
        for_it_by_asker=row["for_it_by_asker"],
        by_asker=row["by_asker"],
        by_token=row["by_token"],
    )


def sent_since(tx: Transaction, since: datetime, *, by: Actor) -> int:
    """How many went to somebody."""
    row = sql.one_row(
        tx,
        """
        SELECT count(*) AS sent FROM request_codes
         WHERE controller = %(controller)s AND actor = %(actor)s AND made_at > %(since)s AND subject IS NOT NULL
        """,
        controller=tx.of,
        actor=by.id,
        since=since,
    )
    sent: int = row["sent"]
    return sent


def set_tried(tx: Transaction, code: CodeId) -> None:
    sql.execute(
        tx,
        "UPDATE request_codes SET tries = tries + 1 WHERE controller = %(controller)s AND code = %(code)s",
        controller=tx.of,
        code=code,
    )


def set_used(tx: Transaction, code: CodeId, at: datetime) -> None:
    sql.execute(
        tx,
        "UPDATE request_codes SET used_at = %(at)s WHERE controller = %(controller)s AND code = %(code)s",
        controller=tx.of,
        code=code,
        at=at,
    )


def delete_made_before(tx: Transaction, at: datetime) -> int:
    return sql.execute(
        tx,
        "DELETE FROM request_codes WHERE controller = %(controller)s AND made_at < %(at)s",
        controller=tx.of,
        at=at,
    )
