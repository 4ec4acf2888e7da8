"""What anyone sees first, in a real browser: every face answers at its own address, and can be read by everybody."""

from functools import partial

import httpx
import pytest
from playwright.sync_api import Browser, ConsoleMessage

from rightcall.controllers.model import Controller
from tests.api.fakes import RealHouse
from tests.browser import NARROW, WIDE, against
from tests.standing import served


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_open_pages_can_be_read_by_everybody(chromium: Browser, house: RealHouse, company: Controller, scheme: str) -> None:
    with served(house) as address:
        for view in (NARROW, WIDE):
            page = chromium.new_page(viewport=view, color_scheme=scheme)  # type: ignore[arg-type]  # one of its own literals
            said: list[str] = []
            page.on("console", partial(_keep, said))
            for place in ("/", "/design"):
                page.goto(address + place)
                assert against(page) == []
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (place, view)
            assert said == []
            page.close()


def test_a_language_is_chosen_once_and_never_leads_elsewhere(chromium: Browser, house: RealHouse, company: Controller) -> None:
    with served(house) as address:
        page = chromium.new_page()
        page.goto(address)
        page.get_by_label("Language").select_option("de")
        page.get_by_role("button", name="Change").click()
        assert page.locator("html").get_attribute("lang") == "de"
        page.close()
        form = {"tongue": "fr", "back": "//elsewhere.example"}
        answer = httpx.post(f"{address}/tongue", data=form, headers={"Origin": address})
        assert answer.headers["location"] == "/"
        assert httpx.post(f"{address}/tongue", data=form, headers={"Origin": "https://elsewhere.example"}).status_code == 403


def test_each_face_answers_at_its_address(house: RealHouse, company: Controller) -> None:
    with served(house) as address:
        api = httpx.get(f"{address}/api/v1/calls")
        nowhere = httpx.get(f"{address}/me/nowhere/at/all")
        style = httpx.get(f"{address}/design/style.000000000000.css")
        assert (api.status_code, api.headers["content-type"]) == (401, "application/problem+json")
        assert (nowhere.status_code, nowhere.headers["content-type"]) == (404, "text/html; charset=utf-8")
        assert "There is nothing here" in nowhere.text
        assert style.status_code == 404
        for answer in (api, nowhere):
            assert "unsafe" not in answer.headers["content-security-policy"]
            assert answer.headers["cache-control"] == "no-store"


def test_whoever_mistypes_an_address_reads_a_page_and_a_program_a_problem(house: RealHouse, company: Controller) -> None:
    with served(house) as address, httpx.Client(base_url=address, timeout=60) as anybody:
        for place in ("/sign", "/Console", "/nonsense/at/all"):
            read = anybody.get(place, headers={"Accept": "text/html,application/xhtml+xml"})
            assert (read.status_code, "There is nothing here" in read.text) == (404, True), place
            assert anybody.get(place).headers["content-type"] == "application/problem+json", place
        for place in ("/api/v1/nonsense", "/health", "/openapi.json"):
            answer = anybody.get(place, headers={"Accept": "text/html"})
            assert "json" in answer.headers["content-type"], place
        for place, without in (("/console/", "/console"), ("/desk//", "/desk"), ("/me/", "/me")):
            assert anybody.get(place).headers["location"] == without
        assert anybody.get(f"{address}//elsewhere.example/").status_code == 404


def test_head_is_answered_wherever_get_is_and_nul_nowhere(house: RealHouse, company: Controller) -> None:
    of = str(company.id)
    places = ("/", f"/about/{of}", f"/me/{of}", "/sign-in", "/console", "/desk", "/design", "/api/v1/calls", "/health", "/no")
    with served(house) as address, httpx.Client(base_url=address) as anybody:
        for place in places:
            got, head = anybody.get(place), anybody.head(place)
            assert (head.status_code, head.content) == (got.status_code, b""), place
            assert {*head.headers} == {*got.headers}, place
            assert anybody.get(f"{place}?rule=a%00b").status_code == 422, place
            odd = anybody.get(f"{place.rstrip('/')}/%00", headers={"Accept-Language": "fr"})
            is_page = place not in ("/", "/design", "/api/v1/calls", "/health", "/no")
            assert (odd.status_code, '<html lang="' in odd.text, "NUL" in odd.text) == (422, is_page, not is_page), place


def _keep(said: list[str], message: ConsoleMessage) -> None:
    said.append(message.text)
