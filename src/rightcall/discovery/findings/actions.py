"""Keeping what a scan found, and listing it for those with the right: where, what, why and how sure; never the value."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID

from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.database.walk import Walk
from rightcall.discovery.categories import category_of
from rightcall.discovery.detection.file_names import told_by_name
from rightcall.discovery.findings import store
from rightcall.discovery.findings.mapped import store as mapped_store
from rightcall.discovery.findings.model import Batch, FewPeople, KeptFinding, NewRow, SealedFinding, Wanted, Weighed
from rightcall.discovery.findings.rules import plain_field, record_of, sameness
from rightcall.discovery.findings.sealing import open_names, open_spots, spot_bytes, spot_context
from rightcall.discovery.linking.countries import country_of
from rightcall.discovery.model import Found
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.fitting import DATABASES
from rightcall.discovery.systems.model import RegisteredSystem
from rightcall.ids import FindingId, ObjectId, ScanId, SubjectId, SystemId, new_id
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

_MARK = "discovery.finding"
_RECORD = "discovery.record"
_MANY = 10
"""A file in which something of so many people lies is a list, and named after none of them."""


def keep(tx: Transaction, vault: Vault, clock: Clock, batch: Batch) -> list[FindingId]:
    """What was known stays the same finding and was seen again; the rest is new. Those on the map of which the term counts from
    another day now. Twice is fine."""
    if not batch.found:
        return []
    marks = vault.blinds(tx, [(_MARK, sameness(batch.object, batch.name, each)) for each in batch.found])
    redated = store.redated(tx, batch.object, marks, [each.dated_on for each in batch.found]) if batch.is_dated else []
    weighed = [_weighed(each) for each in batch.found]
    known = store.seen_again(tx, batch, marks, weighed)
    fresh = [(mark, each) for mark, each in dict(zip(marks, batch.found, strict=True)).items() if mark not in known]
    store.insert(tx, batch, _rows(tx, vault, batch, fresh), clock.now())
    return redated


def _weighed(found: Found) -> Weighed:
    return Weighed(
        confidence=found.finding.confidence,
        why=found.finding.why,
        country=_country(found),
        of_another=found.of_another,
        dated_on=found.dated_on,
    )


def _rows(tx: Transaction, vault: Vault, batch: Batch, fresh: Sequence[tuple[bytes, Found]]) -> list[NewRow]:
    ids = [FindingId(new_id()) for _ in fresh]
    spots = [(spot_bytes(each, batch.name), spot_context(id)) for id, (_, each) in zip(ids, fresh, strict=True)]
    sealed = vault.seal_values(tx, batch.key, spots) if spots else []
    records = vault.blinds(tx, [(_RECORD, record_of(batch.object, batch.name, each)) for _, each in fresh])
    values = [(clue.context, clue.value.reveal("blind a clue")) for _, each in fresh for clue in each.clues]
    blinds = iter(vault.blinds(tx, values))
    return [
        NewRow(
            id=id,
            record=UUID(bytes=record[:16]),
            mark=mark,
            sealed_spot=spot,
            field=plain_field(each.field),
            type=each.finding.type,
            category=category_of(each.finding.type),
            confidence=each.finding.confidence,
            why=each.finding.why,
            clue_kinds=tuple(clue.kind for clue in each.clues),
            clues=tuple(next(blinds) for _ in each.clues),
            dated_on=each.dated_on,
            of_staff=each.of_staff,
            of_another=each.of_another,
            country=_country(each),
        )
        for id, record, spot, (mark, each) in zip(ids, records, sealed, fresh, strict=True)
    ]


def _country(found: Found) -> str | None:
    return country_of((clue.kind, clue.value.reveal("tell under whose law they are")) for clue in found.clues)


def seen_whole(tx: Transaction, clock: Clock, object: ObjectId, scan: ScanId, reading: int) -> int:
    """All of the object was read: what this reading did not see there is gone. What is new in place of something that is gone,
    and says the same of whose it is, is the same person's. How many it saw."""
    at = clock.now()
    if store.gone_from_object(tx, object, scan, reading, at):
        store.inherit(tx, object, scan, at)
        store.inherit_erased(tx, object, scan, at)
    return store.of_object(tx, object, scan)


def gone_with_objects(tx: Transaction, clock: Clock, system: SystemId) -> int:
    """What lay in objects that are gone is gone. How many."""
    return store.gone_with_objects(tx, system, clock.now())


def page(
    tx: Transaction,
    vault: Vault,
    system: RegisteredSystem,
    wanted: Wanted,
    *,
    after: FindingId | None,
    limit: int,
    oldest_first: bool = True,
) -> list[KeptFinding]:
    """With their spots opened, as long as the system is not retired."""
    return _opened(tx, vault, system, store.page(tx, wanted, Walk(id=after, oldest_first=oldest_first), limit))


