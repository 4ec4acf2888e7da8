"""Back to the origin and forward to everything made from it, over any number of steps; no circle; and what falls taints what it
bore."""

import json
import logging
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from prov.model import ProvDocument

from rightcall.actors import SYSTEM
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, Malformed, NotFound
from rightcall.holdings import actions as holdings
from rightcall.holdings.model import Disposal, Heard, Holding, NewForeign, Provenance, Source
from rightcall.holdings.places import Part
from rightcall.holdings.provenance import actions, rules
from rightcall.holdings.provenance.actions import Way
from rightcall.holdings.provenance.model import FallReason, Taint
from rightcall.holdings.provenance.prov_json import document
from rightcall.ids import HoldingId, new_id
from rightcall.ledger.codec import read_leaf
from rightcall.purposes.model import LawfulBasis
from rightcall.vault.actions import Vault
from rightcall.vault.model import WithheldWhy
from tests.conftest import FixedClock
from tests.holdings.test_actions import DPO
from tests.holdings.test_foreign import PLANTED, Elsewhere

DEBIANS = Path("/usr/bin/prov-convert")


class Traced(Elsewhere):
    """A take of Ada's; her number taken down from turn 14 of it; an export of that; a mail made from the export."""

    def __init__(self, tx: Transaction, vault: Vault, clock: FixedClock) -> None:
        super().__init__(tx, vault, clock)
        self.take: Holding = self.keep(locked=True)
        part = Part(origin=self.take.id, turn=14, from_ms=192_000)
        self.number = self.put(self.new(derived_from=(self.take.id,), parts=(part,)))
        self.export = self.put(self.new(derived_from=(self.number,)))
        self.mail = self.put(self.new(derived_from=(self.export,)))

    def put(self, new: NewForeign) -> HoldingId:
        self.register(new)
        return new.id

    def taints(self, holding: HoldingId) -> tuple[Taint, ...]:
        return actions.taints_of(self.tx, self.vault, [holdings.get(self.tx, holding)])[holding]

    def follow(self, start: HoldingId, way: Way) -> set[HoldingId]:
        return set(actions.follow(self.tx, self.vault, [start], way).items)

    def tell(self, holding: HoldingId, *origins: HoldingId) -> None:
        actions.tell_origins(self.tx, self.clock, holding, origins=origins, by=DPO)

    def prov_json(self) -> str:
        trace = actions.of_person(self.tx, self.vault, self.ada)
        return json.dumps(document(trace, {self.training: "training"}, {self.crm: "crm"}, {}))


@pytest.fixture
def scene(tx: Transaction, vault: Vault, clock: FixedClock) -> Traced:
    return Traced(tx, vault, clock)


def test_back_to_the_origin_and_forward_to_everything(scene: Traced) -> None:
    assert scene.follow(scene.mail, Way.BACK) == {scene.mail, scene.export, scene.number, scene.take.id}
    assert scene.follow(scene.take.id, Way.FORWARD) == {scene.mail, scene.export, scene.number, scene.take.id}
    assert scene.follow(scene.export, Way.FORWARD) == {scene.export, scene.mail}
    assert scene.follow(scene.export, Way.BOTH) == {scene.mail, scene.export, scene.number, scene.take.id}
    [told] = actions.follow(scene.tx, scene.vault, [scene.number], Way.BACK).derivations
    assert told.part == Part(origin=scene.take.id, turn=14, from_ms=192_000)
    cut = actions.follow(scene.tx, scene.vault, [scene.mail], Way.BACK, most=2)
    assert (len(cut.items), cut.cut) == (2, True)


def test_an_origin_that_is_told_later_counts_like_one_told_at_once(scene: Traced) -> None:
    form = scene.put(scene.new())
    scene.tell(scene.number, form)
    assert form in scene.follow(scene.mail, Way.BACK)
    early = scene.put(scene.new())
    scene.tell(form, early)
    assert early in scene.follow(scene.mail, Way.BACK)
    assert holdings.get(scene.tx, scene.number).provenance.derived_from == tuple(sorted([form, scene.take.id]))
    assert [read_leaf(said["leaf"])["holding"] for said in scene.told("provenance.origin_told")] == [str(scene.number), str(form)]


