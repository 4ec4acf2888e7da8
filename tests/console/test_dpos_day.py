"""A DPO's day, without a script, each page narrow and wide, light and dark: what is entered by form, and what is said of a form
that is not taken."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from rightcall.actors import Role
from rightcall.clock import SystemClock
from rightcall.console.filled import Filled, Unread, an_id, day, instant, number, words
from rightcall.controllers.model import Controller
from rightcall.discovery.systems.ways import has_no_credentials, with_credentials
from rightcall.errors import Malformed
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import done
from tests.api.test_comparing import CARE, CUSTOMERS
from tests.browser import NARROW, WIDE, against
from tests.console.people import Console, console_of

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
        assert page.get_by_text("Name the system by a reference").is_visible()
        page.get_by_label("What you call it").fill("share")
        page.get_by_label("With which password or key").fill("a hushed word")
        page.get_by_role("button", name="Open it, and register it").click()
        assert page.get_by_text("The database cannot be reached").is_visible()
        assert "hushed" not in page.content()
        page.get_by_label("Where it is").fill(str(tmp_path / "share"))
        page.get_by_role("button", name="Open it, and register it").click()
        assert page.get_by_role("heading", name="share").is_visible()
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
        assert page.get_by_text("Nobody has said what anything in it is for").is_visible()
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
        assert page.get_by_role("button", name="Try its connection").count() == 0


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
        assert page.get_by_text("Give a moment that is past").is_visible()
        assert page.get_by_label("Somebody saw it").is_checked()
        page.get_by_label("It lay open from").fill(f"{now - timedelta(hours=3):%Y-%m-%dT%H:%M}")
        page.get_by_label("It is sealed under keys").focus()
        page.keyboard.press("Tab")
        pressed(page)
        assert page.get_by_text("Nothing is written yet").is_visible()
        page.get_by_label("It is sealed under keys").focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        pressed(page)
        assert page.get_by_role("heading", name="A breach in Rightcall itself").is_visible()
        page.get_by_role("link", name="More is known").click()
        page.get_by_label("Who may have it").select_option("nobody")
        looked_at(console, chromium, page)
        page.get_by_role("button", name="So it is").click()
        assert page.locator("dl.facts").get_by_text("nobody", exact=True).is_visible()


@pytest.mark.parametrize(
    ("reader", "text"),
    [(words, ""), (an_id, "x"), (day, "2026-02-30"), (instant, "yesterday"), (number(1, 5), "6"), (number(1, 5), "٣")],
)
def test_a_field_that_cannot_be_read_is_named(reader: object, text: str) -> None:
    with pytest.raises(Unread) as found:
        Filled({"it": [text]}).read("it", reader)  # type: ignore[arg-type]  # each reads another thing
    assert Filled({"it": [text]}).but(found.value).wrong("it") == str(found.value)


def test_credentials_are_put_into_an_address_and_never_shown_again() -> None:
    made = with_credentials("postgresql://host/crm", "reader@x", "p/w:@")
    assert made.reveal("look") == "postgresql://reader%40x:p%2Fw%3A%40@host/crm"
    for address in ("/srv/share", "postgresql://a:b@host/crm"):
        with pytest.raises(Malformed):
            with_credentials(address, "reader", "secret")
    assert [has_no_credentials(each) for each in ("/srv/x", "postgresql://a:b/c@d/e", "s3://b?key=x")] == [True, False, False]
