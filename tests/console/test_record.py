"""The record of processing, and backups with their drills, as a DPO finds them in the console."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime

from lxml import html
from playwright.sync_api import Browser, expect

from rightcall.activities import actions as activities
from rightcall.activities.model import NewRecipient, RecipientKind
from rightcall.actors import SYSTEM, Role
from rightcall.controllers.model import Controller
from rightcall.copies import actions as copies
from rightcall.copies.model import BackupKind, Drill, DrillId, Fault
from rightcall.ids import new_id
from rightcall.purposes import actions as purposes
from tests.api.fakes import RealHouse
from tests.browser import NARROW, against
from tests.console.people import console_of
from tests.purposes.examples import TRAINING


def test_the_record_says_what_runs_and_who_receives_it_and_goes_along(
    chromium: Browser, house: RealHouse, company: Controller
) -> None:
    with house.database.transaction(company.id) as tx:
        training = purposes.create_purpose(tx, house.clock, TRAINING, by=SYSTEM)
        new = NewRecipient(
            name="Hosting & Co", kind=RecipientKind.PROCESSOR, country="US", purposes=(training.id,), safeguard=None
        )
        activities.declare_recipient(tx, house.clock, new, by=SYSTEM)
    with console_of(house, company) as console:
        page = console.page(chromium, console.session_of(console.hire(Role.DPO).id), viewport=NARROW, color_scheme="dark")
        page.goto(f"{console.address}/console/record")
        assert against(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        row = page.locator("table[data-table=activities] tbody tr", has_text=training.title)
        assert "Hosting & Co" in row.inner_text()
        assert "nothing declared" in page.locator("table[data-table=recipients]").inner_text()
        whole = page.request.get(f"{console.address}/console/record/whole.html")
        assert "attachment" in whole.headers["content-disposition"]
        assert "Hosting &amp; Co" in whole.text()
        tables = html.fromstring(whole.text()).xpath("//table")
        assert tables
        assert all(each.xpath("@aria-label") and each.xpath("tbody/tr/th[@scope='row']") for each in tables)
        assert not html.fromstring(whole.text()).xpath("//th[not(@scope)]")
        lines = list(csv.DictReader(io.StringIO(page.request.get(f"{console.address}/console/record/whole.csv").text())))
        assert training.key in {line["purpose"] for line in lines}
        page.get_by_role("link", name="Declare who answers").first.click()
        assert against(page) == []
        page.get_by_label("Name").fill("Data protection office")
        page.get_by_label("How to reach them").fill("dpo@example.com")
        page.get_by_role("button", name="They answer for it").click()
        expect(page.get_by_text("Data protection officer: Data protection office")).to_be_visible()
        page.get_by_role("button", name="It receives nothing any more").click()
        expect(page.get_by_text("Nobody outside receives data")).to_be_visible()
        page.get_by_role("link", name="Declare who answers").first.click()
        page.get_by_label("The organisation").fill("Post & Co")
        page.get_by_role("textbox", name="Country").fill("Denmark")
        page.get_by_label(training.title).check()
        page.get_by_role("button", name="It receives data").click()
        assert page.get_by_label("The organisation").input_value() == "Post & Co"
        expect(page.get_by_text("two letters of ISO 3166")).to_be_visible()
        page.get_by_role("textbox", name="Country").fill("DK")
        page.get_by_role("button", name="It receives data").click()
        assert "Post & Co" in page.locator("table[data-table=recipients]").inner_text()
        assert against(page) == []


def test_a_drill_that_failed_and_keys_that_are_too_old_are_told(chromium: Browser, house: RealHouse, company: Controller) -> None:
    house.vault.rotate(house.database)
    with house.database.system() as tx:
        epoch = house.vault.epoch_number(tx)
        old = copies.begin(tx, house.clock, kind=BackupKind.KEYS, epoch=epoch - 1, place="elsewhere")
        copies.finish(tx, house.clock, old, epoch=epoch - 1)
        failed = Drill(
            id=DrillId(new_id()),
            drilled_at=datetime.now(UTC),
            faults=(Fault.OLD_KEYS_KEPT,),
            live=3,
            live_opened=3,
            gone=2,
            gone_opened=0,
            fenced=1,
        )
        copies.drilled(tx, house.clock, failed, of=house.clock.now())
    with console_of(house, company) as console:
        page = console.page(chromium, console.session_of(console.hire(Role.AUDITOR).id), viewport=NARROW)
        page.goto(f"{console.address}/console")
        page.get_by_role("link", name="Last drill failed").click()
        assert against(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        said = page.locator("table[data-table=drills] tbody tr").first.inner_text()
        assert "failed" in said
        assert "is not confirmed to be gone" in said
        keys = page.locator("table[data-table=backups] tbody tr", has_text=str(old)).inner_text()
        assert "too old" in keys
    with house.database.system() as tx:  # backups are nobody's alone: what comes after this finds all well
        copies.gone(tx, house.clock, old)
        copies.drilled(tx, house.clock, replace(failed, id=DrillId(new_id()), faults=()), of=house.clock.now())
