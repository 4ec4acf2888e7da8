"""Reading a vCon that somebody else made, plain or signed, into values.

Read strictly: indices must point somewhere, instants must be instants, hashes must match. Both spellings of the lawful-basis
attachment are read, and a JSON body that came as a string. Where two grants speak of one purpose, the stricter one counts.
How large and how deep it may be is bounded here; nothing that it points at outside of itself is ever fetched.
"""

import hashlib
import math
import re
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from rightcall.canonical import Json, canonical_json, parse_json, sha256
from rightcall.errors import Malformed, Tampered
from rightcall.personal import Personal
from rightcall.purposes.model import LawfulBasis
from rightcall.recordings.envelope import Certificates, Signed, unpacked, unwrap
from rightcall.recordings.importing.model import (
    ImportedDialog,
    ImportedEvent,
    ImportedGrant,
    ImportedNotice,
    ImportedParty,
    ImportedVcon,
    Signature,
)
from rightcall.recordings.unsealing import decrypt, is_encrypted
from rightcall.recordings.vcon import base64url

_EVENTS = frozenset({"join", "drop", "hold", "unhold", "mute", "unmute"})
UNDERSTOOD = frozenset({"CC", "lawful_basis"})
_MOST = {"parties": 100, "dialog": 1000, "attachments": 1000, "analysis": 1000}
_DEEPEST = 64
_MOST_EVENTS = 10_000
_LONGEST = timedelta(days=7)
_INTERVAL = re.compile("([0-9]{1,5})([smhdw])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_BASIS_HASHES: Mapping[str, Callable[[bytes], str]] = {
    "sha-256": lambda data: hashlib.sha256(data).hexdigest(),
    "sha-3-256": lambda data: hashlib.sha3_256(data).hexdigest(),
    "blake2b-256": lambda data: hashlib.blake2b(data, digest_size=32).hexdigest(),
}
_DIALOGS = ("recording", "text", "transfer", "incomplete", "recording-set")


def open_vcon(
    data: bytes, trusted: Certificates, at: datetime, *, key_pem: bytes | None = None
) -> tuple[ImportedVcon, Signature]:
    """A vCon as it comes in: plain, signed, or either packed with gzip; encrypted too where the key that it is for is given.
    Malformed and Tampered as in `read_vcon`, and Tampered where a trusted signature is not good or the key does not open it."""
    document = unpacked(data)
    if key_pem is not None and is_encrypted(document):
        document = decrypt(document, key_pem)
    opened = unwrap(document, trusted, at)
    if isinstance(opened, Signed):
        return read_vcon(opened.vcon, signed_by=opened.fingerprint), Signature.TRUSTED
    return read_vcon(opened.vcon, signed_by=None), Signature.UNKNOWN if opened.was_signed else Signature.NONE


def read_vcon(document: Json, *, signed_by: bytes | None) -> ImportedVcon:
    """Malformed where it is no vCon; Tampered where a content hash does not match."""
    vcon = _object(document, "vCon")
    _check_size(vcon)
    critical = {str(each) for each in _list(vcon, "critical")}
    if critical - UNDERSTOOD:
        raise Malformed("This vCon needs extensions that are not understood here, so nothing of it is used.")
    if "redacted" in vcon and "amended" in vcon:
        raise Malformed("A vCon is redacted or amended, never both.")
    parties = tuple(_party(_object(each, "party")) for each in _list(vcon, "parties"))
    dialogs = tuple(_dialog(_object(each, "dialog"), len(parties)) for each in _list(vcon, "dialog"))
    return ImportedVcon(
        id=_uuid(vcon.get("uuid")),
        digest=sha256(canonical_json(document)),
        created_at=_instant(vcon.get("created_at")),
        signed_by=signed_by,
        parties=parties,
        dialogs=dialogs,
        history=_history([_object(each, "dialog") for each in _list(vcon, "dialog")], len(parties)),
        grants=tuple(
            grant
            for each in _list(vcon, "attachments")
            for grant in _grants(_object(each, "attachment"), len(parties), len(dialogs))
        ),
    )


def _check_size(vcon: Mapping[str, Json]) -> None:
    for name, most in _MOST.items():
        if len(_list(vcon, name)) > most:
            raise Malformed(f"`{name}` of a vCon has at most {most} members here. Send the conversation in parts.")
    level: list[Json] = [vcon]
    for _ in range(_DEEPEST):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer if isinstance(outer, list) else ())
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise Malformed(f"This vCon is nested more than {_DEEPEST} levels deep. Send one that is not.")


