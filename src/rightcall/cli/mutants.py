"""`rightcall rules mutants`: whether the scenarios of a folder would notice a mistake in one of its rules."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from rightcall.cli.words import words
from rightcall.policy.loading import try_folder
from rightcall.policy.trying.mutation import Tally, score


def mutants(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="Folder with .cedar files.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Put one mistake after another into the rules in FOLDER, and print which of them its scenarios would not notice."""
    with words().status("Trying the scenarios on rules with a mistake in them…"):
        tallies = try_folder(folder)
    if as_json:
        print(json.dumps(_document(tallies), indent=2, ensure_ascii=False))
    else:
        print("\n".join(told(tallies)))


def told(tallies: Sequence[Tally]) -> list[str]:
    """A line for each rule, and below it the mistakes in it that nobody would see; then what that comes to."""
    width = max((len(each.rule) for each in tallies), default=0)
    lines = [f"{'rule':<{width}}  {'noticed':>7}  {'unnoticed':>9}"]
    for each in tallies:
        lines.append(f"{each.rule:<{width}}  {each.noticed:>7,}  {len(each.unnoticed):>9,}")
        lines += [f"    nobody would notice: {change}" for change in each.unnoticed]
    unnoticed = sum(len(each.unnoticed) for each in tallies)
    tried = unnoticed + sum(each.noticed for each in tallies)
    lines += ["", f"{tried - unnoticed:,} of {tried:,} mistakes would be noticed ({score(tallies):.0%})."]
    if unnoticed:
        lines.append(
            "Each of the others wants a scenario that comes out otherwise by it: one just on either side of the condition."
        )
    return lines


def _document(tallies: Sequence[Tally]) -> dict[str, object]:
    return {
        "score": round(score(tallies), 4),
        "rules": [
            {"rule": each.rule, "noticed": each.noticed, "no_mistake": each.same, "unnoticed": list(each.unnoticed)}
            for each in tallies
        ],
    }
