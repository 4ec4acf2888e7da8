"""Requests that come by e-mail: handed in as a message, read by somebody, entered as what that person says it asks."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from rightcall.api.door import Door, door_for
from rightcall.api.forms import ActorShape, Form, Items, Language, Limit, Line, Shape
from rightcall.api.reading import longer_body
from rightcall.api.request_shapes import RequestShape, shape
from rightcall.database.connection import Transaction
from rightcall.ids import SubjectId
from rightcall.requests.mails import actions as mails
from rightcall.requests.mails.model import Mail, MailId
from rightcall.requests.mails.rules import MOST_BYTES
from rightcall.requests.model import Behalf, RequestKind
from rightcall.staff.model import Deed

router = APIRouter(prefix="/mails", tags=["requests"])
Taking = Annotated[Door, Depends(door_for(Deed.MAKE_REQUEST))]


class MailShape(Shape):
    """`proposed`: what it seems to ask; null where that is nothing or more than one thing. `subject`: whose address it came from,
    which proves nothing; null where it is nobody's or several people's. `request`: what was entered."""

    id: UUID
    proposed: RequestKind | None
    subject: UUID | None
    came_at: datetime
    taken_at: datetime
    taken_by: ActorShape
    settled_at: datetime | None
    request: UUID | None


class WordsShape(MailShape):
    """With what it says."""

    words: str


class EnterForm(Form):
    """`kind`: what it asks, by your word. `subject`: whose request it is, where that is not whom it came from."""

    kind: RequestKind
    subject: UUID | None = None
    language: Language = "en"
    lives_in: Line | None = None
    behalf: Behalf = Behalf.SELF


async def _message(request: Request) -> bytes:
    """There may be a picture with it."""
    return await longer_body(request, MOST_BYTES)


@router.post("", status_code=201)
def take_mail(door: Taking, body: Annotated[bytes, Depends(_message)]) -> MailShape:
    """Hand in an e-mail, byte for byte (`message/rfc822`). It waits for somebody who reads it; its days count from when it came.
    The same one again is the one that was taken."""
    house = door.house
    return door.run(lambda tx: _mail(mails.take(tx, house.vault, house.clock, body, by=door.actor)))


@router.get("")
def list_mails(door: Taking, limit: Limit = 100) -> Items[MailShape]:
    """Those that nobody has seen to, the oldest first."""
    return door.run(lambda tx: Items(items=[_mail(each) for each in mails.waiting(tx, limit)]))


@router.get("/{mail}")
def get_mail(door: Taking, mail: UUID) -> WordsShape:
    """One with its words. 409 once somebody has seen to it: then they are destroyed."""

    def deed(tx: Transaction) -> WordsShape:
        words = mails.words_of(tx, door.house.vault, MailId(mail))
        said = words.reveal("show an e-mail to who sees to it")
        return WordsShape(**_mail(mails.get(tx, MailId(mail))).model_dump(), words=said)

    return door.run(deed)


@router.post("/{mail}/enter", status_code=201)
def enter_mail(door: Taking, mail: UUID, form: EnterForm) -> RequestShape:
    """Enter what it asks. The request waits for a proof of who asks, whoever enters it. 400 where it is not known whose it is."""
    house = door.house

    def deed(tx: Transaction) -> RequestShape:
        asked = mails.enter(
            tx,
            house.vault,
            house.clock,
            MailId(mail),
            kind=form.kind,
            subject=None if form.subject is None else SubjectId(form.subject),
            language=form.language,
            lives_in=form.lives_in,
            behalf=form.behalf,
            by=door.actor,
        )
        return shape(tx, house.clock, asked)

    return door.run(deed)


@router.post("/{mail}/dismiss", status_code=204)
def dismiss_mail(door: Taking, mail: UUID) -> None:
    """It asks nothing of what a law gives. Again is fine."""
    house = door.house
    door.run(lambda tx: mails.dismiss(tx, house.vault, house.clock, MailId(mail), by=door.actor))


def _mail(mail: Mail) -> MailShape:
    return MailShape(
        id=mail.id,
        proposed=mail.proposed,
        subject=mail.subject,
        came_at=mail.came_at,
        taken_at=mail.taken_at,
        taken_by=ActorShape.of(mail.taken_by),
        settled_at=mail.settled_at,
        request=mail.request,
    )
