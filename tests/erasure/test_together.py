"""Requests of one person at the same time, of one subject or of joined ones: they follow each other, and none is stranded."""

import threading
from collections.abc import Callable

import pytest

from rightcall.actors import SYSTEM
from rightcall.erasure import actions as erasures
from rightcall.errors import Conflict
from rightcall.evidence import actions as evidence
from rightcall.evidence.model import Grade
from rightcall.ids import ErasureId, SubjectId
from rightcall.personal import Personal
from rightcall.requests import actions as requests
from rightcall.requests import correcting, proving, store
from rightcall.requests.actions import Came
from rightcall.requests.model import Answered, Missing, ProofKind, Request, RequestKind, Stage, Step
from rightcall.requests.packages import actions as packages
from rightcall.requests.withdrawing import WithdrawalAnswer
from rightcall.subjects import actions as subjects
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.model import JoinReason
from tests.erasure.fakes import World
from tests.erasure.test_attacks import Meddled
from tests.procedures.fakes import InlineSteps
from tests.recordings.scene import DPO

OTHERS = [each for each in RequestKind if each is not RequestKind.ERASURE]
GO_FIRST = {RequestKind.ACCESS: Missing.ACCESS_FIRST, RequestKind.PORTABILITY: Missing.ACCESS_FIRST}
GO_FIRST[RequestKind.RESTRICTION] = Missing.RESTRICTION_FIRST


def ask(world: World, subject: SubjectId, kind: RequestKind) -> Request:
    with world.deed() as tx:
        came = Came(proof=ProofKind.VOUCHED)
        return requests.receive(tx, world.vault, world.clock, subject=subject, kind=kind, by=DPO, came=came)


def persons(world: World, *, joined: bool) -> tuple[SubjectId, SubjectId]:
    """Under which subject each of two requests is asked."""
    with world.deed() as tx:
        one = subjects.identify(tx, world.vault, world.clock, [])
        if not joined:
            return one, one
        other = subjects.identify(tx, world.vault, world.clock, [])
        joining.join(tx, world.vault, world.clock, other, into=one, reason=JoinReason.PERSON_SAID_SO, by=DPO)
    return one, other


def by_hand(world: World, request: Request) -> None:
    with world.deed() as tx:
        requests.fulfil(tx, world.clock, request.id, by=DPO)


def work(world: World, request: Request) -> None:
    """As the worker, or a person, does."""
    match request.kind:
        case RequestKind.ERASURE:
            world.answer(request)
        case RequestKind.WITHDRAWAL:
            answer = WithdrawalAnswer(database=world.database, tools=world.scene.tools)
            answer(InlineSteps(), str(world.controller), str(request.id))
        case _:
            by_hand(world, request)


def settle(world: World, asked: list[Request]) -> list[Answered | None]:
    """Whatever is ready is worked on, until nothing is."""
    for _ in range(4):
        for each in asked:
            now = world.request(each)
            if now.stage is not Stage.ANSWERED and now.ready_at is not None:
                work(world, now)
    return [world.request(each).outcome for each in asked]


@pytest.mark.parametrize("joined", [False, True])
def test_whichever_comes_first_each_is_answered_and_what_goes_first_goes_first(world: World, joined: bool) -> None:
    for kind in OTHERS:
        for erasure_comes_first in (True, False):
            one, other = persons(world, joined=joined)
            kinds = [RequestKind.ERASURE, kind] if erasure_comes_first else [kind, RequestKind.ERASURE]
            asked = [ask(world, subject, each) for subject, each in zip((one, other), kinds, strict=True)]
            outcomes = dict(zip(kinds, settle(world, asked), strict=True))
            goes_first = kind in GO_FIRST or not erasure_comes_first
            expected = Answered.FULFILLED if goes_first else Answered.ALREADY_ERASED
            assert outcomes == {RequestKind.ERASURE: Answered.FULFILLED, kind: expected}, (kind, erasure_comes_first)
            with world.deed() as tx:
                steps = [each.step for request in asked for each in requests.progress(tx, request.id)]
            assert (Step.PUT_BACK in steps) is (erasure_comes_first and kind in GO_FIRST)


@pytest.mark.parametrize("when", ["before", "after"])
def test_what_is_asked_while_the_person_is_erased_waits_and_is_answered_by_it(world: World, when: str) -> None:
    world.recorded()
    ada, asked = world.ada, list[Request]()

    def meanwhile() -> None:
        for kind in RequestKind:
            asked.append(ask(world, ada, kind))
        with world.deed() as tx:
            for each in asked:
                assert proving.missing_of(tx, world.clock, requests.get(tx, each.id)) == (Missing.ERASURE_FIRST,)
                with pytest.raises(Conflict, match="being erased"):
                    requests.fulfil(tx, world.clock, each.id, by=DPO)

    first = world.ask_for_erasure(ada)
    world.answer(first, Meddled(when, "destroy", meanwhile))
    assert world.request(first).outcome is Answered.FULFILLED
    assert {world.request(each).outcome for each in asked} == {Answered.ALREADY_ERASED}
    assert len(world.certificates(ada)) == 1
    late = [ask(world, ada, kind) for kind in RequestKind]
    assert {each.outcome for each in late} == {Answered.ALREADY_ERASED}


