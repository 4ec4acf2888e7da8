"""The tables `erasure_books`, `errands` and `erasure_places`."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from rightcall.actors import Actor, Role
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.erasure.elsewhere.model import Book, Errand, OpenPlace, PlaceState, Sign, Trouble, Waiting
from rightcall.ids import ErasureId, HoldingId, StatementId, SubjectId, SystemId

_PAGE = 20_000
"""Places planned by one statement: it ends well before the database is given up."""


def insert_book(tx: Transaction, erasure: ErasureId, subject: SubjectId, key: SubjectId, kept: bytes, sealed_salt: bytes) -> None:
    sql.execute(
        tx,
        """
        INSERT INTO erasure_books (controller, erasure, subject, key, kept_places, sealed_salt)
        VALUES (%(controller)s, %(erasure)s, %(subject)s, %(key)s, %(kept)s, %(salt)s)
        """,
        controller=tx.of,
        erasure=erasure,
        subject=subject,
        key=key,
        kept=kept,
        salt=sealed_salt,
    )


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


def sealed_salt(tx: Transaction, erasure: ErasureId) -> bytes | None:
    row = sql.one_row(
        tx,
        "SELECT sealed_salt FROM erasure_books WHERE controller = %(controller)s AND erasure = %(erasure)s",
        controller=tx.of,
        erasure=erasure,
    )
    return None if row["sealed_salt"] is None else bytes(row["sealed_salt"])


def signs(tx: Transaction, erasure: ErasureId, holdings: Sequence[HoldingId]) -> dict[HoldingId, Sign]:
    """What each told, and what all of the person's in its record did."""
    rows = sql.all_rows(
        tx,
        """
        SELECT s.holding, s.type, s.clues, o.clue_kinds AS more_kinds, o.clues AS more
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
        of_record.setdefault(row["holding"], set()).update(zip(row["more_kinds"], map(bytes, row["more"]), strict=True))
    return {
        HoldingId(row["holding"]): Sign(
            type=row["type"], clues=frozenset(map(bytes, row["clues"])), of_record=frozenset(of_record[row["holding"]])
        )
        for row in rows
    }


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


def book_for_update(tx: Transaction, erasure: ErasureId) -> Book | None:
    row = sql.maybe_row(
        tx,
        """
        SELECT erasure, subject, key, round, due_at, planned_at, settled_at, settled
          FROM erasure_books WHERE controller = %(controller)s AND erasure = %(erasure)s FOR UPDATE
        """,
        controller=tx.of,
        erasure=erasure,
    )
    return None if row is None else _book(row)


def books_of(tx: Transaction, subject: SubjectId) -> list[Book]:
    rows = sql.all_rows(
        tx,
        """
        SELECT erasure, subject, key, round, due_at, planned_at, settled_at, settled
          FROM erasure_books WHERE controller = %(controller)s AND subject = %(subject)s ORDER BY erasure
        """,
        controller=tx.of,
        subject=subject,
    )
    return [_book(row) for row in rows]


def due(tx: Transaction, now: datetime, limit: int) -> list[tuple[ErasureId, int]]:
    """Which erasures are to be gone on with, and in which round."""
    rows = sql.all_rows(
        tx,
        """
        SELECT erasure, round FROM erasure_books
         WHERE controller = %(controller)s AND due_at <= %(now)s ORDER BY due_at LIMIT %(limit)s
        """,
        controller=tx.of,
        now=now,
        limit=limit,
    )
    return [(ErasureId(row["erasure"]), row["round"]) for row in rows]


def open_books(tx: Transaction, limit: int) -> list[ErasureId]:
    """Erasures of which something is open or untold elsewhere, the oldest first."""
    rows = sql.all_rows(
        tx,
        """
        SELECT erasure FROM erasure_books
         WHERE controller = %(controller)s AND key IS NOT NULL ORDER BY erasure LIMIT %(limit)s
        """,
        controller=tx.of,
        limit=limit,
    )
    return [ErasureId(row["erasure"]) for row in rows]


def kept_places(tx: Transaction, erasure: ErasureId) -> bytes | None:
    row = sql.one_row(
        tx,
        "SELECT kept_places FROM erasure_books WHERE controller = %(controller)s AND erasure = %(erasure)s",
        controller=tx.of,
        erasure=erasure,
    )
    return None if row["kept_places"] is None else bytes(row["kept_places"])


def delete_book(tx: Transaction, erasure: ErasureId) -> None:
    sql.execute(
        tx,
        "DELETE FROM erasure_books WHERE controller = %(controller)s AND erasure = %(erasure)s",
        controller=tx.of,
        erasure=erasure,
    )


def was_planned(tx: Transaction, erasure: ErasureId, *, at: datetime, is_open: bool) -> None:
    """Due at once; settled at once where nothing is to go."""
    sql.execute(
        tx,
        """
        UPDATE erasure_books
           SET planned_at = %(at)s, due_at = CASE WHEN %(open)s THEN %(at)s::timestamptz END,
               settled_at = CASE WHEN %(open)s THEN NULL ELSE %(at)s::timestamptz END
         WHERE controller = %(controller)s AND erasure = %(erasure)s
        """,
        controller=tx.of,
        erasure=erasure,
        at=at,
        open=is_open,
    )


def end_round(tx: Transaction, erasure: ErasureId, round: int, due_at: datetime | None) -> bool:
    """False where that round was ended before."""
    return (
        sql.execute(
            tx,
            """
            UPDATE erasure_books SET round = round + 1, due_at = %(due_at)s
             WHERE controller = %(controller)s AND erasure = %(erasure)s AND round = %(round)s
            """,
            controller=tx.of,
            erasure=erasure,
            round=round,
            due_at=due_at,
        )
        == 1
    )


def make_due(tx: Transaction, erasure: ErasureId, at: datetime) -> None:
    sql.execute(
        tx,
        """
        UPDATE erasure_books SET due_at = %(at)s
         WHERE controller = %(controller)s AND erasure = %(erasure)s AND planned_at IS NOT NULL
        """,
        controller=tx.of,
        erasure=erasure,
        at=at,
    )


def settle(tx: Transaction, erasure: ErasureId, *, at: datetime | None, statement: StatementId | None) -> None:
    """None for both where something is open again."""
    sql.execute(
        tx,
        """
        UPDATE erasure_books SET settled_at = %(at)s, settled = %(said)s
         WHERE controller = %(controller)s AND erasure = %(erasure)s
        """,
        controller=tx.of,
        erasure=erasure,
        at=at,
        said=statement,
    )


def forget_key(tx: Transaction, erasure: ErasureId) -> None:
    sql.execute(
        tx,
        """
        UPDATE erasure_books SET key = NULL, kept_places = NULL, sealed_salt = NULL
         WHERE controller = %(controller)s AND erasure = %(erasure)s
        """,
        controller=tx.of,
        erasure=erasure,
    )
    sql.execute(
        tx,
        "DELETE FROM erasure_signs WHERE controller = %(controller)s AND erasure = %(erasure)s",
        controller=tx.of,
        erasure=erasure,
    )


def insert_errands(tx: Transaction, erasure: ErasureId, systems: Mapping[SystemId, bool], due_at: datetime) -> None:
    """Each with whether it may be erased in. Again changes nothing."""
    sql.execute(
        tx,
        """
        INSERT INTO errands (controller, erasure, system, is_erasable, due_at)
        SELECT %(controller)s, %(erasure)s, n.system, n.erasable, CASE WHEN n.erasable THEN %(due_at)s::timestamptz END
          FROM unnest(%(systems)s::uuid[], %(erasable)s::boolean[]) AS n (system, erasable)
            ON CONFLICT (controller, erasure, system) DO NOTHING
        """,
        controller=tx.of,
        erasure=erasure,
        systems=list(systems),
        erasable=list(systems.values()),
        due_at=due_at,
    )


def systems_with(tx: Transaction, subject: SubjectId) -> list[SystemId]:
    """Other systems that keep something about the person, as far as the map knows."""
    rows = sql.all_rows(
        tx,
        """
        SELECT DISTINCT system FROM holdings
         WHERE controller = %(controller)s AND subject = %(subject)s AND system IS NOT NULL AND disposed_at IS NULL
           AND gone_at IS NULL
        """,
        controller=tx.of,
        subject=subject,
    )
    return [SystemId(row["system"]) for row in rows]


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
) -> list[OpenPlace]:
    """A page of them in the order of their ids, none opened."""
    rows = sql.all_rows(
        tx,
        """
        SELECT holding, state, moved FROM erasure_places
         WHERE controller = %(controller)s AND erasure = %(erasure)s AND system = %(system)s AND state = ANY (%(states)s)
           AND (%(after)s::uuid IS NULL OR holding > %(after)s)
         ORDER BY holding LIMIT %(limit)s
        """,
        controller=tx.of,
        erasure=erasure,
        system=system,
        states=[state.value for state in states],
        after=after,
        limit=limit,
    )
    return [_place(row) for row in rows]


def to_erase(tx: Transaction, erasure: ErasureId, system: SystemId, round: int, limit: int) -> list[OpenPlace]:
    """What this round has not tried to let go of yet."""
    rows = sql.all_rows(
        tx,
        """
        SELECT holding, state, moved FROM erasure_places
         WHERE controller = %(controller)s AND erasure = %(erasure)s AND system = %(system)s
           AND state = ANY (ARRAY['to_erase', 'there_still', 'refused']) AND erased_in < %(round)s
         ORDER BY holding LIMIT %(limit)s
        """,
        controller=tx.of,
        erasure=erasure,
        system=system,
        round=round,
        limit=limit,
    )
    return [_place(row) for row in rows]


def to_look_at(tx: Transaction, erasure: ErasureId, system: SystemId, round: int, limit: int) -> list[OpenPlace]:
    """What was let go of and this round has not looked at yet."""
    rows = sql.all_rows(
        tx,
        """
        SELECT holding, state, moved FROM erasure_places
         WHERE controller = %(controller)s AND erasure = %(erasure)s AND system = %(system)s AND state = 'erased'
           AND looked_in < %(round)s
         ORDER BY holding LIMIT %(limit)s
        """,
        controller=tx.of,
        erasure=erasure,
        system=system,
        round=round,
        limit=limit,
    )
    return [_place(row) for row in rows]


def were_tried(
    tx: Transaction,
    erasure: ErasureId,
    states: Mapping[HoldingId, PlaceState],
    round: int,
    at: datetime,
    *,
    moved: Collection[HoldingId] = (),
) -> None:
    sql.execute(
        tx,
        """
        UPDATE erasure_places p SET state = n.state, erased_in = %(round)s, tried_at = %(at)s,
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


def may_be_erased_in(tx: Transaction, erasure: ErasureId, system: SystemId, *, is_erasable: bool, due_at: datetime) -> None:
    """What was out of reach is to go, or the other way round."""
    sql.execute(
        tx,
        """
        UPDATE errands SET is_erasable = %(erasable)s, due_at = CASE WHEN %(erasable)s THEN %(due_at)s::timestamptz END,
               failures = 0, failing_since = NULL, trouble = NULL, escalated_at = NULL
         WHERE controller = %(controller)s AND erasure = %(erasure)s AND system = %(system)s
        """,
        controller=tx.of,
        erasure=erasure,
        system=system,
        erasable=is_erasable,
        due_at=due_at,
    )
    sql.execute(
        tx,
        """
        UPDATE erasure_places SET state = CASE WHEN %(erasable)s THEN 'to_erase' ELSE 'outside' END
         WHERE controller = %(controller)s AND erasure = %(erasure)s AND system = %(system)s
           AND state = ANY (CASE WHEN %(erasable)s THEN ARRAY['outside']
                                 ELSE ARRAY['to_erase', 'erased', 'there_still', 'refused'] END)
        """,
        controller=tx.of,
        erasure=erasure,
        system=system,
        erasable=is_erasable,
    )


def errands(tx: Transaction, erasure: ErasureId) -> list[Errand]:
    """With how many places stand how, by system."""
    counts: dict[SystemId, dict[PlaceState, int]] = {}
    for row in sql.all_rows(
        tx,
        """
        SELECT system, state, count(*) AS number FROM erasure_places
         WHERE controller = %(controller)s AND erasure = %(erasure)s GROUP BY system, state ORDER BY system, state
        """,
        controller=tx.of,
        erasure=erasure,
    ):
        counts.setdefault(SystemId(row["system"]), {})[PlaceState(row["state"])] = row["number"]
    rows = sql.all_rows(
        tx,
        """
        SELECT erasure, system, is_erasable, failures, failing_since, trouble, tried_at, due_at, escalated_at, told_at, told_by,
               told_role
          FROM errands WHERE controller = %(controller)s AND erasure = %(erasure)s ORDER BY system
        """,
        controller=tx.of,
        erasure=erasure,
    )
    return [_errand(row, counts.get(SystemId(row["system"]), {})) for row in rows]


def end_errand(
    tx: Transaction,
    errand: Errand,
    *,
    round: int,
    trouble: Trouble | None,
    at: datetime,
    due_at: datetime | None,
    is_escalated: bool,
) -> bool:
    """False where that round of it was ended before."""
    return (
        sql.execute(
            tx,
            """
            UPDATE errands SET ended_in = %(round)s, tried_at = %(at)s, due_at = %(due_at)s, trouble = %(trouble)s,
                   failures = CASE WHEN %(trouble)s::text IS NULL THEN 0 ELSE failures + 1 END,
                   failing_since = CASE WHEN %(trouble)s::text IS NULL THEN NULL ELSE coalesce(failing_since, %(at)s) END,
                   escalated_at = CASE WHEN %(escalated)s THEN coalesce(escalated_at, %(at)s) END
             WHERE controller = %(controller)s AND erasure = %(erasure)s AND system = %(system)s AND ended_in < %(round)s
            """,
            controller=tx.of,
            erasure=errand.erasure,
            system=errand.system,
            round=round,
            trouble=trouble,
            at=at,
            due_at=due_at,
            escalated=is_escalated,
        )
        == 1
    )


def try_now(tx: Transaction, erasure: ErasureId, system: SystemId | None, at: datetime) -> None:
    sql.execute(
        tx,
        """
        UPDATE errands SET due_at = %(at)s
         WHERE controller = %(controller)s AND erasure = %(erasure)s AND is_erasable
           AND (%(system)s::uuid IS NULL OR system = %(system)s)
        """,
        controller=tx.of,
        erasure=erasure,
        system=system,
        at=at,
    )


def was_told(tx: Transaction, erasure: ErasureId, system: SystemId, *, at: datetime, by: Actor) -> bool:
    """False where they were told before."""
    return (
        sql.execute(
            tx,
            """
            UPDATE errands SET told_at = %(at)s, told_by = %(by)s, told_role = %(role)s
             WHERE controller = %(controller)s AND erasure = %(erasure)s AND system = %(system)s AND told_at IS NULL
            """,
            controller=tx.of,
            erasure=erasure,
            system=system,
            at=at,
            by=by.id,
            role=by.role.value,
        )
        == 1
    )


def all_confirmed(tx: Transaction, erasure: ErasureId) -> list[HoldingId]:
    """What was to go is told to be gone: which places were open until now."""
    rows = sql.all_rows(
        tx,
        """
        UPDATE erasure_places SET state = 'confirmed'
         WHERE controller = %(controller)s AND erasure = %(erasure)s
           AND state IN ('to_erase', 'erased', 'there_still', 'refused')
        RETURNING holding
        """,
        controller=tx.of,
        erasure=erasure,
    )
    return [HoldingId(row["holding"]) for row in rows]


def waiting(tx: Transaction) -> Waiting:
    """Errands with something to do, and those of them for a person."""
    row = sql.one_row(
        tx,
        """
        SELECT count(*) AS errands, count(escalated_at) AS escalated
          FROM errands WHERE controller = %(controller)s AND due_at IS NOT NULL
        """,
        controller=tx.of,
    )
    return Waiting(errands=row["errands"], escalated=row["escalated"])


def _place(row: sql.Row) -> OpenPlace:
    return OpenPlace(holding=HoldingId(row["holding"]), state=PlaceState(row["state"]), spot=None, moved=row["moved"])


def _book(row: sql.Row) -> Book:
    return Book(
        erasure=ErasureId(row["erasure"]),
        subject=SubjectId(row["subject"]),
        key=None if row["key"] is None else SubjectId(row["key"]),
        round=row["round"],
        due_at=row["due_at"],
        planned_at=row["planned_at"],
        settled_at=row["settled_at"],
        settled=None if row["settled"] is None else StatementId(row["settled"]),
    )


def _errand(row: sql.Row, places: Mapping[PlaceState, int]) -> Errand:
    by = None if row["told_by"] is None else Actor(id=row["told_by"], role=Role(row["told_role"]))
    return Errand(
        erasure=ErasureId(row["erasure"]),
        system=SystemId(row["system"]),
        is_erasable=row["is_erasable"],
        places=places,
        failures=row["failures"],
        failing_since=row["failing_since"],
        trouble=None if row["trouble"] is None else Trouble(row["trouble"]),
        tried_at=row["tried_at"],
        due_at=row["due_at"],
        escalated_at=row["escalated_at"],
        told_at=row["told_at"],
        told_by=by,
    )
