"""What an erasure promised to tell others is seen to in the console: late ones first, with each letter, told, and answered."""

from datetime import timedelta
from pathlib import Path

import pytest
from lxml import html
from playwright.sync_api import Browser, expect

from rightcall.actors import Role
from rightcall.clock import SystemClock
from rightcall.console import erasures
from rightcall.controllers.model import Controller
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import done
from tests.api.test_erasures import NUMBER, erased, go_on
from tests.browser import NARROW, against
from tests.console.people import console_of
from tests.standing import SetClock


def test_the_dpo_tells_keepers_and_recipients_and_late_ones_are_seen_before(
    chromium: Browser, house: RealHouse, company: Controller, set_clock: SetClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = tmp_path / "share"
    share.mkdir()
    (share / "customers.csv").write_text(f"number,email\n{NUMBER},ada@caller.example\n")
    set_clock.at = SystemClock().now()
    erasure = erased(house, Clients(house, company), share)
    with console_of(house, company) as console:
        page = console.page(chromium, console.session_of(console.hire(Role.DPO).id), java_script_enabled=False)
        page.goto(f"{console.address}/console")
        expect(page.get_by_role("link", name="1 erasure of which somebody is to be told")).to_be_visible()
        page.goto(f"{console.address}/console/requests?every=true")
        assert "to tell by" in page.get_by_role("row").nth(1).inner_text()
        set_clock.at += timedelta(days=40)
        page = console.page(chromium, console.session_of(console.hire(Role.DPO).id), java_script_enabled=False)
        page.goto(f"{console.address}/console")
        page.get_by_role("link", name="1 erasure of which somebody was to be told by a day that is over").click()
        [row] = page.locator("main tbody tr").all()
        assert "late" in row.inner_text()
        row.get_by_role("link").first.click()
        assert page.url.endswith(f"/console/erasures/{erasure}")
        auditor = console.page(chromium, console.session_of(console.hire(Role.AUDITOR).id), viewport=NARROW)
        auditor.goto(page.url)
        assert (auditor.get_by_role("button", name="I told").count(), auditor.get_by_role("link", name="letter").count()) == (
            0,
            0,
        )
        assert against(auditor) == []
        auditor.goto(f"{console.address}/console")
        needed = auditor.locator("section.card", has_text="Do we need all of it?")
        assert "2 to be told now" in " ".join(needed.inner_text().split())
        needed.get_by_role("link", name="erasure late now").click()
        expect(auditor.locator(f'main tbody a[href="/console/erasures/{erasure}"]')).to_have_count(1)
        letter = page.get_by_role("link", name="The letter", exact=True).get_attribute("href") or ""
        assert NUMBER in page.request.get(console.address + letter).text()
        page.get_by_role("link", name="The letter, with where each lies").click()
        assert "customers.csv, row 2" in page.locator("pre").inner_text()
        narrow = console.page(chromium, console.session_of(console.hire(Role.DPO).id), viewport=NARROW)
        for place in (page.url, f"{console.address}/console/erasures/{erasure}", f"{console.address}/console/erasures"):
            narrow.goto(place)
            assert against(narrow) == [], place
            assert narrow.evaluate("document.documentElement.scrollWidth <= innerWidth"), place
        monkeypatch.setattr("rightcall.console.erasures._MOST", 1)
        of_open = f"{console.address}/console/erasures"
        assert "There may be more: a file has all" in page.request.get(of_open).text()
        assert [each["id"] for each in page.request.get(f"{of_open}?as=json&of=").json()] == [erasure]
        page.get_by_role("button", name="I told its keepers").click()
        assert page.url.endswith(f"/console/erasures/{erasure}")
        expect(page.get_by_role("button", name="I told its keepers")).to_have_count(0)
        expect(page.get_by_text("How it ends: with their word")).to_be_visible()
        expect(page.get_by_text("no answer yet")).to_have_count(1)
        page.get_by_role("button", name="They deleted it").click()
        expect(page.get_by_text("no answer yet")).to_have_count(0)
        assert "they deleted it." in page.locator("main").inner_text()
        page.get_by_role("button", name="They keep it").click()
        assert "they keep it, for a reason of their own." in page.locator("main").inner_text(), "another word takes its place"
        page.get_by_role("button", name="I sent it the letter").click()
        expect(page.get_by_text("no answer yet")).to_be_visible()
        page.get_by_role("button", name="It keeps it").click()
        expect(page.get_by_text("no answer yet")).to_have_count(0)
        page.goto(f"{console.address}/console")
        expect(page.get_by_role("link", name="erasure of which somebody")).to_have_count(0)
        assert "keeps" in page.request.get(f"{console.address}/console/erasures/{erasure}").text()
        rows = page.request.get(f"{console.address}/console/requests?every=true&as=json&of=").json()
        assert [each["state"] for each in rows] == ["partly"]
        every, today = f"{console.address}/console/erasures?every=true", set_clock.at - timedelta(days=40)
        page.goto(every)
        expect(page.locator(f'main tbody a[href="/console/erasures/{erasure}"]'), "what is over is there too").to_have_count(1)
        for day, found in ((today, [erasure]), (set_clock.at, [])):
            of_day = f"{every}&since={day.date()}&until={day.date()}&as=json&of="
            assert [each["id"] for each in page.request.get(of_day).json()] == found


def test_what_is_not_gone_yet_is_walked_page_by_page(
    house: RealHouse, company: Controller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasures, "_A_PAGE", 2)
    share = tmp_path / "share"
    share.mkdir()
    (share / "customers.csv").write_text(f"number,email\n{NUMBER},ada@caller.example\n")
    (share / "note.txt").write_text(f"Customer {NUMBER} called.\n")
    clients = Clients(house, company)
    erasure = erased(house, clients, share, erases="parts")
    [system] = [each["system"] for each in done(clients.dpo.get(f"/api/v1/erasures/{erasure}"))["elsewhere"]]
    with console_of(house, company) as console, console.client(console.session_of(console.hire(Role.DPO).id)) as client:
        place, told, cells = f"/console/erasures/{erasure}/systems/{system}/places", list[str](), list[str]()
        while place:
            page = html.fromstring(client.get(place).text)
            told += page.xpath("//main//p[@class='quiet']/text()")
            cells += page.xpath("//main//tbody/tr/th/text()")
            place = "".join(page.xpath("//a[@rel='next']/@href"))
    assert told == ["1 to 2 of 3", "3 to 3 of 3"]
    assert sorted(cells) == ["customers.csv", "customers.csv", "note.txt"]


def test_what_does_not_get_on_by_itself_is_seen_before_it_is_looked_for(
    house: RealHouse, company: Controller, tmp_path: Path
) -> None:
    """A note that the share does not let go of: a person has to look."""
    share = tmp_path / "share"
    share.mkdir()
    (share / "customers.csv").write_text(f"number,email\n{NUMBER},ada@caller.example\n")
    (share / "note.txt").write_text(f"Customer {NUMBER} called.\n")
    clients = Clients(house, company)
    erasure = erased(house, clients, share, erases="parts")
    needs = "//section[@aria-labelledby='waits']//a[contains(., 'does not get on by itself')]/@href"
    with console_of(house, company) as console, console.client(console.session_of(console.hire(Role.DPO).id)) as client:

        def waits() -> list[str]:
            return [str(each) for each in html.fromstring(client.get("/console").text).xpath(needs)]

        assert waits() == []
        assert "in order" in client.get("/console/erasures").text
        go_on(house, clients)
        [there] = waits()
        [row] = html.fromstring(client.get(there).text).xpath("//main//tbody/tr")
        assert "needs you in 1 system" in " ".join(row.text_content().split())
        every = html.fromstring(client.get("/console/erasures?every=true").text).xpath("//main//tbody/tr")
        assert "needs you in 1 system" in " ".join(every[0].text_content().split())
        (share / "note.txt").unlink()
        done(clients.dpo.post(f"/api/v1/erasures/{erasure}/systems/share/retry"))
        go_on(house, clients)
        assert waits() == []
