"""Signing up, in and out in a real browser: with a device as Chromium imagines one, and at a real provider without any script."""

from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from rightcall.actors import Role
from rightcall.controllers.actions import create
from rightcall.controllers.model import Controller, NewController
from rightcall.design.tongues import NAMES, Tongue
from tests.adapters.identity.provider import Running, running
from tests.api.fakes import RealHouse
from tests.browser import NARROW, WIDE, against
from tests.console.people import Console, console_of, device_of


@pytest.fixture(scope="module")
def provider() -> Iterator[Running]:
    with running() as provider:
        yield provider


@pytest.fixture
def console(house: RealHouse, company: Controller, provider: Running) -> Iterator[Console]:
    with console_of(house, company, provider) as console:
        yield console


@pytest.fixture
def page(console: Console, chromium: Browser) -> Iterator[Page]:
    page = console.page(chromium)
    yield page
    page.context.close()


def test_by_passkey_from_the_first_link_to_signing_out(console: Console, page: Page) -> None:
    link = console.link_for(console.hire(Role.ADMINISTRATOR).id)
    device_of(page)
    page.goto(link)
    expect(page.get_by_text("Ada Lind")).to_be_visible()
    page.get_by_label("What you call this device").fill("My laptop")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url(f"{console.address}/console")
    page.goto(f"{console.address}/console/me")
    expect(page.get_by_role("cell", name="My laptop", exact=True)).to_be_visible()
    [cookie] = [each for each in page.context.cookies() if each["name"] == "__Host-rightcall"]
    assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"], cookie["path"]) == (True, True, "Strict", "/")
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url(f"{console.address}/sign-in")
    page.goto(f"{console.address}/console/staff")
    page.wait_for_url(f"{console.address}/sign-in?then=/console/staff")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{console.address}/console/staff")
    [after] = [each["value"] for each in page.context.cookies() if each["name"] == "__Host-rightcall"]
    assert after != cookie["value"]
    page.goto(link)
    expect(page.get_by_text("used up")).to_be_visible()


def test_a_device_that_does_not_know_its_user_gets_nobody_in(console: Console, page: Page) -> None:
    device_of(page, knows_its_user=False)
    page.goto(console.link_for(console.hire(Role.AGENT).id))
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("status")).to_have_text("Your device or browser did not do it. Try again, or use another.")


def test_a_passkey_is_added_and_removed_and_the_last_one_stays(console: Console, page: Page) -> None:
    device_of(page)
    page.goto(console.link_for(console.hire(Role.DPO).id))
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url(f"{console.address}/console")
    page.goto(f"{console.address}/console/me")
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("your only way to sign in")).to_be_visible()


def known_at(provider: Running) -> tuple[str, str]:
    """Somebody new: the name of their account, and the address that the provider verified."""
    subject = uuid4().hex
    provider.knows(subject, email=f"{subject}@energy.example", email_verified=True)
    return subject, f"{subject}@energy.example"


def come_from(provider_page: Page, subject: str) -> None:
    provider_page.get_by_role("link", name="Go to your company's page").click()
    provider_page.locator("input[name=sub]").fill(subject)
    provider_page.get_by_role("button", name="Authorize").click()


def test_by_the_provider_without_a_script(console: Console, chromium: Browser, provider: Running) -> None:
    subject, address = known_at(provider)
    console.hire(Role.DPO, address=address.upper())
    page = console.page(chromium, java_script_enabled=False)
    page.goto(f"{console.address}/sign-in?then=/console/me")
    backs: list[str] = []
    page.on("request", lambda request: backs.append(request.url) if "/openid/back" in request.url else None)
    come_from(page, subject)
    page.wait_for_url(f"{console.address}/console/me")
    expect(page.get_by_text("linked")).to_be_visible()
    expect(page.get_by_text("Ada Lind")).to_be_visible()
    again = page.context.request.get(backs[0])
    assert (again.status, "answered already" in again.text()) == (401, True)
    page.context.close()


def test_signing_in_anew_by_the_provider_ends_the_session_before(console: Console, chromium: Browser, provider: Running) -> None:
    subject, address = known_at(provider)
    member = console.hire(Role.DPO, address=address)
    before = console.session_of(member.id)
    page = console.page(chromium, before, java_script_enabled=False)
    page.goto(f"{console.address}/sign-in?then=/console/me")
    come_from(page, subject)
    page.wait_for_url(f"{console.address}/console/me")
    with console.client(before) as client:
        assert client.get("/console/me").headers["location"].startswith("/sign-in")
    page.context.close()


