"""One e-mail: its headers, its bodies, what is attached to it."""

import io
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesFeedParser

from rightcall.adapters.systems.formats.decoding import text_of
from rightcall.adapters.systems.formats.html_text import seen
from rightcall.adapters.systems.formats.model import FOREIGN, WITHIN, Told, Within
from rightcall.adapters.systems.formats.names import shown
from rightcall.adapters.systems.formats.noting import Noted
from rightcall.adapters.systems.formats.stream import Stream
from rightcall.adapters.systems.formats.text import prose
from rightcall.discovery.model import NotRead, PassedOver, Reason

_MOST_PARTS = 1000
_SEALED = {"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"}


def parts(name: str, stream: Stream, within: Within) -> Told:
    parser = BytesFeedParser()
    for piece in stream.pieces():
        within.spent.hold(len(piece))
        _fed(parser, piece)
    yield from told(name, _whole(parser), within, within.depth)


def _fed(parser: BytesFeedParser, piece: bytes) -> None:
    try:
        parser.feed(piece)
    except RecursionError as error:
        raise NotRead(Reason.TOO_DEEP) from error
    except FOREIGN as error:
        raise NotRead(Reason.BROKEN) from error


def _whole(parser: BytesFeedParser) -> Message:
    try:
        return parser.close()
    except RecursionError as error:
        raise NotRead(Reason.TOO_DEEP) from error
    except FOREIGN as error:
        raise NotRead(Reason.BROKEN) from error


def told(name: str, message: Message, within: Within, depth: int) -> Told:
    """`depth`: of messages in messages."""
    yield from prose(name, iter([(0, _headers(message))]), "headers")
    waiting: list[tuple[Message, int]] = [(message, depth)]
    count = 0
    while waiting:
        part, level = waiting.pop()
        count += 1
        if count > _MOST_PARTS or level > within.limits.nesting:
            yield PassedOver(object=name, reason=Reason.TOO_MANY if count > _MOST_PARTS else Reason.TOO_DEEP)
            return
        if part.is_multipart() and part.get_content_type() != "message/rfc822":
            waiting.extend((each, level + 1) for each in reversed(_inside(part)))
        elif part.is_multipart():
            yield from _messages(f"{name}{WITHIN}message {count}", part, within, depth)
        else:
            yield from _leaf(name, part, within, count)


def _messages(name: str, part: Message, within: Within, depth: int) -> Told:
    if depth >= within.limits.depth:
        yield PassedOver(object=name, reason=Reason.TOO_DEEP)
        return
    for each in _inside(part):
        yield from told(name, each, within, depth + 1)


def _inside(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []


def _leaf(name: str, part: Message, within: Within, number: int) -> Told:
    try:
        content, file = _content(part), part.get_filename()
        kind = part.get_content_type()
    except FOREIGN:
        yield PassedOver(object=name, reason=Reason.BROKEN)
        return
    if kind in _SEALED:
        yield PassedOver(object=name, reason=Reason.ENCRYPTED)
    elif file is None and kind in ("text/plain", "text/html"):
        noted = Noted()
        pieces = iter([(len(content), _text(content, part, noted))])
        yield from prose(name, pieces if kind == "text/plain" else seen(pieces), f"body {number}")
        yield from noted.told(name)
    elif content:
        yield from within.inner(f"{name}{WITHIN}{shown(_decoded(file)) if file else f'part {number}'}", io.BytesIO(content))


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _text(content: bytes, part: Message, noted: Noted) -> str:
    charset = part.get_content_charset()
    if charset and charset not in {"utf-8", "us-ascii", "utf8"}:
        try:
            return content.decode(charset)
        except (LookupError, ValueError):
            return text_of(content, noted)
    return text_of(content, noted)


def _headers(message: Message) -> str:
    return "".join(f"{name}: {_decoded(value)}\n" for name, value in _raw_headers(message))


def _raw_headers(message: Message) -> Iterator[tuple[str, str]]:
    for name, value in message.raw_items():
        yield str(name), str(value)


def _decoded(value: str) -> str:
    """As a person would see it; as it stands where it is broken."""
    try:
        plain = str(make_header(decode_header(value))) if "=?" in value else value
    except (HeaderParseError, *FOREIGN):
        plain = value
    return " ".join(plain.encode("utf-8", "surrogateescape").decode("utf-8", "replace").split())