def unmapped(
    tx: Transaction, vault: Vault, system: RegisteredSystem, *, after: FindingId | None, limit: int
) -> list[KeptFinding]:
    """Those that are somebody's and not on the data map, with their spots opened."""
    return _opened(tx, vault, system, mapped_store.unmapped(tx, system.id, after, limit))


def mapped(tx: Transaction, vault: Vault, system: RegisteredSystem, *, after: FindingId | None, limit: int) -> list[KeptFinding]:
    """Those that are somebody's and on the data map, with their spots opened."""
    return _opened(tx, vault, system, mapped_store.mapped(tx, system.id, after, limit))


def mapped_of(tx: Transaction, vault: Vault, system: RegisteredSystem, wanted: Sequence[FindingId]) -> list[KeptFinding]:
    """The same of these."""
    return _opened(tx, vault, system, mapped_store.mapped_of(tx, system.id, wanted))


def of_records(tx: Transaction, vault: Vault, system: RegisteredSystem, records: Sequence[UUID]) -> list[KeptFinding]:
    """What lies in these records of that system now, with their spots opened, as long as it is not retired."""
    return _opened(tx, vault, system, [each for each in store.of_records(tx, records) if each.finding.system == system.id])


def few_people(tx: Transaction, system: RegisteredSystem, objects: Collection[ObjectId]) -> dict[ObjectId, FewPeople]:
    """Those of the objects that may be named after somebody whose things lie there; no table is."""
    if system.kind in DATABASES or not objects:
        return {}
    return {
        object: FewPeople(subjects=frozenset(each for each in people if each is not None), has_erased=None in people)
        for object, people in store.people_of(tx, list(objects), _MANY).items()
        if len(people) < _MANY
    }


def plain_names(tx: Transaction, vault: Vault, system: RegisteredSystem, objects: Collection[ObjectId]) -> dict[ObjectId, str]:
    """What those of the objects are called that are named after nobody: tables, and files about many. A file in which things of
    nobody lie is not among them: whose they are may not be known yet. Nor is one with a customer's or a telephone number in its
    name. None once the system is retired."""
    plain = list(dict.fromkeys(objects))
    if system.kind not in DATABASES:
        people = store.people_of(tx, plain, _MANY)
        plain = [each for each in plain if len(people.get(each, ())) >= _MANY]
    sealed = store.sealed_names(tx, system.id, plain)
    names = open_names(tx, vault, system.key, sealed)
    if isinstance(names, Dark):
        return {}
    telling = set() if system.kind in DATABASES else named_after_somebody(tx, system, names)
    return {object: name for (object, _), name in zip(sealed, names, strict=True) if name not in telling}


def named_after_somebody(tx: Transaction, system: RegisteredSystem, names: Collection[str]) -> set[str]:
    """Those of the names of files there in which a number of the controller's own stands, or a telephone number, of whomever."""
    patterns = systems.own_patterns(tx) if names else []
    return {each for each in names if told_by_name(each, patterns, system.regions)}


def forget(tx: Transaction, subject: SubjectId) -> int:
    """The subject is erased: of what was found of them nobody knows any more that it was theirs, nor where it lies. That
    something lies there still is known until a scan finds it gone. How many findings."""
    return store.forget_subject(tx, subject)


def _opened(tx: Transaction, vault: Vault, system: RegisteredSystem, rows: Sequence[SealedFinding]) -> list[KeptFinding]:
    sealed = [(each.finding.id, each.finding.object, each.spot, each.name) for each in rows if each.spot is not None]
    spots = open_spots(tx, vault, system.key, sealed)
    if isinstance(spots, Dark):
        return [each.finding for each in rows]
    opened = {id: spot for (id, _, _, _), spot in zip(sealed, spots, strict=True)}
    return [replace(each.finding, spot=opened.get(each.finding.id)) for each in rows]


def most_found(tx: Transaction, vault: Vault, system: RegisteredSystem, limit: int) -> list[tuple[ObjectId, str | None, int]]:
    """The objects with the most, with their plain names; None where one has none."""
    rows = store.most_found(tx, system.id, limit)
    names = plain_names(tx, vault, system, [object for object, _ in rows])
    return [(object, names.get(object), number) for object, number in rows]


seen = store.of_object
has_clue = store.has_clue
alone_in_record = store.alone_in_record
put_on_map = mapped_store.put_on_map
again_of = store.again_of
gone_on_map = mapped_store.gone_on_map
take_off_map = mapped_store.take_off_map
count_by_type = store.count_by_type
whose = store.whose
objects_by_type = store.objects_by_type
