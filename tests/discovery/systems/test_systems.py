"""The register of systems: sealed, said in the ledger without words, and dark once one is retired."""

from dataclasses import replace
from typing import Any

import psycopg
import pytest

from rightcall.actors import Actor, Role
from rightcall.database.connection import Database, Transaction
from rightcall.discovery.ports import Ability
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import Change, Erases, NewSystem, OwnNumber, SystemName, SystemUse, TermFrom
from rightcall.discovery.systems.rules import declared, kind_of, use_of
from rightcall.errors import Conflict, Malformed, NotFound, RightcallError
from rightcall.ids import ControllerId, PurposeId, new_id
from rightcall.personal import Personal
from rightcall.subjects.model import Identifier, IdentifierKind
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark
from tests.conftest import FixedClock

BY = Actor(id=new_id(), role=Role.ENGINEER)
SECRET = "postgresql://reader:planted-secret@crm.example/sales"
FIND = frozenset({Ability.FIND})


def new(name: str = "crm", **more: Any) -> NewSystem:
    return replace(NewSystem(name=SystemName(text=name), address=Personal(SECRET)), **more)


@pytest.fixture
def purpose(tx: Transaction) -> PurposeId:
    purpose = PurposeId(new_id())
    tx.connection.execute(
        "INSERT INTO purposes (controller, purpose, key, title, justification, lawful_basis, staff_basis, data_categories,"
        " may_use, term_days, dpv_purpose, on_withdrawal, created_at) SELECT %s, %s, 'care', 'Care', 'Why', 'contract',"
        " 'contract', '{pd:TelephoneNumber}', '{}', 90, 'dpv:CustomerCare', 'keep', now()",
        (tx.of, purpose),
    )
    return purpose


def test_a_system_is_registered_and_found_by_name_and_its_address_is_sealed(
    tx: Transaction, vault: Vault, clock: FixedClock, purpose: PurposeId
) -> None:
    use = SystemUse(purpose=purpose, objects="customers", category="pd:TelephoneNumber", term_days=30)
    given = new(uses=(use,), regions=("DK",), numbers=(OwnNumber(name="case", expression="CASE-[0-9]+"),))
    made = systems.register(tx, vault, clock, given, abilities=FIND, by=BY)
    assert systems.get(tx, "crm") == systems.get(tx, made.id) == made
    assert (made.kind, made.uses, made.is_erasable) == ("postgresql", (use,), False)
    assert systems.address_of(tx, vault, made) == Personal(SECRET)
    for table in ("systems", "system_uses", "system_patterns", "statements"):
        rows = tx.connection.execute(psycopg.sql.SQL("SELECT * FROM {}").format(psycopg.sql.Identifier(table))).fetchall()
        assert rows
        assert "planted" not in repr(rows)
        assert b"planted" not in b"".join(value for row in rows for value in row.values() if isinstance(value, bytes))
    with pytest.raises(Conflict, match="of that name"):
        systems.register(tx, vault, clock, new(), abilities=FIND, by=BY)


def test_what_is_said_anew_holds_from_then_on_and_the_rest_stays(
    tx: Transaction, vault: Vault, clock: FixedClock, purpose: PurposeId
) -> None:
    made = systems.register(tx, vault, clock, new(regions=("DK",)), abilities=FIND, by=BY)
    both = frozenset({Ability.FIND, Ability.ERASE, Ability.CONFIRM})
    change = Change(address=Personal("mariadb://other"), uses=(SystemUse(purpose=purpose),), erases=Erases.PARTS)
    systems.checked(tx, vault, clock, made, change, abilities=both, by=BY)
    now = systems.get(tx, made.id)
    assert (now.abilities, now.regions, now.uses, now.is_erasable) == (both, ("DK",), change.uses, True)
    assert systems.address_of(tx, vault, now) == Personal("mariadb://other")


