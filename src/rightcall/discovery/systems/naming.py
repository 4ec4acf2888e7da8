"""What other systems are called, and what of their places may be named: a table is named after nobody, a file may be."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias

from rightcall.database.connection import Transaction
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.rules import DATABASES
from rightcall.holdings import actions as holdings
from rightcall.holdings.places import Place
from rightcall.holdings.provenance.model import Trace
from rightcall.ids import SystemId
from rightcall.vault.actions import Vault

SystemNames: TypeAlias = Mapping[SystemId, str]


def system_names(tx: Transaction) -> SystemNames:
    """What each other system is called, retired ones too."""
    return {system.id: system.name.text for system in systems.systems(tx)}


def with_tables(tx: Transaction, vault: Vault, trace: Trace) -> Trace:
    """With the names of the tables that things lie in. That of a file may tell of somebody, and is left out."""
    databases = {each.id for each in systems.systems(tx) if each.kind in DATABASES}
    theirs = [each for each in trace.items.values() if each.place.system in databases]
    places = holdings.places(tx, vault, theirs) if theirs else {}
    named = {
        each.id: replace(each, place=replace(each.place, object_name=place.object_name))
        for each in theirs
        if isinstance(place := places[each.id], Place)
    }
    return replace(trace, items={**trace.items, **named})
