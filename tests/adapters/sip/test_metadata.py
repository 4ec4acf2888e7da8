"""Three dialects, partial updates, and documents that mean harm."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rightcall.adapters.sip.metadata import Metadata, Participant, merge, parse
from rightcall.errors import Malformed
from tests.adapters.sip.phone import metadata
from tests.adapters.sip.test_multipart import WIRE

RFC = metadata(group="g1")
DRAFT = """<?xml version="1.0"?>
<recording xmlns="urn:ietf:params:xml:ns:recording">
  <dataMode>complete</dataMode>
  <group id="g1"/>
  <session id="s1"><group-ref>g1</group-ref></session>
  <participant id="p1" session="s1"><nameID aor="sip:ada@caller.example"><name xml:lang="en">Ada Planted-Lovelace</name></nameID>
    <send>x1</send><recv>x2</recv></participant>
  <participant id="p2" session="s1"><nameID aor="sip:agent7@energy.example"/><send>x2</send></participant>
  <stream id="x1" session="s1"><label>1</label></stream>
  <stream id="x2" session="s1"><label>2</label></stream>
</recording>"""
SIPREC = DRAFT.replace(
    '<recording xmlns="urn:ietf:params:xml:ns:recording">', '<recording_metadata xmlns="urn:ietf:params:xml:ns:siprec">'
)
SIPREC = SIPREC.replace("</recording>", "</recording_metadata>")


@pytest.mark.parametrize(
    "text",
    [RFC, DRAFT, SIPREC, RFC.replace("<recording ", "<recording other='x' "), RFC.replace('version="1.0"', "version='1.0'")],
)
def test_the_dialects_say_the_same(text: str) -> None:
    found = parse(text.encode())
    assert (found.session, found.group, found.partial) == ("s1", "g1", False)
    assert [one.id for one in found.participants] == ["p1", "p2"]
    assert [one.aor.reveal("test") for one in found.participants if one.aor] == [
        "sip:ada@caller.example",
        "sip:agent7@energy.example",
    ]
    assert [one.sends for one in found.participants] == [("x1",), ("x2",)]
    assert [(stream.id, stream.label) for stream in found.streams] == [("x1", "1"), ("x2", "2")]


def test_names_stay_masked() -> None:
    found = parse(RFC.encode())
    assert "Planted" not in repr(found)
    assert "caller.example" not in repr(found)


def test_the_real_one_off_the_wire() -> None:
    start = WIRE.index(b"<?xml")
    found = parse(WIRE[start : WIRE.index(b"</recording>") + len(b"</recording>")])
    assert found.session == "ht2Qdu8ER6mgpIYoj/Iqww=="
    assert {one.id: one.sends for one in found.participants} == {
        "0hENaHSdTbejSibTmRkR9A==": ("AzEHMImcQ9esX0OknxFdaA==",),
        "irrBCWuxTy2Jep3dL0f3Ww==": ("U5ZH1QS4SiOMxeLLi+bIqA==",),
    }
    assert {stream.label for stream in found.streams} == {"0", "1"}


def test_a_complete_update_replaces() -> None:
    known = parse(RFC.encode())
    assert merge(known, Metadata(partial=False, session="s2", group=None, participants=(), streams=())).participants == ()


def test_a_partial_update_adds_changes_and_lets_go() -> None:
    known = parse(RFC.encode())
    update = parse(
        b"""<recording><datamode>partial</datamode>
        <participant participant_id="p2"><nameID aor="sip:agent9@energy.example"/></participant>
        <participant participant_id="p3"><nameID aor="sip:ben@caller.example"/></participant>
        <participantsessionassoc participant_id="p1" session_id="s1"><disassociate-time>2026-11-24T05:39:53Z</disassociate-time>
        </participantsessionassoc><stream stream_id="x3"><label>3</label></stream>
        <participantstreamassoc participant_id="p3"><send>x3</send></participantstreamassoc></recording>"""
    )
    after = {one.id: one for one in merge(known, update).participants}
    assert set(after) == {"p1", "p2", "p3"}
    assert after["p1"].gone
    assert after["p1"].sends == ("x1",)
    assert after["p2"].aor is not None
    assert after["p2"].aor.reveal("test") == "sip:agent9@energy.example"
    assert after["p2"].sends == ("x2",)
    assert after["p3"].sends == ("x3",)
    later = merge(
        merge(known, update), parse(b"<recording><datamode>partial</datamode><participant participant_id='p1'/></recording>")
    )
    assert {one.id: one.gone for one in later.participants}["p1"], "who left stays gone until the metadata says otherwise"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not xml",
        b"<recording>",
        b"<something/>",
        b'<!DOCTYPE r [<!ENTITY a "x">]><recording>&a;</recording>',
        b'<!DOCTYPE r [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;">]><recording>&c;</recording>',
        b'<!DOCTYPE r SYSTEM "file:///etc/passwd"><recording/>',
        b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><recording>&x;</recording>',
        b"<recording>" + b"<a>" * 30 + b"</a>" * 30 + b"</recording>",
        b"<recording>" + b"<a/>" * 6000 + b"</recording>",
        b"<recording>" + b" " * 70_000 + b"</recording>",
        b'<?xml version="1.0" encoding="utf-7"?><recording/>',
        b'<?xml version="1.0" encoding="nonsense"?><recording/>',
        b"<recording>\x00</recording>",
    ],
)
def test_what_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        parse(data)


PIECES = st.sampled_from(
    [
        "<recording>",
        "</recording>",
        "<datamode>partial</datamode>",
        "<participant participant_id='p'>",
        "</participant>",
        "<participant/>",
        "<send>x</send>",
        "<stream stream_id='x'>",
        "</stream>",
        "<label>1</label>",
        "<participantstreamassoc participant_id='q'>",
        "</participantstreamassoc>",
        "<nameID aor='sip:a@b'/>",
        "<nameID/>",
        "<session/>",
        "<group id=''/>",
        "<!DOCTYPE x>",
        "&a;",
        "<![CDATA[x]]>",
        "<?xml version='1.0'?>",
        "<!-- -->",
        "\ufeff",
    ]
)


DOCUMENT = st.lists(PIECES, max_size=20).map(lambda parts: f"<recording>{''.join(parts)}</recording>".encode())


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=100) | DOCUMENT)
def test_any_bytes_are_metadata_or_malformed(data: bytes) -> None:
    try:
        found = parse(data)
    except Malformed:
        return
    again = merge(found, found)
    assert {one.id for one in again.participants} == {one.id for one in found.participants}


IDS = st.sampled_from(["p1", "p2", "p3"])
PEOPLE = st.builds(
    Participant,
    id=IDS,
    sends=st.lists(st.sampled_from(["x1", "x2"]), unique=True).map(tuple),
    gone=st.sampled_from([None, True, False]),
)
DOCUMENTS = st.builds(
    Metadata,
    partial=st.just(True),
    session=st.none(),
    group=st.sampled_from([None, "g1", "g2"]),
    participants=st.lists(PEOPLE, unique_by=lambda one: one.id, max_size=3).map(tuple),
    streams=st.just(()),
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DOCUMENTS, DOCUMENTS)
def test_merging_forgets_nobody_and_repeats_change_nothing(known: Metadata, update: Metadata) -> None:
    merged = merge(known, update)
    assert {one.id for one in merged.participants} == {one.id for one in (*known.participants, *update.participants)}
    assert merge(merged, update) == merged
