"""Calling an agent back at the address that it named itself: HTTPS, no redirects, and never to where only we can reach.

The name is looked up once, each address it has must be one that anybody can reach (or in a network that the operator named), and
the connection goes to that very address: a name that means another machine a moment later gains nothing.
"""

import socket
from ipaddress import ip_address
from ssl import SSLContext
from urllib.parse import urlsplit

import httpx

from rightcall.adapters.in_time import InTime
from rightcall.requests.drp.model import Trouble
from rightcall.requests.drp.rules import Networks, may_be_called

_PATIENCE_SECONDS = 10.0
_WHOLE_SECONDS = 30.0
_PORTS = {"https": 443, "http": 80}


class Callbacks:
    """Implements `requests.drp.ports.CallBack`."""

    def __init__(self, inner: Networks, trust: SSLContext | None = None) -> None:
        """`trust`: whom to believe about names; None: those that browsers trust."""
        self._inner = inner
        self._trust = trust or True

    def __call__(self, url: str, body: bytes, /) -> Trouble | None:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        try:
            found = [ip_address(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        except (OSError, ValueError):
            return Trouble.AWAY
        if not all(may_be_called(each, parts.scheme, self._inner) for each in found):
            return Trouble.INSIDE
        return self._post(httpx.URL(url).copy_with(host=str(found[0])), parts.netloc, host, body)

    def _post(self, url: httpx.URL, netloc: str, host: str, body: bytes) -> Trouble | None:
        """What goes wrong is told by a word alone: what was sent is about somebody's request."""
        headers = {"content-type": "application/json", "host": netloc}
        with httpx.Client(verify=self._trust, timeout=_PATIENCE_SECONDS, trust_env=False, follow_redirects=False) as client:
            request = client.build_request("POST", url, content=body, headers=headers, extensions={"sni_hostname": host})
            try:
                with InTime(client).send(request, _WHOLE_SECONDS) as response:
                    is_taken = response.is_success
            except (httpx.HTTPError, httpx.InvalidURL):
                return Trouble.AWAY
        return None if is_taken else Trouble.REFUSED
