"""`make shots`: walks each person's day as the how-tos tell it, and takes the pictures that they show, into docs/shots.

A step of a how-to that does not work stops it. Made by hand and looked at, and not by each run of the tests.
"""

import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from rightcall.actors import Role
from rightcall.console.door import COOKIE
from tests.browser import NARROW
from tests.shots.standing import AGENT, Standing, callers, make_quarter, say, standing

SHOTS = Path(__file__).parents[2] / "docs" / "shots"
_WIDE = {"width": 1280, "height": 800}
_QUALITY = 78


class Camera:
    """One browser, and the folder that pictures go into."""

    def __init__(self, browser: Browser, stands: Standing) -> None:
        self._browser = browser
        self.stands = stands

    @contextmanager
    def page(self, secret: str = "", *, dark: bool = False, phone: bool = False) -> Iterator[Page]:
        """Somebody's browser; signed in where a session's secret is given."""
        context = self._browser.new_context(
            viewport=NARROW if phone else _WIDE,  # type: ignore[arg-type]  # playwright's own pair
            color_scheme="dark" if dark else "light",
            locale="en-GB",
            timezone_id="UTC",
            reduced_motion="reduce",
        )
        if secret:
            place = self.stands.address.replace("http:", "https:")
            context.add_cookies([{"name": COOKIE, "value": secret, "url": place, "secure": True, "sameSite": "Strict"}])
        try:
            yield context.new_page()
        finally:
            context.close()

    def at(self, page: Page, path: str) -> None:
        page.goto(self.stands.address + path)

    def take(self, page: Page, name: str, *, of: str | None = None) -> None:
        """What is to be seen of the page now; with `of` from that element on."""
        if of is not None:
            page.locator(of).first.evaluate("each => window.scrollTo(0, each.getBoundingClientRect().top + scrollY - 24)")
        page.wait_for_load_state("load")
        file = SHOTS / f"{name}.webp"
        Image.open(BytesIO(page.screenshot(animations="disabled"))).convert("RGB").save(file, quality=_QUALITY, method=6)
        say(f"{file.name}: {file.stat().st_size:,} bytes")


def agent(camera: Camera) -> None:
    stands = camera.stands
    stands.ring(callers(willing=True)[-1])
    with camera.page(stands.session_of(Role.AGENT, "Robin Vale", AGENT)) as page:
        camera.at(page, "/desk")
        camera.take(page, "desk-asking")
        page.keyboard.press("r")
        page.get_by_role("button", name="They said yes").first.wait_for()
        stands.clock.pass_by(40)
        page.get_by_role("button", name="They said yes").first.click()
        page.locator(".lights li", has_text="Caller").get_by_text("Recorded", exact=True).wait_for()
        camera.take(page, "desk-recorded")
        page.keyboard.press("p")
        page.get_by_text("The recorder keeps nothing.").wait_for()
        camera.take(page, "desk-paused")
        page.keyboard.press("p")
        recorded = page.locator(".lights li", has_text="Caller").get_by_text("Recorded", exact=True)
        recorded.wait_for()
        page.keyboard.press("h")
        page.get_by_text("Of this call we keep sound for").wait_for()
        recorded.wait_for()
        camera.take(page, "desk-held")


def dpo(camera: Camera) -> None:
    with camera.page(camera.stands.session_of(Role.DPO, "Dana Holt")) as page:
        camera.at(page, "/console")
        camera.take(page, "console-home")
        page.get_by_role("link", name="Requests").first.click()
        page.locator("tbody a").first.click()
        camera.take(page, "console-request")
        page.get_by_role("link", name="People").first.click()
        page.get_by_label("What you know").select_option("tel")
        page.get_by_label("The number, address or customer number").fill(camera.stands.known_everywhere().tel)
        page.get_by_role("button", name="Look up").click()
        camera.take(page, "console-person")
        page.get_by_role("link", name="The data map").first.click()
        camera.take(page, "console-map")
        page.get_by_role("link", name="Breaches").first.click()
        page.locator("tbody a").first.click()
        camera.take(page, "console-breach")
        page.get_by_role("link", name="Erasures").first.click()
        page.get_by_role("link", name="All erasures, with their certificates").click()
        page.locator("tbody th a").first.click()
        page.get_by_role("link", name="Read or print it").click()
        camera.take(page, "certificate")
    with camera.page(camera.stands.session_of(Role.DPO, "Dana Holt"), dark=True) as page:
        camera.at(page, "/console/calls")
        page.locator("tbody tr", has_text="stretches").first.locator("th a").click()
        camera.take(page, "console-call")


