"""A person's request that came by telephone or by e-mail, entered by whoever took it; and showing who asks, in proportion to what
is asked: by somebody's word, by a code that goes to what is on file, by a receipt, by a mandate."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Depends, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from rightcall.console.door import Inside, inside, sending
from rightcall.console.filled import EMPTY, MENDABLE, Filled, Sent, Unread, an_id, day, moment_in, one_of, words
from rightcall.console.requests import BEHALF, PROOFS, done, shown
from rightcall.console.sheets import page
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.design.tongues import NAMES
from rightcall.design.wording import language_of
from rightcall.errors import NotConfigured
from rightcall.ids import RequestId, SubjectId
from rightcall.ledger.checkpoint import key_of
from rightcall.personal import Personal
from rightcall.recordings.who import person_of
from rightcall.requests import actions as requests
from rightcall.requests import proving
from rightcall.requests.actions import Came
from rightcall.requests.codes import actions as codes
from rightcall.requests.codes.model import CodeId, Made, TooMany
from rightcall.requests.codes.sending import send
from rightcall.requests.identity import NEEDS
from rightcall.requests.model import Behalf, Channel, Mandate, MandateEvidence, ProofKind, ProofRefusal, RequestKind
from rightcall.staff.model import Deed
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import IdentifierKind
from rightcall.subjects.rules import NO_REGION, normalise

router = APIRouter(prefix="/console/requests")
Asking = Annotated[Inside, Depends(inside(Deed.MAKE_REQUEST))]
Entering = Annotated[Inside, Depends(sending(Deed.MAKE_REQUEST))]
_MEND = 422
_RECEIPT = 500_000
ASKED = {
    RequestKind.ACCESS: "To see what is held",
    RequestKind.PORTABILITY: "To take it elsewhere",
    RequestKind.RECTIFICATION: "To have something put right",
    RequestKind.RESTRICTION: "That it is kept, and not used",
    RequestKind.OBJECTION: "That we stop using it for our own interest",
    RequestKind.ERASURE: "To have it erased",
    RequestKind.WITHDRAWAL: "To take back every yes",
}
_CAME = {Channel.PHONE: "By telephone", Channel.EMAIL: "By e-mail or letter"}


@router.get("/new")
def ask(request: Request, who: Asking, subject: Annotated[UUID, Query()]) -> HTMLResponse:
    return html(_asking(request, who, SubjectId(subject), EMPTY))


@router.post("/new")
def enter(request: Request, who: Entering, filled: Sent, subject: Annotated[UUID, Query()]) -> Response:
    """Its clock runs from when it came. Nothing is done before it is shown who asks."""
    id, house, zone = SubjectId(subject), who.house, who.zone

    def deed(tx: Transaction) -> tuple[RequestId, ProofRefusal | None]:
        kind, proof = filled.read("kind", one_of(RequestKind)), filled.maybe("proof", one_of(ProofKind))
        came = _came(filled, zone, house.clock.now())
        made = requests.receive_unproved(tx, house.vault, house.clock, subject=id, kind=kind, by=who.actor, came=came)
        refused = None if proof is None else proving.prove(tx, house.clock, made.id, proof=proof, by=who.actor)
        return made.id, refused

    try:
        made, refused = who.run(deed)
    except MENDABLE as error:
        return html(_asking(request, who, id, filled.but(error)), status=_MEND)
    return _back(who, made, refused)


@router.post("/{wish}/proof")
def prove(request: Request, who: Entering, wish: UUID, filled: Sent) -> Response:
    """Somebody's word for who asks."""

    def deed(tx: Transaction, id: RequestId) -> ProofRefusal | None:
        return proving.prove(tx, who.house.clock, id, proof=filled.read("proof", one_of(ProofKind)), by=who.actor)

    return _proved(request, who, wish, filled, deed)


@router.post("/{wish}/receipt")
def show_receipt(request: Request, who: Entering, wish: UUID, filled: Sent) -> Response:
    """The person holds the receipt of a choice of theirs, and reads it out or sends it."""
    file, key = "".join(filled.every("file"))[:_RECEIPT].encode(), key_of(who.house.signer).text

    def deed(tx: Transaction, id: RequestId) -> ProofRefusal | None:
        return proving.prove_by_receipt(tx, who.house.clock, id, file=file, key=key, by=who.actor)

    return _proved(request, who, wish, filled, deed)


