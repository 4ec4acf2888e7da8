"""The tables `trunks`, `calls` and `parties`."""

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

from rightcall.actors import PartyRole
from rightcall.calls.model import Age, Call, Forbidden, Marks, OwnedTrunk, Party, Trunk, TrunkId, Undecided
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.database.walk import Walk, both_ways
from rightcall.ids import CallId, ControllerId, PartyId, StatementId, SubjectId

_PARTIES: LiteralString = (
    "SELECT p.party, p.call, p.subject, p.role, p.joined_at, p.left_at, p.number_place, p.age, p.in_distress, p.asks_for_it,"
    " p.residence, s.restricted_at, s.objected_at, least(s.restricted_at, s.maybe_restricted_at) AS kept_alone_since,"
    " least(s.objected_at, s.maybe_objected_at) AS objects_since"
    " FROM parties p JOIN subjects s ON s.controller = p.controller AND s.subject = p.subject"
    " WHERE p.controller = %(controller)s"
)


def insert_trunk(tx: Transaction, owned: OwnedTrunk, at: datetime) -> None:
    trunk = owned.trunk
    sql.execute(
        tx,
        "INSERT INTO trunks (controller, trunk, name, sources, called, staff, undecided, forbidden, default_region, language,"
        " created_at) VALUES (%(controller)s, %(trunk)s, %(name)s, %(sources)s, %(called)s, %(staff)s, %(undecided)s,"
        " %(forbidden)s, %(default_region)s, %(language)s, %(at)s)",
        controller=owned.controller,
        trunk=trunk.id,
        name=trunk.name,
        sources=list(trunk.sources),
        called=trunk.called,
        staff=list(trunk.staff),
        undecided=trunk.undecided.value,
        forbidden=trunk.forbidden.value,
        default_region=trunk.default_region,
        language=trunk.language,
        at=at,
    )


def retire_trunk(tx: Transaction, controller: ControllerId, trunk: TrunkId, at: datetime) -> int:
    return sql.execute(
        tx,
        "UPDATE trunks SET retired_at = coalesce(retired_at, %(at)s) WHERE controller = %(controller)s AND trunk = %(trunk)s",
        controller=controller,
        trunk=trunk,
        at=at,
    )


def claim(tx: Transaction, owned: OwnedTrunk, source: str) -> bool:
    """False where another trunk, of whichever controller, has claimed the same way in."""
    claimed = sql.execute(
        tx,
        "INSERT INTO trunk_claims (controller, trunk, source, called)"
        " VALUES (%(controller)s, %(trunk)s, %(source)s, %(called)s) ON CONFLICT (source, called) DO NOTHING",
        controller=owned.controller,
        trunk=owned.trunk.id,
        source=source,
        called=owned.trunk.called or "",
    )
    return claimed == 1


def give_up_claims(tx: Transaction, controller: ControllerId, trunk: TrunkId) -> None:
    sql.execute(
        tx,
        "DELETE FROM trunk_claims WHERE controller = %(controller)s AND trunk = %(trunk)s",
        controller=controller,
        trunk=trunk,
    )


def living_trunks(tx: Transaction) -> list[OwnedTrunk]:
    """Of the controller of this transaction, or of all controllers in a system transaction."""
    rows = sql.all_rows(
        tx,
        "SELECT controller, trunk, name, sources, called, staff, undecided, forbidden, default_region, language"
        " FROM trunks WHERE retired_at IS NULL ORDER BY controller, trunk",
    )
    return [OwnedTrunk(controller=ControllerId(row["controller"]), trunk=_trunk(row)) for row in rows]


def trunk_by_id(tx: Transaction, trunk: TrunkId) -> Trunk | None:
    row = sql.maybe_row(
        tx,
        "SELECT trunk, name, sources, called, staff, undecided, forbidden, default_region, language FROM trunks"
        " WHERE controller = %(controller)s AND trunk = %(trunk)s",
        controller=tx.of,
        trunk=trunk,
    )
    return None if row is None else _trunk(row)


def insert_call(tx: Transaction, call: Call) -> None:
    sql.execute(
        tx,
        "INSERT INTO calls (controller, call, trunk, session_group, started_at)"
        " VALUES (%(controller)s, %(call)s, %(trunk)s, %(session_group)s, %(started_at)s)",
        controller=tx.of,
        call=call.id,
        trunk=call.trunk,
        session_group=call.group,
        started_at=call.started_at,
    )


def finish_call(tx: Transaction, call: CallId, at: datetime) -> int:
    return sql.execute(
        tx,
        "UPDATE calls SET ended_at = greatest(%(at)s, started_at)"
        " WHERE controller = %(controller)s AND call = %(call)s AND ended_at IS NULL",
        controller=tx.of,
        call=call,
        at=at,
    )