def reviewer(camera: Camera) -> None:
    with camera.page(camera.stands.session_of(Role.REVIEWER, "Kim Sato")) as page:
        camera.at(page, "/console/purposes")
        page.locator("main tbody a").first.click()
        camera.take(page, "console-purpose")
        page.locator("main").get_by_role("link", name=re.compile("^Version [0-9]")).first.click()
        camera.take(page, "console-review")
        page.get_by_role("link", name="Rules").first.click()
        page.locator("main tbody a").first.click()
        camera.take(page, "console-draft")


def auditor(camera: Camera) -> None:
    with camera.page(camera.stands.session_of(Role.AUDITOR, "Sam Brandt")) as page:
        camera.at(page, "/console/uses")
        camera.take(page, "console-uses")
        page.get_by_role("link", name="Ledger").first.click()
        page.get_by_text("Filter, order, take along").click()
        page.get_by_label("What was said").select_option("consent.choice")
        page.get_by_role("button", name="Show").click()
        page.locator("tbody a").first.click()
        camera.take(page, "console-statement")


def customer(camera: Camera) -> None:
    stands = camera.stands
    caller = stands.known_everywhere()
    with camera.page(phone=True) as page:
        camera.at(page, f"/me/{stands.controller}")
        camera.take(page, "me-sign-in")
        page.get_by_label("Your telephone number or e-mail address").fill(caller.tel)
        page.get_by_role("button", name="Send me a code").click()
        page.get_by_label("The code").fill(stands.codes.digits(1))
        page.get_by_role("button", name="Open my page").click()
        camera.take(page, "me-home")
        page.get_by_role("link", name="kept of them").click()
        camera.take(page, "me-calls", of="h1")
        page.get_by_role("link", name="Choices", exact=True).click()
        camera.take(page, "me-choices", of="h1")
        page.get_by_role("link", name="Ask", exact=True).click()
        camera.take(page, "me-ask", of="h1")
        page.set_viewport_size(_WIDE)  # type: ignore[arg-type]  # playwright's own pair
        page.get_by_role("link", name="At a glance").click()
        camera.take(page, "me-wide")


def public(camera: Camera) -> None:
    company = f"/about/{camera.stands.controller}"
    with camera.page() as page:
        camera.at(page, company)
        camera.take(page, "public")
    with camera.page(phone=True, dark=True) as page:
        camera.at(page, company)
        page.locator("section.card").first.wait_for()
        camera.take(page, "public-phone", of="section.card")


DAYS: Mapping[str, Callable[[Camera], None]] = {each.__name__: each for each in (dpo, reviewer, auditor, public, customer, agent)}


def main(wanted: list[str], folder: Path, made: Path | None) -> None:
    """Those days that are `wanted`, or all. `made`: a folder that has a quarter already; what is done goes into a copy of it."""
    SHOTS.mkdir(exist_ok=True)
    if made is None:
        make_quarter(folder)
    else:
        shutil.copytree(made / "data", folder / "data")
    with standing(folder) as stands, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name in wanted or DAYS:
            DAYS[name](Camera(browser, stands))
        browser.close()


if __name__ == "__main__":
    given = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="rightcall-shots-") as place:
        made = next((Path(each) for each in given if each not in DAYS), None)
        main([each for each in given if each in DAYS], Path(place), made)
