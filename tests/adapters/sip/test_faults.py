"""The world fails, the other side vanishes, someone floods: a clear answer or silence, and the other calls go on."""

import random
import re
import time

import pytest

from tests.adapters.sip.phone import Dialog, Phone, Recorder, siprec


@pytest.mark.parametrize("failure", ["fail_before", "fail_after"])
def test_the_database_is_gone_when_a_call_comes(srs: Recorder, phone: Phone, failure: str) -> None:
    srs.do(failure, deed="arrived")
    answer = Dialog(phone).invite(siprec())
    assert (answer.code, answer.header("Retry-After")) == (503, "5")
    call = Dialog(phone)
    assert call.invite(siprec()).code == 200
    assert call.say("BYE").code == 200


@pytest.mark.parametrize("failure", ["fail_before", "fail_after"])
def test_a_pause_that_failed_never_looks_like_one(srs: Recorder, phone: Phone, failure: str) -> None:
    call = Dialog(phone)
    call.invite(siprec())
    srs.do(failure, deed="changed")
    assert call.invite(siprec("a=inactive")).code == 503
    again = call.invite(siprec("a=inactive"))
    assert (again.code, again.body.count("a=inactive")) == (200, 2)
    assert srs.wait_for("changed")["streams"][0]["flow"] == "held"


@pytest.mark.parametrize("failure", ["fail_before", "fail_after"])
def test_the_end_of_a_call_is_noted_in_the_end(srs: Recorder, phone: Phone, failure: str) -> None:
    call = Dialog(phone)
    call.invite(siprec())
    srs.do(failure, deed="ended", times=2)
    assert call.say("BYE").code == 200
    arrived = srs.wait_for("arrived")
    for _ in range(1 if failure == "fail_before" else 3):
        assert srs.wait_for("ended")["call"] == arrived["call"]
    assert not srs.heard("ended")


def test_a_stumble_of_ours_refuses_one_call_and_says_nothing_about_it(srs: Recorder, phone: Phone) -> None:
    srs.do("crash", deed="arrived")
    assert Dialog(phone).invite(siprec()).code == 500
    assert Dialog(phone).invite(siprec()).code == 200
    srs.wait_for_log("ZeroDivisionError")
    assert "planted" not in srs.log.lower()


def test_cancel_while_we_think(srs: Recorder, phone: Phone) -> None:
    srs.do("slow", seconds=0.4)
    call = Dialog(phone)
    phone.send(call.write("INVITE", "Content-Type: multipart/mixed;boundary=b", body=siprec()))
    assert phone.reply(over=99).code == 100
    phone.send(call.write("CANCEL", sequence=1, branch=call.branch))
    answers = {answer.header("CSeq"): answer for answer in (phone.reply(over=199), phone.reply(over=199))}
    assert {name: answer.code for name, answer in answers.items()} == {"1 CANCEL": 200, "1 INVITE": 487}
    call.to_tag = answers["1 INVITE"].to_tag
    call.acknowledge(answers["1 INVITE"])
    assert srs.wait_for("ended", call=srs.wait_for("arrived")["call"])["why"] == "cancelled"


def test_cancel_of_a_change_takes_it_back(srs: Recorder, phone: Phone) -> None:
    call = Dialog(phone)
    call.invite(siprec())
    srs.do("slow", seconds=0.4)
    phone.send(call.write("INVITE", "Content-Type: multipart/mixed;boundary=b", body=siprec("a=inactive")))
    assert phone.reply(over=99).code == 100
    phone.send(call.write("CANCEL", sequence=2, branch=call.branch))
    assert {phone.reply(over=199).code, phone.reply(over=199).code} == {200, 487}
    assert srs.wait_for("changed")["streams"][0]["flow"] == "held"
    assert srs.wait_for("changed")["streams"][0]["flow"] == "sending"


def test_bye_while_a_change_is_under_way(srs: Recorder, phone: Phone) -> None:
    call = Dialog(phone)
    call.invite(siprec())
    srs.do("slow", seconds=0.4)
    phone.send(call.write("INVITE", "Content-Type: multipart/mixed;boundary=b", body=siprec("a=inactive")))
    phone.reply(over=99)
    phone.send(call.write("BYE"))
    answers = {answer.header("CSeq"): answer.code for answer in (phone.reply(over=199), phone.reply(over=199))}
    assert answers == {"3 BYE": 200, "2 INVITE": 487}
    srs.wait_for("changed")
    assert srs.wait_for("ended")["why"] == "hangup"


def test_two_changes_at_once(srs: Recorder, phone: Phone) -> None:
    call = Dialog(phone)
    call.invite(siprec())
    srs.do("slow", seconds=0.4)
    phone.send(call.write("INVITE", "Content-Type: multipart/mixed;boundary=b", body=siprec("a=inactive")))
    phone.reply(over=99)
    phone.send(call.write("UPDATE", "Content-Type: multipart/mixed;boundary=b", body=siprec()))
    refused = phone.reply(over=199)
    assert (refused.code, refused.header("Retry-After")) == (500, "1")
    assert phone.reply(over=199).code == 200


