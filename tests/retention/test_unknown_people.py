"""Somebody of whom nothing tells any more is known no more; and nobody is forgotten before."""

from datetime import timedelta

import psycopg
import pytest

from rightcall.actors import SYSTEM, Actor, Role
from rightcall.consent.model import Answer
from rightcall.controllers.remembering.store import forget_before
from rightcall.database.connection import Transaction
from rightcall.ids import SubjectId, new_id
from rightcall.personal import Personal
from rightcall.requests import actions as requests
from rightcall.requests.model import RequestKind
from rightcall.retention.record import RecordForgotten
from rightcall.subjects import actions as subjects
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.model import IdentifierKind, JoinReason
from rightcall.subjects.rules import normalise
from rightcall.subjects.unknown import store as nobody
from tests.cast import ADA_EMAIL, ADA_TEL
from tests.erasure.fakes import World
from tests.retention.test_forgetting import DAYS, later, let_go, remember, rows
from tests.retention.test_record import LEAST, again, end, keep_record, long_over, row

TEL = normalise(IdentifierKind.TEL, Personal(ADA_TEL), "DK")
MAIL = normalise(IdentifierKind.EMAIL, Personal(ADA_EMAIL), "DK")


def test_somebody_of_whom_nothing_tells_is_known_no_more(world: World) -> None:
    """What they were known by goes, and their key; who calls again with the same number is somebody new."""
    long_over(world)
    ada, known = world.ada, rows(world, "identifiers")
    assert (known, rows(world, "subjects")) == (3, 2)
    assert end(world) == RecordForgotten(calls=1, people=2)
    assert [rows(world, table) for table in ("subjects", "identifiers", "blinds", "known_clues")] == [0, 0, 0, 0]
    assert rows(world, "subject_keys WHERE wrapped IS NOT NULL") == 0
    [said] = world.leaves("retention.people_forgotten")
    assert (said["days"], said["count"]) == (DAYS, 2)
    assert world.found() == []
    with world.deed() as tx:
        assert subjects.identify(tx, world.vault, world.clock, [TEL]) != ada


def test_nobody_is_forgotten_of_whom_anything_tells(world: World) -> None:
    remember(world, 365)
    keep_record(world, LEAST)
    let_go(world)
    later(world, LEAST)
    assert end(world) == RecordForgotten()
    assert rows(world, "subjects") == 2


def test_somebody_new_is_known_though_nothing_tells_of_them_yet(world: World) -> None:
    long_over(world)
    with world.deed() as tx:
        tx.connection.execute("RESET ROLE")
        tx.connection.execute("UPDATE subjects SET created_at = %s WHERE controller = %s", (world.clock.at, world.controller))
    assert end(world) == RecordForgotten(calls=1)
    later(world, DAYS)
    assert end(world) == RecordForgotten()
    later(world, 1)
    assert end(world) == RecordForgotten(people=2)


@pytest.mark.parametrize("wish", ["restricted_at", "objected_at", "maybe_restricted_at", "maybe_objected_at"])
def test_whoever_wants_something_of_us_is_known(world: World, wish: str) -> None:
    """Who forgets whom they may not call calls them."""
    long_over(world)
    ada = world.ada
    row(world, f"UPDATE subjects SET {wish} = now() WHERE controller = %s AND subject = %s", ada)  # noqa: S608 - of this file
    end(world)
    assert world.found() == [ada]


@pytest.mark.parametrize("is_told", [False, True])
@pytest.mark.parametrize("is_undone", [False, True])
def test_people_who_were_said_to_be_one_are_forgotten_together(world: World, is_told: bool, is_undone: bool) -> None:
    long_over(world)
    ada = world.ada
    with world.deed() as tx:
        other = subjects.identify(tx, world.vault, world.clock, [MAIL])
    row(
        world,
        "INSERT INTO joins (controller, statement, subject, into_subject, reason, joined_by, joined_role, joined_at,"
        " undone_at, undone_by, undone_role, undone_statement) SELECT %s, gen_random_uuid(), %s, %s, 'links_agree', u.by,"
        " 'dpo', now(), u.at, CASE WHEN u.at IS NOT NULL THEN u.by END, CASE WHEN u.at IS NOT NULL THEN 'dpo' END,"
        " CASE WHEN u.at IS NOT NULL THEN u.by END FROM (SELECT gen_random_uuid() AS by, %s::timestamptz AS at) u",
        other,
        ada,
        world.clock.at if is_undone else None,
    )
    row(world, "UPDATE subjects SET created_at = '2020-01-01' WHERE controller = %s")
    if is_told:
        with world.deed() as tx:
            requests.receive(tx, world.vault, world.clock, subject=other, kind=RequestKind.ACCESS, by=SYSTEM)
    end(world)
    assert (rows(world, "joins"), len(world.found())) == ((1, 1) if is_told else (0, 0))


