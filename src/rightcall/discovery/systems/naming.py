"""What other systems are called."""

from collections.abc import Mapping
from typing import TypeAlias

from rightcall.database.connection import Transaction
from rightcall.discovery.systems import actions as systems
from rightcall.ids import SystemId

SystemNames: TypeAlias = Mapping[SystemId, str]


def system_names(tx: Transaction) -> SystemNames:
    """What each other system is called, retired ones too."""
    return {system.id: system.name.text for system in systems.systems(tx)}
