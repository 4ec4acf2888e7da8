"""A hold as tests need it: placed by the DPO, agreed to by a supervisor."""

from datetime import date

from rightcall.actors import Actor, Role
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.holds.model import Hold, HoldName, HoldReason, Slice
from rightcall.ids import new_id
from rightcall.vault.actions import Vault

OWNER = Actor(id=new_id(), role=Role.DPO)
SECOND = Actor(id=new_id(), role=Role.SUPERVISOR)


def held(
    tx: Transaction, vault: Vault, clock: Clock, *slices: Slice, until: date, name: str = "dispute-2026-114", by: Actor = OWNER
) -> Hold:
    """For a legal claim."""
    placed = holds.place(
        tx,
        vault,
        clock,
        name=HoldName(text=name),
        reason=HoldReason.LEGAL_CLAIMS,
        owner=by,
        until=until,
        slices=slices,
    )
    return holds.agree(tx, clock, placed.id, by=SECOND)