def call_by_id(tx: Transaction, call: CallId) -> Call | None:
    row = sql.maybe_row(
        tx,
        "SELECT call, trunk, session_group, started_at, ended_at FROM calls"
        " WHERE controller = %(controller)s AND call = %(call)s",
        controller=tx.of,
        call=call,
    )
    return None if row is None else call_of(row)


def calls_among(tx: Transaction, calls: Sequence[CallId]) -> dict[CallId, Call]:
    rows = sql.all_rows(
        tx,
        "SELECT call, trunk, session_group, started_at, ended_at FROM calls"
        " WHERE controller = %(controller)s AND call = ANY(%(calls)s)",
        controller=tx.of,
        calls=list(calls),
    )
    return {call.id: call for call in map(call_of, rows)}


def lock_call(tx: Transaction, call: CallId) -> Call | None:
    row = sql.maybe_row(
        tx,
        "SELECT call, trunk, session_group, started_at, ended_at FROM calls"
        " WHERE controller = %(controller)s AND call = %(call)s FOR UPDATE",
        controller=tx.of,
        call=call,
    )
    return None if row is None else call_of(row)


def calls(tx: Transaction, after: CallId | None, limit: int) -> list[Call]:
    rows = sql.all_rows(
        tx,
        "SELECT call, trunk, session_group, started_at, ended_at FROM calls WHERE controller = %(controller)s"
        " AND (%(after)s::uuid IS NULL OR call > %(after)s) ORDER BY call LIMIT %(limit)s",
        controller=tx.of,
        after=after,
        limit=limit,
    )
    return [call_of(row) for row in rows]


_PAGE = both_ways("""
SELECT call, trunk, session_group, started_at, ended_at FROM calls
 WHERE controller = %(controller)s AND started_at >= %(since)s AND started_at < %(before)s
   AND (started_at, call) {beyond} (%(at)s::timestamptz, %(id)s::uuid)
 ORDER BY started_at {way}, call {way} LIMIT %(limit)s
""")


def page(tx: Transaction, walk: Walk, limit: int) -> list[Call]:
    """By when they began."""
    rows = sql.all_rows(tx, _PAGE[walk.oldest_first], controller=tx.of, limit=limit, **walk.bounds())
    return [call_of(row) for row in rows]


def active_calls(tx: Transaction, after: CallId | None, limit: int | None) -> list[Call]:
    rows = sql.all_rows(
        tx,
        "SELECT call, trunk, session_group, started_at, ended_at FROM calls WHERE controller = %(controller)s"
        " AND ended_at IS NULL AND (%(after)s::uuid IS NULL OR call > %(after)s) ORDER BY call LIMIT %(limit)s",
        controller=tx.of,
        after=after,
        limit=limit,
    )
    return [call_of(row) for row in rows]


def calls_of_group(tx: Transaction, group: bytes) -> list[CallId]:
    rows = sql.all_rows(
        tx,
        "SELECT call FROM calls WHERE controller = %(controller)s AND session_group = %(session_group)s ORDER BY call",
        controller=tx.of,
        session_group=group,
    )
    return [CallId(row["call"]) for row in rows]


def insert_party(tx: Transaction, party: Party) -> None:
    sql.execute(
        tx,
        "INSERT INTO parties (controller, party, call, subject, role, joined_at, number_place)"
        " VALUES (%(controller)s, %(party)s, %(call)s, %(subject)s, %(role)s, %(joined_at)s, %(number_place)s)",
        controller=tx.of,
        party=party.id,
        call=party.call,
        subject=party.subject,
        role=party.role.value,
        joined_at=party.joined_at,
        number_place=party.number_place,
    )


def mark_party(tx: Transaction, party: PartyId, marks: Marks) -> None:
    sql.execute(
        tx,
        "UPDATE parties SET age = %(age)s, in_distress = %(in_distress)s, asks_for_it = %(asks_for_it)s,"
        " residence = %(residence)s WHERE controller = %(controller)s AND party = %(party)s",
        controller=tx.of,
        party=party,
        age=marks.age.value,
        in_distress=marks.in_distress,
        asks_for_it=marks.asks_for_it,
        residence=marks.residence,
    )


def unmark_subject(tx: Transaction, subject: SubjectId) -> int:
    return sql.execute(
        tx,
        "UPDATE parties SET age = 'unmarked', in_distress = FALSE, asks_for_it = FALSE, residence = NULL, number_place = NULL"
        " WHERE controller = %(controller)s AND subject = %(subject)s",
        controller=tx.of,
        subject=subject,
    )


def leave_party(tx: Transaction, party: PartyId, at: datetime) -> int:
    return sql.execute(
        tx,
        "UPDATE parties SET left_at = greatest(%(at)s, joined_at)"
        " WHERE controller = %(controller)s AND party = %(party)s AND left_at IS NULL",
        controller=tx.of,
        party=party,
        at=at,
    )


