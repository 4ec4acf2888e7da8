"""The ledger, the access log and the system itself in the console, in a real browser."""

import httpx
from lxml import html
from playwright.sync_api import Browser, expect

from rightcall.actors import Role
from rightcall.console.ledger_words import ABOUT, SAID
from rightcall.controllers.actions import create
from rightcall.controllers.model import Controller, NewController
from rightcall.database.walk import Walk
from rightcall.ids import new_id
from rightcall.ledger import actions as ledger
from rightcall.ledger.checkpoint import key_of
from rightcall.ledger.proof import check_proof, parse_proof
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import PURPOSE, ring, signing
from tests.browser import NARROW, against
from tests.console.people import console_of
from tests.ledger.test_statements import statement_classes
from tests.standing import SetClock

TITLE = str(PURPOSE["title"])


def test_a_line_is_checked_in_the_page_and_by_anybody_and_uses_stand_in_the_log(
    chromium: Browser, house: RealHouse, company: Controller, set_clock: SetClock
) -> None:
    scene = ring(house, Clients(house, company))
    scene.choose("granted")
    scene.hear()
    scene.hang_up()
    take = scene.detail()["takes"][0]["id"]
    why = {"purpose": "training", "reason": "coaching of a new agent", "case": "coaching-2026-11"}
    assert scene.clients.dpo.get(f"/api/v1/takes/{take}/audio", params=why).status_code == 200
    with signing(house, set_clock), console_of(house, company) as console:
        secret = console.session_of(console.hire(Role.AUDITOR).id)
        page = console.page(chromium, secret, viewport=NARROW, color_scheme="dark")
        page.goto(f"{console.address}/console/uses")
        assert page.get_by_text("listened to", exact=True).count() >= 1
        assert against(page) == []
        subject = next(each["subject"] for each in scene.detail()["parties"] if each["id"] == scene.ada)
        with console.client(secret) as client:
            of_ada, of_nobody = ({"person": id, "for": TITLE, "act": "play", "by": "dpo"} for id in (subject, str(new_id())))
            found = client.get("/console/uses", params=of_ada | {"as": "json", "of": ""}).json()
            assert [(each["for"], each["call"]) for each in found] == [(TITLE, scene.call)]
            assert client.get("/console/uses", params=of_nobody | {"as": "json", "of": ""}).json() == []
            assert client.get("/console/uses", params={"person": "Ada"}).status_code == 400
            of_call, of_another = ({"call": id, "as": "json", "of": ""} for id in (scene.call, str(new_id())))
            assert [each["act"] for each in client.get("/console/uses", params=of_call | {"act": "play"}).json()] == ["play"]
            assert client.get("/console/uses", params=of_another).json() == [], "nobody listened to that one"
            assert f"/console/uses?call={scene.call}" in client.get(f"/console/calls/{scene.call}").text
            links = html.fromstring(client.get("/console/uses", params=of_ada).text).xpath("//tbody//a/@href")
            assert links == [f"/console/calls/{scene.call}", f"/console/people/{subject}"]
            assert why["reason"] in client.get("/console/uses", params=of_ada).text
            assert why["reason"] not in str(found), "words stay on the page"
        page.goto(f"{console.address}/console/ledger")
        page.get_by_text("Filter, order, take along").click()
        page.get_by_label("What was said").select_option(label="somebody answered")
        page.get_by_role("button", name="Show").click()
        assert against(page) == []
        with console.client(secret) as client:
            check_filters(client)
        chosen = page.locator("tbody a")
        expect(chosen).to_have_count(1)
        chosen.click()
        assert "Checked just now" in page.content()
        assert against(page) == []
        proof = page.request.get(page.url + "/proof").text()
        says = page.locator("pre").first.inner_text().encode()
        assert check_proof(parse_proof(proof), says, key_of(house.signer)).head.size > 0
        page.goto(f"{console.address}/console/system")
        assert "What the clock does" in page.content()
        assert against(page) == []


def check_filters(client: httpx.Client) -> None:
    """What a file has is what was asked for, and the sorts stand under what they are about."""
    page = html.fromstring(client.get("/console/ledger").text)
    assert {each.get("label") for each in page.xpath("//select[@name='kind']/optgroup")} >= set(ABOUT.values())
    assert page.xpath("//select[@name='kind']/optgroup[1]/option/text()")[0] == "a mark against a yes was set aside"

    def asked(**query: str) -> list[dict[str, object]]:
        found: list[dict[str, object]] = client.get("/console/ledger", params={"as": "json", "of": "", **query}).json()
        return found

    every = asked()
    roles = {each["by"] for each in every}
    assert len(roles) > 2, roles
    for role in filter(None, roles):
        assert asked(by=str(role)) == [each for each in every if each["by"] == role] != every
    days = sorted({str(each["when"])[:10] for each in every})
    assert asked(since=days[0], until=days[-1]) == every
    assert asked(until="2001-01-01") == asked(since="2999-01-01") == asked(by="nobody") == []
    assert "does not know “nobody”" in client.get("/console/ledger", params={"by": "nobody"}).text


def test_a_line_of_another_controller_is_not_there(house: RealHouse, company: Controller, set_clock: SetClock) -> None:
    new = NewController(name="Other", address="1 Street", contact="dpo@other.example", jurisdictions=("EU",))
    with house.database.system() as tx:
        other = create(tx, set_clock, new)
    with signing(house, set_clock), console_of(house, company) as console, console_of(house, other) as theirs:
        own = theirs.session_of(theirs.hire(Role.DPO).id)  # hiring is said in the ledger
        with house.database.transaction(other.id) as tx:
            line = ledger.page(tx, Walk(), limit=1)[0].statement
        with theirs.client(own) as there, console.client(console.session_of(console.hire(Role.DPO).id)) as here:
            assert there.get(f"/console/ledger/{line}").status_code != 404
            assert here.get(f"/console/ledger/{line}").status_code == 404
        assert httpx.get(f"{console.address}/console/ledger").status_code == 303


def test_each_line_is_said_in_words_of_people() -> None:
    """Whoever writes a new sort of line says what people call it."""
    assert {each.KIND for each in statement_classes()} - set(SAID) == set()
    assert {each.KIND.partition(".")[0] for each in statement_classes()} == set(ABOUT)
