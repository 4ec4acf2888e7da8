"""A SIP message off the wire (RFC 3261, section 7): start line, headers, body, and nothing trusted yet.

Pure. It reads any bytes into a `Request` or a `Response`, or raises `Malformed`. It does not look into the body and does not
know transactions. What cannot be read but can be answered is answered with `refusal`, which needs no more than the raw headers.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from rightcall.errors import Malformed

MAX_MESSAGE = 65_000
MAX_HEAD = 16_384
MAX_HEADERS = 128
MAX_LINE = 4_096

_COMPACT = {
    "a": "accept-contact",
    "b": "referred-by",
    "c": "content-type",
    "e": "content-encoding",
    "f": "from",
    "i": "call-id",
    "k": "supported",
    "l": "content-length",
    "m": "contact",
    "o": "event",
    "r": "refer-to",
    "s": "subject",
    "t": "to",
    "u": "allow-events",
    "v": "via",
    "x": "session-expires",
}
_TOKEN = re.compile(r"[A-Za-z0-9.!%*_+`'~-]+")
# Characters that some software takes for the end of a line: never let into a header.
_BREAKS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029]")
_ONCE = ("from", "to", "call-id", "cseq")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Header names are lower case and long; values are single lines. `repr` shows no header: they are about people."""

    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)

    def all(self, name: str) -> list[str]:
        return [value for known, value in self.headers if known == name]

    def first(self, name: str) -> str | None:
        return next((value for known, value in self.headers if known == name), None)

    def tokens(self, name: str) -> list[str]:
        """The comma-separated words of a list header such as Require, in lower case."""
        return [word.strip().lower() for value in self.all(name) for word in value.split(",") if word.strip()]

    @property
    def call_id(self) -> str:
        return self.first("call-id") or ""

    @property
    def sequence(self) -> int:
        return int((self.first("cseq") or "0").split()[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Message):
    method: str
    uri: str = field(repr=False)

    @property
    def called(self) -> str | None:
        """The user part of the request's address, without parameters or password."""
        found = re.match(r"(?:sips?:([^@]+)@|tel:(.+))", self.uri, re.IGNORECASE)
        if found is None:
            return None
        user: str = found[1] or found[2]
        return re.split(r"[;:]", user, maxsplit=1)[0] or None


@dataclass(frozen=True, slots=True, kw_only=True)
class Response(Message):
    code: int


class Unanswerable(Malformed):
    """Too broken even for a 400: there is nowhere to send one, or nothing to send it about."""


class Refused(Malformed):
    """Broken, but a 400 can be sent: `headers` are those that an answer copies."""

    def __init__(self, message: str, method: str, headers: tuple[tuple[str, str], ...]) -> None:
        super().__init__(message)
        self.method = method
        self.headers = headers


def read(datagram: bytes) -> Request | Response:
    """The message in `datagram`. Raises `Unanswerable` or `Refused`, both `Malformed`."""
    if len(datagram) > MAX_MESSAGE:
        raise Unanswerable("The message is larger than a datagram may be.")
    head, body = _split(datagram)
    if len(head) > MAX_HEAD:
        raise Unanswerable("The headers are too long.")
    lines = list(_unfolded(head.decode("utf-8", errors="replace")))
    if not lines:
        raise Unanswerable("The message is empty.")
    headers = tuple(_header(line) for line in lines[1:])
    start = lines[0].split(" ", 2)
    if start[0] == "SIP/2.0":
        return _response(start, headers, body)
    return _request(start, headers, body)


def tag_of(address: str) -> str | None:
    """The `tag` parameter of a From or To value."""
    found = re.search(r";\s*tag\s*=\s*([^;,\s>]+)", address[address.rfind(">") + 1 :], re.IGNORECASE)
    return found[1] if found else None


def parameter(value: str, name: str) -> str | None:
    """A `;name=value` parameter of a simple header such as Session-Expires."""
    for part in value.split(";")[1:]:
        key, _, given = part.partition("=")
        if key.strip().lower() == name:
            return given.strip().strip('"')
    return None


def refusal(refused: Refused, code: int, phrase: str) -> bytes:
    """A final answer to a request that is too broken for the transaction layer: stateless, so a repeat gets the same."""
    lines = [f"SIP/2.0 {code} {phrase}"]
    for name, canonical in (("via", "Via"), ("from", "From"), ("to", "To"), ("call-id", "Call-ID"), ("cseq", "CSeq")):
        values = [value for known, value in refused.headers if known == name]
        lines += [f"{canonical}: {value}" for value in (values if name == "via" else values[:1])]
    return ("\r\n".join([*lines, "Content-Length: 0"]) + "\r\n\r\n").encode("utf-8")


def _split(datagram: bytes) -> tuple[bytes, bytes]:
    found = re.search(rb"\r\n\r\n|\n\n|\r\r", datagram)
    if found is None:
        return datagram, b""
    return datagram[: found.start()], datagram[found.end() :]


def _unfolded(head: str) -> Iterator[str]:
    """Logical lines: a line that starts with a space goes on from the one before (RFC 3261, section 7.3.1)."""
    held: list[str] = []
    for count, line in enumerate(re.split(r"\r\n|\n|\r", head)):
        if count > MAX_HEADERS * 2:
            raise Unanswerable("There are too many header lines.")
        if len(line) > MAX_LINE:
            raise Unanswerable("A header line is too long.")
        clean = _BREAKS.sub(" ", line)
        if clean[:1] in (" ", "\t") and held:
            held.append(clean.strip())
            continue
        if held:
            yield " ".join(held)
        held = [clean.rstrip()] if clean.strip() else []
    if held:
        yield " ".join(held)


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    name = name.strip().lower()
    if not colon or not _TOKEN.fullmatch(name):
        return "", ""
    return _COMPACT.get(name, name), value.strip()


def _body(headers: tuple[tuple[str, str], ...], body: bytes) -> bytes:
    """As long as Content-Length says. A body that is cut short is an error; the absence of a length is not (UDP)."""
    length = next((value for name, value in headers if name == "content-length"), None)
    if length is None:
        return body
    if not (length.isascii() and length.isdigit()) or len(length) > 6:
        raise Malformed("Content-Length is not a number.")
    if int(length) > len(body) + 2:
        raise Malformed("The body is shorter than Content-Length says: it was cut on the way. Use a larger MTU or TCP.")
    return body[: int(length)]


def _response(start: list[str], headers: tuple[tuple[str, str], ...], body: bytes) -> Response:
    if len(start) < 2 or not re.fullmatch(r"[1-6][0-9]{2}", start[1], re.ASCII):
        raise Unanswerable("The status line is not one.")
    if any(sum(known == name for known, _ in headers) != 1 for name in _ONCE) or not _has_sequence(headers):
        raise Unanswerable("The answer lacks From, To, Call-ID or CSeq.")
    try:
        return Response(code=int(start[1]), headers=headers, body=_body(headers, body))
    except Malformed:
        return Response(code=int(start[1]), headers=headers, body=b"")


def _request(start: list[str], headers: tuple[tuple[str, str], ...], body: bytes) -> Request:
    if len(start) != 3 or not _TOKEN.fullmatch(start[0]) or start[2].strip() != "SIP/2.0" or not start[1]:
        raise Unanswerable("The request line is not one.")
    method, uri = start[0], start[1]
    if not any(name == "via" for name, _ in headers):
        raise Unanswerable("There is no Via: no answer could find its way.")
    problem = _problem(method, headers)
    if problem is None:
        try:
            return Request(method=method, uri=uri, headers=headers, body=_body(headers, body))
        except Malformed as error:
            problem = str(error)
    if method == "ACK" or any(not any(known == name for known, _ in headers) for name in _ONCE):
        raise Unanswerable(problem)
    raise Refused(problem, method, headers)


def _problem(method: str, headers: tuple[tuple[str, str], ...]) -> str | None:
    if len(headers) > MAX_HEADERS:
        return "Too many headers."
    if any(name == "" for name, _ in headers):
        return "A header line has no name."
    for name in _ONCE:
        if sum(known == name for known, _ in headers) != 1:
            return f"{name.capitalize()} must be there exactly once."
    if not _has_sequence(headers, method):
        return "CSeq does not match the method."
    if tag_of(dict(headers)["from"]) is None:
        return "From has no tag."
    return None


def _has_sequence(headers: tuple[tuple[str, str], ...], method: str | None = None) -> bool:
    found = re.fullmatch(r"([0-9]{1,10})\s+(\S+)", dict(headers).get("cseq", ""), re.ASCII)
    return found is not None and int(found[1]) < 1 << 31 and (method is None or found[2] == method)
