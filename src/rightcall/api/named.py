"""Purposes and systems by name: asked for by id or by key, and shown with both. An id alone tells a person nothing."""

from collections.abc import Mapping
from typing import TypeAlias
from uuid import UUID

from rightcall.database.connection import Transaction
from rightcall.discovery.systems import actions as systems
from rightcall.ids import PurposeId, SystemId
from rightcall.purposes import actions as purposes

Keys: TypeAlias = Mapping[PurposeId, str]


def purpose_of(tx: Transaction, given: str) -> PurposeId:
    """A purpose by its id or its key."""
    try:
        return PurposeId(UUID(given))
    except ValueError:
        return purposes.by_key(tx, given).id


def keys_of(tx: Transaction) -> Keys:
    """The key of each purpose in the register, ended ones too."""
    return {purpose.id: purpose.key for purpose in purposes.all_purposes(tx)}


def system_of(tx: Transaction, given: str) -> SystemId:
    """A system by its id or its name."""
    return systems.get(tx, given).id
