"""Pairs of ports: even ones, each to one call at a time, and rested between calls."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rightcall.adapters.rtp.ports import PortPool
from rightcall.errors import Outage


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
