"""Whose row it is, where a column for it says so by a customer's or a national id, and other cells have the ids of others: what
stands in a cell beside the id of somebody else may be told of them, and tells nothing of whose row it is. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from rightcall.discovery.linking.clues import ClueKind, heads_own_id
from rightcall.discovery.linking.model import Blinds, Record

_IDS = (ClueKind.CUSTOMER_ID, ClueKind.NATIONAL_ID)
_NONE: frozenset[bytes] = frozenset()

Cells = Mapping[str | None, Blinds]
"""What a record tells, by the heads of its columns."""


def together(cells: Iterable[Blinds]) -> Blinds:
    found: dict[ClueKind, frozenset[bytes]] = {}
    for cell in cells:
        for kind, blinds in cell.items():
            found[kind] = found.get(kind, _NONE) | blinds
    return found


def row_of(cells: Cells) -> Blinds:
    """What tells whose row it is: nothing where no column for it has an id, or where two have different ones."""
    own = {kind: _own(cells, kind) for kind in _IDS}
    if not any(own.values()) or any(len(ids) > 1 for ids in own.values()):
        return {}
    return together(cell for cell in cells.values() if not _has_others(cell, own))


def of_the_row(record: Record) -> Record:
    """The record without what may be told of others, where its own column says whose it is."""
    left = {kind: blinds & record.row.get(kind, _NONE) for kind, blinds in record.clues.items()}
    clues = {kind: blinds for kind, blinds in left.items() if blinds}
    return record if not record.row or clues == record.clues else replace(record, clues=clues, row={})


def _own(cells: Cells, kind: ClueKind) -> frozenset[bytes]:
    return _NONE.union(*(cell.get(kind, _NONE) for head, cell in cells.items() if head and heads_own_id(head, kind)))


def _has_others(cell: Blinds, own: Mapping[ClueKind, frozenset[bytes]]) -> bool:
    return any(ids and not cell.get(kind, _NONE) <= ids for kind, ids in own.items())
