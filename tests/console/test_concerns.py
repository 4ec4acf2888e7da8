"""What somebody says is wrong, and what was set aside, in a real browser without scripts."""

from datetime import timedelta
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Page, expect

from rightcall.actors import Role
from rightcall.clock import SystemClock
from rightcall.controllers.model import Controller
from rightcall.staff.members.model import Member
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import PURPOSE, done
from tests.browser import NARROW, WIDE, against
from tests.console.people import Console, console_of
from tests.standing import SetClock

SAID, FOUND, WHY = "Callers hear that a no costs them their place.", "It does not, from today on.", "In Danish it still says so."
NAME, REASON = "Grace Hopper", "A regulator listens with us."


@pytest.fixture
def clients(house: RealHouse, company: Controller) -> Clients:
    return Clients(house, company)


def page_of(console: Console, chromium: Browser, role: Role) -> Page:
    return console.page(chromium, console.session_of(console.hire(role).id), java_script_enabled=False)


def raised_by(console: Console, chromium: Browser, agent: Member) -> str:
    """By name, at the console; the case code."""
    page = console.page(chromium, console.session_of(agent.id))
    page.goto(f"{console.address}/console/own-concerns/new")
    assert against(page) == []
    page.get_by_label("What it is about").select_option(label=str(PURPOSE["title"]))
    page.get_by_label("What is wrong").fill("?!")
    page.get_by_role("button", name="Raise it").click()
    assert "Say in words what it is" in page.locator(".note.bad").inner_text()
    page.get_by_label("What is wrong").fill(SAID)
    page.get_by_label("Seal who I am with it").check()
    page.get_by_label("Your name, as it would be shown").fill("Plantadine Lovelace")
    page.get_by_role("button", name="Raise it").click()
    return page.locator("code").inner_text()


def followed_by(console: Console, chromium: Browser, agent: Member, code: str) -> Page:
    """In another session than the one that it was raised in: the code alone leads back."""
    page = console.page(chromium, console.session_of(agent.id))
    page.goto(f"{console.address}/console/own-concerns")
    page.get_by_label("The case code").fill("0000")
    page.get_by_role("button", name="Show it").click()
    assert "There is no concern with this case code" in page.locator(".note.bad").inner_text()
    page.get_by_label("The case code").fill(code)
    page.get_by_role("button", name="Show it").click()
    assert against(page) == []
    return page


def looked_at(console: Console, chromium: Browser, *paths: str) -> None:
    """By an auditor, who changes nothing: each fits and reads well, narrow and wide."""
    page = console.page(chromium, console.session_of(console.hire(Role.AUDITOR).id), color_scheme="dark")
    for width, height in ((NARROW["width"], NARROW["height"]), (WIDE["width"], WIDE["height"])):
        page.set_viewport_size({"width": width, "height": height})
        for path in paths:
            page.goto(console.address + path)
            assert against(page) == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
            expect(page.locator("main form[method=post]"), path).to_have_count(0)


def test_a_concern_is_taken_answered_and_decided_by_somebody_else(
    chromium: Browser, house: RealHouse, company: Controller, clients: Clients, set_clock: SetClock
) -> None:
    done(clients.dpo.post("/api/v1/purposes", json=PURPOSE), 201)
    with console_of(house, company) as console:
        agent = console.hire(Role.AGENT)
        code = raised_by(console, chromium, agent)
        secret = console.session_of(console.hire(Role.DPO).id)
        page = console.page(chromium, secret, java_script_enabled=False)
        page.goto(f"{console.address}/console")
        page.get_by_role("link", name="1 concern that nobody has taken on").click()
        page.locator("main").get_by_role("link", name="purpose").click()
        assert SAID not in page.content()
        page.get_by_role("button", name="Take it", exact=True).click()
        place = page.url
        other = page_of(console, chromium, Role.DPO)
        other.goto(place)
        other.get_by_role("button", name="Take it over").click()
        expect(other.locator("#sure-wrong"), "what is another's is not taken over at one press").to_be_visible()
        other.get_by_label("They know of it").check()
        other.get_by_role("button", name="Take it over").click()
        expect(other.get_by_role("button", name="Take it over")).to_have_count(0)
        page.goto(place)
        page.get_by_label("They know of it").check()
        page.get_by_role("button", name="Take it over").click()
        page.get_by_role("link", name="Read what was said").click()
        expect(page.get_by_text(SAID)).to_be_visible()
        expect(page.get_by_role("row", name="read")).to_be_visible()
        offered = page.locator("main a", has_text="CSV").get_attribute("href") or ""
        with console.client(secret) as client:
            file = client.get(urljoin(page.url, offered))
        assert file.headers["content-type"].startswith("text/csv"), "what is offered as a file is one"
        page.get_by_role("link", name="Day", exact=True).click()
        expect(page.get_by_role("row", name="read"), "to order what happened is no reading").to_have_count(1)
        page.get_by_role("link", name="Read what was said").click()
        page.get_by_label("What was found").select_option("not_upheld")
        page.get_by_label("In words").fill(" ")
        page.get_by_role("button", name="Send the answer").click()
        assert page.locator("#words-wrong").inner_text() == "Fill this in."
        assert page.get_by_label("What was found").input_value() == "not_upheld", "what was chosen is kept"
        page.get_by_label("In words").fill(FOUND)
        page.get_by_role("button", name="Send the answer").click()
        assert "It waits for the raiser" in page.locator(".note").inner_text()
        concern = page.url.rpartition("/")[2]
        expect(page.get_by_role("button", name="Show who raised it")).to_have_count(0)
        assert "Plantadine" not in page.content()
        own = followed_by(console, chromium, agent, code)
        own.get_by_role("button", name="It may be shown").click()
        page.reload()
        page.get_by_label("Why you have to know").fill("To ask them which calls it was in.")
        page.get_by_label("Case").fill("concern")
        page.get_by_role("button", name="Show who raised it").click()
        assert "it has no digit in it" in page.locator("#case-wrong").inner_text()
        page.get_by_label("Case").fill("concern-2026-1")
        page.get_by_role("button", name="Show who raised it").click()
        expect(page.get_by_text("Plantadine Lovelace")).to_be_visible()
        own = followed_by(console, chromium, agent, code)
        expect(own.get_by_text("To ask them which calls")).to_be_visible()
        own.get_by_role("button", name="Take that back").click()
        own.get_by_label("What is still wrong").fill(WHY)
        own.get_by_role("button", name="Appeal").click()
        expect(own.get_by_text(WHY)).to_be_visible()
        set_clock.at = SystemClock().now() + timedelta(days=1)
        page = page_of(console, chromium, Role.REVIEWER)
        page.goto(f"{console.address}/console/purposes")
        page.get_by_role("link", name="1 open concern").click()
        page.locator("main").get_by_role("link", name="purpose").click()
        page.get_by_role("link", name="Read what was said").click()
        expect(page.get_by_text(WHY)).to_be_visible()
        page.get_by_label("What was found").select_option("upheld")
        page.get_by_label("In words").fill("It was so in Danish.")
        page.get_by_role("button", name="Decide").click()
        assert "upheld" in page.locator(".note").inner_text()
        looked_at(console, chromium, "/console/concerns", f"/console/concerns/{concern}", f"/console/concerns/{concern}/words")


