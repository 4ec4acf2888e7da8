"""Which corrections a request has, and which are acted on: those that were neither taken back nor have another in their place."""

from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, NotFound
from rightcall.ids import CorrectionId, RequestId
from rightcall.requests.corrections import store
from rightcall.requests.corrections.model import KeptCorrection
from rightcall.requests.record import get


def correction_of(tx: Transaction, request: RequestId, correction: CorrectionId) -> KeptCorrection:
    for each in store.corrections_of_request(tx, get(tx, request).id):
        if each.id == correction:
            return each
    raise NotFound("There is no such correction of this request. List the corrections to see their ids.")


def stands(tx: Transaction, kept: KeptCorrection) -> bool:
    return kept.taken_back_at is None and not store.replaced(tx, [kept.id])


def check_stands(tx: Transaction, kept: KeptCorrection) -> None:
    """Conflict where nobody acts on it any more."""
    if not stands(tx, kept):
        raise Conflict("This was taken back, or something else was entered in its place. Go by the one that stands.")
