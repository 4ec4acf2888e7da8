"""`rightcall map`, `held` and `provenance` as a DPO runs them: what they print, the files they write, and their codes."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from prov.model import ProvDocument

from rightcall.actors import SYSTEM, Actor, Role
from rightcall.api.holdings import HoldingShape
from rightcall.api.places import PlaceShape
from rightcall.cli import erasures, held
from rightcall.cli import main as cli
from rightcall.clock import day_of
from rightcall.controllers.actions import create
from rightcall.controllers.model import NewController
from rightcall.discovery.ports import Ability, Spot
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import NewSystem, OwnNumber, SystemName
from rightcall.erasure.elsewhere.model import OpenPlace, PlaceState
from rightcall.holdings import actions as holdings
from rightcall.holdings.categories import Category
from rightcall.holdings.map import actions as every_cell
from rightcall.holdings.model import NewForeign, Provenance, Source, Term
from rightcall.holdings.places import Part, Place
from rightcall.holdings.provenance import actions as provenance
from rightcall.holdings.provenance.model import FallReason
from rightcall.ids import ControllerId, HoldingId, ObjectId, SubjectId, SystemId, new_id
from rightcall.personal import Personal
from rightcall.purposes.actions import create_purpose
from rightcall.settings import load_settings
from rightcall.subjects.actions import identify
from rightcall.subjects.model import IdentifierKind
from rightcall.subjects.rules import normalise
from rightcall.wiring import House, open_house
from tests.purposes.examples import TRAINING

AGENT = Actor(id=new_id(), role=Role.AGENT)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(load_settings(data=tmp_path_factory.mktemp("deployment") / "data")) as house:
        yield house


class Estate:
    """A CRM with Ada's number, typed in by an agent and found wrong since, and a copy of it."""

    def __init__(self, house: House) -> None:
        self.house, self.name = house, f"Company {uuid4()}"
        new = NewController(name=self.name, address="a", contact="c", jurisdictions=("EU",))
        with house.database.system() as tx:
            self.controller: ControllerId = create(tx, house.clock, new).id
        with house.database.transaction(self.controller) as tx:
            number = OwnNumber(name="customer_id", expression="HB-[0-9]{6}")
            crm = NewSystem(name=SystemName(text="crm"), address=Personal("fake://crm"), numbers=(number,))
            made = systems.register(tx, house.vault, house.clock, crm, abilities=frozenset({Ability.FIND}), by=SYSTEM)
            known = normalise(IdentifierKind.CUSTOMER_ID, Personal("HB-300417"), "ZZ")
            self.ada: SubjectId = identify(tx, house.vault, house.clock, [known])
            self.number = self.keep(made.id, "phone", AGENT, ())
            part = Part(origin=self.number.id, turn=14, from_ms=192_000)
            self.copy = self.keep(made.id, "export", AGENT, (self.number.id,), (part,))
            holdings.register(tx, house.vault, house.clock, [self.number])
            holdings.register(tx, house.vault, house.clock, [self.copy])
            provenance.fall(tx, house.clock, self.number.id, FallReason.WRONG, by=SYSTEM)

    def keep(
        self, system: SystemId, field: str, by: Actor, origins: tuple[HoldingId, ...], parts: tuple[Part, ...] = ()
    ) -> NewForeign:
        at = self.house.clock.now()
        came = Provenance(source=Source.ENTRY, actor=by, at=at, basis=None, derived_from=origins, parts=parts)
        place = Place(system=system, field=field, row=Personal("row 7"))
        id = HoldingId(new_id())
        return NewForeign(id=id, subject=self.ada, category=Category.TELEPHONE_NUMBER, place=place, provenance=came)

    def run(self, *arguments: str) -> int:
        return cli.code_of([*arguments, "--data", str(self.house.settings.data), "--controller", self.name])


@pytest.fixture
def estate(house: House) -> Estate:
    return Estate(house)


