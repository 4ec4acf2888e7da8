"""The only SQL of the vault. `epochs` and the re-wrapping of what lives are at the end, for the deployment's own transactions."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.database.sql import Row
from rightcall.ids import ControllerId, GrantId, HoldId, HoldingId, PartyId, PurposeId, StatementId, SubjectId
from rightcall.vault.keyring import Found, HeldRow, Kept, KeptGrant, LockRow, Place, Term
from rightcall.vault.model import Epoch


def _kept(row: Row, key: str = "key", blob: str = "wrapped") -> Kept | None:
    return None if row[blob] is None or row[key] is None else Kept(row[key], row[blob])


def _found(row: Row | None) -> Found | None:
    return None if row is None else Found(_kept(row))


# Keys directly under the epoch key


def current_epoch(tx: Transaction) -> tuple[int, str] | None:
    """Number and key name of the epoch that new keys go under; held until the transaction ends."""
    row = sql.maybe_row(tx, "SELECT epoch, key FROM current_epoch()")
    return None if row is None else (row["epoch"], row["key"])


def insert_subjects(tx: Transaction, subjects: Sequence[SubjectId], epoch: int, wrapped: Sequence[bytes], now: datetime) -> int:
    """How many had none before."""
    statement = """INSERT INTO subject_keys (controller, subject, epoch, wrapped, created_at)
        SELECT %(controller)s, subject, %(epoch)s, wrapped, %(now)s
        FROM unnest(%(subjects)s::uuid[], %(wrapped)s::bytea[]) AS given (subject, wrapped) ON CONFLICT DO NOTHING"""
    return sql.execute(tx, statement, controller=tx.of, subjects=list(subjects), epoch=epoch, wrapped=list(wrapped), now=now)


def subject(tx: Transaction, subject: SubjectId) -> Found | None:
    statement = """SELECT e.key, s.wrapped FROM subject_keys s LEFT JOIN epochs e ON e.epoch = s.epoch
        WHERE s.controller = %(controller)s AND s.subject = %(subject)s"""
    return _found(sql.maybe_row(tx, statement, controller=tx.of, subject=subject))


def subjects(tx: Transaction, wanted: Sequence[SubjectId]) -> dict[SubjectId, Found]:
    statement = """SELECT s.subject, e.key, s.wrapped FROM subject_keys s LEFT JOIN epochs e ON e.epoch = s.epoch
        WHERE s.controller = %(controller)s AND s.subject = ANY(%(wanted)s)"""
    return {row["subject"]: Found(_kept(row)) for row in sql.all_rows(tx, statement, controller=tx.of, wanted=list(wanted))}


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
    return _found(sql.maybe_row(tx, statement, controller=tx.of))


def forget_blind_keys(tx: Transaction, epoch: int) -> None:
    sql.execute(tx, "DELETE FROM blind_keys WHERE epoch = %(epoch)s", epoch=epoch)


def insert_blind_key(tx: Transaction, epoch: int, wrapped: bytes) -> None:
    statement = """INSERT INTO blind_keys (controller, epoch, wrapped)
        VALUES (%(controller)s, %(epoch)s, %(wrapped)s) ON CONFLICT DO NOTHING"""
    sql.execute(tx, statement, controller=tx.of, epoch=epoch, wrapped=wrapped)


def seed(tx: Transaction, controller: ControllerId, epoch: int) -> Kept | None:
    statement = """SELECT e.key, s.wrapped FROM epoch_seeds s JOIN epochs e ON e.epoch = s.epoch
        WHERE s.controller = %(controller)s AND s.epoch = %(epoch)s"""
    row = sql.maybe_row(tx, statement, controller=controller, epoch=epoch)
    return None if row is None else _kept(row)


def insert_seed(tx: Transaction, controller: ControllerId, epoch: int, wrapped: bytes) -> None:
    statement = """INSERT INTO epoch_seeds (controller, epoch, wrapped)
        VALUES (%(controller)s, %(epoch)s, %(wrapped)s) ON CONFLICT DO NOTHING"""
    sql.execute(tx, statement, controller=controller, epoch=epoch, wrapped=wrapped)


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
            g.withheld_at IS NOT NULL AS withheld, g.withheld_wrap,
            se.key AS subject_epoch_key, s.wrapped AS subject_wrapped, ge.key AS seed_epoch_key, es.wrapped AS seed_wrapped
        FROM grant_keys g
        JOIN subject_keys s ON s.controller = g.controller AND s.subject = g.subject
        LEFT JOIN epochs se ON se.epoch = s.epoch
        LEFT JOIN epoch_seeds es ON es.controller = g.controller AND es.epoch = g.epoch
        LEFT JOIN epochs ge ON ge.epoch = g.epoch
        WHERE g.controller = %(controller)s AND g.grant_id = ANY(%(grants)s)"""
    rows = sql.all_rows(tx, statement, controller=tx.of, grants=list(grants))
    return {GrantId(row["grant_id"]): _kept_grant(row) for row in rows}


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


