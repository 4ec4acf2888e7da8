"""A breach through the API: rehearsed, entered, corrected, told of and closed; who is affected comes from the data map."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rightcall.actors import SYSTEM
from rightcall.breaches.rehearsing.procedure import Rehearsing
from rightcall.breaches.weighing.procedure import BreachWeighing
from rightcall.discovery.ports import Ability
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import NewSystem, SystemName
from rightcall.holdings import actions as holdings
from rightcall.holdings.categories import Category
from rightcall.holdings.model import NewForeign, Provenance, Source
from rightcall.holdings.places import Place
from rightcall.ids import HoldingId, ObjectId, SubjectId, SystemId, new_id
from rightcall.personal import Personal
from rightcall.subjects.actions import identify
from rightcall.subjects.model import Identifier, IdentifierKind
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.procedures.fakes import InlineSteps
from tests.purposes.examples import DPO
from tests.standing import SetClock

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
PHONE = "+4532123456"
LEAK = {
    "system": "crm",
    "began_at": "2026-11-20T00:00:00Z",
    "until": "2026-11-24T00:00:00Z",
    "circumstances": {"nature": ["confidentiality"]},
}


class Crm:
    """A system with people in it, as the data map knows it."""

    def __init__(self, house: RealHouse, clients: Clients) -> None:
        self.house, self.controller = house, clients.controller
        with house.database.transaction(self.controller) as tx:
            new = NewSystem(name=SystemName(text="crm"), address=Personal("sqlite:///crm.db"))
            made = systems.register(tx, house.vault, house.clock, new, abilities=frozenset({Ability.FIND}), by=DPO)
            self.id: SystemId = made.id

    def person(self, *, at: datetime, categories: tuple[Category, ...], phone: str | None = None) -> SubjectId:
        known = [] if phone is None else [Identifier(kind=IdentifierKind.TEL, value=Personal(phone))]
        with self.house.database.transaction(self.controller) as tx:
            subject = identify(tx, self.house.vault, self.house.clock, known)
            batch = [
                NewForeign(
                    id=HoldingId(new_id()),
                    subject=subject,
                    category=each,
                    place=Place(system=self.id, object=ObjectId(new_id())),
                    provenance=Provenance(source=Source.SCAN, actor=SYSTEM, at=at, basis=None),
                )
                for each in categories
            ]
            holdings.register(tx, self.house.vault, self.house.clock, batch)
        return subject


def weighed(crm: Crm, entered: dict[str, Any]) -> str:
    """Its address, after the worker weighed it."""
    assert (entered["assessment"], entered["weighing"]["is_under_way"]) == (None, True), "nothing is counted yet"
    weigh(crm, entered["id"])
    return f"/api/v1/breaches/{entered['id']}"


def weigh(crm: Crm, breach: str) -> None:
    house = crm.house
    BreachWeighing(database=house.database, vault=house.vault, clock=house.clock).of_breach(
        InlineSteps(), str(crm.controller), breach
    )


def rehearsed(clients: Clients, crm: Crm, leak: dict[str, Any]) -> dict[str, Any]:
    """What the worker says that it would mean."""
    asked, house = clients.dpo.post("/api/v1/breaches/rehearsals", json=leak).json(), crm.house
    work, steps = Rehearsing(database=house.database, vault=house.vault, clock=house.clock), InlineSteps()
    assert [work(steps, str(crm.controller), asked["id"]) for _ in range(2)] == [True, False], "once"
    found = clients.dpo.get(f"/api/v1/breaches/rehearsals/{asked['id']}").json()
    assert (found["is_under_way"], found["done"]) == (False, None)
    assessment: dict[str, Any] = found["assessment"]
    return assessment


@pytest.fixture
def crm(house: RealHouse, clients: Clients, set_clock: SetClock) -> Crm:
    set_clock.at = NOW
    return Crm(house, clients)


REACHED = (Category.NAME, Category.TELEPHONE_NUMBER, Category.HEALTH)


def test_a_rehearsal_is_weighed_by_the_worker_says_who_and_how_bad_and_enters_nothing(
    clients: Clients, crm: Crm, set_clock: SetClock
) -> None:
    crm.person(at=NOW - timedelta(days=30), categories=REACHED, phone=PHONE)
    crm.person(at=NOW - timedelta(hours=1), categories=(Category.NAME,))
    answer = clients.dpo.post("/api/v1/breaches/rehearsals", json=LEAK)
    asked = answer.json()
    assert (answer.status_code, asked["assessment"], asked["is_under_way"], asked["of"]) == (202, None, True, None)
    found = rehearsed(clients, crm, LEAK)
    assert (found["people"], found["items"], found["severity"], found["high_risk"]) == (2, 4, "very_high", True)
    assert [(each["category"], each["people"], each["first_seen_after"]) for each in found["open"]] == [
        ("pd:Health", 1, 0),
        ("pd:Name", 2, 1),
        ("pd:TelephoneNumber", 1, 0),
    ]
    assert (found["places"], found["places_of"], found["laws"]) == ({"DK": 1}, 2, ["EU", "DK"])
    assert clients.dpo.get("/api/v1/breaches").json()["items"] == []
    place = f"/api/v1/breaches/rehearsals/{asked['id']}"
    assert clients.dpo.get(place).status_code == 200
    set_clock.at = NOW + timedelta(days=8)
    clients.dpo.post("/api/v1/breaches/rehearsals", json=LEAK)
    assert clients.dpo.get(place).status_code == 404, "it goes after a week"


@pytest.mark.parametrize(
    "changes", [{"until": "2026-11-19T00:00:00Z"}, {"began_at": "2027-01-01T00:00:00Z", "until": "2027-01-02T00:00:00Z"}]
)
def test_what_cannot_have_leaked_is_not_rehearsed_either(clients: Clients, crm: Crm, changes: dict[str, str]) -> None:
    assert clients.dpo.post("/api/v1/breaches/rehearsals", json=LEAK | changes).status_code == 400


def test_what_came_later_by_another_way_or_went_before_did_not_lie_open(clients: Clients, crm: Crm, set_clock: SetClock) -> None:
    crm.person(at=NOW - timedelta(days=30), categories=(Category.NAME,))
    before = LEAK | {"began_at": "2020-01-01T00:00:00Z", "until": "2020-02-01T00:00:00Z"}
    seen = rehearsed(clients, crm, before)
    assert [each["first_seen_after"] for each in seen["open"]] == [1], "a scan saw it only afterwards"
    ours = rehearsed(clients, crm, LEAK | {"system": None})
    assert (ours["people"], ours["severity"], ours["risk"]) == (0, "low", False)


def test_from_the_clock_to_the_close(clients: Clients, crm: Crm, set_clock: SetClock) -> None:
    ada = crm.person(at=NOW - timedelta(days=30), categories=REACHED, phone=PHONE)
    entered = clients.dpo.post("/api/v1/breaches", json=LEAK | {"known_at": "2026-11-25T06:00:00Z"}).json()
    assert clients.dpo.get(f"/api/v1/breaches/{entered['id']}/people").status_code == 409
    path = weighed(crm, entered)
    assert entered["due_at"] == "2026-11-28T06:00:00Z"
    assert clients.dpo.get(f"{path}/people").json()["items"] == [{"id": str(ada), "categories": sorted(REACHED)}]
    refused = clients.dpo.post(f"{path}/close")
    assert refused.status_code == 403
    assert {each["rule"] for each in refused.json()["verdict"]["reasons"]} >= {"breach.authority", "breach.people"}
    draft = clients.dpo.get(f"{path}/drafts/authority").text
    assert "At least 1 person whom we can name, with 3 items." in draft
    assert "This is not the whole: the system crm was never scanned." in draft
    assert "health (special category (Art. 9)): 1 of 1 person" in draft
    letter = clients.dpo.get(f"{path}/drafts/people/{ada}").text
    assert "your telephone number" in letter
    assert PHONE not in draft + letter, "what leaked is not said again"
    assert "dit telefonnummer" in clients.dpo.get(f"{path}/drafts/people/{ada}?language=da").text
    assert clients.dpo.get(f"{path}/drafts/people/{new_id()}").status_code == 404
    for wrong in ({"told_at": "2026-11-25T05:00:00Z"}, {"told_at": "2030-01-01T00:00:00Z"}, {"late_because": "oversight"}):
        assert clients.dpo.post(f"{path}/authority-told", json=wrong).status_code == 400
    for told in ("authority-told", "people-told"):
        assert clients.dpo.post(f"{path}/{told}").json()[told.replace("-", "_") + "_at"] is not None
    closed = clients.dpo.post(f"{path}/close").json()
    assert closed["closed_at"] is not None
    assert clients.dpo.post(f"{path}/close").status_code == 409
    assert clients.dpo.post(f"{path}/circumstances", json={"nature": ["integrity"]}).status_code == 409


def test_it_is_shown_as_it_was_weighed_until_it_is_weighed_anew(clients: Clients, crm: Crm, set_clock: SetClock) -> None:
    ada = crm.person(at=NOW - timedelta(days=30), categories=REACHED)
    entered = clients.dpo.post("/api/v1/breaches", json=LEAK | {"known_at": "2026-11-25T06:00:00Z"}).json()
    path, still = weighed(crm, entered), {"is_under_way": False, "done": None, "of": None, "has_changed": False}
    ben = crm.person(at=NOW - timedelta(days=20), categories=(Category.NAME,))
    set_clock.at = NOW + timedelta(hours=1)

    def shown() -> tuple[int, str, dict[str, bool], list[str]]:
        found, people = clients.dpo.get(path).json(), clients.dpo.get(f"{path}/people").json()["items"]
        return found["assessment"]["people"], found["assessment"]["at"], found["weighing"], [each["id"] for each in people]

    assert shown() == (1, "2026-11-25T12:00:00Z", still, [str(ada)])
    asked = clients.engineer.post(f"{path}/weigh")
    assert (asked.status_code, asked.json()["weighing"]) == (202, still | {"is_under_way": True})
    set_clock.at = NOW + timedelta(hours=2)
    weigh(crm, entered["id"])
    assert shown() == (2, "2026-11-25T14:00:00Z", still, [str(ada), str(ben)])
    draft = " ".join(clients.dpo.get(f"{path}/drafts/authority").text.split())
    assert "Weighed 25 Nov 2026 14:00 (UTC), by the data map as it was then." in draft


def test_corrected_circumstances_change_what_follows(clients: Clients, crm: Crm) -> None:
    crm.person(at=NOW - timedelta(days=30), categories=REACHED)
    entered = clients.engineer.post("/api/v1/breaches", json=LEAK | {"known_at": "2026-11-25T06:00:00Z"}).json()
    path = weighed(crm, entered)
    sealed = {"nature": ["confidentiality"], "unintelligible": True}
    assert clients.engineer.post(f"{path}/circumstances", json=sealed).json()["assessment"]["severity"] == "low"
    assert clients.dpo.get(path).json()["circumstances"]["unintelligible"] is True
    assert clients.dpo.post(f"{path}/close").status_code == 200


@pytest.mark.parametrize(
    "changes",
    [{"until": "2026-11-19T00:00:00Z"}, {"system": "unheard-of"}, {"known_at": "2027-01-01T00:00:00Z"}, {"began_at": "x"}],
)
def test_mistakes_are_said(clients: Clients, crm: Crm, changes: dict[str, str]) -> None:
    form = LEAK | {"known_at": "2026-11-25T06:00:00Z"} | changes
    assert clients.dpo.post("/api/v1/breaches", json=form).status_code in (400, 404, 422)
    assert clients.dpo.get("/api/v1/breaches").json()["items"] == []
