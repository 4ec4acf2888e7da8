"""A held stretch of a take: sealed anew under the hold's key, it plays for the DPO; the rest goes as if there were no hold."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from rightcall.errors import Conflict, Malformed, NotFound, Tampered
from rightcall.evidence.model import Grade
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.holds.model import Hold, HoldName, HoldReason, Slice, Span, Untold
from rightcall.holdings.model import Holding
from rightcall.ids import HoldId, HoldingId, new_id
from rightcall.recordings.actions import play_held
from rightcall.recordings.cutting import cut_all, span_of, within
from rightcall.recordings.held import whole
from rightcall.recordings.model import Played, Refused
from rightcall.recordings.playing import finished, reader_of
from rightcall.requests.tellable import tellable
from rightcall.vault.model import ContentKey, Dark, DarkReason
from tests.erasure.fakes import World
from tests.procedures.fakes import InlineSteps
from tests.recordings.scene import DPO, SUPERVISOR
from tests.retention.test_holds import CASE, GOING, REASON, erase, lift, listen_as_usual, take_of

MIDDLE = (20, 60)


def place(world: World, tmp_path: Path, stretches: Sequence[tuple[int, int]] = (MIDDLE,), untold: Untold | None = None) -> Hold:
    take, purpose, id = take_of(world).id, world.scene.training.id, HoldId(new_id())
    wanted = [Slice(holding=take, purpose=purpose, span=Span(take=take, from_ms=a, until_ms=b)) for a, b in stretches]
    with world.deed() as tx:
        slices = cut_all(tx, world.scene.tools, world.objects, hold=id, wanted=wanted, by=DPO, scratch=tmp_path)
        placed = holds.place(
            tx,
            world.vault,
            world.clock,
            name=HoldName(text="dispute-2026-7"),
            reason=HoldReason.LEGAL_CLAIMS,
            owner=DPO,
            untold=untold,
            until=(world.clock.at + timedelta(days=60)).date(),
            slices=slices,
            id=id,
        )
        return holds.agree(tx, world.clock, placed.id, by=SUPERVISOR)


def listen(world: World, hold: Hold, take: HoldingId, start_ms: int = 0) -> Played | Refused | Dark:
    with world.deed() as tx:
        return play_held(
            tx,
            world.scene.tools,
            world.objects,
            hold=hold.id,
            take=take,
            by=DPO,
            reason=REASON,
            case=CASE,
            start_ms=start_ms,
        )


def heard(world: World, hold: Hold, take: HoldingId, start_ms: int = 0) -> list[int]:
    """When each packet was said that the DPO hears."""
    played = listen(world, hold, take, start_ms)
    assert isinstance(played, Played)
    return [each.milliseconds for each in played.recorded.packets]


def cut_of(world: World, hold: Hold) -> list[Holding]:
    kept = {each.holding for each in hold.slices}
    return [each for each in world.holdings() if each.id in kept]


@pytest.mark.parametrize("going", GOING)
def test_the_stretch_plays_and_the_rest_does_not(world: World, tmp_path: Path, going: str) -> None:
    world.recorded()
    take, hold = take_of(world), place(world, tmp_path)
    [cut] = cut_of(world, hold)
    assert heard(world, hold, take.id) == [20, 40]
    GOING[going](world)
    assert heard(world, hold, take.id) == [20, 40]
    with pytest.raises(NotFound):
        listen(world, hold, take.id, start_ms=60)
    assert world.stored() == [cut.object_key]
    assert not isinstance(listen_as_usual(world, take, SUPERVISOR), Played)


def test_the_rest_is_under_no_key_of_the_hold(world: World, tmp_path: Path) -> None:
    world.recorded()
    take, hold = take_of(world), place(world, tmp_path)
    [cut] = cut_of(world, hold)
    with world.deed() as tx:
        assert world.vault.unlock_held(tx, hold=hold.id, holding=take.id) == Dark(reason=DarkReason.NEVER_GRANTED)
        key = world.vault.unlock_held(tx, hold=hold.id, holding=cut.id)
        assert isinstance(key, ContentKey)
        with pytest.raises(Tampered):
            reader_of(tx, world.objects, take, key)
        assert not isinstance(world.vault.unlock_content(tx, holding=cut.id, purpose=cut.purposes[0]), ContentKey)
    assert list(tmp_path.glob("*-*")) == []


def test_a_stretch_says_of_what_it_is_and_the_certificate_counts_it(world: World, tmp_path: Path) -> None:
    world.recorded()
    take, hold = take_of(world), place(world, tmp_path)
    [cut] = cut_of(world, hold)
    assert cut.provenance.derived_from == (take.id,)
    [slice] = hold.slices
    assert slice.span == Span(take=take.id, from_ms=20, until_ms=60)
    request = erase(world)
    assert (world.erasure(request).disposed, world.erasure(request).held) == (1, 1)
    [(grade, shown)] = world.certificates(request.subject)
    assert grade is Grade.PARTIAL
    kept = "Remains: kept under a named hold (GDPR Art. 17(3)) (1), because"
    [remains] = [line for line in shown.says if line.startswith(kept)]
    assert remains.endswith(f"until the end of {hold.until}.")


@pytest.mark.parametrize("failing", [False, True])
def test_when_the_hold_ends_the_stretch_goes_and_a_take_that_stands_stays(world: World, tmp_path: Path, failing: bool) -> None:
    world.recorded()
    take, hold = take_of(world), place(world, tmp_path)
    [cut] = cut_of(world, hold)
    lift(world, hold)
    every = frozenset(["dispose", "look whose they were", "look for erasures"])
    for steps in (InlineSteps(fail_after=every if failing else frozenset()), InlineSteps()):
        world.disposals.of_hold(steps, str(world.controller), str(hold.id))
    assert isinstance(listen(world, hold, take.id), Dark)
    assert cut.object_key not in world.stored()
    assert take.object_key in world.stored()
    assert isinstance(listen_as_usual(world, take, SUPERVISOR), Played)


def test_several_stretches_of_one_take_are_heard_one_after_the_other(world: World, tmp_path: Path) -> None:
    world.recorded()
    take, hold = take_of(world), place(world, tmp_path, [(80, 81), (0, 20)])
    erase(world)
    assert heard(world, hold, take.id) == [0]
    assert heard(world, hold, take.id, start_ms=20) == [80]
    assert len(world.stored()) == 2


@pytest.mark.parametrize(
    ("stretch", "error", "says"),
    [
        ((1, 19), Conflict, "Nothing was said in that stretch"),
        ((10_000, 20_000), Malformed, "This take ends after 1 s"),
        ((20, 3_500_000), Malformed, "This take ends after 1 s"),
    ],
    ids=["silence", "behind its end", "beyond its end"],
)
def test_a_stretch_in_which_nothing_was_said_holds_nothing(
    world: World, tmp_path: Path, stretch: tuple[int, int], error: type[Exception], says: str
) -> None:
    world.recorded()
    before = world.stored()
    with pytest.raises(error, match=says):
        place(world, tmp_path, [stretch])
    with world.deed() as tx:
        assert holds.standing(tx) == []
    assert world.stored() == before


def test_whoever_gives_the_last_second_means_the_end(world: World) -> None:
    world.recorded()
    with world.deed() as tx:
        take, _ = finished(tx, take_of(world).id)
    long = replace(take, last_at=take.opened_at + timedelta(seconds=90.6))
    assert within(long, Span(take=take.id, from_ms=20, until_ms=91_000)).until_ms == 90_601
    assert within(long, Span(take=take.id, from_ms=20, until_ms=60_000)).until_ms == 60_000
    with pytest.raises(Malformed, match="ends after 91 s"):
        within(long, Span(take=take.id, from_ms=20, until_ms=91_001))


@pytest.mark.parametrize("untold", [None, Untold.DEFEATS_CLAIM])
def test_a_stretch_is_shown_as_what_its_hold_keeps_and_told_of_only_where_that_may_be(
    world: World, tmp_path: Path, untold: Untold | None
) -> None:
    world.recorded()
    recorded, hold = take_of(world), place(world, tmp_path, untold=untold)
    with world.deed() as tx:
        [cut, take] = whole(tx, world.vault, [*cut_of(world, hold), recorded])
        told = tellable(tx, [cut.holding, take.holding])
    assert (cut.is_readable, cut.kept_by, take.kept_by) == (False, hold, None)
    assert (cut.holding in told, take.holding in told) == (untold is None, True)


def test_nothing_is_cut_out_of_what_is_dark(world: World, tmp_path: Path) -> None:
    world.recorded()
    erase(world)
    with pytest.raises(Conflict):
        place(world, tmp_path)


@pytest.mark.parametrize(("from_ms", "until_ms"), [(0, None), (None, 9), (5, 5), (-1, 9), (9, 5)])
def test_a_stretch_has_a_beginning_and_an_end(from_ms: int | None, until_ms: int | None) -> None:
    with pytest.raises(Malformed):
        span_of(HoldingId(new_id()), from_ms, until_ms)
