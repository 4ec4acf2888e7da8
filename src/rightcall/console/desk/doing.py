"""What is done at the desk: a notice read out, a yes or a no as it was heard, a pause and its end. Each is written down first,
then the recorder is asked to hold it, and the page that follows says whether it does."""

import logging
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import Response

from rightcall.consent.model import Answer, Channel, Evidence, EvidenceKind, NewChoice, Told
from rightcall.console.desk.place import done, held, shown
from rightcall.console.door import Inside, sending
from rightcall.database.connection import Transaction
from rightcall.design.answers import onwards
from rightcall.errors import Breach, Outage
from rightcall.ids import CallId, NoticeId, PartyId, PurposeId
from rightcall.personal import Personal
from rightcall.policy.model import PauseReason
from rightcall.purposes import actions as purposes
from rightcall.recordings import actions as recordings
from rightcall.recordings.confirming import pause_instead
from rightcall.staff.model import Deed
from rightcall.telemetry import metrics

router = APIRouter(prefix="/desk/{call}")
Asking = Annotated[Inside, Depends(sending(Deed.ASK_PARTY))]
Choosing = Annotated[Inside, Depends(sending(Deed.RECORD_CHOICE))]
Pausing = Annotated[Inside, Depends(sending(Deed.PAUSE_CALL))]
Language = Annotated[str, Query(max_length=20)]
_HEARD = "They said yes. Heard by whoever was on the call with them, and entered at the desk."
_log = logging.getLogger(__name__)


@router.post("/read")
def read_out(
    who: Asking, call: UUID, party: Annotated[UUID, Form()], notice: Annotated[UUID, Form()], language: Language = ""
) -> Response:
    """The words are being read out, from now on."""
    id = CallId(call)

    def deed(tx: Transaction) -> None:
        recordings.touch(tx, id)
        words = purposes.notice(tx, NoticeId(notice))
        told = Told(party_language=words.language)
        recordings.ask(tx, who.house.tools, call=id, party=PartyId(party), notice=words.id, by=who.actor, told=told)

    done(who, id, deed)
    return _back(id, language)


@router.post("/yes")
def say_yes(
    who: Choosing, call: UUID, party: Annotated[UUID, Form()], notice: Annotated[UUID, Form()], language: Language = ""
) -> Response:
    """They said yes to these words."""
    id = CallId(call)

    def deed(tx: Transaction) -> None:
        recordings.touch(tx, id)
        words = purposes.notice(tx, NoticeId(notice))
        new = NewChoice(
            call=id,
            party=PartyId(party),
            purpose=words.purpose,
            answer=Answer.GRANTED,
            notice=words.id,
            language=words.language,
            channel=Channel.VOICE_HEARD_BY_AGENT,
            by=who.actor,
            evidence=Evidence(kind=EvidenceKind.WORDS_HEARD, detail=Personal(_HEARD)),
        )
        recordings.choose(tx, who.house.tools, new)

    done(who, id, deed)
    metrics().choices.labels(answer=Answer.GRANTED.value).inc()
    return _back(id, language)


@router.post("/no")
def say_no(
    request: Request,
    who: Choosing,
    call: UUID,
    party: Annotated[UUID, Form()],
    purpose: Annotated[UUID, Form()],
    language: Language = "",
) -> Response:
    """They said no, or take back a yes. Where that cannot be written down, the call is paused instead."""
    id = CallId(call)
    new = NewChoice(
        call=id,
        party=PartyId(party),
        purpose=PurposeId(purpose),
        answer=Answer.REFUSED,
        channel=Channel.VOICE_HEARD_BY_AGENT,
        by=who.actor,
    )

    def deed(tx: Transaction) -> Answer:
        recordings.touch(tx, id)
        return recordings.choose(tx, who.house.tools, new).answer

    try:
        answer, _ = done(who, id, deed)
    except (Breach, Outage) as error:
        _log.error("a no could not be written down: %s", error, extra={"call": id}, exc_info=error)
        return _paused_instead(request, who, id)
    metrics().choices.labels(answer=answer.value).inc()
    return _back(id, language)


@router.post("/pause")
def pause(
    who: Pausing, call: UUID, reason: Annotated[PauseReason, Form()] = PauseReason.OTHER, language: Language = ""
) -> Response:
    id = CallId(call)
    _, holds = done(who, id, lambda tx: recordings.pause(tx, who.house.tools, id, by=who.actor, reason=reason))
    metrics().pauses.labels(deed="pause", held="yes" if holds else "no").inc()
    return _back(id, language)


@router.post("/resume")
def resume(who: Pausing, call: UUID, reason: Annotated[PauseReason, Form()], language: Language = "") -> Response:
    """The pause for this reason is over; another one stays."""
    id = CallId(call)
    _, holds = done(who, id, lambda tx: recordings.resume(tx, who.house.tools, id, by=who.actor, reason=reason))
    metrics().pauses.labels(deed="resume", held="yes" if holds else "no").inc()
    return _back(id, language)


def _paused_instead(request: Request, who: Inside, call: CallId) -> Response:
    version = who.run(lambda tx: pause_instead(tx, who.house.tools, call, by=who.actor))
    is_held = version is not None and held(who, call, version) is not None
    return shown(request, "desk/unwritten", who, status=503, call=call, is_live=version is not None, is_held=is_held)


def _back(call: CallId, language: str) -> Response:
    return onwards(f"/desk/{call}" + (f"?language={language}" if language.replace("-", "").isalnum() else ""))
