"""Whose voice is on a stream decides whose yes it needs: it is never guessed."""

import pytest

from rightcall.adapters.sip.incoming import Known, incoming
from rightcall.adapters.sip.metadata import parse as parse_metadata
from rightcall.adapters.sip.ports import Incoming, Preference
from rightcall.adapters.sip.sdp import parse as parse_sdp
from tests.adapters.sip.phone import audio, metadata, sdp

BOTH_ON_ONE = metadata().replace("<send>x2</send>", "<send>x1</send>")
NO_ASSOCIATIONS = metadata().replace("participantstreamassoc", "x")
SAME_LABEL_TWICE = metadata().replace("<label>2<", "<label>1<")
LEFT = "<disassociate-time>2026-11-24T05:39:53Z</disassociate-time>"
GONE = metadata().replace(
    "</recording>", f'<participantsessionassoc participant_id="p1">{LEFT}</participantsessionassoc></recording>'
)


def arrive(xml: str | None, *media: str, dialog: str = "d", session: str = "") -> Incoming:
    known = Known(offer=parse_sdp(sdp(*media, session=session).encode()), metadata=parse_metadata(xml.encode()) if xml else None)
    return incoming(known, source="192.0.2.1", called="srs", dialog=dialog)


def test_labels_lead_to_people() -> None:
    arrived = arrive(metadata(), audio(4002, "2"), audio(4000, "1"))
    assert [stream.party for stream in arrived.streams] == ["p2", "p1"]
    assert [party.ref for party in arrived.parties] == ["p1", "p2"]


@pytest.mark.parametrize(
    ("xml", "labels"),
    [
        (metadata(), (None, None)),
        (metadata(), ("7", "8")),
        (metadata(), ("1", "1")),
        (NO_ASSOCIATIONS, ("1", "2")),
        (SAME_LABEL_TWICE, ("1", "2")),
        (BOTH_ON_ONE, ("1", "2")),
    ],
)
def test_where_nothing_leads_to_one_person_anybody_may_speak(xml: str, labels: tuple[str | None, str | None]) -> None:
    arrived = arrive(xml, audio(4000, labels[0]), audio(4002, labels[1]))
    assert [stream.party for stream in arrived.streams] == [None, None]
    assert [party.ref for party in arrived.parties] == ["p1", "p2"]
    assert len({stream.label for stream in arrived.streams}) == 2


def test_where_nobody_is_named_each_stream_has_a_stranger() -> None:
    arrived = arrive(None, audio(4000, "1"), audio(4002, "2"))
    assert [stream.party for stream in arrived.streams] == ["#0", "#1"]
    assert len({party.aor for party in arrived.parties}) == 2


def test_two_calls_strangers_are_not_one_person() -> None:
    first, second = (arrive(None, audio(4000, "1"), dialog=dialog) for dialog in ("d1", "d2"))
    assert first.parties[0].aor != second.parties[0].aor
    assert first.parties[0].aor == arrive(None, audio(4000, "1"), dialog="d1").parties[0].aor


def test_who_left_no_longer_speaks() -> None:
    arrived = arrive(GONE, audio(4000, "1"), audio(4002, "2"))
    assert [stream.party for stream in arrived.streams] == [None, "p2"]
    assert "p1" not in {party.ref for party in arrived.parties}


def test_a_participant_without_an_address_is_nobody_we_know() -> None:
    arrived = arrive(metadata().replace('aor="sip:ada@caller.example"', ""), audio(4000, "1"))
    assert arrived.parties[0].aor.reveal("test").endswith("@unknown.invalid")


@pytest.mark.parametrize(
    ("session", "stream", "expected"),
    [("", "a=recordpref:on", Preference.ON), ("a=recordpref:off\r\n", "a=recordpref:on", Preference.OFF), ("", "a=x", None)],
)
def test_the_strictest_preference_counts(session: str, stream: str, expected: Preference | None) -> None:
    assert arrive(metadata(), audio(4000, "1", stream), session=session).preference is expected
