"""What is held about a person, and where each thing came from: until when, for which purposes, whether it can still be
read and why not, and who used it (GDPR Art. 15)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from rightcall.api.door import Door, door_for
from rightcall.api.forms import ActorShape, Case, Items, Limit, Reason, Shape
from rightcall.api.named import Keys, keys_of, purpose_of
from rightcall.api.not_known import NotKnownShape, shapes
from rightcall.api.places import HeardShape, PartShape, PlaceShape, TaintShape
from rightcall.api.uses import UseShape, use_shape
from rightcall.api.verdicts import refusal
from rightcall.database.connection import Transaction
from rightcall.discovery.findings.naming import names_of
from rightcall.discovery.joins import actions as joins
from rightcall.discovery.seen import actions as seeing
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.fitting import DATABASES
from rightcall.discovery.systems.model import RegisteredSystem
from rightcall.discovery.systems.naming import SystemNames
from rightcall.erasure.asked_again import Left, left_of
from rightcall.holdings import actions as holdings
from rightcall.holdings import saying
from rightcall.holdings.categories import Sensitivity
from rightcall.holdings.model import Holding, HoldingKind, Source, Term
from rightcall.holdings.provenance.model import Derivation
from rightcall.holdings.uses import actions as every_use
from rightcall.holdings.uses.model import Use, covers
from rightcall.ids import HoldingId, ObjectId, SubjectId, SystemId
from rightcall.purposes.model import LawfulBasis
from rightcall.recordings.held import Held, whole
from rightcall.recordings.using import Answered
from rightcall.recordings.who import ask_for_places, person_of
from rightcall.safety import actions as safety
from rightcall.safety.model import Again
from rightcall.staff.model import Deed
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark, DarkReason

router = APIRouter(tags=["subjects"])
S = TypeVar("S")
PurposeQuery = Annotated[
    str | None, Query(max_length=200, description="For which purpose you read where it lies: an id or a key.")
]
ReasonQuery = Annotated[Reason | None, Query(description="Why, in at least two words. Kept nowhere.")]
CaseQuery = Annotated[Case | None, Query(description="The reference of the case that it is for, likewise.")]

_STILL_THERE = (DarkReason.WITHHELD, DarkReason.NEVER_GRANTED)
"""What is in another system has no lock of ours, and is in quarantine all the same."""


class OriginShape(Shape):
    """A holding that another was made from, as a whole where `part` is null; `says`: which part, in words."""

    holding: UUID
    part: PartShape | None
    says: str | None

    @classmethod
    def of(cls, derivation: Derivation) -> "OriginShape":
        part = derivation.part
        says = None if part is None else saying.part(part)
        return cls(holding=derivation.origin, part=PartShape.of(part), says=says)


class ProvenanceShape(Shape):
    """Where it came from: how, by whom, when, on which basis (null where nobody has said one of what another system keeps), made
    from which other holdings, and from which parts of them."""

    source: Source
    actor: ActorShape
    at: datetime
    basis: LawfulBasis | None
    derived_from: list[UUID]
    origins: list[OriginShape]

    @classmethod
    def of(cls, held: Held) -> "ProvenanceShape":
        said = held.holding.provenance
        return cls(
            source=said.source,
            actor=ActorShape.of(said.actor),
            at=said.at,
            basis=said.basis,
            derived_from=list(said.derived_from),
            origins=[OriginShape.of(each) for each in held.origins],
        )


class HoldingPurposeShape(Shape):
    """Kept for `purpose` until the end of `last_day` (UTC; null where nobody has said until when). `dark` says why it cannot be
    read for it any more. `quarantined`: a yes that it needs, or that what it was made from needs, was found void; that is the
    only reason that can pass again."""

    purpose: UUID
    purpose_key: str
    last_day: date | None
    readable: bool
    dark: DarkReason | None
    quarantined: bool


class AgainShape(Shape):
    """`object_name` is null where it may tell of somebody."""

    system_name: str
    object: UUID
    object_name: str | None


class HoldingShape(Shape):
    """`complete` is false where it was cut off, by a power loss say. `disposed_at`: when its bytes were confirmed gone.
    `readable`, `quarantined`: for one of its purposes; what another system keeps is readable there as long as it is there.
    `subject`: which of the person's subjects it is held of; `scan`, `record` and `link`: which scan found it first, in which
    record of its system, and what says whose that is. `of_another`: it is of somebody else of whom the record of `subject` tells
    too, as of the husband, or of whom it quotes. `copy_of`: the names of systems whose data lies in its system again.
    `again`: where the object that it lies in lies again nearly whole, of which nobody said that it is a copy.
    `looks`: those of the person's that read it too, or where it lies. `tainted`: what it came from, or itself, that fell.
    `gone_at`: since when a scan does not find it. `unlinked_at`: since when it is known not to be about `subject`; it is in no
    list of theirs then. `holds`: those that stand and keep it, whatever becomes of its purposes: what only a hold keeps is
    readable for none of them, and open to the DPO under the hold. `silent`: a recording that was cut before any sound came, so
    that there is nothing in it to be heard."""

    id: UUID
    subject: UUID
    kind: HoldingKind
    category: str
    sensitivity: Sensitivity
    place: PlaceShape
    call: UUID | None
    heard: HeardShape | None
    stream: UUID | None
    made_at: datetime
    mediatype: str
    provenance: ProvenanceShape
    purposes: list[HoldingPurposeShape]
    readable: bool
    silent: bool
    quarantined: bool
    tainted: list[TaintShape]
    sealed_bytes: int | None
    complete: bool | None
    sha256: str | None
    disposed_at: datetime | None
    gone_at: datetime | None
    unlinked_at: datetime | None
    holds: list[UUID]
    statement: UUID
    copy_of: list[str]
    again: list[AgainShape]
    scan: UUID | None
    record: UUID | None
    link: UUID | None
    of_another: bool
    uses: list[UseShape]
    looks: list[UUID]


class ThereShape(Shape):
    """`untold`: nothing can be let go of there, and nobody has told its keepers."""

    system: UUID
    system_name: str
    places: int
    untold: bool


class LeftShape(Shape):
    """What is known to lie in other systems of a person who was `erased_at` this moment."""

    erasure: UUID
    erased_at: datetime
    there: list[ThereShape]


class HeldShape(Items[HoldingShape]):
    """`subjects`: all that are this person, the one that stands for it first. `not_known`: the systems that may hold more of them
    than is told here, and why. `doubtful_records`: so many records may be about this person, and wait for somebody's word.
    `looks`: uses that name nothing on the map, such as reading who the person is, or where things about them lie. `left`: their
    erasure, and what lies elsewhere still."""

    subjects: list[UUID]
    not_known: list[NotKnownShape]
    doubtful_records: int
    looks: list[UseShape]
    left: LeftShape | None


@router.get("/subjects/{subject}/holdings")
def of_subject(
    door: Annotated[Door, Depends(door_for(Deed.SEE_HOLDINGS))],
    subject: UUID,
    after: Annotated[UUID | None, Query(description="`next` of the list before.")] = None,
    limit: Limit = 100,
    purpose: PurposeQuery = None,
    reason: ReasonQuery = None,
    case: CaseQuery = None,
) -> HeldShape:
    """Everything that is held about this person, of all subjects that are that person, newest first. Rows and names of
    objects are shown for a purpose alone: the verdict is asked, and that they were read is logged. 403 with the verdict where it
    is no."""
    start = None if after is None else HoldingId(after)

    def deed(tx: Transaction) -> HeldShape | Answered:
        tools, id = door.house.tools, SubjectId(subject)
        shown: Collection[SubjectId] = ()
        if purpose is not None:
            person = person_of(tx, id)
            shown, answer = ask_for_places(tx, tools, person, purpose_of(tx, purpose), by=door.actor, reason=reason, case=case)
            if not shown:
                return answer
        return view(tx, tools.vault, id, after=start, limit=limit, shown=shown)

    return let(door.run(deed))


def view(
    tx: Transaction, vault: Vault, subject: SubjectId, *, after: HoldingId | None, limit: int, shown: Collection[SubjectId]
) -> HeldShape:
    """A page of all that is held about a person; `shown`: of whom with rows and names of objects. NotFound where there is no such
    person."""
    person = person_of(tx, subject)
    found = holdings.of_person(tx, person, after=after, limit=limit)
    looks, keys, others = every_use.looks(tx, person), keys_of(tx), systems.systems(tx)
    named, again = names_of(tx, vault, [each.place for each in found]), _again(tx, vault, found)
    return HeldShape(
        items=_shapes(whole(tx, vault, found), looks, keys, others, named=named, again=again, shown=shown),
        next=found[-1].id if len(found) == limit else None,
        subjects=list(person),
        not_known=shapes(seeing.not_known(tx), {each.id: each.name.text for each in others}),
        doubtful_records=joins.count_doubtful(tx, person),
        looks=[use_shape(each, keys) for each in looks],
        left=_left(left_of(tx, person), {each.id: each.name.text for each in others}),
    )


def _left(left: Left | None, names: SystemNames) -> LeftShape | None:
    if left is None:
        return None
    there = [
        ThereShape(system=system, system_name=names.get(system, str(system)), places=number, untold=system in left.untold)
        for system, number in left.there
    ]
    return LeftShape(erasure=left.erasure, erased_at=left.at, there=there)


@router.get("/holdings/{holding}")
def get_holding(
    door: Annotated[Door, Depends(door_for(Deed.SEE_HOLDINGS))],
    holding: UUID,
    purpose: PurposeQuery = None,
    reason: ReasonQuery = None,
    case: CaseQuery = None,
) -> HoldingShape:
    """One thing that is held, and everyone who used it. Its row and the name of its object are shown for a purpose alone, as in
    the list of a person's."""
    id = HoldingId(holding)

    def deed(tx: Transaction) -> HoldingShape | Answered:
        shown: Collection[SubjectId] = ()
        if purpose is not None:
            of = holdings.get(tx, id).subject
            named = purpose_of(tx, purpose)
            shown, answer = ask_for_places(tx, door.house.tools, [of], named, by=door.actor, reason=reason, case=case)
            if not shown:
                return answer
        return shape_of(tx, door, id, shown=shown)

    return let(door.run(deed))


