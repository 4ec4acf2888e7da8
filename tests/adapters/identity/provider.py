"""The provider's process, and a browser at it: whoever tests signing in starts one for a module."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from rightcall.adapters.identity.openid import OpenId
from rightcall.clock import Clock
from rightcall.personal import Personal


@dataclass(frozen=True, slots=True)
class Running:
    issuer: str

    def knows(self, subject: str, **claims: Any) -> None:
        httpx.put(f"{self.issuer}/users/{subject}", json=claims).raise_for_status()

    def lies(self, **how: Any) -> None:
        httpx.post(f"{self.issuer}/lie", json=how).raise_for_status()

    def back_from(self, address: str, subject: str) -> dict[str, str]:
        """What the browser comes back with after `subject` signed in there."""
        answer = httpx.post(address, data={"sub": subject})
        query = parse_qs(urlsplit(answer.headers["location"]).query)
        return {name: values[0] for name, values in query.items()}

    def seen_by(self, clock: Clock, *, back: str = "http://localhost/sign-in/openid/back", claim: str | None = None) -> OpenId:
        return OpenId(
            clock, issuer=self.issuer, client="rightcall", secret=Personal("hushed: ünd/secret"), back=back, claim=claim
        )


@contextmanager
def running() -> Iterator[Running]:
    command = [sys.executable, "-m", "tests.adapters.identity.provider_process"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            yield Running(f"http://localhost:{int(process.stdout.readline())}")
        finally:
            process.terminate()
