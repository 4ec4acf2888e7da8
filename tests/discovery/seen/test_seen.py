"""What is not known of a system is said as its scan goes on, and the counters that say it agree with the rows they count."""

from dataclasses import replace

import pytest

from rightcall.database.connection import Database
from rightcall.discovery.model import Reason
from rightcall.discovery.scans import actions as scans
from rightcall.discovery.seen import actions as seeing
from rightcall.discovery.seen.model import Seen, SeenState
from rightcall.discovery.seen.saying import doubtful, said
from rightcall.holdings.categories import Category
from rightcall.ids import ControllerId, SubjectId, new_id
from rightcall.vault.actions import Vault
from tests.cast import ADA_EMAIL, ADA_TEL
from tests.conftest import FixedClock
from tests.discovery.scans.fakes import BY, FakeSource, Site, site_of
from tests.procedures.fakes import InlineSteps

ADA = SubjectId(new_id())
TABLE = (("id", "phone", "e-mail"), ("1", ADA_TEL, ADA_EMAIL), ("2", None, ADA_EMAIL))


@pytest.fixture
def site(database: Database, controller: ControllerId, vault: Vault, clock: FixedClock) -> Site:
    return site_of(database, controller, vault, clock, FakeSource({"customers": TABLE, "notes": "Nothing about anyone."}))


def seen(site: Site) -> Seen:
    with site.database.transaction(site.controller) as tx:
        counted = seeing.of_system(tx, site.system.id)
        row = tx.connection.execute(
            "SELECT count(*) FILTER (WHERE subject IS NULL) AS nobodys, count(*) FILTER (WHERE subject IS NOT NULL) AS waiting"
            "  FROM findings WHERE holding IS NULL AND gone_at IS NULL AND system = %s",
            (site.system.id,),
        ).fetchone()
    assert row is not None
    assert (counted.nobodys, counted.waiting) == (row["nobodys"], row["waiting"]), "the counters say what the rows say"
    return counted


def words(site: Site) -> str:
    return said(seen(site), "crm")


def test_a_system_that_was_never_scanned_says_so(site: Site) -> None:
    assert seen(site).state is SeenState.NEVER
    assert words(site) == "crm was never scanned."
    with site.database.transaction(site.controller) as tx:
        assert [each.system for each in seeing.not_known(tx)] == [site.system.id]


def test_half_way_it_says_how_far_and_what_lies_there_for_nobody_yet(site: Site) -> None:
    site.scanning = replace(site.scanning, objects_a_step=1)
    scan = site.start()
    assert words(site) == "crm is being scanned, and is still being listed."
    controller = site.controller
    assert site.scanning._list(controller, scan.id)
    assert words(site) == "crm is being scanned: 0 of 2 objects were looked at."
    while not site.findings():
        site.scanning._read(controller, scan.id)
    left = site.scanning._left(controller, scan.id)
    assert words(site) == (
        f"crm is being scanned: {2 - left} of 2 objects were looked at. 3 findings there are linked to nobody, and on no map."
    )
    with site.database.transaction(site.controller) as tx:
        scans.cancel(tx, site.clock, scan.id)
    assert words(site).startswith(f"The last scan of crm was cancelled after {2 - left} of 2 objects. 3 findings there")


def test_whole_it_still_says_what_is_nobodys_and_what_was_not_read(site: Site) -> None:
    site.source.content["photo"] = Reason.ENCRYPTED
    site.scanned()
    assert words(site) == "3 findings in crm are linked to nobody, and on no map. 1 object of crm could not be read."
    with site.database.transaction(site.controller) as tx:
        assert seeing.nobodys(tx) == {
            (site.system.id, Category.EMAIL_ADDRESS): 2,
            (site.system.id, Category.TELEPHONE_NUMBER): 1,
        }


def test_what_is_linked_waits_until_it_is_on_the_map_and_then_nothing_is_left_to_say(site: Site) -> None:
    site.scanned()
    ada = SubjectId(new_id())
    with site.database.transaction(site.controller) as tx:
        site.vault.create_subject(tx, ada)
        tx.connection.execute(
            "INSERT INTO subjects (controller, subject, ambiguous, created_at) VALUES (%s, %s, false, now())",
            (site.controller, ada),
        )
        tx.connection.execute("UPDATE findings SET subject = %s WHERE category = 'pd:TelephoneNumber'", (ada,))
    assert words(site) == "3 findings in crm are on no map, 2 of them linked to nobody."
    with site.database.transaction(site.controller) as tx:
        tx.connection.execute("UPDATE findings SET subject = %s", (ada,))
    site.scanned()
    assert words(site) == ""
    with site.database.transaction(site.controller) as tx:
        assert seeing.not_known(tx) == []


def test_a_failed_a_sampled_and_an_unfinished_one_say_when_all_was_looked_at_last(site: Site) -> None:
    site.scanned()
    day = f"All of it was looked at last on {site.clock.at:%d %b %Y}."
    site.source.content = {"customers": Reason.UNREADABLE}
    site.scanned()
    assert words(site).startswith(f"The last scan of crm failed after 1 of 1 objects. {day}")
    site.source.content = {"customers": TABLE}
    site.scanned(sample=0.5)
    assert words(site).startswith(f"Of crm only a sample was looked at, about 50 %. {day}")
    scan = site.start()
    with pytest.raises(ZeroDivisionError):
        site.run(scan, _Stops("link"))
    assert words(site).startswith(f"What the scan of crm found is being put on the map. {day}")


class _Stops(InlineSteps):
    """Dies at a step."""

    def __init__(self, at: str) -> None:
        super().__init__()
        self.at = at

    def run(self, name, do):  # type: ignore[no-untyped-def]
        if name == self.at:
            raise ZeroDivisionError
        return super().run(name, do)


def test_of_a_retired_system_nobody_knows_what_lies_there_now(site: Site) -> None:
    site.scanned()
    before = seen(site)
    with site.database.transaction(site.controller) as tx:
        scans.retire_system(tx, site.vault, site.clock, site.system, by=BY)
        [told] = seeing.not_known(tx)
    assert (told.state, told.retired_at, told.on_no_map) == (SeenState.RETIRED, site.clock.at, before.on_no_map)
    assert words(site).startswith(f"crm is no longer looked at since {site.clock.at:%d %b %Y}: what lies there now is not known.")
    assert "3 findings there" in words(site)


def test_what_is_not_read_within_what_is_read_is_said_also_once_that_is_unchanged(site: Site) -> None:
    site.source.content["old.zip"] = "Nothing about anyone."
    site.source.inside["old.zip"] = (Reason.ENCRYPTED, Reason.BROKEN)
    for _ in range(2):
        site.scanned()
        told = seen(site)
        assert (told.not_read, told.parts_not_read, told.is_whole, told.is_read) == (0, 2, True, False)
        assert words(site).endswith(" 2 parts within objects of crm could not be read.")


def test_who_may_be_meant_is_said_by_records() -> None:
    assert doubtful(0, ADA) == ""
    assert doubtful(1, ADA).startswith("1 record that may be about this person waits for")
    assert doubtful(2, ADA).startswith("2 records that may be about this person wait for")
    assert f"`rightcall links list --of {ADA}`" in doubtful(2, ADA)