def test_nothing_is_erasable_unless_it_was_wished_and_can_be_looked_at_again(
    tx: Transaction, vault: Vault, clock: FixedClock
) -> None:
    both = frozenset({Ability.FIND, Ability.ERASE, Ability.CONFIRM})
    read_only = systems.register(tx, vault, clock, new(), abilities=both, by=BY)
    assert (read_only.abilities, read_only.is_erasable) == (both - {Ability.ERASE}, False)
    for lacks in (FIND, FIND | {Ability.CONFIRM}, FIND | {Ability.ERASE}):
        with pytest.raises(Malformed, match=r"cannot (confirm|erase|confirm or erase), so nothing can be let go"):
            systems.register(tx, vault, clock, new("crm-2", erases=Erases.PARTS), abilities=lacks, by=BY)
    with pytest.raises(Malformed, match="may be erased in"):
        new("crm-2", writing=Personal("elsewhere"))


def test_how_to_get_in_to_erase_may_be_another_way_and_goes_with_the_wish(
    tx: Transaction, vault: Vault, clock: FixedClock
) -> None:
    both = frozenset({Ability.FIND, Ability.ERASE, Ability.CONFIRM})
    apart = Personal("postgresql://eraser:planted-secret@crm.example/sales")
    made = systems.register(tx, vault, clock, new(erases=Erases.PARTS, writing=apart), abilities=both, by=BY)
    assert systems.address_for_erasing(tx, vault, made) == apart
    assert systems.address_of(tx, vault, made) == Personal(SECRET)
    assert b"planted" not in bytes(tx.connection.execute("SELECT sealed_writing AS s FROM systems").fetchall()[0]["s"])
    whole = systems.checked(tx, vault, clock, made, Change(erases=Erases.WHOLE), abilities=both, by=BY)
    assert systems.address_for_erasing(tx, vault, whole) == apart
    with pytest.raises(Malformed, match="cannot erase"):
        systems.checked(tx, vault, clock, whole, Change(), abilities=both - {Ability.ERASE}, by=BY)
    back = systems.checked(tx, vault, clock, whole, Change(read_only=True), abilities=both, by=BY)
    assert not systems.get(tx, made.id).is_erasable
    assert systems.address_for_erasing(tx, vault, back) == Personal(SECRET)
    again = systems.checked(tx, vault, clock, back, Change(erases=Erases.PARTS, writing=apart), abilities=both, by=BY)
    systems.retire(tx, vault, clock, again, by=BY)
    assert systems.get(tx, made.id).erases is None


def test_a_retired_system_is_dark_and_stays_so(tx: Transaction, vault: Vault, clock: FixedClock) -> None:
    made = systems.register(tx, vault, clock, new(), abilities=FIND, by=BY)
    sealed = vault.seal_value(tx, made.key, b"anything of it", "place")
    retired = systems.retire(tx, vault, clock, made, by=BY)
    assert isinstance(vault.open_value(tx, made.key, sealed, "place"), Dark)
    assert systems.get(tx, "crm") == retired
    systems.retire(tx, vault, clock, retired, by=BY)
    with pytest.raises(Conflict, match="retired"):
        systems.address_of(tx, vault, retired)
    with pytest.raises(Conflict, match="retired"):
        systems.checked(tx, vault, clock, retired, Change(), abilities=FIND, by=BY)
    with pytest.raises(Conflict, match="such as crm-2"):
        systems.register(tx, vault, clock, new(), abilities=FIND, by=BY)
    kinds = [row["kind"] for row in tx.connection.execute("SELECT kind FROM statements WHERE kind LIKE 'discovery%'").fetchall()]
    assert kinds == ["discovery.system_registered", "discovery.system_retired"]


def test_a_rotation_carries_the_key_along(database: Database, vault: Vault, clock: FixedClock, controller: ControllerId) -> None:
    with database.transaction(controller) as tx:
        made = systems.register(tx, vault, clock, new(), abilities=FIND, by=BY)
    vault.rotate(database)
    with database.transaction(controller) as tx:
        assert systems.address_of(tx, vault, made) == Personal(SECRET)


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"regions": ("dk",)}, Malformed),
        ({"uses": (SystemUse(purpose=PurposeId(new_id())),)}, NotFound),
        ({"numbers": (OwnNumber(name="case", expression="("),)}, Malformed),
        ({"numbers": (OwnNumber(name="a", expression="x"), OwnNumber(name="a", expression="y"))}, Malformed),
    ],
)
def test_what_is_not_known_is_a_mistake(
    tx: Transaction, vault: Vault, clock: FixedClock, more: dict[str, Any], error: type[RightcallError]
) -> None:
    with pytest.raises(error):
        systems.register(tx, vault, clock, new(**more), abilities=FIND, by=BY)


