"""A yes that turns out to be void while a call goes on: nothing more is captured, and what was kept opens for nobody."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from rightcall.actors import Actor
from rightcall.calls import actions as calls
from rightcall.calls.model import Trunk
from rightcall.clock import day_of
from rightcall.consent import actions as consent
from rightcall.consent.model import Answer, Channel, Choice, NewChoice, Quality
from rightcall.consent.quality import actions as quality
from rightcall.consent.quality.model import Cause, PurposeFinding, WordOf
from rightcall.consent.standing import standing_in
from rightcall.database.connection import Database, Transaction
from rightcall.errors import Conflict
from rightcall.holdings import actions as holdings
from rightcall.holdings.holds.model import Slice
from rightcall.holdings.model import HoldingKind, NewHolding, Provenance, Source, Term
from rightcall.holdings.uses import actions as uses
from rightcall.ids import ControllerId, HoldingId, PurposeId, new_id
from rightcall.purposes.model import LawfulBasis
from rightcall.recordings import actions
from rightcall.recordings.model import Cut, EndReason, Played, Refused
from rightcall.recordings.procedure import Reweighing
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark, DarkReason, Lock
from tests.cast import MONDAY
from tests.conftest import FixedClock
from tests.holdings.holding import held
from tests.procedures.fakes import InlineSteps
from tests.recordings.scene import AGENT, DPO, SUPERVISOR, Scene, ring
from tests.recordings.test_receiving import document, kept_call, read, take_in

WITHHELD = Dark(reason=DarkReason.WITHHELD)
PACKET = bytes([0x80, 0]) + bytes(10) + b"\xff" * 160


def note(scene: Scene, choice: Choice) -> None:
    """As the API does it: the session's lock first."""
    actions.touch(scene.tx, scene.call)
    quality.note_pressure(scene.tx, scene.vault, scene.clock, choice.id, word_of=WordOf.STAFF, by=AGENT)


def readable(scene: Scene, holding: HoldingId, purpose: PurposeId) -> Dark | None:
    return holdings.readable(scene.tx, scene.vault, holdings.get(scene.tx, holding))[purpose]


def captured(scene: Scene) -> Choice:
    """Ada said yes to both purposes; both sides are kept."""
    yes = scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.answer("p-ada", scene.disputes, Answer.GRANTED)
    scene.settle()
    assert scene.open() == {"1": {"training", "disputes"}, "2": {"training", "disputes"}}
    scene.later()
    assert all(scene.recorder.hear(scene.stream(label), 20, PACKET) for label in "12")
    return yes


def test_pressure_noted_in_mid_call_closes_that_purpose_and_shuts_what_was_kept_of_both_sides(scene: Scene) -> None:
    yes = captured(scene)
    takes = scene.state_takes()
    note(scene, yes)
    scene.settle()
    assert scene.open() == {"1": {"disputes"}, "2": {"disputes"}}
    for take in takes:
        assert readable(scene, take.id, scene.training.id) == WITHHELD
        assert readable(scene, take.id, scene.disputes.id) is None
        assert holdings.quarantined(scene.tx, holdings.get(scene.tx, take.id)) == {scene.training.id}


def test_with_no_other_purpose_the_gate_closes_at_once_and_nothing_more_is_captured(scene: Scene) -> None:
    yes = scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    note(scene, yes)
    scene.settle()
    assert scene.open() == {}
    assert not scene.recorder.hear(scene.stream("1"), 40, PACKET)
    assert {take.cut_reason for take in scene.state_takes()} == {Cut.NO_YES}


def test_what_is_in_quarantine_is_played_for_nobody(scene: Scene) -> None:
    """The law says no first; and whoever it says yes to, the person themselves, is told that it is in quarantine."""
    yes = captured(scene)
    note(scene, yes)
    actions.end(scene.tx, scene.tools, scene.call, EndReason.HUNG_UP)
    scene.recorder.finish_all(scene.tx)
    take = next(each for each in scene.state_takes() if scene.training.id in each.purposes and each.party == scene.party("p-ada"))

    def play(purpose: PurposeId, *, for_speaker: bool = False) -> object:
        return actions.play(
            scene.tx,
            scene.tools,
            scene.objects,
            take=take.id,
            purpose=purpose,
            by=DPO if for_speaker else SUPERVISOR,
            reason="their own request" if for_speaker else "train a new agent",
            case="case-7",
            for_speaker=for_speaker,
        )

    assert isinstance(play(scene.training.id), Refused)
    assert play(scene.training.id, for_speaker=True) == WITHHELD
    assert uses.of_holdings(scene.tx, [take.id]) == []
    assert isinstance(play(scene.disputes.id), Played)


