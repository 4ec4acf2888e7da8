"""A person says whether processors are asked by what records of other systems tell: on the page, at the terminal, by the API. It
waits on the first page until they do, and is late when the day that was promised is over."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page

from rightcall.activities.processors import ordering, registering
from rightcall.activities.processors.model import Address, Offer, OrderKind
from rightcall.activities.telling.procedure import Telling
from rightcall.actors import SYSTEM, Role
from rightcall.cli import desk as cli_desk
from rightcall.cli import main as cli
from rightcall.clock import SystemClock
from rightcall.controllers.model import Controller
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.scans.procedure import Scanning
from rightcall.house import House
from rightcall.ids import ErasureId, RecipientId
from rightcall.personal import Personal
from rightcall.requests import actions as requests
from rightcall.requests.model import RequestKind
from rightcall.requests.procedure import ErasureAnswer
from rightcall.settings import Settings
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse, as_house
from tests.api.scene import PURPOSE, done
from tests.api.test_erasures import eraser_of
from tests.browser import NARROW, against
from tests.console.people import console_of
from tests.procedures.fakes import InlineSteps
from tests.standing import SetClock

EMAIL = "ben@caller.example"
HOUSES = ("Mail House", "Print House", "Ship House")
OFFER = Offer(
    version="2.0",
    identities=(("email", "sha256"), ("phone_number", "raw")),
    kinds=frozenset(OrderKind),
    certificate_url="https://opendsr.example/cert.pem",
)


def erased(house: RealHouse, clients: Clients, share: Path) -> ErasureId:
    """Ben, whom rows of a share alone tell of. Three processors get what is kept there."""
    (share / "customers.csv").write_text(f"number,email,phone\nKD-300000,{EMAIL},+45 20 12 34 56\n")
    done(clients.dpo.post("/api/v1/purposes", json=PURPOSE), 201)
    for each in HOUSES:
        form = {"name": each, "kind": "processor", "country": "DK", "purposes": ["training"]}
        made = done(clients.dpo.post("/api/v1/recipients", json=form), 201)
        address = Address(url=Personal("https://opendsr.example/v2"), authorization=None)
        seen = registering.Seen(address=address, domain=each.replace(" ", ".").lower(), offer=OFFER, certificate=b"-")
        with house.database.transaction(clients.controller) as tx:
            registering.register(tx, house.vault, house.clock, RecipientId(UUID(made["id"])), seen, by=SYSTEM)
    uses = [{"purpose": "training"}]
    number = {"name": "customer_id", "expression": "KD-[0-9]{6}"}
    done(
        clients.engineer.post("/api/v1/systems", json={"name": "crm", "address": str(share), "numbers": [number], "uses": uses}),
        201,
    )
    started = done(clients.dpo.post("/api/v1/systems/crm/scans", json={}), 201)
    scanning = Scanning(database=house.database, vault=house.vault, clock=house.clock, open_system=house.open_system)
    scanning(InlineSteps(), str(clients.controller), started["id"])
    with house.database.transaction(clients.controller) as tx:
        [ben] = {each.subject for each in linking.page_of_links(tx)}
        asked = requests.receive(tx, house.vault, house.clock, subject=ben, kind=RequestKind.ERASURE, by=SYSTEM)
    eraser = eraser_of(house)
    ErasureAnswer(eraser=eraser, open_system=house.open_system)(InlineSteps(), str(clients.controller), str(asked.id))
    Telling(eraser=eraser).plan(InlineSteps(), str(clients.controller), str(asked.id))
    with house.database.transaction(clients.controller) as tx:
        assert ordering.order_erasure(tx, house.vault, house.clock, erasure=ErasureId(asked.id)) == 0
    return ErasureId(asked.id)


def by_api(clients: Clients, erasure: ErasureId) -> None:
    """Mail House is asked by the address alone."""
    path = f"/api/v1/erasures/{erasure}"
    [mail] = [each for each in done(clients.auditor.get(path))["recipients"] if each["name"] == "Mail House"]
    assert (mail["waits_for_word"], mail["word"]) == (True, None)
    of = f"{path}/recipients/{mail['recipient']}"
    found = done(clients.dpo.get(f"{of}/question"))
    assert [(each["value"], each["sent_as"]) for each in found["identifiers"]] == [
        (EMAIL, {"type": "email", "format": "sha256"}),
        ("+4520123456", {"type": "phone_number", "format": "raw"}),
    ]
    [teller] = found["identifiers"][0]["told_by"]
    assert (teller["name"], teller["object"], teller["state"], teller["by_person"]) == ("crm", "customers.csv", "certain", False)
    assert clients.dpo.post(f"{of}/word", json={"word": "ask"}).status_code == 400
    assert clients.dpo.post(f"{of}/word", json={"word": "do_not"}).status_code == 400
    assert clients.dpo.post(f"{of}/word", json={"word": "ask", "identifiers": [3]}).status_code == 400
    said = done(clients.dpo.post(f"{of}/word", json={"word": "ask", "identifiers": [1]}))["said"]
    assert (said["word"], said["identifiers"]) == ("ask", [1])
    assert clients.dpo.post(f"{of}/word", json={"word": "do_not", "why_not": "unsure"}).status_code == 409
    [order] = done(clients.dpo.get(f"/api/v1/processors/orders?asked_for={erasure}"))["items"]
    assert (order["name"], order["state"]) == ("Mail House", "to_ask")


def at_the_terminal(
    house: RealHouse, clients: Clients, erasure: ErasureId, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ship House is not asked."""

    @contextmanager
    def standing(_: Settings) -> Iterator[House]:
        yield as_house(house)

    def run(*words: str) -> str:
        code = cli.code_of(["erasure", *words, "--token", clients.dpo.headers["Authorization"].removeprefix("Bearer ")])
        printed = capsys.readouterr()
        assert code == 0, printed.err
        return printed.out

    monkeypatch.setattr(cli_desk, "house_of", standing)
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    assert run("list").count("what records tell is for a person to say: NEEDS YOU") == 2
    seen = run("question", str(erasure), "Ship House")
    assert f"1  email         {EMAIL}  sent as email (sha256); nobody else here had it; told by 1 record:" in seen
    assert "crm  customers.csv" in seen
    assert "Nobody has said yet whether it is asked." in seen
    run("do-not-ask", str(erasure), "Ship House", "--because", "unsure")
    assert "because: unsure" in run("question", str(erasure), "Ship House")
    assert "to be told; not asked" in run("show", str(erasure))


