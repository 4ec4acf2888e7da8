"""What breaks while a call is on: any process is killed, the database hangs or dies, the disk is full, a recorder cannot confirm.

The phone call is never harmed: its SIP gets sane answers. Gates close. What was sealed before stays readable up to its last whole
chunk. It is said. And when the fault is over, the next call works.
"""

import errno
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from rightcall.adapters.rtp.spool import LEAST_FREE_BYTES
from rightcall.errors import RecorderGone
from rightcall.testcall.desk import Declined
from rightcall.testcall.sip import Refused
from tests.journeys.deployment import RESTART_SECONDS, Deployment, deployed, eventually, patiently
from tests.journeys.line import TRAINING, WHY, Line, audio, frames_in, instant, noise, packets_in, takes_of

_ROOM = LEAST_FREE_BYTES + (16 << 20)
_CHUNK_SECONDS = 2.0
_CHUNK_PACKETS = 95


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A deployment of its own, whose spool is a small disk of its own."""
    folder = tmp_path_factory.mktemp("faults")
    spool = folder / "data" / "spool"
    spool.mkdir(parents=True)
    spool.parent.chmod(0o700)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_ROOM}", "tmpfs", str(spool)], check=True)
    try:
        with deployed(folder) as deployment:
            yield deployment
    finally:
        subprocess.run(["umount", str(spool)], check=True)


_numbers = iter(range(4532100000, 4532200000))


class Recorded:
    """A call that is being recorded, with what was said so far."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self.line = Line(deployment, f"+{next(_numbers)}")
        self.said = noise(_CHUNK_SECONDS * 1.5)
        try:
            self.line.choose(TRAINING, "granted")
            self.line.say(self.said)
        except BaseException:
            self.let_go()
            raise

    def let_go(self) -> None:
        """Whatever became of the test, the call does not stay."""
        try:
            self.line.call.hang_up()
        except (RecorderGone, OSError):
            self.line.call.vanish()

    def speak_on(self, seconds: float = 30.0) -> None:
        """In the background, from now on."""
        self.line.call.say("caller", noise(seconds))

    def gates_are_closed(self, within: float) -> None:
        """The disk says so: sound arrives, and no sealed file grows any more."""
        deadline = time.monotonic() + within
        while True:
            before = _sealed(self.deployment)
            time.sleep(_CHUNK_SECONDS * 1.3)
            if not _grew(before, _sealed(self.deployment)):
                return
            assert time.monotonic() < deadline, "sound is still being written"

    def hang_up(self) -> dict[str, Any]:
        self.line.call.hang_up()
        return self.line.finished()


@contextmanager
def recorded(deployment: Deployment) -> Iterator[Recorded]:
    call = Recorded(deployment)
    try:
        yield call
    finally:
        call.let_go()


def a_new_call_works(deployment: Deployment) -> None:
    call = patiently(lambda: _a_call(deployment), RESTART_SECONDS)
    state = call.hang_up()
    mine = [take for take in takes_of(state, "customer") if take["packets"]]
    assert mine
    sound = b"".join(audio(deployment, take["id"], TRAINING) for take in mine)
    assert frames_in(sound, call.said) > len(call.said) // 2


def _a_call(deployment: Deployment) -> Recorded:
    try:
        return Recorded(deployment)
    except Refused as refused:
        if refused.response.status == 503:
            raise RecorderGone("The recorder is not back yet.") from refused
        raise


def _sealed(deployment: Deployment) -> dict[Path, int]:
    return {file: size for file, size in deployment.kept_files().items() if file.suffix == ".sealed"}


def _grew(before: dict[Path, int], now: dict[Path, int]) -> bool:
    return any(size > before.get(file, 0) for file, size in now.items())


