"""Keys of people, grants and holds, blind-index keys, and the locks of content. Terms, epochs and quarantine have theirs."""

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.database.sql import Row
from rightcall.ids import ControllerId, GrantId, HoldId, HoldingId, PartyId, PurposeId, StatementId, SubjectId
from rightcall.vault.keyring import Found, HeldRow, Kept, KeptGrant, LockRow, Place, Term


def kept_of(row: Row, key: str = "key", blob: str = "wrapped") -> Kept | None:
    return None if row[blob] is None or row[key] is None else Kept(row[key], row[blob])


def found_of(row: Row | None) -> Found | None:
    return None if row is None else Found(kept_of(row))


# Keys directly under the epoch key


def insert_subjects(tx: Transaction, subjects: Sequence[SubjectId], epoch: int, wrapped: Sequence[bytes], now: datetime) -> int:
    """How many had none before."""
    statement = """INSERT INTO subject_keys (controller, subject, epoch, wrapped, created_at)
        SELECT %(controller)s, subject, %(epoch)s, wrapped, %(now)s
        FROM unnest(%(subjects)s::uuid[], %(wrapped)s::bytea[]) AS given (subject, wrapped) ON CONFLICT DO NOTHING"""
    return sql.execute(tx, statement, controller=tx.of, subjects=list(subjects), epoch=epoch, wrapped=list(wrapped), now=now)


def subject(tx: Transaction, subject: SubjectId) -> Found | None:
    statement = """SELECT e.key, s.wrapped FROM subject_keys s LEFT JOIN epochs e ON e.epoch = s.epoch
        WHERE s.controller = %(controller)s AND s.subject = %(subject)s"""
    return found_of(sql.maybe_row(tx, statement, controller=tx.of, subject=subject))


def subjects(tx: Transaction, wanted: Sequence[SubjectId]) -> dict[SubjectId, Found]:
    statement = """SELECT s.subject, e.key, s.wrapped FROM subject_keys s LEFT JOIN epochs e ON e.epoch = s.epoch
        WHERE s.controller = %(controller)s AND s.subject = ANY(%(wanted)s)"""
    return {row["subject"]: Found(kept_of(row)) for row in sql.all_rows(tx, statement, controller=tx.of, wanted=list(wanted))}


def subjects_after(tx: Transaction, after: SubjectId | None, limit: int, *, made_before: datetime) -> list[SubjectId]:
    statement = """SELECT subject FROM subject_keys
        WHERE controller = %(controller)s AND created_at < %(made_before)s
          AND (%(after)s::uuid IS NULL OR subject > %(after)s) ORDER BY subject LIMIT %(limit)s"""
    rows = sql.all_rows(tx, statement, controller=tx.of, after=after, limit=limit, made_before=made_before)
    return [row["subject"] for row in rows]


def destroy_subject(tx: Transaction, subject: SubjectId, now: datetime) -> bool:
    statement = """UPDATE subject_keys SET wrapped = NULL, epoch = NULL, destroyed_at = coalesce(destroyed_at, %(now)s)
        WHERE controller = %(controller)s AND subject = %(subject)s"""
    return sql.execute(tx, statement, controller=tx.of, subject=subject, now=now) == 1


def hold_subjects(tx: Transaction, subjects: Sequence[SubjectId]) -> None:
    """Nobody erases them until the transaction ends."""
    statement = """SELECT subject FROM subject_keys WHERE controller = %(controller)s AND subject = ANY(%(subjects)s)
        ORDER BY subject FOR NO KEY UPDATE"""
    sql.all_rows(tx, statement, controller=tx.of, subjects=list(subjects))


def carried_opening(tx: Transaction, subject: SubjectId, statement: StatementId) -> bytes | None:
    query = """SELECT sealed FROM carried_openings
        WHERE controller = %(controller)s AND statement = %(statement)s AND subject = %(subject)s"""
    row = sql.maybe_row(tx, query, controller=tx.of, statement=statement, subject=subject)
    return None if row is None else bytes(row["sealed"])


def carry_opening(tx: Transaction, statement: StatementId, subject: SubjectId, sealed: bytes) -> None:
    """In place of one that was carried before: nobody whose it is no longer keeps one."""
    query = """INSERT INTO carried_openings (controller, statement, subject, sealed)
        VALUES (%(controller)s, %(statement)s, %(subject)s, %(sealed)s)
        ON CONFLICT (controller, statement) DO UPDATE SET subject = EXCLUDED.subject, sealed = EXCLUDED.sealed"""
    sql.execute(tx, query, controller=tx.of, statement=statement, subject=subject, sealed=sealed)


