"""How erasures are getting on: what is confirmed gone, what other systems still keep, who was told; and the certificate."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from rightcall.activities.telling import actions as telling
from rightcall.console import columns, naming
from rightcall.console.door import Inside, inside, sending
from rightcall.console.tables import shown as answered
from rightcall.database.connection import Transaction
from rightcall.design.answers import onwards
from rightcall.discovery.systems.naming import system_names
from rightcall.erasure import actions as erasures
from rightcall.erasure.elsewhere import actions as elsewhere
from rightcall.erasure.elsewhere.model import Errand, PlaceState
from rightcall.erasure.model import Erasure
from rightcall.errors import StillWorking
from rightcall.evidence import actions as evidence
from rightcall.evidence.model import CertificateId
from rightcall.ids import ErasureId
from rightcall.ledger.checkpoint import key_of
from rightcall.ledger.model import NotYet
from rightcall.requests import staying
from rightcall.staff.model import Deed

router = APIRouter(prefix="/console/erasures")
Looking = Annotated[Inside, Depends(inside(Deed.SEE_REQUESTS))]
_MOST = 500


@router.get("")
def list_erasures(request: Request, who: Looking) -> Response:
    """Those of which something is open, the oldest first."""

    def deed(tx: Transaction) -> list[Erasure]:
        found = {*erasures.unfinished(tx), *elsewhere.open_books(tx, _MOST), *telling.untold(tx)}
        roots = sorted({erasures.get(tx, each).root for each in found})
        return [erasures.as_one(tx, each) for each in roots[:_MOST]]

    return answered(request, "erasures", who, listed=columns.ERASURES.of(who.run(deed), request.query_params))


@router.get("/{erasure}")
def show(request: Request, who: Looking, erasure: UUID) -> Response:
    def deed(tx: Transaction) -> dict[str, object]:
        found, names = erasures.as_one(tx, ErasureId(erasure)), system_names(tx)
        whole = erasures.whole(tx, found.id)
        errands = [errand for each in whole for errand in elsewhere.errands(tx, each.id)]
        notices = [notice for each in whole for notice in telling.notices(tx, each.id)]
        return {
            "erasure": found,
            "staying": staying.of_erasure(tx, found.id),
            "kept": [kept for each in whole for kept in erasures.kept_and_why(tx, each.subject)],
            "errands": naming.errands(names).of(errands, request.query_params),
            "notices": notices,
            "names": names,
            "steps": _steps(found, errands, [notice.told_at for _, notice in notices]),
            "next_at": min((each.due_at for each in errands if each.due_at is not None), default=None),
        }

    return answered(request, "erasure", who, **who.run(deed), may_try=who.may(Deed.ANSWER_REQUEST))


def _steps(found: Erasure, errands: Sequence[Errand], told: Sequence[datetime | None]) -> tuple[int, int]:
    """How many are over, of how many. What lies in a system that is only read is no step; that its keepers are told is one."""
    places = sum(sum(each.places.values()) - each.count(PlaceState.OUTSIDE) for each in errands)
    still = sum(each.open for each in errands)
    keepers = [each.told_at for each in errands if each.count(PlaceState.OUTSIDE)]
    others = (found.destroyed_at, found.confirmed_at, *told, *keepers)
    return sum(each is not None for each in others) + places - still, len(others) + places


@router.post("/{erasure}/retry")
def retry(who: Annotated[Inside, Depends(sending(Deed.ANSWER_REQUEST))], erasure: UUID) -> Response:
    """In every system at once, whatever the pause: somebody has mended something."""

    def deed(tx: Transaction) -> None:
        for each in erasures.whole(tx, ErasureId(erasure)):
            elsewhere.try_now(tx, who.house.clock, erasure=each.id)

    who.run(deed)
    return onwards(f"/console/erasures/{erasure}")


@router.get("/{erasure}/certificate")
def certificate(who: Annotated[Inside, Depends(inside(Deed.SEE_RECEIPT))], erasure: UUID) -> Response:
    """The file that anyone can check without us."""
    key = key_of(who.house.signer)

    def deed(tx: Transaction) -> tuple[CertificateId, bytes] | None:
        made = erasures.as_one(tx, ErasureId(erasure)).certificate
        found = None if made is None else evidence.certificate(tx, made, key=key)
        return None if found is None or isinstance(found, NotYet) else (found.id, found.file)

    handed = who.run(deed)
    if handed is None:
        raise StillWorking("Its certificate is being made, and signed by the ledger. Load this again in a moment.")
    headers = {"content-disposition": f'attachment; filename="certificate-{handed[0]}.json"'}
    return Response(handed[1], media_type="application/json", headers=headers)
