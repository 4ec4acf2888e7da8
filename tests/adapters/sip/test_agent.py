"""What the recorder answers, seen from the wire."""

import re

import pytest

from tests.adapters.sip.phone import Dialog, Phone, Recorder, audio, metadata, multipart, sdp, siprec


def test_a_call_from_invite_to_bye(srs: Recorder, phone: Phone) -> None:
    call = Dialog(phone)
    phone.send(call.write("INVITE", "Content-Type: multipart/mixed;boundary=b", "Require: siprec", body=siprec()))
    trying = phone.reply(over=99)
    assert trying.code == 100
    answer = phone.reply(over=199)
    call.to_tag = answer.to_tag
    call.acknowledge(answer)
    assert answer.code == 200
    assert answer.header("Contact") == f"<sip:127.0.0.1:{srs.port}>;+sip.srs"
    assert "siprec" in (answer.header("Supported") or "")
    assert answer.header("Require") == "siprec"
    assert answer.header("Content-Type") == "application/sdp"
    assert re.findall(r"m=.*", answer.body) == ["m=audio 30000 RTP/AVP 0 101\r", "m=audio 30002 RTP/AVP 0 101\r"]
    assert re.findall(r"a=label:(\S+)", answer.body) == ["1", "2"]
    assert answer.body.count("a=recvonly") == 2
    assert answer.body.count("a=rtpmap:101 telephone-event/8000") == 2
    arrived = srs.wait_for("arrived")
    assert arrived["parties"] == {"p1": "sip:ada@caller.example", "p2": "sip:agent7@energy.example"}
    assert [stream["party"] for stream in arrived["streams"]] == ["p1", "p2"]
    assert arrived["source"] == "127.0.0.1"
    assert arrived["called"] == "srs"
    assert call.say("BYE").code == 200
    assert srs.wait_for("ended")["why"] == "hangup"


def test_a_repeated_invite_gets_the_same_answer_and_one_call(srs: Recorder, phone: Phone) -> None:
    call = Dialog(phone)
    invite = call.write("INVITE", "Content-Type: multipart/mixed;boundary=b", body=siprec())
    phone.send(invite)
    first = phone.reply(over=199)
    phone.send(invite)
    assert phone.reply(over=199).head == first.head
    call.to_tag = first.to_tag
    call.acknowledge(first)
    call.say("BYE")
    srs.wait_for("ended")
    assert len(srs.heard("arrived")) == 1


def test_hold_and_resume_by_reinvite_and_update(srs: Recorder, phone: Phone) -> None:
    call = Dialog(phone)
    call.invite(siprec())
    held = call.invite(siprec("a=inactive"))
    assert held.body.count("a=inactive") == 2
    assert [stream["flow"] for stream in srs.wait_for("changed")["streams"]] == ["held", "held"]
    resumed = call.say("UPDATE", "Content-Type: multipart/mixed;boundary=b", body=siprec())
    assert resumed.code == 200
    assert resumed.body.count("a=recvonly") == 2
    assert [stream["flow"] for stream in srs.wait_for("changed")["streams"]] == ["sending", "sending"]
    call.say("BYE")


def test_hold_by_address_alone(srs: Recorder, phone: Phone) -> None:
    call = Dialog(phone)
    call.invite(siprec())
    body = sdp(audio(40_000, "1"), audio(40_002, "2")).replace("c=IN IP4 127.0.0.1", "c=IN IP4 0.0.0.0")
    held = call.invite(body.encode(), kind="application/sdp")
    assert held.body.count("a=inactive") == 2
    assert [stream["flow"] for stream in srs.wait_for("changed")["streams"]] == ["held", "held"]
    call.say("BYE")


def test_the_version_of_our_sdp_grows_only_when_it_changes(srs: Recorder, phone: Phone) -> None:
    call = Dialog(phone)
    first = call.invite(siprec())
    again = call.invite(siprec())
    held = call.invite(siprec("a=inactive"))
    versions = [re.search(r"o=rightcall \d+ (\d+)", answer.body) for answer in (first, again, held)]
    assert [found[1] for found in versions if found] == ["1", "1", "2"]
    assert len(srs.heard("changed")) == 1
    call.say("BYE")


