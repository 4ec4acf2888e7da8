"""How often two descriptions agree, by whom they describe: the same person, two of one household, two strangers.

Fellegi and Sunter (1969), with a household between the same and strangers: who shares an address, a telephone and a family name
shares all three at once, so against somebody of the same household they hardly count, and the given name and the day of birth do.
The chances of the same and of a household are set here by hand, on the careful side, and tried on a made-up population
(`docs/howto/whose-is-it.md`). Those of strangers follow from the data: how many subjects share just this blind, so Smith counts
for less than Planted-Lovelace. What has been seen a few times only leans on the value here, and a day of birth is never rarer
than days are.

Not everybody is known. A record may be about one of `STRANGERS` people of whom nothing is known yet, and for each who is known
there are `NAMESAKES` others who are called the same: without them a name that nobody else here has would be as good as a number.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from rightcall.discovery.linking.model import Aspect, Outcome


@dataclass(frozen=True, slots=True)
class Chance:
    """Of an outcome, for the same person, for two people of a household, and for two strangers."""

    same: float
    household: float
    stranger: float


AGREES: Mapping[Aspect, Chance] = {
    Aspect.CUSTOMER_ID: Chance(0.98, 0.02, 1e-7),
    Aspect.NATIONAL_ID: Chance(0.98, 0.0005, 1e-7),
    Aspect.EMAIL: Chance(0.70, 0.08, 1e-6),
    Aspect.ACCOUNT: Chance(0.80, 0.30, 1e-6),
    Aspect.TEL: Chance(0.70, 0.50, 1e-5),
    Aspect.DATE_OF_BIRTH: Chance(0.96, 0.004, 1 / 20000),
    Aspect.GIVEN_NAME: Chance(0.94, 0.004, 0.01),
    Aspect.FAMILY_NAME: Chance(0.93, 0.75, 0.002),
    Aspect.GENERATION: Chance(0.98, 0.50, 0.50),
    Aspect.ADDRESS: Chance(0.85, 0.95, 1e-4),
}
"""Days of birth within a household: twins. Given names: fathers and sons of one name."""
IN_PART: Mapping[Aspect, Chance] = {
    Aspect.GIVEN_NAME: Chance(0.90, 0.10, 0.08),
    Aspect.GENERATION: Chance(0.30, 0.70, 0.30),
}
HOUSEHOLD = 1.5
"""How many others of a household there are, to each person."""
STRANGERS = 5_000
"""So many people a record may be about whom nobody knows: else a value that is rare among fifty would pass for rare."""
NAMESAKES = 0.5
"""Others whom nobody knows and who are called the same, to each person. A name alone is never likelier than two in three: of
the made-up population, where 65 names in 100 are rare, that many of such pairs are right."""
NAMED = frozenset({Aspect.GIVEN_NAME, Aspect.FAMILY_NAME, Aspect.GENERATION})
"""What namesakes have in common."""
SEEN_ENOUGH = 200
"""So many subjects outweigh the value set by hand."""
AUTOMATIC = 0.999
"""A link by score alone is made from here on: of a thousand, about one may be wrong by its own measure."""
AUTOMATIC_ALONE = 0.99
"""So for somebody with whom nobody is known to live, where what is left of the doubt is a namesake in the household: there are
fewer of those than `HOUSEHOLD` says."""
WORTH_ASKING = 0.15
"""A person is asked from here on."""


def chance(aspect: Aspect, outcome: Outcome, *, shared_by: int, subjects: int) -> Chance:
    """`shared_by`: how many of all `subjects` have the blind that agrees, the rarest if there are several. Strangers are
    counted without the one whom it is compared with."""
    table = IN_PART if outcome is Outcome.IN_PART else AGREES
    known = table[aspect]
    if outcome is Outcome.DIFFERS:
        return Chance(1 - known.same, 1 - known.household, 1 - known.stranger)
    if outcome is Outcome.IN_PART:
        return known
    others = max(shared_by - 1, 0) + SEEN_ENOUGH * known.stranger
    frequency = others / (max(subjects - 1, 0) + SEEN_ENOUGH)
    rarest = known.stranger if aspect is Aspect.DATE_OF_BIRTH else 0.0
    return Chance(known.same, known.household, min(max(frequency, rarest), 0.5))


def at_large(aspect: Aspect, agrees: Chance) -> float:
    """How many have what agrees among all whom nobody knows. A name is as common there as here; that a number or an address is
    shared by some here, who live together, says nothing of it there."""
    return agrees.stranger if aspect in NAMED else min(agrees.stranger, AGREES[aspect].stranger)
