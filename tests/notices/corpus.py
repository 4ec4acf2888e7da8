"""Notices of our own, good and bad, one file each, with what a privacy lawyer would find in them.

`tuning` is what the cues were written by. `held_out` was written, with its findings, after the cues were, and they were not
changed by it: what it measures is what a notice that nobody has seen would meet. Each file says `about`, `language`, `text`,
`finds` (every rule, and no other), and may say `keypad`, `controller`, `purpose`, and `spans`: words that a rule's finding must
hold.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from rightcall.purposes.faults import NO_NOTICE, OF_ANY_LANGUAGE, OF_WORDING, WITHOUT_A_CHOICE, Fault
from rightcall.purposes.fitting import Fitting, Wording, fit
from rightcall.purposes.model import Keypad

FOLDER = Path(__file__).parent
PARTS = ("tuning", "held_out")
RULES = sorted(kind.rule for kind in (*OF_ANY_LANGUAGE, *OF_WORDING, *WITHOUT_A_CHOICE, NO_NOTICE))


class Keys(BaseModel):
    yes: str
    no: str


class Example(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    about: str
    language: str
    text: str
    finds: frozenset[str]
    controller: str | None = None
    purpose: str | None = None
    keypad: Keys | None = None
    spans: Mapping[str, str] = {}

    def wording(self) -> Wording:
        keypad = None if self.keypad is None else Keypad(yes=self.keypad.yes, no=self.keypad.no)
        return Wording(text=self.text, language=self.language, keypad=keypad, controller=self.controller, purpose=self.purpose)

    def fitted(self) -> Fitting:
        return fit(self.wording())


def examples(part: str) -> dict[str, Example]:
    """By file name."""
    files = sorted((FOLDER / part).glob("*.toml"))
    return {file.stem: Example.model_validate(tomllib.loads(file.read_text(encoding="utf-8"))) for file in files}


@dataclass(slots=True)
class Tally:
    """Of one rule: rightly found, wrongly found, missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float | None:
        """None where it was never found."""
        found = self.right + self.wrong
        return self.right / found if found else None

    @property
    def recall(self) -> float | None:
        """None where it was never there to be found."""
        there = self.right + self.missed
        return self.right / there if there else None


@dataclass(slots=True)
class Measured:
    notices: int = 0
    rules: dict[str, Tally] = field(default_factory=dict)

    @property
    def all(self) -> Tally:
        return Tally(*(sum(getattr(tally, name) for tally in self.rules.values()) for name in ("right", "wrong", "missed")))


def rules_of(faults: Iterable[Fault]) -> frozenset[str]:
    return frozenset(fault.kind.rule for fault in faults)


def measure(found: Iterable[Example]) -> Measured:
    """A rule is found in a notice or is not, however often; notices are counted, not places."""
    right, wrong, missed = Counter[str](), Counter[str](), Counter[str]()
    notices = 0
    for example in found:
        rules = rules_of(example.fitted().faults)
        notices += 1
        right.update(rules & example.finds)
        wrong.update(rules - example.finds)
        missed.update(example.finds - rules)
    names = sorted({*RULES, *right, *wrong, *missed})
    tallies = {name: Tally(right=right[name], wrong=wrong[name], missed=missed[name]) for name in names}
    return Measured(notices=notices, rules=tallies)


def table(measured: Measured) -> str:
    """As Markdown, a line for each rule that there is and one for all; a rule that no notice breaks says so."""
    lines = ["| finding | rightly | wrongly | missed | precision | recall |", "|---|---|---|---|---|---|"]
    named = [(f"`{name}`", tally) for name, tally in measured.rules.items()]
    for name, tally in [*named, ("all", measured.all)]:
        figures = _figure(tally.precision, "–"), _figure(tally.recall, "none there")
        lines.append("| " + " | ".join((name, str(tally.right), str(tally.wrong), str(tally.missed), *figures)) + " |")
    return "\n".join(lines)


def _figure(share: float | None, otherwise: str) -> str:
    return otherwise if share is None else f"{share:.2f}"
