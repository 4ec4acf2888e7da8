"""The way to a processor that speaks OpenDSR: HTTPS, bounded, no redirects followed. What it answers is not read here, and
nothing of it is logged."""

from urllib.parse import urlsplit

import httpx

from rightcall.activities.processors.model import Address, OrderId, ProcessorGone, Reply
from rightcall.errors import Malformed

_PATIENCE_SECONDS = 15.0
_MOST_BYTES = 1 << 20
_LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})
_FORM = "A processor's address is https://HOST/VERSION, such as https://opendsr.processor.example/v2."


def dial(address: Address, /) -> "OpenDsrLine":
    """Implements `activities.processors.ports.Dial`."""
    return OpenDsrLine(address)


class OpenDsrLine:
    """Implements `activities.processors.ports.Line`."""

    def __init__(self, address: Address) -> None:
        url = address.url.reveal("ask a processor").rstrip("/")
        parts = urlsplit(url)
        if not parts.hostname or parts.username or parts.query or parts.scheme not in ("https", "http"):
            raise Malformed(_FORM)
        if parts.scheme == "http" and parts.hostname not in _LOCAL:
            raise Malformed(f"Without TLS, everybody on the way reads along. {_FORM}")
        self.host = parts.hostname
        self._base = url
        known = None if address.authorization is None else address.authorization.reveal("ask a processor")
        headers = {"accept": "application/json"} | ({} if known is None else {"authorization": known})
        self._client = httpx.Client(headers=headers, timeout=_PATIENCE_SECONDS, trust_env=False, follow_redirects=False)

    def discovery(self) -> bytes:
        return self._found(self._send("GET", f"{self._base}/discovery"))

    def certificate(self, url: str) -> bytes:
        """Malformed where it lies at another host, or is not fetched by TLS though the processor is."""
        parts = urlsplit(url)
        if parts.hostname != self.host or (parts.scheme != "https" and parts.hostname not in _LOCAL):
            raise Malformed("The processor's certificate lies at another host than its address. It has to be the same.")
        return self._found(self._send("GET", url))

    def ask(self, body: bytes) -> Reply:
        return self._send("POST", f"{self._base}/requests", body)

    def status(self, order: OrderId) -> Reply:
        return self._send("GET", f"{self._base}/requests/{order}")

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
        response = self._client.send(request, stream=True)
        try:
            content = bytearray()
            for piece in response.iter_bytes():
                content += piece
                if len(content) > _MOST_BYTES:
                    return None
        finally:
            response.close()
        told = response.headers
        return Reply(
            status=response.status_code,
            body=bytes(content),
            domain=told.get("x-opendsr-processor-domain", ""),
            signature=told.get("x-opendsr-signature", ""),
        )
