"""`rightcall register apply FILE`: controllers, purposes, notices and trunks as one file says, and again without change.

What is there and as the file says is left alone. A purpose is never changed: its choices point at what people were told; give the
changed one a new key and end the old. A notice with other words becomes its next version. A trunk that differs is replaced.
A notice to which a yes would be none is refused; what else is wrong with one is said.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from pydantic import Field, ValidationError

from rightcall.actors import SYSTEM
from rightcall.api.forms import Form, Line
from rightcall.api.purposes import NoticeForm, PurposeForm, new_notice, new_purpose
from rightcall.api.reviews import ReviewForm, content_from, new_review
from rightcall.api.translations import TranslationForm, new_translation
from rightcall.api.trunks import TrunkForm, new_trunk
from rightcall.calls import actions as calls
from rightcall.calls.model import NewTrunk, Trunk
from rightcall.calls.rules import checked as checked_trunk
from rightcall.cli.as_json import Commands
from rightcall.cli.lapses import ended
from rightcall.cli.lawful import warn_of_lawless
from rightcall.cli.place import FIRST, DataOption, database_of
from rightcall.cli.words import Tell, progress, words
from rightcall.clock import Clock, SystemClock
from rightcall.controllers import actions as controllers
from rightcall.controllers.model import ENGLISH, UTC, Controller, NewController
from rightcall.controllers.rules import checked as checked_controller
from rightcall.database.connection import Database, Transaction
from rightcall.errors import Conflict, Malformed, NotFound
from rightcall.ids import PurposeId
from rightcall.languages import canonical_language
from rightcall.policy.actions import load_rules
from rightcall.policy.model import RuleSet
from rightcall.purposes import actions as purposes
from rightcall.purposes.faults import NO_NOTICE, VOID, FaultKind, Severity
from rightcall.purposes.fitting import Wording, fit, unasked
from rightcall.purposes.model import Keypad, LawfulBasis, NewPurpose, Purpose
from rightcall.purposes.rules import checked_notice, checked_purpose, checked_words
from rightcall.purposes.translations import actions as translations
from rightcall.reviews import actions as reviews
from rightcall.reviews import lapsing
from rightcall.reviews import standing as reviews_standing
from rightcall.reviews.checking import checked as checked_review
from rightcall.reviews.model import Review, WhyNot
from rightcall.reviews.rules import is_complete
from rightcall.reviews.translating import to_translate
from rightcall.settings import load_settings

app = Commands(no_args_is_help=True, help="The register of controllers, purposes, notices and trunks, as a file.")

_NOT_MADE = PurposeId(UUID(int=0))
_SAID = {"extra_forbidden": "There is no such key here", "missing": "This key is missing"}


class PurposeEntry(PurposeForm):
    """`review` becomes a draft, to be signed by people: a file signs nothing. `translations`: of it, and of that review."""

    notices: list[NoticeForm] = Field(default_factory=list)
    translations: list[TranslationForm] = Field(default_factory=list)
    review: ReviewForm | None = None


class ControllerEntry(Form):
    name: Line
    address: Line
    contact: Line
    jurisdictions: list[Line] = Field(min_length=1)
    zone: Line | None = None
    language: Line | None = None
    purposes: list[PurposeEntry] = Field(default_factory=list)
    trunks: list[TrunkForm] = Field(default_factory=list)


class Register(Form):
    controllers: list[ControllerEntry] = Field(min_length=1)


@app.command()
def apply(
    file: Annotated[Path, typer.Argument(help="A TOML file; docs/howto/register.md shows one.")],
    data: DataOption = None,
) -> None:
    """Make the register as FILE says. Prints one line for each thing; running it again changes nothing."""
    register, settings = read_register(file), load_settings(data=data)
    with words().status("Reading the register and the rules…"):
        check_notices(register)
        rules = load_rules(settings.rules)
    clock = SystemClock()
    for entry in register.controllers:
        warn_of_lawless(clock, entry.name, _new_controller(entry).jurisdictions)
    with database_of(settings, may_make=True) as database:
        with progress("Applying the register") as tell:
            lines = apply_register(database, clock, register, rules, told=tell)
        for line in lines:
            print(line)
        _say_the_first(database, register)


def _say_the_first(database: Database, register: Register) -> None:
    """A token made before the register belongs to a controller that no register names."""
    if FIRST.name in {entry.name for entry in register.controllers}:
        return
    with database.system() as tx:
        first = _by_name(tx, FIRST.name)
    if first is not None:
        words().print(
            f"There is also the controller {FIRST.name}, made for a token before there was a register. Its tokens do not reach"
            " the register's controllers: make others with `rightcall token create --controller NAME`.",
            markup=False,
        )


def read_register(file: Path) -> Register:
    try:
        return Register.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise NotFound(f"The file {file.name} cannot be read ({error.strerror}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Malformed(f"The file {file.name} is not TOML: {error}.") from error
    except ValidationError as error:
        wrong = "\n".join(
            f"  {'.'.join(map(str, each['loc']))}: {_SAID.get(each['type'], each['msg'])}" for each in error.errors()
        )
        raise Malformed(f"In {file.name}:\n{wrong}\ndocs/howto/register.md shows how it is written.") from None


def check_notices(register: Register) -> None:
    """Malformed where a yes to a notice would be none. What else is wrong with its words is said, and it is let through."""
    refused: list[str] = []
    for where, kind in _faults(register):
        said = f"{where}: {kind.rule}: {kind.says} {kind.instead} ({kind.cite})"
        if kind.rule in VOID:
            refused.append(said)
        else:
            words().print(f"Warning: {said}", markup=False)
    if refused:
        raise Malformed("A yes to these words would be none, so nothing was made. Change them:\n  " + "\n  ".join(refused))


def _faults(register: Register) -> Iterator[tuple[str, FaultKind]]:
    """Everything of weight, each fault of a notice once."""
    for controller in register.controllers:
        for purpose in controller.purposes:
            for notice in purpose.notices:
                fitting = fit(wording_of(controller, purpose, notice))
                for kind in dict.fromkeys(fault.kind for fault in fitting.faults if fault.kind.severity is not Severity.WEAK):
                    yield f"{controller.name}, {purpose.key}, {notice.language}", kind
    yield from ((f"{where}, {language}", NO_NOTICE) for where, language in unasked_in(register))


def unasked_in(register: Register) -> Iterator[tuple[str, str]]:
    """Where a purpose needs a yes and has no notice in a language that a trunk's callers speak: the purpose, and the language."""
    for controller in register.controllers:
        spoken = [trunk.language for trunk in controller.trunks]
        for purpose in controller.purposes:
            if purpose.lawful_basis is LawfulBasis.CONSENT:
                noticed = [canonical_language(notice.language) for notice in purpose.notices]
                yield from ((f"{controller.name}, {purpose.key}", language) for language in unasked(spoken, noticed))


