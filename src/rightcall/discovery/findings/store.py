"""The table `findings`."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import accumulate
from uuid import UUID

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.database.sql import Row
from rightcall.database.walk import Walk, both_ways
from rightcall.discovery.findings.model import Again, Batch, KeptFinding, NewRow, SealedFinding, Wanted, Weighed, Whose
from rightcall.holdings.gone.model import Gone
from rightcall.ids import FindingId, HoldingId, ObjectId, ScanId, SubjectId, SystemId

_SHARING = 500


def seen_again(tx: Transaction, batch: Batch, marks: Sequence[bytes], weighed: Sequence[Weighed]) -> set[bytes]:
    """Those of the object that are known are seen again by this scan, also ones that were gone: whose these are is told anew, for
    somebody else may have had their record meanwhile. Which."""
    rows = sql.all_rows(
        tx,
        """
        UPDATE findings f SET last_scan = %(scan)s, last_reading = %(reading)s, gone_at = NULL,
               holding = CASE WHEN f.gone_at IS NULL THEN f.holding END,
               subject = CASE WHEN f.gone_at IS NULL THEN f.subject END, confidence = n.confidence, why = n.why,
               of_another = n.of_another, country = CASE WHEN NOT f.erased THEN n.country END, dated_on = n.dated_on
          FROM unnest(%(marks)s::bytea[], %(confidences)s::real[], %(whys)s::text[], %(countries)s::text[],
                      %(of_another)s::boolean[], %(dates)s::date[])
               AS n (mark, confidence, why, country, of_another, dated_on)
         WHERE f.controller = %(controller)s AND f.object = %(object)s AND f.mark = n.mark
        RETURNING f.mark
        """,
        controller=tx.of,
        object=batch.object,
        scan=batch.scan,
        reading=batch.reading,
        marks=list(marks),
        confidences=[each.confidence for each in weighed],
        whys=[each.why for each in weighed],
        countries=[each.country for each in weighed],
        of_another=[each.of_another for each in weighed],
        dates=[each.dated_on for each in weighed],
    )
    return {bytes(row["mark"]) for row in rows}


def vanished(tx: Transaction, before: datetime, after: FindingId | None, limit: int) -> list[Gone]:
    """Not found any more since before then, and not on the map either: a page in the order of ids. What was erased there is left
    out, since it may come back and is known again by it."""
    rows = sql.all_rows(
        tx,
        """
        SELECT f.finding, f.subject, f.gone_at
          FROM findings f
         WHERE f.controller = %(controller)s AND f.gone_at < %(before)s AND NOT f.erased
           AND (%(after)s::uuid IS NULL OR f.finding > %(after)s)
           AND NOT EXISTS (SELECT FROM holdings h WHERE h.controller = f.controller AND h.holding = f.finding)
         ORDER BY f.finding LIMIT %(limit)s
           FOR UPDATE OF f
        """,
        controller=tx.of,
        before=before,
        after=after,
        limit=limit,
    )
    return [Gone(id=HoldingId(row["finding"]), subject=row["subject"], went_at=row["gone_at"]) for row in rows]


def forget(tx: Transaction, wanted: Sequence[HoldingId]) -> list[tuple[UUID, SubjectId | None]]:
    """In which records they were, and whose."""
    rows = sql.all_rows(
        tx,
        """
        WITH forgotten AS (
            DELETE FROM findings WHERE controller = %(controller)s AND finding = ANY (%(wanted)s::uuid[])
            RETURNING record, subject)
        SELECT DISTINCT record, subject FROM forgotten
        """,
        controller=tx.of,
        wanted=list(wanted),
    )
    return [(row["record"], row["subject"]) for row in rows]


def redated(tx: Transaction, object: ObjectId, marks: Sequence[bytes], dates: Sequence[date | None]) -> list[FindingId]:
    """Those of the object on the map that are seen again with another day than is known of them."""
    rows = sql.all_rows(
        tx,
        """
        SELECT DISTINCT f.finding
          FROM unnest(%(marks)s::bytea[], %(dates)s::date[]) AS n (mark, dated_on)
          JOIN findings f ON f.controller = %(controller)s AND f.object = %(object)s AND f.mark = n.mark
         WHERE f.holding IS NOT NULL AND f.gone_at IS NULL AND f.dated_on IS DISTINCT FROM n.dated_on
        """,
        controller=tx.of,
        object=object,
        marks=list(marks),
        dates=list(dates),
    )
    return [FindingId(row["finding"]) for row in rows]


def insert(tx: Transaction, batch: Batch, rows: Sequence[NewRow], at: datetime) -> None:
    """In one statement, so that they are counted once. Twice is fine. All clues stand in one array, in the order of the rows."""
    ends = list(accumulate(len(row.clues) for row in rows))
    sql.execute(
        tx,
        """
        INSERT INTO findings (controller, finding, system, object, record, mark, sealed_spot, field, type, category, confidence,
                              why, clue_kinds, clues, first_scan, last_scan, last_reading, first_seen_at, dated_on, of_staff,
                              of_another, country)
        SELECT %(controller)s, n.finding, %(system)s, %(object)s, n.record, n.mark, n.sealed_spot, n.field, n.type, n.category,
               n.confidence, n.why, (%(clue_kinds)s::text[])[n.first:n.last], (%(clues)s::bytea[])[n.first:n.last], %(scan)s,
               %(scan)s, %(reading)s, %(at)s, n.dated_on, n.of_staff, n.of_another, n.country
          FROM unnest(%(findings)s::uuid[], %(records)s::uuid[], %(marks)s::bytea[], %(spots)s::bytea[], %(fields)s::text[],
                      %(types)s::text[], %(categories)s::text[], %(confidences)s::real[], %(whys)s::text[], %(firsts)s::integer[],
                      %(lasts)s::integer[], %(dates)s::date[], %(of_staff)s::boolean[], %(of_another)s::boolean[],
                      %(countries)s::text[])
               AS n (finding, record, mark, sealed_spot, field, type, category, confidence, why, first, last, dated_on, of_staff,
                     of_another, country)
        ON CONFLICT (controller, object, mark) DO NOTHING
        """,
        controller=tx.of,
        system=batch.system,
        object=batch.object,
        scan=batch.scan,
        reading=batch.reading,
        at=at,
        findings=[row.id for row in rows],
        records=[row.record for row in rows],
        marks=[row.mark for row in rows],
        spots=[row.sealed_spot for row in rows],
        fields=[row.field for row in rows],
        types=[row.type for row in rows],
        categories=[row.category for row in rows],
        confidences=[row.confidence for row in rows],
        whys=[row.why for row in rows],
        clue_kinds=[kind for row in rows for kind in row.clue_kinds],
        clues=[clue for row in rows for clue in row.clues],
        firsts=[end - len(row.clues) + 1 for end, row in zip(ends, rows, strict=True)],
        lasts=ends,
        dates=[row.dated_on for row in rows],
        of_staff=[row.of_staff for row in rows],
        of_another=[row.of_another for row in rows],
        countries=[row.country for row in rows],
    )


def inherit(tx: Transaction, object: ObjectId, scan: ScanId, at: datetime) -> None:
    """What this scan saw first has the subject of what went with it and said the same of the same thing: it moved within its
    cell, or its row says something else besides. It is held since then."""
    statement = """UPDATE findings n SET subject = o.subject, first_seen_at = o.first_seen_at FROM findings o
        WHERE n.controller = %(controller)s AND n.object = %(object)s AND n.first_scan = %(scan)s AND n.subject IS NULL
          AND NOT n.of_staff AND n.gone_at IS NULL AND o.controller = n.controller AND o.object = n.object AND o.gone_at = %(at)s
          AND o.subject IS NOT NULL AND o.record = n.record AND o.type = n.type AND o.field IS NOT DISTINCT FROM n.field
          AND o.clue_kinds = n.clue_kinds AND o.clues = n.clues"""
    sql.execute(tx, statement, controller=tx.of, object=object, scan=scan, at=at)


def has_clue(tx: Transaction, blind: bytes) -> bool:
    """Whether anything that was found and is there still tells this, whoever it is about."""
    row = sql.one_row(
        tx,
        "SELECT EXISTS (SELECT FROM findings WHERE controller = %(controller)s AND clues @> %(clues)s::bytea[]"
        " AND gone_at IS NULL) AS has",
        controller=tx.of,
        clues=[blind],
    )
    return bool(row["has"])


def inherit_erased(tx: Transaction, object: ObjectId, scan: ScanId, at: datetime) -> None:
    """What this scan saw first in a record of a person who was erased, of which something went with it, is dark too."""
    statement = """UPDATE findings n SET erased = true, sealed_spot = NULL, clue_kinds = '{}', clues = '{}', country = NULL FROM
    findings o WHERE n.controller = %(controller)s AND n.object = %(object)s AND n.first_scan = %(scan)s AND n.subject IS NULL AND
    NOT n.erased AND n.gone_at IS NULL AND o.controller = n.controller AND o.object = n.object AND o.gone_at = %(at)s AND o.erased
    AND o.record = n.record"""
    sql.execute(tx, statement, controller=tx.of, object=object, scan=scan, at=at)


def forget_subject(tx: Transaction, subject: SubjectId) -> int:
    """Nothing tells any more that these were the person's, nor where they lie, nor what the values said of whose they are."""
    statement = """UPDATE findings SET subject = NULL, erased = true, sealed_spot = NULL, clue_kinds = '{}', clues = '{}', country
    = NULL WHERE controller = %(controller)s AND subject = %(subject)s"""
    return sql.execute(tx, statement, controller=tx.of, subject=subject)