def _party(party: Mapping[str, Json]) -> ImportedParty:
    def known(name: str) -> Personal[str] | None:
        value = party.get(name)
        return Personal(value) if isinstance(value, str) and value else None

    role = party.get("role")
    return ImportedParty(
        tel=known("tel"),
        sip=known("sip"),
        mailto=known("mailto"),
        name=known("name"),
        role=role if isinstance(role, str) else None,
    )


def _dialog(dialog: Mapping[str, Json], parties: int) -> ImportedDialog:
    kind = dialog.get("type")
    if kind not in _DIALOGS:
        raise Malformed("A dialog of this vCon has a type that the draft does not know.")
    mediatype = dialog.get("mediatype")
    body = _body(dialog)
    return ImportedDialog(
        kind=str(kind),
        start=_instant(dialog.get("start")),
        lasts=_lasts(dialog.get("duration")),
        elsewhere=body is None and bool(dialog.get("url")),
        parties=_places(dialog.get("parties", []), parties),
        mediatype=mediatype if isinstance(mediatype, str) else None,
        body=body,
    )


def _history(dialogs: list[Mapping[str, Json]], parties: int) -> tuple[ImportedEvent, ...]:
    """What every dialog tells of it, once, in the order of time."""
    told = [_object(each, "party history") for dialog in dialogs for each in _list(dialog, "party_history")]
    if len(told) > _MOST_EVENTS:
        raise Malformed(f"The party history of a vCon has at most {_MOST_EVENTS:,} events here. Send the conversation in parts.")
    events = {
        ImportedEvent(party=_place(each.get("party"), parties), at=_instant(each.get("time")), event=str(each["event"]))
        for each in told
        if each.get("event") in _EVENTS
    }
    return tuple(sorted(events, key=lambda each: (each.at, each.party, each.event)))


def _lasts(seconds: Json) -> timedelta | None:
    if seconds is None:
        return None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not math.isfinite(seconds):
        raise Malformed("A duration of this vCon is not a number of seconds.")
    if not 0 <= seconds <= _LONGEST.total_seconds():
        raise Malformed(f"A dialog of a vCon lasts between nothing and {_LONGEST.days} days here.")
    return timedelta(seconds=seconds)


def _places(found: Json, parties: int) -> tuple[int, ...]:
    """A place, a list of them, or one for each channel, possibly several and possibly nobody (null)."""
    if found is None:
        return ()
    if isinstance(found, list):
        return tuple(sorted({place for each in found for place in _places(each, parties)}))
    return (_place(found, parties),)


def _place(found: Json, count: int) -> int:
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found < count:
        raise Malformed("This vCon points at a party or a dialog that is not in it.")
    return found


def _body(part: Mapping[str, Json]) -> bytes | None:
    """The bytes of inline content, held against `content_hash` where one is given."""
    body, encoding = part.get("body"), part.get("encoding")
    if body is None:
        return None
    if encoding != "json" and not isinstance(body, str):
        raise Malformed("An inline body of this vCon is not text.")
    if encoding == "base64url":
        content = _decoded(str(body))
    elif encoding in (None, "none"):
        content = str(body).encode()
    else:
        return None
    _check_hashes(part.get("content_hash"), content)
    return content


def _check_hashes(told: Json, content: bytes) -> None:
    """Inline content needs no hash; where one is told, it is one that everybody must know, SHA-512, and it is right."""
    if told is None:
        return
    hashes = [str(each) for each in (told if isinstance(told, list) else [told])]
    known = [each for each in hashes if each.startswith("sha512-")]
    if not known:
        raise Malformed("A content hash of this vCon is not SHA-512, the one that every vCon may use.")
    if set(known) != {"sha512-" + base64url(hashlib.sha512(content).digest())}:
        raise Tampered("Content of this vCon is not what its hash says. Do not use it; ask its sender.")


