"""What the test call says on the wire, read by the recorder's own parsers."""

import pytest

from rightcall.adapters.sip import metadata as read_metadata
from rightcall.adapters.sip import multipart as read_multipart
from rightcall.adapters.sip import sdp as read_sdp
from rightcall.adapters.sip.ports import Flow
from rightcall.testcall.bodies import CONTENT_TYPE, answered_targets, metadata, multipart, sdp
from rightcall.testcall.model import Direction, Leg, Person

LEGS = (
    Leg(label="1", person=Person(ref="caller", aor="tel:+4532123456", name='Ada "A" <Lovelace> & Co')),
    Leg(label="2", person=Person(ref="agent", aor="sip:agent7@energy.example", name="Agent Seven")),
)


def test_the_recorder_reads_what_the_test_call_says() -> None:
    body = multipart(sdp("127.0.0.1", [(LEGS[0], 4000), (LEGS[1], 4002)], Direction.SENDING, 1), metadata("s", "g", LEGS))
    parts = read_multipart.split(CONTENT_TYPE, body.encode())
    assert parts.sdp is not None
    assert parts.metadata is not None
    media = read_sdp.parse(parts.sdp).media
    assert [(each.port, each.flow) for each in media] == [(4000, Flow.SENDING), (4002, Flow.SENDING)]
    said = read_metadata.parse(parts.metadata)
    assert (said.group, said.session, said.partial) == ("g", "s", False)
    names = {one.id: one.name.reveal("test") for one in said.participants if one.name}
    assert names == {"caller": 'Ada "A" <Lovelace> & Co', "agent": "Agent Seven"}
    assert {one.id: one.sends for one in said.participants} == {"caller": ("s1",), "agent": ("s2",)}


def test_a_held_call_is_read_as_held() -> None:
    media = read_sdp.parse(sdp("127.0.0.1", [(LEGS[0], 4000)], Direction.HELD, 2).encode()).media
    assert [each.flow for each in media] == [Flow.HELD]


@pytest.mark.parametrize(
    ("answer", "targets"),
    [
        ("v=0\r\nc=IN IP4 10.0.0.1\r\nm=audio 20000 RTP/AVP 0\r\na=label:1\r\n", {"1": ("10.0.0.1", 20000)}),
        ("c=IN IP4 10.0.0.1\nm=audio 2 RTP/AVP 0\nc=IN IP4 10.0.0.2\na=label:1\n", {"1": ("10.0.0.2", 2)}),
        ("c=IN IP4 10.0.0.1\r\nm=audio 0 RTP/AVP 0\r\na=label:1\r\n", {}),
        (
            "c=IN IP4 10.0.0.1\r\nm=audio 2 RTP/AVP 0\r\nc=IN IP4 10.0.0.2\r\na=label:1\r\nm=audio 4 RTP/AVP 0\r\na=label:2\r\n",
            {"1": ("10.0.0.2", 2), "2": ("10.0.0.1", 4)},
        ),
    ],
)
def test_where_sound_goes(answer: str, targets: dict[str, tuple[str, int]]) -> None:
    assert answered_targets(answer) == targets
