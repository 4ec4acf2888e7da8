"""Keeping house: the database's shape, epochs of keys, the ledger's public key."""

import typer

from rightcall.cli.place import DataOption, database_of, house_of
from rightcall.cli.words import progress, words
from rightcall.ledger.audit import audit
from rightcall.ledger.checkpoint import key_of
from rightcall.settings import load_settings
from rightcall.worker.procedures import turn_epoch

epochs = typer.Typer(no_args_is_help=True, help="Epochs of keys: how long a backup can live.")
ledger = typer.Typer(no_args_is_help=True, help="The ledger.")


def migrate(data: DataOption = None) -> None:
    """Bring the database to the shape that this version needs. `serve` does it too."""
    with database_of(load_settings(data=data), may_make=True):
        words().print("The database is up to date.")


@epochs.command("rotate")
def rotate(data: DataOption = None) -> None:
    """Begin a new epoch now: what lives is wrapped anew, and the old epoch key is destroyed. Earlier backups go dark."""
    with (
        house_of(load_settings(data=data)) as house,
        words().status("Wrapping keys anew…") as status,
    ):
        rotation = turn_epoch(house, progress=lambda count: status.update(f"Wrapping keys anew: {count:,} so far…"))
    words().print(f"Epoch {rotation.epoch} has begun: {rotation.rewrapped:,} keys wrapped anew.")
    for number in rotation.destroyed:
        words().print(f"The key of epoch {number} is destroyed. Backups from it open nothing any more.")
    for number in rotation.lost:
        words().print(f"The key of epoch {number} was gone already: what it wrapped stays dark.")


@epochs.callback()
def _epochs() -> None:
    """Epochs of keys."""


@ledger.command("key")
def key(data: DataOption = None) -> None:
    """Print the ledger's public key, by which anyone can check its proofs. Publish it where people can find it."""
    with house_of(load_settings(data=data)) as house:
        print(key_of(house.signer).text)


@ledger.command("audit")
def audit_ledger(data: DataOption = None) -> None:
    """Look through the whole ledger: every entry, tile and checkpoint, held against what was signed."""
    with house_of(load_settings(data=data)) as house, progress("Looking through the ledger") as tell:
        house.sequencer().run_once()
        with house.database.system() as tx:
            head = audit(tx, [key_of(house.signer)], house.settings.ledger_origin, progress=tell)
    words().print(f"The ledger is whole: {head.size:,} entries under the root that was signed.")
    print(head.root.hex())


@ledger.callback()
def _ledger() -> None:
    """The ledger."""
