"""Where what is to go lies, and what it tells: the tables `erasure_places` and `erasure_signs`."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.erasure.elsewhere.model import OpenPlace, PlaceState, Sign
from rightcall.holdings.model import HoldingKind
from rightcall.ids import ErasureId, HoldingId, SubjectId, SystemId

_PAGE = 20_000
"""Places planned by one statement: it ends well before the database is given up."""


def keep_signs(tx: Transaction, erasure: ErasureId, subject: SubjectId, salt: bytes) -> None:
    """What the findings of the person tell, hashed with the salt, before they tell it no more."""
    sql.execute(
        tx,
        """
        INSERT INTO erasure_signs (controller, erasure, holding, object, record, type, clue_kinds, clues)
        SELECT f.controller, %(erasure)s, f.finding, f.object, f.record, f.type, f.clue_kinds,
               ARRAY(SELECT sha256(%(salt)s::bytea || u.clue)
                       FROM unnest(f.clues) WITH ORDINALITY AS u (clue, nth) ORDER BY u.nth)
          FROM findings f
         WHERE f.controller = %(controller)s AND f.subject = %(subject)s AND f.gone_at IS NULL
        """,
        controller=tx.of,
        erasure=erasure,
        subject=subject,
        salt=salt,
    )


def signs(tx: Transaction, erasure: ErasureId, holdings: Sequence[HoldingId]) -> dict[HoldingId, Sign]:
    """What each told, and what all of the person's in its record did."""
    with sql.by_hashing(tx):
        rows = sql.all_rows(
            tx,
            """
            SELECT s.holding, s.type, s.clue_kinds, s.clues, o.clue_kinds AS more_kinds, o.clues AS more
              FROM erasure_signs s
              JOIN erasure_signs o ON o.controller = s.controller AND o.erasure = s.erasure AND o.record = s.record
             WHERE s.controller = %(controller)s AND s.erasure = %(erasure)s AND s.holding = ANY (%(holdings)s)
            """,
            controller=tx.of,
            erasure=erasure,
            holdings=list(holdings),
        )
    of_record: dict[HoldingId, set[tuple[str, bytes]]] = {}
    for row in rows:
        of_record.setdefault(row["holding"], set()).update(_by_kind(row["more_kinds"], row["more"]))
    return {
        HoldingId(row["holding"]): Sign(
            type=row["type"],
            clues=frozenset(_by_kind(row["clue_kinds"], row["clues"])),
            of_record=frozenset(of_record[row["holding"]]),
        )
        for row in rows
    }


def _by_kind(kinds: Iterable[str], clues: Iterable[bytes]) -> Iterator[tuple[str, bytes]]:
    return zip(kinds, map(bytes, clues), strict=True)


def alone_in_object(
    tx: Transaction, erasure: ErasureId, holdings: Sequence[HoldingId], person: Sequence[SubjectId]
) -> frozenset[HoldingId]:
    """Those in whose object nothing was found but of this person, who is erased as all the subjects that they are."""
    rows = sql.all_rows(
        tx,
        """
        WITH asked AS MATERIALIZED (
            SELECT DISTINCT object FROM erasure_signs
             WHERE controller = %(controller)s AND erasure = %(erasure)s AND holding = ANY (%(holdings)s)),
        alone AS MATERIALIZED (
            SELECT object FROM asked
             WHERE NOT EXISTS (
                   SELECT FROM findings f
                    WHERE f.controller = %(controller)s AND f.object = asked.object AND f.gone_at IS NULL
                      AND NOT EXISTS (SELECT FROM erasure_signs x
                                        JOIN erasure_books b ON b.controller = x.controller AND b.erasure = x.erasure
                                       WHERE x.controller = f.controller AND x.holding = f.finding
                                         AND b.subject = ANY (%(person)s))))
        SELECT s.holding FROM erasure_signs s JOIN alone USING (object)
         WHERE s.controller = %(controller)s AND s.erasure = %(erasure)s AND s.holding = ANY (%(holdings)s)
        """,
        controller=tx.of,
        erasure=erasure,
        holdings=list(holdings),
        person=list(person),
    )
    return frozenset(HoldingId(row["holding"]) for row in rows)


