"""Whom a record is about: an exact identifier first, then a score that two people of one household cannot pass.

1. A record that speaks of several people is nobody's; it waits where somebody whom it may be about has an identifier of it, and
   always on whoever's customer id or national id it has. Where a column of its own has one such id, it is decided by that and by
   what stands outside the cells in which ids of others are: these are told of in it.
2. Whoever has the record's customer id, else its national id, e-mail address or account, is the one: unless something that is a
   person's own differs. An e-mail address alone is a couple's: it wants the given name or the day of birth beside it, or, of the
   only one who has it, the initial and the family name; and not the number of somebody else of whom nothing differs, where
   theirs is another. A telephone number alone is a household's.
3. Else the score decides, against everybody else whom it may be, their households and strangers. Only where the given name agrees
   in full, and nothing that is a person's own differs, is a link made without asking, whatever the score. A lower score will
   do for the whole name with the telephone number of somebody with whom nobody shares number, address or account.
4. What is likely but not sure waits for a person, and so does what has the customer id or the national id of somebody whom it
   contradicts. What is unlikely is somebody else.
5. An identifier that more than `MOST_HOLDERS` people have, or that somebody has whom nothing tells from this one, makes nobody
   new. An e-mail address that more have is nobody's identifier at all.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log2, prod

from rightcall.discovery.linking.chances import (
    AUTOMATIC,
    AUTOMATIC_ALONE,
    HOUSEHOLD,
    NAMED,
    NAMESAKES,
    STRANGERS,
    WORTH_ASKING,
    Chance,
    at_large,
    chance,
)
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
from rightcall.discovery.linking.rows import of_the_row
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
MOST_HOLDERS = 3
"""What more people than this have, a number of an office or a mailbox of a company, does not tell one of them."""
IDENTIFIERS = (ClueKind.CUSTOMER_ID, ClueKind.NATIONAL_ID, ClueKind.EMAIL, ClueKind.TEL)
ONES_OWN_IDS = (ClueKind.CUSTOMER_ID, ClueKind.NATIONAL_ID)
_CONTACTS = (ClueKind.EMAIL, ClueKind.TEL)
_EXACT = (Aspect.CUSTOMER_ID, Aspect.NATIONAL_ID, Aspect.EMAIL)
_IDENTIFYING = (*_EXACT, Aspect.TEL)
OF_A_HOUSEHOLD = (ClueKind.POSTCODE_HOUSE, ClueKind.TEL, ClueKind.IBAN, ClueKind.BANK_ACCOUNT)
"""What those who live together have in common."""
_OWN = (Aspect.CUSTOMER_ID, Aspect.NATIONAL_ID, Aspect.DATE_OF_BIRTH, Aspect.GIVEN_NAME, Aspect.GENERATION)
_NAMED_OR_BORN = (ClueKind.NAME_GIVEN, ClueKind.NAME_INITIAL, ClueKind.DATE_OF_BIRTH)
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
    weighed = weigh(record.clues, candidates, known)
    row = of_the_row(record)
    if row is not record:
        decision = decide(row, candidates, known, alone=alone)
        return _of_several(record, weighed, decision.among) if isinstance(decision, Doubtful) else decision
    if is_of_several(record):
        return _of_several(record, weighed)
    named = _named(weighed)
    exact = [each for each in named if not is_contradicted(each) and not _is_outdone(each, weighed)]
    if len(exact) == 1:
        return Certain(weighed=exact[0])
    likely = exact or [each for each in weighed if each.score >= WORTH_ASKING]
    if not exact and any(_is_named_by_own(each) for each in named):
        others = weigh(record.clues, candidates, known, customers_differ=True)
        return _asked([*named, *filter(_is_named_by_own, others)], likely)
    if not exact and likely and _is_sure(likely[0], is_alone=likely[0].subject in alone) and _is_safe(likely[0], weighed):
        return Likely(weighed=likely[0])
    return Doubtful(among=tuple(likely[:_MOST_ASKED])) if likely else _somebody_else(record, weighed, known)


def of_many(clues: Blinds, shared_by: Mapping[bytes, int]) -> frozenset[bytes]:
    """E-mail addresses among these that more people have than share one."""
    return frozenset(blind for blind in clues.get(ClueKind.EMAIL, _NONE) if shared_by.get(blind, 0) > MOST_HOLDERS)


def without(clues: Blinds, blinds: Collection[bytes]) -> Blinds:
    """What is left of these clues."""
    left = {kind: frozenset(each for each in told if each not in blinds) for kind, told in clues.items()}
    return {kind: told for kind, told in left.items() if told}


def as_said(decision: Decision, denied: Collection[SubjectId]) -> Decision:
    """`denied`: whom a person once said that the record is not about, whatever it said then. By itself it is not linked to them
    again, though it may be asked again."""
    match decision:
        case Certain(weighed=weighed) | Likely(weighed=weighed) if weighed.subject in denied:
            return Doubtful(among=(weighed,))
    return decision


def asked_of(decision: Decision) -> tuple[Weighed, ...]:
    """Whom a person is asked about where nothing may be linked by itself."""
    match decision:
        case Certain(weighed=weighed) | Likely(weighed=weighed):
            return (weighed,)
        case Doubtful(among=among):
            return among
    return ()


def weigh(
    clues: Blinds, candidates: Mapping[SubjectId, Blinds], known: Frequencies, *, customers_differ: bool = False
) -> list[Weighed]:
    """The likeliest first. Somebody with another customer id is somebody else, unless `customers_differ`: that speaks against it
    then, as everything that differs does."""
    compared = {subject: _compare(clues, blinds, known) for subject, blinds in candidates.items()}
    possible = {subject: each for subject, each in compared.items() if customers_differ or not _is_other_customer(each)}
    same = {subject: prod(each.chance.same / each.chance.stranger for each in found) for subject, found in possible.items()}
    everybody = sum(same.values()) + max(known.subjects, 1)
    weighed = [
        Weighed(
            subject=subject,
            score=same[subject] / (everybody + _taken_for(found)),
            compared=tuple(_told(each) for each in found),
        )
        for subject, found in possible.items()
    ]
    return sorted(weighed, key=lambda each: (-each.score, str(each.subject)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """One aspect of a comparison. `others`: how many besides have what agrees."""

    aspect: Aspect
    outcome: Outcome
    chance: Chance
    others: int


def _taken_for(seen: Sequence[_Seen]) -> float:
    """How likely all this would be of somebody who lives with them, is called the same, or is nobody whom we know, to so much as
    of one of those whom we do."""
    names = [each for each in seen if each.aspect in NAMED]
    household = prod(each.chance.household / each.chance.stranger for each in seen)
    outside = prod(at_large(each.aspect, each.chance) / each.chance.stranger for each in seen if each.outcome is Outcome.AGREES)
    namesake = outside * prod(each.chance.same / each.chance.stranger for each in names)
    return HOUSEHOLD * household + STRANGERS * outside + (NAMESAKES * namesake if names else 0.0)


def pattern(record: Record) -> tuple[bytes, ...]:
    """What a record says, in a settled order: a pair that was refused stays so as long as this does."""
    return tuple(sorted({blind for blinds in record.clues.values() for blind in blinds}))


def _of_several(record: Record, weighed: Sequence[Weighed], first: Sequence[Weighed] = ()) -> Decision:
    """Never anybody's without a word: who knows whose the identifier is among those whom it speaks of? `first`: whose row it may
    be. Of two whose ids it has, it is none's more than the other's."""
    most = 1 / max(1, *(len(record.blinds(kind)) for kind in ONES_OWN_IDS))
    fair = [replace(each, score=min(each.score, most)) for each in weighed]
    named = [*first, *filter(_is_named_by_own, fair)]
    asked = [each for each in fair if each.score >= WORTH_ASKING and any(_agrees(each, one) for one in _IDENTIFYING)]
    return _asked(named, asked) if named or asked else Nobody(why=Unlinked.SEVERAL_PEOPLE)


def _asked(named: Sequence[Weighed], likely: Sequence[Weighed]) -> Doubtful:
    """All whose ids it has, and so many others as are worth asking."""
    named = _each_once(named)
    return Doubtful(among=_each_once([*named, *likely])[: max(_MOST_ASKED, len(named))])


def _somebody_else(record: Record, weighed: Sequence[Weighed], known: Frequencies) -> Decision:
    """Nobody whom we know: somebody new, where an identifier is theirs."""
    if not any(record.blinds(kind) for kind in IDENTIFIERS):
        return Nobody(why=Unlinked.NO_IDENTIFIER)
    if not any(record.blinds(kind) for kind in ONES_OWN_IDS) and not _has_own_contact(record, weighed, known):
        return Nobody(why=Unlinked.SHARED)
    return Newcomer() if record.ours else Nobody(why=Unlinked.NOT_OURS)


def _has_own_contact(record: Record, weighed: Sequence[Weighed], known: Frequencies) -> bool:
    """An address or number that nobody has; or one that few have, all of whom something of their own tells from this one."""
    fewest = min(known.shared_by.get(blind, 0) for kind in _CONTACTS for blind in record.blinds(kind))
    if fewest == 0:
        return True
    is_told_apart = all(any(each.outcome(aspect) is Outcome.DIFFERS for aspect in _OWN) for each in weighed)
    return fewest <= MOST_HOLDERS and is_told_apart and any(record.blinds(kind) for kind in _NAMED_OR_BORN)


def _named(weighed: Sequence[Weighed]) -> list[Weighed]:
    """Those whom the best identifier names."""
    for aspect in _EXACT:
        named = [each for each in weighed if each.outcome(aspect) is Outcome.AGREES]
        if aspect is Aspect.EMAIL:
            only = len(named) == 1
            named = [each for each in named if _is_mailbox_of(each, only=only)]
        if named:
            return named
    return []


def _is_named_by_own(weighed: Weighed) -> bool:
    return _agrees(weighed, Aspect.CUSTOMER_ID) or _agrees(weighed, Aspect.NATIONAL_ID)


def _each_once(weighed: Sequence[Weighed]) -> tuple[Weighed, ...]:
    return tuple({each.subject: each for each in weighed}.values())


def _is_mailbox_of(weighed: Weighed, *, only: bool) -> bool:
    """`only`: nobody else is known to have the address."""
    if _agrees(weighed, Aspect.GIVEN_NAME) or _agrees(weighed, Aspect.DATE_OF_BIRTH):
        return True
    is_initial = weighed.outcome(Aspect.GIVEN_NAME) is Outcome.IN_PART
    return only and is_initial and _agrees(weighed, Aspect.FAMILY_NAME)


def _agrees(weighed: Weighed, aspect: Aspect) -> bool:
    return weighed.outcome(aspect) is Outcome.AGREES


def is_contradicted(weighed: Weighed) -> bool:
    """Something of their own differs. A given name and a day of birth may each be written wrongly where the other agrees."""
    differs = {each.aspect for each in weighed.compared if each.outcome is Outcome.DIFFERS}
    agrees = {each.aspect for each in weighed.compared if each.outcome is Outcome.AGREES}
    own = differs & set(_OWN)
    excused = {Aspect.GIVEN_NAME: Aspect.DATE_OF_BIRTH, Aspect.DATE_OF_BIRTH: Aspect.GIVEN_NAME}
    return any(Aspect.CUSTOMER_ID not in agrees or excused.get(aspect) not in agrees for aspect in own)


def speaks_for(weighed: Weighed) -> bool:
    """Whether what was linked to them is theirs still: where anything differs by now, something of their own agrees."""
    differs = any(each.outcome is Outcome.DIFFERS for each in weighed.compared)
    return not differs or any(_agrees(weighed, aspect) for aspect in (*_EXACT, Aspect.GIVEN_NAME, Aspect.DATE_OF_BIRTH))


def _is_sure(weighed: Weighed, *, is_alone: bool) -> bool:
    named = (Aspect.TEL, Aspect.GIVEN_NAME, Aspect.FAMILY_NAME)
    enough = AUTOMATIC_ALONE if is_alone and all(_agrees(weighed, aspect) for aspect in named) else AUTOMATIC
    return weighed.score >= enough


def _is_outdone(weighed: Weighed, all_weighed: Sequence[Weighed]) -> bool:
    """Another telephone number speaks against it, and that is somebody's of whom nothing of their own differs."""
    if _is_named_by_own(weighed) or weighed.outcome(Aspect.TEL) is not Outcome.DIFFERS:
        return False
    return any(
        _agrees(each, Aspect.TEL) and not any(each.outcome(aspect) is Outcome.DIFFERS for aspect in _OWN) for each in all_weighed
    )


