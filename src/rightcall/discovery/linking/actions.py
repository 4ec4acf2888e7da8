"""Linking records to subjects, page by page. What a person says of a link is in `decisions`, and is heeded here: what waits for a
word is let be, and whom somebody said that a record is not about it is never linked to by itself again."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from rightcall.actors import SYSTEM, Actor
from rightcall.clock import Clock
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.discovery.detection.model import Kind
from rightcall.discovery.linking import store
from rightcall.discovery.linking.clues import ClueKind, clues
from rightcall.discovery.linking.crowds import mailboxes
from rightcall.discovery.linking.known import Known
from rightcall.discovery.linking.model import (
    Blinds,
    Certain,
    Decision,
    Doubtful,
    FoundIn,
    FoundThere,
    Likely,
    Link,
    LinkState,
    Newcomer,
    Record,
    Tally,
    Weighed,
)
from rightcall.discovery.linking.records import store as record_store
from rightcall.discovery.linking.rows import of_the_row
from rightcall.discovery.linking.rules import (
    BLOCKS,
    IDENTIFIERS,
    LARGEST_BLOCK,
    ONES_OWN_IDS,
    as_said,
    asked_of,
    decide,
    of_many,
    pattern,
    weigh,
    without,
)
from rightcall.discovery.linking.statements import RecordsLinked
from rightcall.discovery.linking.store import NewLink
from rightcall.errors import NotFound
from rightcall.holdings import actions as on_map
from rightcall.ids import FindingId, HoldingId, LinkId, SubjectId, SystemId, new_id
from rightcall.ledger import actions as ledger
from rightcall.subjects import actions as subjects
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.knowing import actions as knowing
from rightcall.subjects.model import KnownBy
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

PAGE = 500
_FIRST = (ClueKind.CUSTOMER_ID, ClueKind.NATIONAL_ID, ClueKind.EMAIL)
ONES_OWN = (*_FIRST, ClueKind.TEL, ClueKind.IBAN, ClueKind.BANK_ACCOUNT, ClueKind.CARD)


def link_next(
    tx: Transaction, vault: Vault, clock: Clock, tally: Tally, *, after: str | None = None, limit: int = PAGE
) -> str | None:
    """The next page of records that are nobody's: each is linked, waits for a person, is a newcomer, or stays with nobody, and is
    counted in `tally`. Where to go on, for the next call; None where there is none left.

    Those that tell most come first, whatever order they lie in, so that a customer is known by their own record and not by a call
    of somebody else on their account."""
    first, last = _place(after)
    left = limit
    for stage in range(first, record_store.STAGES):
        records = record_store.unlinked_records(tx, stage, last, left)
        if records:
            link_records(tx, vault, clock, records, tally)
        left -= len(records)
        if left <= 0:
            return f"{stage}/{records[-1].id}"
        last = None
    return None


def link_records(tx: Transaction, vault: Vault, clock: Clock, records: Sequence[Record], tally: Tally) -> None:
    """Those with the best identifiers first, and of these the ones that tell most, so that the others find them."""
    knowing.hold(tx, {blind for each in records for kind in _FIRST for blind in each.blinds(kind)})
    ours, written_to = _own_addresses(tx, vault), _mailboxes(tx, records)
    records = [replace(each, clues=without(each.clues, ours | written_to)) for each in records]
    known, said = known_for(tx, [each.clues for each in records]), {each.id: digest(each) for each in records}
    refused, denied = refused_among(tx, records, list(said.values()))
    many = written_to.union(*(of_many(each.clues, known.shared_by) for each in records))
    record_store.set_aside(tx, [each.id for each in records], ours=ours, many=many)
    page = _Page(clock)
    counted = Tally()
    for whole in sorted(records, key=lambda each: (_rank(each), said[each.id])):
        record = replace(whole, clues=without(whole.clues, of_many(whole.clues, known.shared_by)))
        not_it = {subject for what, subject in refused if what == said[record.id]}
        candidates = known.candidates(record.clues, refused=not_it)
        decision = decide(record, candidates, known.frequencies(), alone=known.alone(candidates))
        decision = as_said(decision, {subject for each, subject in denied if each == record.id})
        counted.count(decision)
        tally.count(decision)
        subject = page.take(record, decision, said[record.id])
        if subject is not None:
            known.add(subject, of_the_row(record).clues)
    page.write(tx, vault)
    if counted.records > sum(counted.unlinked.values()):
        ledger.append(tx, _linked(tx, clock, counted))


def own(tx: Transaction, vault: Vault, clock: Clock, record: Record, subject: SubjectId, *, by: Actor) -> None:
    """What was found in the record is the subject's from now on, and so is what it tells."""
    set_aside(tx, vault, [record.id])
    record_store.set_subjects(tx, [(record.id, subject)])
    move_on_map(tx, vault, clock, [record.id], by=by)
    knowing.be_somebody(tx, [subject])
    knowing.know(tx, told(subject, _less_others(tx, _of_one(tx, vault, record), subject)))


