"""The access log: who used what of whom, for which purpose, and what was refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from rightcall.actors import Role
from rightcall.console.door import Inside, inside
from rightcall.console.places import CALLED
from rightcall.console.tables import seen_last, walk_of
from rightcall.console.tables import shown as answered
from rightcall.database.connection import Transaction
from rightcall.design.tables import Column, Table, View
from rightcall.errors import Malformed
from rightcall.holdings import actions as holdings
from rightcall.holdings import saying
from rightcall.holdings.model import Holding
from rightcall.holdings.uses import actions as uses
from rightcall.holdings.uses.model import PLACE_FIELD, Use, UseAct, Which
from rightcall.holdings.uses.saying import DONE
from rightcall.holdings.uses.whys import actions as whys
from rightcall.holdings.uses.whys.model import Why
from rightcall.ids import CallId, PurposeId, SubjectId
from rightcall.purposes import actions as purposes
from rightcall.staff.members import actions as members
from rightcall.staff.model import Deed
from rightcall.subjects.model import IdentifierKind
from rightcall.vault.actions import Vault

router = APIRouter(prefix="/console/uses")
Titles = Mapping[PurposeId, str]
_WORDS = {
    IdentifierKind.CUSTOMER_ID.value: "customer number",
    IdentifierKind.EMAIL.value: "e-mail address",
    IdentifierKind.SIP.value: "SIP address",
    IdentifierKind.TEL.value: "telephone number",
    PLACE_FIELD.text: "where it lies",
}
"""Fields of ours. Other systems' stand as their schemas have them, and so do all of them in what is taken along."""


@dataclass(frozen=True, slots=True)
class Logged:
    """`thing`: what was used; None where that is not on the map, as the names a person is known by. `why`: as it was said; empty
    where nothing was, and where the person was erased since."""

    use: Use
    thing: Holding | None
    why: Why


def _logged(titles: Titles) -> Table[Logged]:
    purpose_names = tuple(sorted(set(titles.values())))
    return Table(
        file="access-log",
        order="-when",
        columns=(
            Column("when", "When", lambda each: each.use.at, is_period=True),
            Column(
                "act",
                "What was done",
                lambda each: each.use.act,
                is_picked=True,
                is_sorted=False,
                options=tuple(UseAct),
                words=DONE,
            ),
            Column(
                "for",
                "For",
                lambda each: titles[each.use.purpose],
                is_picked=True,
                is_sorted=False,
                options=purpose_names,
                is_own=True,
            ),
            Column("by", "By", lambda each: each.use.by.role, is_picked=True, is_sorted=False, options=tuple(Role), words=CALLED),
            Column("thing", "Of what", _thing, is_sorted=False, is_shown=False),
            Column("person", "Whose", lambda each: str(each.use.subject), is_typed=True, is_sorted=False),
            Column("fields", "Fields", lambda each: ", ".join(each.use.fields), is_sorted=False, is_shown=False),
            Column("verdict", "Verdict", lambda each: "refused" if each.use.refused else "yes", is_sorted=False),
            Column("who", "Id of who did it", lambda each: str(each.use.by.id), is_typed=True, is_sorted=False, is_shown=False),
            Column("call", "Call (id)", _call, is_typed=True, is_sorted=False, is_shown=False),
        ),
    )


@router.get("")
def list_uses(request: Request, who: Annotated[Inside, Depends(inside(Deed.SEE_USES))]) -> Response:
    """Who read, played or took what, for which purpose, and what was refused; the newest first."""

    def deed(tx: Transaction) -> tuple[Titles, frozenset[UUID]]:
        titles = purposes.titles(tx)
        return titles, frozenset(each.id for each in members.members(tx)) if who.may(Deed.SEE_STAFF) else frozenset()

    titles, staff = who.run(deed)

    def fetch(asked: View, limit: int) -> list[Logged]:
        return who.run(lambda tx: _page(tx, who.house.vault, asked, titles, limit))

    def cursor(each: Logged) -> str:
        return seen_last(each.use.at, each.use.statement)

    listed = _logged(titles).behind(fetch, cursor, request.query_params)
    return answered(request, "uses", who, listed=listed, titles=titles, staff=staff, words=_WORDS, done=DONE)


def _which(tx: Transaction, picked: Mapping[str, str], titles: Titles) -> Which | None:
    """None where no line can be like this."""
    act, role, title = picked.get("act"), picked.get("by"), picked.get("for")
    purpose = next((id for id, each in titles.items() if each == title), None)
    if (act and act not in set(UseAct)) or (role and role not in set(Role)) or (title and purpose is None):
        return None
    person, call = _id(picked.get("person")), _id(picked.get("call"))
    return Which(
        act=UseAct(act) if act else None,
        purpose=purpose,
        role=Role(role) if role else None,
        actor=_id(picked.get("who")),
        subject=None if person is None else SubjectId(person),
        holdings=None if call is None else tuple(each.id for each in holdings.of_call(tx, CallId(call))),
    )


def _page(tx: Transaction, vault: Vault, asked: View, titles: Titles, limit: int) -> list[Logged]:
    which = _which(tx, asked.picked, titles)
    found = [] if which is None else uses.page(tx, walk_of(asked), which, limit=limit)
    things = holdings.of_ids(tx, sorted({each.holding for each in found if each.holding}))
    said = whys.of_uses(tx, vault, [each.statement for each in found])
    return [Logged(each, things.get(each.holding) if each.holding else None, said.get(each.statement, Why())) for each in found]


def _id(given: str | None) -> UUID | None:
    if given is None:
        return None
    try:
        return UUID(given)
    except ValueError as error:
        raise Malformed(
            "A person and a call are looked for here by their id, as it stands in the log and on their page."
        ) from error


def _thing(each: Logged) -> str | None:
    return None if each.thing is None else saying.category(each.thing.category)


def _call(each: Logged) -> str | None:
    return None if each.thing is None or each.thing.call is None else str(each.thing.call)
