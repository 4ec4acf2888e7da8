"""Every table of the console: found in whatever page a route has, by the mark that the one macro sets. Whoever adds a page adds
nothing here, and cannot forget it."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from uuid import UUID

import httpx
import pytest
from babel.numbers import format_percent
from lxml import html

from rightcall.actors import Role
from rightcall.breaches.weighing import actions as weighing
from rightcall.clock import SystemClock
from rightcall.console import app
from rightcall.console.door import COOKIE
from rightcall.controllers.model import Controller
from rightcall.ids import BreachId
from rightcall.staff.rules import MEMBER_ROLES
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import done, ring
from tests.api.test_comparing import Estate
from tests.cast import ADA_EMAIL, ADA_NAME, ADA_TEL, BEN_TEL, PLANTED_CARD
from tests.console.people import console_of
from tests.console.test_door import routes_of

PERIOD = re.compile(r"\b(now|ever|as weighed|in (the next )?\d+ days)\b")
"""What a figure says of the time that it is of."""
SHEETS = Path("src/rightcall/console/pages")
PLANTED = (ADA_NAME, ADA_TEL, ADA_EMAIL, BEN_TEL, PLANTED_CARD, "KD-204711")
"""What is known of customers here, and stands in no table: a file of one asks for no verdict (`docs/reference/uses.md`)."""
FIGURED = ["/console", "/console/purposes", "/console/purposes/{purpose}", "/console/map", "/console/systems/{system}"]
ODD = (
    "\0",
    "a" * 10_000,
    "\u202eשלום",
    "-1",
    "999999999",
    "99999999999999999999",
    "٣",
    "²",
    "' OR 1=1",
    "2026-01-01~x",
    "2026-02-30",
)
"""Signs that no text can hold, far too much, what reads the other way round, pages and days that there are not."""
OTHERWISE = {
    "system-uses.html": "lines of a form, in the order in which they decide",
    "weighing.html": "what a breach would mean, before it is entered",
    "purpose.html": "a line for each language that it is said in, and for each that is missing",
    "people.html": "who is known by what somebody typed, which goes into no address",
    "where.html": "in which rows things lie, shown once for a purpose, and kept in no address",
    "erasure-places.html": "a letter to those who look after a system, with where each thing lies",
    "link.html": "values beside each other, shown once for a purpose, and kept in no address",
}
"""Tables of one sheet each that are none to sort and page through, and why."""


def test_no_sheet_writes_a_table_of_its_own() -> None:
    own = {sheet.name for sheet in SHEETS.rglob("*.html") if "<table" in sheet.read_text()}
    assert own == OTHERWISE.keys()
    assert all((SHEETS / name).read_text().count("<table") == 1 for name in OTHERWISE)


@pytest.fixture
def client(house: RealHouse, company: Controller, tmp_path: Path) -> Iterator[httpx.Client]:
    """A DPO, in a house where somebody called, of whom two systems know something, one of which lay open."""
    clients = Clients(house, company)
    scene = ring(house, clients)
    for answer in ("refused", "granted", "withdrawn", "granted"):  # so that a share is one, and what came after is not in it
        done(scene.choose(answer), 201)
    scene.hear()
    scene.hang_up()
    Estate(house, clients, tmp_path)
    now = SystemClock().now()
    leaked = {
        "system": "crm",
        "began_at": (now - timedelta(hours=2)).isoformat(),
        "until": (now + timedelta(minutes=1)).isoformat(),
    }
    leaked |= {"known_at": now.isoformat()}
    leak = done(clients.dpo.post("/api/v1/breaches", json=leaked | {"circumstances": {"nature": ["confidentiality"]}}), 201)
    with house.database.transaction(company.id) as tx:
        assert weighing.weigh_anew(tx, house.vault, house.clock, BreachId(UUID(leak["id"])))
    with console_of(house, company) as console:
        secret = console.session_of(console.hire(Role.DPO).id)
        with httpx.Client(base_url=console.address, headers={"cookie": f"{COOKIE}={secret}"}, timeout=60) as client:
            yield client


def walked(client: httpx.Client, shapes: list[str]) -> dict[str, tuple[str, Any]]:
    """By the shape of its route the first page that a link leads to, and it."""
    patterns = {shape: re.compile(re.sub(r"\{[^}]+\}", "[^/]+", shape)) for shape in shapes}
    seen: dict[str, tuple[str, Any]] = {}
    waiting = ["/console"]
    for place in waiting:
        path = place.partition("?")[0]
        shape = next((each for each in (path, *patterns) if each in patterns and patterns[each].fullmatch(path)), None)
        if shape is None or shape in seen:
            continue
        answer = client.get(place)
        assert answer.status_code in (200, 409, 503), (place, answer.text)
        if answer.status_code != 200 or not answer.headers["content-type"].startswith("text/html"):
            continue
        seen[shape] = place, html.fromstring(answer.text)
        waiting += [str(link).partition("#")[0] for link in seen[shape][1].xpath("//main//a/@href | //nav//a/@href")]
    return seen


def test_every_table_sorts_filters_pages_and_goes_into_a_file_and_each_figure_leads_to_what_it_counts(
    client: httpx.Client, house: RealHouse
) -> None:
    shapes = [path for method, path, _ in routes_of(app.routes()) if method == "GET"]
    pages = walked(client, [each for each in shapes if each.startswith("/console")])
    assert len(pages) > 20, sorted(pages)
    tables = [(place, table) for place, page in pages.values() for table in page.xpath("//table[@data-table]")]
    assert len(tables) > 20, [(place, table.get("data-table")) for place, table in tables]
    assert {"told", "open"} <= {table.get("data-table") for place, table in tables if place.startswith("/console/breaches/")}
    for place, table in tables:
        Marked(client, place, table).check()
    figures = [(place, figure) for place, page in pages.values() for figure in page.xpath("//span[@class='figure']")]
    assert len(figures) > 25
    for place, figure in figures:
        check_figure(client, place, figure)
    check_people(pages)
    days = [each for _, page in pages.values() for each in page.xpath("//figure[@class='plot']//td/a")]
    assert len(days) > 1
    for each in days:
        rows = json.loads(client.get(f"{each.get('href')}&as=json").text)
        assert len(rows) == int(each.text), each.get("href")


@pytest.mark.usefixtures("client")
def test_no_role_sees_a_figure_that_it_cannot_follow(house: RealHouse, company: Controller) -> None:
    """On the first page above all: what somebody may not look into is not counted for them either."""
    with console_of(house, company) as console:
        for role in sorted(MEMBER_ROLES):
            with console.client(console.session_of(console.hire(role).id)) as own:
                pages = walked(own, FIGURED)
                figures = [(place, each) for place, page in pages.values() for each in page.xpath("//span[@class='figure']")]
                assert len(figures) > 1, role
                home = html.fromstring(own.get("/console").text)
                said = [" ".join(each.itertext()).strip() for each in home.xpath("//div[@class='cards']/section/h2/..")]
                heads = [each.text for each in home.xpath("//div[@class='cards']/section/h2")]
                assert len(said) == len(heads) == 6, role
                assert not [head for head, words in zip(heads, said, strict=True) if words == head], role
                assert not home.xpath("//div[@class='figures'][not(*)]"), role
                for place, figure in figures:
                    words = figure.getparent().text_content()
                    assert PERIOD.search(words), (role, place, words)
                    [link] = figure.xpath("../a[@data-counts]/@href")
                    assert own.get(urljoin(f"{console.address}{place}", str(link))).status_code == 200, (role, place, link)
        with console.client(console.session_of(console.hire(Role.ADMINISTRATOR).id)) as own:
            staff = html.fromstring(own.get("/console/staff").text)
            cards = [each.split() for each in staff.xpath("//section[@class='card']/@aria-labelledby")]
            names = [" ".join(staff.get_element_by_id(id).text_content() for id in ids) for ids in cards]
            assert len(names) > len(MEMBER_ROLES)
            assert len(set(names)) == len(names), "two who are called the same are told apart"


def test_what_a_table_does_not_know_is_said(client: httpx.Client) -> None:
    page = client.get("/console/answers", params={"sort": "bogus", "answer": "maybe"}).text
    assert "does not know “bogus”" in page
    assert "does not know “maybe”" in page
    assert html.fromstring(page).xpath("//select[@name='answer']/option[@selected]/@value") == ["maybe"]
    known = client.get("/console/answers", params={"sort": "when", "answer": "yes"}).text
    assert "does not know" not in known


def check_people(pages: dict[str, tuple[str, Any]]) -> None:
    """Among others each is told by the end of their id, and the whole of it is in the link."""
    links = [link for _, page in pages.values() for link in page.xpath("//main//a[starts-with(@href, '/console/people/')]")]
    people = {str(link.get("href")).split("/")[3] for link in links} - {"", "new"}
    told = {(place, text) for place, page in pages.values() for text in page.xpath("//main//*[not(self::p[@class='id'])]/text()")}
    assert [(place, text) for place, text in told if any(person in text for person in people)] == []
    assert {person[-8:] for person in people} & {text.strip() for _, text in told}


def check_figure(client: httpx.Client, place: str, figure: Any) -> None:
    """It says of when it is, and its list has so many rows, or a column of them that makes the same sum."""
    words = figure.getparent().text_content()
    assert PERIOD.search(words), (place, words)
    [link] = figure.xpath("../a[@data-counts]")
    table, _, column = str(link.get("data-counts")).rpartition(".")
    address = httpx.URL(urljoin(f"{client.base_url}{place}", str(link.get("href"))))
    rows = json.loads(client.get(address.path, params=dict(address.params) | {"as": "json", "of": table}).text)
    if share := link.get("data-share"):
        of, _, value = str(share).partition("=")
        part = sum(each[of] == value for each in rows) / len(rows)
        assert figure.text_content() == format_percent(part, locale="en_GB"), (place, words, str(address))
        return
    counted = sum(each[column] for each in rows if each[column]) if column else len(rows)
    assert counted == int(re.sub(r"\D", "", figure.text_content())), (place, words, str(address))


class Marked:
    """One table of one page, asked for in each way that its page offers."""

    def __init__(self, client: httpx.Client, place: str, table: Any) -> None:
        self.client, self.table = client, table
        self.place, _, self.query = place.partition("?")
        self.name: str = table.get("data-table")
        self.listing = table.getparent()
        self.rows = len(table.xpath("tbody/tr"))

    def check(self) -> None:
        every = self.file()
        further = self.listing.xpath(".//a[@rel='next']")
        assert len(every) == self.rows or (further and len(every) > self.rows), self.told()
        assert self.listing.xpath(".//a[contains(@href, 'as=csv')]"), self.told()
        csv = self.get(**{"as": "csv", "of": self.name})
        assert not [each for each in PLANTED if each in csv.text or each in json.dumps(every, ensure_ascii=False)], self.told()
        assert csv.headers["content-disposition"].endswith('.csv"'), self.told()
        assert csv.text.count("\r\n") == len(every) + 1, self.told()
        self.check_order(every)
        self.check_filters()
        self.check_odd()
        if further:
            self.check_pages(len(every))

    def check_order(self, every: list[dict[str, Any]]) -> None:
        """Each order that can be asked for, and each head that asks for one."""
        orders = [str(each) for each in self.listing.xpath(f".//select[@name='{self.word('sort')}']/option/@value") if each]
        assert orders, self.told()
        for sort in orders:
            found = [each[sort.removeprefix("-")] for each in self.file(**{self.word("sort"): sort})]
            assert len(found) == len(every), self.told(sort)
            known = [each.casefold() if isinstance(each, str) else each for each in found if each is not None]
            assert known == sorted(known, reverse=sort.startswith("-")), self.told(sort)
        for head in self.table.xpath("thead//a/@href"):
            asked = dict(httpx.URL(str(head)).params)
            assert asked[self.word("sort")] in orders, self.told(str(head))
        if heads := self.table.xpath("thead//a/@href"):
            page = html.fromstring(self.get(**dict(httpx.URL(str(heads[0])).params)).text)
            assert page.xpath(f"//table[@data-table='{self.name}']//th[@aria-sort]//a"), self.told()

    def check_filters(self) -> None:
        """Each value that can be picked leaves exactly the rows that have it."""
        names = [str(each) for each in self.listing.xpath(".//form//@name")]
        assert any(not each.endswith("sort") for each in names), self.told()
        for field in self.listing.xpath(".//form//select"):
            column = str(field.get("name")).rpartition(".")[2]
            values = [] if column == "sort" else [str(each) for each in field.xpath("option/@value") if each]
            every = self.file(**{self.word(column): ""})
            for value in values[:4]:
                found = self.file(**{self.word(column): value})
                assert [each for each in every if str(each.get(column)) == value] == found, self.told(value)
        if self.word("since") in names:
            assert self.file(**{self.word("since"): "2999-01-01"}) == [], self.told()
        if self.word("until") in names:
            last = {"since": "", "until": "9999-12-31"}
            assert self.file(**{self.word(name): day for name, day in last.items()}), self.told()

    def check_odd(self) -> None:
        """What nobody should ask breaks nothing, and no rows answer a value that they do not have, unless that is said."""
        asked = self.listing.xpath(".//form[@method='get']//*[self::select or self::input[not(@type='hidden')]]/@name")
        narrowing = {str(each) for each in asked} - {self.word(each) for each in ("sort", "since", "until", "find")}
        for number, name in enumerate(sorted({*map(str, asked), self.word("after")})):
            for odd in (ODD[number % len(ODD)], ODD[(number + 1) % len(ODD)]):
                page, told = self.get(**{name: odd}), self.told(f"{name}={odd[:9]}")
                assert page.status_code in (200, 400, 404, 422), told
                if page.status_code == 200 and name in narrowing:
                    found = html.fromstring(page.text).xpath(f"//table[@data-table='{self.name}']/tbody/tr")
                    assert not found or "does not know" in page.text, told

    def check_pages(self, many: int) -> None:
        """Page after page, without repeats, until there is no further one."""
        seen, place = [], f"{self.place}?{self.query}"
        while place:
            page = html.fromstring(self.client.get(place).text)
            [table] = page.xpath(f"//table[@data-table='{self.name}']")
            seen += [html.tostring(each) for each in table.xpath("tbody/tr")]
            onward = table.getparent().xpath(".//a[@rel='next']/@href")
            place = self.place + str(onward[0]).partition("#")[0] if onward else ""
        assert len(seen) == many, self.told()

    def word(self, name: str) -> str:
        return f"{self.name}.{name}" if self.name else name

    def get(self, **query: str) -> httpx.Response:
        return self.client.get(self.place, params=dict(httpx.QueryParams(self.query)) | query)

    def file(self, **query: str) -> list[dict[str, Any]]:
        answer = self.get(**query | {"as": "json", "of": self.name})
        assert answer.status_code == 200, (self.told(), answer.text)
        rows: list[dict[str, Any]] = json.loads(answer.text)
        return rows

    def told(self, more: str = "") -> str:
        return f"{self.place}, table {self.name!r} {more}"
