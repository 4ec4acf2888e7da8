"""Who works here, found by name; and programs, told apart by what they are for, who let them in and when they last came."""

from collections.abc import Iterator

import httpx
import pytest
from lxml import html

from rightcall.actors import SYSTEM, Role
from rightcall.controllers.model import Controller
from rightcall.staff.actions import authenticate, create_token
from rightcall.staff.sessions.actions import form_token
from tests.api.fakes import RealHouse
from tests.console.people import Console, console_of

HERE = "/console/staff"


@pytest.fixture
def console(house: RealHouse, company: Controller) -> Iterator[Console]:
    with console_of(house, company) as console:
        yield console


@pytest.fixture
def secret(console: Console) -> str:
    return console.session_of(console.hire(Role.ADMINISTRATOR, "Åse Lind", "ase@northwind.example").id)


def sent(client: httpx.Client, secret: str, to: str, **form: str) -> tuple[int, str]:
    answer = client.post(f"{HERE}/{to}", data=form | {"form": form_token(secret)})
    return answer.status_code, answer.text


def test_of_a_token_it_is_told_what_it_is_for_who_made_it_and_when_it_was_used(console: Console, secret: str) -> None:
    house, company = console.house, console.company
    with house.database.transaction(company.id) as tx:
        made = create_token(tx, house.clock, role=Role.AGENT, by=SYSTEM)
    with console.client(secret) as client:
        status, page = sent(client, secret, "tokens", role="agent", days="30", label=" ")
        assert status == 422
        assert html.fromstring(page).get_element_by_id("label-wrong").text_content() == "Fill this in."
        status, page = sent(client, secret, "tokens", role="agent", days="30", label="CRM, Aarhus")
        assert status == 200
        rows = [" ".join(each.text_content().split()) for each in html.fromstring(page).xpath("//table//tr[td]")]
        assert len(rows) == 2
        assert "CRM, Aarhus" in rows[0]
        assert "by Åse Lind" in rows[0]
        assert "by the command line" in rows[1]
        assert all("never" in each for each in rows)
        with house.database.system() as system:
            authenticate(system, house.clock, made.secret)
        listed = client.get(f"{HERE}?as=json&of=tokens").json()
        assert [each["used"] is not None for each in listed] == [False, True]
        assert {each["for"] for each in listed} == {"CRM, Aarhus", None}
        assert listed[1]["token"] == str(made.token.id)
    with console.client(console.session_of(console.hire(Role.AUDITOR).id)) as auditor:
        home = html.fromstring(auditor.get("/console").text)
        for words, many in (("people taken in, in 30 days", "2"), ("tokens made in 30 days", "2")):
            [figure] = home.xpath(f"//p[a[contains(., '{words}')]]/span[@class='figure']")
            assert figure.text_content() == many, "whoever looks after accounts lets in nobody unseen"


def test_people_are_found_by_a_part_of_their_name_or_address_that_stands_in_no_address(console: Console, secret: str) -> None:
    for nth in range(60):
        console.hire(Role.AGENT, f"Agent {60 - nth:02}")
    console.hire(Role.AGENT, "Bo Holm", "b.holm@northwind.example")
    with console.client(secret) as client:
        for sought, whom in (("ÅSE", "Åse Lind"), ("holm bo", "Bo Holm"), ("B.HOLM@", "Bo Holm"), ("agent 07", "Agent 07")):
            status, page = sent(client, secret, "find", sought=sought)
            assert status == 200
            assert [each.text_content() for each in html.fromstring(page).xpath("//section[@class='card']//strong")] == [whom]
        page = sent(client, secret, "find", sought="agent")[1]
        assert len(html.fromstring(page).xpath("//section[@class='card']")) == 50
        assert "and more" in page
        assert "Nobody is called so here" in sent(client, secret, "find", sought="carl")[1]
        assert sent(client, secret, "find", sought="")[0] == 422
        first = html.fromstring(client.get(f"{HERE}?sort=-name").text).xpath("//section[@class='card']//strong")
        assert [each.text_content() for each in first[:3]] == ["Åse Lind", "Bo Holm", "Agent 60"]
        assert not {"name", "address"} & set(client.get(f"{HERE}?as=json").json()[0])


def test_what_answers_a_form_leads_to_its_tables_where_they_are_asked_for(console: Console, secret: str) -> None:
    """A file that is offered is one: the page that tells a new token's secret can be asked for by no address."""
    with console.client(secret) as client:
        page = html.fromstring(sent(client, secret, "tokens", role="agent", days="30", label="CRM")[1])
        leads = [str(each) for each in page.xpath("//*[starts-with(@id, 'table-')]//a/@href")]
        assert len(leads) > 3
        for each in leads:
            answer = client.get(each.partition("#")[0])
            assert answer.status_code == 200, each
            assert ("html" in answer.headers["content-type"]) is ("as=" not in each), each
