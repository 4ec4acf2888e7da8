"""The consent matrix with sipp, a SIP client that is not ours: given, refused, withdrawn, paused, transferred.

What was kept is looked at on the disk and in what can be played, byte for byte, never only in what the API says of itself.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rightcall.testcall.call import DeskOfCall
from rightcall.testcall.rtp import EVENTS
from rightcall.testcall.sound import FRAME, mu_law
from tests.cast import PLANTED_CARD
from tests.journeys.deployment import Deployment, eventually, never
from tests.journeys.line import (
    PROOF,
    SOME,
    TRAINING,
    Line,
    audio,
    frames_in,
    instant,
    noise,
    packets_between,
    packets_in,
    takes_of,
    timeline_at,
    wait_finished,
)
from tests.journeys.sipp import HOLD, OLD_HOLD, UNHOLD, Offer, Play, Sipp, sipp

KEYS = {"1": (697, 1209), "4": (770, 1209), "7": (852, 1209), "*": (941, 1209)}


class Caller:
    """A caller by sipp, who says something that nobody else in the world says."""

    def __init__(self, deployment: Deployment, sip: Sipp, tel: str, sound: list[bytes]) -> None:
        self.deployment, self.sip, self.sound = deployment, sip, sound
        self.desk = DeskOfCall(deployment.agent, tel)
        self.customer = self.desk.party("customer")

    def choose(self, purpose: str, answer: str) -> dict[str, Any]:
        return self.desk.choose(purpose, answer, "en", party=self.customer, heard="heard on the line")

    def is_recorded(self) -> None:
        """Waits until sound of this call has been received for a while at an open gate."""
        eventually(lambda: self.desk.state()["state"]["waiting_for"] is None, 10.0, "a gate is open")

    def hang_up(self) -> dict[str, Any]:
        self.sip.nudge()
        self.sip.ended()
        return wait_finished(self.deployment, self.desk.id)

    def heard(self, state: dict[str, Any], purpose: str = TRAINING) -> int:
        """How many different frames of the caller's sound can be played for `purpose`."""
        sound = b"".join(audio(self.deployment, take["id"], purpose) for take in takes_of(state, "customer") if take["packets"])
        return frames_in(sound, self.sound)


@contextmanager
def calling(
    deployment: Deployment,
    folder: Path,
    *steps: Offer | Play,
    tel: str,
    group: str | None = None,
) -> Iterator[Caller]:
    sound = noise(4.0)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sound.ulaw").write_bytes(b"".join(sound))
    group = group or secrets.token_hex(8)
    with sipp(folder, deployment.sip, steps, caller=f"tel:{tel}", group=group) as sip:
        yield Caller(deployment, sip, tel, sound)


def arrived(deployment: Deployment, seconds: float = 1.0) -> None:
    """Time for sound to arrive: a gate that is wrongly open shows in it. What went dark may be deleted meanwhile."""
    before = deployment.kept_files()
    never(lambda: deployment.appeared_since(before), seconds, "bytes appeared on the disk without a yes")


def kept_packets(caller: Caller) -> None:
    """Waits until a chunk of this call was sealed and written."""

    def written() -> int:
        return sum(size for file, size in caller.deployment.kept_files().items() if file.suffix == ".sealed")

    eventually(written, 10.0, "a take is being written")
    before = written()
    eventually(lambda: written() > before, 20.0, "sealed sound is written")


def test_given(deployment: Deployment, tmp_path: Path) -> None:
    with calling(deployment, tmp_path, tel="+4532000001") as caller:
        arrived(deployment)
        assert caller.choose(TRAINING, "granted")["held"]["held_at"]
        kept_packets(caller)
        state = caller.hang_up()
    training = deployment.agent.purpose(TRAINING)["id"]
    assert takes_of(state, "customer")
    assert all(take["purposes"] == [training] for take in state["takes"])
    assert caller.heard(state) >= SOME


def test_refused_is_zero_bytes_on_the_disk(deployment: Deployment, tmp_path: Path) -> None:
    before = deployment.kept_files()
    with calling(deployment, tmp_path, tel="+4532000002") as caller:
        for purpose in (TRAINING, PROOF):
            assert caller.choose(purpose, "refused")["held"]["last_packet_at"] is None
        arrived(deployment, 1.5)
        state = caller.hang_up()
    assert not deployment.appeared_since(before)
    assert state["takes"] == []
    assert not deployment.files_with(*caller.sound[:50])
    assert {standing["answer"] for standing in state["standing"] if standing["party"] == caller.customer} == {"refused"}


