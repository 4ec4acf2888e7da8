"""The tables `subjects`, `blinds`, `identifiers`, `leaving_identifiers`, `known_clues` and `joins`. Whoever identifies or forgets
by a blind holds its row first, in the order of the blinds, so that nobody is made twice and no two deeds wait for each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rightcall.actors import Actor, Role
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import ErasureId, StatementId, SubjectId
from rightcall.subjects.model import IdentifierKind, Join, JoinReason, KnownBy, Limit, Limits, Subject


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


def insert_subjects(tx: Transaction, subjects: Sequence[SubjectId], at: datetime) -> None:
    """Many, each known and of nobody else."""
    sql.execute(
        tx,
        "INSERT INTO subjects (controller, subject, ambiguous, created_at)"
        " SELECT %(controller)s, subject, false, %(at)s FROM unnest(%(subjects)s::uuid[]) AS subject",
        controller=tx.of,
        subjects=list(subjects),
        at=at,
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


def sharing(tx: Transaction, blinds: Sequence[bytes], most: int) -> list[KnownBy]:
    """All that those are known by who have any of these, leaving out a blind that more than `most` subjects have."""
    rows = sql.all_rows(
        tx,
        """
        WITH rows AS (
            SELECT subject, kind, blind FROM known_clues WHERE controller = %(controller)s AND blind = ANY(%(blinds)s)
             UNION
            SELECT subject, kind, blind FROM identifiers
             WHERE controller = %(controller)s AND blind = ANY(%(blinds)s) AND kind <> 'sip'
        ), found AS (
            SELECT DISTINCT subject FROM rows
             WHERE blind IN (SELECT blind FROM rows GROUP BY blind HAVING count(DISTINCT subject) <= %(most)s)
        )
        SELECT k.subject, k.kind, k.blind FROM known_clues k JOIN found USING (subject) WHERE k.controller = %(controller)s
         UNION
        SELECT i.subject, i.kind, i.blind FROM identifiers i JOIN found USING (subject)
         WHERE i.controller = %(controller)s AND i.kind <> 'sip'
        """,
        controller=tx.of,
        blinds=list(blinds),
        most=most,
    )
    return [KnownBy(SubjectId(row["subject"]), row["kind"], bytes(row["blind"])) for row in rows]


def shared_by(tx: Transaction, blinds: Sequence[bytes]) -> dict[bytes, int]:
    """How many subjects have each of these, where any has."""
    rows = sql.all_rows(
        tx,
        """
        SELECT blind, count(DISTINCT subject) AS number
          FROM (SELECT blind, subject FROM known_clues WHERE controller = %(controller)s AND blind = ANY(%(blinds)s)
                 UNION ALL
                SELECT blind, subject FROM identifiers WHERE controller = %(controller)s AND blind = ANY(%(blinds)s)) b
         GROUP BY blind
        """,
        controller=tx.of,
        blinds=list(blinds),
    )
    return {bytes(row["blind"]): row["number"] for row in rows}


def known_of(tx: Transaction, subjects: Sequence[SubjectId]) -> list[KnownBy]:
    """All that these are known by, from wherever."""
    rows = sql.all_rows(
        tx,
        "SELECT subject, kind, blind FROM known_clues WHERE controller = %(controller)s AND subject = ANY(%(subjects)s)"
        " UNION SELECT subject, kind, blind FROM identifiers WHERE controller = %(controller)s AND subject = ANY(%(subjects)s)"
        " AND kind <> 'sip'",
        controller=tx.of,
        subjects=list(subjects),
    )
    return [KnownBy(SubjectId(row["subject"]), row["kind"], bytes(row["blind"])) for row in rows]


def given_by(tx: Transaction, subjects: Sequence[SubjectId]) -> list[tuple[SubjectId, bytes]]:
    """The numbers and addresses by which these reached us or said that they are reached: not what records tell of them."""
    rows = sql.all_rows(
        tx,
        "SELECT subject, blind FROM identifiers WHERE controller = %(controller)s AND subject = ANY(%(subjects)s)"
        " AND kind IN ('tel', 'email')",
        controller=tx.of,
        subjects=list(subjects),
    )
    return [(SubjectId(row["subject"]), bytes(row["blind"])) for row in rows]


def named(tx: Transaction, subjects: Sequence[SubjectId]) -> list[SubjectId]:
    """Of these the ones of whom a call told a name."""
    rows = sql.all_rows(
        tx,
        "SELECT subject FROM subjects WHERE controller = %(controller)s AND subject = ANY(%(subjects)s)"
        " AND sealed_name IS NOT NULL ORDER BY subject",
        controller=tx.of,
        subjects=list(subjects),
    )
    return [SubjectId(row["subject"]) for row in rows]


def joinable(tx: Transaction, subjects: Sequence[SubjectId]) -> set[SubjectId]:
    """Of these the ones that stand for somebody who is known."""
    rows = sql.all_rows(
        tx,
        "SELECT subject FROM subjects WHERE controller = %(controller)s AND subject = ANY(%(subjects)s) AND NOT ambiguous",
        controller=tx.of,
        subjects=list(subjects),
    )
    return {SubjectId(row["subject"]) for row in rows}


def told_apart(tx: Transaction, subjects: Sequence[SubjectId]) -> list[tuple[SubjectId, SubjectId]]:
    """Pairs with one of these that were split, or joined and two again."""
    rows = sql.all_rows(
        tx,
        """
        SELECT subject AS one, split_from AS other FROM subjects
         WHERE controller = %(controller)s AND subject = ANY(%(subjects)s) AND split_from IS NOT NULL
         UNION
        SELECT split_from, subject FROM subjects WHERE controller = %(controller)s AND split_from = ANY(%(subjects)s)
         UNION
        SELECT subject, into_subject FROM joins
         WHERE controller = %(controller)s AND subject = ANY(%(subjects)s) AND undone_at IS NOT NULL
         UNION
        SELECT into_subject, subject FROM joins
         WHERE controller = %(controller)s AND into_subject = ANY(%(subjects)s) AND undone_at IS NOT NULL
        """,
        controller=tx.of,
        subjects=list(subjects),
    )
    return [(SubjectId(row["one"]), SubjectId(row["other"])) for row in rows]


def count_subjects(tx: Transaction) -> int:
    """Less those who turned out to be nobody."""
    row = sql.one_row(
        tx,
        "SELECT count(*) AS number FROM subjects WHERE controller = %(controller)s AND nobody_since IS NULL",
        controller=tx.of,
    )
    return int(row["number"])


def be_somebody(tx: Transaction, subjects: Sequence[SubjectId]) -> int:
    """A record tells of these again. How many had been nobody."""
    return sql.execute(
        tx,
        "UPDATE subjects SET nobody_since = NULL WHERE controller = %(controller)s AND subject = ANY(%(subjects)s)"
        " AND nobody_since IS NOT NULL",
        controller=tx.of,
        subjects=list(subjects),
    )


def insert_known(tx: Transaction, known: Sequence[tuple[KnownBy, UUID]]) -> None:
    """Each with the record that tells it."""
    sql.execute(
        tx,
        "INSERT INTO known_clues (controller, blind, subject, record, kind)"
        " SELECT %(controller)s, * FROM unnest(%(blinds)s::bytea[], %(subjects)s::uuid[], %(records)s::uuid[], %(kinds)s::text[])"
        " ON CONFLICT DO NOTHING",
        controller=tx.of,
        blinds=[each.blind for each, _ in known],
        subjects=[each.subject for each, _ in known],
        records=[record for _, record in known],
        kinds=[each.kind for each, _ in known],
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


def hold_subjects(tx: Transaction, subjects: Sequence[SubjectId]) -> None:
    """Until the transaction ends, in a settled order."""
    sql.all_rows(
        tx,
        "SELECT subject FROM subjects WHERE controller = %(controller)s AND subject = ANY(%(subjects)s)"
        " ORDER BY subject FOR NO KEY UPDATE",
        controller=tx.of,
        subjects=list(subjects),
    )


def limits_of(tx: Transaction, subject: SubjectId) -> Limits:
    row = sql.maybe_row(
        tx,
        "SELECT restricted_at IS NOT NULL AS restricted, objected_at IS NOT NULL AS objected FROM subjects"
        " WHERE controller = %(controller)s AND subject = %(subject)s",
        controller=tx.of,
        subject=subject,
    )
    return Limits(restricted=row is not None and row["restricted"], objected=row is not None and row["objected"])


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


def person(tx: Transaction, subject: SubjectId) -> list[SubjectId]:
    """All that are joined with it, over any number of steps: the one that stands for them first, the others in order."""
    rows = sql.all_rows(
        tx,
        """
        WITH RECURSIVE up AS (
            SELECT %(subject)s::uuid AS subject
             UNION
            SELECT j.into_subject FROM up
              JOIN joins j ON j.controller = %(controller)s AND j.subject = up.subject AND j.undone_at IS NULL
        ), top AS (
            SELECT subject FROM up
             WHERE NOT EXISTS (SELECT FROM joins j
                                WHERE j.controller = %(controller)s AND j.subject = up.subject AND j.undone_at IS NULL)
        ), under AS (
            SELECT subject, true AS stands FROM top
             UNION
            SELECT j.subject, false FROM under
              JOIN joins j ON j.controller = %(controller)s AND j.into_subject = under.subject AND j.undone_at IS NULL
        )
        SELECT subject FROM under ORDER BY stands DESC, subject
        """,
        controller=tx.of,
        subject=subject,
    )
    return [SubjectId(row["subject"]) for row in rows]


def people(tx: Transaction, tops: Sequence[SubjectId]) -> dict[SubjectId, SubjectId]:
    """All that are joined into these, and themselves, each with the one of them that stands for it."""
    rows = sql.all_rows(
        tx,
        """
        WITH RECURSIVE under AS (
            SELECT top AS subject, top FROM unnest(%(tops)s::uuid[]) AS top
             UNION
            SELECT j.subject, under.top FROM under
              JOIN joins j ON j.controller = %(controller)s AND j.into_subject = under.subject AND j.undone_at IS NULL
        )
        SELECT subject, top FROM under
        """,
        controller=tx.of,
        tops=list(tops),
    )
    return {SubjectId(row["subject"]): SubjectId(row["top"]) for row in rows}


def insert_join(tx: Transaction, join: Join) -> None:
    sql.execute(
        tx,
        "INSERT INTO joins (controller, statement, subject, into_subject, reason, joined_by, joined_role, joined_at)"
        " VALUES (%(controller)s, %(statement)s, %(subject)s, %(into)s, %(reason)s, %(by)s, %(role)s, %(at)s)",
        controller=tx.of,
        statement=join.id,
        subject=join.subject,
        into=join.into,
        reason=join.reason.value,
        by=join.by.id,
        role=join.by.role.value,
        at=join.joined_at,
    )


def undo_join(tx: Transaction, join: StatementId, *, by: Actor, at: datetime, statement: StatementId) -> int:
    """0 where it was undone before."""
    return sql.execute(
        tx,
        "UPDATE joins SET undone_at = %(at)s, undone_by = %(by)s, undone_role = %(role)s, undone_statement = %(statement)s"
        " WHERE controller = %(controller)s AND statement = %(join)s AND undone_at IS NULL",
        controller=tx.of,
        join=join,
        by=by.id,
        role=by.role.value,
        at=at,
        statement=statement,
    )


def join_by_id(tx: Transaction, join: StatementId) -> Join | None:
    row = sql.maybe_row(
        tx,
        "SELECT statement, subject, into_subject, reason, joined_by, joined_role, joined_at, undone_at FROM joins"
        " WHERE controller = %(controller)s AND statement = %(join)s",
        controller=tx.of,
        join=join,
    )
    return None if row is None else _join(row)


def joins_of(tx: Transaction, subjects: Sequence[SubjectId]) -> list[Join]:
    """Undone ones too, in the order in which they were made."""
    rows = sql.all_rows(
        tx,
        "SELECT statement, subject, into_subject, reason, joined_by, joined_role, joined_at, undone_at FROM joins"
        " WHERE controller = %(controller)s AND (subject = ANY(%(subjects)s) OR into_subject = ANY(%(subjects)s))"
        " ORDER BY statement",
        controller=tx.of,
        subjects=list(subjects),
    )
    return [_join(row) for row in rows]


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


def keep_leaving(tx: Transaction, erasure: ErasureId, subject: SubjectId) -> None:
    """All that could be asked about: what they said, and what records told."""
    sql.execute(
        tx,
        """
        INSERT INTO leaving_identifiers (controller, erasure, blind)
        SELECT %(controller)s, %(erasure)s, blind FROM (
            SELECT blind FROM identifiers WHERE controller = %(controller)s AND subject = %(subject)s
             UNION
            SELECT blind FROM known_clues WHERE controller = %(controller)s AND subject = %(subject)s
               AND kind = ANY(%(kinds)s)) b
        ON CONFLICT DO NOTHING
        """,
        controller=tx.of,
        erasure=erasure,
        subject=subject,
        kinds=[each.value for each in IdentifierKind],
    )


def leaving(tx: Transaction, blinds: Sequence[bytes]) -> set[bytes]:
    """Those of these that are kept until an erasure is settled."""
    rows = sql.all_rows(
        tx,
        "SELECT DISTINCT blind FROM leaving_identifiers WHERE controller = %(controller)s AND blind = ANY(%(blinds)s)",
        controller=tx.of,
        blinds=list(blinds),
    )
    return {bytes(row["blind"]) for row in rows}


def left_by(tx: Transaction, blind: bytes) -> list[ErasureId]:
    rows = sql.all_rows(
        tx,
        "SELECT erasure FROM leaving_identifiers WHERE controller = %(controller)s AND blind = %(blind)s ORDER BY erasure",
        controller=tx.of,
        blind=blind,
    )
    return [ErasureId(row["erasure"]) for row in rows]


def forget_leaving(tx: Transaction, erasure: ErasureId) -> None:
    sql.execute(
        tx,
        "DELETE FROM leaving_identifiers WHERE controller = %(controller)s AND erasure = %(erasure)s",
        controller=tx.of,
        erasure=erasure,
    )


def _join(row: sql.Row) -> Join:
    return Join(
        id=StatementId(row["statement"]),
        subject=SubjectId(row["subject"]),
        into=SubjectId(row["into_subject"]),
        reason=JoinReason(row["reason"]),
        by=Actor(id=row["joined_by"], role=Role(row["joined_role"])),
        joined_at=row["joined_at"],
        undone_at=row["undone_at"],
    )
