"""Somebody else's vCon, taken in as far as a yes in it goes (GDPR Art. 14); and what came of one.

What comes is large, and written by others: it is bounded before it is read, told apart by its content type, and never fetched
anything for. Nobody is believed who was not named beforehand, in the settings or along with the request.
"""

import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from rightcall.api.door import Door, door_for
from rightcall.api.forms import ActorShape, Shape
from rightcall.api.problems import Refusal
from rightcall.api.reading import longer_body
from rightcall.api.vcons import JOSE, PLAIN, certificate_of
from rightcall.database.connection import Transaction
from rightcall.errors import Tampered
from rightcall.recordings import receiving
from rightcall.recordings.envelope import MOST_BYTES, Certificates, trusted_in
from rightcall.recordings.importing.model import ImportedVcon, Signature
from rightcall.recordings.importing.reading import open_vcon
from rightcall.recordings.receiving import Received, received
from rightcall.recordings.weighing import INSTEAD, NotKept
from rightcall.staff.model import Deed

router = APIRouter(prefix="/vcons", tags=["vcons"])

MEDIATYPES = (PLAIN, "application/vcon+json", "application/vcon+gzip", JOSE, "application/json")
_BODY = {"requestBody": {"required": True, "content": {each: {"schema": {}} for each in MEDIATYPES}}}
_AGAIN: dict[int | str, dict[str, Any]] = {200: {"description": "This very vCon was taken in before; nothing was done now."}}
_importer = door_for(Deed.IMPORT_VCON)


class KeptShape(Shape):
    """`dialog`: its place in the vCon."""

    dialog: int
    holding: UUID


class LeftOutShape(Shape):
    """A dialog with content that stays out. `instead`: what would make it right."""

    dialog: int
    why: NotKept
    instead: str


class ReceivedShape(Shape):
    """`call` is the call that it became here. `again`: it was taken in before, and nothing was done now. `verdicts`: on each
    recording in it."""

    vcon: UUID
    call: UUID
    again: bool
    signature: Signature
    kept: list[KeptShape]
    left_out: list[LeftOutShape]
    verdicts: list[UUID]


class OriginShape(Shape):
    """Where a call came from. `signed_by`: SHA-256 of the certificate that vouched for it, in hex."""

    vcon: UUID
    call: UUID
    received_at: datetime
    by: ActorShape
    signed_by: str
    kept: list[KeptShape]
    statement: UUID


async def _content(request: Request, _: Annotated[Door, Depends(_importer)]) -> bytes:
    """Read only for those who may."""
    told = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if told not in MEDIATYPES:
        detail = f"Say what it is: Content-Type is one of {', '.join(MEDIATYPES)}."
        raise Refusal("media-type", "Not of this media type", 415, detail)
    return await longer_body(request, MOST_BYTES, is_text=False)


@router.post("", status_code=201, responses=_AGAIN, openapi_extra=_BODY)
async def take_in(
    door: Annotated[Door, Depends(_importer)],
    content: Annotated[bytes, Depends(_content)],
    response: Response,
    region: Annotated[str, Query(pattern="^[A-Z]{2}$", description="Where a number in national form belongs.")] = "ZZ",
    trusted_certificate: Annotated[
        str | None,
        Header(max_length=12_000, description="One more who is believed: their X.509 certificate, DER in base64 between colons."),
    ] = None,
) -> ReceivedShape:
    """Take in a vCon: plain, signed as a general JWS, or either packed with gzip. 403 where nothing of it may be kept: then
    nothing is stored but the verdicts, and the no of whoever said no in it. 409 where another document came with its uuid, or
    where this Rightcall signed it itself. 422 where a hash or a trusted signature in it is not good."""
    result, signature = await run_in_threadpool(_take_in, door, content, region, trusted_certificate)
    if result.call is None or not result.kept:
        raise _nothing(result, signature)
    response.status_code = 200 if result.again else 201
    return ReceivedShape(
        vcon=result.vcon,
        call=result.call,
        again=result.again,
        signature=signature,
        kept=_kept(result.kept),
        left_out=_left_out(result.left_out),
        verdicts=list(result.verdicts),
    )


@router.get("/{vcon}")
def origin(door: Annotated[Door, Depends(door_for(Deed.SEE_HOLDINGS))], vcon: UUID) -> OriginShape:
    """What was kept of a vCon that came in, when, and by whose word."""

    def deed(tx: Transaction) -> OriginShape:
        found, sounds = received(tx, vcon)
        assert found.call is not None  # noqa: S101 - what is on record no more is not found
        return OriginShape(
            vcon=found.id,
            call=found.call,
            received_at=found.received_at,
            by=ActorShape.of(found.by),
            signed_by=found.signed_by.hex(),
            kept=[KeptShape(dialog=sound.dialog, holding=sound.id) for sound in sounds],
            statement=found.statement,
        )

    return door.run(deed)


def _take_in(door: Door, content: bytes, region: str, trusted_certificate: str | None) -> tuple[Received, Signature]:
    vcon, signature = _opened(door, content, trusted_certificate)
    with tempfile.TemporaryDirectory(prefix="rightcall-vcon-") as scratch:

        def deed(tx: Transaction) -> Received:
            return receiving.receive(
                tx, door.house.tools, door.house.objects, vcon, by=door.actor, region=region, scratch=Path(scratch)
            )

        return door.run(deed), signature


def _opened(door: Door, content: bytes, trusted_certificate: str | None) -> tuple[ImportedVcon, Signature]:
    trusted: Certificates = trusted_in(door.house.settings.vcon_trusted)
    if trusted_certificate is not None:
        trusted = [*trusted, certificate_of(trusted_certificate, "Trusted-Certificate")]
    try:
        vcon, signature = open_vcon(content, trusted, door.house.clock.now())
    except Tampered as error:
        raise Refusal("not-believed", "It was changed on its way", 422, str(error)) from error
    receiving.check_from_elsewhere(vcon, door.house.vcon_signer)
    return vcon, signature


def _nothing(result: Received, signature: Signature) -> Refusal:
    return Refusal(
        "nothing-kept",
        "Nothing of it may be kept",
        403,
        receiving.why_nothing(result, signature),
        vcon=str(result.vcon),
        signature=signature.value,
        left_out=[each.model_dump(mode="json") for each in _left_out(result.left_out)],
        verdicts=[str(id) for id in result.verdicts],
    )


def _kept(kept: Mapping[int, UUID]) -> list[KeptShape]:
    return [KeptShape(dialog=place, holding=holding) for place, holding in kept.items()]


def _left_out(left_out: Mapping[int, NotKept]) -> list[LeftOutShape]:
    return [LeftOutShape(dialog=place, why=why, instead=INSTEAD[why]) for place, why in left_out.items()]
