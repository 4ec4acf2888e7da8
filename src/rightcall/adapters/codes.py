"""Handing one-time codes to the company's own way of sending texts and e-mails: one POST of JSON, over TLS, with a bearer token.

    POST URL
    Authorization: Bearer SECRET
    {"kind": "tel", "to": "+45…", "words": "…", "language": "da"}

Any answer of 2xx means that it was taken. Nothing of it is logged here, and an error tells nothing of whom it was for.
"""

from urllib.parse import urlsplit

import httpx

from rightcall.errors import NotConfigured, SenderGone
from rightcall.personal import Personal
from rightcall.subjects.model import Identifier

_PATIENCE_SECONDS = 10.0
_LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})


class PostedCodes:
    """Implements `requests.codes.ports.Sender`."""

    def __init__(self, url: str, secret: bytes) -> None:
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
            raise NotConfigured("RIGHTCALL_CODES_URL has to be an https address: a code is as good as the person's word.")
        self._url = url
        self._headers = {"authorization": f"Bearer {secret.decode()}"}
        # One for all: what making one costs would be felt by whoever asks at the same time, and tell who is a customer.
        self._client = httpx.Client(timeout=_PATIENCE_SECONDS, trust_env=False, follow_redirects=False)

    def send(self, to: Identifier, words: Personal[str], language: str) -> None:
        body = {
            "kind": to.kind.value,
            "to": to.value.reveal("send a one-time code"),
            "words": words.reveal("send a one-time code"),
            "language": language,
        }
        try:
            taken = self._client.post(self._url, json=body, headers=self._headers).is_success
        except httpx.HTTPError:
            taken = False
        if not taken:
            raise SenderGone("What sends codes does not take them. Look at it, at RIGHTCALL_CODES_URL and at its secret.")

    def close(self) -> None:
        self._client.close()
