"""Drafts and adoptions of house rules as they are named on the command line: by id, or by as much of it as tells it apart."""

from rightcall.cli.given import one_of
from rightcall.database.connection import Transaction
from rightcall.ids import AdoptionId
from rightcall.policy import adopting
from rightcall.policy.adoption.model import Draft

DEPLOYMENT = "deployment"
"""Named in place of an adoption: the house rules of the deployment, where every controller begins. They were never adopted."""
_SHOWN_BY = "rightcall rules history"


def draft_of(tx: Transaction, given: str) -> Draft:
    return one_of([(each.id, each) for each in adopting.drafts(tx)], given, "draft", _SHOWN_BY)


def adoption_of(tx: Transaction, given: str) -> AdoptionId:
    return one_of([(each.id, each.id) for each in adopting.adoptions(tx)], given, "adoption", _SHOWN_BY)


def older_of(tx: Transaction, given: str) -> AdoptionId | None:
    """None for the rules of the deployment."""
    return None if given.strip().lower() == DEPLOYMENT else adoption_of(tx, given)
