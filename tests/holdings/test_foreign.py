"""What other systems keep stands on the map with one statement a batch; where it lies dies with the person; the counters stay
true."""

import logging
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from rightcall.actors import SYSTEM
from rightcall.clock import day_of
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, Malformed, NotFound
from rightcall.holdings import actions
from rightcall.holdings.categories import Category, Sensitivity
from rightcall.holdings.foreign import rules
from rightcall.holdings.map import actions as data_map
from rightcall.holdings.map.model import Cell
from rightcall.holdings.model import Heard, HoldingKind, NewForeign, Provenance, Source, Term
from rightcall.holdings.places import Part, Place
from rightcall.holdings.rules import root_of
from rightcall.holdings.uses import actions as uses
from rightcall.holdings.uses.model import UseAct
from rightcall.holdings.uses.whys import actions as whys
from rightcall.holdings.uses.whys.model import Why
from rightcall.ids import HoldingId, ObjectId, PurposeId, SubjectId, SystemId, new_id
from rightcall.ledger.codec import read_leaf
from rightcall.personal import Personal
from rightcall.purposes.model import LawfulBasis
from rightcall.purposes.terms import vocabulary
from rightcall.reviews.rules import SPECIAL
from rightcall.subjects import actions as subjects
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark, DarkReason
from tests.conftest import FixedClock
from tests.holdings.test_actions import Scene

PLANTED = "row-of-ada-4470112233"


class Elsewhere(Scene):
    """Ada and Bo, and a CRM that keeps things about them."""

    def __init__(self, tx: Transaction, vault: Vault, clock: FixedClock) -> None:
        super().__init__(tx, vault, clock)
        self.bo: SubjectId = subjects.identify(tx, vault, clock, [])
        self.crm, self.customers = SystemId(new_id()), ObjectId(new_id())

    def new(
        self,
        *purposes: PurposeId,
        subject: SubjectId | None = None,
        category: Category = Category.TELEPHONE_NUMBER,
        sensitivity: Sensitivity | None = None,
        days: int | None = 30,
        derived_from: tuple[HoldingId, ...] = (),
        parts: tuple[Part, ...] = (),
    ) -> NewForeign:
        last_day = None if days is None else day_of(self.clock.at) + timedelta(days=days)
        return NewForeign(
            id=HoldingId(new_id()),
            subject=subject or self.ada,
            category=category,
            sensitivity=sensitivity,
            place=Place(system=self.crm, object=self.customers, field="phone", start=3, end=15, row=Personal(PLANTED)),
            terms=tuple(Term(purpose=each, last_day=last_day) for each in purposes),
            provenance=Provenance(
                source=Source.DERIVED if derived_from else Source.SCAN,
                actor=SYSTEM,
                at=self.clock.at,
                basis=None,
                derived_from=derived_from,
                parts=parts,
            ),
        )

    def register(self, *batch: NewForeign) -> None:
        actions.register(self.tx, self.vault, self.clock, batch)

    def cells(self) -> dict[tuple[SystemId | None, Category], Cell]:
        assert data_map.check(self.tx, self.clock, people=1) == []
        return {(cell.system, cell.category): cell for cell in data_map.look(self.tx, self.clock)}

    def about(self, cell: Cell) -> int | None:
        return data_map.people(self.tx, self.clock).about(cell)

    def told(self, kind: str) -> list[psycopg.rows.DictRow]:
        return self.tx.connection.execute(
            "SELECT statement, leaf FROM statements WHERE kind = %s ORDER BY appended", (kind,)
        ).fetchall()


@pytest.fixture
def scene(tx: Transaction, vault: Vault, clock: FixedClock) -> Elsewhere:
    return Elsewhere(tx, vault, clock)


def test_what_another_system_keeps_is_read_back_as_it_was_registered(scene: Elsewhere) -> None:
    new = scene.new()
    done = actions.register(scene.tx, scene.vault, scene.clock, [new])
    found = actions.get(scene.tx, new.id)
    assert (done.new, done.back, done.known, done.statement) == ((new.id,), (), 0, found.statement)
    assert (found.is_ours, found.category, found.sensitivity) == (False, Category.TELEPHONE_NUMBER, Sensitivity.ORDINARY)
    assert (found.terms, found.provenance, found.kind) == ((), new.provenance, HoldingKind.FIELD)
    assert found.place == replace(new.place, row=None)
    assert actions.places(scene.tx, scene.vault, [found]) == {new.id: new.place}
    assert actions.of_subject(scene.tx, scene.ada) == [found]


