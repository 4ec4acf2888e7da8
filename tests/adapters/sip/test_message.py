"""SIP messages off the wire, and those that only look like one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rightcall.adapters.sip.incoming import Known, incoming, learn
from rightcall.adapters.sip.message import Refused, Request, Response, Unanswerable, read, refusal, tag_of
from rightcall.adapters.sip.ports import Flow
from rightcall.adapters.sip.stack import _plain
from rightcall.errors import Malformed
from tests.adapters.sip.test_multipart import WIRE


def test_the_real_one_off_the_wire() -> None:
    message = read(WIRE)
    assert isinstance(message, Request)
    assert (message.method, message.called, message.sequence) == ("INVITE", "srs", 2)
    assert message.tokens("require") == ["siprec"]
    known, with_sdp = learn(Known(), message)
    assert with_sdp
    arrived = incoming(known, source="127.0.0.1", called=message.called, dialog="d")
    aors = {party.ref: party.aor.reveal("test") for party in arrived.parties}
    assert [(stream.label, aors[stream.party or ""], stream.flow, stream.port) for stream in arrived.streams] == [
        ("0", "sip:agent@127.0.0.1:5070", Flow.SENDING, 44722),
        ("1", "sip:caller@127.0.0.1:5061", Flow.SENDING, 41994),
    ]


def test_folded_lines_compact_names_and_bare_newlines() -> None:
    message = read(
        b"OPTIONS sip:a@b SIP/2.0\nv: SIP/2.0/UDP x\n ;branch=z\nf: <sip:a@b>\n\t;tag=1\nt: <sip:c@d>\ni: 1\n"
        b"CSEQ: 1 OPTIONS\nk: a,\n b\n\n"
    )
    assert isinstance(message, Request)
    assert message.first("via") == "SIP/2.0/UDP x ;branch=z"
    assert tag_of(message.first("from") or "") == "1"
    assert message.tokens("supported") == ["a", "b"]


def test_an_answer() -> None:
    message = read(
        b"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP x;branch=z\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\n"
        b"Call-ID: 1\r\nCSeq: 1 BYE\r\n\r\n"
    )
    assert isinstance(message, Response)
    assert message.code == 200


@pytest.mark.parametrize(
    ("uri", "called"),
    [
        ("sip:srs@host", "srs"),
        ("sips:+45@host;x=y", "+45"),
        ("sip:a;b=c:d@host", "a"),
        ("tel:+4570;x=y", "+4570"),
        ("sip:host", None),
        ("sip:@h", None),
    ],
)
def test_who_was_called(uri: str, called: str | None) -> None:
    assert Request(method="INVITE", uri=uri, headers=(), body=b"").called == called


def test_a_refusal_copies_what_the_client_needs_to_know_its_own() -> None:
    with pytest.raises(Refused) as caught:
        read(WIRE.replace(b"CSeq: 2 INVITE", b"CSeq: 2 BYE"))
    said = refusal(caught.value, 400, "Bad Request").decode()
    assert said.startswith("SIP/2.0 400 Bad Request\r\nVia: SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK1bb1.4b21e812.0\r\n")
    assert "Call-ID: B2B.31.3457010.1795498792.2084159552\r\n" in said


def test_headers_stay_out_of_print() -> None:
    assert "127.0.0.1" not in repr(read(WIRE))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n\r\n",
        b"hello",
        b"INVITE sip:a@b HTTP/1.1\r\nVia: x\r\n\r\n",
        b"INVITE sip:a@b SIP/2.0\r\nFrom: a;tag=1\r\n\r\n",
        b"ACK sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP x\r\n\r\n",
        b"SIP/2.0 999 x\r\nVia: SIP/2.0/UDP x\r\n\r\n",
        b"INVITE sip:a@b SIP/2.0\r\n" + b"X: y\r\n" * 300 + b"\r\n",
        b"INVITE sip:a@b SIP/2.0\r\nX: " + b"y" * 5000 + b"\r\n\r\n",
        b"x" * 66_000,
    ],
)
def test_what_gets_no_answer(data: bytes) -> None:
    with pytest.raises(Unanswerable):
        read(data)


WEDGES = [b"", b"\r\n", b"\x00", b"\xff\xfe", b":", b"<", b'"', b";tag=", "\u2028å".encode()]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200), st.integers(0, len(WIRE)), st.integers(0, 80), st.sampled_from(WEDGES))
def test_the_real_one_broken_anywhere_is_read_or_malformed(noise: bytes, at: int, cut: int, wedge: bytes) -> None:
    for data in (noise, WIRE[:at] + wedge + WIRE[at + cut :], WIRE[:at], WIRE[:at] + noise + WIRE[at + cut :]):
        try:
            message = read(data)
            plain = _plain(message)
            assert plain.count(b"\r\n\r\n") == 1
            assert isinstance(message, Request)
            known, _ = learn(Known(), message)
            arrived = incoming(known, source="127.0.0.1", called=message.called, dialog="d")
        except Malformed:
            continue
        refs = {party.ref for party in arrived.parties}
        assert {stream.party for stream in arrived.streams} <= {*refs, None}