def know_no_others(tx: Transaction, records: Sequence[UUID]) -> None:
    """What a text in these tells of somebody else, such as the address of a neighbour, is not what its person is known by, nor
    what is told of theirs in another's. To be called once they are on the map, which says where in its field each stands."""
    knowing.forget(tx, record_store.told_of_others(tx, records, (*ONES_OWN, ClueKind.NAME_FULL)))


def set_aside(tx: Transaction, vault: Vault, records: Sequence[UUID]) -> None:
    """What is the house's own in these stays nobody's: mailboxes that many write to, and where people turn to the controller."""
    found = list(record_store.records(tx, records).values())
    shared_by = knowing.shared_by(tx, list({blind for each in found for blind in each.blinds(ClueKind.EMAIL)}))
    many = _mailboxes(tx, found).union(*(of_many(each.clues, shared_by) for each in found))
    record_store.set_aside(tx, records, ours=_own_addresses(tx, vault), many=many)


def ask_whose(tx: Transaction, vault: Vault, clock: Clock, record: UUID, *, of: SubjectId, again: bool = False) -> None:
    """Whether the record, which was this person's, is about any of the others whom it may be about, and whom nobody has denied
    yet, waits for a word; and whether it is about this person, where that is asked `again`."""
    whole = record_store.record(tx, record)
    if whole is None:
        return
    found = _of_one(tx, vault, whole)
    known, (_, denied) = known_for(tx, [found.clues]), refused_among(tx, [found], [])
    asked = {subject for _, subject in denied} | {joining.standing_for(tx, of)}
    candidates = known.candidates(found.clues, refused=asked)
    among = asked_of(decide(found, candidates, known.frequencies(), alone=known.alone(candidates)))
    if again:
        theirs = {**candidates, of: known_by(tx, [of]).get(of, {})}
        weighed = weigh(found.clues, theirs, known.frequencies(), customers_differ=True)
        among = (*(each for each in weighed if each.subject == of), *among)
    links = [link_of(found, each, LinkState.DOUBTFUL, clock.now()) for each in among]
    store.insert_links(tx, [NewLink(link=each, said=digest(found)) for each in links])


def known_by(tx: Transaction, subjects: Sequence[SubjectId]) -> dict[SubjectId, Blinds]:
    """All that each is known by, with what the subjects that are the same person are."""
    tops = joining.stand_for(tx, subjects)
    of = joining.people(tx, list(dict.fromkeys(tops.values())))
    found: dict[SubjectId, dict[ClueKind, frozenset[bytes]]] = {}
    for each in knowing.known_of(tx, list(of)):
        mine = found.setdefault(of[each.subject], {})
        mine[ClueKind(each.kind)] = mine.get(ClueKind(each.kind), frozenset()) | {each.blind}
    return {subject: found[top] for subject, top in tops.items() if top in found}


