"""Is the client still there? Its session timer, ours, its answers to OPTIONS, and what silence adds. Seen on the wire.

The recorder here takes session timers of some seconds: a session is refreshed after half of them, and given up after two thirds.
"""

import time
from collections.abc import Iterator

import pytest

from tests.adapters.sip.phone import Dialog, Phone, Recorder, Reply, audio, sdp, siprec

TIMER = ("Supported: timer", "Session-Expires: 3;refresher=uac")
OURS = ("Supported: timer", "Session-Expires: 9;refresher=uas")
UPDATES = "Allow: INVITE, ACK, BYE, CANCEL, UPDATE"
HOUR = 3600.0


@pytest.fixture(scope="module")
def shared() -> Iterator[Recorder]:
    with Recorder(least_session=2) as recorder:
        yield recorder


def called(phone: Phone, *headers: str) -> tuple[Dialog, Reply]:
    """A call whose ACK has arrived, and the answer to its INVITE."""
    call = Dialog(phone)
    answer = call.invite(siprec(), *headers)
    assert answer.code == 200
    assert call.say("OPTIONS").code == 200
    return call, answer


def yes(phone: Phone, request: str, *headers: str) -> None:
    """200 to a request of the recorder's; to an INVITE with an answer that says nothing new."""
    body = sdp(audio(40_000, None), audio(40_002, None)) if request.startswith("INVITE") else ""
    phone.answer(request, 200, f"Contact: <sip:src@127.0.0.1:{phone.own}>", *headers, body=body)


def origin(text: str) -> str:
    return next(line for line in text.split("\r\n") if line.startswith("o="))


# -- the client refreshes


def test_a_session_that_nobody_refreshes_is_over(srs: Recorder, phone: Phone) -> None:
    begun = time.monotonic()
    called(phone, *TIMER)
    phone.answer(phone.request("BYE"), 200)
    assert 1.9 < time.monotonic() - begun < 3.0 + 5.0
    assert srs.wait_for("ended")["why"] == "timer"


@pytest.mark.parametrize("method", ["UPDATE", "INVITE"])
def test_a_session_that_the_client_refreshes_goes_on(srs: Recorder, phone: Phone, method: str) -> None:
    timer = ("Supported: timer", "Session-Expires: 6;refresher=uac")
    call, _ = called(phone, *timer)
    for _ in range(4):
        time.sleep(1.3)
        if method == "INVITE":
            assert call.invite(siprec(), *timer).header("Session-Expires") == "6;refresher=uac"
        else:
            assert call.say("UPDATE", *timer).header("Session-Expires") == "6;refresher=uac"
    assert not srs.heard("ended")
    assert not srs.heard("changed"), "a refresh changes nothing"
    assert call.say("BYE").code == 200


def test_a_call_whose_timer_ran_out_answers_no_more(srs: Recorder, phone: Phone) -> None:
    call, _ = called(phone, *TIMER)
    phone.answer(phone.request("BYE"), 200)
    assert call.say("UPDATE", *TIMER).code == 481


# -- we refresh


def test_we_refresh_by_update_where_the_client_takes_it(srs: Recorder, phone: Phone) -> None:
    called(phone, UPDATES, *OURS)
    asked = phone.request("UPDATE")
    assert "Session-Expires: 9;refresher=uac" in asked
    assert "Content-Length: 0" in asked
    yes(phone, asked, "Session-Expires: 3;refresher=uac", "Require: timer")
    assert "Session-Expires: 3;refresher=uac" in phone.request("UPDATE"), "a session that is over refreshes nothing"
    phone.answer(phone.request("BYE"), 200)
    assert srs.wait_for("ended")["why"] == "timer", "a refresh that nobody answers is none"


def test_we_refresh_by_reinvite_where_the_client_takes_no_update(srs: Recorder, phone: Phone) -> None:
    call, answer = called(phone, *OURS)
    asked = phone.request("INVITE")
    assert "Session-Expires: 9;refresher=uac" in asked
    assert asked.count("a=recvonly") == 2
    assert origin(asked) == origin(answer.body), "the same description in the same version"
    yes(phone, asked, "Session-Expires: 900;refresher=uac")
    phone.request("ACK")
    time.sleep(2.5)
    assert not srs.heard("ended")
    assert not srs.heard("changed")
    assert call.say("BYE").code == 200


def test_a_client_that_takes_no_update_after_all_is_refreshed_by_reinvite(srs: Recorder, phone: Phone) -> None:
    call, _ = called(phone, UPDATES, *OURS)
    phone.answer(phone.request("UPDATE"), 405)
    asked = phone.request("INVITE")
    assert "Session-Expires: 9;refresher=uac" in asked
    yes(phone, asked, "Session-Expires: 8;refresher=uac")
    phone.request("ACK")
    assert "Session-Expires: 8;refresher=uac" in phone.request("INVITE")
    assert not srs.heard("ended")
    assert call.say("BYE").code == 200


def test_the_client_may_take_the_refreshing_over(srs: Recorder, phone: Phone) -> None:
    called(phone, UPDATES, *OURS)
    yes(phone, phone.request("UPDATE"), "Session-Expires: 3;refresher=uas")
    phone.line.settimeout(1.7)
    with pytest.raises(TimeoutError):
        phone.request("UPDATE")
    phone.line.settimeout(10)
    phone.answer(phone.request("BYE"), 200)
    assert srs.wait_for("ended")["why"] == "timer"