def test_media_is_killed(broken: Deployment) -> None:
    with recorded(broken) as call:
        mark = len(broken.log())
        killed_at = datetime.now(UTC)
        pid = broken.kill("media")
        broken.wait_restarted("media", pid)
        eventually(lambda: broken.says("media ended unasked (killed by SIGKILL)", since=mark), 10.0, "it is said")
        eventually(lambda: broken.says("takes of a killed process", since=mark), RESTART_SECONDS, "what was left is found")
        eventually(lambda: {take["cut_reason"] for take in call.line.state()["takes"]} == {"lost"}, 20.0, "it is told as lost")
        state = call.hang_up()
    cut_off = [take for take in takes_of(state, "customer") if take["finished_at"]]
    assert cut_off
    subject = next(party["subject"] for party in state["parties"] if party["role"] == "customer")
    holding = broken.dpo.get(f"/subjects/{subject}/holdings")["items"][0]
    assert holding["complete"] is False
    answer = broken.request("dpo", "GET", f"/api/v1/takes/{holding['id']}/audio", params={"purpose": TRAINING, **WHY})
    assert answer.status_code == 200
    assert answer.headers["x-cut-short"] == "true"
    (taken,) = (take for take in cut_off if take["id"] == holding["id"])
    assert taken["packets"] >= 80, "one whole chunk at least was sealed before"
    assert frames_in(answer.content, call.said) >= len(call.said) - _CHUNK_PACKETS, "no more than the last chunk is lost"
    assert taken["packets"] == len(packets_in(broken, taken["id"], TRAINING))
    assert instant(taken["opened_at"]) <= instant(taken["first_at"]) < instant(taken["last_at"]) <= killed_at
    a_new_call_works(broken)


def test_signalling_is_killed(broken: Deployment) -> None:
    with recorded(broken) as call:
        mark = len(broken.log())
        pid = broken.kill("signalling")
        broken.wait_restarted("signalling", pid)
        eventually(lambda: broken.says("calls of a killed signalling process", since=mark), RESTART_SECONDS, "it is said")
        call.speak_on(60.0)
        call.gates_are_closed(within=10.0)
        state = call.hang_up()
    assert state["state"]["outcome"] == "lost"
    sound = b"".join(audio(broken, take["id"], TRAINING) for take in takes_of(state, "customer") if take["packets"])
    assert frames_in(sound, call.said) > len(call.said) // 2
    a_new_call_works(broken)


def test_the_web_is_killed(broken: Deployment) -> None:
    """The desk is away for a moment; the recording goes on as the choices say, and the next word at the desk holds."""
    with recorded(broken) as call:
        pid = broken.kill("web")
        while_away = noise(1.0)
        call.line.say(while_away)
        broken.wait_restarted("web", pid)
        broken.wait_healthy()
        paused = patiently(lambda: call.line.desk.pause("card_data"), RESTART_SECONDS)
        assert instant(paused["last_packet_at"]) <= instant(paused["held_at"])
        state = call.hang_up()
    sound = b"".join(audio(broken, take["id"], TRAINING) for take in takes_of(state, "customer") if take["packets"])
    assert frames_in(sound, while_away) > len(while_away) // 2
    a_new_call_works(broken)


def test_the_worker_is_killed(broken: Deployment) -> None:
    """Receipts wait for the ledger's signature, and come when the next worker is there."""
    with recorded(broken) as call:
        pid = broken.kill("worker")
        choice = call.line.choose(TRAINING, "withdrawn")
        assert choice["held"]["held_at"]
        broken.wait_restarted("worker", pid)
        receipt = patiently(lambda: broken.dpo.content(choice["receipt"].removeprefix("/api/v1")), RESTART_SECONDS)
        assert b"dpv:ConsentWithdrawn" in receipt
        state = call.hang_up()
    ids = {take["id"] for take in state["takes"]}
    assert ids
    eventually(
        lambda: not [file for file in broken.kept_files() if any(id in str(file) for id in ids)], RESTART_SECONDS, "it is deleted"
    )
    a_new_call_works(broken)


def test_the_database_hangs(broken: Deployment) -> None:
    with recorded(broken) as call:
        call.speak_on()
        mark = len(broken.log())
        with broken.stopped("postgres"):
            eventually(lambda: broken.says("every gate is closed until it does", since=mark), 10.0, "every gate is closed")
            call.gates_are_closed(within=5.0)
            answer = broken.request("agent", "GET", "/api/v1/calls")
            assert answer.status_code == 503
            assert answer.headers["content-type"] == "application/problem+json"
            with pytest.raises(Refused) as caught:
                Line(broken, "+4532199990")
            assert caught.value.response.status == 503
            assert caught.value.response.headers["retry-after"]
        broken.wait_healthy()
        eventually(lambda: broken.says("the database answers again", since=mark), 10.0, "it is said")
        call.hang_up()
    a_new_call_works(broken)


def test_the_database_is_killed(broken: Deployment) -> None:
    with recorded(broken) as call:
        call.speak_on()
        mark = len(broken.log())
        pid = broken.kill("postgres")
        broken.wait_restarted("postgres", pid)
        eventually(lambda: broken.says("database ended unasked", since=mark), 10.0, "it is said")
        broken.wait_healthy()
        assert patiently(lambda: call.line.desk.pause("vulnerable"))["held_at"]
        call.hang_up()
    a_new_call_works(broken)


