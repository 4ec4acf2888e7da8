"""What other systems are called: to those who work here, and to customers."""

from collections.abc import Mapping
from typing import TypeAlias

from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import Called
from rightcall.ids import SystemId

SystemNames: TypeAlias = Mapping[SystemId, str]
CustomerNames: TypeAlias = Mapping[SystemId, Called]


def system_names(tx: Transaction) -> SystemNames:
    """What each other system is called, retired ones too."""
    return {system.id: system.name.text for system in systems.systems(tx)}


def customer_names(tx: Transaction) -> CustomerNames:
    """As `system_names`, as customers are told of them."""
    own = controllers.get(tx).language
    return {each.id: each.for_customers(own) for each in systems.systems(tx)}
