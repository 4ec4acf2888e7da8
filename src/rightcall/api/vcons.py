"""A call as a vCon, for those who may take it out of the house: plain, signed, or signed and encrypted for one recipient."""

from base64 import b64decode
from typing import Annotated, Any
from uuid import UUID

from cryptography.x509 import Certificate, load_der_x509_certificate
from fastapi import APIRouter, Depends, Header, Query
from fastapi.responses import Response

from rightcall.api.door import Door, door_for
from rightcall.api.forms import Case, Reason
from rightcall.api.named import purpose_of
from rightcall.api.problems import Refusal
from rightcall.api.verdicts import refusal
from rightcall.canonical import Json, canonical_json
from rightcall.database.connection import Transaction
from rightcall.errors import Malformed
from rightcall.house import House
from rightcall.ids import CallId, SubjectId
from rightcall.recordings.envelope import encrypt, sign
from rightcall.recordings.exporting import Exported, export
from rightcall.recordings.model import Refused
from rightcall.requests import actions as requests
from rightcall.requests.model import RequestKind
from rightcall.staff.model import Deed

router = APIRouter(prefix="/calls", tags=["calls"])

PLAIN, JOSE = "application/vcon", "application/jose+json"
_OWN = (RequestKind.ACCESS, RequestKind.PORTABILITY)
_FORMS: dict[int | str, dict[str, Any]] = {200: {"content": {PLAIN: {}, JOSE: {}}, "description": "The vCon."}}


@router.get("/{call}/vcon", responses=_FORMS, response_class=Response)
def vcon(
    door: Annotated[Door, Depends(door_for(Deed.EXPORT_CALL))],
    call: UUID,
    purpose: Annotated[str | None, Query(max_length=200, description="Only what serves this purpose: an id or a key.")] = None,
    reason: Annotated[
        Reason | None,
        Query(description="Why it leaves the house, in at least two words. Kept nowhere."),
    ] = None,
    case: Annotated[Case | None, Query(description="The reference of its case, likewise.")] = None,
    of: Annotated[UUID | None, Query(description="It answers this person's own open request: their subject id.")] = None,
    signed: Annotated[bool, Query(description="As a general JWS; `Accept: application/jose+json` asks the same.")] = False,
    encrypted: Annotated[bool, Query(description="The signed form, as a general JWE for Recipient-Certificate.")] = False,
    accept: Annotated[str, Header(max_length=500)] = PLAIN,
    recipient_certificate: Annotated[
        str | None,
        Header(max_length=12_000, description="The recipient's X.509 certificate (RSA), DER in base64 between colons."),
    ] = None,
) -> Response:
    """The call with what a verdict lets go, each take that goes along logged as a use. The header X-Left-Out says how many takes
    stay here. 403 with the verdict where the call stays, or all of its takes do, as where no reason and no case is given.
    409 where the person in `of` has no open access or portability request."""
    recipient = certificate_of(recipient_certificate, "Recipient-Certificate") if encrypted else None

    def deed(tx: Transaction) -> Exported | Refused:
        if of is not None and not requests.open_for(tx, SubjectId(of), _OWN):
            raise _without_request()
        return export(
            tx,
            door.house.tools,
            door.house.objects,
            door.house.audio,
            call=CallId(call),
            by=door.actor,
            reason=reason,
            case=case,
            purpose=None if purpose is None else purpose_of(tx, purpose),
            of=None if of is None else SubjectId(of),
        )

    exported = door.run(deed)
    if isinstance(exported, Refused):
        raise refusal(exported.verdict, exported.id)
    return _sent(door.house, exported, recipient, signed=signed or JOSE in accept)


def _sent(house: House, exported: Exported, recipient: Certificate | None, *, signed: bool) -> Response:
    """Who encrypts signs first."""
    document: Json = exported.vcon
    if signed or recipient is not None:
        document = sign(document, house.vcon_signer)
    if recipient is not None:
        document = encrypt(document, recipient)
    mediatype = PLAIN if document is exported.vcon else JOSE
    return Response(canonical_json(document), media_type=mediatype, headers={"x-left-out": str(len(exported.left_out))})


def _without_request() -> Refusal:
    detail = (
        "Write down what this person asks for first, and how it was shown who asks: POST /api/v1/requests with kind access or"
        " portability. Then export again."
    )
    return Refusal("request-first", "This person has no open request for it", 409, detail)


def certificate_of(given: str | None, header: str) -> Certificate:
    """RFC 9440's form of a certificate in a header."""
    try:
        return load_der_x509_certificate(b64decode((given or "").strip().strip(":"), validate=True))
    except ValueError as error:
        raise Malformed(f"{header} names somebody by their certificate: send its DER in base64 between colons.") from error
