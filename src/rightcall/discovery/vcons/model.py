"""What a conserver sent, as it is kept for scans to look through."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

CONSERVER = "conserver"
"""The kind of a system that nobody asks: it sends its vCons, and tells when it has let go of one."""


class TakenIn(StrEnum):
    """`again`: the very same was here already."""

    NEW = "new"
    CHANGED = "changed"
    AGAIN = "again"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentVcon:
    """`id` is its own uuid. `sealed`: without its sound, under the key of its system. `mark`: a keyed hash of what came."""

    id: UUID
    mark: bytes
    sealed: bytes = field(repr=False)
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What listing needs of one: the size is that of what is kept, in bytes."""

    id: UUID
    mark: bytes
    size: int
    received_at: datetime