def test_a_hold_keeps_the_proof_for_the_dpo(scene: Scene) -> None:
    yes = captured(scene)
    note(scene, yes)
    actions.end(scene.tx, scene.tools, scene.call, EndReason.HUNG_UP)
    scene.recorder.finish_all(scene.tx)
    take = scene.state_takes()[0]
    slice = Slice(holding=take.id, purpose=scene.training.id)
    hold = held(scene.tx, scene.vault, scene.clock, slice, until=day_of(scene.clock.at))

    def listen(by: Actor) -> object:
        return actions.play_held(
            scene.tx,
            scene.tools,
            scene.objects,
            hold=hold.id,
            take=take.id,
            by=by,
            reason="what was said to her",
            case="complaint-7",
        )

    assert isinstance(listen(DPO), Played)
    assert isinstance(listen(SUPERVISOR), Refused)


def transcribed(scene: Scene) -> HoldingId:
    """A transcript of Ada's words, locked under the agent's standing alone."""
    take = next(each for each in scene.state_takes() if each.party == scene.party("p-ada"))
    made = HoldingId(new_id())
    agents = standing_in(scene.tx, scene.call)[scene.party("p-seven"), scene.training.id].grant
    assert agents is not None
    day = holdings.get(scene.tx, take.id).terms[0].last_day
    assert day is not None
    scene.vault.lock_content(scene.tx, holding=made, locks=[Lock(purpose=scene.training.id, grants=(agents,), last_day=day)])
    holdings.record(
        scene.tx,
        scene.clock,
        NewHolding(
            id=made,
            subject=holdings.get(scene.tx, take.id).subject,
            kind=HoldingKind.TRANSCRIPT,
            terms=(Term(purpose=scene.training.id, last_day=day),),
            mediatype="text/plain",
            provenance=Provenance(
                source=Source.DERIVED,
                actor=DPO,
                at=scene.clock.at,
                basis=LawfulBasis.CONSENT,
                derived_from=(take.id,),
            ),
            call=scene.call,
            object_key="k",
        ),
    )
    assert readable(scene, made, scene.training.id) is None
    return made


def test_what_is_made_from_it_is_in_quarantine_with_it_though_it_has_a_lock_of_its_own(scene: Scene) -> None:
    yes = captured(scene)
    made = transcribed(scene)
    note(scene, yes)
    assert readable(scene, made, scene.training.id) == WITHHELD
    assert holdings.quarantined(scene.tx, holdings.get(scene.tx, made)) == {scene.training.id}


def take_back(scene: Scene, yes: Choice) -> None:
    scene.answer("p-ada", scene.training, Answer.WITHDRAWN)


def let_go(scene: Scene, yes: Choice) -> None:
    note(scene, yes)
    quality.let_go(scene.tx, scene.vault, scene.clock, yes.id, by=DPO)


def take_back_void(scene: Scene, yes: Choice) -> None:
    note(scene, yes)
    take_back(scene, yes)


@pytest.mark.parametrize("end", [take_back, let_go, take_back_void])
def test_what_is_made_from_it_is_as_dark_as_it_once_the_yes_has_ended(scene: Scene, end: Callable[[Scene, Choice], None]) -> None:
    yes = captured(scene)
    take = next(each for each in scene.state_takes() if each.party == scene.party("p-ada"))
    made = transcribed(scene)
    end(scene, yes)
    ended = Dark(reason=DarkReason.GRANT_DESTROYED)
    assert readable(scene, take.id, scene.training.id) == readable(scene, made, scene.training.id) == ended


def test_a_fresh_yes_opens_anew_and_nothing_of_before(scene: Scene) -> None:
    yes = scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    before = scene.state_takes()[0]
    note(scene, yes)
    scene.later()
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    assert scene.open() == {"1": {"training"}, "2": {"training"}}
    assert readable(scene, before.id, scene.training.id) == WITHHELD


def test_a_sound_that_came_in_a_vcon_is_shut_with_the_yes_that_came_with_it(scene: Scene, tmp_path: Path) -> None:
    taken_in = take_in(scene, read(document(scene)), tmp_path)
    (holding,) = taken_in.kept.values()
    assert readable(scene, holding, scene.training.id) is None
    (yes,) = consent.choices_of_call(scene.tx, kept_call(taken_in))
    quality.note_pressure(scene.tx, scene.vault, scene.clock, yes.id, word_of=WordOf.PERSON, by=DPO)
    assert readable(scene, holding, scene.training.id) == WITHHELD


