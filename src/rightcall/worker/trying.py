"""Trying a restored backup: is it what it should be? What was let go since must stay shut, and what is kept must open.

What is let go and what is kept is asked of the running system, never of the backup. The fence that a real restore has is put up
in the same way: keys that came back with the backup and are on the list of what was destroyed are destroyed again. Nothing here
writes to the running system; whoever calls it keeps what was found.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from rightcall.adapters.backup import Progress
from rightcall.adapters.destroyed import DestroyedList
from rightcall.clock import Clock
from rightcall.controllers import actions as controllers
from rightcall.copies import actions as copies
from rightcall.copies.model import Drill, DrillId, Fault
from rightcall.database.connection import Database
from rightcall.errors import Malformed, NotFound, Tampered
from rightcall.holdings import actions as holdings
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.model import Holding
from rightcall.holdings.ports import Objects
from rightcall.ids import ControllerId, HoldingId, SubjectId, new_id
from rightcall.vault.actions import Vault
from rightcall.vault.model import ContentKey, Dark, DarkReason
from rightcall.vault.sealing import SealedReader, content_context
from rightcall.worker.destroyed import destroy_again

_PAGE = 500
_READ = 1 << 16
_NEVER = Dark(reason=DarkReason.NEVER_GRANTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A database with what opens it: the running one, or the one that was restored."""

    database: Database
    vault: Vault
    objects: Objects
    clock: Clock


@dataclass(slots=True)
class _Tried:
    things: int = 0
    live: int = 0
    live_opened: int = 0
    gone: int = 0
    gone_opened: int = 0
    faults: set[Fault] = field(default_factory=set)


def try_restored(
    running: Side,
    restored: Side,
    *,
    lists: Iterable[DestroyedList],
    most: int,
    with_old: Vault | None = None,
    progress: Progress | None = None,
) -> Drill:
    """`lists`: of what was destroyed. `most`: so many things of each sort are tried for each controller, chosen by chance; of
    people all. `with_old`: a vault over an old backup of keys, which must open nothing. `progress`: told of each thing."""
    begun_at, looked_at, tell = running.clock.now(), 0, progress or (lambda *_: None)
    fenced = _fence(restored, lists)
    tried, faults = _Tried(), set[Fault]()
    for controller in _controllers(restored.database):
        _people(running, restored, controller, begun_at, tried)
        chosen = _chosen(running, restored, controller, most)
        tried.things += len(chosen)
        before, looked_at = looked_at, looked_at + len(chosen)
        for nth, holding in enumerate(chosen, before + 1):
            _try(running, restored, controller, holding, tried)
            tell("tried", nth, looked_at)
        if with_old is not None and any(_unlocks(replace(restored, vault=with_old), controller, each) for each in chosen):
            faults.add(Fault.OLD_KEYS_OPEN)
    with running.database.system() as tx:
        if copies.old_keys(tx, running.vault.epoch_number(tx)):
            faults.add(Fault.OLD_KEYS_KEPT)
    faults |= _faults_of(tried, running)
    return Drill(
        id=DrillId(new_id()),
        drilled_at=running.clock.now(),
        faults=tuple(sorted(faults)),
        live=tried.live,
        live_opened=tried.live_opened,
        gone=tried.gone,
        gone_opened=tried.gone_opened,
        fenced=fenced,
    )


def _faults_of(tried: _Tried, running: Side) -> set[Fault]:
    found = set(tried.faults)
    if tried.gone_opened:
        found.add(Fault.LET_GO_OPENS)
    if not tried.live and (tried.things or _keeps_bytes(running)):
        found.add(Fault.NOTHING_TRIED)
    return found


def what_opens(side: Side, id: HoldingId) -> str:
    """`opens: …`, or `dark: …` with the reason: the first purpose or hold that opens it will do. NotFound where nobody has it."""
    for controller in _controllers(side.database):
        with side.database.transaction(controller) as tx:
            try:
                found = holdings.get(tx, id)
            except NotFound:
                continue
        key = _key(side, controller, found)
        if isinstance(key, Dark):
            return f"dark: {key.reason.value}"
        reader = _reader(side, controller, found, key)
        return f"opens: {len(reader.read(0, reader.plain_length)):,} bytes in the clear"
    raise NotFound("There is no such holding in this backup. Give the id of one that was there when it was made.")


def _fence(restored: Side, lists: Iterable[DestroyedList]) -> int:
    """A list of the backup's epoch is there as long as its key. Without the key nothing opens, and nothing is to be fenced."""
    epoch = restored.vault.epoch(restored.database).key
    fitting = [each for each in lists if each.has(epoch)]
    return sum(destroy_again(restored.database, restored.vault, restored.clock, each.read()) for each in fitting)


