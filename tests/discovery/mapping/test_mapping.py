"""What is somebody's goes on the data map with its origin, purpose and term; what is gone is gone there, and may come back."""

from datetime import date, timedelta

import pytest

from rightcall.breaches.model import Window
from rightcall.breaches.weighing import store as breaches
from rightcall.database.connection import Database
from rightcall.discovery.mapping import actions as mapping
from rightcall.discovery.mapping.procedure import Describing
from rightcall.discovery.scans import actions as scans
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import Change, NewSystem, RegisteredSystem, SystemName, SystemUse, TermFrom
from rightcall.errors import Malformed
from rightcall.holdings import actions as holdings
from rightcall.holdings.map import actions as holdings_map
from rightcall.holdings.model import Holding, Source
from rightcall.holdings.places import Place
from rightcall.holdings.provenance import actions as provenance
from rightcall.holdings.provenance.model import FallReason
from rightcall.ids import ControllerId, HoldingId, PurposeId, SubjectId, new_id
from rightcall.personal import Personal
from rightcall.purposes.model import LawfulBasis
from rightcall.vault.actions import Vault
from tests.cast import ADA_EMAIL, ADA_TEL
from tests.conftest import FixedClock
from tests.discovery.scans.fakes import BY, FakeSource, Site, care, site_of
from tests.procedures.fakes import InlineSteps

TABLE = (("id", "phone", "e-mail"), ("1", ADA_TEL, ADA_EMAIL))


@pytest.fixture
def site(database: Database, controller: ControllerId, vault: Vault, clock: FixedClock) -> Site:
    return site_of(database, controller, vault, clock, FakeSource({"customers": TABLE}))


@pytest.fixture
def purpose(site: Site) -> PurposeId:
    with site.database.transaction(site.controller) as tx:
        return care(tx, "pd:TelephoneNumber")


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


def described(site: Site) -> None:
    """What follows from the statement that the system was changed."""
    describing = Describing(database=site.database, vault=site.vault, clock=site.clock)
    describing.of_system(InlineSteps(), str(site.controller), str(site.system.id))


def test_what_a_system_is_for_may_be_said_later_or_anew(site: Site, purpose: PurposeId) -> None:
    use(site, SystemUse(purpose=purpose, category="pd:TelephoneNumber", term_days=30))
    site.scanned()
    ada = newcomer(site)
    use(site, SystemUse(purpose=purpose, category="pd:EmailAddress", term_days=10))
    described(site)
    phone, email = on_map(site, ada)["pd:TelephoneNumber"], on_map(site, ada)["pd:EmailAddress"]
    assert [(term.purpose, term.last_day) for term in email.terms] == [(purpose, date(2026, 12, 3))]
    assert email.provenance.basis is LawfulBasis.CONTRACT
    assert (phone.terms, phone.provenance.basis) == ((), None)
    with site.database.transaction(site.controller) as tx:
        without = {str(cell.category): cell.without_purpose for cell in holdings_map.look(tx, site.clock)}
        assert (without["pd:EmailAddress"], without["pd:TelephoneNumber"]) == (0, 1)
        before = tx.connection.execute("SELECT count(*) AS n FROM statements").fetchone()
    described(site)
    with site.database.transaction(site.controller) as tx:
        assert tx.connection.execute("SELECT count(*) AS n FROM statements").fetchone() == before, "again says nothing"


def test_a_purpose_with_a_shorter_term_ends_sooner_what_other_systems_keep(site: Site, purpose: PurposeId) -> None:
    use(site, SystemUse(purpose=purpose))
    site.scanned()
    assert last_days(site) == {date(2027, 2, 21)}
    with site.database.transaction(site.controller) as tx:
        tx.connection.execute("RESET ROLE")
        tx.connection.execute("SET LOCAL session_replication_role = replica")
        tx.connection.execute("UPDATE purposes SET term_days = 20 WHERE purpose = %s", (purpose,))
    describing = Describing(database=site.database, vault=site.vault, clock=site.clock)
    describing.of_purpose(InlineSteps(), str(site.controller), str(purpose))
    assert last_days(site) == {date(2026, 12, 13)}