def gone_from_object(tx: Transaction, object: ObjectId, scan: ScanId, reading: int, at: datetime) -> int:
    """Those that this reading, which came to the end of it, did not see; one that was cut off before may have. How many."""
    statement = """UPDATE findings SET gone_at = %(at)s
        WHERE controller = %(controller)s AND object = %(object)s AND gone_at IS NULL
          AND (last_scan <> %(scan)s OR last_reading <> %(reading)s)"""
    return sql.execute(tx, statement, controller=tx.of, object=object, scan=scan, reading=reading, at=at)


def gone_with_objects(tx: Transaction, system: SystemId, at: datetime) -> int:
    """Those of objects that are gone. How many."""
    statement = """UPDATE findings f SET gone_at = %(at)s FROM system_objects o
        WHERE f.controller = %(controller)s AND f.system = %(system)s AND f.gone_at IS NULL
          AND o.controller = f.controller AND o.object = f.object AND o.gone_at IS NOT NULL"""
    return sql.execute(tx, statement, controller=tx.of, system=system, at=at)


def of_object(tx: Transaction, object: ObjectId, scan: ScanId) -> int:
    """How many of it this scan saw."""
    statement = """SELECT count(*) AS seen FROM findings
        WHERE controller = %(controller)s AND object = %(object)s AND last_scan = %(scan)s AND gone_at IS NULL"""
    return int(sql.one_row(tx, statement, controller=tx.of, object=object, scan=scan)["seen"])


