"""docs/reference/law.md: each fact of the floor has rules that there are, or what else holds it; and no rule is left out."""

import re
from pathlib import Path

import pytest

from rightcall.policy.loading import PACKS, load_rules
from rightcall.policy.model import Axis

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "reference" / "law.md").read_text(encoding="utf-8")
FACTS = [
    "consent.demonstrable", "consent.separable", "consent.withdrawal", "consent.free", "consent.granular", "consent.unambiguous",
    "consent.informed", "consent.refusal_burden", "consent.imbalance", "consent.children", "recording.training_needs_consent",
    "recording.both_parties", "recording.fr_contract", "recording.fr_training_retention", "uk.lia_first", "inform.direct",
    "inform.indirect", "access", "rectify", "erase", "restrict", "port", "object", "clock", "notify_recipients",
    "erasure.exceptions", "minimisation", "storage_limitation", "purpose_limitation", "accountability", "records", "by_design",
    "dpia", "breach", "supervision 2026", "mifid.record", "pci.sad", "pci.pan", "us.federal", "us.all_party", "us.cross_state",
    "us.ccpa", "us.tcpa", "us.hipaa", "ai.emotion_work", "ai.emotion_inform", "ai.bot_inform", "biometric",
    "sanitise.crypto_erase", "sanitise.levels", "backups", "receipt.fields", "privacy.notice", "privacy.by_design.consumer",
    "ethics.process",
]  # fmt: skip
LAW = {rule.id: rule for rule in load_rules().rules if rule.axis is Axis.LAW}


def rows(heading: str) -> list[list[str]]:
    section = TEXT.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


HELD = {row[0]: row for row in rows("The facts, and which rules hold them")}


def test_every_fact_has_a_row_of_its_own() -> None:
    assert list(HELD) == FACTS


@pytest.mark.parametrize("fact", FACTS)
def test_its_rules_are_there_or_something_else_holds_it(fact: str) -> None:
    _, rules, product = HELD[fact]
    assert (rules == "none") == (quoted(rules) == [])
    assert set(quoted(rules)) <= LAW.keys()
    assert quoted(rules) or quoted(product)
    assert [path for path in quoted(product) if not (ROOT / path).exists()] == []


def test_no_rule_of_law_is_left_out() -> None:
    named = {each for row in [*HELD.values(), *rows("Rules beyond that list")] for each in quoted(row[1])}
    assert named <= LAW.keys()
    by_its_own_law = {f"uk.{each}" for each in named}
    assert LAW.keys() - named - by_its_own_law == set()


def test_the_files_are_those_that_come_with_it() -> None:
    lines = [line for line in TEXT.split("## ")[0].splitlines() if line.startswith("| `")]
    assert {file for line in lines for file in quoted(line.split("|")[1])} == PACKS


def test_the_terms_are_those_of_the_rules() -> None:
    told = {int(days) for row in rows("Terms that it sets") for days in row[2].split(",")}
    assert told == {duty.days for rule in LAW.values() for duty in rule.duties if duty.days is not None}
