"""A person's choices: where each stands, two equal answers, what an answer did, and the receipt of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from rightcall.calls import actions as calls
from rightcall.consent import actions as consent
from rightcall.database.connection import Transaction
from rightcall.design.answers import html, onwards
from rightcall.design.tongues import marked
from rightcall.errors import Malformed, NotFound, Outage, StillWorking
from rightcall.evidence import actions as evidence
from rightcall.evidence import handing
from rightcall.evidence.model import HandedOut, Receipt
from rightcall.evidence.waiting import awaited
from rightcall.ids import CallId, ChoiceId, PurposeId
from rightcall.ledger.checkpoint import key_of
from rightcall.ledger.model import NotYet
from rightcall.portal.backups import backups_of
from rightcall.portal.guard import is_sealed, seal_of
from rightcall.portal.sheets import tongue_of
from rightcall.portal.visiting import Sending, Visiting, Visitor
from rightcall.recordings.confirming import hold, live_version
from rightcall.requests.own import choosing
from rightcall.requests.own.model import OwnChoice, TakenBack
from rightcall.vault.model import Dark

router = APIRouter(prefix="/me/{controller}")
Line = Annotated[str, Query(max_length=100)]
_NO_SUCH = marked("There is no such answer of yours. Look at your choices to see those that there are.")
_ERASED = marked("You were erased, so nobody can show any more whose answer this was.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The choices as a page shows them. `seals`: of the words of each purpose, that they were shown now. `handed_out`: to staff,
    to be sent on."""

    choices: Sequence[OwnChoice]
    handed_out: Sequence[HandedOut]
    seals: Mapping[PurposeId, str]
    at: str


@dataclass(frozen=True, slots=True)
class Did:
    """What an answer that was just given did. `live`: a call that it is of goes on."""

    yes: bool
    purpose: UUID
    calls: int = 0
    dark: int = 0
    unsure: bool = False
    already: bool = False
    live: bool = False

    @property
    def told(self) -> str:
        flags = "".join(str(int(each)) for each in (self.yes, self.unsure, self.already, self.live))
        return f"{flags}.{self.purpose}.{self.calls}.{self.dark}"


@router.get("/choices")
def choices(visiting: Visiting, did: Line = "", seal: Line = "") -> HTMLResponse:
    """`did`: what an answer that was just given did; shown where it is we who say so."""
    done = _did(did) if did and is_sealed(visiting.secret, did, seal) else None
    backups = backups_of(visiting.house) if done and done.dark else None
    return html(visiting.page("choices", choices=shown(visiting), did=done, backups=backups))


@router.post("/choices/{purpose}/yes")
def say_yes(
    visiting: Sending,
    purpose: UUID,
    seal: Annotated[str, Form(max_length=100)],
    shown_at: Annotated[str, Form(max_length=40)],
) -> Response:
    at, language = _instant(shown_at), tongue_of(visiting.request).code

    def deed(tx: Transaction) -> choosing.Given:
        return choosing.give(
            tx,
            visiting.tools,
            visiting.person(tx),
            purpose=PurposeId(purpose),
            language=language,
            secret=visiting.secret,
            shown_at=at,
            seal=seal,
            since=visiting.visit.begun_at,
        )

    given = visiting.run(deed)
    unsure = _is_unsure(visiting, given.live)
    return _told(visiting, Did(yes=True, purpose=purpose, unsure=unsure, already=given.already, live=bool(given.live)))


@router.post("/choices/{purpose}/no")
def say_no(visiting: Sending, purpose: UUID) -> Response:
    """From now on. It needs nothing but this."""

    def deed(tx: Transaction) -> TakenBack:
        return choosing.take_back(tx, visiting.tools, visiting.person(tx), purpose=PurposeId(purpose))

    did = visiting.run(deed)
    unsure = _is_unsure(visiting, did.live)
    told = Did(yes=False, purpose=purpose, calls=did.calls, dark=did.dark, unsure=unsure, already=did.already)
    return _told(visiting, told)


@router.get("/receipts/{choice}")
def receipt(visiting: Visiting, choice: UUID) -> Response:
    """The receipt of one of their answers, once the ledger has signed it."""
    house, id = visiting.house, ChoiceId(choice)
    key = key_of(house.signer)

    def deed(tx: Transaction) -> Receipt | NotYet | Dark:
        _check_own(tx, visiting, id)
        return evidence.receipt(tx, house.vault, house.clock, id, key=key)

    found = awaited(lambda: visiting.run(deed))
    if isinstance(found, NotYet):
        raise StillWorking(marked("It is written down, and waits for the ledger's signature. Ask again in a moment."))
    if isinstance(found, Dark):
        raise NotFound(_ERASED)
    headers = {"content-disposition": f'attachment; filename="receipt-{found.id}.json"'}
    return Response(found.file, media_type="application/ld+json", headers=headers)


def shown(visiting: Visitor) -> Shown:
    """As they stand, each with the words in the reader's language."""
    house, language = visiting.house, tongue_of(visiting.request).code
    at = house.clock.now()
    found = visiting.run(lambda tx: choosing.own_choices(tx, house.vault, house.clock, visiting.person(tx), language))
    seals = {each.purpose.id: choosing.seal_of_words(visiting.secret, each.words, at) for each in found if each.words is not None}
    handed = visiting.run(lambda tx: handing.handed_out(tx, [made.id for each in found for made in each.made]))
    return Shown(choices=found, handed_out=handed, seals=seals, at=at.isoformat())


def _is_unsure(visiting: Visitor, live: Sequence[CallId]) -> bool:
    """All are asked, whatever the first says."""
    return False in [_confirms(visiting, each) for each in live]


def _confirms(visiting: Visitor, call: CallId) -> bool:
    """Whether the recorder of a call that goes on says that it holds what was just written down. It follows by itself in any
    case; only until when is not known."""
    house, of = visiting.house, visiting.company.id
    version = visiting.run(lambda tx: live_version(tx, call))
    if version is None:
        return True
    try:
        hold(house.database, house.gates, visiting.tools, controller=of, call=call, version=version)
    except Outage:
        return False
    return True


def _told(visiting: Visitor, did: Did) -> Response:
    """Back to the card that was answered."""
    seal = seal_of(visiting.secret, did.told)
    return onwards(f"{visiting.place('choices')}?did={did.told}&seal={seal}#p-{did.purpose}")


def _did(told: str) -> Did:
    """As it was told by us."""
    flags, purpose, calls, dark = told.split(".")
    yes, unsure, already, live = (each == "1" for each in flags)
    return Did(yes=yes, purpose=UUID(purpose), calls=int(calls), dark=int(dark), unsure=unsure, already=already, live=live)


def _check_own(tx: Transaction, visiting: Visitor, choice: ChoiceId) -> None:
    try:
        party = calls.party(tx, consent.choice(tx, choice).party)
    except NotFound:
        raise NotFound(_NO_SUCH) from None
    if party.subject not in visiting.person(tx):
        raise NotFound(_NO_SUCH)


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Malformed(marked("This page was changed on its way. Open it again.")) from None
    if at.tzinfo is None:
        raise Malformed(marked("This page was changed on its way. Open it again."))
    return at