def test_withdrawn_in_mid_call(deployment: Deployment, tmp_path: Path) -> None:
    with calling(deployment, tmp_path, tel="+4532000003") as caller:
        caller.choose(TRAINING, "granted")
        kept_packets(caller)
        held = caller.choose(TRAINING, "withdrawn")["held"]
        assert instant(held["last_packet_at"]) <= instant(held["held_at"])
        ids = {take["id"] for take in caller.desk.state()["takes"]}
        assert ids
        eventually(lambda: not _files_of(deployment, ids), 30.0, "what went dark is deleted")
        arrived(deployment)
        state = caller.hang_up()
    assert all(instant(take["last_at"]) <= instant(held["held_at"]) for take in state["takes"] if take["last_at"])
    subject = next(party["subject"] for party in state["parties"] if party["id"] == caller.customer)
    holdings = deployment.dpo.get(f"/subjects/{subject}/holdings")["items"]
    assert holdings
    assert not any(holding["readable"] for holding in holdings)
    assert {take["id"] for take in state["takes"]} == ids


def test_paused_by_the_api(deployment: Deployment, tmp_path: Path) -> None:
    (tmp_path / "secret.ulaw").write_bytes(b"".join(secret := noise(3.0)))
    with calling(deployment, tmp_path, Play("secret.ulaw"), Play("sound.ulaw"), tel="+4532000004") as caller:
        caller.choose(TRAINING, "granted")
        kept_packets(caller)
        paused = caller.desk.pause("card_data")
        caller.sip.nudge()
        arrived_after_the_cut(deployment, caller.desk.id)
        caller.sip.nudge()
        caller.desk.resume()
        kept_packets(caller)
        state = caller.hang_up()
    assert instant(paused["last_packet_at"]) <= instant(paused["held_at"])
    assert not packets_between(state, paused["held_at"], timeline_at(state, "resumed"))
    assert len([take for take in takes_of(state, "customer") if take["packets"]]) == 2
    sound = b"".join(audio(deployment, take["id"], TRAINING) for take in takes_of(state, "customer"))
    assert frames_in(sound, caller.sound) >= SOME
    assert frames_in(sound, secret) == 0


def arrived_after_the_cut(deployment: Deployment, call: str) -> None:
    """The take that was cut goes to the store; after that nothing of this call is written."""
    eventually(
        lambda: all(take["finished_at"] for take in deployment.agent.get(f"/calls/{call}")["takes"]), 20.0, "the take is stored"
    )
    arrived(deployment)


@pytest.mark.parametrize(("hold", "tel"), [(HOLD, "+4532000005"), (OLD_HOLD, "+4532000006")], ids=["inactive", "c=0.0.0.0"])
def test_paused_by_the_recording_client(deployment: Deployment, tmp_path: Path, hold: Offer, tel: str) -> None:
    """sipp goes on sending all the while, as some clients do: what arrives on hold is not kept either."""
    (tmp_path / "secret.ulaw").write_bytes(b"".join(secret := noise(3.0)))
    steps = (hold, Play("secret.ulaw"), Play("sound.ulaw"), UNHOLD)
    with calling(deployment, tmp_path, *steps, tel=tel) as caller:
        caller.choose(TRAINING, "granted")
        kept_packets(caller)
        caller.sip.nudge()
        eventually(lambda: caller.desk.state()["state"]["waiting_for"] == "unhold", 10.0, "it is held")
        arrived_after_the_cut(deployment, caller.desk.id)
        caller.sip.nudge()
        arrived(deployment)
        caller.sip.nudge()
        caller.sip.nudge()
        caller.is_recorded()
        kept_packets(caller)
        state = caller.hang_up()
    assert [take["cut_reason"] for take in takes_of(state, "customer")] == ["held", "over"]
    sound = b"".join(audio(deployment, take["id"], TRAINING) for take in takes_of(state, "customer"))
    assert frames_in(sound, caller.sound) >= SOME
    assert frames_in(sound, secret) == 0


