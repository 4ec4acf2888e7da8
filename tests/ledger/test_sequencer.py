"""Statements are appended by anyone in any order; one sequencer at a time places and signs them, and may be killed anywhere."""

import contextlib
import itertools
import threading
from collections.abc import Sequence
from uuid import uuid4

import psycopg
import pytest

from rightcall.clock import Clock
from rightcall.database.connection import Database, Transaction
from rightcall.database.walk import Walk
from rightcall.errors import Breach, NotFound
from rightcall.ids import ControllerId, StatementId, new_id
from rightcall.ledger import actions, store
from rightcall.ledger.actions import Sequencer
from rightcall.ledger.checkpoint import key_of, open_checkpoint
from rightcall.ledger.codec import leaf_of
from rightcall.ledger.model import Inclusion, NotYet
from rightcall.ledger.proof import check_proof, parse_proof
from rightcall.ledger.tiles import WIDTH
from rightcall.ledger.tree import is_consistent, leaf_hash, root
from tests.conftest import FixedClock
from tests.ledger.fakes import ORIGIN, OTHER_SIGNER, SIGNER, observed, statement_id
from tests.ledger.whole import node_of

KEY = key_of(SIGNER)


class Killed(BaseException):
    """A process that dies: nothing after this runs, and the database rolls back what was open."""


@pytest.fixture
def sequencer(database: Database, database_url: str, clock: FixedClock) -> Sequencer:
    """A sequencer over an empty ledger."""
    with psycopg.connect(database_url) as connection:
        connection.execute("TRUNCATE statements, tiles, checkpoints CASCADE")
        connection.execute("UPDATE ledger_head SET tree_size = 0, root = sha256(''::bytea)")
    return Sequencer(database, SIGNER, ORIGIN, clock)


def append(database: Database, controller: ControllerId, count: int) -> list[StatementId]:
    with database.transaction(controller) as tx:
        return actions.append_all(tx, [observed(controller, number) for number in range(count)])


def leaves(database: Database) -> list[bytes]:
    with database.system() as tx:
        return [each.leaf for each in actions.sequenced_after(tx, 0, 1_000_000)]


def check_log(database: Database) -> int:
    """The whole log from its leaves, held against its last checkpoint; its size."""
    entries = leaves(database)
    with database.system() as tx:
        note = actions.latest_checkpoint(tx)
        assert note is not None
        head = open_checkpoint(note, KEY, ORIGIN).head
        assert head.size == len(entries)
        assert head.root == root(head.size, node_of([leaf_hash(leaf) for leaf in entries]))
    return head.size


def test_a_statement_is_not_there_until_it_is_sequenced_and_then_proves_itself(
    database: Database, controller: ControllerId, sequencer: Sequencer
) -> None:
    with database.transaction(controller) as tx:
        identity = actions.append(tx, observed(controller))
        assert actions.inclusion(tx, identity) == NotYet(statement=identity)
    assert sequencer.run_once() == 1
    with database.transaction(controller) as tx:
        found = actions.inclusion(tx, identity)
    assert isinstance(found, Inclusion)
    proof = parse_proof(found.text)
    assert proof.extra == found.leaf == leaf_of(identity, observed(controller))
    assert check_proof(proof, found.leaf, KEY).head.size == 1


def test_every_statement_proves_itself_at_every_size(database: Database, controller: ControllerId, sequencer: Sequencer) -> None:
    identities: list[StatementId] = []
    for count in (1, 2, 1, 5, 250, 3, 600):
        identities += append(database, controller, count)
        assert sequencer.run_once() == count
    assert check_log(database) == len(identities) == 862
    with database.transaction(controller) as tx:
        for number in (0, 1, 8, 255, 256, 261, 700, 861):
            found = actions.inclusion(tx, identities[number])
            assert isinstance(found, Inclusion)
            assert found.index == number
            assert check_proof(parse_proof(found.text), found.leaf, KEY).head.size == 862


def test_the_limit_leaves_the_rest_for_the_next_run(database: Database, controller: ControllerId, sequencer: Sequencer) -> None:
    append(database, controller, 10)
    assert [sequencer.run_once(4) for _ in range(4)] == [4, 4, 2, 0]
    assert check_log(database) == 10


def test_nothing_new_signs_nothing(database: Database, controller: ControllerId, sequencer: Sequencer) -> None:
    append(database, controller, 3)
    sequencer.run_once()
    with database.system() as tx:
        before = actions.latest_checkpoint(tx)
    assert sequencer.run_once() == 0
    with database.system() as tx:
        assert actions.latest_checkpoint(tx) == before


