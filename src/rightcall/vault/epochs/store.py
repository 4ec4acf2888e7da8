"""The tables `epochs`, `epoch_seeds` and `vault_families`; and what lies under an epoch, for the deployment's own deeds."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import ControllerId, GrantId, HoldId, PurposeId, SubjectId
from rightcall.vault.keyring import Kept, KeptGrant, Term
from rightcall.vault.model import Epoch
from rightcall.vault.store import kept_grant, kept_of


def current_epoch(tx: Transaction) -> tuple[int, str] | None:
    """Number and key name of the epoch that new keys go under; held until the transaction ends."""
    row = sql.maybe_row(tx, "SELECT epoch, key FROM current_epoch()")
    return None if row is None else (row["epoch"], row["key"])


def seed(tx: Transaction, controller: ControllerId, epoch: int) -> Kept | None:
    statement = """SELECT e.key, s.wrapped FROM epoch_seeds s JOIN epochs e ON e.epoch = s.epoch
        WHERE s.controller = %(controller)s AND s.epoch = %(epoch)s"""
    row = sql.maybe_row(tx, statement, controller=controller, epoch=epoch)
    return None if row is None else kept_of(row)


def insert_seed(tx: Transaction, controller: ControllerId, epoch: int, wrapped: bytes) -> None:
    statement = """INSERT INTO epoch_seeds (controller, epoch, wrapped)
        VALUES (%(controller)s, %(epoch)s, %(wrapped)s) ON CONFLICT DO NOTHING"""
    sql.execute(tx, statement, controller=controller, epoch=epoch, wrapped=wrapped)


def forget_blind_keys(tx: Transaction, epoch: int) -> None:
    sql.execute(tx, "DELETE FROM blind_keys WHERE epoch = %(epoch)s", epoch=epoch)


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
            g.withheld_at IS NOT NULL AS withheld, g.withheld_wrap, g.destroyed_at,
            se.key AS subject_epoch_key, s.wrapped AS subject_wrapped, ge.key AS seed_epoch_key, es.wrapped AS seed_wrapped
        FROM grant_keys g
        JOIN subject_keys s ON s.controller = g.controller AND s.subject = g.subject
        LEFT JOIN epochs se ON se.epoch = s.epoch
        JOIN epoch_seeds es ON es.controller = g.controller AND es.epoch = g.epoch
        JOIN epochs ge ON ge.epoch = g.epoch
        WHERE g.epoch = %(epoch)s ORDER BY g.controller, g.grant_id LIMIT %(limit)s FOR UPDATE OF g SKIP LOCKED"""
    return [kept_grant(row) for row in sql.all_rows(tx, statement, epoch=epoch, limit=limit)]


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
