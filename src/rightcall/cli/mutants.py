"""`rightcall rules mutants`: whether the scenarios of a folder would notice a mistake in one of its rules."""

import json
from pathlib import Path
from typing import Annotated

import typer

from rightcall.cli.words import words
from rightcall.policy.loading import try_folder
from rightcall.policy.trying.mutation import score


def mutants(folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="Folder with .cedar files.")]) -> None:
    """Put one mistake after another into the rules in FOLDER, and print as JSON which of them its scenarios would not notice."""
    with words().status("Trying the scenarios on rules with a mistake in them…"):
        tallies = try_folder(folder)
    document = {
        "score": round(score(tallies), 4),
        "rules": [
            {"rule": each.rule, "noticed": each.noticed, "no_mistake": each.same, "unnoticed": list(each.unnoticed)}
            for each in tallies
        ],
    }
    print(json.dumps(document, indent=2, ensure_ascii=False))