def test_nothing_is_made_from_itself_over_any_number_of_steps(scene: Traced) -> None:
    for late in (scene.number, scene.export, scene.mail):
        with pytest.raises(Conflict, match="made from"):
            scene.tell(scene.number, late)
    with pytest.raises(Conflict, match="came from nothing"):
        scene.tell(scene.take.id, scene.put(scene.new()))
    with pytest.raises(psycopg.errors.CheckViolation, match="never_in_a_circle"):
        scene.tx.connection.execute(
            "INSERT INTO derivations (controller, holding, generation, origin, origin_generation) VALUES (%s, %s, 1, %s, 3)",
            (scene.tx.of, scene.number, scene.mail),
        )


def test_an_origin_that_is_not_there_or_told_already_is_refused(scene: Traced) -> None:
    with pytest.raises(NotFound):
        scene.tell(scene.number, HoldingId(new_id()))
    with pytest.raises(Conflict, match="already"):
        scene.tell(scene.number, scene.take.id)
    with pytest.raises(Malformed):
        scene.tell(scene.number)


def test_what_fell_taints_all_that_came_from_it_until_it_is_lifted(scene: Traced) -> None:
    assert scene.taints(scene.mail) == ()
    actions.fall(scene.tx, scene.clock, scene.number, FallReason.WRONG, by=DPO)
    actions.fall(scene.tx, scene.clock, scene.number, FallReason.WRONG, by=DPO)
    taint = Taint(origin=scene.number, reason=FallReason.WRONG)
    assert [scene.taints(each) for each in (scene.take.id, scene.number, scene.export, scene.mail)] == [(), *3 * [(taint,)]]
    [fell] = actions.falls_of(scene.tx, scene.number)
    assert (fell.by, fell.at) == (DPO, scene.clock.at)
    actions.lift(scene.tx, scene.clock, scene.number, FallReason.WRONG, by=DPO)
    assert scene.taints(scene.mail) == ()
    assert len(scene.told("provenance.origin_fell")) == len(scene.told("provenance.origin_holds")) == 1
    with pytest.raises(NotFound):
        actions.lift(scene.tx, scene.clock, scene.number, FallReason.WRONG, by=DPO)


def test_a_void_yes_taints_and_its_release_takes_that_back(scene: Traced) -> None:
    grant = scene.grants[scene.training]
    scene.vault.withhold(scene.tx, grant, why=WithheldWhy.VOID_CHOICE, statement=scene.take.statement)
    assert scene.taints(scene.mail) == (Taint(origin=scene.take.id, reason=FallReason.CONSENT_VOID),)
    scene.vault.release(scene.tx, grant)
    assert scene.taints(scene.mail) == ()
    with pytest.raises(Malformed, match="Weigh"):
        actions.fall(scene.tx, scene.clock, scene.take.id, FallReason.CONSENT_VOID, by=DPO)


def test_a_withdrawal_and_an_erasure_taint_and_a_term_that_ends_does_not(scene: Traced) -> None:
    other = scene.put(scene.new(subject=scene.bo, derived_from=(scene.take.id,)))
    scene.clock.at += timedelta(days=31)
    assert scene.taints(other) == ()
    scene.clock.at -= timedelta(days=31)
    scene.vault.destroy_grant(scene.tx, scene.grants[scene.training])
    assert scene.taints(other) == (Taint(origin=scene.take.id, reason=FallReason.WITHDRAWN),)
    scene.vault.destroy_subject(scene.tx, scene.ada)
    assert scene.taints(other) == (Taint(origin=scene.take.id, reason=FallReason.ERASED),)


