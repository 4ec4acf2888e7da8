"""`rightcall consent`: what the yeses are worth, by purpose and version of the words. Counts alone; nobody is named."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Annotated

import typer

from rightcall.api.named import keys_of
from rightcall.canonical import Json
from rightcall.cli.as_json import Commands
from rightcall.cli.place import ControllerOption, DataOption, ObjectOption, controller_of, database_of
from rightcall.cli.words import words
from rightcall.clock import SystemClock
from rightcall.consent.model import Quality
from rightcall.consent.quality import actions as quality
from rightcall.consent.quality.model import Tally
from rightcall.consent.quality.rules import KINDS
from rightcall.ids import PurposeId
from rightcall.settings import load_settings

app = Commands(no_args_is_help=True, help="Consent: what the yeses are worth.")


@app.callback()
def _consent() -> None:
    """Consent."""


@app.command("quality")
def show_quality(
    since: Annotated[int, typer.Option(min=1, max=36_525, help="How many days back.")] = 30,
    as_json: ObjectOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Show how many yeses of the last days are valid, doubtful and void, by purpose and notice, and why."""
    settings = load_settings(data=data)
    with database_of(settings) as database:
        chosen = controller_of(database, controller)
        with words().status("Counting the yeses…"), database.transaction(chosen.id) as tx:
            found = quality.tallies(tx, SystemClock().now() - timedelta(days=since))
            keys = keys_of(tx)
    found.sort(key=lambda each: (keys[each.purpose], each.language, each.version))
    if as_json:
        print(json.dumps({"days": since, "notices": [_document(each, keys) for each in found]}, indent=2))
    else:
        _show(found, keys, since)


def _show(found: Sequence[Tally], keys: Mapping[PurposeId, str], days: int) -> None:
    if not found:
        print(f"Nobody said yes to anything in the last {days} days.")
    for key, notices in groupby(found, key=lambda each: keys[each.purpose]):
        print(key)
        for each in notices:
            counts = ", ".join(f"{each.counts.get(worth, 0):,} {worth.value}" for worth in Quality)
            kept = f"; {each.quarantined:,} in quarantine" if each.quarantined else ""
            print(f"  {each.language}, version {each.version}: {counts}{kept}")
            for finding, number in sorted(each.findings.items(), key=lambda it: (-it[1], it[0])):
                print(f"    {number:>8,}  {KINDS[finding].weight.value:<8}  {finding.value}: {KINDS[finding].says}")
        print()


def _document(tally: Tally, keys: Mapping[PurposeId, str]) -> Mapping[str, Json]:
    return {
        "purpose": keys[tally.purpose],
        "notice": str(tally.notice),
        "language": tally.language,
        "version": tally.version,
        **{worth.value: tally.counts.get(worth, 0) for worth in Quality},
        "quarantined": tally.quarantined,
        "findings": [
            {
                "rule": finding.value,
                "yeses": number,
                "weight": KINDS[finding].weight.value,
                "says": KINDS[finding].says,
                "cite": KINDS[finding].cite,
            }
            for finding, number in sorted(tally.findings.items())
        ],
    }
