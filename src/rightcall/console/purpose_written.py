"""A new purpose, by form: why something is collected, on what it rests, of what sorts, for whom and how long.

It runs only once it has words to ask with and a review that is signed. It never changes but to keep less: a different purpose is
a new one.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from rightcall.console.door import Inside, inside, sending
from rightcall.console.filled import Filled, Sent, Wrongs
from rightcall.console.places import CALLED
from rightcall.console.sheets import page
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.errors import Conflict
from rightcall.holdings.categories import Category
from rightcall.holdings.saying import category
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import LawfulBasis, NewPurpose, OnWithdrawal
from rightcall.purposes.rules import faults_of_purpose
from rightcall.purposes.terms import vocabulary
from rightcall.staff.model import Deed
from rightcall.staff.rules import USING_ROLES

E = TypeVar("E", bound=StrEnum)
router = APIRouter(prefix="/console/purposes")
Beginning = Annotated[Inside, Depends(inside(Deed.CHANGE_PURPOSES))]
Changing = Annotated[Inside, Depends(sending(Deed.CHANGE_PURPOSES))]
_USUAL = {
    "staff_basis": LawfulBasis.LEGITIMATE_INTERESTS.value,
    "on_withdrawal": OnWithdrawal.DESTROY.value,
    "data_categories": "pd:VoiceCommunicationRecording",
}


_NO_SORT = "Tick each sort that the reason needs, one at least, of those that stand here."


@router.get("/new")
def begin(request: Request, who: Beginning) -> HTMLResponse:
    return _form(request, who, Filled({name: (said,) for name, said in _USUAL.items()}))


@router.post("")
def create(request: Request, who: Changing, given: Sent) -> Response:
    """It is in the register then, and rests."""
    wrongs = Wrongs()
    new = _new(given, wrongs)

    def deed(tx: Transaction) -> str:
        return purposes.create_purpose(tx, who.house.clock, new, by=who.actor).key

    if wrongs:
        return _form(request, who, given, wrongs)
    try:
        return onwards(f"/console/purposes/{who.run(deed)}")
    except Conflict as taken:
        return _form(request, who, given, Wrongs({"key": str(taken)}))


def _new(given: Filled, wrongs: Wrongs) -> NewPurpose:
    """As it was written; what is amiss stands at its field, and then it is not to be used."""
    new = NewPurpose(
        key=given.one("key").strip(),
        title=given.one("title"),
        justification=given.one("justification"),
        lawful_basis=_one_of(wrongs, given, "lawful_basis", LawfulBasis.CONSENT),
        staff_basis=_one_of(wrongs, given, "staff_basis", LawfulBasis.LEGITIMATE_INTERESTS),
        data_categories=tuple(each.strip() for each in given.every("data_categories") if each.strip()),
        may_use=frozenset(role for role in USING_ROLES if role.value in given.every("may_use")),
        term_days=_days(given.one("term_days")),
        dpv_purpose=given.one("dpv_purpose"),
        on_withdrawal=_one_of(wrongs, given, "on_withdrawal", OnWithdrawal.DESTROY),
        legal_duty=given.one("legal_duty").strip() or None,
    )
    for field, fault in faults_of_purpose(new):
        wrongs.setdefault(field, _NO_SORT if field == "data_categories" else str(fault))
    return new


def _one_of(wrongs: Wrongs, given: Filled, field: str, usual: E) -> E:
    try:
        return type(usual)(given.one(field))
    except ValueError:
        wrongs[field] = "Choose what is so."
        return usual


def _days(said: str) -> int:
    """Nought for what is no number of days."""
    return int(said) if said.strip().isascii() and said.strip().isdecimal() and len(said.strip()) < 10 else 0


def _form(request: Request, who: Inside, given: Filled, wrongs: Wrongs | None = None) -> HTMLResponse:
    found = wrongs or Wrongs()
    return html(page(request, "purpose-written", who, given=given, wrongs=found, **_CHOICES), status=422 if found else 200)


def _pairs(words: Sequence[StrEnum]) -> list[tuple[str, str]]:
    return [(each.value, each.value.replace("_", " ")) for each in words]


def _sorts() -> Iterator[tuple[str, str]]:
    return ((each.value, category(each)) for each in Category if each is not Category.PERSONAL_DATA)


_CHOICES: Mapping[str, object] = {
    "bases": _pairs(list(LawfulBasis)),
    "roles": [(each.value, CALLED[each]) for each in sorted(USING_ROLES)],
    "kinds": [(f"dpv:{each}", each) for each in sorted(vocabulary().purposes)],
    "sorts": sorted(
        ((each.value, category(each)) for each in Category if each is not Category.PERSONAL_DATA), key=lambda pair: pair[1]
    ),
    "afterwards": [
        (OnWithdrawal.DESTROY.value, "what was kept is destroyed"),
        (OnWithdrawal.KEEP.value, "what was kept stays until its day"),
    ],
}