def called(tx: Transaction, vault: Vault, person: Sequence[SubjectId]) -> Blinds:
    """By the names that calls told of these subjects of one person: opened here to be compared, and for nothing else."""
    found: dict[ClueKind, frozenset[bytes]] = {}
    for each in person:
        name = subjects.name_of(tx, vault, each)
        if name is None or isinstance(name, Dark):
            continue
        told = clues(Kind.PERSON_NAME, name.reveal("compare what records tell with the person's name"))
        blinds = vault.blinds(tx, [(clue.kind.context, clue.value.reveal("blind a clue")) for clue in told])
        for clue, blind in zip(told, blinds, strict=True):
            found[clue.kind] = found.get(clue.kind, frozenset()) | {blind}
    return found


def records(tx: Transaction, vault: Vault, links: Sequence[Link]) -> list[Record]:
    """What lies in the records of these links now, in their order, less what many have; without a clue where there is none."""
    found = record_store.records(tx, [each.record for each in links])
    bare = [Record(id=each.record, system=each.system, ours=False, clues={}) for each in links]
    return with_own_contacts(tx, vault, [found.get(each.id, each) for each in bare])


def get(tx: Transaction, link: LinkId) -> Link:
    found = store.link(tx, link)
    if found is None:
        raise NotFound("There is no such link here, or its person was erased. List the links to see their ids.")
    return found


def page_of_links(
    tx: Transaction,
    *,
    state: LinkState | None = None,
    subject: SubjectId | None = None,
    after: LinkId | None = None,
    limit: int = 100,
) -> list[Link]:
    """Of one person, with all the subjects that are that person, or of all."""
    of = None if subject is None else joining.person(tx, subject)
    return store.links(tx, state=state, subjects=of, after=after, limit=limit)


def findings_of(tx: Transaction, link: Link) -> list[FoundThere]:
    """What was found in the record, what of it after it was linked, and what of it identifies others."""
    return record_store.findings_of_record(tx, link, joining.person(tx, link.subject) or (link.subject,), IDENTIFIERS)


def records_of(tx: Transaction, subject: SubjectId) -> list[tuple[UUID, SystemId]]:
    """Which records are about this person, whichever subject of theirs they are linked to; the newest link first."""
    return store.standing_records(tx, joining.person(tx, subject))


def links_of(tx: Transaction, holdings: Sequence[HoldingId]) -> dict[HoldingId, FoundIn]:
    """Of each that a scan found: by which, in which record, and the link that says whose that is. A finding's holding has the
    finding's id."""
    asked = [FindingId(each) for each in holdings]
    found = record_store.links_of_findings(tx, asked) if asked else {}
    others = _of_somebody_else(tx, asked) if asked else frozenset()
    return {HoldingId(finding): replace(link, of_another=link.of_another or finding in others) for finding, link in found.items()}


def _of_somebody_else(tx: Transaction, findings: Sequence[FindingId]) -> frozenset[FindingId]:
    """What tells who somebody else is who is known here, and not the person whose it is by their link."""
    knowers = record_store.known_elsewhere(tx, findings)
    tops = joining.stand_for(tx, list({subject for each in knowers for subject in (each.subject, *each.known_to)}))
    return frozenset(each.finding for each in knowers if tops[each.subject] not in {tops[subject] for subject in each.known_to})


def forget(tx: Transaction, subject: SubjectId) -> int:
    """The subject is erased: nothing waits for a word on them, and nothing tells which record was theirs but its id."""
    return store.forget_subject(tx, subject)


def forget_records(tx: Transaction, were: Sequence[tuple[UUID, SubjectId | None]]) -> None:
    """Something that was found in these, and whose it was, is forgotten: where nothing else is known of one, so is whose it was
    and what its person was known by through it. Comes it back, it is as if it had never been there."""
    bare = set(store.bare_among(tx, [record for record, _ in were]))
    if bare:
        store.forget_records(tx, list(bare))
        knowing.forget_records(tx, [(record, subject) for record, subject in were if record in bare and subject is not None])


