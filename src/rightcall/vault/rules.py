"""Decisions of the vault that need nothing but facts."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TypeVar, assert_never

from rightcall.clock import day_of
from rightcall.errors import Conflict, NotFound, RightcallError
from rightcall.ids import GrantId
from rightcall.vault.model import Dark, DarkReason, Lock

T = TypeVar("T")
_ORDER = tuple(DarkReason)
_TURNING = timedelta(days=1)


def darkest(reasons: Iterable[DarkReason]) -> Dark:
    """The one reason to state where several hold: what a person did comes before what time did, unless time was first."""
    return Dark(reason=min(reasons, key=_ORDER.index))


def is_over(last_day: date, today: date) -> bool:
    """A term may be read on its last day, and not after it: whether or not anyone has destroyed its key yet."""
    return last_day < today


def useless_after(begun_at: datetime, epoch_days: int) -> date:
    """The last day that a backup opens with the key of an epoch that began then, or before. Wrapping anew takes its time, so a
    day is added."""
    return day_of(begun_at + timedelta(days=epoch_days) + _TURNING)


def canonical(grants: Iterable[GrantId]) -> tuple[GrantId, ...]:
    """Each grant once, in the order of their bytes: the order in which their keys make the wrap key."""
    return tuple(sorted(set(grants), key=lambda grant: grant.bytes))


def check_locks(locks: Iterable[Lock], today: date) -> None:
    """A holding is locked at least once, once for each purpose, by somebody's grant, until a day that is not over."""
    purposes = [lock.purpose for lock in locks]
    if not purposes:
        raise Conflict("Nothing may be kept without a purpose: give at least one lock.")
    if len(set(purposes)) != len(purposes):
        raise Conflict("Give one lock for each purpose, with the grants of all whose yes it needs.")
    for lock in locks:
        if not lock.grants:
            raise Conflict("A lock needs the grant of at least one party: without a yes or another basis nothing is kept.")
        if is_over(lock.last_day, today):
            raise Conflict("The last day of this lock is over already. Give a later day, or do not keep it.")


def living(key: T | Dark) -> T:
    """For a deed that needs it: what it is where it is not dark."""
    if isinstance(key, Dark):
        raise refusal(key)
    return key


def refusal(dark: Dark) -> RightcallError:
    """The error for a deed that needs a key which is dark."""
    match dark.reason:
        case DarkReason.NEVER_GRANTED:
            return NotFound("There is no such subject, grant or hold here. Create it first.")
        case DarkReason.SUBJECT_ERASED:
            return Conflict("This person was erased. Nothing can be kept, opened or written for them any more.")
        case DarkReason.GRANT_DESTROYED:
            return Conflict("The yes that this needs was withdrawn, or the hold was released. Ask anew, or leave it.")
        case DarkReason.TERM_OVER:
            return Conflict("The term for this purpose is over. It can no longer be opened or kept.")
        case DarkReason.WITHHELD:
            return Conflict("A yes that this needs was found void, and is in quarantine. The DPO can release it or let it go.")
        case DarkReason.EPOCH_GONE:
            return Conflict("This row comes from an epoch whose key is destroyed (an old backup). It stays dark.")
        case _:
            assert_never(dark.reason)
