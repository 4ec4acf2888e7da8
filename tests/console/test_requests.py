"""A DPO answers what people ask, in a real browser."""

import pytest
from playwright.sync_api import Browser

from rightcall.actors import Role
from rightcall.controllers.model import Controller
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import Scene, ring
from tests.browser import NARROW, against
from tests.cast import ADA_TEL
from tests.console.people import console_of

SCRIPT = "<script>document.title='planted'</script>"


@pytest.fixture
def scene(house: RealHouse, company: Controller) -> Scene:
    scene = ring(house, Clients(house, company))
    scene.choose("granted")
    scene.hear()
    return scene


def test_a_request_is_entered_shown_to_be_theirs_put_right_extended_denied_and_appealed(
    chromium: Browser, house: RealHouse, company: Controller, scene: Scene
) -> None:
    subject = next(each["subject"] for each in scene.detail()["parties"] if each["role"] == "customer")
    with console_of(house, company) as console:
        page = console.page(chromium, console.session_of(console.hire(Role.DPO).id), java_script_enabled=False)
        page.goto(f"{console.address}/console/people/{subject}")
        page.get_by_role("link", name="They ask for something").click()
        asked = page.url.removeprefix(console.address)
        page.get_by_label("What they ask").select_option("rectification")
        page.get_by_label("When it came").fill("2099-01-01T10:00")
        page.get_by_label("Where they say that they live").fill("XX-<i>")
        page.get_by_role("button", name="Enter it").click()
        assert page.get_by_text("This is to come").is_visible()
        assert page.get_by_label("What they ask").input_value() == "rectification"
        page.get_by_label("When it came").fill("")
        page.get_by_label("Where they say that they live").fill("")
        page.get_by_label("What shows that it is them").select_option("recognised")
        page.get_by_role("button", name="Enter it").click()
        assert "For what is asked this is not enough" in page.locator(".note.bad").inner_text()
        page.get_by_label("The receipt of a choice").fill("{}")
        page.get_by_role("button", name="Check it").click()
        assert "no receipt of this controller" in page.locator(".note.bad").inner_text()
        page.get_by_label("The number or address on file").fill(ADA_TEL)
        page.get_by_role("button", name="Send a code to it").click()
        page.get_by_label("The code that they read to you").fill("0000 0000")
        page.get_by_role("button", name="That is what they read").click()
        assert "wrong, too old, used" in page.locator(".note.bad").inner_text()
        page.get_by_label("The number or address on file").fill(ADA_TEL)
        page.get_by_role("button", name="Send a code to it").click()
        page.get_by_label("The code that they read to you").fill(house.codes.digits())
        page.get_by_role("button", name="That is what they read").click()
        assert page.get_by_role("row", name="proved").is_visible()
        request = page.url.removeprefix(console.address)
        page.get_by_role("link", name="In their words").click()
        page.get_by_label("What is right instead").fill(SCRIPT)
        page.get_by_role("button", name="This is right").click()
        assert page.get_by_text(SCRIPT).is_visible()
        page.get_by_role("link", name="Back to the request").click()
        page.get_by_label("Why").select_option("complex")
        page.get_by_role("button", name="Extend").click()
        assert page.get_by_role("row", name="extended").is_visible()
        page.get_by_role("link", name="extension").click()
        assert page.locator(".card p").count() >= 1
        page.go_back()
        page.get_by_label("On which ground").select_option("public_interest")
        page.get_by_role("button", name="Deny").click()
        assert "denied, public interest" in page.locator(".note").first.inner_text()
        assert page.get_by_role("button", name="Deny").count() == 0
        page.get_by_role("button", name="They appeal").click()
        page.get_by_role("button", name="Open it again").click()
        assert "Whoever denied a request does not decide the appeal" in page.locator(".note.bad").inner_text()
        second = console.page(chromium, console.session_of(console.hire(Role.SUPERVISOR).id), java_script_enabled=False)
        second.goto(console.address + request)
        second.get_by_role("button", name="Open it again").click()
        assert second.get_by_role("row", name="reopened").is_visible()
        filling = console.page(chromium, console.session_of(console.hire(Role.DPO).id), viewport=NARROW)
        for place in (asked, request, f"{request}/words"):
            filling.goto(console.address + place)
            assert against(filling) == []
            assert filling.evaluate("document.documentElement.scrollWidth <= innerWidth"), place
        looking = console.page(chromium, console.session_of(console.hire(Role.AUDITOR).id), viewport=NARROW, color_scheme="dark")
        for place in ("/console/requests?every=true", request):
            looking.goto(console.address + place)
            assert against(looking) == []
            assert looking.evaluate("document.documentElement.scrollWidth <= innerWidth"), place
        assert looking.get_by_role("button", name="Fulfilled").count() == 0