def objects_by_type(tx: Transaction, system: SystemId, scan: ScanId) -> dict[str, tuple[int, int]]:
    """For each type that this scan saw: how many findings, in how many objects."""
    rows = sql.all_rows(
        tx,
        """
        SELECT type, count(*) AS findings, count(DISTINCT object) AS objects FROM findings
         WHERE controller = %(controller)s AND system = %(system)s AND last_scan = %(scan)s AND gone_at IS NULL
         GROUP BY type ORDER BY count(*) DESC, type
        """,
        controller=tx.of,
        system=system,
        scan=scan,
    )
    return {row["type"]: (row["findings"], row["objects"]) for row in rows}


def count_by_type(tx: Transaction, system: SystemId) -> dict[str, tuple[int, int]]:
    """The same of all that lies there, whichever scan saw it."""
    rows = sql.all_rows(
        tx,
        """
        SELECT type, count(*) AS findings, count(DISTINCT object) AS objects FROM findings
         WHERE controller = %(controller)s AND system = %(system)s AND gone_at IS NULL
         GROUP BY type ORDER BY count(*) DESC, type
        """,
        controller=tx.of,
        system=system,
    )
    return {row["type"]: (row["findings"], row["objects"]) for row in rows}


def whose(tx: Transaction, system: SystemId) -> Whose:
    statement = """SELECT count(*) AS findings, count(subject) AS linked, count(holding) FILTER (WHERE NOT erased) AS mapped,
        count(*) FILTER (WHERE erased) AS erased FROM findings
        WHERE controller = %(controller)s AND system = %(system)s AND gone_at IS NULL"""
    row = sql.one_row(tx, statement, controller=tx.of, system=system)
    return Whose(findings=row["findings"], linked=row["linked"], mapped=row["mapped"], erased=row["erased"])


