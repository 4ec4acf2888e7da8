"""Ending terms and withdrawals: the bytes that went dark go, all others stay, whatever fails in between."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from rightcall.adapters.keys.file import Cost, KeyFile
from rightcall.consent.model import Answer
from rightcall.erasure.disposal import Disposer
from rightcall.errors import KeysGone, ObjectsGone, StillWorking
from rightcall.holdings import actions as holdings
from rightcall.holdings.model import Remnants
from rightcall.ids import ControllerId, HoldingId, new_id
from rightcall.retention import actions as retention
from rightcall.retention import procedure
from rightcall.retention.rules import epoch_is_due, many
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark, DarkReason
from tests.cast import MONDAY
from tests.erasure.fakes import World
from tests.procedures.fakes import InlineSteps

TERM = timedelta(days=31)


def ended(world: World) -> list[str]:
    """What the end of the term says, as the reaction would pass it on."""
    with world.deed() as tx:
        retention.end_due_terms(tx, world.vault, world.clock)
    return [str(leaf["last_day"]) for leaf in world.leaves("retention.term_ended")]


@pytest.mark.parametrize("fault", ["none", "before", "after"])
def test_when_a_term_is_over_its_bytes_go(world: World, fault: str) -> None:
    world.recorded()
    assert ended(world) == []
    world.clock.at += TERM
    days = ended(world)
    assert len(days) == 1
    assert ended(world) == days
    failing = {fault: frozenset(["dispose"])}
    steps = InlineSteps(fail_before=failing.get("before", frozenset()), fail_after=failing.get("after", frozenset()))
    world.disposals.of_term(steps, str(world.controller), days[0])
    assert world.stored() == []
    assert all(holding.disposed_at for holding in world.holdings())
    assert [said["count"] for said in world.leaves("holdings.batch_disposed")] == [2]


@pytest.mark.parametrize("in_a_page", [4, 5, 7, 100])
@pytest.mark.parametrize("in_a_step", [1, 6, 100])
def test_a_day_of_many_pages_goes_whole_and_no_minute_is_taken_apart(
    monkeypatch: pytest.MonkeyPatch, in_a_page: int, in_a_step: int
) -> None:
    """However the pages and the steps fall."""
    went: list[Sequence[Remnants]] = []

    def reclaim(_controller: ControllerId, those: Sequence[Remnants]) -> int:
        went.append(those)
        return many(those)

    found = a_day(monkeypatch, minutes=9, in_a_page=in_a_page, in_a_step=in_a_step)
    assert end_of_day(reclaim) == len(found)
    assert sorted(id for those in went for each in those for id in each.holdings) == sorted(found)
    places = [{each.place for each in those} for those in went]
    assert sum(map(len, places)) == len(set().union(*places))


@pytest.mark.parametrize("every", [range(1), range(0, 40, 2)])
def test_what_does_not_go_holds_up_no_others(monkeypatch: pytest.MonkeyPatch, every: range) -> None:
    """Neither one nor every other one."""
    found = a_day(monkeypatch, minutes=40, in_a_page=20, in_a_step=1000)
    stuck = {id for nth in every for id in found[3 * nth : 3 * nth + 3]}
    went: list[HoldingId] = []
    rounds: list[set[HoldingId]] = []

    def reclaim(_controller: ControllerId, those: Sequence[Remnants]) -> int:
        if not rounds and any(stuck.intersection(each.holdings) for each in those):
            raise StillWorking("A recorder has not finished writing.")
        went.extend(id for each in those for id in each.holdings)
        return many(those)

    end_of_day(reclaim, meanwhile=lambda: rounds.append(set(went)))
    assert rounds == [set(found) - stuck]


def test_where_nothing_goes_not_all_of_a_day_is_asked_of(monkeypatch: pytest.MonkeyPatch) -> None:
    a_day(monkeypatch, minutes=40, in_a_page=20, in_a_step=1000)
    asked: list[Sequence[Remnants]] = []
    rounds: list[int] = []

    def reclaim(_controller: ControllerId, those: Sequence[Remnants]) -> int:
        asked.append(those)
        if not rounds:
            raise ObjectsGone("The store does not answer.")
        return many(those)

    end_of_day(reclaim, meanwhile=lambda: rounds.append(len(asked)))
    assert rounds
    assert rounds[0] < 20
    assert len(asked) > 40


def a_day(monkeypatch: pytest.MonkeyPatch, *, minutes: int, in_a_page: int, in_a_step: int) -> list[HoldingId]:
    """Three in each minute's file and five that lie alone, in the order of their ids, let go of by two."""
    places = [f"c/2026-11-26/20260101T00{minute:02}" for minute in range(minutes) for _ in range(3)] + [""] * 5
    found = [(MONDAY.date(), HoldingId(new_id()), place) for place in places]

    def page(_tx: object, _day: date, *, after: tuple[date, HoldingId] | None, limit: int) -> list[tuple[date, Remnants]]:
        start = 0 if after is None else [id for _, id, _ in found].index(after[1]) + 1
        told: list[tuple[date, Remnants]] = []
        for day, id, minute in found[start : start + limit]:
            if minute and told and told[-1][1].place == minute:
                told[-1] = (day, told[-1][1]._replace(holdings=[*told[-1][1].holdings, id]))
            else:
                told.append((day, Remnants(minute or f"c/{id}", [id], is_finished=True, lie_together=bool(minute))))
        return told

    monkeypatch.setattr(procedure, "_IN_A_STEP", in_a_step)
    monkeypatch.setattr(procedure, "_IN_A_PAGE", in_a_page)
    monkeypatch.setattr(procedure, "_AT_ONCE", 2)
    monkeypatch.setattr(holdings, "past_term", page)
    return [id for _, id, _ in found]


