"""What pages say where there is little to show: each as it is, and no more."""

from collections.abc import Iterator

import pytest
from lxml import html

from rightcall.actors import Role
from rightcall.clock import SystemClock
from rightcall.controllers.model import Controller
from rightcall.copies.under_way import actions as under_way
from rightcall.copies.under_way.model import Doing, Work
from rightcall.staff.sessions.actions import form_token
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import done, ring
from tests.api.test_parity import TOLD, look
from tests.cast import ADA_TEL
from tests.console.people import Console, console_of


@pytest.fixture
def console(house: RealHouse, company: Controller) -> Iterator[Console]:
    clients = Clients(house, company)
    scene = ring(house, clients)
    scene.choose("granted")
    scene.hang_up()
    done(clients.engineer.post(f"/api/v1/calls/{scene.call}/outcome", json=TOLD), 200)
    look(house, clients)
    with console_of(house, company) as console:
        yield console


def test_a_drill_one_person_and_too_few_calls_are_told_as_they_are(console: Console, house: RealHouse) -> None:
    """What is under way with how far it is; one person as one; and what cannot be compared neither as good nor as bad."""
    agent = console.session_of(console.hire(Role.AGENT).id)
    with console.client(agent) as client:
        asked = {"form": form_token(agent), "kind": "tel", "value": ADA_TEL}
        assert "1 person is known by this" in client.post("/console/people", data=asked).text
    clock = SystemClock()
    with console.client(console.session_of(console.hire(Role.DPO).id)) as dpo:
        assert "No drill and no backup is under way." in dpo.get("/console/backups").text
        with house.database.system() as tx:
            drill = under_way.begin(tx, clock, Work.DRILL)
            under_way.tell(tx, clock, drill, Doing.OBJECTS, 3, 12)
        [going] = html.fromstring(dpo.get("/console/backups").text).xpath("//section[@id='under-way'][@data-goes-on]")
        said = " ".join(going.text_content().split())
        assert ("A drill has run since" in said, "3 of 12" in said) == (True, True)
        assert going.xpath(".//progress[@max='12'][@value='3']")
        parity = html.fromstring(dpo.get("/console/parity").text)
        [note] = parity.xpath("//main//div[starts-with(@class, 'note')]")
        assert (note.get("class"), note.get("role")) == ("note", None)
        assert "Nothing can be told yet" in note.text_content()
