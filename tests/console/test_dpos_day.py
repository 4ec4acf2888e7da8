"""A DPO's day, without a script, each page narrow and wide, light and dark: what is entered by form, and what is said of a form
that is not taken."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from rightcall.actors import Actor, Role
from rightcall.breaches.rehearsing.procedure import Rehearsing
from rightcall.clock import SystemClock
from rightcall.console.filled import Filled, Unread, an_id, day, moment_in, number, typed, words
from rightcall.controllers.model import Controller
from rightcall.database.connection import Transaction
from rightcall.discovery.detection.model import Kind
from rightcall.discovery.joins import actions as proposals
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.model import Tally
from rightcall.discovery.systems.ways import has_no_credentials, with_credentials
from rightcall.errors import Malformed
from rightcall.ids import SubjectId, new_id
from rightcall.requests import actions as requests
from rightcall.requests.actions import Came
from rightcall.requests.model import ProofKind, RequestKind
from rightcall.worker import weighing
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import done
from tests.api.test_comparing import CARE, CUSTOMERS
from tests.browser import NARROW, WIDE, against
from tests.cast import ADA_NAME, ADA_TEL, BEN_TEL
from tests.console.people import Console, console_of
from tests.discovery.linking.scene import NAME, estate
from tests.procedures.fakes import InlineSteps

SCRIPT = "<script>document.title='planted'</script>"


@pytest.fixture
def clients(house: RealHouse, company: Controller) -> Clients:
    return Clients(house, company)


def dpo_of(console: Console, chromium: Browser) -> Page:
    return console.page(chromium, console.session_of(console.hire(Role.DPO).id), java_script_enabled=False)


def looked_at(console: Console, chromium: Browser, page: Page) -> None:
    """The same page, where scripts of the test may run in it: it fits and reads well, narrow and wide, light and dark."""
    with chromium.new_context(storage_state=page.context.storage_state()) as context:
        twin = context.new_page()
        for size, scheme in ((NARROW, "dark"), (WIDE, "light")):
            twin.set_viewport_size({"width": size["width"], "height": size["height"]})
            twin.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            twin.goto(page.url)
            assert against(twin) == [], page.url
            assert twin.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
            assert twin.title() != "planted"


def pressed(page: Page) -> None:
    """Enter, where the focus is; and the page that follows."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_dpo_registers_a_system_says_what_it_is_for_and_retires_it(
    chromium: Browser, house: RealHouse, company: Controller, clients: Clients, tmp_path: Path
) -> None:
    done(clients.dpo.post("/api/v1/purposes", json=CARE), 201)
    (tmp_path / "share").mkdir()
    (tmp_path / "share" / "customers.csv").write_text(CUSTOMERS)
    with console_of(house, company) as console:
        page = dpo_of(console, chromium)
        page.goto(f"{console.address}/console/systems")
        page.get_by_role("link", name="Register a system").click()
        looked_at(console, chromium, page)
        page.get_by_label("What you call it").fill(SCRIPT)
        page.get_by_label("Where it is").fill("postgresql://127.0.0.1:1/crm")
        page.get_by_label("As whom to sign in there").fill("reader")
        page.get_by_label("With which password or key").fill("a hushed word")
        page.get_by_role("button", name="Open it, and register it").click()
        assert page.get_by_label("What you call it").get_attribute("aria-invalid") == "true"
        assert page.get_by_label("What you call it").input_value() == SCRIPT
        expect(page.get_by_text("Name the system by a reference")).to_be_visible()
        page.get_by_label("What you call it").fill("share")
        page.get_by_label("With which password or key").fill("a hushed word")
        page.get_by_role("button", name="Open it, and register it").click()
        expect(page.get_by_text("The database cannot be reached")).to_be_visible()
        assert "hushed" not in page.content()
        page.get_by_label("Where it is").fill(str(tmp_path / "share"))
        page.get_by_role("button", name="Open it, and register it").click()
        expect(page.get_by_role("heading", name="share")).to_be_visible()
        assert str(tmp_path) not in page.content()
        page.get_by_role("button", name="Try its connection").click()
        page.get_by_role("link", name="Say what it is for").click()
        page.get_by_label("Since the date in this field").fill("date of birth")
        page.get_by_role("button", name="Add it").click()
        assert "counts from no day of birth" in page.locator(".note.bad").inner_text()
        page.get_by_label("Since the date in this field").fill("")
        page.get_by_label("In which tables or files").fill("customers.csv")
        page.get_by_role("button", name="Add it").click()
        looked_at(console, chromium, page)
        page.get_by_role("button", name="Take this line away").click()
        expect(page.get_by_text("Nobody has said what anything in it is for")).to_be_visible()
        page.get_by_role("link", name="share").click()
        page.get_by_role("link", name="Change how to get in").click()
        page.get_by_label("Countries of its telephone numbers").fill("Denmark")
        page.get_by_role("button", name="Open it, and keep this").click()
        assert "two letters of a country" in page.locator(".note.bad").inner_text()
        page.get_by_label("Countries of its telephone numbers").fill("dk")
        page.get_by_role("button", name="Open it, and keep this").click()
        page.get_by_text("Retire it", exact=True).click()
        looked_at(console, chromium, page)
        page.get_by_role("button", name="Retire share for good").click()
        expect(page.get_by_text("Nothing was retired"), "one press is not enough for what cannot be undone").to_be_visible()
        page.go_back()
        page.get_by_text("Retire it", exact=True).click()
        page.get_by_label("I am sure").check()
        page.get_by_role("button", name="Retire share for good").click()
        expect(page.get_by_role("button", name="Try its connection")).to_have_count(0)


