"""Signing in and out: `/sign-in` by passkey or at the provider, `/sign-up/LINK` to add the first passkey, `/sign-out`.

By a provider it needs no script. The provider's page sends the browser back from another site, and with that no browser sends our
cookie (SameSite=Strict); so the way back ends at a page of ours, which goes on by itself.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from pydantic import StringConstraints
from starlette.responses import HTMLResponse, JSONResponse, Response

from rightcall.console.door import FromUs, Inside, entered, house_of, let_in, let_out, sending
from rightcall.console.patience import patient
from rightcall.console.places import first_page, safe
from rightcall.console.sheets import page
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.design.tongues import marked
from rightcall.errors import IdentityGone, NotFound, NotSignedIn
from rightcall.house import House
from rightcall.ids import ControllerId
from rightcall.personal import Personal
from rightcall.staff.ceremonies import actions as ceremonies
from rightcall.staff.ceremonies.model import Begun, Ceremony, Kind
from rightcall.staff.members import actions as members
from rightcall.staff.model import Deed
from rightcall.staff.openid import actions as openid
from rightcall.staff.openid.model import Identity
from rightcall.staff.openid.ports import Provider
from rightcall.staff.openid.rules import parse_roles
from rightcall.staff.passkeys import actions as passkeys
from rightcall.staff.sessions import actions as sessions
from rightcall.staff.sessions.limits import limits_of
from rightcall.staff.sessions.model import NewSession, Way

router = APIRouter()
BROWSER = "__Host-rightcall-way"
Short = Annotated[str, StringConstraints(max_length=200)]
Answer = Annotated[str, StringConstraints(max_length=20_000)]
_BY_PROVIDER = "provider"
_SEVERAL = marked(
    "You work for several companies here under one address. Sign in by the passkey that you have for the one you mean."
)


@router.get("/sign-in")
def show(request: Request, then: str = "", out: str = "") -> HTMLResponse:
    house = house_of(request)
    return html(
        page(
            request,
            "door/sign-in",
            then=safe(then),
            by_provider=house.provider is not None,
            sign_out=_sign_out_at_provider(house) if out == _BY_PROVIDER else None,
            own=None if _is_at(request, house) else f"{house.settings.own_url}/sign-in",
        )
    )


@router.post("/sign-in/passkey/options", dependencies=[Depends(patient)])
def passkey_options(house: FromUs) -> Response:
    with house.database.system() as tx:
        begun = ceremonies.begin(tx, house.clock, Kind.PASSKEY)
    return options_of(begun, house.authenticators.options_to_sign_in(begun.ceremony.challenge))


@router.post("/sign-in/passkey", dependencies=[Depends(patient)])
def by_passkey(
    request: Request,
    house: FromUs,
    name: Annotated[Short, Form()],
    answer: Annotated[Answer, Form()],
    then: Annotated[Short, Form()] = "",
) -> Response:
    challenge = taken(request, house, Kind.PASSKEY, name).challenge
    with house.database.system() as tx:
        controller = passkeys.whose(tx, house.authenticators, answer)
    limits = limits_of(house.settings)

    def deed(tx: Transaction) -> NewSession:
        _end_before(tx, request, house)
        return passkeys.sign_in(
            tx, house.vault, house.clock, house.authenticators, answer=answer, challenge=challenge, limits=limits
        )

    return let_in(onwards(safe(then)), house.database.run(controller, deed))


@router.get("/sign-in/openid", dependencies=[Depends(patient)])
def to_provider(request: Request, then: str = "") -> Response:
    """The session that this browser had ends here: on the way back from elsewhere its cookie does not come along."""
    house, provider = _provider(request)
    _leave(request, house)
    with house.database.system() as tx:
        begun = ceremonies.begin(tx, house.clock, Kind.OPENID)
    address = provider.address(
        state=f"{begun.name}~{safe(then)}", nonce=begun.ceremony.challenge.hex(), verifier=begun.ceremony.verifier or ""
    )
    return _kept(onwards(address), begun)


@router.get("/sign-in/openid/back", dependencies=[Depends(patient)])
def from_provider(request: Request, state: str = "", code: str = "") -> Response:
    house, provider = _provider(request)
    name, _, then = state.partition("~")
    ceremony = taken(request, house, Kind.OPENID, name)
    if not code:
        raise NotSignedIn(marked("Your provider let nobody in. Begin again, or sign in by passkey."))
    identity = provider.identity(code=code, nonce=ceremony.challenge.hex(), verifier=ceremony.verifier or "")
    controller = _controller_of(house, identity)
    mapping, limits = parse_roles(house.settings.openid_roles), limits_of(house.settings)
    begun = house.database.run(
        controller,
        lambda tx: openid.sign_in(tx, house.vault, house.clock, identity, limits=limits, mapping=mapping),
    )
    return let_in(html(page(request, "door/signed-in", then=safe(then))), begun)


@router.get("/sign-up/{link}", dependencies=[Depends(patient)])
def show_sign_up(request: Request, link: str) -> HTMLResponse:
    house = house_of(request)
    with house.database.system() as tx:
        controller, member = members.whose_link(tx, house.clock, link)
        company = controllers.by_id(tx, controller).name
    known = house.database.run(controller, lambda tx: members.name_of(tx, house.vault, member))
    members.check_agreed(known.member)
    name = "" if known.name is None else known.name.reveal("greet a member at sign-up")
    own = None if _is_at(request, house) else f"{house.settings.own_url}/sign-up/{link}"
    return html(page(request, "door/sign-up", link=link, name=name, company=company, role=known.member.role.value, own=own))


@router.post("/sign-up/{link}/options", dependencies=[Depends(patient)])
def sign_up_options(house: FromUs, link: str) -> Response:
    with house.database.system() as tx:
        controller, member = members.whose_link(tx, house.clock, link)
        begun = ceremonies.begin(tx, house.clock, Kind.SIGN_UP)
    options = house.database.run(
        controller,
        lambda tx: passkeys.options_to_add(tx, house.vault, house.authenticators, member, begun.ceremony.challenge),
    )
    return options_of(begun, options)


@router.post("/sign-up/{link}", dependencies=[Depends(patient)])
def sign_up(
    request: Request,
    house: FromUs,
    link: str,
    name: Annotated[Short, Form()],
    answer: Annotated[Answer, Form()],
    label: Annotated[Short, Form()] = "",
) -> Response:
    challenge = taken(request, house, Kind.SIGN_UP, name).challenge
    with house.database.system() as tx:
        controller, member = members.whose_link(tx, house.clock, link)

    def deed(tx: Transaction) -> tuple[NewSession, str]:
        members.check_agreed(members.get(tx, member))
        members.spend_link(tx, house.clock, link)
        added = passkeys.add(
            tx,
            house.vault,
            house.clock,
            house.authenticators,
            member=member,
            answer=answer,
            challenge=challenge,
            label=Personal(label),
        )
        _end_before(tx, request, house)
        begun = sessions.begin(tx, house.clock, added.member, Way.PASSKEY, limits_of(house.settings))
        return begun, first_page(members.get(tx, added.member).role)

    begun, place = house.database.run(controller, deed)
    return let_in(onwards(place), begun)


@router.post("/sign-out")
def sign_out(found: Annotated[Inside, Depends(sending(Deed.KEEP_ACCOUNT))]) -> Response:
    found.run(lambda tx: sessions.end(tx, found.house.clock, found.session.id, of=found.member))
    at_provider = found.session.way is Way.OPENID and found.house.provider is not None
    return let_out(onwards(f"/sign-in?out={_BY_PROVIDER}" if at_provider else "/sign-in"))


def options_of(begun: Begun, options: str) -> Response:
    """What the script asks the device, and the name that the answer goes by."""
    return _kept(JSONResponse({"name": begun.name, "options": options}), begun)


def _kept(answer: Response, begun: Begun) -> Response:
    """The browser that began is the one that goes on. Lax, since the provider's page sends it back."""
    seconds = int(ceremonies.HOLDS.total_seconds())
    answer.set_cookie(BROWSER, begun.browser, max_age=seconds, path="/", secure=True, httponly=True, samesite="lax")
    return answer


