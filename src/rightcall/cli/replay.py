"""`rightcall rules replay`: what proposed house rules would have changed, before they are adopted."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from rightcall.canonical import Json
from rightcall.cli.drafts import draft_of
from rightcall.cli.lapses import foretold
from rightcall.cli.place import ControllerOption, DataOption, ObjectOption, controller_of, database_of
from rightcall.cli.words import words
from rightcall.clock import SystemClock
from rightcall.database.connection import Database
from rightcall.errors import Breach, NotFound
from rightcall.ids import ControllerId
from rightcall.policy import adopting
from rightcall.policy.actions import load_rules
from rightcall.policy.in_force import in_force
from rightcall.policy.model import RuleSet
from rightcall.policy.replay import NOBODY, Kind, Report, Seen
from rightcall.policy.replaying import replay as replay_verdicts
from rightcall.policy.replaying import replay_draft
from rightcall.policy.reporting import document, total
from rightcall.purposes.model import Purpose
from rightcall.reviews import lapsing
from rightcall.settings import load_settings


def replay(
    proposed: Annotated[str, typer.Argument(help="A draft, by its id; or a folder with .cedar files.", metavar="DRAFT|FOLDER")],
    since: Annotated[int, typer.Option(min=1, max=36_525, help="How many days back.")],
    as_json: ObjectOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Decide the verdicts of the last days again with proposed house rules, and show what would change. What a draft's replay
    shows is kept with it: nobody can sign a draft without one."""
    settings = load_settings(data=data)
    folder = Path(proposed) if Path(proposed).is_dir() else None
    if folder is None and len(Path(proposed).parts) > 1:
        raise NotFound("There is no such folder. Name one with .cedar files, or a draft by its id.")
    with words().status("Reading the rules…"):
        rules = load_rules(settings.rules)
        rules_there = None if folder is None else load_rules(folder)
    with database_of(settings) as database:
        chosen = controller_of(database, controller)
        if rules_there is None:
            report, told = _of_draft(database, chosen.id, rules, proposed, since)
        else:
            report, told = _of_folder(database, chosen.id, rules, rules_there, since)
        ends = _ends(database, chosen.id, rules, rules_there, proposed)
    if as_json:
        print(json.dumps({"reviews_ended": [each.key for each in ends], **(told if isinstance(told, Mapping) else {})}, indent=2))
    else:
        _show(report)
        print(f"\n{foretold(ends)}")
    if report.drift:
        raise Breach(
            "The rules that gave these verdicts do not give them again. Nothing was changed. Keep the output, and tell the DPO"
            " and the engineers: until it is explained, no verdict of these rules can be relied on."
        )


def _of_draft(database: Database, controller: ControllerId, rules: RuleSet, given: str, days: int) -> tuple[Report, Json]:
    with database.transaction(controller) as tx:
        draft = draft_of(tx, given).id
    with _progress() as tell:
        report, kept = replay_draft(database, SystemClock(), controller, rules=rules, draft=draft, days=days, tell=tell)
    words().print("What this showed is kept with the draft.")
    return report, kept.report


def _of_folder(database: Database, controller: ControllerId, rules: RuleSet, proposed: RuleSet, days: int) -> tuple[Report, Json]:
    clock = SystemClock()
    with database.transaction(controller) as tx:
        now = in_force(tx, clock, rules).rules
    with _progress() as tell:
        report = replay_verdicts(database, clock, controller, proposed=proposed, in_force=now, days=days, tell=tell)
    return report, document(report, proposed, now)


def _ends(database: Database, controller: ControllerId, rules: RuleSet, there: RuleSet | None, given: str) -> list[Purpose]:
    """The purposes that would stop, since their review was judged by other rules."""
    with database.transaction(controller) as tx:
        proposed = adopting.proposed_rules(draft_of(tx, given), rules) if there is None else there
        return lapsing.by_rules(tx, SystemClock(), rules, proposed)


@contextmanager
def _progress() -> Iterator[Callable[[float, int], None]]:
    """How far along the days it is, and how many verdicts that were."""
    columns = (TextColumn("Replaying"), BarColumn(), TextColumn("{task.fields[seen]:,} verdicts"), TimeRemainingColumn())
    with Progress(*columns, console=words(), transient=True) as progress:
        task = progress.add_task("replay", total=1.0, seen=0)
        yield lambda part, seen: progress.update(task, completed=part, seen=seen)


def _show(report: Report) -> None:
    changed, left_out = total(report.changes), total(report.left_out)
    print(f"{report.verdicts:,} verdicts from {report.since:%Y-%m-%d} to {report.until:%Y-%m-%d}, decided again.")
    print(
        f"{report.as_before:,} as before, {changed:,} otherwise than by the rules in force today,"
        f" {left_out:,} could not be replayed."
    )
    _show_kinds(f"Would change, in {_calls(report.calls, many=report.many_calls)}:", report.changes)
    _show_kinds("Other than then already, by the rules in force today, whatever is proposed:", report.already)
    _show_seen("Could not be replayed:", report.left_out)
    print(f"\n{report.given_again - total(report.drift):,} were given again by the rules that gave them, with the same answer.")
    _show_seen("Could not be given again by them:", report.not_given_again)
    _show_seen(
        "Came out otherwise by the same rules, which is a defect:",
        {f"{rules[:16]}…  {was} -> {now}": seen for (rules, was, now), seen in report.drift.items()},
    )


def _show_kinds(heading: str, kinds: Mapping[Kind, Seen]) -> None:
    """By month and purpose: what, whose words, how it was and would be, how many verdicts and calls, and by which rules."""
    if kinds:
        print(f"\n{heading}")
    for kind, seen in sorted(kinds.items(), key=lambda each: (each[0].month, each[0].purpose, each[0].act, each[0].was)):
        way = f"{kind.was} -> {kind.would_be}" if kind.was != kind.would_be else f"{kind.was}, with other duties"
        whose = "" if kind.about == NOBODY else f" of {kind.about}s"
        calls = f" in {_calls(seen.calls, many=seen.many_calls)}" if seen.calls else ""
        print(
            f"  {kind.month}  {kind.purpose}  {kind.act}{whose}  {way}: {seen.count:,}{calls}"
            f"  by {_listed(seen.rules)}{_examples(seen)}"
        )


def _show_seen(heading: str, seen: Mapping[str, Seen]) -> None:
    if seen:
        print(f"\n{heading}")
    for why, each in sorted(seen.items()):
        print(f"  {why}: {each.count:,}{_examples(each)}")


def _examples(seen: Seen) -> str:
    return f"  e.g. {', '.join(str(each) for each in seen.examples)}"


def _listed(rules: set[str]) -> str:
    return ", ".join(sorted(rules)) or "no rule"


def _calls(calls: int, *, many: bool) -> str:
    return f"{calls:,} or more calls" if many else "1 call" if calls == 1 else f"{calls:,} calls"
