"""What went from another system is forgotten too, with what scans found of it; and what comes back comes as something new."""

from datetime import datetime, timedelta

import psycopg
import pytest

from rightcall.controllers import actions as controllers
from rightcall.controllers.remembering import store
from rightcall.database.connection import Database
from rightcall.discovery.systems.model import SystemUse
from rightcall.ids import ControllerId, PurposeId
from rightcall.retention.forgetting import Forgetter, Forgotten
from rightcall.vault.actions import Vault
from tests.conftest import FixedClock
from tests.discovery.mapping.test_mapping import TABLE, linked, newcomer, on_map, use
from tests.discovery.scans.fakes import FakeSource, Site, care, site_of

DAYS = 400


@pytest.fixture
def site(database: Database, controller: ControllerId, vault: Vault, clock: FixedClock) -> Site:
    with database.system() as tx:
        controllers.remember(tx, controller, DAYS)
    return site_of(database, controller, vault, clock, FakeSource({"customers": TABLE, "other": "Nothing about anyone."}))


@pytest.fixture
def purpose(site: Site) -> PurposeId:
    with site.database.transaction(site.controller) as tx:
        return care(tx, "pd:TelephoneNumber")


def forget(site: Site, *, at_once: int = 2000) -> Forgotten:
    forgetter = Forgetter(database=site.database, vault=site.vault, clock=site.clock, needs=())
    return forgetter(site.controller, at_once=at_once)


def rows(site: Site, table: str) -> int:
    with site.database.transaction(site.controller) as tx:
        row = tx.connection.execute(f"SELECT count(*) AS n FROM {table}").fetchone()  # noqa: S608 - names of this file
    assert row is not None
    return int(row["n"])


def gone(site: Site) -> None:
    """A scan of some time later finds the table no more."""
    site.clock.at += timedelta(days=10)
    del site.source.content["customers"]
    site.scanned()


@pytest.mark.parametrize("at_once", [1, 2000])
def test_what_went_from_another_system_is_forgotten_with_what_was_found_of_it(
    site: Site, purpose: PurposeId, at_once: int
) -> None:
    use(site, SystemUse(purpose=purpose))
    site.scanned()
    ada, many = newcomer(site), rows(site, "findings")
    assert many == len(on_map(site, ada)) == 2
    gone(site)
    site.clock.at += timedelta(days=DAYS)
    assert forget(site, at_once=at_once) == Forgotten()
    site.clock.at += timedelta(days=1)
    assert forget(site, at_once=at_once) == Forgotten(things=2, findings=2)
    assert on_map(site, ada) == {}
    assert {table: rows(site, table) for table in ("holdings", "findings", "links", "link_decisions", "known_clues")} == {
        "holdings": 0,
        "findings": 0,
        "links": 0,
        "link_decisions": 0,
        "known_clues": 0,
    }
    assert forget(site) == Forgotten()


def test_what_comes_back_comes_as_something_new(site: Site, purpose: PurposeId) -> None:
    use(site, SystemUse(purpose=purpose))
    site.scanned()
    before = {each.id for each in on_map(site, newcomer(site)).values()}
    gone(site)
    site.clock.at += timedelta(days=DAYS + 1)
    forget(site)
    site.source.content["customers"] = TABLE
    site.scanned()
    back = on_map(site, newcomer(site)).values()
    assert len(back) == 2
    assert before.isdisjoint(each.id for each in back)
    assert {each.gone_at for each in back} == {None}


@pytest.mark.parametrize("days", [None, -1, 1])
def test_what_was_found_is_not_taken_away_before_its_time(site: Site, days: int | None) -> None:
    site.scanned()
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="as its controller says"):
        take_away(site, None if days is None else site.clock.at + timedelta(days=days))


def test_what_was_decided_of_a_record_stays_while_anything_of_it_is_known(site: Site, purpose: PurposeId) -> None:
    use(site, SystemUse(purpose=purpose))
    site.scanned()
    with site.database.transaction(site.controller) as tx:
        tx.connection.execute("RESET ROLE")
        tx.connection.execute("SET LOCAL session_replication_role = replica")
        tx.connection.execute(
            "INSERT INTO link_decisions (controller, statement, link, was, now, reason, decided_by, decided_role, decided_at)"
            " SELECT controller, gen_random_uuid(), link, 'certain', 'undone', 'other', link, 'dpo', now() FROM links"
            " WHERE controller = %s",
            (site.controller,),
        )
    with (
        site.database.transaction(site.controller) as tx,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="what was decided"),
        tx.connection.transaction(),
    ):
        tx.connection.execute("DELETE FROM link_decisions")
    gone(site)
    site.clock.at += timedelta(days=DAYS + 1)
    assert forget(site) == Forgotten(things=2, findings=2)
    assert rows(site, "link_decisions") == 0


def take_away(site: Site, before: datetime | None) -> None:
    with site.database.transaction(site.controller) as tx:
        if before is not None:
            store.forget_before(tx, before)
        tx.connection.execute("DELETE FROM findings")


def test_what_is_nobodys_and_gone_is_forgotten_too(site: Site) -> None:
    site.scanned()
    assert rows(site, "findings") == 2
    gone(site)
    site.clock.at += timedelta(days=DAYS + 1)
    assert forget(site) == Forgotten(findings=2)


def test_what_is_there_stays_and_so_does_what_was_erased_there(site: Site) -> None:
    site.scanned()
    linked(site)
    site.clock.at += timedelta(days=10 * DAYS)
    assert forget(site) == Forgotten()
    with site.database.transaction(site.controller) as tx:
        tx.connection.execute(
            "UPDATE findings SET erased = true, sealed_spot = NULL, subject = NULL, holding = NULL, clues = '{}',"
            " clue_kinds = '{}', gone_at = %s",
            (site.clock.at,),
        )
    site.clock.at += timedelta(days=10 * DAYS)
    assert forget(site) == Forgotten(), "it may come back, and is known by it"
    assert rows(site, "findings") == 2
