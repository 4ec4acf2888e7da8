"""One review as it is written down: found, held, ended. What every deed on reviews starts or ends with."""

from datetime import datetime

from rightcall.actors import Actor
from rightcall.database.connection import Transaction
from rightcall.errors import NotFound
from rightcall.ids import ReviewId, StatementId
from rightcall.ledger import actions as ledger
from rightcall.reviews import store
from rightcall.reviews.model import End, Ending, Review
from rightcall.reviews.statements import ReviewEnded


def get(tx: Transaction, review: ReviewId) -> Review:
    found = store.review(tx, review)
    if found is None:
        raise NotFound("There is no such review. List the purpose's reviews to see their ids.")
    return found


def locked(tx: Transaction, review: ReviewId) -> Review:
    found = get(tx, review)
    store.lock(tx, found.purpose)
    return found


def end(tx: Transaction, review: Review, why: End, at: datetime, by: Actor, words: str = "") -> StatementId:
    said = ReviewEnded(at=at, controller=tx.of, review=review.id, purpose=review.purpose, why=why, actor=by.id, role=by.role)
    statement = ledger.append(tx, said)
    store.insert_end(tx, review.id, Ending(why=why, at=at, by=by, statement=statement, words=words))
    return statement
