"""Which two subjects are worth asking a person about. The same measure as for records, and more is wanted: who shares a household
shares an address, a telephone, a family name, often an account and a mailbox, and fathers and sons a name as well.

1. Nothing that is a person's own may differ: national id, day of birth, given name, junior and senior. Where the national id
   agrees, one of given name and day of birth may be written wrongly if the other agrees.
2. Something has to agree that two people of one household hardly share: the national id; the customer id; the day of birth with
   the given name and one thing more; or an e-mail address with the whole name.
3. Two customer ids speak of two customers. That one person was entered twice is proposed only on the national id or the day of
   birth.
4. And the score is as high as for a link that is made without asking.
5. Whoever called from a number, or wrote from an address, by which records tell of somebody is asked about whatever the score, as
   long as it is worth asking: nobody can sign in by a code that is sent there until it is decided. Nothing that is a person's own
   may differ then either, and no more may have the number than share one. The name of a caller is compared where it agrees with
   somebody's in full, and lets the others of the household be; what a telephone shows as a name is often none, so that it differs
   says nothing.
"""

from collections.abc import Collection, Mapping, Sequence

from rightcall.discovery.linking.chances import AUTOMATIC, WORTH_ASKING
from rightcall.discovery.linking.clues import ClueKind
from rightcall.discovery.linking.model import Aspect, Blinds, Outcome, Weighed
from rightcall.discovery.linking.rules import MOST_HOLDERS, Frequencies, weigh
from rightcall.ids import SubjectId

_OWN = frozenset({Aspect.NATIONAL_ID, Aspect.DATE_OF_BIRTH, Aspect.GIVEN_NAME, Aspect.GENERATION})
_EXCUSED = {Aspect.GIVEN_NAME: Aspect.DATE_OF_BIRTH, Aspect.DATE_OF_BIRTH: Aspect.GIVEN_NAME}
_ONE_MORE = frozenset({Aspect.FAMILY_NAME, Aspect.EMAIL, Aspect.ACCOUNT, Aspect.TEL, Aspect.ADDRESS})
_BORN = frozenset({Aspect.DATE_OF_BIRTH, Aspect.GIVEN_NAME})
_WRITTEN_TO = frozenset({Aspect.EMAIL, Aspect.GIVEN_NAME, Aspect.FAMILY_NAME})


REACHED = (ClueKind.TEL, ClueKind.EMAIL)
"""What a code is sent to."""
_NAME = (ClueKind.NAME_GIVEN, ClueKind.NAME_FAMILY)
_NOTHING: frozenset[bytes] = frozenset()


def may_be(
    clues: Blinds, candidates: Mapping[SubjectId, Blinds], known: Frequencies, *, reached: Collection[SubjectId] = ()
) -> list[Weighed]:
    """Of these whom the person with such clues may be, the likeliest first. `known` counts that person too, no stranger.
    `reached`: those of them whom records know by what this person called or wrote from, or the other way round."""
    shared_by = {blind: known.shared_by.get(blind, 1) - 1 for blind in pattern(clues)}
    others = Frequencies(subjects=known.subjects - 1, shared_by=shared_by)
    weighed = weigh(clues, candidates, others, customers_differ=True)
    return [
        each
        for each in weighed
        if (each.score >= AUTOMATIC and _is_strong(each)) or (each.subject in reached and _is_worth_asking(each))
    ]


def reached_alike(
    one: Blinds, other: Blinds, *, gave: frozenset[bytes], other_gave: frozenset[bytes], known: Frequencies
) -> bool:
    """Whether one of them gave a number or address by which records know the other, and no more have it than share one."""
    both = {blind for kind in REACHED for blind in one.get(kind, _NOTHING) & other.get(kind, _NOTHING)}
    return any((each in gave) != (each in other_gave) and known.shared_by.get(each, 0) <= MOST_HOLDERS for each in both)


def is_called(name: Blinds, other: Blinds) -> bool:
    """Whether the other is called so, in full."""
    return all(name.get(kind, _NOTHING) & other.get(kind, _NOTHING) for kind in _NAME)


def with_name(clues: Blinds, name: Blinds) -> Blinds:
    return {kind: clues.get(kind, _NOTHING) | name.get(kind, _NOTHING) for kind in {*clues, *name}}


def pattern(clues: Blinds) -> Sequence[bytes]:
    """All that somebody is known by, in a settled order."""
    return sorted({blind for blinds in clues.values() for blind in blinds})


def _is_strong(weighed: Weighed) -> bool:
    agrees = _aspects(weighed, Outcome.AGREES)
    differs = _aspects(weighed, Outcome.DIFFERS)
    if _is_contradicted(agrees, differs):
        return False
    is_one_called_junior = weighed.outcome(Aspect.GENERATION) is Outcome.IN_PART
    if is_one_called_junior and Aspect.DATE_OF_BIRTH not in agrees:
        return False
    is_born = agrees >= _BORN and not agrees.isdisjoint(_ONE_MORE)
    if Aspect.NATIONAL_ID in agrees or is_born:
        return True
    return Aspect.CUSTOMER_ID not in differs and (Aspect.CUSTOMER_ID in agrees or agrees >= _WRITTEN_TO)


def _is_worth_asking(weighed: Weighed) -> bool:
    differs = _aspects(weighed, Outcome.DIFFERS)
    return weighed.score >= WORTH_ASKING and differs.isdisjoint({*_OWN, Aspect.CUSTOMER_ID})


def _is_contradicted(agrees: frozenset[Aspect], differs: frozenset[Aspect]) -> bool:
    own = differs & _OWN
    return any(Aspect.NATIONAL_ID not in agrees or _EXCUSED.get(aspect) not in agrees for aspect in own)


def _aspects(weighed: Weighed, outcome: Outcome) -> frozenset[Aspect]:
    return frozenset(each.aspect for each in weighed.compared if each.outcome is outcome)