def test_an_empty_ledger_is_not_signed(database: Database, sequencer: Sequencer) -> None:
    assert sequencer.run_once() == 0
    with database.system() as tx:
        assert actions.latest_checkpoint(tx) is None


def test_transactions_that_commit_out_of_order_all_get_their_place(
    database: Database, controller: ControllerId, sequencer: Sequencer
) -> None:
    with database.transaction(controller) as slow:
        late = actions.append(slow, observed(controller, 1))
        early = append(database, controller, 2)
        assert sequencer.run_once() == 2
    assert sequencer.run_once() == 1
    with database.transaction(controller) as tx:
        places = [actions.inclusion(tx, identity) for identity in (*early, late)]
    assert [place.index for place in places if isinstance(place, Inclusion)] == [0, 1, 2]
    assert check_log(database) == 3


def test_what_rolls_back_never_was(database: Database, controller: ControllerId, sequencer: Sequencer) -> None:
    with contextlib.suppress(Killed), database.transaction(controller) as tx:
        actions.append(tx, observed(controller))
        raise Killed
    assert sequencer.run_once() == 0


def test_many_appenders_and_several_sequencers_at_once_lose_and_double_nothing(
    database_url: str, controller: ControllerId, sequencer: Sequencer, clock: Clock
) -> None:
    failures: list[BaseException] = []
    done = threading.Event()
    wide = Database(database_url, connections=8, timeout_seconds=30)

    def guard(work: object) -> None:
        try:
            work()  # type: ignore[operator]  # a plain function below
        except BaseException as error:  # noqa: BLE001 - shown by the test itself
            failures.append(error)

    def appender() -> None:
        for _ in range(15):
            append(wide, controller, 7)

    def runner() -> None:
        while not done.is_set():
            Sequencer(wide, SIGNER, ORIGIN, clock).run_once(13)

    appenders = [threading.Thread(target=guard, args=(appender,)) for _ in range(3)]
    runners = [threading.Thread(target=guard, args=(runner,)) for _ in range(3)]
    for thread in (*appenders, *runners):
        thread.start()
    for thread in appenders:
        thread.join()
    done.set()
    for thread in runners:
        thread.join()
    sequencer.run_once()
    assert failures == []
    assert check_log(wide) == 3 * 15 * 7
    assert len(set(leaves(wide))) == 3 * 15 * 7
    assert_checkpoints_are_one_history(wide)
    wide.close()


def assert_checkpoints_are_one_history(database: Database) -> None:
    with database.system() as tx:
        notes = tx.connection.execute("SELECT note FROM checkpoints ORDER BY tree_size").fetchall()
        heads = [open_checkpoint(row["note"], KEY, ORIGIN).head for row in notes]
        for old, new in itertools.pairwise(heads):
            path = actions.consistency(tx, old.size, new.size)
            assert is_consistent(old.size, new.size, old.root, new.root, path)


