"""A sign-in that is under way: what we asked, kept on our side so that only the answer to it fits, once."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    PASSKEY = "passkey"
    SIGN_UP = "sign_up"
    OPENID = "openid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceremony:
    """`challenge`: of a passkey; at a provider the nonce. `verifier`: RFC 7636, at a provider alone."""

    kind: Kind
    challenge: bytes
    verifier: str | None
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """`name`: what the answer names it by. `browser`: what the browser that began it keeps in a cookie, and no other has."""

    ceremony: Ceremony
    name: str = field(repr=False)
    browser: str = field(repr=False)