def on_the_page(page: Page, narrow: Page, erasure: ErasureId) -> None:
    """Print House is asked by its number, once somebody has looked."""
    page.get_by_role("link", name="1 processor on whom a word is missing").click()
    [row] = page.locator("main tbody tr").all()
    row.get_by_role("link").first.click()
    assert page.url.endswith(f"/console/erasures/{erasure}")
    assert "Not asked by what records tell" in page.locator("main").inner_text()
    page.get_by_role("link", name="Look, and say whether it is asked").click()
    assert "late" in page.locator("main").inner_text()
    assert EMAIL in page.locator("main").inner_text()
    narrow.goto(page.url)
    assert against(narrow) == []
    assert narrow.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Ask it by what is ticked").click()
    assert "at least one" in page.locator("main").inner_text(), "nothing is ticked by itself"
    page.get_by_label("Telephone number").check()
    page.get_by_role("button", name="Ask it by what is ticked").click()
    assert page.url.endswith(f"/console/erasures/{erasure}")
    assert page.get_by_text("To be asked by what records tell").count() == 2
    assert page.get_by_role("link", name="Look, and say whether it is asked").count() == 0
    narrow.goto(page.url)
    assert against(narrow) == []


def test_a_person_says_whether_processors_are_asked_by_what_records_tell(
    chromium: Browser,
    house: RealHouse,
    company: Controller,
    set_clock: SetClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "share").mkdir()
    set_clock.at, clients = SystemClock().now(), Clients(house, company)
    erasure = erased(house, clients, tmp_path / "share")
    by_api(clients, erasure)
    at_the_terminal(house, clients, erasure, monkeypatch, capsys)
    set_clock.at += timedelta(days=40)
    with console_of(house, company) as console:
        dpo = console.session_of(console.hire(Role.DPO).id)
        page = console.page(chromium, dpo, java_script_enabled=False)
        page.goto(f"{console.address}/console")
        on_the_page(page, console.page(chromium, dpo, viewport=NARROW), erasure)
        page.goto(f"{console.address}/console")
        assert page.get_by_role("link", name="on whom a word is missing").count() == 0
    found = done(clients.dpo.get(f"/api/v1/processors/orders?asked_for={erasure}"))["items"]
    assert sorted(each["name"] for each in found) == ["Mail House", "Print House"]