@pytest.mark.parametrize("victim", ["number_pending", "save_tiles", "move_head", "latest_checkpoint", "insert_checkpoint"])
@pytest.mark.parametrize("after", [False, True])
def test_a_sequencer_killed_anywhere_leaves_a_log_that_goes_on(
    victim: str,
    after: bool,
    database: Database,
    controller: ControllerId,
    sequencer: Sequencer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    append(database, controller, 300)
    sequencer.run_once()
    first = leaves(database)
    append(database, controller, 300)
    with monkeypatch.context() as patched:
        _kill_at(patched, victim, after)
        with pytest.raises(Killed):
            sequencer.run_once()
    assert leaves(database) == first
    sequencer.run_once()
    assert leaves(database)[:300] == first
    assert check_log(database) == 600


def _kill_at(patched: pytest.MonkeyPatch, victim: str, after: bool) -> None:
    real = getattr(store, victim)

    def dying(*args: object) -> None:
        if after:
            real(*args)
        raise Killed

    patched.setattr(store, victim, dying)


def test_a_tree_is_durable_before_it_is_signed(
    database: Database, database_url: str, controller: ControllerId, clock: FixedClock, sequencer: Sequencer
) -> None:
    """A crash after signing must not be able to take back what was signed: the head is committed when the signer is asked."""
    seen: list[int] = []

    class Watching:
        name = SIGNER.name
        public_key = SIGNER.public_key

        def sign(self, message: bytes) -> bytes:
            with psycopg.connect(database_url) as other:
                row = other.execute("SELECT tree_size FROM ledger_head").fetchone()
            assert row is not None
            seen.append(row[0])
            return SIGNER.sign(message)

    append(database, controller, 5)
    Sequencer(database, Watching(), ORIGIN, clock).run_once()
    assert seen == [5]


def corrupt(database_url: str, statement: str, parameters: Sequence[object] = ()) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER TABLE tiles DISABLE TRIGGER ALL")
        connection.execute(statement, parameters)
        connection.execute("ALTER TABLE tiles ENABLE TRIGGER ALL")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tiles SET hashes = set_byte(hashes, 0, get_byte(hashes, 0) # 1) WHERE level = 0",
        "UPDATE tiles SET hashes = substring(hashes FOR 32) WHERE level = 0",
        "DELETE FROM tiles",
        "UPDATE ledger_head SET root = sha256('x')",
        "UPDATE ledger_head SET tree_size = tree_size - 1",
        "UPDATE ledger_head SET tree_size = 0, root = sha256('')",
        "UPDATE checkpoints SET root = sha256('x')",
        "UPDATE checkpoints SET tree_size = 2",
        "UPDATE checkpoints SET note = replace(note, E'\n3\n', E'\n2\n'), tree_size = 2",
        "UPDATE checkpoints SET note = replace(note, 'ledger.example/test', 'ledger.example/past')",
    ],
)
def test_a_changed_log_is_never_signed(
    statement: str, database: Database, database_url: str, controller: ControllerId, sequencer: Sequencer
) -> None:
    append(database, controller, 3)
    sequencer.run_once()
    corrupt(database_url, statement)
    append(database, controller, 2)
    with pytest.raises(Breach):
        sequencer.run_once()
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM checkpoints").fetchone() == (1,)


def test_a_rewritten_history_that_adds_up_is_not_signed(
    database: Database, database_url: str, controller: ControllerId, sequencer: Sequencer
) -> None:
    """Leaf, tile and head changed so that they agree with each other: only the signed root gives it away."""
    append(database, controller, 1)
    sequencer.run_once()
    corrupt(database_url, "UPDATE statements SET leaf = 'forged'")
    corrupt(database_url, "UPDATE tiles SET hashes = %s", [leaf_hash(b"forged")])
    corrupt(database_url, "UPDATE ledger_head SET root = %s", [leaf_hash(b"forged")])
    corrupt(database_url, "UPDATE checkpoints SET root = %s", [leaf_hash(b"forged")])
    append(database, controller, 1)
    with pytest.raises(Breach):
        sequencer.run_once()


def test_another_origin_or_an_unknown_key_does_not_go_on_with_this_ledger(
    database: Database, controller: ControllerId, sequencer: Sequencer, clock: FixedClock
) -> None:
    append(database, controller, 1)
    sequencer.run_once()
    append(database, controller, 1)
    for stranger in (
        Sequencer(database, SIGNER, "ledger.example/other", clock),
        Sequencer(database, OTHER_SIGNER, ORIGIN, clock),
    ):
        with pytest.raises(Breach):
            stranger.run_once()


def test_a_new_key_goes_on_where_the_former_is_named(
    database: Database, controller: ControllerId, sequencer: Sequencer, clock: FixedClock
) -> None:
    append(database, controller, 1)
    sequencer.run_once()
    append(database, controller, 1)
    successor = Sequencer(database, OTHER_SIGNER, ORIGIN, clock, former_keys=[KEY])
    assert successor.run_once() == 1
    assert successor.run_once() == 0
    append(database, controller, 1)
    assert successor.run_once() == 1
    with database.system() as tx:
        note = actions.latest_checkpoint(tx)
    assert note is not None
    assert open_checkpoint(note, key_of(OTHER_SIGNER), ORIGIN).head.size == 3


def test_a_new_key_signs_the_tree_that_is_there(
    database: Database, controller: ControllerId, sequencer: Sequencer, clock: FixedClock
) -> None:
    append(database, controller, 1)
    sequencer.run_once()
    successor = Sequencer(database, OTHER_SIGNER, ORIGIN, clock, former_keys=[KEY])
    assert successor.run_once() == successor.run_once() == 0
    with database.system() as tx:
        note = actions.latest_checkpoint(tx)
    assert note is not None
    assert open_checkpoint(note, key_of(OTHER_SIGNER), ORIGIN).head.size == 1


