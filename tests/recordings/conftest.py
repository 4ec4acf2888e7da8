"""The scene, and the trunk it comes by."""

import pytest

from rightcall.calls.model import Trunk
from rightcall.database.connection import Database, Transaction
from rightcall.ids import ControllerId
from rightcall.vault.actions import Vault
from tests.conftest import FixedClock
from tests.recordings.scene import Scene, add_trunk, ring


@pytest.fixture
def trunk(database: Database, controller: ControllerId) -> Trunk:
    return add_trunk(database, controller)


@pytest.fixture
def scene(tx: Transaction, vault: Vault, clock: FixedClock, trunk: Trunk) -> Scene:
    return ring(tx, vault, clock, trunk)
