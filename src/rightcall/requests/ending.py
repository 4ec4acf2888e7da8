"""What is kept for a purpose no longer, and why nobody opens it: asked of the keys, and told alike on the person's own page and
in their copy. Pure."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from rightcall.consent.model import Answer, Choice
from rightcall.holdings.model import Holding
from rightcall.ids import PurposeId
from rightcall.vault.model import Dark, DarkReason
from rightcall.vault.rules import darkest

Opening = Mapping[PurposeId, Dark | None]
"""For each purpose of one thing: None where it can be opened, or why not."""


def ended(holding: Holding, opening: Opening, today: date) -> dict[PurposeId, DarkReason | None]:
    """What is only withheld has not ended. None: its day is over, and its key may be there a while after that."""
    found: dict[PurposeId, DarkReason | None] = {
        each.purpose: None for each in holding.terms if each.last_day is not None and each.last_day < today
    }
    if holding.is_ours:
        found |= {id: each.reason for id, each in opening.items() if each is not None and each.reason is not DarkReason.WITHHELD}
    return found


def is_overdue(holding: Holding, ended: Collection[PurposeId], *, is_held: bool) -> bool:
    """Another system has it still, though it is kept for nothing any more. `is_held`: by a hold that the person is told of."""
    return not holding.is_ours and holding.is_there and not is_held and bool(ended) and set(ended) == set(holding.purposes)


def dark(opening: Opening) -> DarkReason | None:
    """Why nobody opens it for any of its purposes; None where somebody could for one. What is withheld comes back."""
    reasons = [each.reason for each in opening.values() if each is not None]
    if not reasons or len(reasons) < len(opening):
        return None
    return DarkReason.WITHHELD if DarkReason.WITHHELD in reasons else darkest(reasons).reason


def taken_back(answers: Iterable[Choice], holding: Holding, purpose: PurposeId, why: DarkReason | None) -> datetime | None:
    """When the person took their yes to it back, where that is why it ended: the first time after it was made. `answers`: theirs,
    in the call that it is of."""
    if why is not DarkReason.GRANT_DESTROYED:
        return None
    withdrawn = [
        each.made_at
        for each in answers
        if each.purpose == purpose and each.answer is Answer.WITHDRAWN and each.made_at >= holding.made_at
    ]
    return min(withdrawn, default=None)