def test_a_rule_is_set_aside_under_a_name_and_holds_again(
    chromium: Browser, house: RealHouse, company: Controller, clients: Clients
) -> None:
    done(clients.dpo.post("/api/v1/purposes", json=PURPOSE), 201)
    with console_of(house, company) as console:
        page = page_of(console, chromium, Role.DPO)
        page.goto(f"{console.address}/console/overrides")
        first = page.get_by_label("Which rule").locator("optgroup option").first
        rule, says = str(first.get_attribute("value")), first.text_content()
        for each in ("Which rule", "For which purpose", "For what sort of reason"):
            chosen = page.get_by_label(each)
            assert chosen.input_value() == "", "nothing is chosen before somebody chose it"
            assert chosen.evaluate("field => field.required")
        page.get_by_label("Why").fill(REASON)
        page.get_by_label("Who answers for it").fill(NAME)
        page.get_by_label("For how many days").fill("1")
        page.locator("form:has(#rule)").evaluate("form => form.noValidate = true")
        page.get_by_role("button", name="Set it aside").click()
        assert page.locator("#rule-wrong").inner_text() == "Choose one of the list."
        page.get_by_label("Which rule").select_option(rule)
        page.locator("form:has(#rule)").evaluate("form => form.noValidate = true")
        page.get_by_role("button", name="Set it aside").click()
        assert page.locator("#purpose-wrong").inner_text() == "Choose one of the list."
        page.get_by_label("For which purpose").select_option("training")
        page.get_by_label("For what sort of reason").select_option("inquiry")
        page.get_by_label("For how many days").fill("as long as it takes")
        page.get_by_role("button", name="Set it aside").click()
        assert "Nothing was done yet" in page.locator(".note.bad").inner_text()
        assert page.get_by_label("Why").input_value() == REASON
        assert page.get_by_label("For which purpose").input_value() == "training"
        page.get_by_label("For how many days").fill("1")
        page.get_by_role("button", name="Set it aside").click()
        assert "The rule does not hold until" in page.locator(".note").inner_text()
        expect(page.get_by_text(REASON)).to_be_visible()
        place = page.url.removeprefix(console.address)
        page.goto(f"{console.address}/console/overrides")
        page.get_by_label("Which rule").select_option(rule)
        page.get_by_label("For which purpose").select_option("training")
        page.get_by_label("For what sort of reason").select_option("inquiry")
        page.get_by_label("Why").fill(REASON)
        page.get_by_label("Who answers for it").fill(NAME)
        page.get_by_role("button", name="Set it aside").click()
        told = page.locator(".note.bad").inner_text()
        assert str(says) in told, "which rule, by its sentence"
        assert rule not in told
        page.goto(console.address + place)
        looked_at(console, chromium, "/console/overrides", place, f"/console/rules/{rule}", "/console/rules")
        page.get_by_role("button", name="End it").click()
        assert "The rule holds again" in page.locator(".note").inner_text()
        page.get_by_role("button", name="Forget").click()
        assert NAME not in page.content()
        page.get_by_role("link", name="Overrides").first.click()
        expect(page.get_by_role("link", name=says)).to_be_visible()
        assert NAME not in page.content()