def end_of_day(reclaim: Callable[[ControllerId, Sequence[Remnants]], int], meanwhile: Callable[[], None] = lambda: None) -> int:
    database = SimpleNamespace(transaction=lambda _controller: nullcontext())
    disposer = SimpleNamespace(database=database, reclaim=reclaim)
    disposals = procedure.Disposals(eraser=SimpleNamespace(disposer=disposer))  # type: ignore[arg-type]  # no more of it is asked
    gone = disposals.of_term(InlineSteps(meanwhile=meanwhile), str(new_id()), MONDAY.date().isoformat())
    assert isinstance(gone, int)
    return gone


def test_before_a_term_is_over_nothing_goes(world: World) -> None:
    world.recorded()
    world.disposals.of_term(InlineSteps(), str(world.controller), world.clock.at.date().isoformat())
    assert len(world.stored()) == 2


def test_after_a_withdrawal_that_call_goes_and_no_other(world: World) -> None:
    world.recorded()
    with world.deed():
        world.scene.answer("p-ada", world.scene.training, Answer.WITHDRAWN)
    world.disposals.of_call(InlineSteps(), str(world.controller), str(world.scene.call))
    assert world.stored() == []


def test_what_still_opens_stays(world: World) -> None:
    world.recorded()
    world.disposals.of_call(InlineSteps(), str(world.controller), str(world.scene.call))
    assert len(world.stored()) == 2


def test_a_key_service_without_the_keys_deletes_nothing(world: World, tmp_path: Path) -> None:
    """Another key file, or an empty one, makes everything look dark. That is no reason to delete."""
    world.recorded()
    empty = Vault(KeyFile(tmp_path / "other-keys", b"another passphrase", cost=Cost(n=16)), world.clock)
    with world.deed() as tx:
        first, _ = world.holdings()
        assert empty.unlock_content(tx, holding=first.id, purpose=first.purposes[0]) == Dark(reason=DarkReason.EPOCH_GONE)
    disposer = Disposer(database=world.database, vault=empty, objects=world.objects, clock=world.clock)
    assert disposer.dispose(world.controller, world.holdings()) == 0
    assert len(world.stored()) == 2


def test_a_key_file_that_is_gone_is_an_outage(world: World, keys: KeyFile, tmp_path: Path) -> None:
    path = tmp_path / "keys"
    file = KeyFile(path, b"a passphrase", cost=Cost(n=16))
    name = file.create("family")
    path.unlink()
    with pytest.raises(KeysGone):
        file.unwrap(name, b"blob", b"context")


def test_one_that_is_not_finished_holds_up_no_other(world: World) -> None:
    world.choose(Answer.GRANTED)
    assert world.talk() == 10
    world.choose(Answer.WITHDRAWN)
    first, _ = world.holdings()
    with world.deed() as tx:
        tx.connection.execute("RESET ROLE")
        tx.connection.execute(
            "UPDATE holdings SET completed_at = NULL, sealed_length = NULL, complete = NULL, sha256 = NULL WHERE holding = %s",
            (first.id,),
        )
    with pytest.raises(StillWorking):
        world.eraser.disposer.dispose(world.controller, world.holdings())
    assert [holding.disposed_at is None for holding in world.holdings()] == [True, False]
    assert len(world.stored()) == 1


def test_a_store_that_does_not_confirm_reports_nothing_as_gone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.recorded()
    with world.deed():
        world.scene.answer("p-ada", world.scene.training, Answer.WITHDRAWN)

    def failing(keys: Sequence[str]) -> list[str]:
        raise ObjectsGone("The store does not answer.")

    with monkeypatch.context() as patched:
        patched.setattr(world.objects, "delete_all", failing)
        with pytest.raises(ObjectsGone):
            world.eraser.disposer.dispose(world.controller, world.holdings())
    assert world.said()["holdings.batch_disposed"] == 0
    assert world.eraser.disposer.dispose(world.controller, world.holdings()) == 2


def test_what_a_store_confirmed_before_it_failed_stands(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.recorded()
    with world.deed():
        world.scene.answer("p-ada", world.scene.training, Answer.WITHDRAWN)
    whole = world.objects.delete_all
    with monkeypatch.context() as patched:
        patched.setattr(world.objects, "delete_all", lambda keys: whole(keys[:1]))
        with pytest.raises(ObjectsGone):
            world.eraser.disposer.dispose(world.controller, world.holdings())
    assert sum(holding.disposed_at is not None for holding in world.holdings()) == 1
    assert len(world.stored()) == 1
    assert world.eraser.disposer.dispose(world.controller, world.holdings()) == 1


def test_of_what_lies_together_only_what_the_store_confirmed_is_gone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.recorded()
    with world.deed():
        world.scene.answer("p-ada", world.scene.training, Answer.WITHDRAWN)
    first, second = (holding.id for holding in world.holdings())
    minute = Remnants("c/2026-11-26/20260101T0001", [first, second], is_finished=True, lie_together=True)

    def some(places: Mapping[str, Sequence[HoldingId]]) -> list[HoldingId]:
        assert places == {minute.place: [first, second]}
        return [second]

    monkeypatch.setattr(world.objects, "delete_together", some)
    with pytest.raises(ObjectsGone, match="not confirmed every"):
        world.eraser.disposer.reclaim(world.controller, [minute])
    assert [holding.id for holding in world.holdings() if holding.disposed_at is not None] == [second]


def test_an_epoch_is_due_after_its_days() -> None:
    assert not epoch_is_due(MONDAY, MONDAY + timedelta(days=7, seconds=-1), 7)
    assert epoch_is_due(MONDAY, MONDAY + timedelta(days=7), 7)
