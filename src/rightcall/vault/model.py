"""What the vault hands out: a key, or the plain statement that it is dark and why. A destroyed key is not an error."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NoReturn

from rightcall.ids import GrantId, HoldingId, PurposeId, StatementId

KEY_BYTES = 32


class DarkReason(StrEnum):
    """Why something cannot be opened. Where several hold, the first of these that does: see `vault.rules.darkest`."""

    NEVER_GRANTED = "never_granted"  # nothing was ever wrapped for this purpose, subject or hold
    SUBJECT_ERASED = "subject_erased"  # the person was erased
    GRANT_DESTROYED = "grant_destroyed"  # what let it open, a party's yes or a hold, was destroyed before the last day was over
    TERM_OVER = "term_over"  # the last day is over
    WITHHELD = "withheld"  # a yes that it needs was found void; the only reason that can pass again
    EPOCH_GONE = "epoch_gone"  # the rows are from an epoch whose key is destroyed: an old backup


@dataclass(frozen=True, slots=True, kw_only=True)
class Dark:
    """It cannot be opened, by anyone, and this is why."""

    reason: DarkReason


class WithheldWhy(StrEnum):
    """`restored`: it was withheld when the database was lost, and the backup that came back did not know it."""

    VOID_CHOICE = "void_choice"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """A grant key in quarantine: since when, why, and the statement in the ledger that says so."""

    at: datetime
    why: WithheldWhy
    statement: StatementId


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentKey:
    """The key that one holding is sealed under. Lives in memory only: never stored, logged, pickled or sent."""

    holding: HoldingId
    secret: bytes = field(repr=False)

    def __reduce__(self) -> NoReturn:
        raise TypeError("A content key is never pickled: unlock the holding where it is needed.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """One purpose that a holding may serve: the grants of all whose yes it needs, and the last day (UTC) it may be read."""

    purpose: PurposeId
    grants: tuple[GrantId, ...]
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Epoch:
    """The span of one epoch key. `key` is its name in the key service, not the key."""

    number: int
    key: str
    begun_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Locks that were put under an earlier day. `stuck`: more that cannot be opened now, since the key service lacks a key."""

    moved: int
    stuck: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """What a rotation did. `lost` are epochs whose key the service no longer has: what they wrapped stays dark."""

    epoch: int
    rewrapped: int
    destroyed: tuple[int, ...]
    lost: tuple[int, ...]
