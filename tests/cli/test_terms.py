"""`rightcall terms` and `GET /api/v1/terms`: what goes in the next days, and what is there though its day is over."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import uuid4

import pytest

from rightcall.actors import SYSTEM
from rightcall.api.terms import EndingShape, TermsShape
from rightcall.cli import main as cli
from rightcall.cli import terms
from rightcall.clock import day_of
from rightcall.controllers.actions import create
from rightcall.controllers.model import NewController
from rightcall.discovery.ports import Ability
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import NewSystem, SystemName
from rightcall.holdings import actions as holdings
from rightcall.holdings.categories import Category
from rightcall.holdings.map import actions as data_map
from rightcall.holdings.model import HoldingKind, NewForeign, NewHolding, Provenance, Source, Term
from rightcall.holdings.places import Place
from rightcall.ids import HoldingId, new_id
from rightcall.personal import Personal
from rightcall.purposes.actions import create_purpose
from rightcall.purposes.model import LawfulBasis
from rightcall.retention.coming import coming
from rightcall.settings import load_settings
from rightcall.subjects.actions import identify
from rightcall.telemetry import metrics
from rightcall.wiring import House, open_house
from rightcall.worker import keeping
from tests.discovery.mapping.scene import found_by_scan
from tests.purposes.examples import TRAINING


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(load_settings(data=tmp_path_factory.mktemp("deployment") / "data")) as house:
        yield house


class Estate:
    """A CRM and Rightcall itself keep things about Ada, each until a day of its own."""

    def __init__(self, house: House) -> None:
        self.house, self.name = house, f"Company {uuid4()}"
        new = NewController(name=self.name, address="a", contact="c", jurisdictions=("EU",))
        with house.database.system() as tx:
            self.controller = create(tx, house.clock, new).id
        with house.database.transaction(self.controller) as tx:
            crm = NewSystem(name=SystemName(text="crm"), address=Personal("fake://crm"))
            self.crm = systems.register(tx, house.vault, house.clock, crm, abilities=frozenset({Ability.FIND}), by=SYSTEM).id
            self.purpose = create_purpose(tx, house.clock, TRAINING, by=SYSTEM).id
            self.ada = identify(tx, house.vault, house.clock, [])
        self.today = day_of(house.clock.now())

    def keep_here(self, days: int, items: int) -> None:
        came = Provenance(source=Source.ENTRY, actor=SYSTEM, at=self.house.clock.now(), basis=LawfulBasis.CONSENT)
        term = Term(purpose=self.purpose, last_day=self.today + timedelta(days=days))
        with self.house.database.transaction(self.controller) as tx:
            for _ in range(items):
                new = NewHolding(
                    id=HoldingId(new_id()),
                    subject=self.ada,
                    kind=HoldingKind.FIELD,
                    call=None,
                    stream=None,
                    terms=(term,),
                    provenance=came,
                    mediatype="text/plain",
                    object_key="",
                    category=Category.TELEPHONE_NUMBER,
                )
                holdings.record(tx, self.house.clock, new)

    def keep(self, days: int, items: int) -> list[HoldingId]:
        term = Term(purpose=self.purpose, last_day=self.today + timedelta(days=days))
        came = Provenance(source=Source.SCAN, actor=SYSTEM, at=self.house.clock.now(), basis=None)
        place = Place(system=self.crm, field="phone")
        new = [
            NewForeign(
                id=HoldingId(new_id()),
                subject=self.ada,
                category=Category.TELEPHONE_NUMBER,
                place=place,
                terms=(term,),
                provenance=came,
            )
            for _ in range(items)
        ]
        with self.house.database.transaction(self.controller) as tx:
            holdings.register(tx, self.house.vault, self.house.clock, new)
        return [each.id for each in new]

    def scanned(self, holdings: list[HoldingId]) -> None:
        """As a scan of the system found them, which serves the purpose for as long as that says."""
        with self.house.database.transaction(self.controller) as tx:
            found_by_scan(tx, self.crm, self.purpose, holdings)

    def signed_in(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
        place = ("--data", str(self.house.settings.data), "--controller", self.name)
        assert cli.code_of(["token", "create", "--role", "dpo", *place]) == 0
        monkeypatch.setenv("RIGHTCALL_TOKEN", capsys.readouterr().out.split()[-1])

    def run(self, *arguments: str) -> int:
        return cli.code_of(["terms", *arguments, "--data", str(self.house.settings.data), "--controller", self.name])


@pytest.fixture
def estate(house: House) -> Estate:
    return Estate(house)


def test_what_goes_is_drawn_by_day(estate: Estate, capsys: pytest.CaptureFixture[str]) -> None:
    assert estate.run() == 0
    remembered = [
        "What is gone is remembered, and who used it, for 1,095 days.",
        "Calls and requests stay on record for 1,095 days.",
    ]
    assert capsys.readouterr().out.splitlines() == ["Nothing goes by itself within 30 days.", "", *remembered]
    estate.keep(0, 3)
    for days, items in ((0, 4), (29, 1), (30, 7)):
        estate.keep_here(days, items)
    assert estate.run() == 0
    first, second, _, says, elsewhere, _, *last = capsys.readouterr().out.splitlines()
    assert last == remembered
    assert first.split() == [str(estate.today), "4", "█" * 40, "4", "telephone", "number", "in", "Rightcall"]
    assert second.split()[:3] == [str(estate.today + timedelta(days=29)), "1", "█" * 10]
    assert "Somebody has to delete it there" in says, "nothing goes by itself in a system of others"
    assert elsewhere.split() == ["3", *f"telephone number in crm, the first on {estate.today}".split()]
    assert estate.run("--days", "31", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert sorted(each["items"] for each in told["ending"]) == [1, 3, 4, 7]
    assert (told["late"], told["held"]) == ([], 0)
    assert (told["remember_days"], told["on_record_days"]) == (1095, 1095)


def test_what_outlives_its_term_is_told_until_it_has_gone(estate: Estate, capsys: pytest.CaptureFixture[str]) -> None:
    late = [*estate.keep(-1, 2), *estate.keep(-9, 1)]
    assert estate.run() == 1
    printed = capsys.readouterr().out
    assert f"3  telephone number in crm, the oldest since {estate.today - timedelta(days=9)}" in printed
    keeping.keep_terms(estate.house)
    assert metrics().past_term.labels(where="elsewhere")._value.get() >= 3
    with estate.house.database.transaction(estate.controller) as tx:
        holdings.vanish(tx, estate.house.clock, late, by=SYSTEM)
        assert data_map.late(tx, estate.house.clock) == []
    assert estate.run() == 0


def test_what_goes_by_itself_is_what_we_keep_and_the_rest_is_told_by_its_system(estate: Estate) -> None:
    for days, items in ((-9, 1), (-1, 2), (0, 4), (29, 1), (30, 7)):
        estate.keep(days, items)
    estate.keep_here(3, 2)
    with estate.house.database.transaction(estate.controller) as tx:
        found = coming(tx, estate.house.vault, estate.house.clock, days=30)
        [by_hand, going] = data_map.by_sort(found.ending)
        [late] = data_map.by_sort(data_map.late(tx, estate.house.clock))
    assert found.going == {going.first_on: 2} == {estate.today + timedelta(days=3): 2}
    assert (going.system, by_hand.system, by_hand.items) == (None, estate.crm, 5)
    assert (by_hand.first_on, by_hand.last_on) == (estate.today, estate.today + timedelta(days=29))
    assert (late.items, late.first_on, late.last_on) == (3, estate.today - timedelta(days=9), estate.today - timedelta(days=1))


def test_another_term_is_told_with_what_it_moves_in_other_systems(
    estate: Estate, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    estate.signed_in(monkeypatch, capsys)
    days = TRAINING.term_days
    assert estate.run("shorter", "training", "3") == 0
    assert "Nothing that is kept now ends sooner by it." in capsys.readouterr().out
    estate.scanned(estate.keep(days, 3))
    assert estate.run("shorter", "training", "3") == 0
    says = "Of what we keep ourselves nothing ends sooner by it. In other systems 3 things end sooner: 3 of 1 person in crm.\n"
    assert says in capsys.readouterr().out
    assert estate.run("longer", "training", str(days + 1)) == 0
    told = capsys.readouterr().out
    assert "Of what we keep ourselves nothing would be kept for longer." in told
    assert "In other systems 3 things would be kept for longer: 3 of 1 person in crm.\n" in told


def test_what_goes_with_a_hold_is_told_apart() -> None:
    voice = EndingShape(
        last_day=date(2026, 12, 4), system=None, system_name=None, category="pd:VoiceCommunicationRecording", items=2
    )
    told = terms._told(shape(by_hold=[voice], held=3), 30)
    assert told[0] == "Nothing goes by itself within 30 days as its term ends."
    assert told[2] == "Goes by itself within 30 days, as a hold ends:"
    assert told[3].split()[:3] == ["2", "voice", "communication"]
    assert told[3].endswith("in Rightcall, the first after 2026-12-04")


def test_where_nobody_says_for_how_long_what_is_gone_is_known_that_is_said() -> None:
    told = terms._told(shape(remember_days=None, on_record_days=None), 30)
    assert told[-2].endswith("for good: nobody has said for how long (rightcall controller remember).")
    assert told[-1].endswith("for good: nobody has said for how long (rightcall controller on-record).")


def shape(**given: object) -> TermsShape:
    nothing = {"ending": [], "by_hold": [], "late": [], "held": 0, "remember_days": 1095, "on_record_days": 1095}
    return TermsShape.model_validate(nothing | given)
