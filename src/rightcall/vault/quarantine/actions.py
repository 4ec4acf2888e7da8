"""Quarantine: a grant key whose yes was found void is there, and opens for nobody (docs/adr/0012).

The state is in the grant key's row, which every opening reads, so what is kept on it, and what was made from that, is shut in the
transaction that says so, whatever the volume. The wrap is made anew, bound to the state: whoever clears the row by hand does not
open it, but is found out. Where the key service is away the row alone says it, and the next turn of the epoch binds the wrap.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, KeysGone, NotConfigured, NotFound
from rightcall.ids import GrantId, HoldingId, PurposeId, StatementId
from rightcall.vault import keyring, store
from rightcall.vault.epochs import actions as epochs
from rightcall.vault.keyring import KeptGrant, Ring
from rightcall.vault.model import Dark, DarkReason, Withheld, WithheldWhy
from rightcall.vault.ports import KeyService
from rightcall.vault.quarantine import store as quarantine
from rightcall.vault.rules import refusal


def withhold(
    tx: Transaction, keys: KeyService, grant: GrantId, *, why: WithheldWhy, statement: StatementId, at: datetime
) -> bool:
    """True where this shut it; False where it was shut before, or can never open again anyway."""
    row = _held(tx, grant)
    if row.withheld or row.blob is None or row.subject_key is None:
        return False
    quarantine.withhold_grant(tx, grant, why, statement, at)
    with suppress(KeysGone, NotConfigured):  # the row shuts it already, and the next epoch binds the wrap
        _wrap_anew(tx, keys, replace(row, withheld=True), withheld_wrap=True)
    return True


def release(tx: Transaction, keys: KeyService, grant: GrantId) -> None:
    """It opens again, for whoever may. Conflict where it was not withheld, or can never open again."""
    row = _held(tx, grant)
    if not row.withheld:
        raise Conflict("This grant is not in quarantine, so there is nothing to release.")
    dark = _wrap_anew(tx, keys, row, withheld_wrap=False)
    if dark is not None:
        raise refusal(dark)
    quarantine.clear_grant(tx, grant)


def withheld(tx: Transaction, grants: Sequence[GrantId] | None = None) -> dict[GrantId, Withheld]:
    """Which of these are in quarantine, or all that are. Needs no key."""
    return {} if grants is not None and not grants else quarantine.withheld(tx, grants)


def shut(tx: Transaction, grants: Sequence[GrantId]) -> set[GrantId]:
    """Which of these can no longer have anything kept on them: in quarantine now, or let go of out of it."""
    return quarantine.shut(tx, grants) if grants else set()


def withheld_for(tx: Transaction, holding: HoldingId) -> dict[PurposeId, GrantId]:
    """The purposes of a holding that a quarantine shuts, each with a grant that is withheld, or was let go of out of it: a copy
    in another system has no lock of ours that goes with it."""
    return quarantine.withheld_for(tx, holding)


def bind_origins(tx: Transaction, holding: HoldingId, *, purposes: Sequence[PurposeId], origins: Sequence[HoldingId]) -> None:
    """What was made from others opens only while they could. Before anybody is told that it is there."""
    quarantine.insert_origin_grants(tx, holding, purposes, origins)


def _held(tx: Transaction, grant: GrantId) -> KeptGrant:
    quarantine.hold_grant(tx, grant)
    found = store.grants(tx, [grant]).get(grant)
    if found is None:
        raise NotFound("There is no such grant here.")
    return found


def _wrap_anew(tx: Transaction, keys: KeyService, row: KeptGrant, *, withheld_wrap: bool) -> Dark | None:
    """Under the present epoch, bound to the state or to none. Dark where the key can never be had again: then nothing changes."""
    ring, current = Ring(keys, tx.of), epochs.current(tx)
    seed, key = epochs.seed(tx, ring, keys, tx.of, current), ring.grant_though_withheld(row)
    if isinstance(key, Dark) or row.subject_key is None:
        return key if isinstance(key, Dark) else Dark(reason=DarkReason.SUBJECT_ERASED)
    subject = ring.subject(row.subject, row.subject_key)
    if isinstance(subject, Dark) or isinstance(seed, Dark):
        return subject if isinstance(subject, Dark) else Dark(reason=DarkReason.EPOCH_GONE)
    new = replace(row, epoch=current[0], withheld_wrap=withheld_wrap)
    store.move_grant(tx, new, keyring.wrap_grant(subject, seed, key, new))
    return None
