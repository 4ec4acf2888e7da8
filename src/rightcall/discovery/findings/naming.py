"""What may be named of where things lie, to whoever asks: tables, and files about many. The name of another file may tell of
somebody, and is shown for a purpose alone."""

from collections.abc import Iterable
from dataclasses import replace

from rightcall.database.connection import Transaction
from rightcall.discovery.findings.actions import plain_names
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.fitting import DATABASES
from rightcall.holdings import actions as holdings
from rightcall.holdings.places import Place
from rightcall.holdings.provenance.model import Trace
from rightcall.ids import HoldingId, ObjectId, ScanId, SystemId
from rightcall.personal import Personal
from rightcall.vault.actions import Vault


def names_of(tx: Transaction, vault: Vault, places: Iterable[Place]) -> dict[ObjectId, str]:
    """Of the objects that these are in, those that may be named."""
    lying: dict[SystemId, set[ObjectId]] = {}
    for place in places:
        if place.system is not None and place.object is not None:
            lying.setdefault(place.system, set()).add(place.object)
    if not lying:
        return {}
    known = {each.id: each for each in systems.systems(tx) if each.retired_at is None}
    named = (plain_names(tx, vault, known[system], objects) for system, objects in lying.items() if system in known)
    return {object: name for some in named for object, name in some.items()}


def with_names(tx: Transaction, vault: Vault, trace: Trace) -> Trace:
    """With these names on the things of the trace; a table by its name as it was when something was seen there."""
    databases = {each.id for each in systems.systems(tx) if each.kind in DATABASES}
    tables = [each for each in trace.items.values() if each.place.system in databases]
    places = holdings.places(tx, vault, tables) if tables else {}
    names = names_of(tx, vault, (each.place for each in trace.items.values() if each.place.system not in databases))
    found = {id: place.object_name for id, place in places.items() if isinstance(place, Place)}
    found |= {each.id: Personal(names[each.place.object]) for each in trace.items.values() if each.place.object in names}
    named = {id: replace(trace.items[id], place=replace(trace.items[id].place, object_name=name)) for id, name in found.items()}
    return replace(trace, items={**trace.items, **named})


def scans_of(tx: Transaction, trace: Trace) -> dict[HoldingId, ScanId]:
    """By which scan each of the trace was found first, of those that one found."""
    found = linking.links_of(tx, [each.id for each in trace.items.values() if not each.is_ours])
    return {holding: each.scan for holding, each in found.items()}