count_links = store.count_links
record = record_store.record
in_records = record_store.records
count_waiting = store.count_waiting
count_records = store.count_records
asked_about = store.asked_about


class _Page:
    """What a page of records comes to, written at its end."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._links: list[NewLink] = []
        self._owned: list[tuple[UUID, SubjectId]] = []
        self._told: list[tuple[KnownBy, UUID]] = []
        self._newcomers: list[SubjectId] = []

    def take(self, record: Record, decision: Decision, said: bytes) -> SubjectId | None:
        """Whose the record is, where it is somebody's."""
        match decision:
            case Certain(weighed=weighed):
                return self._own(record, weighed, LinkState.CERTAIN, said)
            case Likely(weighed=weighed):
                return self._own(record, weighed, LinkState.LIKELY, said)
            case Newcomer():
                subject = SubjectId(new_id())
                self._newcomers.append(subject)
                return self._own(record, Weighed(subject=subject, score=1.0, compared=()), LinkState.CERTAIN, said)
            case Doubtful(among=among):
                self._links.extend(NewLink(link=self._link(record, each, LinkState.DOUBTFUL), said=said) for each in among)
        return None

    def write(self, tx: Transaction, vault: Vault) -> None:
        knowing.newcomers(tx, vault, self._clock, self._newcomers)
        store.insert_links(tx, self._links)
        record_store.set_subjects(tx, self._owned)
        move_on_map(tx, vault, self._clock, [record for record, _ in self._owned], by=SYSTEM)
        knowing.know(tx, self._told)

    def _own(self, record: Record, weighed: Weighed, state: LinkState, said: bytes) -> SubjectId:
        self._links.append(NewLink(link=self._link(record, weighed, state), said=said))
        self._owned.append((record.id, weighed.subject))
        self._told.extend(told(weighed.subject, record))
        return weighed.subject

    def _link(self, record: Record, weighed: Weighed, state: LinkState) -> Link:
        return link_of(record, weighed, state, self._clock.now())


def link_of(record: Record, weighed: Weighed, state: LinkState, at: datetime) -> Link:
    return Link(
        id=LinkId(new_id()),
        record=record.id,
        system=record.system,
        subject=weighed.subject,
        state=state,
        score=weighed.score,
        compared=weighed.compared,
        linked_at=at,
        decided_by=None,
        decided_at=None,
        reason=None,
    )


def move_on_map(tx: Transaction, vault: Vault, clock: Clock, records: Sequence[UUID], *, by: Actor) -> None:
    """What the map had of these records under another subject, by a link that was undone, is the present one's. What lies under a
    person who was erased stays there, dark."""
    moving: dict[SubjectId, list[HoldingId]] = {}
    for holding, was, now in record_store.elsewhere_on_map(tx, records):
        if vault.subject_exists(tx, was):
            moving.setdefault(now, []).append(holding)
    for subject, found in moving.items():
        on_map.reassign(tx, vault, clock, found, to=subject, by=by)


def known_for(tx: Transaction, clues: Sequence[Blinds]) -> Known:
    """Who is known that whoever has any of these clues can be compared with. Those who are joined are one."""
    blinds = [blind for each in clues for kind in BLOCKS for blind in each.get(kind, ())]
    every = {blind for each in clues for told in each.values() for blind in told}
    known = Known(subjects=knowing.count_subjects(tx), shared_by=knowing.shared_by(tx, list(every)))
    shared = knowing.sharing(tx, blinds, LARGEST_BLOCK)
    roots = joining.stand_for(tx, list({each.subject for each in shared}))
    twice = known.load((roots[each.subject], ClueKind(each.kind), each.blind) for each in shared)
    known.shared_by.update(knowing.shared_by(tx, list(known.of_households() - every)))
    known.count_once(twice)
    return known