def test_purposes_and_terms_of_each_row_are_its_own(scene: Elsewhere) -> None:
    both = scene.new(scene.training, scene.disputes)
    one, none, undated = scene.new(scene.disputes, days=10), scene.new(), scene.new(scene.training, days=None)
    scene.register(both, one, none, undated)
    for each in (both, one, none, undated):
        assert actions.get(scene.tx, each.id).terms == each.terms


def test_rows_that_have_little_in_common_are_each_read_back(scene: Elsewhere) -> None:
    heard = Heard(turn=2, from_ms=10, until_ms=20)
    plain = scene.new(scene.training)
    batch = [
        plain,
        replace(scene.new(), mediatype='text/plain; name="a\\b,{c}"', place=Place(system=SystemId(new_id()), field="NULL")),
        replace(scene.new(), kind=HoldingKind.TEXT, call=scene.call, heard=heard, sensitivity=Sensitivity.MINOR),
        scene.new(category=Category.HEALTH, subject=scene.bo),
        replace(scene.new(), provenance=replace(plain.provenance, basis=LawfulBasis.CONTRACT, source=Source.IMPORT)),
        replace(scene.new(), provenance=replace(plain.provenance, at=scene.clock.at - timedelta(days=400))),
    ]
    scene.register(*batch)
    for new in batch:
        found = actions.get(scene.tx, new.id)
        assert (found.subject, found.kind, found.call, found.heard) == (new.subject, new.kind, new.call, new.heard)
        assert (found.mediatype, found.terms, found.provenance) == (new.mediatype, new.terms, new.provenance)
        assert (found.category, found.sensitivity) == (new.category, new.sensitivity or new.category.sensitivity)
        assert actions.places(scene.tx, scene.vault, [found]) == {new.id: new.place}


@pytest.mark.parametrize("column", ["subject", "statement"])
@pytest.mark.parametrize("gone", ["NULL", "now()"])
def test_no_row_comes_that_is_of_nobody_or_that_nobody_said(scene: Elsewhere, column: str, gone: str) -> None:
    new = scene.new()
    scene.register(new)
    columns = "controller, kind, purposes, last_days, made_at, mediatype, source, generation, actor, actor_role, object_key"
    columns += ", category, sensitivity, system"
    kept = "statement" if column == "subject" else "subject"
    statement = (
        f"INSERT INTO holdings ({columns}, {kept}, holding, {column}, gone_at) SELECT {columns}, {kept}, gen_random_uuid(), "
    )
    statement += f"gen_random_uuid(), {gone} FROM holdings WHERE holding = '{new.id}'"
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        scene.tx.connection.execute(statement)


@pytest.mark.parametrize("is_gone", [False, True])
def test_no_row_becomes_nobodys(scene: Elsewhere, is_gone: bool) -> None:
    new = scene.new()
    scene.register(new)
    if is_gone:
        actions.vanish(scene.tx, scene.clock, [new.id], by=SYSTEM)
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        scene.tx.connection.execute("UPDATE holdings SET subject = gen_random_uuid() WHERE holding = %s", (new.id,))


def test_registering_again_changes_nothing(scene: Elsewhere) -> None:
    first, second = scene.new(), scene.new()
    scene.register(first)
    done = actions.register(scene.tx, scene.vault, scene.clock, [first, second])
    assert (done.new, done.known) == ((second.id,), 1)
    again = actions.register(scene.tx, scene.vault, scene.clock, [first, second])
    assert (again.new, again.back, again.known, again.statement) == ((), (), 2, None)
    assert scene.cells()[scene.crm, Category.TELEPHONE_NUMBER].items == 2
    assert len(scene.told("holdings.registered")) == 2


