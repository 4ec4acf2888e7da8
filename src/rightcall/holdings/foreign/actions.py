"""Putting on the map what other systems keep, many at once; saying what vanished there, and what stood at the wrong person;
giving it to whom it turned out to be about.

Each deed writes one statement however many there are. Where a thing lies in its row or file may tell about the person, so that is
sealed under their key and dark with it.
"""

from collections.abc import Mapping, Sequence

from rightcall.actors import Actor
from rightcall.canonical import Json, canonical_facts, parse_json
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.errors import Malformed, NotFound
from rightcall.holdings import store as map_store
from rightcall.holdings.foreign import rules, store
from rightcall.holdings.foreign.statements import (
    HoldingsDescribed,
    HoldingsReassigned,
    HoldingsRegistered,
    HoldingsUnlinked,
    HoldingsVanished,
)
from rightcall.holdings.model import Holding, NewForeign, Registered, Term
from rightcall.holdings.places import Place
from rightcall.holdings.rules import ids_root, root_of
from rightcall.ids import HoldingId, StatementId, SubjectId
from rightcall.ledger import actions as ledger
from rightcall.personal import Personal
from rightcall.purposes.model import LawfulBasis
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark
from rightcall.vault.quarantine import actions as quarantine

PLACE = "holdings.place"
"""What the sealed part of a place is bound to."""
_AT_ONCE = 10_000
"""Rows that PostgreSQL is given in one breath: nobody waits longer for one statement than for a database that hangs."""


def register(tx: Transaction, vault: Vault, clock: Clock, batch: Sequence[NewForeign]) -> Registered:
    """From now on these are on the map. Those that are there already stay as they are, and are found again where they had gone.
    NotFound where one is made from what is not on the map; Conflict where its person was erased."""
    rules.check_batch(batch)
    known = store.known(tx, [new.id for new in batch])
    new = sorted((each for each in batch if each.id not in known), key=lambda each: each.id.int)
    back = [holding for holding, gone in known.items() if gone]
    if back:
        store.mark_back(tx, back)
    if not new and not back:
        return Registered(new=(), back=(), known=len(known), statement=None)
    statement = ledger.append(tx, _registered(tx, clock, new, back, batch[0].provenance.actor))
    if new:
        _insert(tx, vault, new, statement)
    return Registered(new=tuple(each.id for each in new), back=tuple(back), known=len(known) - len(back), statement=statement)


def vanish(tx: Transaction, clock: Clock, holdings: Sequence[HoldingId], *, by: Actor) -> int:
    """A scan does not find these any more where they were. How many were there until now."""
    gone = store.mark_gone(tx, holdings, clock.now())
    if gone:
        ledger.append(
            tx,
            HoldingsVanished(at=clock.now(), controller=tx.of, count=len(gone), root=ids_root(gone), actor=by.id, role=by.role),
        )
    return len(gone)


def describe(tx: Transaction, clock: Clock, batch: Sequence[NewForeign], *, by: Actor) -> int:
    """What these are for, on which basis and until when, as is known now. Of how many something else was said until now. What is
    not on the map, or was let go of, is left out."""
    alike: dict[tuple[tuple[Term, ...], LawfulBasis | None], list[HoldingId]] = {}
    for each in batch:
        alike.setdefault((each.terms, each.provenance.basis), []).append(each.id)
    changed = [id for (terms, basis), ids in alike.items() for id in store.describe(tx, ids, terms, basis)]
    if changed:
        said = HoldingsDescribed(
            at=clock.now(), controller=tx.of, count=len(changed), root=ids_root(changed), actor=by.id, role=by.role
        )
        ledger.append(tx, said)
    return len(changed)


def unlink(tx: Transaction, clock: Clock, holdings: Sequence[HoldingId], *, of: SubjectId, by: Actor) -> int:
    """These are not about whom they stood at, and gone from there: from the person's view, the map's figures and what a breach
    tells. Where they lie they stay; registered again, for whomever, they are back. How many stood there until now."""
    at = clock.now()
    unlinked = store.mark_unlinked(tx, holdings, of, at)
    if unlinked:
        ledger.append(
            tx,
            HoldingsUnlinked(at=at, controller=tx.of, count=len(unlinked), root=ids_root(unlinked), actor=by.id, role=by.role),
        )
    return len(unlinked)


def reassign(tx: Transaction, vault: Vault, clock: Clock, holdings: Sequence[HoldingId], *, to: SubjectId, by: Actor) -> int:
    """These are about another person: their places are sealed anew under that one's key. What is ours is none of them: that
    goes by its call (`holdings.actions.attribute`). NotFound where one is not on the map; Conflict where either person was
    erased."""
    found = store.sealed_places(tx, holdings)
    if len(found) != len(set(holdings)):
        raise NotFound("One of these holdings is not on the map as another system's. List the person's holdings to find its id.")
    moving = {holding: (of, sealed) for holding, (of, sealed) in found.items() if of != to}
    if not moving:
        return 0
    opened = vault.open_of_many(tx, [(of, sealed) for of, sealed in moving.values() if sealed is not None], PLACE)
    sealed_anew = iter(vault.seal_for_many(tx, [(to, value) for value in opened], PLACE))
    store.reassign(tx, {id: None if sealed is None else next(sealed_anew) for id, (_, sealed) in moving.items()}, to)
    ledger.append(
        tx,
        HoldingsReassigned(
            at=clock.now(), controller=tx.of, count=len(moving), root=ids_root(list(moving)), actor=by.id, role=by.role
        ),
    )
    return len(moving)


