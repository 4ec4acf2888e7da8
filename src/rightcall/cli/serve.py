"""`rightcall serve`: Rightcall on this machine, as processes that a supervisor keeps alive."""

import fcntl
import logging
import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from rightcall.adapters.keys.passphrase import make_secret
from rightcall.adapters.restarts import write_restarts
from rightcall.cli.lawful import warn_of_upkeep
from rightcall.cli.place import DataOption, make_data_folder, warn_of_misspelt
from rightcall.cli.roles import ProcessRole, environment_of
from rightcall.cli.served import claim_of, note
from rightcall.cli.supervisor import Child, EmbeddedDatabase, RoleProcess, Supervisor
from rightcall.cli.words import words
from rightcall.clock import SystemClock
from rightcall.database.migrate import migrate
from rightcall.errors import Conflict, Malformed, NotConfigured
from rightcall.policy.loading import load_rules
from rightcall.settings import Settings, host_and_port, load_settings
from rightcall.telemetry import configure_logging, forbid_core_dumps

_log = logging.getLogger(__name__)
_ALL = ",".join(role.value for role in ProcessRole)


def serve(
    data: DataOption = None,
    http: Annotated[str | None, typer.Option(help="HOST:PORT of the API.", show_default="127.0.0.1:8740")] = None,
    sip: Annotated[str | None, typer.Option(help="HOST:PORT for SIP over UDP.", show_default="127.0.0.1:5070")] = None,
    roles: Annotated[str, typer.Option(help="Which processes run here, separated by commas.")] = _ALL,
) -> None:
    """Run Rightcall until Ctrl-C. Everything it needs on this machine is made on the first start."""
    wanted = read_roles(roles)
    settings = load_settings(data=data, http=http, sip=sip)
    warn_of_misspelt()
    warn_of_upkeep(SystemClock(), load_rules(settings.rules))
    forbid_core_dumps()
    configure_logging(settings.log_level, "supervisor")
    make_data_folder(settings.data)
    with claim(settings.data, wanted):
        if ProcessRole.WEB in wanted:
            note(settings)
        _run(settings, wanted)
    Console(highlight=False).print("Rightcall has ended: every process in order, the database last.")


@contextmanager
def claim(data: Path, wanted: Sequence[ProcessRole]) -> Iterator[None]:
    """Each role runs once on a folder. The kernel lets go of a claim when its process ends, however it ends."""
    with ExitStack() as claims:
        taken = [role.value for role in wanted if not _claimed(claims, claim_of(data, role.value))]
        if taken:
            raise Conflict(
                f"Rightcall already runs on this folder, {data}: {', '.join(taken)}. End it first; or give another folder with"
                " --data, or roles that do not run yet with --roles."
            )
        yield


def _claimed(claims: ExitStack, lock: Path) -> bool:
    try:
        file = claims.enter_context(os.fdopen(os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)))
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        raise NotConfigured(f"{lock} cannot be used ({error.strerror}). Choose another folder with --data.") from error
    return True


def _run(settings: Settings, wanted: Sequence[ProcessRole]) -> None:
    _check_ports(settings, wanted)
    _make_passphrase(settings)
    database = None if settings.database_url else EmbeddedDatabase(settings.data / "database")
    url = _start_database(settings, database)
    tell = partial(write_restarts, settings.data)
    supervisor = Supervisor(_children(settings, wanted, database, url), _log.warning, tell)
    supervisor.stop_on_signals()
    _greet(settings, wanted)
    supervisor.run()


def read_roles(given: str) -> list[ProcessRole]:
    """The roles in the order in which they start, whatever the order in which they were named."""
    names = {name.strip() for name in given.split(",") if name.strip()}
    known = {role.value for role in ProcessRole}
    if not names or not names <= known:
        raise Malformed(f"--roles takes {_ALL}, or some of these separated by commas.")
    return [role for role in ProcessRole if role.value in names]


def _start_database(settings: Settings, database: EmbeddedDatabase | None) -> str:
    with ExitStack() as undo, words().status("Opening the database and bringing it up to date…"):
        if database is not None:
            undo.callback(database.stop, 0)
            database.start()
            url = database.url
        else:
            assert settings.database_url is not None  # noqa: S101 - there is no embedded one otherwise
            url = settings.database_url.get_secret_value()
        migrate(url)
        undo.pop_all()
    return url


def _children(settings: Settings, wanted: Sequence[ProcessRole], database: EmbeddedDatabase | None, url: str) -> list[Child]:
    folder = settings.data / "metrics"
    folder.mkdir(exist_ok=True, mode=0o700)
    for old in folder.glob("*.db"):
        old.unlink()
    environment = environment_of(settings, url, folder)
    processes: list[Child] = [RoleProcess(name=role.value, environment=environment, metrics=folder) for role in wanted]
    return processes if database is None else [database, *processes]


def _check_ports(settings: Settings, wanted: Sequence[ProcessRole]) -> None:
    """A port that somebody else has is said now, in words, and not by a process that dies over and over."""
    if ProcessRole.WEB in wanted:
        _check_port(settings.http, socket.SOCK_STREAM, "--http")
    if ProcessRole.SIGNALLING in wanted:
        _check_port(settings.sip, socket.SOCK_DGRAM, "--sip")


def _check_port(address: str, sort: socket.SocketKind, option: str) -> None:
    host, port = host_and_port(address)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, sort) as probe:
        if sort is socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise NotConfigured(
                f"{address} cannot be used: {error.strerror}. End what listens there, or choose another address with {option}."
            ) from error


def _make_passphrase(settings: Settings) -> None:
    file = settings.data / "passphrase"
    if settings.key_service != "file" or settings.passphrase_file is not None:
        return
    if not file.exists():
        if (settings.data / "keys").exists():
            raise NotConfigured(f"{file} is gone, but the key file that it opens is there. Put it back, or set PASSPHRASE_FILE.")
        make_secret(file)
        _say_where_the_passphrase_is(file)


def _say_where_the_passphrase_is(file: Path) -> None:
    words().print(
        f"[bold]A passphrase was made: {file}[/]\n"
        "It opens every key, and it lies beside what it opens: whoever copies the whole folder has both.\n"
        "Move it to another place (a secret store, another machine's mount) and start with\n"
        "RIGHTCALL_PASSPHRASE_FILE=THAT-PLACE. Keep it out of every backup of this folder."
    )


def _greet(settings: Settings, wanted: Sequence[ProcessRole]) -> None:
    say = Console(highlight=False, soft_wrap=True)
    say.print(f"Rightcall runs: {', '.join(role.value for role in wanted)}. Data in {settings.data}. Ctrl-C ends it.")
    if ProcessRole.WEB in wanted:
        say.print(f"API  http://{settings.http}/api/v1   health  http://{settings.http}/health")
        say.print(f"Console  {settings.own_url}/console   for people who work here, see `rightcall staff create`")
    if ProcessRole.SIGNALLING in wanted:
        say.print(f"SIP  {settings.sip} (UDP). Calls are taken from the trunks of the register; nothing is kept without a yes.")
