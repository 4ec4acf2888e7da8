"""The rows of what other systems keep, many at once: each statement takes whole columns, and PostgreSQL puts the rows
together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from rightcall.database.connection import Transaction
from rightcall.database.sql import all_rows, execute
from rightcall.holdings.model import NewForeign, Term
from rightcall.ids import HoldingId, StatementId, SubjectId


def known(tx: Transaction, holdings: Sequence[HoldingId]) -> dict[HoldingId, bool]:
    """Those on the map already, and whether they are gone."""
    rows = all_rows(
        tx,
        """
        SELECT holding, gone_at IS NOT NULL AS gone
          FROM holdings
         WHERE controller = %(controller)s AND holding = ANY (%(holdings)s)
        """,
        controller=tx.of,
        holdings=list(holdings),
    )
    return {row["holding"]: row["gone"] for row in rows}


def insert(
    tx: Transaction,
    batch: Sequence[NewForeign],
    *,
    sealed: Sequence[bytes | None],
    generations: Mapping[HoldingId, int],
    statement: StatementId,
) -> int:
    kept = {terms: nth for nth, terms in enumerate(dict.fromkeys(new.terms for new in batch))}
    flat = [(nth, term) for terms, nth in kept.items() for term in terms]
    return execute(
        tx,
        """
        WITH kept AS (
            SELECT nth, array_agg(purpose ORDER BY place) AS purposes,
                   coalesce(array_agg(last_day ORDER BY place) FILTER (WHERE last_day IS NOT NULL), '{}') AS last_days,
                   max(last_day) AS kept_until
              FROM unnest(%(nths)s::integer[], %(purposes)s::uuid[], %(last_days)s::date[])
                   WITH ORDINALITY AS t (nth, purpose, last_day, place)
             GROUP BY nth)
        INSERT INTO holdings (controller, holding, subject, kind, call, purposes, last_days, kept_until, made_at, mediatype,
        source,
                              generation, basis, actor, actor_role, object_key, statement, category, sensitivity, system,
                              object, field, span_start, span_end, sealed_place, heard_turn, heard_from, heard_until)
        SELECT %(controller)s, n.holding, n.subject, n.kind, n.call, coalesce(k.purposes, '{}'), coalesce(k.last_days, '{}'),
               k.kept_until, n.made_at, n.mediatype, n.source, n.generation, n.basis, %(actor)s, %(actor_role)s, '',
               %(statement)s, n.category, n.sensitivity, n.system, n.object, n.field, n.span_start, n.span_end,
               n.sealed_place, n.heard_turn, n.heard_from, n.heard_until
          FROM unnest(%(holding)s::uuid[], %(subject)s::uuid[], %(kind)s::text[], %(call)s::uuid[], %(kept)s::integer[],
                      %(made_at)s::timestamptz[], %(mediatype)s::text[], %(source)s::text[], %(generation)s::smallint[],
                      %(basis)s::text[], %(category)s::text[], %(sensitivity)s::text[], %(system)s::uuid[],
                      %(object)s::uuid[], %(field)s::text[], %(span_start)s::integer[], %(span_end)s::integer[],
                      %(sealed_place)s::bytea[], %(heard_turn)s::integer[], %(heard_from)s::integer[],
                      %(heard_until)s::integer[])
               AS n (holding, subject, kind, call, kept, made_at, mediatype, source, generation, basis, category, sensitivity,
                     system, object, field, span_start, span_end, sealed_place, heard_turn, heard_from, heard_until)
          LEFT JOIN kept k ON k.nth = n.kept
        """,
        controller=tx.of,
        actor=batch[0].provenance.actor.id,
        actor_role=batch[0].provenance.actor.role.value,
        statement=statement,
        nths=[nth for nth, _ in flat],
        purposes=[term.purpose for _, term in flat],
        last_days=[term.last_day for _, term in flat],
        **_columns(batch, kept, generations),
        sealed_place=_array(None if each is None else f'"\\\\x{each.hex()}"' for each in sealed),
    )


def mark_gone(tx: Transaction, holdings: Sequence[HoldingId], at: datetime) -> list[HoldingId]:
    """Of those that other systems keep; the rest were, or are not there."""
    rows = all_rows(
        tx,
        """
        UPDATE holdings
           SET gone_at = %(at)s
         WHERE controller = %(controller)s AND holding = ANY (%(holdings)s) AND system IS NOT NULL AND gone_at IS NULL
        RETURNING holding
        """,
        controller=tx.of,
        holdings=list(holdings),
        at=at,
    )
    return [row["holding"] for row in rows]


def mark_back(tx: Transaction, holdings: Sequence[HoldingId]) -> int:
    return execute(
        tx,
        """
        UPDATE holdings
           SET gone_at = NULL
         WHERE controller = %(controller)s AND holding = ANY (%(holdings)s) AND gone_at IS NOT NULL
        """,
        controller=tx.of,
        holdings=list(holdings),
    )


def sealed_places(tx: Transaction, holdings: Sequence[HoldingId]) -> dict[HoldingId, tuple[SubjectId, bytes | None]]:
    """Whose each is, and what of its place is sealed. Nobody else changes them until the transaction ends."""
    rows = all_rows(
        tx,
        """
        SELECT holding, subject, sealed_place
          FROM holdings
         WHERE controller = %(controller)s AND holding = ANY (%(holdings)s) AND system IS NOT NULL
         ORDER BY holding
           FOR NO KEY UPDATE
        """,
        controller=tx.of,
        holdings=list(holdings),
    )
    return {row["holding"]: (row["subject"], row["sealed_place"]) for row in rows}


def reassign(tx: Transaction, moved: Mapping[HoldingId, bytes | None], to: SubjectId) -> int:
    return execute(
        tx,
        """
        UPDATE holdings h
           SET subject = %(to)s, sealed_place = m.sealed
          FROM unnest(%(holdings)s::uuid[], %(sealed)s::bytea[]) AS m (holding, sealed)
         WHERE h.controller = %(controller)s AND h.holding = m.holding
        """,
        controller=tx.of,
        to=to,
        holdings=list(moved),
        sealed=list(moved.values()),
    )


def _columns(
    batch: Sequence[NewForeign], kept: Mapping[tuple[Term, ...], int], generations: Mapping[HoldingId, int]
) -> dict[str, str]:
    """Each column as PostgreSQL writes an array: putting it together ourselves is several times as fast as value by value."""
    written: dict[datetime, str] = {new.provenance.at: f'"{new.provenance.at.isoformat()}"' for new in batch}

    def of(read: Callable[[NewForeign], object]) -> str:
        return _array(map(read, batch))

    return {
        "holding": of(lambda new: new.id.hex),
        "subject": of(lambda new: new.subject.hex),
        "kind": of(lambda new: new.kind.value),
        "call": of(lambda new: new.call),
        "kept": of(lambda new: kept[new.terms]),
        "made_at": of(lambda new: written[new.provenance.at]),
        "mediatype": of(lambda new: f'"{new.mediatype}"'),
        "source": of(lambda new: new.provenance.source.value),
        "generation": of(lambda new: generations.get(new.id, 0)),
        "basis": of(lambda new: new.provenance.basis),
        "category": of(lambda new: new.category.value),
        "sensitivity": of(lambda new: (new.sensitivity or new.category.sensitivity).value),
        "system": of(lambda new: None if new.place.system is None else new.place.system.hex),
        "object": of(lambda new: None if new.place.object is None else new.place.object.hex),
        "field": of(lambda new: None if new.place.field is None else f'"{new.place.field}"'),
        "span_start": of(lambda new: new.place.start),
        "span_end": of(lambda new: new.place.end),
        "heard_turn": of(lambda new: None if new.heard is None else new.heard.turn),
        "heard_from": of(lambda new: None if new.heard is None else new.heard.from_ms),
        "heard_until": of(lambda new: None if new.heard is None else new.heard.until_ms),
    }


def _array(values: Iterable[object]) -> str:
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"
