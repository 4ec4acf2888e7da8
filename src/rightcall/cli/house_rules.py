"""`rightcall rules`: house rules of your own, checked, drafted, tried on what happened, and adopted by two people."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from rightcall.actors import Actor
from rightcall.canonical import Json
from rightcall.cli.answering import answer_here
from rightcall.cli.as_json import Commands
from rightcall.cli.drafts import DEPLOYMENT, draft_of, older_of
from rightcall.cli.drift import AllOption, document, drift_shown, told
from rightcall.cli.exits import answer_no
from rightcall.cli.lapses import ended, foretold
from rightcall.cli.lawful import warn_of_upkeep
from rightcall.cli.mutants import mutants
from rightcall.cli.place import ControllerOption, DataOption, JsonOption, controller_of, database_of
from rightcall.cli.replay import replay
from rightcall.cli.signed_in import SignedIn, TokenOption, signed_in
from rightcall.cli.words import words
from rightcall.clock import Clock, SystemClock, day_of
from rightcall.database.connection import Database, Transaction
from rightcall.errors import Malformed, NotFound
from rightcall.later import later
from rightcall.policy import adopting
from rightcall.policy.adoption.comparing import said
from rightcall.policy.adoption.model import Draft, Replayed, RuleChange
from rightcall.policy.in_force import in_force
from rightcall.policy.loading import check, check_rules, law_of, load_rules, read_folder
from rightcall.policy.model import Axis, RuleSet
from rightcall.policy.near import near
from rightcall.policy.showing import Shown, proposal_in_force, shown_in_force, shown_of_draft
from rightcall.policy.texts import Proposal
from rightcall.policy.trying.drift import Drift
from rightcall.policy.trying.scenarios import Scenario
from rightcall.reviews import lapsing
from rightcall.settings import Settings, load_settings
from rightcall.staff.model import Deed

_draft_shape = later("rightcall.api.house_rules:get_draft")
_history = later("rightcall.api.house_rules:history")
_rules_shape = later("rightcall.api.house_rules:list_rules")

_MOST_SHOWN = 5
app = Commands(no_args_is_help=True, help="House rules: what they stop, and yours instead; two adopt them.")
FolderArgument = Annotated[Path, typer.Argument(exists=True, file_okay=False, help="Folder with .cedar files.")]
DraftArgument = Annotated[str, typer.Argument(help="The draft's id, or as much of it as tells it apart.")]
FromOption = Annotated[
    datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day (UTC) they hold. Left out: at once.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a command works with that somebody signed in to."""

    database: Database
    clock: Clock
    rules: RuleSet
    who: SignedIn

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        with self.database.transaction(self.who.controller) as tx:
            yield tx


@app.callback()
def _rules() -> None:
    """House rules: what they stop, and yours instead; two adopt them."""


