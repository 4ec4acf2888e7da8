"""What goes wrong, or is made to go wrong, while a person is erased: somebody joins them to another, asks twice at once, the key
service is away, a store lets go of half, the clock is stepped. It ends the same, or is said not to be done; nothing comes
back."""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from rightcall.actors import SYSTEM
from rightcall.adapters.keys.file import KeyFile
from rightcall.adapters.objects.store import Objects
from rightcall.erasure import actions as erasures
from rightcall.errors import Conflict, KeysGone
from rightcall.evidence.model import Grade
from rightcall.ids import ErasureId, SubjectId
from rightcall.personal import Personal
from rightcall.procedures.ports import T
from rightcall.requests import actions as requests
from rightcall.requests.model import Answered, RequestKind, Stage
from rightcall.subjects import actions as subjects
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.model import Identifier, IdentifierKind, JoinReason
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark
from tests.cast import ADA_EMAIL
from tests.conftest import FixedClock
from tests.erasure.fakes import World
from tests.procedures.fakes import InlineSteps

STEPS = ("begin", "look for the rest of the person", "keep letters", "destroy", "dispose", "confirm", "certify", "fulfil")


class Meddled(InlineSteps):
    """Somebody does something just before, or just after, a step is done the first time."""

    def __init__(self, when: str, step: str, deed: Callable[[], object]) -> None:
        super().__init__()
        self._when, self._step, self._deed = when, step, deed
        self.meddled = False

    def run(self, name: str, deed: Callable[[], T]) -> T:
        if name != self._step or self.meddled:
            return super().run(name, deed)
        self.meddled = True
        if self._when == "before":
            self._deed()
            return super().run(name, deed)
        done = super().run(name, deed)
        self._deed()
        return done


class AwayKeys:
    """A key service that is away when it is told to be."""

    def __init__(self, keys: KeyFile) -> None:
        self._keys = keys
        self.is_away = False

    def create(self, family: str) -> str:
        return self._there().create(family)

    def names(self, family: str) -> list[str]:
        return self._there().names(family)

    def wrap(self, key: str, secret: bytes, context: bytes) -> bytes:
        return self._there().wrap(key, secret, context)

    def unwrap(self, key: str, blob: bytes, context: bytes) -> bytes | Dark:
        return self._there().unwrap(key, blob, context)

    def destroy(self, key: str) -> None:
        self._there().destroy(key)

    def _there(self) -> KeyFile:
        if self.is_away:
            raise KeysGone("The key service does not answer.")
        return self._keys


class HalfStore(Objects):
    """A store that lets go, and the first time is away before it says so."""

    confirms = False

    def delete_all(self, keys: Sequence[str]) -> list[str]:
        gone = super().delete_all(keys)
        says, self.confirms = gone if self.confirms else [], True
        return says


def other_of(world: World) -> SubjectId:
    with world.deed() as tx:
        known = [Identifier(kind=IdentifierKind.EMAIL, value=Personal(ADA_EMAIL))]
        return subjects.identify(tx, world.vault, world.clock, known)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_who_is_joined_while_the_erasure_runs_goes_too_or_is_not_joined(world: World, when: str, step: str) -> None:
    world.recorded()
    ada, other, joined = world.ada, other_of(world), []

    def join() -> None:
        with suppress(Conflict), world.deed() as tx:
            joined.append(
                joining.join(tx, world.vault, world.clock, other, into=ada, reason=JoinReason.PERSON_SAID_SO, by=SYSTEM)
            )

    request = world.ask_for_erasure(ada)
    steps = Meddled(when, step, join)
    world.answer(request, steps)
    assert steps.meddled
    assert world.request(request).outcome is Answered.FULFILLED
    with world.deed() as tx:
        assert not world.vault.subject_exists(tx, ada)
        assert world.vault.subject_exists(tx, other) is not bool(joined)
    certified = [grade for each in (ada, other) for grade, _ in world.certificates(each)]
    assert certified[-1] is Grade.COMPLETE_AFTER_BACKUPS
    with world.deed() as tx:
        whole = erasures.whole(tx, ErasureId(request.id))
    assert [each.subject for each in whole] == ([ada, other] if joined else [ada])
    assert [each.certificate is not None for each in whole] == ([True, False] if joined else [True])