def test_what_another_term_moves_in_other_systems_is_told_before(site: Site, purpose: PurposeId) -> None:
    """Not what has a term of its own there, and from whichever day it counts."""
    own = SystemUse(purpose=purpose, category="pd:EmailAddress", term_days=300)
    dated = SystemUse(purpose=purpose, term_from=TermFrom.FIELD, term_field="closed on")
    site.source.content["customers"] = closing("2026-09-30")
    use(site, own, dated)
    site.scanned()

    def moves(days: int, most: int | None = None) -> list[tuple[int, int, int, bool]]:
        with site.database.transaction(site.controller) as tx:
            found = mapping.by_term(tx, site.clock, purpose, days, most=most)
        assert {each.system for each in found} <= {site.system.id}
        return [(each.items, each.people, each.over, each.is_all) for each in found]

    assert last_days(site) == {date(2026, 12, 29), date(2027, 9, 19)}
    assert moves(400) == [(1, 1, 0, True)]
    assert moves(60) == [(1, 1, 0, True)]
    assert moves(20) == [(1, 1, 1, True)]
    assert moves(20, most=1)[0][3] is False
    use(site, own)
    assert moves(20) == [], "all of it has terms of its own"


def closing(day: str | None) -> tuple[tuple[str | None, ...], ...]:
    return (("id", "phone", "e-mail", "Closed on"), ("1", ADA_TEL, ADA_EMAIL, day))


def from_closing(purpose: PurposeId, field: str = "closed on") -> SystemUse:
    return SystemUse(purpose=purpose, term_from=TermFrom.FIELD, term_field=field, term_days=30)


def last_days(site: Site) -> set[date | None]:
    return {term.last_day for each in there(site) for term in each.terms}


def there(site: Site) -> list[Holding]:
    with site.database.transaction(site.controller) as tx:
        return [each for each in holdings.of_subject(tx, newcomer(site)) if each.gone_at is None]


def past_term(site: Site) -> int:
    with site.database.transaction(site.controller) as tx:
        return sum(cell.past_term for cell in holdings_map.look(tx, site.clock) if cell.system == site.system.id)


def test_a_term_counts_from_a_date_in_the_row_and_past_it_is_seen(site: Site, purpose: PurposeId) -> None:
    site.source.content = {"customers": closing("2026-11-01 08:00:00")}
    use(site, from_closing(purpose))
    site.scanned()
    assert last_days(site) == {date(2026, 12, 1)}
    assert past_term(site) == 0
    before = {each.id for each in there(site)}
    site.scanned()
    assert {each.id for each in there(site)} == before
    site.source.content = {"customers": closing("2020-01-31")}
    site.scanned()
    assert last_days(site) == {date(2020, 3, 1)}
    assert past_term(site) == 2, "the phone and the e-mail of a row whose term is over"
    assert {each.id for each in there(site)} == before, "the same things, with the term that counts now"
    assert all(each.gone_at is None for each in site.findings(also_gone=True)), "nothing had gone"


def test_a_use_that_counts_from_a_date_makes_nothing_new_of_what_was_found_before(site: Site, purpose: PurposeId) -> None:
    """A breach of that time counts each thing once, and each is known since it was first seen."""
    site.source.content = {"customers": closing("2026-11-01")}
    use(site, SystemUse(purpose=purpose))
    site.scanned()
    before = {(each.id, each.provenance.at) for each in there(site)}
    began_at = site.clock.at
    site.clock.at += timedelta(days=1)
    for day, last in (("2026-11-01", date(2026, 12, 1)), ("2026-11-11", date(2026, 12, 11)), (None, None)):
        site.source.content = {"customers": closing(day)}
        use(site, from_closing(purpose))
        described(site)
        site.scanned()
        assert {(each.id, each.provenance.at) for each in there(site)} == before
        assert last_days(site) == {last}
    window = Window(system=site.system.id, began_at=began_at, until=site.clock.at + timedelta(days=1))
    with site.database.transaction(site.controller) as tx:
        open_then, _ = breaches.open_data(tx, window, None, None)
        assert sum(each.items for each in open_then) == len(before)


def test_what_comes_back_with_another_date_is_kept_by_that_one(site: Site, purpose: PurposeId) -> None:
    use(site, from_closing(purpose))
    for content in ({"customers": closing("2026-11-01")}, {"other": "Nothing."}, {"customers": closing("2026-11-11")}):
        site.source.content = dict(content)
        site.scanned()
    assert last_days(site) == {date(2026, 12, 11)}


