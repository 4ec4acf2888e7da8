"""Gates follow decisions, and close whenever no decision can be had: a refused or failed pause never looks like success."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from rightcall.adapters.control.messages import Allocate, Allocated, Hello, Order, Release, Settle, Status, StatusReport, Update
from rightcall.consent.model import CORRECTED_WITHIN, OpenKeys
from rightcall.errors import Conflict, DatabaseGone, Malformed, Mistake, NotConfigured, NotFound, RecorderGone
from rightcall.ids import CallId, ControllerId, PartyId, StreamId, new_id
from rightcall.recorder.media_ports import Pending
from rightcall.recordings.model import Why
from tests.adapters.rtp.fakes import event, rtp
from tests.recorder.fakes import When
from tests.recorder.room import Room, in_room, offer


def asked(party: PartyId, until: datetime) -> Pending:
    return Pending(party=party, questions=(OpenKeys(yes="1", no="2", until=until),))


def test_no_yes_no_byte(tmp_path: Path) -> None:
    async def story(room: Room) -> None:
        call, streams = await room.ring()
        said = await room.settle(call)
        for stream in streams:
            room.send(stream, *(rtp(n) for n in range(50)))
        assert (said.holds, said.opened, said.closed) == (True, 0, 0)
        assert room.spool.holdings() == []

    in_room(tmp_path, story)


def test_from_the_yes_to_the_withdrawal_and_not_a_packet_more(tmp_path: Path) -> None:
    async def story(room: Room) -> None:
        call, (ada, agent) = await room.ring()
        room.send(ada, rtp(0))
        assert (await room.want(call, ada)).opened == 1
        room.send(ada, *(rtp(n) for n in range(1, 200)))
        room.send(agent, rtp(0))
        said = await room.want(call)
        room.send(ada, rtp(200))
        await room.finished()
        (take,) = room.decisions.takes
        written = room.decisions.takes[take].written
        assert room.stored(take, room.decisions.calls[call].controller) == [rtp(n) for n in range(1, 200)]
        assert (said.closed, said.holds) == (1, True)
        assert said.last_packet_at is not None
        assert said.last_packet_at < said.at
        assert written is not None
        assert (written.packets, written.abandoned, written.last_at) == (199, False, said.last_packet_at)
        assert room.spool.holdings() == []

    in_room(tmp_path, story)


def test_a_decision_that_was_overtaken_opens_nothing(tmp_path: Path) -> None:
    async def story(room: Room) -> None:
        call, (ada, agent) = await room.ring()
        known, controller = room.desk.calls[call], room.decisions.calls[call].controller
        room.decisions.want(call, ada, agent)
        overtaken = room.decisions.settle(controller, call)
        begun = room.gates.begin(controller, overtaken)
        await room.want(call)
        in_force = known.version
        applied = room.gates.apply(known, overtaken, begun)
        assert (applied.opened, applied.closed, known.version, known.stale) == (0, 0, in_force, True)
        assert [room.receiver.streams[each].take for each in (ada, agent)] == [None, None]
        assert len(begun) == 2
        room.gates.discard(begun)
        assert room.spool.holdings() == []

    in_room(tmp_path, story)


def test_a_change_of_purposes_cuts_and_goes_on(tmp_path: Path) -> None:
    async def story(room: Room) -> None:
        call, (ada, _) = await room.ring()
        await room.want(call, ada)
        room.send(ada, rtp(0))
        next(iter(room.decisions.takes.values())).cut = True
        said = await room.want(call, ada)
        room.send(ada, rtp(1))
        await room.want(call)
        await room.finished()
        controller = room.decisions.calls[call].controller
        assert (said.opened, said.closed) == (1, 1)
        assert [room.stored(take, controller) for take in room.decisions.takes] == [[rtp(0)], [rtp(1)]]

    in_room(tmp_path, story)


@pytest.mark.parametrize("when", ["before", "after"])
def test_without_a_decision_the_gates_close_and_it_is_said(tmp_path: Path, when: When) -> None:
    async def story(room: Room) -> None:
        call, (ada, agent) = await room.ring()
        await room.want(call, ada, agent)
        room.decisions.trouble.when, room.decisions.trouble.times = when, 1
        room.decisions.want(call, ada, why=Why.PAUSED)
        said = await room.settle(call)
        room.send(ada, rtp(0))
        assert (said.holds, said.reason) == (False, "The database cannot be reached.")
        assert all(line.take is None for line in room.receiver.streams.values())
        again = await room.settle(call)
        assert again.holds
        room.send(ada, rtp(1))
        await room.want(call)
        await room.finished()
        kept = [room.stored(take, room.decisions.calls[call].controller) for take, t in room.decisions.takes.items() if t.file]
        assert sorted(kept) == [[], [], [rtp(1)]]
        assert all(take.cut for take in room.decisions.takes.values())

    in_room(tmp_path, story)


def test_a_slow_decision_closes_first_and_is_applied_when_it_comes(tmp_path: Path) -> None:
    async def story(room: Room) -> None:
        call, (ada, _) = await room.ring()
        await room.want(call, ada)
        room.decisions.let_through.clear()
        said = await room.want(call, ada)
        room.send(ada, rtp(0))
        assert not said.holds
        assert room.receiver.streams[ada].take is None
        room.decisions.let_through.set()
        assert (await room.settle(call)).holds
        assert room.receiver.streams[ada].take is not None

    in_room(tmp_path, story)


def test_a_call_without_session_has_closed_gates(tmp_path: Path) -> None:
    async def story(room: Room) -> None:
        call, (ada, _) = await room.ring()
        await room.want(call, ada)
        known = room.decisions.calls.pop(call)
        said = await room.desk.settle(known.controller, call)
        assert not said.holds
        assert room.receiver.streams[ada].take is None

    in_room(tmp_path, story)


def test_a_call_that_is_not_here_holds_and_one_of_another_controller_is_not_found(tmp_path: Path) -> None:
    async def story(room: Room) -> None:
        call, _ = await room.ring()
        assert (await room.desk.settle(ControllerId(new_id()), CallId(new_id()))).holds
        await room.desk.answer(Release(call=call))
        room.decisions.want(call)
        said = await room.settle(call)
        assert (said.holds, said.version) == (True, room.decisions.calls[call].version)
        room.decisions.trouble.times = 1
        with pytest.raises(DatabaseGone):
            await room.settle(call)
        call, _ = await room.ring()
        with pytest.raises(NotFound):
            await room.desk.settle(ControllerId(new_id()), call)

    in_room(tmp_path, story)


def test_a_pause_is_reported_once_it_holds(tmp_path: Path) -> None:
    async def story(room: Room) -> None:
        call, (ada, _) = await room.ring()
        await room.want(call, ada)
        room.decisions.want(call, why=Why.PAUSED)
        said = await room.settle(call)
        while not room.decisions.reports:
            await asyncio.sleep(0.01)
        (report,) = room.decisions.reports
        assert (report.at, report.version, report.closed) == (said.at, said.version, 1)

    in_room(tmp_path, story)


def test_a_pressed_key_reaches_the_consent_room_and_is_nowhere_else(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def story(room: Room) -> None:
        call, (ada, _) = await room.ring()
        party = PartyId(new_id())
        known = room.decisions.calls[call]
        known.pending[ada] = asked(party, room.clock.now() + timedelta(minutes=1))
        await room.settle(call)
        room.send(ada, *(rtp(n, payload_type=101, payload=event("1"), timestamp=0) for n in range(3)))
        while not room.decisions.pressed:
            await asyncio.sleep(0.01)
        known.pending.clear()
        await room.settle(call)
        room.send(ada, rtp(9, payload_type=101, payload=event("4"), timestamp=99))
        assert room.decisions.pressed == [(party, "1")]

    in_room(tmp_path, story)
    assert not any("1" in record.getMessage() for record in caplog.records if record.name.startswith("rightcall.recorder"))


def key(digit: str, number: int, timestamp: int) -> list[bytes]:
    return [rtp(n, payload_type=101, payload=event(digit), timestamp=timestamp) for n in range(number, number + 3)]


async def told(room: Room) -> None:
    """Reports again, as the watch does each second, until every key is known."""
    async with asyncio.timeout(20):
        while any(media.keys or media.telling for media in room.desk.calls.values()):
            room.desk.tell_again()
            await asyncio.sleep(0.01)


async def recorded_and_asked(room: Room) -> tuple[CallId, StreamId, PartyId]:
    call, (ada, agent) = await room.ring()
    party = PartyId(new_id())
    room.decisions.calls[call].pending[ada] = asked(party, room.clock.now() + timedelta(minutes=1))
    await room.want(call, ada, agent)
    room.send(ada, *(rtp(n) for n in range(4)))  # all but the first wait for the tone detector, and are not stored
    return call, ada, party


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_no_that_cannot_be_reported_shuts_the_gates_until_it_is(tmp_path: Path, when: When) -> None:
    async def story(room: Room) -> None:
        call, ada, party = await recorded_and_asked(room)
        room.decisions.key_trouble.when, room.decisions.key_trouble.times = when, 3
        pressed_at = room.clock.now()
        room.send(ada, *key("2", 4, 640))
        while not room.desk.calls[call].key_waits:
            await asyncio.sleep(0.01)
        room.send(ada, rtp(9))
        room.desk.catch_up(room.decisions.beat(""))
        said = await room.settle(call)
        assert (said.holds, said.opened, said.version) == (True, 0, room.decisions.calls[call].version)
        assert all(line.take is None for line in room.receiver.streams.values())
        room.send(ada, rtp(10))
        await told(room)
        assert (await room.settle(call)).holds
        room.send(ada, rtp(11))
        assert all(line.take is None for line in room.receiver.streams.values())
        assert room.decisions.pressed == [(party, "2")]
        assert all(
            at == room.decisions.pressed_at[0] and at - pressed_at < timedelta(seconds=5) for at in room.decisions.pressed_at
        )
        await room.finished()
        controller = room.decisions.calls[call].controller
        kept = [room.stored(id, controller) for id, take in room.decisions.takes.items() if take.stream == ada and take.file]
        assert kept == [[rtp(0)]]
        assert all(take.cut for take in room.decisions.takes.values())
        assert room.figures.failures.labels("key_unreported")._value.get() == 1

    in_room(tmp_path, story)


def test_a_key_that_changes_nothing_opens_the_gates_again_once_it_is_reported(tmp_path: Path) -> None:
    async def story(room: Room) -> None:
        call, ada, _ = await recorded_and_asked(room)
        room.decisions.key_trouble.times = 1
        room.send(ada, *key("1", 4, 640))
        while not room.desk.calls[call].key_waits:
            await asyncio.sleep(0.01)
        assert room.receiver.streams[ada].take is None
        await told(room)
        assert (await room.settle(call)).holds
        assert room.receiver.streams[ada].take is not None

    in_room(tmp_path, story)


def test_a_key_that_is_slow_to_report_shuts_the_gates_meanwhile(tmp_path: Path) -> None:
    async def story(room: Room) -> None:
        call, ada, _ = await recorded_and_asked(room)
        room.decisions.key_wait.clear()
        room.send(ada, *key("2", 4, 640))
        while not room.desk.calls[call].key_waits:
            await asyncio.sleep(0.01)
        assert all(line.take is None for line in room.receiver.streams.values())
        room.decisions.key_wait.set()
        await told(room)
        assert not room.desk.calls[call].key_waits
        assert all(line.take is None for line in room.receiver.streams.values())

    in_room(tmp_path, story)


def test_a_no_is_heard_while_the_database_is_silent_and_counts_after_it(tmp_path: Path) -> None:
    async def story(room: Room) -> None:
        call, ada, party = await recorded_and_asked(room)
        room.desk.database_is_silent()
        room.decisions.key_trouble.times = 1
        room.send(ada, *key("2", 4, 640))
        while not room.desk.calls[call].key_waits:
            await asyncio.sleep(0.01)
        room.desk.database_is_heard()
        room.desk.catch_up(room.decisions.beat(""))
        await told(room)
        assert (await room.settle(call)).holds
        assert all(line.take is None for line in room.receiver.streams.values())
        assert room.decisions.pressed == [(party, "2")]

    in_room(tmp_path, story)


def test_a_no_that_was_not_reported_before_the_call_ended_is_reported_after_it(tmp_path: Path) -> None:
    async def story(room: Room) -> None:
        call, ada, party = await recorded_and_asked(room)
        room.decisions.key_trouble.times = 1
        room.send(ada, *key("2", 4, 640))
        await room.desk.answer(Release(call=call))
        async with asyncio.timeout(20):
            while not room.decisions.pressed:
                room.desk.tell_again()
                await asyncio.sleep(0.01)
        assert room.decisions.pressed == [(party, "2")]

    in_room(tmp_path, story)


def noted(room: Room) -> list[str]:
    """Which keys are on the disk."""
    return [each.key.digit for each in room.journal.left()]


def test_what_answers_nothing_is_noted_nowhere_and_each_of_the_two_keys_once(tmp_path: Path) -> None:
    """A card number that somebody keys in meanwhile: two of its digits, once each, are taken for a yes and a no that takes it
    back. The others never get to a disk."""

    async def story(room: Room) -> None:
        call, ada, _ = await recorded_and_asked(room)
        room.decisions.key_trouble.times = 1000
        for number, digit in enumerate("4012888818812345"):
            room.send(ada, *key(digit, 10 + 3 * number, 640 * (number + 1)))
        while not room.desk.calls[call].key_waits:
            await asyncio.sleep(0.01)
        assert noted(room) == ["1", "2"]
        assert all(note.stat().st_mode & 0o077 == 0 for note in (tmp_path / "keypad").glob("[!.]*"))
        room.decisions.key_trouble.times = 0
        await told(room)
        assert noted(room) == []
        assert [digit for _, digit in room.decisions.pressed] == ["1", "2"]

    in_room(tmp_path, story)


@pytest.mark.parametrize(("keys", "counted"), [("12", "12"), ("1121", "12"), ("21", "2"), ("2112", "2"), ("11", "1")])
def test_a_no_after_a_yes_is_heard_and_a_yes_after_a_no_is_not(tmp_path: Path, keys: str, counted: str) -> None:
    """Whether the house has written the yes down by then or not."""

    async def story(room: Room, *, told_between: bool) -> None:
        call, ada, party = await recorded_and_asked(room)
        for number, digit in enumerate(keys):
            room.send(ada, *key(digit, 10 + 3 * number, 640 * (number + 1)))
            if told_between:
                await told(room)
        await told(room)
        assert (await room.settle(call)).holds
        assert room.decisions.pressed == [(party, digit) for digit in counted]
        assert (room.receiver.streams[ada].take is None) is ("2" in counted)
        assert noted(room) == []

    in_room(tmp_path / "at once", partial(story, told_between=False))
    in_room(tmp_path / "one by one", partial(story, told_between=True))


def test_the_no_key_is_listened_for_until_the_yes_is_old(tmp_path: Path) -> None:
    async def story(room: Room) -> None:
        call, ada, party = await recorded_and_asked(room)
        room.send(ada, *key("1", 4, 640))
        await told(room)
        room.desk.expire_questions()
        assert room.receiver.streams[ada].listening
        pressed_at = room.clock.now() - CORRECTED_WITHIN
        old = OpenKeys(yes="1", no="2", until=pressed_at).after_yes(pressed_at)
        room.decisions.calls[call].pending[ada] = Pending(party=party, questions=(old,))
        await room.settle(call)
        room.send(ada, *key("2", 10, 1280))
        assert noted(room) == []
        room.desk.expire_questions()
        assert not room.receiver.streams[ada].listening
        assert room.decisions.pressed == [(party, "1")]

    in_room(tmp_path, story)


def test_a_yes_leaves_the_no_key_of_its_own_question_and_both_of_others() -> None:
    at, party = datetime(2026, 11, 2, 9, tzinfo=UTC), PartyId(new_id())
    until = at + timedelta(minutes=1)
    first, other = OpenKeys(yes="1", no="2", until=until), OpenKeys(yes="3", no="4", until=until)
    pending = Pending(party=party, questions=(first, other))
    after = pending.after("1", at)
    assert after == Pending(party=party, questions=(OpenKeys(yes=None, no="2", until=at + CORRECTED_WITHIN), other))
    assert after.after("1", at) is None
    assert after.after("2", at) == Pending(party=party, questions=(other,))
    assert after.after("2", at + CORRECTED_WITHIN) is None
    assert pending.after("2", at) == Pending(party=party, questions=(other,))
    assert (pending.after("5", at), pending.after("1", until)) == (None, None)
    assert (pending.is_over(at), pending.is_over(until)) == (False, True)


def test_a_decision_from_before_an_answer_does_not_ask_again(tmp_path: Path) -> None:
    async def story(room: Room) -> None:
        call, ada, _ = await recorded_and_asked(room)
        room.decisions.key_wait.clear()
        room.send(ada, *key("1", 4, 640))
        assert (await room.settle(call)).holds
        assert room.receiver.streams[ada].listening
        room.send(ada, *key("1", 7, 1280))
        assert noted(room) == ["1"]
        room.send(ada, *key("2", 10, 1920))
        assert (await room.settle(call)).holds
        room.send(ada, *key("2", 13, 2560))
        assert noted(room) == ["1", "2"]
        room.decisions.key_wait.set()
        await told(room)
        assert [digit for _, digit in room.decisions.pressed] == ["1", "2"]

    in_room(tmp_path, story)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_no_outlives_the_process_that_heard_it(tmp_path: Path, when: When) -> None:
    """The next one reports it, at the instant it was pressed; till then nothing of the call opens."""
    heard: dict[str, Any] = {}

    async def killed(room: Room) -> None:
        call, ada, party = await recorded_and_asked(room)
        room.decisions.key_trouble.when, room.decisions.key_trouble.times = "before", 1000
        room.send(ada, *key("2", 4, 640))
        while not room.desk.calls[call].key_waits:
            await asyncio.sleep(0.01)
        (left,) = room.journal.left()
        heard.update(call=call, stream=ada, party=party, key=left.key, known=room.decisions.calls[call])

    async def next_start(room: Room) -> None:
        call, ada, known = heard["call"], heard["stream"], heard["known"]
        room.decisions.calls[call] = known
        known.wanted = {ada}
        room.decisions.key_trouble.when, room.decisions.key_trouble.times = when, 1
        allocate = Allocate(controller=known.controller, call=call, streams=(offer(ada),))
        assert isinstance(await room.desk.answer(allocate), Allocated)
        await room.settle(call)
        room.desk.catch_up(room.decisions.beat(""))
        await asyncio.sleep(0.05)
        assert room.receiver.streams[ada].take is None
        await told(room)
        await room.settle(call)
        assert room.receiver.streams[ada].take is None
        assert room.decisions.pressed == [(heard["party"], "2")]
        assert set(room.decisions.pressed_at) == {heard["key"].at}
        assert noted(room) == []

    in_room(tmp_path, killed)
    in_room(tmp_path, next_start)


def test_a_key_that_cannot_be_noted_shuts_the_gates_until_it_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    async def story(room: Room) -> None:
        call, ada, party = await recorded_and_asked(room)
        monkeypatch.setattr(room.journal, "note", full)
        room.decisions.key_wait.clear()
        room.send(ada, *key("1", 4, 640))
        assert room.desk.calls[call].key_waits
        assert room.receiver.streams[ada].take is None
        room.decisions.key_wait.set()
        await told(room)
        await room.settle(call)
        assert room.decisions.pressed == [(party, "1")]
        assert room.receiver.streams[ada].take is not None

    in_room(tmp_path, story)


def test_the_house_is_told_since_when_the_gates_were_shut_for_a_key(tmp_path: Path) -> None:
    async def story(room: Room) -> None:
        call, ada, _ = await recorded_and_asked(room)
        room.decisions.key_trouble.times = 2
        room.send(ada, *key("2", 4, 640))
        while not room.desk.calls[call].key_waits:
            await asyncio.sleep(0.01)
        shut_by = room.clock.now()
        await told(room)
        (shut_at,) = room.decisions.shut_at
        assert shut_at is not None
        assert room.decisions.pressed_at[0] <= shut_at <= shut_by

    in_room(tmp_path, story)


@pytest.mark.parametrize(("error", "waits"), [(NotConfigured("The PIN is wrong."), True), (Conflict("Erased."), False)])
def test_only_what_the_house_refuses_for_good_is_forgotten(tmp_path: Path, error: Mistake, waits: bool) -> None:
    async def story(room: Room) -> None:
        call, ada, _ = await recorded_and_asked(room)
        room.decisions.refusal = error
        room.send(ada, *key("2", 4, 640))
        media = room.desk.calls[call]
        while (not media.key_waits) if waits else media.keys:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        assert media.key_waits is waits
        assert noted(room) == (["2"] if waits else [])

    in_room(tmp_path, story)


def test_a_note_that_a_power_loss_cut_off_is_said_and_stops_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "keypad").mkdir()
    (tmp_path / "keypad" / str(new_id())).write_text("")
    draft = tmp_path / "keypad" / f".{new_id()}"
    draft.write_text("half a ")

    async def story(room: Room) -> None:
        assert not draft.exists()
        call, ada, _ = await recorded_and_asked(room)
        room.send(ada, *key("1", 4, 640))
        await told(room)
        assert (await room.settle(call)).holds

    in_room(tmp_path, story)
    assert any("an answer may be lost" in record.getMessage() for record in caplog.records)


def test_a_question_that_has_expired_is_not_listened_for(tmp_path: Path) -> None:
    async def story(room: Room) -> None:
        call, (ada, _) = await room.ring()
        known = room.decisions.calls[call]
        known.pending[ada] = asked(PartyId(new_id()), room.clock.now() - timedelta(seconds=1))
        await room.settle(call)
        room.send(ada, rtp(0, payload_type=101, payload=event("1")))
        room.desk.expire_questions()
        await asyncio.sleep(0)
        assert room.decisions.pressed == []
        assert not room.receiver.streams[ada].listening

    in_room(tmp_path, story)


def test_a_release_cuts_and_frees_the_ports(tmp_path: Path) -> None:
    async def story(room: Room) -> None:
        free = room.receiver.pool.free
        call, (ada, agent) = await room.ring()
        await room.want(call, ada, agent)
        room.send(ada, rtp(0))
        for _ in range(2):
            await room.desk.answer(Release(call=call))
        await room.finished()
        assert room.receiver.pool.free == free
        assert all(take.cut and take.file for take in room.decisions.takes.values())
        status = await room.desk.answer(Status())
        assert isinstance(status, StatusReport)
        assert (status.calls, status.streams, status.recorder) == (0, 0, room.recorder)

    in_room(tmp_path, story)


def test_the_same_ports_when_asked_again_and_none_for_a_refused_order(tmp_path: Path) -> None:
    async def story(room: Room) -> None:
        call, (ada, agent) = await room.ring()
        free, known = room.receiver.pool.free, room.decisions.calls[call]
        orders = [Allocate(controller=known.controller, call=call, streams=(offer(ada), offer(agent))) for _ in range(2)]
        first, second = [await room.desk.answer(order) for order in orders]
        assert isinstance(first, Allocated)
        assert first == second
        many = tuple(offer(StreamId(new_id())) for _ in range(40))
        wrong: list[tuple[Order, type[Exception]]] = [
            (Allocate(controller=ControllerId(new_id()), call=call, streams=(offer(ada),)), Conflict),
            (Allocate(controller=known.controller, call=new_id(), streams=(offer(StreamId(new_id())), offer(ada))), Conflict),
            (
                Allocate(controller=known.controller, call=call, streams=many),
                Malformed,
            ),
            (Update(call=call, streams=(offer(StreamId(new_id())),)), NotFound),
            (Hello(secret=b""), Malformed),
        ]
        for order, error in wrong:
            with pytest.raises(error):
                await room.desk.answer(order)
        assert room.receiver.pool.free == free

    in_room(tmp_path, story)


def test_when_ports_run_out_nothing_is_half_allocated(tmp_path: Path) -> None:
    async def story(room: Room) -> None:
        pool = room.receiver.pool
        while pool.free > 1:
            pool.take()
        call, ids = CallId(new_id()), [StreamId(new_id()) for _ in range(2)]
        order = Allocate(controller=new_id(), call=call, streams=tuple(offer(each) for each in ids))
        with pytest.raises(RecorderGone):
            await room.desk.answer(order)
        assert call not in room.desk.calls
        assert pool.free == 1

    in_room(tmp_path, story)


def test_a_disk_that_fails_closes_the_gate_and_the_call_rests(tmp_path: Path) -> None:
    async def story(room: Room) -> None:
        call, (ada, _) = await room.ring()
        await room.want(call, ada)
        room.send(ada, rtp(0))
        room.desk.disk_failed(ada)
        assert room.receiver.streams[ada].take is None
        assert room.desk.calls[call].stale
        room.desk.catch_up(room.decisions.beat(""))
        assert not room.desk.calls[call].catching_up
        room.desk.calls[call].rests_until = 0
        room.desk.catch_up(room.decisions.beat(""))
        while room.desk.calls[call].catching_up:
            await asyncio.sleep(0.01)
        assert room.receiver.streams[ada].take is not None

    in_room(tmp_path, story)


def test_a_held_call_is_not_silent(tmp_path: Path) -> None:
    async def story(room: Room) -> None:
        call, streams = await room.ring()
        room.receiver.tick()
        for stream in room.receiver.streams.values():
            stream.lively_at -= 20_000
        assert room.desk.silent(15) == (call,)
        await room.desk.answer(Update(call=call, streams=tuple(offer(each, held=True) for each in streams)))
        assert room.desk.silent(15) == ()

    in_room(tmp_path, story)


def test_two_settlings_of_a_call_are_in_turn(tmp_path: Path) -> None:
    async def story(room: Room) -> None:
        call, (ada, agent) = await room.ring()
        room.decisions.want(call, ada, agent)
        said = await asyncio.gather(*(room.settle(call) for _ in range(5)))
        assert sorted(each.opened for each in said) == [0, 0, 0, 0, 2]
        order = Settle(controller=room.decisions.calls[call].controller, call=call)
        room.decisions.want(call)
        await room.desk.answer(order)
        assert all(take.cut for take in room.decisions.takes.values())

    in_room(tmp_path, story)
