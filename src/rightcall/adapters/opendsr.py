"""The way to a processor that speaks OpenDSR: HTTPS, bounded, no redirects followed. What it answers is not read here, and
nothing of it is logged."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import httpx

from rightcall.activities.processors.model import (
    Address,
    CopyRefused,
    Download,
    NotFetched,
    OrderId,
    ProcessorGone,
    Reply,
)
from rightcall.adapters.in_time import InTime
from rightcall.errors import Malformed

_PATIENCE_SECONDS = 15.0
_WHOLE_SECONDS = 60.0
"""For an answer from its first byte to its last, however it comes."""
_MOST_BYTES = 1 << 20
_LARGEST_COPY = 1 << 30
_COPY_SECONDS = 900.0
_LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})
_FORM = "A processor's address is https://HOST/VERSION, such as https://opendsr.processor.example/v2."


def dial(address: Address, /) -> "OpenDsrLine":
    """Implements `activities.processors.ports.Dial`."""
    return OpenDsrLine(address)


class OpenDsrLine:
    """Implements `activities.processors.ports.Line`."""

    def __init__(self, address: Address) -> None:
        url = address.url.reveal("ask a processor").rstrip("/")
        origin = _origin(url)
        if origin is None or not url.isprintable() or "?" in url:
            raise Malformed(_FORM)
        scheme, self.host, _ = origin
        if scheme == "http" and self.host not in _LOCAL:
            raise Malformed(f"Without TLS, everybody on the way reads along. {_FORM}")
        self._base = url
        known = None if address.authorization is None else address.authorization.reveal("ask a processor")
        if known is not None and not (known.isascii() and known.isprintable()):
            raise Malformed("What the processor knows us by goes into a header, which has plain letters, digits and marks alone.")
        headers = {"accept": "application/json"} | ({} if known is None else {"authorization": known})
        self._client = httpx.Client(headers=headers, timeout=_PATIENCE_SECONDS, trust_env=False, follow_redirects=False)
        self._in_time = InTime(self._client)

    def discovery(self) -> bytes:
        return self._found(self._send("GET", f"{self._base}/discovery"))

    def certificate(self, url: str) -> bytes:
        """Malformed where it lies at another host, or is not fetched by TLS though the processor is."""
        origin = _origin(url)
        if origin is None or origin[1] != self.host or (origin[0] != "https" and self.host not in _LOCAL):
            raise Malformed("The processor's certificate lies at another host than its address. It has to be the same.")
        return self._found(self._send("GET", url))

    def ask(self, body: bytes) -> Reply:
        return self._send("POST", f"{self._base}/requests", body)

    def status(self, order: OrderId) -> Reply:
        return self._send("GET", f"{self._base}/requests/{order}")

    @contextmanager
    def download(self, url: str) -> Iterator[Download]:
        """From the very place at which the processor is registered, by its own scheme, and without following it elsewhere."""
        if _origin(url) != _origin(self._base):
            raise CopyRefused(NotFetched.OTHER_PLACE)
        asked = self._client.build_request("GET", url, headers={"accept": "*/*", "accept-encoding": "identity"})
        line = self._in_time.send(asked, _COPY_SECONDS + _WHOLE_SECONDS)
        with suppress(httpx.HTTPError, httpx.InvalidURL), line as response:
            if response.status_code != 200:
                raise CopyRefused(NotFetched.NOT_GIVEN)
            mediatype = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            yield Download(mediatype=mediatype, chunks=_chunks(response))
            return
        raise CopyRefused(NotFetched.NOT_GIVEN)

    def close(self) -> None:
        self._client.close()

    def _found(self, reply: Reply) -> bytes:
        if not httpx.codes.is_success(reply.status):
            raise ProcessorGone("The processor does not show what it offers at /discovery. Check the address and the token.")
        return reply.body

    def _send(self, method: str, url: str, body: bytes | None = None) -> Reply:
        """What goes wrong is raised outside of the handler: what was sent is about a person."""
        headers = {} if body is None else {"content-type": "application/json"}
        request = self._client.build_request(method, url, content=body, headers=headers)
        try:
            reply = self._read(request)
        except (httpx.HTTPError, httpx.InvalidURL):
            reply = None
        if reply is None:
            raise ProcessorGone("The processor does not answer, or with too much. Check that it runs and where, then try again.")
        return reply

    def _read(self, request: httpx.Request) -> Reply | None:
        content = bytearray()
        with self._in_time.send(request, _WHOLE_SECONDS) as response:
            for piece in response.iter_bytes():
                content += piece
                if len(content) > _MOST_BYTES:
                    return None
        told = response.headers
        return Reply(
            status=response.status_code,
            body=bytes(content),
            domain=told.get("x-opendsr-processor-domain", ""),
            signature=told.get("x-opendsr-signature", ""),
        )


def _origin(url: str) -> tuple[str, str, int] | None:
    """None where that is no address, or names somebody to be there: nothing is at the same place as that."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username is not None or parts.password is not None:
        return None
    return parts.scheme, parts.hostname, port or (443 if parts.scheme == "https" else 80)


def _chunks(response: httpx.Response) -> Iterator[bytes]:
    """What goes wrong is raised outside of the handler: what came is about a person."""
    until, amount = time.monotonic() + _COPY_SECONDS, 0
    pieces = response.iter_bytes()
    while (piece := _next(pieces)) is not None:
        amount += len(piece)
        if amount > _LARGEST_COPY:
            raise CopyRefused(NotFetched.TOO_LARGE)
        if time.monotonic() > until:
            raise CopyRefused(NotFetched.TOO_SLOW)
        yield piece


def _next(pieces: Iterator[bytes]) -> bytes | None:
    why = NotFetched.BROKE_OFF
    try:
        return next(pieces, None)
    except httpx.TimeoutException:
        why = NotFetched.TOO_SLOW
    except httpx.HTTPError:
        pass
    raise CopyRefused(why)
