"""What the recorder asks of the client: to send after a yes, and whether it is still there."""

from collections.abc import Iterator

import pytest

from tests.adapters.sip.phone import Dialog, Phone, Recorder, audio, metadata, multipart, sdp, siprec


@pytest.fixture(scope="module")
def shared() -> Iterator[Recorder]:
    with Recorder(keepalive=0.3) as recorder:
        yield recorder


def test_a_yes_opens_by_reinvite(srs: Recorder, phone: Phone) -> None:
    srs.do("open", open=False)
    call = Dialog(phone)
    answer = call.invite(
        siprec(), "Record-Route: <sip:127.0.0.1:9;lr>, <sip:127.0.0.1:7;lr>", f"Record-Route: <sip:127.0.0.1:{phone.own};lr>"
    )
    assert answer.body.count("a=inactive") == 2
    assert "a=recvonly" not in answer.body
    call.say("BYE")

    call = Dialog(phone)
    call.invite(siprec(), f"Record-Route: <sip:127.0.0.1:{phone.own};lr>, <sip:proxy.example;lr>")
    ident = srs.wait_for("arrived")["call"]
    ident = srs.wait_for("arrived")["call"]
    srs.do("open", open=True)
    srs.do("reoffer", call=ident, wanted={"0": True})
    asked = phone.request("INVITE")
    assert f"Route: <sip:127.0.0.1:{phone.own};lr>" in asked
    assert asked.index("proxy.example") > asked.index(f"Route: <sip:127.0.0.1:{phone.own};lr>")
    assert asked.count("a=recvonly") == 1
    assert asked.count("a=inactive") == 1
    assert asked.count("a=label:") == 2
    phone.answer(
        asked,
        200,
        f"Contact: <sip:src@127.0.0.1:{phone.own}>",
        body=sdp(audio(41_000, None), audio(40_002, None, "a=inactive")),
    )
    acknowledged = phone.request("ACK")
    assert f"Route: <sip:127.0.0.1:{phone.own};lr>" in acknowledged
    changed = srs.wait_for("changed")
    assert [stream["address"] for stream in changed["streams"]] == ["127.0.0.1:41000", "127.0.0.1:40002"]
    assert [stream["label"] for stream in changed["streams"]] == ["1", "2"]


@pytest.mark.parametrize("code", [405, 481, 488, 500])
def test_a_client_that_takes_no_requests_keeps_its_call(srs: Recorder, phone: Phone, code: int) -> None:
    srs.do("open", open=False)
    call = Dialog(phone)
    call.invite(siprec())
    arrived = srs.wait_for("arrived")["call"]
    srs.do("reoffer", call=arrived, wanted={"0": True, "1": True})
    phone.answer(phone.request("INVITE"), code)
    phone.request("ACK")
    assert call.say("OPTIONS").code == 200
    assert not srs.heard("ended", call=arrived)
    assert call.say("BYE").code == 200


def test_a_client_is_told_that_the_recorder_listens_elsewhere(srs: Recorder, phone: Phone) -> None:
    call = Dialog(phone)
    call.invite(siprec())
    ident = srs.wait_for("arrived")["call"]
    srs.do("move", call=ident, address="127.0.0.9", ports={"0": 45_000})
    asked = phone.request("INVITE")
    assert "c=IN IP4 127.0.0.9" in asked
    assert asked.count("m=audio 45000 ") == 1
    assert asked.count("a=recvonly") == 2
    phone.answer(asked, 200, f"Contact: <sip:src@127.0.0.1:{phone.own}>")
    phone.request("ACK")
    assert call.say("BYE").code == 200


def test_a_client_that_takes_no_requests_learns_it_with_its_own(srs: Recorder, phone: Phone) -> None:
    call = Dialog(phone)
    call.invite(siprec())
    srs.do("move", call=srs.wait_for("arrived")["call"], address="127.0.0.1", ports={"0": 45_000})
    phone.answer(phone.request("INVITE"), 488)
    phone.request("ACK")
    again = call.invite(siprec())
    assert "m=audio 45000 " in again.body
    assert call.say("BYE").code == 200


def test_glare_is_tried_again(srs: Recorder, phone: Phone) -> None:
    srs.do("open", open=False)
    Dialog(phone).invite(siprec())
    srs.do("reoffer", call=srs.wait_for("arrived")["call"], wanted={"0": True})
    phone.answer(phone.request("INVITE"), 491)
    phone.request("ACK")
    assert phone.request("INVITE").count("a=recvonly") == 1


def test_a_client_that_lived_and_lost_the_call(srs: Recorder, phone: Phone) -> None:
    Dialog(phone).invite(siprec())
    arrived = srs.wait_for("arrived")["call"]
    phone.answer(phone.request("OPTIONS"), 405)
    assert not srs.heard("ended", call=arrived)
    phone.answer(phone.request("OPTIONS"), 481)
    assert srs.wait_for("ended")["why"] == "unreachable"


def test_a_client_that_never_knew_options_keeps_its_call(srs: Recorder, phone: Phone) -> None:
    call = Dialog(phone)
    call.invite(siprec())
    phone.answer(phone.request("OPTIONS"), 481)
    assert call.say("OPTIONS").code == 200
    assert call.say("BYE").code == 200
    assert srs.wait_for("ended")["why"] == "hangup"


def test_session_timers(srs: Recorder, phone: Phone) -> None:
    short = Dialog(phone).invite(siprec(), "Supported: timer", "Session-Expires: 30")
    assert (short.code, short.header("Min-SE")) == (422, "90")
    theirs = Dialog(phone).invite(siprec(), "Supported: timer", "Session-Expires: 1800")
    assert theirs.header("Session-Expires") == "1800;refresher=uac"
    assert "timer" in (theirs.header("Require") or "")
    ours = Dialog(phone).invite(siprec(), "Supported: timer", "x: 90;refresher=uas")
    assert ours.header("Session-Expires") == "90;refresher=uas"


def test_a_call_hung_up_by_us(srs: Recorder, phone: Phone) -> None:
    Dialog(phone).invite(siprec())
    srs.do("hang_up", call=srs.wait_for("arrived")["call"])
    phone.answer(phone.request("BYE"), 200)
    assert srs.wait_for("ended")["why"] == "refused"


def test_nothing_is_asked_for_what_the_client_itself_holds(srs: Recorder, phone: Phone) -> None:
    srs.do("open", open=False)
    Dialog(phone).invite(multipart(sdp(audio(40_000, "1", "a=inactive")), metadata()))
    srs.do("reoffer", call=srs.wait_for("arrived")["call"], wanted={"0": True})
    assert "a=recvonly" not in phone.request("INVITE")
