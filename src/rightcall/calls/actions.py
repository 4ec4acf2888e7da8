"""Calls as they happen: begun, joined, left, finished; and the trunks they come by."""

from rightcall.actors import PartyRole
from rightcall.calls.model import Call, NewTrunk, OwnedTrunk, Party, Trunk, TrunkId
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.ids import CallId, ControllerId, PartyId, SubjectId
from rightcall.vault.actions import Vault


def add_trunk(system_tx: Transaction, clock: Clock, controller: ControllerId, new: NewTrunk) -> Trunk:
    """In a system transaction, since no two controllers may claim the same source and number: Conflict says so."""
    raise NotImplementedError


def retire_trunk(system_tx: Transaction, clock: Clock, controller: ControllerId, trunk: TrunkId) -> None:
    """Calls by it are turned away from now on; its past calls keep pointing at it."""
    raise NotImplementedError


def trunks(tx: Transaction) -> list[Trunk]:
    raise NotImplementedError


def trunk(tx: Transaction, trunk: TrunkId) -> Trunk:
    raise NotImplementedError


def trunk_for(system_tx: Transaction, source_ip: str, called_user: str) -> OwnedTrunk | None:
    """A trunk for this number before one for any; the narrowest network before a wider. None: a stranger."""
    raise NotImplementedError


def group_of(tx: Transaction, vault: Vault, session_group: str) -> bytes:
    """The blind under which a recording client's session group is kept."""
    raise NotImplementedError


def begin(tx: Transaction, clock: Clock, *, trunk: TrunkId | None = None, group: bytes | None = None) -> Call:
    raise NotImplementedError


def join(tx: Transaction, clock: Clock, *, call: CallId, subject: SubjectId, role: PartyRole) -> Party:
    """Conflict where the call is over. Whoever joins again is a new party, and is asked anew."""
    raise NotImplementedError


def leave(tx: Transaction, clock: Clock, party: PartyId) -> Party:
    """Having left already is fine."""
    raise NotImplementedError


def finish(tx: Transaction, clock: Clock, call: CallId) -> Call:
    """Everybody leaves. Finished already is fine."""
    raise NotImplementedError


def get(tx: Transaction, call: CallId) -> Call:
    raise NotImplementedError


def party(tx: Transaction, party: PartyId) -> Party:
    raise NotImplementedError


def locked_party(tx: Transaction, party: PartyId) -> Party:
    """The party, and nobody else decides about it until this transaction ends."""
    raise NotImplementedError


def parties(tx: Transaction, call: CallId) -> list[Party]:
    """In the order they joined, those who left too."""
    raise NotImplementedError


def active(tx: Transaction, after: CallId | None = None, limit: int = 100) -> list[Call]:
    """Calls not finished, oldest first, beginning after `after`."""
    raise NotImplementedError


def every(tx: Transaction, after: CallId | None = None, limit: int = 100) -> list[Call]:
    raise NotImplementedError


def of_subject(tx: Transaction, subject: SubjectId) -> list[Party]:
    """Every part this subject took in any call, oldest first."""
    raise NotImplementedError


def same_group(tx: Transaction, group: bytes) -> list[CallId]:
    """The calls that are legs of one conversation, oldest first."""
    raise NotImplementedError