def test_tiles_are_served_for_the_signed_tree_and_no_further(
    database: Database, controller: ControllerId, sequencer: Sequencer
) -> None:
    append(database, controller, 300)
    sequencer.run_once()
    append(database, controller, 5)
    hashes = [leaf_hash(leaf) for leaf in leaves(database)]
    with database.system() as tx:
        assert actions.tile(tx, 0, 0) == b"".join(hashes[:WIDTH])
        assert actions.tile(tx, 0, 1, 44) == b"".join(hashes[WIDTH:])
        assert actions.tile(tx, 0, 1, 3) == b"".join(hashes[WIDTH : WIDTH + 3])
        assert actions.tile(tx, 1, 0, 1) == root(WIDTH, node_of(hashes[:WIDTH]))
        assert actions.waiting(tx) == 5
        for level, number, width in ((0, 1, 45), (0, 2, 1), (1, 0, 2), (2, 0, 1), (0, 0, 0)):
            with pytest.raises(NotFound):
                actions.tile(tx, level, number, width)
        with pytest.raises(NotFound):
            actions.consistency(tx, 1, 301)


def test_a_statement_belongs_to_one_controller(database: Database, tx: Transaction, controller: ControllerId) -> None:
    identity = actions.append(tx, observed(controller))
    with pytest.raises(Breach):
        actions.append(tx, observed(ControllerId(new_id())))
    with pytest.raises(NotFound):
        actions.inclusion(tx, statement_id(1))
    assert actions.inclusion(tx, identity) == NotYet(statement=identity)


def test_another_controller_cannot_see_it(database: Database, controller: ControllerId, sequencer: Sequencer) -> None:
    [identity] = append(database, controller, 1)
    sequencer.run_once()
    with database.transaction(ControllerId(new_id())) as tx, pytest.raises(NotFound):
        actions.inclusion(tx, identity)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE statements SET leaf = 'x'",
        "UPDATE statements SET leaf_index = 1",
        "DELETE FROM statements",
        "UPDATE tiles SET hashes = hashes",
        "DELETE FROM tiles",
        "DELETE FROM checkpoints",
        "UPDATE ledger_head SET tree_size = 9",
    ],
)
def test_the_application_can_only_append(statement: str, tx: Transaction) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        tx.connection.execute(statement)


def test_the_deployment_cannot_renumber_or_rewrite(database: Database, controller: ControllerId, sequencer: Sequencer) -> None:
    append(database, controller, 2)
    sequencer.run_once()
    with database.system() as tx:
        assert tx.connection.execute("UPDATE statements SET leaf_index = leaf_index + 10").rowcount == 0
    for statement in ("UPDATE statements SET leaf = 'x'", "DELETE FROM statements", "DELETE FROM tiles"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), database.system() as tx:
            tx.connection.execute(statement)
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation), database.system() as tx:
        tx.connection.execute("UPDATE tiles SET hashes = sha256('x')")


def test_a_statement_cannot_be_born_with_a_place(tx: Transaction, controller: ControllerId) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        tx.connection.execute(
            "INSERT INTO statements (controller, statement, kind, leaf, leaf_index) VALUES (%s, %s, 'tests.x', 'x', 0)",
            (controller, new_id()),
        )


@pytest.mark.parametrize("oldest_first", [True, False])
@pytest.mark.parametrize("size", [1, 2, 50])
def test_it_is_listed_in_its_own_order_and_what_waits_is_the_newest(
    database: Database, controller: ControllerId, sequencer: Sequencer, oldest_first: bool, size: int
) -> None:
    """Not by ids: those of a statement that must not tell when it was made begin with any time."""
    made = [StatementId(uuid4()) for _ in range(8)]
    for nth, id in enumerate(made):
        with database.transaction(controller) as tx:
            store.insert_statement(tx, controller, id, "tests.observed", leaf_of(id, observed(controller)))
        if nth == 4:
            assert sequencer.run_once() == 5
    listed: list[StatementId] = []
    seen: StatementId | None = None
    while True:
        with database.transaction(controller) as tx:
            page = actions.page(tx, Walk(id=seen, oldest_first=oldest_first), limit=size)
        if not page:
            break
        listed += [each.statement for each in page]
        seen = listed[-1]
        if seen == made[6]:
            assert sequencer.run_once() in (0, 3), "it gets its place while somebody goes from page to page"
    assert listed == (made if oldest_first else made[::-1])
