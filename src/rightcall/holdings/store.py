"""The data map's tables. All that is held about one person is one query along one index, whatever else is held."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from itertools import repeat

from rightcall.actors import Actor, Role
from rightcall.database.connection import Transaction
from rightcall.database.sql import Row, all_rows, execute, execute_many, one_row
from rightcall.holdings.categories import Category, Sensitivity
from rightcall.holdings.model import Heard, Holding, HoldingKind, KeptFor, NewHolding, Provenance, Source, Term
from rightcall.holdings.places import OURS, Part, Place
from rightcall.ids import CallId, HoldingId, PurposeId, StatementId, SubjectId, SystemId
from rightcall.purposes.model import LawfulBasis


def generations(tx: Transaction, holdings: Sequence[HoldingId]) -> dict[HoldingId, int]:
    rows = all_rows(
        tx,
        """
        SELECT holding, generation
          FROM holdings
         WHERE controller = %(controller)s AND holding = ANY (%(holdings)s)
        """,
        controller=tx.of,
        holdings=list(holdings),
    )
    return {row["holding"]: row["generation"] for row in rows}


def insert_holding(tx: Transaction, new: NewHolding, *, made_at: datetime, generation: int, statement: StatementId) -> None:
    execute(
        tx,
        """
        INSERT INTO holdings (controller, holding, subject, kind, call, stream, purposes, last_days, kept_until, made_at,
                              mediatype, source, generation, basis, actor, actor_role, object_key, statement, category,
                              sensitivity)
        VALUES (%(controller)s, %(holding)s, %(subject)s, %(kind)s, %(call)s, %(stream)s, %(purposes)s, %(last_days)s,
                %(kept_until)s, %(made_at)s, %(mediatype)s, %(source)s, %(generation)s, %(basis)s, %(actor)s,
                %(actor_role)s, %(object_key)s, %(statement)s, %(category)s, %(sensitivity)s)
        """,
        controller=tx.of,
        holding=new.id,
        subject=new.subject,
        kind=new.kind.value,
        call=new.call,
        stream=new.stream,
        purposes=[term.purpose for term in new.terms],
        last_days=list(new.last_days),
        kept_until=max(new.last_days),
        made_at=made_at,
        mediatype=new.mediatype,
        source=new.provenance.source.value,
        generation=generation,
        basis=new.provenance.basis,
        actor=new.provenance.actor.id,
        actor_role=new.provenance.actor.role.value,
        object_key=new.object_key,
        statement=statement,
        category=new.category.value,
        sensitivity=new.category.sensitivity.value,
    )


def insert_derivations(
    tx: Transaction, holding: HoldingId, generation: int, origins: Mapping[HoldingId, int], parts: Sequence[Part] = ()
) -> None:
    """One row for each part of an origin, or one for the whole of it."""
    wholes = [(origin, 0, None) for origin in origins if all(part.origin != origin for part in parts)]
    rows: list[tuple[HoldingId, int, Part | None]] = [*wholes, *((part.origin, nth, part) for nth, part in enumerate(parts))]
    execute_many(
        tx,
        """
        INSERT INTO derivations (controller, holding, generation, origin, origin_generation, nth, field, turn, from_ms, until_ms,
                                 span_start, span_end)
        VALUES (%(controller)s, %(holding)s, %(generation)s, %(origin)s, %(origin_generation)s, %(nth)s, %(field)s, %(turn)s,
                %(from_ms)s, %(until_ms)s, %(span_start)s, %(span_end)s)
        """,
        [
            {
                "controller": tx.of,
                "holding": holding,
                "generation": generation,
                "origin": origin,
                "origin_generation": origins[origin],
                "nth": nth,
                "field": None if part is None else part.field,
                "turn": None if part is None else part.turn,
                "from_ms": None if part is None else part.from_ms,
                "until_ms": None if part is None else part.until_ms,
                "span_start": None if part is None else part.start,
                "span_end": None if part is None else part.end,
            }
            for origin, nth, part in rows
        ],
    )


def complete_holding(
    tx: Transaction, holding: HoldingId, *, sealed_length: int, complete: bool, sha256: bytes, at: datetime
) -> int:
    return execute(
        tx,
        """
        UPDATE holdings
           SET completed_at = %(at)s, sealed_length = %(sealed_length)s, complete = %(complete)s, sha256 = %(sha256)s
         WHERE controller = %(controller)s AND holding = %(holding)s AND completed_at IS NULL AND disposed_at IS NULL
        """,
        controller=tx.of,
        holding=holding,
        sealed_length=sealed_length,
        complete=complete,
        sha256=sha256,
        at=at,
    )


def dispose_holdings(tx: Transaction, holdings: Sequence[HoldingId], at: datetime) -> list[HoldingId]:
    """Those that this moved to what is gone, as whatever is deleted here is; the rest were, or are not there."""
    asked = set(holdings)
    execute(tx, "SELECT set_config('rightcall.gone_at', %(at)s::timestamptz::text, true)", at=at)
    row = one_row(
        tx,
        """
        WITH gone AS (
            DELETE FROM ONLY holdings
             WHERE controller = %(controller)s AND holding = ANY (%(holdings)s::uuid[])
            RETURNING holding)
        SELECT count(*) AS number, CASE WHEN count(*) < %(asked)s THEN array_agg(holding) END AS some FROM gone
        """,
        controller=tx.of,
        holdings=list(asked),
        asked=len(asked),
    )
    return list(asked) if row["number"] == len(asked) else row["some"] or []


def holdings(tx: Transaction, wanted: Sequence[HoldingId]) -> dict[HoldingId, Holding]:
    rows = all_rows(
        tx,
        """
        SELECT holding, subject, kind, call, stream, purposes, last_days, made_at, mediatype, source, basis, actor, actor_role,
               object_key, sealed_length, complete, sha256, disposed_at, statement, derived_from, category, sensitivity, system,
               object, field, span_start, span_end, sealed_place, heard_turn, heard_from, heard_until, gone_at, unlinked_at
          FROM holdings_with_origins
         WHERE controller = %(controller)s AND holding = ANY (%(wanted)s)
        """,
        controller=tx.of,
        wanted=list(wanted),
    )
    return {row["holding"]: _holding(row) for row in rows}


def systems_with(tx: Transaction, subjects: Sequence[SubjectId], category: Category) -> list[SystemId]:
    rows = all_rows(
        tx,
        "SELECT DISTINCT system FROM holdings WHERE controller = %(controller)s AND subject = ANY(%(subjects)s)"
        " AND category = %(category)s AND system IS NOT NULL AND gone_at IS NULL AND unlinked_at IS NULL ORDER BY system",
        controller=tx.of,
        subjects=list(subjects),
        category=category.value,
    )
    return [SystemId(row["system"]) for row in rows]


def alike_in(tx: Transaction, subjects: Sequence[SubjectId], system: SystemId, category: Category) -> list[Holding]:
    rows = all_rows(
        tx,
        """
        SELECT holding, subject, kind, call, stream, purposes, last_days, made_at, mediatype, source, basis, actor, actor_role,
               object_key, sealed_length, complete, sha256, disposed_at, statement, derived_from, category, sensitivity, system,
               object, field, span_start, span_end, sealed_place, heard_turn, heard_from, heard_until, gone_at, unlinked_at
          FROM holdings_with_origins
         WHERE controller = %(controller)s AND subject = ANY (%(subjects)s) AND system = %(system)s AND category = %(category)s
           AND gone_at IS NULL AND disposed_at IS NULL AND unlinked_at IS NULL
         ORDER BY made_at DESC, holding DESC
        """,
        controller=tx.of,
        subjects=list(subjects),
        system=system,
        category=category.value,
    )
    return [_holding(row) for row in rows]


def holdings_of_subjects(
    tx: Transaction, subjects: Sequence[SubjectId], after: HoldingId | None, limit: int | None
) -> list[Holding]:
    """Newest first over all of them, from behind `after`: of each a walk along the one index, however many there are. What turned
    out not to be theirs is none of it."""
    rows = [row for subject in subjects for row in _rows_of_subject(tx, subject, after, limit)]
    rows.sort(key=lambda row: (row["made_at"], row["holding"]), reverse=True)
    return [_holding(row) for row in rows[:limit]]


def kept_of(tx: Transaction, subject: SubjectId, purpose: PurposeId, today: date) -> list[KeptFor]:
    """What is there about one person for this purpose, whoever keeps it, and its last day for it is not over."""
    rows = all_rows(
        tx,
        """
        SELECT h.holding, h.system IS NULL AS ours, t.last_day
          FROM holdings h CROSS JOIN LATERAL unnest(h.purposes, h.last_days) AS t (purpose, last_day)
         WHERE h.controller = %(controller)s AND h.subject = %(subject)s AND h.disposed_at IS NULL AND h.gone_at IS NULL
           AND t.purpose = %(purpose)s AND t.last_day >= %(today)s
         ORDER BY t.last_day, h.holding
        """,
        controller=tx.of,
        subject=subject,
        purpose=purpose,
        today=today,
    )
    return [KeptFor(holding=HoldingId(row["holding"]), last_day=row["last_day"], is_ours=row["ours"]) for row in rows]


def _rows_of_subject(tx: Transaction, subject: SubjectId, after: HoldingId | None, limit: int | None) -> list[Row]:
    """Of one by itself: of an array the planner cannot tell how many it names, and would plan anew each time, which takes longer
    than the walk."""
    return all_rows(
        tx,
        """
        SELECT holding, subject, kind, call, stream, purposes, last_days, made_at, mediatype, source, basis, actor, actor_role,
               object_key, sealed_length, complete, sha256, disposed_at, statement, derived_from, category, sensitivity, system,
               object, field, span_start, span_end, sealed_place, heard_turn, heard_from, heard_until, gone_at, unlinked_at
          FROM holdings_with_origins
         WHERE controller = %(controller)s AND subject = %(subject)s AND unlinked_at IS NULL
           AND (%(after)s::uuid IS NULL OR (made_at, holding) < (
                SELECT made_at, holding FROM holdings WHERE controller = %(controller)s AND holding = %(after)s))
         ORDER BY made_at DESC, holding DESC
         LIMIT %(limit)s
        """,
        controller=tx.of,
        subject=subject,
        after=after,
        limit=limit,
    )


def ours_there(tx: Transaction, subject: SubjectId) -> list[HoldingId]:
    rows = all_rows(
        tx,
        """
        SELECT holding
          FROM holdings
         WHERE controller = %(controller)s AND subject = %(subject)s AND system IS NULL AND disposed_at IS NULL
        """,
        controller=tx.of,
        subject=subject,
    )
    return [HoldingId(row["holding"]) for row in rows]


def holdings_of_call(tx: Transaction, call: CallId) -> list[Holding]:
    rows = all_rows(
        tx,
        """
        SELECT holding, subject, kind, call, stream, purposes, last_days, made_at, mediatype, source, basis, actor, actor_role,
               object_key, sealed_length, complete, sha256, disposed_at, statement, derived_from, category, sensitivity, system,
               object, field, span_start, span_end, sealed_place, heard_turn, heard_from, heard_until, gone_at, unlinked_at
          FROM holdings_with_origins
         WHERE controller = %(controller)s AND call = %(call)s
         ORDER BY made_at, holding
        """,
        controller=tx.of,
        call=call,
    )
    return [_holding(row) for row in rows]


def disposable_holdings(tx: Transaction, subject: SubjectId, limit: int) -> list[Holding]:
    """Of this person: ours, not disposed and kept by no hold."""
    rows = all_rows(
        tx,
        """
        SELECT holding, subject, kind, call, stream, purposes, last_days, made_at, mediatype, source, basis, actor, actor_role,
               object_key, sealed_length, complete, sha256, disposed_at, statement, derived_from, category, sensitivity, system,
               object, field, span_start, span_end, sealed_place, heard_turn, heard_from, heard_until, gone_at, unlinked_at
          FROM holdings_with_origins
         WHERE controller = %(controller)s AND disposed_at IS NULL AND system IS NULL AND subject = %(subject)s
           AND NOT EXISTS (
                SELECT FROM held_slices JOIN holds USING (controller, hold)
                 WHERE held_slices.controller = %(controller)s AND held_slices.holding = holdings_with_origins.holding
                   AND lifted_at IS NULL)
         ORDER BY kept_until, holding
         LIMIT %(limit)s
        """,
        controller=tx.of,
        subject=subject,
        limit=limit,
    )
    return [_holding(row) for row in rows]


def made_from(tx: Transaction, origin: HoldingId) -> list[HoldingId]:
    """Everything that was made from it, over any number of steps."""
    rows = all_rows(
        tx,
        """
        WITH RECURSIVE made AS (
            SELECT holding FROM derivations WHERE controller = %(controller)s AND origin = %(origin)s
             UNION
            SELECT d.holding FROM derivations d JOIN made ON d.origin = made.holding WHERE d.controller = %(controller)s
        )
        SELECT holding FROM made ORDER BY holding
        """,
        controller=tx.of,
        origin=origin,
    )
    return [row["holding"] for row in rows]


def attribute(tx: Transaction, call: CallId, *, of: SubjectId, to: SubjectId) -> int:
    """All that is or was held of one person from one call is another's. How many. Asked twice: what somebody moved to what is
    gone while this waited for it is seen by the second alone."""
    return sum(_attribute(tx, call, of, to) for _ in range(2))


def _attribute(tx: Transaction, call: CallId, of: SubjectId, to: SubjectId) -> int:
    return execute(
        tx,
        """
        UPDATE holdings
           SET subject = %(to)s
         WHERE controller = %(controller)s AND call = %(call)s AND subject = %(of)s
        """,
        controller=tx.of,
        call=call,
        of=of,
        to=to,
    )


def _holding(row: Row) -> Holding:
    kind, source, role, basis, category, sensitivity = _words(
        row["kind"], row["source"], row["actor_role"], row["basis"], row["category"], row["sensitivity"]
    )
    return Holding(
        id=row["holding"],
        subject=row["subject"],
        kind=kind,
        call=row["call"],
        stream=row["stream"],
        terms=tuple(
            Term(purpose=purpose, last_day=last_day)
            for purpose, last_day in zip(row["purposes"], row["last_days"] or repeat(None), strict=bool(row["last_days"]))
        ),
        made_at=row["made_at"],
        mediatype=row["mediatype"],
        provenance=Provenance(
            source=source,
            actor=Actor(id=row["actor"], role=role),
            at=row["made_at"],
            basis=basis,
            derived_from=tuple(row["derived_from"]),
        ),
        object_key=row["object_key"],
        sealed_length=row["sealed_length"],
        complete=row["complete"],
        sha256=row["sha256"],
        disposed_at=row["disposed_at"],
        statement=row["statement"],
        category=category,
        sensitivity=sensitivity,
        place=_place(row),
        sealed_place=row["sealed_place"],
        heard=_heard(row),
        gone_at=row["gone_at"],
        unlinked_at=row["unlinked_at"],
    )


@cache
def _words(
    kind: str, source: str, role: str, basis: str | None, category: str, sensitivity: str
) -> tuple[HoldingKind, Source, Role, LawfulBasis | None, Category, Sensitivity]:
    """Most rows say the same as many others: what that means is looked up once."""
    return (
        HoldingKind(kind),
        Source(source),
        Role(role),
        None if basis is None else LawfulBasis(basis),
        Category(category),
        Sensitivity(sensitivity),
    )


def _place(row: Row) -> Place:
    if row["system"] is None:
        return OURS
    return Place(system=row["system"], object=row["object"], field=row["field"], start=row["span_start"], end=row["span_end"])


def _heard(row: Row) -> Heard | None:
    turn, from_ms, until_ms = row["heard_turn"], row["heard_from"], row["heard_until"]
    return None if turn is from_ms is until_ms is None else Heard(turn=turn, from_ms=from_ms, until_ms=until_ms)


def known_among(tx: Transaction, holdings: Sequence[HoldingId]) -> set[HoldingId]:
    """Those that are held, or of which it is known that they were."""
    rows = all_rows(
        tx,
        "SELECT holding FROM holdings WHERE controller = %(controller)s AND holding = ANY (%(holdings)s::uuid[])",
        controller=tx.of,
        holdings=list(holdings),
    )
    return {HoldingId(row["holding"]) for row in rows}


def calls_known(tx: Transaction, calls: Sequence[CallId]) -> set[CallId]:
    """Those of which anything is held, or it is known that it was."""
    rows = all_rows(
        tx,
        "SELECT DISTINCT call FROM holdings WHERE controller = %(controller)s AND call = ANY (%(calls)s::uuid[])",
        controller=tx.of,
        calls=list(calls),
    )
    return {CallId(row["call"]) for row in rows}


def serving(tx: Transaction, pairs: Sequence[tuple[SubjectId, PurposeId]]) -> set[tuple[SubjectId, PurposeId]]:
    """Those of these people of whom anything is held, or known to have been, that served this purpose."""
    rows = all_rows(
        tx,
        """
        SELECT n.subject, n.purpose FROM unnest(%(subjects)s::uuid[], %(purposes)s::uuid[]) AS n (subject, purpose)
         WHERE EXISTS (SELECT FROM holdings h
                        WHERE h.controller = %(controller)s AND h.subject = n.subject AND n.purpose = ANY (h.purposes))
        """,
        controller=tx.of,
        subjects=[subject for subject, _ in pairs],
        purposes=[purpose for _, purpose in pairs],
    )
    return {(SubjectId(row["subject"]), PurposeId(row["purpose"])) for row in rows}
