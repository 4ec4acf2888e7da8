"""Looking for calls that are like this."""

from collections.abc import Sequence

from rightcall.calls import store as all_calls
from rightcall.calls.alike import store
from rightcall.calls.alike.model import Alike, Trait
from rightcall.calls.alike.rules import marks_of
from rightcall.calls.model import Call, TrunkId
from rightcall.database.connection import Transaction
from rightcall.database.walk import Walk
from rightcall.ids import CallId


def page(tx: Transaction, walk: Walk, alike: Alike, limit: int) -> list[Call]:
    """Those that are like this, by when they began."""
    marks = marks_of(alike)
    return store.page(tx, walk, marks[0], marks[1:], limit) if marks else all_calls.page(tx, walk, limit)


def traits_of(tx: Transaction, found: Sequence[Call]) -> dict[CallId, frozenset[Trait]]:
    """Of each of these calls what it is looked for by; those that have nothing are not among them."""
    traits: dict[CallId, set[Trait]] = {}
    for call, trait in store.traits(tx, found):
        traits.setdefault(call, set()).add(trait)
    return {call: frozenset(each) for call, each in traits.items()}


def lines(tx: Transaction) -> dict[TrunkId, str]:
    """What each line is called, in that order; the retired ones too, since calls came by them."""
    return store.lines(tx)
