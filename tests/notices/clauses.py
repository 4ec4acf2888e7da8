"""One sentence more: a notice without a fault in each language, and sentences by which it stays fair or becomes void.

They hold what the whole notices of the corpus are too few to hold: silence that counts as a no, service that stays the same,
said in many ways; and the same said the other way round. Of a fair sentence nothing may be found. `bad` are sentences by the
rule that is to be found in them; other rules may be found in them, too.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from rightcall.purposes.faults import VOID
from rightcall.purposes.fitting import Wording, fit

FOLDER = Path(__file__).parent / "clauses"
PARTS = ("tuning", "held_out", "held_out_again")


class Clauses(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    notice: str
    fair: Sequence[str]
    bad: Mapping[str, Sequence[str]]


@dataclass(slots=True)
class Heard:
    """`refused`: fair sentences by which the notice would not be published. `doubted`: those of which anything else was found.
    `passed`: bad ones of which nothing was found. `not_refused`: void ones that would be published, and at least warned of."""

    fair: int = 0
    bad: int = 0
    refused: list[str] = field(default_factory=list)
    doubted: list[str] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)
    not_refused: list[str] = field(default_factory=list)


def clauses(part: str) -> dict[str, Clauses]:
    """By language."""
    files = sorted((FOLDER / part).glob("*.toml"))
    return {file.stem: Clauses.model_validate(tomllib.loads(file.read_text(encoding="utf-8"))) for file in files}


def found_with(language: str, notice: str, sentence: str) -> frozenset[str]:
    """What is wrong with the notice and its sentence more, but for how long it is."""
    found = {fault.kind.rule for fault in fit(Wording(text=f"{notice} {sentence}", language=language)).faults}
    return frozenset(found - {"plain.too_long"})


def heard(part: str) -> Heard:
    total = Heard()
    for language, each in clauses(part).items():
        for sentence in each.fair:
            _hear_fair(total, found_with(language, each.notice, sentence), f"{language}: {sentence}")
        for rule, sentences in each.bad.items():
            for sentence in sentences:
                _hear_bad(total, rule, found_with(language, each.notice, sentence), f"{language}: {sentence}")
    return total


def _hear_fair(total: Heard, found: frozenset[str], said: str) -> None:
    total.fair += 1
    if found & VOID:
        total.refused.append(said)
    elif found:
        total.doubted.append(said)


def _hear_bad(total: Heard, rule: str, found: frozenset[str], said: str) -> None:
    total.bad += 1
    if not found:
        total.passed.append(said)
    elif rule in VOID and not found & VOID:
        total.not_refused.append(said)


def said_of(part: str) -> str:
    """As Markdown, for the reference."""
    total = heard(part)
    return (
        f"{total.fair} fair sentences: {len(total.refused)} refused, {len(total.doubted)} doubted."
        f" {total.bad} bad sentences: {len(total.passed)} with nothing found, {len(total.not_refused)} void ones warned of and"
        " published."
    )
