"""Keys of the desk: each does what stands on the screen, says what it did and to what, and says where it did nothing."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from rightcall.actors import Role
from rightcall.controllers.model import Controller
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import PURPOSE, Scene, ring
from tests.browser import against
from tests.cast import AGENT_SIP
from tests.console.people import Console, console_of
from tests.standing import SetClock

TITLE = str(PURPOSE["title"])
FOCUSED = "document.activeElement.closest('.card, .acts')?.className ?? document.activeElement.nodeName"

TWICE = "[...document.querySelectorAll('[id]')].map((each) => each.id).filter((id, nth, all) => all.indexOf(id) !== nth)"


@pytest.fixture
def scene(house: RealHouse, company: Controller) -> Scene:
    return ring(house, Clients(house, company))


@pytest.fixture
def console(house: RealHouse, company: Controller) -> Iterator[Console]:
    with console_of(house, company) as console:
        yield console


@pytest.fixture
def page(chromium: Browser, console: Console, scene: Scene) -> Iterator[Page]:
    seven = console.hire(Role.AGENT, "Agent Seven", address=AGENT_SIP.removeprefix("sip:"))
    page = console.page(chromium, console.session_of(seven.id))
    page.goto(f"{console.address}/desk/{scene.call}")
    yield page
    page.close()


def light(page: Page, words: str) -> None:
    expect(page.locator(".lights li", has_text="Caller").locator("[data-lamp]")).to_have_text(words)


def read_again(page: Page, clock: SetClock) -> None:
    """A yes that came too soon, and its question once more."""
    for _ in range(2):
        clock.at = clock.now() + timedelta(seconds=1)
        page.keyboard.press("r")
        expect(page.get_by_role("button", name="They said no")).to_be_visible()
        if not page.locator(".withdrawals li").count():
            page.keyboard.press("y")
            light(page, "Recorded")


def test_no_key_takes_back_an_older_yes_unseen(page: Page, scene: Scene, set_clock: SetClock) -> None:
    read_again(page, set_clock)
    page.keyboard.press("p")
    light(page, "Not recorded")
    for key in ("3", "n", "y"):
        page.keyboard.press(key)
        expect(page.locator("#wrong")).to_contain_text("Nobody is asked during a pause.")
    assert scene.detail()["standing"][0]["answer"] == "granted"
    page.keyboard.press("p")
    light(page, "Recorded")

    assert page.evaluate(TWICE) == [], "what has the focus is found again by its id"
    page.keyboard.press("n")
    expect(page.locator("#wrong")).to_contain_text(f"N 1: {TITLE}")
    assert scene.detail()["standing"][0]["answer"] == "granted", "it asks which, also where there is but one"
    expect(page.get_by_role("button", name="They said no, and take their yes back")).to_be_focused()
    page.keyboard.press("1")
    expect(page.locator("#wrong")).to_contain_text(f"They took this back: {TITLE}.")
    light(page, "Not recorded")
    assert against(page) == []


def test_what_a_key_did_is_heard_and_the_focus_stays(page: Page, set_clock: SetClock) -> None:
    page.get_by_role("button", name="I read this out now").focus()
    page.keyboard.press("Enter")
    said = page.locator("#said")
    expect(said).to_contain_text(f"{TITLE}: read out, waits for an answer. Y: They said yes. N: They said no.")
    expect(page.locator(".stands").first).not_to_contain_text("not asked")
    assert page.evaluate(FOCUSED) == "card", "and on no button: a second Enter would answer for them"
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="They said yes")).to_be_focused()
    set_clock.at = set_clock.now() + timedelta(seconds=1)
    page.keyboard.press("Enter")
    expect(said).to_contain_text("Ask once more")
    expect(said).to_contain_text("Caller: Recorded")
    page.get_by_role("button", name="Pause").focus()
    page.keyboard.press("Enter")
    expect(said).to_contain_text("Paused")
    assert page.evaluate(FOCUSED) == "acts"


def test_what_did_not_get_through_says_that_it_was_not_done(page: Page, scene: Scene) -> None:
    for place in ("**/pause*", "**/now*"):
        page.route(place, lambda route: route.abort())
    page.keyboard.press("p")
    light(page, "?")
    expect(page.locator("#wrong")).to_contain_text("This did not get through: Pause. Take it that it was not done")
    assert against(page) == []
    assert scene.detail()["state"] != "paused"
    for place in ("**/pause*", "**/now*"):
        page.unroute(place)
    light(page, "Not recorded")
    expect(page.locator("#wrong")).to_have_text("", timeout=15_000)
    page.keyboard.press("p")
    expect(page.get_by_text("The recorder keeps nothing.")).to_be_visible()
