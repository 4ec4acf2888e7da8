"""Deeds of the ledger: a statement is appended in the transaction of the deed it is about; the sequencer gives it its place.

`append` takes no lock and knows no order, so any number of processes append at once. The sequencer, one at a time, numbers what
was committed, writes tiles, and only then, in a transaction of its own, signs: so a signature is never given to a tree that a
crash could take back. It never signs a tree that does not begin with the last one it signed.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from rightcall.canonical import parse_json
from rightcall.clock import Clock, milliseconds_of
from rightcall.database.connection import Database, Said, Transaction
from rightcall.database.walk import Walk
from rightcall.errors import Breach, NotFound
from rightcall.ids import ControllerId, StatementId, new_id
from rightcall.ledger import store
from rightcall.ledger.checkpoint import (
    Checkpoint,
    VerifierKey,
    checkpoint_text,
    is_signed_by,
    key_of,
    open_by_any,
    open_checkpoint,
    sign_note,
)
from rightcall.ledger.codec import leaf_of, read_leaf
from rightcall.ledger.model import Entry, Inclusion, Like, NotYet, Placed, Sequenced, Statement, TreeHead
from rightcall.ledger.ports import Signer
from rightcall.ledger.proof import Proof, proof_text
from rightcall.ledger.tiles import WIDTH, TileReader, extend, width_of
from rightcall.ledger.tree import consistency_path, inclusion_path, is_consistent, leaf_hash, root


def append(tx: Transaction, statement: Statement, *, id: StatementId | None = None) -> StatementId:
    """Put a statement into the ledger's queue; its leaf is fixed now, and it counts when `tx` commits."""
    identity = StatementId(new_id()) if id is None else id
    _check_controller(tx, statement)
    leaf = leaf_of(identity, statement)
    store.insert_statement(tx, statement.controller, identity, statement.KIND, leaf)
    tx.said.append(Said(id=identity, kind=statement.KIND, leaf=leaf))
    return identity


def identities(number: int) -> list[StatementId]:
    """By which so many will be known, for what is written at once with them."""
    return [StatementId(new_id()) for _ in range(number)]


def append_all(tx: Transaction, statements: Sequence[Statement], *, ids: list[StatementId] | None = None) -> list[StatementId]:
    """The same for many at once, in one round trip."""
    known = identities(len(statements)) if ids is None else ids
    rows = []
    for identity, statement in zip(known, statements, strict=True):
        _check_controller(tx, statement)
        rows.append((statement.controller, identity, statement.KIND, leaf_of(identity, statement)))
    if rows:
        store.insert_statements(tx, rows)
    tx.said.extend(Said(id=identity, kind=kind, leaf=leaf) for _, identity, kind, leaf in rows)
    return known


def known_of(tx: Transaction, statements: Sequence[StatementId]) -> set[StatementId]:
    """Those of these that were said and committed, with or without a place yet. A system transaction sees all controllers'."""
    return store.known_of(tx, statements)


def inclusion(tx: Transaction, statement: StatementId) -> Inclusion | NotYet:
    """The proof that a statement of this controller stands in the latest signed tree."""
    place = store.place_of(tx, statement)
    if place is None:
        raise NotFound("The ledger has no such statement of this controller.")
    leaf, index = place
    latest = store.latest_checkpoint(tx)
    if index is None or latest is None or index >= latest[0].size:
        return NotYet(statement=statement)
    head, note = latest
    hashes = inclusion_path(index, head.size, _reader(tx).node)
    proof = Proof(index=index, hashes=hashes, checkpoint=note, extra=leaf)
    return Inclusion(
        statement=statement,
        leaf=leaf,
        index=index,
        tree_size=head.size,
        hashes=hashes,
        checkpoint=note,
        text=proof_text(proof),
    )


def page(tx: Transaction, walk: Walk, *, kind: str | None = None, role: str | None = None, limit: int = 50) -> list[Entry]:
    """What this controller's deeds said, as it was said, in the ledger's order; what waits for its place is the newest. Only of
    that `kind`, by that `role`, and on the days of `walk`."""
    seen = None if walk.id is None else store.order_of(tx, StatementId(walk.id))
    if walk.id is not None and seen is None:
        raise NotFound("The ledger has no such statement of this controller.")
    since, before = (None if each is None else milliseconds_of(each) for each in walk.instants())
    rows = store.page(tx, seen, walk.oldest_first, Like(kind=kind, role=role, since=since, before=before), limit)
    return [Entry(statement=id, says=read_leaf(leaf), index=index) for id, leaf, index in rows]


def said_at(tx: Transaction, statement: StatementId) -> datetime:
    """The instant that a statement of this controller tells."""
    place = store.place_of(tx, statement)
    if place is None:
        raise NotFound("The ledger has no such statement of this controller.")
    match parse_json(place[0]):
        case {"at": int(at)}:
            return datetime.fromtimestamp(at / 1000, UTC)
        case _:
            raise Breach("A leaf of the ledger is not a statement. Stop, and tell the DPO.")


def latest_checkpoint(tx: Transaction) -> str | None:
    """The latest signed note, for `/checkpoint`; None while nothing was signed."""
    latest = store.latest_checkpoint(tx)
    return None if latest is None else latest[1]


def latest_head(tx: Transaction) -> TreeHead:
    """How far it was signed, and the root of that; of nothing while nothing was signed."""
    latest = store.latest_checkpoint(tx)
    return TreeHead(size=0, root=root(0, _reader(tx).node)) if latest is None else latest[0]