def _kept_grant(row: Row) -> KeptGrant:
    return KeptGrant(
        controller=ControllerId(row["controller"]),
        grant=GrantId(row["grant_id"]),
        subject=SubjectId(row["subject"]),
        party=PartyId(row["party"]),
        purpose=PurposeId(row["purpose"]),
        epoch=row["epoch"],
        blob=row["wrapped"],
        subject_key=_kept(row, "subject_epoch_key", "subject_wrapped"),
        seed=_kept(row, "seed_epoch_key", "seed_wrapped"),
        withheld=row["withheld"],
        withheld_wrap=row["withheld_wrap"],
    )


# Terms


def terms(tx: Transaction, wanted: Sequence[tuple[PurposeId, date]]) -> dict[tuple[PurposeId, date], tuple[Term, Found]]:
    """The latest key of each that there is."""
    statement = """SELECT DISTINCT ON (t.purpose, t.last_day) t.purpose, t.last_day, t.nth, e.key, t.wrapped
        FROM unnest(%(purposes)s::uuid[], %(days)s::date[]) AS w (purpose, last_day)
        JOIN term_keys t ON t.controller = %(controller)s AND t.purpose = w.purpose AND t.last_day = w.last_day
        LEFT JOIN epochs e ON e.epoch = t.epoch ORDER BY t.purpose, t.last_day, t.nth DESC"""
    days = [day for _, day in wanted]
    rows = sql.all_rows(tx, statement, controller=tx.of, purposes=[purpose for purpose, _ in wanted], days=days)
    found = [(Term(purpose=PurposeId(r["purpose"]), last_day=r["last_day"], nth=r["nth"]), Found(_kept(r))) for r in rows]
    return {(term.purpose, term.last_day): (term, it) for term, it in found}


def insert_term(tx: Transaction, term: Term, epoch: int, wrapped: bytes, now: datetime) -> None:
    statement = """INSERT INTO term_keys (controller, purpose, last_day, nth, epoch, wrapped, created_at)
        VALUES (%(controller)s, %(purpose)s, %(last_day)s, %(nth)s, %(epoch)s, %(wrapped)s, %(now)s) ON CONFLICT DO NOTHING"""
    values = {"purpose": term.purpose, "last_day": term.last_day, "nth": term.nth, "epoch": epoch, "wrapped": wrapped}
    sql.execute(tx, statement, controller=tx.of, now=now, **values)


def end_term(tx: Transaction, purpose: PurposeId, last_day: date, now: datetime) -> bool:
    statement = """UPDATE term_keys SET wrapped = NULL, epoch = NULL, ended_at = coalesce(ended_at, %(now)s)
        WHERE controller = %(controller)s AND purpose = %(purpose)s AND last_day = %(last_day)s"""
    return sql.execute(tx, statement, controller=tx.of, purpose=purpose, last_day=last_day, now=now) > 0


