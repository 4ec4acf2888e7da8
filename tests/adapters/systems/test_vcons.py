"""vCons as a source: everybody and everything written in them is read; sound and what lies elsewhere is told."""

import gzip
import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rightcall.adapters.systems.vcons.source import open_vcons
from rightcall.canonical import Json, canonical_json
from rightcall.discovery.model import NotRead, PassedOver, Reason
from rightcall.discovery.parts import Part, Prose, Rows, Turn, Turns
from rightcall.discovery.ports import Ability, Gone, Listed, Spot
from rightcall.errors import Conflict, Malformed, NotAllowed, NotFound
from rightcall.recordings.envelope import new_signer, sign, signer_from

SOUND = urlsafe_b64encode(b"RIFF and so on").decode()
VCON: dict[str, Json] = {
    "uuid": "01a21237-7600-85b8-9dd8-dd37220d739c",
    "created_at": "2026-11-01T09:00:00+00:00",
    "subject": "Broken meter",
    "parties": [
        {"tel": "+4520123456", "name": "Ada", "civicaddress": {"a1": "Copenhagen"}},
        {"mailto": "seven@energy.example", "role": "agent"},
    ],
    "dialog": [
        {"type": "text", "start": "2026-11-01T09:00:00Z", "parties": 0, "body": "my number is 20", "encoding": "none"},
        {"type": "recording", "start": "2026-11-01T09:00:00Z", "parties": [0, 1], "body": SOUND, "encoding": "base64url"},
        {
            "type": "text",
            "start": "2026-11-01T09:01:00Z",
            "parties": [1],
            "originator": 1,
            "body": "thank you",
            "encoding": "none",
        },
        {"type": "recording", "start": "2026-11-01T09:02:00Z", "parties": [0], "url": "https://far.example/a.wav"},
        {"type": "incomplete", "start": "2026-11-01T09:03:00Z", "disposition": "no-answer"},
    ],
    "analysis": [
        {
            "type": "transcript",
            "vendor": "x",
            "body": {
                "segments": [{"speaker": "A", "text": "four one", "start": 1.5}, {"speaker": "B", "text": "yes", "start": 3}]
            },
            "encoding": "json",
        },
        {"type": "transcript", "vendor": "y", "body": '[{"speaker": 0, "message": "hello"}]', "encoding": "json"},
        {"type": "summary", "vendor": "z", "body": "Ada wants a new meter.", "encoding": "none"},
    ],
    "attachments": [
        {"purpose": "ticket", "mediatype": "text/plain", "encoding": "base64url", "body": urlsafe_b64encode(b"case 77").decode()},
        {"purpose": "picture", "mediatype": "image/png", "encoding": "base64url", "body": SOUND},
    ],
}


def laid(folder: Path, name: str, content: bytes) -> Listed:
    (folder / name).write_bytes(content)
    return Listed(name=name, fingerprint=None, size=None)


def read(folder: Path, object: Listed) -> list[Part | PassedOver]:
    system = open_vcons(f"vcons:{folder}")
    try:
        return list(system.read(object))
    finally:
        system.close()


def text(part: Part | PassedOver) -> str:
    assert isinstance(part, Prose)
    return "".join(piece for _, piece in part.pieces)


def test_everything_that_is_written_in_a_vcon_is_read(tmp_path: Path) -> None:
    parts = read(tmp_path, laid(tmp_path, "a.vcon", json.dumps(VCON).encode()))
    (parties,) = (part for part in parts if isinstance(part, Rows))
    assert parties.heads == ("tel", "name", "civicaddress.a1", "mailto", "role")
    assert [row.key for row in parties.rows] == ["parties/0", "parties/1"]
    assert parties.rows[0].cells == ("+4520123456", "Ada", "Copenhagen", None, None)
    assert {part.field: text(part) for part in parts if isinstance(part, Prose)} == {
        "subject": "Broken meter",
        "analysis/2": "Ada wants a new meter.",
        "attachments/0": "case 77",
    }
    assert {part.field: part.turns for part in parts if isinstance(part, Turns)} == {
        "dialog": (Turn(0, "my number is 20"), Turn(1, "thank you")),
        "analysis/0": (Turn(0, "four one", 1.5), Turn(1, "yes", 3.0)),
        "analysis/1": (Turn(0, "hello"),),
    }
    assert {(part.field, part.reason) for part in parts if isinstance(part, PassedOver)} == {
        ("dialog/1", Reason.SOUND),
        ("dialog/3", Reason.ELSEWHERE),
        ("attachments/1", Reason.BINARY),
    }