def blind_key(tx: Transaction) -> Found | None:
    statement = """SELECT e.key, b.wrapped FROM blind_keys b JOIN epochs e ON e.epoch = b.epoch
        WHERE b.controller = %(controller)s"""
    return found_of(sql.maybe_row(tx, statement, controller=tx.of))


def insert_blind_key(tx: Transaction, epoch: int, wrapped: bytes) -> None:
    statement = """INSERT INTO blind_keys (controller, epoch, wrapped)
        VALUES (%(controller)s, %(epoch)s, %(wrapped)s) ON CONFLICT DO NOTHING"""
    sql.execute(tx, statement, controller=tx.of, epoch=epoch, wrapped=wrapped)


# Grants


def insert_grant(tx: Transaction, row: KeptGrant, wrapped: bytes, now: datetime) -> None:
    statement = """INSERT INTO grant_keys
        (controller, grant_id, subject, party, purpose, epoch, wrapped, opened_at) VALUES
        (%(controller)s, %(grant)s, %(subject)s, %(party)s, %(purpose)s, %(epoch)s, %(wrapped)s, %(now)s)"""
    values = {"subject": row.subject, "party": row.party, "purpose": row.purpose, "epoch": row.epoch, "wrapped": wrapped}
    sql.execute(tx, statement, controller=tx.of, grant=row.grant, now=now, **values)


def destroy_grant(tx: Transaction, grant: GrantId, now: datetime) -> bool:
    statement = """UPDATE grant_keys SET wrapped = NULL, epoch = NULL, destroyed_at = coalesce(destroyed_at, %(now)s)
        WHERE controller = %(controller)s AND grant_id = %(grant)s"""
    return sql.execute(tx, statement, controller=tx.of, grant=grant, now=now) == 1


def grants(tx: Transaction, grants: Sequence[GrantId]) -> dict[GrantId, KeptGrant]:
    statement = """SELECT g.controller, g.grant_id, g.subject, g.party, g.purpose, g.epoch, g.wrapped,
            g.withheld_at IS NOT NULL AS withheld, g.withheld_wrap, g.destroyed_at,
            se.key AS subject_epoch_key, s.wrapped AS subject_wrapped, ge.key AS seed_epoch_key, es.wrapped AS seed_wrapped
        FROM grant_keys g
        JOIN subject_keys s ON s.controller = g.controller AND s.subject = g.subject
        LEFT JOIN epochs se ON se.epoch = s.epoch
        LEFT JOIN epoch_seeds es ON es.controller = g.controller AND es.epoch = g.epoch
        LEFT JOIN epochs ge ON ge.epoch = g.epoch
        WHERE g.controller = %(controller)s AND g.grant_id = ANY(%(grants)s)"""
    rows = sql.all_rows(tx, statement, controller=tx.of, grants=list(grants))
    return {GrantId(row["grant_id"]): kept_grant(row) for row in rows}


def hold_grants(tx: Transaction, party: PartyId) -> list[GrantId]:
    """All of the party's, destroyed ones too. Neither a withdrawal nor a rotation changes them until the transaction ends."""
    statement = """SELECT grant_id FROM grant_keys WHERE controller = %(controller)s AND party = %(party)s
        ORDER BY grant_id FOR UPDATE"""
    return [GrantId(row["grant_id"]) for row in sql.all_rows(tx, statement, controller=tx.of, party=party)]


def grants_of_parties(tx: Transaction, parties: Sequence[PartyId]) -> list[GrantId]:
    statement = "SELECT grant_id FROM grant_keys WHERE controller = %(controller)s AND party = ANY(%(parties)s) ORDER BY grant_id"
    return [GrantId(row["grant_id"]) for row in sql.all_rows(tx, statement, controller=tx.of, parties=list(parties))]


def move_grant(tx: Transaction, row: KeptGrant, wrapped: bytes | None) -> None:
    statement = """UPDATE grant_keys
           SET subject = %(subject)s, epoch = %(epoch)s, wrapped = %(wrapped)s, withheld_wrap = %(withheld_wrap)s
        WHERE controller = %(controller)s AND grant_id = %(grant)s"""
    values = {"subject": row.subject, "epoch": row.epoch, "withheld_wrap": row.withheld_wrap}
    sql.execute(tx, statement, controller=tx.of, grant=row.grant, wrapped=wrapped, **values)


