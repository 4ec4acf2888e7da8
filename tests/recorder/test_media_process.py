"""The media process as it runs in life: its own process, real decisions, real sockets, real files; and kill -9."""

import time
from datetime import timedelta

import psycopg
import pytest

from rightcall.actors import Actor
from rightcall.adapters.rtp.keys import LET_GO_AFTER_MS
from rightcall.consent.model import Answer, Channel
from rightcall.errors import RecorderGone
from rightcall.policy.model import PauseReason
from rightcall.recordings import actions
from rightcall.recordings.model import Cut, Happening
from rightcall.vault.model import DarkReason
from rightcall.wiring import House
from tests.adapters.rtp.fakes import event, rtp
from tests.recorder.process import LiveCall, Process, database_away, wait_until
from tests.recordings.scene import AGENT
from tests.reviews.words import reviewed

WORDS = b"planted words " * 11


def words(first: int, count: int) -> list[bytes]:
    return [rtp(n, payload=WORDS) for n in range(first, first + count)]


def on_disk(house: House) -> bytes:
    return b"".join(file.read_bytes() for file in house.settings.data.rglob("*") if file.is_file())


def arrived(live: LiveCall) -> None:
    """Loopback has delivered; the process has read it when it answers the next order."""
    time.sleep(0.05)
    live.status()


def test_no_yes_no_byte(live: LiveCall) -> None:
    live.settle()
    live.send(*words(0, 100))
    arrived(live)
    live.answer(Answer.REFUSED)
    live.settle()
    live.send(*words(100, 100))
    arrived(live)
    live.end()
    assert live.takes() == []
    assert list(live.house.objects.list(str(live.controller))) == []
    assert [file.name for file in (live.house.settings.data / "spool").iterdir()] == [".lock"]


def test_yes_pause_resume_and_withdrawal(live: LiveCall) -> None:
    live.send(*words(0, 10))
    live.answer(Answer.GRANTED)
    live.settle()
    assert live.takes()[-1].cut_at is None
    live.send(*words(10, 300))
    arrived(live)
    call, tools = live.arrived.session.call, live.house.tools
    by: Actor = AGENT
    live.run(lambda tx: actions.pause(tx, tools, call, by=by, reason=PauseReason.CARD_DATA))
    live.settle()
    live.send(rtp(310, payload=b"4111111111111111"), rtp(311, payload_type=101, payload=event("4")))
    arrived(live)
    with live.house.database.transaction(live.controller) as tx:
        session = actions.call_state(tx, call).session
    wait_until(lambda: live.takes()[0].finished_at is not None)
    time.sleep(LET_GO_AFTER_MS / 1000 + 0.05)  # the key is up
    live.run(lambda tx: actions.resume(tx, tools, call, by=by))
    live.settle()
    assert live.takes()[-1].cut_at is None
    live.send(*words(312, 5))
    arrived(live)
    first, second = live.takes()
    assert session.pause is PauseReason.CARD_DATA
    assert live.stored(first) == words(10, 300)
    assert (first.packets, first.cut_reason) == (300, Cut.PAUSED)
    live.answer(Answer.WITHDRAWN)
    live.settle()
    live.send(*words(317, 5))
    arrived(live)
    wait_until(lambda: live.takes()[1].finished_at is not None)
    assert live.takes()[1].packets == 5
    assert [live.stored(take) for take in (first, second)] == [DarkReason.GRANT_DESTROYED] * 2
    live.end()
    assert b"planted words" not in on_disk(live.house)
    assert b"4111111111111111" not in on_disk(live.house)


def test_a_pause_is_marked_as_held_by_the_recorder_itself(live: LiveCall) -> None:
    live.answer(Answer.GRANTED)
    live.settle()
    call, tools = live.arrived.session.call, live.house.tools
    live.run(lambda tx: actions.pause(tx, tools, call, by=AGENT, reason=PauseReason.CARD_DATA))

    def held() -> bool:
        with live.house.database.transaction(live.controller) as tx:
            return actions.call_state(tx, call).session.pause_held_at is not None

    wait_until(held)
    live.end()