def test_the_map_is_a_table_json_and_a_page(estate: Estate, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert estate.run("map", "--check") == 0
    printed = capsys.readouterr().out
    assert "crm" in printed
    assert "telephone number" in printed
    assert "Not known yet:\n  crm was never scanned." in printed
    assert estate.run("map", "--json", "--html", str(tmp_path / "map.html")) == 0
    told = json.loads(capsys.readouterr().out)
    [cell], [unknown] = told["cells"], told["not_known"]
    assert (unknown["system_name"], unknown["state"], unknown["on_no_map"]) == ("crm", "never_scanned", 0)
    assert (cell["system_name"], cell["items"], cell["people"], cell["without_purpose"]) == ("crm", 2, 1, 2)
    shown = (tmp_path / "map.html").read_text()
    assert "telephone number" in shown
    assert "crm was never scanned." in shown


def test_much_is_told_about_as_many_people_as_were_counted_last(
    estate: Estate, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(every_cell, "AT_ONCE", 1)
    assert estate.run("map") == 0
    printed = capsys.readouterr().out
    assert "not yet" in printed
    assert "is about is not counted yet" in printed
    with estate.house.database.transaction(estate.controller) as tx:
        every_cell.count_people(tx, estate.house.clock)
    assert estate.run("map", "--check") == 0
    printed = capsys.readouterr().out
    assert "not yet" not in printed.replace("Not known yet", "")
    assert "How many people each is about was counted at" in printed


def test_a_counter_that_lies_ends_with_one(estate: Estate, capsys: pytest.CaptureFixture[str]) -> None:
    with estate.house.database.transaction(estate.controller) as tx:
        tx.connection.execute("UPDATE holding_counts SET items = items + 1")
    assert estate.run("map", "--check") == 1
    assert "the counter says 3 items, 2 without" in capsys.readouterr().err
    assert estate.run("map", "--check", "--json") == 1
    said = [json.loads(line)["said"] for line in capsys.readouterr().err.splitlines()]
    assert any("the counter says 3 items, 2 without" in each for each in said)


def test_a_persons_view_says_what_where_and_where_from(estate: Estate, capsys: pytest.CaptureFixture[str]) -> None:
    assert estate.run("held", str(estate.ada)) == 0
    printed = capsys.readouterr().out
    for words in ("crm", "telephone number, field phone", "typed in by an agent", "no purpose that anybody has said", "wrong"):
        assert words in printed
    assert printed.endswith("Not known yet:\n  crm was never scanned.\n")
    assert estate.run("held", str(estate.ada), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (len(told["items"]), told["doubtful_records"]) == (2, 0)
    assert [each["says"] for each in told["not_known"]] == ["crm was never scanned."]
    assert estate.run("held", str(uuid4())) == 2
    with estate.house.database.transaction(estate.controller) as tx:
        bo = identify(tx, estate.house.vault, estate.house.clock, [])
    assert estate.run("held", str(bo)) == 0
    assert capsys.readouterr().out.startswith("Of what is known so far, nothing is about this person.\nNot known yet:\n")


def test_a_person_is_found_by_what_they_are_known_by(
    estate: Estate, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RIGHTCALL_TOKEN", raising=False)
    assert estate.run("held", "--id", "HB-300417") == 2
    assert "Give your token" in capsys.readouterr().err
    for role, code in (("engineer", 2), ("dpo", 0)):
        assert estate.run("token", "create", "--role", role) == 0
        token = capsys.readouterr().out.split()[-1]
        assert estate.run("held", "--id", "hb-300417", "--token", token) == code
    printed = capsys.readouterr().out
    assert printed.startswith("2 things are held about this person:\n  crm: 2 (2 telephone number)\n")
    assert "; found wrong; never used" in printed
    assert "; rests on what was found wrong; never used" in printed
    assert f", made from {estate.number.id} (turn 14, at 03:12)" in printed
    assert estate.run("held", "--tel", "+4532123456", "--token", token) == 2
    assert "Nobody is known by this." in capsys.readouterr().err
    for words in (("HB-300417",), (), (str(estate.ada), "--id", "HB-300417")):
        assert estate.run("held", *words, "--token", token) == 2
        assert "--tel, --email, --sip or --id" in capsys.readouterr().err


def test_rows_are_shown_for_a_purpose_to_somebody(estate: Estate, capsys: pytest.CaptureFixture[str]) -> None:
    assert estate.run("held", str(estate.ada)) == 0
    shown = capsys.readouterr()
    assert "row 7" not in shown.out
    assert "is shown for a purpose" in shown.err
    assert estate.run("held", str(estate.ada), "--purpose", "care") == 2, "nobody says who reads it"
    assert estate.run("token", "create", "--role", "dpo") == 0
    token = capsys.readouterr().out.split()[-1]
    assert estate.run("held", str(estate.ada), "--purpose", "unheard-of", "--token", token) == 2
    with estate.house.database.transaction(estate.controller) as tx:
        purpose = create_purpose(tx, estate.house.clock, TRAINING, by=SYSTEM).id
    asked = ("held", str(estate.ada), "--purpose", str(purpose), "--token", token)
    capsys.readouterr()
    assert estate.run(*asked) == 1, "kept for no purpose"
    told = capsys.readouterr().out
    for missing in (
        "  You gave no --reason.",
        "  You gave no --case.",
        "No review of this purpose",
        "`rightcall review draft FILE`",
    ):
        assert missing in told, "all that is missing is told at once"
    assert estate.run(*asked, "--reason", "answering their request") == 1
    told = capsys.readouterr().out
    assert "  You gave no --case." in told
    assert "You gave no --reason" not in told
    assert "row 7" not in told


def test_what_is_past_its_term_is_shown_to_who_may_let_it_go_and_told_to_who_may_not(
    estate: Estate, capsys: pytest.CaptureFixture[str]
) -> None:
    house = estate.house
    with house.database.transaction(estate.controller) as tx:
        purpose = create_purpose(tx, house.clock, TRAINING, by=SYSTEM).id
        over = Term(purpose=purpose, last_day=day_of(house.clock.now()) - timedelta(days=1))
        late, gone = (replace(estate.number, id=HoldingId(new_id()), terms=(over,)) for _ in range(2))
        holdings.register(tx, house.vault, house.clock, [late, gone])
        holdings.vanish(tx, house.clock, [gone.id], by=SYSTEM)
    token = dict[str, str]()
    for role in ("dpo", "auditor"):
        assert estate.run("token", "create", "--role", role) == 0
        token[role] = capsys.readouterr().out.split()[-1]
    asked = ("held", str(estate.ada), "--purpose", str(purpose))
    why = ("--reason", "deleting what is over", "--case", "R-17")
    told = "Past its last day, and there still. Delete it there, then scan again:\n  1 in crm\n"
    for words, by in (((), "dpo"), (why, "auditor")):
        assert estate.run(*asked, *words, "--token", token[by]) == 1
        shown = capsys.readouterr().out
        assert "The term that this was kept for is over." in shown
        assert told in shown
        assert "row 7" not in shown
    assert estate.run(*asked, *why, "--token", token["dpo"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("3 things are held about this person:\n  crm: 3 (3 telephone number)\n1 more is there no more.\n")
    assert "row 7" in shown
    assert told in shown
    assert ": where things lie" in shown, "the look is in the log"


def test_a_terminal_does_not_obey_the_name_of_a_foreign_row(estate: Estate, capsys: pytest.CaptureFixture[str]) -> None:
    place = PlaceShape.model_construct(
        system=uuid4(), system_name="share", object_name="\x1b[2Jcv\u202e.txt", row="\x07", path="\x1b]0;x", field=None
    )
    assert "\x1b" not in held._where(HoldingShape.model_construct(place=place))
    spot = Spot(object="\x1b[2J.txt", row="\x07", field="\x1b]0;x", start=None, end=None)
    open_place = OpenPlace(holding=estate.number.id, state=PlaceState.THERE_STILL, spot=spot)
    assert erasures._place(open_place).isprintable()


def test_prov_comes_in_pages_and_says_where_it_is_not_whole(
    estate: Estate, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("page_of_system", "page_of_person"):
        monkeypatch.setattr(provenance, name, partial(getattr(provenance, name), own=1))
    for whose in (("--subject", str(estate.ada)), ("--system", "crm")):
        seen, after = set[str](), list[str]()
        for code in (1, 0):
            assert estate.run("provenance", *whose, "--json", *after) == code
            shown = capsys.readouterr()
            ProvDocument.deserialize(content=shown.out, format="json")
            entities = json.loads(shown.out)["entity"]
            excerpt = entities.pop("id:excerpt", None)
            assert (excerpt is not None, "This is not all" in shown.err) == (code == 1, code == 1)
            seen |= set(entities)
            after = ["--after", excerpt["rc:next"]["$"].removeprefix("id:holding-")] if excerpt else []
        assert seen >= {f"id:holding-{each.id}" for each in (estate.number, estate.copy)}


def test_provenance_is_words_prov_a_picture_and_a_page(
    estate: Estate, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert estate.run("provenance", "--holding", str(estate.copy.id)) == 0
    printed = capsys.readouterr().out
    assert f"from {estate.number.id}" in printed
    assert f"rests on {estate.number.id}, which was found wrong" in printed
    assert estate.run("provenance", "--holding", str(estate.number.id)) == 0
    assert f"rests on {estate.number.id}" not in capsys.readouterr().out.split(str(estate.copy.id))[0]
    for whose in (("--subject", str(estate.ada)), ("--system", "crm"), ("--system", "rightcall")):
        assert estate.run("provenance", *whose, "--json") == 0
        assert ProvDocument.deserialize(content=capsys.readouterr().out, format="json") is not None
    svg, html = tmp_path / "ada.svg", tmp_path / "ada.html"
    assert estate.run("provenance", "--subject", str(estate.ada), "--svg", str(svg), "--html", str(html)) == 0
    assert "rests on what was found wrong" in svg.read_text()
    assert "The same as a table" in html.read_text()
    assert "crm was never scanned." in html.read_text()
    assert estate.run("provenance") == 2
    capsys.readouterr()
    assert estate.run("provenance", "--subject", str(uuid4()), "--json") == 2
    assert "prefix" not in capsys.readouterr().out, "nobody is no empty document"


def test_the_picture_and_its_table_say_in_which_table_things_lie_and_never_in_which_file(
    estate: Estate, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    house = estate.house
    with house.database.transaction(estate.controller) as tx:
        for name, address in (("desk", "postgresql://desk/db"), ("share", "/srv/share")):
            new = NewSystem(name=SystemName(text=name), address=Personal(address))
            system = systems.register(tx, house.vault, house.clock, new, abilities=frozenset({Ability.FIND}), by=SYSTEM)
            kept = estate.keep(system.id, "caller", AGENT, ())
            place = replace(kept.place, object=ObjectId(new_id()), object_name=Personal(f"{name}_of_ada"))
            holdings.register(tx, house.vault, house.clock, [replace(kept, place=place)])
    svg, html = tmp_path / "ada.svg", tmp_path / "ada.html"
    assert estate.run("provenance", "--subject", str(estate.ada), "--svg", str(svg), "--html", str(html)) == 0
    assert "in desk, desk_of_ada, field caller" in html.read_text()
    assert re.search(r"in share, object …[0-9a-f]{6}, field caller", html.read_text())
    assert "share_of_ada" not in html.read_text() + svg.read_text()
    assert estate.run("provenance", "--subject", str(estate.ada), "--json") == 0
    assert "_of_ada" not in capsys.readouterr().out
