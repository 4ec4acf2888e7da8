"""The reason and the case that whoever reads something gives: what says nothing is sent back before anything is asked, with what
it needs, as the API does. Whatever else is missing is told in the same breath."""

from collections.abc import Iterator, Mapping

from rightcall.database.connection import Transaction
from rightcall.errors import Malformed
from rightcall.ids import PurposeId
from rightcall.policy.reasons import WANTED_CASE, WANTED_REASON, is_blank, lacks_case, lacks_reason
from rightcall.policy.unknown import in_words
from rightcall.reviews import standing as reviews_standing
from rightcall.wiring import House

UNREVIEWED = "review_in_force"
HELPS: Mapping[str, str] = {
    UNREVIEWED: "`rightcall review template PURPOSE` writes what it asks, `rightcall review draft FILE` hands it in, and"
    " `rightcall review sign REVIEW` signs it."
}
"""By which command somebody gets what a verdict misses."""


def check_why(tx: Transaction, house: House, purpose: PurposeId, reason: str | None, case: str | None) -> None:
    """Malformed where one was given and says nothing, with all else that is missing. What is blank was not given, and is weighed
    so."""
    if any(_wrong(reason, case)):
        raise Malformed(" ".join(lacking(tx, house, purpose, reason, case)))


def lacking(tx: Transaction, house: House, purpose: PurposeId, reason: str | None, case: str | None) -> list[str]:
    """Of what a rule may ask for all that is not there, and how it comes to be."""
    found = [*_wrong(reason, case), *not_given(reason, case)]
    if purpose not in reviews_standing.reviewed(tx, house.clock, house.rules):
        found += [in_words(UNREVIEWED), HELPS[UNREVIEWED]]
    return found


def not_given(reason: str | None, case: str | None) -> list[str]:
    """What of the two was left out, where a rule may ask for both in one breath."""
    given = (("--reason", reason, WANTED_REASON), ("--case", case, WANTED_CASE))
    return [f"You gave no {option}. Give one that {wanted}." for option, text, wanted in given if is_blank(text)]


def _wrong(reason: str | None, case: str | None) -> Iterator[str]:
    if not is_blank(reason) and (lacks := lacks_reason(reason)) is not None:
        yield f"This --reason says too little: {lacks}. Give one that {WANTED_REASON}."
    if not is_blank(case) and (lacks := lacks_case(case)) is not None:
        yield f"This --case is no reference: {lacks}. Give one that {WANTED_CASE}."
