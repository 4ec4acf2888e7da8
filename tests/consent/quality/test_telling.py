"""The same thing told of a purpose by two processes at once: said once, and no conflict."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from rightcall.actors import SYSTEM
from rightcall.consent.quality import actions as quality
from rightcall.consent.quality.model import PurposeFinding
from rightcall.database.connection import Database, Transaction
from rightcall.ids import ControllerId
from tests.conftest import FixedClock
from tests.reviews.conftest import register


def test_two_who_tell_the_same_at_once_say_it_once(database: Database, controller: ControllerId, clock: FixedClock) -> None:
    with database.transaction(controller) as tx:
        purpose = register(tx, clock, "training").id
    found, begun = PurposeFinding(detriment_found=True), Event()

    def tell(tx: Transaction) -> bool:
        return quality.tell(tx, clock, purpose, found, by=SYSTEM)

    def other() -> bool:
        with database.transaction(controller) as tx:
            begun.set()
            return tell(tx)

    with ThreadPoolExecutor(1) as pool:
        with database.transaction(controller) as tx:
            assert tell(tx)
            waiting = pool.submit(other)
            assert begun.wait(timeout=30)
            tx.connection.execute("SELECT pg_sleep(0.5)")
        assert waiting.result(timeout=60) is False
    with database.transaction(controller) as tx:
        said = tx.connection.execute("SELECT count(*) AS said FROM statements WHERE kind LIKE '%told%'").fetchone()
        rows = tx.connection.execute("SELECT count(*) AS rows FROM purpose_findings").fetchone()
    assert (said, rows) == ({"said": 1}, {"rows": 1})
