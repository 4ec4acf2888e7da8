"""What stands at a place now, seen by the same detectors that found it: a text is edited, a row is written anew, and what is to
go stands elsewhere in it than it did. Compared by keyed hashes of what a value tells, as scans compare; no value is kept.

A row of a database is told by its key, so it is looked at before it is changed and again after. What lies in a file is told by
its content: whether it was written anew is seen by looking through the file once it is gone."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from rightcall.database.connection import Transaction
from rightcall.discovery.looking.model import Rules
from rightcall.discovery.looking.rules import look
from rightcall.discovery.model import Found, NotRead
from rightcall.discovery.parts import Row, Rows
from rightcall.discovery.ports import Ability, Listed, Spot, System
from rightcall.discovery.scanning import read_object
from rightcall.erasure.elsewhere.model import Sign
from rightcall.vault.actions import Vault

_OWN = frozenset({"customer_id", "national_id", "email", "iban", "bank_account", "card"})
"""Clues that two people seldom share. A household has one telephone and one address."""


Seen: TypeAlias = tuple[list[Found], Mapping[str, str | None]]
"""What was found in a row, and its cells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """`record`: what was said of one thing has the same."""

    spot: Spot
    type: str
    record: str
    clues: frozenset[tuple[str, bytes]]

    def tells(self, sign: Sign) -> bool:
        """What the finding told, and not a part of it: a name that shares the family name alone is somebody else's."""
        told = _kinds(sign.clues)
        return bool(told) and told == _kinds(self.clues) == _kinds(self.clues & sign.clues)


def _kinds(clues: Iterable[tuple[str, bytes]]) -> set[str]:
    return {kind for kind, _ in clues}


def is_in_database(spot: Spot) -> bool:
    """Told by its key and not by its content."""
    return spot.row is not None and "#" not in spot.row


def in_rows(source: System, at: Iterable[tuple[str, str | None]], rules: Rules) -> dict[tuple[str, str | None], Seen]:
    """What is found in each of these rows as it is now, and its cells; by its object and its key. Nothing where it is not there,
    or is not handed out. A system that hands out nothing is read through as a scan does, and then tells no cells."""
    found: dict[tuple[str, str | None], Seen] = dict.fromkeys(at, ([], {}))
    if Ability.EXPORT not in source.abilities and Ability.FIND in source.abilities:
        for object in sorted({object for object, _ in found}):
            for each in in_object(source, object, rules):
                if (object, each.row) in found:
                    known, cells = found[object, each.row]
                    found[object, each.row] = ([*known, each], cells)
    if Ability.EXPORT in source.abilities:
        for spot, told in source.exports([Spot(object=object, row=row) for object, row in found]):
            if isinstance(told, bytes):
                found[spot.object, spot.row] = _in_row(spot, told, rules)
    return found


def _in_row(spot: Spot, told: bytes, rules: Rules) -> Seen:
    try:
        row = json.loads(told)
    except ValueError:
        return [], {}
    cells = {name: cell if isinstance(cell, str) else None for name, cell in row.items()}
    rows = Rows(object=spot.object, heads=tuple(cells), rows=(Row(spot.row or "", tuple(cells.values())),), bytes=0)
    return [each for each in look(rows, rules) if isinstance(each, Found)], cells


def in_object(source: System, object: str, rules: Rules) -> list[Found]:
    """What is found in that object as it is now. Nothing where it is not there."""
    try:
        listed = Listed(name=object, fingerprint=None, size=None)
        return [each for each in read_object(source, listed, rules) if isinstance(each, Found)]
    except NotRead:
        return []


def told_by(tx: Transaction, vault: Vault, found: Sequence[Found], salt: bytes) -> list[Sighting]:
    """With what each tells, hashed as the signs are."""
    values = [(clue.context, clue.value.reveal("blind a clue")) for each in found for clue in each.clues]
    blinds = vault.blinds(tx, values) if values else []
    hashes = (hashlib.sha256(salt + blind).digest() for blind in blinds)
    return [
        Sighting(
            spot=Spot(object=each.object, row=each.row, field=each.field, start=each.finding.start, end=each.finding.end),
            type=each.finding.type,
            record=each.record,
            clues=frozenset((clue.kind, next(hashes)) for clue in each.clues),
        )
        for each in found
    ]


def where_now(spot: Spot, sign: Sign | None, seen: Sequence[Sighting], cell: str | None, *, is_alone: bool) -> tuple[Spot, ...]:
    """Where in its row what was found at `spot` stands now: there, elsewhere in its field, or, in a row that tells of this person
    alone, whatever of its type stands in the field instead. Nothing where something else stands there, which is not to be
    touched."""
    if sign is None or not cell or not cell[spot.start : spot.end].strip("* "):
        return (spot,)
    there = [each for each in seen if each.spot.field == spot.field]
    exactly = [each for each in there if (each.spot.start, each.spot.end) == (spot.start, spot.end)]
    if any(each.type == sign.type and (not sign.clues or each.tells(sign)) for each in exactly):
        return (spot,)
    moved = [each.spot for each in there if each.tells(sign)]
    if moved or not is_alone:
        return tuple(moved)
    return tuple(each.spot for each in there if each.type == sign.type)


def is_at(spot: Spot, places: Sequence[Spot]) -> bool:
    """At one of these, or at a piece of it."""
    return any(
        (each.object, each.row, each.field) == (spot.object, spot.row, spot.field)
        and (each.start or 0) <= (spot.start or 0)
        and (each.end is None or (spot.end is not None and spot.end <= each.end))
        for each in places
    )


def is_seen(sign: Sign, seen: Iterable[Sighting]) -> bool:
    """Whether what the finding told is told there still, in the same row."""
    return any(each.tells(sign) for each in seen)


def is_written_anew(sign: Sign, seen: Sequence[Sighting]) -> bool:
    """Whether something in that object is about the same thing: it tells what few others would, or, where the finding's record
    told nothing of the kind, all that it told."""
    records: dict[str, set[tuple[str, bytes]]] = {}
    for each in seen:
        records.setdefault(each.record, set()).update(each.clues)
    own = {clue for clue in sign.of_record if clue[0] in _OWN}
    if own:
        return any(own & clues for clues in records.values())
    return bool(sign.of_record) and any(sign.of_record <= clues for clues in records.values())
