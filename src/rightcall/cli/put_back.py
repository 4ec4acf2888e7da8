"""Whether the ledger of a backup is the one that others know: held against checkpoints that were kept, before anything is
restored (docs/adr/0059)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rightcall.adapters.backed_ledger import BackedLedger, ledger_in
from rightcall.adapters.kept_checkpoint import PUT_BACK, KeptCheckpoint, read_note
from rightcall.adapters.keys.signer import published_key
from rightcall.ledger.checkpoint import open_checkpoint
from rightcall.ledger.kept import Held, hold
from rightcall.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBack:
    """`held`: against the newest of the checkpoints."""

    backed: BackedLedger
    held: Held


def held_against(settings: Settings, folder: Path, given: Sequence[Path], beside: Sequence[Path]) -> PutBack | None:
    """None where there is no checkpoint, neither given nor kept beside the keys in one of these data folders. Tampered where one
    of them and the backup are two histories, is of another ledger, or is not signed by its key."""
    notes = [read_note(each) for each in given]
    notes += [note for each in beside if (note := KeptCheckpoint(each).read()) is not None]
    if not notes:
        return None
    key, origin = published_key(settings.data / "ledger-key"), settings.ledger_origin
    kept = [open_checkpoint(note, key, origin) for note in dict.fromkeys(notes)]
    backed = ledger_in(folder, {each.head.size for each in kept})
    if backed.note is not None:
        kept.append(open_checkpoint(backed.note, key, origin))
    held = [hold(each, backed.head.size, backed.roots.__getitem__) for each in kept]
    return PutBack(backed=backed, held=max(held, key=lambda each: each.kept.size))


def write_down(settings: Settings, found: PutBack, at: datetime) -> None:
    """From now on the ledger goes on from there: by that it is told again, and what was lost of it is kept."""
    kept = KeptCheckpoint(settings.data)
    if found.held.lost:
        kept.write_put_back(at, found.held)
    if found.backed.note is None:
        kept.forget()
    else:
        kept.write(found.backed.note)


def says(found: PutBack | None) -> str:
    if found is None:
        return NOT_HELD
    held, at = found.held, found.backed.signed_at
    if not held.lost:
        return f"Its ledger goes on from the checkpoint of {held.kept.size:,} entries: nothing signed by then is missing."
    since = "" if at is None else f", signed {at:%Y-%m-%d %H:%M:%S %Z}"
    return (
        f"[bold]{held.lost:,} statements are lost[/]: the ledger was signed up to {held.kept.size:,} entries, and this backup has"
        f" {held.size:,}{since}. What was chosen, asked, destroyed and decided after that is in it no more, and what comes now is"
        " signed in its place. Whoever has a receipt of it has a proof that this ledger no longer tells: tell those who keep its"
        f" checkpoints, and enter it again. It is written down in DATA/{PUT_BACK}."
    )


NOT_HELD = (
    "No checkpoint of the ledger was given or kept: nothing here tells whether statements were signed after this backup. Ask"
    " whoever keeps them, and give the newest to `rightcall ledger audit --checkpoint`."
)
