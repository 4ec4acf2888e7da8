"""Keeping house: the database's shape, epochs of keys, the ledger's public key, and its statements one by one."""

from functools import partial
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from rightcall.adapters.kept_checkpoint import read_notes
from rightcall.cli.as_json import Commands
from rightcall.cli.exits import answer_no
from rightcall.cli.home import house_of
from rightcall.cli.place import ControllerOption, DataOption, WitnessOption, controller_of, database_of
from rightcall.cli.words import progress, words
from rightcall.errors import NotFound
from rightcall.ids import StatementId
from rightcall.ledger.actions import consistency, inclusion, latest_checkpoint, root_at, signed_size
from rightcall.ledger.audit import audit
from rightcall.ledger.checkpoint import key_of
from rightcall.ledger.consistency import Consistency, consistency_text
from rightcall.ledger.kept import hold, read_kept
from rightcall.ledger.model import NotYet
from rightcall.ledger.proof import check_proof, parse_proof
from rightcall.ledger.witness import parse_witness
from rightcall.settings import load_settings
from rightcall.worker.ending import turn_epoch

epochs = Commands(no_args_is_help=True, help="Epochs of keys: how long a backup can live.")
ledger = Commands(no_args_is_help=True, help="The ledger: its key, what a statement says, and whether all is as it was signed.")


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


@ledger.command("key", named=("key",))
def key(data: DataOption = None) -> None:
    """Print the ledger's public key, by which anyone can check its proofs. Publish it where people can find it."""
    with house_of(load_settings(data=data)) as house:
        print(key_of(house.signer).text)


@ledger.command("show", named=("statement", "root"))
def show_statement(
    statement: Annotated[UUID, typer.Argument(help="Its id, as `rightcall rules history` and `verdict show` print it.")],
    controller: ControllerOption = None,
    data: DataOption = None,
) -> None:
    """Print a statement of the ledger as it stands there, and its place, held against what was signed. Ends with 1 where it is
    written and not signed yet."""
    with house_of(load_settings(data=data)) as house:
        owner = controller_of(house.database, controller)
        house.sequencer().run_once()
        with house.database.transaction(owner.id) as tx:
            found = inclusion(tx, StatementId(statement))
        if isinstance(found, NotYet):
            words().print("It is written, and will be in the ledger's next checkpoint. Ask again in a moment.")
            raise answer_no()
        head = check_proof(parse_proof(found.text), found.leaf, key_of(house.signer)).head
    print(found.leaf.decode())
    words().print(f"Entry {found.index:,} of {head.size:,}, counted from 0, under the root that was signed:")
    print(head.root.hex())


@ledger.command("audit", named=("root",))
def audit_ledger(
    checkpoint: Annotated[
        list[Path] | None, typer.Option(help="A checkpoint of it that somebody kept elsewhere; repeat for more.")
    ] = None,
    witness: WitnessOption = None,
    data: DataOption = None,
) -> None:
    """Look through the whole ledger: every entry, tile and checkpoint, held against what was signed. With --checkpoint also
    whether it is the one that others know. Ends with 1 where it was put back to before that."""
    notes = [note for each in checkpoint or [] for note in read_notes(each)]
    witnesses = [parse_witness(each) for each in witness or []]
    with house_of(load_settings(data=data)) as house, progress("Looking through the ledger") as tell:
        house.sequencer().run_once()
        key, origin = key_of(house.signer), house.settings.ledger_origin
        kept = [read_kept(each, key, origin, witnesses) for each in notes]
        with house.database.system() as tx:
            head = audit(tx, [key], origin, progress=tell)
            held = [hold(each, head.size, partial(root_at, tx)) for each in kept]
    words().print(f"The ledger is whole: {head.size:,} entries under the root that was signed.")
    for each in held:
        words().print((_PUT_BACK if each.lost else _GOES_ON).format(lost=each.lost, size=each.kept.size))
    print(head.root.hex())
    if any(each.lost for each in held):
        raise answer_no()


@ledger.command("proof")
def prove_growth(
    old: Annotated[int, typer.Argument(min=1, help="How many entries the shorter one has: the second line of its checkpoint.")],
    data: DataOption = None,
) -> None:
    """Print the latest checkpoint with the proof that the ledger goes on from its first OLD entries, as a witness is sent it.
    Keep it beside a checkpoint as NAME.proof."""
    with house_of(load_settings(data=data)) as house:
        house.sequencer().run_once()
        with house.database.system() as tx:
            note, size = latest_checkpoint(tx), signed_size(tx)
            if note is None or old > size:
                raise NotFound(f"The ledger has signed {size:,} entries so far. Give no more than that.")
            hashes = consistency(tx, old, size)
    print(consistency_text(Consistency(old=old, hashes=hashes, checkpoint=note)), end="")


_GOES_ON = "It goes on from the checkpoint of {size:,} entries."
_PUT_BACK = (
    "It was put back: {size:,} entries were signed, and the last {lost:,} of these are in it no more. Ask who restored it, and"
    " see DATA/put-back."
)


@ledger.callback()
def _ledger() -> None:
    """The ledger: its key, what a statement says, and whether all is as it was signed."""