def test_a_breach_is_weighed_entered_by_keyboard_alone_and_corrected(
    chromium: Browser, house: RealHouse, company: Controller
) -> None:
    now = SystemClock().now()
    with console_of(house, company) as console:
        page = dpo_of(console, chromium)
        page.goto(f"{console.address}/console/breaches")
        page.get_by_role("link", name="Enter a breach").focus()
        pressed(page)
        looked_at(console, chromium, page)
        page.get_by_label("It lay open from").fill(f"{now + timedelta(hours=3):%Y-%m-%dT%H:%M}")
        page.get_by_label("Somebody saw it").focus()
        page.keyboard.press("Space")
        pressed(page)
        expect(page.get_by_text("Give a moment that is past")).to_be_visible()
        assert page.get_by_label("Somebody saw it").is_checked()
        page.get_by_label("It lay open from").fill(f"{now - timedelta(hours=3):%Y-%m-%dT%H:%M}")
        page.get_by_label("It is sealed under keys").focus()
        page.keyboard.press("Tab")
        pressed(page)
        expect(page.get_by_text("No breach is entered yet")).to_be_visible()
        expect(page.get_by_text("It begins as soon as the worker can")).to_be_visible()
        [asked] = parse_qs(urlsplit(page.url).query)["rehearsal"]
        work = Rehearsing(database=house.database, vault=house.vault, clock=house.clock)
        assert work(InlineSteps(), str(company.id), asked)
        looked_at(console, chromium, page)
        page.reload()
        expect(page.get_by_text("How severe:")).to_be_visible()
        expect(page.get_by_text("by the data map as it was then")).to_be_visible()
        expect(page.get_by_label("It is sealed under keys")).to_be_visible()
        assert page.get_by_label("Somebody saw it").is_checked()
        page.get_by_label("It is sealed under keys").focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        pressed(page)
        expect(page.get_by_role("heading", name="A breach in Rightcall itself")).to_be_visible()
        expect(page.get_by_text("of them are left")).to_be_visible()
        page.get_by_role("link", name="More is known").click()
        page.get_by_label("Who may have it").select_option("nobody")
        looked_at(console, chromium, page)
        page.get_by_role("button", name="So it is").click()
        expect(page.locator("dl.facts").get_by_text("nobody", exact=True)).to_be_visible()


class Idle:
    """Begins nothing."""

    def start(self, name: str, id: str, *arguments: str) -> None:
        del name, id, arguments


