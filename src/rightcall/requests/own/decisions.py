"""What the organisation decided about what it does with a person's data: the reviews of the purposes that touch them, and each
time that a house rule was set aside in something of theirs."""

from collections.abc import Sequence
from dataclasses import dataclass

from rightcall.calls import actions as calls
from rightcall.clock import Clock
from rightcall.consent import actions as consent
from rightcall.database.connection import Transaction
from rightcall.holdings import actions as holdings
from rightcall.ids import CallId, OverrideId, PurposeId, SubjectId
from rightcall.policy import actions as policy
from rightcall.policy import overriding
from rightcall.policy.in_force import says
from rightcall.policy.model import RuleSet
from rightcall.policy.overrides.model import Override
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Purpose
from rightcall.reviews import actions as reviews
from rightcall.reviews import standing as reviews_standing
from rightcall.reviews.model import History, InForce

_MOST_CALLS = 50
_LOOKED_AT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """`review`: the one in force; None where none is, and then nothing runs for the purpose. `before`: those that were in force
    earlier, the newest first."""

    purpose: Purpose
    review: History | None
    before: tuple[History, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """`says`: what the rule protects against, in its own words, where it is in force still."""

    override: Override
    says: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    reviews: tuple[Reviewed, ...]
    set_aside: tuple[SetAside, ...]


def decisions(tx: Transaction, clock: Clock, rules: RuleSet, person: Sequence[SubjectId]) -> Decisions:
    """Of what is held about them or was answered by them; of their newest calls."""
    touching = _purposes(tx, person)
    standings = reviews_standing.standings(tx, clock, rules, touching)
    reviewed = []
    for each in touching:
        standing = standings.get(each.id)
        review = reviews.history(tx, standing.review) if isinstance(standing, InForce) else None
        opened = [one for one in reviews.of_purpose(tx, each.id) if one.opening is not None and one.opening.active]
        before = [one for one in opened if review is None or one.review.id != review.review.id]
        reviewed.append(Reviewed(purpose=each, review=review, before=tuple(before)))
    known = says(tx, clock, rules)
    found = [overriding.get(tx, each) for each in _overrides(tx, person)]
    return Decisions(
        reviews=tuple(reviewed),
        set_aside=tuple(SetAside(override=each, says=known.get(each.rule)) for each in found),
    )


def _purposes(tx: Transaction, person: Sequence[SubjectId]) -> list[Purpose]:
    held = {purpose for each in holdings.of_person(tx, person, limit=_LOOKED_AT) for purpose in each.purposes}
    answered: set[PurposeId] = {each.purpose for subject in person for each in consent.choices_of_subject(tx, subject)}
    return [each for each in purposes.all_purposes(tx) if each.id in held | answered]


def _overrides(tx: Transaction, person: Sequence[SubjectId]) -> list[OverrideId]:
    every: list[CallId] = sorted({part.call for each in person for part in calls.of_subject(tx, each)}, reverse=True)
    found = [override for call in every[:_MOST_CALLS] for each in policy.of_call(tx, call) for override in each.verdict.overrides]
    return list(dict.fromkeys(found))