def beside_held(tx: Transaction, erasure: ErasureId, holdings: Sequence[HoldingId]) -> dict[HoldingId, bool]:
    """Those in whose object a hold keeps something else of the person; and whether it is in the same record."""
    with sql.by_hashing(tx):
        rows = sql.all_rows(
            tx,
            """
            WITH held AS MATERIALIZED (
                SELECT DISTINCT x.object, x.record
                  FROM erasure_places p
                  JOIN erasure_signs x ON x.controller = p.controller AND x.erasure = p.erasure AND x.holding = p.holding
                 WHERE p.controller = %(controller)s AND p.erasure = %(erasure)s AND p.state = 'held')
            SELECT s.holding, bool_or(held.record = s.record) AS in_record
              FROM erasure_signs s JOIN held ON held.object = s.object
             WHERE s.controller = %(controller)s AND s.erasure = %(erasure)s AND s.holding = ANY (%(holdings)s)
             GROUP BY s.holding
            """,
            controller=tx.of,
            erasure=erasure,
            holdings=list(holdings),
        )
    return {HoldingId(row["holding"]): row["in_record"] for row in rows}


def plan_places(tx: Transaction, erasure: ErasureId, subject: SubjectId) -> int:
    """The next of what other systems keep about the person that is not planned yet. How many: 0 at the end."""
    with sql.by_hashing(tx):
        return sql.execute(
            tx,
            """
            INSERT INTO erasure_places (controller, erasure, holding, system, state)
            SELECT h.controller, e.erasure, h.holding, h.system, CASE WHEN e.is_erasable THEN 'to_erase' ELSE 'outside' END
              FROM holdings h
              JOIN errands e ON e.controller = h.controller AND e.erasure = %(erasure)s AND e.system = h.system
             WHERE h.controller = %(controller)s AND h.subject = %(subject)s AND h.disposed_at IS NULL AND h.gone_at IS NULL
               AND NOT EXISTS (SELECT FROM erasure_places p
                                WHERE p.controller = %(controller)s AND p.erasure = %(erasure)s AND p.holding = h.holding)
             LIMIT %(limit)s
                ON CONFLICT (controller, erasure, holding) DO NOTHING
            """,
            controller=tx.of,
            erasure=erasure,
            subject=subject,
            limit=_PAGE,
        )


