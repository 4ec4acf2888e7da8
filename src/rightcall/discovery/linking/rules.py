"""Whom a record is about: an exact identifier first, then a score that two people of one household cannot pass.

1. A record that speaks of several people is nobody's.
2. Whoever has the record's customer id, else its national id, e-mail address or account, is the one: unless something that is a
   person's own differs. An e-mail address alone is a couple's: it wants the given name or the day of birth beside it, or, of the
   only one who has it, the initial and the family name. A telephone number alone is a household's.
3. Else the score decides, against everybody else whom it may be, their households and strangers. Only where the given name agrees
   in full, and nothing that is a person's own differs, is a link made without asking, whatever the score. A lower score will
   do for the whole name with the telephone number of somebody with whom nobody shares number, address or account.
4. What is likely but not sure waits for a person. What is unlikely is somebody else.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import log2, prod

from rightcall.discovery.linking.chances import AUTOMATIC, AUTOMATIC_ALONE, HOUSEHOLD, WORTH_ASKING, Chance, chance
from rightcall.discovery.linking.clues import ClueKind
from rightcall.discovery.linking.model import (
    Aspect,
    Blinds,
    Certain,
    Compared,
    Decision,
    Doubtful,
    Likely,
    Newcomer,
    Nobody,
    Outcome,
    Record,
    Unlinked,
    Weighed,
)
from rightcall.ids import SubjectId

BLOCKS = (
    ClueKind.CUSTOMER_ID,
    ClueKind.NATIONAL_ID,
    ClueKind.EMAIL,
    ClueKind.IBAN,
    ClueKind.BANK_ACCOUNT,
    ClueKind.CARD,
    ClueKind.TEL,
    ClueKind.NAME_FULL,
    ClueKind.POSTCODE_HOUSE,
    ClueKind.DATE_OF_BIRTH,
)
"""A subject is compared with a record where it shares one of these."""
LARGEST_BLOCK = 100
"""What more subjects than this share (the number of an office, a very common name) leads to none of them."""
_IDENTIFIERS = (ClueKind.CUSTOMER_ID, ClueKind.NATIONAL_ID, ClueKind.EMAIL, ClueKind.TEL)
_EXACT = (Aspect.CUSTOMER_ID, Aspect.NATIONAL_ID, Aspect.EMAIL)
OF_A_HOUSEHOLD = (ClueKind.POSTCODE_HOUSE, ClueKind.TEL, ClueKind.IBAN, ClueKind.BANK_ACCOUNT)
"""What those who live together have in common."""
_OWN = (Aspect.CUSTOMER_ID, Aspect.NATIONAL_ID, Aspect.DATE_OF_BIRTH, Aspect.GIVEN_NAME, Aspect.GENERATION)
_MOST_ASKED = 5
_SIMPLE: Mapping[Aspect, tuple[ClueKind, ...]] = {
    Aspect.CUSTOMER_ID: (ClueKind.CUSTOMER_ID,),
    Aspect.NATIONAL_ID: (ClueKind.NATIONAL_ID,),
    Aspect.EMAIL: (ClueKind.EMAIL,),
    Aspect.ACCOUNT: (ClueKind.IBAN, ClueKind.BANK_ACCOUNT, ClueKind.CARD),
    Aspect.TEL: (ClueKind.TEL,),
    Aspect.DATE_OF_BIRTH: (ClueKind.DATE_OF_BIRTH,),
    Aspect.FAMILY_NAME: (ClueKind.NAME_FAMILY,),
}
_NONE: frozenset[bytes] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequencies:
    """Of all `subjects` of the controller, how many have a blind."""

    subjects: int
    shared_by: Mapping[bytes, int]


def decide(
    record: Record, candidates: Mapping[SubjectId, Blinds], known: Frequencies, *, alone: Collection[SubjectId] = ()
) -> Decision:
    """`candidates`: whoever shares a block with the record and was not refused, and all they are known by. `alone`: those of them
    who live alone as far as is known."""
    if not record.clues:
        return Nobody(why=Unlinked.NO_CLUE)
    if _is_of_several(record):
        return Nobody(why=Unlinked.SEVERAL_PEOPLE)
    weighed = weigh(record.clues, candidates, known)
    exact = _exact(weighed)
    if len(exact) == 1:
        return Certain(weighed=exact[0])
    likely = [each for each in exact or weighed if exact or each.score >= WORTH_ASKING]
    if not exact and likely and _is_sure(likely[0], is_alone=likely[0].subject in alone) and _is_safe(likely[0]):
        return Likely(weighed=likely[0])
    if likely:
        return Doubtful(among=tuple(likely[:_MOST_ASKED]))
    if not any(record.blinds(kind) for kind in _IDENTIFIERS):
        return Nobody(why=Unlinked.NO_IDENTIFIER)
    return Newcomer() if record.ours else Nobody(why=Unlinked.NOT_OURS)


def weigh(
    clues: Blinds, candidates: Mapping[SubjectId, Blinds], known: Frequencies, *, customers_differ: bool = False
) -> list[Weighed]:
    """The likeliest first. Somebody with another customer id is somebody else, unless `customers_differ`: that speaks against it
    then, as everything that differs does."""
    compared = {subject: _compare(clues, blinds, known) for subject, blinds in candidates.items()}
    possible = {subject: each for subject, each in compared.items() if customers_differ or not _is_other_customer(each)}
    same = {subject: prod(c.same / c.stranger for _, _, c in each) for subject, each in possible.items()}
    household = {subject: prod(c.household / c.stranger for _, _, c in each) for subject, each in possible.items()}
    total = sum(same.values()) + max(known.subjects, 1)
    found = [
        Weighed(
            subject=subject,
            score=same[subject] / (total + HOUSEHOLD * household[subject]),
            compared=tuple(_told(aspect, outcome, c) for aspect, outcome, c in each),
        )
        for subject, each in possible.items()
    ]
    return sorted(found, key=lambda each: (-each.score, str(each.subject)))


def pattern(record: Record) -> tuple[bytes, ...]:
    """What a record says, in a settled order: a pair that was refused stays so as long as this does."""
    return tuple(sorted({blind for blinds in record.clues.values() for blind in blinds}))


def _exact(weighed: Sequence[Weighed]) -> list[Weighed]:
    """Those whom the best identifier names and whom nothing of their own contradicts."""
    for aspect in _EXACT:
        named = [each for each in weighed if each.outcome(aspect) is Outcome.AGREES]
        if aspect is Aspect.EMAIL:
            only = len(named) == 1
            named = [each for each in named if _is_mailbox_of(each, only=only)]
        if named:
            return [each for each in named if not _is_contradicted(each)]
    return []


def _is_mailbox_of(weighed: Weighed, *, only: bool) -> bool:
    """`only`: nobody else is known to have the address."""
    if _agrees(weighed, Aspect.GIVEN_NAME) or _agrees(weighed, Aspect.DATE_OF_BIRTH):
        return True
    is_initial = weighed.outcome(Aspect.GIVEN_NAME) is Outcome.IN_PART
    return only and is_initial and _agrees(weighed, Aspect.FAMILY_NAME)


def _agrees(weighed: Weighed, aspect: Aspect) -> bool:
    return weighed.outcome(aspect) is Outcome.AGREES


def _is_contradicted(weighed: Weighed) -> bool:
    """A given name and a day of birth may each be written wrongly where the other agrees."""
    differs = {each.aspect for each in weighed.compared if each.outcome is Outcome.DIFFERS}
    agrees = {each.aspect for each in weighed.compared if each.outcome is Outcome.AGREES}
    own = differs & set(_OWN)
    excused = {Aspect.GIVEN_NAME: Aspect.DATE_OF_BIRTH, Aspect.DATE_OF_BIRTH: Aspect.GIVEN_NAME}
    return any(Aspect.CUSTOMER_ID not in agrees or excused.get(aspect) not in agrees for aspect in own)


def _is_sure(weighed: Weighed, *, is_alone: bool) -> bool:
    named = (Aspect.TEL, Aspect.GIVEN_NAME, Aspect.FAMILY_NAME)
    enough = AUTOMATIC_ALONE if is_alone and all(_agrees(weighed, aspect) for aspect in named) else AUTOMATIC
    return weighed.score >= enough


def _is_safe(weighed: Weighed) -> bool:
    if weighed.outcome(Aspect.GIVEN_NAME) is not Outcome.AGREES:
        return False
    if any(weighed.outcome(aspect) is Outcome.DIFFERS for aspect in _OWN):
        return False
    is_one_called_junior = weighed.outcome(Aspect.GENERATION) is Outcome.IN_PART
    return not is_one_called_junior or weighed.outcome(Aspect.DATE_OF_BIRTH) is Outcome.AGREES


def _is_of_several(record: Record) -> bool:
    return any(len(record.blinds(kind)) > 1 for kind in (ClueKind.NAME_GIVEN, ClueKind.CUSTOMER_ID, ClueKind.NATIONAL_ID))


def _is_other_customer(compared: Sequence[tuple[Aspect, Outcome, Chance]]) -> bool:
    return any(aspect is Aspect.CUSTOMER_ID and outcome is Outcome.DIFFERS for aspect, outcome, _ in compared)


def _told(aspect: Aspect, outcome: Outcome, chance: Chance) -> Compared:
    return Compared(
        aspect=aspect,
        outcome=outcome,
        bits=round(log2(chance.same / chance.stranger), 1),
        household=round(log2(chance.same / chance.household), 1),
    )


def _compare(record: Blinds, subject: Blinds, known: Frequencies) -> list[tuple[Aspect, Outcome, Chance]]:
    """Only what both tell of."""
    found: list[tuple[Aspect, Outcome, frozenset[bytes]]] = []
    for aspect, kinds in _SIMPLE.items():
        mine, theirs = _all(record, kinds), _all(subject, kinds)
        if mine and theirs:
            found.append((aspect, Outcome.AGREES if mine & theirs else Outcome.DIFFERS, mine & theirs))
    found.extend(each for each in (_given(record, subject), _generation(record, subject), _address(record, subject)) if each)
    return [
        (
            aspect,
            outcome,
            chance(
                aspect,
                outcome,
                shared_by=min((known.shared_by.get(blind, 1) for blind in agreeing), default=0),
                subjects=known.subjects,
            ),
        )
        for aspect, outcome, agreeing in found
    ]


def _all(blinds: Blinds, kinds: Sequence[ClueKind]) -> frozenset[bytes]:
    if len(kinds) == 1:
        return blinds.get(kinds[0], _NONE)
    return frozenset().union(*(blinds.get(kind, _NONE) for kind in kinds))


def _given(record: Blinds, subject: Blinds) -> tuple[Aspect, Outcome, frozenset[bytes]] | None:
    """In full where both have it in full, else by the initial."""
    mine, theirs = record.get(ClueKind.NAME_GIVEN, _NONE), subject.get(ClueKind.NAME_GIVEN, _NONE)
    if mine and theirs:
        return Aspect.GIVEN_NAME, Outcome.AGREES if mine & theirs else Outcome.DIFFERS, mine & theirs
    mine, theirs = record.get(ClueKind.NAME_INITIAL, _NONE), subject.get(ClueKind.NAME_INITIAL, _NONE)
    if mine and theirs:
        return Aspect.GIVEN_NAME, Outcome.IN_PART if mine & theirs else Outcome.DIFFERS, _NONE
    return None


def _generation(record: Blinds, subject: Blinds) -> tuple[Aspect, Outcome, frozenset[bytes]] | None:
    mine, theirs = record.get(ClueKind.NAME_GENERATION, _NONE), subject.get(ClueKind.NAME_GENERATION, _NONE)
    if not mine and not theirs:
        return None
    if not mine or not theirs:
        both_named = ClueKind.NAME_GIVEN in record and ClueKind.NAME_GIVEN in subject
        return (Aspect.GENERATION, Outcome.IN_PART, _NONE) if both_named else None
    return Aspect.GENERATION, Outcome.AGREES if mine & theirs else Outcome.DIFFERS, _NONE


def _address(record: Blinds, subject: Blinds) -> tuple[Aspect, Outcome, frozenset[bytes]] | None:
    """By postcode and house; where one has no postcode, by the street with its number."""
    for kind in (ClueKind.POSTCODE_HOUSE, ClueKind.STREET):
        mine, theirs = record.get(kind, _NONE), subject.get(kind, _NONE)
        if mine and theirs:
            return Aspect.ADDRESS, Outcome.AGREES if mine & theirs else Outcome.DIFFERS, mine & theirs
    return None
