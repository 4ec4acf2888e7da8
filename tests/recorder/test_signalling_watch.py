"""What the watch sees once a second, and whom it tells."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from rightcall.adapters.control import registry
from rightcall.adapters.control.model import RecorderRole
from rightcall.adapters.sip.agent import Counts
from rightcall.adapters.sip.ports import Accepted, Why
from rightcall.calls.model import Undecided
from rightcall.database.connection import Database
from rightcall.errors import RecorderGone
from rightcall.ids import CallId, ControllerId, RecorderId, new_id
from rightcall.recorder.signalling_calls import RecordedCalls
from rightcall.recorder.signalling_journal import Journal
from rightcall.recorder.signalling_watch import Watch
from rightcall.recordings import actions as recordings
from rightcall.recordings.model import EndReason
from rightcall.vault.actions import Vault
from tests.conftest import FixedClock
from tests.recorder.signalling_scene import FakeMedia, a_purpose, ringing, say_yes, tools_of, trunk_at


class FakeAgent:
    def __init__(self) -> None:
        self.told: list[tuple[str, CallId, object]] = []
        self.counts = Counts()

    def reoffer(self, call: CallId, wanted: Mapping[int, bool]) -> None:
        self.told.append(("reoffer", call, dict(wanted)))

    def move(self, call: CallId, address: str, ports: Mapping[int, int]) -> None:
        self.told.append(("move", call, (address, dict(ports))))

    def hang_up(self, call: CallId, why: Why) -> None:
        self.told.append(("hang_up", call, why))

    def suspect(self, call: CallId) -> None:
        self.told.append(("suspect", call, None))


class Stage:
    def __init__(self, database: Database, controller: ControllerId, vault: Vault, clock: FixedClock, folder: Path) -> None:
        self.tools = tools_of(vault, clock)
        self.media = FakeMedia(database, self.tools)
        self.calls = RecordedCalls(database, self.tools, self.media, Journal(folder))
        self.agent = FakeAgent()
        self.now = 0.0
        self.recorder = RecorderId(new_id())
        self.watch = Watch(
            database, self.calls, self.media, self.agent, recorder=self.recorder, address="127.0.0.1:5070", clock=lambda: self.now
        )
        trunk = trunk_at(database, clock, controller, undecided=Undecided.INACTIVE)
        with database.transaction(controller) as tx:
            a_purpose(tx, clock)
        answer = self.calls.arrived(ringing(trunk))
        assert isinstance(answer, Accepted)
        self.call = answer.call


@pytest.fixture
def stage(database: Database, controller: ControllerId, vault: Vault, clock: FixedClock, tmp_path: Path) -> Stage:
    return Stage(database, controller, vault, clock, tmp_path)


def test_a_yes_is_told_once(stage: Stage, database: Database, controller: ControllerId, vault: Vault, clock: FixedClock) -> None:
    stage.watch.look()
    assert stage.agent.told == []
    with database.transaction(controller) as tx:
        say_yes(tx, vault, clock, stage.call)
    stage.media.settle(controller, stage.call)
    stage.watch.look()
    stage.watch.look()
    assert [(what, call) for what, call, _ in stage.agent.told] == [("reoffer", stage.call)]


def test_a_call_that_ended_elsewhere_is_hung_up(stage: Stage, database: Database, controller: ControllerId) -> None:
    with database.transaction(controller) as tx:
        recordings.end(tx, stage.tools, stage.call, EndReason.LOST)
    stage.watch.look()
    assert stage.agent.told == [("hang_up", stage.call, Why.UNREACHABLE)]
    stage.calls.ended(stage.call, Why.UNREACHABLE)
    stage.watch.look()
    assert len(stage.agent.told) == 1


def test_a_long_silence_is_looked_into(stage: Stage) -> None:
    stage.media.quiet = frozenset({stage.call})
    for stage.now, suspicions in ((0.0, 0), (44.0, 0), (46.0, 1), (60.0, 1), (92.0, 2)):
        stage.watch.look()
        assert len(stage.agent.told) == suspicions
    stage.media.quiet = frozenset()
    stage.watch.look()
    stage.media.quiet = frozenset({stage.call})
    stage.now = 130.0
    stage.watch.look()
    assert len(stage.agent.told) == 2


def test_it_goes_on_when_a_media_process_is_gone(stage: Stage) -> None:
    stage.media.fail_before["state"] = 1
    with pytest.raises(RecorderGone):
        stage.watch.look()
    stage.watch.look()


def test_it_is_known_while_it_runs_and_gone_after(stage: Stage, database: Database) -> None:
    stage.watch.start()
    stage.watch.look()
    with database.system() as tx:
        assert stage.recorder in {each.recorder for each in registry.alive(tx, RecorderRole.SIGNALLING)}
    stage.watch.stop()
    with database.system() as tx, pytest.raises(RecorderGone):
        registry.find(tx, stage.recorder)


def test_a_media_process_that_started_anew_gives_the_calls_their_ports_back(stage: Stage) -> None:
    """Where they are the same the client hears nothing of it."""
    stage.watch.look()
    stage.media.start_anew()
    stage.watch.look()
    assert set(stage.media.calls) == {stage.call}
    assert stage.agent.told == []
    given = stage.calls.held()[stage.call].given
    assert given.since == stage.media.since
    stage.media.fail_before["allocate"] = 1
    stage.watch.look()
    assert stage.media.fail_before["allocate"] == 1


def test_a_client_is_told_of_other_ports_once(stage: Stage) -> None:
    stage.media.start_anew(first_port=36_000)
    stage.media.fail_before["allocate"] = 1
    with pytest.raises(RecorderGone):
        stage.watch.look()
    stage.watch.look()
    stage.watch.look()
    assert stage.agent.told == [("move", stage.call, ("198.51.100.7", {0: 36_000, 1: 36_002}))]


def test_a_call_that_ends_meanwhile_is_not_brought_back(stage: Stage) -> None:
    held = stage.calls.held()[stage.call]
    stage.media.start_anew()
    stage.calls.ended(stage.call, Why.HANGUP)
    assert stage.calls.restore(stage.call, held) is None
    assert stage.media.calls == {}
