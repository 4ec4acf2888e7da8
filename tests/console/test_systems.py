"""A DPO's way through other systems: what each is, its scans, its weaknesses, whose records wait; and through a breach."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from rightcall.actors import Role
from rightcall.breaches import actions as breaches
from rightcall.breaches.weighing import actions as weighing
from rightcall.clock import SystemClock
from rightcall.controllers.model import Controller
from rightcall.discovery.scans import actions as scans
from rightcall.discovery.systems import actions as systems
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import done
from tests.api.test_comparing import Estate
from tests.cast import ADA_NAME, BEN_TEL
from tests.console.people import console_of
from tests.console.test_people import looked_at, say_why


@pytest.fixture
def clients(house: RealHouse, company: Controller) -> Clients:
    return Clients(house, company)


def test_a_dpo_scans_a_system_sees_what_is_weak_and_says_whose_a_record_is(
    chromium: Browser, house: RealHouse, company: Controller, clients: Clients, tmp_path: Path
) -> None:
    Estate(house, clients, tmp_path)
    (tmp_path / "tickets" / "tickets.csv").chmod(0o666)
    with console_of(house, company) as console:
        page = console.page(chromium, console.session_of(console.hire(Role.DPO).id))
        page.goto(f"{console.address}/console/systems")
        looked_at(page)
        expect(page.get_by_text("nobody looked yet").first, "no figure stands where nobody looked").to_be_visible()
        page.get_by_role("link", name="tickets", exact=True).click()
        expect(page.get_by_text("Nobody looked yet how safely it keeps its data")).to_be_visible()
        expect(page.get_by_text("open now")).to_have_count(0)
        expect(page.get_by_text("Nobody has said what anything in it is for.")).to_be_visible()
        page.get_by_role("link", name="Say what customers call it").click()
        looked_at(page)
        page.get_by_label("Dansk").fill("sager fra\tkunder")
        page.get_by_label("Suomi").fill("asiakkaiden tapaukset")
        page.get_by_role("button", name="Keep this").click()
        expect(page.get_by_text("one line, without tabs")).to_be_visible()
        page.get_by_label("Dansk").fill("kundernes sager")
        page.get_by_label("In which language to write").select_option(label="Dansk")
        page.get_by_role("button", name="Keep this").click()
        expect(page.get_by_text("kundernes sager (Dansk), asiakkaiden tapaukset (Suomi)")).to_be_visible()
        expect(page.get_by_text("Dansk", exact=True).last, "in which its keepers are written to").to_be_visible()
        with house.database.transaction(company.id) as tx:
            words = systems.get(tx, "tickets").labels
        assert words == {"da": "kundernes sager", "fi": "asiakkaiden tapaukset"}
        page.get_by_text("Scan it now").click()
        page.get_by_label("How many readers").fill("99")
        page.get_by_label("Only a sample").fill("5")
        page.get_by_role("button", name="Start the scan").click()
        assert page.locator("#workers-wrong").inner_text() == "Give a whole number from 1 to 64."
        assert page.get_by_label("Only a sample").input_value() == "5", "what was written is kept"
        page.get_by_label("How many readers").fill("2")
        page.get_by_label("Only a sample").fill("half")
        page.get_by_role("button", name="Start the scan").click()
        assert "such as 5" in page.locator("#share-wrong").inner_text()
        page.get_by_label("Only a sample").fill("")
        page.get_by_role("button", name="Start the scan").click()
        expect(page.get_by_text("It goes on")).to_be_visible()
        looked_at(page)
        page.get_by_role("button", name="Cancel it").click()
        expect(page.get_by_text("The newest one cancelled")).to_be_visible()
        page.get_by_text("Scan it now").click()
        page.get_by_role("button", name="Start the scan").click()
        with house.database.transaction(company.id) as tx:
            scans.cancel(tx, house.clock, scans.of_system(tx, systems.get(tx, "tickets").id, limit=1)[0].id)
        page.get_by_text("The newest one cancelled").wait_for()  # nobody loaded the page again
        page.get_by_role("row", name="phone").get_by_role("link").click()
        expect(page.get_by_text("nobody's yet")).to_have_count(1)
        assert ADA_NAME not in page.content()
        assert BEN_TEL not in page.content()
        looked_at(page)
        page.goto(f"{console.address}/console/weaknesses")
        page.get_by_role("button", name="Look at tickets").click()
        weak = page.get_by_role("region", name="World writable, tickets")
        expect(weak).to_be_visible()
        looked_at(page)
        weak.get_by_text("Accept it for a while").click()
        weak.get_by_label("Until").fill((SystemClock().now() + timedelta(days=30)).date().isoformat())
        weak.get_by_role("button", name="Accept it").click()
        assert weak.get_by_label("Why").evaluate("field => field.validity.valueMissing"), "nobody gave a reason"
        weak.get_by_label("Why").select_option(label="It is being mended")
        weak.get_by_label("Until").evaluate("field => field.removeAttribute('max')")
        weak.get_by_label("Until").fill("2099-01-01")
        weak.get_by_role("button", name="Accept it").click()
        expect(weak.get_by_text("Nothing is accepted for ever")).to_be_visible()
        assert weak.get_by_label("Until").input_value() == "2099-01-01"
        looked_at(page)
        weak.get_by_label("Until").fill((SystemClock().now() + timedelta(days=30)).date().isoformat())
        weak.get_by_role("button", name="Accept it").click()
        expect(weak.get_by_text("It is being mended")).to_be_visible()
        assert weak.locator(".tag").all_inner_texts()[1:] == ["accepted"]
        expect(weak.locator(".tag.bad"), "what was accepted does not stand as if it were open").to_have_count(0)
        page.goto(f"{console.address}/console")
        expect(page.get_by_role("link", name="weakness accepted for a while now: very high")).to_have_count(1)
        page.goto(f"{console.address}/console/links")
        looked_at(page)
        page.get_by_role("link", name="look at it").click()
        assert BEN_TEL not in page.content()
        page.get_by_text("See the values beside each other").click()
        page.get_by_label("Whole values").check()
        say_why(page, "Show them")
        expect(page.get_by_text(ADA_NAME).first).to_be_visible()
        looked_at(page)
        page.get_by_role("button", name="It is theirs").click()
        expect(page.get_by_text("doubtful, certain"), "nobody gave a reason").to_have_count(0)
        page.locator("form:has(#said)").evaluate("form => form.noValidate = true")
        page.get_by_role("button", name="It is theirs").click()
        assert page.locator("#said-wrong").inner_text() == "Choose one of the list."
        page.get_by_label("Why you say so").select_option(label="Seen in the system itself")
        page.get_by_role("button", name="It is theirs").click()
        expect(page.get_by_text("doubtful, certain")).to_be_visible()
        expect(page.get_by_text("By the word of the DPO")).to_be_visible()


def test_a_breach_runs_its_clock_and_is_closed_when_all_were_told(
    chromium: Browser, house: RealHouse, company: Controller, clients: Clients, tmp_path: Path
) -> None:
    Estate(house, clients, tmp_path)
    now = SystemClock().now()
    leaked = {
        "system": "crm",
        "began_at": (now - timedelta(hours=2)).isoformat(),
        "until": (now + timedelta(minutes=1)).isoformat(),
        "known_at": now.isoformat(),
        "circumstances": {"nature": ["confidentiality"]},
    }
    done(clients.dpo.post("/api/v1/breaches", json=leaked), 201)
    with console_of(house, company) as console:
        page = console.page(chromium, console.session_of(console.hire(Role.DPO).id))
        page.goto(f"{console.address}/console/breaches")
        looked_at(page)
        page.locator("tbody").get_by_role("link").first.click()
        expect(page.get_by_text("is not counted yet")).to_be_visible()
        expect(page.locator("#weighing .figure")).to_have_count(0)
        looked_at(page)
        with house.database.transaction(company.id) as tx:
            [leak] = breaches.breaches(tx)
            assert weighing.weigh_anew(tx, house.vault, house.clock, leak.id)
        page.get_by_text("by the data map as it was then").wait_for()
        page.reload()
        looked_at(page)
        page.get_by_role("button", name="Weigh it anew").click()
        expect(page.get_by_text("being weighed anew")).to_be_visible()
        with house.database.transaction(company.id) as tx:
            assert weighing.weigh_anew(tx, house.vault, house.clock, leak.id)
        page.get_by_role("button", name="Weigh it anew").wait_for()  # nobody loaded the page again
        page.get_by_role("button", name="It is dealt with").click()
        expect(page.get_by_text("It stays open.")).to_be_visible()
        page.go_back()
        page.get_by_role("link", name="The draft").click()
        expect(page.get_by_text("supervisory authority")).to_be_visible()
        looked_at(page)
        page.go_back()
        page.get_by_role("link", name="Each of them").click()
        page.get_by_role("link", name="The draft").first.click()
        page.get_by_label("Language").select_option("da")
        page.get_by_role("button", name="Show").click()
        assert page.locator("pre").inner_text()
        page.goto(f"{console.address}/console/breaches")
        page.locator("tbody").get_by_role("link").first.click()
        for _ in range(2):
            page.get_by_text("I have told them").first.click()
            page.locator("details[open]").get_by_role("button", name="So it was").click()
        page.get_by_role("button", name="It is dealt with").click()
        expect(page.get_by_text("closed", exact=True)).to_be_visible()
        expect(page.get_by_text("The people were told on")).to_be_visible()
        assert page.get_by_text("has to be told").count() == page.get_by_role("alert").count() == 0
