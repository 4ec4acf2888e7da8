"""Calls by TCP and TLS through the real Kamailio with the configuration that is shipped, into a whole Rightcall: a yes, a no, and
a client that dies.

The client is `rightcall testcall`, as whoever sets up a deployment would run it.
"""

import re
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from rightcall.testcall.sound import frames_of
from tests.adapters.sip.proxy import Proxy
from tests.journeys.deployment import Deployment, deployed, run_command
from tests.journeys.line import TRAINING, audio, instant, is_heard_from_the_yes_on, noise, takes_of, wait_finished


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """A Rightcall, and the Kamailio in front of it."""

    rightcall: Deployment
    proxy: Proxy

    def where(self, transport: str) -> list[str]:
        """What a client is told of this place."""
        if transport == "TLS":
            trust = str(self.proxy.folder / "certificate.pem")
            return ["--sip", f"localhost:{self.proxy.tls_port}", "--transport", "TLS", "--tls-trust", trust]
        return ["--sip", f"127.0.0.1:{self.proxy.port}", "--transport", transport]

    def testcall(self, transport: str, tel: str, *words: str) -> str:
        """Its standard output; the call has gone well."""
        who = ["--token", self.rightcall.tokens["agent"], "--api", self.rightcall.address, "--caller", tel]
        done = run_command("testcall", *who, "--agent", "sip:agent7@energy.example", *self.where(transport), *words)
        assert done.returncode == 0, f"{done.stdout}{done.stderr}{self.proxy.log[-2000:]}"
        return done.stdout

    def call_of(self, said: str) -> dict[str, Any]:
        """The call that a test call's report is about, once it is over."""
        found = re.search(r"Rightcall knows it as\s+([0-9a-f-]{36})", said)
        assert found is not None, said
        return wait_finished(self.rightcall, found[1])


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    with (
        deployed(tmp_path_factory.mktemp("rightcall"), sip_proxies="127.0.0.1/32", sip_keepalive_seconds="2") as rightcall,
        Proxy(tmp_path_factory.mktemp("kamailio"), rightcall.sip[1]) as proxy,
    ):
        yield Behind(rightcall=rightcall, proxy=proxy)


@pytest.fixture
def speech(tmp_path: Path) -> Path:
    """Three seconds that nobody else in the world says."""
    file = tmp_path / "speech.wav"
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(b"".join(noise(6.0)))
    return file


@pytest.mark.parametrize(("transport", "tel"), [("TCP", "+4532200001"), ("TLS", "+4532200002")])
def test_a_yes_is_recorded(behind: Behind, speech: Path, transport: str, tel: str) -> None:
    before = behind.rightcall.kept_bytes()
    said = behind.testcall(transport, tel, "--answer", f"{TRAINING}=granted", "--caller-sound", str(speech), "--seconds", "5")
    state = behind.call_of(said)
    sound = b"".join(audio(behind.rightcall, take["id"], TRAINING) for take in takes_of(state, "customer") if take["packets"])
    assert is_heard_from_the_yes_on(sound, frames_of(speech))
    assert behind.rightcall.kept_bytes() - before > len(sound)
    assert "are kept, in" in said


@pytest.mark.parametrize(("transport", "tel"), [("TCP", "+4532200003"), ("TLS", "+4532200004")])
def test_a_no_leaves_no_byte_of_sound_on_the_disk(behind: Behind, speech: Path, transport: str, tel: str) -> None:
    before = behind.rightcall.kept_files()
    said = behind.testcall(transport, tel, "--answer", f"{TRAINING}=refused", "--caller-sound", str(speech), "--seconds", "5")
    state = behind.call_of(said)
    assert "nothing was kept" in said
    assert state["takes"] == []
    assert not behind.rightcall.appeared_since(before)
    assert not behind.rightcall.files_with(*frames_of(speech)[:50])


@pytest.mark.parametrize(("transport", "tel"), [("UDP", "+4532200005"), ("TCP", "+4532200006"), ("TLS", "+4532200007")])
def test_a_client_that_dies_is_noticed_and_its_gates_close(behind: Behind, speech: Path, transport: str, tel: str) -> None:
    """It answered when it was asked; then it says nothing any more, not even BYE, and its connection is gone."""
    mark = len(behind.rightcall.log())
    said = behind.testcall(
        transport, tel, "--answer", f"{TRAINING}=granted", "--caller-sound", str(speech), "--seconds", "5", "--vanish"
    )
    assert "The recorder noticed after" in said
    state = behind.call_of(said)
    assert "the client was lost" in said
    (end,) = (entry for entry in state["timeline"] if entry["kind"] == "lost")
    assert timedelta() <= instant(state["ended_at"]) - instant(end["at"]) < timedelta(seconds=5)
    assert {entry["reason"] for entry in state["timeline"] if entry["kind"] == "cut"} == {"lost"}
    takes = takes_of(state, "customer")
    assert takes
    assert all(take["cut_reason"] for take in takes)
    assert all(instant(take["last_at"]) <= instant(state["ended_at"]) for take in takes if take["last_at"])
    sound = b"".join(audio(behind.rightcall, take["id"], TRAINING) for take in takes if take["packets"])
    assert is_heard_from_the_yes_on(sound, frames_of(speech)), "what was kept until then can be heard"
    assert state["id"] not in {call["id"] for call in behind.rightcall.agent.get("/calls", active="true")["items"]}
    assert "signalling stumbled" not in behind.rightcall.log()[mark:]
