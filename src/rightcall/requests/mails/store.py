"""The table `request_mails`."""

from datetime import datetime

from rightcall.actors import Actor, Role
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import RequestId, SubjectId
from rightcall.requests.mails.model import Mail, MailId
from rightcall.requests.model import RequestKind


def insert_mail(tx: Transaction, mail: Mail, *, digest: bytes, sealed: bytes) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO request_mails (controller, mail, key, digest, sealed_words, proposed, subject, came_at, taken_at, taken_by,
                                   taken_role)
        VALUES (%(controller)s, %(mail)s, %(key)s, %(digest)s, %(sealed)s, %(proposed)s, %(subject)s, %(came_at)s, %(taken_at)s,
                %(by)s, %(role)s)
        """,
        controller=tx.of,
        mail=mail.id,
        key=mail.key,
        digest=digest,
        sealed=sealed,
        proposed=mail.proposed,
        subject=mail.subject,
        came_at=mail.came_at,
        taken_at=mail.taken_at,
        by=mail.taken_by.id,
        role=mail.taken_by.role.value,
    )


def mail_by_digest(tx: Transaction, digest: bytes) -> MailId | None:
    row = sql.maybe_row(
        tx,
        "SELECT mail FROM request_mails WHERE controller = %(controller)s AND digest = %(digest)s",
        controller=tx.of,
        digest=digest,
    )
    return None if row is None else MailId(row["mail"])


def mail_for_update(tx: Transaction, mail: MailId) -> Mail | None:
    row = sql.maybe_row(
        tx,
        """
        SELECT mail, key, proposed, subject, came_at, taken_at, taken_by, taken_role, settled_at, request
          FROM request_mails WHERE controller = %(controller)s AND mail = %(mail)s FOR UPDATE
        """,
        controller=tx.of,
        mail=mail,
    )
    return None if row is None else _mail(row)


def sealed_words(tx: Transaction, mail: MailId) -> bytes | None:
    row = sql.one_row(
        tx,
        "SELECT sealed_words FROM request_mails WHERE controller = %(controller)s AND mail = %(mail)s",
        controller=tx.of,
        mail=mail,
    )
    return None if row["sealed_words"] is None else bytes(row["sealed_words"])


def waiting(tx: Transaction, limit: int) -> list[Mail]:
    """Those that nobody has seen to, the oldest first."""
    rows = sql.all_rows(
        tx,
        """
        SELECT mail, key, proposed, subject, came_at, taken_at, taken_by, taken_role, settled_at, request
          FROM request_mails WHERE controller = %(controller)s AND settled_at IS NULL ORDER BY came_at, mail LIMIT %(limit)s
        """,
        controller=tx.of,
        limit=limit,
    )
    return [_mail(row) for row in rows]


def count_waiting(tx: Transaction) -> int:
    row = sql.one_row(
        tx,
        "SELECT count(*) AS mails FROM request_mails WHERE controller = %(controller)s AND settled_at IS NULL",
        controller=tx.of,
    )
    return int(row["mails"])


def settle(tx: Transaction, mail: MailId, request: RequestId | None, at: datetime) -> bool:
    """False where it was before. Its words go."""
    return (
        sql.execute(
            tx,
            """
            UPDATE request_mails SET settled_at = %(at)s, request = %(request)s, sealed_words = NULL, subject = NULL
             WHERE controller = %(controller)s AND mail = %(mail)s AND settled_at IS NULL
            """,
            controller=tx.of,
            mail=mail,
            request=request,
            at=at,
        )
        == 1
    )


def _mail(row: sql.Row) -> Mail:
    return Mail(
        id=MailId(row["mail"]),
        key=SubjectId(row["key"]),
        proposed=None if row["proposed"] is None else RequestKind(row["proposed"]),
        subject=None if row["subject"] is None else SubjectId(row["subject"]),
        came_at=row["came_at"],
        taken_at=row["taken_at"],
        taken_by=Actor(id=row["taken_by"], role=Role(row["taken_role"])),
        settled_at=row["settled_at"],
        request=None if row["request"] is None else RequestId(row["request"]),
    )
