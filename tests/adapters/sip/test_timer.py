"""Session timers and limits: small rules, by table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightcall.adapters.sip.limits import MOST_SOURCES, Buckets, Strangers
from rightcall.adapters.sip.message import Request
from rightcall.adapters.sip.states import DialogState, moved
from rightcall.adapters.sip.timer import TooShort, negotiate
from rightcall.errors import Breach, Malformed


def request(expires: str | None, supported: str = "timer") -> Request:
    headers = [("supported", supported)] + ([("session-expires", expires)] if expires is not None else [])
    return Request(method="INVITE", uri="sip:a@b", headers=tuple(headers), body=b"")


@pytest.mark.parametrize(
    ("expires", "supported", "header", "required"),
    [
        ("1800", "timer", "1800;refresher=uac", True),
        ("1800;refresher=uac", "timer", "1800;refresher=uac", True),
        ("1800; Refresher = UAS", "timer", "1800;refresher=uas", False),
        ("90", "100rel", "90;refresher=uas", False),
    ],
)
def test_who_refreshes(expires: str, supported: str, header: str, required: bool) -> None:
    timer = negotiate(request(expires, supported))
    assert timer is not None
    assert (timer.header, timer.required) == (header, required)


def test_no_timer_where_none_was_offered() -> None:
    assert negotiate(request(None)) is None


@pytest.mark.parametrize("expires", ["", "x", "-1", "٩٩٩", "9" * 10])
def test_what_is_no_interval(expires: str) -> None:
    with pytest.raises(Malformed):
        negotiate(request(expires))


def test_too_short() -> None:
    with pytest.raises(TooShort):
        negotiate(request("89"))


@given(st.integers(90, 10**6))
def test_a_session_is_given_up_after_its_refresh_is_due_and_before_it_expires(seconds: int) -> None:
    timer = negotiate(request(str(seconds)))
    assert timer is not None
    assert timer.refresh_after < timer.expires_after < seconds


def test_a_bucket_empties_and_fills() -> None:
    buckets = Buckets(10.0)
    assert sum(buckets.admits("a", 100.0) for _ in range(50)) == 20
    assert buckets.admits("b", 100.0)
    assert not buckets.admits("a", 100.0)
    assert sum(buckets.admits("a", 101.0) for _ in range(50)) == 10
    assert not buckets.admits("a", 50.0), "a clock that steps back fills nothing"


def test_sources_are_forgotten_in_the_end() -> None:
    buckets = Buckets(1.0)
    for number in range(MOST_SOURCES + 10):
        buckets.admits(str(number), 0.0)
    assert len(buckets._levels) == MOST_SOURCES


def test_strangers_are_remembered_for_a_while() -> None:
    strangers = Strangers(10.0)
    strangers.note("a", "srs", 100.0)
    assert strangers.knows("a", "srs", 109.0)
    assert not strangers.knows("a", "srs", 111.0)
    assert not strangers.knows("a", "other", 101.0)


def test_no_way_leads_back() -> None:
    assert moved(DialogState.ANSWERED, DialogState.CONFIRMED) is DialogState.CONFIRMED
    for before in DialogState:
        with pytest.raises(Breach):
            moved(before, DialogState.ARRIVING)
    with pytest.raises(Breach):
        moved(DialogState.OVER, DialogState.ANSWERED)