@router.post("/{wish}/code")
def send_code(request: Request, who: Entering, wish: UUID, filled: Sent, later: BackgroundTasks) -> Response:
    """To the number or the address that is on file, if exactly one person is known by it; nobody is told whether."""
    house, sender = who.house, who.house.codes
    if sender is None:
        raise NotConfigured("Nothing here sends codes. Show who asks in another way.")

    def deed(tx: Transaction) -> tuple[Made, str, str]:
        kind, region = filled.read("kind", one_of(IdentifierKind)), filled.one("region").upper() or NO_REGION
        identifier = filled.read("value", lambda text: normalise(kind, Personal(words(text)), region))
        made = codes.make(tx, house.vault, house.clock, identifier, asker=None, by=who.actor)
        if isinstance(made, TooMany):
            raise Unread("value", "So many codes were asked for lately that no more are sent now. Ask again in an hour.")
        return made, controllers.get(tx).name, requests.get(tx, RequestId(wish)).language

    try:
        made, name, language = who.run(deed)
    except MENDABLE as error:
        return html(shown(request, who, RequestId(wish), filled.but(error)), status=_MEND)
    later.add_task(send, sender, made, language, name)
    return onwards(f"/console/requests/{wish}?code={made.id}#who")


@router.post("/{wish}/code/read")
def show_code(request: Request, who: Entering, wish: UUID, filled: Sent) -> Response:
    """The person reads the code back."""
    house = who.house

    def deed(tx: Transaction, id: RequestId) -> ProofRefusal | None:
        code, digits = CodeId(filled.read("code", an_id)), Personal(filled.read("digits", words))
        return proving.prove_by_code(tx, house.vault, house.clock, id, code=code, digits=digits, by=who.actor)

    return _proved(request, who, wish, filled, deed)


@router.post("/{wish}/mandate")
def mandate(request: Request, who: Entering, wish: UUID, filled: Sent) -> Response:
    """Who asks for another showed that they may. No copy is kept."""

    def deed(tx: Transaction, id: RequestId) -> None:
        seen = Mandate(
            who=Personal(filled.read("asker", words)),
            evidence=filled.read("evidence", one_of(MandateEvidence)),
            until=filled.read("until", day),
        )
        proving.mandate(tx, who.house.vault, who.house.clock, id, seen, by=who.actor)

    return done(request, who, wish, filled, deed)


def _proved(
    request: Request, who: Inside, wish: UUID, filled: Filled, deed: Callable[[Transaction, RequestId], ProofRefusal | None]
) -> Response:
    id = RequestId(wish)
    try:
        refused = who.run(lambda tx: deed(tx, id))
    except MENDABLE as error:
        if not who.may(Deed.SEE_REQUESTS):
            raise
        return html(shown(request, who, id, filled.but(error)), status=_MEND)
    return _back(who, id, refused)


def _back(who: Inside, wish: RequestId, refused: ProofRefusal | None) -> Response:
    """A proof that was not taken is written down, and told."""
    if not who.may(Deed.SEE_REQUESTS):
        return onwards("/console")
    return onwards(f"/console/requests/{wish}" + (f"?refused={refused.value}#who" if refused else ""))


def _came(filled: Filled, zone: str, now: datetime) -> Came:
    came_at = filled.maybe("came_at", moment_in(zone))
    if came_at is not None and came_at > now:
        raise Unread("came_at", "This is to come. Give the moment at which it came to you.")
    return Came(
        channel=filled.read("channel", one_of(Channel)),
        language=filled.one("language") if filled.one("language") in NAMES else "en",
        lives_in=filled.one("lives_in").upper() or None,
        behalf=filled.read("behalf", one_of(Behalf)),
        came_at=came_at,
    )


def _asking(request: Request, who: Inside, subject: SubjectId, filled: Filled) -> str:
    def spoken(tx: Transaction) -> str:
        known = requests.language_of(tx, person_of(tx, subjects.get(tx, subject).id))
        return language_of(known or controllers.get(tx).language)

    language = who.run(spoken)
    proofs = [(each.value, says) for each, says in PROOFS.items() if each is not ProofKind.VOUCHED or who.may(Deed.VOUCH)]
    given = {
        "kinds": [(each.value, says) for each, says in ASKED.items()],
        "channels": [(each.value, says) for each, says in _CAME.items()],
        "behalves": [(each.value, says) for each, says in BEHALF.items()],
        "languages": list(NAMES.items()),
        "needs": [(says, NEEDS[each]) for each, says in ASKED.items()],
    }
    return page(request, "request-new", who, subject=subject, filled=filled, proofs=proofs, language=language, **given)
