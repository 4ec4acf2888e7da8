"""Knowing who someone is, without ever guessing: finding, adding, telling apart, forgetting."""

from collections.abc import Sequence

from rightcall.actors import Actor
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.ids import SubjectId
from rightcall.personal import Personal
from rightcall.subjects.model import Identifier, Subject
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark


def identify(
    tx: Transaction, vault: Vault, clock: Clock, identifiers: Sequence[Identifier], *, name: Personal[str] | None = None
) -> SubjectId:
    """The one subject whom these identifiers tell, else a new one. No identifiers (a withheld number): always a new one."""
    raise NotImplementedError


def find(tx: Transaction, vault: Vault, identifier: Identifier) -> list[SubjectId]:
    """Everyone known by it, oldest first."""
    raise NotImplementedError


def get(tx: Transaction, subject: SubjectId) -> Subject:
    raise NotImplementedError


def identifiers_of(tx: Transaction, vault: Vault, subject: SubjectId) -> list[Identifier] | Dark:
    raise NotImplementedError


def name_of(tx: Transaction, vault: Vault, subject: SubjectId) -> Personal[str] | Dark | None:
    raise NotImplementedError


def add_identifier(tx: Transaction, vault: Vault, clock: Clock, subject: SubjectId, identifier: Identifier) -> None:
    """Having it already is fine. Others may have it too: a number can be shared."""
    raise NotImplementedError


def split(
    tx: Transaction,
    vault: Vault,
    clock: Clock,
    subject: SubjectId,
    *,
    moved: Sequence[Identifier],
    shared: Sequence[Identifier] = (),
    by: Actor,
) -> SubjectId:
    """A second person out of one: `moved` identifiers go to the new subject, `shared` ones belong to both from now on."""
    raise NotImplementedError


def forget_identifiers(tx: Transaction, subject: SubjectId) -> int:
    """Deletes the blind rows and the sealed values, the name too, and says how many went."""
    raise NotImplementedError
