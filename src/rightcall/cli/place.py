"""Where a command works: the settings it was given, the database behind them, and the first things that must be there."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from rightcall.clock import Clock
from rightcall.controllers import actions as controllers
from rightcall.controllers.model import Controller, NewController
from rightcall.database.connection import Database
from rightcall.database.embedded import ensure_running
from rightcall.database.migrate import migrate
from rightcall.errors import Malformed, NotConfigured, NotFound
from rightcall.settings import Settings

DataOption = Annotated[
    Path | None,
    typer.Option("--data", help="Folder for everything Rightcall keeps on this machine.", show_default="./rightcall-data"),
]
ControllerOption = Annotated[
    str | None,
    typer.Option("--controller", help="Id or name of the controller. Needed only where there are several."),
]

_FIRST = NewController(
    name="My contact centre",
    address="Not given yet",
    contact="Not given yet",
    jurisdictions=("EU",),
)


def words() -> Console:
    """For what a person reads: standard error, so that standard output stays what a program reads."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def url_of(settings: Settings) -> Iterator[str]:
    """The database's URL. The embedded one is started where it does not run, and stopped afterwards if we started it."""
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    make_data_folder(settings.data)
    with words().status("Opening the database…"):
        server = ensure_running(settings.data / "database")
    try:
        yield server.url
    finally:
        server.stop()


@contextmanager
def database_of(settings: Settings) -> Iterator[Database]:
    """The database, brought up to date."""
    with url_of(settings) as url:
        with words().status("Bringing the database up to date…"):
            migrate(url)
        database = Database(url, connections=2)
        try:
            yield database
        finally:
            database.close()


def make_data_folder(data: Path) -> None:
    """For us alone to read."""
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise NotConfigured(f"The folder {data} cannot be made ({error.strerror}). Choose another with --data.") from error


def controller_of(database: Database, clock: Clock, given: str | None) -> Controller:
    """The controller that was named; else the only one; where there is none, a first one is made."""
    with database.system() as tx:
        known = [controllers.by_id(tx, id) for id in controllers.all_ids(tx)]
        if given is not None:
            return _named(known, given)
        if not known:
            words().print(
                f"There was no controller yet, so a first one was made: {_FIRST.name}."
                " Say who you are with `rightcall controller create` or `rightcall register apply`."
            )
            return controllers.create(tx, clock, _FIRST)
    if len(known) > 1:
        names = ", ".join(f"{controller.name} ({controller.id})" for controller in known)
        raise Malformed(f"There are several controllers. Say which with --controller: {names}.")
    return known[0]


def _named(known: list[Controller], given: str) -> Controller:
    found = [controller for controller in known if given in (str(controller.id), controller.name)]
    if len(found) != 1:
        raise NotFound("There is no controller of that id or name. `rightcall controller list` shows those there are.")
    return found[0]
