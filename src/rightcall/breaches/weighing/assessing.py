"""What a leak of what lay in a system between two instants would mean, by the data map as it is now. Writes nothing."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from rightcall.breaches import rules
from rightcall.breaches.model import Assessment, Circumstances, Open, Places, Severity, Window
from rightcall.breaches.weighing import store
from rightcall.breaches.weighing.model import Progress
from rightcall.clock import Clock
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.discovery.seen import actions as seeing
from rightcall.discovery.seen.model import Seen
from rightcall.discovery.systems import actions as systems
from rightcall.holdings.categories import Category, Sensitivity
from rightcall.holdings.map.actions import slices
from rightcall.ids import SubjectId
from rightcall.subjects import actions as subjects
from rightcall.subjects.places import number_place
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

Keep: TypeAlias = Callable[[Sequence[SubjectId]], object]
Tell: TypeAlias = Callable[[Progress], object]
_AT_ONCE = 20_000
_GRAVEST = list(Sensitivity)
MOST_PLACES = 2_000
"""Of so many people the country is looked up; opening what a person is known by takes its time."""


@dataclass(slots=True)
class _Opened:
    """What lay open, by sort, and of whom: how many, and the first of them."""

    sorts: dict[tuple[object, object], Open] = field(default_factory=dict)
    people: int = 0
    first: list[SubjectId] = field(default_factory=list)

    def gravest_first(self) -> list[Open]:
        return sorted(self.sorts.values(), key=_gravest_first)


def tells_nobody(progress: Progress) -> None:
    """How far it is, where nobody looks on."""


def assess(
    tx: Transaction,
    vault: Vault,
    clock: Clock,
    window: Window,
    circumstances: Circumstances,
    keep: Keep = len,
    tell: Tell = tells_nobody,
) -> Assessment:
    """`keep` is told who is affected: all of them, in the order of their ids, many at a time; `tell` how far it is."""
    at, found = clock.now(), _opened(tx, window, keep, tell)
    beside, nobodys = store.nobodys(tx, window)
    for each in beside:
        _count(found.sorts, each)
    opened = found.gravest_first()
    seen = None if window.system is None else seeing.of_system(tx, window.system)
    score, severity, high_risk = _judged(opened, seen, circumstances)
    places = _places(tx, vault, window, found.first)
    return Assessment(
        open=tuple(opened),
        people=found.people,
        items=sum(each.items for each in opened),
        nobodys=nobodys,
        card_codes=store.card_codes(tx, window),
        seen=seen,
        score=score,
        severity=severity,
        risk=rules.is_risk(severity),
        high_risk=high_risk,
        places=places.counted,
        places_of=places.looked_at,
        told_by=places.told_by,
        regions=places.regions,
        laws=rules.laws(controllers.get(tx).jurisdictions, {*places.counted, *places.regions}),
        at=at,
    )


def rejudged(found: Assessment, circumstances: Circumstances) -> Assessment:
    """What was counted is what it was; how severe it is follows from what is known of what happened."""
    score, severity, high_risk = _judged(found.open, found.seen, circumstances)
    return replace(found, score=score, severity=severity, risk=rules.is_risk(severity), high_risk=high_risk)


def _judged(opened: Sequence[Open], seen: Seen | None, circumstances: Circumstances) -> tuple[float, Severity, bool]:
    """The score, how severe that is, and whether the risk is high."""
    settled = rules.is_settled(circumstances, is_whole=seen is None or seen.is_read)
    score = rules.score(opened, circumstances)
    severity = rules.severity_of(score, is_settled=settled)
    return score, severity, rules.is_high_risk(severity, is_settled=settled)


def _opened(tx: Transaction, window: Window, keep: Keep, tell: Tell) -> _Opened:
    found, every = _Opened(), list(slices(tx, _AT_ONCE))
    for done, (after, last) in enumerate(every):
        tell(Progress(done=done, of=len(every)))
        opened, people = store.open_data(tx, window, after, last)
        for each in opened:
            _count(found.sorts, each)
        found.people += len(people)
        found.first += people[: MOST_PLACES - len(found.first)]
        keep(people)
    return found


def _gravest_first(each: Open) -> tuple[int, int, int, Category]:
    return _GRAVEST.index(each.sensitivity), -each.people, -each.nobodys, each.category


def _count(found: dict[tuple[object, object], Open], each: Open) -> None:
    known = found.get((each.category, each.sensitivity))
    found[each.category, each.sensitivity] = each if known is None else _sum(known, each)


def _sum(one: Open, other: Open) -> Open:
    return replace(
        one,
        items=one.items + other.items,
        people=one.people + other.people,
        first_seen_after=one.first_seen_after + other.first_seen_after,
        nobodys=one.nobodys + other.nobodys,
    )


def _places(tx: Transaction, vault: Vault, window: Window, people: Sequence[SubjectId]) -> Places:
    """By a number that they are known by here, else by what scans saw of their numbers and addresses, wherever; else they live
    where numbers of the system belong, where that is one country."""
    regions = () if window.system is None else systems.get(tx, window.system).regions
    seen = store.countries(tx, people)
    told = [rules.lives_in(_own_number(tx, vault, each), seen.get(each, ()), regions) for each in people]
    known = [each for each in told if each is not None]
    counted = Counter(place for place, _ in known)
    return Places(
        counted=dict(sorted(counted.items(), key=lambda each: (-each[1], each[0]))),
        looked_at=len(people),
        told_by=Counter(by for _, by in known),
        regions=regions,
    )


def _own_number(tx: Transaction, vault: Vault, subject: SubjectId) -> str | None:
    known = subjects.identifiers_of(tx, vault, subject)
    return None if isinstance(known, Dark) else number_place(known)
