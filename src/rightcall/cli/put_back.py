"""Whether the ledger of a backup is the one that others know: held against checkpoints that were kept, before anything is
restored (docs/adr/0059)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rightcall.adapters.backed_ledger import BackedLedger, ledger_in
from rightcall.adapters.kept_checkpoint import CHECKPOINT, PUT_BACK, KeptCheckpoint, proofs_beside, read_notes
from rightcall.adapters.keys.signer import published_key
from rightcall.database.connection import Database
from rightcall.ledger import actions as ledger
from rightcall.ledger.checkpoint import VerifierKey, parse_checkpoint, split_note
from rightcall.ledger.kept import Held, Kept, hold, newest, read_kept
from rightcall.ledger.witness import WitnessKey
from rightcall.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBack:
    """`held`: against the newest of the checkpoints."""

    backed: BackedLedger
    held: Held


def held_against(
    settings: Settings, folder: Path, given: Sequence[Path], beside: Sequence[Path], witnesses: Sequence[WitnessKey]
) -> PutBack | None:
    """None where there is no checkpoint, neither given nor kept beside the keys in one of these data folders. Tampered where one
    of them and the backup are two histories, is of another ledger, is signed neither by its key nor by one of the witnesses, or
    is signed wrongly."""
    notes = [note for each in given for note in read_notes(each)]
    notes += [note for each in beside for note in _kept_in(each)]
    if not notes:
        return None
    key, origin = _key(settings, witnesses), settings.ledger_origin
    kept = [read_kept(note, key, origin, witnesses) for note in dict.fromkeys(notes)]
    backed = ledger_in(folder, {size for each in kept for size in each.sizes})
    held = [hold(each, backed.head.size, backed.roots.__getitem__) for each in kept]
    if backed.note is not None:
        own = read_kept(backed.note, key, origin, []) if key else Kept(checkpoint=parse_checkpoint(split_note(backed.note)[0]))
        agrees = hold(own, backed.head.size, backed.roots.__getitem__)
        # Without the ledger's key nobody says who wrote it: it must agree, and shows nothing.
        held += [agrees] if key else []
    return PutBack(backed=backed, held=newest(held))


def _kept_in(data: Path) -> list[str]:
    note = KeptCheckpoint(data).read()
    return [*([] if note is None else [note]), *proofs_beside(data / CHECKPOINT)]


def _key(settings: Settings, witnesses: Sequence[WitnessKey]) -> VerifierKey | None:
    """None where it is lost, and a witness is trusted in its place."""
    file = settings.data / "ledger-key"
    return None if witnesses and not file.exists() else published_key(file)


def write_down(settings: Settings, database: Database, found: PutBack | None, at: datetime) -> None:
    """From now on the ledger goes on from there: by that it is told again, and what was lost of it is kept."""
    kept = KeptCheckpoint(settings.data)
    if found is not None and found.held.lost:
        kept.write_put_back(at, found.held)
        kept.lay_proofs_aside()
    with database.system() as tx:
        kept.write(ledger.latest_checkpoint(tx) or "")


def says(found: PutBack | None) -> str:
    if found is None:
        return NOT_HELD
    held, at = found.held, found.backed.signed_at
    if not held.lost:
        saw = _saw(held)
        return f"Its ledger goes on from the checkpoint of {held.kept.size:,} entries{saw}: nothing signed by then is missing."
    since = "" if at is None else f", signed {at:%Y-%m-%d %H:%M:%S %Z}"
    return (
        f"[bold]{held.lost:,} statements are lost[/]: the ledger was signed up to {held.kept.size:,} entries{_saw(held)}, and"
        f" this backup has {held.size:,}{since}. {_alike(held)} What was chosen, asked, destroyed and decided after that is in"
        " it no more, and what comes now is signed in its place. Whoever has a receipt of it has a proof that this ledger no"
        f" longer tells: tell those who keep its checkpoints, and enter it again. It is written down in DATA/{PUT_BACK}."
    )


def _saw(held: Held) -> str:
    return "".join(f", seen by {each.by} on {each.at:%Y-%m-%d %H:%M:%S} UTC" for each in held.cosigned)


def _alike(held: Held) -> str:
    if held.begins == held.size:
        return "It is shown to be the beginning of what was signed."
    if held.begins:
        return f"Its first {held.begins:,} entries are shown to be the beginning of what was signed."
    return "Nothing that was given shows that it is the beginning of what was signed: a proof would (`rightcall ledger proof`)."


NOT_HELD = (
    "No checkpoint of the ledger was given or kept: nothing here tells whether statements were signed after this backup. Ask"
    " whoever keeps them, and give the newest to `rightcall ledger audit --checkpoint`."
)
