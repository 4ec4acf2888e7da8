"""Epochs: a new epoch key takes over, what lives is wrapped anew in batches, and the old key is destroyed.

Safe to kill anywhere and to run again, and safe beside deeds that are under way:
1. begin    the new key exists in the key service, then the old epoch is closing and the new one is current, in one transaction;
2. re-wrap  batch by batch, each its own transaction; what is read meanwhile opens under the one or the other epoch;
3. empty    once no open transaction can still write under the old epoch and nothing is under it, PostgreSQL's foreign keys agree
            that it wraps nothing; its seeds go with it;
4. destroy  the key service confirms that the key is gone, and only then is it written down as destroyed.
A key that was made and never recorded (a kill within 1) wraps nothing; the next turn destroys it.

A database restored from a backup may lack the epochs that came after it. `start(after_restore=True)` puts those keys down as
closing, with nothing under them, so that the next rotation destroys them too. A blind-index key that is dark finds nobody any
more, so it makes way for a new one.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from rightcall.clock import Clock
from rightcall.database.connection import Database, Transaction
from rightcall.errors import NotConfigured, StillWorking
from rightcall.ids import ControllerId, new_id
from rightcall.vault import keyring
from rightcall.vault.epochs import store
from rightcall.vault.keyring import KeptGrant, Ring
from rightcall.vault.model import Dark, DarkReason, Epoch, Rotation
from rightcall.vault.ports import KeyService
from rightcall.vault.rules import living
from rightcall.vault.wrapping import new_secret

BATCH = 500
_LOCK_SECONDS = 10
_PATIENCE = 100  # rounds without progress, a twentieth of a second apart
Progress = Callable[[int], None]
K = TypeVar("K")


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeper:
    """What the work on epochs needs at hand."""

    database: Database
    keys: KeyService
    clock: Clock


def family_name(family: UUID) -> str:
    return f"epoch-{family}"


def start(keeper: Keeper, *, after_restore: bool) -> None:
    """There is a current epoch whose key the service has; see `Vault.start`."""
    with keeper.database.system() as tx:
        name = family_name(store.family(tx, new_id()))
        store.lock_family(tx)
        known, there = store.epochs(tx), keeper.keys.names(name)
        current = next((epoch for epoch, state in known if state == "current"), None)
        if after_restore:
            for key in sorted(set(there) - {epoch.key for epoch, _ in known}):
                store.insert_epoch(tx, key, keeper.clock.now(), closed=True)
            for epoch in (epoch for epoch, _ in known if epoch.key not in there):
                store.forget_blind_keys(tx, epoch.number)
        if current is not None and current.key in there:
            return
        if current is not None and not after_restore:
            raise NotConfigured(
                "The key service does not have the key of the present epoch. If the key file was moved, or its disk is not "
                "mounted, put it back; or point Rightcall at the key service that this database was used with. If the database "
                "was put back from an old backup, use `rightcall restore`, into an empty one."
            )
        store.close_current_epoch(tx, keeper.clock.now())
        store.insert_epoch(tx, keeper.keys.create(name), keeper.clock.now())


def rotate(keeper: Keeper, *, batch: int = BATCH, progress: Progress | None = None) -> Rotation:
    """All four steps. Where an earlier rotation was cut off, its end; only then, at the next call, a new epoch."""
    begin(keeper)
    rewrapped, destroyed, lost = 0, [], []
    for epoch, state in _unfinished(keeper):
        if state == "closing":
            if epoch.key not in _names(keeper):
                lost.append(epoch.number)
                continue
            rewrapped += _empty(keeper, epoch, batch, progress or (lambda _: None))
        destroy(keeper, epoch)
        destroyed.append(epoch.number)
    with keeper.database.system() as tx:
        current = current_of(store.epochs(tx))
    return Rotation(epoch=current.number, rewrapped=rewrapped, destroyed=tuple(destroyed), lost=tuple(lost))


def begin(keeper: Keeper) -> None:
    """A new epoch becomes current, unless one is still closing."""
    with keeper.database.system() as tx:
        name = family_name(store.family(tx, new_id()))
        store.lock_family(tx)
        known = store.epochs(tx)
        current, there = current_of(known), _swept(keeper, name, known)
        if any(state == "emptied" or (state == "closing" and epoch.key in there) for epoch, state in known):
            return
        store.close_current_epoch(tx, keeper.clock.now())
        store.insert_epoch(tx, keeper.keys.create(current.key.rpartition(".")[0]), keeper.clock.now())


def _swept(keeper: Keeper, name: str, known: Sequence[tuple[Epoch, str]]) -> list[str]:
    """The keys that are there, without those that nobody recorded: whoever made one was killed before it wrapped anything. To be
    called with the family locked, so that none of them is being made just now."""
    there = keeper.keys.names(name)
    recorded = {epoch.key for epoch, _ in known}
    for key in there:
        if key not in recorded:
            keeper.keys.destroy(key)
    return [key for key in there if key in recorded]


def rewrap_batch(keeper: Keeper, epoch: Epoch, limit: int = BATCH) -> int:
    """Up to `limit` of each sort of key from this closing epoch to the current one; how many. 0 where none could be had."""
    done = 0
    for sort in (_subjects, _terms, _holds, _blind_keys, _grants):
        with keeper.database.system() as tx:
            done += sort(_Move(tx=tx, keeper=keeper, old=epoch, new=current(tx)), limit)
    return done


def empty(keeper: Keeper, epoch: Epoch) -> bool:
    """Marks the epoch as wrapping nothing, if that is so."""
    with keeper.database.system() as tx:
        store.give_up_waiting_after(tx, _LOCK_SECONDS)
        if not store.wait_for_writers_under(tx, epoch.number):
            return True
        if not store.is_empty(tx, epoch.number):
            return False
        store.delete_seeds(tx, epoch.number)
        store.empty_epoch(tx, epoch.number, keeper.clock.now())
        return True


def destroy(keeper: Keeper, epoch: Epoch) -> None:
    """The key of an emptied epoch, gone for good, and then written down as gone."""
    keeper.keys.destroy(epoch.key)
    with keeper.database.system() as tx:
        store.mark_destroyed(tx, epoch.number, keeper.clock.now())


def current_of(known: Sequence[tuple[Epoch, str]]) -> Epoch:
    for epoch, state in known:
        if state == "current":
            return epoch
    raise _none_yet()


def _none_yet() -> NotConfigured:
    return NotConfigured("The vault has no epoch yet. Start Rightcall with its key service once, then try again.")


def present(database: Database) -> Epoch:
    """The present epoch, for whoever has no key service at hand."""
    with database.system() as tx:
        return current_of(store.epochs(tx))


def begun_at(tx: Transaction) -> datetime:
    """Since when the present one runs."""
    return current_of(store.epochs(tx)).begun_at


def is_cut_off(keeper: Keeper) -> bool:
    """Whether a rotation was begun whose end is still to come: the key service has the old key beside the new one, or has it no
    more and nobody wrote that down."""
    there = _names(keeper)
    with keeper.database.system() as tx:
        return store.is_any_cut_off(tx, there)


def alone(keeper: Keeper) -> Epoch | None:
    """The current epoch, where every other one's key is gone from the key service."""
    there = _names(keeper)
    with keeper.database.system() as tx:
        known = store.epochs(tx)
    others = [epoch for epoch, state in known if state != "current" and epoch.key in there]
    return None if others else current_of(known)