def kept_grant(row: Row) -> KeptGrant:
    return KeptGrant(
        controller=ControllerId(row["controller"]),
        grant=GrantId(row["grant_id"]),
        subject=SubjectId(row["subject"]),
        party=PartyId(row["party"]),
        purpose=PurposeId(row["purpose"]),
        epoch=row["epoch"],
        blob=row["wrapped"],
        subject_key=kept_of(row, "subject_epoch_key", "subject_wrapped"),
        seed=kept_of(row, "seed_epoch_key", "seed_wrapped"),
        withheld=row["withheld"],
        withheld_wrap=row["withheld_wrap"],
        destroyed_at=row["destroyed_at"],
    )


def rested_on(tx: Transaction, parties: Sequence[PartyId]) -> set[PartyId]:
    """Those a yes of whom something that is known came by."""
    statement = """SELECT DISTINCT g.party FROM grant_keys g
          JOIN origin_grants o ON o.controller = g.controller AND o.grant_id = g.grant_id
         WHERE g.controller = %(controller)s AND g.party = ANY(%(parties)s::uuid[])"""
    return {PartyId(row["party"]) for row in sql.all_rows(tx, statement, controller=tx.of, parties=list(parties))}


def forget_grants(tx: Transaction, parties: Sequence[PartyId]) -> None:
    statement = "DELETE FROM grant_keys WHERE controller = %(controller)s AND party = ANY(%(parties)s::uuid[])"
    sql.execute(tx, statement, controller=tx.of, parties=list(parties))


# Content


def insert_locks(tx: Transaction, rows: Sequence[tuple[Place, bytes]]) -> int:
    """All locks of a holding in one statement. Grants travel as text, since SQL arrays of arrays must be even."""
    statement = """INSERT INTO content_locks (controller, holding, purpose, last_day, nth, grants, wrapped)
        SELECT %(controller)s, l.holding, l.purpose, l.last_day, l.nth, string_to_array(l.grants, ',')::uuid[], l.wrapped
        FROM unnest(%(holdings)s::uuid[], %(purposes)s::uuid[], %(days)s::date[], %(nths)s::integer[], %(grants)s::text[],
            %(blobs)s::bytea[]) AS l (holding, purpose, last_day, nth, grants, wrapped)
        ON CONFLICT DO NOTHING"""
    return sql.execute(
        tx,
        statement,
        controller=tx.of,
        holdings=[place.holding for place, _ in rows],
        purposes=[place.term.purpose for place, _ in rows],
        days=[place.term.last_day for place, _ in rows],
        nths=[place.term.nth for place, _ in rows],
        grants=[",".join(map(str, place.grants)) for place, _ in rows],
        blobs=[blob for _, blob in rows],
    )


_LOCKS: LiteralString = """SELECT c.holding, c.purpose, c.last_day, c.nth, c.grants, c.wrapped AS content, e.key, t.wrapped,
            ARRAY(SELECT o.grant_id FROM origin_grants o
                WHERE o.controller = c.controller AND o.holding = c.holding AND o.purpose = c.purpose) AS origins
        FROM content_locks c
        JOIN term_keys t ON t.controller = c.controller AND t.purpose = c.purpose AND t.last_day = c.last_day AND t.nth = c.nth
        LEFT JOIN epochs e ON e.epoch = t.epoch
        WHERE c.controller = %(controller)s"""


def lock(tx: Transaction, holding: HoldingId, purpose: PurposeId) -> LockRow | None:
    statement = _LOCKS + " AND c.holding = %(holding)s AND c.purpose = %(purpose)s"
    row = sql.maybe_row(tx, statement, controller=tx.of, holding=holding, purpose=purpose)
    return None if row is None else _lock(tx, row)


def locks(tx: Transaction, wanted: Sequence[tuple[HoldingId, PurposeId]]) -> dict[tuple[HoldingId, PurposeId], LockRow]:
    statement = _LOCKS + " AND c.holding = ANY(%(holdings)s)"
    rows = sql.all_rows(tx, statement, controller=tx.of, holdings=list({holding for holding, _ in wanted}))
    found = {(HoldingId(row["holding"]), PurposeId(row["purpose"])): row for row in rows}
    return {pair: _lock(tx, found[pair]) for pair in wanted if pair in found}


def _lock(tx: Transaction, row: Row) -> LockRow:
    origins = tuple(GrantId(grant) for grant in row["origins"])
    return LockRow(place=place_of(tx, row), blob=row["content"], term=kept_of(row), origins=origins)