def test_signed_and_packed_ones_say_the_same_and_encrypted_ones_are_told(tmp_path: Path) -> None:
    key, certificates = new_signer("Energy", datetime(2026, 11, 1, tzinfo=UTC))
    signed = canonical_json(sign(VCON, signer_from(key, certificates)))
    plain = read(tmp_path, laid(tmp_path, "plain", json.dumps(VCON).encode()))
    for name, content in (("signed", signed), ("packed", gzip.compress(signed))):
        parts = read(tmp_path, laid(tmp_path, name, content))
        assert [type(part) for part in parts] == [type(part) for part in plain]
    sealed = canonical_json({"ciphertext": "x", "recipients": []})
    for content, reason in ((sealed, Reason.ENCRYPTED), (b"{", Reason.BROKEN), (b"[1]", Reason.BROKEN), (b"\xff", Reason.BROKEN)):
        with pytest.raises(NotRead) as why:
            read(tmp_path, laid(tmp_path, "other", content))
        assert why.value.reason is reason


@pytest.mark.parametrize(
    "broken",
    [
        {"uuid": "x", "parties": "Ada", "dialog": [None, 7], "analysis": {}, "attachments": [[]]},
        {"uuid": "x", "dialog": [{"type": "text", "parties": True, "body": 7}], "parties": [{"tel": ["1", {"a": None}]}]},
        {"uuid": "x", "analysis": [{"body": "[1, 2]"}, {"body": '{"segments": [{"text": 5}]}'}, {"body": "[[[[["}]},
        {"uuid": "x", "attachments": [{"encoding": "base64url", "body": "!"}]},
    ],
)
def test_what_is_wrong_in_a_vcon_hides_nobody_in_it(tmp_path: Path, broken: dict[str, Json]) -> None:
    whole = {**VCON, **broken, "subject": "still here"}
    assert "still here" in [
        text(each) for each in read(tmp_path, laid(tmp_path, "a", json.dumps(whole).encode())) if isinstance(each, Prose)
    ]


def test_a_vcon_goes_as_a_whole_and_is_confirmed_gone(tmp_path: Path) -> None:
    laid(tmp_path, "a.vcon", json.dumps(VCON).encode())
    system = open_vcons(f"vcons:{tmp_path}")
    assert Ability.ERASE not in system.abilities
    with pytest.raises(NotAllowed):
        system.erase([Spot(object="a.vcon")])
    system = open_vcons(f"vcons:{tmp_path}", writable=True)
    part = Spot(object="a.vcon", row="parties/0")
    with pytest.raises(Conflict, match="as a whole"):
        system.erase([part])
    assert json.loads(system.export(Spot(object="a.vcon"))) == VCON
    assert json.loads(system.export(part))["name"] == "Ada"
    with pytest.raises(NotFound):
        system.export(Spot(object="a.vcon", row="parties/7"))
    assert system.confirm([part]) == {part: Gone.THERE}
    system.erase([Spot(object="a.vcon")])
    system.erase([Spot(object="a.vcon")])
    assert system.confirm([part]) == {part: Gone.GONE}
    with pytest.raises(NotFound):
        system.export(part)
    with pytest.raises(Malformed):
        system.erase([Spot(object="../a.vcon")])
    system.close()


def test_what_is_no_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        open_vcons(f"vcons:{tmp_path}/nowhere")
    with pytest.raises(Malformed):
        open_vcons("vcons:")
