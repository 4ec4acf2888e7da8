"""`rightcall purpose`: a purpose opened: why, whether anything may run for it, what its yeses are worth, what came of it;
and said again in other languages."""

import tomllib
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from rightcall.api.named import keys_of, purpose_of
from rightcall.api.translations import TranslationForm, new_translation
from rightcall.cli.answering import answer_here
from rightcall.cli.as_json import Commands
from rightcall.cli.lists import print_table
from rightcall.cli.place import ControllerOption, DataOption, JsonOption, controller_of, database_of
from rightcall.cli.signed_in import TokenOption, signed_in
from rightcall.cli.verdicts import told_summary
from rightcall.cli.words import words
from rightcall.clock import Clock, SystemClock
from rightcall.concerns import actions as concerns
from rightcall.consent.model import Quality
from rightcall.consent.quality import actions as quality
from rightcall.database.connection import Transaction
from rightcall.design.tongues import NAMES
from rightcall.errors import Malformed, NotFound
from rightcall.ethics import actions as ethics
from rightcall.ethics.standing import known
from rightcall.ids import PurposeId
from rightcall.later import later
from rightcall.policy.actions import load_rules
from rightcall.policy.looking.actions import of_days, summary
from rightcall.policy.model import RuleSet
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Purpose
from rightcall.purposes.translations import actions as translations
from rightcall.purposes.translations.rules import missing
from rightcall.reviews import standing as reviews_standing
from rightcall.reviews.model import InForce, Standing
from rightcall.reviews.translating import to_translate
from rightcall.settings import load_settings
from rightcall.staff.model import Deed

_purpose = later("rightcall.api.purposes:get_purpose")
_listed = later("rightcall.api.purposes:list_purposes")
_translations = later("rightcall.api.translations:list_translations")

app = Commands(no_args_is_help=True, help="Purposes: why, who reviewed it, and what came of it.")


@app.callback()
def _purposes() -> None:
    """Purposes."""


@app.command("list")
def list_purposes(as_json: JsonOption = False, controller: ControllerOption = None, data: DataOption = None) -> None:
    """Print every purpose: its key, what it rests on, its term, and whether anything may run for it."""
    if as_json:
        answer_here(_listed, controller, data)
        return
    settings = load_settings(data=data)
    with words().status("Reading the rules…"):
        rules = load_rules(settings.rules)
    with database_of(settings) as database, database.transaction(controller_of(database, controller).id) as tx:
        register = purposes.all_purposes(tx)
        standing = reviews_standing.standings(tx, SystemClock(), rules, register)
    if not register:
        words().print("There is no purpose yet. The register's file declares them: rightcall register apply FILE")
    rows = [(each.key, each.lawful_basis, each.term_days, _runs(each, standing[each.id]), each.title) for each in register]
    print_table(("Purpose", "Rests on", "Days", "Runs", "Title"), rows)


def _runs(purpose: Purpose, standing: Standing) -> str:
    return "ended" if purpose.ended_at else "runs" if isinstance(standing, InForce) else "not reviewed"


