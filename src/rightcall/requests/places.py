"""Whose law a request is under: that of the controller's places, of the person's numbers, and of where they say they live."""

from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.errors import Malformed
from rightcall.ids import SubjectId
from rightcall.policy.places import called_here, problem_of
from rightcall.policy.rules import wider
from rightcall.subjects import actions as subjects
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.places import number_place
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark


def places_of(tx: Transaction, vault: Vault, subject: SubjectId, lives_in: str | None) -> frozenset[str]:
    """Codes of places, with those they lie in. Malformed where `lives_in` is no place."""
    lives_in = None if lives_in is None else called_here(lives_in)
    if lives_in is not None and (problem := problem_of(lives_in)) is not None:
        raise Malformed(f"Where the person lives cannot be read. {problem}")
    found = [subjects.identifiers_of(tx, vault, each) for each in joining.person(tx, subject)]
    numbers = [number_place(each) for each in found if not isinstance(each, Dark)]
    known = [*controllers.get(tx).jurisdictions, *(place for place in (*numbers, lives_in) if place is not None)]
    return frozenset[str]().union(*(wider(place) for place in known))
