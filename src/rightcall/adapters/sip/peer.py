"""The other end of a dialog (RFC 3261, section 12): its tag, where its requests come from, and the way back to it."""

import hashlib
import re
from ipaddress import ip_address

from rightcall.adapters.sip.message import Request, tag_of
from rightcall.adapters.sip.stack import Headers, Outgoing, hop_in, uri_in


class Peer:
    """Built from the INVITE that makes the dialog. `tag` is ours; `name` stands for the dialog and says nothing about people."""

    def __init__(self, request: Request, source: tuple[str, int], tag: str) -> None:
        self.tag = tag
        self.call_id = request.call_id
        self.remote_tag = tag_of(request.first("from") or "") or ""
        self.remote_sequence = request.sequence
        self.name = hashlib.sha256(f"{self.call_id}\n{self.remote_tag}\n{tag}".encode()).hexdigest()[:32]
        self._sequence = 0
        self._source = source
        self._ours = f"{request.first('to') or ''};tag={tag}"
        self._theirs = request.first("from") or ""
        self._routes = tuple(value for line in request.all("record-route") for value in _listed(line) if uri_in(value))
        self._target = f"sip:{source[0]}:{source[1]}"
        self.retarget(request)

    def retarget(self, request: Request) -> None:
        """A target refresh: later requests of ours go to the newest Contact."""
        contact = request.first("contact")
        uri = uri_in(contact) if contact else None
        if uri is not None:
            self._target = uri

    def request(self, method: str, headers: Headers, body: bytes | None) -> Outgoing:
        self._sequence += 1
        return Outgoing(
            method=method,
            uri=self._target,
            from_=self._ours,
            to=self._theirs,
            call_id=self.call_id,
            sequence=self._sequence,
            routes=self._routes,
            hop=self._hop(),
            headers=headers,
            body=body,
        )

    def _hop(self) -> tuple[str, int]:
        """The nearest proxy, else the target; a name that is no address is not looked up: the INVITE came from somewhere."""
        first = uri_in(self._routes[0]) if self._routes else self._target
        host, port = hop_in(first or self._target)
        try:
            ip_address(host.strip("[]"))
        except ValueError:
            return self._source
        return host, port


def _listed(line: str) -> list[str]:
    """The values of a comma-separated header, commas within <> and quotes left alone."""
    return [value.strip() for value in re.findall(r'(?:[^,<"]|<[^>]*>|"(?:[^"\\]|\\.)*")+', line) if value.strip()]
