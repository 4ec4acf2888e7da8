"""Where a person stands about a purpose over all their calls.

A choice is of one party in one call. Of all of them the latest says what the person wants now. A yes of another call stands
beside it until it is taken back there; it counts while something hangs on it: the call goes on, or what was recorded by it can
still be opened. What nobody can open any more, a yes keeps no longer.
"""

from collections.abc import Sequence
from datetime import date

from rightcall.clock import Clock, day_of
from rightcall.consent.model import Answer, Choice
from rightcall.database.connection import Transaction
from rightcall.holdings import actions as holdings
from rightcall.ids import CallId, HoldingId, PurposeId, SubjectId
from rightcall.recordings.actions import silent_among
from rightcall.recordings.confirming import live_version
from rightcall.requests.own.model import StandingYes
from rightcall.vault.actions import Vault

Person = Sequence[SubjectId]


def in_order(made: Sequence[Choice]) -> list[Choice]:
    """The latest last. Of several at one instant a no counts."""
    return sorted(made, key=lambda each: (each.made_at, each.answer is not Answer.GRANTED, each.sequence))


def yeses(ordered: Sequence[Choice]) -> list[Choice]:
    """Of choices about one purpose those yeses that were not taken back in their own call, the latest last."""
    newest = {each.party: each for each in ordered}
    return [each for each in in_order(list(newest.values())) if each.answer is Answer.GRANTED]


def beside_latest(tx: Transaction, vault: Vault, clock: Clock, person: Person, made: Sequence[Choice]) -> tuple[StandingYes, ...]:
    """Of choices about one purpose the yeses that count beside the latest answer, the latest first."""
    ordered = in_order(made)
    other = [each for each in yeses(ordered) if each.id != ordered[-1].id]
    if not other:
        return ()
    until = _kept_until(tx, vault, clock, person, other[0].purpose)
    told = [
        StandingYes(choice=each, until=until.get(each.call), is_live=live_version(tx, each.call) is not None) for each in other
    ]
    return tuple(each for each in reversed(told) if each.is_live or each.until is not None)


def kept(tx: Transaction, vault: Vault, clock: Clock, person: Person, purpose: PurposeId) -> dict[HoldingId, date]:
    """What of ours may be opened for it by now, and its last day for it; not what was cut before anything was said."""
    today = day_of(clock.now())
    ours = {each.holding: each.last_day for one in person for each in holdings.kept_of(tx, one, purpose, today) if each.is_ours}
    opening = vault.may_open_yet(tx, list(ours)) - silent_among(tx, list(ours)) if ours else set()
    return {id: day for id, day in ours.items() if id in opening}


def _kept_until(tx: Transaction, vault: Vault, clock: Clock, person: Person, purpose: PurposeId) -> dict[CallId, date]:
    """The last day of the last thing of each call."""
    found = kept(tx, vault, clock, person, purpose)
    until: dict[CallId, date] = {}
    for id, holding in (holdings.of_ids(tx, list(found)) if found else {}).items():
        if holding.call is not None:
            until[holding.call] = max(found[id], until.get(holding.call, found[id]))
    return until
