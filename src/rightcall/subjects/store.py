"""The tables `subjects`, `blinds` and `identifiers`. Whoever identifies or forgets by a blind holds its row first, in the order
of the blinds, so that nobody is made twice and no two deeds wait for each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import SubjectId
from rightcall.subjects.model import IdentifierKind, Limit, Limits, Since, Subject


@dataclass(frozen=True, slots=True)
class Holder:
    """A subject that has the identifier behind `blind`."""

    subject: SubjectId
    blind: bytes
    ambiguous: bool
    has_customer_id: bool


@dataclass(frozen=True, slots=True)
class SealedIdentifier:
    kind: IdentifierKind
    blind: bytes
    sealed: bytes


def insert_subject(tx: Transaction, subject: Subject) -> None:
    sql.execute(
        tx,
        "INSERT INTO subjects (controller, subject, ambiguous, split_from, created_at)"
        " VALUES (%(controller)s, %(subject)s, %(ambiguous)s, %(split_from)s, %(created_at)s)",
        controller=tx.of,
        subject=subject.id,
        ambiguous=subject.ambiguous,
        split_from=subject.split_from,
        created_at=subject.created_at,
    )


def subject_by_id(tx: Transaction, subject: SubjectId) -> Subject | None:
    row = sql.maybe_row(
        tx,
        "SELECT subject, ambiguous, split_from, created_at, nobody_since,"
        " EXISTS (SELECT FROM joins WHERE controller = %(controller)s AND subject = %(subject)s AND undone_at IS NULL)"
        " OR EXISTS (SELECT FROM joins WHERE controller = %(controller)s AND into_subject = %(subject)s AND undone_at IS NULL)"
        " AS joined FROM subjects"
        " WHERE controller = %(controller)s AND subject = %(subject)s",
        controller=tx.of,
        subject=subject,
    )
    if row is None:
        return None
    split_from = None if row["split_from"] is None else SubjectId(row["split_from"])
    return Subject(
        id=SubjectId(row["subject"]),
        ambiguous=row["ambiguous"],
        split_from=split_from,
        created_at=row["created_at"],
        joined=row["joined"],
        nobody_since=row["nobody_since"],
    )


def sealed_name(tx: Transaction, subject: SubjectId) -> bytes | None:
    row = sql.maybe_row(
        tx,
        "SELECT sealed_name FROM subjects WHERE controller = %(controller)s AND subject = %(subject)s",
        controller=tx.of,
        subject=subject,
    )
    return None if row is None or row["sealed_name"] is None else bytes(row["sealed_name"])


def set_name(tx: Transaction, subject: SubjectId, sealed: bytes) -> None:
    sql.execute(
        tx,
        "UPDATE subjects SET sealed_name = %(sealed)s WHERE controller = %(controller)s AND subject = %(subject)s",
        controller=tx.of,
        subject=subject,
        sealed=sealed,
    )


def forget_name(tx: Transaction, subject: SubjectId) -> int:
    return sql.execute(
        tx,
        "UPDATE subjects SET sealed_name = NULL WHERE controller = %(controller)s AND subject = %(subject)s"
        " AND sealed_name IS NOT NULL",
        controller=tx.of,
        subject=subject,
    )


def hold_blinds(tx: Transaction, blinds: Sequence[bytes]) -> None:
    sql.execute(
        tx,
        "INSERT INTO blinds (controller, blind)"
        " SELECT %(controller)s, blind FROM unnest(%(blinds)s::bytea[]) AS blind ORDER BY blind"
        " ON CONFLICT (controller, blind) DO UPDATE SET blind = EXCLUDED.blind",
        controller=tx.of,
        blinds=sorted(set(blinds)),
    )


def holders(tx: Transaction, blinds: Sequence[bytes]) -> list[Holder]:
    """Oldest subject first; those too who are known by it from another system, where it is a customer id or an e-mail address."""
    rows = sql.all_rows(
        tx,
        "SELECT i.subject, i.blind, s.ambiguous, EXISTS (SELECT FROM identifiers c WHERE c.controller = s.controller"
        " AND c.subject = i.subject AND c.kind = 'customer_id') OR EXISTS (SELECT FROM known_clues c"
        " WHERE c.controller = s.controller AND c.subject = i.subject AND c.kind = 'customer_id') AS has_customer_id"
        " FROM (SELECT subject, blind FROM identifiers WHERE controller = %(controller)s AND blind = ANY(%(blinds)s)"
        " UNION SELECT subject, blind FROM known_clues WHERE controller = %(controller)s AND blind = ANY(%(blinds)s)"
        " AND kind IN ('customer_id', 'email')) i"
        " JOIN subjects s ON s.controller = %(controller)s AND s.subject = i.subject ORDER BY s.created_at, i.subject",
        controller=tx.of,
        blinds=list(blinds),
    )
    return [Holder(SubjectId(row["subject"]), bytes(row["blind"]), row["ambiguous"], row["has_customer_id"]) for row in rows]


def known_by(tx: Transaction, blind: bytes) -> list[SubjectId]:
    """Everyone who is known by it from wherever, oldest first."""
    rows = sql.all_rows(
        tx,
        "SELECT s.subject FROM subjects s WHERE s.controller = %(controller)s AND s.subject IN ("
        " SELECT subject FROM identifiers WHERE controller = %(controller)s AND blind = %(blind)s"
        " UNION SELECT subject FROM known_clues WHERE controller = %(controller)s AND blind = %(blind)s)"
        " ORDER BY s.created_at, s.subject",
        controller=tx.of,
        blind=blind,
    )
    return [SubjectId(row["subject"]) for row in rows]


def people_known_by(tx: Transaction, blind: bytes) -> list[SubjectId]:
    """Those who stand for the people who are known by it; nobody of whom it is open who they are."""
    rows = sql.all_rows(
        tx,
        """
        WITH RECURSIVE up AS (
            SELECT s.subject, s.subject AS top FROM subjects s
             WHERE s.controller = %(controller)s AND NOT s.ambiguous AND s.subject IN (
                   SELECT subject FROM identifiers WHERE controller = %(controller)s AND blind = %(blind)s
                    UNION SELECT subject FROM known_clues WHERE controller = %(controller)s AND blind = %(blind)s)
             UNION
            SELECT up.subject, j.into_subject FROM up
              JOIN joins j ON j.controller = %(controller)s AND j.subject = up.top AND j.undone_at IS NULL
        )
        SELECT DISTINCT top FROM up
         WHERE NOT EXISTS (SELECT FROM joins j
                            WHERE j.controller = %(controller)s AND j.subject = up.top AND j.undone_at IS NULL)
        """,
        controller=tx.of,
        blind=blind,
    )
    return [SubjectId(row["top"]) for row in rows]


def limits_of(tx: Transaction, subject: SubjectId) -> Limits:
    row = sql.maybe_row(
        tx,
        "SELECT restricted_at IS NOT NULL AS restricted, objected_at IS NOT NULL AS objected,"
        " maybe_restricted_at IS NOT NULL AS maybe_restricted, maybe_objected_at IS NOT NULL AS maybe_objected"
        " FROM subjects WHERE controller = %(controller)s AND subject = %(subject)s",
        controller=tx.of,
        subject=subject,
    )
    if row is None:
        return Limits(restricted=False, objected=False)
    doubtful = {Limit.RESTRICTED: row["maybe_restricted"], Limit.OBJECTED: row["maybe_objected"]}
    return Limits(
        restricted=row["restricted"] or row["maybe_restricted"],
        objected=row["objected"] or row["maybe_objected"],
        in_doubt=frozenset(limit for limit, may in doubtful.items() if may and not row[limit.value]),
    )


def own_limits(tx: Transaction, subjects: Sequence[SubjectId]) -> dict[SubjectId, Since]:
    """What each of these wants themselves."""
    rows = sql.all_rows(
        tx,
        "SELECT subject, restricted_at, objected_at FROM subjects"
        " WHERE controller = %(controller)s AND subject = ANY(%(subjects)s)",
        controller=tx.of,
        subjects=list(subjects),
    )
    return {SubjectId(row["subject"]): Since(restricted_at=row["restricted_at"], objected_at=row["objected_at"]) for row in rows}


def set_in_doubt(tx: Transaction, found: Mapping[SubjectId, Since]) -> int:
    """What those want who may be the same person as each of these. For how many it is another than before."""
    return sql.execute(
        tx,
        """
        UPDATE subjects s SET maybe_restricted_at = n.restricted_at, maybe_objected_at = n.objected_at
        FROM unnest(%(subjects)s::uuid[], %(restricted)s::timestamptz[], %(objected)s::timestamptz[])
             AS n (subject, restricted_at, objected_at)
        WHERE s.controller = %(controller)s AND s.subject = n.subject
          AND (s.maybe_restricted_at IS DISTINCT FROM n.restricted_at OR s.maybe_objected_at IS DISTINCT FROM n.objected_at)
        """,
        controller=tx.of,
        subjects=list(found),
        restricted=[each.restricted_at for each in found.values()],
        objected=[each.objected_at for each in found.values()],
    )


def set_limit(tx: Transaction, subjects: Sequence[SubjectId], limit: Limit, at: datetime | None) -> None:
    """None lifts it. One that stands keeps its instant."""
    restricted, objected = limit is Limit.RESTRICTED, limit is Limit.OBJECTED
    sql.execute(
        tx,
        """
        UPDATE subjects SET restricted_at = CASE WHEN %(restricted)s THEN %(at)s ELSE restricted_at END,
                            objected_at = CASE WHEN %(objected)s THEN %(at)s ELSE objected_at END
        WHERE controller = %(controller)s AND subject = ANY(%(subjects)s)
          AND ((%(restricted)s AND (restricted_at IS NULL) = (%(at)s::timestamptz IS NOT NULL))
               OR (%(objected)s AND (objected_at IS NULL) = (%(at)s::timestamptz IS NOT NULL)))
        """,
        controller=tx.of,
        subjects=list(subjects),
        restricted=restricted,
        objected=objected,
        at=at,
    )


def spread_limits(tx: Transaction, subjects: Sequence[SubjectId]) -> None:
    """What stands for one of these stands for all, since when it was first said."""
    sql.execute(
        tx,
        """
        UPDATE subjects s SET restricted_at = coalesce(s.restricted_at, first.restricted_at),
                              objected_at = coalesce(s.objected_at, first.objected_at)
        FROM (SELECT min(restricted_at) AS restricted_at, min(objected_at) AS objected_at FROM subjects
              WHERE controller = %(controller)s AND subject = ANY(%(subjects)s)) first
        WHERE s.controller = %(controller)s AND s.subject = ANY(%(subjects)s)
          AND (s.restricted_at IS DISTINCT FROM coalesce(s.restricted_at, first.restricted_at)
               OR s.objected_at IS DISTINCT FROM coalesce(s.objected_at, first.objected_at))
        """,
        controller=tx.of,
        subjects=list(subjects),
    )


def insert_identifier(
    tx: Transaction, subject: SubjectId, kind: IdentifierKind, blind: bytes, sealed: bytes, at: datetime
) -> bool:
    """False where the subject has it already."""
    inserted = sql.execute(
        tx,
        "INSERT INTO identifiers (controller, blind, subject, kind, sealed, created_at)"
        " VALUES (%(controller)s, %(blind)s, %(subject)s, %(kind)s, %(sealed)s, %(at)s)"
        " ON CONFLICT (controller, blind, subject) DO NOTHING",
        controller=tx.of,
        blind=blind,
        subject=subject,
        kind=kind.value,
        sealed=sealed,
        at=at,
    )
    return inserted == 1


def identifiers_of(tx: Transaction, subject: SubjectId) -> list[SealedIdentifier]:
    rows = sql.all_rows(
        tx,
        "SELECT kind, blind, sealed FROM identifiers WHERE controller = %(controller)s AND subject = %(subject)s"
        " ORDER BY created_at, kind, blind",
        controller=tx.of,
        subject=subject,
    )
    return [SealedIdentifier(IdentifierKind(row["kind"]), bytes(row["blind"]), bytes(row["sealed"])) for row in rows]


def delete_identifiers(tx: Transaction, subject: SubjectId, blinds: Sequence[bytes]) -> int:
    return sql.execute(
        tx,
        "DELETE FROM identifiers WHERE controller = %(controller)s AND subject = %(subject)s AND blind = ANY(%(blinds)s)",
        controller=tx.of,
        subject=subject,
        blinds=list(blinds),
    )


def delete_unused_blinds(tx: Transaction, blinds: Sequence[bytes]) -> None:
    """Only after `hold_blinds`, so that nobody begins to use one meanwhile."""
    sql.execute(
        tx,
        "DELETE FROM blinds b WHERE b.controller = %(controller)s AND b.blind = ANY(%(blinds)s) AND NOT EXISTS"
        " (SELECT FROM identifiers i WHERE i.controller = b.controller AND i.blind = b.blind)",
        controller=tx.of,
        blinds=list(blinds),
    )


def delete_known(tx: Transaction, subject: SubjectId, record: UUID | None) -> int:
    """What one record tells of the subject, or all."""
    return sql.execute(
        tx,
        "DELETE FROM known_clues WHERE controller = %(controller)s AND subject = %(subject)s"
        " AND (%(record)s::uuid IS NULL OR record = %(record)s)",
        controller=tx.of,
        subject=subject,
        record=record,
    )


def roots(tx: Transaction, subjects: Sequence[SubjectId]) -> dict[SubjectId, SubjectId]:
    """For each the subject that stands for the person: itself where it is joined to none."""
    rows = sql.all_rows(
        tx,
        """
        WITH RECURSIVE up AS (
            SELECT subject, subject AS top FROM unnest(%(subjects)s::uuid[]) AS subject
             UNION
            SELECT up.subject, j.into_subject FROM up
              JOIN joins j ON j.controller = %(controller)s AND j.subject = up.top AND j.undone_at IS NULL
        )
        SELECT subject, top FROM up
         WHERE NOT EXISTS (SELECT FROM joins j
                            WHERE j.controller = %(controller)s AND j.subject = up.top AND j.undone_at IS NULL)
        """,
        controller=tx.of,
        subjects=list(subjects),
    )
    return {SubjectId(row["subject"]): SubjectId(row["top"]) for row in rows}
