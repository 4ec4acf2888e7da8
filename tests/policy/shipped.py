"""The scenarios that come with Rightcall, read once in a run."""

from functools import cache
from pathlib import Path

from rightcall import policy
from rightcall.policy.loading import read_scenarios
from rightcall.policy.model import Finding
from rightcall.policy.trying.scenarios import Scenario

PACKAGE = Path(policy.__file__).parent
HOUSE, CHARTER, CORPUS = PACKAGE / "house" / "scenarios", PACKAGE / "charter" / "scenarios", PACKAGE / "corpus"
FOLDERS = (HOUSE, CHARTER, CORPUS)


def shipped(*folders: Path) -> list[Scenario]:
    return [scenario for folder in folders for scenario in _read(folder)[0]]


def findings_in(*folders: Path) -> list[Finding]:
    """What is wrong with the files that are no scenarios."""
    return [finding for folder in folders for finding in _read(folder)[1]]


@cache
def _read(folder: Path) -> tuple[list[Scenario], list[Finding]]:
    return read_scenarios(folder)
