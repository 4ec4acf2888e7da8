"""One link and one code, two ways, once: whoever has both opens it, nobody else does, and what is left goes by itself."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from rightcall.errors import Conflict, NotFound, Tampered
from rightcall.requests import actions as requests
from rightcall.requests import proving
from rightcall.requests.model import Answered, DenialGround, Missing, Request, RequestKind
from rightcall.requests.packages import actions, sealing
from rightcall.requests.packages.model import Handed, State
from rightcall.requests.packages.rules import KEPT, LINK_HOLDS, MOST_TRIES, OPEN_FOR
from rightcall.requests.packages.writing import delete_parts
from tests.requests.packages.scene import DPO, Desk


@pytest.fixture
def request_of_ada(desk: Desk) -> Request:
    desk.world.recorded()
    asked = desk.asked()
    assert desk.make(asked).state is State.READY
    return asked


def test_handing_it_over_answers_the_request(desk: Desk, request_of_ada: Request) -> None:
    desk.hand_over(request_of_ada)
    assert desk.world.request(request_of_ada).outcome is Answered.FULFILLED
    assert desk.world.said()["packages.handed"] == 1


def test_once_it_is_handed_over_nothing_here_opens_it(desk: Desk, request_of_ada: Request) -> None:
    desk.hand_over(request_of_ada)
    package = desk.package(request_of_ada.id)
    with desk.world.deed() as tx:
        assert package.sealed_key is not None
        with pytest.raises(Tampered):
            sealing.kept(tx, desk.world.vault, package.subject, package.sealed_key)
    with pytest.raises(Conflict, match="nobody here can open it"):
        desk.hand_over(request_of_ada)


@pytest.mark.parametrize(
    "forge",
    [
        lambda handed: (handed.link, "AAAA-BBBB-CCCC-DDDD"),
        lambda handed: (handed.link[:-1] + ("A" if handed.link[-1] != "A" else "B"), handed.code),
        lambda handed: (handed.code, handed.link),
        lambda handed: (handed.link, ""),
    ],
    ids=["another code", "another link", "the one for the other", "no code"],
)
def test_what_is_forged_opens_nothing(desk: Desk, request_of_ada: Request, forge: Callable[[Handed], tuple[str, str]]) -> None:
    handed = desk.hand_over(request_of_ada)
    link, code = forge(handed)
    assert desk.open(handed, link=link, code=code or " ") is None
    assert desk.open(handed) is not None


def test_a_code_is_taken_as_people_write_it(desk: Desk, request_of_ada: Request) -> None:
    handed = desk.hand_over(request_of_ada)
    assert desk.open(handed, code=handed.code.lower().replace("-", " ").replace("o", "0")) is not None


def test_after_five_wrong_codes_the_right_one_opens_nothing(desk: Desk, request_of_ada: Request) -> None:
    handed = desk.hand_over(request_of_ada)
    for _ in range(MOST_TRIES):
        assert desk.open(handed, code="WRONG") is None
    assert desk.open(handed) is None


def test_it_opens_for_an_hour_from_the_first_time_and_then_goes(desk: Desk, request_of_ada: Request) -> None:
    handed = desk.hand_over(request_of_ada)
    assert desk.open(handed) is not None
    desk.world.clock.at += OPEN_FOR - timedelta(seconds=1)
    assert desk.open(handed) is not None
    desk.world.clock.at += timedelta(seconds=2)
    assert desk.open(handed) is None
    assert _kept(desk) == 1
    assert desk.package(request_of_ada.id).state is State.GONE


@pytest.mark.parametrize("is_handed", [True, False])
def test_its_term_is_short_and_it_goes_by_itself(desk: Desk, request_of_ada: Request, is_handed: bool) -> None:
    handed = desk.hand_over(request_of_ada) if is_handed else None
    assert _kept(desk) == 0
    before = desk.world.stored()
    desk.world.clock.at += LINK_HOLDS if is_handed else KEPT
    assert handed is None or desk.open(handed) is None
    assert _kept(desk) == 1
    assert len(desk.world.stored()) < len(before)
    assert not [each for each in desk.world.stored() if "packages" in each]
    assert desk.package(request_of_ada.id).gone_at is not None


def test_a_lost_link_is_no_way_in_and_another_package_is_made(desk: Desk, request_of_ada: Request) -> None:
    handed = desk.hand_over(request_of_ada)
    with desk.world.deed() as tx:
        actions.ask(tx, desk.world.clock, request_of_ada.id, by=DPO)
    assert desk.open(handed) is None
    again = desk.got(request_of_ada)
    assert again.ending(".wav")


def test_an_erasure_waits_until_she_has_taken_what_she_asked_for(desk: Desk, request_of_ada: Request) -> None:
    handed = desk.hand_over(request_of_ada)
    erasure = desk.asked(RequestKind.ERASURE)
    with desk.world.deed() as tx:
        assert proving.missing_of(tx, desk.world.clock, requests.get(tx, erasure.id)) == (Missing.ACCESS_FIRST,)
    key = desk.open(handed)
    assert key is not None
    whole = desk.bytes(handed, key)
    with desk.world.deed() as tx:
        actions.sent(tx, desk.world.clock, handed.package, len(whole) - 1, is_end=False)
        assert requests.get(tx, erasure.id).ready_at is None
        actions.sent(tx, desk.world.clock, handed.package, 1, is_end=True)
        assert requests.get(tx, erasure.id).ready_at is not None


def test_an_erasure_makes_what_is_left_of_a_package_dark(desk: Desk, request_of_ada: Request) -> None:
    handed = desk.hand_over(request_of_ada)
    with desk.world.deed() as tx:
        actions.let_go(tx, desk.world.clock, handed.package)
    erasure = desk.asked(RequestKind.ERASURE)
    desk.world.answer(erasure)
    assert desk.open(handed) is None
    with pytest.raises(Conflict):
        desk.hand_over(request_of_ada)


def test_a_denied_request_takes_its_package_along(desk: Desk, request_of_ada: Request) -> None:
    with desk.world.deed() as tx:
        requests.deny(tx, desk.world.clock, request_of_ada.id, ground=DenialGround.IDENTITY_IN_DOUBT, by=DPO)
    assert _kept(desk) == 1
    with desk.world.deed() as tx, pytest.raises(Conflict, match="denied"):
        actions.ask(tx, desk.world.clock, request_of_ada.id, by=DPO)


def test_any_stretch_of_it_is_given_by_itself(desk: Desk, request_of_ada: Request) -> None:
    handed = desk.hand_over(request_of_ada)
    key = desk.open(handed)
    assert key is not None
    whole = desk.bytes(handed, key)
    for start, end in ((0, 10), (len(whole) // 3, len(whole) // 2), (len(whole) - 5, len(whole))):
        assert desk.bytes(handed, key, start, end) == whole[start:end]


def test_for_another_kind_none_is_made(desk: Desk) -> None:
    erasure = desk.asked(RequestKind.OBJECTION)
    with desk.world.deed() as tx, pytest.raises(Conflict, match="access or portability"):
        actions.ask(tx, desk.world.clock, erasure.id, by=DPO)
    with pytest.raises(NotFound):
        desk.package(erasure.id)


def _kept(desk: Desk) -> int:
    """What the worker does now and then; how many were let go."""
    with desk.world.deed() as tx:
        actions.let_go_due(tx, desk.world.clock)
    with desk.world.deed() as tx:
        behind = actions.left_behind(tx)
    for each in behind:
        assert delete_parts(desk.world.objects, desk.world.controller, each)
        with desk.world.deed() as tx:
            actions.forgotten(tx, desk.world.clock, each)
    return len(behind)
