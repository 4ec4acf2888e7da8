"""`rightcall verdict`: may this be done? Asked of a situation on paper or on the record; and what was decided lately."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from pydantic import ValidationError

from rightcall.actors import PartyRole
from rightcall.api.door import Door
from rightcall.api.facts import QuestionForm, question_of
from rightcall.api.named import Keys, keys_of, purpose_of
from rightcall.api.verdicts import TurnableVerdictShape, summary_shape, turned_shapes, verdict_shape
from rightcall.cli.answering import answer_here, print_items
from rightcall.cli.as_json import Commands
from rightcall.cli.asking import Answered, by_which, on_paper, turning
from rightcall.cli.desk import let_in
from rightcall.cli.exits import answer_no
from rightcall.cli.place import ControllerOption, DataOption, JsonOption, ObjectOption, controller_of, database_of
from rightcall.cli.why import HELPS
from rightcall.cli.words import words
from rightcall.clock import SystemClock, day_of
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.errors import Malformed, NotFound, NotSignedIn
from rightcall.ids import VerdictId
from rightcall.later import later
from rightcall.policy import actions as policy
from rightcall.policy.counterfactual import Counterfactual, counterfactuals
from rightcall.policy.looking.actions import of_days, summary
from rightcall.policy.looking.model import Behind, Line, Summary
from rightcall.policy.model import Axis, Confidence, Duty, Outcome, RuleSet, Verdict
from rightcall.policy.otherwise import in_words
from rightcall.policy.unknown import not_known
from rightcall.settings import load_settings
from rightcall.staff.model import Deed

_verdict = later("rightcall.api.verdicts:get_verdict")

app = Commands(no_args_is_help=True, help="Verdicts: may this be done, is it right, and what was decided lately.")

MEANS = {
    Outcome.PROCEED: "yes: it is lawful, and right",
    Outcome.PROCEED_WITH_DUTIES: "yes, with duties: it is lawful and right if they are kept",
    Outcome.NOT_RIGHT: "no: it is lawful, but not right",
    Outcome.UNLAWFUL: "no: it is unlawful",
    Outcome.CANNOT_TELL: "no: it cannot be told, and that means no",
}
_MOST_BEHIND = 5
_COUNTED = (
    "Every verdict counts, back from this hour. The console's “What was stopped” counts whole days (UTC), and leaves out what a"
    " rule took out of a person's own copy: the copy tells them."
)
_PEOPLE = {PartyRole.CUSTOMER: "customers", PartyRole.AGENT: "agents", PartyRole.THIRD_PARTY: "third parties"}


@app.callback()
def _verdicts() -> None:
    """Verdicts."""


@app.command()
def ask(
    file: Annotated[
        Path, typer.Argument(help="A situation (.toml, as scenarios are), or a question as the API takes it (.json).")
    ],
    rules: Annotated[Path | None, typer.Option(help="Of a situation: by the house rules in this folder.")] = None,
    token: Annotated[
        str | None, typer.Option(envvar="RIGHTCALL_TOKEN", help="Your API token: a question in .json is asked on the record.")
    ] = None,
    as_json: JsonOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Ask whether something may be done, and print by which rules, why, and what would turn the answer. A situation on paper is
    weighed by the rules in force at the controller, and kept nowhere; a question in .json is asked on the record, as at the API.
    Ends with 1 where the answer is no."""
    text = _text(file)
    if file.suffix == ".json":
        if rules is not None:
            raise Malformed("A question on the record is decided by the rules in force. Leave --rules out.")
        answers = [_on_record(text, token, controller, data)]
    else:
        settings = load_settings(data=data)
        is_named = data is not None or "data" in settings.model_fields_set
        answers = on_paper(file.name, text, SystemClock(), settings, rules, controller, is_named=is_named)
    if as_json:
        print_items([_answer_in_json(each) for each in answers])
    else:
        print("\n\n".join("\n".join(told_answer(each)) for each in answers))
    if not all(each.verdict.proceeds for each in answers):
        raise answer_no()