def refused_among(
    tx: Transaction, records: Sequence[Record], said: Sequence[bytes]
) -> tuple[set[tuple[bytes, SubjectId]], set[tuple[UUID, SubjectId]]]:
    """Whom a person found what says the same not to be about, and whom each record; by the subjects that stand for them."""
    refused, denied = store.refused(tx, said), store.denied(tx, [each.id for each in records])
    roots = joining.stand_for(tx, list({subject for _, subject in (*refused, *denied)}))
    return {(each, roots[subject]) for each, subject in refused}, {(each, roots[subject]) for each, subject in denied}


def told(subject: SubjectId, record: Record) -> list[tuple[KnownBy, UUID]]:
    clues = of_the_row(record).clues
    kinds = [kind for kind in clues if kind is not ClueKind.NAME_WORD]
    return [(KnownBy(subject, kind.value, blind), record.id) for kind in kinds for blind in clues[kind]]


def _less_others(tx: Transaction, record: Record, subject: SubjectId) -> Record:
    """What it tells of this person: not the customer's or national id of somebody else, and nothing where it is the row of
    somebody else that tells of them."""
    row, top = of_the_row(record), joining.standing_for(tx, subject)
    known = known_for(tx, [record.clues]).candidates(record.clues)
    ids = {who: {each for kind in ONES_OWN_IDS for each in blinds.get(kind, ())} for who, blinds in known.items()}
    strange = {each for who in ids if who != top for each in ids[who]} - ids.get(top, set())
    if row is not record and not strange.isdisjoint(each for kind in ONES_OWN_IDS for each in row.blinds(kind)):
        return replace(row, clues={})
    return replace(row, clues=without(row.clues, strange), row={})


def digest(record: Record) -> bytes:
    return hashlib.sha256(b"".join(pattern(record))).digest()


def _rank(record: Record) -> tuple[int, ...]:
    return (*(kind not in record.clues for kind in _FIRST), -len(record.clues))


def _place(after: str | None) -> tuple[int, UUID | None]:
    """From the beginning too where the place is one of a run that was begun by an earlier version."""
    stage, parted, last = (after or "").partition("/")
    return (int(stage), UUID(last)) if parted else (0, None)


def with_own_contacts(tx: Transaction, vault: Vault, records: Sequence[Record]) -> list[Record]:
    """Without the addresses of mailboxes that many write to, the controller's own among them."""
    nobodys = _mailboxes(tx, records) | _own_addresses(tx, vault)
    return [replace(each, clues=without(each.clues, nobodys)) for each in records]


def _of_one(tx: Transaction, vault: Vault, record: Record) -> Record:
    """Without what many have, as it is known by now."""
    [own] = with_own_contacts(tx, vault, [record])
    shared_by = knowing.shared_by(tx, list(own.blinds(ClueKind.EMAIL)))
    return replace(own, clues=without(own.clues, of_many(own.clues, shared_by)))


def _mailboxes(tx: Transaction, records: Sequence[Record]) -> frozenset[bytes]:
    """As these show them, or as others did before."""
    addresses = {blind for each in records for blind in each.blinds(ClueKind.EMAIL)}
    return mailboxes(records) | record_store.once_set_aside(tx, list(addresses))


def _own_addresses(tx: Transaction, vault: Vault) -> frozenset[bytes]:
    """Where people turn to the controller, if that is an e-mail address or a number."""
    contact = controllers.get(tx).contact
    found = [clue for type in (Kind.EMAIL, Kind.PHONE) for clue in clues(type, contact)]
    return frozenset(vault.blinds(tx, [(each.kind.context, each.value.reveal("blind a clue")) for each in found]))


def _linked(tx: Transaction, clock: Clock, tally: Tally) -> RecordsLinked:
    return RecordsLinked(
        at=clock.now(),
        controller=tx.of,
        certain=tally.certain,
        likely=tally.likely,
        doubtful=tally.doubtful,
        new=tally.new,
        unlinked=sum(tally.unlinked.values()),
    )