def test_a_key_is_the_choice_where_the_notice_says_so(live: LiveCall, process: Process) -> None:
    live.run(lambda tx: live.ask(tx))
    live.settle()
    live.send(*(rtp(n, payload_type=101, payload=event("1", ended=n > 1), timestamp=0) for n in range(4)))
    wait_until(lambda: len(live.takes()) == 1)
    live.settle()
    live.send(rtp(4, payload_type=101, payload=event("1", ended=True), timestamp=0))
    time.sleep(LET_GO_AFTER_MS / 1000 + 0.05)
    live.send(*words(5, 20))
    arrived(live)
    live.end()
    wait_until(lambda: live.takes()[0].finished_at is not None)
    assert all_but_the_last(live.stored(live.takes()[0]), words(5, 20))


def all_but_the_last(stored: list[bytes] | DarkReason, sent: list[bytes]) -> bool:
    """Cut while a no key was still listened for: at most the last four packets were not judged free of it yet."""
    return not isinstance(stored, DarkReason) and sent[:-4] == stored[: len(sent) - 4] and stored == sent[: len(stored)]


def test_a_no_key_right_after_the_yes_key_takes_it_back(live: LiveCall, process: Process) -> None:
    live.run(lambda tx: live.ask(tx))
    live.settle()
    for number, digit in enumerate("12"):
        first = 4 * number
        events = (event(digit, ended=n > 1) for n in range(4))
        live.send(*(rtp(first + n, payload_type=101, payload=each, timestamp=800 * number) for n, each in enumerate(events)))
    wait_until(lambda: len(live.choices()) == 2)
    assert [(each.answer, each.channel) for each in live.choices()] == [
        (Answer.GRANTED, Channel.KEYPAD),
        (Answer.WITHDRAWN, Channel.KEYPAD),
    ]
    live.settle()
    live.send(*words(10, 20))
    arrived(live)
    assert live.status().open == 0
    assert all(live.stored(take) is DarkReason.GRANT_DESTROYED for take in live.takes())
    live.end()


def test_in_germany_the_agents_own_key_opens_and_a_missing_one_keeps_everything_shut(live: LiveCall, process: Process) -> None:
    """Ada's yes alone keeps nothing of anybody. The agent is asked too, and says it on the agent's own stream."""
    with psycopg.connect(live.house.database.url) as connection:
        connection.execute("UPDATE controllers SET jurisdictions = '{EU,DE}' WHERE controller = %s", (live.controller,))
    live.run(lambda tx: reviewed(tx, live.house.clock, live.notice.purpose, live.house.rules))
    agent, call = live.arrived.by_label["2"], live.arrived.session.call
    live.answer(Answer.GRANTED)
    live.settle()
    live.send(*words(0, 20))
    live.send_to(agent, *words(0, 20))
    arrived(live)
    assert live.status().open == 0
    assert live.takes(live.ada) + live.takes(agent) == []
    seven, notice = live.arrived.by_ref["p-seven"], live.notice.id
    live.run(lambda tx: actions.ask(tx, live.house.tools, call=call, party=seven, notice=notice, by=AGENT))
    live.settle()
    live.send_to(agent, *(rtp(n, payload_type=101, payload=event("1", ended=n > 21), timestamp=0) for n in range(20, 24)))
    wait_until(lambda: live.status().open == 2)
    time.sleep(LET_GO_AFTER_MS / 1000 + 0.05)
    live.send(*words(20, 10))
    live.send_to(agent, *words(30, 20))
    arrived(live)
    live.end()
    wait_until(lambda: all(take.finished_at for take in live.takes(live.ada) + live.takes(agent)))
    (of_ada,), (of_agent,) = ([live.stored(take) for take in live.takes(stream)] for stream in (live.ada, agent))
    assert of_ada == words(20, 10)
    assert all_but_the_last(of_agent, words(30, 20))


def test_a_killed_process_leaves_whole_chunks_and_the_next_goes_on(live: LiveCall, process: Process) -> None:
    """At the same ports, at gates read anew, under the same grant."""
    live.answer(Answer.GRANTED)
    live.settle()
    live.send(*words(0, 300))
    arrived(live)
    killed_at = live.house.clock.now()
    process.kill()
    with pytest.raises(RecorderGone):
        live.settle()
    before = dict(live.ports)
    process.start()
    live.allocate()
    assert live.ports == before
    live.settle()
    live.send(*words(300, 20))
    arrived(live)
    wait_until(lambda: live.takes()[0].finished_at is not None)
    kept = live.stored(live.takes()[0])
    assert isinstance(kept, list)
    assert 0 < len(kept) < 300
    assert kept == words(0, len(kept))
    lost = live.takes()[0]
    assert (lost.cut_reason, lost.packets) == (Cut.LOST, len(kept))
    assert lost.first_at is not None
    assert lost.last_at is not None
    assert lost.opened_at <= lost.first_at <= lost.last_at <= killed_at
    live.end()
    wait_until(lambda: live.takes()[1].finished_at is not None)
    assert live.stored(live.takes()[1]) == words(300, 20)


