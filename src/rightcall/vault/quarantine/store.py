"""The columns of `grant_keys` that say what is withheld, and the table `origin_grants`."""

from collections.abc import Sequence
from datetime import datetime

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import GrantId, HoldingId, PurposeId, StatementId
from rightcall.vault.model import Withheld, WithheldWhy


def hold_grant(tx: Transaction, grant: GrantId) -> None:
    """Neither a withdrawal, a quarantine nor a rotation changes it until the transaction ends."""
    statement = "SELECT grant_id FROM grant_keys WHERE controller = %(controller)s AND grant_id = %(grant)s FOR UPDATE"
    sql.all_rows(tx, statement, controller=tx.of, grant=grant)


def withhold_grant(tx: Transaction, grant: GrantId, why: WithheldWhy, by: StatementId, now: datetime) -> None:
    """At once, and without any key: its wrap is made anew afterwards."""
    statement = """UPDATE grant_keys SET withheld_at = %(now)s, withheld_why = %(why)s, withheld_by = %(by)s
        WHERE controller = %(controller)s AND grant_id = %(grant)s AND withheld_at IS NULL"""
    sql.execute(tx, statement, controller=tx.of, grant=grant, why=why.value, by=by, now=now)


def clear_grant(tx: Transaction, grant: GrantId) -> None:
    """After its wrap was made anew: nothing shuts it any more."""
    statement = """UPDATE grant_keys SET withheld_at = NULL, withheld_why = NULL, withheld_by = NULL
        WHERE controller = %(controller)s AND grant_id = %(grant)s AND NOT withheld_wrap"""
    sql.execute(tx, statement, controller=tx.of, grant=grant)


def withheld(tx: Transaction, grants: Sequence[GrantId] | None) -> dict[GrantId, Withheld]:
    """Of these, or all; those destroyed since are none."""
    statement = """SELECT grant_id, withheld_at, withheld_why, withheld_by FROM grant_keys
        WHERE controller = %(controller)s AND withheld_at IS NOT NULL AND wrapped IS NOT NULL
            AND (%(grants)s::uuid[] IS NULL OR grant_id = ANY(%(grants)s)) ORDER BY withheld_at, grant_id"""
    rows = sql.all_rows(tx, statement, controller=tx.of, grants=None if grants is None else list(grants))
    return {
        GrantId(row["grant_id"]): Withheld(
            at=row["withheld_at"], why=WithheldWhy(row["withheld_why"]), statement=StatementId(row["withheld_by"])
        )
        for row in rows
    }


def insert_origin_grants(
    tx: Transaction, holding: HoldingId, purposes: Sequence[PurposeId], origins: Sequence[HoldingId]
) -> None:
    """For each purpose the grants that its origins need for it, or for all they serve where they do not serve it; those that its
    own lock needs anyway are left out. What an origin has from its own origins is handed on."""
    statement = """INSERT INTO origin_grants (controller, holding, purpose, grant_id)
        SELECT %(controller)s, %(holding)s, p.purpose, g.grant_id
          FROM unnest(%(purposes)s::uuid[]) AS p (purpose)
          CROSS JOIN unnest(%(origins)s::uuid[]) AS o (origin)
          CROSS JOIN LATERAL (
              SELECT l.purpose, unnest(l.grants) AS grant_id FROM content_locks l
               WHERE l.controller = %(controller)s AND l.holding = o.origin
              UNION
              SELECT b.purpose, b.grant_id FROM origin_grants b
               WHERE b.controller = %(controller)s AND b.holding = o.origin) AS g
         WHERE (g.purpose = p.purpose OR NOT EXISTS (
                    SELECT FROM content_locks s
                     WHERE s.controller = %(controller)s AND s.holding = o.origin AND s.purpose = p.purpose))
           AND NOT EXISTS (
                    SELECT FROM content_locks own
                     WHERE own.controller = %(controller)s AND own.holding = %(holding)s AND own.purpose = p.purpose
                       AND g.grant_id = ANY (own.grants))
        ON CONFLICT DO NOTHING"""
    sql.execute(tx, statement, controller=tx.of, holding=holding, purposes=list(purposes), origins=list(origins))


def shut(tx: Transaction, grants: Sequence[GrantId]) -> set[GrantId]:
    """Those that are withheld, or were when they were destroyed."""
    statement = """SELECT grant_id FROM grant_keys
        WHERE controller = %(controller)s AND grant_id = ANY(%(grants)s) AND withheld_at IS NOT NULL"""
    return {GrantId(row["grant_id"]) for row in sql.all_rows(tx, statement, controller=tx.of, grants=list(grants))}


def withheld_for(tx: Transaction, holding: HoldingId) -> dict[PurposeId, GrantId]:
    """The purposes for which a grant that it needs, or that what it was made from needs, is withheld, or was when
    it was destroyed; one such grant of each."""
    statement = """SELECT n.purpose, min(n.grant_id::text)::uuid AS grant_id FROM (
            SELECT l.purpose, unnest(l.grants) AS grant_id FROM content_locks l
             WHERE l.controller = %(controller)s AND l.holding = %(holding)s
            UNION
            SELECT b.purpose, b.grant_id FROM origin_grants b
             WHERE b.controller = %(controller)s AND b.holding = %(holding)s) AS n
        JOIN grant_keys k ON k.controller = %(controller)s AND k.grant_id = n.grant_id
        WHERE k.withheld_at IS NOT NULL GROUP BY n.purpose"""
    rows = sql.all_rows(tx, statement, controller=tx.of, holding=holding)
    return {PurposeId(row["purpose"]): GrantId(row["grant_id"]) for row in rows}
