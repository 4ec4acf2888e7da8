import pytest

from rightcall.database.connection import Database
from rightcall.ids import ControllerId
from rightcall.vault.actions import Vault
from tests.conftest import FixedClock
from tests.ethics.scene import Line, open_line


@pytest.fixture
def line(database: Database, database_url: str, controller: ControllerId, vault: Vault, clock: FixedClock) -> Line:
    return open_line(database, database_url, controller, vault, clock)
