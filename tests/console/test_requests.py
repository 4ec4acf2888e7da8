"""A DPO answers what people ask, in a real browser."""

import re
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect

from rightcall.actors import SYSTEM, Role
from rightcall.controllers.model import Controller
from rightcall.database.connection import Transaction
from rightcall.discovery.detection.model import Kind
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.model import LinkState, Tally
from rightcall.ids import SubjectId
from rightcall.requests import actions as requests
from rightcall.requests.model import Request, RequestKind
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.packaging import make_package
from tests.api.scene import Scene, done, ring, ring_again
from tests.browser import NARROW, against
from tests.cast import ADA_NAME, ADA_TEL
from tests.console.people import console_of
from tests.discovery.linking.scene import NAME, estate
from tests.requests.read_only import look, number_in_crm

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
        expect(page.get_by_text("This is to come")).to_be_visible()
        assert page.get_by_label("What they ask").input_value() == "rectification"
        page.get_by_label("When it came").fill("")
        page.get_by_label("Where they say that they live").fill("")
        page.get_by_label("What shows that it is them").select_option("recognised")
        page.get_by_role("button", name="Enter it").click()
        assert "For what is asked this is not enough" in page.locator(".note.bad").inner_text()
        expect(page.get_by_text("tell whoever it was that the person is known here"), "a stranger may be asking").to_be_visible()
        grounds = page.get_by_label("On which ground").locator("option")
        assert [each.get_attribute("value") for each in grounds.all()] == ["", "identity_in_doubt", "no_mandate"]
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
        expect(page.get_by_role("row", name="It was shown who asks")).to_be_visible()
        request = page.url.removeprefix(console.address)
        page.get_by_role("link", name="In their words").click()
        page.get_by_label("What is right instead").fill(SCRIPT)
        page.get_by_role("button", name="This is right").click()
        expect(page.get_by_text(SCRIPT)).to_be_visible()
        page.get_by_role("button", name="Take it back: it was entered by mistake").click()
        expect(page.get_by_text("taken back", exact=True)).to_be_visible()
        expect(page.get_by_text("It is right so:")).to_have_count(0)
        page.get_by_role("link", name="Back to the request").click()
        for each in ("Why", "On which ground"):
            assert page.get_by_label(each).input_value() == "", "nothing is chosen before somebody chose it"
        page.get_by_label("Why").select_option("complex")
        page.get_by_role("button", name="Extend").click()
        expect(page.get_by_role("row", name="extended")).to_be_visible()
        page.get_by_role("link", name="That it takes longer").click()
        assert page.locator(".card p").count() >= 1
        page.go_back()
        expect(page.get_by_text("tell whoever it was that the person is known here"), "they showed who they are").to_have_count(0)
        page.get_by_label("On which ground").select_option("public_interest")
        page.get_by_role("button", name="Deny").click()
        assert "denied, public interest" in page.locator(".note").first.inner_text()
        expect(page.get_by_role("button", name="Deny")).to_have_count(0)
        page.get_by_role("button", name="They appeal").click()
        page.get_by_role("button", name="Open it again").click()
        assert "Whoever denied a request does not decide the appeal" in page.locator(".note.bad").inner_text()
        second = console.page(chromium, console.session_of(console.hire(Role.SUPERVISOR).id), java_script_enabled=False)
        second.goto(console.address + request)
        second.get_by_role("button", name="Open it again").click()
        expect(second.get_by_role("row", name="Opened again")).to_be_visible()
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
        expect(looking.get_by_role("button", name="Fulfilled")).to_have_count(0)


def test_a_request_leads_to_the_records_that_it_waits_for_and_goes_on_without_them(
    chromium: Browser, house: RealHouse, company: Controller
) -> None:
    def deed(tx: Transaction) -> Request:
        crm = estate(tx, house.vault, house.clock)
        for told in (("customer_id", "C-1"), ("customer_id", "C-2")):
            crm.record(told, (NAME, ADA_NAME), (Kind.PHONE, ADA_TEL))
            linking.link_next(tx, house.vault, house.clock, Tally())
        crm.record((NAME, ADA_NAME), (Kind.PHONE, ADA_TEL))
        linking.link_next(tx, house.vault, house.clock, Tally())
        subject = linking.page_of_links(tx, state=LinkState.DOUBTFUL)[0].subject
        return requests.receive(tx, house.vault, house.clock, subject=subject, kind=RequestKind.ERASURE, by=SYSTEM)

    asked = house.database.run(company.id, deed)
    with console_of(house, company) as console:
        page = console.page(chromium, console.session_of(console.hire(Role.DPO).id))
        page.goto(f"{console.address}/console")
        page.get_by_role("link", name="of which nobody has said whose").first.click()
        assert page.url.endswith("/console/links")
        expect(page.locator("section.card")).to_have_count(2)
        page.goto(f"{console.address}/console/requests/{asked.id}")
        assert against(page) == []
        page.get_by_role("link", name="Look at them").click()
        expect(page.locator("section.card")).to_have_count(1)
        expect(page.get_by_role("link", name=str(asked.subject)[-8:])).to_be_visible()
        page.go_back()
        page.get_by_label("Why").first.select_option("cannot_be_told")
        page.get_by_role("button", name="Go on without them").click()
        expect(page.get_by_role("row", name="Gone on without the records")).to_be_visible()
        expect(page.get_by_text("1 record that may be theirs is no part of it")).to_be_visible()


