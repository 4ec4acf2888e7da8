"""`rightcall backup`, `restore`, `backups`: all but the keys is carried away and back; keys go apart, and are kept for an
epoch."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from rightcall.adapters import backup as backups
from rightcall.adapters.destroyed import DestroyedList
from rightcall.adapters.key_backup import KeyBackups
from rightcall.cli.answering import print_items
from rightcall.cli.as_json import Commands
from rightcall.cli.fencing import behind, complete_until, must_be_complete
from rightcall.cli.home import house_of
from rightcall.cli.place import DataOption, JsonOption, WitnessOption, bring_up_to_date, make_data_folder, url_of
from rightcall.cli.put_back import PutBack, held_against, says, write_down
from rightcall.cli.words import progress, words
from rightcall.clock import Clock, SystemClock
from rightcall.controllers import actions as controllers
from rightcall.copies import actions as copies
from rightcall.copies.model import BackupId, BackupKind
from rightcall.copies.saying import worth
from rightcall.copies.under_way.model import Work
from rightcall.database.connection import Database
from rightcall.erasure.certifying import backups_until
from rightcall.erasure.model import Missing
from rightcall.erasure.opening import opened_anyway
from rightcall.errors import NotFound
from rightcall.ledger.witness import parse_witness
from rightcall.requests.visits import actions as visits
from rightcall.settings import Settings, load_settings
from rightcall.staff import leaving
from rightcall.vault.actions import Vault
from rightcall.vault.ports import KeyService
from rightcall.wiring import House, destroyed_list, key_service, object_store
from rightcall.worker.destroyed import destroy_again
from rightcall.worker.key_backups import back_up
from rightcall.worker.looking import look
from rightcall.worker.under_way import told

FolderArgument = Annotated[Path, typer.Argument(help="The backup's folder.")]


def backup(
    folder: FolderArgument,
    data: DataOption = None,
    keys: Annotated[
        Path | None,
        typer.Option(help="A folder, on another disk, to back the keys up to as well: they take the place of those there."),
    ] = None,
) -> None:
    """Copy database and sealed bytes into FOLDER, new or empty; never the keys. After the epoch turns it opens nothing."""
    settings = load_settings(data=data)
    if keys is not None:
        KeyBackups(keys).must_be_apart(folder)
    with house_of(settings) as house:
        _back_up(house, folder)
        if keys is not None:
            back_up(house, keys)
            words().print(_KEYS.format(until=backups_until(house.vault.epoch(house.database), settings.epoch_days)))


def _back_up(house: House, folder: Path) -> None:
    """It is written down before the first byte is copied: no copy is ever unknown to a certificate."""
    url = house.settings.backup_database_url
    with progress("Looking at what is there") as shown, told(house, Work.BACKUP, shown) as tell:
        backups.check_folder(folder)
        with house.database.system() as tx:
            id = copies.begin(tx, house.clock, kind=BackupKind.DATA, epoch=house.vault.epoch_number(tx))
        copied = backups.backup(
            house.database.url if url is None else url.get_secret_value(), house.objects, folder, progress=tell
        )
        with house.database.system() as tx:
            copies.finish(tx, house.clock, id, epoch=house.vault.epoch_number(tx))
        destroyed_list(house.settings).is_worked_on(house.clock.now())
    words().print(
        f"Backed up: the database and {copied.objects:,} sealed objects, {copied.bytes:,} bytes. The keys are not in it."
    )


def restore(
    folder: FolderArgument,
    data: DataOption = None,
    destroyed: Annotated[
        list[Path] | None,
        typer.Option(help="A list of what was destroyed, from another machine's DATA/destroyed; repeat for more."),
    ] = None,
    keys: Annotated[Path | None, typer.Option(help="A backup of the keys, for a data folder that has none: PLACE/ID.")] = None,
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option(help="A checkpoint of the ledger that somebody kept; repeat for more. DATA/checkpoint is read by itself."),
    ] = None,
    witness: WitnessOption = None,
    open_anyway: Annotated[
        str | None,
        typer.Option(
            metavar="REASON", help="Open it though the list of what was destroyed may lack the last of it. You answer for it."
        ),
    ] = None,
) -> None:
    """Put a backup into an empty database and an empty object store; what was destroyed since is destroyed again. Where the list
    of that may be behind, or the ledger is not the one that was signed, nothing is opened."""
    settings, witnesses = load_settings(data=data), [parse_witness(each) for each in witness or []]
    if keys is not None:
        make_data_folder(settings.data)
        KeyBackups(keys.parent).put_back(_id_of(keys), settings.data)
    own, given = destroyed_list(settings), [list_in(each) for each in destroyed or []]
    backups.read_manifest(folder)
    known = [own, *given, *([] if keys is None else [DestroyedList(keys / "destroyed")])]
    until, lacks = complete_until(known, folder), behind(known, folder)
    if not open_anyway:
        must_be_complete(known, folder)
    beside = [settings.data, *(each.parent for each in destroyed or [])]
    put_back = held_against(settings, folder, checkpoint or [], beside, witnesses)
    keys_of_today = key_service(settings)
    for each in given:
        own.take(each)
    with url_of(settings, may_make=True) as url:
        with progress("Reading the backup") as tell:
            copied = backups.restore(url, object_store(settings), folder, progress=tell)
        bring_up_to_date(url)
        with words().status("Opening the keys, and destroying again what was destroyed since…"):
            again, everybody = _open(settings, url, keys_of_today, own, put_back, open_anyway if until is None else None)
    words().print(f"Restored: the database and {copied.objects:,} sealed objects. What is from earlier epochs stays dark.")
    words().print(says(put_back))
    words().print(_AGAIN.format(keys=again))
    words().print(f"[bold]{lacks}[/] {_ANYWAY}" if until is None else _COMPLETE.format(until=f"{until:%Y-%m-%d %H:%M:%S}"))
    if everybody:
        words().print(_SIGNED_OUT)


_KEYS = (
    "The keys are backed up apart. They go at the turn of the epoch, by {until} at the latest, and newer ones take their place."
)
_AGAIN = (
    "{keys:,} keys that came back with it were destroyed again. The choices and requests themselves are not in the backup: enter"
    " those that came after it again, for the record."
)
_COMPLETE = "The list of what was destroyed is complete until {until} UTC at the least, for all who worked on its folder."
_ANYWAY = (
    "You opened it anyway; when and why is written down in DATA/destroyed/opened-anyway. Enter those withdrawals and requests"
    " again before anybody works with this data."
)


_SIGNED_OUT = (
    "Whoever works here signs in anew. Look through `rightcall staff list` and `rightcall token list`: a role that was changed"
    " after the backup, and a token that was revoked, is back."
)


def _open(
    settings: Settings, url: str, keys: KeyService, own: DestroyedList, put_back: PutBack | None, anyway: str | None
) -> tuple[int, int]:
    """How many keys were destroyed again, and how many were signed out. What shuts it is written last."""
    database, clock = Database(url, connections=2), SystemClock()
    try:
        vault = Vault(keys, clock)
        vault.start(database, after_restore=True)
        again, everybody = destroy_again(database, vault, clock, own.read()), sign_out(database, clock)
        if anyway is not None:
            own.opened_anyway(clock.now(), anyway)
            opened_anyway(database, clock, missing=Missing.LIST, lost=0 if put_back is None else put_back.held.lost)
        own.is_complete(clock.now())
        write_down(settings, database, put_back, clock.now())
    finally:
        database.close()
    return again, everybody


def sign_out(database: Database, clock: Clock) -> int:
    """How many people who work here that is. Customers' visits end as well."""
    with database.system() as tx:
        owners = controllers.all_ids(tx)
    out = 0
    for owner in owners:
        with database.transaction(owner) as tx:
            out += leaving.sign_everybody_out(tx, clock)
            visits.end_all(tx, clock)
    return out


