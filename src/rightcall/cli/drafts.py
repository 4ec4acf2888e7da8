"""Drafts and adoptions of house rules as they are named on the command line: by id, or by as much of it as tells it apart."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from rightcall.database.connection import Transaction
from rightcall.errors import Malformed, NotFound
from rightcall.ids import AdoptionId
from rightcall.policy import adopting
from rightcall.policy.adoption.model import Draft

DEPLOYMENT = "deployment"
"""Named in place of an adoption: the house rules of the deployment, where every controller begins. They were never adopted."""
T = TypeVar("T")


def draft_of(tx: Transaction, given: str) -> Draft:
    return _named(given, [(each.id, each) for each in adopting.drafts(tx)], "draft")


def adoption_of(tx: Transaction, given: str) -> AdoptionId:
    return _named(given, [(each.id, each.id) for each in adopting.adoptions(tx)], "adoption")


def older_of(tx: Transaction, given: str) -> AdoptionId | None:
    """None for the rules of the deployment."""
    return None if given.strip().lower() == DEPLOYMENT else adoption_of(tx, given)


def _named(given: str, known: Sequence[tuple[UUID, T]], what: str) -> T:
    beginning = given.strip().lower()
    found = [each for id, each in known if beginning and str(id).startswith(beginning)]
    if not found:
        raise NotFound(f"There is no such {what} at this controller. `rightcall rules history` shows those there are.")
    if len(found) > 1:
        raise Malformed(f"There are {len(found)} of this controller whose id begins like this. Give more of it.")
    return found[0]