@app.command()
def show(
    verdict: Annotated[UUID, typer.Argument(help="The verdict's id.")],
    as_json: JsonOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Print one verdict as it was given, why, and what would turn it by the rules that gave it."""
    if as_json:
        answer_here(lambda door: _verdict(door, verdict), controller, data)
        return
    with _reading(controller, data) as (tx, keys):
        stored = policy.get(tx, VerdictId(verdict))
        rules = policy.kept_rules(tx, stored.verdict.rule_set).rules
    purpose = "no purpose" if stored.purpose is None else keys[stored.purpose]
    print(f"{stored.asked_at:%Y-%m-%d %H:%M} UTC  {stored.act} for {purpose}, asked by {stored.by.role} {stored.by.id}")
    turned = counterfactuals(rules, stored.act, stored.facts, day_of(stored.asked_at), stored.verdict)
    print("\n".join(told(stored.verdict, turned, rules)))
    print(f"rules      {stored.verdict.rule_set.hex()}\nstatement  {stored.statement}")


@app.command("summary")
def summarise(
    since: Annotated[int, typer.Option(min=1, max=36_525, help="How many days back.")] = 30,
    purpose: Annotated[str | None, typer.Option(help="Only for this purpose, by its key.")] = None,
    as_json: ObjectOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Print how often each act was allowed and stopped lately, for each purpose, by which rules, and what would make it right."""
    with _reading(controller, data) as (tx, keys):
        of = None if purpose is None else purpose_of(tx, purpose)
        with words().status("Counting verdicts…"):
            found = summary(tx, of_days(SystemClock(), since, purpose=of))
    if as_json:
        print(json.dumps(summary_shape(found, keys).model_dump(mode="json"), indent=2))
    else:
        print("\n".join(told_summary(found, keys)))
        words().print(_COUNTED)


def _answer_in_json(answer: Answered) -> dict[str, object]:
    """As the API answers, with what was asked of a situation on paper."""
    shape = TurnableVerdictShape(
        **dict(verdict_shape(answer.verdict, None, answer.rules)), counterfactuals=turned_shapes(answer.turned)
    )
    asked = {"says": answer.says, "by": answer.by, "taken_for_granted": answer.taken, "expected_otherwise": answer.otherwise}
    return {**shape.model_dump(mode="json"), **asked}


def told_answer(answer: Answered) -> list[str]:
    """An answer with what was asked, by which rules, and where it was expected otherwise."""
    lines = [answer.says] if answer.says else []
    lines += [*told(answer.verdict, answer.turned, answer.rules), f"  {answer.by}"]
    if answer.taken:
        lines.append(f"  Taken for granted, since it does not say otherwise: {'; '.join(answer.taken)}.")
    if answer.otherwise:
        lines += ["  It was expected otherwise (- as it says, + as it comes out):", *(f"    {each}" for each in answer.otherwise)]
    return lines


def told(verdict: Verdict, turned: Sequence[Counterfactual], rules: RuleSet | None) -> list[str]:
    """One verdict in plain words."""
    lines = [f"{verdict.outcome}  ({MEANS[verdict.outcome]})"]
    for reason in verdict.reasons:
        where = f" [{', '.join(reason.places)}]" if reason.places else ""
        lines += [f"  {reason.says}", f"      {reason.rule}: {reason.ground}{where}{_doubt(reason.confidence)}"]
        if not verdict.proceeds:
            lines.append(f"      {reason.instead}")
    for each in verdict.missing:
        lines += [f"  {not_known(each, rules)}", *([f"      {HELPS[each]}"] if each in HELPS else [])]
    lines += [f"  A house rule is set aside by the override {each}." for each in verdict.overrides]
    lines += [f"  Duty: {_duty(each)}" for each in verdict.duties]
    if turned:
        lines.append("  It would be otherwise with" + ("" if len(turned) == 1 else " any of these") + ":")
    return [*lines, *(f"    {_turned(each)}" for each in turned)]


def _turned(would: Counterfactual) -> str:
    duties = f" ({', '.join(_duty(each) for each in would.duties)})" if would.duties else ""
    return f"{would.outcome}{duties} if " + "; and ".join(in_words(change) for change in would.changes)


def told_summary(found: Summary, keys: Keys) -> list[str]:
    """A period's verdicts in plain words: a heading for each purpose, a line for each act and answer."""
    asked = sum(line.verdicts for line in found.lines if not line.is_on_record)
    lines = [
        f"{_many(found.verdicts, 'verdict')} from {found.since:%Y-%m-%d} to {found.until:%Y-%m-%d}{_on_record_of(found, asked)}."
    ]
    by_purpose: dict[str, list[Line]] = {}
    for line in found.lines:
        by_purpose.setdefault("about no purpose" if line.purpose is None else keys[line.purpose], []).append(line)
    for purpose, each in sorted(by_purpose.items()):
        lines += ["", purpose]
        for line in each:
            lines.append(f"  {line.act:<15} {line.outcome:<20} {line.verdicts:>8,}{_whose(line)}{_where(line)}")
            lines += [text for behind in line.behind[:_MOST_BEHIND] for text in _behind(behind)]
            if (left := len(line.behind) - _MOST_BEHIND) > 0:
                lines.append(f"      and {_many(left, 'other')}; --json prints all")
    return lines


def _on_record_of(found: Summary, asked: int) -> str:
    said = [f"in {_many(found.calls, 'call')}"] if found.calls else []
    said += [f"{asked:,} of them about no call on record: asked beforehand, or to see what would be"] if asked else []
    return f", {'; '.join(said)}" if said else ""


def _whose(line: Line) -> str:
    return "" if line.about is None else f"  of {_PEOPLE[line.about]}"


def _where(line: Line) -> str:
    if not line.is_on_record:
        return "  about no call on record"
    return f"  in {_many(line.calls, 'call')}" if line.calls else ""


def _many(count: int, of: str) -> str:
    return f"{count:,} {of}" if count == 1 else f"{count:,} {of}s"


def _behind(behind: Behind) -> Iterator[str]:
    calls = f" in {_many(behind.calls, 'call')}" if behind.calls else ""
    share = f"{_many(behind.verdicts, 'time')}{calls}, e.g. {behind.examples[0]}"
    if behind.axis is None:
        yield f"      {not_known(behind.rule)}"
        yield f"        {share}"
        return
    which = "against the law" if behind.axis is Axis.LAW else "against our own bar"
    yield f"      {behind.rule}, {which}: {share}"
    yield f"        {behind.says}"
    yield f"        {behind.instead}"


def _doubt(confidence: Confidence | None) -> str:
    return "; sources disagree, this is the stricter reading" if confidence is Confidence.CONTESTED else ""


def _duty(duty: Duty) -> str:
    name = duty.kind.value.replace("_", " ")
    return f"{name.removesuffix(' days')} {duty.days} days" if duty.days is not None else name


def _on_record(text: str, token: str | None, controller: str | None, data: Path | None) -> Answered:
    if token is None:
        raise NotSignedIn("A question on the record says who asks. Give your token with --token, or in RIGHTCALL_TOKEN.")
    try:
        form = QuestionForm.model_validate_json(text)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['type']}" for each in error.errors())
        raise Malformed(f"This is no question: {wrong}. docs/reference/api.md shows one.") from None
    with let_in(data, token, controller, Deed.ASK_VERDICT) as (house, who):
        door = Door(house=house, controller=who.controller, actor=who.actor)
        with house.database.transaction(who.controller) as tx:
            question = question_of(tx, door, form)
            standing = policy.in_force(tx, house.clock, house.rules)
            _, verdict = policy.ask(tx, rules=house.rules, clock=house.clock, question=question, by=who.actor)
            by = by_which(tx, standing, controllers.get(tx))
    turned = () if standing.unreadable else turning(standing.rules, question, verdict)
    return Answered(says="", by=by, verdict=verdict, rules=standing.rules, turned=turned)


@contextmanager
def _reading(controller: str | None, data: Path | None) -> Iterator[tuple[Transaction, Keys]]:
    settings = load_settings(data=data)
    with database_of(settings) as database, database.transaction(controller_of(database, controller).id) as tx:
        yield tx, keys_of(tx)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise NotFound(f"The file {file.name} cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise Malformed(f"The file {file.name} is not UTF-8 text.") from error
