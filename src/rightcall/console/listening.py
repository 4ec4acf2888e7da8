"""What somebody listens for, and why, as it goes along in an address: sealed to their session, so that no address, no log and no
history tells it. It opens for that session alone, for one recording, and for a quarter of an hour."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from rightcall.canonical import canonical_json, parse_json, sha256
from rightcall.errors import Malformed, NotAllowed, Tampered
from rightcall.vault.wrapping import unwrap, wrap

HOLDS = timedelta(minutes=15)
LONGEST = 3000
_OVER = "What you said that you listen for is too old, or was not said here. Go back, and say it again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """`purpose` None: on the ground of a hold, whose own it is."""

    purpose: UUID | None
    reason: str
    case: str


def sealed(secret: str, about: str, why: Why, at: datetime) -> str:
    """For an address. `secret`: the session's. `about`: what is listened to."""
    told = {
        "purpose": None if why.purpose is None else str(why.purpose),
        "reason": why.reason,
        "case": why.case,
        "at": at.isoformat(),
    }
    return urlsafe_b64encode(wrap(_key(secret), canonical_json(told), about.encode())).decode()


def opened(secret: str, about: str, given: str, now: datetime) -> Why:
    """NotAllowed where it was sealed in another session, for another recording, or too long ago."""
    try:
        told = parse_json(unwrap(_key(secret), urlsafe_b64decode(given.encode()), about.encode()))
    except (Tampered, Malformed, ValueError):
        raise NotAllowed(_OVER) from None
    match told:
        case {"purpose": str() | None as purpose, "reason": str() as reason, "case": str() as case, "at": str() as at}:
            if now - datetime.fromisoformat(at) > HOLDS:
                raise NotAllowed(_OVER)
            return Why(purpose=None if purpose is None else UUID(purpose), reason=reason, case=case)
    raise NotAllowed(_OVER)


def _key(secret: str) -> bytes:
    return sha256(b"rightcall.console.listening\0" + secret.encode())
