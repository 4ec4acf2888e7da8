"""The detectors that looking rests on: whether they work, and what tells a look with these from one with others."""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import chain

from rightcall.canonical import Json, canonical_json
from rightcall.discovery.detection.model import Kind
from rightcall.discovery.detection.rules import detect
from rightcall.discovery.looking.model import Rules
from rightcall.discovery.model import RulesGone

_TRIAL = "The card is 4111 1111 1111 1111, write to ada@caller.example or call +45 32 12 34 56."
_KNOWN = (Kind.PAYMENT_CARD, Kind.EMAIL, Kind.PHONE)


def try_rules() -> None:
    """Raises RulesGone where the detectors miss what stands in a sentence that is known. Before anything is read."""
    found = [each.type for each in detect(_TRIAL)]
    if found != [*_KNOWN]:
        raise RulesGone(
            "The detectors do not find what they must find in a sentence that is known, so nothing was read. Install Rightcall"
            " again."
        )


@cache
def _detectors() -> bytes:
    """A digest of the rooms that say what is found and what it tells: they are what a scan looked with."""
    digest, house = hashlib.sha256(), resources.files("rightcall.discovery")
    for path, file in sorted(chain(*(_files(house / room, room) for room in ("detection", "linking", "looking")))):
        digest.update(path.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.digest()


def _files(folder: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    """Each with its path, so that their order is not that of a disk."""
    for each in folder.iterdir():
        if each.is_dir() and each.name != "__pycache__":
            yield from _files(each, f"{path}/{each.name}")
        elif each.is_file():
            yield f"{path}/{each.name}", each


def digest_of(rules: Rules) -> bytes:
    """32 bytes that differ whenever the same text may be found to hold something else."""
    patterns = [[each.name, str(each.expression.pattern)] for each in rules.patterns]
    looked_for: list[Json] = [_detectors().hex(), sorted(patterns), sorted(rules.regions)]
    told = canonical_json([*looked_for, str(rules.least), rules.clues is not None, *rules.dated_by])
    return hashlib.sha256(told).digest()