def terms_before(tx: Transaction, today: date) -> list[tuple[PurposeId, date]]:
    statement = """SELECT DISTINCT purpose, last_day FROM term_keys
        WHERE controller = %(controller)s AND epoch IS NOT NULL AND last_day < %(today)s ORDER BY last_day, purpose"""
    return [(PurposeId(row["purpose"]), row["last_day"]) for row in sql.all_rows(tx, statement, controller=tx.of, today=today)]


def latest_terms(
    tx: Transaction, purpose: PurposeId, days: Sequence[date], made_before: datetime
) -> dict[date, tuple[int | None, int]]:
    """Of each day the number of its latest key that was made since, None where there is none, and of its latest at all, or 0."""
    statement = """SELECT w.last_day, coalesce(max(t.nth), 0) AS latest,
            max(t.nth) FILTER (WHERE t.created_at >= %(made_before)s AND t.wrapped IS NOT NULL) AS fresh
        FROM unnest(%(days)s::date[]) AS w (last_day)
        LEFT JOIN term_keys t ON t.controller = %(controller)s AND t.purpose = %(purpose)s AND t.last_day = w.last_day
        GROUP BY w.last_day"""
    rows = sql.all_rows(tx, statement, controller=tx.of, purpose=purpose, days=list(days), made_before=made_before)
    return {row["last_day"]: (row["fresh"], row["latest"]) for row in rows}


def days_made_before(tx: Transaction, purpose: PurposeId, made_before: datetime) -> list[date]:
    """The last days of the purpose's keys from before that still have their bytes."""
    statement = """SELECT DISTINCT last_day FROM term_keys WHERE controller = %(controller)s AND purpose = %(purpose)s
        AND created_at < %(made_before)s AND wrapped IS NOT NULL ORDER BY last_day"""
    rows = sql.all_rows(tx, statement, controller=tx.of, purpose=purpose, made_before=made_before)
    return [row["last_day"] for row in rows]


def end_terms_made_before(tx: Transaction, purpose: PurposeId, made_before: datetime, now: datetime) -> int:
    statement = """UPDATE term_keys SET wrapped = NULL, epoch = NULL, ended_at = %(now)s
        WHERE controller = %(controller)s AND purpose = %(purpose)s AND created_at < %(made_before)s AND wrapped IS NOT NULL"""
    return sql.execute(tx, statement, controller=tx.of, purpose=purpose, made_before=made_before, now=now)


def insert_ended_terms(tx: Transaction, purpose: PurposeId, days: Sequence[date], now: datetime) -> None:
    """Days that are over, where nothing was kept until any of them yet."""
    statement = """INSERT INTO term_keys (controller, purpose, last_day, nth, created_at, ended_at)
        SELECT %(controller)s, %(purpose)s, last_day, 1, %(now)s, %(now)s FROM unnest(%(days)s::date[]) AS w (last_day)
        ON CONFLICT DO NOTHING"""
    sql.execute(tx, statement, controller=tx.of, purpose=purpose, days=list(days), now=now)


# Content


def locks_made_before(tx: Transaction, purpose: PurposeId, holdings: Sequence[HoldingId], made_before: datetime) -> list[LockRow]:
    """Those of these holdings whose term's key is from before and has its bytes still. Nobody else moves them meanwhile."""
    statement = """SELECT c.holding, c.last_day, c.nth, c.grants, c.wrapped AS content, e.key, t.wrapped
        FROM unnest(%(holdings)s::uuid[]) AS w (holding)
        JOIN content_locks c ON c.controller = %(controller)s AND c.holding = w.holding AND c.purpose = %(purpose)s
        JOIN term_keys t ON t.controller = c.controller AND t.purpose = c.purpose AND t.last_day = c.last_day AND t.nth = c.nth
        LEFT JOIN epochs e ON e.epoch = t.epoch
        WHERE t.created_at < %(made_before)s AND t.wrapped IS NOT NULL AND c.wrapped <> ''
        ORDER BY c.holding FOR UPDATE OF c"""
    rows = sql.all_rows(tx, statement, controller=tx.of, purpose=purpose, holdings=list(holdings), made_before=made_before)
    return [LockRow(place=_place(tx, purpose, row), blob=row["content"], term=_kept(row)) for row in rows]