def test_a_copy_is_handed_over_at_the_request_and_nothing_else_answers_it(
    chromium: Browser, house: RealHouse, company: Controller, scene: Scene, tmp_path: Path
) -> None:
    scene.hang_up()
    subject = next(each["subject"] for each in scene.detail()["parties"] if each["role"] == "customer")
    form = {"subject": subject, "kind": "access", "channel": "phone", "proof": "call_back"}
    asked = done(scene.clients.dpo.post("/api/v1/requests", json=form), 201)["id"]
    with console_of(house, company) as console:
        page = console.page(chromium, console.session_of(console.hire(Role.DPO).id), java_script_enabled=False)
        page.goto(f"{console.address}/console/requests/{asked}")
        expect(page.get_by_text("It waits to be begun")).to_be_visible()
        expect(page.get_by_role("button", name="Fulfilled")).to_have_count(0)
        make_package(house, company.id, asked, tmp_path)
        page.reload()
        page.get_by_role("button", name="Hand it over").click()
        link, code = (page.locator(".facts dd").nth(nth).inner_text() for nth in (0, 1))
        assert link.startswith(console.address)
        handed = scene.clients.stranger.post(link.removeprefix(console.address), data={"code": code})
        assert handed.status_code == 303
        page.get_by_role("link", name="Back to the request").click()
        expect(page.get_by_role("row", name="fulfilled")).to_be_visible()
        expect(page.get_by_text("They can open it until")).to_be_visible()
        page.get_by_role("button", name="Have it made anew").click()
        expect(page.get_by_text("it was let go")).to_be_visible()


def test_what_is_wrong_in_a_system_that_is_only_read_is_told_to_its_keepers(
    chromium: Browser, house: RealHouse, company: Controller, scene: Scene, tmp_path: Path
) -> None:
    subject = next(each["subject"] for each in scene.detail()["parties"] if each["role"] == "customer")
    with house.database.transaction(company.id) as tx:
        holding = number_in_crm(tx, house, SubjectId(UUID(subject)), tmp_path)
    dpo = scene.clients.dpo
    asked = done(dpo.post("/api/v1/requests", json={"subject": subject, "kind": "rectification"}), 201)["id"]
    form = {"holding": str(holding), "value": "+45 32 12 34 57"}
    made = done(dpo.post(f"/api/v1/requests/{asked}/corrections", json=form), 201)["id"]
    look(house, company.id, made)
    with console_of(house, company) as console:
        page = console.page(chromium, console.session_of(console.hire(Role.DPO).id), viewport=NARROW)
        page.goto(f"{console.address}/console/requests/{asked}/words")
        page.get_by_role("link", name="The letter to its keepers").click()
        assert "+45 32 12 34 57" in page.locator("body").inner_text()
        page.go_back()
        expect(page.get_by_role("button", name="I put it right there, and looked"), "nothing was said yet").to_have_count(0)
        page.get_by_role("button", name="I sent its keepers the letter").click()
        expect(page.get_by_text("told, no answer yet")).to_be_visible()
        page.get_by_role("button", name="They put it right: read it again").click()
        expect(page.get_by_text("The worker reads it there again")).to_be_visible()
        assert against(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        look(house, company.id, made)
        page.reload()
        page.get_by_role("button", name="I put it right there, and looked").click()
        expect(page.get_by_text("put right", exact=True)).to_be_visible()


def test_two_recordings_of_one_minute_are_told_apart_where_one_is_to_be_put_right(house: RealHouse, company: Controller) -> None:
    clients = Clients(house, company)
    scene = ring(house, clients)
    for each in (scene, ring_again(scene)):
        done(each.choose("granted"), 201)
        each.hear()
        each.hang_up()
    ada = next(each["subject"] for each in scene.detail()["parties"] if each["role"] == "customer")
    asked = done(clients.dpo.post("/api/v1/requests", json={"subject": ada, "kind": "rectification"}), 201)["id"]
    with console_of(house, company) as console, console.client(console.session_of(console.hire(Role.DPO).id)) as dpo:
        shown = dpo.get(f"/console/requests/{asked}/words").text
    offered = re.findall(r'<option value="[0-9a-f-]{36}"[^>]*>([^<]+)</option>', shown)
    assert (len(offered), len(set(offered))) == (2, 2), offered
