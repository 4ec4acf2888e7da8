"""Who works here, found by name; and programs, told apart by what they are for, who let them in and when they last came."""

from collections.abc import Iterator

import httpx
import pytest
from lxml import html

from rightcall.actors import SYSTEM, Role
from rightcall.controllers.model import Controller
from rightcall.database.walk import Walk
from rightcall.ledger import actions as ledger
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


def test_what_reads_of_people_waits_for_the_dpo_where_an_administrator_made_it(console: Console, secret: str) -> None:
    """A token, somebody new, another role and a new link: none opens anything by one person's word."""
    house, company = console.house, console.company
    dpo = console.session_of(console.hire(Role.DPO, "Dora Falk").id)
    agent, auditor = console.hire(Role.AGENT, "Ben Holm").id, console.hire(Role.AUDITOR, "Carl Berg").id
    with console.client(secret) as client, console.client() as stranger, console.client(dpo) as second:
        page = sent(client, secret, "tokens", role="dpo", days="1", label="CRM")[1]
        token = str(html.fromstring(page).xpath("string(//code[@class='id'])"))
        assert "It opens nothing before a DPO has agreed" in page
        by_token = {"authorization": f"Bearer {token}"}
        refused = stranger.get("/api/v1/requests", headers=by_token)
        assert (refused.status_code, "before a DPO has agreed" in refused.text) == (401, True)
        link = link_in(sent(client, secret, "members", role="dpo", name="Eve Lund")[1])
        assert (stranger.get(link).status_code, "A DPO has to agree" in stranger.get(link).text) == (401, True)
        assert sent(client, secret, f"members/{agent}/role", role="supervisor")[0] == 303
        again = link_in(sent(client, secret, f"members/{auditor}/link")[1])
        assert stranger.get(again).status_code == 401
        assert stranger.get(link_in(sent(client, secret, "members", role="agent", name="Finn Dal")[1])).status_code == 200
        assert "4 ways in to agree to" in second.get("/console").text
        waiting = html.fromstring(second.get(HERE).text).xpath("//form[contains(@action, '/agree')]/@action")
        assert len(waiting) == 4
        for place in map(str, waiting):
            assert sent(client, secret, place.removeprefix(f"{HERE}/"))[0] == 403, "nobody agrees to what they made"
            assert sent(second, dpo, place.removeprefix(f"{HERE}/"))[0] == 303
            assert sent(second, dpo, place.removeprefix(f"{HERE}/"))[0] == 303, "again is fine"
        assert "to agree to" not in second.get("/console").text
        assert stranger.get("/api/v1/requests", headers=by_token).status_code == 200
        assert stranger.get(again).status_code == stranger.get(link).status_code == 200
    with house.database.transaction(company.id) as tx:
        made = [each.says["kind"] for each in ledger.page(tx, Walk()) if str(each.says["kind"]).endswith("_agreed")]
        assert sorted(map(str, made)) == ["staff.member_agreed"] * 3 + ["staff.token_agreed"]


def link_in(page: str) -> str:
    return str(html.fromstring(page).xpath("string(//code[@class='id'])"))