def test_the_disk_is_full(broken: Deployment) -> None:
    """In mid-call: the gate closes, it is said, nothing crashes; with room again, calls are recorded again."""
    filler = broken.data / "spool" / "filler"
    with recorded(broken) as call:
        mark, media = len(broken.log()), broken.pid("media")
        try:
            _fill(filler)
            call.speak_on()
            eventually(lambda: broken.says("the recorder's disk is full or failing", since=mark), 10.0, "it is said")
            call.gates_are_closed(within=5.0)
            assert call.line.state()["state"]["stage"] == "live"
            assert broken.figure("rightcall_media_failures_total") >= 1
        finally:
            filler.unlink()
        state = call.hang_up()
        assert broken.pid("media") == media, "the media process crashed"
    sound = b"".join(
        audio(broken, take["id"], TRAINING) for take in takes_of(state, "customer") if take["finished_at"] and take["packets"]
    )
    assert frames_in(sound, call.said) >= len(call.said) - _CHUNK_PACKETS
    a_new_call_works(broken)


def test_a_disk_without_room_opens_no_gate(broken: Deployment) -> None:
    filler = broken.data / "spool" / "filler"
    before = set(_sealed(broken))
    try:
        _fill(filler, leave=LEAST_FREE_BYTES // 2)
        line = Line(broken, f"+{next(_numbers)}")
        with pytest.raises(Declined) as caught:
            line.choose(TRAINING, "granted")
        assert caught.value.status == 503
        line.say(noise(1.0))
        assert set(_sealed(broken)) <= before
    finally:
        filler.unlink()
    line.call.hang_up()
    a_new_call_works(broken)


def test_a_pause_that_cannot_be_confirmed_is_never_a_yes(broken: Deployment) -> None:
    with recorded(broken) as call:
        with broken.stopped("media"):
            answer = broken.request("agent", "POST", f"/api/v1/calls/{call.line.id}/pause", json={"reason": "card_data"})
            assert answer.status_code == 503
            assert answer.headers["content-type"] == "application/problem+json"
            assert "recording may still be running" in answer.json()["detail"]
            state = call.line.state()["state"]
            assert state["pause"] == "card_data"
            assert state["pause_held_at"] is None
        again = patiently(lambda: call.line.desk.pause("card_data"))
        assert again["held_at"]
        assert broken.figure("rightcall_pauses_total", deed="pause", held="no") >= 1
        call.hang_up()
    a_new_call_works(broken)


def _fill(file: Path, *, leave: int = 0) -> None:
    """The spool's disk, up to its last page or so far that `leave` bytes are free."""
    with file.open("wb") as out:
        for _ in range(20):  # the recorder writes too, and may have taken a page in between
            room = os.statvfs(file.parent)
            try:
                os.posix_fallocate(out.fileno(), 0, room.f_bavail * room.f_frsize - leave)
                return
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
                out.truncate(0)
    raise AssertionError("The disk could not be filled.")


def test_health_says_what_is_away(broken: Deployment) -> None:
    with broken.stopped("media"):
        unwell = eventually(lambda: _unwell(broken), 15.0, "health says that the recorder is away")
        assert unwell["recorder"] == "away"
        assert unwell["database"] == "well"
    broken.wait_healthy()


def test_health_says_that_nobody_takes_calls(broken: Deployment) -> None:
    with broken.stopped("signalling"):
        unwell = eventually(lambda: _unwell(broken), 15.0, "health says that signalling is away")
        assert (unwell["signalling"], unwell["recorder"], unwell["database"]) == ("away", "well", "well")
    broken.wait_healthy()


def test_health_says_that_nobody_does_the_durable_work(broken: Deployment) -> None:
    with broken.stopped("worker"):
        unwell = eventually(lambda: _unwell(broken), 40.0, "health says that the worker is away")
        assert (unwell["worker"], unwell["workers"], unwell["signalling"], unwell["database"]) == ("away", 0, "well", "well")
    broken.wait_healthy()


def _unwell(deployment: Deployment) -> dict[str, Any] | None:
    answer = httpx.get(f"{deployment.address}/health", timeout=5.0, trust_env=False)
    return dict(answer.json()) if answer.status_code == 503 else None
