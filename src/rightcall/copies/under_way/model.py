"""How far a backup or a drill is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

UnderWayId = NewType("UnderWayId", UUID)


class Work(StrEnum):
    BACKUP = "backup"
    DRILL = "drill"


class Doing(StrEnum):
    """As whoever copies calls it (`adapters.backup`), and a drill what comes after."""

    BEGINNING = "beginning"
    CHECKED = "checked"
    DATABASE = "database"
    OBJECTS = "objects"
    TRIED = "tried"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """`done` of `of`: of what it is doing. `heard_at`: when it said so; long ago where it was cut off, or is at something that
    says nothing between."""

    id: UnderWayId
    work: Work
    doing: Doing
    done: int
    of: int
    begun_at: datetime
    heard_at: datetime
