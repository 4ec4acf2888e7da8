"""The tables `purposes` and `notices`."""

from datetime import datetime

from rightcall.actors import Role
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import NoticeId, PurposeId
from rightcall.purposes.model import Keypad, LawfulBasis, Notice, OnWithdrawal, Purpose


def insert_purpose(tx: Transaction, purpose: Purpose) -> bool:
    """False where the key is taken."""
    return (
        sql.execute(
            tx,
            "INSERT INTO purposes (controller, purpose, key, title, justification, lawful_basis, staff_basis, data_categories,"
            " may_use, term_days, dpv_purpose, on_withdrawal, legal_duty, created_at) VALUES (%(controller)s, %(purpose)s,"
            " %(key)s, %(title)s, %(justification)s, %(lawful_basis)s, %(staff_basis)s, %(data_categories)s, %(may_use)s,"
            " %(term_days)s, %(dpv_purpose)s, %(on_withdrawal)s, %(legal_duty)s, %(created_at)s)"
            " ON CONFLICT (controller, key) DO NOTHING",
            controller=tx.of,
            purpose=purpose.id,
            key=purpose.key,
            title=purpose.title,
            justification=purpose.justification,
            lawful_basis=purpose.lawful_basis.value,
            staff_basis=purpose.staff_basis.value,
            data_categories=list(purpose.data_categories),
            may_use=sorted(role.value for role in purpose.may_use),
            term_days=purpose.term_days,
            dpv_purpose=purpose.dpv_purpose,
            on_withdrawal=purpose.on_withdrawal.value,
            legal_duty=purpose.legal_duty,
            created_at=purpose.created_at,
        )
        == 1
    )


def end_purpose(tx: Transaction, purpose: PurposeId, at: datetime) -> bool:
    """False where it had ended already."""
    return (
        sql.execute(
            tx,
            "UPDATE purposes SET ended_at = %(at)s"
            " WHERE controller = %(controller)s AND purpose = %(purpose)s AND ended_at IS NULL",
            controller=tx.of,
            purpose=purpose,
            at=at,
        )
        == 1
    )


def change_purpose(tx: Transaction, changed: Purpose) -> None:
    sql.execute(
        tx,
        "UPDATE purposes SET term_days = %(term_days)s, data_categories = %(data_categories)s"
        " WHERE controller = %(controller)s AND purpose = %(purpose)s",
        controller=tx.of,
        purpose=changed.id,
        term_days=changed.term_days,
        data_categories=list(changed.data_categories),
    )


def purpose_by_id(tx: Transaction, purpose: PurposeId) -> Purpose | None:
    row = sql.maybe_row(
        tx,
        "SELECT purpose, key, title, justification, lawful_basis, staff_basis, data_categories, may_use, term_days,"
        " dpv_purpose, on_withdrawal, legal_duty, created_at, ended_at FROM purposes"
        " WHERE controller = %(controller)s AND purpose = %(purpose)s",
        controller=tx.of,
        purpose=purpose,
    )
    return None if row is None else _purpose(row)


def lock_purpose(tx: Transaction, purpose: PurposeId) -> None:
    sql.execute(
        tx,
        "SELECT purpose FROM purposes WHERE controller = %(controller)s AND purpose = %(purpose)s FOR UPDATE",
        controller=tx.of,
        purpose=purpose,
    )


def purpose_by_key(tx: Transaction, key: str) -> Purpose | None:
    row = sql.maybe_row(
        tx,
        "SELECT purpose, key, title, justification, lawful_basis, staff_basis, data_categories, may_use, term_days,"
        " dpv_purpose, on_withdrawal, legal_duty, created_at, ended_at FROM purposes"
        " WHERE controller = %(controller)s AND key = %(key)s",
        controller=tx.of,
        key=key,
    )
    return None if row is None else _purpose(row)


def purposes(tx: Transaction) -> list[Purpose]:
    rows = sql.all_rows(
        tx,
        "SELECT purpose, key, title, justification, lawful_basis, staff_basis, data_categories, may_use, term_days,"
        " dpv_purpose, on_withdrawal, legal_duty, created_at, ended_at FROM purposes"
        " WHERE controller = %(controller)s ORDER BY created_at, purpose",
        controller=tx.of,
    )
    return [_purpose(row) for row in rows]