def test_signing_out_leads_on_to_the_provider(console: Console, chromium: Browser, provider: Running) -> None:
    subject, address = known_at(provider)
    console.hire(Role.DPO, address=address)
    page = console.page(chromium, java_script_enabled=False)
    page.goto(f"{console.address}/sign-in?then=/console/me")
    come_from(page, subject)
    page.wait_for_url(f"{console.address}/console/me")
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_text("You are signed out here.")).to_be_visible()
    page.get_by_role("link", name="Sign out there too").click()
    assert page.url.startswith(provider.issuer), "the provider asks, and sends back"
    page.get_by_role("button").first.click()
    page.wait_for_url(f"{console.address}/sign-in*")
    page.context.close()


def test_an_answer_of_the_provider_counts_in_the_browser_that_asked_alone(
    console: Console, chromium: Browser, page: Page, provider: Running
) -> None:
    subject, address = known_at(provider)
    console.hire(Role.AGENT, address=address)
    with console.client() as client:
        state = provider.back_from(client.get("/sign-in/openid").headers["location"], subject)
    answer = page.goto(f"{console.address}/sign-in/openid/back?state={state['state']}&code={state['code']}")
    assert answer is not None
    assert (answer.status, "in another browser" in page.content()) == (401, True)


def test_whoever_works_for_two_companies_says_which_by_passkey(console: Console, page: Page, provider: Running) -> None:
    subject, address = known_at(provider)
    console.hire(Role.AGENT, address=address)
    new = NewController(name="Other", address="1 Street", contact="dpo@other.example", jurisdictions=("EU",))
    with console.house.database.system() as tx:
        other = create(tx, console.house.clock, new)
    replace(console, company=other).hire(Role.AGENT, address=address)
    page.goto(f"{console.address}/sign-in")
    come_from(page, subject)
    expect(page.get_by_text("several companies")).to_be_visible()


def test_whoever_nobody_entered_is_not_let_in(console: Console, page: Page, provider: Running) -> None:
    page.goto(f"{console.address}/sign-in")
    come_from(page, known_at(provider)[0])
    expect(page.get_by_text("Nobody is let in here by this account")).to_be_visible()
    assert "__Host-rightcall" not in {each["name"] for each in page.context.cookies()}


def test_an_answer_of_a_device_counts_once(console: Console, page: Page) -> None:
    device_of(page)
    page.goto(console.link_for(console.hire(Role.AGENT).id))
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url(f"{console.address}/desk")
    page.goto(f"{console.address}/sign-in")
    sent: list[str] = []
    page.on("request", lambda each: sent.append(each.post_data or "") if each.url.endswith("/sign-in/passkey") else None)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{console.address}/console")
    headers = {"origin": console.address, "content-type": "application/x-www-form-urlencoded"}
    again = page.context.request.post(f"{console.address}/sign-in/passkey", data=sent[0], headers=headers)
    assert (again.status, "answered already" in again.text()) == (401, True)


@pytest.mark.parametrize(("scheme", "view"), [("light", WIDE), ("dark", NARROW)])
def test_pages_can_be_read_by_everybody(console: Console, chromium: Browser, scheme: str, view: dict[str, int]) -> None:
    administrator = console.hire(Role.ADMINISTRATOR)
    link = console.link_for(console.hire(Role.DPO, "Ben Holm").id)
    page = console.page(chromium, console.session_of(administrator.id), viewport=view, color_scheme=scheme)
    for place in ("/sign-in", link.removeprefix(console.address), "/console", "/console/me", "/console/staff"):
        page.goto(console.address + place)
        assert against(page) == [], place
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), place
    page.get_by_text("Take somebody in", exact=True).click()
    page.get_by_label("What colleagues call them").fill("Carla Dahl")
    page.get_by_role("button", name="Take in, and make a link").click()
    expect(page.get_by_text(f"{console.address}/sign-up/")).to_be_visible()
    assert against(page) == []
    page.context.close()


@pytest.mark.parametrize("code", sorted(NAMES))
def test_the_way_in_and_the_desk_are_in_the_readers_language(house: RealHouse, company: Controller, code: str) -> None:
    with console_of(house, company) as console:
        agent = console.hire(Role.AGENT)
        words = Tongue(code).words.gettext
        with console.client(console.session_of(agent.id)) as client:
            client.headers["accept-language"] = code
            for place, said in (
                ("/sign-in", "For people who work here."),
                (console.link_for(agent.id), "Add a passkey, and you are in."),
                ("/desk?pick=true", "No call is on."),
            ):
                page = unescape(client.get(place).text)
                assert f'<html lang="{code}">' in page, place
                assert words(said) in page, place
            assert '<html lang="en">' in client.get("/console").text