def test_a_stranger_is_told_so_and_then_not_looked_up_again(srs: Recorder, phone: Phone) -> None:
    srs.do("decline", code=403, phrase="No trunk takes calls from this address.")
    assert Dialog(phone).invite(siprec()).code == 403
    srs.do("decline")
    assert Dialog(phone).invite(siprec()).code == 403
    assert Dialog(phone, called="other").invite(siprec()).code == 200
    time.sleep(0.6)
    assert Dialog(phone).invite(siprec()).code == 200


@pytest.mark.parametrize("code", [603, 488])
def test_where_recording_is_forbidden(srs: Recorder, phone: Phone, code: int) -> None:
    srs.do("decline", code=code, phrase="Recording is forbidden here.")
    assert Dialog(phone).invite(siprec()).code == code


def test_too_many_calls() -> None:
    with Recorder(limits={"calls": 3}) as srs, Phone(srs.port) as phone:
        calls = [Dialog(phone) for _ in range(3)]
        assert [call.invite(siprec()).code for call in calls] == [200, 200, 200]
        full = Dialog(phone).invite(siprec())
        assert (full.code, full.header("Retry-After")) == (503, "5")
        calls[0].say("BYE")
        assert Dialog(phone).invite(siprec()).code == 200


def test_a_flood_is_dropped_and_ebbs() -> None:
    with Recorder(limits={"messages_per_second": 20.0}) as srs, Phone(srs.port, timeout=0.3) as phone:
        for _ in range(400):
            phone.send(Dialog(phone).write("OPTIONS"))
        answered = 0
        try:
            while phone.reply():
                answered += 1
        except TimeoutError:
            pass
        assert 0 < answered < 200
        time.sleep(0.5)
        phone.line.settimeout(5)
        assert Dialog(phone).say("OPTIONS").code == 200


def test_rubbish_harms_no_call(srs: Recorder, phone: Phone) -> None:
    call = Dialog(phone)
    call.invite(siprec())
    chance = random.Random(7)  # noqa: S311 - to break messages with
    good = Dialog(phone).write("INVITE", "Content-Type: multipart/mixed;boundary=b", body=siprec())
    for _ in range(300):
        broken = bytearray(good)
        for _ in range(chance.randrange(1, 30)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        phone.send(bytes(broken[: chance.randrange(1, len(broken))]))
    phone.send(b"\r\n\r\n")
    phone.send(bytes(65_000))
    phone.send(b"INVITE " + b"x" * 60_000)
    phone.send(good.replace(b"Max-Forwards: 70", b"X: y\r\n" * 500 + b"X: y"))
    assert call.say("OPTIONS").code == 200
    assert call.say("BYE").code == 200


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Content-Length: ", b"Content-Length: 9"),
        (b"Content-Length: ", b"Content-Length: -"),
        (b"CSeq: 1 INVITE", b"CSeq: 1 UPDATE"),
        (b"Max-Forwards: 70", b"Call-ID: second"),
        (b"Max-Forwards: 70", b"no name here"),
        (b"Max-Forwards: 70", b": no name here"),
        (b";tag=", b";gat="),
    ],
)
def test_what_can_be_answered_is_answered(srs: Recorder, phone: Phone, old: bytes, new: bytes) -> None:
    phone.send(Dialog(phone).write("INVITE", "Content-Type: multipart/mixed;boundary=b", body=siprec()).replace(old, new, 1))
    assert phone.reply(over=199).code == 400


@pytest.mark.parametrize("address", ["<tel:+4532123456>", "sips:x@[::1]:bad", '"unended <sip:x@y>', "<urn:service:sos>"])
def test_odd_addresses_are_answered_all_the_same(srs: Recorder, phone: Phone, address: str) -> None:
    call = Dialog(phone)
    invite = call.write("INVITE", "Content-Type: multipart/mixed;boundary=b", body=siprec()).decode()
    invite = re.sub(r"From: .*;tag", f"From: {address};tag", invite)
    invite = re.sub(r"Contact: .*\r", f"Contact: {address}\r", invite)
    phone.send(invite.encode())
    assert phone.reply(over=199).code == 200


def test_our_answers_cannot_be_aimed_at_others(srs: Recorder, phone: Phone) -> None:
    with Phone(srs.port, timeout=0.3) as victim:
        request = Dialog(phone).write("OPTIONS").decode().replace(";branch", f";received=127.0.0.1;rport={victim.own};branch")
        phone.send(request.encode())
        assert phone.reply().code == 200
        with pytest.raises(TimeoutError):
            victim.receive()