def insert_notice(tx: Transaction, notice: Notice) -> None:
    sql.execute(
        tx,
        "INSERT INTO notices (controller, notice, purpose, language, version, text, digest, keypad_yes, keypad_no, created_at)"
        " VALUES (%(controller)s, %(notice)s, %(purpose)s, %(language)s, %(version)s, %(text)s, %(digest)s, %(keypad_yes)s,"
        " %(keypad_no)s, %(created_at)s)",
        controller=tx.of,
        notice=notice.id,
        purpose=notice.purpose,
        language=notice.language,
        version=notice.version,
        text=notice.text,
        digest=notice.digest,
        keypad_yes=notice.keypad.yes if notice.keypad else None,
        keypad_no=notice.keypad.no if notice.keypad else None,
        created_at=notice.created_at,
    )


def notice_by_id(tx: Transaction, notice: NoticeId) -> Notice | None:
    row = sql.maybe_row(
        tx,
        "SELECT notice, purpose, language, version, text, digest, keypad_yes, keypad_no, created_at, retired_at FROM notices"
        " WHERE controller = %(controller)s AND notice = %(notice)s",
        controller=tx.of,
        notice=notice,
    )
    return None if row is None else _notice(row)


def notices_in(tx: Transaction, language: str) -> list[Notice]:
    """Of each purpose the latest in this language, wherever it is spoken; the one that is used now comes last."""
    rows = sql.all_rows(
        tx,
        """
        SELECT notice, purpose, language, version, text, digest, keypad_yes, keypad_no, created_at, retired_at
          FROM (SELECT DISTINCT ON (purpose, language) *
                  FROM notices
                 WHERE controller = %(controller)s AND split_part(language, '-', 1) = %(language)s
                 ORDER BY purpose, language, version DESC) AS latest
         WHERE retired_at IS NULL ORDER BY purpose, created_at
        """,
        controller=tx.of,
        language=language,
    )
    return [_notice(row) for row in rows]


def notices(tx: Transaction, purpose: PurposeId) -> list[Notice]:
    rows = sql.all_rows(
        tx,
        "SELECT notice, purpose, language, version, text, digest, keypad_yes, keypad_no, created_at, retired_at FROM notices"
        " WHERE controller = %(controller)s AND purpose = %(purpose)s ORDER BY language, version",
        controller=tx.of,
        purpose=purpose,
    )
    return [_notice(row) for row in rows]


def latest_notice(tx: Transaction, purpose: PurposeId, language: str) -> Notice | None:
    row = sql.maybe_row(
        tx,
        "SELECT notice, purpose, language, version, text, digest, keypad_yes, keypad_no, created_at, retired_at FROM notices"
        " WHERE controller = %(controller)s AND purpose = %(purpose)s AND language = %(language)s"
        " ORDER BY version DESC LIMIT 1",
        controller=tx.of,
        purpose=purpose,
        language=language,
    )
    return None if row is None else _notice(row)


def set_retired(tx: Transaction, notice: NoticeId, at: datetime) -> None:
    sql.execute(
        tx,
        "UPDATE notices SET retired_at = %(at)s WHERE controller = %(controller)s AND notice = %(notice)s",
        controller=tx.of,
        notice=notice,
        at=at,
    )


def _purpose(row: sql.Row) -> Purpose:
    return Purpose(
        id=PurposeId(row["purpose"]),
        key=row["key"],
        title=row["title"],
        justification=row["justification"],
        lawful_basis=LawfulBasis(row["lawful_basis"]),
        staff_basis=LawfulBasis(row["staff_basis"]),
        data_categories=tuple(row["data_categories"]),
        may_use=frozenset(Role(role) for role in row["may_use"]),
        term_days=row["term_days"],
        dpv_purpose=row["dpv_purpose"],
        on_withdrawal=OnWithdrawal(row["on_withdrawal"]),
        created_at=row["created_at"],
        ended_at=row["ended_at"],
        legal_duty=row["legal_duty"],
    )


def _notice(row: sql.Row) -> Notice:
    keypad = None if row["keypad_yes"] is None else Keypad(yes=row["keypad_yes"], no=row["keypad_no"])
    return Notice(
        id=NoticeId(row["notice"]),
        purpose=PurposeId(row["purpose"]),
        language=row["language"],
        version=row["version"],
        text=row["text"],
        digest=bytes(row["digest"]),
        keypad=keypad,
        created_at=row["created_at"],
        retired_at=row["retired_at"],
    )
