"""After a scan a worker looks at how the system keeps what was found, so that no system is taken for safe unseen."""

from collections.abc import Iterator

import pytest

from rightcall.database.connection import Database
from rightcall.discovery.ports import SafetyFact, Seen
from rightcall.discovery.scans import actions as scans
from rightcall.discovery.scans.statements import ScanFollowed
from rightcall.ids import ControllerId
from rightcall.reactions import REACTIONS
from rightcall.safety import actions as safety
from rightcall.safety.model import WeaknessKind
from rightcall.safety.procedure import SafetyLooker
from rightcall.vault.actions import Vault
from rightcall.worker.procedures import PROCEDURES
from tests.cast import ADA_EMAIL, PLANTED_CARD
from tests.conftest import FixedClock
from tests.discovery.scans.fakes import BY, FakeSource, Site, site_of
from tests.procedures.fakes import InlineSteps


class Open(FakeSource):
    """Anybody may read it."""

    def safety(self) -> Iterator[Seen]:
        yield Seen(fact=SafetyFact.WORLD_READABLE, object=None, evidence="Others may read it.")


@pytest.fixture
def site(database: Database, controller: ControllerId, vault: Vault, clock: FixedClock) -> Site:
    source = Open({"cards": (("id", "e-mail", "card"), ("1", ADA_EMAIL, PLANTED_CARD))})
    return site_of(database, controller, vault, clock, source)


def look(site: Site) -> object:
    """What follows from the statement that a scan was followed up."""
    follows = {each.procedure: each.arguments for each in REACTIONS if each.after is ScanFollowed}
    assert follows["look_at_safety"] == ("controller", "system")
    assert "look_at_safety" in PROCEDURES
    opens = site.scanning.open_system
    looker = SafetyLooker(database=site.database, vault=site.vault, clock=site.clock, open_system=opens, unread_days=90)
    return looker(InlineSteps(), str(site.controller), str(site.system.id))


def test_a_scan_has_its_system_looked_at_and_until_then_nobody_has(site: Site) -> None:
    site.scanned()
    with site.database.transaction(site.controller) as tx:
        assert safety.never_looked_at(tx) == [site.system.id]
        assert safety.of_system(tx) == []
    assert look(site) == 3
    with site.database.transaction(site.controller) as tx:
        assert safety.never_looked_at(tx) == []
        kinds = {each.kind for each in safety.of_system(tx)}
    assert kinds == {WeaknessKind.WORLD_READABLE, WeaknessKind.CARDS_IN_CLEAR, WeaknessKind.WITHOUT_PURPOSE}


def test_a_system_that_was_retired_meanwhile_is_not_opened(site: Site) -> None:
    site.scanned()
    with site.database.transaction(site.controller) as tx:
        scans.retire_system(tx, site.vault, site.clock, site.system, by=BY)
    assert look(site) == 0
    with site.database.transaction(site.controller) as tx:
        assert (safety.never_looked_at(tx), safety.of_system(tx)) == ([], [])
