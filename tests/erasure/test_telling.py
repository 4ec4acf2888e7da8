"""Recipients are told of an erasure: who they are follows from purposes, the letter is written from what is kept for it alone,
and that goes once the last was told."""

import pytest

from rightcall.activities import actions as activities
from rightcall.activities.model import NewRecipient, Recipient, RecipientKind
from rightcall.activities.telling import actions as telling
from rightcall.activities.telling.model import Answer
from rightcall.activities.telling.procedure import Telling
from rightcall.controllers import actions as controllers
from rightcall.errors import Conflict, NotFound
from rightcall.evidence.model import Grade
from rightcall.ids import ErasureId, PurposeId, RecipientId, new_id
from rightcall.purposes import actions as purposes
from rightcall.requests.model import Answered, Request
from rightcall.vault.model import Dark
from tests.cast import ADA_TEL
from tests.erasure.fakes import World
from tests.procedures.fakes import InlineSteps
from tests.purposes.examples import DPO


def declared(world: World, name: str, *of: PurposeId, kind: RecipientKind = RecipientKind.PROCESSOR) -> Recipient:
    with world.deed() as tx:
        new = NewRecipient(name=name, kind=kind, country="DK", purposes=of)
        return activities.declare_recipient(tx, world.clock, new, by=DPO)


def planned(world: World, request: Request) -> None:
    """What follows from the erasure."""
    Telling(eraser=world.eraser).plan(InlineSteps(), str(world.controller), str(request.id))


def certified(world: World, request: Request) -> None:
    if world.said()["activities.letters_forgotten"]:
        Telling(eraser=world.eraser).certify(InlineSteps(), str(world.controller), str(request.id))


def key_of(world: World, request: Request) -> object:
    with world.deed() as tx:
        row = tx.connection.execute("SELECT key, sealed_who FROM erasure_letters WHERE erasure = %s", (request.id,)).fetchone()
    return None if row is None else row["key"]


@pytest.mark.parametrize("failure", [None, ("before", "keep letters"), ("after", "keep letters")])
def test_who_receives_data_for_a_purpose_of_hers_is_told_by_what_she_was_known_by(
    world: World, failure: tuple[str, str] | None
) -> None:
    world.recorded()
    with world.deed() as tx:
        other = next(each.id for each in purposes.all_purposes(tx) if each.id != world.scene.training.id)
    trainer = declared(world, "Training House", world.scene.training.id)
    declared(world, "Nothing of hers", other)
    ended = declared(world, "Former Trainer", world.scene.training.id, kind=RecipientKind.CONTROLLER)
    with world.deed() as tx:
        activities.end_recipient(tx, world.clock, ended.id, by=DPO)
    request = world.ask_for_erasure(world.ada)
    failing = {} if failure is None else {f"fail_{failure[0]}": frozenset([failure[1]])}
    world.answer(request, InlineSteps(**failing))  # type: ignore[arg-type]  # one of its two
    planned(world, request)
    planned(world, request)
    erasure = ErasureId(request.id)
    with world.deed() as tx:
        assert {to.name for to, _ in telling.notices(tx, erasure)} == {"Training House", "Former Trainer"}
        letter = telling.letter(tx, world.vault, world.clock, erasure=erasure, recipient=trainer.id)
        assert "asked us to erase" in letter
        assert ADA_TEL in letter
        assert str(erasure) in letter
    with world.database.system() as tx:
        controllers.set_language(tx, world.controller, "fr-CA")
    with world.deed() as tx:
        letter = telling.letter(tx, world.vault, world.clock, erasure=erasure, recipient=trainer.id)
        assert "nous a demandé d'effacer" in letter
        assert f"numéro de téléphone: {ADA_TEL}" in letter
        with pytest.raises(Conflict, match="not told yet"):
            telling.answer(tx, world.clock, erasure=erasure, recipient=trainer.id, answer=Answer.LET_GO, by=DPO)
        with pytest.raises(NotFound):
            telling.tell(tx, world.vault, world.clock, erasure=erasure, recipient=RecipientId(new_id()), by=DPO)
    [(grade, shown)] = world.certificates(world.request(request).subject)
    assert grade is Grade.PARTIAL
    assert "Remains: kept because a law demands it (GDPR Art. 17(3)(b)) (2)." in shown.says
    assert world.request(request).outcome is Answered.FULFILLED

    with world.deed() as tx:
        telling.tell(tx, world.vault, world.clock, erasure=erasure, recipient=trainer.id, by=DPO)
        assert telling.untold(tx) == [erasure]
    assert key_of(world, request) is not None
    with world.deed() as tx:
        for _ in range(2):
            telling.tell(tx, world.vault, world.clock, erasure=erasure, recipient=ended.id, by=DPO)
        telling.answer(tx, world.clock, erasure=erasure, recipient=trainer.id, answer=Answer.KEEPS, by=DPO)
        told = telling.answer(tx, world.clock, erasure=erasure, recipient=trainer.id, answer=Answer.LET_GO, by=DPO)
        assert (told.told_by, told.answer, told.answered_at) == (DPO, Answer.LET_GO, world.clock.at)
        with pytest.raises(Conflict, match="knows any more whom"):
            telling.letter(tx, world.vault, world.clock, erasure=erasure, recipient=trainer.id)
    assert key_of(world, request) is None
    certified(world, request)
    assert [grade for grade, _ in world.certificates(world.request(request).subject)][-1] is Grade.COMPLETE_AFTER_BACKUPS
    said = world.said()
    assert (said["activities.recipient_told"], said["activities.recipient_answered"]) == (2, 2)
    assert said["activities.recipients_to_tell"] == said["activities.letters_forgotten"] == 1


def test_what_is_kept_for_letters_goes_at_once_where_nobody_is_to_be_told(world: World) -> None:
    world.recorded()
    with world.deed() as tx:
        other = next(each.id for each in purposes.all_purposes(tx) if each.id != world.scene.training.id)
    declared(world, "Nothing of hers", other)
    request = world.ask_for_erasure(world.ada)
    world.answer(request)
    key = key_of(world, request)
    assert key is not None
    planned(world, request)
    assert key_of(world, request) is None
    certified(world, request)
    assert [grade for grade, _ in world.certificates(world.request(request).subject)][-1] is Grade.COMPLETE_AFTER_BACKUPS


def test_where_nobody_receives_anything_nothing_is_kept(world: World) -> None:
    world.recorded()
    request = world.ask_for_erasure(world.ada)
    world.answer(request)
    assert key_of(world, request) is None
    planned(world, request)
    assert "activities.recipients_to_tell" not in world.said()


def test_a_restored_database_forgets_again_whom_it_was_about(world: World) -> None:
    world.recorded()
    declared(world, "Training House", world.scene.training.id)
    request = world.ask_for_erasure(world.ada)
    world.answer(request)
    with world.deed() as tx:
        row = tx.connection.execute("SELECT key, sealed_who FROM erasure_letters").fetchone()
        assert row is not None
        assert telling.forget_again(tx, world.vault, world.clock, request.id)
        assert not telling.forget_again(tx, world.vault, world.clock, request.id)
        assert isinstance(world.vault.open_value(tx, row["key"], bytes(row["sealed_who"]), "activities.letters"), Dark)
