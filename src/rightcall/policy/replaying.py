"""Going through the verdicts of some days under a proposed rule set, stretch by stretch, each in a transaction of its own.

Memory does not grow with the number of verdicts: the database puts those of a stretch together that are alike, and equal facts
are decided once (replay.py).
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from rightcall.clock import Clock
from rightcall.database.connection import Database, Transaction
from rightcall.ids import ControllerId, DraftId, VerdictId
from rightcall.policy import adopting, store
from rightcall.policy.actions import kept_rules
from rightcall.policy.adoption.model import Replayed
from rightcall.policy.in_force import in_force as standing_of
from rightcall.policy.model import RuleSet
from rightcall.policy.replay import Kept, Report, Tally
from rightcall.policy.reporting import document

_STRETCH = 20_000
_BEFORE_ALL = VerdictId(UUID(int=0))


def replay(
    database: Database,
    clock: Clock,
    controller: ControllerId,
    *,
    proposed: RuleSet,
    in_force: RuleSet,
    days: int,
    tell: Callable[[float, int], None],
    stretch: int = _STRETCH,
) -> Report:
    """What `proposed` would change of what `in_force`, the rules of today, kept or not yet, say to the questions of the last
    `days` days.

    `tell` hears after each stretch which part of the time is done, and how many verdicts that was.
    """
    until = clock.now()
    since = until - timedelta(days=days)
    tally, library = Tally(proposed, in_force), _Library(in_force)
    begins, after, seen = since, _BEFORE_ALL, 0
    while True:
        with database.transaction(controller) as tx:
            end = store.end_of_stretch(tx, since=begins, until=until, after=after, verdicts=stretch)
            ends, up_to = (until, _BEFORE_ALL) if end is None else end
            for alike in store.stretch(tx, since=begins, after=after, until=ends, up_to=up_to):
                tally.add(alike, library.kept(tx, alike.rule_set))
                seen += alike.count
        tell(_part(since, ends, until), seen)
        if end is None:
            return tally.report(since, until)
        begins, after = end


def is_short(tx: Transaction, clock: Clock, days: int, *, stretch: int = _STRETCH) -> bool:
    """Whether the verdicts of the last `days` days are replayed while somebody waits for the answer."""
    until = clock.now()
    since = until - timedelta(days=days)
    return store.end_of_stretch(tx, since=since, until=until, after=_BEFORE_ALL, verdicts=stretch) is None


def replay_draft(
    database: Database,
    clock: Clock,
    controller: ControllerId,
    *,
    rules: RuleSet,
    draft: DraftId,
    days: int,
    tell: Callable[[float, int], None],
) -> tuple[Report, Replayed]:
    """The same for a draft, and what it showed is kept with it. `rules` are the deployment's."""
    with database.transaction(controller) as tx:
        proposed = adopting.proposed_rules(adopting.get(tx, draft), rules)
        now = standing_of(tx, clock, rules).rules
    report = replay(database, clock, controller, proposed=proposed, in_force=now, days=days, tell=tell)
    with database.transaction(controller) as tx:
        kept = adopting.keep_replay(
            tx, clock, draft, rule_set=proposed.digest, report=report, document=document(report, proposed, now)
        )
    return report, kept


def _part(since: datetime, now: datetime, until: datetime) -> float:
    return (now - since) / (until - since)


class _Library:
    """Rule sets by their digest, each looked up once."""

    def __init__(self, in_force: RuleSet) -> None:
        self._in_force = in_force
        self._kept: dict[bytes, Kept] = {}

    def kept(self, tx: Transaction, digest: bytes) -> Kept:
        found = self._kept.get(digest)
        if found is None:
            found = kept_rules(tx, digest)
            if found.rules is None and digest == self._in_force.digest:
                found = Kept(rules=self._in_force, words=found.words)
            self._kept[digest] = found
        return found
