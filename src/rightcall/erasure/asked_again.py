"""Who asks again after an erasure of which something still lies elsewhere: they are found by what they were known by, as long as
that is kept (`subjects.leaving`, docs/adr/0030), and told what lies where."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rightcall.database.connection import Transaction
from rightcall.erasure import actions
from rightcall.erasure.elsewhere import actions as elsewhere
from rightcall.erasure.elsewhere.model import PlaceState
from rightcall.holdings import actions as holdings
from rightcall.ids import ErasureId, SubjectId, SystemId
from rightcall.subjects.leaving import actions as leaving
from rightcall.subjects.model import Identifier
from rightcall.vault.actions import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A person who was erased. `there`: how many things about them lie in which other system, by the last scans. `untold`: of
    these systems, those in which we can let go of nothing and whose keepers nobody has told."""

    erasure: ErasureId
    subject: SubjectId
    at: datetime
    there: Sequence[tuple[SystemId, int]]
    untold: frozenset[SystemId]


def left(tx: Transaction, vault: Vault, identifier: Identifier) -> list[Left]:
    """Everybody who was known by this, was erased, and of whom something lies elsewhere still."""
    roots = dict.fromkeys(actions.get(tx, each).root for each in leaving.left_by(tx, vault, identifier))
    return [found for root in roots if (found := _left(tx, root)) is not None]


def left_of(tx: Transaction, person: Sequence[SubjectId]) -> Left | None:
    """What lies elsewhere of this person; None where they were not erased, or nothing does."""
    erasures = [found for each in person if (found := actions.latest_of(tx, each)) is not None]
    return next((left for each in erasures if (left := _left(tx, each.root)) is not None), None)


def _left(tx: Transaction, root: ErasureId) -> Left | None:
    erasure = actions.get(tx, root)
    if erasure.destroyed_at is None:
        return None
    there, untold = Counter[SystemId](), set[SystemId]()
    for part in actions.whole(tx, root):
        there.update(holdings.elsewhere_by_system(tx, part.subject))
        errands = elsewhere.errands(tx, part.id)
        untold |= {each.system for each in errands if each.count(PlaceState.OUTSIDE) and each.told_at is None}
    if not there:
        return None
    return Left(
        erasure=root,
        subject=erasure.subject,
        at=erasure.destroyed_at,
        there=sorted(there.items()),
        untold=frozenset(untold & there.keys()),
    )
