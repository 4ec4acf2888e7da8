"""Entering a breach, weighing it from the data map, writing down who was told, and closing it by a verdict."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from rightcall.actors import Actor
from rightcall.breaches import rules, store
from rightcall.breaches.model import Assessment, Breach, Circumstances, NewBreach, Nobodys, Open, Places, Window
from rightcall.breaches.statements import BreachClosed, BreachEntered, BreachTold, BreachWeighed
from rightcall.clock import Clock
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.database.walk import Walk
from rightcall.discovery.seen import actions as seeing
from rightcall.discovery.systems import actions as systems
from rightcall.errors import NotFound
from rightcall.holdings.categories import Category, Sensitivity
from rightcall.holdings.map.actions import slices
from rightcall.ids import BreachId, StatementId, SubjectId, VerdictId, new_id
from rightcall.ledger.actions import append
from rightcall.policy import actions as policy
from rightcall.policy.model import Act, Place, PlaceSource, Question, RuleSet, Verdict
from rightcall.policy.situations import BreachFacts
from rightcall.subjects import actions as subjects
from rightcall.subjects.places import number_place
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

_AT_ONCE = 20_000
_GRAVEST = list(Sensitivity)
MOST_PLACES = 2_000
"""Of so many people the country is looked up; opening what a person is known by takes its time."""


def enter(tx: Transaction, vault: Vault, clock: Clock, new: NewBreach, *, by: Actor) -> tuple[Breach, Assessment]:
    """The 72 hours count from `known_at`. NotFound where there is no such system."""
    valid, at = rules.checked(new, clock.now()), clock.now()
    if valid.window.system is not None:
        systems.get(tx, valid.window.system)
    breach = Breach(
        id=BreachId(new_id()),
        window=valid.window,
        circumstances=valid.circumstances,
        known_at=valid.known_at,
        entered_by=by,
        entered_at=at,
        authority_told_at=None,
        people_told_at=None,
        closed_at=None,
        verdict=None,
        statement=StatementId(new_id()),
    )
    said = BreachEntered(
        at=at,
        controller=tx.of,
        breach=breach.id,
        system=valid.window.system,
        began_at=valid.window.began_at,
        until=valid.window.until,
        known_at=valid.known_at,
        actor=by.id,
        role=by.role,
    )
    append(tx, said, id=breach.statement)
    store.insert(tx, breach)
    return breach, _weighed(tx, vault, clock, breach, by)


def correct(
    tx: Transaction, vault: Vault, clock: Clock, breach: BreachId, circumstances: Circumstances, *, by: Actor
) -> tuple[Breach, Assessment]:
    """More is known of what happened. What was known before stays in the ledger."""
    found = get(tx, breach)
    rules.check_open(found)
    rules.checked(NewBreach(window=found.window, circumstances=circumstances, known_at=found.known_at), clock.now())
    store.change(tx, breach, circumstances)
    changed = replace(found, circumstances=circumstances)
    return changed, _weighed(tx, vault, clock, changed, by)


def rehearse(tx: Transaction, vault: Vault, clock: Clock, window: Window, circumstances: Circumstances) -> Assessment:
    """What a leak of this would mean. Malformed where none can have been then."""
    rules.check_window(window, clock.now())
    return assess(tx, vault, clock, window, circumstances)


def assess(tx: Transaction, vault: Vault, clock: Clock, window: Window, circumstances: Circumstances) -> Assessment:
    """What a leak of this would mean, by the data map as it is now. Writes nothing."""
    opened, people, nobodys = _opened(tx, window)
    seen = None if window.system is None else seeing.of_system(tx, window.system)
    settled = rules.is_settled(circumstances, is_whole=seen is None or seen.is_read)
    score = rules.score(opened, circumstances)
    severity = rules.severity_of(score, is_settled=settled)
    places = _places(tx, vault, window)
    return Assessment(
        open=tuple(opened),
        people=people,
        items=sum(each.items for each in opened),
        nobodys=nobodys,
        card_codes=store.card_codes(tx, window),
        seen=seen,
        score=score,
        severity=severity,
        risk=rules.is_risk(severity),
        high_risk=rules.is_high_risk(severity, is_settled=settled),
        places=places.counted,
        places_of=places.looked_at,
        told_by=places.told_by,
        regions=places.regions,
        laws=rules.laws(controllers.get(tx).jurisdictions, {*places.counted, *places.regions}),
        at=clock.now(),
    )


def affected(
    tx: Transaction, breach: BreachId, *, after: SubjectId | None = None, limit: int = 100, oldest_first: bool = True
) -> dict[SubjectId, tuple[Category, ...]]:
    """So many people behind `after`, each with the sorts of data that lay open of them."""
    return store.affected(tx, get(tx, breach).window, Walk(id=after, oldest_first=oldest_first), limit)


def of_person(tx: Transaction, breach: Breach, subject: SubjectId) -> tuple[Category, ...]:
    """The sorts of data that lay open of one person; none where nothing did."""
    return store.of_person(tx, breach.window, subject)


def told(tx: Transaction, clock: Clock, breach: BreachId, *, people: bool, by: Actor) -> Breach:
    """The authority, or the people, were told now. Rightcall sends nothing itself. Again keeps the first time."""
    found, at = get(tx, breach), clock.now()
    rules.check_open(found)
    if (found.people_told_at if people else found.authority_told_at) is not None:
        return found
    store.told(tx, breach, authority=None if people else at, people=at if people else None)
    append(
        tx,
        BreachTold(at=at, controller=tx.of, breach=breach, people=people, told_at=at, actor=by.id, role=by.role),
    )
    return get(tx, breach)


def close(
    tx: Transaction, vault: Vault, clock: Clock, house_rules: RuleSet, breach: BreachId, *, by: Actor
) -> tuple[Breach, VerdictId, Verdict]:
    """Dealt with, where the verdict on that is yes; else it stays open, and the verdict says what is missing."""
    found, at = get(tx, breach), clock.now()
    rules.check_open(found)
    assessed = assess(tx, vault, clock, found.window, found.circumstances)
    own = controllers.get(tx).jurisdictions
    places = {Place(place=each, by=PlaceSource.CONTROLLER) for each in own}
    places |= {Place(place=each, by=PlaceSource.NUMBER) for each in assessed.laws if each not in own}
    question = Question(
        act=Act.CLOSE_BREACH,
        at=at,
        jurisdictions=frozenset(each.place for each in places),
        places=frozenset(places),
        actor=by,
        breach=BreachFacts(
            hours_known=rules.hours_known(found.known_at, at),
            risk=assessed.risk,
            high_risk=assessed.high_risk,
            authority_told=found.authority_told_at is not None,
            people_told=found.people_told_at is not None,
        ),
    )
    id, verdict = policy.ask(tx, rules=house_rules, clock=clock, question=question, by=by)
    if verdict.proceeds:
        store.close(tx, breach, id, at)
        append(tx, BreachClosed(at=at, controller=tx.of, breach=breach, verdict=id, actor=by.id, role=by.role))
    return get(tx, breach), id, verdict


def get(tx: Transaction, breach: BreachId) -> Breach:
    found = store.breaches(tx, breach)
    if not found:
        raise NotFound("There is no such breach here. List the breaches to find its id.")
    return found[0]


def breaches(tx: Transaction) -> list[Breach]:
    """Newest first."""
    return store.breaches(tx)


def _weighed(tx: Transaction, vault: Vault, clock: Clock, breach: Breach, by: Actor) -> Assessment:
    assessed, around = assess(tx, vault, clock, breach.window, breach.circumstances), breach.circumstances
    said = BreachWeighed(
        at=clock.now(),
        controller=tx.of,
        breach=breach.id,
        nature=tuple(sorted(around.nature)),
        reach=around.reach,
        malicious=around.malicious,
        unintelligible=around.unintelligible,
        severity=assessed.severity,
        people=assessed.people,
        actor=by.id,
        role=by.role,
    )
    append(tx, said)
    return assessed


def _opened(tx: Transaction, window: Window) -> tuple[Sequence[Open], int, Nobodys]:
    found: dict[tuple[object, object], Open] = {}
    people = 0
    for after, last in slices(tx, _AT_ONCE):
        opened, more = store.open_data(tx, window, after, last)
        people += more
        for each in opened:
            _count(found, each)
    beside, nobodys = store.nobodys(tx, window)
    for each in beside:
        _count(found, each)
    return sorted(found.values(), key=_gravest_first), people, nobodys


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


def _places(tx: Transaction, vault: Vault, window: Window) -> Places:
    """By a number that they are known by here, else by what scans saw of their numbers and addresses, wherever; else they live
    where numbers of the system belong, where that is one country."""
    people = list(store.affected(tx, window, Walk(oldest_first=True), MOST_PLACES))
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
