"""Signalling as it runs in life: its own process beside a real media process, a real database, a client on a real socket."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rightcall.adapters.control.model import RecorderRole
from rightcall.adapters.control.own_files import own_id
from rightcall.adapters.control.registry import find
from rightcall.calls import actions as calls
from rightcall.calls.model import NewTrunk, Undecided
from rightcall.errors import RecorderGone
from rightcall.ids import CallId, ControllerId
from rightcall.recordings import actions as recordings
from rightcall.recordings.model import CallState, EndReason
from rightcall.recordings.states import Stage
from rightcall.wiring import House
from tests.adapters.rtp.fakes import rtp
from tests.adapters.sip.phone import Dialog, Phone, Reply, siprec
from tests.recorder.process import Process, wait_until
from tests.recorder.signalling_scene import a_purpose, say_yes


class Signalling:
    """`rightcall role signalling`, as the supervisor starts it."""

    def __init__(self, house: House, log: Path) -> None:
        self.house, self.log = house, log
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        told = {f"RIGHTCALL_{name.upper()}": str(value) for name, value in house.settings.model_dump().items() if value}
        told |= {"RIGHTCALL_DATABASE_URL": house.database.url, "RIGHTCALL_SIP": f"127.0.0.1:{self.port}"}
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "rightcall", "role", "signalling", "--parent", str(os.getpid())],
                env={**os.environ, **told},
                stdout=out,
                stderr=out,
            )
        try:
            wait_until(self._is_known)
        except AssertionError:
            self.process.kill()
            self.process.wait()
            raise

    def _is_known(self) -> bool:
        try:
            with self.house.database.system() as tx:
                return find(tx, own_id(self.house.settings.data, RecorderRole.SIGNALLING)).address == f"127.0.0.1:{self.port}"
        except RecorderGone:
            return False


@pytest.fixture(scope="module")
def signalling(house: House, process: Process, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signalling]:
    running = Signalling(house, tmp_path_factory.mktemp("signalling") / "log")
    yield running
    if running.process.poll() is None:
        running.process.terminate()
    running.process.wait(20)


@pytest.fixture
def phone(signalling: Signalling) -> Iterator[Phone]:
    with Phone(signalling.port) as phone:
        yield phone


def dial(house: House, controller: ControllerId, phone: Phone, undecided: Undecided = Undecided.DROP) -> Dialog:
    """A number that only this controller's trunk takes."""
    number = f"srs{controller.hex}"
    new = NewTrunk(
        name="loop",
        sources=("127.0.0.1",),
        called=number,
        staff=("energy.example",),
        undecided=undecided,
        default_region="DK",
        language="en",
    )
    with house.database.system() as tx:
        calls.add_trunk(tx, house.clock, controller, new)
    with house.database.transaction(controller) as tx:
        a_purpose(tx, house.clock)  # type: ignore[arg-type]  # any clock
    return Dialog(phone, called=number)


def the_call(house: House, controller: ControllerId) -> CallId:
    with house.database.transaction(controller) as tx:
        return calls.every(tx)[-1].id


def state(house: House, controller: ControllerId) -> CallState:
    call = the_call(house, controller)
    with house.database.transaction(controller) as tx:
        return recordings.call_state(tx, call)


def yes(house: House, controller: ControllerId) -> None:
    call = the_call(house, controller)
    with house.database.transaction(controller) as tx:
        say_yes(tx, house.vault, house.clock, call)  # type: ignore[arg-type]  # any clock
    house.gates.settle(controller, call)


def speak(answer: Reply, first: int, count: int) -> None:
    """Ada's packets, to where the recorder's answer says."""
    port = int(answer.body.partition("m=audio ")[2].split()[0])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        for number in range(first, first + count):
            line.sendto(rtp(number), ("127.0.0.1", port))


def test_from_invite_to_a_finished_take(house: House, caller: ControllerId, signalling: Signalling, phone: Phone) -> None:
    call = dial(house, caller, phone)
    answer = call.invite(siprec())
    assert answer.code == 200
    assert answer.body.count("a=recvonly") == 2
    assert state(house, caller).takes == ()
    yes(house, caller)
    held = call.invite(siprec("a=inactive"))
    assert held.body.count("a=inactive") == 2
    assert all(stream.held for stream in state(house, caller).streams)
    assert all(take.cut_at is not None for take in state(house, caller).takes)
    resumed = call.invite(siprec())
    assert resumed.body.count("a=recvonly") == 2
    open_takes = [take for take in state(house, caller).takes if take.cut_at is None]
    assert len(open_takes) == 2
    assert call.say("BYE").code == 200
    wait_until(lambda: state(house, caller).session.state.stage is Stage.OVER)
    wait_until(lambda: all(take.cut_at is not None for take in state(house, caller).takes))


def test_a_yes_opens_an_inactive_trunk(house: House, caller: ControllerId, signalling: Signalling, phone: Phone) -> None:
    call = dial(house, caller, phone, Undecided.INACTIVE)
    assert call.invite(siprec()).body.count("a=inactive") == 2
    yes(house, caller)
    asked = phone.request("INVITE")
    assert "a=recvonly" in asked
    phone.answer(asked, 200, f"Contact: <sip:src@127.0.0.1:{phone.own}>")
    phone.request("ACK")
    assert call.say("BYE").code == 200


def test_a_stranger(signalling: Signalling, phone: Phone) -> None:
    assert Dialog(phone, called="nobody").invite(siprec()).code == 403


def test_a_call_that_the_house_ends_is_hung_up(house: House, caller: ControllerId, signalling: Signalling, phone: Phone) -> None:
    call = dial(house, caller, phone)
    call.invite(siprec())
    ended = the_call(house, caller)
    with house.database.transaction(caller) as tx:
        recordings.end(tx, house.tools, ended, EndReason.LOST)
    phone.answer(phone.request("BYE"), 200)


def test_nobody_is_in_the_log(house: House, caller: ControllerId, signalling: Signalling, phone: Phone) -> None:
    call = dial(house, caller, phone)
    call.invite(siprec())
    call.say("BYE")
    log = signalling.log.read_text()
    assert "signalling listens" in log
    assert "caller.example" not in log
    assert "Planted" not in log


def test_without_a_media_process_the_client_may_come_again(
    house: House, caller: ControllerId, signalling: Signalling, process: Process, phone: Phone
) -> None:
    call = dial(house, caller, phone)
    speak(call.invite(siprec()), 0, 3)
    process.kill()
    try:
        refused = call.invite(siprec("a=inactive"))
        assert (refused.code, refused.header("Retry-After")) == (503, "5")
        assert Dialog(phone, called=call.called).invite(siprec()).code == 503
        assert call.say("BYE").code == 200
        wait_until(lambda: state(house, caller).session.state.stage is Stage.OVER)
    finally:
        process.start()
