"""A company's page for everybody, in a real browser: whole without scripts, and what is in the register is text."""

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from playwright.sync_api import Browser

from rightcall.breaches import actions as breaches
from rightcall.breaches.model import Circumstances, Nature, NewBreach, Window
from rightcall.controllers import actions as controllers
from rightcall.controllers.model import Controller, NewController
from rightcall.design.tongues import NAMES, Tongue
from rightcall.purposes import actions as purposes
from rightcall.turnstile import Turnstile
from tests.api.fakes import RealHouse
from tests.browser import NARROW, WIDE, against
from tests.purposes.examples import DPO, TRAINING, a_notice
from tests.standing import served

NASTY = "<script>alert(1)</script>"
ANOTHER = NewController(name="Another", address="2 Example Street", contact="dpo@another.example", jurisdictions=("EU",))


def test_the_page_says_why_data_is_used(chromium: Browser, house: RealHouse, company: Controller) -> None:
    with house.database.transaction(company.id) as tx:
        purpose = purposes.create_purpose(tx, house.clock, replace(TRAINING, justification=NASTY), by=DPO)
        purposes.publish_notice(tx, house.clock, a_notice(purpose.id), by=DPO)
        at = house.clock.now()
        window = Window(system=None, began_at=at - timedelta(days=2), until=at - timedelta(days=1))
        happened = Circumstances(nature=frozenset({Nature.AVAILABILITY}))
        breaches.enter(tx, house.clock, NewBreach(window=window, circumstances=happened, known_at=at), by=DPO)
    with served(house) as address:
        for view in (NARROW, WIDE):
            context = chromium.new_context(viewport=view, java_script_enabled=False)  # type: ignore[arg-type]  # one of its own shapes
            page = context.new_page()
            page.goto(f"{address}/about/{company.id}")
            assert page.locator("h1").inner_text().startswith("Example Energy")
            card = page.locator("#" + TRAINING.key)
            assert NASTY in card.inner_text()
            assert "Nothing runs for this purpose now" in card.inner_text()
            assert f"{TRAINING.term_days} days" in card.inner_text()
            assert "it was lost, or could not be had" in page.locator("main").inner_text()
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            context.close()
        for tongue in NAMES:
            context = chromium.new_context(viewport=NARROW, locale=tongue)  # type: ignore[arg-type]  # one of its own shapes
            page = context.new_page()
            page.goto(f"{address}/about/{company.id}")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), tongue
            context.close()
        page = chromium.new_page(color_scheme="dark")
        page.goto(f"{address}/about/{company.id}")
        assert against(page) == []
        page.close()


def test_a_company_that_is_not_there_has_no_page(house: RealHouse, company: Controller) -> None:
    with served(house) as address:
        for nobody, status in (("00000000-0000-7000-8000-000000000000", 404), ("<script>", 404)):
            answer = httpx.get(f"{address}/about/{nobody}")
            assert (answer.status_code, "<script>" in answer.text) == (status, False)


def test_too_many_readers_at_once_are_told_to_wait(house: RealHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty a second, and twice that at once; of one address a quarter: here no second goes by."""
    admits = Turnstile.admits
    monkeypatch.setattr(Turnstile, "admits", lambda turnstile, asker, _: admits(turnstile, asker, 0.0))
    with served(house) as address, httpx.Client() as reader:
        answers = [reader.get(f"{address}/me") for _ in range(26)]
    assert [each.status_code for each in answers] == [200] * 25 + [429]
    assert "Wait a minute" in answers[-1].text


def test_moments_are_told_where_the_company_is(house: RealHouse, company: Controller) -> None:
    with house.database.system() as tx:
        controllers.set_zone(tx, company.id, "Asia/Kolkata")
    there = timedelta(hours=5, minutes=30)
    with served(house) as address:
        before = house.clock.now() + there
        told = httpx.get(f"{address}/about/{company.id}").text
        after = house.clock.now() + there
    assert any(f"{Tongue(is_long=True).moment(at)} (India Time)" in told for at in (before, after))


@pytest.mark.parametrize("place", ["/me", "/about"])
def test_what_people_type_leads_on_to_the_one_company_or_to_a_choice(
    house: RealHouse, company: Controller, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with house.database.system() as tx:
        both = (company.id, controllers.create(tx, house.clock, ANOTHER).id)
    with served(house) as address:
        chosen = httpx.get(address + place)
        assert (chosen.status_code, [f'href="{place}/{each}"' in chosen.text for each in both]) == (200, [True] * 2)
        monkeypatch.setattr(controllers, "all_ids", lambda _: [company.id])
        assert httpx.get(address + place).headers["location"] == f"{place}/{company.id}"