def move_locks(tx: Transaction, rows: Sequence[tuple[Place, bytes]]) -> None:
    statement = """UPDATE content_locks c SET last_day = n.last_day, nth = n.nth, wrapped = n.wrapped
        FROM unnest(%(holdings)s::uuid[], %(purposes)s::uuid[], %(days)s::date[], %(nths)s::integer[], %(blobs)s::bytea[])
            AS n (holding, purpose, last_day, nth, wrapped)
        WHERE c.controller = %(controller)s AND c.holding = n.holding AND c.purpose = n.purpose"""
    sql.execute(
        tx,
        statement,
        controller=tx.of,
        holdings=[place.holding for place, _ in rows],
        purposes=[place.term.purpose for place, _ in rows],
        days=[place.term.last_day for place, _ in rows],
        nths=[place.term.nth for place, _ in rows],
        blobs=[blob for _, blob in rows],
    )


def _place(tx: Transaction, purpose: PurposeId, row: Row) -> Place:
    term = Term(purpose=purpose, last_day=row["last_day"], nth=row["nth"])
    return Place(
        controller=tx.of, holding=HoldingId(row["holding"]), term=term, grants=tuple(GrantId(grant) for grant in row["grants"])
    )


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


def lock(tx: Transaction, holding: HoldingId, purpose: PurposeId) -> LockRow | None:
    statement = """SELECT c.last_day, c.nth, c.grants, c.wrapped AS content, e.key, t.wrapped,
            ARRAY(SELECT o.grant_id FROM origin_grants o
                WHERE o.controller = c.controller AND o.holding = c.holding AND o.purpose = c.purpose) AS origins
        FROM content_locks c
        JOIN term_keys t ON t.controller = c.controller AND t.purpose = c.purpose AND t.last_day = c.last_day AND t.nth = c.nth
        LEFT JOIN epochs e ON e.epoch = t.epoch
        WHERE c.controller = %(controller)s AND c.holding = %(holding)s AND c.purpose = %(purpose)s"""
    row = sql.maybe_row(tx, statement, controller=tx.of, holding=holding, purpose=purpose)
    return None if row is None else _lock(tx, row, holding, purpose)


def locks(tx: Transaction, wanted: Sequence[tuple[HoldingId, PurposeId]]) -> dict[tuple[HoldingId, PurposeId], LockRow]:
    statement = """SELECT c.holding, c.purpose, c.last_day, c.nth, c.grants, c.wrapped AS content, e.key, t.wrapped,
            ARRAY(SELECT o.grant_id FROM origin_grants o
                WHERE o.controller = c.controller AND o.holding = c.holding AND o.purpose = c.purpose) AS origins
        FROM content_locks c
        JOIN term_keys t ON t.controller = c.controller AND t.purpose = c.purpose AND t.last_day = c.last_day AND t.nth = c.nth
        LEFT JOIN epochs e ON e.epoch = t.epoch
        WHERE c.controller = %(controller)s AND c.holding = ANY(%(holdings)s)"""
    rows = sql.all_rows(tx, statement, controller=tx.of, holdings=list({holding for holding, _ in wanted}))
    found = {(HoldingId(row["holding"]), PurposeId(row["purpose"])): row for row in rows}
    return {pair: _lock(tx, found[pair], *pair) for pair in wanted if pair in found}


def _lock(tx: Transaction, row: Row, holding: HoldingId, purpose: PurposeId) -> LockRow:
    grants = tuple(GrantId(grant) for grant in row["grants"])
    term = Term(purpose=purpose, last_day=row["last_day"], nth=row["nth"])
    place = Place(controller=tx.of, holding=holding, term=term, grants=grants)
    origins = tuple(GrantId(grant) for grant in row["origins"])
    return LockRow(place=place, blob=row["content"], term=_kept(row), origins=origins)


