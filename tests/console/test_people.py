"""A DPO's way through what is held: a person from a number to each thing, its origin and its uses; and the data map."""

import csv
import io
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from rightcall.actors import Role
from rightcall.clock import day_of
from rightcall.controllers.model import Controller
from rightcall.discovery.systems import actions as systems
from rightcall.holdings.map import actions as data_map
from rightcall.ids import ObjectId, new_id
from rightcall.safety import store as weaknesses
from rightcall.safety.model import Observed, Spot, WeaknessKind
from rightcall.staff.sessions.actions import form_token
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import PURPOSE, done, ring, ring_again
from tests.api.test_comparing import Estate
from tests.browser import NARROW, against
from tests.cast import ADA_EMAIL, ADA_NAME, ADA_TEL
from tests.console.people import console_of


@pytest.fixture
def clients(house: RealHouse, company: Controller) -> Clients:
    return Clients(house, company)


def looked_at(page: Page) -> None:
    """Nobody is kept from it, on a wide screen and on a narrow one."""
    wide = page.viewport_size
    assert against(page) == []
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]  # playwright's own type for it
    assert against(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    assert wide is not None
    page.set_viewport_size(wide)


def look_up(page: Page, kind: str, value: str) -> None:
    page.get_by_label("What you know").select_option(label=kind)
    page.get_by_label("The number, address or customer number").fill(value)
    page.get_by_role("button", name="Look up").click()


def say_why(page: Page, button: str) -> None:
    page.get_by_label("For which purpose").select_option(label="Improve how we train agents")
    page.get_by_role("textbox", name="Why").fill("answers their own request")
    page.get_by_label("Case").fill("request-2026-11")
    page.get_by_role("button", name=button).click()


def test_a_dpo_finds_a_person_and_sees_all_that_is_held(
    chromium: Browser, house: RealHouse, company: Controller, clients: Clients
) -> None:
    scene = ring(house, clients)
    scene.choose("granted")
    scene.hear()
    scene.hang_up()
    with console_of(house, company) as console:
        dpo = console.session_of(console.hire(Role.DPO).id)
        page = console.page(chromium, dpo)
        page.goto(f"{console.address}/console/people")
        looked_at(page)
        look_up(page, "Telephone number", "+4520999999")
        expect(page.get_by_text("Nobody is known by this")).to_be_visible()
        look_up(page, "Telephone number", ADA_TEL)
        person = page.url
        assert ADA_TEL.removeprefix("+") not in person
        expect(page.get_by_role("row", name="Improve how we train agents yes")).to_be_visible()
        expect(page.get_by_text("can be opened for its purpose")).to_be_visible()
        assert ADA_NAME not in page.content()
        looked_at(page)
        page.get_by_role("link", name="Who this is").click()
        assert ADA_NAME not in page.content()
        looked_at(page)
        page.get_by_role("button", name="Show who this is").click()
        expect(page.get_by_text("Nothing was opened."), "without a reason it is not shown").to_be_visible()
        page.goto(f"{person}/who")
        say_why(page, "Show who this is")
        expect(page.get_by_text(ADA_NAME)).to_be_visible()
        expect(page.get_by_text(ADA_TEL, exact=True)).to_be_visible()
        with console.client(dpo) as client:
            file = client.get(f"{person}?as=csv&of=things").text
        assert "Rightcall,here,Improve how we train agents,pd:VoiceCommunicationRecording," in file
        assert ADA_NAME not in file
        page.goto(f"{person}/origins")
        assert page.evaluate("document.querySelector('.across img').naturalWidth") > 100
        looked_at(page)
        page.goto(f"{person}/timeline")
        told = page.get_by_role("table").inner_text()
        assert all(word in told for word in ("Their answer: yes", "In a call, as customer", "refused", "read: name"))
        looked_at(page)
        ring_again(scene).choose("refused")
        page.goto(person)
        row = page.get_by_role("row", name="Improve how we train agents no by a yes of")
        assert "something is kept until" in row.inner_text(), "the latest answer counts, and the older yes is told beside it"


def lies_again(house: RealHouse, company: Controller) -> None:
    """All that was found is seen to lie in crm once more."""
    with house.database.transaction(company.id) as tx:
        crm, at = systems.get(tx, "crm").id, house.clock.now()
        rows = tx.connection.execute("SELECT DISTINCT object FROM findings").fetchall()
        spots = tuple(Spot(object=row["object"], findings=3, again=ObjectId(new_id()), again_in=crm) for row in rows)
        seen = Observed(kind=WeaknessKind.UNREGISTERED_COPIES, objects=len(spots), evidence="Seen.", spots=spots)
        weaknesses.see(tx, crm, seen, at, day_of(at))


def test_the_map_leads_from_each_figure_to_what_it_counts(
    chromium: Browser,
    house: RealHouse,
    company: Controller,
    clients: Clients,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Estate(house, clients, tmp_path)
    with console_of(house, company) as console:
        dpo = console.session_of(console.hire(Role.DPO).id)
        page = console.page(chromium, dpo)
        page.goto(f"{console.address}/console/map")
        looked_at(page)
        with console.client(dpo) as browser:
            grid = list(csv.DictReader(io.StringIO(browser.get("/console/map?as=csv&of=grid&grid.find=telephone").text)))
        assert [(each["Category"], each["crm"], each["Sensitivity"]) for each in grid] == [("telephone number", "1", "ordinary")]
        page.get_by_role("table", name="How many things there are now").get_by_role("link", name="1").first.click()
        looked_at(page)
        category = parse_qs(urlsplit(page.url).query)["category"][0]
        with console.client(dpo) as browser:
            assert browser.get("/console/map/things", params={"system": str(uuid4()), "category": category}).status_code == 404
        page.locator("tbody").get_by_role("link").first.click()
        expect(page.get_by_text("In quarantine")).to_have_count(0)
        expect(page.get_by_role("row", name="email address").first).to_be_visible()
        page.locator("#table-things summary").click()
        page.locator("#table-things").get_by_label("What").select_option(label="name")
        page.locator("#table-things").get_by_role("button", name="Show").click()
        expect(page.get_by_text("1 to 1 of 1", exact=True)).to_be_visible()
        looked_at(page)
        person = page.url
        page.get_by_role("link", name="Where it lies").click()
        assert "crm.csv" not in page.content()
        page.get_by_label("For which purpose").select_option(index=0)
        page.get_by_label("Why").fill("answers their own request")
        page.get_by_label("Case").fill("request-2026-11")
        page.get_by_role("button", name="Show where it lies").click()
        expect(page.get_by_text("crm.csv").first).to_be_visible()
        looked_at(page)
        assert ADA_EMAIL not in page.content()
        lies_again(house, company)
        page.goto(person)
        expect(page.get_by_text("in crm too, which nobody registered as a copy").first).to_be_visible()
        assert page.get_by_role("cell", name="looked at once").count() > 0
        told = page.locator("tbody th", has_text="a file whose name may tell of somebody").first.inner_text()
        assert "field full_name, characters 0 to" in told
        with console.client(dpo) as client:
            file = client.get("/console/map?as=csv&system=crm").text
        assert file.startswith("Category,System")
        assert ",pd:Name" in file
        assert "tickets" not in file
        monkeypatch.setattr(data_map, "AT_ONCE", 0)
        page.goto(f"{console.address}/console/map")
        expect(page.get_by_text("is about is not counted yet")).to_be_visible()
        expect(page.get_by_role("cell", name="not counted yet").first).to_be_visible()
        looked_at(page)
        with house.database.transaction(company.id) as tx:
            data_map.count_people(tx, house.clock)
        page.reload()
        expect(page.get_by_text("all else is of now")).to_be_visible()
        expect(page.get_by_text("not counted yet")).to_have_count(0)
        looked_at(page)


def test_an_agent_learns_who_calls_and_nothing_of_what_is_held(house: RealHouse, company: Controller, clients: Clients) -> None:
    ring(house, clients)
    with console_of(house, company) as console:
        secret = console.session_of(console.hire(Role.AGENT).id)
        asked = {"form": form_token(secret), "kind": "tel", "value": ADA_TEL}
        with console.client(secret) as client:
            answer = client.post("/console/people", data=asked)
            wrong = client.post("/console/people", data=asked | {"value": "no number"})
            here = client.post("/console/people", data=asked | {"value": "20 12 34 56"})
    assert (answer.status_code, "Who this is" in answer.text, "All that is held" in answer.text) == (200, True, False)
    assert 'id="region-wrong"' in here.text
    assert 'value="20 12 34 56"' in here.text
    assert (wrong.status_code, 'value="no number"' in wrong.text) == (422, True)


def test_an_auditor_finds_a_person_reads_who_it_is_for_a_purpose_in_the_log_and_is_told_what_is_not_theirs(
    house: RealHouse, company: Controller, clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the purpose names auditors; where it does not, the verdict is no for them as for anybody."""
    monkeypatch.setitem(PURPOSE, "may_use", ["dpo", "auditor"])
    scene = ring(house, clients)
    scene.choose("granted")
    with console_of(house, company) as console:
        secret = console.session_of(console.hire(Role.AUDITOR).id)
        form = {"form": form_token(secret)}
        with console.client(secret) as client:
            person = client.post("/console/people", data=form | {"kind": "tel", "value": ADA_TEL}).headers["location"]
            [purpose] = re.findall(r'<option value="([0-9a-f-]{36})"', client.get(f"{person}/who").text)
            refused = client.post(f"{person}/who", data=form | {"purpose": purpose})
            asked = form | {"purpose": purpose, "reason": "looking at what was kept of one call", "case": "AUDIT-2026-7"}
            shown = client.post(f"{person}/who", data=asked)
            said = {"reason": "looking at what was kept of one call", "case": "call"}
            for place in ("who", "where"):
                mend = client.post(f"{person}/{place}", data=form | {"purpose": purpose} | said)
                assert (mend.status_code, f'value="{said["reason"]}"' in mend.text) == (422, True), place
                assert "This is not taken for a case: it has no digit in it" in mend.text, place
                lost = client.post(f"{person}/{place}", data=form | {"purpose": str(uuid4())} | said | {"case": "C-12"})
                assert lost.status_code == 404, place
            log = client.get("/console/uses?as=json&of=").json()
            words = client.get(f"/console/requests/{uuid4()}/words")
    assert (refused.status_code, ADA_NAME in refused.text) == (403, False), "a verdict is asked"
    assert (shown.status_code, ADA_NAME in shown.text) == (200, True)
    assert any("auditor" in each.values() for each in log), log
    assert (words.status_code, "no purpose covers that others read it" in words.text) == (403, True)


def test_a_recording_without_sound_is_told_as_that_and_counted_by_itself(
    house: RealHouse, company: Controller, clients: Clients
) -> None:
    """As at the person's own page, which does not show it."""
    scene = ring(house, clients)
    scene.choose("granted")
    scene.hang_up()
    ada = next(each["subject"] for each in scene.detail()["parties"] if each["role"] == "customer")
    [thing] = [each for each in done(clients.dpo.get(f"/api/v1/subjects/{ada}/holdings"))["items"] if each["kind"] == "stream"]
    assert thing["silent"] is True
    with console_of(house, company) as console, console.client(console.session_of(console.hire(Role.DPO).id)) as dpo:
        shown = dpo.get(f"/console/people/{ada}").text
        assert '<span class="figure">0</span>' in shown
        assert "And 1 recording in which no sound was kept" in shown
        assert ("Nothing is held about this person" in shown, 'id="table-things"' in shown) == (False, True)
        assert "can be opened for its purpose" not in shown
        assert "no sound was kept in it" in dpo.get(f"/console/calls/{scene.call}").text
        asked = {"system": "rightcall", "category": thing["category"], "since": "2026-01-01", "until": "2040-01-01"}
        assert "has its last day from 1 January 2026 to 1 January 2040." in dpo.get("/console/map/things", params=asked).text
        assert f"/console/takes/{thing['id']}" not in dpo.get(f"/console/calls/{scene.call}").text
