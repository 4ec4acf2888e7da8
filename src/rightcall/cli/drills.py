"""`rightcall drill`: what a backup still opens, tried on a copy beside the running system."""

import json
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from rightcall.adapters.destroyed import DestroyedList
from rightcall.adapters.keys.file import KeyFile
from rightcall.adapters.keys.passphrase import read_secret
from rightcall.cli.exits import answer_no
from rightcall.cli.home import house_of
from rightcall.cli.place import DataOption, keys_must_be_there
from rightcall.cli.words import progress, words
from rightcall.clock import SystemClock
from rightcall.copies.model import FAULT_IN_WORDS, Drill, Fault
from rightcall.errors import Breach, Malformed, NotConfigured, NotFound
from rightcall.ids import HoldingId
from rightcall.settings import Settings, load_settings
from rightcall.vault.actions import Vault
from rightcall.wiring import key_service
from rightcall.worker import drilling
from rightcall.worker.trying import Side, what_opens

_NOTHING_YET = (
    "The backup could be restored, and there was nothing to try yet: no take is kept here, so neither this backup nor the running"
    " system has bytes to open. That is no fault, and no proof either. Drill again once something was recorded."
)
_WORST = frozenset({Fault.LET_GO_OPENS, Fault.OLD_KEYS_OPEN})


def drill(
    folder: Annotated[
        Path | None, typer.Argument(help="The backup's folder.", show_default="the newest in RIGHTCALL_BACKUPS")
    ] = None,
    data: DataOption = None,
    most: Annotated[int, typer.Option(min=1, help="How many things of each sort are tried for each controller.")] = drilling.MOST,
    destroyed: Annotated[
        list[Path] | None,
        typer.Option(help="A list of what was destroyed, from another machine's DATA/destroyed; repeat for more."),
    ] = None,
    old_keys: Annotated[
        Path | None, typer.Option(help="An old backup of keys, PLACE/ID, to show that it opens nothing of this backup.")
    ] = None,
    holding: Annotated[
        UUID | None, typer.Option(help="Try this one holding alone, without the fence: what opens for whoever steals both.")
    ] = None,
) -> None:
    """Restore a backup beside the running system, show that what was let go stays shut and what is kept opens, and throw the copy
    away. Prints one JSON object. Ends with 0 where it passed, or where there is nothing yet that could be tried (`passed` is then
    null), with 1 where it did not pass, with 4 where something let go opens."""
    settings = load_settings(data=data)
    folder = folder or _newest(settings)
    if holding is not None:
        _try_one(settings, folder, HoldingId(holding))
        return
    keys_must_be_there(settings)
    with house_of(settings) as house, progress("Reading the backup") as tell:
        found = drilling.drill_backup(
            house,
            folder,
            lists=[DestroyedList(each) for each in destroyed or []],
            most=most,
            with_old=None if old_keys is None else _old_vault(settings, old_keys),
            progress=tell,
        )
    print(json.dumps(_plain(found)))
    _say(found)
    if _WORST & set(found.faults):
        raise Breach("Something opens that was let go. Keep the backup shut, and tell the DPO.")
    if found.faults:
        raise answer_no()


def _say(found: Drill) -> None:
    for fault in found.faults:
        words().print(FAULT_IN_WORDS[fault])
    if found.had_nothing_to_try:
        words().print(_NOTHING_YET)
    elif not found.gone:
        words().print("Nothing that was let go since lies in this backup: it shows whether what is kept comes back, and no more.")


def _newest(settings: Settings) -> Path:
    if settings.backups is None:
        raise Malformed("Say which backup to try: give its folder, or set RIGHTCALL_BACKUPS to the folder that backups lie in.")
    return drilling.newest(settings.backups)


def _plain(found: Drill) -> dict[str, object]:
    return {
        "drill": str(found.id),
        "passed": None if found.had_nothing_to_try else found.passed,
        "faults": [fault.value for fault in found.faults],
        "kept": {"tried": found.live, "opened": found.live_opened},
        "let_go": {"tried": found.gone, "opened": found.gone_opened},
        "destroyed_again": found.fenced,
    }


def _old_vault(settings: Settings, folder: Path) -> Vault:
    if not (folder / "keys").is_file():
        raise NotFound("There is no backup of keys in this folder. Give the one that has the file `keys` in it.")
    file = settings.passphrase_file or settings.data / "passphrase"
    if settings.key_service != "file":
        raise NotConfigured("The keys are in a token: try its old backup in another token, by the token's own means.")
    return Vault(KeyFile(folder / "keys", read_secret(file)), SystemClock())


def _try_one(settings: Settings, folder: Path, holding: HoldingId) -> None:
    keys_must_be_there(settings)
    clock = SystemClock()
    vault = Vault(key_service(settings), clock)
    root = settings.drill_folder or settings.data / "drill"
    with (
        progress("Reading the backup") as tell,
        drilling.restored_aside(root, folder, tell) as (database, objects),
    ):
        result = what_opens(Side(database=database, vault=vault, objects=objects, clock=clock), holding)
    print(json.dumps({"holding": str(holding), "result": result}))
