"""Something on the map of another system as a scan found it, laid straight into its tables."""

from collections.abc import Sequence
from datetime import timedelta

from rightcall.actors import SYSTEM
from rightcall.clock import Clock, day_of
from rightcall.database.connection import Transaction
from rightcall.discovery.ports import Ability
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import NewSystem, SystemName
from rightcall.holdings import actions as holdings
from rightcall.holdings.categories import Category
from rightcall.holdings.model import NewForeign, Provenance, Source, Term
from rightcall.holdings.places import Place
from rightcall.ids import HoldingId, PurposeId, SystemId, new_id
from rightcall.personal import Personal
from rightcall.purposes import actions as purposes
from rightcall.subjects.actions import identify
from rightcall.vault.actions import Vault


def lies_in_crm(tx: Transaction, vault: Vault, clock: Clock, purpose: PurposeId, items: int) -> SystemId:
    """So many things of one person, kept for the purpose for as long as that says."""
    crm = NewSystem(name=SystemName(text="crm"), address=Personal("fake://crm"))
    system = systems.register(tx, vault, clock, crm, abilities=frozenset({Ability.FIND}), by=SYSTEM).id
    last_day = day_of(clock.now()) + timedelta(days=purposes.get(tx, purpose).term_days)
    ada = identify(tx, vault, clock, [])
    new = [
        NewForeign(
            id=HoldingId(new_id()),
            subject=ada,
            category=Category.TELEPHONE_NUMBER,
            place=Place(system=system, field="phone"),
            terms=(Term(purpose=purpose, last_day=last_day),),
            provenance=Provenance(source=Source.SCAN, actor=SYSTEM, at=clock.now(), basis=None),
        )
        for _ in range(items)
    ]
    holdings.register(tx, vault, clock, new)
    found_by_scan(tx, system, purpose, [each.id for each in new])
    return system


def found_by_scan(tx: Transaction, system: SystemId, purpose: PurposeId, there: Sequence[HoldingId]) -> None:
    """In a system that serves the purpose for as long as that says."""
    object = new_id()
    tx.connection.execute(
        "INSERT INTO system_uses (controller, system, nth, objects, fields, purpose, term_from)"
        " VALUES (%s, %s, 1, '*', '*', %s, 'first_seen')",
        (tx.of, system, purpose),
    )
    tx.connection.execute(
        "INSERT INTO system_objects (controller, object, system, mark, sealed_name, first_seen_at)"
        " VALUES (%s, %s, %s, %s, '', now())",
        (tx.of, object, system, new_id().bytes * 2),
    )
    tx.connection.execute(
        "INSERT INTO findings (controller, finding, system, object, record, mark, sealed_spot, type, category, confidence, why,"
        " clue_kinds, clues, first_scan, last_scan, first_seen_at, subject, holding)"
        " SELECT controller, holding, system, %s, holding, sha256(holding::text::bytea), '', 'phone', category, 1, 'test', '{}',"
        " '{}', holding, holding, made_at, subject, holding FROM holdings WHERE holding = ANY (%s)",
        (object, list(there)),
    )
