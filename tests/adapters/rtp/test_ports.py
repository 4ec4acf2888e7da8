"""Pairs of ports: even ones, each to one call at a time, and rested between calls."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rightcall.adapters.rtp.kept import KeptPorts
from rightcall.adapters.rtp.ports import ASKED_FOR_WITHIN_SECONDS, PortPool
from rightcall.adapters.rtp.receiver import Receiver
from rightcall.errors import Outage
from rightcall.ids import StreamId, new_id
from tests.adapters.rtp.house import HOST, TERMS, socket_at


@given(st.integers(1024, 2000), st.integers(2, 20), st.lists(st.sampled_from(["take", "give", "wait"]), max_size=60))
@settings(max_examples=100)
def test_no_pair_is_held_twice_or_handed_out_unrested(first: int, span: int, deeds: list[str]) -> None:
    now = 0.0
    pool = PortPool(first, first + span, rest_seconds=10, now=lambda: now)
    held: list[int] = []
    given_at: dict[int, float] = {}
    for deed in deeds:
        now += 3
        if deed == "take" and pool.free:
            port = pool.take()
            assert port % 2 == 0
            assert first <= port < first + span
            assert port not in held
            assert now - given_at.get(port, -100) >= 10
            held.append(port)
        elif deed == "give" and held:
            given_at[held[0]] = now
            pool.give_back(held.pop(0))


def test_when_all_are_taken_the_outage_says_what_to_do() -> None:
    pool = PortPool(2000, 2003)
    assert [pool.take(), pool.take()] == [2000, 2002]
    with pytest.raises(Outage, match="RIGHTCALL_RTP_PORTS"):
        pool.take()
    pool.give_back(2000)
    pool.give_back(2000)
    assert pool.free == 0


def test_a_port_of_a_process_before_waits_for_its_own_stream() -> None:
    now = 0.0
    pool = PortPool(2000, 2007, left={2002, 2004, 3000}, rest_seconds=10, now=lambda: now)
    assert [pool.take(), pool.take()] == [2000, 2006]
    assert pool.free == 0
    assert pool.take_again(2004)
    assert not pool.take_again(2004)
    assert not pool.take_again(3000)
    pool.give_back(2000)
    now = 11.0
    assert pool.take_again(2000)
    assert pool.free == 0
    now = ASKED_FOR_WITHIN_SECONDS
    assert pool.take() == 2002


def test_what_was_noted_is_found_by_the_next_process(tmp_path: Path) -> None:
    streams = [StreamId(new_id()) for _ in range(4)]
    kept = KeptPorts(tmp_path / "ports")
    for number, stream in enumerate(streams):
        kept.note(stream, 2000 + 2 * number)
    kept.forget(streams[0], 2000)
    (tmp_path / "ports" / "something else").touch()
    kept.leave()
    kept.forget(streams[1], 2002)
    after = KeptPorts(tmp_path / "ports")
    assert after.left == {2002, 2004, 2006}
    assert [after.of(stream) for stream in streams[:2]] == [None, 2002]
    assert after.of(streams[1]) is None
    assert KeptPorts(tmp_path / "ports").left == {2004, 2006}
    after.give_up()
    assert KeptPorts(tmp_path / "ports").left == frozenset()


def test_a_disk_that_fails_costs_no_call(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    kept = KeptPorts(tmp_path / "ports")
    kept._folder = tmp_path / "nowhere"
    kept.note(StreamId(new_id()), 2000)
    assert "could not be noted" in caplog.text


def test_a_stream_listens_where_it_did_before(tmp_path: Path) -> None:
    """Unless another program has taken that port meanwhile."""
    ids = [StreamId(new_id()) for _ in range(3)]
    before = _receiver(tmp_path)
    ports = [before.add(identity, TERMS).port for identity in ids]
    _killed(before)
    after = _receiver(tmp_path)
    with socket_at(HOST, ports[2]):
        again = [after.add(identity, TERMS).port for identity in [ids[1], StreamId(new_id()), ids[2]]]
    assert again[0] == ports[1]
    assert not set(again[1:]) & set(ports)
    for stream in list(after.streams.values()):
        after.remove(stream)
    assert KeptPorts(tmp_path / "ports").left == {ports[0]}


def _receiver(folder: Path) -> Receiver:
    kept = KeptPorts(folder / "ports")
    pool = PortPool(31400, 31499, left=kept.left)
    return Receiver(HOST, pool, heard=lambda *_: None, failed=lambda _: None, kept=kept)


def _killed(receiver: Receiver) -> None:
    for stream in receiver.streams.values():
        stream.rtp.close()
        stream.rtcp.close()
