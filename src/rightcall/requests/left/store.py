"""Which erasures left something, of many at once."""

from collections.abc import Collection

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import ErasureId


def leaving(tx: Transaction, erasures: Collection[ErasureId]) -> set[ErasureId]:
    """Those of these after which something stays: of the whole person, whichever of their subjects each is of. The same as
    `staying.Staying` finds of one, in one statement for a page of them."""
    rows = sql.all_rows(
        tx,
        """
        SELECT DISTINCT asked.erasure
          FROM erasures asked
          JOIN erasures e ON e.controller = asked.controller
           AND (e.erasure = coalesce(asked.part_of, asked.erasure) OR e.part_of = coalesce(asked.part_of, asked.erasure))
         WHERE asked.controller = %(controller)s AND asked.erasure = ANY (%(erasures)s)
           AND (e.confirmed_at IS NULL OR e.doubtful > 0
                OR EXISTS (SELECT FROM erasure_places p
                            WHERE p.controller = e.controller AND p.erasure = e.erasure AND p.state <> 'confirmed')
                OR EXISTS (SELECT FROM erasure_notices n
                            WHERE n.controller = e.controller AND n.erasure = e.erasure
                              AND (n.told_at IS NULL OR n.answer = 'keeps'))
                OR EXISTS (SELECT FROM holds h
                             JOIN held_slices s ON s.controller = h.controller AND s.hold = h.hold
                             JOIN holdings k ON k.controller = s.controller AND k.holding = s.holding
                            WHERE h.controller = e.controller AND h.lifted_at IS NULL AND k.subject = e.subject))
        """,
        controller=tx.of,
        erasures=list(erasures),
    )
    return {ErasureId(row["erasure"]) for row in rows}
