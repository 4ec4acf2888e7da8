"""What requests need of what is gone: of a person who waits for an answer, all of it; and whatever anybody said is wrong."""

from collections.abc import Sequence

from rightcall.database.connection import Transaction
from rightcall.holdings.gone.model import Gone
from rightcall.ids import HoldingId
from rightcall.requests import store
from rightcall.requests.corrections.store import corrected_among
from rightcall.subjects.joining import actions as joining


def needed(tx: Transaction, page: Sequence[Gone]) -> set[HoldingId]:
    tops = joining.stand_for(tx, store.open_subjects(tx))
    waiting = joining.people(tx, list(set(tops.values()))).keys()
    return {each.id for each in page if each.subject in waiting} | corrected_among(tx, [each.id for each in page])