def taken(request: Request, house: House, kind: Kind, name: str) -> Ceremony:
    """In a transaction of its own: whatever comes of the answer, it is used up."""
    with house.database.system() as tx:
        return ceremonies.take(tx, house.clock, kind, name=name, browser=request.cookies.get(BROWSER, ""))


def _sign_out_at_provider(house: House) -> str | None:
    """Where somebody who signed in by the provider signs out there too; None where it offers nothing, or is away."""
    if house.provider is None:
        return None
    try:
        return house.provider.sign_out_address(back=f"{house.settings.own_url}/sign-in")
    except IdentityGone:
        return None


def _provider(request: Request) -> tuple[House, Provider]:
    house = house_of(request)
    if house.provider is None:
        raise NotFound(marked("No provider is set up here. Sign in by passkey."))
    return house, house.provider


def _controller_of(house: House, identity: Identity) -> ControllerId:
    """Where whoever this is works. Looked for at each controller, since each blinds what it looks up with a key of its own."""
    found = []
    for controller in house.controllers():
        with house.database.transaction(controller) as tx:
            member = openid.member_of(tx, house.vault, identity)
        if member is not None and member.is_active:
            found.append(controller)
    if len(found) > 1:
        raise NotSignedIn(_SEVERAL)
    if not found:
        raise NotSignedIn(openid.UNKNOWN)
    return found[0]


def _leave(request: Request, house: House) -> None:
    try:
        before = entered(request, house)
    except NotSignedIn:
        return
    house.database.run(before.controller, lambda tx: sessions.end(tx, house.clock, before.session.id, of=before.member))


def _end_before(tx: Transaction, request: Request, house: House) -> None:
    """Whoever signs in anew leaves the session that this browser had, where it was of the same controller."""
    try:
        before = entered(request, house)
    except NotSignedIn:
        return
    if before.controller == tx.of:
        sessions.end(tx, house.clock, before.session.id, of=before.member)


def _is_at(request: Request, house: House) -> bool:
    """Whether this page was asked at our own address: passkeys work nowhere else."""
    return house.settings.own_url.endswith(f"//{request.headers.get('host', '')}")
