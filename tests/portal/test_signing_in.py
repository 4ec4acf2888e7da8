"""Signing in to one's own page: nobody learns who is a customer, no code or visit is used again, no other page sends forms."""

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import LiteralString
from uuid import uuid4

import pytest

from rightcall.actors import SYSTEM, Role
from rightcall.clock import SystemClock
from rightcall.controllers import actions as controllers
from rightcall.controllers.model import NOT_GIVEN, Controller, NewController
from rightcall.database import sql
from rightcall.database.connection import Transaction
from rightcall.personal import Personal
from rightcall.requests.codes import rules as codes
from rightcall.settings import Settings
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import IdentifierKind
from rightcall.subjects.rules import normalise
from tests.api.fakes import RealHouse
from tests.cast import ADA_TEL, BEN_TEL
from tests.console.people import console_of
from tests.portal.scene import Browser, at_the_page, sign_in
from tests.standing import SetClock

STRANGER = "+4532999999"
SECOND = NewController(name="Second Water", address="2 Example Street", contact="dpo@water.example", jurisdictions=("EU", "DK"))


@pytest.fixture
def ada(house: RealHouse, company: Controller) -> None:
    with house.database.transaction(company.id) as tx:
        subjects.identify(tx, house.vault, house.clock, [normalise(IdentifierKind.TEL, Personal(ADA_TEL), "DK")])


@pytest.mark.usefixtures("ada")
def test_a_stranger_and_a_customer_get_the_same_pages(house: RealHouse, company: Controller) -> None:
    with at_the_page(house, company) as (_, browser):
        seen = []
        for identifier in (ADA_TEL, STRANGER):
            asked = browser.post("code", data={"identifier": identifier}, with_token=False)
            place = asked.headers["location"]
            page, wrong = browser.get(place), browser.post(place, data={"digits": "0000 0000"}, with_token=False)
            unnamed = [re.sub(r"[0-9a-f-]{36}", "ID", each.text) for each in (asked, page, wrong)]
            seen.append((asked.status_code, page.status_code, wrong.status_code, unnamed, sorted(asked.headers.keys())))
        assert seen[0] == seen[1]
        assert seen[0][:3] == (303, 200, 403)
        house.codes.digits()
        assert [to.value.reveal("test") for to, _, _ in house.codes.sent] == [ADA_TEL]
        for _ in range(2):
            for identifier in (ADA_TEL, STRANGER):
                browser.post("code", data={"identifier": identifier}, with_token=False)
        flooded = [browser.post("code", data={"identifier": each}, with_token=False) for each in (ADA_TEL, STRANGER)]
        assert [each.status_code for each in flooded] == [429, 429]
        assert flooded[0].text == flooded[1].text


@pytest.mark.usefixtures("ada")
def test_codes_that_are_asked_for_at_once_are_counted_one_after_the_other(house: RealHouse, company: Controller) -> None:
    with at_the_page(house, company) as (_, browser), ThreadPoolExecutor(12) as many:

        def ask(_: int) -> int:
            asked = Browser(browser.address, browser.me).post("code", data={"identifier": ADA_TEL}, with_token=False)
            return asked.status_code

        assert sorted(many.map(ask, range(12))) == [303] * codes.PER_IDENTIFIER + [429] * (12 - codes.PER_IDENTIFIER)


