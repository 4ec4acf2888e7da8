"""Offers as they come, and answers that keep a client sending."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rightcall.adapters.sip.ports import Codec, Flow, Preference, Srtp
from rightcall.adapters.sip.sdp import Offer, Receive, answer, parse
from rightcall.errors import Malformed
from tests.adapters.sip.phone import audio, sdp

NOWHERE = "0.0.0.0"  # noqa: S104 - an address that means "on hold"
KEY = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz"
CRYPTO = f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}|2^20|1:4"


def read(*media: str, session: str = "") -> Offer:
    return parse(sdp(*media, session=session).encode())


def test_codecs_labels_and_addresses() -> None:
    offer = parse(
        b"v=0\r\no=a 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\na=sendonly\r\n"
        b"m=audio 4000 RTP/AVP 0 9 111 101 13\r\na=label:left\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 usedtx=1\r\n"
        b"a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\n"
        b"m=audio 4002/2 RTP/AVP 8\r\nc=IN IP4 192.0.2.2/127\r\na=inactive\r\n"
    )
    left, right = offer.media
    assert left.codecs == (
        Codec(payload_type=0, name="PCMU", clock_rate=8000),
        Codec(payload_type=9, name="G722", clock_rate=8000),
        Codec(payload_type=111, name="opus", clock_rate=48000, channels=2, fmtp="usedtx=1"),
        Codec(payload_type=101, name="telephone-event", clock_rate=8000, fmtp="0-16"),
        Codec(payload_type=13, name="CN", clock_rate=8000),
    )
    assert (left.label, left.address, left.port, left.direction) == ("left", "192.0.2.1", 4000, "sendonly")
    assert (right.label, right.address, right.port, right.direction) == (None, "192.0.2.2", 4002, "inactive")


@pytest.mark.parametrize(
    ("section", "session", "flow"),
    [
        (audio(4000, "1", "a=sendonly"), "", Flow.SENDING),
        (audio(4000, "1", "a=sendrecv"), "", Flow.SENDING),
        (audio(4000, "1", "a=mid:1"), "", Flow.SENDING),
        (audio(4000, "1", "a=mid:1"), "a=inactive\r\n", Flow.HELD),
        (audio(4000, "1", "a=sendonly"), "a=inactive\r\n", Flow.SENDING),
        (audio(4000, "1", "a=inactive"), "", Flow.HELD),
        (audio(4000, "1", "a=recvonly"), "", Flow.HELD),
        (audio(0, "1", "a=sendonly"), "", Flow.HELD),
        (audio(4000, "1", "a=sendonly").replace("127.0.0.1", NOWHERE), "", Flow.HELD),
        (audio(4000, "1", "a=sendonly").replace("c=IN IP4 127.0.0.1\r\n", ""), f"c=IN IP4 {NOWHERE}\r\n", Flow.HELD),
        (audio(4000, "1", "a=sendonly"), f"c=IN IP4 {NOWHERE}\r\n", Flow.SENDING),
        (audio(4000, "1", "a=sendonly").replace("IP4 127.0.0.1", "IP6 ::"), "", Flow.HELD),
    ],
)
def test_hold_is_said_in_many_ways(section: str, session: str, flow: Flow) -> None:
    assert read(section, session=session).media[0].flow is flow


def test_preferences() -> None:
    offer = read(audio(4000, "1", "a=recordpref:off"), audio(4002, "2", "a=recordpref:maybe"), session="a=recordpref:pause\r\n")
    assert offer.preference is Preference.PAUSE
    assert [media.preference for media in offer.media] == [Preference.OFF, None]


@pytest.mark.parametrize(
    ("line", "taken"),
    [
        (f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}", True),
        (f"a=crypto:1 AES_CM_128_HMAC_SHA1_32 inline:{KEY}|2^20", True),
        (CRYPTO, False),
        (f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY};inline:{KEY}", False),
        (f"a=crypto:1 F8_128_HMAC_SHA1_80 inline:{KEY}", False),
        ("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2hvcnRzaG9ydHNob3J0", False),
        ("a=crypto:x AES_CM_128_HMAC_SHA1_80", False),
    ],
)
def test_only_keys_that_we_can_use_are_taken(line: str, taken: bool) -> None:
    media = read(audio(4000, "1", line, profile="RTP/SAVP")).media[0]
    assert (len(media.crypto) == 1) is taken
    assert media.usable is taken
    assert KEY not in repr(media.crypto)


@pytest.mark.parametrize(
    ("parameters", "taken"),
    [
        ("UNENCRYPTED_SRTP", False),
        ("UNENCRYPTED_SRTCP", False),
        ("UNAUTHENTICATED_SRTP", False),
        ("unencrypted_srtp", False),
        ("KDR=1", False),
        ("KDR=24", False),
        ("KDR=", False),
        ("FEC_ORDER=FEC_SRTP", False),
        (f"FEC_KEY=inline:{KEY}", False),
        ("X-OURS=1", False),
        ("WSH=", False),
        ("-", False),
        ("WSH=128 UNENCRYPTED_SRTP", False),
        ("-X-OURS=1 UNAUTHENTICATED_SRTP", False),
        ("KDR=0", True),
        ("WSH=64", True),
        ("WSH=1024 KDR=0", True),
        ("-X-OURS=1", True),
        ("-X-OURS WSH=128", True),
    ],
)
def test_a_key_with_session_parameters_that_we_do_not_follow_is_passed_over(parameters: str, taken: bool) -> None:
    """RFC 4568, section 6.3. The next key of the offer is tried."""
    line = f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}|2^20 {parameters}"
    alone = read(audio(4000, "1", line, profile="RTP/SAVP")).media[0]
    assert (alone.usable, [key.tag for key in alone.crypto]) == ((True, [1]) if taken else (False, []))
    next_one = f"a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:{KEY}"
    both = read(audio(4000, "1", line, next_one, profile="RTP/SAVP")).media[0]
    assert [key.tag for key in both.crypto] == ([1, 2] if taken else [2])
    assert both.usable


def test_the_answer_keeps_order_labels_and_every_codec() -> None:
    offer = read(
        audio(4000, "1"),
        "m=video 4004 RTP/AVP 96\r\na=label:v\r\na=rtpmap:96 H264/90000\r\n",
        audio(4002, "2", "a=inactive", formats="8 0 101"),
        "m=message 4006 TCP/MSRP *\r\n",
        audio(4008, "4", f"a=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:{KEY}", profile="RTP/SAVP"),
    )
    ours = Srtp(tag=3, suite="AES_CM_128_HMAC_SHA1_80", key="b3Vycw")
    receivers = {
        0: Receive(port=20000, open=True),
        2: Receive(port=20002, open=True),
        4: Receive(port=20004, open=False, srtp=ours),
    }
    said = answer(offer, receivers, address="192.0.2.9", session=7, version=3).decode()
    assert re.findall(r"m=.*(?=\r)", said) == [
        "m=audio 20000 RTP/AVP 0 101",
        "m=video 0 RTP/AVP 96",
        "m=audio 20002 RTP/AVP 8 0 101",
        "m=message 0 TCP/MSRP *",
        "m=audio 20004 RTP/SAVP 0 101",
    ]
    assert re.findall(r"a=label:(\S+)", said) == ["1", "v", "2", "4"]
    assert re.findall(r"a=(recvonly|inactive)", said) == ["recvonly", "inactive", "inactive", "inactive", "inactive"]
    assert said.count("a=rtpmap:101 telephone-event/8000") == 3
    assert "a=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:b3Vycw\r\n" in said
    assert said.startswith("v=0\r\no=rightcall 7 3 IN IP4 192.0.2.9\r\n")
    assert parse(said.encode()).media[0].port == 20000


def test_a_stream_that_nobody_receives_is_refused() -> None:
    said = answer(read(audio(4000, "1")), {}, address="2001:db8::1", session=1, version=1).decode()
    assert "m=audio 0 RTP/AVP" in said
    assert "IN IP6 2001:db8::1" in said


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v=1\r\nm=audio 4000 RTP/AVP 0\r\n",
        "v=0\r\ns=-\r\n",
        "v=0\r\nm=audio\r\n",
        "v=0\r\nm=audio 99999 RTP/AVP 0\r\n",
        "v=0\r\nm=audio x RTP/AVP 0\r\n",
        "v=0\r\nm=audio 4000 RTP/AVP\r\n",
        "v=0\r\nm=audio 4000 RTP/AVP 0\r\nc=IN IP4\r\n",
        "v=0\r\nm=audio 4000 RTP/AVP 0\r\nc=IN IP4 a;b\r\n",
        "v=0\r\nnonsense\r\nm=audio 4000 RTP/AVP 0\r\n",
        "v=0\r\n" + "m=audio 4000 RTP/AVP 0\r\n" * 33,
        "v=0\r\n" + "a=x\r\n" * 1001,
        "v=0\r\nm=audio 4000 RTP/AVP 0\r\n" + "a=" + "x" * 40_000,
    ],
)
def test_what_is_no_offer(text: str) -> None:
    with pytest.raises(Malformed):
        parse(text.encode())


LINES = st.sampled_from(
    [
        "v=0",
        "s=-",
        "c=IN IP4 127.0.0.1",
        "c=IN IP4 0.0.0.0",
        "m=audio 4000 RTP/AVP 0 101",
        "m=audio 0 RTP/SAVP 111",
        "m=audio 4000/2 RTP/AVP \x00",
        CRYPTO,
        "a=label:1",
        "a=label:\u00e5",
        "a=rtpmap:101 telephone-event/8000",
        "a=rtpmap:0 x/0/99",
        "a=fmtp:101 \u2028",
        "a=inactive",
        "a=recordpref:OFF",
        "a=crypto:1",
        "a=",
        "m=",
        "c=",
    ]
)


OFFERS = st.lists(LINES | st.text(max_size=20), max_size=14).map(
    lambda lines: ("v=0\r\n" + "\r\n".join(lines)).encode("utf-8", "replace")
)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200) | OFFERS)
def test_any_bytes_are_an_offer_with_an_answer_or_malformed(data: bytes) -> None:
    try:
        offer = parse(data)
    except Malformed:
        return
    receivers = {index: Receive(port=20000 + index, open=True) for index, media in enumerate(offer.media) if media.usable}
    said = answer(offer, receivers, address="127.0.0.1", session=1, version=1)
    assert len(parse(said).media) == len(offer.media)
    assert said.isascii()