def _try(running: Side, restored: Side, controller: ControllerId, holding: Holding, tried: _Tried) -> None:
    """What is kept must be readable, its bytes too; of what was let go not even the key may open."""
    if _unlocks(running, controller, holding):
        tried.live += 1
        fault = _fault_of(running, restored, controller, holding)
        if fault is None:
            tried.live_opened += 1
        else:
            tried.faults.add(fault)
    else:
        tried.gone += 1
        tried.gone_opened += _unlocks(restored, controller, holding)


def _fault_of(running: Side, restored: Side, controller: ControllerId, holding: Holding) -> Fault | None:
    """Of something that is kept: None where the backup brings it back. What to do depends on what is wrong."""
    if not _unlocks(restored, controller, holding):
        return Fault.LIVE_IS_DARK
    if _reads(restored, controller, holding):
        return None
    return Fault.LIVE_IS_DAMAGED if _reads(running, controller, holding) else Fault.LIVE_IS_LOST


def _unlocks(side: Side, controller: ControllerId, holding: Holding) -> bool:
    return not isinstance(_key(side, controller, holding), Dark)


def _key(side: Side, controller: ControllerId, holding: Holding) -> ContentKey | Dark:
    """By the first purpose or hold that opens it; else why the first that could once does not."""
    with side.database.transaction(controller) as tx:
        keys = list(side.vault.unlock_all(tx, [(holding.id, purpose) for purpose in holding.purposes]).values())
        keys += holds.unlock_each(tx, side.vault, side.clock, holding.id)
    dark = next((each for each in keys if each != _NEVER), _NEVER)
    return next((each for each in keys if not isinstance(each, Dark)), dark)


def _reads(side: Side, controller: ControllerId, holding: Holding) -> bool:
    """Its first bytes and its last are what was sealed."""
    key = _key(side, controller, holding)
    if isinstance(key, Dark):
        return False
    try:
        reader = _reader(side, controller, holding, key)
        reader.read(0, _READ)
        reader.read(max(0, reader.plain_length - _READ), _READ)
    except (NotFound, Malformed, Tampered):
        return False
    return True


def _reader(side: Side, controller: ControllerId, holding: Holding, key: ContentKey) -> SealedReader:
    return SealedReader(
        key.secret,
        content_context(controller, holding.id),
        lambda start, length: side.objects.get_range(holding.object_key, start, length),
        holding.sealed_length or 0,
        bool(holding.complete),
    )


def _controllers(database: Database) -> Sequence[ControllerId]:
    with database.system() as tx:
        return controllers.all_ids(tx)


def _keeps_bytes(side: Side) -> bool:
    """Whether there is anything whose bytes a backup could bring back."""
    for controller in _controllers(side.database):
        with side.database.transaction(controller) as tx:
            if holdings.readable_after(tx, None, 1):
                return True
    return False


def _people(running: Side, restored: Side, controller: ControllerId, begun_at: datetime, tried: _Tried) -> None:
    """All of them, by whether their key opens: an erased person has none. Keys that the fence itself made are nobody's."""
    for page in _subjects(restored, controller, begun_at):
        with running.database.transaction(controller) as tx:
            living = running.vault.living_among(tx, page)
        with restored.database.transaction(controller) as tx:
            back = restored.vault.living_among(tx, page)
        tried.gone += len(set(page) - living)
        tried.gone_opened += len(back - living)


def _subjects(side: Side, controller: ControllerId, made_before: datetime) -> Iterator[list[SubjectId]]:
    after: SubjectId | None = None
    while True:
        with side.database.transaction(controller) as tx:
            page = side.vault.subjects_after(tx, after, _PAGE, made_before=made_before)
        if not page:
            return
        yield page
        after = page[-1]


def _chosen(running: Side, restored: Side, controller: ControllerId, most: int) -> list[Holding]:
    """Of what the backup holds the bytes of: some that are kept in the running system, and some that were let go there."""
    live, gone = _Chosen(most), _Chosen(most)
    after: HoldingId | None = None
    while True:
        with restored.database.transaction(controller) as tx:
            page = holdings.readable_after(tx, after, _PAGE)
        if not page:
            break
        with running.database.transaction(controller) as tx:
            kept = running.vault.may_open_yet(tx, page) | holds.held_among(tx, page)
        for id in page:
            (live if id in kept else gone).offer(id)
        after = page[-1]
    with restored.database.transaction(controller) as tx:
        return [holdings.get(tx, id) for id in (*gone.chosen, *live.chosen)]


class _Chosen:
    """As many as wanted, each as likely as any other, however many are offered (Vitter, algorithm R)."""

    def __init__(self, most: int) -> None:
        self.chosen: list[HoldingId] = []
        self._most, self._offered = most, 0

    def offer(self, id: HoldingId) -> None:
        self._offered += 1
        if len(self.chosen) < self._most:
            self.chosen.append(id)
        elif (place := random.randrange(self._offered)) < self._most:  # noqa: S311 - a sample, no secret
            self.chosen[place] = id