def places(tx: Transaction, vault: Vault, found: Sequence[Holding]) -> dict[HoldingId, Place | Dark]:
    """Where each lies, with what is sealed of it opened. Dark where its person was erased."""
    opened: dict[HoldingId, Place | Dark] = {each.id: each.place for each in found if each.sealed_place is None}
    sealed: dict[SubjectId, list[tuple[Holding, bytes]]] = {}
    for each in found:
        if each.sealed_place is not None:
            sealed.setdefault(each.subject, []).append((each, each.sealed_place))
    for subject, theirs in sealed.items():
        values = vault.open_values(tx, subject, [(place, PLACE) for _, place in theirs])
        for nth, (each, _) in enumerate(theirs):
            opened[each.id] = values if isinstance(values, Dark) else _with_details(each.place, values[nth])
    return opened


def keep_places(tx: Transaction, vault: Vault, subject: SubjectId, *, under: SubjectId) -> bytes:
    """What opens where this person's things lie once their own key is gone, and opens nothing else of theirs."""
    return vault.keep_values(tx, subject, PLACE, under=under)


def kept_places(
    tx: Transaction, vault: Vault, wanted: Sequence[HoldingId], kept: bytes, *, of: SubjectId, under: SubjectId
) -> dict[HoldingId, Place] | Dark:
    """Where these of an erased person lie, by what `keep_places` gave. Dark once that is gone too."""
    found = [each for each in map_store.holdings(tx, wanted).values() if each.subject == of]
    sealed = [(each, each.sealed_place) for each in found if each.sealed_place is not None]
    values = vault.open_kept_values(tx, kept, [place for _, place in sealed], subject=of, context=PLACE, under=under)
    if isinstance(values, Dark):
        return values
    opened = {each.id: _with_details(each.place, value) for (each, _), value in zip(sealed, values, strict=True)}
    return {each.id: opened.get(each.id, each.place) for each in found}


def made_of(tx: Transaction, subject: SubjectId) -> list[Holding]:
    """What other systems keep and was made, over any number of steps, from anything that is or was held about the person."""
    return list(map_store.holdings(tx, store.made_of(tx, subject)).values())


def _registered(
    tx: Transaction, clock: Clock, new: Sequence[NewForeign], back: Sequence[HoldingId], by: Actor
) -> HoldingsRegistered:
    leaves = [rules.row_bytes(each.id, each.category, each.sensitivity or each.category.sensitivity, each.place) for each in new]
    return HoldingsRegistered(
        at=clock.now(),
        controller=tx.of,
        count=len(new),
        root=root_of(leaves) if leaves else None,
        back=len(back),
        actor=by.id,
        role=by.role,
    )


def _insert(tx: Transaction, vault: Vault, new: Sequence[NewForeign], statement: StatementId) -> None:
    details = [_details(each.place) for each in new]
    sealing = [(each.subject, detail) for each, detail in zip(new, details, strict=True) if detail is not None]
    seals = iter(vault.seal_for_many(tx, sealing, PLACE))
    origins = map_store.generations(tx, [origin for each in new for origin in each.provenance.derived_from])
    made = [each for each in new if each.provenance.derived_from]
    generations = {each.id: 1 + max(_generation(origins, origin) for origin in each.provenance.derived_from) for each in made}
    sealed = [None if detail is None else next(seals) for detail in details]
    for start in range(0, len(new), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        store.insert(tx, new[part], sealed=sealed[part], generations=generations, statement=statement)
    for each in made:
        from_these = {origin: origins[origin] for origin in each.provenance.derived_from}
        map_store.insert_derivations(tx, each.id, generations[each.id], from_these, each.provenance.parts)
        purposes = [term.purpose for term in each.terms]
        quarantine.bind_origins(tx, each.id, purposes=purposes, origins=list(from_these))


def _generation(origins: Mapping[HoldingId, int], origin: HoldingId) -> int:
    if origin not in origins:
        raise NotFound("This holding is made from one that is not on the map. Register that one first.")
    return origins[origin]


def _details(place: Place) -> bytes | None:
    """What of a place is sealed, or None where nothing is."""
    told = (("object", place.object_name), ("row", place.row), ("path", place.path))
    bare: dict[str, Json] = {name: each.reveal("seal a place") for name, each in told if each is not None}
    return canonical_facts(bare) if bare else None


def _with_details(place: Place, opened: bytes) -> Place:
    told = parse_json(opened)
    if not isinstance(told, Mapping):
        raise Malformed("A sealed place does not have the form that it was given.")

    def detail(name: str) -> Personal[str] | None:
        value = told.get(name)
        return Personal(value) if isinstance(value, str) else None

    return Place(
        system=place.system,
        object=place.object,
        field=place.field,
        start=place.start,
        end=place.end,
        object_name=detail("object"),
        row=detail("row"),
        path=detail("path"),
    )