def wording_of(controller: ControllerEntry, purpose: PurposeEntry, notice: NoticeForm) -> Wording:
    return Wording(
        text=checked_words(notice.text),
        language=canonical_language(notice.language),
        keypad=None if notice.keypad is None else Keypad(yes=notice.keypad.yes, no=notice.keypad.no),
        controller=controller.name,
        purpose=purpose.title,
        basis=purpose.lawful_basis,
    )


def apply_register(
    database: Database, clock: Clock, register: Register, rules: RuleSet, *, told: Tell | None = None
) -> list[str]:
    """What was made and what was there already, a line each. The whole file is checked before the first thing is made."""
    tell = told or (lambda *_: None)
    for entry in register.controllers:
        _check(database, entry)
    lines: list[str] = []
    for number, entry in enumerate(register.controllers):
        tell("controllers", number, len(register.controllers))
        controller, said = _controller(database, clock, entry)
        lines.append(said)
        with database.transaction(controller.id) as tx:
            ran = reviews_standing.reviewed(tx, clock, rules)
            for purpose in entry.purposes:
                lines += _purpose(tx, clock, rules, purpose)
            stopped = lapsing.since(tx, clock, rules, ran)
            lines += [ended(stopped)] if stopped else []
        lines += [_trunk(database, clock, controller, new_trunk(trunk)) for trunk in entry.trunks]
    return lines


def _check(database: Database, entry: ControllerEntry) -> None:
    """Raises what making it would raise, as far as that can be known before: by the rules, and by what is there."""
    new = _new_controller(entry)
    for purpose in entry.purposes:
        checked_purpose(new_purpose(purpose))
        for notice in purpose.notices:
            checked_notice(new_notice(_NOT_MADE, notice))
        if purpose.review is not None:
            _check_review(purpose.key, purpose.review)
    for trunk in entry.trunks:
        checked_trunk(new_trunk(trunk))
    with database.system() as tx:
        found = _by_name(tx, new.name)
    if found is None:
        return
    _check_same_controller(found, new)
    with database.transaction(found.id) as tx:
        known = {purpose.key: purpose for purpose in purposes.all_purposes(tx)}
    for purpose in entry.purposes:
        if purpose.key in known:
            _check_same(known[purpose.key], new_purpose(purpose))


def _check_review(key: str, form: ReviewForm) -> None:
    try:
        checked_review(content_from(form))
    except Malformed as error:
        raise Malformed(f"The review of {key}: {error}") from error


def _new_controller(entry: ControllerEntry) -> NewController:
    new = NewController(
        name=entry.name,
        address=entry.address,
        contact=entry.contact,
        jurisdictions=tuple(entry.jurisdictions),
        zone=entry.zone or UTC,
        language=entry.language or ENGLISH,
    )
    return checked_controller(new)


def _by_name(tx: Transaction, name: str) -> Controller | None:
    return next((found for id in controllers.all_ids(tx) if (found := controllers.by_id(tx, id)).name == name), None)


