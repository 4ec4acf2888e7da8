"""Two things at once: a withdrawal that comes while the call is being settled is never lost, and nobody waits crosswise."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from rightcall.calls.model import Trunk
from rightcall.consent.model import Answer
from rightcall.database.connection import Database, Transaction
from rightcall.ids import ControllerId
from rightcall.recordings import actions
from rightcall.recordings.model import EndReason
from rightcall.vault.actions import Vault
from tests.conftest import FixedClock
from tests.recordings.scene import Scene, ring


@pytest.fixture
def running(database: Database, controller: ControllerId, vault: Vault, clock: FixedClock, trunk: Trunk) -> Scene:
    """A call whose rows are committed, with Ada's yes not yet acted upon."""
    with database.transaction(controller) as tx:
        scene = ring(tx, vault, clock, trunk)
        scene.answer("p-ada", scene.training, Answer.GRANTED)
    return scene


def test_a_withdrawal_while_a_call_is_settled_shows_in_its_version(
    database: Database, controller: ControllerId, running: Scene
) -> None:
    def withdraw(tx: Transaction) -> None:
        running.tx = tx
        running.answer("p-ada", running.training, Answer.WITHDRAWN)

    with ThreadPoolExecutor(1) as elsewhere:
        with database.transaction(controller) as tx:
            settlement = actions.settle(tx, running.tools, running.call)
            assert all(gate.take is not None for gate in settlement.gates)
            withdrawal = elsewhere.submit(database.run, controller, withdraw)
        withdrawal.result(timeout=20)
    with database.transaction(controller) as tx:
        assert actions.call_state(tx, running.call).session.version > settlement.version
        assert all(gate.take is None for gate in actions.settle(tx, running.tools, running.call).gates)
        actions.end(tx, running.tools, running.call, EndReason.HUNG_UP)


def test_settling_from_several_places_opens_each_take_once(database: Database, controller: ControllerId, running: Scene) -> None:
    def settle(_: int) -> int:
        settlement = database.run(controller, lambda tx: actions.settle(tx, running.tools, running.call))
        return sum(gate.key is not None for gate in settlement.gates)

    with ThreadPoolExecutor(4) as places:
        assert sum(places.map(settle, range(8))) == 2
    with database.transaction(controller) as tx:
        running.tx = tx
        assert running.open() == {"1": {"training"}, "2": {"training"}}
        actions.end(tx, running.tools, running.call, EndReason.HUNG_UP)
