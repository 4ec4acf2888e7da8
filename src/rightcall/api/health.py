"""Is it well? Each part answers for itself; one that does not makes the whole a 503."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field

from rightcall.adapters.control.model import RecorderRole
from rightcall.adapters.control.registry import alive
from rightcall.adapters.restarts import read_restarts
from rightcall.api.door import house_of
from rightcall.api.forms import Shape
from rightcall.api.procedures import EscalationShape, escalated
from rightcall.copies import actions as copies
from rightcall.copies.model import FAULT_IN_WORDS, Fault
from rightcall.database.connection import Transaction
from rightcall.errors import Breach, ObjectsGone, Outage
from rightcall.house import House
from rightcall.ledger import actions as ledger
from rightcall.policy.in_force import unreadable_houses
from rightcall.procedures import actions as procedures
from rightcall.procedures.model import Outcome, State
from rightcall.telemetry import metrics
from rightcall.vault.model import Dark

router = APIRouter(tags=["health"])
_log = logging.getLogger(__name__)
_MOST_WAITING = 100_000
_NO_OBJECTS = "Work waits for the object store: it does not take or give bytes. Check its disk, its space and its address."
_NO_KEY = "The key service does not have the key of the present epoch: nothing opens. Give it back the keys that were used here."
_OVERDUE = "A drill of the newest backup is overdue: `rightcall drill` makes one. The worker's log says why it does not."


class Condition(StrEnum):
    WELL = "well"
    AWAY = "away"
    BEHIND = "behind"
    UNWELL = "unwell"
    DEGRADED = "degraded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """How it is with what makes nothing a 503, and why."""

    condition: Condition = Condition.WELL
    why: tuple[str, ...] = ()


class WorkShape(Shape):
    """Procedures under way, of all controllers, the oldest of them begun at `oldest_at`. `escalations`: what needs a person.
    `schedules_failed`: what is done by the clock and failed last time."""

    running: int = 0
    waiting: int = 0
    failed: int = 0
    oldest_at: datetime | None = None
    escalations: list[EscalationShape] = Field(default=[])
    schedules_failed: list[str] = Field(default=[])


class HealthShape(Shape):
    """`recorder`, `signalling`, `worker`: whether a process that receives sound, one that takes calls, one that does the durable
    work was seen within the last seconds, wherever it runs. `recorders` and `workers`: how many receive sound, and do that work.
    `waiting`: statements that have no place in the ledger yet. `rules`: unwell where a controller's adopted house rules cannot be
    read; there nothing is right until others are adopted. `houses_unread`: of how many controllers. `drill`: unwell where the
    last drill of a backup failed, behind where one is overdue. `key_backups`: unwell where keys from an earlier epoch are not
    confirmed gone. These two make nothing a 503: a machine that is taken out for them would take no withdrawals.
    `degraded`, with 200: every other part is well, and a person has to look. `why`: at what, in plain words; never about whom."""

    status: Condition
    database: Condition
    keys: Condition
    recorder: Condition
    signalling: Condition
    worker: Condition
    ledger: Condition
    rules: Condition
    drill: Condition
    key_backups: Condition
    recorders: int
    workers: int
    waiting: int
    houses_unread: int
    work: WorkShape
    why: list[str] = Field(default=[])


@router.get("/health", responses={503: {"model": HealthShape, "description": "A part is not well."}})
def health(request: Request, response: Response) -> HealthShape:
    """200 where every part is well, though a person may have to look, else 503; the body says which is not."""
    found = _look(house_of(request))
    for part in ("database", "keys", "recorder", "signalling", "worker", "ledger", "rules", "drill", "key_backups"):
        metrics().up.labels(part=part).set(getattr(found, part) is Condition.WELL)
    response.status_code = 200 if found.status in (Condition.WELL, Condition.DEGRADED) else 503
    return found


def _look(house: House) -> HealthShape:
    keys, restarts = _keys(house), [each.says for each in read_restarts(house.settings.data)]
    try:
        with house.database.system() as tx:
            recorders = len(alive(tx, RecorderRole.MEDIA))
            signalling = len(alive(tx, RecorderRole.SIGNALLING))
            workers = len(procedures.living_workers(tx))
            waiting = ledger.waiting(tx)
            unread = len(unreadable_houses(tx, house.clock, house.rules))
            work, away = _work(tx), _away(tx)
            drilled, key_backups = _drill(tx, house), _key_backups(tx, house)
    except Outage as error:
        _log.warning("health: %s", error)
        return _unseen(keys.condition, restarts)
    parts = {
        "database": Condition.WELL,
        "keys": keys.condition,
        "recorder": Condition.WELL if recorders else Condition.AWAY,
        "signalling": Condition.WELL if signalling else Condition.AWAY,
        "worker": Condition.WELL if workers else Condition.AWAY,
        "ledger": Condition.WELL if waiting < _MOST_WAITING else Condition.BEHIND,
        "rules": Condition.UNWELL if unread else Condition.WELL,
    }
    why = [*keys.why, *drilled.why, *key_backups.why, *_why_of(work), *away, *house.settings.doubts, *restarts]
    else_well = Condition.DEGRADED if why else Condition.WELL
    worst = next((part for part in parts.values() if part is not Condition.WELL), else_well)
    return HealthShape(
        status=worst,
        recorders=recorders,
        workers=workers,
        waiting=waiting,
        houses_unread=unread,
        work=work,
        drill=drilled.condition,
        key_backups=key_backups.condition,
        why=why,
        **parts,
    )


def _unseen(keys: Condition, restarts: Sequence[str]) -> HealthShape:
    """All that is known while the database does not answer."""
    rest = ("status", "database", "recorder", "signalling", "worker", "ledger", "rules", "drill", "key_backups")
    away = dict.fromkeys(rest, Condition.AWAY)
    why = ["The database does not answer, so nothing else is known.", *restarts]
    return HealthShape(keys=keys, recorders=0, workers=0, waiting=0, houses_unread=0, work=WorkShape(), why=why, **away)


def _work(tx: Transaction) -> WorkShape:
    standing = procedures.standing(tx)
    number = {state: each.number for state, each in standing.items()}
    return WorkShape(
        running=number.get(State.RUNNING, 0),
        waiting=number.get(State.WAITING, 0),
        failed=number.get(State.FAILED, 0),
        oldest_at=min((each.oldest_at for each in standing.values()), default=None),
        escalations=escalated(tx).items,
        schedules_failed=sorted(name for name, run in procedures.runs(tx).items() if run.outcome is Outcome.FAILED),
    )


def _away(tx: Transaction) -> list[str]:
    """What work waits for, of what has no part of its own here."""
    return [_NO_OBJECTS] if ObjectsGone.__name__ in procedures.waiting_for(tx) else []


def _why_of(work: WorkShape) -> list[str]:
    failed = [f"What is done by the clock failed last time: {name}." for name in work.schedules_failed]
    return [*(f"{each.number:,}: {each.says}" for each in work.escalations), *failed]


def _drill(tx: Transaction, house: House) -> Beside:
    """Where no folder of backups is set, none is overdue."""
    last = copies.newest_drilled(tx)
    if last is not None and last.faults:
        return Beside(condition=Condition.UNWELL, why=tuple(FAULT_IN_WORDS[fault] for fault in last.faults))
    overdue = house.clock.now() - timedelta(days=house.settings.drill_every_days + 1)
    is_overdue = house.settings.backups is not None and (last is None or last.drilled_at < overdue)
    return Beside(condition=Condition.BEHIND, why=(_OVERDUE,)) if is_overdue else Beside()


def _key_backups(tx: Transaction, house: House) -> Beside:
    is_old = copies.old_keys(tx, house.vault.epoch_number(tx)) > 0
    return Beside(condition=Condition.UNWELL, why=(FAULT_IN_WORDS[Fault.OLD_KEYS_KEPT],)) if is_old else Beside()


def _keys(house: House) -> Beside:
    """The key service opens a secret that it wraps, under the present epoch's key."""
    try:
        key = house.vault.epoch(house.database).key
        opened = house.keys.unwrap(key, house.keys.wrap(key, bytes(32), b"health"), b"health")
    except Outage as error:
        _log.warning("health: %s", error)
        return Beside(condition=Condition.AWAY, why=(str(error),))
    except Breach as error:
        _log.critical("health: %s", error)
        return Beside(condition=Condition.UNWELL, why=(str(error),))
    return Beside(condition=Condition.UNWELL, why=(_NO_KEY,)) if isinstance(opened, Dark) else Beside()
