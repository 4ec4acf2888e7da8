"""A proof is checked in a browser by anybody: the steps of `rightcall verify`, and a refusal that says at which it stopped."""

import logging
import re
from html import unescape

import pytest
from playwright.sync_api import Browser as Chromium

from rightcall.controllers import actions as controllers
from rightcall.design.tongues import ENGLISH, NAMES
from rightcall.evidence.model import KeyFrom, Verified
from rightcall.evidence.verify import verify
from rightcall.ledger.checkpoint import key_of
from tests.api.scene import PURPOSE, done
from tests.browser import NARROW, WIDE, against
from tests.evidence.fakes import a_certificate
from tests.portal.scene import Browser, Page
from tests.purposes.finnish import FINNISH, TITLE

FORM, KEY, ISSUED = ("not as it was given to you", "not name the key of the ledger", "does not say that exactly this was issued")


def a_receipt(page: Page) -> bytes:
    [place] = re.findall(r'href="[^"]*/(receipts/[0-9a-f-]{36})"', page.ada.get("choices").text)[:1]
    return page.ada.get(place).content


def checked(browser: Browser, file: bytes, **headers: str) -> tuple[int, str]:
    answer = browser.post("/check", files={"proof": ("receipt.json", file)}, headers=headers, with_token=False)
    return answer.status_code, unescape(answer.text)


def steps(text: str) -> list[str]:
    return re.findall(r"<li>(.*?)</li>", text.partition("<ol>")[2].partition("</ol>")[0])


def test_anybody_checks_a_receipt_without_a_script_and_sees_each_step(chromium: Chromium, page: Page) -> None:
    file, key = a_receipt(page), key_of(page.house.signer).text
    found = verify(file, key, key_from=KeyFrom.HERE)
    assert isinstance(found, Verified)
    for view, scripts in ((NARROW, False), (WIDE, True)):
        context = chromium.new_context(viewport=view, java_script_enabled=scripts)  # type: ignore[arg-type]  # one of its own shapes
        shown = context.new_page()
        shown.goto(f"{page.ada.address}/about/{page.company.id}")
        shown.get_by_role("link", name="Check a receipt or a certificate").click()
        assert "our own word about our own proof" in shown.content()
        assert key in shown.content()
        shown.get_by_label("A receipt, a certificate or a proof").set_input_files(
            {"name": "receipt.json", "mimeType": "application/json", "buffer": file}
        )
        shown.get_by_role("button", name="Check it").focus()
        shown.keyboard.press("Enter")
        shown.get_by_text("It holds.").wait_for()
        assert shown.locator("ol li").all_inner_texts() == [step.says for step in found.steps]
        assert "the answer to Example Energy" in shown.locator("ul li").first.inner_text()
        assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
        if scripts:
            assert against(shown) == []
        context.close()


def test_the_steps_are_told_in_the_readers_language(page: Page) -> None:
    """And what it is about, where the company says it in that language; by the company's clock, whoever reads."""
    file = a_receipt(page)
    _, english = checked(page.ada, file)
    assert f"“{PURPOSE['title']}”" in english
    with page.house.database.system() as tx:
        controllers.set_zone(tx, page.company.id, "Asia/Kolkata")
    assert "(India Time)" in checked(page.ada, file)[1]
    done(page.clients.dpo.post("/api/v1/purposes/training/translations", json=FINNISH), 201)
    assert f"”{TITLE}”" in checked(page.ada, file, **{"Accept-Language": "fi"})[1]
    for tongue in sorted(set(NAMES) - {ENGLISH}):
        status, text = checked(page.ada, file, **{"Accept-Language": tongue})
        assert (status, len(steps(text))) == (200, len(steps(english)))
        assert set(steps(text)) & set(steps(english)) == set(), tongue


def test_what_does_not_hold_is_refused_at_its_step_and_nothing_of_it_is_written_down(
    page: Page, caplog: pytest.LogCaptureFixture
) -> None:
    file = a_receipt(page)
    anyone = Browser(page.ada.address, page.ada.me)
    changed = file.replace(b'"dct:title":"Improve', b'"dct:title":"Imprqve')
    assert changed != file
    of_others = a_certificate()
    with caplog.at_level(logging.DEBUG, logger="rightcall"):
        for sent, held, says in (
            (changed, 2, ISSUED),
            (file[:-40], 0, FORM),
            (of_others, 1, KEY),
            (b"{}", 0, FORM),
            (b"", 0, FORM),
            (b"\x89PNG\r\n\x1a\n\0\0\xff", 0, FORM),
            (b"[" * 100_000, 0, FORM),
            (b"0" * 1_100_000, 0, "At most 1 MB is taken at once."),
        ):
            status, text = checked(anyone, sent)
            assert says in text, sent[:40]
            assert ("It does not hold." in text, "It holds." in text) == (True, False)
            assert "Here it stopped" in text
            assert len(steps(text)) == held + 1
            assert status in (200, 413, 422)
    assert str(verify(of_others).kind) not in caplog.text
    assert re.findall(rb'"dct:identifier":"([0-9a-f-]{36})"', file)[0].decode() not in caplog.text
    assert "Imprqve" not in checked(anyone, changed)[1], "what a file says is told once it holds"
    refused, _ = checked(anyone, file, Origin="https://elsewhere.example", **{"Sec-Fetch-Site": "cross-site"})
    assert refused == 403
