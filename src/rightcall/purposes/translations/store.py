"""The table `translations`."""

import json
from datetime import datetime

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import PurposeId
from rightcall.purposes.translations.model import HarmWords, ReviewWords, Translation


def insert(tx: Transaction, new: Translation) -> None:
    review = new.review
    harms = () if review is None else review.harms
    sql.execute(
        tx,
        "INSERT INTO translations (controller, purpose, language, version, title, justification, review_of, said_aloud, harms,"
        " digest, created_at) VALUES (%(controller)s, %(purpose)s, %(language)s, %(version)s, %(title)s, %(justification)s,"
        " %(review_of)s, %(said_aloud)s, %(harms)s::jsonb, %(digest)s, %(created_at)s)",
        controller=tx.of,
        purpose=new.purpose,
        language=new.language,
        version=new.version,
        title=new.title,
        justification=new.justification,
        review_of=None if review is None else review.of,
        said_aloud=None if review is None else review.said_aloud,
        harms=json.dumps([{"who": each.who, "how": each.how, "done": each.done} for each in harms]),
        digest=new.digest,
        created_at=new.created_at,
    )


def latest(tx: Transaction, purpose: PurposeId, language: str) -> Translation | None:
    """The newest there ever was in this language."""
    row = sql.maybe_row(
        tx,
        "SELECT purpose, language, version, title, justification, review_of, said_aloud, harms, digest, created_at, retired_at"
        " FROM translations WHERE controller = %(controller)s AND purpose = %(purpose)s AND language = %(language)s"
        " ORDER BY version DESC LIMIT 1",
        controller=tx.of,
        purpose=purpose,
        language=language,
    )
    return None if row is None else _translation(row)


def of_purpose(tx: Transaction, purpose: PurposeId) -> list[Translation]:
    rows = sql.all_rows(
        tx,
        "SELECT purpose, language, version, title, justification, review_of, said_aloud, harms, digest, created_at, retired_at"
        " FROM translations WHERE controller = %(controller)s AND purpose = %(purpose)s ORDER BY language, version DESC",
        controller=tx.of,
        purpose=purpose,
    )
    return [_translation(row) for row in rows]


def in_language(tx: Transaction, language: str) -> list[Translation]:
    """What is read in this language, wherever it is spoken: of each purpose and each set of sentences of a review the newest, the
    newest of a purpose first."""
    rows = sql.all_rows(
        tx,
        """
        SELECT purpose, language, version, title, justification, review_of, said_aloud, harms, digest, created_at, retired_at
          FROM (SELECT DISTINCT ON (purpose, review_of) *
                  FROM translations
                 WHERE controller = %(controller)s AND split_part(language, '-', 1) = %(language)s AND retired_at IS NULL
                 ORDER BY purpose, review_of, created_at DESC, version DESC) AS newest
         ORDER BY purpose, created_at DESC, version DESC
        """,
        controller=tx.of,
        language=language,
    )
    return [_translation(row) for row in rows]


def retire(tx: Transaction, purpose: PurposeId, language: str, at: datetime) -> int:
    return sql.execute(
        tx,
        "UPDATE translations SET retired_at = %(at)s WHERE controller = %(controller)s AND purpose = %(purpose)s"
        " AND language = %(language)s AND retired_at IS NULL",
        controller=tx.of,
        purpose=purpose,
        language=language,
        at=at,
    )


def _translation(row: sql.Row) -> Translation:
    harms = tuple(HarmWords(who=each["who"], how=each["how"], done=each["done"]) for each in row["harms"])
    of = row["review_of"]
    return Translation(
        purpose=PurposeId(row["purpose"]),
        language=row["language"],
        version=row["version"],
        title=row["title"],
        justification=row["justification"],
        review=None if of is None else ReviewWords(of=bytes(of), said_aloud=row["said_aloud"], harms=harms),
        digest=bytes(row["digest"]),
        created_at=row["created_at"],
        retired_at=row["retired_at"],
    )