def may_open_yet(tx: Transaction, holdings: Sequence[HoldingId]) -> set[HoldingId]:
    """Those with a lock whose term's key and whose every grant still have their bytes. Asked row by row, along the locks' key:
    a planner that does not know the controller would read all locks instead."""
    statement = """SELECT w.holding FROM unnest(%(holdings)s::uuid[]) AS w (holding)
        WHERE (
            SELECT true FROM content_locks c
              JOIN term_keys t USING (controller, purpose, last_day, nth)
             WHERE c.controller = %(controller)s AND c.holding = w.holding AND t.wrapped IS NOT NULL
               AND NOT EXISTS (
                   SELECT FROM grant_keys g JOIN subject_keys s ON s.controller = g.controller AND s.subject = g.subject
                    WHERE g.controller = c.controller AND (g.wrapped IS NULL OR s.wrapped IS NULL)
                      AND g.grant_id = ANY (c.grants || ARRAY(
                          SELECT o.grant_id FROM origin_grants o
                           WHERE o.controller = c.controller AND o.holding = c.holding AND o.purpose = c.purpose)))
             LIMIT 1) IS NOT NULL"""
    named = sql.array(holding.hex for holding in holdings)
    return {HoldingId(row["holding"]) for row in sql.all_rows(tx, statement, controller=tx.of, holdings=named)}


# Holds


def insert_hold(tx: Transaction, hold: HoldId, epoch: int, wrapped: bytes, now: datetime) -> None:
    statement = """INSERT INTO hold_keys (controller, hold, epoch, wrapped, placed_at)
        VALUES (%(controller)s, %(hold)s, %(epoch)s, %(wrapped)s, %(now)s) ON CONFLICT DO NOTHING"""
    sql.execute(tx, statement, controller=tx.of, hold=hold, epoch=epoch, wrapped=wrapped, now=now)


def hold(tx: Transaction, hold: HoldId) -> Found | None:
    statement = """SELECT e.key, h.wrapped FROM hold_keys h LEFT JOIN epochs e ON e.epoch = h.epoch
        WHERE h.controller = %(controller)s AND h.hold = %(hold)s"""
    return _found(sql.maybe_row(tx, statement, controller=tx.of, hold=hold))


def insert_held(tx: Transaction, hold: HoldId, holding: HoldingId, wrapped: bytes) -> None:
    statement = """INSERT INTO held_content (controller, hold, holding, wrapped)
        VALUES (%(controller)s, %(hold)s, %(holding)s, %(wrapped)s) ON CONFLICT DO NOTHING"""
    sql.execute(tx, statement, controller=tx.of, hold=hold, holding=holding, wrapped=wrapped)


def held(tx: Transaction, hold: HoldId, holding: HoldingId) -> HeldRow | None:
    statement = """SELECT c.wrapped AS content, e.key, h.wrapped FROM held_content c
        JOIN hold_keys h ON h.controller = c.controller AND h.hold = c.hold LEFT JOIN epochs e ON e.epoch = h.epoch
        WHERE c.controller = %(controller)s AND c.hold = %(hold)s AND c.holding = %(holding)s"""
    row = sql.maybe_row(tx, statement, controller=tx.of, hold=hold, holding=holding)
    return None if row is None else HeldRow(hold=_kept(row), blob=row["content"])


def release_hold(tx: Transaction, hold: HoldId, now: datetime) -> bool:
    statement = """UPDATE hold_keys SET wrapped = NULL, epoch = NULL, released_at = coalesce(released_at, %(now)s)
        WHERE controller = %(controller)s AND hold = %(hold)s"""
    return sql.execute(tx, statement, controller=tx.of, hold=hold, now=now) == 1


# Epochs


def family(tx: Transaction, fresh: UUID) -> UUID:
    """Which keys in the key service are this deployment's: said once, at the first start, and kept through restores."""
    statement = """WITH made AS (INSERT INTO vault_families (family) VALUES (%(fresh)s) ON CONFLICT DO NOTHING RETURNING family)
        SELECT family FROM made UNION ALL SELECT family FROM vault_families LIMIT 1"""
    row = sql.maybe_row(tx, statement, fresh=fresh)
    return UUID(str((row or sql.one_row(tx, "SELECT family FROM vault_families"))["family"]))