@app.command()
def show(
    purpose: Annotated[str, typer.Argument(help="The purpose's key.")],
    since: Annotated[int, typer.Option(min=1, max=36_525, help="How many days back to count verdicts and yeses.")] = 30,
    as_json: JsonOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Print a purpose: why, on what basis, whether anything may run for it or why not, what its yeses are worth, what was allowed
    and stopped lately, and what people say is wrong."""
    if as_json:
        answer_here(lambda door: _purpose(door, purpose), controller, data)
        return
    settings = load_settings(data=data)
    with words().status("Reading the rules…"):
        rules = load_rules(settings.rules)
    with database_of(settings) as database, database.transaction(controller_of(database, controller).id) as tx:
        found = purposes.get(tx, purpose_of(tx, purpose))
        lines = list(_told(tx, SystemClock(), rules, found, since))
    print("\n".join(lines))


@app.command("translations")
def show_translations(
    purpose: Annotated[str, typer.Argument(help="The purpose's key.")],
    as_json: JsonOption = False,
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Print what a purpose is called in other languages, and in which of those that pages speak nobody has said it."""
    if as_json:
        answer_here(lambda door: _translations(door, purpose), controller, data)
        return
    settings = load_settings(data=data)
    with database_of(settings) as database:
        owner = controller_of(database, controller)
        with database.transaction(owner.id) as tx:
            found = translations.current(tx, purpose_of(tx, purpose))
    for each in found:
        print(f"{each.language:<8} version {each.version:<3} {'with' if each.review else 'without'} its review  {each.title}")
    left = missing(NAMES, found, owner.language)
    if left:
        words().print(f"Not translated: {', '.join(left)}. Whoever reads these reads the company's own words.")


@app.command()
def translate(
    token: TokenOption,
    purpose: Annotated[str, typer.Argument(help="The purpose's key.")],
    file: Annotated[Path, typer.Argument(help="TOML: language, title, justification; said_aloud and harms of its review.")],
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Say a purpose again in another language. It is shown at once; what is done for the purpose does not change."""
    form = _form_in(file)
    settings = load_settings(data=data)
    with words().status("Reading the rules…"):
        rules = load_rules(settings.rules)
    clock = SystemClock()
    with database_of(settings) as database:
        who = signed_in(database, clock, token, Deed.PUBLISH_NOTICE, controller)
        with database.transaction(who.controller) as tx:
            of = purpose_of(tx, purpose)
            new = new_translation(of, form, to_translate(tx, clock, rules, of))
            made, is_new = translations.translate(tx, clock, new, by=who.actor)
    print(f"{'made ' if is_new else 'is so'}  translation {purpose}, {made.language}, version {made.version}")


@app.command("retire-translation")
def retire_translation(
    token: TokenOption,
    purpose: Annotated[str, typer.Argument(help="The purpose's key.")],
    language: Annotated[str, typer.Argument(help="Of the translation: fi, pt-BR.")],
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Take a translation back: whoever reads that language reads the company's own words again."""
    clock = SystemClock()
    with database_of(load_settings(data=data)) as database:
        who = signed_in(database, clock, token, Deed.PUBLISH_NOTICE, controller)
        with database.transaction(who.controller) as tx:
            retired = translations.retire(tx, clock, purpose_of(tx, purpose), language, by=who.actor)
    print(f"retired  translation {purpose}, {retired.language}, version {retired.version}")


def _form_in(file: Path) -> TranslationForm:
    try:
        return TranslationForm.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise NotFound(f"The file {file.name} cannot be read ({error.strerror}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Malformed(f"The file {file.name} is not TOML: {error}.") from error
    except ValidationError as error:
        wrong = ", ".join(".".join(map(str, each["loc"])) for each in error.errors())
        raise Malformed(f"In {file.name}, look at: {wrong}. docs/howto/translate-a-purpose.md shows how it is written.") from None


def _told(tx: Transaction, clock: Clock, rules: RuleSet, purpose: Purpose, days: int) -> Iterator[str]:
    yield f"{purpose.key}: {purpose.title}"
    yield f"  why        {purpose.justification}"
    yield f"  basis      {purpose.lawful_basis}; for your own people {purpose.staff_basis}"
    if purpose.legal_duty is not None:
        yield f"  duty       {purpose.legal_duty}"
    yield f"  data       {', '.join(purpose.data_categories)}"
    yield f"  used by    {', '.join(sorted(purpose.may_use))}"
    yield f"  kept       {purpose.term_days} days; after a withdrawal {purpose.on_withdrawal}"
    yield from _review(tx, clock, rules, purpose)
    yield from _people(tx, clock, purpose, days)
    yield ""
    yield from told_summary(summary(tx, of_days(clock, days, purpose=purpose.id)), keys_of(tx))


def _review(tx: Transaction, clock: Clock, rules: RuleSet, purpose: Purpose) -> Iterator[str]:
    standing = reviews_standing.in_force(tx, clock, rules, purpose.id)
    if isinstance(standing, InForce):
        yield f"  review     {standing.review}, in force until {standing.until}"
        return
    yield "  review     none in force, so nothing runs for it"
    for why in reviews_standing.why_not(tx, standing):
        yield f"             {why.says} {why.instead}"


def _people(tx: Transaction, clock: Clock, purpose: Purpose, days: int) -> Iterator[str]:
    """Figures about many, never about one."""
    worth: Counter[Quality] = Counter()
    for tally in quality.tallies(tx, clock.now() - timedelta(days=days)):
        if tally.purpose == purpose.id:
            worth += Counter(tally.counts)
    yield f"  yeses      {', '.join(f'{worth[each]:,} {each}' for each in Quality)} in {days} days"
    compared = {account.purpose for account in known(tx).accounts.values() if account.noes and account.yeses}
    yield f"  parity     {parity_of(purpose.id, flagged=ethics.flagged(tx), compared=compared)}"
    yield f"  concerns   {concerns.open_about(tx, clock, purpose.id)} open (those raised today show tomorrow)"


def parity_of(purpose: PurposeId, *, flagged: Collection[PurposeId], compared: Collection[PurposeId]) -> str:
    """No gap is found where nobody looked, so that is another answer. `compared`: of which calls with a no and a yes were held
    against each other."""
    if purpose in flagged:
        return "a no was found to cost people something"
    return "no gap was found" if purpose in compared else "nothing compared yet"
