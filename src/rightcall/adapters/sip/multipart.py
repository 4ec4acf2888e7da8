"""The body of a SIPREC request, taken apart: the session description (SDP) and the recording metadata (RFC 7866, section 9.1).

Pure. Session recording clients write multipart bodies in every way that MIME allows and some that it does not: quoted, spaced and
capitalised boundaries, `application/rs-metadata` without `+xml`, no content type at all. What a part is, is told by its type, and
where that is missing or generic by its first bytes. Reading what is inside is left to `sdp` and `metadata`.
"""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

from rightcall.errors import Malformed

MAX_BODY = 65_000
MAX_PARTS = 16
_SDP = {"application/sdp"}
_METADATA = {"application/rs-metadata+xml", "application/rs-metadata"}
_GENERIC = {"", "text/plain", "text/xml", "application/xml", "application/octet-stream"}
_BOUNDARY = re.compile(rb"\s*--([^\r\n]{1,200}?)[ \t]*\r?\n")
_CONTENT_TYPE = re.compile(r"^[\w.+-]+/[\w.+-]+(\s*;.*)?$", re.ASCII)


class UnsupportedMedia(Malformed):
    """A body in a form that a recorder has no use for: 415."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bodies:
    """Either may be missing: metadata always, the SDP in an UPDATE that changes metadata alone."""

    sdp: bytes | None = field(default=None, repr=False)
    metadata: bytes | None = field(default=None, repr=False)


def split(content_type: str | None, body: bytes, *, encoding: str | None = None) -> Bodies:
    """The SDP and the metadata in `body`. Raises `UnsupportedMedia` or another `Malformed`."""
    if len(body) > MAX_BODY:
        raise Malformed("The body is too large.")
    if encoding and encoding.strip().lower() != "identity":
        raise UnsupportedMedia("Send the body without Content-Encoding.")
    if not body.strip():
        return Bodies()
    found: dict[str, bytes] = {}
    unknown = False
    for kind, part in _parts(content_type or "", body):
        if kind is None:
            unknown = True
        elif kind in found:
            raise Malformed(f"There are two {kind} parts. Send one.")
        else:
            found[kind] = part
    if not found and unknown:
        raise UnsupportedMedia("Send application/sdp and application/rs-metadata+xml in multipart/mixed.")
    return Bodies(**found)


def _parts(content_type: str, body: bytes) -> Iterator[tuple[str | None, bytes]]:
    """Each leaf part as (sdp | metadata | None, bytes)."""
    essence = content_type.partition(";")[0].strip().lower()
    if essence.startswith("multipart/") or (essence in _GENERIC | _SDP and _BOUNDARY.match(body)):
        yield from _leaves(content_type, body)
    else:
        yield _kind(essence, body), body


def _leaves(content_type: str, body: bytes) -> Iterator[tuple[str | None, bytes]]:
    message = _message(content_type, body)
    parts = [part for part in message.walk() if not part.is_multipart()]
    if len(parts) > MAX_PARTS:
        raise Malformed("The body has too many parts.")
    for part in parts:
        if str(part.get("Content-Encoding", "identity")).strip().lower() != "identity":
            raise UnsupportedMedia("Send the parts without Content-Encoding.")
        content = _content(part)
        if content.strip():
            essence = str(part.get("Content-Type", "")).partition(";")[0].strip().lower()
            yield _kind(essence, content), content


def _message(content_type: str, body: bytes) -> Message:
    boundary = _boundary(content_type, body)
    if boundary is None:
        raise Malformed("The multipart body has no boundary line. Check the boundary parameter of Content-Type.")
    head = b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="' + boundary + b'"\r\n\r\n'
    try:
        message = email.message_from_bytes(head + body)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise Malformed("The multipart body cannot be taken apart.") from error
    if not message.is_multipart():
        raise Malformed("The multipart body does not contain its boundary.")
    return message


def _boundary(content_type: str, body: bytes) -> bytes | None:
    """The boundary that the body really uses: the one that was announced, if it occurs, else that of its first line."""
    announced = re.search(r';\s*boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;]{1,200}))', content_type, re.IGNORECASE)
    if announced is not None:
        given: bytes = (announced[1] or announced[2]).encode("utf-8", errors="replace")
        if b"--" + given in body and not re.search(rb'["\\\r\n]', given):
            return given.rstrip()
    seen = _BOUNDARY.match(body)
    if seen is None or re.search(rb'["\\]', seen[1]):
        return None
    return seen[1].rstrip()


def _content(part: Message) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise Malformed("A part of the body cannot be decoded.") from error
    return content if isinstance(content, bytes) else b""


def _kind(essence: str, content: bytes) -> str | None:
    if essence in _METADATA:
        return "metadata"
    start = content.lstrip()[:4096]
    if essence in _SDP:
        return "sdp"
    if essence in _GENERIC or not _CONTENT_TYPE.match(essence):
        if re.match(rb"v=0\s", start):
            return "sdp"
        if start.startswith(b"<") and b"<recording" in start:
            return "metadata"
    return None
