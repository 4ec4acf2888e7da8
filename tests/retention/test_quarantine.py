"""What is in quarantine keeps its bytes, since it may be released. It goes when the DPO lets go of it, by a withdrawal, an
erasure, or with its term."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from rightcall.canonical import sha256
from rightcall.consent import actions as consent
from rightcall.consent.model import Answer, Choice
from rightcall.consent.quality import actions as quality
from rightcall.consent.quality.model import AsideReason, ReleaseReason, WordOf
from rightcall.consent.standing import standing_in
from rightcall.evidence.model import Grade
from rightcall.holdings import actions as holdings
from rightcall.holdings.model import HoldingKind, NewHolding, Source
from rightcall.ids import HoldingId, new_id
from rightcall.reactions import REACTIONS
from rightcall.retention import actions as retention
from rightcall.vault.model import Dark, DarkReason, Lock
from tests.erasure.fakes import World
from tests.procedures.fakes import InlineSteps
from tests.recordings.scene import AGENT, DPO

TERM = timedelta(days=31)


def the_yes(world: World) -> Choice:
    with world.deed() as tx:
        return next(each for each in consent.choices_of_call(tx, world.scene.call) if each.answer is Answer.GRANTED)


@pytest.fixture
def pressed(world: World) -> World:
    """A recorded call whose yes was pressed for."""
    world.recorded()
    yes = the_yes(world)
    with world.deed() as tx:
        quality.note_pressure(tx, world.vault, world.clock, yes.id, word_of=WordOf.PERSON, by=AGENT)
    return world


def dispose(world: World) -> None:
    world.disposals.of_call(InlineSteps(), str(world.controller), str(world.scene.call))


def opened(world: World) -> set[Dark | bool]:
    found: set[Dark | bool] = set()
    for holding in world.holdings():
        with world.deed() as tx:
            key = world.vault.unlock_content(tx, holding=holding.id, purpose=holding.purposes[0])
        found.add(key if isinstance(key, Dark) else True)
    return found


def test_its_bytes_stay_and_once_released_they_open_again(pressed: World) -> None:
    dispose(pressed)
    assert len(pressed.stored()) == 2
    assert opened(pressed) == {Dark(reason=DarkReason.WITHHELD)}
    yes = the_yes(pressed)
    with pressed.deed() as tx:
        (mark,) = quality.marks_of_call(tx, yes.call)
        quality.set_aside(tx, pressed.vault, pressed.clock, mark.id, choice=yes.id, reason=AsideReason.NOT_SO, by=DPO)
        quality.release(tx, pressed.vault, pressed.clock, yes.id, reason=ReleaseReason.MARK_WAS_WRONG, by=DPO)
    assert opened(pressed) == {True}


def test_when_the_dpo_lets_go_the_bytes_go(pressed: World) -> None:
    with pressed.deed() as tx:
        quality.let_go(tx, pressed.vault, pressed.clock, the_yes(pressed).id, by=DPO)
    (said,) = pressed.leaves("consent.grant_let_go")
    (reaction,) = (each for each in REACTIONS if said["kind"] == each.after.KIND)
    assert (reaction.procedure, [said[name] for name in reaction.arguments]) == (
        "dispose_of_call",
        [str(pressed.controller), str(pressed.scene.call)],
    )
    dispose(pressed)
    assert pressed.stored() == []


def test_a_withdrawal_takes_it(pressed: World) -> None:
    with pressed.deed():
        pressed.scene.answer("p-ada", pressed.scene.training, Answer.WITHDRAWN)
    dispose(pressed)
    assert pressed.stored() == []


def transcribed(world: World, scratch: Path) -> str:
    """Made from Ada's side, of no call, and under the agent's standing alone."""
    id = HoldingId(new_id())
    key = f"{world.controller}/{id}"
    with world.deed() as tx:
        take = next(each for each in holdings.of_call(tx, world.scene.call) if each.subject == world.ada)
        (term,) = take.terms
        grant = standing_in(tx, world.scene.call)[world.scene.party("p-seven"), term.purpose].grant
        assert grant is not None
        assert term.last_day is not None
        lock = Lock(purpose=term.purpose, grants=(grant,), last_day=term.last_day)
        world.vault.lock_content(tx, holding=id, locks=[lock])
        made = NewHolding(
            id=id,
            subject=world.ada,
            kind=HoldingKind.TRANSCRIPT,
            terms=(term,),
            mediatype="text/plain",
            provenance=replace(take.provenance, source=Source.DERIVED, derived_from=(take.id,)),
            call=None,
            object_key=key,
        )
        holdings.record(tx, world.clock, made)
        holdings.complete(tx, world.clock, id, sealed_length=3, complete=True, sha256=sha256(b"abc"))
    scratch.write_bytes(b"abc")
    world.objects.put_file(key, scratch)
    return key


@pytest.mark.parametrize("is_void", [True, False])
def test_what_was_made_from_it_goes_with_it_though_it_is_of_no_call(world: World, tmp_path: Path, is_void: bool) -> None:
    world.recorded()
    assert transcribed(world, tmp_path / "made") in world.stored()
    yes = the_yes(world)
    if is_void:
        with world.deed() as tx:
            quality.note_pressure(tx, world.vault, world.clock, yes.id, word_of=WordOf.PERSON, by=AGENT)
        dispose(world)
        assert len(world.stored()) == 3
        with world.deed() as tx:
            quality.let_go(tx, world.vault, world.clock, yes.id, by=DPO)
    else:
        with world.deed():
            world.scene.answer("p-ada", world.scene.training, Answer.WITHDRAWN)
    dispose(world)
    assert world.stored() == []


def test_it_goes_with_its_term(pressed: World) -> None:
    pressed.clock.at += TERM
    with pressed.deed() as tx:
        retention.end_due_terms(tx, pressed.vault, pressed.clock)
    (said,) = pressed.leaves("retention.term_ended")
    pressed.disposals.of_term(InlineSteps(), str(pressed.controller), str(said["last_day"]))
    assert pressed.stored() == []


def test_an_erasure_takes_it_and_its_certificate_is_as_ever(pressed: World) -> None:
    ada = pressed.ada
    pressed.answer(pressed.ask_for_erasure(ada))
    assert pressed.stored() == []
    assert [grade for grade, _ in pressed.certificates(ada)] == [Grade.COMPLETE_AFTER_BACKUPS]
