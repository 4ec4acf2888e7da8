"""What an erasure left: where, how much, why, and who is told of it. Read as it stands now; what its certificate says is of
the day on which that was issued.

An erasure may be answered while something stays: in a system that nothing can be deleted in from here, with a recipient who is to
be told, under a hold. Whoever looks at the request or at its erasure is told so in one piece.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rightcall.activities.model import Recipient
from rightcall.activities.telling import actions as telling
from rightcall.activities.telling.model import Answer, Notice
from rightcall.database.connection import Transaction
from rightcall.database.walk import Walk
from rightcall.erasure import actions as erasures
from rightcall.erasure.elsewhere import actions as elsewhere
from rightcall.erasure.elsewhere.model import Errand, PlaceState
from rightcall.erasure.model import Erasure
from rightcall.holdings.holds.model import Hold
from rightcall.ids import ErasureId, SystemId
from rightcall.requests.left import store
from rightcall.requests.left.model import ToTell
from rightcall.requests.model import Answered, Request, RequestKind

PARTLY = "partly"
"""How an erasure that left something is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaysIn:
    """Another system. `outside`: nothing is deleted there by us; its keepers were told at `told_at`, or are to be. `open`: not
    confirmed gone yet, and tried again; `refused`, of these, what the system does not let go of, or where other words stand
    now, so that nothing was touched. `held`: a duty keeps it. `of_another`: about somebody else as well."""

    system: SystemId
    outside: int
    told_at: datetime | None
    open: int
    refused: int
    held: int
    of_another: int

    @property
    def things(self) -> int:
        return self.outside + self.open + self.held + self.of_another


