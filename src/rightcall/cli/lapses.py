"""Which purposes stop because their review ends, as a terminal says it: before, and after."""

from collections.abc import Sequence

from rightcall.purposes.model import Purpose
from rightcall.reviews.lapsing import STOPS

_DRAFT = "To write it: rightcall review draft FILE."


def foretold(found: Sequence[Purpose], act: str = "Adopting this") -> str:
    """Before: a no is not told by nothing being said."""
    if not found:
        return f"{act} ends no review."
    return f"{act} ends the reviews of: {listed(found)}. {STOPS} {_DRAFT}"


def ended(found: Sequence[Purpose]) -> str:
    return f"The reviews of these have ended: {listed(found)}. {STOPS} {_DRAFT}"


def listed(found: Sequence[Purpose]) -> str:
    return ", ".join(each.key for each in found)
