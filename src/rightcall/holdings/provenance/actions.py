"""Following a holding back to its origins and forward to all that was made from it; telling of an origin; saying that one fell.

What fell is never copied onto what was made from it: it is read off the origins each time anew, from their keys and from what was
said. So it shows on everything at once, and is gone from everything as soon as its reason is.
"""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from rightcall.actors import Actor
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, Malformed, NotFound
from rightcall.holdings import actions as holdings
from rightcall.holdings import store as map_store
from rightcall.holdings.model import FIRST_HAND, Holding
from rightcall.holdings.places import Part
from rightcall.holdings.provenance import rules, store
from rightcall.holdings.provenance.model import SAYABLE, Derivation, Fall, FallReason, Taint, Trace
from rightcall.holdings.provenance.statements import OriginFell, OriginHolds, OriginTold
from rightcall.ids import HoldingId, StatementId, SubjectId, SystemId, new_id
from rightcall.ledger import actions as ledger
from rightcall.subjects.joining import actions as joining
from rightcall.vault.actions import Vault
from rightcall.vault.model import DarkReason
from rightcall.vault.quarantine import actions as quarantine

MOST = 2000
"""Holdings in one trace."""
PAGE = 1000
"""Of those that are asked for, in one page."""


class Way(StrEnum):
    """To the origins, to what was made from it, or both."""

    BACK = "back"
    FORWARD = "forward"
    BOTH = "both"


def follow(tx: Transaction, vault: Vault, starts: Sequence[HoldingId], way: Way = Way.BOTH, *, most: int = MOST) -> Trace:
    """These, all that they came from and all that was made from them, over any number of steps, with what fell. What was made
    from them also names its other origins. Cut after `most` holdings, the nearest kept."""
    found: list[Derivation] = [] if way is Way.FORWARD else store.back(tx, starts)
    if way is not Way.BACK:
        onward = store.forward(tx, starts)
        found += [each for each in onward if each not in set(found)]
    wanted = list(dict.fromkeys([*starts, *(id for each in found for id in (each.made, each.origin))]))
    kept = set(wanted[:most])
    items = map_store.holdings(tx, wanted[:most])
    derivations = [each for each in found if each.made in kept and each.origin in kept]
    return Trace(
        items=items,
        derivations=derivations,
        taints=taints_of(tx, vault, list(items.values())),
        cut=len(wanted) > most,
    )


def of_person(tx: Transaction, vault: Vault, subject: SubjectId, *, most: int = MOST) -> Trace:
    """All that is held about a person, of all subjects that are that person, with all that it came from. What was made from it
    and is about others is left out."""
    own = [each.id for each in holdings.of_person(tx, joining.person(tx, subject), limit=most + 1)]
    trace = follow(tx, vault, own[:most], Way.BACK, most=most)
    return trace if len(own) <= most else Trace(items=trace.items, derivations=trace.derivations, taints=trace.taints, cut=True)


def of_system(tx: Transaction, vault: Vault, system: SystemId | None, *, most: int = MOST) -> Trace:
    """What is of a system, and where it came from: first what came from something or was made into something, the newest where
    there is more."""
    own = store.of_system(tx, system, most + 1)
    if len(own) <= most:
        own = list(dict.fromkeys([*own, *store.any_of_system(tx, system, most + 1)]))
    trace = follow(tx, vault, own[:most], Way.BOTH, most=most)
    cut = trace.cut or len(own) > most
    return Trace(items=trace.items, derivations=trace.derivations, taints=trace.taints, cut=cut)


def page_of_person(
    tx: Transaction, vault: Vault, subject: SubjectId, *, after: HoldingId | None = None, own: int = PAGE
) -> Trace:
    """So much of what is held about a person behind `after`, with what it came from. All pages together are all of it."""
    found = [each.id for each in holdings.of_person(tx, joining.person(tx, subject), after=after, limit=own + 1)]
    return _page(follow(tx, vault, found[:own], Way.BACK), found, own)


def page_of_system(
    tx: Transaction, vault: Vault, system: SystemId | None, *, after: HoldingId | None = None, own: int = PAGE
) -> Trace:
    """So much of what is of a system behind `after`, with where it came from and what was made from it. All pages together are
    all of it."""
    found = store.any_of_system(tx, system, own + 1, after)
    return _page(follow(tx, vault, found[:own], Way.BOTH), found, own)


def _page(trace: Trace, found: Sequence[HoldingId], own: int) -> Trace:
    return replace(trace, next=found[own - 1]) if len(found) > own else trace


def origins_of(tx: Transaction, found: Sequence[Holding]) -> dict[HoldingId, list[Derivation]]:
    """What each of these that was made from another was made from at once."""
    derived = {each.id for each in found if each.provenance.derived_from}
    links: dict[HoldingId, list[Derivation]] = {}
    for each in store.back(tx, sorted(derived)) if derived else ():
        if each.made in derived:
            links.setdefault(each.made, []).append(each)
    return links


