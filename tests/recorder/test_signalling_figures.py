"""Counts that only grow become counters that only grow."""

from rightcall.adapters.sip.agent import Counts
from rightcall.recorder.signalling_figures import SignallingFigures


def test_each_count_is_told_once() -> None:
    figures = SignallingFigures()
    counts = Counts()
    counts.accepted, counts.strangers = 2, 1
    figures.tell(counts, 2)
    figures.tell(counts, 1)
    counts.accepted += 1
    figures.tell(counts, 2)
    read = figures.registry.get_sample_value
    assert read("rightcall_sip_invites_total", {"outcome": "accepted"}) == 3
    assert read("rightcall_sip_invites_total", {"outcome": "strangers"}) == 1
    assert read("rightcall_sip_calls") == 2