def list_in(folder: Path) -> DestroyedList:
    if not folder.is_dir():
        raise NotFound("There is no such folder with lists of what was destroyed. Give the folder DATA/destroyed of a machine.")
    return DestroyedList(folder)


def _id_of(folder: Path) -> UUID:
    try:
        return UUID(folder.name)
    except ValueError:
        raise NotFound("A backup of keys is a folder that is named by its id. Give that one, as PLACE/ID.") from None


app = Commands(help="Backups that were made, of data and of keys.")


@app.callback(invoke_without_command=True)
def _list(context: typer.Context, as_json: JsonOption = False, data: DataOption = None) -> None:
    """The backups that were made: when, of which epoch, and whether anything opens them."""
    if context.invoked_subcommand is not None:
        return
    with house_of(load_settings(data=data)) as house, house.database.system() as tx:
        found, epoch = copies.backups(tx), house.vault.epoch_number(tx)
    if as_json:
        print_items([{**asdict(each), "says": worth(each, epoch)} for each in found])
        return
    for each in found:
        print(f"{each.id}  {each.kind:4}  {each.begun_at:%Y-%m-%d %H:%M}  epoch {each.epoch}  {worth(each, epoch)}")


@app.command("gone")
def gone(
    backup: Annotated[UUID, typer.Argument(help="Its id, as `rightcall backups` prints it.")], data: DataOption = None
) -> None:
    """Say that a backup is destroyed, where Rightcall cannot look itself. You answer for it."""
    with house_of(load_settings(data=data)) as house, house.database.system() as tx:
        copies.say_gone(tx, house.clock, BackupId(backup), epoch=house.vault.epoch_number(tx))
    words().print("It is written down as gone. Certificates that waited for it follow with the worker's next round.")


@app.command("look")
def look_at_copies(as_json: JsonOption = False, data: DataOption = None) -> None:
    """Ask the database and the object store which copies they make by themselves. The worker does it each hour."""
    with house_of(load_settings(data=data)) as house:
        found = look(house)
    if as_json:
        print(json.dumps({"looked_at": found.looked_at.isoformat(), **asdict(found.database), **asdict(found.store)}, indent=2))
        return
    for name, value in (
        ("archive of the database's log", found.database.archives),
        ("replicas of the database", found.database.replicas),
        ("slots that keep its log for one", found.database.slots),
        ("former versions in the object store", found.store.versions),
        ("objects that may not be deleted yet", found.store.locks),
        ("the object store copies elsewhere", found.store.replicates),
    ):
        print(f"{name}: {_said(value)}")


def _said(value: bool | int | None) -> str:
    if value is None:
        return "it does not say"
    return str(value) if not isinstance(value, bool) else "yes" if value else "no"
