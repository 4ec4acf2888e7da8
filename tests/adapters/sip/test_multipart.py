"""Bodies in every shape that session recording clients give them."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rightcall.adapters.sip.multipart import Bodies, UnsupportedMedia, split
from rightcall.errors import Malformed
from tests.adapters.sip.phone import audio, metadata, multipart, sdp

SDP = sdp(audio(4000, "1")).encode()
XML = metadata().encode()
WIRE = (Path(__file__).parents[2] / "vectors" / "opensips-invite.sip").read_bytes()


def mixed(boundary: str, *, closing: str = "--", lead: str = "") -> bytes:
    return (
        f"{lead}--{boundary}\r\nContent-Type: application/sdp\r\n\r\n{SDP.decode()}\r\n--{boundary}\r\n"
        f"Content-Type: application/rs-metadata+xml\r\n\r\n{XML.decode()}\r\n--{boundary}{closing}\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/mixed;boundary=b", mixed("b")),
        ('multipart/mixed; boundary="b b"', mixed("b b")),
        ("Multipart/Mixed; Boundary = b", mixed("b")),
        ("multipart/mixed;BOUNDARY=--b", mixed("--b")),
        ("multipart/mixed; charset=utf-8; boundary=b; x=y", mixed("b")),
        ("multipart/mixed", mixed("b")),
        ("multipart/mixed;boundary=wrong", mixed("b")),
        ("multipart/related;boundary=b", mixed("b")),
        (None, mixed("b")),
        ("", mixed("b")),
        ("application/sdp", mixed("b")),
        ("text/plain", mixed("b")),
        ("multipart/mixed;boundary=b", mixed("b", closing="")),
        ("multipart/mixed;boundary=b", mixed("b", lead="This is a preamble.\r\n")),
        ("multipart/mixed;boundary=b", mixed("b", lead="\r\n")),
        ("multipart/mixed;boundary=b", mixed("b").replace(b"\r\n", b"\n")),
        ("multipart/mixed;boundary=b", mixed("b").replace(b"application/rs-metadata+xml", b"application/rs-metadata")),
        ("multipart/mixed;boundary=b", mixed("b").replace(b"Content-Type: application/rs-metadata+xml\r\n", b"")),
        ("multipart/mixed;boundary=b", mixed("b").replace(b"application/rs-metadata+xml", b"text/xml")),
        ("multipart/mixed;boundary=b", mixed("b").replace(b"Content-Type: application/sdp\r\n", b"")),
        ("multipart/mixed;boundary=b", mixed("b").replace(b"application/sdp", b"Application/SDP; charset=utf-8")),
    ],
)
def test_both_parts_are_found(content_type: str | None, body: bytes) -> None:
    found = split(content_type, body)
    assert found.sdp is not None
    assert found.sdp.split() == SDP.split()
    assert found.metadata is not None
    assert found.metadata.split() == XML.split()


@pytest.mark.parametrize(
    ("content_type", "body", "sdp_found", "xml_found"),
    [
        ("application/sdp", SDP, True, False),
        (None, SDP, True, False),
        ("application/rs-metadata+xml", XML, False, True),
        (None, XML, False, True),
        ("application/sdp", b"", False, False),
        (None, b"\r\n\r\n", False, False),
        ("multipart/mixed;boundary=b", multipart(sdp(audio(4000, "1"))), True, False),
    ],
)
def test_one_part_alone(content_type: str | None, body: bytes, sdp_found: bool, xml_found: bool) -> None:
    found = split(content_type, body)
    assert (found.sdp is not None, found.metadata is not None) == (sdp_found, xml_found)


def test_an_unknown_part_beside_known_ones_is_passed_by() -> None:
    more = b"--b\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n" + mixed("b")
    assert split("multipart/mixed;boundary=b", more).sdp is not None


@pytest.mark.parametrize(
    ("content_type", "body", "encoding"),
    [
        ("application/pdf", b"%PDF", None),
        ("application/sdp", SDP, "gzip"),
        ("multipart/mixed;boundary=b", b"--b\r\nContent-Type: application/pdf\r\n\r\n%PDF\r\n--b--\r\n", None),
        (
            "multipart/mixed;boundary=b",
            mixed("b").replace(b"application/sdp", b"application/sdp\r\nContent-Encoding: gzip"),
            None,
        ),
    ],
)
def test_what_we_have_no_use_for(content_type: str, body: bytes, encoding: str | None) -> None:
    with pytest.raises(UnsupportedMedia):
        split(content_type, body, encoding=encoding)


@pytest.mark.parametrize(
    "body",
    [
        b"no boundary at all",
        mixed("b").replace(b"application/rs-metadata+xml", b"application/sdp"),
        b"x" * 70_000,
        b"".join(b"--b\r\nContent-Type: text/x\r\n\r\ny\r\n" for _ in range(20)) + b"--b--",
    ],
)
def test_what_cannot_be_taken_apart(body: bytes) -> None:
    with pytest.raises(Malformed):
        split("multipart/mixed;boundary=b", body)


def test_the_real_one_off_the_wire() -> None:
    _, _, body = WIRE.partition(b"\r\n\r\n")
    found = split("multipart/mixed;boundary=OSS-unique-boundary-42", body)
    assert found.sdp is not None
    assert found.metadata is not None
    assert found.sdp.startswith(b"v=0\r\n")
    assert b"</recording>" in found.metadata


TYPES = st.none() | st.text(max_size=60) | st.sampled_from(["multipart/mixed;boundary=b", "application/sdp"])
PIECES = st.sampled_from(
    b'--b|--b--|\r\n|Content-Type: |multipart/mixed|;boundary=|=?utf-8?q?|\xff|charset=none|"'.split(b"|")
    + b"Content-Transfer-Encoding: base64|Content-Transfer-Encoding: x-uue".split(b"|")
    + [SDP, XML]
)


@settings(max_examples=300, deadline=None)
@given(TYPES, st.binary(max_size=300) | st.lists(PIECES, max_size=20).map(b"".join))
def test_any_bytes_are_a_value_or_malformed(content_type: str | None, body: bytes) -> None:
    try:
        found = split(content_type, body)
    except Malformed:
        return
    assert isinstance(found, Bodies)
