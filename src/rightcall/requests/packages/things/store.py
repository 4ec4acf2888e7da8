"""The table `package_things`: what became of each thing in a package, and whose word it waits for."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import HoldingId
from rightcall.requests.packages.model import Became, Counts, PackageId, Thing, Why


def became(tx: Transaction, package: PackageId, things: Sequence[Thing]) -> None:
    """Said again, the later counts."""
    sql.execute_many(
        tx,
        """
        INSERT INTO package_things AS known (controller, package, holding, state, why, call, pieces, ending)
        VALUES (%(controller)s, %(package)s, %(holding)s, %(state)s, %(why)s, %(call)s, %(pieces)s, %(ending)s)
        ON CONFLICT (controller, package, holding) DO UPDATE
           SET state = EXCLUDED.state, why = EXCLUDED.why, pieces = EXCLUDED.pieces, ending = EXCLUDED.ending
        """,
        [
            {
                "controller": tx.of,
                "package": package,
                "holding": each.holding,
                "state": each.state.value,
                "why": each.why,
                "call": each.call,
                "pieces": each.pieces,
                "ending": each.ending,
            }
            for each in things
        ],
    )


def of_package(tx: Transaction, package: PackageId, holdings: Collection[HoldingId]) -> dict[HoldingId, Thing]:
    rows = sql.all_rows(
        tx,
        "SELECT holding, state, why, call, pieces, ending FROM package_things"
        " WHERE controller = %(controller)s AND package = %(package)s AND holding = ANY (%(holdings)s)",
        controller=tx.of,
        package=package,
        holdings=list(holdings),
    )
    return {row["holding"]: _thing(row) for row in rows}


def waiting(tx: Transaction, package: PackageId) -> list[Thing]:
    rows = sql.all_rows(
        tx,
        "SELECT holding, state, why, call, pieces, ending FROM package_things"
        " WHERE controller = %(controller)s AND package = %(package)s AND state = 'waits' ORDER BY holding",
        controller=tx.of,
        package=package,
    )
    return [_thing(row) for row in rows]


def decided(tx: Transaction, package: PackageId, holdings: Collection[HoldingId]) -> dict[HoldingId, bool]:
    """What somebody said of these: whether the person gets it."""
    rows = sql.all_rows(
        tx,
        "SELECT holding, state <> 'withheld' AS given FROM package_things"
        " WHERE controller = %(controller)s AND package = %(package)s AND holding = ANY (%(holdings)s)"
        "   AND decided_at IS NOT NULL",
        controller=tx.of,
        package=package,
        holdings=list(holdings),
    )
    return {row["holding"]: row["given"] for row in rows}


def decide(tx: Transaction, package: PackageId, thing: Thing, by: UUID, at: datetime) -> bool:
    """False where it does not wait."""
    return (
        sql.execute(
            tx,
            """
            UPDATE package_things SET state = %(state)s, why = %(why)s, decided_by = %(by)s, decided_at = %(at)s
             WHERE controller = %(controller)s AND package = %(package)s AND holding = %(holding)s AND state = 'waits'
            """,
            controller=tx.of,
            package=package,
            holding=thing.holding,
            state=thing.state.value,
            why=thing.why,
            by=by,
            at=at,
        )
        == 1
    )


def counts(tx: Transaction, package: PackageId) -> Counts:
    rows = sql.all_rows(
        tx,
        "SELECT state, count(*) AS things, count(*) FILTER (WHERE why = %(another)s) AS of_another FROM package_things"
        " WHERE controller = %(controller)s AND package = %(package)s GROUP BY state ORDER BY state",
        controller=tx.of,
        package=package,
        another=Why.OF_ANOTHER.value,
    )
    return Counts(
        by_state={Became(row["state"]): row["things"] for row in rows}, of_another=sum(row["of_another"] for row in rows)
    )


def _thing(row: sql.Row) -> Thing:
    return Thing(
        holding=row["holding"],
        state=Became(row["state"]),
        why=row["why"],
        call=row["call"],
        pieces=row["pieces"],
        ending=row["ending"],
    )
