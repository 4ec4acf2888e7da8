"""House rules to propose in tests: the example of the how-to, alone and with changes, so that it stays true."""

import re
from pathlib import Path

from rightcall.policy.texts import Proposal, Text

HOWTO = (Path(__file__).parents[2] / "docs" / "howto" / "house-rules.md").read_text(encoding="utf-8")
MARKETING = "house.marketing_is_not_for_agents"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", HOWTO, re.DOTALL)


def example() -> Proposal:
    (rule,) = blocks("cedar")
    return Proposal(
        files=(Text(file="mine.cedar", text=rule),),
        scenarios=tuple(Text(file=f"{number}.toml", text=text) for number, text in enumerate(blocks("toml"))),
    )


def changed(old: str, new: str, *, also_scenarios: bool = False) -> Proposal:
    """The example with one text for another in its rules, or in its scenarios too."""
    whole = example()
    assert any(old in each.text for each in whole.files)
    return Proposal(
        files=tuple(Text(file=each.file, text=each.text.replace(old, new)) for each in whole.files),
        scenarios=tuple(
            Text(file=each.file, text=each.text.replace(old, new) if also_scenarios else each.text) for each in whole.scenarios
        ),
    )


def written(proposal: Proposal, folder: Path) -> Path:
    """As a folder of files."""
    (folder / "scenarios").mkdir(parents=True)
    for text in proposal.files:
        (folder / text.file).write_text(text.text, encoding="utf-8")
    for text in proposal.scenarios:
        (folder / "scenarios" / text.file).write_text(text.text, encoding="utf-8")
    return folder
