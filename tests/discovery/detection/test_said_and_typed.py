"""Phone numbers, IBANs and cards as callers say them and people in a hurry type them. Each text is our own; the marks say what
must be told, and nothing else of these types may be."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from rightcall.discovery.detection.rules import detect

_VECTORS = Path(__file__).parents[2] / "vectors" / "discovery"
_MARK = re.compile(r"\[\[([a-z_]+):(.*?)\]\]", re.DOTALL)
_TYPES = ("phone", "iban", "payment_card")


@dataclass(frozen=True, slots=True)
class Marked:
    text: str
    places: tuple[tuple[str, int, int], ...]


def _texts(name: str) -> list[Marked]:
    return [_marked(each) for each in (_VECTORS / name).read_text(encoding="utf-8").rstrip("\n").split("\n===\n")]


def _marked(written: str) -> Marked:
    text, places, behind = "", [], 0
    for match in _MARK.finditer(written):
        text += written[behind : match.start()]
        places.append((match[1], len(text), len(text) + len(match[2])))
        text += match[2]
        behind = match.end()
    return Marked(text + written[behind:], tuple(places))


def _letters(text: str, places: list[tuple[int, int]]) -> set[int]:
    return {place for start, end in places for place in range(start, end) if text[place].isalnum()}


@pytest.mark.parametrize("marked", _texts("numbers_told.txt"), ids=lambda each: re.sub(r"\W+", " ", each.text)[-60:])
def test_is_told_whole_and_alone(marked: Marked) -> None:
    found = detect(marked.text)
    for kind in _TYPES:
        wanted = _letters(marked.text, [(start, end) for each, start, end in marked.places if each == kind])
        told = [each.stretches for each in found if each.type == kind]
        covered = _letters(marked.text, [stretch for stretches in told for stretch in stretches])
        assert wanted <= covered
        assert all(wanted & _letters(marked.text, list(stretches)) for stretches in told)


@pytest.mark.parametrize("marked", _texts("numbers_not_told.txt"), ids=lambda each: re.sub(r"\W+", " ", each.text)[-60:])
def test_other_numbers_are_not_told(marked: Marked) -> None:
    assert [(each.type, marked.text[each.start : each.end]) for each in detect(marked.text) if each.type in _TYPES] == []
