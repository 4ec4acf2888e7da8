"""The Data Rights Protocol, inbound: signed requests of authorised agents, under the base address `/api/v1/drp`.

Written after the specification's text, 0.9.4, sections 2.01 to 2.06, 3.02, 3.03, 3.06 and 3.07. Errors have the protocol's own
form, and not that of our problems. Every refusal has its reason in the log; the agent is told it too, and never whom we know.
"""

import logging
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from rightcall.api.door import Door, door_for, house_of
from rightcall.api.forms import Form, Items, Line, Shape
from rightcall.api.problems import DESCRIBED, Refusal
from rightcall.api.reading import RawBody
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict
from rightcall.house import House
from rightcall.personal import Personal
from rightcall.requests.codes.model import CodeId
from rightcall.requests.drp import actions as drp
from rightcall.requests.drp import calling_back
from rightcall.requests.drp.model import Agent, AgentId, DrpId, Status, Told, Trouble, Untold, Why
from rightcall.requests.drp.rules import status_of
from rightcall.requests.model import ProofRefusal
from rightcall.requests.proving import REFUSED
from rightcall.settings import networks
from rightcall.staff.model import Deed

router = APIRouter(prefix="/drp", tags=["drp"])
_log = logging.getLogger(__name__)

_SAYS: dict[Why, tuple[int, str]] = {
    Why.NOT_PAIRED: (401, "No token of an agent that is trusted here. Set up a pairwise key first."),
    Why.NOT_BASE64: (400, "The body is not a signature and a message in base64."),
    Why.BAD_SIGNATURE: (403, "The signature is not by this agent's key."),
    Why.NOT_THE_FORM: (400, "The message lacks what the protocol asks for, or it has another form."),
    Why.OTHER_AGENT: (403, "The message is another agent's."),
    Why.OTHER_BUSINESS: (403, "The message is for another business."),
    Why.NOT_YET: (403, "The message is from the future. Look at the clock."),
    Why.EXPIRED: (403, "The message has expired."),
    Why.TOO_LONG: (403, "The message is valid for longer than a day. Sign one for ten minutes."),
    Why.VERSION: (400, "This version of the protocol is not spoken here."),
    Why.UNSUPPORTED: (400, "This right is not exercised here by an agent."),
    Why.CALLBACK: (400, "Nobody is called back at this status_callback. Name a public https address."),
    Why.REPLAYED: (403, "This very message was taken before."),
    Why.TOO_MANY: (429, "So many came in the last hour that no more are taken now."),
}
_NOT_SIGNED_IN = 401
_FATAL = frozenset({Why.EXPIRED, Why.REPLAYED, Why.UNSUPPORTED, Why.CALLBACK})


class AgentForm(Form):
    """`name`: the agent's `agent-id`; `business`: our `business-id` towards it; `verify_key`: its Ed25519 public key in base64.
    All as in the service directory."""

    name: Line
    business: Line
    verify_key: Line


class KeyShape(Shape):
    """Section 2.05.1."""

    agent_id: str = Field(alias="agent-id")
    token: str


class TokenHoldsShape(Shape):
    """Nothing: the token holds (section 2.06.1)."""


class StatusShape(Shape):
    """Section 3.03. What is not known is left out."""

    request_id: UUID
    received_at: datetime
    expected_by: date
    status: Status
    reason: str | None = None
    agent_request_id: str | None = None
    processing_details: str | None = None
    user_verification_url: str | None = None
    expires_at: datetime | None = None


class ErrorShape(Shape):
    """Section 3.06."""

    code: str
    message: str
    fatal: bool


_ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorShape, "description": says, "content": {**DESCRIBED}}
    for status, says in {
        400: "It could not be read, or its signature does not hold.",
        401: "No token of an agent that is trusted here.",
        403: "This is another agent's, or may not be asked.",
        404: "No such request of this agent.",
        409: "Not in this state.",
        422: "The message does not fit the protocol.",
    }.items()
}
"""How the protocol tells what is wrong; what never reaches it is a problem like any other."""


class AgentShape(Shape):
    """`untold`: its requests of which it could not be told when it was called back last; `untold_since` and `untold_why`: of the
    one that fails longest."""

    id: UUID
    name: str
    business: str
    retired: bool
    untold: int = 0
    untold_since: datetime | None = None
    untold_why: Trouble | None = None


@router.post("/agents", status_code=201)
def add_agent(door: Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))], form: AgentForm) -> AgentShape:
    """Trust an authorised agent: it may ask for people from now on, and what it asks waits for a mandate and a proof."""

    def deed(tx: Transaction) -> AgentShape:
        return _agent(drp.add_agent(tx, door.house.clock, name=form.name, business=form.business, key=form.verify_key))

    return door.run(deed)


@router.get("/agents")
def list_agents(door: Annotated[Door, Depends(door_for(Deed.SEE_REQUESTS))]) -> Items[AgentShape]:
    """The agents that are or were trusted."""

    def deed(tx: Transaction) -> Items[AgentShape]:
        untold = {each.agent: each for each in calling_back.untold(tx)}
        return Items(items=[_agent(each, untold.get(each.id)) for each in drp.agents(tx)])

    return door.run(deed)