def taints_of(tx: Transaction, vault: Vault, found: Sequence[Holding]) -> dict[HoldingId, tuple[Taint, ...]]:
    """What fell of each, or of what it came from. Empty: nothing."""
    derived = [each.id for each in found if each.provenance.derived_from]
    links = store.back(tx, derived) if derived else []
    origins = {each.origin for each in links}
    falls: dict[HoldingId, frozenset[FallReason]] = {}
    for fall in store.standing_falls(tx, [*origins, *(each.id for each in found)]):
        falls[fall.holding] = falls.get(fall.holding, frozenset()) | {fall.reason}
    for origin in map_store.holdings(tx, sorted(origins)).values() if origins else ():
        if (reason := _fallen_by_keys(tx, vault, origin)) is not None:
            falls[origin.id] = falls.get(origin.id, frozenset()) | {reason}
    return rules.taints([each.id for each in found], links, falls)


def tell_origins(
    tx: Transaction,
    clock: Clock,
    holding: HoldingId,
    *,
    origins: Sequence[HoldingId],
    parts: Sequence[Part] = (),
    by: Actor,
) -> StatementId:
    """What is on the map already came from these. Conflict where one of them came from it, and where it was recorded first
    hand."""
    if not origins or any(part.origin not in origins for part in parts):
        raise Malformed("Name at least one holding that it came from, and of each part which of them it is a part of.")
    known = holdings.get(tx, holding)
    if known.provenance.source in FIRST_HAND:
        raise Conflict("This holding was recorded or taken in, and came from nothing else that is held.")
    if not set(origins).isdisjoint(known.provenance.derived_from):
        raise Conflict("One of these is told already as what it came from.")
    below = [(each.made, each.origin) for each in store.forward(tx, [holding])]
    present = store.lock_generations(tx, [holding, *(made for made, _ in below)])
    above = store.lock_generations(tx, origins)
    if len(above) != len(set(origins)):
        raise NotFound("One of the holdings it came from is not on the map. Register that one first.")
    for each, generation in rules.raised(holding, above, present, below):
        store.raise_generation(tx, each, generation)
    generation = map_store.generations(tx, [holding])[holding]
    map_store.insert_derivations(tx, holding, generation, above, parts)
    quarantine.bind_origins(tx, holding, purposes=list(known.purposes), origins=list(origins))
    said = OriginTold(at=clock.now(), controller=tx.of, holding=holding, origins=tuple(sorted(above)), actor=by.id, role=by.role)
    return ledger.append(tx, said)


def fall(tx: Transaction, clock: Clock, holding: HoldingId, reason: FallReason, *, by: Actor) -> None:
    """It does not hold: what was made from it shows that from the commit on. Again is fine."""
    if reason not in SAYABLE:
        raise Malformed("That a yes is void follows from its weighing. Weigh the yes, and all that rests on it will show it.")
    holdings.get(tx, holding)
    if any(each.reason is reason for each in store.standing_falls(tx, [holding])):
        return
    said = OriginFell(at=clock.now(), controller=tx.of, holding=holding, reason=reason, actor=by.id, role=by.role)
    new = Fall(holding=holding, reason=reason, by=by, at=said.at, statement=ledger.append(tx, said))
    if not store.insert_fall(tx, new):
        raise Conflict("Somebody said so just now. Look at the holding again.")


def lift(tx: Transaction, clock: Clock, holding: HoldingId, reason: FallReason, *, by: Actor) -> None:
    """It holds again. NotFound where nobody said that it does not, or where that was lifted already."""
    if all(each.reason is not reason for each in store.standing_falls(tx, [holding])):
        raise NotFound("Nobody said so of this holding, or it was lifted already. What follows from keys cannot be lifted here.")
    at, statement = clock.now(), StatementId(new_id())
    said = OriginHolds(at=at, controller=tx.of, holding=holding, reason=reason, actor=by.id, role=by.role)
    ledger.append(tx, said, id=statement)
    store.lift_fall(tx, holding, reason, at=at, statement=statement)


def falls_of(tx: Transaction, holding: HoldingId) -> list[Fall]:
    """What somebody said of it and stands."""
    return store.standing_falls(tx, [holding])


def _fallen_by_keys(tx: Transaction, vault: Vault, origin: Holding) -> FallReason | None:
    """What the keys say of an origin. That a term ended is no reason: what was made from it may rightly last longer."""
    if not vault.subject_exists(tx, origin.subject):
        return FallReason.ERASED
    if not origin.is_ours:
        return None
    if holdings.quarantined(tx, origin):
        return FallReason.CONSENT_VOID
    dark = [None if each is None else each.reason for each in holdings.readable(tx, vault, origin).values()]
    return FallReason.WITHDRAWN if None not in dark and DarkReason.GRANT_DESTROYED in dark else None