def test_one_statement_proves_each_row_of_a_batch(scene: Elsewhere) -> None:
    batch = sorted((scene.new() for _ in range(5)), key=lambda each: each.id)
    scene.register(*reversed(batch))
    [said] = scene.told("holdings.registered")
    leaf = read_leaf(said["leaf"])
    rows = [actions.get(scene.tx, each.id) for each in batch]
    leaves = [rules.row_bytes(row.id, row.category, row.sensitivity, row.place) for row in rows]
    assert (leaf["count"], leaf["root"]) == (5, root_of(leaves).hex)
    assert root_of([*leaves[:4], b"another"]).hex != leaf["root"]
    assert str(scene.ada) not in str(leaf)


def test_what_vanished_is_gone_until_it_is_found_again(scene: Elsewhere) -> None:
    new = scene.new()
    scene.register(new, scene.new(subject=scene.bo))
    assert actions.vanish(scene.tx, scene.clock, [new.id, HoldingId(new_id())], by=SYSTEM) == 1
    assert actions.vanish(scene.tx, scene.clock, [new.id], by=SYSTEM) == 0
    assert actions.get(scene.tx, new.id).gone_at == scene.clock.at
    cell = scene.cells()[scene.crm, Category.TELEPHONE_NUMBER]
    assert (cell.items, scene.about(cell)) == (1, 1)
    done = actions.register(scene.tx, scene.vault, scene.clock, [new])
    assert (done.new, done.back, done.known) == ((), (new.id,), 0)
    assert actions.get(scene.tx, new.id).gone_at is None
    assert scene.about(scene.cells()[scene.crm, Category.TELEPHONE_NUMBER]) == 2


def test_where_it_lies_dies_with_the_person_and_stands_nowhere_in_the_clear(
    scene: Elsewhere, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    new = scene.new()
    scene.register(new)
    found = actions.get(scene.tx, new.id)
    row = scene.tx.connection.execute("SELECT h::text AS row FROM holdings h WHERE holding = %s", (new.id,)).fetchone()
    assert row is not None
    written = [
        repr(found),
        repr(new),
        row["row"],
        *(str(said["leaf"]) for said in scene.told("holdings.registered")),
        caplog.text,
    ]
    assert not [text for text in written if PLANTED in text or PLANTED.encode().hex() in text]
    scene.vault.destroy_subject(scene.tx, scene.ada)
    assert actions.places(scene.tx, scene.vault, [found]) == {new.id: Dark(reason=DarkReason.SUBJECT_ERASED)}
    with pytest.raises(Conflict, match="erased"):
        scene.register(scene.new())


def test_what_turned_out_to_be_anothers_is_theirs_with_its_place(scene: Elsewhere) -> None:
    new, other = scene.new(), scene.new(category=Category.NAME)
    scene.register(new, other)
    moved = actions.reassign(scene.tx, scene.vault, scene.clock, [new.id], to=scene.bo, by=SYSTEM)
    assert (moved, actions.reassign(scene.tx, scene.vault, scene.clock, [new.id], to=scene.bo, by=SYSTEM)) == (1, 0)
    found = actions.get(scene.tx, new.id)
    scene.vault.destroy_subject(scene.tx, scene.ada)
    assert (found.subject, actions.places(scene.tx, scene.vault, [found])) == (scene.bo, {new.id: new.place})
    assert {sort: scene.about(cell) for sort, cell in scene.cells().items()} == {
        (scene.crm, Category.TELEPHONE_NUMBER): 1,
        (scene.crm, Category.NAME): 1,
    }
    assert len(scene.told("holdings.reassigned")) == 1


def test_why_it_was_used_does_not_go_along_for_it_was_said_of_somebody_else(scene: Elsewhere) -> None:
    new, other = scene.new(scene.training), scene.new(scene.training, category=Category.NAME)
    scene.register(new, other)
    lines = [uses.used(scene.tx, scene.clock, each.id, scene.training, SYSTEM, UseAct.READ) for each in (new, other)]
    why = Why.of("Ada rang about her bill", None)
    whys.keep(scene.tx, scene.vault, scene.clock, [(each, scene.ada, why) for each in lines])
    actions.reassign(scene.tx, scene.vault, scene.clock, [new.id], to=scene.bo, by=SYSTEM)
    assert {each.subject for each in uses.of_statements(scene.tx, lines)} == {scene.ada, scene.bo}
    assert whys.of_uses(scene.tx, scene.vault, lines) == {lines[1]: why}


def test_what_is_ours_goes_by_its_call_and_never_so(scene: Elsewhere) -> None:
    ours = scene.keep()
    with pytest.raises(NotFound):
        actions.reassign(scene.tx, scene.vault, scene.clock, [ours.id], to=scene.bo, by=SYSTEM)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="no attribution"):
        scene.tx.connection.execute("UPDATE holdings SET subject = %s WHERE holding = %s", (scene.bo, ours.id))


