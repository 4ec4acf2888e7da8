"""A situation on paper, answered: by the rules of a controller, of a folder, or those that come with Rightcall. Kept nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rightcall.cli.place import controller_of, database_of, must_be_there
from rightcall.cli.words import words
from rightcall.clock import Clock, day_of
from rightcall.controllers.model import Controller
from rightcall.database.connection import Transaction
from rightcall.errors import Malformed, NotFound
from rightcall.ids import PurposeId
from rightcall.policy import adopting
from rightcall.policy.adoption.model import InForce
from rightcall.policy.counterfactual import Counterfactual, counterfactuals
from rightcall.policy.in_force import in_force, judge
from rightcall.policy.loading import load_rules
from rightcall.policy.model import Question, RuleSet, Verdict
from rightcall.policy.rules import canonical_facts, decide
from rightcall.policy.trying.on_paper import OnPaper, read_on_paper
from rightcall.purposes import actions as purposes
from rightcall.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """`by`: by which rules, in plain words. `otherwise`: line by line, where it was expected to come out otherwise."""

    says: str
    by: str
    verdict: Verdict
    rules: RuleSet | None
    turned: tuple[Counterfactual, ...]
    taken: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()


def on_paper(
    file: str, text: str, clock: Clock, settings: Settings, folder: Path | None, controller: str | None, *, is_named: bool
) -> list[Answered]:
    """`folder`: house rules to ask in place of all others. `is_named`: somebody said where Rightcall keeps its things."""
    situations = read_on_paper(file, text, clock.now())
    if folder is not None:
        if is_named or controller is not None:
            raise Malformed("--rules asks the rules in a folder, --controller and --data those of a house. Give one of them.")
        return _by_texts(situations, load_rules(folder), f"By the law and the house rules in {folder}.")
    if is_named or controller is not None or "database_url" in settings.model_fields_set or _is_there(settings):
        return _by_house(situations, clock, settings, controller)
    where = "that come with Rightcall" if settings.rules is None else f"in {settings.rules}"
    by = f"By the law and the house rules {where}. --data or --controller asks by those of your house."
    return _by_texts(situations, load_rules(settings.rules), by)


def by_which(tx: Transaction, standing: InForce, controller: Controller) -> str:
    """By which rules a question of this controller is decided now, in plain words."""
    if standing.adoption is None:
        return f"By the law and the deployment's house rules: {controller.name} has adopted none of its own."
    adoption = next(each for each in adopting.adoptions(tx) if each.id == standing.adoption)
    if standing.unreadable:
        return f"By the law alone: the house rules that {controller.name} adopted can no longer be read. Adopt others."
    day = f"{day_of(adoption.in_force_at):%Y-%m-%d}"
    return f"By the law and the house rules of {controller.name}, in force since {day} (adoption {adoption.id})."


def turning(rules: RuleSet, question: Question, verdict: Verdict) -> tuple[Counterfactual, ...]:
    return counterfactuals(rules, question.act, canonical_facts(question), day_of(question.at), verdict)


def _is_there(settings: Settings) -> bool:
    """Whether the folder that is taken where none is named has a Rightcall."""
    try:
        must_be_there(settings)
    except NotFound:
        return False
    return True


def _by_texts(situations: Sequence[OnPaper], rules: RuleSet, by: str) -> list[Answered]:
    answers = []
    for each in situations:
        verdict = decide(rules, each.question)
        answers.append(_answered(each, by, verdict, rules, turning(rules, each.question, verdict)))
    return answers


def _by_house(situations: Sequence[OnPaper], clock: Clock, settings: Settings, named: str | None) -> list[Answered]:
    with words().status("Reading the rules…"):
        rules = load_rules(settings.rules)
    answers = []
    with database_of(settings) as database:
        controller = controller_of(database, named)
        with database.transaction(controller.id) as tx:
            standing = in_force(tx, clock, rules)
            by = by_which(tx, standing, controller)
            ids = {each.key: each.id for each in purposes.all_purposes(tx)}
    for each in situations:
        verdict = judge(standing, _about_ours(each.question, ids))
        turned = () if standing.unreadable else turning(standing.rules, each.question, verdict)
        answers.append(_answered(each, by, verdict, standing.rules, turned))
    return answers


def _about_ours(question: Question, ids: dict[str, PurposeId]) -> Question:
    """A house rule may be set aside for one purpose alone, and that one is known by its id."""
    if question.purpose is None or question.purpose.key not in ids:
        return question
    return replace(question, purpose=replace(question.purpose, id=ids[question.purpose.key]))


def _answered(asked: OnPaper, by: str, verdict: Verdict, rules: RuleSet | None, turned: tuple[Counterfactual, ...]) -> Answered:
    return Answered(
        says=asked.says,
        by=by,
        verdict=verdict,
        rules=rules,
        turned=turned,
        taken=asked.taken,
        otherwise=tuple(asked.otherwise(verdict)),
    )