def _is_safe(weighed: Weighed, all_weighed: Sequence[Weighed]) -> bool:
    if weighed.outcome(Aspect.GIVEN_NAME) is not Outcome.AGREES or _is_outdone(weighed, all_weighed):
        return False
    if any(weighed.outcome(aspect) is Outcome.DIFFERS for aspect in _OWN):
        return False
    is_one_called_junior = weighed.outcome(Aspect.GENERATION) is Outcome.IN_PART
    return not is_one_called_junior or weighed.outcome(Aspect.DATE_OF_BIRTH) is Outcome.AGREES


def is_of_several(record: Record) -> bool:
    return any(len(record.blinds(kind)) > 1 for kind in (ClueKind.NAME_GIVEN, ClueKind.CUSTOMER_ID, ClueKind.NATIONAL_ID))


def _is_other_customer(compared: Sequence[_Seen]) -> bool:
    return any(each.aspect is Aspect.CUSTOMER_ID and each.outcome is Outcome.DIFFERS for each in compared)


def _told(seen: _Seen) -> Compared:
    return Compared(
        aspect=seen.aspect,
        outcome=seen.outcome,
        bits=round(log2(seen.chance.same / seen.chance.stranger), 1),
        household=round(log2(seen.chance.same / seen.chance.household), 1),
        others=seen.others if seen.outcome is Outcome.AGREES else None,
    )


