"""`/console/staff`: who works here, in which role, how they sign in; and the tokens of programs. An administrator changes it."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from rightcall.actors import Role
from rightcall.console import columns
from rightcall.console.door import Inside, inside, sending
from rightcall.console.filled import EMPTY, MENDABLE, Filled, Sent, number, words
from rightcall.console.places import CALLED
from rightcall.console.sheets import page
from rightcall.console.signing_in import Short
from rightcall.console.tables import shown as answered
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.design.tables import Column, Table
from rightcall.errors import Malformed
from rightcall.ids import MemberId, TokenId
from rightcall.personal import Personal
from rightcall.staff import actions as tokens
from rightcall.staff import leaving
from rightcall.staff.members import actions as members
from rightcall.staff.members.model import Known, Member, NewMember, SignUpLink
from rightcall.staff.members.rules import state_of
from rightcall.staff.model import Deed, NewToken
from rightcall.staff.openid import actions as openid
from rightcall.staff.passkeys import actions as passkeys
from rightcall.staff.rules import MEMBER_ROLES, TOKEN_ROLES, checked_label
from rightcall.staff.sessions import actions as sessions

router = APIRouter(prefix="/console/staff")
Looking = Annotated[Inside, Depends(inside(Deed.SEE_STAFF))]
Changing = Annotated[Inside, Depends(sending(Deed.CHANGE_STAFF))]
Agreeing = Annotated[Inside, Depends(sending(Deed.AGREE_TO_ACCESS))]
_HERE = "/console/staff"
_DAYS, _MOST_DAYS = 365, 3650
_MOST_FOUND = 50


@router.get("")
def show(request: Request, found: Looking) -> Response:
    return _page(request, found)


@router.post("/find")
def find(request: Request, found: Annotated[Inside, Depends(sending(Deed.SEE_STAFF))], filled: Sent) -> Response:
    """By a part of a name or of a work address. It is sent in the body, never in an address: addresses are logged and kept."""
    try:
        return _page(request, found, sought=filled.read("sought", words))
    except MENDABLE as error:
        return _page(request, found, to_find=filled.but(error))


@router.post("/members")
def create(
    request: Request,
    found: Changing,
    filled: Sent,
) -> Response:
    """The link is shown on the page that answers, and nowhere else again."""
    found.check_fresh()
    house = found.house

    def deed(tx: Transaction) -> tuple[SignUpLink, bool]:
        new = NewMember(
            role=filled.read("role", lambda text: _role(text, MEMBER_ROLES)),
            name=Personal(filled.read("name", words)),
            address=Personal(filled.one("address")) if filled.one("address") else None,
        )
        member = members.create(tx, house.vault, house.clock, new, by=found.actor)
        return members.make_link(tx, house.clock, member.id, by=found.actor), member.waits

    try:
        return _page(request, found, link=found.run(deed))
    except MENDABLE as error:
        return _page(request, found, filled=filled.but(error))


@router.post("/members/{member}/link")
def make_link(request: Request, found: Changing, member: UUID) -> Response:
    found.check_fresh()

    def deed(tx: Transaction) -> tuple[SignUpLink, bool]:
        link = members.make_link(tx, found.house.clock, MemberId(member), by=found.actor)
        return link, members.get(tx, link.member).waits

    return _page(request, found, link=found.run(deed))


@router.post("/members/{member}/role")
def change_role(found: Changing, member: UUID, role: Annotated[Short, Form()]) -> Response:
    found.check_fresh()
    wanted = _role(role, MEMBER_ROLES)
    found.run(lambda tx: members.change_role(tx, found.house.clock, MemberId(member), wanted, by=found.actor))
    return onwards(_HERE)


@router.post("/members/{member}/agree")
def agree(found: Agreeing, member: UUID) -> Response:
    found.check_fresh()
    found.run(lambda tx: members.agree(tx, found.house.clock, MemberId(member), by=found.actor))
    return onwards(_HERE)


@router.post("/members/{member}/suspend")
def suspend(found: Changing, member: UUID) -> Response:
    """At once, however long ago whoever does it signed in: it can be undone, and hurry may be needed."""
    found.run(lambda tx: members.suspend(tx, found.house.clock, MemberId(member), by=found.actor))
    return onwards(_HERE)


@router.post("/members/{member}/restore")
def restore(found: Changing, member: UUID) -> Response:
    found.check_fresh()
    found.run(lambda tx: members.restore(tx, found.house.clock, MemberId(member), by=found.actor))
    return onwards(_HERE)


@router.post("/members/{member}/sign-out")
def sign_out(found: Changing, member: UUID) -> Response:
    def deed(tx: Transaction) -> None:
        sessions.end_all(tx, found.house.clock, members.get(tx, MemberId(member)).id)

    found.run(deed)
    return onwards(_HERE)


@router.post("/members/{member}/forget")
def forget(found: Changing, member: UUID) -> Response:
    found.check_fresh()
    house = found.house
    found.run(lambda tx: leaving.forget(tx, house.vault, house.clock, MemberId(member), by=found.actor))
    return onwards(_HERE)


@router.post("/tokens")
def create_token(request: Request, found: Changing, filled: Sent) -> Response:
    """The secret is shown on the page that answers, and nowhere else again."""
    found.check_fresh()

    def deed(tx: Transaction) -> NewToken:
        label = filled.read("label", lambda text: checked_label(words(text)))
        wanted = filled.read("role", lambda text: _role(text, TOKEN_ROLES))
        days = filled.maybe("days", number(1, _MOST_DAYS)) or _DAYS
        return tokens.create_token(tx, found.house.clock, role=wanted, by=found.actor, label=label, days=days)

    try:
        return _page(request, found, made=found.run(deed))
    except MENDABLE as error:
        return _page(request, found, for_token=filled.but(error))


@router.post("/tokens/{token}/agree")
def agree_to_token(found: Agreeing, token: UUID) -> Response:
    found.check_fresh()
    found.run(lambda tx: tokens.agree_to_token(tx, found.house.clock, token=TokenId(token), by=found.actor))
    return onwards(_HERE)


@router.post("/tokens/{token}/revoke")
def revoke_token(found: Changing, token: UUID) -> Response:
    found.run(lambda tx: tokens.revoke_token(tx, found.house.clock, token=TokenId(token), by=found.actor))
    return onwards(_HERE)


def _page(
    request: Request,
    found: Inside,
    *,
    link: tuple[SignUpLink, bool] | None = None,
    made: NewToken | None = None,
    filled: Filled = EMPTY,
    for_token: Filled = EMPTY,
    sought: str = "",
    to_find: Filled = EMPTY,
) -> Response:
    """`link`: with whether it waits for a DPO. `filled`, `for_token`: what was written of somebody who was not taken in, of a
    token that was not made. `sought`: a part of the name or the address of those who are to be shown by themselves."""
    given = found.run(lambda tx: _here(tx, found, request, sought)) | {
        "link": None if link is None else f"{found.house.settings.own_url}/sign-up/{link[0].secret}",
        "link_until": None if link is None else link[0].expires_at,
        "link_waits": link is not None and link[1],
        "secret": None if made is None else made.secret,
        "secret_waits": made is not None and made.token.waits,
        "sought": sought,
        "may_change": found.may(Deed.CHANGE_STAFF),
        "may_agree": found.may(Deed.AGREE_TO_ACCESS),
        "member_roles": _options(MEMBER_ROLES),
        "token_roles": _options(TOKEN_ROLES),
        "filled": filled,
        "for_token": for_token,
        "to_find": to_find,
    }
    if filled.says or for_token.says or to_find.says:
        return html(page(request, "staff-here", found, **given), status=422)
    return answered(request, "staff-here", found, **given)


def _here(tx: Transaction, found: Inside, request: Request, sought: str) -> dict[str, object]:
    """Who works here, and which tokens open."""
    keys, linked, now = passkeys.counts(tx), openid.linked(tx), found.house.clock.now()
    known = members.known(tx, found.house.vault)
    everybody = [_shown(each, keys.get(each.member.id, 0), each.member.id in linked) for each in known]
    alike = [each for each in everybody if each.is_like(sought)] if sought else []
    opening = [each for each in tokens.tokens(tx) if each.opens(now)]
    return {
        "people": _PEOPLE.of(everybody, request.query_params),
        "tokens": columns.TOKENS.of(opening, request.query_params),
        "alike": alike[:_MOST_FOUND],
        "more_alike": len(alike) > _MOST_FOUND,
        "name_of": {each.member.id: each.name for each in everybody},
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One person, as the page shows them to whoever may see who works here."""

    member: Member
    name: str | None
    address: str | None
    passkeys: int
    is_linked: bool
    state: str

    def is_like(self, sought: str) -> bool:
        """Every word of what is sought is in the name, or in the address."""
        known = f"{self.name or ''} {self.address or ''}".casefold()
        return all(word in known for word in sought.casefold().split())