def test_a_new_stream_and_a_new_party(srs: Recorder, phone: Phone) -> None:
    call = Dialog(phone)
    call.invite(siprec())
    third = (
        metadata(mode="partial")
        .replace('participant_id="p1"', 'participant_id="p3"')
        .replace("sip:ada@caller.example", "sip:ben@caller.example")
        .replace("x1", "x3")
        .replace("<label>1<", "<label>3<")
    )
    answer = call.invite(multipart(sdp(audio(40_000, "1"), audio(40_002, "2"), audio(40_004, "3")), third))
    assert re.findall(r"a=label:(\S+)", answer.body) == ["1", "2", "3"]
    changed = srs.wait_for("changed")
    assert set(changed["parties"]) == {"p1", "p2", "p3"}
    assert [stream["party"] for stream in changed["streams"]] == ["p1", "p2", "p3"]
    call.say("BYE")


def test_metadata_alone_in_an_update(srs: Recorder, phone: Phone) -> None:
    call = Dialog(phone)
    call.invite(siprec())
    partial = metadata(mode="partial", agent="sip:agent9@energy.example")
    answer = call.say("UPDATE", "Content-Type: application/rs-metadata+xml", body=partial.encode())
    assert (answer.code, answer.body) == (200, "")
    assert srs.wait_for("changed")["parties"]["p2"] == "sip:agent9@energy.example"
    call.say("BYE")


def test_a_stream_taken_away(srs: Recorder, phone: Phone) -> None:
    call = Dialog(phone)
    call.invite(siprec())
    answer = call.invite(multipart(sdp(audio(40_000, "1"), audio(0, "2")), metadata()))
    assert re.findall(r"m=audio (\d+)", answer.body) == ["30000", "0"]
    assert [stream["index"] for stream in srs.wait_for("changed")["streams"]] == [0]
    call.say("BYE")


def test_a_transfer_keeps_its_group(srs: Recorder, phone: Phone) -> None:
    first, second = Dialog(phone), Dialog(phone)
    first.invite(siprec(group="g-7"))
    second.invite(siprec(group="g-7"))
    assert [srs.wait_for("arrived")["group"], srs.wait_for("arrived")["group"]] == ["g-7", "g-7"]
    first.say("BYE")
    second.say("BYE")


def test_a_stated_preference_is_handed_on(srs: Recorder, phone: Phone) -> None:
    call = Dialog(phone)
    call.invite(multipart(sdp(audio(40_000, "1", "a=sendonly", "a=recordpref:off"), audio(40_002, "2")), metadata()))
    assert srs.wait_for("arrived")["preference"] == "off"
    call.say("BYE")


def test_srtp_is_answered_with_our_key(srs: Recorder, phone: Phone) -> None:
    key = "a=crypto:7 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20"
    call = Dialog(phone)
    answer = call.invite(multipart(sdp(audio(40_000, "1", key, "a=sendonly", profile="RTP/SAVP")), metadata()))
    assert "a=crypto:7 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj\r\n" in answer.body
    call.say("BYE")


def test_without_labels_or_metadata_nobody_is_taken_for_somebody(srs: Recorder, phone: Phone) -> None:
    call = Dialog(phone)
    answer = call.invite(sdp(audio(40_000, None), audio(40_002, None)).encode(), kind="application/sdp")
    assert answer.code == 200
    assert "a=label" not in answer.body
    arrived = srs.wait_for("arrived")
    assert len(set(arrived["parties"].values())) == 2
    assert all(aor.endswith("@unknown.invalid") for aor in arrived["parties"].values())
    call.say("BYE")


