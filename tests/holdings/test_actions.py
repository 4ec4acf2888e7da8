"""Nothing is held, used, held longer or let go of without its statement; and whether it can be read, the keys say."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from threading import Thread
from time import sleep

import psycopg
import pytest

from rightcall.actors import Actor, PartyRole, Role
from rightcall.calls import actions as calls
from rightcall.canonical import Json, sha256
from rightcall.clock import day_of
from rightcall.database.connection import Database, Transaction
from rightcall.database.walk import Walk
from rightcall.errors import Conflict, NotFound
from rightcall.holdings import actions
from rightcall.holdings.categories import Category
from rightcall.holdings.gone import store as gone_store
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.holds.model import Hold, Slice
from rightcall.holdings.map.model import Which
from rightcall.holdings.map.store import of_sort
from rightcall.holdings.model import Disposal, Holding, HoldingKind, NewHolding, Provenance, Source, Term
from rightcall.holdings.places import Place
from rightcall.holdings.provenance import actions as provenance
from rightcall.holdings.provenance.model import FallReason
from rightcall.holdings.provenance.store import lock_generations
from rightcall.holdings.rules import ids_root
from rightcall.holdings.terms import store as term_store
from rightcall.holdings.uses import actions as uses
from rightcall.holdings.uses.model import NewUse, UseAct
from rightcall.ids import CallId, ControllerId, GrantId, HoldId, HoldingId, PurposeId, SubjectId, SystemId, new_id
from rightcall.ledger.codec import read_leaf
from rightcall.openness import store as openness
from rightcall.personal import Personal
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import LawfulBasis, NewPurpose
from rightcall.reviews.observed import store as observed
from rightcall.subjects import actions as subjects
from rightcall.vault.actions import Vault
from rightcall.vault.model import ContentKey, Dark, DarkReason, Lock
from tests.conftest import FixedClock
from tests.holdings.holding import held
from tests.holdings.test_counting import new as new_foreign

DPO = Actor(id=new_id(), role=Role.DPO)
SEALED = sha256(b"sealed bytes")


class Scene:
    """Ada, in a call, with a grant for training and one for disputes."""

    def __init__(self, tx: Transaction, vault: Vault, clock: FixedClock) -> None:
        self.tx, self.vault, self.clock = tx, vault, clock
        self.ada = subjects.identify(tx, vault, clock, [])
        self.call: CallId = calls.begin(tx, clock).id
        party = calls.join(tx, clock, call=self.call, subject=self.ada, role=PartyRole.CUSTOMER).id
        self.training, self.disputes = self.purpose("training"), self.purpose("disputes")
        self.grants: dict[PurposeId, GrantId] = {
            purpose: vault.open_grant(tx, subject=self.ada, party=party, purpose=purpose)
            for purpose in (self.training, self.disputes)
        }
        self.last_day = day_of(clock.at) + timedelta(days=30)

    def purpose(self, key: str) -> PurposeId:
        new = NewPurpose(
            key=key,
            title="A purpose",
            justification="It is needed in this test.",
            lawful_basis=LawfulBasis.CONSENT,
            data_categories=("pd:VoiceCommunicationRecording",),
            may_use=frozenset({Role.SUPERVISOR}),
            term_days=30,
            dpv_purpose="dpv:PersonnelManagement" if key == "training" else "dpv:DisputeManagement",
        )
        return purposes.create_purpose(self.tx, self.clock, new, by=DPO).id

    def hold_of(self, *slices: Slice) -> Hold:
        until = self.last_day + timedelta(days=365)
        return held(self.tx, self.vault, self.clock, *slices, until=until, by=DPO)

    def keep(self, *purposes: PurposeId, derived_from: tuple[HoldingId, ...] = (), locked: bool = False) -> Holding:
        wanted = purposes or (self.training,)
        identity = HoldingId(new_id())
        if locked:
            locks = [Lock(purpose=each, grants=(self.grants[each],), last_day=self.last_day) for each in wanted]
            self.vault.lock_content(self.tx, holding=identity, locks=locks)
        return actions.record(
            self.tx,
            self.clock,
            NewHolding(
                id=identity,
                subject=self.ada,
                kind=HoldingKind.TRANSCRIPT if derived_from else HoldingKind.STREAM,
                terms=tuple(Term(purpose=each, last_day=self.last_day) for each in wanted),
                mediatype="application/vnd.rightcall.rtp",
                provenance=Provenance(
                    source=Source.DERIVED if derived_from else Source.SIPREC,
                    actor=DPO,
                    at=self.clock.at,
                    basis=LawfulBasis.CONSENT,
                    derived_from=derived_from,
                ),
                call=self.call,
                object_key=f"{self.tx.of}/{identity}",
            ),
        )

    def said(self, kind: str) -> list[Mapping[str, Json]]:
        rows = self.tx.connection.execute(
            "SELECT leaf FROM statements WHERE kind = %s ORDER BY appended", (f"holdings.{kind}",)
        ).fetchall()
        return [read_leaf(row["leaf"]) for row in rows]


@pytest.fixture
def scene(tx: Transaction, vault: Vault, clock: FixedClock) -> Scene:
    return Scene(tx, vault, clock)


def test_what_is_recorded_is_found_as_it_was_recorded(scene: Scene) -> None:
    holding = scene.keep(scene.training, scene.disputes)
    assert actions.get(scene.tx, holding.id) == holding
    assert actions.of_subject(scene.tx, scene.ada) == [holding]
    assert actions.of_call(scene.tx, scene.call) == [holding]
    assert holding.last_day(scene.training) == scene.last_day
    assert holding.last_day(PurposeId(new_id())) is None
    (said,) = scene.said("recorded")
    assert (said["id"], said["holding"]) == (str(holding.statement), str(holding.id))
    assert said["purposes"] == [str(scene.training), str(scene.disputes)]
    assert str(scene.ada) not in str(said)


def test_pages_of_what_is_held_are_newest_first_and_whole(scene: Scene) -> None:
    kept = []
    for minutes in (0, 0, 1, 2, 2):
        scene.clock.at += timedelta(minutes=minutes)
        kept.append(scene.keep())
    everything = actions.of_subject(scene.tx, scene.ada)
    assert {each.id for each in everything} == {each.id for each in kept}
    assert everything == sorted(everything, key=lambda each: (each.made_at, each.id), reverse=True)
    paged: list[Holding] = []
    while page := actions.of_subject(scene.tx, scene.ada, after=paged[-1].id if paged else None, limit=2):
        paged += page
    assert paged == everything


def test_pages_of_a_person_who_is_several_subjects_are_newest_first_over_all(scene: Scene) -> None:
    ada, again = scene.ada, subjects.identify(scene.tx, scene.vault, scene.clock, [])
    kept = []
    for who in (ada, again, again, ada, again):
        scene.clock.at += timedelta(minutes=1)
        scene.ada = who
        kept.append(scene.keep().id)
    pages = [actions.of_person(scene.tx, [ada, again], limit=2)]
    while pages[-1]:
        pages.append(actions.of_person(scene.tx, [ada, again], after=pages[-1][-1].id, limit=2))
    assert [each.id for page in pages for each in page] == kept[::-1]


def test_a_persons_things_and_uses_are_planned_once_and_not_each_time(scene: Scene, database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        # What other tests left behind is not what the plan is to rest on.
        connection.execute("DELETE FROM pg_statistic WHERE starelid IN ('holdings'::regclass, 'holding_uses'::regclass)")
    for _ in range(20):
        actions.of_subject(scene.tx, scene.ada, limit=100)
        uses.of_person(scene.tx, scene.ada, limit=100)
    planned = scene.tx.connection.execute(
        "SELECT custom_plans, generic_plans FROM pg_prepared_statements"
        " WHERE statement ~ 'FROM (holdings_with_origins|holding_uses)' AND statement LIKE '%LIMIT%'"
    ).fetchall()
    assert len(planned) == 2
    assert all(each["custom_plans"] < each["generic_plans"] for each in planned), planned


def test_all_of_a_person_is_one_walk_along_the_index(scene: Scene) -> None:
    scene.keep()
    scene.tx.connection.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off")
    plan = scene.tx.connection.execute(
        "EXPLAIN SELECT holding FROM holdings_with_origins WHERE controller = %s AND subject = %s"
        " ORDER BY made_at DESC, holding DESC",
        (scene.tx.of, scene.ada),
    ).fetchall()
    text = "\n".join(row["QUERY PLAN"] for row in plan)
    assert "holdings_of_subject" in text
    assert "gone_of_subject" in text
    assert "->  Sort" not in text


def test_no_index_that_a_row_enters_is_asked_by_nobody(scene: Scene) -> None:
    """Each row of the map that comes is entered in these, but for what vanished elsewhere, and each that goes in those of what is
    gone: one more has to be needed."""
    by_key = {"holdings_pkey", "holdings_of_subject", "holdings_of_call"}
    of_what_is_there = {"holdings_past_term", "holdings_of_sort", "holdings_ending", "holdings_for_nothing"}
    of_what_is_gone = {"gone_holdings_pkey", "gone_of_subject", "gone_of_call", "gone_in_time"}
    asked: Mapping[str, Callable[[], object]] = {
        "holdings_in_time": lambda: observed.captured_calls(
            scene.tx, scene.training, since=scene.clock.at, until=scene.clock.at + timedelta(hours=1)
        ),
        "holdings_of_sort": lambda: of_sort(scene.tx, None, Category.VOICE_COMMUNICATION_RECORDING, Walk(), Which(), 1),
        "holdings_past_term": lambda: term_store.past_term(scene.tx, scene.last_day, None, 1),
        "holdings_vanished": lambda: gone_store.hold_vanished(scene.tx, scene.clock.at, None, 1),
    }
    found = scene.tx.connection.execute("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'holdings'").fetchall()
    assert {each["indexname"] for each in found} == by_key | of_what_is_there | asked.keys()
    assert {each["indexname"] for each in found if "disposed_at IS NULL" in each["indexdef"]} == of_what_is_there
    gone = scene.tx.connection.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'gone_holdings'").fetchall()
    assert {each["indexname"] for each in gone} == of_what_is_gone
    scene.tx.connection.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
    for index, ask in asked.items():
        # Of what is there a few rows are found by any of its indexes, as the planner happens to see them.
        fitting = of_what_is_there if index in of_what_is_there else {index}
        was = _walks(scene, fitting)
        ask()
        assert _walks(scene, fitting) > was, index
    # Of few that are gone any index does: without the others, this one has to.
    scene.tx.connection.execute(
        "RESET ROLE; ALTER TABLE gone_holdings DROP CONSTRAINT gone_holdings_pkey; DROP INDEX gone_of_subject, gone_of_call;"
        " SET LOCAL ROLE rightcall_app; SET LOCAL enable_bitmapscan = on"
    )
    was = _walks(scene, {"gone_in_time"})
    openness.disposed(scene.tx, scene.clock.at, scene.clock.at + timedelta(hours=1))
    assert _walks(scene, {"gone_in_time"}) > was


def _walks(scene: Scene, indexes: set[str]) -> int:
    row = scene.tx.connection.execute(
        "SELECT sum(pg_stat_get_xact_numscans(name::regclass)) AS walks FROM unnest(%s::text[]) AS name", (sorted(indexes),)
    ).fetchone()
    assert row is not None
    return int(row["walks"])


def test_finishing_is_said_once_and_never_changed(scene: Scene) -> None:
    holding = scene.keep()

    def finish(length: int) -> None:
        actions.complete(scene.tx, scene.clock, holding.id, sealed_length=length, complete=False, sha256=SEALED)

    finish(4096)
    finish(4096)
    with pytest.raises(Conflict):
        finish(4097)
    known = actions.get(scene.tx, holding.id)
    assert (known.sealed_length, known.complete, known.sha256) == (4096, False, SEALED)
    (said,) = scene.said("completed")
    assert (said["sealed"], said["sealed_length"], said["complete"]) == (SEALED.hex(), 4096, False)
    with pytest.raises(NotFound):
        actions.complete(scene.tx, scene.clock, HoldingId(new_id()), sealed_length=1, complete=True, sha256=SEALED)


# Provenance


def test_where_a_holding_came_from_and_what_came_of_it(scene: Scene) -> None:
    stream, other = scene.keep(), scene.keep()
    transcript = scene.keep(derived_from=(stream.id, other.id))
    summary = scene.keep(derived_from=(transcript.id,))
    assert set(actions.get(scene.tx, transcript.id).provenance.derived_from) == {stream.id, other.id}
    assert set(actions.made_from(scene.tx, stream.id)) == {transcript.id, summary.id}
    assert actions.made_from(scene.tx, summary.id) == []
    with pytest.raises(NotFound):
        scene.keep(derived_from=(HoldingId(new_id()),))


def test_nothing_is_ever_made_from_itself(scene: Scene) -> None:
    """Not even by a row written past the deeds: the database holds generations apart."""
    stream = scene.keep()
    transcript = scene.keep(derived_from=(stream.id,))
    insert = "INSERT INTO derivations (controller, holding, generation, origin, origin_generation) VALUES (%s, %s, %s, %s, %s)"
    for generation, origin_generation in ((0, 1), (2, 1)):
        with pytest.raises(psycopg.errors.IntegrityError), scene.tx.connection.transaction():
            scene.tx.connection.execute(insert, (scene.tx.of, stream.id, generation, transcript.id, origin_generation))


# Uses


def test_a_use_is_written_down_with_purpose_and_actor(scene: Scene) -> None:
    holding = scene.keep()
    statement = uses.used(scene.tx, scene.clock, holding.id, scene.training, DPO, UseAct.PLAY)
    (use,) = uses.of_person(scene.tx, scene.ada)
    assert (use.holding, use.purpose, use.by, use.act, use.statement) == (
        holding.id,
        scene.training,
        DPO,
        UseAct.PLAY,
        statement,
    )
    assert uses.of_holdings(scene.tx, [holding.id]) == [use]
    (said,) = scene.said("used")
    assert (said["act"], said["actor"], said["purpose"]) == ("play", str(DPO.id), str(scene.training))


def test_who_looked_at_a_person_is_told_however_much_was_used_since(scene: Scene) -> None:
    holding = scene.keep()
    look = NewUse(subject=scene.ada, holding=None, purpose=scene.training, by=DPO, act=UseAct.READ, verdict=None)
    use = NewUse(subject=scene.ada, holding=holding.id, purpose=scene.training, by=DPO, act=UseAct.PLAY, verdict=None)
    [first] = uses.record(scene.tx, scene.clock, [look])
    scene.clock.at += timedelta(minutes=1)
    uses.record(scene.tx, scene.clock, [use] * 501)
    scene.clock.at += timedelta(minutes=1)
    [last] = uses.record(scene.tx, scene.clock, [look])
    assert [each.statement for each in uses.looks(scene.tx, [scene.ada])] == [last, first]


def test_a_holding_is_not_used_for_what_it_is_not_kept_for(scene: Scene) -> None:
    holding = scene.keep(scene.training)
    with pytest.raises(Conflict):
        uses.used(scene.tx, scene.clock, holding.id, scene.disputes, DPO, UseAct.PLAY)
    with pytest.raises(NotFound):
        uses.used(scene.tx, scene.clock, HoldingId(new_id()), scene.training, DPO, UseAct.PLAY)
    assert scene.said("used") == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE holding_uses SET act = 'play'",
        "UPDATE holdings SET kind = kind",
        "DELETE FROM holds",
        "UPDATE held_slices SET holding = holding",
    ],
)
def test_the_map_and_its_log_are_not_rewritten(tx: Transaction, change: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        tx.connection.execute(change)


# Letting go


def test_what_is_held_is_taken_off_the_map_by_nobody(scene: Scene) -> None:
    """Its row is deleted only where it stands among what is gone."""
    holding = scene.keep()
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="is let go of"), scene.tx.connection.transaction():
        scene.tx.connection.execute("DELETE FROM holdings")
    assert actions.get(scene.tx, holding.id) == holding
    actions.dispose(scene.tx, scene.clock, [holding.id], by=DPO, confirmed=Disposal.BYTES_DELETED)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="is let go of"), scene.tx.connection.transaction():
        scene.tx.connection.execute("DELETE FROM holdings")
    with pytest.raises(psycopg.errors.InsufficientPrivilege), scene.tx.connection.transaction():
        scene.tx.connection.execute("DELETE FROM gone_holdings")


def test_what_is_asked_of_each_row_is_asked_of_what_is_gone_too(scene: Scene) -> None:
    """A table that inherits has triggers of its own."""
    rows = scene.tx.connection.execute(
        "SELECT tgrelid::regclass::text AS lies, tgname FROM pg_trigger WHERE NOT tgisinternal AND tgtype::integer & 1 = 1"
        " AND tgrelid IN ('holdings'::regclass, 'gone_holdings'::regclass)"
    ).fetchall()
    by_table = {table: {row["tgname"] for row in rows if row["lies"] == table} for table in ("holdings", "gone_holdings")}
    assert by_table["holdings"] == by_table["gone_holdings"] >= {"changes_as_attributed", "uses_go_along"}


def test_what_is_gone_lies_apart_with_all_that_was_known_of_it(scene: Scene) -> None:
    """So no index of what is there is written for it. A column that comes to the map has to be moved too."""
    first, second = scene.keep(), scene.keep()
    actions.dispose(scene.tx, scene.clock, [first.id], by=DPO, confirmed=Disposal.BYTES_DELETED)
    tables = {
        row["holding"]: row["lies"]
        for row in scene.tx.connection.execute("SELECT holding, tableoid::regclass::text AS lies FROM holdings").fetchall()
    }
    assert tables == {first.id: "gone_holdings", second.id: "holdings"}
    assert actions.get(scene.tx, first.id) == replace(first, disposed_at=scene.clock.at)
    columns = scene.tx.connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'holdings'::regclass AND attnum > 0 AND NOT attisdropped"
    ).fetchall()
    moving = scene.tx.connection.execute("SELECT prosrc FROM pg_proc WHERE proname = 'move_to_gone'").fetchone()
    assert moving is not None
    said = r"INSERT INTO gone_holdings \(([^)]*)\)\s+SELECT (.*?)\s+FROM removed"
    [(into, read)] = re.findall(said, moving["prosrc"], re.DOTALL)
    assert re.findall(r"\w+", into)[:-1] == re.findall(r"\w+", read)[:-1]
    assert set(re.findall(r"\w+", into)) == {each["attname"] for each in columns}


def test_what_went_does_not_come_again_under_its_id_and_nobody_says_another_time(scene: Scene) -> None:
    holding = scene.keep()
    actions.dispose(scene.tx, scene.clock, [holding.id], by=DPO, confirmed=Disposal.BYTES_DELETED)
    again = "INSERT INTO holdings SELECT (jsonb_populate_record(g, '{\"disposed_at\": null}')).* FROM gone_holdings g"
    with pytest.raises(psycopg.errors.UniqueViolation, match="does not come again"), scene.tx.connection.transaction():
        scene.tx.connection.execute(again)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), scene.tx.connection.transaction():
        scene.tx.connection.execute("UPDATE holdings SET disposed_at = now()")
    assert actions.of_subject(scene.tx, scene.ada) == [replace(holding, disposed_at=scene.clock.at)]


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("holding_uses", "holding"),
        ("derivations", "holding"),
        ("derivations", "origin"),
        ("held_slices", "holding"),
        ("held_slices", "take"),
        ("fallen_origins", "holding"),
    ],
)
def test_what_is_told_is_told_of_what_is_or_was_held(scene: Scene, table: str, column: str) -> None:
    origin, held = scene.keep(), scene.keep(locked=True)
    actions.dispose(scene.tx, scene.clock, [origin.id], by=DPO, confirmed=Disposal.BYTES_DELETED)
    scene.keep(derived_from=(origin.id,))
    uses.used(scene.tx, scene.clock, origin.id, scene.training, DPO, UseAct.PLAY)
    provenance.fall(scene.tx, scene.clock, origin.id, FallReason.WRONG, by=DPO)
    scene.hold_of(Slice(holding=held.id, purpose=scene.training))
    another = f'(jsonb_populate_record(t, \'{{"{column}": "{new_id()}"}}\')).*'
    with pytest.raises(psycopg.errors.ForeignKeyViolation, match="is or was held"):
        scene.tx.connection.execute(f"INSERT INTO {table} SELECT {another} FROM {table} t")  # noqa: S608 - our own words


def test_disposal_is_said_once(scene: Scene) -> None:
    first, second = scene.keep(), scene.keep()
    assert actions.to_dispose(scene.tx, scene.ada) == sorted([first, second], key=lambda each: each.id)
    for _ in range(2):
        actions.dispose(scene.tx, scene.clock, [first.id], by=DPO, confirmed=Disposal.BYTES_DELETED)
    assert actions.get(scene.tx, first.id).disposed_at == scene.clock.at
    assert actions.to_dispose(scene.tx, scene.ada) == [second]
    both = [first.id, second.id]
    assert actions.dispose(scene.tx, scene.clock, both, by=DPO, confirmed=Disposal.BYTES_DELETED) == 1
    assert actions.to_dispose(scene.tx, scene.ada) == []
    assert [(said["count"], said["root"]) for said in scene.said("batch_disposed")] == [
        (1, ids_root([first.id]).hex),
        (1, ids_root([second.id]).hex),
    ]


def test_past_term_is_what_no_purpose_keeps_any_more(scene: Scene) -> None:
    holding = scene.keep()
    assert actions.past_term(scene.tx, scene.last_day) == []
    after = scene.last_day + timedelta(days=1)
    [(day, found)] = actions.past_term(scene.tx, after)
    assert (day, found.holdings, found.is_finished) == (scene.last_day, [holding.id], False)
    assert found._replace(holdings=(holding.id,)) == holding.remnants
    assert actions.past_term(scene.tx, after, after=(scene.last_day, holding.id)) == []
    actions.dispose(scene.tx, scene.clock, [holding.id], by=DPO, confirmed=Disposal.BYTES_DELETED)
    assert actions.past_term(scene.tx, after) == []


# What can be read


def test_readable_is_what_the_keys_say(scene: Scene) -> None:
    holding = scene.keep(scene.training, scene.disputes, locked=True)

    def read() -> dict[PurposeId, Dark | None]:
        return actions.readable(scene.tx, scene.vault, holding)

    assert read() == {scene.training: None, scene.disputes: None}
    scene.vault.destroy_grant(scene.tx, scene.grants[scene.training])
    assert read() == {scene.training: Dark(reason=DarkReason.GRANT_DESTROYED), scene.disputes: None}
    scene.vault.destroy_subject(scene.tx, scene.ada)
    assert read()[scene.disputes] == Dark(reason=DarkReason.SUBJECT_ERASED)


def test_erasing_a_person_changes_no_row_of_the_map(scene: Scene) -> None:
    holding = scene.keep(locked=True)
    before = actions.get(scene.tx, holding.id)
    scene.vault.destroy_subject(scene.tx, scene.ada)
    assert actions.get(scene.tx, holding.id) == before


# Holds


def test_only_the_held_slice_survives_erasure(scene: Scene) -> None:
    held, other = scene.keep(scene.disputes, locked=True), scene.keep(scene.disputes, locked=True)
    hold = scene.hold_of(Slice(holding=held.id, purpose=scene.disputes))
    scene.vault.destroy_subject(scene.tx, scene.ada)
    assert isinstance(scene.vault.unlock_held(scene.tx, hold=hold.id, holding=held.id), ContentKey)
    assert isinstance(scene.vault.unlock_held(scene.tx, hold=hold.id, holding=other.id), Dark)
    assert actions.to_dispose(scene.tx, scene.ada) == [other]
    past = actions.past_term(scene.tx, scene.last_day + timedelta(days=1))
    assert {id for _, each in past for id in each.holdings} == {held.id, other.id}
    lifted = holds.lift(scene.tx, scene.vault, scene.clock, hold.id, by=DPO)
    assert lifted.lifted_at == scene.clock.at
    assert scene.vault.unlock_held(scene.tx, hold=hold.id, holding=held.id) == Dark(reason=DarkReason.GRANT_DESTROYED)
    assert {each.id for each in actions.to_dispose(scene.tx, scene.ada)} == {held.id, other.id}


def test_a_hold_is_named_dated_owned_and_said(scene: Scene) -> None:
    holding = scene.keep(locked=True)
    hold = scene.hold_of(Slice(holding=holding.id, purpose=scene.training))
    assert holds.get(scene.tx, hold.id) == hold
    assert holds.standing(scene.tx) == holds.standing(scene.tx, [holding.id]) == [hold]
    assert holds.standing(scene.tx, [scene.keep().id]) == []
    for _ in range(2):
        holds.lift(scene.tx, scene.vault, scene.clock, hold.id, by=DPO)
    assert holds.standing(scene.tx) == []
    (placed,), (lifted,) = scene.said("hold_placed"), scene.said("hold_lifted")
    assert (placed["hold"], placed["reason"], placed["actor"]) == (str(hold.id), "legal_claims", str(DPO.id))
    assert placed["holdings"] == [str(holding.id)]
    assert lifted["hold"] == str(hold.id)
    with pytest.raises(NotFound):
        holds.lift(scene.tx, scene.vault, scene.clock, HoldId(new_id()), by=DPO)


def test_what_is_held_is_not_disposed_of(scene: Scene) -> None:
    holding = scene.keep(locked=True)
    hold = scene.hold_of(Slice(holding=holding.id, purpose=scene.training))
    with pytest.raises(Conflict):
        actions.dispose(scene.tx, scene.clock, [holding.id], by=DPO, confirmed=Disposal.BYTES_DELETED)
    holds.lift(scene.tx, scene.vault, scene.clock, hold.id, by=DPO)
    actions.dispose(scene.tx, scene.clock, [holding.id], by=DPO, confirmed=Disposal.BYTES_DELETED)


def test_a_hold_takes_only_what_can_still_be_read_for_its_purpose(scene: Scene) -> None:
    holding = scene.keep(scene.training, locked=True)
    with pytest.raises(Conflict):
        scene.hold_of(Slice(holding=holding.id, purpose=scene.disputes))
    with pytest.raises(NotFound):
        scene.hold_of(Slice(holding=HoldingId(new_id()), purpose=scene.training))
    scene.vault.destroy_grant(scene.tx, scene.grants[scene.training])
    with pytest.raises(Conflict):
        scene.hold_of(Slice(holding=holding.id, purpose=scene.training))
    gone = scene.keep(scene.disputes, locked=True)
    actions.dispose(scene.tx, scene.clock, [gone.id], by=DPO, confirmed=Disposal.BYTES_DELETED)
    with pytest.raises(Conflict):
        scene.hold_of(Slice(holding=gone.id, purpose=scene.disputes))
    assert holds.standing(scene.tx) == []


# At the same moment


@pytest.mark.parametrize("deed", ["attributed", "told of"])
def test_what_goes_while_somebody_waits_for_it_is_found_where_it_went(
    database: Database, controller: ControllerId, vault: Vault, clock: FixedClock, deed: str
) -> None:
    with database.transaction(controller) as tx:
        scene = Scene(tx, vault, clock)
        holding, bo = scene.keep(), subjects.identify(tx, vault, clock, [])

    def told_of(tx: Transaction) -> object:
        return lock_generations(tx, [holding.id])

    def attributed(tx: Transaction) -> object:
        tx.connection.execute("RESET ROLE; SET LOCAL session_replication_role = replica")
        return actions.attribute(tx, scene.call, of=scene.ada, to=bo)

    found = as_it_goes(database, controller, clock, holding.id, told_of if deed == "told of" else attributed)
    assert found == ({holding.id: 0} if deed == "told of" else 1)
    with database.transaction(controller) as tx:
        known = actions.get(tx, holding.id)
    assert known == replace(holding, disposed_at=clock.at, subject=scene.ada if deed == "told of" else bo)


@pytest.mark.parametrize("deed", ["another's", "nobody's"])
def test_what_another_system_lets_go_of_while_somebody_says_whose_it_is_is_theirs_where_it_went(
    database: Database, controller: ControllerId, vault: Vault, clock: FixedClock, deed: str
) -> None:
    with database.transaction(controller) as tx:
        ada, bo = (subjects.identify(tx, vault, clock, []) for _ in range(2))
        place = Place(system=SystemId(new_id()), row=Personal("row 7"))
        new = replace(new_foreign(ada, clock), place=place)
        actions.register(tx, vault, clock, [new])

    def another_s(tx: Transaction) -> object:
        return actions.reassign(tx, vault, clock, [new.id], to=bo, by=DPO)

    def nobody_s(tx: Transaction) -> object:
        return actions.unlink(tx, clock, [new.id], of=ada, by=DPO)

    assert as_it_goes(database, controller, clock, new.id, another_s if deed == "another's" else nobody_s) == 1
    with database.transaction(controller) as tx:
        known = actions.get(tx, new.id)
        assert (known.disposed_at, known.subject) == (clock.at, bo if deed == "another's" else ada)
        assert known.unlinked_at == (None if deed == "another's" else clock.at)
        assert actions.places(tx, vault, [known]) == {new.id: place}


def as_it_goes(
    database: Database,
    controller: ControllerId,
    clock: FixedClock,
    holding: HoldingId,
    beside: Callable[[Transaction], object],
) -> object:
    """What came of `beside`, which waited for the holding while it was moved to what is gone."""
    found: list[object] = []

    def wait() -> None:
        with database.transaction(controller) as tx:
            found.append(beside(tx))

    waiting = Thread(target=wait)
    with database.transaction(controller) as tx:
        actions.dispose(tx, clock, [holding], by=DPO, confirmed=Disposal.OTHER_SYSTEM_CONFIRMED)
        waiting.start()
        while not tx.connection.execute("SELECT FROM pg_locks WHERE NOT granted").fetchall():
            sleep(0.01)
    waiting.join()
    [came] = found
    return came


# Isolation and what the database forbids


def test_the_views_show_a_controller_its_own_rows(
    database: Database, controller: ControllerId, vault: Vault, clock: FixedClock
) -> None:
    with database.transaction(controller) as tx:
        scene = Scene(tx, vault, clock)
        holding = scene.keep(locked=True)
        scene.hold_of(Slice(holding=holding.id, purpose=scene.training))
    with database.transaction(ControllerId(new_id())) as stranger:
        for view in ("holdings_with_origins", "holds_with_slices"):
            query = psycopg.sql.SQL("SELECT count(*) AS n FROM {}").format(psycopg.sql.Identifier(view))
            row = stranger.connection.execute(query).fetchone()
            assert row is not None
            assert row["n"] == 0
    with database.transaction(controller) as tx:
        assert actions.of_subject(tx, scene.ada) == [holding]


def test_a_holding_of_nobody_is_refused(scene: Scene) -> None:
    scene.ada = SubjectId(new_id())
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        scene.keep()