def shape_of(tx: Transaction, door: Door, holding: HoldingId, *, shown: Collection[SubjectId] = ()) -> HoldingShape:
    found = holdings.get(tx, holding)
    looks = every_use.looks(tx, [found.subject])
    others = [] if found.is_ours else systems.systems(tx)
    vault = door.house.vault
    named, again = names_of(tx, vault, [found.place]), _again(tx, vault, [found])
    [shape] = _shapes(whole(tx, vault, [found]), looks, keys_of(tx), others, named=named, again=again, shown=shown)
    return shape


def let(found: S | Answered) -> S:
    """What was found, where the verdict was yes."""
    if isinstance(found, Answered):
        raise refusal(found.verdict, found.id)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Around:
    """What is read once for all of a list."""

    looks: Sequence[Use]
    keys: Keys
    systems: SystemNames
    databases: Collection[SystemId]
    named: Mapping[ObjectId, str]
    copies: Mapping[SystemId, list[str]]
    again: Mapping[ObjectId, Sequence[Again]]
    shown: Collection[SubjectId]


def _shapes(
    found: Sequence[Held],
    looks: Sequence[Use],
    keys: Keys,
    others: Sequence[RegisteredSystem],
    *,
    named: Mapping[ObjectId, str],
    again: Mapping[ObjectId, Sequence[Again]],
    shown: Collection[SubjectId],
) -> list[HoldingShape]:
    names = {each.id: each.name.text for each in others}
    around = _Around(
        looks=looks,
        keys=keys,
        systems=names,
        databases=frozenset(each.id for each in others if each.kind in DATABASES),
        named=named,
        copies={each.id: [names[other] for other in each.copy_of if other in names] for each in others},
        again=again,
        shown=shown,
    )
    return [_shape(each, around) for each in found]