def most_found(tx: Transaction, system: SystemId, limit: int) -> list[tuple[ObjectId, int]]:
    """The objects with the most, and how many lie there."""
    rows = sql.all_rows(
        tx,
        """
        SELECT object, count(*) AS findings FROM findings
         WHERE controller = %(controller)s AND system = %(system)s AND gone_at IS NULL
         GROUP BY object ORDER BY count(*) DESC, object LIMIT %(limit)s
        """,
        controller=tx.of,
        system=system,
        limit=limit,
    )
    return [(ObjectId(row["object"]), row["findings"]) for row in rows]


def sealed_names(tx: Transaction, system: SystemId, objects: Sequence[ObjectId]) -> list[tuple[ObjectId, bytes]]:
    rows = sql.all_rows(
        tx,
        "SELECT object, sealed_name FROM system_objects"
        " WHERE controller = %(controller)s AND system = %(system)s AND object = ANY(%(objects)s::uuid[])",
        controller=tx.of,
        system=system,
        objects=list(objects),
    )
    return [(ObjectId(row["object"]), bytes(row["sealed_name"])) for row in rows]


def people_of(tx: Transaction, objects: Sequence[ObjectId], most: int) -> dict[ObjectId, list[SubjectId | None]]:
    """Whose things lie in each, or lay there, at most so many people; None among them for all that were erased."""
    rows = sql.all_rows(
        tx,
        """
        SELECT o.object, p.subject
          FROM unnest(%(objects)s::uuid[]) AS o (object)
         CROSS JOIN LATERAL (
               SELECT DISTINCT f.subject FROM findings f
                WHERE f.controller = %(controller)s AND f.object = o.object AND (f.subject IS NOT NULL OR f.erased)
                LIMIT %(most)s) p
        """,
        controller=tx.of,
        objects=list(objects),
        most=most,
    )
    found: dict[ObjectId, list[SubjectId | None]] = {}
    for row in rows:
        found.setdefault(ObjectId(row["object"]), []).append(None if row["subject"] is None else SubjectId(row["subject"]))
    return found


_PAGE = both_ways("""
SELECT f.finding, f.system, f.object, f.record, f.sealed_spot, f.field, f.type, f.category, f.confidence, f.why,
       f.clue_kinds, f.subject, f.holding, f.first_scan, f.last_scan, f.first_seen_at, f.gone_at, f.dated_on, f.erased,
       o.sealed_name
  FROM findings f JOIN system_objects o ON o.controller = f.controller AND o.object = f.object
 WHERE f.controller = %(controller)s AND f.system = %(system)s
   AND (%(object)s::uuid IS NULL OR (f.object = %(object)s AND NOT f.erased))
   AND (%(type)s::text IS NULL OR f.type = %(type)s)
   AND (%(category)s::text IS NULL OR f.category = %(category)s)
   AND (%(subject)s::uuid IS NULL OR f.subject = %(subject)s) AND (NOT %(nobodys)s OR f.subject IS NULL)
   AND (%(also_gone)s OR f.gone_at IS NULL)
   AND f.finding {beyond} %(id)s
 ORDER BY f.finding {way} LIMIT %(limit)s
""")


def page(tx: Transaction, wanted: Wanted, walk: Walk, limit: int) -> list[SealedFinding]:
    """In the order of their ids. In which object something of an erased person lies is not told by asking for the object."""
    rows = sql.all_rows(
        tx,
        _PAGE[walk.oldest_first],
        controller=tx.of,
        system=wanted.system,
        object=wanted.object,
        type=wanted.type,
        category=wanted.category and wanted.category.value,
        subject=wanted.subject,
        nobodys=wanted.nobodys,
        also_gone=wanted.also_gone,
        id=walk.bounds()["id"],
        limit=limit,
    )
    return [sealed_of(row) for row in rows]


