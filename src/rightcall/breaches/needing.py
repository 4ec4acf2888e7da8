"""What an open breach needs of what is gone: whatever was there since it began, to say who is affected."""

from collections.abc import Sequence

from rightcall.breaches import store
from rightcall.database.connection import Transaction
from rightcall.holdings.gone.model import Gone
from rightcall.ids import HoldingId


def needed(tx: Transaction, page: Sequence[Gone]) -> set[HoldingId]:
    began_at = store.open_since(tx)
    return set() if began_at is None else {each.id for each in page if each.went_at >= began_at}