def test_the_map_counts_items_and_people_by_system_and_sort(scene: Elsewhere) -> None:
    scene.keep()
    scene.keep()
    scene.register(
        *(scene.new(scene.training, days=-1) for _ in range(3)),
        scene.new(scene.training, subject=scene.bo),
        scene.new(subject=scene.bo),
        scene.new(category=Category.HEALTH),
    )
    cells = scene.cells()
    ours = cells[None, Category.VOICE_COMMUNICATION_RECORDING]
    assert (ours.items, ours.without_purpose, ours.past_term) == (2, 0, 0)
    phones = cells[scene.crm, Category.TELEPHONE_NUMBER]
    assert (phones.items, phones.without_purpose, phones.past_term) == (5, 1, 3)
    assert cells[scene.crm, Category.HEALTH].sensitivity is Sensitivity.SPECIAL_CATEGORY
    assert (scene.about(ours), scene.about(phones)) == (1, 2)
    scene.clock.at += timedelta(days=31)
    assert scene.cells()[scene.crm, Category.TELEPHONE_NUMBER].past_term == 4


def test_a_counter_that_lies_is_noticed(scene: Elsewhere) -> None:
    scene.register(scene.new())
    scene.tx.connection.execute("UPDATE holding_counts SET items = items + 1")
    [miscount] = data_map.check(scene.tx, scene.clock)
    assert miscount.counted is not None
    assert miscount.found is not None
    assert (miscount.counted.items, miscount.found.items) == (2, 1)


def test_it_may_be_made_from_a_part_of_what_we_keep(scene: Elsewhere) -> None:
    recording = scene.keep()
    part = Part(origin=recording.id, turn=14, from_ms=192_000)
    new = scene.new(derived_from=(recording.id,), parts=(part,))
    scene.register(new)
    assert actions.get(scene.tx, new.id).provenance.derived_from == (recording.id,)
    assert actions.made_from(scene.tx, recording.id) == [new.id]
    with pytest.raises(NotFound, match="not on the map"):
        scene.register(scene.new(derived_from=(HoldingId(new_id()),)))


def test_a_batch_is_of_one_actor_and_names_each_once(scene: Elsewhere) -> None:
    new = scene.new()
    with pytest.raises(Malformed, match="once"):
        scene.register(new, new)
    other = replace(new.provenance, actor=replace(SYSTEM, id=new_id()))
    with pytest.raises(Malformed, match="one actor"):
        scene.register(new, replace(new, id=HoldingId(new_id()), provenance=other))


@pytest.mark.parametrize(
    "change",
    ["purposes = '{}', last_days = '{}', kept_until = NULL", "basis = NULL", "object = gen_random_uuid()", "gone_at = now()"],
)
def test_what_we_keep_has_a_purpose_a_basis_and_a_term(scene: Elsewhere, database_url: str, change: str) -> None:
    ours = scene.keep()
    scene.tx.connection.execute("RESET ROLE")
    with pytest.raises(psycopg.errors.CheckViolation):
        scene.tx.connection.execute(f"UPDATE holdings SET {change} WHERE holding = '{ours.id}'")  # noqa: S608


def test_a_fields_name_that_may_tell_of_somebody_is_no_plain_name() -> None:
    """Whether several words are a head is told by words of heads (`discovery.findings.rules.plain_field`)."""
    with pytest.raises(Malformed, match="path"):
        Place(system=SystemId(new_id()), field="ada@byron.example")
    with pytest.raises(Malformed, match="path"):
        Place(system=SystemId(new_id()), field="tel_4470112233")


def test_every_category_of_the_vocabulary_is_known_and_no_other() -> None:
    assert {category.value for category in Category} - {"dpv:PersonalData"} == {
        f"pd:{name}" for name in vocabulary().personal_data
    }
    assert {category.value for category in Category if category.sensitivity is Sensitivity.SPECIAL_CATEGORY} >= SPECIAL
