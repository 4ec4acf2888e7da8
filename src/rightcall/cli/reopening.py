"""`rightcall reopen`: a person takes it upon them that a database is opened though nobody knows whether what was let go is in it
again (docs/adr/0063)."""

from pathlib import Path
from typing import Annotated

import typer

from rightcall.adapters.kept_checkpoint import KeptCheckpoint
from rightcall.adapters.shut import Doubt, Shut
from rightcall.cli.backups import list_in, sign_out
from rightcall.cli.place import DataOption, database_of, keys_must_be_there
from rightcall.cli.words import words
from rightcall.clock import SystemClock
from rightcall.database.connection import Database
from rightcall.erasure.opening import opened_anyway
from rightcall.errors import Conflict, Malformed
from rightcall.ledger import actions as ledger
from rightcall.settings import Settings, load_settings
from rightcall.vault.actions import Vault
from rightcall.wiring import destroyed_list, key_service
from rightcall.worker.destroyed import destroy_again, take_up


def reopen(
    why: Annotated[str, typer.Argument(help="What was lost and how, in your words. It is kept beside the keys.")],
    data: DataOption = None,
    destroyed: Annotated[
        list[Path] | None,
        typer.Option(help="A list of what was destroyed, DATA/destroyed of another machine or a copy; repeat for more."),
    ] = None,
) -> None:
    """Open what is shut because the database may have been put back, where what tells is lost. You answer for it."""
    if not why.strip():
        raise Malformed("Say why, in your words: what was lost, and how.")
    settings = load_settings(data=data)
    keys_must_be_there(settings)
    given = [list_in(each) for each in destroyed or []]
    with database_of(settings) as database:
        doubt = Shut(settings.data, settings.ledger_origin, database, SystemClock()).doubt
        if doubt is None:
            raise Conflict("Nothing is shut here: what may be opened opens.")
        own = destroyed_list(settings)
        for each in given:
            own.take(each)
        again, everybody = _open(settings, database, doubt, why.strip())
    words().print(_OPENED.format(keys=again))
    if everybody:
        words().print(_SIGNED_OUT)


def _open(settings: Settings, database: Database, doubt: Doubt, why: str) -> tuple[int, int]:
    """What shuts it is written last: killed before, it is done anew. Keys that were destroyed again, and who signs in anew."""
    own, clock = destroyed_list(settings), SystemClock()
    vault, kept = Vault(key_service(settings), clock), KeptCheckpoint(settings.data)
    vault.start(database)
    again, everybody = destroy_again(database, vault, clock, own.read()), sign_out(database, clock)
    opened_anyway(database, clock, missing=doubt.missing, lost=0 if doubt.held is None else doubt.held.lost)
    own.opened_anyway(clock.now(), why)
    if doubt.held is not None:
        kept.write_put_back(clock.now(), doubt.held)
        kept.lay_proofs_aside()
    take_up(database, vault, own, clock.now())
    own.is_complete(clock.now())
    with database.system() as tx:
        kept.write(ledger.latest_checkpoint(tx) or "")
    return again, everybody


_OPENED = (
    "It is opened: each process sees it within seconds, and the ledger says that you did. {keys:,} keys that had come back were"
    " destroyed again. When and why is written down in DATA/destroyed/opened-anyway. Enter withdrawals, erasures and other"
    " requests that are missing again before anybody works with this data."
)
_SIGNED_OUT = "Whoever works here signs in anew. Look through `rightcall staff list` and `rightcall token list`."