def test_who_is_joined_to_the_rest_meanwhile_goes_too(world: World) -> None:
    """A chain: the second of a person is joined to a third after everybody was looked for."""
    world.recorded()
    ada, second = world.ada, other_of(world)
    with world.deed() as tx:
        joining.join(tx, world.vault, world.clock, second, into=ada, reason=JoinReason.PERSON_SAID_SO, by=SYSTEM)
        third = subjects.identify(tx, world.vault, world.clock, [])

    def join() -> None:
        with world.deed() as tx:
            joining.join(tx, world.vault, world.clock, third, into=ada, reason=JoinReason.PERSON_SAID_SO, by=SYSTEM)

    request = world.ask_for_erasure(ada)
    world.answer(request, Meddled("after", "look for the rest of the person", join))
    assert world.request(request).outcome is Answered.FULFILLED
    with world.deed() as tx:
        assert [each for each in (ada, second, third) if world.vault.subject_exists(tx, each)] == []


def test_two_erasures_of_one_person_at_the_same_time_end_both_and_destroy_once(world: World) -> None:
    world.recorded()
    asked = [world.ask_for_erasure(world.ada) for _ in range(2)]
    both, wrong = threading.Barrier(2), list[BaseException]()

    def answer(nth: int) -> None:
        both.wait()
        try:
            world.answer(asked[nth])
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            wrong.append(error)

    threads = [threading.Thread(target=answer, args=(nth,)) for nth in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert [world.request(each).outcome for each in asked] == [Answered.FULFILLED, Answered.ALREADY_ERASED]
    assert len(world.certificates(world.ada)) == 1
    assert world.stored() == []
    assert sum(int(str(each["count"])) for each in world.leaves("holdings.batch_disposed")) == 2


def test_without_the_key_service_nothing_is_half_asked_and_nothing_half_erased(
    world: World, keys: KeyFile, clock: FixedClock
) -> None:
    world.recorded()
    away = AwayKeys(keys)
    world.vault = Vault(away, clock)
    ada = world.ada
    away.is_away = True
    with pytest.raises(KeysGone):
        world.ask_for_erasure(ada)
    assert world.said()["requests.received"] == 0
    away.is_away = False
    request = world.ask_for_erasure(ada)
    away.is_away, waited = True, list[tuple[bool, Stage]]()

    def meanwhile() -> None:
        with world.deed() as tx:
            waited.append((world.vault.subject_exists(tx, ada), requests.get(tx, request.id).stage))
        away.is_away = len(waited) < 3

    world.scene.recorder.tools = replace(world.scene.tools, vault=world.vault)
    world.answer(request, InlineSteps(meanwhile=meanwhile))
    assert waited[:3] == [(True, Stage.IN_PROGRESS)] * 3
    assert world.request(request).outcome is Answered.FULFILLED
    assert world.stored() == []


def test_what_a_store_let_go_of_half_is_never_called_gone(world: World) -> None:
    world.recorded()
    world.objects = HalfStore(f"file://{world.objects._folder}")
    request, between = world.ask_for_erasure(world.ada), list[tuple[int, object, Stage]]()

    def meanwhile() -> None:
        between.append((len(world.stored()), world.erasure(request).confirmed_at, world.request(request).stage))

    world.answer(request, InlineSteps(meanwhile=meanwhile))
    assert between[0] == (1, None, Stage.IN_PROGRESS)
    assert world.stored() == []
    assert [grade for grade, _ in world.certificates(request.subject)] == [Grade.COMPLETE_AFTER_BACKUPS]


@pytest.mark.parametrize("days", [-400, -1, 1, 400])
@pytest.mark.parametrize("step", ["begin", "destroy", "confirm", "certify"])
def test_a_clock_that_is_stepped_in_the_midst_of_it_changes_nothing_of_the_end(world: World, step: str, days: int) -> None:
    world.recorded()
    request = world.ask_for_erasure(world.ada)
    due = request.due_on

    def step_clock() -> None:
        world.clock.at += timedelta(days=days)

    world.answer(request, Meddled("after", step, step_clock))
    answered = world.request(request)
    assert (answered.outcome, answered.due_on) == (Answered.FULFILLED, due)
    assert world.stored() == []
    with world.deed() as tx:
        assert not world.vault.subject_exists(tx, request.subject)
    assert len(world.certificates(request.subject)) == 1


def test_a_day_does_not_come_back_by_a_clock_that_is_set_back(world: World) -> None:
    """What is late stays late by the day that was written down, and is not extended by waiting for an earlier clock."""
    with world.deed() as tx:
        asked = requests.receive(tx, world.vault, world.clock, subject=world.ada, kind=RequestKind.ACCESS, by=SYSTEM)
    world.clock.at += timedelta(days=40)
    with world.deed() as tx:
        assert requests.unanswered(tx, world.clock)[RequestKind.ACCESS].late == 1
    world.clock.at -= timedelta(days=80)
    assert world.request(asked).due_on == asked.due_on