def test_a_database_that_is_away_closes_every_gate(live: LiveCall) -> None:
    live.answer(Answer.GRANTED)
    live.settle()
    live.send(*words(0, 20))
    arrived(live)
    with database_away(live.house):
        wait_until(lambda: not live.status().database_answers)
        assert live.status().open == 0
        live.send(*words(20, 20))
        arrived(live)
    wait_until(lambda: live.status().open == 2)
    live.send(*words(40, 20))
    arrived(live)
    live.end()
    wait_until(lambda: all(take.finished_at is not None for take in live.takes()))
    kept = [live.stored(take) for take in live.takes()]
    assert (kept[0], kept[-1]) == (words(0, 20), words(40, 20))
    assert all(each == [] for each in kept[1:-1])


def test_a_no_pressed_while_the_database_is_away_outlives_kill_9(live: LiveCall, process: Process) -> None:
    """The next process has it written down, as of when it was pressed, and what was recorded for a yes before goes dark."""
    live.answer(Answer.GRANTED)
    live.run(lambda tx: live.ask(tx))
    live.settle()
    live.send(*words(0, 20))
    arrived(live)
    with database_away(live.house):
        wait_until(lambda: not live.status().database_answers)
        live.send(rtp(20, payload_type=101, payload=event("2"), timestamp=3200))
        keypad = live.house.settings.data / "keypad"
        wait_until(lambda: len(list(keypad.glob("[!.]*"))) == 1)
        pressed_by = live.house.clock.now()
        process.kill()
    process.start()
    wait_until(lambda: live.choices()[-1].answer is Answer.WITHDRAWN)
    choice = live.choices()[-1]
    assert (choice.channel, choice.party) == (Channel.KEYPAD, live.arrived.by_ref["p-ada"])
    assert pressed_by - timedelta(seconds=2) < choice.made_at <= pressed_by
    assert list(keypad.iterdir()) == []
    live.allocate()
    live.settle()
    live.send(*words(21, 20))
    arrived(live)
    assert live.status().open == 0
    assert [live.stored(take) for take in live.takes()] == [DarkReason.GRANT_DESTROYED] * len(live.takes())
    live.end()


def test_the_timeline_says_since_when_nothing_was_kept_for_a_key_that_waited(live: LiveCall, process: Process) -> None:
    live.answer(Answer.GRANTED)
    live.run(lambda tx: live.ask(tx))
    live.settle()
    live.send(*words(0, 20))
    arrived(live)
    before = len(process.log)
    with database_away(live.house):
        wait_until(lambda: not live.status().database_answers)
        live.send(rtp(20, payload_type=101, payload=event("2"), timestamp=3200))
        wait_until(lambda: "a key cannot be reported" in process.log[before:])
    wait_until(lambda: live.choices()[-1].answer is Answer.WITHDRAWN)
    with live.house.database.transaction(live.controller) as tx:
        timeline = actions.timeline(tx, live.arrived.session.call)
    (entry,) = (each for each in timeline if each.reason == PauseReason.NOT_WRITTEN.value)
    assert (entry.kind, entry.party) == (Happening.CLOSED, live.arrived.by_ref["p-ada"])
    assert entry.at >= live.choices()[-1].made_at
    wait_until(lambda: live.status().database_answers)
    live.end()


def test_a_process_that_is_asked_to_stop_finishes_its_takes(live: LiveCall, process: Process) -> None:
    live.answer(Answer.GRANTED)
    live.settle()
    live.send(*words(0, 50))
    arrived(live)
    assert process.stop() == 0
    (take,) = live.takes()
    assert take.finished_at is not None
    assert live.stored(take) == words(0, 50)
    process.start()
    live.end()


def test_what_the_process_logs_is_about_nobody(process: Process) -> None:
    for planted in ("planted words", "4111111111111111", "+45", "sip:"):
        assert planted not in process.log
