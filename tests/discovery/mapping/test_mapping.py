"""What is somebody's goes on the data map with its origin, purpose and term; what is gone is gone there, and may come back."""

from datetime import date

import pytest

from rightcall.database.connection import Database
from rightcall.discovery.scans import actions as scans
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import Change, SystemUse, TermFrom
from rightcall.holdings import actions as holdings
from rightcall.holdings.model import Holding, Source
from rightcall.holdings.places import Place
from rightcall.ids import ControllerId, PurposeId, SubjectId, new_id
from rightcall.personal import Personal
from rightcall.purposes.model import LawfulBasis
from rightcall.vault.actions import Vault
from tests.cast import ADA_EMAIL, ADA_TEL
from tests.conftest import FixedClock
from tests.discovery.scans.fakes import BY, FakeSource, Site, site_of

TABLE = (("id", "phone", "e-mail"), ("1", ADA_TEL, ADA_EMAIL))


@pytest.fixture
def site(database: Database, controller: ControllerId, vault: Vault, clock: FixedClock) -> Site:
    return site_of(database, controller, vault, clock, FakeSource({"customers": TABLE}))


@pytest.fixture
def purpose(site: Site) -> PurposeId:
    purpose = PurposeId(new_id())
    with site.database.transaction(site.controller) as tx:
        tx.connection.execute(
            "INSERT INTO purposes (controller, purpose, key, title, justification, lawful_basis, staff_basis, data_categories,"
            " may_use, term_days, dpv_purpose, on_withdrawal, created_at) VALUES (%s, %s, 'care', 'Care', 'Why', 'contract',"
            " 'contract', '{pd:TelephoneNumber}', '{}', 90, 'dpv:CustomerCare', 'keep', now())",
            (site.controller, purpose),
        )
    return purpose


def linked(site: Site) -> SubjectId:
    """Everything that was found is Ada's, as linking would say."""
    ada = SubjectId(new_id())
    with site.database.transaction(site.controller) as tx:
        site.vault.create_subject(tx, ada)
        tx.connection.execute(
            "INSERT INTO subjects (controller, subject, ambiguous, created_at) VALUES (%s, %s, false, now())",
            (site.controller, ada),
        )
        tx.connection.execute("UPDATE findings SET subject = %s WHERE controller = %s", (ada, site.controller))
    return ada


def newcomer(site: Site) -> SubjectId:
    """In a system that serves a purpose, a row of somebody unknown is somebody new: linked and mapped by the scan itself."""
    [subject] = {each.subject for each in site.findings()}
    assert subject is not None
    return subject


def on_map(site: Site, ada: SubjectId) -> dict[str, Holding]:
    """By category."""
    with site.database.transaction(site.controller) as tx:
        return {each.category.value: each for each in holdings.of_subject(tx, ada)}


def use(site: Site, *uses: SystemUse) -> None:
    with site.database.transaction(site.controller) as tx:
        change = Change(uses=uses)
        site.system = systems.checked(tx, site.vault, site.clock, site.system, change, abilities=site.system.abilities, by=BY)


def test_what_is_somebodys_is_on_the_map_with_place_origin_purpose_and_term(site: Site, purpose: PurposeId) -> None:
    use(site, SystemUse(purpose=purpose, objects="cust*", category="pd:TelephoneNumber", term_days=30))
    site.scanned()
    ada = newcomer(site)
    phone, email = on_map(site, ada)["pd:TelephoneNumber"], on_map(site, ada)["pd:EmailAddress"]
    assert (phone.provenance.source, phone.provenance.basis) == (Source.SCAN, LawfulBasis.CONTRACT)
    assert [(term.purpose, term.last_day) for term in phone.terms] == [(purpose, date(2026, 12, 23))]
    assert (email.terms, email.provenance.basis) == ((), None), "nobody said what it is for"
    with site.database.transaction(site.controller) as tx:
        place = holdings.places(tx, site.vault, [phone])[phone.id]
    assert isinstance(place, Place)
    assert (place.system, place.field) == (site.system.id, "phone")
    assert (place.object_name, place.row) == (Personal("customers"), Personal("row-1"))
    assert {each.holding for each in site.findings()} == {phone.id, email.id}


def test_a_term_from_a_date_in_the_row_is_left_open(site: Site, purpose: PurposeId) -> None:
    use(site, SystemUse(purpose=purpose, term_from=TermFrom.FIELD, term_field="signed_up", term_days=30))
    site.scanned()
    ada = newcomer(site)
    assert {term.last_day for each in on_map(site, ada).values() for term in each.terms} == {None}


def test_what_is_gone_is_gone_from_the_map_and_comes_back_as_the_same(site: Site) -> None:
    site.scanned()
    ada = linked(site)
    site.scanned()
    before = {each.id for each in on_map(site, ada).values()}
    table = site.source.content.pop("customers")
    site.source.content["other"] = "Nothing about anyone."
    site.scanned()
    assert {each.gone_at for each in on_map(site, ada).values()} == {site.clock.at}
    site.source.content["customers"] = table
    site.scanned()
    back = on_map(site, ada).values()
    assert ({each.id for each in back}, {each.gone_at for each in back}) == (before, {None})
    with site.database.transaction(site.controller) as tx:
        scans.retire_system(tx, site.vault, site.clock, site.system, by=BY)
    assert None not in {each.gone_at for each in on_map(site, ada).values()}


def test_nothing_of_an_erased_person_comes_on_the_map(site: Site) -> None:
    site.scanned()
    ada = linked(site)
    with site.database.transaction(site.controller) as tx:
        site.vault.destroy_subject(tx, ada)
    assert site.scanned().outcome == "done"
    assert on_map(site, ada) == {}