def test_who_is_told_of_meanwhile_is_not_lost(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ada calls again between the look at her and her end."""
    long_over(world)
    ada, hold = world.ada, nobody.hold

    def called_first(tx: Transaction, wanted: list[SubjectId]) -> list[bytes]:
        again(world, Answer.REFUSED, who=ada)
        return hold(tx, wanted)

    monkeypatch.setattr(nobody, "hold", called_first)
    assert end(world) == RecordForgotten(calls=1, people=1)
    assert len(world.found()) == 1


GONE = "DELETE FROM subjects WHERE controller = %s AND subject = %s"


@pytest.mark.parametrize("tells", [None, "objected", "used"])
@pytest.mark.parametrize("ahead", [None, timedelta(days=-1), timedelta(days=1)])
def test_nobody_is_taken_away_before_their_time_or_while_anything_tells_of_them(
    world: World, ahead: timedelta | None, tells: str | None
) -> None:
    keep_record(world)
    with world.deed() as tx:
        somebody = subjects.identify(tx, world.vault, world.clock, [MAIL])
    if tells == "objected":
        row(world, "UPDATE subjects SET objected_at = now() WHERE controller = %s AND subject = %s", somebody)
    if tells == "used":
        row(
            world,
            "INSERT INTO holding_uses (controller, statement, subject, purpose, act, actor, actor_role, used_at, ground, fields,"
            " spans, refused) VALUES (%s, gen_random_uuid(), %s, gen_random_uuid(), 'read', gen_random_uuid(), 'dpo', now(),"
            " 'purpose', '{}', '{}', false)",
            somebody,
        )
    if (ahead, tells) == (timedelta(days=1), None):
        assert taken(world, somebody, ahead) == 1
        return
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="a person is known"):
        taken(world, somebody, ahead)


def taken(world: World, subject: SubjectId, ahead: timedelta | None) -> int:
    with world.deed() as tx:
        if ahead is not None:
            forget_before(tx, world.clock.at + ahead)
        return tx.connection.execute(GONE, (world.controller, subject)).rowcount


def test_who_was_one_with_whom_stays_while_either_is_known(world: World) -> None:
    with world.deed() as tx:
        other = subjects.identify(tx, world.vault, world.clock, [])
        by, said = Actor(id=new_id(), role=Role.DPO), JoinReason.PERSON_SAID_SO
        joining.join(tx, world.vault, world.clock, other, into=world.ada, reason=said, by=by)
    with world.deed() as tx:
        tx.connection.execute("RESET ROLE")
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege, match="as long as either of them is"),
            tx.connection.transaction(),
        ):
            tx.connection.execute("DELETE FROM joins WHERE controller = %s", (world.controller,))


def test_whoever_shares_a_number_is_forgotten_together(world: World) -> None:
    """Else the number would be the other's alone, who was one of two before."""
    long_over(world)
    end(world)
    with world.deed() as tx:
        one = subjects.identify(tx, world.vault, world.clock, [TEL])
        other = subjects.identify(tx, world.vault, world.clock, [])
    row(
        world,
        "INSERT INTO identifiers (controller, blind, subject, kind, sealed, created_at) SELECT controller, blind, %s,"
        " kind, sealed, created_at FROM identifiers WHERE controller = %s",
        other,
        is_last=True,
    )
    row(world, "UPDATE subjects SET created_at = '2020-01-01' WHERE controller = %s")
    with world.deed() as tx:
        asked = requests.receive(tx, world.vault, world.clock, subject=one, kind=RequestKind.ACCESS, by=SYSTEM)
    assert end(world).people == 0
    row(world, "DELETE FROM request_steps WHERE controller = %s")
    row(world, "DELETE FROM requests WHERE controller = %s AND request = %s", asked.id)
    assert end(world).people == 2


def test_wherever_a_table_tells_of_a_person_that_is_asked_before_they_are_forgotten(world: World) -> None:
    """A table that has a subject is one of these, or the view does not know it and somebody is forgotten too early."""
    with world.deed() as tx:
        tx.connection.execute("RESET ROLE")
        seen = {each["told"] for each in tx.connection.execute(_IN_VIEW)}
        told = {each["told"] for each in tx.connection.execute(_IN_TABLES)}
    assert told - seen == {
        *("subjects.subject", "subject_keys.subject", "identifiers.subject", "known_clues.subject", "carried_openings.subject"),
        *("joins.subject", "joins.into_subject", "join_proposals.subject", "join_proposals.other"),
    }


_IN_VIEW = """
SELECT DISTINCT table_name || '.' || column_name AS told FROM information_schema.view_column_usage
 WHERE view_name = 'tells_of_people' AND column_name <> 'controller'"""
_IN_TABLES = """
SELECT DISTINCT c.relname || '.' || a.attname AS told
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
  LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'f' AND k.confrelid = 'subjects'::regclass
                           AND a.attnum = ANY (k.conkey) AND a.attname <> 'controller'
 WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
   AND c.relname <> 'gone_holdings' AND a.atttypid = 'uuid'::regtype AND (a.attname = 'subject' OR k.oid IS NOT NULL)"""