def lock_family(tx: Transaction) -> None:
    """One start or rotation begins at a time."""
    sql.one_row(tx, "SELECT family FROM vault_families FOR UPDATE")


def give_up_waiting_after(tx: Transaction, seconds: int) -> None:
    sql.one_row(tx, "SELECT set_config('lock_timeout', %(limit)s, true)", limit=f"{seconds}s")


def epochs(tx: Transaction) -> list[tuple[Epoch, str]]:
    """Every epoch with its state, oldest first."""
    rows = sql.all_rows(tx, "SELECT epoch, key, state, begun_at FROM epochs ORDER BY epoch")
    return [(Epoch(number=row["epoch"], key=row["key"], begun_at=row["begun_at"]), str(row["state"])) for row in rows]


def is_any_cut_off(tx: Transaction, there: Sequence[str]) -> bool:
    """Whether a rotation was cut off: one of these keys is of an epoch that it closed, or it emptied one and did not write down
    that the key is gone. What a restored database was told of afterwards was closed as it was written down, by no rotation."""
    statement = """SELECT EXISTS (SELECT FROM epochs WHERE state = 'emptied'
        OR (state = 'closing' AND begun_at < closed_at AND key = ANY(%(there)s))) AS is_cut_off"""
    return bool(sql.one_row(tx, statement, there=list(there))["is_cut_off"])


def close_current_epoch(tx: Transaction, now: datetime) -> None:
    sql.execute(tx, "UPDATE epochs SET state = 'closing', closed_at = %(now)s WHERE state = 'current'", now=now)


def insert_epoch(tx: Transaction, key: str, now: datetime, *, closed: bool = False) -> int:
    statement = """INSERT INTO epochs (epoch, wraps, key, state, begun_at, closed_at)
        SELECT n, n, %(key)s, CASE WHEN %(closed)s THEN 'closing' ELSE 'current' END, %(now)s,
            CASE WHEN %(closed)s THEN %(now)s::timestamptz END
        FROM (SELECT coalesce(max(epoch), 0) + 1 AS n FROM epochs) AS next RETURNING epoch"""
    return int(sql.one_row(tx, statement, key=key, now=now, closed=closed)["epoch"])


def wait_for_writers_under(tx: Transaction, epoch: int) -> bool:
    """Returns when no open transaction can still put rows under this closing epoch. False where it is not closing."""
    statement = "SELECT epoch FROM epochs WHERE epoch = %(epoch)s AND state = 'closing' FOR UPDATE"
    return sql.maybe_row(tx, statement, epoch=epoch) is not None


def is_empty(tx: Transaction, epoch: int) -> bool:
    statement = """SELECT NOT (EXISTS (SELECT FROM subject_keys WHERE epoch = %(epoch)s)
        OR EXISTS (SELECT FROM term_keys WHERE epoch = %(epoch)s) OR EXISTS (SELECT FROM hold_keys WHERE epoch = %(epoch)s)
        OR EXISTS (SELECT FROM blind_keys WHERE epoch = %(epoch)s)
        OR EXISTS (SELECT FROM grant_keys WHERE epoch = %(epoch)s)) AS empty"""
    return bool(sql.one_row(tx, statement, epoch=epoch)["empty"])


def delete_seeds(tx: Transaction, epoch: int) -> None:
    sql.execute(tx, "DELETE FROM epoch_seeds WHERE epoch = %(epoch)s", epoch=epoch)


def empty_epoch(tx: Transaction, epoch: int, now: datetime) -> None:
    statement = "UPDATE epochs SET state = 'emptied', wraps = NULL, emptied_at = %(now)s WHERE epoch = %(epoch)s"
    sql.execute(tx, statement, epoch=epoch, now=now)


