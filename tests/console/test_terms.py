"""What goes, what is held and what was erased, in the console, in a real browser."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect

from rightcall.actors import Actor, Role
from rightcall.clock import SystemClock
from rightcall.controllers.model import Controller
from rightcall.erasure import actions as erasures
from rightcall.holdings import actions as holdings
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.holds.model import HoldName, HoldReason, Slice
from rightcall.ids import ErasureId, PurposeId, SubjectId, new_id
from rightcall.purposes import actions as purposes
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import Scene, ring
from tests.browser import NARROW, against
from tests.console.people import console_of
from tests.discovery.mapping.scene import lies_in_crm


@pytest.fixture
def scene(house: RealHouse, company: Controller) -> Scene:
    scene = ring(house, Clients(house, company))
    scene.choose("granted")
    scene.hear()
    scene.hang_up()
    return scene


def test_a_longer_term_is_asked_for_with_what_it_is_about_and_refused_where_people_said_yes(
    chromium: Browser, house: RealHouse, company: Controller, scene: Scene
) -> None:
    with house.database.transaction(company.id) as tx:
        key = purposes.get(tx, PurposeId(UUID(scene.purpose))).key
        lies_in_crm(tx, house.vault, house.clock, PurposeId(UUID(scene.purpose)), 3)
    with console_of(house, company) as console:
        dpo = console.page(chromium, console.session_of(console.hire(Role.DPO).id), viewport=NARROW)
        dpo.goto(f"{console.address}/console/purposes/{key}")
        dpo.get_by_role("link", name="Ask for a longer term").click()
        assert against(dpo) == []
        assert "things, of" in dpo.locator("dl.facts").inner_text()
        expect(dpo.get_by_text("crm: 3 things, of 1 person")).to_be_visible()
        dpo.get_by_label("For how many days").fill("many")
        dpo.get_by_label("Why it is needed").fill("The team would like to look back a year.")
        dpo.get_by_role("button", name="Ask for it").click()
        expect(dpo.get_by_text("Give the days as a whole number")).to_be_visible()
        dpo.get_by_label("For how many days").fill("400")
        dpo.get_by_role("button", name="Ask for it").click()
        assert "a yes covers no more than it was asked for" in dpo.locator(".note.bad").inner_text()
        with house.database.transaction(company.id) as tx:
            tx.connection.execute("RESET ROLE")
            tx.connection.execute("SET LOCAL session_replication_role = replica")
            changed = "lawful_basis = 'legal_obligation', legal_duty = 'bookkeeping', dpv_purpose = 'dpv:LegalCompliance'"
            tx.connection.execute(f"UPDATE purposes SET {changed} WHERE purpose = %s", (scene.purpose,))  # noqa: S608 - ours
        dpo.get_by_label("By which law").fill("Bogføringsloven § 12")
        dpo.get_by_role("button", name="Ask for it").click()
        expect(dpo.get_by_text("Signing it makes the purpose keep for longer")).to_be_visible()
        assert against(dpo) == []


def test_a_shorter_term_is_given_in_two_steps_with_what_ends_when_and_by_nobody_but_the_dpo(
    chromium: Browser, house: RealHouse, company: Controller, scene: Scene
) -> None:
    with house.database.transaction(company.id) as tx:
        purpose = purposes.get(tx, PurposeId(UUID(scene.purpose)))
        lies_in_crm(tx, house.vault, house.clock, purpose.id, 3)
    with console_of(house, company) as console:
        secret = console.session_of(console.hire(Role.DPO).id)
        dpo = console.page(chromium, secret, viewport=NARROW)
        dpo.goto(f"{console.address}/console/terms")
        dpo.locator("select[name=purpose]").select_option(purpose.key)
        dpo.get_by_role("button", name="See what it would be about").click()
        dpo.get_by_label("For how many days").fill(str(purpose.term_days + 1))
        dpo.get_by_role("button", name="See what would end, and when").click()
        assert "Nothing was done yet" in dpo.locator(".note.bad").inner_text()
        expect(dpo.get_by_role("button", name="from now on")).to_have_count(0)
        dpo.get_by_label("For how many days").fill("5")
        dpo.get_by_role("button", name="See what would end, and when").click()
        assert "would end sooner than they do now, of" in dpo.locator("main").inner_text()
        expect(dpo.get_by_text("crm: 3 things, of 1 person")).to_be_visible()
        assert "so a shorter one ends the review of" in dpo.locator(".note.bad", has_text=purpose.title).inner_text()
        assert against(dpo) == []
        with house.database.transaction(company.id) as tx:
            assert purposes.get(tx, purpose.id).term_days == purpose.term_days, "seeing it does nothing"
        dpo.get_by_role("button", name="Keep for 5 days from now on").click()
        assert "Kept for\n5 days" in dpo.locator("dl.facts").first.inner_text()
        with house.database.transaction(company.id) as tx:
            assert purposes.get(tx, purpose.id).term_days == 5
        stale = {"days": "3", "was": str(purpose.term_days)}
        with console.client(secret) as other:
            page = other.get(f"/console/terms/shorter?purpose={purpose.key}&days=3")
            form = {**stale, "form": re.findall('name="form" value="([^"]+)"', page.text)[0]}
            late = other.post(f"/console/terms/shorter?purpose={purpose.key}", data=form)
        assert (late.status_code, "and another when this was shown" in late.text) == (422, True)


def test_a_hold_is_placed_on_a_stretch_agreed_to_by_another_and_lifted(
    chromium: Browser, house: RealHouse, company: Controller, scene: Scene
) -> None:
    take, until = scene.detail()["takes"][0]["id"], SystemClock().now().date() + timedelta(days=20)
    with console_of(house, company) as console:
        dpo = console.page(chromium, console.session_of(console.hire(Role.DPO).id), viewport=NARROW, color_scheme="dark")
        dpo.goto(f"{console.address}/console/calls/{scene.call}")
        dpo.locator(f'a[href="/console/holds/new?holding={take}"]').click()
        assert against(dpo) == []
        assert dpo.evaluate("document.documentElement.scrollWidth <= innerWidth")
        dpo.get_by_label("The file's reference").fill("<b>Ada</b>")
        dpo.get_by_label("Until which second").fill("0.5")
        dpo.get_by_label("Why it is kept").select_option("legal_obligation")
        dpo.get_by_label("The last day").fill(until.isoformat())
        dpo.get_by_role("button", name="Place the hold").click()
        expect(dpo.get_by_text("Name the hold by its file reference")).to_be_visible()
        assert dpo.get_by_label("The file's reference").input_value() == "<b>Ada</b>"
        dpo.get_by_label("The file's reference").fill("claim-2026-114")
        dpo.get_by_role("button", name="Place the hold").click()
        assert "unlawful: nothing is kept" in dpo.locator(".note.bad").inner_text()
        dpo.get_by_label("Why it is kept").select_option("legal_claims")
        dpo.get_by_label("By which law").fill("GDPR Art. 17(3)(e)")
        dpo.get_by_role("button", name="Place the hold").click()
        expect(dpo.get_by_text(re.compile(r"0 – 0\.\d+ s"))).to_be_visible()
        second = console.page(chromium, console.session_of(console.hire(Role.SUPERVISOR).id), java_script_enabled=False)
        second.goto(f"{console.address}/console")
        second.get_by_role("link", name="1 hold to agree to").click()
        expect(second.get_by_text("waits for a second person")).to_be_visible()
        until_said = f"{until.day} {until:%B %Y}"
        expect(second.get_by_role("row", name="claim-2026-114")).to_contain_text(f"once agreed to: {until_said}")
        second.get_by_role("link", name="claim-2026-114").click()
        assert f"Last day, once it is agreed to\n{until_said}" in second.locator("dl.facts").inner_text()
        expect(second.get_by_role("button", name="Agree")).to_have_text(f"Agree: it is kept until {until_said}")
        expect(second.get_by_role("button", name="Lift")).to_have_count(0)
        second.get_by_role("button", name="Agree").click()
        expect(second.get_by_text("supervisor on")).to_be_visible()
        dpo.goto(second.url)
        assert against(dpo) == []
        dpo.get_by_role("link", name="The letter").click()
        assert "claim-2026-114" in dpo.locator(".card").inner_text()
        dpo.go_back()
        dpo.get_by_role("button", name="I have told them").click()
        expect(dpo.get_by_text("told", exact=True)).to_be_visible()
        assert "was told" in dpo.locator("dl.facts").inner_text()
        dpo.get_by_role("link", name="Listen").click()
        dpo.get_by_label("Why").fill("to answer the claim")
        dpo.get_by_label("Case").fill("claim-2026-114")
        dpo.get_by_role("button", name="Go on").click()
        assert against(dpo) == []
        heard = dpo.request.get(console.address + str(dpo.locator("audio").get_attribute("src")))
        assert heard.headers["content-type"] == "audio/x-wav"
        dpo.goto(second.url)
        dpo.get_by_text("Let it last longer").click()
        dpo.get_by_label("Its last day then").fill(SystemClock().now().date().isoformat())
        dpo.get_by_role("button", name="Ask for it").click()
        assert "a later last day than it has" in dpo.locator(".note.bad").inner_text()
        dpo.get_by_role("button", name="Lift").click()
        expect(dpo.get_by_text("What it alone kept is dark")).to_be_visible()
        expect(dpo.get_by_text("Was to last until")).to_be_visible()
        expect(dpo.get_by_text("is to be told"), "nobody is told of what is over").to_have_count(0)


def test_what_goes_by_itself_and_what_was_erased_are_shown(
    chromium: Browser, house: RealHouse, company: Controller, scene: Scene
) -> None:
    subject = next(each["subject"] for each in scene.detail()["parties"] if each["role"] == "customer")
    with console_of(house, company) as console:
        page = console.page(chromium, console.session_of(console.hire(Role.AUDITOR).id))
        with house.database.transaction(company.id) as tx:
            [held, *_] = [each for each in holdings.of_subject(tx, SubjectId(UUID(subject))) if each.object_key]
            [term] = held.terms
            assert term.last_day is not None
            slices = [Slice(holding=held.id, purpose=term.purpose)]
            hold = holds.place(
                tx,
                house.vault,
                house.clock,
                name=HoldName(text="claim-2026-1"),
                reason=HoldReason.LEGAL_CLAIMS,
                owner=Actor(id=new_id(), role=Role.DPO),
                until=term.last_day + timedelta(days=5),
                slices=slices,
            )
            holds.agree(tx, house.clock, hold.id, by=Actor(id=new_id(), role=Role.SUPERVISOR))
        page.goto(f"{console.address}/console/terms?days=366")
        assert "Nothing outlives its last day" in page.content()
        assert page.locator("table.rows tbody tr").count() >= 2
        expect(page.get_by_role("heading", name="What goes by itself as a hold ends")).to_be_visible()
        days = page.locator("figure.plot td.number").all_text_contents()
        assert (len(days), 0 < days.count("0") < 366) == (366, True), "days on which nothing goes have their place"
        assert against(page) == []
        page.goto(f"{console.address}/console/erasures")
        assert "No erasure is under way" in page.content()
        with house.database.transaction(company.id) as tx:
            begun = erasures.begin(tx, house.clock, erasure=ErasureId(new_id()), subject=SubjectId(UUID(subject)))
        page.reload()
        page.locator(f'a[href="/console/erasures/{begun.id}"]').click()
        expect(page.get_by_text("0 of 2 steps are over")).to_be_visible()
        expect(page.get_by_role("button", name="Try all")).to_have_count(0)
        assert "not yet" in page.locator("dl.facts").inner_text()
        assert against(page) == []
        waits = page.request.get(f"{console.address}/console/erasures/{begun.id}/certificate")
        assert (waits.status, "is being made" in waits.text()) == (503, True)


def test_it_says_for_how_long_what_is_gone_is_remembered_and_calls_stay(house: RealHouse, company: Controller) -> None:
    with console_of(house, company) as console, console.client(console.session_of(console.hire(Role.DPO).id)) as client:
        page = client.get("/console/terms").text
        assert "remembered, and who used it, for 1,095 days" in page
        assert "Calls and requests stay on record for 1,095 days." in page
        for column in ("remember_days", "on_record_days"):
            with house.database.system() as tx:
                statement = f"UPDATE controllers SET {column} = NULL WHERE controller = %s"  # noqa: S608 - of this test
                tx.connection.execute(statement, (company.id,))
        page = client.get("/console/terms").text
        assert "remembered for good, and who used it: nobody has said for how long" in page
        assert "Calls and requests stay on record for good: nobody has said for how long." in page
