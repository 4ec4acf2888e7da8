"""What lay open counts whosever it is, also what is known by the scan alone; and nothing is low before all was looked at."""

from dataclasses import replace
from datetime import timedelta

import pytest

from rightcall.breaches.drafts import to_authority
from rightcall.breaches.model import Assessment, Breach, Circumstances, Nature, Severity, ToldBy, Window
from rightcall.breaches.saying import how_many, how_severe, what_is_missing, where_they_live
from rightcall.breaches.weighing import actions as weighing
from rightcall.breaches.weighing.assessing import assess
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Database, Transaction
from rightcall.discovery.decisions import store as decisions
from rightcall.discovery.model import Reason
from rightcall.discovery.scans import actions as scans
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import Change
from rightcall.holdings import actions as holdings
from rightcall.holdings.categories import Category
from rightcall.ids import BreachId, ControllerId, HoldingId, StatementId, SubjectId, new_id
from rightcall.vault.actions import Vault
from tests.cast import ADA_EMAIL, ADA_TEL
from tests.conftest import FixedClock
from tests.discovery.scans.fakes import BY, FakeSource, Site, site_of

CARD = "Agent: your card number please. Caller: 4111 1111 1111 1111. Agent: and the security code? Caller: 737."
PEOPLE = (("id", "phone", "e-mail"), ("1", ADA_TEL, ADA_EMAIL))
SEEN = Circumstances(nature=frozenset({Nature.CONFIDENTIALITY}), malicious=False)


@pytest.fixture
def site(database: Database, controller: ControllerId, vault: Vault, clock: FixedClock) -> Site:
    return site_of(database, controller, vault, clock, FakeSource({"call.txt": CARD, "customers": PEOPLE}))


def window(site: Site) -> Window:
    return Window(system=site.system.id, began_at=site.clock.at - timedelta(days=3), until=site.clock.at + timedelta(days=1))


def assessed(site: Site, around: Circumstances = SEEN) -> Assessment:
    with site.database.transaction(site.controller) as tx:
        return assess(tx, site.vault, site.clock, window(site), around)


def of_ada(site: Site) -> SubjectId:
    """The customers are hers; what the call says stays nobody's."""
    ada = SubjectId(new_id())
    with site.database.transaction(site.controller) as tx:
        site.vault.create_subject(tx, ada)
        tx.connection.execute(
            "INSERT INTO subjects (controller, subject, ambiguous, created_at) VALUES (%s, %s, false, now())",
            (site.controller, ada),
        )
        tx.connection.execute("UPDATE findings SET subject = %s WHERE field IS NOT NULL", (ada,))
    return ada


def nobodys(found: Assessment) -> dict[Category, int]:
    return {each.category: each.nobodys for each in found.open if each.nobodys}


def test_before_and_during_the_scan_nothing_is_low_and_no_risk_is_ruled_out(site: Site) -> None:
    found = assessed(site)
    assert (found.severity, found.risk, found.high_risk, found.is_whole) == (Severity.NOT_KNOWN, True, True, False)
    assert how_severe(found).startswith("not known")
    assert what_is_missing(found, "crm") == "This is not the whole: crm was never scanned. Scan it to the end, then ask again."
    scan = site.start()
    assert not assessed(site).is_whole
    site.run(scan)
    site.source.content = {"note": "Nothing about anyone."}
    site.scanned()
    later = Window(system=site.system.id, began_at=site.clock.at + timedelta(hours=1), until=site.clock.at + timedelta(days=1))
    with site.database.transaction(site.controller) as tx:
        empty = assess(tx, site.vault, site.clock, later, SEEN)
    assert (empty.severity, empty.risk, empty.items, empty.nobodys.items) == (Severity.LOW, False, 0, 0)