@dataclass(frozen=True, slots=True, kw_only=True)
class Staying:
    """`is_ours_gone`: what we kept ourselves is confirmed gone, but for what `holds` keep of it, each with how much; no key
    opens anything since `destroyed_at`. `untold`:
    recipients who are to be told; `keepers`: those who said that they keep it, for a reason of their own. `doubtful`: records of
    which nobody has said whose they are."""

    erasure: ErasureId
    is_ours_gone: bool
    destroyed_at: datetime | None
    systems: tuple[StaysIn, ...]
    holds: tuple[tuple[Hold, int], ...]
    recipients: tuple[tuple[Recipient, Notice], ...]
    doubtful: int

    @property
    def untold(self) -> list[Recipient]:
        return [each for each, notice in self.recipients if notice.told_at is None]

    @property
    def undecided(self) -> list[Recipient]:
        """Of whom a person has to say whether they are asked by what records tell."""
        return [each for each, notice in self.recipients if notice.waits_for_word]

    @property
    def keepers(self) -> list[Recipient]:
        return [each for each, notice in self.recipients if notice.answer is Answer.KEEPS]

    @property
    def things(self) -> int:
        return sum(each.things for each in self.systems)

    @property
    def is_over(self) -> bool:
        """Nothing stays anywhere, as far as is known."""
        return self.is_ours_gone and not (self.systems or self.holds or self.untold or self.keepers or self.doubtful)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A request as a list tells it. `is_partly`: it was answered, and something of what was to go is there still. `tell`: who is
    still to be told of it."""

    asked: Request
    is_partly: bool
    tell: ToTell | None = None

    @property
    def state(self) -> str:
        return PARTLY if self.is_partly else self.asked.outcome or self.asked.stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """An erasure as a list tells it: of the whole person. `is_late`: somebody was to be told by a
    day that is over. `needs_a_person`: in so many other systems it does not get on by itself."""

    erasure: Erasure
    tell: ToTell | None
    is_late: bool
    needs_a_person: int


def going(tx: Transaction, today: date, most: int | None) -> list[Going]:
    """Those of which something is not confirmed here or elsewhere, or somebody is to be told: what was promised for the first
    day first, then the oldest. `most` None: all of them."""
    found = {*erasures.unfinished(tx), *elsewhere.open_books(tx, most), *telling.untold(tx)}
    tell, stuck = {each.erasure: each for each in store.to_tell(tx)}, needing_a_person(tx)
    roots = {erasures.get(tx, each).root for each in found} | stuck.keys()

    def order(root: ErasureId) -> tuple[date, ErasureId]:
        due_on = tell[root].due_on if root in tell else None
        return due_on or date.max, root

    return [
        _going(erasures.as_one(tx, each), tell.get(each), today, stuck.get(each, 0)) for each in sorted(roots, key=order)[:most]
    ]


def needing_a_person(tx: Transaction) -> dict[ErasureId, int]:
    """Erasures, by whom the whole is known under, and in how many other systems each does not get on by itself."""
    found: dict[ErasureId, int] = {}
    for erasure, systems in elsewhere.needing_a_person(tx).items():
        root = erasures.get(tx, erasure).root
        found[root] = found.get(root, 0) + systems
    return found


def every(tx: Transaction, walk: Walk, today: date, limit: int) -> list[Going]:
    """All there ever were, by when each was begun: those that are over, too."""
    tell, stuck = {each.erasure: each for each in store.to_tell(tx)}, needing_a_person(tx)
    return [_going(each, tell.get(each.id), today, stuck.get(each.id, 0)) for each in erasures.page(tx, walk, limit=limit)]


def _going(erasure: Erasure, tell: ToTell | None, today: date, needs_a_person: int) -> Going:
    return Going(erasure=erasure, tell=tell, is_late=tell is not None and tell.is_late(today), needs_a_person=needs_a_person)


def told(tx: Transaction, found: Sequence[Request]) -> list[Told]:
    """Each as its own page tells it, in one look for all of them."""
    ended = [ErasureId(each.id) for each in found if _may_leave(each)]
    leaving = store.leaving(tx, ended) if ended else set()
    tell = {each.erasure: each for each in store.to_tell(tx)} if leaving else {}
    return [
        Told(asked=each, is_partly=_may_leave(each) and each.id in leaving, tell=tell.get(ErasureId(each.id))) for each in found
    ]


def of_erasure(tx: Transaction, erasure: ErasureId) -> Staying:
    """Of the whole person, whichever of their subjects the erasure is of."""
    whole = erasures.whole(tx, erasure)
    return Staying(
        erasure=whole[0].id,
        is_ours_gone=all(each.confirmed_at is not None for each in whole),
        destroyed_at=max((each.destroyed_at for each in whole if each.destroyed_at is not None), default=None),
        systems=_systems([errand for each in whole for errand in elsewhere.errands(tx, each.id)]),
        holds=tuple((hold, len(kept)) for hold, kept in erasures.kept_and_why(tx, *(each.subject for each in whole))),
        recipients=tuple(each for one in whole for each in telling.notices(tx, one.id)),
        doubtful=sum(each.doubtful for each in whole),
    )


def _may_leave(request: Request) -> bool:
    return request.kind is RequestKind.ERASURE and request.outcome is Answered.FULFILLED


def of_request(tx: Transaction, request: ErasureId) -> Staying | None:
    """By the id that a request has in common with its erasure; None where nothing was begun."""
    return None if erasures.find(tx, request) is None else of_erasure(tx, request)


def _systems(errands: Sequence[Errand]) -> tuple[StaysIn, ...]:
    """Each once, though several subjects of the person lay in it."""
    by_system: dict[SystemId, list[Errand]] = {}
    for each in errands:
        by_system.setdefault(each.system, []).append(each)
    found = [_in(system, each) for system, each in by_system.items()]
    return tuple(each for each in found if each.things)


def _in(system: SystemId, errands: Sequence[Errand]) -> StaysIn:
    outside = [each for each in errands if each.count(PlaceState.OUTSIDE)]
    told = [each.told_at for each in outside]
    return StaysIn(
        system=system,
        outside=sum(each.count(PlaceState.OUTSIDE) for each in outside),
        told_at=max((each for each in told if each is not None), default=None) if None not in told else None,
        open=sum(each.open for each in errands),
        refused=sum(each.count(PlaceState.REFUSED) for each in errands),
        held=sum(each.count(PlaceState.HELD) for each in errands),
        of_another=sum(each.count(PlaceState.OF_ANOTHER) for each in errands),
    )


to_tell = store.to_tell
