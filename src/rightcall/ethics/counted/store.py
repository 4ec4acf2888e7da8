"""The tables `parity_counts`, `parity_compared` and `parity_groups`."""

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ethics.counted.model import Compared, Count, CountId, Part
from rightcall.ethics.model import Comparison, Estimate, Group, GroupSize, Measure, Strata
from rightcall.ids import NoticeId, PurposeId


def insert_count(tx: Transaction, count: Count) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO parity_counts (controller, count, weeks, least, until, begun_at)
        VALUES (%(controller)s, %(count)s, %(weeks)s, %(least)s, %(until)s, %(at)s)
        """,
        controller=tx.of,
        count=count.id,
        weeks=list(count.weeks),
        least=count.least,
        until=count.until,
        at=count.begun_at,
    )


def last(tx: Transaction) -> Count | None:
    """Of those that are done the one that began last."""
    row = sql.maybe_row(
        tx,
        """
        SELECT count, weeks, least, until, begun_at FROM parity_counts
         WHERE controller = %(controller)s AND done_at IS NOT NULL ORDER BY begun_at DESC, count DESC LIMIT 1
        """,
        controller=tx.of,
    )
    return None if row is None else _count(row)


def get(tx: Transaction, id: CountId) -> Count | None:
    row = sql.maybe_row(
        tx,
        """
        SELECT count, weeks, least, until, begun_at FROM parity_counts
         WHERE controller = %(controller)s AND count = %(count)s
        """,
        controller=tx.of,
        count=id,
    )
    return None if row is None else _count(row)


def is_there(tx: Transaction, id: CountId) -> bool:
    """And stays so until this transaction ends."""
    row = sql.maybe_row(
        tx,
        "SELECT FROM parity_counts WHERE controller = %(controller)s AND count = %(count)s FOR KEY SHARE",
        controller=tx.of,
        count=id,
    )
    return row is not None


def finish(tx: Transaction, id: CountId, *, at: datetime) -> bool:
    """Again leaves it as it is."""
    done = sql.execute(
        tx,
        """
        UPDATE parity_counts SET done_at = coalesce(done_at, %(at)s) WHERE controller = %(controller)s AND count = %(count)s
        """,
        controller=tx.of,
        count=id,
        at=at,
    )
    return done == 1


def forget_before(tx: Transaction, id: CountId) -> None:
    """With all that was counted in them."""
    sql.execute(
        tx,
        """
        DELETE FROM parity_counts c USING parity_counts n
         WHERE c.controller = %(controller)s AND n.controller = c.controller AND n.count = %(count)s
           AND (c.begun_at, c.count) < (n.begun_at, n.count)
        """,
        controller=tx.of,
        count=id,
    )


def replace_part(tx: Transaction, id: CountId, part: Part, rows: Sequence[Compared], sizes: Sequence[GroupSize]) -> None:
    """What was kept of this part before goes."""
    of = {"controller": tx.of, "count": id, "weeks": part.weeks, "purpose": part.purpose}
    for statement in _FORGET_PART:
        sql.execute(tx, statement, **of)
    sql.execute_many(tx, _INSERT_COMPARED, [of | {"nth": nth} | _figures(row) for nth, row in enumerate(rows)])
    sql.execute_many(
        tx,
        """
        INSERT INTO parity_groups (controller, count, weeks, purpose, nth, "group", calls)
        VALUES (%(controller)s, %(count)s, %(weeks)s, %(purpose)s, %(nth)s, %(group)s, %(calls)s)
        """,
        [of | {"nth": nth, "group": each.group.value, "calls": each.calls} for nth, each in enumerate(sizes)],
    )


_FORGET_PART: tuple[LiteralString, ...] = (
    """
    DELETE FROM parity_compared
     WHERE controller = %(controller)s AND count = %(count)s AND weeks = %(weeks)s AND purpose = %(purpose)s
    """,
    """
    DELETE FROM parity_groups
     WHERE controller = %(controller)s AND count = %(count)s AND weeks = %(weeks)s AND purpose = %(purpose)s
    """,
)
_INSERT_COMPARED: LiteralString = """
INSERT INTO parity_compared (controller, count, weeks, purpose, nth, notice, measure, is_same, is_comparable, noes, yeses, strata,
                             effect, low, high, in_units, units_low, units_high, from_wire, z, weight)
