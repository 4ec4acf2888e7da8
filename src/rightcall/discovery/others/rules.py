"""Whose a name is that stands in a record about a person: theirs, or of somebody else of whom the record tells. Pure.

Theirs is what says what their own cells say, those under a head that calls for a name first; then what a call told of their name.
Where a record tells of somebody else as well, by an address that is another's, say, what cannot be told apart is taken for
another's: it is covered in a copy and stays where it lies, rather than be handed to whom it is not about or be lost.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from rightcall.discovery.detection.context import headed
from rightcall.discovery.detection.model import Kind
from rightcall.discovery.linking.clues import ClueKind
from rightcall.discovery.linking.model import Blinds, Outcome
from rightcall.ids import FindingId

_NONE: frozenset[bytes] = frozenset()
_PARTS = (ClueKind.NAME_FULL, ClueKind.NAME_FAMILY, ClueKind.NAME_GIVEN, ClueKind.NAME_INITIAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class NameThere:
    """A name that was found in a record of the person's. `field`: the head it stands under, where that is in clear. `is_alone`:
    nothing else was found in its cell, and it begins it."""

    finding: FindingId
    record: UUID
    field: str | None
    is_alone: bool
    clues: Blinds

    @property
    def is_headed(self) -> bool:
        """It is what its cell holds, as its head says."""
        return self.is_alone and self.field is not None and headed((self.field,), "\t").has(Kind.PERSON_NAME)


def names_of_others(
    names: Sequence[NameThere], called: Blinds, *, known_to_others: Collection[bytes], tell_of_others: Collection[UUID]
) -> frozenset[FindingId]:
    """`names`: the person's own cells, and those in question. `called`: what calls told. `known_to_others`: whole names that are
    somebody else's own. `tell_of_others`: records in which something else is another's."""
    own = own_names(names, called)
    asked = [each for each in names if not each.is_headed]
    sure = {each.finding for each in asked if _is_anothers(each, own, known_to_others)}
    telling = {*tell_of_others, *(each.record for each in asked if each.finding in sure)}
    unsure = {each.finding for each in asked if each.record in telling and not _is_own(each, own)}
    return frozenset(sure | unsure)


def own_names(names: Iterable[NameThere], called: Blinds) -> Blinds:
    """What stands alone in a cell may be the beginning of a text, so it tells their name only where no head does."""
    headed_ones, alone = [called], list[Blinds]()
    for each in names:
        (headed_ones if each.is_headed else alone if each.is_alone else []).append(each.clues)
    told = _together(headed_ones)
    return told if any(told.values()) else _together(alone)


def _together(found: Sequence[Blinds]) -> Blinds:
    return {kind: _NONE.union(*(each.get(kind, _NONE) for each in found)) for kind in _PARTS}


def _is_own(name: NameThere, own: Blinds) -> bool:
    """Nothing of it differs, and something agrees; of a given name the initial alone will do."""
    if _outcome(name, own, ClueKind.NAME_FULL) is Outcome.AGREES:
        return True
    family, given = _outcome(name, own, ClueKind.NAME_FAMILY), _given(name, own)
    return Outcome.DIFFERS not in (family, given) and Outcome.AGREES in (family, given)


def _is_anothers(name: NameThere, own: Blinds, known_to_others: Collection[bytes]) -> bool:
    """Another given name, or another family name and no given name. With their given name a family name may be one that they had
    or that was heard wrongly."""
    full = name.clues.get(ClueKind.NAME_FULL, _NONE)
    if full & own.get(ClueKind.NAME_FULL, _NONE):
        return False
    if not full.isdisjoint(known_to_others):
        return True
    given = _given(name, own)
    return given is Outcome.DIFFERS or (given is None and _outcome(name, own, ClueKind.NAME_FAMILY) is Outcome.DIFFERS)


def _given(name: NameThere, own: Blinds) -> Outcome | None:
    return _outcome(name, own, ClueKind.NAME_GIVEN) or _outcome(name, own, ClueKind.NAME_INITIAL)


def _outcome(name: NameThere, own: Blinds, kind: ClueKind) -> Outcome | None:
    """None where one of them does not tell."""
    said, theirs = name.clues.get(kind, _NONE), own.get(kind, _NONE)
    if not said or not theirs:
        return None
    return Outcome.AGREES if said & theirs else Outcome.DIFFERS