def root_at(tx: Transaction, size: int) -> bytes:
    """Of its first `size` entries, of which there are as many at least."""
    return root(size, _reader(tx).node)


def consistency(tx: Transaction, old: int, new: int) -> tuple[bytes, ...]:
    """The proof that the tree of `new` leaves begins with the tree of `old`."""
    signed = signed_size(tx)
    if new > signed:
        raise NotFound(f"The ledger has signed {signed} entries so far.")
    return consistency_path(old, new, _reader(tx).node)


def tile(tx: Transaction, level: int, number: int, width: int = WIDTH) -> bytes:
    """A hash tile of the signed tree (C2SP tlog-tiles); NotFound where the signed tree has no such tile."""
    if not 0 < width <= width_of(level, number, signed_size(tx)):
        raise NotFound("The ledger has no such tile.")
    return store.tile(tx, level, number)[: width * 32]


def sequenced_after(tx: Transaction, index: int, limit: int) -> list[Sequenced]:
    """Statements in the ledger's order from `index` on: what reactions follow. A system transaction sees all controllers'."""
    return store.sequenced(tx, index, min(index + limit, signed_size(tx)))


def waiting(tx: Transaction) -> int:
    """How many statements have no place yet: a figure for the monitors, from a system transaction."""
    return store.count_pending(tx)


class Sequencer:
    """Gives statements their place and signs the tree. Any number may run: a row lock lets one at a time work."""

    def __init__(
        self,
        database: Database,
        signer: Signer,
        origin: str,
        clock: Clock,
        *,
        former_keys: Sequence[VerifierKey] = (),
    ) -> None:
        self._database = database
        self._signer = signer
        self._origin = origin
        self._clock = clock
        self._keys = (key_of(signer), *former_keys)

    def run_once(self, limit: int = 10_000) -> int:
        """Number up to `limit` statements and sign; how many. Waits for a sequencer at work; safe to kill anywhere."""
        with self._database.system() as tx:
            count = self._number(tx, limit)
        with self._database.system() as tx:
            self._sign(tx)
        return count

    def _number(self, tx: Transaction, limit: int) -> int:
        head = store.lock_head(tx)
        if root(head.size, _reader(tx).node) != head.root:
            raise Breach("The ledger's tiles do not add up to its head: something changed them. Stop, and tell the DPO.")
        self._check_extends(tx, head)
        placed = store.number_pending(tx, head.size, limit)
        leaves = [each.leaf for each in placed]
        if leaves:
            store.widen_hours(tx, _hours(placed))
            changed = extend(head.size, [leaf_hash(leaf) for leaf in leaves], lambda lv, n: store.tile(tx, lv, n))
            store.save_tiles(tx, changed)
            size = head.size + len(leaves)
            reader = TileReader(lambda lv, n: changed.get((lv, n)) or store.tile(tx, lv, n))
            store.move_head(tx, TreeHead(size=size, root=root(size, reader.node)))
        return len(leaves)

    def _sign(self, tx: Transaction) -> None:
        head = store.lock_head(tx)
        latest = self._check_extends(tx, head)
        key = self._keys[0]
        is_signed = latest is not None and latest[0].size == head.size and is_signed_by(latest[1], key)
        if head.size == 0 or is_signed:
            return
        note = sign_note(checkpoint_text(Checkpoint(origin=self._origin, head=head)), self._signer)
        open_checkpoint(note, key, self._origin)
        store.insert_checkpoint(tx, head, key.id, note, self._clock.now())

    def _check_extends(self, tx: Transaction, head: TreeHead) -> tuple[TreeHead, str] | None:
        """What was signed last, if anything. Breach unless the tree begins with what that note itself says."""
        latest = store.latest_checkpoint(tx)
        if latest is None:
            return None
        signed = open_by_any(latest[1], self._keys)
        if signed.origin != self._origin or signed.head != latest[0] or signed.head.size > head.size:
            raise Breach("The ledger's last checkpoint is not of this ledger. Nothing was signed. Tell the DPO.")
        path = consistency_path(signed.head.size, head.size, _reader(tx).node)
        if not is_consistent(signed.head.size, head.size, signed.head.root, head.root, path):
            raise Breach("The ledger does not begin with what it last signed. Nothing was signed. Stop, and tell the DPO.")
        return latest


def _hours(placed: Sequence[Placed]) -> dict[tuple[ControllerId, int], tuple[int, int]]:
    """The first and the last place of each hour of each controller, of what is in order."""
    found: dict[tuple[ControllerId, int], tuple[int, int]] = {}
    for each in placed:
        if each.hour is not None:
            first, _ = found.get((each.controller, each.hour), (each.index, each.index))
            found[each.controller, each.hour] = first, each.index
    return found


def _check_controller(tx: Transaction, statement: Statement) -> None:
    if tx.controller is not None and statement.controller != tx.controller:
        raise Breach(f"A statement {statement.KIND} of one controller was written on behalf of another.")


def _reader(tx: Transaction) -> TileReader:
    return TileReader(lambda level, number: store.tile(tx, level, number))


def signed_size(tx: Transaction) -> int:
    """How many statements the newest signed tree has; all controllers', from a system transaction."""
    latest = store.latest_checkpoint(tx)
    return 0 if latest is None else latest[0].size