def leave_all(tx: Transaction, call: CallId, at: datetime) -> int:
    return sql.execute(
        tx,
        "UPDATE parties SET left_at = greatest(%(at)s, joined_at)"
        " WHERE controller = %(controller)s AND call = %(call)s AND left_at IS NULL",
        controller=tx.of,
        call=call,
        at=at,
    )


def attribute(tx: Transaction, party: Party, to: SubjectId, statement: StatementId, at: datetime) -> None:
    """Two statements of one deed: who it was stays, and who it is now."""
    values = {"controller": tx.of, "party": party.id, "to": to}
    sql.execute(
        tx,
        "INSERT INTO attributions (controller, statement, party, call, was, subject, attributed_at)"
        " VALUES (%(controller)s, %(statement)s, %(party)s, %(call)s, %(was)s, %(to)s, %(at)s)",
        statement=statement,
        call=party.call,
        was=party.subject,
        at=at,
        **values,
    )
    sql.execute(tx, "UPDATE parties SET subject = %(to)s WHERE controller = %(controller)s AND party = %(party)s", **values)


def attributed_to(tx: Transaction, subject: SubjectId) -> list[PartyId]:
    rows = sql.all_rows(
        tx,
        "SELECT DISTINCT p.party FROM attributions a JOIN parties p ON p.controller = a.controller AND p.party = a.party"
        " WHERE p.controller = %(controller)s AND p.subject = %(subject)s AND a.subject = %(subject)s",
        controller=tx.of,
        subject=subject,
    )
    return [PartyId(row["party"]) for row in rows]


def party_by_id(tx: Transaction, party: PartyId) -> Party | None:
    row = sql.maybe_row(
        tx,
        _PARTIES + " AND p.party = %(party)s",
        controller=tx.of,
        party=party,
    )
    return None if row is None else _party(row)


def lock_party(tx: Transaction, party: PartyId) -> Party | None:
    row = sql.maybe_row(
        tx,
        _PARTIES + " AND p.party = %(party)s FOR UPDATE OF p",
        controller=tx.of,
        party=party,
    )
    return None if row is None else _party(row)


def parties_of_call(tx: Transaction, call: CallId) -> list[Party]:
    rows = sql.all_rows(
        tx,
        _PARTIES + " AND p.call = %(call)s ORDER BY p.joined_at, p.party",
        controller=tx.of,
        call=call,
    )
    return [_party(row) for row in rows]


def parties_of_calls(tx: Transaction, calls: Sequence[CallId]) -> list[Party]:
    rows = sql.all_rows(
        tx,
        _PARTIES + " AND p.call = ANY(%(calls)s::uuid[]) ORDER BY p.joined_at, p.party",
        controller=tx.of,
        calls=list(calls),
    )
    return [_party(row) for row in rows]


def parties_of_subject(tx: Transaction, subject: SubjectId) -> list[Party]:
    rows = sql.all_rows(
        tx,
        _PARTIES + " AND p.subject = %(subject)s ORDER BY p.joined_at, p.party",
        controller=tx.of,
        subject=subject,
    )
    return [_party(row) for row in rows]


def calls_attended_since(tx: Transaction, subject: SubjectId, since: datetime) -> list[CallId]:
    mine = "SELECT call FROM parties WHERE controller = %(controller)s AND subject = %(subject)s"
    rows = sql.all_rows(
        tx,
        f"{mine} AND left_at IS NULL UNION {mine} AND left_at >= %(since)s ORDER BY call",
        controller=tx.of,
        subject=subject,
        since=since,
    )
    return [CallId(row["call"]) for row in rows]


def _trunk(row: sql.Row) -> Trunk:
    return Trunk(
        id=TrunkId(row["trunk"]),
        name=row["name"],
        sources=tuple(row["sources"]),
        called=row["called"],
        staff=tuple(row["staff"]),
        undecided=Undecided(row["undecided"]),
        forbidden=Forbidden(row["forbidden"]),
        default_region=row["default_region"],
        language=row["language"],
    )


def call_of(row: sql.Row) -> Call:
    return Call(
        id=CallId(row["call"]),
        trunk=None if row["trunk"] is None else TrunkId(row["trunk"]),
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        group=None if row["session_group"] is None else bytes(row["session_group"]),
    )


def _party(row: sql.Row) -> Party:
    return Party(
        id=PartyId(row["party"]),
        call=CallId(row["call"]),
        subject=SubjectId(row["subject"]),
        role=PartyRole(row["role"]),
        joined_at=row["joined_at"],
        left_at=row["left_at"],
        number_place=row["number_place"],
        marks=Marks(
            age=Age(row["age"]),
            in_distress=row["in_distress"],
            asks_for_it=row["asks_for_it"],
            residence=row["residence"],
        ),
        restricted_at=row["restricted_at"],
        objected_at=row["objected_at"],
        kept_alone_since=row["kept_alone_since"],
        objects_since=row["objects_since"],
    )
