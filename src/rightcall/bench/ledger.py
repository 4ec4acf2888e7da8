"""How many statements a second the ledger takes in, places and signs, beside plain INSERTs of the same rows in the same run.

Both sides: the embedded PostgreSQL with its own fsync, the same leaves, the same batches, the same appending processes. A
statement counts when a signed checkpoint covers it; the peer's rows count when they are committed. The ratio says what being
placed, proved and signed costs.
"""

import multiprocessing
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import psycopg

from rightcall.actors import PartyRole, Role
from rightcall.clock import SystemClock
from rightcall.consent.model import Answer, Channel, EvidenceKind, GrantOutcome
from rightcall.consent.statements import ChoiceMade
from rightcall.database.connection import Database
from rightcall.database.embedded import ensure_running
from rightcall.database.migrate import migrate
from rightcall.ids import CallId, ChoiceId, ControllerId, GrantId, NoticeId, PartyId, PurposeId, StatementId, new_id
from rightcall.ledger import actions
from rightcall.ledger.checkpoint import Ed25519Signer, key_of, open_checkpoint
from rightcall.ledger.codec import leaf_of
from rightcall.ledger.model import Commitment, Digest

_ORIGIN = "bench.example/ledger"


def run(statements: int = 40_000, batch: int = 100, appenders: int = 2, rounds: int = 2) -> dict[str, object]:
    """Statements a second for the ledger and for the peer, and their ratio. `statements` is rounded down to whole batches.

    Ledger and peer take turns, so that a busy moment of the machine meets both.
    """
    each = statements // appenders // rounds // batch * batch
    with tempfile.TemporaryDirectory(prefix="rightcall-bench-") as folder:
        server = ensure_running(Path(folder))
        try:
            migrate(server.url)
            _make_peer_table(server.url)
            peer_seconds = seconds = 0.0
            for _ in range(rounds):
                peer_seconds += _timed(server.url, _insert_plainly, each, batch, appenders, _nothing_more)
                seconds += _timed(server.url, _append, each, batch, appenders, _sequence)
            checkpoints = _check(server.url, each * appenders * rounds)
        finally:
            server.stop()
    total = each * appenders * rounds
    return {
        "bench": "ledger",
        "statements": total,
        "batch": batch,
        "appenders": appenders,
        "checkpoints_signed": checkpoints,
        "statements_per_second": round(total / seconds),
        "peer": "plain INSERTs of the same rows, same batches, same fsync",
        "peer_rows_per_second": round(total / peer_seconds),
        "ratio": round(peer_seconds / seconds, 3),
        "goal_statements_per_second": 5000,
    }


def _timed(
    url: str,
    work: Callable[[str, int, int], None],
    each: int,
    batch: int,
    appenders: int,
    beside: Callable[[str, int], None],
) -> float:
    """Seconds from the first append to the end of what runs beside; the start of the processes is not counted."""
    context = multiprocessing.get_context("spawn")
    ready, go = context.Barrier(appenders + 1), context.Event()
    processes = [context.Process(target=_worker, args=(ready, go, work, url, each, batch)) for _ in range(appenders)]
    for process in processes:
        process.start()
    ready.wait(timeout=120)
    start = time.perf_counter()
    go.set()
    beside(url, each * appenders)
    for process in processes:
        process.join()
    if any(process.exitcode for process in processes):
        raise AssertionError("An appending process failed; its own words are above.")
    return time.perf_counter() - start


def _worker(ready, go, work, url: str, each: int, batch: int) -> None:  # type: ignore[no-untyped-def]  # what spawn passes on
    ready.wait()
    go.wait()
    work(url, each, batch)


def _append(url: str, each: int, batch: int) -> None:
    database, controller = Database(url), ControllerId(new_id())
    for _ in range(each // batch):
        with database.transaction(controller) as tx:
            actions.append_all(tx, [_choice(controller) for _ in range(batch)])
    database.close()


def _insert_plainly(url: str, each: int, batch: int) -> None:
    controller = ControllerId(new_id())
    with psycopg.connect(url) as connection:
        for _ in range(each // batch):
            with connection.transaction(), connection.cursor() as cursor:
                rows = []
                for _ in range(batch):
                    identity = StatementId(new_id())
                    rows.append((controller, identity, ChoiceMade.KIND, leaf_of(identity, _choice(controller))))
                cursor.executemany("INSERT INTO bench_peer VALUES (%s, %s, %s, %s)", rows)


def _sequence(url: str, total: int) -> None:
    database = Database(url)
    sequencer = actions.Sequencer(database, _signer(), _ORIGIN, SystemClock())
    done = 0
    while done < total:
        placed = sequencer.run_once()
        done += placed
        if placed < 500:
            time.sleep(0.02)
    database.close()


def _nothing_more(_url: str, _total: int) -> None:
    """The peer is done when its rows are committed."""


def _check(url: str, total: int) -> int:
    """How many checkpoints were signed; the last one must cover everything."""
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT note FROM checkpoints ORDER BY tree_size").fetchall()
    if open_checkpoint(rows[-1][0], key_of(_signer()), _ORIGIN).head.size != total:
        raise AssertionError("The last checkpoint does not cover all statements.")
    return len(rows)


def _make_peer_table(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(
            "CREATE TABLE bench_peer (controller uuid NOT NULL, statement uuid NOT NULL, kind text NOT NULL,"
            " leaf bytea NOT NULL, PRIMARY KEY (controller, statement))"
        )


def _signer() -> Ed25519Signer:
    return Ed25519Signer(_ORIGIN, bytes(32))


def _choice(controller: ControllerId) -> ChoiceMade:
    """A real statement, of the size that most have."""
    party: UUID = new_id()
    return ChoiceMade(
        at=SystemClock().now(),
        controller=controller,
        choice=ChoiceId(party),
        call=CallId(party),
        party=PartyId(party),
        party_role=PartyRole.CUSTOMER,
        purpose=PurposeId(party),
        sequence=1,
        answer=Answer.GRANTED,
        notice=NoticeId(party),
        digest=Digest(bytes(32)),
        channel=Channel.KEYPAD,
        actor=party,
        role=Role.SYSTEM,
        ask=None,
        asked_by=party,
        asked_as=Role.SYSTEM,
        evidence_kind=EvidenceKind.KEY_PRESSED,
        evidence=Commitment(bytes(32)),
        subject=Commitment(bytes(32)),
        grant=GrantId(party),
        outcome=GrantOutcome.OPENED,
    )
