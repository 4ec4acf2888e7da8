"""What is looked for, and what is heard of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from rightcall.discovery.detection.model import LEAST, Finding
from rightcall.discovery.detection.patterns import Pattern
from rightcall.discovery.looking.reading import WINDOW
from rightcall.discovery.model import Clue, Clues, Dated


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What is looked for, and how sure one has to be. `regions` (ISO 3166): where numbers in national form belong. `dated` tells
    what a term counts from, by `dated_by`, which says so in words. `looks_at_names`: of objects, which in a database are those of
    tables."""

    patterns: Sequence[Pattern] = ()
    regions: tuple[str, ...] = ()
    least: float = LEAST
    window: int = WINDOW
    clues: Clues | None = None
    dated: Dated | None = None
    dated_by: tuple[str, ...] = ()
    looks_at_names: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What is found, what it tells of whose it is, and whether it is of somebody who works there, or of somebody else still."""

    finding: Finding
    clues: Sequence[Clue] = ()
    of_staff: bool = False
    of_another: bool = False
