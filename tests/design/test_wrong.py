"""What goes wrong is told in the reader's language whole, or by a sentence for its sort: never in English among other words."""

import pytest
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from rightcall.console.patience import TOO_OFTEN
from rightcall.design.tongues import ENGLISH, NAMES, Tongue
from rightcall.design.wrong import TooMany, of_error
from rightcall.errors import Conflict, Malformed, NotAllowed, NotConfigured, NotFound, NotSignedIn, StillWorking, UnknownTerm

OWN = "A sentence of a deed that no catalogue has."
SORTS = (NotSignedIn, NotAllowed, NotFound, Conflict, Malformed, UnknownTerm, NotConfigured, StillWorking)


@pytest.mark.parametrize("code", sorted(set(NAMES) - {ENGLISH}))
@pytest.mark.parametrize("kind", SORTS)
def test_a_sentence_that_nobody_translated_gives_way_to_that_of_its_sort(kind: type[Exception], code: str) -> None:
    wrong = of_error(kind(OWN))
    told = wrong.told(Tongue(code))
    assert told not in (OWN, wrong.otherwise), "in English"
    assert told == Tongue(code).words.gettext(wrong.otherwise)
    assert wrong.told(Tongue()) == OWN


def test_a_sentence_that_is_in_the_catalogue_is_told_as_it_is() -> None:
    known = "This was not sent from a page of ours, so nothing was done. Open the page again, and send it from there."
    assert of_error(NotAllowed(known)).told(Tongue("de")) == Tongue("de").words.gettext(known) != known


def test_a_limit_says_what_it_is_of() -> None:
    """And not that many people are asking: it may be one alone."""
    wrong = of_error(TooMany(TOO_OFTEN))
    assert (wrong.status, "ten minutes" in wrong.detail) == (429, True)
    assert wrong.told(Tongue("de")) == Tongue("de").words.gettext(TOO_OFTEN) != TOO_OFTEN
    assert "Many people" in of_error(HTTPException(429)).detail


@pytest.mark.parametrize(
    ("where", "status", "says"),
    [("path", 404, "This address leads nowhere"), ("query", 422, "The address asks"), ("body", 422, "Something in the form")],
)
def test_what_does_not_fit_is_told_as_what_it_is(where: str, status: int, says: str) -> None:
    """Nobody is told of a form who sent none."""
    wrong = of_error(RequestValidationError([{"loc": (where, "days"), "type": "missing", "msg": "", "input": None}]))
    assert (wrong.status, wrong.detail.startswith(says)) == (status, True)