@pytest.mark.parametrize("keeps", [True, False])
def test_a_yes_that_we_ask_for_keeps_the_timer_as_the_client_answers(srs: Recorder, phone: Phone, keeps: bool) -> None:
    """RFC 4028, section 7: a 2xx without Session-Expires means that the session never expires."""
    srs.do("open", open=False)
    call, _ = called(phone, "Supported: timer", "Session-Expires: 6;refresher=uac")
    srs.do("reoffer", call=srs.wait_for("arrived")["call"], wanted={"0": True})
    asked = phone.request("INVITE")
    assert "Session-Expires: 6;refresher=uas" in asked
    yes(phone, asked, *(["Session-Expires: 3;refresher=uas"] if keeps else []))
    phone.request("ACK")
    if keeps:
        phone.answer(phone.request("BYE"), 200)
        assert srs.wait_for("ended")["why"] == "timer"
    else:
        time.sleep(5)
        assert call.say("OPTIONS").code == 200
        assert call.say("BYE").code == 200


# -- the wall clock


@pytest.mark.parametrize("step", [HOUR, -HOUR], ids=["forward", "backward"])
def test_a_clock_that_is_set_ends_no_call_and_delays_no_end(step: float) -> None:
    with Recorder(least_session=2) as srs, Phone(srs.port) as phone, Phone(srs.port) as other:
        long, _ = called(phone, "Supported: timer", "Session-Expires: 1800;refresher=uac")
        begun = time.monotonic()
        called(other, *TIMER)
        srs.do("step_clock", seconds=step)
        assert abs(srs.wait_for("stepped")["now"] - time.time() - step) < 60
        other.answer(other.request("BYE"), 200)
        assert 1.5 < time.monotonic() - begun < 3.0 + 5.0
        assert srs.wait_for("ended")["why"] == "timer"
        assert long.say("OPTIONS").code == 200
        late, _ = called(other, UPDATES, *OURS)
        assert "Session-Expires: 9;refresher=uac" in other.request("UPDATE")
        assert late.say("BYE").code == 200
        assert long.say("BYE").code == 200


# -- asking


@pytest.fixture
def asking() -> Iterator[Recorder]:
    with Recorder(keepalive=0.2) as recorder:
        yield recorder


def test_what_a_proxy_says_in_the_clients_stead_is_no_sign_of_life(asking: Recorder) -> None:
    """A TCP connection that is gone: the proxy answers 477 or 503. Once means nothing, three times on end means it is gone."""
    with Phone(asking.port) as phone:
        called(phone)
        phone.answer(phone.request("OPTIONS"), 200)
        for code in (477, 503):
            phone.answer(phone.request("OPTIONS"), code)
        phone.answer(phone.request("OPTIONS"), 200)
        assert not asking.heard("ended")
        for code in (503, 477, 480):
            phone.answer(phone.request("OPTIONS"), code)
        assert phone.request("BYE")
        assert asking.wait_for("ended")["why"] == "unreachable"


def test_a_client_that_is_never_reached_by_our_requests_keeps_its_call(asking: Recorder) -> None:
    with Phone(asking.port) as phone:
        call, _ = called(phone)
        for _ in range(3):
            phone.answer(phone.request("OPTIONS"), 503)
        phone.line.settimeout(0.6)
        with pytest.raises(TimeoutError):
            phone.request("OPTIONS")
        phone.line.settimeout(10)
        assert call.say("BYE").code == 200
        assert asking.wait_for("ended")["why"] == "hangup"


@pytest.mark.parametrize("code", [481, 503])
def test_no_sound_and_no_answer_is_the_end(srs: Recorder, phone: Phone, code: int) -> None:
    called(phone)
    srs.do("suspect", call=srs.wait_for("arrived")["call"])
    phone.answer(phone.request("OPTIONS"), code)
    assert srs.wait_for("ended")["why"] == "unreachable"


def test_no_sound_from_a_client_that_answers_is_its_own_affair(srs: Recorder, phone: Phone) -> None:
    call, _ = called(phone)
    srs.do("suspect", call=srs.wait_for("arrived")["call"])
    phone.answer(phone.request("OPTIONS"), 200)
    assert call.say("OPTIONS").code == 200
    assert not srs.heard("ended")
    assert call.say("BYE").code == 200


def test_neither_an_answer_that_nobody_acknowledges_nor_a_question_that_nobody_answers_is_waited_for_longer(
    srs: Recorder,
) -> None:
    """Both take the 32 seconds of RFC 3261 (64 times T1), so they are waited for together."""
    with Phone(srs.port, timeout=50) as unacknowledged, Phone(srs.port, timeout=50) as gone:
        called(gone)
        silent = srs.wait_for("arrived")["call"]
        begun = time.monotonic()
        call = Dialog(unacknowledged)
        unacknowledged.send(call.write("INVITE", "Content-Type: multipart/mixed;boundary=b", body=siprec()))
        first = unacknowledged.reply(over=199)
        srs.do("suspect", call=silent)
        assert gone.request("OPTIONS")
        again = unacknowledged.reply(over=199)
        assert (again.code, again.body) == (first.code, first.body) == (200, first.body)
        bye = unacknowledged.request("BYE")
        assert 30 < time.monotonic() - begun < 45
        unacknowledged.answer(bye, 200)
        assert srs.wait_for("ended", why="no_ack")["call"] != silent
        assert gone.request("BYE")
        assert srs.wait_for("ended", why="unreachable")["call"] == silent
