"""One-time codes: for whoever asks and is known by nothing but a number or an address (GDPR Art. 12(6)).

The answers are the same whether the number or the address is known here. What is sent is sent after the answer.
"""

import logging
from datetime import datetime
from typing import Annotated, Protocol
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Depends

from rightcall.actors import Actor
from rightcall.api.door import Door, door_for
from rightcall.api.forms import Form, Language, Line, Shape
from rightcall.api.problems import Refusal
from rightcall.api.request_shapes import RequestShape, shape
from rightcall.api.requests import proved
from rightcall.api.subjects import IdentifierForm, identifier_of
from rightcall.clock import Clock
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.errors import NotConfigured
from rightcall.ids import RequestId
from rightcall.personal import Personal
from rightcall.requests import actions as requests
from rightcall.requests import proving
from rightcall.requests.actions import Came
from rightcall.requests.codes import actions as codes
from rightcall.requests.codes.model import CodeId, Made, TooMany
from rightcall.requests.codes.ports import Sender
from rightcall.requests.codes.sending import send
from rightcall.requests.model import Behalf, Channel, ProofRefusal, RequestKind
from rightcall.staff.model import Deed
from rightcall.subjects.model import Identifier
from rightcall.vault.actions import Vault

router = APIRouter(prefix="/requests", tags=["requests"])
_log = logging.getLogger(__name__)


class CodeForm(Form):
    """`asker`: whatever tells your own callers apart, such as a network address: it is limited how many codes each asks for, and
    only a keyed hash of it is kept."""

    identifier: IdentifierForm
    language: Language = "en"
    asker: Line | None = None


class CodeShape(Shape):
    """It says nothing of whether anybody is known by the identifier."""

    id: UUID
    expires_at: datetime


class SpendForm(Form):
    digits: Line


class RequestByCodeForm(SpendForm):
    kind: RequestKind
    channel: Channel = Channel.PORTAL
    language: Language = "en"
    lives_in: Line | None = None
    behalf: Behalf = Behalf.SELF


class ShownCodeForm(SpendForm):
    code: UUID


@router.post("/codes", status_code=202)
def make_code(door: Annotated[Door, Depends(door_for(Deed.MAKE_REQUEST))], form: CodeForm, later: BackgroundTasks) -> CodeShape:
    """Have a one-time code sent to a telephone number or an e-mail address, if exactly one person is known by it. It holds for
    ten minutes and five tries."""
    return have_sent(door, codes.make, form, later)


class _Make(Protocol):
    def __call__(
        self, tx: Transaction, vault: Vault, clock: Clock, identifier: Identifier, *, asker: Personal[str] | None, by: Actor
    ) -> Made | TooMany: ...


def have_sent(door: Door, make: _Make, form: CodeForm, later: BackgroundTasks) -> CodeShape:
    """429 where somebody asks for too many."""
    sender, identifier = _sender_of(door), identifier_of(form.identifier)
    asker = None if form.asker is None else Personal(form.asker)

    def deed(tx: Transaction) -> tuple[Made | TooMany, str]:
        return make(tx, door.house.vault, door.house.clock, identifier, asker=asker, by=door.actor), controllers.get(tx).name

    made, name = door.run(deed)
    if isinstance(made, TooMany):
        raise _refuse_too_many()
    later.add_task(send, sender, made, form.language, name)
    return CodeShape(id=made.id, expires_at=made.expires_at)


@router.post("/codes/{code}", status_code=201)
def ask_by_code(door: Annotated[Door, Depends(door_for(Deed.MAKE_REQUEST))], code: UUID, form: RequestByCodeForm) -> RequestShape:
    """Somebody asks who read back the code that was sent to them. 403 where it is not right, whatever the reason."""
    came = Came(channel=form.channel, language=form.language, lives_in=form.lives_in, behalf=form.behalf)
    id, digits = CodeId(code), Personal(form.digits)

    def deed(tx: Transaction) -> RequestShape | None:
        house = door.house
        asked = requests.receive_by_code(
            tx, house.vault, house.clock, code=id, digits=digits, kind=form.kind, by=door.actor, came=came
        )
        return None if asked is None else shape(tx, house.clock, asked)

    answer = door.run(deed)
    if answer is None:
        _log.warning("a request was refused: its one-time code is not right")
        why = ProofRefusal.WRONG_CODE
        raise Refusal("proof-refused", "It does not show who asks", 403, proving.REFUSED[why], why=why.value)
    return answer


@router.post("/{request}/code")
def show_code(door: Annotated[Door, Depends(door_for(Deed.MAKE_REQUEST))], request: UUID, form: ShownCodeForm) -> RequestShape:
    """The person reads back a one-time code. 403 with the reason where it does not show who asks."""
    house, id = door.house, RequestId(request)
    code, digits = CodeId(form.code), Personal(form.digits)
    return proved(
        door,
        id,
        lambda tx: proving.prove_by_code(tx, house.vault, house.clock, id, code=code, digits=digits, by=door.actor),
    )


def _sender_of(door: Door) -> Sender:
    if door.house.codes is None:
        raise NotConfigured("Nothing is configured that sends codes. Set RIGHTCALL_CODES_URL, or show who asks in another way.")
    return door.house.codes


def _refuse_too_many() -> Refusal:
    _log.warning("a one-time code was not made: too many were asked for in the last hour")
    detail = "So many codes were asked for in the last hour that no more are sent now. Ask again in an hour."
    return Refusal("too-many", "Too many codes", 429, detail)