def test_what_was_ready_when_the_erasure_began_does_nothing_any_more_and_is_answered(world: World) -> None:
    world.recorded()
    [held, *_] = [each for each in world.holdings() if each.subject == world.ada]
    ada, wrong = world.ada, ask(world, world.ada, RequestKind.RECTIFICATION)
    taken_back = ask(world, ada, RequestKind.WITHDRAWAL)

    def meanwhile() -> None:
        work(world, taken_back)
        with world.deed() as tx, pytest.raises(Conflict, match="being erased"):
            correcting.correct(tx, world.vault, world.clock, wrong.id, held.id, Personal("right"), by=DPO)

    world.answer(world.ask_for_erasure(ada), Meddled("after", "begin", meanwhile))
    assert {world.request(each).outcome for each in (wrong, taken_back)} == {Answered.ALREADY_ERASED}


def test_who_is_joined_after_a_copy_was_begun_gets_none_once_the_other_is_erased(world: World) -> None:
    """The join came when both were under way, so neither could wait for the other."""
    one, other = persons(world, joined=True)
    with world.deed() as tx:
        [join] = joining.joins_of(tx, one)
        joining.undo(tx, world.clock, join.id, by=DPO)
    copy, erasure = ask(world, other, RequestKind.ACCESS), ask(world, one, RequestKind.ERASURE)

    def join_them() -> None:
        with world.deed() as tx:
            joining.join(tx, world.vault, world.clock, other, into=one, reason=JoinReason.PERSON_SAID_SO, by=DPO)
            assert packages.begin(tx, world.vault, world.clock, copy.id) is None

    world.answer(erasure, Meddled("after", "begin", join_them))
    assert [world.request(each).outcome for each in (erasure, copy)] == [Answered.FULFILLED, Answered.ALREADY_ERASED]


def test_what_is_left_where_nobody_told_of_it_is_found_by_housekeeping(world: World) -> None:
    one, other = persons(world, joined=True)
    wrong = ask(world, other, RequestKind.RECTIFICATION)

    def part() -> None:
        with world.deed() as tx:
            [join] = joining.joins_of(tx, one)
            joining.undo(tx, world.clock, join.id, by=DPO)

    world.answer(ask(world, one, RequestKind.ERASURE), Meddled("before", "fulfil", part))
    assert world.request(wrong).stage is Stage.OPEN
    with world.deed() as tx:
        assert store.unready(tx) == [wrong.id]
        proving.look_again(tx, world.clock, wrong.id)
    assert world.request(wrong).outcome is Answered.ALREADY_ERASED


def test_asked_by_many_at_once_all_are_answered_and_nothing_fails(world: World) -> None:
    world.recorded()
    with world.deed() as tx:
        other = subjects.identify(tx, world.vault, world.clock, [])
        joining.join(tx, world.vault, world.clock, other, into=world.ada, reason=JoinReason.PERSON_SAID_SO, by=SYSTEM)
    wishes = [
        (who, kind) for kind in (RequestKind.ERASURE, RequestKind.ACCESS, RequestKind.WITHDRAWAL) for who in (world.ada, other)
    ]
    all_there, wrong, asked = threading.Barrier(len(wishes)), list[BaseException](), list[Request]()

    def begin(who: SubjectId, kind: RequestKind) -> Callable[[], None]:
        def run() -> None:
            all_there.wait()
            try:
                with world.database.transaction(world.controller) as tx:
                    came = Came(proof=ProofKind.VOUCHED)
                    made = requests.receive(tx, world.vault, world.clock, subject=who, kind=kind, by=DPO, came=came)
                asked.append(made)
                if kind is not RequestKind.ACCESS:
                    work(world, made)
            except BaseException as error:  # noqa: BLE001 - told by the test's own thread
                wrong.append(error)

        return run

    threads = [threading.Thread(target=begin(*each)) for each in wishes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert {*settle(world, asked)} <= {Answered.FULFILLED, Answered.ALREADY_ERASED}
    assert sum(world.request(each).outcome is Answered.FULFILLED for each in asked if each.kind is RequestKind.ERASURE) == 1


@pytest.mark.parametrize("is_parted", [False, True])
def test_joined_subjects_have_one_certificate_when_the_last_of_them_is_gone(world: World, is_parted: bool) -> None:
    """Asked under the one that was joined into the other; they may be told apart again half-way."""
    world.recorded()
    ada, told = world.ada, list[tuple[bool, int]]()
    with world.deed() as tx:
        other = subjects.identify(tx, world.vault, world.clock, [])
        join = joining.join(tx, world.vault, world.clock, other, into=ada, reason=JoinReason.PERSON_SAID_SO, by=DPO)
    request = world.ask_for_erasure(other)
    id = ErasureId(request.id)

    def half_way() -> None:
        with world.deed() as tx:
            told.append((erasures.as_one(tx, id).confirmed_at is None, len(evidence.certificates_of(tx, other))))
            if is_parted:
                joining.undo(tx, world.clock, join.id, by=DPO)

    world.answer(request, Meddled("after", "certify", half_way))
    assert told == [(True, 0)], "the first of them is gone, and the other is not"
    assert world.request(request).outcome is Answered.FULFILLED
    [(grade, checked)] = world.certificates(other)
    assert grade is Grade.COMPLETE_AFTER_BACKUPS
    assert any("all 4 acts of destruction" in step.says for step in checked.steps)
    assert world.certificates(ada) == []
    with world.deed() as tx:
        assert erasures.certified_under(tx, ada) == [ada, other]
        assert [each.subject for each in erasures.whole(tx, id)] == [other, ada]
        assert erasures.as_one(tx, id).confirmed_at is not None
        assert not any(world.vault.subject_exists(tx, each) for each in (ada, other))
