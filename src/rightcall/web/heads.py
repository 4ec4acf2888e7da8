"""The head of a request: its line and its header fields. A body has its limit at the edge; a head is read before anything of ours
sees it, and whatever reads it would read on for ever."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_BYTES = 1 << 16


class ShortHeads(HttpToolsProtocol):
    """Ends a connection whose head does not end within `MOST_BYTES` after what came with its beginning, and one that names no
    host, or two."""

    _waited_for: int | None = None

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._waited_for = 0

    def on_headers_complete(self) -> None:
        self._waited_for = None
        if self.parser.get_http_version() == "1.1" and sum(name == b"host" for name, _ in self.headers) != 1:
            raise ValueError("A request names one host.")
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        if self._waited_for is not None:
            self._waited_for += len(data)
            if self._waited_for > MOST_BYTES:
                self.send_400_response("The head of this request is too long.")
                return
        super().data_received(data)