@pytest.mark.parametrize("day", [None, "", "soon", "03/04/2026", "0000-00-00", "9999-12-31"])
def test_a_row_that_tells_no_day_or_one_of_two_has_no_last_day(site: Site, purpose: PurposeId, day: str | None) -> None:
    site.source.content = {"customers": closing(day)}
    use(site, from_closing(purpose))
    site.scanned()
    assert last_days(site) == {None}


def test_a_field_that_is_not_there_leaves_the_term_open_and_another_one_has_all_read_again(
    site: Site, purpose: PurposeId
) -> None:
    site.source.content = {"customers": closing("2026-11-01")}
    use(site, from_closing(purpose, "signed_up"))
    site.scanned()
    assert last_days(site) == {None}
    site.source.reads.clear()
    use(site, from_closing(purpose))
    site.scanned()
    assert site.source.reads == ["customers"]
    assert last_days(site) == {date(2026, 12, 1)}


@pytest.mark.parametrize("field", ["birth date", "date_of_birth", "dob"])
def test_no_term_counts_from_a_day_of_birth(site: Site, purpose: PurposeId, field: str) -> None:
    with pytest.raises(Malformed, match="birth"):
        use(site, from_closing(purpose, field))


def test_what_is_gone_is_gone_from_the_map_and_comes_back_as_the_same(site: Site, purpose: PurposeId) -> None:
    use(site, SystemUse(purpose=purpose))
    site.scanned()
    ada = newcomer(site)
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
    assert {each.gone_at for each in on_map(site, ada).values()} == {None}, "that nobody looks there makes nothing gone"


def test_nothing_of_an_erased_person_comes_on_the_map(site: Site) -> None:
    site.scanned()
    ada = linked(site)
    with site.database.transaction(site.controller) as tx:
        site.vault.destroy_subject(tx, ada)
    assert site.scanned().outcome == "done"
    assert on_map(site, ada) == {}


def test_a_record_that_was_decided_is_mapped_by_itself_however_much_waits_before_it(
    database: Database, controller: ControllerId, vault: Vault, clock: FixedClock
) -> None:
    rows = (*TABLE, ("2", "+45 32 12 34 99", "ben@caller.example"))
    site = site_of(database, controller, vault, clock, FakeSource({"customers": rows}))
    site.scanned()
    ada = linked(site)
    last = max(site.findings(), key=lambda each: each.id).record
    with site.database.transaction(site.controller) as tx:
        mapping.map_record(tx, site.vault, site.clock, site.system, last)
        found = holdings.of_subject(tx, ada)
    assert {each.id for each in found} == {each.id for each in site.findings() if each.record == last}
    assert len(found) == 2


def test_what_is_somebodys_by_now_is_mapped_after_the_scan_of_another_system_too(site: Site) -> None:
    site.scanned()
    ada, crm = linked(site), site.system
    with site.database.transaction(site.controller) as tx:
        new = NewSystem(name=SystemName(text="tickets"), address=Personal("fake://tickets"))
        site.system = systems.register(tx, site.vault, site.clock, new, abilities=site.source.abilities, by=BY)
    site.scanned()
    assert {each.place.system for each in on_map(site, ada).values()} == {crm.id}


def test_pages_of_all_systems_go_on_where_the_last_ended(site: Site) -> None:
    site.scanned()
    ada, pages, after = linked(site), 0, None
    while pages == 0 or after is not None:
        with site.database.transaction(site.controller) as tx:
            after = mapping.map_everywhere_next(tx, site.vault, site.clock, after=after, limit=1)
        pages += 1
    assert (len(on_map(site, ada)), pages) == (2, 3)


