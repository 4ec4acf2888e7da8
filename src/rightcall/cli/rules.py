"""`rightcall rules`: house rules of your own, checked and tried before they are used."""

from pathlib import Path
from typing import Annotated

import typer

from rightcall.cli.exits import answer_no
from rightcall.cli.replay import replay
from rightcall.cli.words import words
from rightcall.policy.actions import check_rules

app = typer.Typer(no_args_is_help=True, help="House rules.")


@app.callback()
def _rules() -> None:
    """House rules."""


@app.command()
def check(folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="Folder with .cedar files.")]) -> None:
    """Check the rules in FOLDER and their scenarios. Prints a line for each fault; ends with 1 where there is one."""
    with words().status("Checking the rules and their scenarios…"):
        findings = check_rules(folder)
    for finding in findings:
        print(finding)
    if findings:
        raise answer_no()
    words().print("The rules are in order: every file loads, and every scenario comes out as it says.")


app.command()(replay)
