"""The tables `erasures` and `epoch_turns`."""

from collections.abc import Collection
from datetime import datetime
from typing import LiteralString

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.database.walk import Walk, both_ways
from rightcall.erasure.model import Erasure
from rightcall.evidence.graded import Residual
from rightcall.evidence.model import CertificateId
from rightcall.ids import ErasureId, StatementId, SubjectId


def insert_erasure(tx: Transaction, erasure: ErasureId, subject: SubjectId, part_of: ErasureId | None, at: datetime) -> None:
    """Once: again says at most what it is a part of, as long as the ledger has not said otherwise."""
    sql.execute(
        tx,
        """
        INSERT INTO erasures (controller, erasure, subject, part_of, begun_at)
        VALUES (%(controller)s, %(erasure)s, %(subject)s, %(part_of)s, %(at)s)
        ON CONFLICT (controller, erasure) DO UPDATE SET part_of = EXCLUDED.part_of
        WHERE erasures.destroyed_at IS NULL AND erasures.part_of IS NULL
        """,
        controller=tx.of,
        erasure=erasure,
        subject=subject,
        part_of=part_of,
        at=at,
    )


def _erasures(tx: Transaction, statement: LiteralString, **values: object) -> list[ErasureId]:
    return [ErasureId(row["erasure"]) for row in sql.all_rows(tx, statement, **values)]


def parts_of(tx: Transaction, root: ErasureId) -> list[ErasureId]:
    return _erasures(
        tx,
        "SELECT erasure FROM erasures WHERE controller = %(controller)s AND part_of = %(root)s ORDER BY begun_at, erasure",
        controller=tx.of,
        root=root,
    )


def set_opening(tx: Transaction, root: ErasureId, opening: bytes) -> None:
    sql.execute(
        tx,
        "UPDATE erasures SET opening = %(opening)s WHERE controller = %(controller)s AND erasure = %(root)s",
        controller=tx.of,
        root=root,
        opening=opening,
    )


def erasure_for_update(tx: Transaction, erasure: ErasureId) -> Erasure | None:
    row = sql.maybe_row(
        tx,
        """
        SELECT erasure, subject, begun_at, destroyed_at, epoch, identifiers, destroyed, salt, disposed, held, confirmed_at,
               confirmed, certificate, turned, kept_for_recipients, doubtful,
               part_of, opening, unasked
        FROM erasures WHERE controller = %(controller)s AND erasure = %(erasure)s FOR UPDATE
        """,
        controller=tx.of,
        erasure=erasure,
    )
    if row is None:
        return None
    return Erasure(
        id=ErasureId(row["erasure"]),
        subject=SubjectId(row["subject"]),
        begun_at=row["begun_at"],
        destroyed_at=row["destroyed_at"],
        epoch=row["epoch"],
        identifiers=row["identifiers"],
        destroyed=None if row["destroyed"] is None else StatementId(row["destroyed"]),
        salt=None if row["salt"] is None else bytes(row["salt"]),
        disposed=row["disposed"],
        held=row["held"],
        confirmed_at=row["confirmed_at"],
        confirmed=None if row["confirmed"] is None else StatementId(row["confirmed"]),
        certificate=None if row["certificate"] is None else CertificateId(row["certificate"]),
        turned=None if row["turned"] is None else StatementId(row["turned"]),
        kept_for_recipients=row["kept_for_recipients"],
        doubtful=row["doubtful"],
        part_of=None if row["part_of"] is None else ErasureId(row["part_of"]),
        opening=None if row["opening"] is None else bytes(row["opening"]),
        unasked=frozenset(map(Residual, row["unasked"])),
    )


_PAGE = both_ways("""
SELECT erasure, begun_at FROM erasures
 WHERE controller = %(controller)s AND part_of IS NULL AND begun_at >= %(since)s AND begun_at < %(before)s
   AND (begun_at, erasure) {beyond} (%(at)s::timestamptz, %(id)s::uuid)
 ORDER BY begun_at {way}, erasure {way} LIMIT %(limit)s
""")


def page(tx: Transaction, walk: Walk, limit: int) -> list[ErasureId]:
    """Of whole people, by when each was begun."""
    return _erasures(tx, _PAGE[walk.oldest_first], controller=tx.of, limit=limit, **walk.bounds())