def _grants(attachment: Mapping[str, Json], parties: int, dialogs: int) -> list[ImportedGrant]:
    if "lawful_basis" not in (attachment.get("purpose"), attachment.get("type")):
        return []
    party = _place(attachment.get("party"), parties)
    _place(attachment.get("dialog"), dialogs)
    body = attachment.get("body")
    basis = _object(parse_json(body) if isinstance(body, str) else body, "lawful basis")
    kind = basis.get("lawful_basis")
    if kind not in list(LawfulBasis):
        raise Malformed("A lawful basis of this vCon is none of the six of GDPR Art. 6(1).")
    _check_basis_hash(basis)
    found = []
    for each in _list(basis, "purpose_grants"):
        grant = _object(each, "purpose grant")
        granted_at = _instant(grant.get("granted_at"))
        found.append(
            ImportedGrant(
                party=party,
                purpose=str(grant.get("purpose", "")),
                basis=LawfulBasis(str(kind)),
                granted=grant.get("granted") is True,
                granted_at=granted_at,
                expires_at=_expiry(basis, granted_at),
                conditions=len(_list(grant, "conditions")),
                controller=_controller(basis),
                notice=_notice(basis, str(grant.get("purpose", ""))),
            )
        )
    return found


def _check_basis_hash(basis: Mapping[str, Json]) -> None:
    """The hash that a lawful basis may carry of itself, over all the rest of it (draft-howe-vcon-lawful-basis-02)."""
    if "content_hash" not in basis:
        return
    told = _object(basis["content_hash"], "hash of a lawful basis")
    algorithm = _BASIS_HASHES.get(str(told.get("algorithm")))
    if algorithm is None or told.get("canonicalization") != "jcs":
        raise Malformed("A lawful basis of this vCon carries a hash of a kind that the draft does not know.")
    rest = canonical_json({name: value for name, value in basis.items() if name != "content_hash"})
    if algorithm(rest) != str(told.get("value")).lower():
        raise Tampered("A lawful basis of this vCon is not what its hash says. Do not use it; ask its sender.")


def _expiry(basis: Mapping[str, Json], granted_at: datetime) -> datetime | None:
    """Whether it was confirmed since, nobody is asked: it counts until it would have to be for the first time."""
    told, interval = basis.get("expiration"), basis.get("status_interval")
    ends = [] if told is None else [_instant(told)]
    if interval is not None:
        match = _INTERVAL.fullmatch(str(interval))
        if match is None:
            raise Malformed("A lawful basis of this vCon is to be confirmed in an interval that cannot be read, such as 30d can.")
        try:
            ends.append(granted_at + timedelta(seconds=int(match[1]) * _SECONDS[match[2]]))
        except OverflowError as error:
            raise Malformed("A lawful basis of this vCon was granted after all time that can be told.") from error
    return min(ends, default=None)


def _controller(basis: Mapping[str, Json]) -> str | None:
    metadata = basis.get("metadata")
    return _text(metadata.get("controller")) if isinstance(metadata, dict) else None


def _notice(basis: Mapping[str, Json], purpose: str) -> ImportedNotice | None:
    """From our own `metadata`; other systems tell of none, or in another place."""
    metadata = basis.get("metadata")
    for each in _list(metadata, "purposes") if isinstance(metadata, dict) else []:
        history = _list(each, "history") if isinstance(each, dict) and each.get("purpose") == purpose else []
        newest = history[-1] if history else None
        if isinstance(newest, dict):
            told = _text(newest.get("notice_hash")) or ""
            digest = _decoded(told.removeprefix("sha256-")) if told.startswith("sha256-") else None
            return ImportedNotice(digest=digest, language=_text(newest.get("language")), text=_text(newest.get("notice_text")))
    return None


def _text(found: Json) -> str | None:
    return found if isinstance(found, str) else None


def _decoded(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as error:
        raise Malformed("An inline body of this vCon is not base64url.") from error


def _object(found: Json, what: str) -> Mapping[str, Json]:
    if not isinstance(found, dict):
        raise Malformed(f"A {what} is a JSON object, and here it is none.")
    return found


def _list(parent: Mapping[str, Json], name: str) -> list[Json]:
    found = parent.get(name, [])
    if not isinstance(found, list):
        raise Malformed(f"`{name}` of a vCon is a list, and here it is none.")
    return found


def _uuid(found: Json) -> UUID:
    try:
        return UUID(str(found))
    except ValueError as error:
        raise Malformed("The uuid of this vCon is none.") from error


def _instant(found: Json) -> datetime:
    try:
        at = datetime.fromisoformat(str(found))
        in_utc = None if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Malformed("An instant of this vCon is not one of RFC 3339.") from error
    if in_utc is None:
        raise Malformed("An instant of this vCon has no time zone.")
    return in_utc