def insert_others(tx: Transaction, erasure: ErasureId, others: Mapping[HoldingId, SystemId]) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO erasure_places (controller, erasure, holding, system, state)
        SELECT %(controller)s, %(erasure)s, n.holding, n.system, 'of_another'
          FROM unnest(%(holdings)s::uuid[], %(systems)s::uuid[]) AS n (holding, system)
            ON CONFLICT (controller, erasure, holding) DO NOTHING
        """,
        controller=tx.of,
        erasure=erasure,
        holdings=list(others),
        systems=list(others.values()),
    )


def next_places(
    tx: Transaction,
    erasure: ErasureId,
    system: SystemId,
    states: Collection[PlaceState],
    limit: int,
    after: HoldingId | None = None,
    *,
    erased_before: int | None = None,
    looked_before: int | None = None,
) -> list[OpenPlace]:
    """A page of them in the order of their ids, none opened. Where a round is named, those that were not tried, or not looked at,
    in it."""
    rows = sql.all_rows(
        tx,
        """
        SELECT holding, state, moved FROM erasure_places
         WHERE controller = %(controller)s AND erasure = %(erasure)s AND system = %(system)s AND state = ANY (%(states)s)
           AND (%(after)s::uuid IS NULL OR holding > %(after)s)
           AND (%(erased_before)s::integer IS NULL OR erased_in < %(erased_before)s)
           AND (%(looked_before)s::integer IS NULL OR looked_in < %(looked_before)s)
         ORDER BY holding LIMIT %(limit)s
        """,
        controller=tx.of,
        erasure=erasure,
        system=system,
        states=[state.value for state in states],
        after=after,
        erased_before=erased_before,
        looked_before=looked_before,
        limit=limit,
    )
    return [
        OpenPlace(holding=HoldingId(row["holding"]), state=PlaceState(row["state"]), spot=None, moved=row["moved"])
        for row in rows
    ]


def to_erase(tx: Transaction, erasure: ErasureId, system: SystemId, round: int, limit: int) -> list[OpenPlace]:
    """What this round has not tried to let go of yet."""
    open_yet = (PlaceState.TO_ERASE, PlaceState.THERE_STILL, PlaceState.REFUSED)
    return next_places(tx, erasure, system, open_yet, limit, erased_before=round)


def to_look_at(tx: Transaction, erasure: ErasureId, system: SystemId, round: int, limit: int) -> list[OpenPlace]:
    """What was let go of and this round has not looked at yet."""
    return next_places(tx, erasure, system, (PlaceState.ERASED,), limit, looked_before=round)


def were_tried(
    tx: Transaction,
    erasure: ErasureId,
    states: Mapping[HoldingId, PlaceState],
    round: int,
    at: datetime,
    *,
    moved: Collection[HoldingId] = (),
) -> None:
    """What a scan saw after the system had let go of it stays there until a scan sees it no more."""
    sql.execute(
        tx,
        """
        UPDATE erasure_places p SET state = CASE WHEN p.seen_again THEN 'there_still' ELSE n.state END,
               erased_in = %(round)s, tried_at = %(at)s,
               moved = p.moved OR n.holding = ANY (%(moved)s::uuid[])
          FROM unnest(%(holdings)s::uuid[], %(states)s::text[]) AS n (holding, state)
         WHERE p.controller = %(controller)s AND p.erasure = %(erasure)s AND p.holding = n.holding AND p.state <> 'confirmed'
        """,
        controller=tx.of,
        erasure=erasure,
        holdings=list(states),
        states=[state.value for state in states.values()],
        moved=list(moved),
        round=round,
        at=at,
    )


def were_looked_at(tx: Transaction, erasure: ErasureId, states: Mapping[HoldingId, PlaceState], round: int, at: datetime) -> None:
    sql.execute(
        tx,
        """
        UPDATE erasure_places p SET state = n.state, looked_in = %(round)s, tried_at = %(at)s
          FROM unnest(%(holdings)s::uuid[], %(states)s::text[]) AS n (holding, state)
         WHERE p.controller = %(controller)s AND p.erasure = %(erasure)s AND p.holding = n.holding AND p.state = 'erased'
        """,
        controller=tx.of,
        erasure=erasure,
        holdings=list(states),
        states=[state.value for state in states.values()],
        round=round,
        at=at,
    )


def hold_and_release(tx: Transaction, erasure: ErasureId, held: Collection[HoldingId]) -> None:
    """What a hold keeps is left alone, and what none keeps any more is to go."""
    sql.execute(
        tx,
        """
        UPDATE erasure_places
           SET state = CASE WHEN holding = ANY (%(held)s::uuid[]) THEN 'held' ELSE 'to_erase' END
         WHERE controller = %(controller)s AND erasure = %(erasure)s
           AND CASE WHEN holding = ANY (%(held)s::uuid[]) THEN state IN ('to_erase', 'there_still', 'refused')
                    ELSE state = 'held' END
        """,
        controller=tx.of,
        erasure=erasure,
        held=list(held),
    )


def read_again(tx: Transaction, holdings: Collection[HoldingId]) -> None:
    """What is said to be gone from an object is looked for by the next scan, though the object may look unchanged."""
    sql.execute(
        tx,
        """
        UPDATE system_objects o SET fingerprint = NULL
          FROM findings f
         WHERE f.controller = %(controller)s AND f.finding = ANY (%(holdings)s) AND o.controller = f.controller
           AND o.object = f.object AND o.fingerprint IS NOT NULL
        """,
        controller=tx.of,
        holdings=list(holdings),
    )


def seen_again(tx: Transaction, system: SystemId) -> dict[ErasureId, int]:
    """What was let go of before a scan began that saw it is there still: of which erasures, how many places each."""
    rows = sql.all_rows(
        tx,
        """
        WITH back AS (
            UPDATE erasure_places p SET state = 'there_still', seen_again = true
              FROM findings f JOIN scans s ON s.controller = f.controller AND s.scan = f.last_scan
             WHERE p.controller = %(controller)s AND p.system = %(system)s AND p.state IN ('confirmed', 'erased')
               AND f.controller = p.controller AND f.finding = p.holding AND f.erased AND f.gone_at IS NULL
               AND s.started_at > p.tried_at
            RETURNING p.erasure)
        SELECT erasure, count(*) AS places FROM back GROUP BY erasure ORDER BY erasure
        """,
        controller=tx.of,
        system=system,
    )
    return {ErasureId(row["erasure"]): row["places"] for row in rows}


def seen_no_more(tx: Transaction, system: SystemId) -> dict[ErasureId, list[HoldingId]]:
    """What had been seen again is gone from there: of which erasures."""
    rows = sql.all_rows(
        tx,
        """
        UPDATE erasure_places p SET state = 'confirmed', seen_again = false
          FROM findings f
         WHERE p.controller = %(controller)s AND p.system = %(system)s AND p.seen_again AND f.controller = p.controller
           AND f.finding = p.holding AND f.erased AND f.gone_at IS NOT NULL
        RETURNING p.erasure, p.holding
        """,
        controller=tx.of,
        system=system,
    )
    found: dict[ErasureId, list[HoldingId]] = {}
    for row in rows:
        found.setdefault(ErasureId(row["erasure"]), []).append(HoldingId(row["holding"]))
    return found


def to_look_at_again(tx: Transaction, system: SystemId) -> list[ErasureId]:
    """What nobody was let touch, and a later scan sees no more where it was: the next round looks whether the row tells of it
    anywhere. Of which erasures."""
    rows = sql.all_rows(
        tx,
        """
        UPDATE erasure_places p SET state = 'erased', moved = true
          FROM findings f
         WHERE p.controller = %(controller)s AND p.system = %(system)s AND p.state = 'refused' AND f.controller = p.controller
           AND f.finding = p.holding AND f.erased AND f.gone_at > p.tried_at
        RETURNING p.erasure
        """,
        controller=tx.of,
        system=system,
    )
    return list({ErasureId(row["erasure"]) for row in rows})


def back(tx: Transaction, subject: SubjectId) -> dict[tuple[SystemId, HoldingKind], int]:
    """Of what is written down as gone: what a scan saw again and nobody has seen to be gone since."""
    rows = sql.all_rows(
        tx,
        """
        SELECT p.system, h.kind, count(*) AS number
          FROM erasure_books b
          JOIN erasure_places p ON p.controller = b.controller AND p.erasure = b.erasure AND p.seen_again
          JOIN holdings h ON h.controller = p.controller AND h.holding = p.holding AND h.disposed_at IS NOT NULL
         WHERE b.controller = %(controller)s AND b.subject = %(subject)s
         GROUP BY p.system, h.kind
        """,
        controller=tx.of,
        subject=subject,
    )
    return {(SystemId(row["system"]), HoldingKind(row["kind"])): row["number"] for row in rows}


def all_confirmed(tx: Transaction, erasure: ErasureId) -> list[HoldingId]:
    """What was to go is told to be gone: which places were open until now."""
    rows = sql.all_rows(
        tx,
        """
        UPDATE erasure_places SET state = 'confirmed', seen_again = false
         WHERE controller = %(controller)s AND erasure = %(erasure)s
           AND state IN ('to_erase', 'erased', 'there_still', 'refused')
        RETURNING holding
        """,
        controller=tx.of,
        erasure=erasure,
    )
    return [HoldingId(row["holding"]) for row in rows]