def mark_destroyed(tx: Transaction, epoch: int, now: datetime) -> None:
    statement = """UPDATE epochs SET state = 'destroyed', destroyed_at = %(now)s
        WHERE epoch = %(epoch)s AND state = 'emptied'"""
    sql.execute(tx, statement, epoch=epoch, now=now)


# Re-wrapping what lives. Rows that somebody holds are skipped and come with a later batch, so rotation never waits for a row.


def subjects_under(tx: Transaction, epoch: int, limit: int) -> list[tuple[ControllerId, SubjectId, bytes]]:
    statement = """SELECT controller, subject, wrapped FROM subject_keys WHERE epoch = %(epoch)s
        ORDER BY controller, subject LIMIT %(limit)s FOR UPDATE SKIP LOCKED"""
    rows = sql.all_rows(tx, statement, epoch=epoch, limit=limit)
    return [(ControllerId(row["controller"]), SubjectId(row["subject"]), row["wrapped"]) for row in rows]


def rewrap_subjects(tx: Transaction, epoch: int, rows: Sequence[tuple[ControllerId, SubjectId, bytes]]) -> None:
    statement = """UPDATE subject_keys k SET epoch = %(epoch)s, wrapped = n.wrapped
        FROM unnest(%(controllers)s::uuid[], %(subjects)s::uuid[], %(blobs)s::bytea[]) AS n (controller, subject, wrapped)
        WHERE k.controller = n.controller AND k.subject = n.subject"""
    controllers, subjects, blobs = map(list, zip(*rows, strict=True))
    sql.execute(tx, statement, epoch=epoch, controllers=controllers, subjects=subjects, blobs=blobs)


def terms_under(tx: Transaction, epoch: int, limit: int) -> list[tuple[ControllerId, Term, bytes]]:
    statement = """SELECT controller, purpose, last_day, nth, wrapped FROM term_keys WHERE epoch = %(epoch)s
        ORDER BY controller, purpose, last_day, nth LIMIT %(limit)s FOR UPDATE SKIP LOCKED"""
    rows = sql.all_rows(tx, statement, epoch=epoch, limit=limit)
    terms = [Term(purpose=PurposeId(row["purpose"]), last_day=row["last_day"], nth=row["nth"]) for row in rows]
    return [(ControllerId(row["controller"]), term, row["wrapped"]) for row, term in zip(rows, terms, strict=True)]


def rewrap_terms(tx: Transaction, epoch: int, rows: Sequence[tuple[ControllerId, Term, bytes]]) -> None:
    statement = """UPDATE term_keys k SET epoch = %(epoch)s, wrapped = n.wrapped
        FROM unnest(%(controllers)s::uuid[], %(purposes)s::uuid[], %(days)s::date[], %(nths)s::integer[], %(blobs)s::bytea[])
            AS n (controller, purpose, last_day, nth, wrapped)
        WHERE k.controller = n.controller AND k.purpose = n.purpose AND k.last_day = n.last_day AND k.nth = n.nth"""
    sql.execute(
        tx,
        statement,
        epoch=epoch,
        controllers=[controller for controller, _, _ in rows],
        purposes=[term.purpose for _, term, _ in rows],
        days=[term.last_day for _, term, _ in rows],
        nths=[term.nth for _, term, _ in rows],
        blobs=[blob for _, _, blob in rows],
    )


def holds_under(tx: Transaction, epoch: int, limit: int) -> list[tuple[ControllerId, HoldId, bytes]]:
    statement = """SELECT controller, hold, wrapped FROM hold_keys WHERE epoch = %(epoch)s
        ORDER BY controller, hold LIMIT %(limit)s FOR UPDATE SKIP LOCKED"""
    rows = sql.all_rows(tx, statement, epoch=epoch, limit=limit)
    return [(ControllerId(row["controller"]), HoldId(row["hold"]), row["wrapped"]) for row in rows]