_PEOPLE: Table[Shown] = Table(
    file="staff",
    finds=False,
    order="name",
    columns=(
        Column("name", "Name", lambda each: each.name, is_filed=False),
        Column("address", "Work address", lambda each: each.address, is_filed=False),
        Column("role", "Role", lambda each: each.member.role, is_picked=True, words=CALLED),
        Column("state", "State", lambda each: each.state, is_picked=True),
        Column("since", "Since", lambda each: each.member.created_at, is_period=True),
        Column("passkeys", "Passkeys", lambda each: each.passkeys, is_number=True),
        Column("id", "Id", lambda each: str(each.member.id), is_typed=True),
    ),
)
"""Names stay on the page: a file goes further than anybody means it to. An order tells nobody's name, so it may stand in an
address."""


def _shown(known: Known, keys: int, is_linked: bool) -> Shown:
    return Shown(
        member=known.member,
        name=None if known.name is None else known.name.reveal("show who works here"),
        address=None if known.address is None else known.address.reveal("show who works here"),
        passkeys=keys,
        is_linked=is_linked,
        state=state_of(known.member, has_a_way_in=keys > 0 or is_linked),
    )


def _options(roles: frozenset[Role]) -> list[tuple[str, str]]:
    return [(role.value, CALLED[role]) for role in Role if role in roles]


def _role(given: str, roles: frozenset[Role]) -> Role:
    known = {role.value: role for role in roles}
    if given not in known:
        raise Malformed(f"There is no such role. Choose one of {', '.join(sorted(known))}.")
    return known[given]
