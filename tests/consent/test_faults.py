"""Outages and races: a choice is whole or is not there, and said twice at once it is still one."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from rightcall.actors import PartyRole
from rightcall.adapters.keys.file import KeyFile
from rightcall.calls import actions as calls
from rightcall.consent import actions
from rightcall.consent.evidence import evidence_of
from rightcall.consent.model import Answer, Choice, Evidence, EvidenceKind, GrantOutcome
from rightcall.consent.standing import standing_in
from rightcall.database.connection import Database, Transaction
from rightcall.errors import KeysGone
from rightcall.ids import ControllerId
from rightcall.purposes import actions as purposes
from rightcall.subjects.actions import identify
from rightcall.vault.actions import Vault
from rightcall.vault.quarantine import actions as quarantine
from tests.conftest import FixedClock
from tests.consent.conftest import AGENT, Scene
from tests.consent.fakes import FailingKeys
from tests.purposes.examples import DPO, TRAINING, a_notice

COUNTED = "SELECT (SELECT count(*) FROM choices) + (SELECT count(*) FROM statements) + (SELECT count(*) FROM grant_keys) AS n"


def written(tx: Transaction) -> int:
    row = tx.connection.execute(COUNTED).fetchone()
    assert row is not None
    return int(row["n"])


@pytest.mark.parametrize("fault", ["fails_before", "fails_after"])
def test_a_yes_during_an_outage_leaves_nothing_and_lands_when_said_again(scene: Scene, keys: KeyFile, fault: str) -> None:
    failing = FailingKeys(keys)
    scene.vault = Vault(failing, scene.clock)
    scene.ask()
    new = replace(scene.new(Answer.GRANTED), idempotency="b7c2")
    before = written(scene.tx)
    setattr(failing, fault, True)
    with pytest.raises(KeysGone), scene.tx.connection.transaction():
        scene.write(new)
    assert written(scene.tx) == before
    assert scene.standing().answer is None
    setattr(failing, fault, False)
    assert scene.write(new).outcome is GrantOutcome.OPENED


@pytest.mark.parametrize("fault", ["fails_before", "fails_after"])
def test_a_withdrawal_needs_no_key(scene: Scene, keys: KeyFile, fault: str) -> None:
    """The key service is away: the grant is destroyed and the no is written down, without evidence; and it stays so."""
    granted = scene.choose(Answer.GRANTED)
    failing = FailingKeys(keys)
    scene.vault = Vault(failing, scene.clock)
    setattr(failing, fault, True)
    choice = scene.write(replace(scene.new(Answer.REFUSED), idempotency="b7c2"))
    assert (choice.answer, choice.outcome, choice.grant) == (Answer.WITHDRAWN, GrantOutcome.DESTROYED, granted.grant)
    assert (choice.evidence_kind, choice.evidence_commitment, choice.subject_commitment) == (
        EvidenceKind.WORD_OF_ACTOR,
        None,
        None,
    )
    assert scene.standing().grant is None
    assert granted.grant is not None
    assert not scene.vault.grant_lives(scene.tx, granted.grant)
    (leaf,) = [leaf for leaf in scene.leaves("consent.choice") if leaf["answer"] == "withdrawn"]
    assert (leaf["subject"], leaf["evidence"], leaf["outcome"]) == (None, None, "destroyed")
    assert len(scene.leaves("consent.grant_destroyed")) == 1
    setattr(failing, fault, False)
    assert scene.write(replace(scene.new(Answer.REFUSED), idempotency="b7c2")) == choice
    kept = evidence_of(scene.tx, scene.vault, choice)
    assert isinstance(kept, Evidence)
    assert kept.detail.reveal("test") == ""


@pytest.mark.parametrize("fault", ["fails_before", "fails_after"])
def test_a_key_that_means_no_needs_no_key_of_ours(scene: Scene, keys: KeyFile, fault: str) -> None:
    actions.ask(scene.tx, scene.clock, call=scene.call.id, party=scene.ada.id, notice=scene.notice.id, by=AGENT)
    failing = FailingKeys(keys)
    scene.vault = Vault(failing, scene.clock)
    setattr(failing, fault, True)
    with pytest.raises(KeysGone), scene.tx.connection.transaction():
        scene.press("1")
    choice = scene.press("2")
    assert choice is not None
    assert (choice.answer, choice.subject_commitment) == (Answer.REFUSED, None)


@pytest.fixture
def committed(database: Database, controller: ControllerId, vault: Vault, clock: FixedClock) -> Scene:
    """A scene that other transactions see too."""
    with database.transaction(controller) as tx:
        purpose = purposes.create_purpose(tx, clock, TRAINING, by=DPO)
        notice = purposes.publish_notice(tx, clock, a_notice(purpose.id), by=DPO)
        call = calls.begin(tx, clock)
        ada = calls.join(tx, clock, call=call.id, subject=identify(tx, vault, clock, []), role=PartyRole.CUSTOMER)
    return Scene(tx, vault, clock, call, ada, ada, purpose, notice)


def at_once(database: Database, controller: ControllerId, deeds: Sequence[Callable[[Transaction], Choice]]) -> list[Choice]:
    gate, made = threading.Barrier(len(deeds)), list[Choice]()

    def run(deed: Callable[[Transaction], Choice]) -> None:
        gate.wait()
        made.append(database.run(controller, deed))

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == len(deeds)
    return made


def test_answers_at_once_come_one_after_the_other(committed: Scene, database: Database, controller: ControllerId) -> None:
    scene = committed
    answers = [Answer.GRANTED, Answer.REFUSED, Answer.GRANTED, Answer.REFUSED]

    def says(answer: Answer) -> Callable[[Transaction], Choice]:
        return lambda tx: replace(scene, tx=tx).choose(answer)

    made = at_once(database, controller, [says(answer) for answer in answers])
    assert sorted(choice.sequence for choice in made) == [1, 2, 3, 4]
    with database.transaction(controller) as tx:
        history = actions.history(tx, scene.ada.id, scene.purpose.id)
        standing = standing_in(tx, scene.call.id)[scene.ada.id, scene.purpose.id]
        living = [c.grant for c in history if c.grant is not None and scene.vault.grant_lives(tx, c.grant)]
        shut = quarantine.withheld(tx, living)
    assert standing.answer is history[-1].answer
    usable = [grant for grant in living if grant not in shut]
    assert usable[-1:] == ([] if standing.grant is None else [standing.grant])
    assert bool(living) == (standing.answer is Answer.GRANTED)


def test_one_choice_posted_many_times_at_once_is_one(committed: Scene, database: Database, controller: ControllerId) -> None:
    scene = committed
    new = replace(scene.new(Answer.GRANTED), idempotency="b7c2")
    with database.transaction(controller) as tx:
        replace(scene, tx=tx).ask()
    made = at_once(database, controller, [lambda tx: actions.choose(tx, scene.vault, scene.clock, new)] * 4)
    assert len({choice.id for choice in made}) == 1
