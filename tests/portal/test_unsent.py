"""What a customer wrote when their visit ended is there again once they showed who they are; to nobody else is it shown, and it
is read in no page before."""

import logging
import re
from html import unescape

import httpx
import pytest
from lxml import html
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from rightcall.requests.visits.rules import IDLE
from rightcall.unsent import LASTS
from tests.browser import NARROW, against
from tests.cast import ADA_TEL, BEN_TEL
from tests.portal.scene import Browser, Page

SAID = "They were told\nthat they had to <b>agree</b>."
READ = "that they had to"


def kept_in(answer: httpx.Response, status: int) -> dict[str, str]:
    """What goes along to the next page; it cannot be read there."""
    assert (answer.status_code, READ in answer.text) == (status, False), answer.text
    [*found] = html.fromstring(answer.text).xpath("//input[@name='kept']/@value")
    assert len(set(found)) == 1
    return {"kept": str(found[0])}


def form_in(answer: httpx.Response, place: str, status: int = 200) -> dict[str, str]:
    assert answer.status_code == status, answer.text
    [form] = html.fromstring(answer.text).xpath(f"//form[@action='{place}']")
    return {str(name): str(value).removeprefix("\n") for name, value in form.form_values()}


def sign_in(page: Page, browser: Browser, kept: dict[str, str], identifier: str) -> httpx.Response:
    """With a wrong code first, and the way back to another one."""
    before = len(page.house.codes.sent)
    asked = browser.post("code", data={"identifier": identifier} | kept, with_token=False)
    kept = kept_in(asked, 200)
    kept = kept_in(browser.post("", data=kept, with_token=False), 200)
    [place] = re.findall(r'action="([^"]*/code/[^"]+)"', asked.text)
    kept = kept_in(browser.post(place, data={"digits": "0000 0000"} | kept, with_token=False), 403)
    return browser.post(place, data={"digits": page.house.codes.digits(before + 1)} | kept, with_token=False)


def test_what_was_written_is_there_again_for_whoever_wrote_it(page: Page, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token, call = page.ada.token(), f"call:{page.scene.call}"
    wrote = {"token": token, "about": call, "words": SAID, "anonymous": "yes"}
    page.later(int(IDLE.total_seconds()) + 60)
    over = page.ada.post("concern", data=wrote)
    kept = kept_in(over, 401)
    assert "Your time was over, so nothing was sent" in over.text
    assert page.ada.post("concern", data=wrote | {"token": "x" * 64}).status_code == 303, "of no page of ours"
    assert page.ada.post(f"choices/{page.scene.purpose}/no", data={"token": token}).status_code == 303, "an answer is given anew"
    other = Browser(page.ada.address, page.ada.me)
    bens = sign_in(page, other, kept, BEN_TEL)
    assert (bens.status_code, READ in bens.text, "Somebody else wrote this" in bens.text) == (403, False, True)
    assert other.get("home").status_code == 200, "they are signed in all the same"
    again = sign_in(page, page.ada, kept, ADA_TEL)
    assert "Here is what you wrote." in again.text
    form = form_in(again, f"{page.ada.me}/concern")
    assert form == wrote | {"token": page.ada.token()}
    assert "Keep this code" in page.ada.post("concern", data=form).text
    assert READ not in caplog.text


def test_a_correction_comes_back_by_receipt_and_not_for_ever(page: Page) -> None:
    place = re.findall(r'href="[^"]*/(receipts/[0-9a-f-]{36})"', page.ada.get("choices").text)[0]
    file = {"receipt": ("r.json", page.ada.get(place).content)}
    wrote = {"token": page.ada.token(), "words": SAID}
    page.later(int(IDLE.total_seconds()) + 60)
    kept = kept_in(page.ada.post("ask/rectification", data=wrote), 401)
    assert kept_in(page.ada.post("receipt", data=kept, files={"receipt": ("r.json", b"{}")}, with_token=False), 403) == kept
    again = page.ada.post("receipt", data=kept, files=file, with_token=False)
    form = form_in(again, f"{page.ada.me}/ask/rectification")
    assert form["words"] == SAID
    led = page.ada.post("ask/rectification", data=form)
    assert READ in unescape(page.ada.get(led.headers["location"]).text)
    page.later(int(LASTS.total_seconds()))
    late = page.ada.post("receipt", data=kept, files=file, with_token=False)
    assert (late.status_code, "twelve hours ago" in late.text, READ in late.text) == (403, True, False)


def test_a_page_of_a_visit_before_is_their_own_or_somebody_elses(page: Page) -> None:
    wrote = {"token": page.ada.token(), "about": "call", "words": SAID}
    page.ada.cookie = page.ben.cookie
    refused = page.ada.post("concern", data=wrote)
    kept = kept_in(refused, 403)
    assert "Somebody else is signed in here" in refused.text
    assert form_in(sign_in(page, page.ada, kept, ADA_TEL), f"{page.ada.me}/concern")["words"] == SAID
    theirs = form_in(page.ada.post("concern", data=wrote), f"{page.ada.me}/concern", 200)
    assert theirs == wrote | {"token": page.ada.token()}


def test_it_goes_along_in_a_browser_without_a_script(page: Page, chromium: Chromium) -> None:
    """In one window, on a telephone."""
    with chromium.new_context(java_script_enabled=False) as context, chromium.new_context() as looking:
        seen, reader, me = context.new_page(), looking.new_page(), page.ada.address + page.ada.me
        seen.set_viewport_size({"width": NARROW["width"], "height": NARROW["height"]})
        reader.goto(me)

        def reads_well() -> bool:
            reader.set_content(seen.content())
            return against(reader) == []

        def enter() -> None:
            before = len(page.house.codes.sent)
            seen.get_by_label("Your telephone number or e-mail address").fill(ADA_TEL)
            seen.get_by_role("button", name="Send me a code").click()
            expect(seen.get_by_label("The code")).to_be_visible()
            assert reads_well()
            seen.get_by_label("The code").fill(page.house.codes.digits(before + 1))
            seen.get_by_role("button", name="Open my page").click()

        seen.goto(me)
        enter()
        seen.get_by_role("link", name="Something is wrong").click()
        seen.get_by_label("What is it about?").select_option(f"call:{page.scene.call}")
        seen.get_by_label("What is wrong?").fill(SAID)
        page.later(int(IDLE.total_seconds()) + 60)
        seen.get_by_role("button", name="Send").click()
        expect(seen.get_by_text("Your time was over, so nothing was sent.")).to_be_visible()
        assert reads_well()
        enter()
        expect(seen.get_by_label("What is wrong?")).to_have_value(SAID)
        expect(seen.get_by_label("What is it about?")).to_have_value(f"call:{page.scene.call}")
        assert reads_well()
        seen.get_by_role("button", name="Send").click()
        expect(seen.get_by_text("Keep this code").first).to_be_visible()