def _compare(record: Blinds, subject: Blinds, known: Frequencies) -> list[_Seen]:
    """Only what both tell of."""
    found: list[tuple[Aspect, Outcome, frozenset[bytes]]] = []
    for aspect, kinds in _SIMPLE.items():
        mine, theirs = _all(record, kinds), _all(subject, kinds)
        if mine and theirs:
            found.append((aspect, Outcome.AGREES if mine & theirs else Outcome.DIFFERS, mine & theirs))
    found.extend(each for each in (_given(record, subject), _generation(record, subject), _address(record, subject)) if each)
    return [_seen(aspect, outcome, agreeing, known) for aspect, outcome, agreeing in found]


def _seen(aspect: Aspect, outcome: Outcome, agreeing: frozenset[bytes], known: Frequencies) -> _Seen:
    shared_by = min((known.shared_by.get(blind, 1) for blind in agreeing), default=0)
    found = chance(aspect, outcome, shared_by=shared_by, subjects=known.subjects)
    return _Seen(aspect=aspect, outcome=outcome, chance=found, others=max(shared_by - 1, 0))


def _all(blinds: Blinds, kinds: Sequence[ClueKind]) -> frozenset[bytes]:
    if len(kinds) == 1:
        return blinds.get(kinds[0], _NONE)
    return frozenset().union(*(blinds.get(kind, _NONE) for kind in kinds))


def _given(record: Blinds, subject: Blinds) -> tuple[Aspect, Outcome, frozenset[bytes]] | None:
    """In full where both have it in full, else by the initial. A word alone that is no given name of theirs may be the other part
    of their name, and says nothing."""
    mine, theirs = record.get(ClueKind.NAME_GIVEN, _NONE), subject.get(ClueKind.NAME_GIVEN, _NONE)
    word = record.get(ClueKind.NAME_WORD, _NONE) & theirs
    if word and not mine:
        return Aspect.GIVEN_NAME, Outcome.AGREES, word
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