@app.command("check")
def check_folder(
    folder: FolderArgument,
    every: AllOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, faults and situations.")] = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Check the rules in FOLDER and their scenarios, and show which of the situations that come with Rightcall come out otherwise
    than they expect; with --controller or --data also those that come out otherwise than by the rules in force there. Prints a
    line for each fault; ends with 1 where there is one."""
    with words().status("Checking the rules and their scenarios…"):
        findings = check_rules(folder)
    drift = None if findings else _drift_of_folder(folder, controller, data)
    if as_json:
        faults: list[Json] = [asdict(each) for each in findings]
        found = None if drift is None else document(drift, every=every)
        print(json.dumps({"findings": faults, "drift": found}, indent=2, ensure_ascii=False))
    else:
        print("\n".join([*(str(each) for each in findings), *([] if drift is None else told(drift, every=every))]))
    if findings:
        raise answer_no()
    warn_of_upkeep(SystemClock(), load_rules(folder))
    words().print("The rules are in order: every file loads, every scenario comes out as it says, and nothing contradicts.")


def _drift_of_folder(folder: Path, controller: str | None, data: Path | None) -> Drift:
    """Against what is in force where the command was told where."""
    proposal, _ = read_folder(folder)
    if controller is None and data is None:
        return drift_shown(proposal, load_rules(), None)
    settings = load_settings(data=data)
    rules = load_rules(settings.rules)
    with database_of(settings) as database, database.transaction(controller_of(database, controller).id) as tx:
        standing = in_force(tx, SystemClock(), rules)
    return drift_shown(proposal, rules, standing)


@app.command()
def copy(
    folder: Annotated[Path, typer.Argument(help="A new folder.")],
    older: Annotated[
        str | None, typer.Option("--of", help=f"Instead of those in force: of an adoption, or `{DEPLOYMENT}` for where it began.")
    ] = None,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Write the house rules in force and their scenarios into FOLDER, to begin your own with; with --of others than these."""
    settings = load_settings(data=data)
    rules = load_rules(settings.rules)
    with database_of(settings) as database, database.transaction(controller_of(database, controller).id) as tx:
        if older is None:
            proposal = proposal_in_force(tx, in_force(tx, SystemClock(), rules), settings.rules)
        else:
            proposal = adopting.older(tx, older_of(tx, older), settings.rules)
    try:
        (folder / "scenarios").mkdir(parents=True)
        for place, texts in ((folder, proposal.files), (folder / "scenarios", proposal.scenarios)):
            for each in texts:
                (place / each.file).write_text(each.text, encoding="utf-8")
    except OSError as error:
        raise Malformed(f"The folder cannot be written ({error.strerror}). Name one that is not there yet.") from error
    words().print(f"{len(proposal.files)} files of rules and {len(proposal.scenarios)} scenarios are in {folder}.")


@app.command()
def draft(
    token: TokenOption,
    folder: Annotated[Path | None, typer.Argument(exists=True, file_okay=False, help="Folder with .cedar files.")] = None,
    again: Annotated[
        str | None,
        typer.Option(help=f"Instead of FOLDER: an adoption whose rules are to come back, or `{DEPLOYMENT}` for where it began."),
    ] = None,
    first_day: FromOption = None,
    every: AllOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Propose the rules in FOLDER as the house rules of a controller, and print what they change, rule by rule, and which of the
    situations that come with Rightcall come out otherwise. The draft's id is the last line. Ends with 1, and keeps nothing,
    where anything is wrong with them."""
    if (folder is None) == (again is None):
        raise Malformed("Name either a folder with the proposed rules, or with --again an adoption whose rules are to come back.")
    settings = load_settings(data=data)
    with _desk(settings, token, Deed.DRAFT_RULES, controller) as desk:
        day = None if first_day is None else first_day.date()
        by = desk.who.actor
        proposal = None if folder is None else _in_order(folder, desk.rules)
        with desk.transaction() as tx:
            proposal = proposal or adopting.older(tx, older_of(tx, again or ""), settings.rules)
            made = adopting.draft_rules(tx, desk.clock, desk.rules, proposal, by=by, in_force_from=day)
        with desk.transaction() as tx:
            changes = adopting.changes_of(tx, desk.rules, made)
            standing = in_force(tx, desk.clock, desk.rules)
            ends = lapsing.by_rules(tx, desk.clock, desk.rules, adopting.proposed_rules(made, desk.rules))
        drift = drift_shown(made.proposal, desk.rules, standing)
    print("\n".join([*(said(changes) or ["This changes nothing."]), foretold(ends), *told(drift, every=every)]))
    words().print("Drafted. Now replay it, and then two people in different roles adopt it. Its id:")
    print(made.id)


@app.command()
def adopt(
    token: TokenOption,
    draft: DraftArgument,
    every: AllOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Say yes to a draft. The second yes, of another person in another role, adopts it. Prints what it changes, rule by rule, and
    which of the situations that come with Rightcall come out otherwise."""
    with _desk(load_settings(data=data), token, Deed.ADOPT_RULES, controller) as desk:
        with desk.transaction() as tx:
            found = draft_of(tx, draft)
            changes = adopting.changes_of(tx, desk.rules, found)
            standing = in_force(tx, desk.clock, desk.rules)
            ends = lapsing.by_rules(tx, desk.clock, desk.rules, adopting.proposed_rules(found, desk.rules))
            signed = adopting.sign(tx, desk.clock, desk.rules, found.id, by=desk.who.actor)
        drift = drift_shown(found.proposal, desk.rules, standing)
    print("\n".join([*(said(changes) or ["This changes nothing."]), *told(drift, every=every)]))
    if signed.adoption is None:
        print(foretold(ends))
        print(f"Signed by {desk.who.actor.role}. It is adopted when somebody in another role says yes too.")
    else:
        at_once = signed.adoption.in_force_at == signed.adoption.adopted_at
        print(f"Adopted. In force {'now' if at_once else f'from {signed.adoption.in_force_at:%Y-%m-%d}'}.")
        if ends:
            print(ended(ends) if at_once else foretold(ends))
        print(signed.adoption.id)


@app.command()
def withdraw(token: TokenOption, draft: DraftArgument, controller: ControllerOption = None, data: DataOption = None) -> None:
    """Take back a draft that is not adopted: it can no longer be signed."""
    with _desk(load_settings(data=data), token, Deed.ADOPT_RULES, controller) as desk, desk.transaction() as tx:
        adopting.withdraw(tx, desk.clock, draft_of(tx, draft).id, by=desk.who.actor)
    words().print("Withdrawn.")


@app.command()
def history(as_json: JsonOption = False, controller: ControllerOption = None, data: DataOption = None) -> None:
    """Print what was adopted, newest first, with who, when and what it changed, down to the house rules of the deployment, where
    it began; then the drafts that are open."""
    if as_json:
        answer_here(_history, controller, data)
        return
    settings = load_settings(data=data)
    rules, clock = load_rules(settings.rules), SystemClock()
    with database_of(settings) as database, database.transaction(controller_of(database, controller).id) as tx:
        entries, drafts = adopting.history(tx, rules), adopting.drafts(tx)
        current = in_force(tx, clock, rules)
    for entry in entries:
        adoption = entry.adoption
        mark = "  (in force)" if adoption.id == current.adoption else ""
        print(f"{adoption.id}  in force from {adoption.in_force_at:%Y-%m-%d %H:%M} UTC{mark}")
        print(f"    adopted {adoption.adopted_at:%Y-%m-%d %H:%M} UTC by {_who(adoption.first)} and {_who(adoption.second)}")
        print(f"    house rules {adoption.house.hex()}  all rules {adoption.rule_set.hex()}")
        print(f"    draft {adoption.draft}  ledger statement {adoption.statement}")
        print("\n".join(f"    {line}" for line in said(entry.changes)) or "    This changed nothing.")
    came_with = "that come with Rightcall" if settings.rules is None else f"in {settings.rules}"
    print(f"{DEPLOYMENT}  where it began: the house rules {came_with}{'  (in force)' if current.adoption is None else ''}")
    print(f"    house rules {adopting.deployment_digest(rules).hex()}")
    if not entries:
        print("Nothing was adopted.")
    if current.unreadable:
        print("The adopted rules cannot be read any more: what is right cannot be told until others are adopted.")
    for each in drafts:
        if each.adoption is None and each.withdrawn_at is None:
            print(f"Open: {_headline(each)}")


@app.command()
def show(
    rule: Annotated[str | None, typer.Argument(help="A rule's id, of law too. Left out: all house rules.")] = None,
    draft: Annotated[str | None, typer.Option("--draft", help="As they would be with this draft.")] = None,
    every: AllOption = False,
    as_json: JsonOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Print rules in plain words, with the scenarios that each stops and lets through; with --draft first what the draft changes,
    rule by rule, and which of the situations that come with Rightcall come out otherwise, then the rules that it adds or changes
    (with --all, all others too)."""
    if as_json:
        answer_here(lambda door: _shape_of(door, rule, draft), controller, data)
        return
    settings = load_settings(data=data)
    rules = load_rules(settings.rules)
    about, changes = list[str](), list[RuleChange]()
    with database_of(settings) as database, database.transaction(controller_of(database, controller).id) as tx:
        standing = in_force(tx, SystemClock(), rules)
        named = None if draft is None else draft_of(tx, draft)
        if named is None:
            found = shown_in_force(tx, SystemClock(), rules, settings.rules)
        else:
            found = shown_of_draft(tx, rules, named.id)
            changes = adopting.changes_of(tx, rules, named)
            about = _about(named, changes, adopting.replays(tx, named.id))
            about.append(foretold(lapsing.by_rules(tx, SystemClock(), rules, adopting.proposed_rules(named, rules))))
    chosen = [each for each in found if each.rule.id == rule or (rule is None and each.rule.axis is Axis.HOUSE)]
    if not chosen:
        meant = near(rule or "", (each.rule.id for each in found))
        raise NotFound(f"There is no such rule.{meant} `rightcall rules show` without a name prints the house rules.")
    if named is not None:
        about.append("\n".join(told(drift_shown(named.proposal, rules, standing), every=every)))
    others = [] if named is None or rule is not None or every else _unchanged(chosen, changes)
    print("\n\n".join([*about, *(_told(each) for each in chosen if each not in others), *_left_out(others)]))


def _shape_of(door: Any, rule: str | None, draft: str | None) -> Any:
    if draft is not None:
        return _draft_shape(door, door.run(lambda tx: draft_of(tx, draft)).id)
    return _rules_shape(door, Axis.HOUSE if rule is None else None, rule)


def _unchanged(found: Sequence[Shown], changes: Sequence[RuleChange]) -> list[Shown]:
    """Nobody finds the rule that is to be signed among all that stay as they are."""
    changed = {each.rule for each in changes}
    return [each for each in found if each.rule.id not in changed]


def _left_out(others: Sequence[Shown]) -> list[str]:
    return [f"{len(others):,} other house rules stay as they are; --all prints them too."] if others else []


app.command()(replay)
app.command()(mutants)


@contextmanager
def _desk(settings: Settings, token: str, deed: Deed, controller: str | None) -> Iterator[Desk]:
    clock = SystemClock()
    with words().status("Reading the rules…"):
        rules = load_rules(settings.rules)
    with database_of(settings) as database:
        who = signed_in(database, clock, token, deed, controller)
        yield Desk(database=database, clock=clock, rules=rules, who=who)


def _in_order(folder: Path, rules: RuleSet) -> Proposal:
    """What is proposed there; where anything is wrong with it, that is said, and the answer is no."""
    with words().status("Checking the rules and their scenarios…"):
        proposal, findings = read_folder(folder)
        findings = findings or check(proposal, law_of(rules))
    for finding in findings:
        print(finding)
    if findings:
        raise answer_no()
    return proposal


def _about(draft: Draft, changes: Sequence[RuleChange], replays: Sequence[Replayed]) -> list[str]:
    """What somebody who is to sign it wants to know first."""
    tried = [
        f"Replayed on {each.at:%Y-%m-%d %H:%M} UTC over {(each.until - each.since).days} days: {each.verdicts:,} verdicts,"
        f" {each.changed:,} would change, {each.left_out:,} could not be replayed."
        for each in replays
    ]
    changed = "\n".join(said(changes)) or "It changes nothing."
    return [_headline(draft), changed, "\n".join(tried) or "It was not replayed yet: nobody can sign it."]


def _headline(draft: Draft) -> str:
    signed = ", ".join(_who(signature.by) for signature in draft.signatures) or "nobody"
    first = "at once" if draft.in_force_from is None else f"from {draft.in_force_from}"
    return f"Draft {draft.id}  of {_who(draft.by)} on {day_of(draft.drafted_at)}, to hold {first}; signed by {signed}"


def _who(actor: Actor) -> str:
    return f"{actor.role} {actor.id}"


def _told(shown: Shown) -> str:
    rule = shown.rule
    lines = [
        f"{rule.id}{'  (charter: always holds)' if shown.kept else ''}",
        f"  says       {rule.says}",
        f"  instead    {rule.instead}",
        f"  {'cite ' if rule.axis is Axis.LAW else 'value'}      {rule.ground}",
        f"  owner      {rule.owner}",
        f"  where      {', '.join(sorted(rule.jurisdictions)) or 'everywhere'}",
        f"  acts       {', '.join(sorted(rule.acts))}",
        f"  condition  {shown.condition}",
        f"  since      in force since {rule.in_force_from}, last checked {rule.last_checked}",
        *([f"  reading    {rule.confidence}"] if rule.axis is Axis.LAW else []),
    ]
    return "\n".join([*lines, *_some("stops", shown.stops), *_some("lets", shown.lets_through)])


def _some(word: str, scenarios: Sequence[Scenario]) -> list[str]:
    """A house's own come first."""
    lines = [f"  {word:<10} {each.told} ({each.file})" for each in scenarios[:_MOST_SHOWN]]
    left = len(scenarios) - len(lines)
    return [*lines, f"  {'':<10} … and {left:,} more"] if left else lines