def _controller(database: Database, clock: Clock, entry: ControllerEntry) -> tuple[Controller, str]:
    new = _new_controller(entry)
    with database.system() as tx:
        found = _by_name(tx, new.name)
        if found is None:
            return controllers.create(tx, clock, new), f"made   controller {new.name}"
        _check_same_controller(found, new)
        if entry.zone not in (None, found.zone):
            return controllers.set_zone(tx, found.id, new.zone), f"set    zone of {new.name}"
        if entry.language not in (None, found.language):
            return controllers.set_language(tx, found.id, new.language), f"set    language of {new.name}"
    return found, f"is so  controller {new.name}"


def _check_same_controller(found: Controller, new: NewController) -> None:
    if (found.address, found.contact, set(found.jurisdictions)) != (new.address, new.contact, set(new.jurisdictions)):
        raise Conflict(f"The controller {new.name} is there with another address, contact or jurisdictions. Correct the file.")


def _purpose(tx: Transaction, clock: Clock, rules: RuleSet, entry: PurposeEntry) -> list[str]:
    new = new_purpose(entry)
    try:
        found = purposes.by_key(tx, new.key)
    except NotFound:
        found = purposes.create_purpose(tx, clock, new, by=SYSTEM)
        lines = [f"made   purpose {new.key}"]
    else:
        _check_same(found, new)
        lines = [f"is so  purpose {new.key}"]
    lines += [_notice(tx, clock, found, notice) for notice in entry.notices]
    review = to_translate(tx, clock, rules, found.id)
    if entry.review is not None:
        review, said = _review(tx, clock, rules, found, entry.review)
        lines += said
    return [*lines, *(_translation(tx, clock, found, review, each) for each in entry.translations)]


def _review(tx: Transaction, clock: Clock, rules: RuleSet, purpose: Purpose, form: ReviewForm) -> tuple[Review, list[str]]:
    """After the notices, since a review is of exact words. What would keep the purpose shut is said before anybody signs."""
    found, is_new = reviews.draft_again(tx, clock, rules, new_review(purpose.id, form), by=SYSTEM)
    line = f"{'made ' if is_new else 'is so'}  review {purpose.key}, version {found.version}"
    if is_complete(reviews.history(tx, found.id).signatures):
        return found, [line]
    shut = [_shut(purpose, each) for each in reviews.foretold(tx, clock, rules, found)]
    return found, [f"{line}; not signed yet: rightcall review sign {found.id}", *shut]


def _translation(tx: Transaction, clock: Clock, purpose: Purpose, review: Review | None, form: TranslationForm) -> str:
    """After the review, since it is of exact sentences."""
    try:
        made, is_new = translations.translate(tx, clock, new_translation(purpose.id, form, review), by=SYSTEM)
    except Malformed as error:
        raise Malformed(f"The translation of {purpose.key}, {form.language}: {error}") from error
    return f"{'made ' if is_new else 'is so'}  translation {purpose.key}, {made.language}, version {made.version}"


def _shut(purpose: Purpose, why: WhyNot) -> str:
    by = "" if why.rule is None else f"{why.rule}: "
    return f"Warning: signed as it stands, {purpose.key} stays shut: {by}{why.says} {why.instead}"


def _check_same(found: Purpose, new: NewPurpose) -> None:
    names = ("title", "justification", "lawful_basis", "staff_basis", "data_categories", "may_use", "term_days")
    different = [
        name for name in (*names, "dpv_purpose", "on_withdrawal", "legal_duty") if getattr(found, name) != getattr(new, name)
    ]
    if different or found.ended_at is not None:
        what = ", ".join(different) or "it has ended"
        raise Conflict(f"The purpose {new.key} is there and differs ({what}). Purposes never change: give yours another key.")


def _notice(tx: Transaction, clock: Clock, purpose: Purpose, form: NoticeForm) -> str:
    new = new_notice(purpose.id, form)
    name = f"notice {purpose.key}, {new.language}"
    versions = [notice for notice in purposes.notices(tx, purpose.id) if notice.language.lower() == new.language.lower()]
    if versions:
        latest = max(versions, key=lambda notice: notice.version)
        if (latest.text, latest.keypad) == (new.text.strip(), new.keypad):
            return f"is so  {name}, version {latest.version}"
    made = purposes.publish_notice(tx, clock, new, by=SYSTEM)
    return f"made   {name}, version {made.version}"


def _trunk(database: Database, clock: Clock, controller: Controller, new: NewTrunk) -> str:
    with database.transaction(controller.id) as tx:
        known = [trunk for trunk in calls.trunks(tx) if trunk.name == new.name]
    if any(_is_same(trunk, new) for trunk in known):
        return f"is so  trunk {new.name}"
    with database.system() as tx:
        for trunk in known:
            calls.retire_trunk(tx, clock, controller.id, trunk.id)
        calls.add_trunk(tx, clock, controller.id, new)
    return f"made   trunk {new.name}"


def _is_same(trunk: Trunk, new: NewTrunk) -> bool:
    names = ("called", "undecided", "forbidden", "default_region", "language")
    sets = ("sources", "staff")
    return all(getattr(trunk, name) == getattr(new, name) for name in names) and all(
        set(getattr(trunk, name)) == set(getattr(new, name)) for name in sets
    )