class Copies:
    """A CRM and a dump with the same row, both of Ada and on the map; nobody has said yet that one is a copy."""

    def __init__(self, site: Site) -> None:
        self.site, self.crm = site, site.system
        site.scanned()
        with site.database.transaction(site.controller) as tx:
            new = NewSystem(name=SystemName(text="dump"), address=Personal("fake://dump"))
            self.dump = systems.register(tx, site.vault, site.clock, new, abilities=site.source.abilities, by=BY)
        self.scan(self.dump)
        self.ada = linked(site)
        self.scan(self.dump)

    def scan(self, system: RegisteredSystem) -> None:
        self.site.system = system
        self.site.scanned()

    def say(self, copy: RegisteredSystem, *originals: RegisteredSystem) -> None:
        with self.site.database.transaction(self.site.controller) as tx:
            change = Change(copy_of=tuple(each.id for each in originals))
            systems.checked(tx, self.site.vault, self.site.clock, copy, change, abilities=copy.abilities, by=BY)

    def describe(self, system: RegisteredSystem) -> None:
        """As the worker does after it was said."""
        describing = Describing(database=self.site.database, vault=self.site.vault, clock=self.site.clock)
        describing.of_system(InlineSteps(), str(self.site.controller), str(system.id))

    def of(self, system: RegisteredSystem) -> dict[str, Holding]:
        with self.site.database.transaction(self.site.controller) as tx:
            return {each.category.value: each for each in holdings.of_subject(tx, self.ada) if each.place.system == system.id}

    def origins(self, system: RegisteredSystem) -> dict[str, tuple[HoldingId, ...]]:
        return {category: each.provenance.derived_from for category, each in self.of(system).items()}


@pytest.fixture
def copies(site: Site) -> Copies:
    return Copies(site)


def test_what_is_in_a_copy_came_from_the_same_in_its_original_once_that_is_said(copies: Copies) -> None:
    assert set(copies.origins(copies.dump).values()) == {()}
    copies.say(copies.dump, copies.crm)
    copies.describe(copies.dump)
    originals = copies.of(copies.crm)
    assert copies.origins(copies.dump) == {category: (each.id,) for category, each in originals.items()}
    assert len(originals) == 2
    assert set(copies.origins(copies.crm).values()) == {()}
    phone = originals["pd:TelephoneNumber"]
    site = copies.site
    with site.database.transaction(site.controller) as tx:
        provenance.fall(tx, site.clock, phone.id, FallReason.WRONG, by=BY)
        again = copies.of(copies.dump)["pd:TelephoneNumber"]
        taints = provenance.taints_of(tx, site.vault, [again])
    assert [(each.origin, each.reason) for each in taints[again.id]] == [(phone.id, FallReason.WRONG)]


@pytest.mark.parametrize("which", ["copy", "original"])
def test_a_scan_of_either_tells_it_and_again_changes_nothing(copies: Copies, which: str) -> None:
    copies.say(copies.dump, copies.crm)
    for _ in range(2):
        copies.scan(copies.dump if which == "copy" else copies.crm)
        assert [len(each) for each in copies.origins(copies.dump).values()] == [1, 1]


def test_two_that_are_said_to_be_copies_of_each_other_came_from_each_other_one_way_only(copies: Copies) -> None:
    copies.say(copies.dump, copies.crm, copies.dump)
    copies.describe(copies.dump)
    told = copies.origins(copies.dump)
    copies.say(copies.crm, copies.dump)
    copies.describe(copies.crm)
    assert (copies.origins(copies.dump), set(copies.origins(copies.crm).values())) == (told, {()})


def test_a_page_of_copies_at_a_time_all_are_told(copies: Copies) -> None:
    copies.say(copies.dump, copies.crm)
    pages, after = 0, None
    while pages == 0 or after is not None:
        with copies.site.database.transaction(copies.site.controller) as tx:
            after = mapping.tell_copies_next(tx, copies.site.clock, copies.crm.id, after=after, limit=1)
        pages += 1
    assert pages == 3
    assert all(copies.origins(copies.dump).values())


def test_where_it_lies_is_told_whatever_the_columns_are_called(
    database: Database, controller: ControllerId, vault: Vault, clock: FixedClock
) -> None:
    """Heads stand in the clear. What is none may be somebody's: it is sealed, and told to whoever may read the place."""
    heads = ("id", "Full Name", "Téléphone/portable", "zz top", "")
    cells = ("1", "Ada Planted", ADA_TEL, ADA_EMAIL, "card 4111 1111 1111 1111")
    site = site_of(database, controller, vault, clock, FakeSource({"customers": (heads, cells)}))
    site.scanned()
    ada = linked(site)
    with site.database.transaction(site.controller) as tx:
        mapping.map_next(tx, site.vault, site.clock, site.system)
        found = holdings.of_subject(tx, ada)
        clear = {each.place.field for each in found}
        opened = [each for each in holdings.places(tx, site.vault, found).values() if isinstance(each, Place)]
    assert clear == {"Full Name", "Téléphone/portable", None}
    assert {each.path for each in opened if each.field is None} == {Personal("zz top"), Personal("")}
