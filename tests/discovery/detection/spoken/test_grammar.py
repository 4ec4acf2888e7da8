"""Numbers as a grammar tells them, with a seed: who asks, groups, hesitations, what is mended and broken into. What no text has
is found by what a grammar makes; so many are found as stands here, and none of it is a matter of chance."""

from random import Random

import pytest

from rightcall.discovery.detection.rules import detect
from tests.discovery.detection.spoken.telling import LANGUAGES, Told, tell

MANY, SEED = 25, 20261126
LEAST = {"phone": 0.93, "iban": 0.88, "bank_code": 0.9, "bank_account": 0.85}


def told(language: str, kind: str) -> list[Told]:
    chance = Random(f"{SEED}{kind}{language}")  # noqa: S311  # sample text, not a secret
    return [tell(language, kind, chance) for _ in range(MANY)]


def is_found(each: Told) -> bool:
    found = [span for one in detect(each.text) if one.type == each.kind for span in one.stretches]
    value = each.spans[0]
    covered = sum(max(0, min(end, last) - max(start, first)) for start, end in value for first, last in found)
    return covered * 2 >= sum(end - start for start, end in value)


@pytest.mark.parametrize("kind", sorted(LEAST))
def test_most_are_found_however_they_are_told(kind: str) -> None:
    all_of_them = [each for language in LANGUAGES for each in told(language, kind)]
    missed = [each.text for each in all_of_them if not is_found(each)]
    assert len(missed) <= (1 - LEAST[kind]) * len(all_of_them), "\n".join(missed)


def test_the_same_seed_tells_the_same() -> None:
    assert told("en", "phone") == told("en", "phone")
    assert all(each.text[start:end].strip() for each in told("fr", "iban") for spans in each.spans for start, end in spans)