@router.post("/agents/{agent}/retire", status_code=204)
def retire_agent(door: Annotated[Door, Depends(door_for(Deed.ANSWER_REQUEST))], agent: UUID) -> None:
    """Trust it no longer. Its token opens nothing any more."""
    door.run(lambda tx: drp.retire_agent(tx, door.house.clock, AgentId(agent)))


class DrpCodeForm(Form):
    """`code`: the id of the code that was sent; `digits`: as the person read them back."""

    code: UUID
    digits: Line


@router.post("/requests/{drp_id}/code", status_code=204)
def show_code(door: Annotated[Door, Depends(door_for(Deed.MAKE_REQUEST))], drp_id: UUID, form: DrpCodeForm) -> None:
    """The person whom an agent asked for shows who they are, on your page for it. 403 where the code does not show that, whatever
    the reason, and whether or not anybody is known."""
    house, code, digits = door.house, CodeId(form.code), Personal(form.digits)
    shown = door.run(
        lambda tx: drp.prove_by_code(tx, house.vault, house.clock, DrpId(drp_id), code=code, digits=digits, by=door.actor)
    )
    if not shown:
        _log.warning("a person was not shown to be whom an agent asked for: the one-time code does not say so")
        why = ProofRefusal.WRONG_CODE
        raise Refusal("proof-refused", "It does not show who asks", 403, REFUSED[why], why=why.value)


@router.post("/v1/agent/{agent_id}", response_model=KeyShape, responses=_ERRORS)
def set_up_key(request: Request, agent_id: str, body: RawBody) -> Response:
    """Pairwise key setup: a message signed by the agent's key, answered with a token. The one before opens nothing any more."""
    house = house_of(request)
    with house.database.system() as tx:
        found = drp.pair(tx, house.clock, agent_id, body)
    if isinstance(found, Why):
        return _refused(found)
    agent, envelope = found
    made = house.database.run(agent.controller, lambda tx: drp.issue_token(tx, house.clock, agent, envelope))
    if isinstance(made, Why):
        return _refused(made)
    return JSONResponse({"agent-id": agent.name, "token": made.secret})


@router.get("/v1/agent/{agent_id}", response_model=TokenHoldsShape, responses=_ERRORS)
def look_at_key(request: Request, agent_id: str) -> Response:
    """Whether the token is still this agent's."""
    agent = _bearer(request)
    if agent is None:
        return _refused(Why.NOT_PAIRED)
    return JSONResponse({}) if agent.name == agent_id else _refused(Why.OTHER_AGENT)


@router.post("/v1/data-rights-request", response_model=StatusShape, responses=_ERRORS)
def exercise(request: Request, body: RawBody) -> Response:
    """A right is exercised for somebody. The answer is the same whether we know them."""
    house, agent = house_of(request), _bearer(request)
    if agent is None:
        return _refused(Why.NOT_PAIRED)
    inner = networks(house.settings.callback_networks)
    return _answer(
        house,
        house.database.run(agent.controller, lambda tx: drp.exercise(tx, house.vault, house.clock, agent, body, inner=inner)),
    )


@router.get("/v1/data-rights-request/{drp_id}", response_model=StatusShape, responses=_ERRORS)
def status(request: Request, drp_id: UUID) -> Response:
    """How far it is."""
    house, agent = house_of(request), _bearer(request)
    if agent is None:
        return _refused(Why.NOT_PAIRED)
    return _answer(house, house.database.run(agent.controller, lambda tx: drp.status(tx, house.clock, agent, DrpId(drp_id))))


@router.delete("/v1/data-rights-request/{drp_id}", response_model=StatusShape, responses=_ERRORS)
def revoke(request: Request, drp_id: UUID, body: RawBody) -> Response:
    """The person takes it back, by a message that the agent signed."""
    house, agent = house_of(request), _bearer(request)
    if agent is None:
        return _refused(Why.NOT_PAIRED)
    try:
        told = house.database.run(
            agent.controller, lambda tx: drp.revoke(tx, house.vault, house.clock, agent, DrpId(drp_id), body)
        )
    except Conflict as error:
        return _error(409, str(error), is_fatal=False)
    return _answer(house, told)


def _bearer(request: Request) -> Agent | None:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.isascii():
        return None
    with house_of(request).database.system() as tx:
        return drp.agent_of(tx, secret.strip())


def _answer(house: House, told: Told | Why | None) -> Response:
    if told is None:
        return _refused(Why.OTHER_AGENT)
    if isinstance(told, Why):
        return _refused(told)
    return JSONResponse(status_of(told, house.settings.verification_url))


def _refused(why: Why) -> Response:
    _log.warning("a message of the Data Rights Protocol was refused: %s", why)
    status, says = _SAYS[why]
    return _error(status, says, is_fatal=why in _FATAL)


def _error(status: int, says: str, *, is_fatal: bool) -> Response:
    """Section 3.06."""
    headers = {"WWW-Authenticate": 'Bearer realm="rightcall"'} if status == _NOT_SIGNED_IN else None
    return JSONResponse({"code": str(status), "message": says, "fatal": is_fatal}, status, headers)


def _agent(agent: Agent, untold: Untold | None = None) -> AgentShape:
    shown = AgentShape(id=agent.id, name=agent.name, business=agent.business, retired=agent.retired_at is not None)
    if untold is None:
        return shown
    return shown.model_copy(update={"untold": untold.requests, "untold_since": untold.since, "untold_why": untold.trouble})