@pytest.mark.parametrize("unread", ["whole", "part"])
def test_what_could_not_be_read_is_not_known_and_never_low(site: Site, unread: str) -> None:
    site.source.content = {"note": "Nothing about anyone."}
    if unread == "whole":
        site.source.content["crm-dump.7z"] = Reason.PACKED
    else:
        site.source.inside["note"] = [Reason.ENCRYPTED]
    site.scanned()
    found = assessed(site)
    assert (found.severity, found.risk, found.high_risk, found.is_whole) == (Severity.NOT_KNOWN, True, True, False)
    assert how_severe(found).startswith("not known")
    assert "not all of it is known" in how_many(found)
    assert what_is_missing(found, "crm").endswith("Look at what could not be read by hand, or make it readable and scan again.")
    unintelligible = assessed(site, replace(SEEN, unintelligible=True))
    assert (unintelligible.severity, unintelligible.risk) == (Severity.LOW, False)


def test_a_retired_system_is_no_longer_looked_at_and_what_lay_there_counts(site: Site) -> None:
    site.scanned()
    of_ada(site)
    site.scanned()
    before = assessed(site)
    with site.database.transaction(site.controller) as tx:
        scans.retire_system(tx, site.vault, site.clock, site.system, by=BY)
    site.clock.at += timedelta(days=9)
    after = assessed(site)
    assert (after.items, after.nobodys.items, after.severity) == (before.items, before.nobodys.items, before.severity)
    assert not after.is_whole
    missing = what_is_missing(after, "crm")
    assert "crm is no longer looked at since" in missing
    assert missing.endswith("Ask those who run it what lies there now.")


def test_a_card_of_nobody_counts_weighs_and_is_in_the_draft(site: Site) -> None:
    site.scanned()
    of_ada(site)
    site.scanned()
    found = assessed(site)
    assert nobodys(found) == {Category.PAYMENT_CARD_NUMBER: 1, Category.PAYMENT_CARD: 1}
    assert (found.people, found.items, found.nobodys.items) == (1, 2, 2)
    assert (found.severity, found.is_whole) == (Severity.MEDIUM, True), "money, and a way to reach somebody"
    records = "1 further record" if found.nobodys.records == 1 else f"{found.nobodys.records} further records"
    assert how_many(found) == (
        f"At least 1 person whom we can name, with 2 items; and about {records} (2 items) that belong to nobody we can name yet."
    )
    with site.database.transaction(site.controller) as tx:
        house, at = controllers.get(tx), site.clock.at
    draft = to_authority(breach(site), found, house, [], "the system crm", now=at)
    abroad = replace(house, zone="Europe/Copenhagen")
    assert "UTC" not in to_authority(breach(site), found, abroad, [], "the system crm", now=at)
    old = replace(breach(site), known_at=at - timedelta(hours=100))
    for hours, is_late in ((None, True), (32, False), (73, True)):
        told_at = None if hours is None else old.known_at + timedelta(hours=hours)
        told = replace(old, authority_told_at=told_at)
        written = to_authority(told, found, house, [], "the system crm", now=at)
        assert ("Why this is later" in written) is is_late
    assert "belong to nobody we can name yet" in " ".join(draft.split())
    assert "payment card number (financial): 1 of nobody we can name" in draft
    assert found.card_codes == 1
    assert "Among it 1 card security code (CVV, CVC): never to be kept" in " ".join(draft.split())


def breach(site: Site) -> Breach:
    return Breach(
        id=BreachId(new_id()),
        window=window(site),
        circumstances=SEEN,
        known_at=site.clock.at,
        entered_by=BY,
        entered_at=site.clock.at,
        authority_told_at=None,
        people_told_at=None,
        closed_at=None,
        verdict=None,
        statement=StatementId(new_id()),
    )


def test_what_was_taken_for_somebodys_counts_once_before_and_after_that_is_undone(site: Site) -> None:
    site.scanned()
    ada = of_ada(site)
    site.scanned()
    before = assessed(site)
    with site.database.transaction(site.controller) as tx:
        for record in {each.record for each in site.findings() if each.subject is not None}:
            found = [HoldingId(each) for each in decisions.release_findings(tx, record, ada)]
            holdings.unlink(tx, site.clock, found, of=ada, by=BY)
    assert before.people == 1
    for _ in range(2):
        after = assessed(site)
        assert (after.people, after.items, after.nobodys.items) == (0, 0, before.items + before.nobodys.items)
        site.clock.at += timedelta(days=9)


