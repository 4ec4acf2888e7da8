"""What is about others in a text or a row, told by the detectors that find it in other systems, is covered before the person
gets it (GDPR Art. 15(4)). What is theirs stays: what they are known by, here. In doubt it is covered; what was found to be
theirs is in the package by itself. Pure.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from rightcall.discovery.looking.model import Rules
from rightcall.discovery.looking.rules import look
from rightcall.discovery.model import Found
from rightcall.discovery.parts import Prose, Row, Rows
from rightcall.personal import MASK

_OBJECT = "it"
_LAST = 8
"""Figures of a telephone number, from its end, that tell it from others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """`covered`: how many stretches were."""

    text: str
    covered: int


def masked(text: str, own: Collection[str], rules: Rules) -> Masked:
    """`own`: what the person is known by, in the form of `known_by`."""
    row = _row(text)
    if row is not None:
        return _masked_row(row, own, rules)
    found = look(Prose(object=_OBJECT, pieces=iter([(len(text), text)])), rules)
    return _covered(text, [each for each in found if isinstance(each, Found)], own)


def known_by(value: str) -> str:
    """Letters and figures alone, so that ways of writing do not part what is the same."""
    return "".join(each for each in value.casefold() if each.isalnum())


def _row(text: str) -> Mapping[str, str | None] | None:
    """The cells of a row, which systems hand out as one object of JSON."""
    try:
        told = json.loads(text)
    except ValueError:
        return None
    if not isinstance(told, dict) or not told:
        return None
    return {name: cell if isinstance(cell, str) or cell is None else json.dumps(cell) for name, cell in told.items()}


def _masked_row(row: Mapping[str, str | None], own: Collection[str], rules: Rules) -> Masked:
    rows = Rows(object=_OBJECT, heads=tuple(row), rows=(Row("1", tuple(row.values())),), bytes=0)
    found = [each for each in look(rows, rules) if isinstance(each, Found)]
    cells, covered = dict[str, str | None](), 0
    for name, cell in row.items():
        done = None if cell is None else _covered(cell, [each for each in found if each.field == name], own)
        cells[name] = None if done is None else done.text
        covered += 0 if done is None else done.covered
    return Masked(text=json.dumps(cells, ensure_ascii=False), covered=covered)


def _covered(text: str, found: Iterable[Found], own: Collection[str]) -> Masked:
    spans = sorted(
        (start, end)
        for each in found
        if not _is_own(text[each.finding.start : each.finding.end], own)
        for start, end in (each.finding.parts or ((each.finding.start, each.finding.end),))
    )
    said, at, covered = list[str](), 0, 0
    for start, end in spans:
        if end <= at:
            continue
        said += [text[at : max(at, start)], MASK]
        at, covered = end, covered + 1
    return Masked(text="".join([*said, text[at:]]), covered=covered)


def _is_own(value: str, own: Collection[str]) -> bool:
    """A telephone number is the same with and without its country."""
    told = known_by(value)
    return told in own or (
        told.isdigit() and len(told) >= _LAST and told[-_LAST:] in {each[-_LAST:] for each in own if each.isdigit()}
    )