def current(tx: Transaction) -> tuple[int, str]:
    """The number and the key's name of the epoch that new keys go under, as this transaction sees it."""
    found = store.current_epoch(tx)
    if found is None:
        raise _none_yet()
    return found


def seed(tx: Transaction, ring: Ring, keys: KeyService, controller: ControllerId, epoch: tuple[int, str]) -> bytes | Dark:
    """The controller's seed of that epoch; made on first use."""
    number, key = epoch
    kept = store.seed(tx, controller, number)
    if kept is None:
        blob = keys.wrap(key, new_secret(), keyring.seed_context(controller, number))
        store.insert_seed(tx, controller, number, blob)
        kept = store.seed(tx, controller, number)
    return Dark(reason=DarkReason.EPOCH_GONE) if kept is None else ring.seed(number, kept)


def _names(keeper: Keeper) -> list[str]:
    with keeper.database.system() as tx:
        name = family_name(store.family(tx, new_id()))
    return keeper.keys.names(name)


def _unfinished(keeper: Keeper) -> list[tuple[Epoch, str]]:
    with keeper.database.system() as tx:
        return [(epoch, state) for epoch, state in store.epochs(tx) if state in ("closing", "emptied")]


def _empty(keeper: Keeper, epoch: Epoch, batch: int, progress: Progress) -> int:
    rewrapped, idle = 0, 0
    while True:
        done = rewrap_batch(keeper, epoch, batch)
        rewrapped += done
        if done:
            idle = 0
            progress(rewrapped)
            continue
        if empty(keeper, epoch):
            return rewrapped
        idle += 1
        if idle > _PATIENCE:
            raise StillWorking(
                "Some keys are held by other work, so the old epoch is not over. Rotation goes on when called again."
            )
        time.sleep(0.05)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Move:
    """One transaction's worth of re-wrapping, from the old epoch to the new one."""

    tx: Transaction
    keeper: Keeper
    old: Epoch
    new: tuple[int, str]

    def over(self, blob: bytes, bound_to: bytes) -> bytes:
        secret = living(self.keeper.keys.unwrap(self.old.key, blob, bound_to))
        return self.keeper.keys.wrap(self.new[1], secret, bound_to)