@pytest.mark.usefixtures("ada")
def test_a_code_and_a_visit_are_not_used_again(house: RealHouse, company: Controller, set_clock: SetClock) -> None:
    now = SystemClock().now()
    set_clock.at = now
    with at_the_page(house, company) as (_, browser):
        asked = browser.post("code", data={"identifier": ADA_TEL}, with_token=False)
        place, digits = asked.headers["location"], house.codes.digits()
        opened = browser.post(place, data={"digits": digits}, with_token=False)
        assert opened.headers["location"] == f"{browser.me}/home"
        [cookie] = opened.headers.get_list("set-cookie")
        assert {"Secure", "HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
        assert "Domain" not in cookie
        assert Browser(browser.address, browser.me).post(place, data={"digits": digits}, with_token=False).status_code == 403
        assert browser.get("home").status_code == 200
        kept = browser.cookie
        elsewhere = Browser(browser.address, f"/me/{uuid4()}", cookie=kept)
        assert elsewhere.get("home").status_code == 404
        with house.database.system() as tx:
            second = controllers.create(tx, house.clock, SECOND).id
        assert browser.get(f"/me/{second}/home").headers["location"] == f"/me/{second}?over=yes"
        assert (browser.cookie, browser.get("home").status_code) == (kept, 200), "another company's page ends no visit here"
        browser.post("sign-out")
        browser.cookie = kept
        assert browser.get("home").headers["location"] == f"{browser.me}?over=yes"
        browser.cookie = ""
        sign_in(house, browser)
        set_clock.at = now + timedelta(minutes=21)
        assert browser.get("home").status_code == 303


@pytest.mark.usefixtures("ada")
def test_what_stands_for_a_contact_is_no_word_for_customers_and_a_number_has_no_letters(
    house: RealHouse, company: Controller
) -> None:
    with house.database.system() as tx:
        tx.connection.execute("UPDATE controllers SET contact = %s WHERE controller = %s", (NOT_GIVEN, company.id))
    with at_the_page(house, company) as (_, browser):
        text = browser.get(f"code/{uuid4()}").text
        assert (NOT_GIVEN in text, "turn to the company." in text) == (False, True)
        assert browser.post("code", data={"identifier": ADA_TEL + "x"}, with_token=False).status_code == 422


@pytest.mark.usefixtures("ada")
def test_a_form_from_elsewhere_does_nothing(house: RealHouse, company: Controller) -> None:
    with at_the_page(house, company) as (_, browser):
        sign_in(house, browser)
        token = browser.token()
        forged: list[tuple[str, dict[str, str]]] = [
            ("0" * 64, {}),
            ("", {}),
            (token, {"Sec-Fetch-Site": "cross-site"}),
            (token, {"Sec-Fetch-Site": "same-site"}),
            (token, {"Sec-Fetch-Site": "none"}),
            (token, {"Origin": "https://elsewhere.example"}),
            (token, {"Origin": "null"}),
            (token, {"Origin": ""}),
            (token, {"Origin": f"{browser.address}.elsewhere.example"}),
            (token, {"Origin": "https://elsewhere.example", "Host": "elsewhere.example"}),
        ]
        for given, headers in forged:
            assert browser.post("sign-out", data={"token": given}, headers=headers).status_code == 403, (given, headers)
        assert browser.post("code", data={"identifier": ADA_TEL}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
        del browser.headers["Sec-Fetch-Site"]
        assert browser.post("sign-out", headers={"Origin": "https://elsewhere.example"}).status_code == 403
        assert browser.post("sign-out").status_code == 303, "a browser that says its origin alone"


@pytest.mark.usefixtures("ada")
def test_strangers_are_limited_by_their_address_and_lock_nobody_out(
    house: RealHouse, company: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind a proxy of the operator's own; who is not it is not believed."""
    monkeypatch.setattr(codes, "PER_TOKEN", 12)
    house = replace(house, settings=house.settings.model_copy(update={"http_proxies": "127.0.0.1", "codes_per_hour": 2}))

    def ask(browser: Browser, who: str, number: str) -> int:
        return browser.post("code", data={"identifier": number}, headers={"X-Forwarded-For": who}, with_token=False).status_code

    with at_the_page(house, company) as (_, browser):
        made_up = [f"+453299990{last}" for last in range(10)]
        assert {ask(browser, "198.51.100.7", each) for each in made_up} == {303}
        assert ask(browser, "198.51.100.7", STRANGER) == 429
        assert ask(browser, "192.0.2.1, 198.51.100.7", STRANGER) == 429, "only what the proxy itself added counts"
        assert {ask(browser, f"2001:db8::{last}", f"+453299980{last}") for last in range(10)} == {303}
        assert ask(browser, "2001:db8::ffff", STRANGER) == 429
        assert [ask(browser, "198.51.100.8", ADA_TEL) for _ in range(3)] == [303, 303, 303]
        assert ask(browser, "198.51.100.8", ADA_TEL) == 429, "one asker, one number"
        assert [ask(browser, "198.51.100.9", ADA_TEL) for _ in range(3)] == [303, 303, 303], (
            "whoever asks for hers keeps her out from nowhere else"
        )
        assert ask(browser, "198.51.100.10", ADA_TEL) == 429, "and no number is rung without end"
        house.codes.digits(2)
        assert len(house.codes.sent) == 2, "the guard on cost sends none, with the same answer"


def test_behind_a_proxy_that_nobody_named_all_are_one_and_the_system_says_so(
    house: RealHouse, company: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fail closed: else nobody there would be limited at all."""
    house = replace(house, settings=house.settings.model_copy(update={"public_url": "https://energy.example"}))
    with at_the_page(house, company) as (_, browser):
        browser.headers["Origin"] = "https://energy.example"

        def ask(last: int) -> int:
            data, headers = {"identifier": f"+45329999{last:02}"}, {"X-Forwarded-For": f"198.51.100.{last}"}
            return browser.post("code", data=data, headers=headers, with_token=False).status_code

        assert [ask(each) for each in range(11)] == [303] * 10 + [429]
        assert any("RIGHTCALL_HTTP_PROXIES" in each for each in browser.get("/health").json()["why"])
    doubts = house.settings.doubts
    assert replace(house, settings=house.settings.model_copy(update={"http_proxies": "10.0.0.1"})).settings.doubts == ()
    monkeypatch.setattr(Settings, "doubts", doubts)
    with console_of(house, company) as console, console.client(console.session_of(console.hire(Role.DPO).id)) as dpo:
        assert "RIGHTCALL_HTTP_PROXIES" in dpo.get("/console/system").text


def test_what_is_no_number_is_said_and_never_repeated(house: RealHouse, company: Controller) -> None:
    with at_the_page(house, company) as (_, browser):
        answer = browser.post("code", data={"identifier": "<script>planted"}, with_token=False)
        assert (answer.status_code, "planted" in answer.text) == (422, False)
        receipt = browser.post("receipt", files={"receipt": ("x.json", b"{}")}, with_token=False)
        assert receipt.status_code == 403


def test_the_page_speaks_the_readers_language(house: RealHouse, company: Controller) -> None:
    with at_the_page(house, company) as (_, browser):
        for code, words in {"de": "Code senden", "fr": "M’envoyer un code", "fi": "Lähetä minulle koodi"}.items():
            text = unescape(browser.get(headers={"Accept-Language": code}).text)
            assert f'<html lang="{code}">' in text
            assert words in text


@pytest.mark.usefixtures("ada")
def test_whoever_is_known_or_not_is_the_same_work(house: RealHouse, company: Controller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not by the clock, which tells little on a busy machine, but by what the database is asked; and what it does of its own."""
    ben, cara = (normalise(IdentifierKind.TEL, Personal(each), "DK") for each in (BEN_TEL, "+4532888888"))
    with house.database.transaction(company.id) as tx:
        one = subjects.identify(tx, house.vault, house.clock, [ben])
        other = subjects.identify(tx, house.vault, house.clock, [cara])
        subjects.add_identifier(tx, house.vault, house.clock, other, ben, by=SYSTEM)
        assert one != other
    said: list[str] = []
    asked = sql._answered

    def heard(tx: Transaction, statement: LiteralString, values: Mapping[str, object]) -> object:
        said.append(statement)
        return asked(tx, statement, values)

    monkeypatch.setattr(sql, "_answered", heard)
    seen = []
    with at_the_page(house, company) as (_, browser):
        for identifier in (ADA_TEL, STRANGER, BEN_TEL):
            said.clear()
            place = browser.post("code", data={"identifier": identifier}, with_token=False).headers["location"]
            browser.get(place)
            browser.post(place, data={"digits": "0000 0000"}, with_token=False)
            seen.append(list(said))
    assert len(seen[0]) > 6
    assert seen[0] == seen[1] == seen[2]
    house.codes.digits()
    assert len(house.codes.sent) == 1
    with house.database.transaction(company.id) as tx:
        triggers = "SELECT tgconstrrelid::regclass::text AS on FROM pg_trigger WHERE tgrelid = 'request_codes'::regclass"
        assert {each["on"] for each in tx.connection.execute(triggers)} == {"controllers"}, "a row to somebody asks no more"
