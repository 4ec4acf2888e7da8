"""The corpora: the same seed makes the same texts, labels lie on their values, and what the page says is found is found."""

import re
from pathlib import Path

import pytest

from rightcall.bench._corpora.weighing import Span, Tally, weigh
from rightcall.bench._corpora.writing import PARTS, cards_calls, documents
from rightcall.discovery.detection.rules import detect

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "detection.md"
SEED, MANY = 20261125, 200
_ROW = re.compile(r"\| `([a-z_]+)` \| ([0-9.]+|–) \| ([0-9.]+|–) \| ([0-9.]+|–) \| ([0-9.]+|–) \|")


def ours(text: str) -> list[tuple[str, tuple[Span, ...]]]:
    return [(str(each.type), each.stretches) for each in detect(text)]


def promised() -> dict[str, tuple[float, ...]]:
    """By type: recall and precision on the seen part, and on the held-out part."""
    rows = _ROW.findall(PAGE.read_text(encoding="utf-8"))
    return {kind: tuple(0.0 if each == "–" else float(each) for each in figures) for kind, *figures in rows}


@pytest.fixture(scope="module")
def measured() -> dict[str, dict[str, Tally]]:
    return {part: dict(weigh(documents(part, MANY, SEED), ours).by_type) for part in PARTS}


def test_the_page_names_each_type_of_the_corpora(measured: dict[str, dict[str, Tally]]) -> None:
    there = {kind for tallies in measured.values() for kind, tally in tallies.items() if tally.there}
    assert there == set(promised())


@pytest.mark.parametrize("kind", sorted(promised()))
def test_at_least_as_much_is_found_and_as_little_is_wrong_as_the_page_says(
    kind: str, measured: dict[str, dict[str, Tally]]
) -> None:
    figures = promised()[kind]
    for place, part in enumerate(PARTS):
        tally = measured[part].get(kind, Tally())
        assert (tally.recall or 0.0) >= figures[2 * place], part
        assert (1.0 if tally.precision is None else tally.precision) >= figures[2 * place + 1], part


@pytest.mark.parametrize("part", PARTS)
def test_no_code_of_a_card_is_missed_where_a_card_is_paid_with(part: str) -> None:
    weighed = weigh(cards_calls(part, MANY, SEED), ours)
    missed = [each.label for each in weighed.missed if each.label.type in ("card_code", "payment_card")]
    assert missed == []


def test_the_same_seed_makes_the_same_texts_and_labels_lie_on_values() -> None:
    first, again = list(documents("seen", 20, 7)), list(documents("seen", 20, 7))
    assert first == again
    assert first != list(documents("seen", 20, 8))
    for each in first:
        for label in each.labels:
            assert label.parts == tuple(sorted(label.parts))
            for start, end in label.parts:
                assert each.text[start:end] == each.text[start:end].strip() != ""


def test_a_detector_that_finds_nothing_and_one_that_is_always_wrong_are_told() -> None:
    texts = list(documents("seen", 10, 7))
    nothing = weigh(texts, lambda _: [])
    assert all(tally.recall == 0 for tally in nothing.by_type.values())
    assert len(nothing.missed) == sum(len(each.labels) for each in texts)
    wrong = weigh(texts, lambda _: [("phone", ((0, 3),))])
    assert wrong.by_type["phone"].precision == 0
