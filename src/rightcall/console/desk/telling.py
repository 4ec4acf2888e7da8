"""What is asked and said beside the call: who calls, what is held of them, a request of theirs entered at once, a concern."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import HTMLResponse

from rightcall.actors import PartyRole
from rightcall.calls import actions as calls
from rightcall.calls.model import Party
from rightcall.concerns import actions as concerns
from rightcall.concerns.keeping import days_of
from rightcall.concerns.model import MOST_WORDS, AboutCall, Anonymous, Raised
from rightcall.console.desk.caller import Caller, Why, caller
from rightcall.console.desk.place import shown
from rightcall.console.desk.reading import may_read
from rightcall.console.desk.showing import seen
from rightcall.console.door import Inside, inside, sending
from rightcall.console.sheets import part
from rightcall.controllers import actions as controllers
from rightcall.controllers.model import Controller
from rightcall.database.connection import Transaction
from rightcall.design.tongues import tongue_for
from rightcall.errors import NotFound
from rightcall.holdings import actions as holdings
from rightcall.holdings.holds import actions as holds
from rightcall.ids import CallId, HoldingId, PartyId, PurposeId
from rightcall.personal import Personal
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Purpose
from rightcall.purposes.translations import actions as translations
from rightcall.purposes.translations.model import InLanguage
from rightcall.recordings import actions as recordings
from rightcall.requests import actions as requests
from rightcall.requests import proving
from rightcall.requests.actions import Came
from rightcall.requests.model import Channel, Missing, RequestKind
from rightcall.requests.model import Request as Asked
from rightcall.staff.model import Deed
from rightcall.vault.model import Dark, DarkReason

router = APIRouter(prefix="/desk/{call}")
Looking = Annotated[Inside, Depends(inside(Deed.PAUSE_CALL))]
Seeing = Annotated[Inside, Depends(sending(Deed.PAUSE_CALL))]
"""Whoever is on the call; who somebody is, is shown by a verdict."""
Requesting = Annotated[Inside, Depends(sending(Deed.MAKE_REQUEST))]
Raising = Annotated[Inside, Depends(sending(Deed.RAISE_CONCERN))]
Language = Annotated[str, Query(max_length=20, pattern="^[A-Za-z0-9-]*$")]
Words = Annotated[str, Form(max_length=200)]
KINDS = (
    RequestKind.ACCESS,
    RequestKind.RECTIFICATION,
    RequestKind.ERASURE,
    RequestKind.RESTRICTION,
    RequestKind.OBJECTION,
    RequestKind.PORTABILITY,
)


@dataclass(frozen=True, slots=True)
class Entered:
    """A request, and what it waits for."""

    request: Asked
    waits_for: Sequence[Missing]


@dataclass(frozen=True, slots=True)
class _Kept:
    """The sound of a call, by what its keys say now. `opens`: the purposes for which some of it can be opened; `closed`: those
    for which none can any more. `locked`: some opens for nobody, and is kept all the same: in quarantine, or on a hold."""

    opens: Sequence[PurposeId] = ()
    closed: Sequence[PurposeId] = ()
    locked: bool = False


@dataclass(frozen=True, slots=True)
class _Told:
    """`may`: the purposes for which somebody with this role may read who it is. `kept`: the sound of this call. `translated`:
    what there is in the caller's language."""

    known: Mapping[PurposeId, Purpose]
    may: Sequence[Purpose]
    customers: Sequence[Party]
    kept: _Kept
    company: Controller
    translated: InLanguage


@router.get("/caller")
def about(request: Request, who: Looking, call: UUID, language: Language = "") -> HTMLResponse:
    """What is held of the caller of this very call, what to say, and forms to see who it is and to enter a request."""
    return _about(request, who, CallId(call), language)


@router.post("/caller")
def see_caller(
    request: Request,
    who: Seeing,
    call: UUID,
    party: Annotated[UUID, Form()],
    purpose: Annotated[UUID, Form()],
    reason: Words = "",
    case: Words = "",
    language: Language = "",
) -> HTMLResponse:
    """Name and identifiers, for a purpose: the verdict is asked, and that they were read is in the log."""
    id = CallId(call)

    def deed(tx: Transaction) -> Caller:
        return caller(tx, who, _party(tx, id, party), PurposeId(purpose), Why(reason or None, case or None))

    return _about(request, who, id, language, seen_of=who.run(deed))


