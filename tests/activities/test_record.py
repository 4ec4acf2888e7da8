"""The record is read from what runs: it changes when that does, and says the same when it does not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from rightcall.activities import actions
from rightcall.activities.model import Capacity, Measures, Missing, NewRecipient, NewResponsible, RecipientKind, Record, Standing
from rightcall.activities.page import page
from rightcall.activities.rules import words_of
from rightcall.activities.table import table
from rightcall.actors import SYSTEM
from rightcall.canonical import parse_json
from rightcall.database.connection import Database, Transaction
from rightcall.discovery.model import Reason
from rightcall.discovery.ports import Ability
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import NewSystem, SystemName
from rightcall.errors import Malformed, NotFound
from rightcall.holdings import actions as holdings
from rightcall.holdings.categories import Category
from rightcall.holdings.map import actions as data_map
from rightcall.holdings.model import NewForeign, Provenance, Source, Term
from rightcall.holdings.places import Place
from rightcall.ids import ControllerId, HoldingId, ObjectId, PurposeId, RecipientId, SystemId, new_id
from rightcall.personal import Personal
from rightcall.policy.actions import load_rules
from rightcall.purposes import actions as purposes
from rightcall.subjects.actions import identify
from rightcall.vault.actions import Vault
from tests.cast import ADA_TEL
from tests.conftest import FixedClock
from tests.discovery.scans.fakes import FakeSource, site_of
from tests.purposes.examples import DPO, TRAINING, a_notice

MEASURES = Measures(
    key_service="a file of keys",
    epoch=1,
    epoch_days=7,
    database="PostgreSQL",
    objects="a folder",
    people={},
    tokens={},
    ledger_size=0,
)
RULES = load_rules()


def record(tx: Transaction, clock: FixedClock) -> Record:
    return actions.record(tx, clock, RULES, MEASURES)


@pytest.fixture
def purpose(tx: Transaction, clock: FixedClock) -> PurposeId:
    made = purposes.create_purpose(tx, clock, TRAINING, by=DPO).id
    purposes.publish_notice(tx, clock, a_notice(made), by=DPO)
    return made


@pytest.fixture
def crm(tx: Transaction, vault: Vault, clock: FixedClock) -> SystemId:
    new = NewSystem(name=SystemName(text="crm"), address=Personal("postgresql://someone:secret@crm/db"))
    return systems.register(tx, vault, clock, new, abilities=frozenset({Ability.FIND}), by=DPO).id


def hold(tx: Transaction, vault: Vault, clock: FixedClock, crm: SystemId, *purposes: PurposeId, people: int = 1) -> None:
    batch = [
        NewForeign(
            id=HoldingId(new_id()),
            subject=identify(tx, vault, clock, []),
            category=Category.TELEPHONE_NUMBER,
            place=Place(system=crm, object=ObjectId(new_id()), field="phone"),
            terms=tuple(Term(purpose=each, last_day=(clock.at + timedelta(days=30)).date()) for each in purposes),
            provenance=Provenance(source=Source.SCAN, actor=SYSTEM, at=clock.at, basis=None),
        )
        for _ in range(people)
    ]
    holdings.register(tx, vault, clock, batch)


def test_it_says_what_is_held_where_and_for_what(
    tx: Transaction, vault: Vault, clock: FixedClock, purpose: PurposeId, crm: SystemId
) -> None:
    hold(tx, vault, clock, crm, purpose, people=3)
    hold(tx, vault, clock, crm)
    made = record(tx, clock)
    (activity,) = made.activities
    (kept,) = activity.kept
    assert (kept.system, kept.category, kept.items, kept.people) == ("crm", "pd:TelephoneNumber", 3, 3)
    assert (activity.standing, activity.languages) == (Standing.RESTS, ("en",))
    assert [(each.system, each.items) for each in made.unpurposed] == [("crm", 1)]
    assert {gap.missing for gap in made.gaps} == {Missing.NO_DPO, Missing.NO_PURPOSE, Missing.NOT_KNOWN}
    assert [words_of(gap) for gap in made.gaps][-1] == "This record cannot tell all. crm was never scanned."
    assert "<code>rightcall activities add-responsible</code>" in page(made)


def test_what_is_nobodys_and_what_could_not_be_read_is_in_it(
    database: Database, controller: ControllerId, vault: Vault, clock: FixedClock
) -> None:
    source = FakeSource({"notes": f"Call {ADA_TEL}.", "secret_hr": Reason.NO_RIGHT})
    site = site_of(database, controller, vault, clock, source)
    site.scanned()
    with database.transaction(controller) as tx:
        made = record(tx, clock)
    [kept] = made.nobodys
    assert (kept.system, kept.category, kept.items, kept.people) == ("crm", "pd:TelephoneNumber", 1, 0)
    told = [words_of(gap) for gap in made.gaps]
    assert "Something is held that serves no purpose: crm." in told
    assert told[-1].endswith("1 finding in crm is linked to nobody, and on no map. 1 object of crm could not be read.")
    for shown in (page(made), table(made)):
        assert "1 object of crm could not be read." in shown
        assert "1 item of nobody that is known" in shown


def test_what_is_kept_is_the_same_in_any_slices(
    tx: Transaction, vault: Vault, clock: FixedClock, purpose: PurposeId, crm: SystemId
) -> None:
    hold(tx, vault, clock, crm, purpose, people=7)
    hold(tx, vault, clock, crm, people=2)
    whole = data_map.by_purpose(tx)
    assert sorted((each.items, each.people) for each in whole) == [(2, 2), (7, 7)]
    assert [data_map.by_purpose(tx, people=count) for count in (1, 2, 3)] == [whole] * 3


def test_an_ended_purpose_stays_while_anything_is_kept(
    tx: Transaction, vault: Vault, clock: FixedClock, purpose: PurposeId, crm: SystemId
) -> None:
    hold(tx, vault, clock, crm, purpose)
    purposes.end_purpose(tx, clock, purpose, by=DPO)
    (activity,) = record(tx, clock).activities
    assert activity.standing is Standing.ENDED
    assert Missing.HELD_AFTER_END in {gap.missing for gap in activity.gaps}


def test_the_same_state_has_the_same_fingerprint_and_another_has_another(
    tx: Transaction, clock: FixedClock, purpose: PurposeId
) -> None:
    before = record(tx, clock)
    clock.at += timedelta(minutes=5)
    longer = replace(MEASURES, ledger_size=7)
    assert actions.record(tx, clock, RULES, longer).digest == before.digest
    new = NewResponsible(capacity=Capacity.DPO, name="Privacy office", contact="dpo@x.example")
    made = actions.declare_responsible(tx, clock, new, by=DPO)
    after = record(tx, clock)
    assert after.digest != before.digest
    assert Missing.NO_DPO not in {gap.missing for gap in after.gaps}
    for _ in range(2):
        actions.end_responsible(tx, clock, made.id, by=DPO)
    leaves = [bytes(row["leaf"]) for row in tx.connection.execute("SELECT leaf FROM statements").fetchall()]
    assert [sum(f"activities.responsible_{what}".encode() in leaf for leaf in leaves) for what in ("declared", "ended")] == [1, 1]
    assert not any(b"Privacy office" in leaf for leaf in leaves)


def test_a_recipient_is_in_the_record_until_it_ends_and_its_name_never_in_the_ledger(
    tx: Transaction, clock: FixedClock, purpose: PurposeId
) -> None:
    new = NewRecipient(name="Cloud Speech Inc.", kind=RecipientKind.PROCESSOR, country="US", purposes=(purpose,))
    made = actions.declare_recipient(tx, clock, new, by=DPO)
    (activity,) = record(tx, clock).activities
    assert activity.transfers == (made,)
    assert {gap.missing for gap in activity.gaps} == {Missing.NO_SAFEGUARD}
    with pytest.raises(Malformed, match="declared already"):
        actions.declare_recipient(tx, clock, new, by=DPO)
    actions.end_recipient(tx, clock, made.id, by=DPO)
    assert actions.end_recipient(tx, clock, made.id, by=DPO).ended_at == clock.at
    (activity,) = record(tx, clock).activities
    assert activity.recipients == ()
    rows = tx.connection.execute(
        "SELECT leaf FROM statements WHERE controller = %s AND kind LIKE 'activities.%%'", (tx.of,)
    ).fetchall()
    leaves = [bytes(row["leaf"]) for row in rows]
    assert len(leaves) == 2
    assert not any(b"Cloud" in leaf for leaf in leaves)
    assert {leaf["recipient"] for leaf in map(parse_json, leaves) if isinstance(leaf, dict)} == {str(made.id)}


def test_what_is_not_there_is_said(tx: Transaction, clock: FixedClock) -> None:
    new = NewRecipient(name="Cloud", kind=RecipientKind.PROCESSOR, country="US", purposes=(PurposeId(new_id()),))
    with pytest.raises(NotFound):
        actions.declare_recipient(tx, clock, new, by=DPO)
    with pytest.raises(NotFound, match="List the recipients"):
        actions.end_recipient(tx, clock, RecipientId(new_id()), by=DPO)