def test_a_breach_of_which_the_authority_was_not_told_in_time_stands_first_in_what_waits(
    chromium: Browser, house: RealHouse, company: Controller, clients: Clients
) -> None:
    now = SystemClock().now()
    leaked = {"began_at": f"{now - timedelta(days=9):%Y-%m-%dT%H:%MZ}", "until": f"{now - timedelta(days=8):%Y-%m-%dT%H:%MZ}"}
    for known in (timedelta(hours=80), timedelta(hours=1)):
        form = leaked | {"known_at": f"{now - known:%Y-%m-%dT%H:%MZ}", "circumstances": {"nature": ["confidentiality"]}}
        done(clients.dpo.post("/api/v1/breaches", json=form), 201)
    with console_of(house, company) as console:
        page = dpo_of(console, chromium)
        page.goto(f"{console.address}/console")
        first, second = page.locator("section", has=page.locator("#waits")).locator("li").all()[:2]
        assert (
            first.inner_text() == "late 1 breach of which nobody has said that the authority was told, and its 72 hours are over"
        )
        assert "within 72 hours" in second.inner_text()
        page.goto(console.address + str(first.get_by_role("link").get_attribute("href")))
        expect(page.get_by_role("row")).to_have_count(2)
        expect(page.get_by_text("72 hours are over")).to_have_count(1)
        page.get_by_role("row").last.get_by_role("link").click()
        expect(page.get_by_text("the 72 hours run meanwhile")).to_have_count(0)
        weighing.keep(house, Idle())  # type: ignore[arg-type]  # a house of the tests has all that this uses
        page.goto(f"{console.address}/console/system")
        needed = page.locator(".note.bad").all_inner_texts()
        assert "whose 72 hours are over" in needed[0]
        assert "still to be told" in needed[1]
        other = console.page(chromium, console.session_of(console.hire(Role.AUDITOR).id), java_script_enabled=False)
        other.goto(f"{console.address}/console")
        expect(other.get_by_role("link", name="the authority was not told within 72 hours")).to_have_count(1)
        expect(other.locator("#waits"), "an auditor tells no authority").to_have_count(0)


def test_when_the_authority_was_told_is_written_down_afterwards_and_put_right(
    chromium: Browser, house: RealHouse, company: Controller, clients: Clients
) -> None:
    now = SystemClock().now()
    leaked = {"began_at": f"{now - timedelta(days=9):%Y-%m-%dT%H:%MZ}", "until": f"{now - timedelta(days=8):%Y-%m-%dT%H:%MZ}"}
    form = leaked | {"known_at": f"{now - timedelta(hours=80):%Y-%m-%dT%H:%MZ}", "circumstances": {"nature": ["integrity"]}}
    breach = done(clients.dpo.post("/api/v1/breaches", json=form), 201)["id"]
    with console_of(house, company) as console:
        page = dpo_of(console, chromium)
        page.goto(f"{console.address}/console/breaches/{breach}")
        expect(page.get_by_text("the 72 hours run meanwhile"), "they are over").to_have_count(0)
        page.get_by_role("button", name="close it").click()
        assert "being weighed" in page.locator(".note.bad").inner_text(), "what it waits for is said where it is closed"
        page.get_by_text("I have told them").first.click()
        page.get_by_role("button", name="So it was").first.click()
        assert "Say why" in page.locator(".note.bad").inner_text(), "later than 72 hours, and nobody says why"
        looked_at(console, chromium, page)
        page.get_by_label("When").first.fill(typed(now - timedelta(hours=81), company.zone))
        page.locator("form:has(#at-authority)").evaluate("form => form.noValidate = true")
        page.get_by_role("button", name="So it was").first.click()
        assert "after it was known" in page.locator(".note.bad").inner_text()
        page.get_by_label("When").first.fill(typed(now - timedelta(hours=30), company.zone))
        page.get_by_role("button", name="So it was").first.click()
        assert "told after 50 of them" in page.content() or "told after 49 of them" in page.content()
        page.get_by_text("Put right when they were told").click()
        page.get_by_label("When").first.fill(typed(now - timedelta(hours=2), company.zone))
        page.get_by_label("Why so late").select_option("looked_into")
        page.get_by_role("button", name="So it was").first.click()
        expect(page.get_by_text("late, since it had to be looked into first")).to_be_visible()
        shape = done(clients.dpo.get(f"/api/v1/breaches/{breach}"))
        assert (shape["late_because"], shape["people_told_at"]) == ("looked_into", None)