def test_prov_json_is_what_the_prov_package_reads(scene: Traced) -> None:
    holdings.dispose(scene.tx, scene.clock, [scene.mail], by=SYSTEM, confirmed=Disposal.OTHER_SYSTEM_CONFIRMED)
    typed = replace(
        scene.new(),
        call=scene.call,
        heard=Heard(turn=14, from_ms=192_000),
        provenance=Provenance(source=Source.ENTRY, actor=DPO, at=scene.clock.at, basis=LawfulBasis.CONTRACT),
    )
    scene.register(typed)
    read = ProvDocument.deserialize(content=scene.prov_json(), format="json")
    kinds = [type(record).__name__ for record in read.get_records()]
    assert (kinds.count("ProvInvalidation"), kinds.count("ProvGeneration")) == (1, 5)
    assert kinds.count("ProvDerivation") == 3 + 2  # three steps; the take and the entry each from their call
    assert {str(record.identifier) for record in read.get_records() if record.identifier is not None} >= {
        f"id:holding-{scene.take.id}",
        f"id:call-{scene.call}",
    }
    again = ProvDocument.deserialize(content=read.serialize(format="json"), format="json")
    assert again == read


def test_prov_json_says_from_which_turn_second_and_characters(scene: Traced) -> None:
    part = Part(origin=scene.export, turn=3, from_ms=7_000, until_ms=9_000, start=4, end=12)
    spoken = replace(scene.new(), call=scene.call, heard=Heard(turn=14, from_ms=192_000, until_ms=195_500))
    scene.put(spoken)
    scene.put(cut := scene.new(derived_from=(scene.export,), parts=(part,)))
    told = {each["prov:generatedEntity"]: each for each in json.loads(scene.prov_json())["wasDerivedFrom"].values()}
    times = {"rc:turn": 14, "rc:fromMilliseconds": 192_000}
    assert told[f"id:holding-{spoken.id}"].items() >= {**times, "rc:untilMilliseconds": 195_500}.items()
    assert told[f"id:holding-{scene.number}"].items() >= times.items()
    assert told[f"id:holding-{cut.id}"] == {
        "prov:generatedEntity": f"id:holding-{cut.id}",
        "prov:usedEntity": f"id:holding-{scene.export}",
        "rc:turn": 3,
        "rc:fromMilliseconds": 7_000,
        "rc:untilMilliseconds": 9_000,
        "rc:fromCharacter": 4,
        "rc:untilCharacter": 12,
    }


def test_prov_json_has_nothing_that_is_sealed_and_the_ledger_neither(scene: Traced, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    assert PLANTED not in scene.prov_json()
    assert PLANTED not in caplog.text


def test_debians_converter_takes_it(scene: Traced, tmp_path: Path) -> None:
    assert DEBIANS.exists(), "Install Debian's prov-tools: tools/system-packages test"
    file = tmp_path / "ada.json"
    file.write_text(scene.prov_json())
    ran = subprocess.run([DEBIANS, "-f", "provn", file, tmp_path / "ada.provn"], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert f"wasDerivedFrom(id:holding-{scene.number}, id:holding-{scene.take.id}" in (tmp_path / "ada.provn").read_text()


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=12))
def test_generations_stay_in_order_whatever_is_told_in_whatever_order(told: list[tuple[int, int]]) -> None:
    ids = [HoldingId(new_id()) for _ in range(8)]
    generation = dict.fromkeys(ids, 0)
    links: list[tuple[HoldingId, HoldingId]] = []
    for made, origin in ((ids[one], ids[other]) for one, other in told):
        below, waiting = {made}, [made]
        while waiting:
            at = waiting.pop()
            more = {each for each, from_it in links if from_it == at} - below
            below |= more
            waiting += more
        try:
            changed = rules.raised(made, {origin: generation[origin]}, {id: generation[id] for id in below}, links)
        except Conflict:
            assert origin in below
            continue
        links.append((made, origin))
        for id, new in changed:
            assert all(new < generation[each] for each, from_it in links if from_it == id)
            generation[id] = new
        assert all(generation[origin] < generation[made] for made, origin in links)
