"""`rightcall review`: why a purpose, and is it right? Written by one, signed by two others. Without one nothing runs for it."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from rightcall.api.forms import Line
from rightcall.api.named import keys_of, purpose_of
from rightcall.api.reviews import ReviewForm, new_review
from rightcall.canonical import Json, canonical_json
from rightcall.cli.answering import answer_here
from rightcall.cli.as_json import Commands
from rightcall.cli.lists import print_table
from rightcall.cli.place import ControllerOption, DataOption, JsonOption, controller_of, database_of
from rightcall.cli.signed_in import TokenOption, signed_in
from rightcall.cli.words import words
from rightcall.clock import Clock, SystemClock
from rightcall.database.connection import Database, Transaction
from rightcall.errors import Malformed, NotFound
from rightcall.ids import ControllerId, ReviewId
from rightcall.later import later
from rightcall.policy.actions import load_rules
from rightcall.policy.model import RuleSet
from rightcall.recordings import actions as recordings
from rightcall.reviews import actions as reviews
from rightcall.reviews import standing as reviews_standing
from rightcall.reviews.checking import QUESTIONS
from rightcall.reviews.documents import bound_of, change_of, document_of, longer_of
from rightcall.reviews.exporting import Kind, document_for
from rightcall.reviews.model import Capacity, History, InForce, Stage, Standing
from rightcall.reviews.page import page, plain
from rightcall.reviews.rules import stage_of, still_needed
from rightcall.reviews.template import template as blank
from rightcall.settings import load_settings
from rightcall.staff.model import Deed

_items = later("rightcall.api.forms:Items")
_review = later("rightcall.api.reviews:get_review")
_reviews_of = later("rightcall.api.reviews:list_reviews")

app = Commands(no_args_is_help=True, help="Reviews: why a purpose, and is it right. Without one in force nothing runs for it.")
ReviewArgument = Annotated[UUID, typer.Argument(help="The review's id, from `rightcall review list`.")]


_SAID = {
    "extra_forbidden": "there is no such key here",
    "missing": "this is missing",
    "string_too_short": "this is empty; answer it in a sentence that a customer would understand",
    "too_short": "name one at least",
    "bool_parsing": "this is true or false",
    "bool_type": "this is true or false",
    "int_parsing": "this is a whole number, without quotes",
    "int_type": "this is a whole number, without quotes",
    "date_from_datetime_parsing": "this is a day, such as 2027-05-01",
}


class ReviewFile(ReviewForm):
    """`purpose`: its key."""

    purpose: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """What a command works with."""

    database: Database
    clock: Clock
    rules: RuleSet


@app.callback()
def _reviews() -> None:
    """Reviews: why a purpose, and is it right. Without one in force nothing runs for it."""


@app.command()
def template(purpose: Annotated[str, typer.Argument(help="The purpose's key in the register.")] = "training") -> None:
    """Print a review to fill in, in TOML: every question, and what each answer may be."""
    print(blank(purpose), end="")


@app.command()
def draft(
    file: Annotated[Path, typer.Argument(help="A TOML file, from `rightcall review template`.")],
    token: TokenOption,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Write a review down, to be signed by others. Its id is the last line of standard output."""
    form = read_review(file)
    with _place(data) as place:
        who = signed_in(place.database, place.clock, token, Deed.DRAFT_REVIEW, controller)
        with place.database.transaction(who.controller) as tx:
            new = new_review(purpose_of(tx, form.purpose), form)
            made = reviews.draft(tx, place.clock, place.rules, new, by=who.actor)
            as_it_stands = reviews.foretold(tx, place.clock, place.rules, made)
    for why in as_it_stands:
        words().print(f"As it stands the rules say no: {why.says} {why.instead}", markup=False)
    words().print(f"Version {made.version} of the review of {form.purpose}. {still_needed(())} Its id:", markup=False)
    print(made.id)


