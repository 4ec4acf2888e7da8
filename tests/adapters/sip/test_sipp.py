"""The recorder and a SIP client that is not ours."""

import socket
from pathlib import Path

import pytest

from tests.adapters.sip.phone import Recorder
from tests.adapters.sip.sipp import SCENARIOS, sipp

NAMES = sorted(file.stem for file in SCENARIOS.glob("*.xml"))
CALLS = [name for name in NAMES if name not in ("options", "unknown-require", "cancel")]


@pytest.mark.parametrize("name", CALLS)
def test_calls_from_invite_to_bye(srs: Recorder, tmp_path: Path, name: str) -> None:
    sipp(tmp_path, name, srs.port)
    arrived = srs.wait_for("arrived")
    assert srs.wait_for("ended", call=arrived["call"])["why"] == "hangup"
    assert {stream["codecs"][0] for stream in arrived["streams"]} == {"0 PCMU/8000"}


@pytest.mark.parametrize("name", ["basic", "dialect-draft", "dialect-siprec"])
def test_three_dialects_tell_of_the_same_people(srs: Recorder, tmp_path: Path, name: str) -> None:
    sipp(tmp_path, name, srs.port)
    arrived = srs.wait_for("arrived")
    assert arrived["parties"] == {"p-caller": "sip:ada@caller.example", "p-agent": "sip:agent7@energy.example"}
    assert [stream["party"] for stream in arrived["streams"]] == ["p-caller", "p-agent"]
    assert arrived["group"] == "g1"


def test_sound_comes_to_the_port_that_was_answered(srs: Recorder, tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        line.settimeout(10)
        srs.do("port", port=line.getsockname()[1])
        sipp(tmp_path, "basic", srs.port)
        packet = line.recv(2048)
    assert (packet[0] >> 6, packet[1] & 0x7F, len(packet)) == (2, 0, 172)


def test_pauses_are_seen(srs: Recorder, tmp_path: Path) -> None:
    sipp(tmp_path, "pause-resume", srs.port)
    flows = [srs.wait_for("changed")["streams"][0]["flow"] for _ in range(4)]
    assert flows == ["held", "sending", "held", "sending"]


def test_a_third_party_is_seen(srs: Recorder, tmp_path: Path) -> None:
    sipp(tmp_path, "new-party", srs.port)
    changed = srs.wait_for("changed")
    assert changed["parties"]["p-third"] == "sip:ben@caller.example"
    assert changed["streams"][2]["party"] == "p-third"


def test_a_transfer_is_two_sessions_of_one_group(srs: Recorder, tmp_path: Path) -> None:
    sipp(tmp_path, "basic", srs.port, group="g-transfer")
    sipp(tmp_path, "basic", srs.port, group="g-transfer", agent="agent9@energy.example")
    first, second = srs.wait_for("arrived"), srs.wait_for("arrived")
    assert first["group"] == second["group"] == "g-transfer"
    assert first["call"] != second["call"]
    assert second["parties"]["p-agent"] == "sip:agent9@energy.example"


def test_cancel(srs: Recorder, tmp_path: Path) -> None:
    srs.do("slow", seconds=0.5)
    sipp(tmp_path, "cancel", srs.port)
    assert srs.wait_for("ended")["why"] == "cancelled"


@pytest.mark.parametrize("name", ["options", "unknown-require"])
def test_no_call(srs: Recorder, tmp_path: Path, name: str) -> None:
    sipp(tmp_path, name, srs.port)
    assert not srs.heard("arrived")


def test_a_hundred_calls_at_once(srs: Recorder, tmp_path: Path) -> None:
    sipp(tmp_path, "basic", srs.port, "-m", "100", "-r", "100", "-l", "100")
    assert len([srs.wait_for("ended") for _ in range(100)]) == 100
