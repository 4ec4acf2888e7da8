"""A call in the console, in a real browser: what was kept of it and what was not, and listening for a purpose."""

import pytest
from playwright.sync_api import Browser, expect

from rightcall.actors import Role
from rightcall.controllers.model import Controller
from rightcall.staff.sessions.actions import form_token
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import Scene, done, ring, ring_again
from tests.browser import NARROW, against
from tests.console.people import console_of


@pytest.fixture
def scene(house: RealHouse, company: Controller) -> Scene:
    return ring(house, Clients(house, company))


def test_a_call_is_listed_and_shows_what_was_kept_and_by_whose_word(
    chromium: Browser, house: RealHouse, company: Controller, scene: Scene
) -> None:
    scene.choose("granted")
    scene.hear()
    scene.hang_up()
    with console_of(house, company) as console:
        address = console.address
        secret = console.session_of(console.hire(Role.DPO).id)
        page = console.page(chromium, secret)
        page.goto(f"{address}/console")
        expect(page.get_by_text("purpose runs now")).to_be_visible()
        page.get_by_role("link", name="Calls").click()
        page.locator(f'a[href="/console/calls/{scene.call}"]').click()
        assert against(page) == []
        said = page.get_by_role("row", name="customer Improve how we train agents")
        assert "yes" in said.first.inner_text()
        expect(page.locator("svg.lanes rect.bar")).to_have_count(2)
        page.get_by_role("link", name="Listen").first.click()
        with console.client(console.session_of(console.hire(Role.AGENT).id)) as agent:
            told = agent.get(page.url).text
        assert ("lets your role listen" in told, 'name="reason"' in told) == (True, False), "no purpose lets an agent"
        page.get_by_label("Why").fill("curious")
        page.get_by_label("Case").fill("none")
        page.get_by_role("button", name="Go on").click()
        assert "there is no second word" in page.locator("#reason-wrong").inner_text()
        assert page.get_by_label("Case").input_value() == "none", "what was typed is kept"
        expect(page.locator("audio"), "a no is told before a player is shown").to_have_count(0)
        assert against(page) == []
        page.get_by_label("Why").fill("新人研修の確認")
        page.get_by_role("button", name="Go on").click()
        assert "it has no digit in it" in page.locator("#case-wrong").inner_text()
        expect(page.locator("#reason-wrong")).to_have_count(0)
        with console.client(secret) as client:
            form = {"form": form_token(secret), "purpose": scene.purpose, "reason": "coaching of a new agent"}
            refused = client.post(page.url, data=form)
            long = client.post(page.url, data=form | {"reason": "coaching a new agent " * 300, "case": "C-1"})
        assert (refused.status_code, long.status_code) == (403, 422)
        assert 'value="coaching of a new agent"' in refused.text, "a rule said no, and nothing that was typed is lost"
        assert "Nothing stood here." in refused.text
        assert "This is too long: at most" in long.text
        page.get_by_label("Case").fill("Beschwerde Müller 7")
        page.get_by_role("button", name="Go on").click()
        heard = page.request.get(address + str(page.locator("audio").get_attribute("src")), headers={"Range": "bytes=0-99"})
        assert (heard.status, heard.headers["content-type"], len(heard.body())) == (206, "audio/x-wav", 100)
        page.goto(f"{address}/console/calls/{scene.call}")
        rows = page.locator("#table-takes tbody tr")
        assert ["1 time" in each for each in rows.all_inner_texts()] == [True, False], "whoever asks is shown who listened"
        assert "never" in rows.nth(1).inner_text()
        scene.choose("withdrawn")
        page.reload()
        expect(page.get_by_role("link", name="Listen")).to_have_count(0)
        assert "nobody can open it any more" in rows.first.inner_text()


def test_where_nothing_was_kept_it_says_so(chromium: Browser, house: RealHouse, company: Controller, scene: Scene) -> None:
    scene.choose("refused")
    scene.hear()
    scene.hang_up()
    with console_of(house, company) as console:
        address, secret = console.address, console.session_of(console.hire(Role.AUDITOR).id)
        page = console.page(chromium, secret, viewport=NARROW, color_scheme="dark")
        for place in ("/console", "/console/calls", f"/console/calls/{scene.call}"):
            page.goto(address + place)
            assert against(page) == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), place
        assert "Nothing. What is drawn above was never kept anywhere." in page.content()
        expect(page.locator("svg.lanes rect.bar")).to_have_count(0)


def test_calls_are_found_by_what_was_said_and_kept_of_them_and_by_who_took_them(
    house: RealHouse, company: Controller, scene: Scene
) -> None:
    """Each of two calls is found by what is so of it, and never by what is not."""
    scene.choose("granted")
    scene.hear()
    scene.hang_up()
    other = ring_again(scene)
    other.choose("refused")
    about = {"about": {"kind": "call", "call": scene.call}, "words": "They were told that they had to."}
    raised = done(scene.clients.agent.post("/api/v1/concerns", json=about), 201)
    agent = next(each["subject"] for each in other.detail()["parties"] if each["role"] == "agent")
    with (
        console_of(house, company) as console,
        console.client(console.session_of(console.hire(Role.DPO).id)) as client,
        console.client(console.session_of(console.hire(Role.SUPERVISOR, "Ben Holm").id)) as others,
    ):

        def found(**asked: str) -> set[str]:
            answer = client.get("/console/calls", params=asked | {"as": "json"})
            assert answer.status_code == 200, answer.text
            return {each["id"] for each in answer.json()}

        both = {scene.call, other.call}
        assert found() == found(line="SBC") == found(agent=agent) == both
        assert found(yes="somebody") == found(sound="some") == found(wrong="still open") == {scene.call}
        assert found(no="somebody") == found(sound="nothing") == found(on="true") == {other.call}
        assert found(yes="somebody", sound="nothing") == found(agent=scene.ada) == found(back="somebody") == set()
        concern = f"/api/v1/concerns/{raised['concern']['id']}"
        done(scene.clients.dpo.post(f"{concern}/own"))
        done(scene.clients.dpo.post(f"{concern}/answer", json={"outcome": "upheld", "words": "It is put right."}))
        assert found(wrong="still open") == {scene.call}
        done(scene.clients.stranger.post("/api/v1/public/concerns/mine/accept", json={"code": raised["code"]}))
        assert found(wrong="still open") == set()
        assert "does not know “a maybe”" in client.get("/console/calls?yes=a+maybe").text
        assert "Said to be wrong" in client.get("/console/calls").text
        assert "Said to be wrong" not in others.get("/console/calls").text
