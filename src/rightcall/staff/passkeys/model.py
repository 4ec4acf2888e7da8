"""What a member signs in with: a key pair whose private half never leaves their device (W3C Web Authentication, level 3)."""

from dataclasses import dataclass
from datetime import datetime

from rightcall.ids import MemberId, PasskeyId
from rightcall.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """As a device made it. `sign_count`: 0 where the device does not count."""

    id: bytes
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    id: PasskeyId
    member: MemberId
    credential: Credential
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A passkey with the word that its member knows it by."""

    passkey: Passkey
    label: Personal[str]