def _subjects(move: _Move, limit: int) -> int:
    rows = store.subjects_under(move.tx, move.old.number, limit)
    return _moved(move, rows, keyring.subject_context, store.rewrap_subjects)


def _terms(move: _Move, limit: int) -> int:
    rows = store.terms_under(move.tx, move.old.number, limit)
    return _moved(move, rows, keyring.term_context, store.rewrap_terms)


def _holds(move: _Move, limit: int) -> int:
    rows = store.holds_under(move.tx, move.old.number, limit)
    return _moved(move, rows, keyring.hold_context, store.rewrap_holds)


def _moved(
    move: _Move,
    rows: Sequence[tuple[ControllerId, K, bytes]],
    bound_to: Callable[[ControllerId, K], bytes],
    rewrap: Callable[[Transaction, int, Sequence[tuple[ControllerId, K, bytes]]], None],
) -> int:
    moved = [(controller, key, move.over(blob, bound_to(controller, key))) for controller, key, blob in rows]
    if moved:
        rewrap(move.tx, move.new[0], moved)
    return len(moved)


def _blind_keys(move: _Move, limit: int) -> int:
    rows = store.blind_keys_under(move.tx, move.old.number, limit)
    moved = [(controller, move.over(blob, keyring.blind_context(controller))) for controller, blob in rows]
    if rows:
        store.rewrap_blind_keys(move.tx, move.new[0], moved)
    return len(rows)


def _grants(move: _Move, limit: int) -> int:
    """Grant keys stay the same keys; their wrap changes with the seed. Those that can never open again lose their bytes.

    Those that are withheld go along, under a wrap that is bound to it."""
    rows = store.grants_under(move.tx, move.old.number, limit)
    for controller in sorted({row.controller for row in rows}):
        ring = Ring(move.keeper.keys, controller)
        seed_key = living(seed(move.tx, ring, move.keeper.keys, controller, move.new))
        moved = {row.grant: _moved_grant(ring, row, seed_key) for row in rows if row.controller == controller}
        lives = [(controller, grant, blob) for grant, blob in moved.items() if blob is not None]
        buried = [(controller, grant) for grant, blob in moved.items() if blob is None]
        if lives:
            store.rewrap_grants(move.tx, move.new[0], lives)
        if buried:
            store.bury_grants(move.tx, buried, move.keeper.clock.now())
    return len(rows)


def _moved_grant(ring: Ring, row: KeptGrant, seed_key: bytes) -> bytes | None:
    """None for the grant of a person who was erased, or whose own key was lost with an older epoch."""
    if row.subject_key is None:
        return None
    grant, subject = ring.grant_though_withheld(row), ring.subject(row.subject, row.subject_key)
    if isinstance(grant, Dark) or isinstance(subject, Dark):
        return None
    return keyring.wrap_grant(subject, seed_key, grant, replace(row, withheld_wrap=row.withheld))
