"""A supervisor's and an auditor's day, in a real browser: what each finds in the rooms that their role opens."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from rightcall.actors import Role
from rightcall.controllers.model import Controller
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import Scene, done, ring, signing
from tests.api.test_comparing import Estate
from tests.browser import NARROW, WIDE, against
from tests.console.people import Console, console_of
from tests.console.test_requests import SCRIPT
from tests.standing import SetClock

OWN = {"/console/me", "/console/own-concerns"}
"""Of each person's own: their account, and what they say is wrong."""


@pytest.fixture
def scene(house: RealHouse, company: Controller) -> Scene:
    scene = ring(house, Clients(house, company))
    scene.choose("granted")
    scene.hear()
    return scene


def rooms_of(page: Page) -> list[str]:
    return [str(each.get_attribute("href")) for each in page.locator("nav.rooms a").all()]


def first_rows(page: Page) -> list[str]:
    """Where the first line of each table of this page leads, in the console."""
    tables = page.locator("main table").all()
    places = [str(link.get_attribute("href")) for each in tables for link in each.locator("tbody a").all()[:1]]
    return [each for each in places if each.startswith("/console/")]


def read(console: Console, page: Page, place: str) -> None:
    answer = page.goto(console.address + place)
    assert answer is not None
    assert answer.ok, place
    assert against(page) == [], place
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), place
    # Whoever listens says why in a form, and whom they look for, so that no address tells it; that changes nothing.
    if urlsplit(place).path not in {*OWN, "/console/people"} and not place.startswith("/console/takes/"):
        expect(page.locator("main form[method=post]"), place).to_have_count(0)


def test_an_auditor_reads_every_room_changes_nothing_verifies_and_takes_away(
    chromium: Browser, house: RealHouse, company: Controller, scene: Scene, set_clock: SetClock, tmp_path: Path
) -> None:
    scene.hang_up()
    Estate(house, scene.clients, tmp_path)
    subject = next(each["subject"] for each in scene.detail()["parties"] if each["role"] == "customer")
    done(scene.clients.dpo.post("/api/v1/requests", json={"subject": subject, "kind": "access"}), 201)
    with signing(house, set_clock), console_of(house, company) as console:
        secret = console.session_of(console.hire(Role.AUDITOR).id)
        page = console.page(chromium, secret, viewport=NARROW, color_scheme="dark")
        page.goto(f"{console.address}/console")
        rooms = rooms_of(page)
        assert {"/console/staff", "/console/systems", "/console/breaches", "/console/holds", "/console/joins"} <= set(rooms)
        for size, places in ((NARROW, rooms), (WIDE, [f"/console/people/{subject}", f"/console/calls/{scene.call}"])):
            page.set_viewport_size({"width": size["width"], "height": size["height"]})
            for place in places:
                read(console, page, place)
                for further in first_rows(page)[:1]:
                    read(console, page, further)
        page.goto(f"{console.address}/console/ledger")
        page.locator("tbody a").first.click()
        assert "Checked just now" in page.content()
        taken = page.request.get(f"{console.address}/console/people/{subject}?as=csv&of=things")
        assert (taken.ok, "voice" in taken.text().lower()) == (True, True)


def test_a_supervisor_listens_with_a_reason_pauses_and_answers_what_is_said_to_be_wrong(
    chromium: Browser, house: RealHouse, company: Controller, scene: Scene
) -> None:
    with console_of(house, company) as console:
        page = console.page(chromium, console.session_of(console.hire(Role.SUPERVISOR).id), viewport=WIDE)
        page.goto(f"{console.address}/desk/{scene.call}")
        page.get_by_role("button", name="Pause").first.click()
        page.get_by_role("button", name="End the pause").first.wait_for()
        scene.hang_up()
        page.goto(f"{console.address}/console/calls")
        page.locator(f'a[href="/console/calls/{scene.call}"]').click()
        expect(page.get_by_role("link", name="Keep a stretch longer")).to_have_count(0)
        page.get_by_role("link", name="Listen").first.click()
        page.get_by_label("Why").fill("coaching of a new agent")
        page.get_by_label("Case").fill("coaching-2026-11")
        page.get_by_role("button", name="Go on").click()
        sound = console.address + str(page.locator("audio").get_attribute("src"))
        assert page.request.get(sound).headers["content-type"] == "audio/x-wav"
        assert re.search(r"It lasts [0-9]+ seconds?\.", page.locator("main").inner_text())
        for address in (page.url, sound):
            assert not any(word in address for word in ("coaching", "reason", "case", scene.purpose)), address
        with console.client(console.session_of(console.hire(Role.SUPERVISOR).id)) as other:
            assert other.get(sound).status_code == 403, "sealed to a session"
            assert other.get(sound.partition("?")[0]).status_code == 422
        page.goto(f"{console.address}/console/own-concerns/new")
        page.get_by_label("What is wrong").fill(SCRIPT)
        page.get_by_role("button", name="Raise it").click()
        code = page.locator("code").inner_text()
        page.get_by_role("link", name="Follow it").click()
        page.get_by_label("The case code").fill(code)
        page.get_by_role("button", name="Show it").click()
        expect(page.get_by_text(SCRIPT)).to_be_visible()
        for place in ("/console/concerns", "/console/parity", "/console/overrides", "/console/requests", "/console/holds"):
            assert place in rooms_of(page)
            page.goto(console.address + place)
            assert against(page) == [], place
        page.goto(f"{console.address}/console/overrides")
        expect(page.get_by_role("button", name="Set it aside")).to_have_count(0)
        assert page.title() != "planted"
