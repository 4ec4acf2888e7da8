"""A log of calls in which whoever answers stands beside whoever calls: scanned, linked, on the map, whatever order it lies in."""

import random

import pytest

from rightcall.database.connection import Database
from rightcall.discovery.findings.model import KeptFinding
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.model import LinkState
from rightcall.ids import ControllerId
from rightcall.vault.actions import Vault
from tests.conftest import FixedClock
from tests.discovery.scans.fakes import FakeSource, Site, site_of

CUSTOMERS = (
    ("customer_no", "name", "email"),
    ("KD-000001", "Karl Holm", "karl@caller.example"),
    ("KD-000002", "Lise Bach", "lise@caller.example"),
)
HEADS = ("call_id", "caller", "agent", "customer_no", "notes")
CALLS = (
    ("1", "Karl Holm", "Mads Dahl", "KD-000001", "asked for a bill"),
    ("2", None, "Mads Dahl", "KD-000001", "rang off"),
    ("3", None, "Nora Friis", "KD-000002", ""),
    ("4", "Lise Bach", "Nora Friis", "KD-000002", "moves in May"),
    ("5", "Karl Holm", "Nora Friis", "KD-000001", ""),
)


@pytest.fixture(params=range(4))
def site(database: Database, controller: ControllerId, vault: Vault, clock: FixedClock, request: pytest.FixtureRequest) -> Site:
    calls = list(CALLS)
    random.Random(request.param).shuffle(calls)  # noqa: S311 - an order
    made = site_of(database, controller, vault, clock, FakeSource({"calls": (HEADS, *calls), "customers": CUSTOMERS}))
    made.serve_care()
    return made


def _of(found: list[KeptFinding], field: str) -> list[KeptFinding]:
    return [each for each in found if each.field == field]


def test_who_answered_is_nobodys_and_who_called_has_all_of_theirs(site: Site) -> None:
    site.scanned()
    found = site.findings()
    agents = _of(found, "agent")
    assert len(agents) == len(CALLS)
    assert {(each.subject, each.holding, each.category) for each in agents} == {(None, None, "pd:Name")}
    assert all("somebody in another role" in each.why for each in agents)
    assert {each.subject is None for each in found if each.field != "agent"} == {False}
    assert len({each.subject for each in found if each.field != "agent"}) == 2
    assert {each.holding is None for each in found if each.field != "agent"} == {False}
    with site.database.transaction(site.controller) as tx:
        assert linking.page_of_links(tx, state=LinkState.DOUBTFUL) == []


def test_scanned_again_it_is_as_it_was(site: Site) -> None:
    site.scanned()
    before = {each.id: (each.subject, each.holding) for each in site.findings()}
    site.source.content["calls"] = (*site.source.content["calls"], ("6", None, "Mads Dahl", None, ""))
    site.scanned()
    after = {each.id: (each.subject, each.holding) for each in site.findings()}
    assert before.items() <= after.items()
    assert [after[each] for each in after.keys() - before.keys()] == [(None, None)]
