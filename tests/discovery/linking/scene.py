"""A system with its findings, laid straight into their tables: records of what is said of one person each."""

from dataclasses import dataclass
from uuid import UUID

from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.discovery.linking.clues import clues
from rightcall.ids import SubjectId, SystemId, new_id
from rightcall.vault.actions import Vault

NAME, ADDRESS = "person_name", "postal_address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estate:
    tx: Transaction
    vault: Vault
    clock: Clock
    system: SystemId
    object: UUID

    def record(self, *fields: tuple[str, str]) -> UUID:
        """One row of the system."""
        return self.add(new_id(), *fields)

    def add(self, record: UUID, *fields: tuple[str, str]) -> UUID:
        """What a later scan finds in it besides."""
        for type, value in fields:
            found = clues(type, value, regions=("GB",))
            blinds = self.vault.blinds(self.tx, [(each.kind.context, each.value.reveal("test")) for each in found])
            self.tx.connection.execute(
                "INSERT INTO findings (controller, finding, system, object, record, mark, sealed_spot, type, category,"
                " confidence, why, clue_kinds, clues, first_scan, last_scan, first_seen_at)"
                " VALUES (%s, %s, %s, %s, %s, %s, '', %s, 'pd:UID', 1, 'test', %s, %s, %s, %s, now())",
                (
                    self.tx.of,
                    new_id(),
                    self.system,
                    self.object,
                    record,
                    new_id().bytes * 2,
                    type,
                    [each.kind.value for each in found],
                    blinds,
                    new_id(),
                    new_id(),
                ),
            )
        return record

    def gone(self, record: UUID, *types: str) -> None:
        """What a later scan does not find in it any more."""
        self.tx.connection.execute(
            "UPDATE findings SET gone_at = now() WHERE record = %s AND type = ANY(%s) AND gone_at IS NULL", (record, list(types))
        )

    def subject_of(self, record: UUID) -> SubjectId | None:
        rows = self.tx.connection.execute("SELECT DISTINCT subject FROM findings WHERE record = %s", (record,)).fetchall()
        assert len(rows) == 1
        return None if rows[0]["subject"] is None else SubjectId(rows[0]["subject"])


def estate(tx: Transaction, vault: Vault, clock: Clock, *, ours: bool = True) -> Estate:
    system, object = SystemId(new_id()), new_id()
    tx.connection.execute(
        "INSERT INTO systems (controller, system, name, kind, key, sealed_address, abilities, owner, owner_role, registered_at,"
        " checked_at, statement) VALUES (%s, %s, %s, 'folder', %s, '', '{find}', %s, 'engineer', now(), now(), %s)",
        (
            tx.of,
            system,
            f"crm-{''.join(filter(str.isalpha, str(system)))[:20]}x",
            new_id(),
            new_id(),
            new_id(),
        ),
    )
    tx.connection.execute(
        "INSERT INTO system_objects (controller, object, system, mark, sealed_name, first_seen_at)"
        " VALUES (%s, %s, %s, %s, '', now())",
        (tx.of, object, system, new_id().bytes * 2),
    )
    if ours:
        purpose = new_id()
        tx.connection.execute(
            "INSERT INTO purposes (controller, purpose, key, title, justification, lawful_basis, staff_basis, data_categories,"
            " may_use, term_days, dpv_purpose, on_withdrawal, created_at) VALUES (%s, %s, %s, 'Serve customers', 'test',"
            " 'contract', 'contract', '{contact}', '{}', 30, 'dpv:ServiceProvision', 'keep', now())",
            (tx.of, purpose, f"serve-{purpose}"),
        )
        tx.connection.execute(
            "INSERT INTO system_uses (controller, system, nth, objects, fields, purpose, term_from)"
            " VALUES (%s, %s, 1, '*', '*', %s, 'first_seen')",
            (tx.of, system, purpose),
        )
    return Estate(tx=tx, vault=vault, clock=clock, system=system, object=object)
