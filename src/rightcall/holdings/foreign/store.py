"""The rows of what other systems keep, many at once: each statement takes whole columns, and PostgreSQL puts the rows
together."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from rightcall.database.connection import Transaction
from rightcall.database.sql import all_rows, array, execute
from rightcall.holdings.categories import Category, Sensitivity
from rightcall.holdings.model import HoldingKind, NewForeign, Source, Term
from rightcall.ids import CallId, HoldingId, ObjectId, StatementId, SubjectId, SystemId
from rightcall.purposes.model import LawfulBasis


def known(tx: Transaction, holdings: Sequence[HoldingId]) -> dict[HoldingId, bool]:
    """Those on the map already, and whether they are gone."""
    rows = all_rows(
        tx,
        """
        SELECT holding, gone_at IS NOT NULL AS gone
          FROM holdings
         WHERE controller = %(controller)s AND holding = ANY (%(holdings)s::uuid[])
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
    """What many rows have in common is told once: thousands of a scan differ in little more than whose and where."""
    sorts: dict[_Alike, int] = {}
    nths = [sorts.setdefault(_alike(new), len(sorts)) for new in batch]
    kept = {terms: nth for nth, terms in enumerate(dict.fromkeys(each.terms for each in sorts))}
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
                              source, generation, basis, actor, actor_role, object_key, statement, category, sensitivity, system,
                              object, field, span_start, span_end, sealed_place, heard_turn, heard_from, heard_until)
        SELECT %(controller)s, n.holding, n.subject, s.kind, s.call, coalesce(k.purposes, '{}'), coalesce(k.last_days, '{}'),
               k.kept_until, n.made_at, s.mediatype, s.source, n.generation, s.basis, %(actor)s, %(actor_role)s, '',
               %(statement)s, s.category, s.sensitivity, s.system, s.object, s.field, n.span_start, n.span_end,
               n.sealed_place, n.heard_turn, n.heard_from, n.heard_until
          FROM unnest(%(holding)s::uuid[], %(subject)s::uuid[], %(sort)s::integer[], %(made_at)s::timestamptz[],
                      %(generation)s::smallint[], %(span_start)s::integer[], %(span_end)s::integer[], %(sealed_place)s::bytea[],
                      %(heard_turn)s::integer[], %(heard_from)s::integer[], %(heard_until)s::integer[])
               AS n (holding, subject, sort, made_at, generation, span_start, span_end, sealed_place, heard_turn, heard_from,
                     heard_until)
          JOIN unnest(%(sorts)s::integer[], %(kind)s::text[], %(call)s::uuid[], %(kept)s::integer[], %(mediatype)s::text[],
                      %(source)s::text[], %(basis)s::text[], %(category)s::text[], %(sensitivity)s::text[], %(system)s::uuid[],
                      %(object)s::uuid[], %(field)s::text[])
               AS s (nth, kind, call, kept, mediatype, source, basis, category, sensitivity, system, object, field)
            ON s.nth = n.sort
          LEFT JOIN kept k ON k.nth = s.kept
        """,
        controller=tx.of,
        actor=batch[0].provenance.actor.id,
        actor_role=batch[0].provenance.actor.role.value,
        statement=statement,
        nths=[nth for nth, _ in flat],
        purposes=[term.purpose for _, term in flat],
        last_days=[term.last_day for _, term in flat],
        sort=array(nths),
        **_rows(batch, generations),
        **_sorts(list(sorts), kept),
        sealed_place=array(None if each is None else f'"\\\\x{each.hex()}"' for each in sealed),
    )


def describe(tx: Transaction, holdings: Sequence[HoldingId], terms: Sequence[Term], basis: LawfulBasis | None) -> list[HoldingId]:
    """These are for this, on that basis. Those of which something else was said until now."""
    rows = all_rows(
        tx,
        """
        UPDATE holdings
           SET purposes = %(purposes)s, last_days = %(last_days)s, kept_until = %(kept_until)s, basis = %(basis)s
         WHERE controller = %(controller)s AND holding = ANY (%(holdings)s) AND system IS NOT NULL AND disposed_at IS NULL
           AND (purposes, last_days, basis) IS DISTINCT FROM (%(purposes)s::uuid[], %(last_days)s::date[], %(basis)s)
        RETURNING holding
        """,
        controller=tx.of,
        holdings=list(holdings),
        purposes=[term.purpose for term in terms],
        last_days=(days := [term.last_day for term in terms if term.last_day is not None]),
        kept_until=max(days, default=None),
        basis=basis,
    )
    return [row["holding"] for row in rows]


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


def mark_unlinked(tx: Transaction, holdings: Sequence[HoldingId], of: SubjectId, at: datetime) -> list[HoldingId]:
    """Of those that other systems keep and that stand at this person, also where they were gone already. Asked twice: what
    somebody moved to what is gone while this waited for it is seen by the second alone."""
    return [id for _ in range(2) for id in _mark_unlinked(tx, holdings, of, at)]


def _mark_unlinked(tx: Transaction, holdings: Sequence[HoldingId], of: SubjectId, at: datetime) -> list[HoldingId]:
    rows = all_rows(
        tx,
        """
        UPDATE holdings
           SET unlinked_at = %(at)s, gone_at = coalesce(gone_at, %(at)s)
         WHERE controller = %(controller)s AND holding = ANY (%(holdings)s) AND subject = %(of)s AND system IS NOT NULL
           AND unlinked_at IS NULL
        RETURNING holding
        """,
        controller=tx.of,
        holdings=list(holdings),
        of=of,
        at=at,
    )
    return [row["holding"] for row in rows]


def mark_back(tx: Transaction, holdings: Sequence[HoldingId]) -> int:
    return execute(
        tx,
        """
        UPDATE holdings
           SET gone_at = NULL, unlinked_at = NULL
         WHERE controller = %(controller)s AND holding = ANY (%(holdings)s) AND gone_at IS NOT NULL
        """,
        controller=tx.of,
        holdings=list(holdings),
    )


def sealed_places(tx: Transaction, holdings: Sequence[HoldingId]) -> dict[HoldingId, tuple[SubjectId, bytes | None]]:
    """Whose each is, and what of its place is sealed. Nobody else changes them until the transaction ends. Asked again where one
    is missing: it may have been moved to what is gone while this waited for it."""
    found = _held_places(tx, holdings)
    return found if len(found) == len(set(holdings)) else _held_places(tx, holdings)


def _held_places(tx: Transaction, holdings: Sequence[HoldingId]) -> dict[HoldingId, tuple[SubjectId, bytes | None]]:
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


def made_of(tx: Transaction, subject: SubjectId) -> list[HoldingId]:
    """What other systems keep now and was made, over any number of steps, from anything that is or was held about the person."""
    rows = all_rows(
        tx,
        """
        WITH RECURSIVE made AS (
            SELECT d.holding
              FROM holdings h JOIN derivations d ON d.controller = h.controller AND d.origin = h.holding
             WHERE h.controller = %(controller)s AND h.subject = %(subject)s
             UNION
            SELECT d.holding FROM derivations d JOIN made ON d.origin = made.holding WHERE d.controller = %(controller)s
        )
        SELECT h.holding FROM made JOIN holdings h USING (holding)
         WHERE h.controller = %(controller)s AND h.system IS NOT NULL AND h.disposed_at IS NULL AND h.gone_at IS NULL
         ORDER BY h.holding
        """,
        controller=tx.of,
        subject=subject,
    )
    return [HoldingId(row["holding"]) for row in rows]


class _Alike(NamedTuple):
    """What many rows have in common."""

    kind: HoldingKind
    call: CallId | None
    terms: tuple[Term, ...]
    mediatype: str
    source: Source
    basis: LawfulBasis | None
    category: Category
    sensitivity: Sensitivity | None
    system: SystemId | None
    object: ObjectId | None
    field: str | None


def _alike(new: NewForeign) -> _Alike:
    place, came = new.place, new.provenance
    return _Alike(
        new.kind,
        new.call,
        new.terms,
        new.mediatype,
        came.source,
        came.basis,
        new.category,
        new.sensitivity,
        place.system,
        place.object,
        place.field,
    )


def _rows(batch: Sequence[NewForeign], generations: Mapping[HoldingId, int]) -> dict[str, object]:
    """Each column as PostgreSQL writes an array: putting it together ourselves is several times as fast as value by value."""
    written: dict[datetime, str] = {at: f'"{at.isoformat()}"' for at in {new.provenance.at for new in batch}}
    heard = [new.heard for new in batch]
    return {
        "holding": [new.id for new in batch],
        "subject": [new.subject for new in batch],
        "made_at": array(written[new.provenance.at] for new in batch),
        "generation": array(generations.get(new.id, 0) for new in batch) if generations else array("0" for _ in batch),
        "span_start": array(new.place.start for new in batch),
        "span_end": array(new.place.end for new in batch),
        "heard_turn": array(None if each is None else each.turn for each in heard),
        "heard_from": array(None if each is None else each.from_ms for each in heard),
        "heard_until": array(None if each is None else each.until_ms for each in heard),
    }


def _sorts(sorts: Sequence[_Alike], kept: Mapping[tuple[Term, ...], int]) -> dict[str, str]:
    return {
        "sorts": array(range(len(sorts))),
        "kind": array(each.kind for each in sorts),
        "call": array(each.call for each in sorts),
        "kept": array(kept[each.terms] for each in sorts),
        "mediatype": array(_quoted(each.mediatype) for each in sorts),
        "source": array(each.source for each in sorts),
        "basis": array(each.basis for each in sorts),
        "category": array(each.category for each in sorts),
        "sensitivity": array(each.sensitivity or each.category.sensitivity for each in sorts),
        "system": array(each.system for each in sorts),
        "object": array(each.object for each in sorts),
        "field": array(None if each.field is None else _quoted(each.field) for each in sorts),
    }


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
