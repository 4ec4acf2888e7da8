"""Weighing a breach by the data map as it is, and keeping what came of it, with who is affected: whoever looks reads that, and
weighing may take its time."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from rightcall.actors import SYSTEM, Actor
from rightcall.breaches import rules
from rightcall.breaches import store as breaches
from rightcall.breaches.model import Assessment, Breach, Circumstances, Owed
from rightcall.breaches.statements import BreachWeighed, BreachWeighingAsked
from rightcall.breaches.weighing import store
from rightcall.breaches.weighing.assessing import Tell, assess, rejudged, tells_nobody
from rightcall.breaches.weighing.model import Standing
from rightcall.breaches.weighing.rows import Rows
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.database.walk import Walk
from rightcall.discovery.seen import actions as seeing
from rightcall.errors import Conflict
from rightcall.holdings.categories import Category
from rightcall.ids import BreachId, StatementId, SubjectId, SystemId, new_id
from rightcall.ledger.actions import append
from rightcall.vault.actions import Vault

EVERY = timedelta(days=1)
"""So old a weighing of an open breach is weighed anew."""
_OLDEST = 2 * EVERY
"""By an older one no breach is closed: whoever weighs them each day did not come to it."""


def weigh_anew(tx: Transaction, vault: Vault, clock: Clock, breach: BreachId, tell: Tell = tells_nobody) -> bool:
    """By the worker, and holds the breach only at the end. False where there is no need: it was closed, or somebody corrected or
    weighed it meanwhile, and what they found is newer. `tell` is told how far it is, and has a transaction of its own."""
    [found] = breaches.breaches(tx, breach)
    if found.closed_at is not None and store.weighing(tx, breach) is not None:
        return False
    id, assessed = _weighed(tx, vault, clock, found, tell)
    [now] = breaches.held(tx, breach)
    known = store.weighing(tx, breach)
    is_newer = known is not None and known.assessed.at > assessed.at
    if is_newer or (now.circumstances, now.closed_at) != (found.circumstances, found.closed_at):
        store.forget_people(tx, id)
        return False
    _keep(tx, clock, found, id, assessed)
    return True


def after_correcting(tx: Transaction, breach: BreachId, circumstances: Circumstances, at: datetime) -> None:
    """What was counted last is what it was, and how severe it is follows from what is known now. It is to be weighed anew."""
    known = store.weighing(tx, breach)
    if known is not None:
        store.rejudge(tx, breach, rejudged(known.assessed, circumstances))
    breaches.ask_weighing(tx, breach, at)


def to_close_by(tx: Transaction, clock: Clock, breach: Breach) -> Assessment:
    """What a breach is closed by. Conflict while it is weighed, and where what is known of it is newer than its weighing."""
    assessed, found = weighed(tx, breach)
    if found.is_under_way:
        raise Conflict("This breach is being weighed. Look again in a moment, then close it.")
    if found.has_changed or assessed.at < clock.now() - _OLDEST:
        raise Conflict("What is known of it is newer than its weighing. Have it weighed anew, then close it.")
    return assessed


tell_progress = store.tell_progress
end_progress = store.end_progress


def ask(tx: Transaction, clock: Clock, breach: Breach, *, by: Actor) -> None:
    """The worker weighs it anew as soon as it can. While it is at that, again changes nothing. Conflict once it is closed."""
    rules.check_open(breach)
    if standing(tx, breach).is_under_way:
        return
    at = clock.now()
    breaches.ask_weighing(tx, breach.id, at)
    append(tx, BreachWeighingAsked(at=at, controller=tx.of, breach=breach.id, actor=by.id, role=by.role))


def standing(tx: Transaction, breach: Breach) -> Standing:
    found, asked_at = store.weighing(tx, breach.id), breach.weighing_asked_at
    if found is None:
        return Standing(assessed=None, is_under_way=True, has_changed=False, progress=store.progress(tx, breach.id))
    assessed = found.assessed
    is_under_way = breach.closed_at is None and asked_at is not None and asked_at > assessed.at
    return Standing(
        assessed=assessed,
        is_under_way=is_under_way,
        has_changed=_has_changed(tx, breach, assessed),
        progress=store.progress(tx, breach.id) if is_under_way else None,
    )


def owed(tx: Transaction, clock: Clock, found: Iterable[Breach] | None = None) -> dict[BreachId, Owed]:
    """Of each breach of which somebody is still to be told, who that is first; of these, or of all."""
    now, owed = clock.now(), dict[BreachId, Owed]()
    for each in breaches.breaches(tx) if found is None else found:
        known = None if each.closed_at is not None else store.weighing(tx, each.id)
        whom = rules.owed(each, None if known is None else known.assessed, now)
        if whom is not None:
            owed[each.id] = whom
    return owed


def weighed(tx: Transaction, breach: Breach) -> tuple[Assessment, Standing]:
    """For what cannot be said without. Conflict where it was never weighed."""
    found = standing(tx, breach)
    if found.assessed is None:
        raise Conflict("This breach is being weighed for the first time: who is affected is not counted yet. Look again soon.")
    return found.assessed, found


def affected(tx: Transaction, breach: Breach, walk: Walk, limit: int) -> dict[SubjectId, tuple[Category, ...]]:
    """So many of those whom the last weighing found, each with the sorts of data that lay open of them; whoever turned out since
    to have had nothing there is left out."""
    last = store.weighing(tx, breach.id)
    found: dict[SubjectId, tuple[Category, ...]] = {}
    while last is not None and len(found) < limit:
        wanted = limit - len(found)
        people = store.people(tx, last.id, walk, wanted)
        sorts = store.sorts_of(tx, breach.window, people)
        found |= {each: sorts[each] for each in people if each in sorts}
        if len(people) < wanted:
            break
        walk = Walk(id=people[-1], oldest_first=walk.oldest_first)
    return found


def of_person(tx: Transaction, breach: Breach, subject: SubjectId) -> tuple[Category, ...]:
    """The sorts of data that lay open of one person; none where nothing did."""
    return store.sorts_of(tx, breach.window, [subject]).get(subject, ())


def due(tx: Transaction, clock: Clock) -> list[BreachId]:
    """Those that were not weighed for a day, or never."""
    return store.due(tx, clock.now() - EVERY)


def open_of_system(tx: Transaction, system: SystemId) -> list[BreachId]:
    return store.open_of_system(tx, system)


def _weighed(tx: Transaction, vault: Vault, clock: Clock, breach: Breach, tell: Tell) -> tuple[StatementId, Assessment]:
    id = StatementId(new_id())
    rows = Rows(tx, id)
    assessed = assess(tx, vault, clock, breach.window, breach.circumstances, keep=rows.add, tell=tell)
    rows.end()
    return id, assessed


def _keep(tx: Transaction, clock: Clock, breach: Breach, id: StatementId, assessed: Assessment) -> None:
    around = breach.circumstances
    said = BreachWeighed(
        at=clock.now(),
        controller=tx.of,
        breach=breach.id,
        nature=tuple(sorted(around.nature)),
        reach=around.reach,
        malicious=around.malicious,
        unintelligible=around.unintelligible,
        severity=assessed.severity,
        people=assessed.people,
        actor=SYSTEM.id,
        role=SYSTEM.role,
    )
    append(tx, said, id=id)
    store.keep(tx, breach.id, id, assessed)


def _has_changed(tx: Transaction, breach: Breach, assessed: Assessment) -> bool:
    """Of Rightcall itself nothing is found afterwards."""
    system = breach.window.system
    return breach.closed_at is None and system is not None and seeing.of_system(tx, system) != assessed.seen
