"""What records of other systems tell that a processor might find a person by, read where it lies before the person's key goes:
afterwards nobody knows any more which records were theirs.

1. In one transaction: which of what was found in the person's records may tell it, the surest links first, and how to get in.
2. Outside of any: it is read there. A system that is away is not waited for; how much could not be read is told.
3. In another: only what is still by what the person was linked counts, compared by its blind.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from rightcall.activities.telling.letters import row_told
from rightcall.activities.telling.model import Teller, Told
from rightcall.database.connection import Transaction
from rightcall.discovery.decisions.states import STANDING
from rightcall.discovery.findings import actions as findings
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.clues import Clue, clues
from rightcall.discovery.linking.model import Link, LinkState
from rightcall.discovery.linking.wording import says
from rightcall.discovery.model import SourceGone
from rightcall.discovery.ports import Ability, Opener, Spot
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import RegisteredSystem
from rightcall.errors import Conflict, Malformed, NotConfigured, NotFound
from rightcall.ids import SubjectId
from rightcall.personal import Personal
from rightcall.subjects.knowing import actions as knowing
from rightcall.subjects.model import Identifier, IdentifierKind
from rightcall.vault.actions import Vault

MOST = 50
"""So many places are read of one person at most: the same stands in most of their records."""
_MOST_LINKS = 500
_MOST_TELLERS = 5
_AWAY = (SourceGone, NotFound, Malformed, NotConfigured)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Something that was found, of a type that may tell it. `spot` None: its system was retired."""

    spot: Spot | None
    type: str
    field: str | None
    link: Link
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToRead:
    """In one system. `address` None: it was retired."""

    system: RegisteredSystem
    address: Personal[str] | None
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """`left_out`: so many places more than are read."""

    systems: tuple[ToRead, ...]
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What stands there now. `unread`: so many places could not be read."""

    values: tuple[tuple[Place, Personal[str]], ...] = field(repr=False)
    unread: int


def to_read(tx: Transaction, vault: Vault, subject: SubjectId, kinds: Collection[IdentifierKind]) -> Wanted:
    """Nothing once the person's key is gone."""
    if not vault.subject_exists(tx, subject):
        return Wanted(systems=(), left_out=0)
    found = linking.page_of_links(tx, subject=subject, limit=_MOST_LINKS)
    links = [each for each in found if each.subject == subject and each.state in STANDING]
    known = {id: systems.get(tx, id) for id in dict.fromkeys(each.system for each in links)}
    places = [each for system in known.values() for each in _places(tx, vault, system, links, kinds)]
    taken = sorted(places, key=lambda each: _sureness(each.link))[:MOST]
    wanted = [
        ToRead(system=system, address=_address(tx, vault, system), places=tuple(e for e in taken if e.link.system == id))
        for id, system in known.items()
        if any(each.link.system == id for each in taken)
    ]
    return Wanted(systems=tuple(wanted), left_out=len(places) - len(taken))


def read(opens: Opener, wanted: Wanted) -> Read:
    """Each system is opened once, for reading alone."""
    values = [pair for each in wanted.systems for pair in _in_system(opens, each)]
    many = sum(len(each.places) for each in wanted.systems)
    return Read(values=tuple(values), unread=many - len(values) + wanted.left_out)


def weigh(
    tx: Transaction, vault: Vault, subject: SubjectId, kinds: Collection[IdentifierKind], found: Read
) -> tuple[list[Told], int]:
    """What is the person's, the surest first; and how many places could not be read, or say something else by now."""
    known = {each.blind for each in knowing.known_of(tx, [subject])}
    telling, unread = dict[bytes, tuple[Clue, list[Place]]](), found.unread
    for place, value in found.values:
        told = [each for each in _clues(place, value) if each.kind.value in {kind.value for kind in kinds}]
        blinds = vault.blinds(tx, [(each.kind.context, each.value.reveal("blind a clue")) for each in told]) if told else []
        theirs = [(each, blind) for each, blind in zip(told, blinds, strict=True) if blind in known]
        unread += not theirs
        for each, blind in theirs:
            telling.setdefault(blind, (each, []))[1].append(place)
    shared = knowing.shared_by(tx, list(telling))
    weighed = [_told(clue, places, max(0, shared.get(blind, 1) - 1)) for blind, (clue, places) in telling.items()]
    return sorted(weighed, key=lambda each: (-each.tellers[0].score, each.others)), unread


def _told(clue: Clue, places: Sequence[Place], others: int) -> Told:
    by_record = {each.link.record: each for each in sorted(places, key=lambda each: _sureness(each.link), reverse=True)}
    tellers = [_teller(each) for each in reversed(by_record.values())]
    return Told(
        identifier=Identifier(kind=IdentifierKind(clue.kind.value), value=clue.value),
        others=others,
        records=len(tellers),
        tellers=tuple(tellers[:_MOST_TELLERS]),
    )


def _teller(place: Place) -> Teller:
    link = place.link
    return Teller(
        record=link.record,
        system=link.system,
        object=None if place.spot is None else place.spot.object,
        row=None if place.spot is None or place.spot.row is None else row_told(place.spot.row),
        state=link.state,
        score=link.score,
        by_person=link.decided_by is not None,
        says=tuple(says(link.compared)),
    )


def _sureness(link: Link) -> tuple[bool, bool, float]:
    """The surest first: by somebody's word, then those that are certain."""
    return link.decided_by is None, link.state is not LinkState.CERTAIN, -link.score


def _places(
    tx: Transaction, vault: Vault, system: RegisteredSystem, links: Sequence[Link], kinds: Collection[IdentifierKind]
) -> list[Place]:
    by_record, wanted = {each.record: each for each in links if each.system == system.id}, {each.value for each in kinds}
    return [
        Place(spot=each.spot, type=each.type, field=each.field, link=by_record[each.record], regions=system.regions)
        for each in findings.of_records(tx, vault, system, list(by_record))
        if each.subject == by_record[each.record].subject and wanted.intersection(each.clue_kinds)
    ]


def _address(tx: Transaction, vault: Vault, system: RegisteredSystem) -> Personal[str] | None:
    return None if system.retired_at is not None else systems.address_of(tx, vault, system)


def _in_system(opens: Opener, wanted: ToRead) -> Iterator[tuple[Place, Personal[str]]]:
    """As far as it answers."""
    if wanted.address is None:
        return
    try:
        with closing(opens(wanted.address, load=wanted.system.load)) as source:
            if Ability.EXPORT in source.abilities:
                spots = dict.fromkeys(each.spot for each in wanted.places if each.spot is not None)
                for spot, told in source.exports(list(spots)):
                    if isinstance(told, bytes):
                        value = Personal(told.decode("utf-8", "replace"))
                        yield from ((each, value) for each in wanted.places if each.spot == spot)
    except (*_AWAY, Conflict):
        return


def _clues(place: Place, value: Personal[str]) -> tuple[Clue, ...]:
    return clues(place.type, value.reveal("read what a record tells"), regions=place.regions, field=place.field)
