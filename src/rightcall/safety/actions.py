"""Looking at how a system keeps data, and accepting a weakness for a while."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from rightcall.actors import Actor
from rightcall.clock import Clock, day_of
from rightcall.database.connection import Transaction
from rightcall.discovery.findings import actions as findings
from rightcall.discovery.findings.sealing import open_names
from rightcall.discovery.ports import Opener, Seen
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import RegisteredSystem
from rightcall.discovery.systems.rules import may_serve
from rightcall.errors import Conflict, NotFound
from rightcall.ethics.minimisation import actions as minimisation
from rightcall.holdings.map import actions as holdings_map
from rightcall.ids import ObjectId, SystemId
from rightcall.ledger import actions as ledger
from rightcall.personal import Personal
from rightcall.safety import store
from rightcall.safety.model import (
    AcceptReason,
    Access,
    Again,
    Copied,
    Held,
    HeldIn,
    Overlap,
    Severity,
    Spot,
    Weakness,
    WeaknessState,
    Where,
)
from rightcall.safety.rules import (
    LEAST_ALIKE,
    LEAST_COLUMNS,
    LEAST_RECORDS,
    MOST_SMALL,
    MOST_SPOTS,
    SEVERITY,
    check_until,
    copied,
    observed,
    unregistered,
)
from rightcall.safety.statements import SystemLookedAt, WeaknessAccepted
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

_LOG = re.compile(r"\.log(?:\.|$)|(?:^|[/_-])logs?(?:[/_.-]|$)", re.I)
_ORDER = tuple(Severity)


def seen(open_system: Opener, address: Personal[str]) -> list[Seen]:
    """Opened and closed again: what shows of how it is kept. Outside of any transaction, as `abilities_of` a system."""
    system = open_system(address)
    try:
        return list(system.safety())
    finally:
        system.close()


def look(
    tx: Transaction,
    vault: Vault,
    clock: Clock,
    system: RegisteredSystem,
    facts: Sequence[Seen],
    *,
    unread_days: int,
    by: Actor,
) -> list[Weakness]:
    """What shows now, with the `facts` of the system itself; what does not show any more is mended. The gravest first."""
    at = clock.now()
    cells = [cell for cell in holdings_map.look(tx, clock) if cell.system == system.id]
    rows = store.held_by_object(tx, system.id)
    found = observed(
        facts,
        _held(tx, vault, system, rows),
        without_purpose=sum(cell.without_purpose for cell in cells),
        nobodys_without_purpose=_nobodys_without_purpose(tx, vault, system, rows),
        past_term=sum(cell.past_term for cell in cells),
        copies=_copies(tx, system, rows),
        access=_access(tx, clock, system, unread_days),
    )
    for each in found:
        store.see(tx, system.id, each, at, day_of(at))
    store.looked(tx, system.id, at)
    mended = store.mend(tx, system.id, [each.kind for each in found])
    weaknesses = of_system(tx, system)
    states = [each.state for each in weaknesses]
    said = SystemLookedAt(
        at=at,
        controller=tx.of,
        system=system.id,
        open=states.count(WeaknessState.OPEN),
        accepted=states.count(WeaknessState.ACCEPTED),
        mended=mended,
        actor=by.id,
        role=by.role,
    )
    ledger.append(tx, said)
    return weaknesses


def of_system(tx: Transaction, system: RegisteredSystem | None = None) -> list[Weakness]:
    """Of one system or of all, the gravest first."""
    found = store.weaknesses(tx, system=None if system is None else system.id)
    return sorted(found, key=lambda each: (each.state is WeaknessState.MENDED, -_ORDER.index(SEVERITY[each.kind]), each.kind))


def where(tx: Transaction, vault: Vault, weakness: Weakness) -> list[Where]:
    """Where most of it is, with the plain names of the objects."""
    known, spots = _known(tx), weakness.spots[:MOST_SPOTS]
    names = _plain_names(tx, vault, known, [(weakness.system, each.object) for each in spots] + _again(spots))
    return [
        Where(
            spot=each,
            name=names.get(each.object),
            again=None if each.again is None else names.get(each.again),
            again_in=None if each.again_in is None else known[each.again_in].name.text,
        )
        for each in spots
    ]


def lying_again(tx: Transaction, vault: Vault, objects: Collection[ObjectId]) -> dict[ObjectId, list[Again]]:
    """Of these objects those that are copies which nobody registered, and of what."""
    found = store.lying_again(tx, objects) if objects else []
    if not found:
        return {}
    known, copies = _known(tx), dict[ObjectId, list[Again]]()
    spots = [each for system, each in found if each.again_in in unregistered(known[system], known.values())]
    names = _plain_names(tx, vault, known, _again(spots))
    for each, (system, object) in zip(spots, _again(spots), strict=True):
        again = Again(system_name=known[system].name.text, object=object, object_name=names.get(object))
        copies.setdefault(each.object, []).append(again)
    return copies


def _known(tx: Transaction) -> dict[SystemId, RegisteredSystem]:
    return {each.id: each for each in systems.systems(tx)}


def _again(spots: Iterable[Spot]) -> list[tuple[SystemId, ObjectId]]:
    return [(each.again_in, each.again) for each in spots if each.again is not None and each.again_in is not None]


def _plain_names(
    tx: Transaction,
    vault: Vault,
    known: Mapping[SystemId, RegisteredSystem],
    lying: Iterable[tuple[SystemId, ObjectId]],
) -> dict[ObjectId, str]:
    by_system: dict[SystemId, list[ObjectId]] = {}
    for system, object in lying:
        by_system.setdefault(system, []).append(object)
    named = (findings.plain_names(tx, vault, known[system], objects) for system, objects in by_system.items())
    return {object: name for some in named for object, name in some.items()}


def accept(tx: Transaction, clock: Clock, weakness: UUID, *, reason: AcceptReason, until: date, by: Actor) -> Weakness:
    """It stays, for a named reason, until a day within a year. Conflict where it is not open."""
    at = clock.now()
    check_until(until, day_of(at))
    found = get(tx, weakness)
    if not store.accept(tx, weakness, by=by, until=until, reason=reason):
        raise Conflict("This weakness is not open, so there is nothing to accept.")
    said = WeaknessAccepted(
        at=at,
        controller=tx.of,
        weakness=weakness,
        kind_of_weakness=found.kind,
        reason=reason,
        until=until,
        actor=by.id,
        role=by.role,
    )
    ledger.append(tx, said)
    return get(tx, weakness)


def get(tx: Transaction, weakness: UUID) -> Weakness:
    found = store.weaknesses(tx, weakness=weakness)
    if not found:
        raise NotFound("There is no such weakness. List them to see their ids.")
    return found[0]


def _copies(tx: Transaction, system: RegisteredSystem, rows: Sequence[HeldIn]) -> list[Copied]:
    names = unregistered(system, systems.systems(tx))
    return copied((_overlaps(tx, object) for object in _may_be_copies(rows)), names, system.id)


def _may_be_copies(rows: Sequence[HeldIn]) -> list[ObjectId]:
    """All in which there is enough, and of the others those that may be small tables, the largest first."""
    findings, columns = Counter[ObjectId](), dict[ObjectId, set[str]]()
    for each in rows:
        findings[each.object] += each.findings
        if each.field is not None:
            columns.setdefault(each.object, set()).add(each.field)
    large = [object for object, number in findings.items() if number >= 2 * LEAST_RECORDS]
    few = range(LEAST_COLUMNS * LEAST_ALIKE, 2 * LEAST_RECORDS)
    small = [object for object, some in columns.items() if len(some) >= LEAST_COLUMNS and findings[object] in few]
    return [*large, *sorted(small, key=lambda object: -findings[object])[:MOST_SMALL]]


def _overlaps(tx: Transaction, object: ObjectId) -> list[Overlap]:
    """Of one with few records it is looked whether it has the other's columns."""
    found = store.overlaps(tx, object)
    if not found or found[0].looked_at >= LEAST_RECORDS:
        return found
    columns = store.columns(tx, [object, *(each.again_in for each in found)])
    own = columns.get(object, frozenset())
    return [replace(each, is_alike=len(own) >= LEAST_COLUMNS and columns.get(each.again_in) == own) for each in found]


