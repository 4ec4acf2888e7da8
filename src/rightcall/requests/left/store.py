"""Which erasures left something, and of which somebody is still to be told, of many at once."""

from collections.abc import Collection

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.ids import ErasureId
from rightcall.requests.left.model import ToTell


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


def to_tell(tx: Transaction) -> list[ToTell]:
    """Those of which somebody is to be told, the first due first. As long as keepers are, it is kept where things lie."""
    rows = sql.all_rows(
        tx,
        """
        SELECT coalesce(e.part_of, e.erasure) AS erasure, min(r.due_on) AS due_on,
               sum(u.keepers) AS keepers, sum(u.recipients) AS recipients, sum(u.undecided) AS undecided
          FROM (SELECT b.controller, b.erasure, 1 AS keepers, 0 AS recipients, 0 AS undecided
                  FROM erasure_books b
                  JOIN errands t ON t.controller = b.controller AND t.erasure = b.erasure AND t.told_at IS NULL
                 WHERE b.controller = %(controller)s AND b.key IS NOT NULL
                   AND EXISTS (SELECT FROM erasure_places p
                                WHERE p.controller = t.controller AND p.erasure = t.erasure AND p.system = t.system
                                  AND p.state = 'outside')
                 UNION ALL
                SELECT n.controller, n.erasure, 0, 1, (n.in_doubt_at IS NOT NULL AND n.word IS NULL)::integer
                  FROM erasure_notices n
                 WHERE n.controller = %(controller)s AND n.told_at IS NULL) u
          JOIN erasures e ON e.controller = u.controller AND e.erasure = u.erasure
          LEFT JOIN requests r ON r.controller = e.controller AND r.request = coalesce(e.part_of, e.erasure)
         WHERE e.controller = %(controller)s
         GROUP BY 1 ORDER BY min(r.due_on) NULLS LAST, 1
        """,
        controller=tx.of,
    )
    return [
        ToTell(
            erasure=ErasureId(row["erasure"]),
            due_on=row["due_on"],
            keepers=row["keepers"],
            recipients=row["recipients"],
            undecided=row["undecided"],
        )
        for row in rows
    ]
