"""`rightcall backup`, `restore`, `drill`: all but the keys is carried away and back; a drill shows what a backup still opens."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from rightcall.adapters import backup as backups
from rightcall.adapters.destroyed import DestroyedList
from rightcall.adapters.objects.store import Objects
from rightcall.cli.place import DataOption, bring_up_to_date, keys_must_be_there, running, url_of
from rightcall.cli.words import progress, said, words
from rightcall.clock import SystemClock
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Database, Transaction
from rightcall.errors import NotFound
from rightcall.holdings import actions as holdings
from rightcall.holdings.model import Holding
from rightcall.ids import HoldingId
from rightcall.settings import load_settings
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark
from rightcall.vault.sealing import SealedReader, content_context
from rightcall.wiring import destroyed_list, key_service, object_store
from rightcall.worker.destroyed import destroy_again

FolderArgument = Annotated[Path, typer.Argument(help="The backup's folder.")]


def backup(folder: FolderArgument, data: DataOption = None) -> None:
    """Copy database and sealed bytes into FOLDER, new or empty; never the keys. After the epoch turns it opens nothing."""
    settings = load_settings(data=data)
    with url_of(settings) as url, progress("Looking at what is there") as tell:
        copied = backups.backup(url, object_store(settings), folder, progress=tell)
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
) -> None:
    """Put a backup into an empty database and an empty object store; what was destroyed since is destroyed again."""
    settings = load_settings(data=data)
    lists = [destroyed_list(settings), *(_given(each) for each in destroyed or [])]
    with url_of(settings, may_make=True) as url:
        with progress("Reading the backup") as tell:
            copied = backups.restore(url, object_store(settings), folder, progress=tell)
        bring_up_to_date(url)
        database = Database(url, connections=2)
        try:
            with words().status("Opening the keys, and destroying again what was destroyed since…"):
                clock = SystemClock()
                vault = Vault(key_service(settings), clock)
                vault.start(database, after_restore=True)
                again = sum(destroy_again(database, vault, clock, each.read()) for each in lists)
            is_listed = any(each.has(vault.epoch(database).key) for each in lists)
        finally:
            database.close()
    words().print(f"Restored: the database and {copied.objects:,} sealed objects. What is from earlier epochs stays dark.")
    words().print(_AGAIN.format(keys=again) if is_listed else _NO_LIST)


_AGAIN = (
    "{keys:,} keys that came back with it were destroyed again. The choices and requests themselves are not in the backup: enter"
    " those that came after it again, for the record."
)
_NO_LIST = (
    "[bold]There is no list of what was destroyed in the present epoch.[/] Whatever was withdrawn or erased after this backup is"
    " back with it. Find DATA/destroyed of the worker's machine, put it into this data folder, start the worker; or enter those"
    " withdrawals and requests again before anybody works with this data."
)


def _given(folder: Path) -> DestroyedList:
    if not folder.is_dir():
        raise NotFound("There is no such folder with lists of what was destroyed. Give the folder DATA/destroyed of a machine.")
    return DestroyedList(folder)


def drill(
    folder: FolderArgument,
    holding: Annotated[UUID, typer.Option(help="The holding to try.")],
    data: DataOption = None,
) -> None:
    """Restore a backup aside, try one holding with the key service of today, and throw the copy away. Prints one JSON object."""
    settings = load_settings(data=data)
    keys_must_be_there(settings)
    keys = key_service(settings)
    with _aside() as (place, url):
        objects = Objects(f"file://{place / 'objects'}", None)
        with progress("Reading the backup") as tell:
            backups.restore(url, objects, folder, progress=tell)
        bring_up_to_date(url)
        database = Database(url, connections=2)
        try:
            with words().status("Trying the holding…"):
                result = _try(database, Vault(keys, SystemClock()), objects, HoldingId(holding))
        finally:
            database.close()
    print(json.dumps({"holding": str(holding), "result": result}))


@contextmanager
def _aside() -> Iterator[tuple[Path, str]]:
    """A folder that is thrown away afterwards, and the URL of an embedded server in it."""
    folder = tempfile.TemporaryDirectory(prefix="rightcall-drill-")
    with (
        said("Making a place aside…", folder, "Throwing the copy away…") as name,
        said("Starting a database aside…", running(Path(name) / "database"), "Ending the database aside…") as url,
    ):
        yield Path(name), url


def _try(database: Database, vault: Vault, objects: Objects, id: HoldingId) -> str:
    """`opens: …`, or `dark: …` with the reason. The first purpose that opens it is enough."""
    with database.system() as tx:
        owners = controllers.all_ids(tx)
    for owner in owners:
        with database.transaction(owner) as tx:
            found = _found(tx, id)
            if found is not None:
                return _opened(tx, vault, objects, found)
    raise NotFound("There is no such holding in this backup. Give the id of one that was there when it was made.")


def _found(tx: Transaction, id: HoldingId) -> Holding | None:
    try:
        return holdings.get(tx, id)
    except NotFound:
        return None


def _opened(tx: Transaction, vault: Vault, objects: Objects, holding: Holding) -> str:
    why = ""
    for purpose in holding.purposes:
        key = vault.unlock_content(tx, holding=holding.id, purpose=purpose)
        if isinstance(key, Dark):
            why = why or key.reason.value
            continue
        reader = SealedReader(
            key.secret,
            content_context(tx.of, holding.id),
            lambda start, length: objects.get_range(holding.object_key, start, length),
            holding.sealed_length or 0,
            bool(holding.complete),
        )
        return f"opens: {len(reader.read(0, reader.plain_length)):,} bytes in the clear"
    return f"dark: {why}"
