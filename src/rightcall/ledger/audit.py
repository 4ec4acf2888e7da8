"""Looking through the whole ledger: every entry, every tile, every checkpoint, held against what was signed.

For an auditor with access to the database, and for the drill after a restore. Whoever has only a receipt uses
`evidence.verify`. What this cannot see is a ledger that was put back, whole, to an earlier state: for that, compare the last
checkpoint with one that somebody else has kept.
"""

from collections.abc import Callable, Mapping, Sequence

from rightcall.database.connection import Transaction
from rightcall.errors import Breach
from rightcall.ledger import store
from rightcall.ledger.checkpoint import VerifierKey, open_by_any
from rightcall.ledger.codec import read_leaf
from rightcall.ledger.model import Sequenced, TreeHead
from rightcall.ledger.tiles import WIDTH, TileKey, TileReader, extend
from rightcall.ledger.tree import leaf_hash, root

_BATCH = 20 * WIDTH
Progress = Callable[[str, int, int], None]


def audit(tx: Transaction, keys: Sequence[VerifierKey], origin: str, *, progress: Progress | None = None) -> TreeHead:
    """The head of the whole ledger, from a system transaction. Breach (or Tampered, Malformed) names the first thing wrong.

    `keys` are the present key and all former ones. `progress(what, done, of)` is told of entries and checkpoints.
    """
    tell = progress or (lambda *_: None)
    head = store.head(tx)
    _check_entries(tx, head.size, tell)
    if root(head.size, TileReader(lambda level, number: store.tile(tx, level, number)).node) != head.root:
        raise Breach("The ledger's head is not the root of its entries.")
    rows, signed = store.checkpoints(tx), []
    for number, row in enumerate(rows, 1):
        signed.append(_check_checkpoint(tx, row, keys, origin))
        tell("checkpoints", number, len(rows))
    if max((each.size for each in signed), default=0) != head.size:
        raise Breach("The ledger's last checkpoint does not cover its last entry, or covers more: run the sequencer first.")
    return head


def _check_entries(tx: Transaction, size: int, tell: Progress) -> None:
    """Every entry is where it should be, and every tile is made of the entries."""
    edge: dict[TileKey, bytes] = {}
    for start in range(0, size, _BATCH):
        end = min(start + _BATCH, size)
        edge = _check_batch(tx, start, end, edge)
        tell("entries", end, size)
    if store.sequenced(tx, size, size + 1):
        raise Breach("The ledger has an entry beyond its head.")


def _check_batch(tx: Transaction, start: int, end: int, edge: Mapping[TileKey, bytes]) -> dict[TileKey, bytes]:
    """The tiles that these entries make, each held against the one that is kept. `edge`: the last tile of each level so far."""
    entries = store.sequenced(tx, start, end)
    for index, entry in enumerate(entries, start=start):
        _check_entry(entry, index)
    if len(entries) != end - start:
        raise Breach("An entry of the ledger is missing.")
    changed = extend(start, [leaf_hash(each.leaf) for each in entries], lambda level, number: edge.get((level, number), b""))
    for (level, number), hashes in changed.items():
        if store.tile(tx, level, number)[: len(hashes)] != hashes:
            raise Breach(f"Tile {number} of level {level} of the ledger is not made of its entries.")
    known = {**edge, **changed}
    last = {level: max(number for each, number in known if each == level) for level, _ in known}
    return {(level, number): known[level, number] for level, number in last.items()}


def _check_entry(entry: Sequenced, index: int) -> None:
    if entry.index != index:
        raise Breach(f"The ledger's entry {index} is missing.")
    leaf = read_leaf(entry.leaf)
    said = (leaf["kind"], leaf["id"], leaf.get("controller"))
    if said != (entry.kind, str(entry.statement), str(entry.controller)):
        raise Breach(f"The ledger's entry {index} is filed as something else than it is.")


def _check_checkpoint(tx: Transaction, row: tuple[TreeHead, bytes, str], keys: Sequence[VerifierKey], origin: str) -> TreeHead:
    head, key, note = row
    signed = open_by_any(note, keys)
    if signed.origin != origin or signed.head != head or key not in [each.id for each in keys]:
        raise Breach(f"The checkpoint at {head.size} entries is filed as something else than it is.")
    ours = root(head.size, TileReader(lambda level, number: store.tile(tx, level, number)).node)
    if ours != head.root:
        raise Breach(f"The ledger does not begin with what was signed at {head.size} entries.")
    return head