def latest_of(tx: Transaction, subject: SubjectId) -> ErasureId | None:
    found = _erasures(
        tx,
        """
        SELECT erasure FROM erasures WHERE controller = %(controller)s AND subject = %(subject)s
        ORDER BY begun_at DESC LIMIT 1
        """,
        controller=tx.of,
        subject=subject,
    )
    return found[0] if found else None


def destroyed_of(tx: Transaction, subject: SubjectId) -> ErasureId | None:
    """The first that destroyed this subject's key: the others found nothing."""
    found = _erasures(
        tx,
        """
        SELECT erasure FROM erasures
        WHERE controller = %(controller)s AND subject = %(subject)s AND destroyed_at IS NOT NULL ORDER BY destroyed_at LIMIT 1
        """,
        controller=tx.of,
        subject=subject,
    )
    return found[0] if found else None


def erased_among(tx: Transaction, subjects: Collection[SubjectId]) -> set[SubjectId]:
    """Those of these of whom any erasure was begun."""
    rows = sql.all_rows(
        tx,
        "SELECT DISTINCT subject FROM erasures WHERE controller = %(controller)s AND subject = ANY (%(subjects)s::uuid[])",
        controller=tx.of,
        subjects=list(subjects),
    )
    return {SubjectId(row["subject"]) for row in rows}


def unconfirmed(tx: Transaction, begun_before: datetime) -> list[ErasureId]:
    return _erasures(
        tx,
        """
        SELECT erasure FROM erasures
        WHERE controller = %(controller)s AND confirmed_at IS NULL AND begun_at <= %(begun_before)s
        ORDER BY begun_at, erasure
        """,
        controller=tx.of,
        begun_before=begun_before,
    )


def with_held(tx: Transaction, subject: SubjectId) -> list[ErasureId]:
    """Confirmed erasures of the person that a hold kept something from."""
    return _erasures(
        tx,
        """
        SELECT erasure FROM erasures
        WHERE controller = %(controller)s AND subject = %(subject)s AND confirmed_at IS NOT NULL AND held > 0
        ORDER BY erasure
        """,
        controller=tx.of,
        subject=subject,
    )


def erasures_of(tx: Transaction, subject: SubjectId) -> list[ErasureId]:
    return _erasures(
        tx,
        "SELECT erasure FROM erasures WHERE controller = %(controller)s AND subject = %(subject)s ORDER BY begun_at, erasure",
        controller=tx.of,
        subject=subject,
    )


def root_of(tx: Transaction, erasure: ErasureId) -> ErasureId:
    row = sql.one_row(
        tx,
        "SELECT COALESCE(part_of, erasure) AS root FROM erasures WHERE controller = %(controller)s AND erasure = %(erasure)s",
        controller=tx.of,
        erasure=erasure,
    )
    return ErasureId(row["root"])


def certified_of(tx: Transaction, subject: SubjectId) -> list[ErasureId]:
    return _erasures(
        tx,
        """
        SELECT erasure FROM erasures
        WHERE controller = %(controller)s AND subject = %(subject)s AND certificate IS NOT NULL ORDER BY erasure
        """,
        controller=tx.of,
        subject=subject,
    )


def uncertified_of(tx: Transaction, subject: SubjectId) -> list[ErasureId]:
    """Confirmed ones."""
    return _erasures(
        tx,
        """
        SELECT erasure FROM erasures
        WHERE controller = %(controller)s AND subject = %(subject)s AND certificate IS NULL AND confirmed_at IS NOT NULL
        ORDER BY erasure
        """,
        controller=tx.of,
        subject=subject,
    )


def unfinished(tx: Transaction) -> list[ErasureId]:
    return _erasures(
        tx,
        "SELECT erasure FROM erasures WHERE controller = %(controller)s AND confirmed_at IS NULL ORDER BY begun_at, erasure",
        controller=tx.of,
    )


def keep_for_recipients(tx: Transaction, erasure: ErasureId, count: int) -> None:
    sql.execute(
        tx,
        """
        UPDATE erasures SET kept_for_recipients = %(count)s WHERE controller = %(controller)s AND erasure = %(erasure)s
        """,
        controller=tx.of,
        erasure=erasure,
        count=count,
    )