def rewrap_holds(tx: Transaction, epoch: int, rows: Sequence[tuple[ControllerId, HoldId, bytes]]) -> None:
    statement = """UPDATE hold_keys k SET epoch = %(epoch)s, wrapped = n.wrapped
        FROM unnest(%(controllers)s::uuid[], %(holds)s::uuid[], %(blobs)s::bytea[]) AS n (controller, hold, wrapped)
        WHERE k.controller = n.controller AND k.hold = n.hold"""
    controllers, holds, blobs = map(list, zip(*rows, strict=True))
    sql.execute(tx, statement, epoch=epoch, controllers=controllers, holds=holds, blobs=blobs)


def blind_keys_under(tx: Transaction, epoch: int, limit: int) -> list[tuple[ControllerId, bytes]]:
    statement = """SELECT controller, wrapped FROM blind_keys WHERE epoch = %(epoch)s
        ORDER BY controller LIMIT %(limit)s FOR UPDATE SKIP LOCKED"""
    return [(ControllerId(r["controller"]), r["wrapped"]) for r in sql.all_rows(tx, statement, epoch=epoch, limit=limit)]


def rewrap_blind_keys(tx: Transaction, epoch: int, rows: Sequence[tuple[ControllerId, bytes]]) -> None:
    statement = """UPDATE blind_keys k SET epoch = %(epoch)s, wrapped = n.wrapped
        FROM unnest(%(controllers)s::uuid[], %(blobs)s::bytea[]) AS n (controller, wrapped)
        WHERE k.controller = n.controller"""
    controllers, blobs = map(list, zip(*rows, strict=True))
    sql.execute(tx, statement, epoch=epoch, controllers=controllers, blobs=blobs)


def grants_under(tx: Transaction, epoch: int, limit: int) -> list[KeptGrant]:
    statement = """SELECT g.controller, g.grant_id, g.subject, g.party, g.purpose, g.epoch, g.wrapped,
            g.withheld_at IS NOT NULL AS withheld, g.withheld_wrap,
            se.key AS subject_epoch_key, s.wrapped AS subject_wrapped, ge.key AS seed_epoch_key, es.wrapped AS seed_wrapped
        FROM grant_keys g
        JOIN subject_keys s ON s.controller = g.controller AND s.subject = g.subject
        LEFT JOIN epochs se ON se.epoch = s.epoch
        JOIN epoch_seeds es ON es.controller = g.controller AND es.epoch = g.epoch
        JOIN epochs ge ON ge.epoch = g.epoch
        WHERE g.epoch = %(epoch)s ORDER BY g.controller, g.grant_id LIMIT %(limit)s FOR UPDATE OF g SKIP LOCKED"""
    return [_kept_grant(row) for row in sql.all_rows(tx, statement, epoch=epoch, limit=limit)]


def rewrap_grants(tx: Transaction, epoch: int, rows: Sequence[tuple[ControllerId, GrantId, bytes]]) -> None:
    statement = """UPDATE grant_keys k SET epoch = %(epoch)s, wrapped = n.wrapped,
            withheld_wrap = k.withheld_at IS NOT NULL
        FROM unnest(%(controllers)s::uuid[], %(grants)s::uuid[], %(blobs)s::bytea[]) AS n (controller, grant_id, wrapped)
        WHERE k.controller = n.controller AND k.grant_id = n.grant_id"""
    controllers, grants, blobs = map(list, zip(*rows, strict=True))
    sql.execute(tx, statement, epoch=epoch, controllers=controllers, grants=grants, blobs=blobs)


def bury_grants(tx: Transaction, rows: Sequence[tuple[ControllerId, GrantId]], now: datetime) -> None:
    """Grants of people who were erased: dark already, now without bytes."""
    statement = """UPDATE grant_keys k SET epoch = NULL, wrapped = NULL, destroyed_at = %(now)s
        FROM unnest(%(controllers)s::uuid[], %(grants)s::uuid[]) AS n (controller, grant_id)
        WHERE k.controller = n.controller AND k.grant_id = n.grant_id"""
    controllers, grants = [controller for controller, _ in rows], [grant for _, grant in rows]
    sql.execute(tx, statement, controllers=controllers, grants=grants, now=now)
