"""What a person says is wrong, and putting it right (GDPR Art. 16): the right value beside the thing, and an open task for each
other system that holds such a thing about them."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, PlainTextResponse
from starlette.responses import Response

from rightcall.console.door import Inside, inside, sending
from rightcall.console.filled import EMPTY, MENDABLE, Filled, Sent, an_id, one_of, words
from rightcall.console.sheets import page
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.discovery.systems.naming import SystemNames, system_names
from rightcall.holdings import actions as holdings
from rightcall.holdings import saying
from rightcall.holdings.map.page import name_of
from rightcall.holdings.model import Holding
from rightcall.holdings.uses.saying import moment
from rightcall.ids import CorrectionId, HoldingId, RecipientId, RequestId, SystemId
from rightcall.personal import Personal
from rightcall.recordings.who import person_of
from rightcall.requests import actions as requests
from rightcall.requests import correcting, telling
from rightcall.requests.correcting import Correction
from rightcall.requests.corrections.model import ToKeepers, ToRecipient
from rightcall.requests.informing.model import Reply
from rightcall.requests.model import RequestKind
from rightcall.requests.own import asking
from rightcall.staff.model import Deed
from rightcall.vault.model import Dark
from rightcall.vault.saying import CAUSES

router = APIRouter(prefix="/console/requests/{wish}")
Reading = Annotated[Inside, Depends(inside(Deed.SEE_WISH))]
Answering = Annotated[Inside, Depends(inside(Deed.ANSWER_REQUEST))]
Correcting = Annotated[Inside, Depends(sending(Deed.ANSWER_REQUEST))]
_MOST = 500


def _keepers(wish: UUID, correction: UUID, system: UUID) -> ToKeepers:
    return ToKeepers(request=RequestId(wish), correction=CorrectionId(correction), system=SystemId(system))


def _recipient(wish: UUID, correction: UUID, recipient: UUID) -> ToRecipient:
    return ToRecipient(request=RequestId(wish), correction=CorrectionId(correction), recipient=RecipientId(recipient))


Keepers = Annotated[ToKeepers, Depends(_keepers)]
Recipient = Annotated[ToRecipient, Depends(_recipient)]


@router.get("/words")
def read(request: Request, who: Reading, wish: UUID) -> HTMLResponse:
    """What they wrote at their own page; and, where they ask for it, what was put right and where not yet."""
    return html(_words(request, who, RequestId(wish), EMPTY))


@router.post("/corrections")
def correct(request: Request, who: Correcting, wish: UUID, filled: Sent) -> Response:
    house, id = who.house, RequestId(wish)
    try:
        holding, value = HoldingId(filled.read("holding", an_id)), Personal(filled.read("value", words))
        who.run(lambda tx: correcting.correct(tx, house.vault, house.clock, id, holding, value, by=who.actor))
    except MENDABLE as error:
        return html(_words(request, who, id, filled.but(error)), status=422)
    return onwards(f"/console/requests/{wish}/words")


@router.post("/corrections/{correction}/take-back")
def take_back(who: Correcting, wish: UUID, correction: UUID) -> Response:
    """It was entered by mistake."""
    id, of = RequestId(wish), CorrectionId(correction)
    who.run(lambda tx: correcting.take_back(tx, who.house.vault, who.house.clock, id, of, by=who.actor))
    return onwards(f"/console/requests/{wish}/words")


@router.post("/corrections/{correction}/systems/{system}")
def put_right_in(who: Correcting, wish: UUID, correction: UUID, system: UUID) -> Response:
    """Somebody put it right in that system, and looked."""

    def deed(tx: Transaction) -> None:
        clock = who.house.clock
        correcting.put_right_in(tx, clock, RequestId(wish), CorrectionId(correction), SystemId(system), by=who.actor)

    who.run(deed)
    return onwards(f"/console/requests/{wish}/words")


@router.get("/corrections/{correction}/systems/{system}/letter", response_class=PlainTextResponse)
def keepers_letter(who: Answering, to: Keepers) -> PlainTextResponse:
    """What those who look after a system are told, in their language, to be sent as it is."""
    return _letter(who, to)


@router.post("/corrections/{correction}/systems/{system}/told")
def keepers_told(who: Correcting, to: Keepers) -> Response:
    """The letter was sent."""
    return _told(who, to)


@router.post("/corrections/{correction}/systems/{system}/answer")
def keepers_replied(who: Correcting, to: Keepers, filled: Sent) -> Response:
    """What came back. Where they say that it is right, the worker reads it there again."""
    return _replied(who, to, filled)


@router.get("/corrections/{correction}/recipients/{recipient}/letter", response_class=PlainTextResponse)
def recipient_letter(who: Answering, to: Recipient) -> PlainTextResponse:
    """What a recipient is told, to be sent as it is."""
    return _letter(who, to)


@router.post("/corrections/{correction}/recipients/{recipient}/told")
def recipient_told(who: Correcting, to: Recipient) -> Response:
    """The letter was sent."""
    return _told(who, to)


@router.post("/corrections/{correction}/recipients/{recipient}/answer")
def recipient_replied(who: Correcting, to: Recipient, filled: Sent) -> Response:
    """What came back."""
    return _replied(who, to, filled)


def _letter(who: Inside, to: ToKeepers | ToRecipient) -> PlainTextResponse:
    found = who.run(lambda tx: telling.letter(tx, who.house.vault, who.house.clock, to))
    return PlainTextResponse(found.text, headers={"content-language": found.language})


def _told(who: Inside, to: ToKeepers | ToRecipient) -> Response:
    who.run(lambda tx: telling.tell(tx, who.house.clock, to, by=who.actor))
    return onwards(f"/console/requests/{to.request}/words")


def _replied(who: Inside, to: ToKeepers | ToRecipient, filled: Filled) -> Response:
    answer = filled.read("answer", one_of(Reply))
    who.run(lambda tx: telling.answer(tx, who.house.clock, to, answer, by=who.actor))
    return onwards(f"/console/requests/{to.request}/words")


def _words(request: Request, who: Inside, wish: RequestId, filled: Filled) -> str:
    vault = who.house.vault

    def deed(tx: Transaction) -> dict[str, object]:
        found, said = requests.get(tx, wish), asking.wish(tx, vault, wish)
        is_wrong = found.kind is RequestKind.RECTIFICATION
        held = [each for each in holdings.of_person(tx, person_of(tx, found.subject), limit=_MOST) if each.is_there]
        systems = system_names(tx)
        made = correcting.of_request(tx, vault, wish) if is_wrong else []
        return {
            "wish": found,
            "said": None if said is None or isinstance(said, Dark) else said.reveal("answer a person's request"),
            "dark": CAUSES[said.reason] if isinstance(said, Dark) else None,
            "things": [(str(id), name) for id, name in _by_id(held, systems).items()] if is_wrong else [],
            "made": [(each, _value(each)) for each in made],
            "by_hand": correcting.by_hand(tx, [task for each in made for task in each.tasks]),
            "called_by_id": _by_id(held, systems),
            "systems": systems,
        }

    return page(request, "request-words", who, **who.run(deed), filled=filled)


def _by_id(held: Sequence[Holding], systems: SystemNames) -> dict[HoldingId, str]:
    """Each as no other: of two that are alike in all that can be told, by the end of their ids too."""
    called = {each.id: _called(each, systems) for each in held}
    many = Counter(called.values())
    return {id: f"{name}, …{str(id)[-4:]}" if many[name] > 1 else name for id, name in called.items()}


def _called(holding: Holding, systems: SystemNames) -> str:
    """As somebody who answers tells it from the others."""
    field = f", {holding.place.field}" if holding.place.field else ""
    return f"{saying.category(holding.category)}, {name_of(holding.place.system, systems)}{field}, {moment(holding.made_at)}"


def _value(correction: Correction) -> str | None:
    value = correction.value
    return None if isinstance(value, Dark) else value.reveal("show a correction to who enters it elsewhere")
