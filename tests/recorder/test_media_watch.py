"""What is polled is applied; a silent database closes every gate; what a dead process left is finished or said to be lost."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from rightcall.ids import HoldingId, RecorderId, new_id
from rightcall.recorder import media_recovery, media_watch
from rightcall.recorder.media_recovery import recover
from tests.adapters.rtp.fakes import rtp
from tests.recorder.fakes import FakeTake, When, unfinished
from tests.recorder.room import Room, in_room


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.01)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media_watch, "_STEP_SECONDS", 0.01)
    monkeypatch.setattr(media_watch, "_EVERY_SECONDS", 0.02)
    monkeypatch.setattr(media_recovery, "_AGAIN_SECONDS", 0.01)
    monkeypatch.setattr(media_watch, "DATABASE_SILENT_SECONDS", 0.2)


def watched(folder: Path, story: Callable[[Room], "asyncio.Future[None] | object"]) -> None:
    async def with_watch(room: Room) -> None:
        watching = asyncio.create_task(room.watch.run())
        try:
            await story(room)  # type: ignore[misc]  # a coroutine function
        finally:
            watching.cancel()

    in_room(folder, with_watch)


def test_a_change_that_nobody_ordered_is_applied(tmp_path: Path) -> None:
    async def story(room: Room) -> None:
        call, (ada, _) = await room.ring()
        room.decisions.want(call, ada)
        await until(lambda: room.receiver.streams[ada].take is not None)
        room.decisions.want(call)
        await until(lambda: room.receiver.streams[ada].take is None)

    watched(tmp_path, story)


def test_the_end_of_a_session_closes_its_gates_once(tmp_path: Path) -> None:
    async def story(room: Room) -> None:
        call, (ada, _) = await room.ring()
        await room.want(call, ada)
        room.decisions.calls[call].over = True
        room.decisions.want(call)
        await until(lambda: room.receiver.streams[ada].take is None)
        await until(lambda: room.desk.calls[call].version == -1)

    watched(tmp_path, story)


def test_a_silent_database_closes_every_gate_until_it_answers(tmp_path: Path) -> None:
    async def story(room: Room) -> None:
        call, (ada, agent) = await room.ring()
        await room.want(call, ada, agent)
        room.send(ada, rtp(0))
        room.decisions.trouble.times = 10**9
        await until(lambda: not room.desk.database_answers)
        assert all(line.take is None for line in room.receiver.streams.values())
        said = await room.settle(call)
        room.send(ada, rtp(1))
        assert not said.holds
        room.decisions.trouble.times = 0
        await until(lambda: all(line.take is not None for line in room.receiver.streams.values()))
        await room.want(call)
        await room.finished()
        controller = room.decisions.calls[call].controller
        kept = [room.stored(id, controller) for id, take in room.decisions.takes.items() if take.stream == ada and take.file]
        assert sorted(kept) == [[], [rtp(0)]]

    watched(tmp_path, story)


def test_nothing_opens_while_the_database_is_silent(tmp_path: Path) -> None:
    async def story(room: Room) -> None:
        call, (ada, _) = await room.ring()
        room.desk.database_is_silent()
        said = await room.want(call, ada)
        assert not said.holds
        assert room.receiver.streams[ada].take is None

    in_room(tmp_path, story)


def test_what_a_killed_process_left_is_stored_or_lost(tmp_path: Path) -> None:
    async def story(room: Room) -> None:
        found, lost, elsewhere, stored = (HoldingId(new_id()) for _ in range(4))
        for take in (found, stored):
            room.spool.path_of(take).write_bytes(bytes(100))
        for take in (found, lost, elsewhere):
            room.decisions.takes[take] = FakeTake(stream=None, key=None)  # type: ignore[arg-type]  # not needed here
        room.decisions.left = [
            unfinished(found, room.recorder),
            unfinished(lost, room.recorder),
            unfinished(elsewhere, RecorderId(new_id())),
        ]
        room.decisions.trouble.times = 1
        await recover(room.decisions, room.finisher, room.spool, room.recorder, asyncio.Event())
        await room.finished()
        assert room.decisions.takes[lost].lost
        file, written = room.decisions.takes[found].file, room.decisions.takes[found].written
        assert file is not None
        assert written is not None
        assert (file.complete, file.length, written.abandoned) == (False, 56, True)
        assert not room.decisions.takes[elsewhere].lost
        assert list(room.objects.kept) == [str(found)]
        assert room.spool.holdings() == []

    in_room(tmp_path, story)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("what", ["objects", "decisions"])
def test_a_take_is_finished_whatever_fails_first(tmp_path: Path, when: When, what: str) -> None:
    async def story(room: Room) -> None:
        call, (ada, _) = await room.ring()
        await room.want(call, ada)
        room.send(ada, rtp(0))
        await room.want(call)
        trouble = room.objects.trouble if what == "objects" else room.decisions.trouble
        trouble.when, trouble.times = when, 1
        await room.finished()
        (take,) = room.decisions.takes
        assert room.stored(take, room.decisions.calls[call].controller) == [rtp(0)]
        assert room.spool.holdings() == []

    in_room(tmp_path, story)
