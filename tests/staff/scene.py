"""Ada, who looks after accounts at her company, and what she signs in with."""

from dataclasses import dataclass
from datetime import timedelta

from rightcall.actors import SYSTEM, Role
from rightcall.database.connection import Transaction
from rightcall.personal import Personal
from rightcall.staff.members import actions as members
from rightcall.staff.members.model import Member, NewMember
from rightcall.staff.passkeys import actions as passkeys
from rightcall.staff.passkeys.model import Passkey
from rightcall.staff.sessions.model import Limits
from rightcall.vault.actions import Vault
from tests.conftest import FixedClock
from tests.staff.fakes import FakeAuthenticators

LIMITS = Limits(idle=timedelta(minutes=30), longest=timedelta(hours=10))
ADDRESS = "ada@energy.example"
CHALLENGE = b"c" * 32
DEVICES = FakeAuthenticators()


@dataclass(frozen=True, slots=True)
class House:
    """A controller with its people, in one transaction."""

    tx: Transaction
    vault: Vault
    clock: FixedClock

    def hire(self, role: Role = Role.ADMINISTRATOR, address: str | None = ADDRESS, name: str = "Ada Lind") -> Member:
        new = NewMember(role=role, name=Personal(name), address=None if address is None else Personal(address))
        return members.create(self.tx, self.vault, self.clock, new, by=SYSTEM)

    def add_passkey(self, member: Member, credential: str = "aa", label: str = "My phone") -> Passkey:
        return passkeys.add(
            self.tx,
            self.vault,
            self.clock,
            DEVICES,
            member=member.id,
            answer=f"{credential} {CHALLENGE.hex()} 1",
            challenge=CHALLENGE,
            label=Personal(label),
        )

    def statements(self) -> list[str]:
        rows = self.tx.connection.execute(
            "SELECT kind FROM statements WHERE controller = %s ORDER BY statement", (self.tx.of,)
        ).fetchall()
        return [row["kind"] for row in rows]