def _shape(held: Held, around: _Around) -> HoldingShape:
    holding, keys, found_in, system = held.holding, around.keys, held.found_in, held.holding.place.system
    kept = [_purpose(holding, term, held.dark[term.purpose], term.purpose in held.quarantined, keys) for term in holding.terms]
    return HoldingShape(
        id=holding.id,
        subject=holding.subject,
        kind=holding.kind,
        category=holding.category.value,
        sensitivity=holding.sensitivity,
        place=_place(held, around),
        call=holding.call,
        heard=HeardShape.of(holding.heard),
        stream=holding.stream,
        made_at=holding.made_at,
        mediatype=holding.mediatype,
        provenance=ProvenanceShape.of(held),
        purposes=kept,
        readable=held.is_readable,
        silent=held.is_silent,
        quarantined=any(each.quarantined for each in kept),
        tainted=[TaintShape(origin=taint.origin, reason=taint.reason) for taint in held.taints],
        sealed_bytes=holding.sealed_length,
        complete=holding.complete,
        sha256=None if holding.sha256 is None else holding.sha256.hex(),
        disposed_at=holding.disposed_at,
        gone_at=None if holding.unlinked_at else holding.gone_at,
        unlinked_at=holding.unlinked_at,
        holds=[hold.id for hold in held.holds],
        statement=holding.statement,
        copy_of=[] if system is None else around.copies.get(system, []),
        again=_lying_again(holding, around),
        scan=None if found_in is None else found_in.scan,
        record=None if found_in is None else found_in.record,
        link=None if found_in is None else found_in.link,
        of_another=found_in is not None and found_in.of_another,
        uses=[use_shape(use, keys) for use in held.uses],
        looks=[look.statement for look in around.looks if covers(look, holding)],
    )


def _place(held: Held, around: _Around) -> PlaceShape:
    shown = held.holding.subject in around.shown
    return PlaceShape.of(held.place, held.holding, around.systems, databases=around.databases, named=around.named, shown=shown)


def _lying_again(holding: Holding, around: _Around) -> list[AgainShape]:
    object = holding.place.object
    return [] if object is None else [AgainShape.model_validate(each) for each in around.again.get(object, ())]


def _again(tx: Transaction, vault: Vault, found: Sequence[Holding]) -> dict[ObjectId, list[Again]]:
    return safety.lying_again(tx, vault, {each.place.object for each in found if each.place.object is not None})


def _purpose(holding: Holding, term: Term, dark: Dark | None, quarantined: bool, keys: Keys) -> HoldingPurposeShape:
    return HoldingPurposeShape(
        purpose=term.purpose,
        purpose_key=keys[term.purpose],
        last_day=term.last_day,
        readable=dark is None and holding.is_there,
        dark=None if dark is None else dark.reason,
        quarantined=quarantined and (dark is None or dark.reason in _STILL_THERE),
    )
