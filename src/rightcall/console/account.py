"""`/console/me`: one's own passkeys and sessions, and signing out everywhere."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from rightcall.console import columns
from rightcall.console.door import Inside, inside, let_out, sending
from rightcall.console.signing_in import Answer, Short, options_of, taken
from rightcall.console.tables import shown as answered
from rightcall.database.connection import Transaction
from rightcall.design.answers import onwards
from rightcall.ids import PasskeyId, SessionId
from rightcall.personal import Personal
from rightcall.staff.ceremonies import actions as ceremonies
from rightcall.staff.ceremonies.model import Kind
from rightcall.staff.members import actions as members
from rightcall.staff.model import Deed
from rightcall.staff.openid import actions as openid
from rightcall.staff.passkeys import actions as passkeys
from rightcall.staff.sessions import actions as sessions
from rightcall.staff.sessions.limits import limits_of
from rightcall.staff.sessions.rules import is_over

router = APIRouter(prefix="/console/me")
Looking = Annotated[Inside, Depends(inside(Deed.KEEP_ACCOUNT))]
Sending = Annotated[Inside, Depends(sending(Deed.KEEP_ACCOUNT))]
_HERE = "/console/me"
_MOST_SHOWN = 20


@router.get("")
def show(request: Request, found: Looking) -> Response:
    house, limits = found.house, limits_of(found.house.settings)

    def deed(tx: Transaction) -> dict[str, object]:
        now, known = house.clock.now(), members.name_of(tx, house.vault, found.member)
        labels = [
            (each.passkey, each.label.reveal("show a member their own passkeys"))
            for each in passkeys.of_member(tx, house.vault, found.member)
        ]
        begun = [(each, is_over(each, limits, now)) for each in sessions.of_member(tx, found.member)[:_MOST_SHOWN]]
        return {
            "name": "" if known.name is None else known.name.reveal("show a member their own name"),
            "address": None if known.address is None else known.address.reveal("show a member their own address"),
            "passkeys": columns.PASSKEYS.of(labels, request.query_params),
            "sessions": columns.SESSIONS.of(begun, request.query_params),
            "is_linked": openid.is_linked(tx, found.member),
        }

    return answered(request, "me", found, **found.run(deed))


@router.post("/passkeys/options")
def passkey_options(found: Sending) -> Response:
    found.check_fresh()
    house = found.house
    with house.database.system() as tx:
        begun = ceremonies.begin(tx, house.clock, Kind.SIGN_UP)
    return options_of(
        begun,
        found.run(
            lambda tx: passkeys.options_to_add(tx, house.vault, house.authenticators, found.member, begun.ceremony.challenge)
        ),
    )


@router.post("/passkeys")
def add_passkey(
    request: Request,
    found: Sending,
    name: Annotated[Short, Form()],
    answer: Annotated[Answer, Form()],
    label: Annotated[Short, Form()] = "",
) -> Response:
    found.check_fresh()
    house, challenge = found.house, taken(request, found.house, Kind.SIGN_UP, name).challenge
    found.run(
        lambda tx: passkeys.add(
            tx,
            house.vault,
            house.clock,
            house.authenticators,
            member=found.member,
            answer=answer,
            challenge=challenge,
            label=Personal(label),
        )
    )
    return onwards(_HERE)


@router.post("/passkeys/{passkey}/remove")
def remove_passkey(found: Sending, passkey: UUID) -> Response:
    found.check_fresh()
    found.run(lambda tx: passkeys.remove(tx, found.house.clock, member=found.member, passkey=PasskeyId(passkey), by=found.actor))
    return onwards(_HERE)


@router.post("/sessions/{session}/end")
def end_session(found: Sending, session: UUID) -> Response:
    found.run(lambda tx: sessions.end(tx, found.house.clock, SessionId(session), of=found.member))
    return onwards(_HERE)


@router.post("/sessions/end")
def end_all(found: Sending) -> Response:
    """This one too."""
    found.run(lambda tx: sessions.end_all(tx, found.house.clock, found.member))
    return let_out(onwards("/sign-in"))