def _access(tx: Transaction, clock: Clock, system: RegisteredSystem, unread_days: int) -> Access | None:
    serving = [use.purpose for use in system.uses]
    roles = minimisation.unused_access_to(tx, clock, system.id, serving, unread_days=unread_days)
    if roles is None:
        return None
    return Access(tokens=sum(each.tokens for each in roles), unused=sum(each.never_used for each in roles), days=unread_days)


def _nobodys_without_purpose(tx: Transaction, vault: Vault, system: RegisteredSystem, rows: Sequence[HeldIn]) -> int:
    """What is nobody's and lies where nobody said what anything is for. In which field it lies is sealed: a purpose of any field
    of its object is taken for its own."""
    names = _names(tx, vault, system, rows)
    return sum(
        each.nobodys
        for each in rows
        if not may_serve(system.uses, system.kind, object=names.get(each.object, ""), category=each.category)
    )


def _names(tx: Transaction, vault: Vault, system: RegisteredSystem, rows: Sequence[HeldIn]) -> Mapping[ObjectId, str]:
    """Nothing where they are dark."""
    sealed = {each.object: each.sealed_name for each in rows}
    names = open_names(tx, vault, system.key, list(sealed.items())) if sealed else []
    return {} if isinstance(names, Dark) else dict(zip(sealed, names, strict=True))


def _held(tx: Transaction, vault: Vault, system: RegisteredSystem, rows: Sequence[HeldIn]) -> list[Held]:
    names = _names(tx, vault, system, rows)
    by_type: dict[tuple[str, str], list[HeldIn]] = {}
    for each in rows:
        by_type.setdefault((each.type, each.category), []).append(each)
    return [
        Held(
            type=type,
            category=category,
            findings=sum(each.findings for each in some),
            objects=len({each.object for each in some}),
            log_objects=len({each.object for each in some if _is_log(names, each)}),
            spots=_most(some),
            log_spots=_most([each for each in some if _is_log(names, each)]),
        )
        for (type, category), some in by_type.items()
    ]


def _is_log(names: Mapping[ObjectId, str], each: HeldIn) -> bool:
    return _LOG.search(names.get(each.object, "")) is not None


def _most(rows: Sequence[HeldIn]) -> tuple[Spot, ...]:
    most = sorted(rows, key=lambda each: -each.findings)[:MOST_SPOTS]
    return tuple(Spot(object=each.object, field=each.field, findings=each.findings) for each in most)


never_looked_at = store.never_looked_at