@pytest.mark.parametrize(
    ("body", "kind", "code", "word"),
    [
        (b"", "application/sdp", 488, "SDP"),
        (metadata().encode(), "application/rs-metadata+xml", 488, "SDP"),
        (b"v=0\r\nm=audio x\r\n", "application/sdp", 400, "m="),
        (multipart(sdp(audio(4000, "1")), "<recording><"), "multipart/mixed;boundary=b", 400, "metadata"),
        (
            multipart(sdp(audio(4000, "1")), '<!DOCTYPE x [<!ENTITY a "b">]><recording>&a;</recording>'),
            "multipart/mixed;boundary=b",
            400,
            "entities",
        ),
        (b"%PDF-1.7 something", "application/pdf", 415, "application/sdp"),
        (sdp("m=audio 4000 UDP/TLS/RTP/SAVPF 0\r\n").encode(), "application/sdp", 488, "RTP/AVP"),
        (sdp("m=message 4000 TCP/MSRP *\r\n").encode(), "application/sdp", 488, "RTP/AVP"),
    ],
)
def test_what_cannot_be_used_is_told_why(srs: Recorder, phone: Phone, body: bytes, kind: str, code: int, word: str) -> None:
    answer = Dialog(phone).invite(body, kind=kind)
    assert answer.code == code
    assert word in (answer.header("Warning") or "")
    assert not srs.heard("arrived")


def test_an_unknown_extension_is_named(srs: Recorder, phone: Phone) -> None:
    answer = Dialog(phone).say("INVITE", "Require: siprec, x-teleport", "Content-Type: multipart/mixed;boundary=b", body=siprec())
    assert (answer.code, answer.header("Unsupported")) == (420, "x-teleport")


def test_options_says_what_we_can_do(srs: Recorder, phone: Phone) -> None:
    answer = Dialog(phone).say("OPTIONS")
    assert answer.code == 200
    assert "application/rs-metadata+xml" in (answer.header("Accept") or "")
    assert "UPDATE" in (answer.header("Allow") or "")
    assert "siprec" in (answer.header("Supported") or "")


def test_options_within_a_call(srs: Recorder, phone: Phone) -> None:
    call = Dialog(phone)
    call.invite(siprec())
    assert call.say("OPTIONS").code == 200
    call.say("BYE")


@pytest.mark.parametrize("method", ["BYE", "UPDATE", "INVITE", "OPTIONS"])
def test_a_dialog_that_does_not_exist(srs: Recorder, phone: Phone, method: str) -> None:
    call = Dialog(phone)
    call.to_tag = "nobody"
    assert call.say(method).code == 481


@pytest.mark.parametrize("method", ["REGISTER", "SUBSCRIBE", "MESSAGE"])
def test_what_a_recorder_does_not_do(srs: Recorder, phone: Phone, method: str) -> None:
    assert Dialog(phone).say(method).code == 405


def test_somebody_elses_tag_does_not_end_a_call(srs: Recorder, phone: Phone) -> None:
    call = Dialog(phone)
    call.invite(siprec())
    own, call.tag = call.tag, "stranger"
    assert call.say("BYE").code == 481
    call.tag = own
    assert call.say("BYE").code == 200


def test_an_old_sequence_number_is_refused(srs: Recorder, phone: Phone) -> None:
    call = Dialog(phone)
    call.invite(siprec())
    phone.send(call.write("UPDATE", sequence=1))
    assert phone.reply(over=199, sequence="1 UPDATE").code == 500
    call.say("BYE")


def test_no_message_is_ever_logged(srs: Recorder, phone: Phone) -> None:
    call = Dialog(phone)
    call.invite(siprec())
    call.say("BYE")
    phone.send(
        b"INVITE sip:ada@caller.example SIP/2.0\r\nVia: SIP/2.0/UDP x;branch\r\nTo: ada@caller.example\r\n\r\n" + b"x" * 50
    )
    phone.send(b"SIP/2.0 2000 Ada\r\nVia: SIP/2.0/UDP ada@caller.example\r\n\r\n" + b" " * 50)
    Dialog(phone).invite(siprec(), "Record-Route: sip:\x01planted@caller.example")
    phone.send(siprec() + b"planted@caller.example")
    Dialog(phone).say("OPTIONS")
    srs.wait_for_log("personal value revealed")
    assert "caller.example" not in srs.log
    assert "Planted" not in srs.log
    assert "INVITE" not in srs.log