def affected(tx: Transaction, site: Site, breach: Breach) -> list[SubjectId]:
    found: list[SubjectId] = []
    assess(tx, site.vault, site.clock, breach.window, SEEN, keep=found.extend)
    return found


def test_what_was_gone_before_it_began_is_nobodys_loss(site: Site) -> None:
    """A person, and findings of nobody, whose data no scan found any more before the window."""
    site.scanned()
    ada = of_ada(site)
    site.scanned()
    began = breach(site)
    with site.database.transaction(site.controller) as tx:
        assert weighing.of_person(tx, began, ada)
    site.source.content = {"other.txt": "Nothing of anybody."}
    site.clock.at += timedelta(days=1)
    site.scanned()
    site.scanned()
    assert assessed(site).people == 1, "it was there since it began"
    with site.database.transaction(site.controller) as tx:
        assert affected(tx, site, began) == [ada], "and is one of those to be told"
    site.clock.at += timedelta(days=9)
    late = breach(site)
    with site.database.transaction(site.controller) as tx:
        assert weighing.of_person(tx, began, ada), "and is still known to have been"
        assert weighing.of_person(tx, late, ada) == ()
        assert (affected(tx, site, began), affected(tx, site, late)) == ([ada], [])
    found = assessed(site)
    assert (found.people, found.items, found.nobodys.items, found.nobodys.records) == (0, 0, 0, 0)
    assert (found.open, found.card_codes) == ((), 0)


def of_somebody_each(site: Site) -> None:
    """Each record is another person's."""
    with site.database.transaction(site.controller) as tx:
        for record in {each.record for each in site.findings()}:
            subject = SubjectId(new_id())
            site.vault.create_subject(tx, subject)
            tx.connection.execute(
                "INSERT INTO subjects (controller, subject, ambiguous, created_at) VALUES (%s, %s, false, now())",
                (site.controller, subject),
            )
            tx.connection.execute("UPDATE findings SET subject = %s WHERE record = %s", (subject, record))


PLACED = (
    ("id", "phone", "address"),
    ("1", "+49 30 901820", None),
    ("2", "+44 20 7946 0958", "Hauptstraße 12, 10115 Berlin"),
    ("3", None, "Hauptstraße 12, 10115 Berlin"),
    ("4", None, "12 rue de la Paix, 75002 Paris"),
    ("5", "32 12 34 56", None),
)


def test_people_live_where_their_numbers_and_addresses_are_and_else_in_the_systems_region(site: Site) -> None:
    site.source.content = {"customers": PLACED, "note": f"Write to {ADA_EMAIL}."}
    site.scanned()
    of_somebody_each(site)
    site.scanned()
    found = assessed(site)
    assert dict(found.places) == {"DE": 2, "DK": 2, "FR": 1, "GB": 1}
    assert dict(found.told_by) == {ToldBy.NUMBER: 3, ToldBy.ADDRESS: 2, ToldBy.REGION: 1}
    assert where_they_live(found) == (
        "Of 6 people who were looked at: DE 2, DK 2, FR 1, GB 1. That is told of 3 by a telephone number, 2 by an address,"
        " 1 by the region that the system is registered for."
    )
    assert {"DE", "DK", "FR", "GB"} <= set(found.laws)


def test_who_is_known_by_a_scan_alone_lives_where_the_numbers_of_the_system_belong(site: Site) -> None:
    site.source.content["customers"] = (("id", "e-mail"), ("1", ADA_EMAIL))
    site.scanned()
    of_ada(site)
    site.scanned()
    found = assessed(site)
    assert (dict(found.places), found.places_of, dict(found.told_by)) == ({"DK": 1}, 1, {ToldBy.REGION: 1})
    assert "DK" in found.laws
    assert where_they_live(found).endswith("That is told of 1 by the region that the system is registered for.")
    with site.database.transaction(site.controller) as tx:
        two = Change(regions=("DK", "SE"))
        systems.checked(tx, site.vault, site.clock, site.system, two, abilities=site.system.abilities, by=BY)
    found = assessed(site)
    assert (dict(found.places), dict(found.told_by)) == ({}, {})
    assert {"DK", "SE"} <= set(found.laws)
    assert where_they_live(found).endswith("the system is registered for DK, SE.")
