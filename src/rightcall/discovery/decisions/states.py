"""From which state a link may go to which, by what is said of it: the one place that knows. Each step has its reason, and its
statement in the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from rightcall.discovery.linking.model import LinkState
from rightcall.errors import Conflict

_CERTAIN, _LIKELY, _DOUBTFUL = LinkState.CERTAIN, LinkState.LIKELY, LinkState.DOUBTFUL
_REFUSED, _UNDONE, _OVER = LinkState.REFUSED, LinkState.UNDONE, LinkState.OVER


class LinkDeed(StrEnum):
    """What is said of a link: all but `end` by a person."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    UNDO = "undo"
    REOPEN = "reopen"
    END = "end"


@dataclass(frozen=True, slots=True)
class Step:
    was: frozenset[LinkState]
    now: LinkState


STEPS: Mapping[LinkDeed, Step] = {
    LinkDeed.ACCEPT: Step(frozenset(LinkState), _CERTAIN),
    LinkDeed.REFUSE: Step(frozenset({_DOUBTFUL, _UNDONE}), _REFUSED),
    LinkDeed.UNDO: Step(frozenset({_CERTAIN, _LIKELY}), _UNDONE),
    LinkDeed.REOPEN: Step(frozenset({_REFUSED}), _DOUBTFUL),
    LinkDeed.END: Step(frozenset({_CERTAIN, _LIKELY}), _OVER),
}
WAITING = frozenset({_DOUBTFUL, _UNDONE})
"""For a person's word; an undone one unless its record is linked to another."""
STANDING = frozenset({_CERTAIN, _LIKELY})
_SO: Mapping[LinkState, str] = {
    _CERTAIN: "It stands. Undo it if it is wrong; accept it if all that is found there now is theirs.",
    _LIKELY: "It stands. Undo it if it is wrong; accept it if it is right.",
    _DOUBTFUL: "It waits for a word: accept it or refuse it.",
    _UNDONE: "Accept it if it was right after all, or refuse it.",
    _REFUSED: "Accept it if it was right after all, or reopen it, and it waits again.",
    _OVER: "Accept it if it is right after all.",
}


def step(deed: LinkDeed, was: LinkState) -> LinkState:
    """The state after it. Conflict where it cannot be said of a link in this state."""
    if was not in STEPS[deed].was:
        raise Conflict(f"This link is {was}. {_SO[was]}")
    return STEPS[deed].now