def place_of(tx: Transaction, row: Row) -> Place:
    term = Term(purpose=PurposeId(row["purpose"]), last_day=row["last_day"], nth=row["nth"])
    grants = tuple(GrantId(grant) for grant in row["grants"])
    return Place(controller=tx.of, holding=HoldingId(row["holding"]), term=term, grants=grants)


def forget_locks(tx: Transaction, holdings: Sequence[HoldingId]) -> None:
    given = {"controller": tx.of, "holdings": list(holdings)}
    sql.execute(
        tx, "DELETE FROM origin_grants WHERE controller = %(controller)s AND holding = ANY (%(holdings)s::uuid[])", **given
    )
    sql.execute(
        tx, "DELETE FROM content_locks WHERE controller = %(controller)s AND holding = ANY (%(holdings)s::uuid[])", **given
    )


def may_open_yet(tx: Transaction, holdings: Sequence[HoldingId]) -> set[HoldingId]:
    """Those with a lock whose term's key and whose every grant still have their bytes. Asked along the locks' key, and of one key
    after the other: a planner that does not know the controller would read all locks instead."""
    statement = """SELECT DISTINCT c.holding FROM content_locks c
        WHERE c.controller = %(controller)s AND c.holding = ANY (%(holdings)s::uuid[])
          AND (c.purpose, c.last_day, c.nth) IN (
              SELECT t.purpose, t.last_day, t.nth FROM term_keys t
               WHERE t.controller = %(controller)s AND t.wrapped IS NOT NULL)
          AND NOT EXISTS (
              SELECT FROM grant_keys g JOIN subject_keys s ON s.controller = g.controller AND s.subject = g.subject
               WHERE g.controller = c.controller AND (g.wrapped IS NULL OR s.wrapped IS NULL)
                 AND g.grant_id = ANY (c.grants || ARRAY(
                     SELECT o.grant_id FROM origin_grants o
                      WHERE o.controller = c.controller AND o.holding = c.holding AND o.purpose = c.purpose)))"""
    with sql.by_key(tx):
        return {HoldingId(row["holding"]) for row in sql.all_rows(tx, statement, controller=tx.of, holdings=list(holdings))}


# Holds


def insert_hold(tx: Transaction, hold: HoldId, epoch: int, wrapped: bytes, now: datetime) -> None:
    statement = """INSERT INTO hold_keys (controller, hold, epoch, wrapped, placed_at)
        VALUES (%(controller)s, %(hold)s, %(epoch)s, %(wrapped)s, %(now)s) ON CONFLICT DO NOTHING"""
    sql.execute(tx, statement, controller=tx.of, hold=hold, epoch=epoch, wrapped=wrapped, now=now)


def hold(tx: Transaction, hold: HoldId) -> Found | None:
    statement = """SELECT e.key, h.wrapped FROM hold_keys h LEFT JOIN epochs e ON e.epoch = h.epoch
        WHERE h.controller = %(controller)s AND h.hold = %(hold)s"""
    return found_of(sql.maybe_row(tx, statement, controller=tx.of, hold=hold))


def insert_held(tx: Transaction, hold: HoldId, holding: HoldingId, wrapped: bytes) -> None:
    statement = """INSERT INTO held_content (controller, hold, holding, wrapped)
        VALUES (%(controller)s, %(hold)s, %(holding)s, %(wrapped)s) ON CONFLICT DO NOTHING"""
    sql.execute(tx, statement, controller=tx.of, hold=hold, holding=holding, wrapped=wrapped)


def held(tx: Transaction, hold: HoldId, holding: HoldingId) -> HeldRow | None:
    statement = """SELECT c.wrapped AS content, e.key, h.wrapped FROM held_content c
        JOIN hold_keys h ON h.controller = c.controller AND h.hold = c.hold LEFT JOIN epochs e ON e.epoch = h.epoch
        WHERE c.controller = %(controller)s AND c.hold = %(hold)s AND c.holding = %(holding)s"""
    row = sql.maybe_row(tx, statement, controller=tx.of, hold=hold, holding=holding)
    return None if row is None else HeldRow(hold=kept_of(row), blob=row["content"])


def release_hold(tx: Transaction, hold: HoldId, now: datetime) -> bool:
    statement = """UPDATE hold_keys SET wrapped = NULL, epoch = NULL, released_at = coalesce(released_at, %(now)s)
        WHERE controller = %(controller)s AND hold = %(hold)s"""
    return sql.execute(tx, statement, controller=tx.of, hold=hold, now=now) == 1
