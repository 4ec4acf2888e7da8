"""Where a command works: the settings it was given, the database behind them, and the first things that must be there."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from rightcall.adapters.destroyed import DestroyedList
from rightcall.cli.words import said, words
from rightcall.clock import Clock
from rightcall.controllers import actions as controllers
from rightcall.controllers.model import NOT_GIVEN, Controller, NewController
from rightcall.database.connection import Database, Foreword
from rightcall.database.embedded import ensure_running
from rightcall.database.migrate import migrate
from rightcall.errors import Malformed, NotConfigured, NotFound
from rightcall.later import load
from rightcall.settings import Settings, misspelt

DataOption = Annotated[
    Path | None,
    typer.Option("--data", help="Folder for everything Rightcall keeps on this machine.", show_default="./rightcall-data"),
]
ControllerOption = Annotated[
    str | None,
    typer.Option("--controller", help="Id or name of the controller. Needed only where there are several."),
]
WitnessOption = Annotated[
    list[str] | None,
    typer.Option(metavar="KEY", help="The key of a witness that you trust: what it cosigned counts; repeat for more."),
]
HtmlOption = Annotated[Path | None, typer.Option("--html", help="Write a page to read into this file.")]
ObjectOption = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object on standard output, as the API answers.")]

_KEYS = ("keys", "passphrase", "ledger-key")
FIRST = NewController(
    name="My contact centre",
    address=NOT_GIVEN,
    contact=NOT_GIVEN,
    jurisdictions=("EU",),
)


def must_be_there(settings: Settings) -> None:
    """Raises NotFound where the folder has no Rightcall, so that a mistyped folder never becomes a new, empty one."""
    if settings.database_url is None:
        is_there = (settings.data / "database" / "files" / "PG_VERSION").exists()
    else:
        is_there = any((settings.data / name).exists() for name in _KEYS)
    if not is_there:
        raise _nothing_in(settings.data)


def keys_must_be_there(settings: Settings) -> None:
    """Raises NotFound where the keys are a file and the folder has none. A PKCS#11 token is no part of the folder."""
    if settings.key_service == "file" and not (settings.data / "keys").exists():
        raise _nothing_in(settings.data)


def _nothing_in(folder: Path) -> NotFound:
    return NotFound(f"There is no Rightcall in {folder}. Give its folder with --data.")


def warn_of_misspelt() -> None:
    """Names only: what a variable holds may be a secret."""
    for each in misspelt(os.environ):
        words().print(f"Warning: {each}", markup=False)


@contextmanager
def url_of(settings: Settings, *, may_make: bool = False) -> Iterator[str]:
    """The database's URL. The embedded one is started where it does not run, and stopped afterwards if we started it."""
    warn_of_misspelt()
    if not may_make:
        must_be_there(settings)
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    make_data_folder(settings.data)
    with said("Opening the database…", running(settings.data / "database"), "Closing the database…") as url:
        yield url


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The URL of the embedded server of that folder, which is stopped afterwards if we started it."""
    server = ensure_running(folder)
    try:
        yield server.url
    finally:
        server.stop()


@contextmanager
def database_of(settings: Settings, *, may_make: bool = False) -> Iterator[Database]:
    """The database, brought up to date. One of your own is named by its URL: nothing in the folder is asked for."""
    with url_of(settings, may_make=may_make or settings.database_url is not None) as url:
        bring_up_to_date(url)
        first: Foreword = load("rightcall.adapters.destroying:WrittenFirst")(DestroyedList(settings.data / "destroyed"))
        database = Database(url, connections=2, foreword=first)
        try:
            yield database
        finally:
            database.close()


def bring_up_to_date(url: str) -> None:
    with words().status("Bringing the database up to date…"):
        migrate(url)


def make_data_folder(data: Path) -> None:
    """For us alone to read."""
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise NotConfigured(f"The folder {data} cannot be made ({error.strerror}). Choose another with --data.") from error


def controller_of(database: Database, given: str | None) -> Controller:
    """The controller that was named, else the only one."""
    with database.system() as tx:
        return _chosen([controllers.by_id(tx, id) for id in controllers.all_ids(tx)], given)


def first_controller_of(database: Database, clock: Clock, given: str | None) -> Controller:
    """The same; where there is none and none was named, a first one is made."""
    with database.system() as tx:
        known = [controllers.by_id(tx, id) for id in controllers.all_ids(tx)]
        made = None if known or given is not None else controllers.create(tx, clock, FIRST)
    if made is None:
        return _chosen(known, given)
    words().print(
        f"There was no controller yet, so a first one was made: {FIRST.name}. A register names its own and does not"
        " replace this one: where you have one, run `rightcall register apply` first, then do this again"
        " with --controller and its name."
    )
    return made


def _chosen(known: list[Controller], given: str | None) -> Controller:
    if given is not None:
        return _named(known, given)
    if not known:
        raise NotFound("There is no controller yet. Make one with `rightcall controller create` or `rightcall register apply`.")
    if len(known) > 1:
        names = ", ".join(f"{controller.name} ({controller.id})" for controller in known)
        raise Malformed(f"There are several controllers. Say which with --controller: {names}.")
    return known[0]


def _named(known: list[Controller], given: str) -> Controller:
    found = [controller for controller in known if given in (str(controller.id), controller.name)]
    if len(found) != 1:
        raise NotFound("There is no controller of that id or name. `rightcall controller list` shows those there are.")
    return found[0]