def again_of(
    tx: Transaction, system: SystemId, originals: Sequence[SystemId], after: FindingId | None, limit: int
) -> list[Again]:
    """Of the next that are on the map and tell something by which people are known, in the order of their ids: what tells the
    same of the same person in one of the originals, where that is not known yet to be its origin. Of what very many tell the
    same, some are looked at."""
    rows = sql.all_rows(
        tx,
        """
        WITH page AS MATERIALIZED (
            SELECT finding, holding, subject, type, clues[1] AS clue FROM findings
             WHERE controller = %(controller)s AND system = %(system)s AND gone_at IS NULL AND subject IS NOT NULL
               AND holding IS NOT NULL AND cardinality(clues) > 0 AND (%(after)s::uuid IS NULL OR finding > %(after)s)
             ORDER BY finding LIMIT %(limit)s
        )
        SELECT p.finding, p.holding, CASE WHEN d.origin IS NULL THEN o.holding END AS origin
          FROM page p
          LEFT JOIN LATERAL (
               SELECT s.holding
                 FROM (SELECT f.finding, f.holding, f.subject, f.type, f.system FROM findings f
                        WHERE f.controller = %(controller)s AND f.clues[1] = p.clue AND f.gone_at IS NULL LIMIT %(sharing)s) s
                WHERE s.subject = p.subject AND s.type = p.type AND s.system = ANY(%(originals)s) AND s.holding IS NOT NULL
                ORDER BY s.finding LIMIT 1) o ON true
          LEFT JOIN LATERAL (
               SELECT origin FROM derivations
                WHERE controller = %(controller)s AND holding = p.holding AND origin = o.holding LIMIT 1) d ON true
         ORDER BY p.finding
        """,
        controller=tx.of,
        system=system,
        originals=list(originals),
        sharing=_SHARING,
        after=after,
        limit=limit,
    )
    return [Again(finding=row["finding"], holding=row["holding"], origin=row["origin"]) for row in rows]


def of_records(tx: Transaction, records: Sequence[UUID]) -> list[SealedFinding]:
    """What lies there of these records now, in the order of its ids; nothing of people who were erased."""
    rows = sql.all_rows(
        tx,
        """
        SELECT f.finding, f.system, f.object, f.record, f.sealed_spot, f.field, f.type, f.category, f.confidence, f.why,
               f.clue_kinds, f.subject, f.holding, f.first_scan, f.last_scan, f.first_seen_at, f.gone_at, f.dated_on, f.erased,
               o.sealed_name
          FROM findings f JOIN system_objects o ON o.controller = f.controller AND o.object = f.object
         WHERE f.controller = %(controller)s AND f.record = ANY(%(records)s) AND f.gone_at IS NULL AND NOT f.erased
         ORDER BY f.finding
        """,
        controller=tx.of,
        records=list(records),
    )
    return [sealed_of(row) for row in rows]


def alone_in_record(tx: Transaction, findings: Sequence[FindingId], person: Sequence[SubjectId]) -> frozenset[FindingId]:
    """Those in whose record nothing lies that is about anybody but this person. Whose something erased was, the map knows."""
    rows = sql.all_rows(
        tx,
        """
        SELECT f.finding FROM findings f
         WHERE f.controller = %(controller)s AND f.finding = ANY (%(findings)s)
           AND NOT EXISTS (SELECT FROM findings o
                             LEFT JOIN holdings h ON o.erased AND h.controller = o.controller AND h.holding = o.holding
                            WHERE o.controller = %(controller)s AND o.record = f.record AND o.gone_at IS NULL
                              AND coalesce(o.subject, h.subject) <> ALL (%(person)s))
        """,
        controller=tx.of,
        findings=list(findings),
        person=list(person),
    )
    return frozenset(FindingId(row["finding"]) for row in rows)


def sealed_of(row: Row) -> SealedFinding:
    spot = None if row["sealed_spot"] is None else bytes(row["sealed_spot"])
    return SealedFinding(finding=_finding(row), spot=spot, name=bytes(row["sealed_name"]))


def _finding(row: Row) -> KeptFinding:
    return KeptFinding(
        id=FindingId(row["finding"]),
        system=SystemId(row["system"]),
        object=ObjectId(row["object"]),
        record=row["record"],
        spot=None,
        field=row["field"],
        type=row["type"],
        category=row["category"],
        confidence=round(row["confidence"], 2),
        why=row["why"],
        clue_kinds=tuple(row["clue_kinds"]),
        subject=None if row["subject"] is None else SubjectId(row["subject"]),
        holding=None if row["holding"] is None else HoldingId(row["holding"]),
        first_scan=ScanId(row["first_scan"]),
        last_scan=ScanId(row["last_scan"]),
        first_seen_at=row["first_seen_at"],
        dated_on=row["dated_on"],
        gone_at=row["gone_at"],
        is_erased=row["erased"],
    )