def test_transferred_to_a_new_party(deployment: Deployment, tmp_path: Path) -> None:
    """A second session of the same group: whoever is new is asked anew, and their sound is dropped until they say yes."""
    group = secrets.token_hex(8)
    with calling(deployment, tmp_path / "first", tel="+4532000007", group=group) as first:
        first.choose(TRAINING, "granted")
        kept_packets(first)
        state = first.hang_up()
    assert first.heard(state) >= SOME
    with calling(deployment, tmp_path / "second", tel="+4532000008", group=group) as second:
        assert second.desk.state()["legs"] == [first.desk.id]
        assert second.desk.state()["state"]["waiting_for"] == "a_yes"
        arrived(deployment)
        assert second.desk.state()["takes"] == []
        yes = second.choose(TRAINING, "granted")
        kept_packets(second)
        state = second.hang_up()
    assert all(instant(take["opened_at"]) >= instant(yes["made_at"]) for take in state["takes"])
    assert second.heard(state) >= SOME


def test_digits_during_a_pause_are_not_kept(deployment: Deployment, tmp_path: Path) -> None:
    """Spoken into the sound as tones (sipp), while nothing may be kept."""
    tones = _tones("1414*7")
    (tmp_path / "tones.ulaw").write_bytes(tones)
    with calling(deployment, tmp_path, Play("tones.ulaw"), Play("sound.ulaw"), tel="+4532000009") as caller:
        caller.choose(TRAINING, "granted")
        kept_packets(caller)
        caller.desk.pause("card_data")
        caller.sip.nudge()
        arrived_after_the_cut(deployment, caller.desk.id)
        caller.sip.nudge()
        caller.desk.resume()
        kept_packets(caller)
        state = caller.hang_up()
    sound = b"".join(audio(deployment, take["id"], TRAINING) for take in takes_of(state, "customer"))
    loud = [tones[at : at + FRAME] for at in range(0, len(tones), FRAME) if len(set(tones[at : at + FRAME])) > 20]
    assert len(loud) > SOME
    assert frames_in(sound, loud) == 0
    assert frames_in(sound, caller.sound) >= SOME


def test_keypad_events_during_a_pause_are_not_kept(deployment: Deployment) -> None:
    """RFC 4733 events: keyed before the pause they are in the take, keyed during it they are nowhere."""
    line = Line(deployment, "+4532000010")
    line.choose(TRAINING, "granted")
    line.key("55")
    line.desk.pause("card_data")
    line.key(PLANTED_CARD)
    line.desk.resume()
    line.say(noise(0.4))
    line.hang_up()
    state = line.finished()
    vcon_takes = [take["id"] for take in takes_of(state, "customer") if take["packets"]]
    assert len(vcon_takes) == 2
    keyed = [_digits(deployment, take) for take in vcon_takes]
    assert keyed == ["55", ""]


@pytest.mark.parametrize(("keys", "tel"), [("12", "+4532000011"), ("1121", "+4532000012")])
def test_contradictory_keys_are_no_yes(deployment: Deployment, keys: str, tel: str) -> None:
    """Pressed one right after the other: the no takes the yes back, and whatever was kept in between is dark."""
    line = Line(deployment, tel)
    line.ask(TRAINING)
    line.key(keys)
    line.wait_for_answer(TRAINING, "withdrawn")
    arrived_after_the_cut(deployment, line.id)
    line.hang_up()
    state = line.finished()
    subject = next(party["subject"] for party in state["parties"] if party["id"] == line.customer)
    assert not any(holding["readable"] for holding in deployment.dpo.get(f"/subjects/{subject}/holdings")["items"])
    eventually(lambda: not _files_of(deployment, {take["id"] for take in state["takes"]}), 30.0, "what went dark is deleted")
    assert line.answer_to(TRAINING) == "withdrawn"


def _digits(deployment: Deployment, take: str) -> str:
    """The keypad events in a take: each is sent several times, with the same timestamp."""
    pressed: dict[bytes, str] = {}
    for packet in packets_in(deployment, take, TRAINING):
        if packet[1] & 0x7F == EVENTS:
            pressed[packet[4:8]] = str(packet[12])
    return "".join(pressed.values())


def _files_of(deployment: Deployment, takes: set[str]) -> list[Path]:
    return [file for file in deployment.kept_files() if any(take in str(file) for take in takes)]


def _tones(keys: str) -> bytes:
    at = np.arange(int(0.3 * 8000)) / 8000
    pieces = []
    for key in keys:
        low, high = KEYS[key]
        wave = 6000 * np.sin(2 * np.pi * low * at) + 6000 * np.sin(2 * np.pi * high * at)
        pieces.append(mu_law(wave.astype(np.int16)) + b"\xff" * 800)
    return b"".join(pieces)
