"""Signing up, in and out in a real browser: with a device as Chromium imagines one, and at a real provider without any script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from rightcall.actors import Role
from rightcall.controllers.model import Controller
from tests.adapters.identity.provider import Running, running
from tests.api.fakes import RealHouse
from tests.console.people import Console, console_of, device_of


@pytest.fixture(scope="module")
def provider() -> Iterator[Running]:
    with running() as provider:
        provider.knows("ada", email="ada@energy.example", email_verified=True)
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


def test_by_the_provider_without_a_script(console: Console, chromium: Browser) -> None:
    console.hire(Role.DPO, address="Ada@energy.example")
    page = console.page(chromium, java_script_enabled=False)
    page.goto(f"{console.address}/sign-in?then=/console/me")
    page.get_by_role("link", name="Go to your company's page").click()
    page.locator("input[name=sub]").fill("ada")
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url(f"{console.address}/console/me")
    expect(page.get_by_text("linked")).to_be_visible()
    expect(page.get_by_text("Ada Lind")).to_be_visible()
    page.context.close()


def test_whoever_nobody_entered_is_not_let_in(console: Console, page: Page) -> None:
    page.goto(f"{console.address}/sign-in")
    page.get_by_role("link", name="Go to your company's page").click()
    page.locator("input[name=sub]").fill("mallory")
    page.get_by_role("button", name="Authorize").click()
    expect(page.get_by_text("Nobody is let in here by this account")).to_be_visible()
    assert "__Host-rightcall" not in {each["name"] for each in page.context.cookies()}