def test_two_who_may_be_one_are_told_apart_or_joined_and_that_is_undone(
    chromium: Browser, house: RealHouse, company: Controller
) -> None:
    def deed(tx: Transaction) -> None:
        crm = estate(tx, house.vault, house.clock)
        for customer, born in (("C-1", "1985-12-10"), ("C-2", "1985-12-10"), ("C-3", "1971-01-02"), ("C-4", "1971-01-02")):
            phone = BEN_TEL if born.startswith("1985") else ADA_TEL
            crm.record(("customer_id", customer), (NAME, ADA_NAME), (Kind.DATE_OF_BIRTH, born), (Kind.PHONE, phone))
        linking.link_next(tx, house.vault, house.clock, Tally())
        proposals.propose_next(tx, house.vault, house.clock)

    house.database.run(company.id, deed)
    with console_of(house, company) as console:
        page = dpo_of(console, chromium)
        page.goto(f"{console.address}/console")
        waits = page.locator("section", has=page.locator("#waits"))
        expect(waits.get_by_role("link", name="pairs of people who may be one")).to_have_count(1)
        page.goto(f"{console.address}/console/joins")
        looked_at(console, chromium, page)
        before = page.get_by_role("button", name="They are one person").count()
        assert before >= 2
        page.get_by_label("Why").first.select_option("entered_twice")
        page.get_by_role("button", name="They are one person").first.click()
        page.get_by_label("Why").last.select_option("same_name")
        page.get_by_role("button", name="They are two people").last.click()
        page.goto(f"{console.address}/console/joins?state=refused")
        expect(page.get_by_text("Only the name is the same")).to_be_visible()
        page.goto(f"{console.address}/console/joins?state=accepted")
        looked_at(console, chromium, page)
        halves = [str(each.get_attribute("href")) for each in page.locator("main section ul").first.get_by_role("link").all()]
        asker, other = halves
        asked = SubjectId(UUID(asker.rsplit("/", 1)[1]))
        objection, by, came = RequestKind.OBJECTION, Actor(id=new_id(), role=Role.DPO), Came(proof=ProofKind.VOUCHED)
        house.database.run(
            company.id,
            lambda tx: requests.receive(tx, house.vault, house.clock, subject=asked, kind=objection, by=by, came=came),
        )
        page.get_by_role("button", name="It was wrong: undo it").click()
        expect(page.get_by_text("joined, and undone")).to_be_visible()
        expect(page.get_by_text("who never asked")).to_be_visible()
        page.goto(console.address + other)
        looked_at(console, chromium, page)
        page.locator("#why-objected").select_option("other_asked")
        page.get_by_role("button", name="It is not their wish").click()
        expect(page.get_by_text("objected")).to_have_count(0)
        page.goto(console.address + asker)
        expect(page.get_by_text("objected to use on our interest")).to_be_visible()
        page.goto(f"{console.address}/console/joins?state=accepted")
        expect(page.get_by_text("who never asked")).to_have_count(0)
        one, other = (str(each.get_attribute("href")) for each in page.locator("main section ul").first.get_by_role("link").all())
        page.goto(console.address + one)
        page.get_by_text("Say that they are one person with another").click()
        page.get_by_label("The id of the other").fill(SCRIPT)
        page.locator("#reason").select_option("entered_twice")
        page.get_by_role("button", name="They are one person").click()
        assert "This is no id of somebody" in page.locator(".note.bad").inner_text()
        page.goto(console.address + one)
        page.get_by_text("Say that they are one person with another").click()
        page.get_by_label("The id of the other").fill(other.rpartition("/")[2])
        page.locator("#reason").select_option("entered_twice")
        page.get_by_role("button", name="They are one person").click()
        expect(page.get_by_text("2 subjects are one person")).to_be_visible()
        looked_at(console, chromium, page)
        assert BEN_TEL not in page.content()


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (words, ""),
        (an_id, "x"),
        (day, "2026-02-30"),
        (moment_in("Europe/Copenhagen"), "yesterday"),
        (number(1, 5), "6"),
        (number(1, 5), "٣"),
    ],
)
def test_a_field_that_cannot_be_read_is_named(reader: object, text: str) -> None:
    with pytest.raises(Unread) as found:
        Filled({"it": [text]}).read("it", reader)  # type: ignore[arg-type]  # each reads another thing
    assert Filled({"it": [text]}).but(found.value).wrong("it") == str(found.value)


def test_a_moment_is_read_where_pages_tell_it() -> None:
    read = moment_in("Europe/Copenhagen")("2026-07-01T14:30")
    assert (read, typed(read, "Europe/Copenhagen")) == (datetime(2026, 7, 1, 12, 30, tzinfo=UTC), "2026-07-01T14:30")


def test_credentials_are_put_into_an_address_and_never_shown_again() -> None:
    made = with_credentials("postgresql://host/crm", "reader@x", "p/w:@")
    assert made.reveal("look") == "postgresql://reader%40x:p%2Fw%3A%40@host/crm"
    for address in ("/srv/share", "postgresql://a:b@host/crm"):
        with pytest.raises(Malformed):
            with_credentials(address, "reader", "secret")
    assert [has_no_credentials(each) for each in ("/srv/x", "postgresql://a:b/c@d/e", "s3://b?key=x")] == [True, False, False]