@app.command()
def sign(
    review: ReviewArgument,
    token: TokenOption,
    capacity: Annotated[Capacity, typer.Option(help="For whom you speak. Your role must allow it.")],
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Sign a review, having read it. The last signature that is needed brings it into force where the rules say yes."""
    with _place(data) as place:
        who = signed_in(place.database, place.clock, token, Deed.SIGN_REVIEW, controller)
        with place.database.transaction(who.controller) as tx:
            signed = reviews.sign(tx, place.clock, place.rules, ReviewId(review), capacity, by=who.actor)
            recordings.look_again(tx, [tx.of])
            lines = _shown(tx, place, signed)
    print("\n".join(lines))


@app.command()
def withdraw(review: ReviewArgument, token: TokenOption, controller: ControllerOption = None, data: DataOption = None) -> None:
    """Take a review back, for good: whoever wrote or signed it, or the DPO. Nothing runs on it any more."""
    with _place(data) as place:
        who = signed_in(place.database, place.clock, token, Deed.SIGN_REVIEW, controller)
        with place.database.transaction(who.controller) as tx:
            withdrawn = reviews.withdraw(tx, place.clock, ReviewId(review), by=who.actor)
            recordings.look_again(tx, [tx.of])
            lines = _shown(tx, place, withdrawn)
    print("\n".join(lines))


@app.command()
def show(
    review: ReviewArgument, as_json: JsonOption = False, controller: ControllerOption = None, data: DataOption = None
) -> None:
    """Print a review: its answers, who could be hurt, its signatures, and whether it is in force or why not."""
    if as_json:
        answer_here(lambda door: _review(door, review), controller, data)
        return
    with _read(data, controller) as (place, tx):
        found = reviews.history(tx, ReviewId(review))
        lines = _shown(tx, place, found, _content(found))
    print("\n".join(lines))


@app.command("list")
def list_reviews(
    purpose: Annotated[str | None, typer.Argument(help="A purpose's key. Left out: every purpose.")] = None,
    as_json: JsonOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Print the reviews of each purpose, the newest first: whether anything runs for it, version, where it stands, last day, who
    signed, id."""
    if as_json:
        answer_here(lambda door: _of_all(door, purpose), controller, data)
        return
    rows: list[tuple[object, ...]] = []
    with _read(data, controller) as (place, tx):
        keys = keys_of(tx)
        for each in keys if purpose is None else [purpose_of(tx, purpose)]:
            standing = reviews_standing.in_force(tx, place.clock, place.rules, each)
            rows += _rows(keys[each], reviews.of_purpose(tx, each), standing)
    print_table(("Purpose", "Runs", "Version", "Stands", "Until", "Signed by", "Review"), rows)


@app.command()
def export(
    review: ReviewArgument,
    kind: Annotated[Kind, typer.Option(help="dpia: impact assessment (GDPR Art. 35). lia: balancing test (Art. 6(1)(f)).")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON; without it an HTML page that prints on A4.")] = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Print an impact assessment or a balancing test, with what the register and the verdicts say. What is not known is said."""
    with _read(data, controller) as (place, tx):
        document = document_for(tx, place.clock, place.rules, ReviewId(review), kind)
    print(canonical_json(document).decode() if as_json else page(document))


def _of_all(door: Any, purpose: str | None) -> Any:
    keys = list(door.run(keys_of).values()) if purpose is None else [purpose]
    return _items(items=[each for key in keys for each in _reviews_of(door, key).items])


def read_review(file: Path) -> ReviewFile:
    """Malformed says every place that is amiss, and never what was written there."""
    try:
        return ReviewFile.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise NotFound(f"The file {file.name} cannot be read ({error.strerror}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Malformed(f"The file {file.name} is not TOML: {error}.") from error
    except ValidationError as error:
        wrong = "\n".join(f"  {_place_of(each['loc'])}: {_wrong(each)}" for each in error.errors())
        raise Malformed(f"In {file.name}:\n{wrong}\n`rightcall review template` shows how it is written.") from None


def _place_of(loc: tuple[int | str, ...]) -> str:
    """As people count: the first of the harms is number 1."""
    return ".".join(f"number {each + 1}" if isinstance(each, int) else each for each in loc)


def _wrong(error: ErrorDetails) -> str:
    """In plain words, with the words allowed. What was written is never repeated."""
    if error["type"] == "string_too_short" and error["loc"][-1] == "who":
        return "this is empty; say who, and one word is enough"
    if error["type"] == "enum":
        return f"this is one of: {str(error.get('ctx', {}).get('expected', '')).replace(chr(39), '').replace(' or ', ', ')}"
    return _SAID.get(error["type"], error["msg"])


@contextmanager
def _place(data: Path | None) -> Iterator[_Place]:
    settings = load_settings(data=data)
    with words().status("Reading the rules…"):
        rules = load_rules(settings.rules)
    with database_of(settings) as database:
        yield _Place(database=database, clock=SystemClock(), rules=rules)


@contextmanager
def _read(data: Path | None, controller: str | None) -> Iterator[tuple[_Place, Transaction]]:
    with _place(data) as place:
        owner: ControllerId = controller_of(place.database, controller).id
        with place.database.transaction(owner) as tx:
            yield place, tx


def _rows(key: str, histories: Sequence[History], standing: Standing) -> list[tuple[object, ...]]:
    """A purpose without a review has a row too."""
    runs = "yes" if isinstance(standing, InForce) else "nothing"
    rows: list[tuple[object, ...]] = [
        (key, runs, each.review.version, stage_of(each, standing), each.review.expires_on, _signed(each), each.review.id)
        for each in histories
    ]
    return rows or [(key, runs, None, "no review", None, None, None)]


def _signed(history: History) -> str:
    return ", ".join(f"{each.by.role} {each.capacity}" for each in history.signatures) or "nobody"


def _line(history: History, standing: Standing) -> str:
    review = history.review
    stands = f"version {review.version}  {stage_of(history, standing)}  until {review.expires_on}"
    return f"{review.id}  {stands}  signed by {_signed(history)}"


def _shown(tx: Transaction, place: _Place, history: History, content: Sequence[str] = ()) -> list[str]:
    """Where it stands, with its content where that is given. Lines, to be printed once what was done is committed."""
    standing = reviews_standing.in_force(tx, place.clock, place.rules, history.review.purpose)
    lines = [f"{keys_of(tx)[history.review.purpose]}: {_line(history, standing)}", *content]
    if stage_of(history, standing) is Stage.DRAFT and (needed := still_needed(history.signatures)):
        lines.append(needed)
    if standing.review == history.review.id:
        lines += [f"  {why.says} {why.instead}" for why in reviews_standing.why_not(tx, standing)]
    return lines


def _content(history: History) -> list[str]:
    content = history.review.content
    lines = [f"\n{question}\n  {getattr(content.answers, name)}" for name, question in QUESTIONS.items()]
    lines.append("\nWho could be hurt, and how?")
    for number, harm in enumerate(content.harms, start=1):
        lines.append(f"  {number}. {harm.who} ({harm.likelihood}, {harm.severity}): {harm.how} What is done: {harm.done}")
    lines.append("\nWhat would need less data?")
    for number, each in enumerate(content.alternatives, start=1):
        lines.append(f"  {number}. {each.what} (enough: {each.enough}): {each.why}")
    written = document_of(content)
    lines += _part("What is declared", written["declared"])
    lines += _part("The balancing test", written["balancing"])
    lines += _part("The impact assessment", written["impact"])
    if history.review.change is not None:
        lines += _part("What opening it changes", change_of(history.review.change)["change"])
    if history.review.longer is not None:
        lines += _part("What opening it changes", longer_of(history.review.longer)["longer"])
    lines += _part("What it is about, by SHA-256", bound_of(history.review.bound))
    return [*lines, f"\nDigest of all this, which a signature stands under: {history.review.digest.hex()}\n"]


def _part(heading: str, part: Json) -> list[str]:
    """Every member, since whoever signs signs all of it."""
    if not isinstance(part, Mapping):
        return [f"\n{heading}", "  not written"]
    return [f"\n{heading}", *(f"  {name.replace('_', ' ')}: {plain(value)}" for name, value in part.items())]