def set_unasked(tx: Transaction, erasure: ErasureId, unasked: Collection[Residual]) -> bool:
    """False where it was so before."""
    return bool(
        sql.execute(
            tx,
            """
            UPDATE erasures SET unasked = %(unasked)s::text[]
             WHERE controller = %(controller)s AND erasure = %(erasure)s AND unasked <> %(unasked)s::text[]
            """,
            controller=tx.of,
            erasure=erasure,
            unasked=sorted(each.value for each in unasked),
        )
    )


def set_destroyed(
    tx: Transaction,
    erasure: ErasureId,
    *,
    at: datetime,
    epoch: int,
    identifiers: int,
    doubtful: int,
    statement: StatementId,
    salt: bytes,
) -> None:
    sql.execute(
        tx,
        """
        UPDATE erasures
        SET destroyed_at = %(at)s, epoch = %(epoch)s, identifiers = %(identifiers)s, destroyed = %(said)s,
            salt = %(salt)s, doubtful = %(doubtful)s
        WHERE controller = %(controller)s AND erasure = %(erasure)s
        """,
        controller=tx.of,
        erasure=erasure,
        at=at,
        epoch=epoch,
        identifiers=identifiers,
        doubtful=doubtful,
        said=statement,
        salt=salt,
    )


def set_confirmed(tx: Transaction, erasure: ErasureId, *, at: datetime, disposed: int, held: int, statement: StatementId) -> None:
    sql.execute(
        tx,
        """
        UPDATE erasures SET confirmed_at = %(at)s, disposed = %(disposed)s, held = %(held)s, confirmed = %(said)s
        WHERE controller = %(controller)s AND erasure = %(erasure)s
        """,
        controller=tx.of,
        erasure=erasure,
        at=at,
        disposed=disposed,
        held=held,
        said=statement,
    )


def in_backups(tx: Transaction, epoch: int) -> list[ErasureId]:
    """Certified erasures from before `epoch` whose certificate does not cover backups yet."""
    return _erasures(
        tx,
        """
        SELECT erasure FROM erasures
        WHERE controller = %(controller)s AND epoch < %(epoch)s AND certificate IS NOT NULL AND turned IS NULL
        ORDER BY erasure
        """,
        controller=tx.of,
        epoch=epoch,
    )


def set_certified(tx: Transaction, erasure: ErasureId, *, certificate: CertificateId, turned: StatementId | None) -> None:
    sql.execute(
        tx,
        """
        UPDATE erasures SET certificate = %(certificate)s, turned = %(turned)s
        WHERE controller = %(controller)s AND erasure = %(erasure)s
        """,
        controller=tx.of,
        erasure=erasure,
        certificate=certificate,
        turned=turned,
    )


def set_released(tx: Transaction, erasure: ErasureId, *, epoch: int) -> None:
    """To be certified anew, with the backups of `epoch`."""
    sql.execute(
        tx,
        """
        UPDATE erasures SET epoch = %(epoch)s, certificate = NULL, turned = NULL
        WHERE controller = %(controller)s AND erasure = %(erasure)s
        """,
        controller=tx.of,
        erasure=erasure,
        epoch=epoch,
    )


def insert_turn(tx: Transaction, epoch: int, statement: StatementId) -> bool:
    """False where it was said before."""
    return (
        sql.execute(
            tx,
            """
            INSERT INTO epoch_turns (controller, epoch, statement)
            VALUES (%(controller)s, %(epoch)s, %(statement)s) ON CONFLICT (controller, epoch) DO NOTHING
            """,
            controller=tx.of,
            epoch=epoch,
            statement=statement,
        )
        == 1
    )


def turn_of(tx: Transaction, epoch: int) -> StatementId:
    row = sql.one_row(
        tx,
        "SELECT statement FROM epoch_turns WHERE controller = %(controller)s AND epoch = %(epoch)s",
        controller=tx.of,
        epoch=epoch,
    )
    return StatementId(row["statement"])


def turn_after(tx: Transaction, epoch: int) -> StatementId | None:
    """What the ledger says of the first epoch after `epoch` of which it was said that no earlier key exists."""
    row = sql.maybe_row(
        tx,
        """
        SELECT statement FROM epoch_turns
        WHERE controller = %(controller)s AND epoch > %(epoch)s ORDER BY epoch LIMIT 1
        """,
        controller=tx.of,
        epoch=epoch,
    )
    return None if row is None else StatementId(row["statement"])