VALUES (%(controller)s, %(count)s, %(weeks)s, %(purpose)s, %(nth)s, %(notice)s, %(measure)s, %(is_same)s, %(is_comparable)s,
        %(noes)s, %(yeses)s, %(strata)s, %(effect)s, %(low)s, %(high)s, %(in_units)s, %(units_low)s, %(units_high)s,
        %(from_wire)s, %(z)s, %(weight)s)
"""


def _figures(row: Compared) -> dict[str, object]:
    found = row.comparison
    units = None if found is None else found.in_units
    return {
        "notice": row.notice,
        "measure": row.measure.value,
        "is_same": row.is_same,
        "is_comparable": row.is_comparable,
        "noes": None if found is None else found.noes,
        "yeses": None if found is None else found.yeses,
        "strata": None if found is None else found.strata.value,
        "effect": None if found is None else found.effect.value,
        "low": None if found is None else found.effect.low,
        "high": None if found is None else found.effect.high,
        "in_units": None if units is None else units.value,
        "units_low": None if units is None else units.low,
        "units_high": None if units is None else units.high,
        "from_wire": None if found is None else found.from_wire,
        "z": None if found is None else found.z,
        "weight": None if found is None else found.weight,
    }


def compared(tx: Transaction, id: CountId, weeks: int) -> list[Compared]:
    """Purpose by purpose, in the order that they were counted in."""
    rows = sql.all_rows(
        tx,
        """
        SELECT purpose, notice, measure, is_same, is_comparable, noes, yeses, strata, effect, low, high, in_units, units_low,
               units_high, from_wire, z, weight
          FROM parity_compared
         WHERE controller = %(controller)s AND count = %(count)s AND weeks = %(weeks)s ORDER BY purpose, nth
        """,
        controller=tx.of,
        count=id,
        weeks=weeks,
    )
    return [
        Compared(
            purpose=PurposeId(row["purpose"]),
            notice=None if row["notice"] is None else NoticeId(row["notice"]),
            measure=Measure(row["measure"]),
            comparison=None if row["effect"] is None else _comparison(row),
            is_same=row["is_same"],
            is_comparable=row["is_comparable"],
        )
        for row in rows
    ]


def groups(tx: Transaction, id: CountId, weeks: int) -> list[GroupSize]:
    rows = sql.all_rows(
        tx,
        """
        SELECT purpose, "group", calls FROM parity_groups
         WHERE controller = %(controller)s AND count = %(count)s AND weeks = %(weeks)s ORDER BY purpose, nth
        """,
        controller=tx.of,
        count=id,
        weeks=weeks,
    )
    return [GroupSize(purpose=PurposeId(row["purpose"]), group=Group(row["group"]), calls=row["calls"]) for row in rows]


def _comparison(row: sql.Row) -> Comparison:
    units = None
    if row["in_units"] is not None:
        units = Estimate(value=row["in_units"], low=row["units_low"], high=row["units_high"])
    return Comparison(
        noes=row["noes"],
        yeses=row["yeses"],
        strata=Strata(row["strata"]),
        effect=Estimate(value=row["effect"], low=row["low"], high=row["high"]),
        in_units=units,
        from_wire=row["from_wire"],
        z=row["z"],
        weight=row["weight"],
    )


def _count(row: sql.Row) -> Count:
    return Count(
        id=CountId(row["count"]), weeks=tuple(row["weeks"]), least=row["least"], until=row["until"], begun_at=row["begun_at"]
    )
