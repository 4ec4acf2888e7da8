"""Where processors call back (OpenDSR, section 8.6): signed, and believed only in that they are to be asked. Why one is refused
is in the log, and not told."""

import logging
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from rightcall.activities.processors import calling_back
from rightcall.activities.processors.model import Refusal, Reply
from rightcall.api.door import house_of
from rightcall.api.reading import RawBody
from rightcall.ids import ControllerId

router = APIRouter(prefix="/opendsr", tags=["opendsr"])
_ACCEPTED, _REFUSED = 202, 403
_log = logging.getLogger(__name__)
_REFUSES: dict[int | str, dict[str, Any]] = {_REFUSED: {"description": "Nobody whom we believe signed it. Nothing more is told."}}


@router.post("/callbacks/{controller}", status_code=202, response_class=PlainTextResponse, responses=_REFUSES)
def call_back(request: Request, controller: UUID, body: RawBody) -> Response:
    """A processor says how far a request is. 202 where its signature holds; 403 else. Sent again, it changes nothing."""
    house, told = house_of(request), request.headers
    reply = Reply(
        status=_ACCEPTED,
        body=body,
        domain=told.get("x-opendsr-processor-domain", ""),
        signature=told.get("x-opendsr-signature", ""),
    )
    found = house.database.run(ControllerId(controller), lambda tx: calling_back.hear(tx, house.clock, house.processors, reply))
    if isinstance(found, Refusal):
        _log.warning("a callback of a processor was refused: %s", found)
        return Response(status_code=_REFUSED)
    return Response(status_code=_ACCEPTED)