def test_a_proxy_may_say_where_a_call_came_from() -> None:
    for proxies, source in ((["127.0.0.0/8"], "192.0.2.9"), (["10.0.0.0/8"], "127.0.0.1")):
        with Recorder(proxies=proxies) as srs, Phone(srs.port) as phone:
            Dialog(phone).invite(siprec(), "X-Rightcall-Source: 192.0.2.9")
            assert srs.wait_for("arrived")["source"] == source


def test_stopping_hangs_up_and_notes_every_end() -> None:
    with Recorder() as srs, Phone(srs.port) as phone:
        call = Dialog(phone)
        call.invite(siprec())
        srs.process.terminate()
        bye = phone.request("BYE")
        phone.answer(bye, 200)
        assert f"To: <sip:src@127.0.0.1:{phone.own}>;tag={call.tag}" in bye
        assert srs.wait_for("ended")["why"] == "shutdown"
        assert srs.wait_for("stopped")["live"] == 0


def test_odd_addresses_do_not_keep_us_from_stopping() -> None:
    with Recorder() as srs, Phone(srs.port) as phone:
        invite = Dialog(phone).write("INVITE", "Content-Type: multipart/mixed;boundary=b", body=siprec()).decode()
        phone.send(re.sub(r"(From|Contact): .*?(;tag|;\+sip)", r"\1: <tel:+4532123456>\2", invite).encode())
        assert phone.reply(over=199).code == 200
        srs.process.terminate()
        assert phone.request("BYE").startswith("BYE sip:127.0.0.1")
        assert srs.wait_for("stopped")["live"] == 0


def _flows(recorder: Recorder) -> str:
    return str(recorder.wait_for("changed")["streams"][0]["flow"])


def test_a_pause_after_a_resume_that_was_done_and_failed_is_put_to_the_house(srs: Recorder, phone: Phone) -> None:
    call = Dialog(phone)
    call.invite(siprec())
    assert call.invite(siprec("a=inactive")).code == 200
    assert _flows(srs) == "held"
    srs.do("fail_after", deed="changed", times=2)
    assert call.invite(siprec()).code == 503
    assert _flows(srs) == "sending"
    assert call.invite(siprec("a=inactive")).code == 503
    assert _flows(srs) == "held"
    assert call.invite(siprec("a=inactive")).code == 200
    assert _flows(srs) == "held"
    assert call.invite(siprec("a=inactive")).code == 200
    assert not srs.heard("changed")


def test_a_preference_after_one_that_was_done_and_failed_is_put_to_the_house(srs: Recorder, phone: Phone) -> None:
    def says(preference: str) -> bytes:
        return siprec("a=sendonly", f"a=recordpref:{preference}")

    call = Dialog(phone)
    call.invite(says("off"))
    srs.do("fail_after", deed="changed")
    assert call.invite(says("on")).code == 503
    assert srs.wait_for("changed")["preference"] == "on"
    assert call.invite(says("off")).code == 200
    assert srs.wait_for("changed")["preference"] == "off"


@pytest.mark.parametrize("failure", ["fail_before", "fail_after"])
def test_a_cancelled_change_is_taken_back_until_that_holds(srs: Recorder, phone: Phone, failure: str) -> None:
    call = Dialog(phone)
    call.invite(siprec("a=inactive"))
    srs.do("slow", seconds=0.4)
    srs.do("fail_after", deed="changed")
    phone.send(call.write("INVITE", "Content-Type: multipart/mixed;boundary=b", body=siprec()))
    assert phone.reply(over=99).code == 100
    phone.send(call.write("CANCEL", sequence=2, branch=call.branch))
    assert {phone.reply(over=199).code, phone.reply(over=199).code} == {200, 487}
    assert _flows(srs) == "sending"
    srs.do(failure, deed="changed", times=2)
    for _ in range(1 if failure == "fail_before" else 3):
        assert _flows(srs) == "held"
    assert call.say("OPTIONS").code == 200
    assert not srs.heard("changed")


def test_what_is_said_after_a_cancelled_change_is_not_undone(srs: Recorder, phone: Phone) -> None:
    call = Dialog(phone)
    call.invite(siprec())
    srs.do("slow", seconds=0.4)
    phone.send(call.write("INVITE", "Content-Type: multipart/mixed;boundary=b", body=siprec("a=recordpref:on", "a=sendonly")))
    assert phone.reply(over=99).code == 100
    phone.send(call.write("CANCEL", sequence=2, branch=call.branch))
    assert {phone.reply(over=199).code, phone.reply(over=199).code} == {200, 487}
    assert call.invite(siprec("a=inactive")).code == 200
    assert [_flows(srs), _flows(srs)] == ["sending", "held"]
    time.sleep(1)
    assert not srs.heard("changed")