@router.post("/request")
def enter_request(
    request: Request,
    who: Requesting,
    call: UUID,
    party: Annotated[UUID, Form()],
    kind: Annotated[RequestKind, Form()],
    language: Language = "",
) -> HTMLResponse:
    """They ask for it. Its clock runs from now; nothing is done before it is shown who asks."""
    id, house = CallId(call), who.house
    came = Came(channel=Channel.PHONE, language=tongue_for("", chosen=language).code)

    def deed(tx: Transaction) -> Entered:
        subject = _party(tx, id, party).subject
        asked = requests.receive(tx, house.vault, house.clock, subject=subject, kind=kind, by=who.actor, came=came)
        return Entered(asked, proving.missing_of(tx, house.clock, asked))

    return _about(request, who, id, language, entered=who.run(deed))


@router.get("/concern")
def concern(request: Request, who: Looking, call: UUID, language: Language = "") -> HTMLResponse:
    return _concern(request, who, CallId(call), language, code=None)


@router.post("/concern")
def raise_concern(
    request: Request,
    who: Raising,
    call: UUID,
    words: Annotated[str, Form(max_length=MOST_WORDS)],
    names_call: Annotated[bool, Form()] = False,
    language: Language = "",
) -> HTMLResponse:
    """Anonymous: nothing leads back to whoever raised it but the code that is shown this once."""
    house = who.house

    def deed(tx: Transaction) -> Raised:
        return concerns.raise_concern(
            tx,
            house.vault,
            house.clock,
            target=AboutCall(CallId(call) if names_call else None),
            words=Personal(words),
            by=Anonymous(),
            days=days_of(house.settings),
        )

    raised = who.run(deed)
    code = "" if raised.code is None else raised.code.reveal("show case code once")
    return _concern(request, who, CallId(call), language, code=code)


def _concern(request: Request, who: Inside, call: CallId, language: str, *, code: str | None) -> HTMLResponse:
    beside = seen(request, who, call, language)
    return shown(request, "desk/concern", who, call=call, most=MOST_WORDS, raised=code, beside=True, seen=beside)


def _about(
    request: Request, who: Inside, call: CallId, language: str, *, seen_of: Caller | None = None, entered: Entered | None = None
) -> HTMLResponse:
    house, tongue = who.house, tongue_for("", chosen=language)

    def deed(tx: Transaction) -> _Told:
        known = purposes.all_purposes(tx)
        customers = [each for each in calls.parties(tx, call) if each.role is not PartyRole.AGENT]
        may = [each for each in known if may_read(each, who.actor.role)]
        kept, translated = _kept(tx, who, call, customers), translations.in_language(tx, tongue.code)
        return _Told({each.id: each for each in known}, may, customers, kept, controllers.get(tx), translated)

    told = who.run(deed)
    with house.database.system() as tx:
        alone = len(controllers.all_ids(tx)) == 1
    host, company = urlsplit(house.settings.own_url).netloc, "" if alone else told.company.name
    around = {"known": told.known, "translated": told.translated, "own_language": told.company.language}
    return shown(
        request,
        "desk/caller",
        who,
        call=call,
        language=language,
        told=told,
        spoken=tongue.code,
        say=part("desk/say", tongue, kept=told.kept, **around, host=host, company=company, entered=entered),
        kinds=KINDS,
        may_enter=who.may(Deed.MAKE_REQUEST),
        person=seen_of,
        entered=entered,
        beside=True,
        seen=seen(request, who, call, language),
    )


def _kept(tx: Transaction, who: Inside, call: CallId, of: list[Party]) -> _Kept:
    """Asked of the keys and not of what was recorded: a yes that was taken back closes what was kept on it at once."""
    try:
        takes = recordings.call_state(tx, call).takes
    except NotFound:
        return _Kept()
    spoken = {None, *(party.id for party in of)}
    known = holdings.of_ids(tx, [each.id for each in takes if each.party in spoken])
    found = [known[each.id] for each in takes if each.id in known]
    keys = {each.id: holdings.readable(tx, who.house.vault, each) if each.is_there else {} for each in found}
    opens = dict.fromkeys(purpose for each in keys.values() for purpose, dark in each.items() if dark is None)
    gone = [each for each in found if not _is_locked(tx, who, each.id, keys[each.id])]
    closed = dict.fromkeys(purpose for each in gone for purpose in each.purposes if purpose not in opens)
    return _Kept(tuple(opens), tuple(closed), len(gone) < len(found))


def _is_locked(tx: Transaction, who: Inside, holding: HoldingId, keys: Mapping[PurposeId, Dark | None]) -> bool:
    if not keys or None in keys.values():
        return False
    withheld = any(dark is not None and dark.reason is DarkReason.WITHHELD for dark in keys.values())
    return withheld or holds.is_held(tx, who.house.clock, holding)


def _party(tx: Transaction, call: CallId, party: UUID) -> Party:
    found = calls.party(tx, PartyId(party))
    if found.call != call:
        raise NotFound("There is no such party in this call. Look at the call to see who takes part.")
    return found