def test_a_category_that_the_vocabulary_does_not_have_is_a_mistake(
    tx: Transaction, vault: Vault, clock: FixedClock, purpose: PurposeId
) -> None:
    use = SystemUse(purpose=purpose, category="pd:PhoneNumbre")
    with pytest.raises(Malformed, match="TelephoneNumber"):
        systems.register(tx, vault, clock, new(uses=(use,)), abilities=FIND, by=BY)


@pytest.mark.parametrize("name", ["CRM", "a", "crm--old", "tel-4532123456", "ada lovelace"])
def test_a_name_is_a_reference_and_never_a_person(name: str) -> None:
    with pytest.raises(Malformed, match="reference"):
        SystemName(text=name)


@pytest.mark.parametrize(
    "wrong",
    [
        {"objects": "a\nb"},
        {"fields": ""},
        {"category": "phone"},
        {"term_from": TermFrom.FIELD},
        {"term_field": "created_at"},
        {"term_from": TermFrom.FIELD, "term_field": "a;b"},
        {"term_days": 0},
    ],
)
def test_a_use_that_says_nothing_clear_is_a_mistake(wrong: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        SystemUse(purpose=PurposeId(new_id()), **wrong)


def test_the_first_use_that_fits_says_what_a_place_is_for() -> None:
    care, sales, other = (PurposeId(new_id()) for _ in range(3))
    uses = (
        SystemUse(purpose=care, objects="cust*", fields="phone", category="pd:TelephoneNumber"),
        SystemUse(purpose=sales, objects="cust*"),
        SystemUse(purpose=other, objects="mail/*.eml", fields="*"),
    )

    def found(object: str, field: str | None, category: str = "pd:TelephoneNumber") -> PurposeId | None:
        use = use_of(uses, "folder", object=object, field=field, category=category)
        return None if use is None else use.purpose

    assert found("customers", "phone") == care
    assert found("customers", "phone", "pd:Name") == sales
    assert found("customers", None) == sales
    assert found("mail/a/b.eml", None) == other
    assert found("invoices", "phone") is None


def test_a_number_of_ones_own_is_spelt_as_its_form_has_it(tx: Transaction, vault: Vault, clock: FixedClock) -> None:
    number = OwnNumber(name="customer_id", expression="LR-[0-9]{6}")
    systems.register(tx, vault, clock, new(numbers=(number,)), abilities=FIND, by=BY)
    for given, spelt in (("lr-448007", ["lr-448007", "LR-448007"]), ("LR-448007", ["LR-448007"]), ("x-1", ["x-1"])):
        identifier = Identifier(kind=IdentifierKind.CUSTOMER_ID, value=Personal(given))
        assert [each.value.reveal("test") for each in systems.spelt(tx, identifier)] == spelt
    assert len(systems.spelt(tx, Identifier(kind=IdentifierKind.EMAIL, value=Personal("lr-448007@x.example")))) == 1


def test_erasing_counts_only_where_it_can_be_looked_for_again() -> None:
    assert declared({Ability.FIND, Ability.ERASE}) == {Ability.FIND}
    assert declared(Ability) == frozenset(Ability)


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/srv/share", "folder"),
        ("file:///srv", "folder"),
        ("postgres://u:p@h/d", "postgresql"),
        ("postgresql+psycopg://h", "postgresql"),
        ("mysql://h", "mariadb"),
        ("s3://bucket", "s3"),
        ("a:b@c://d", "folder"),
    ],
)
def test_the_kind_is_told_by_the_scheme_alone(address: str, kind: str) -> None:
    assert kind_of(address) == kind