def test_a_vcon_whose_yes_is_void_by_what_is_known_here_brings_nothing(scene: Scene, tmp_path: Path) -> None:
    """Ada had said no three times in other calls of the days before."""
    vcon = read(document(scene))
    ada = next(each for each in calls.parties(scene.tx, scene.call) if each.id == scene.party("p-ada"))
    for days in range(1, 4):
        other = calls.begin(scene.tx, scene.clock)
        party = calls.join(scene.tx, scene.clock, call=other.id, subject=ada.subject, role=ada.role)
        no = NewChoice(
            party=party.id,
            purpose=scene.training.id,
            answer=Answer.REFUSED,
            channel=Channel.API,
            by=AGENT,
            made_at=MONDAY - timedelta(days=days),
        )
        consent.choose(scene.tx, scene.vault, scene.clock, no)
    with pytest.raises(Conflict, match="void by what is known here"):
        take_in(scene, vcon, tmp_path)


@pytest.fixture
def running(database: Database, controller: ControllerId, vault: Vault, clock: FixedClock, trunk: Trunk) -> Scene:
    """A call whose rows are committed, with Ada's yes not yet acted upon."""
    with database.transaction(controller) as tx:
        scene = ring(tx, vault, clock, trunk)
        scene.answer("p-ada", scene.training, Answer.GRANTED)
    return scene


def the_yes(tx: Transaction, scene: Scene) -> Choice:
    return next(each for each in consent.choices_of_call(tx, scene.call) if each.answer is Answer.GRANTED)


def end(database: Database, controller: ControllerId, scene: Scene) -> None:
    with database.transaction(controller) as tx:
        actions.end(tx, scene.tools, scene.call, EndReason.HUNG_UP)


def test_found_void_in_the_instant_in_which_a_gate_opens_shows_in_its_version_and_closes_it(
    database: Database, controller: ControllerId, running: Scene
) -> None:
    def found_void(tx: Transaction) -> None:
        running.tx = tx
        note(running, the_yes(tx, running))

    with ThreadPoolExecutor(1) as elsewhere:
        with database.transaction(controller) as tx:
            settlement = actions.settle(tx, running.tools, running.call)
            assert all(gate.take is not None for gate in settlement.gates)
            finding = elsewhere.submit(database.run, controller, found_void)
        finding.result(timeout=20)
    with database.transaction(controller) as tx:
        running.tx = tx
        assert actions.call_state(tx, running.call).session.version > settlement.version
        assert all(gate.take is None for gate in actions.settle(tx, running.tools, running.call).gates)
        for gate in settlement.gates:
            assert gate.take is not None
            assert readable(running, gate.take, running.training.id) == WITHHELD
    end(database, controller, running)


def test_found_void_before_a_gate_opens_keeps_it_shut(database: Database, controller: ControllerId, running: Scene) -> None:
    """The settling waits for the finding, and then reads what it left."""
    with ThreadPoolExecutor(1) as elsewhere:
        with database.transaction(controller) as tx:
            running.tx = tx
            note(running, the_yes(tx, running))
            settling = elsewhere.submit(database.run, controller, lambda tx: actions.settle(tx, running.tools, running.call))
        assert all(gate.take is None for gate in settling.result(timeout=20).gates)
    end(database, controller, running)


def test_what_is_found_out_about_a_purpose_weighs_every_yes_to_it_anew(
    database: Database, controller: ControllerId, running: Scene
) -> None:
    with database.transaction(controller) as tx:
        quality.tell(tx, running.clock, running.training.id, PurposeFinding(detriment_found=True), by=DPO)
        before = actions.call_state(tx, running.call).session.version
    reweighing = Reweighing(database=database, tools=running.tools)
    arguments = (str(controller), str(running.training.id))
    assert reweighing.after_finding(InlineSteps(), *arguments) == 1
    assert reweighing.as_asked(InlineSteps(), *arguments) == 1
    with database.transaction(controller) as tx:
        found = quality.history(tx, the_yes(tx, running).id)
        assert [each.cause for each in found] == [Cause.CHOSEN, Cause.TOLD]
        assert found[-1].weighed.quality is Quality.DOUBTFUL
        assert actions.call_state(tx, running.call).session.version > before
    end(database, controller, running)
