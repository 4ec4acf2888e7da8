"""What a vCon conserver sends: each vCon as its webhook link posts it, and that it has let go of one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request
from fastapi.concurrency import run_in_threadpool

from rightcall.adapters.systems.vcons.source import vcon_in
from rightcall.api.door import Door, door_for
from rightcall.api.forms import Shape
from rightcall.api.reading import longer_body
from rightcall.canonical import Json
from rightcall.database.connection import Transaction
from rightcall.discovery.model import NotRead
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.vcons import actions as vcons
from rightcall.discovery.vcons.model import TakenIn
from rightcall.errors import Malformed
from rightcall.recordings.envelope import MOST_BYTES
from rightcall.staff.model import Deed

router = APIRouter(prefix="/systems", tags=["systems"])

_teller = door_for(Deed.SEND_VCON)
_BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": {}}}}}
SystemNamed = Annotated[str, Path(max_length=60, description="Its name, or its id.")]


class TakenInShape(Shape):
    """`outcome`: new; changed, so that it took the place of what was; or again: the very same was here already."""

    vcon: UUID
    outcome: TakenIn


async def _content(request: Request, _: Annotated[Door, Depends(_teller)]) -> bytes:
    """Read only for those who may."""
    return await longer_body(request, MOST_BYTES, is_text=False)


@router.post("/{system}/vcons", status_code=202, openapi_extra=_BODY)
async def take_in(
    door: Annotated[Door, Depends(_teller)], system: SystemNamed, content: Annotated[bytes, Depends(_content)]
) -> TakenInShape:
    """A vCon of a conserver, plain or signed, kept without its sound for the next scan of this system."""
    return await run_in_threadpool(_take_in, door, system, content)


@router.delete("/{system}/vcons/{vcon}", status_code=204)
def forget(door: Annotated[Door, Depends(_teller)], system: SystemNamed, vcon: UUID) -> None:
    """The conserver has let go of this vCon: what was kept of it here goes too. Again is fine."""
    door.run(lambda tx: vcons.forget(tx, door.house.clock, systems.get(tx, system), vcon, by=door.actor))


def _take_in(door: Door, system: str, content: bytes) -> TakenInShape:
    document = _vcon(content)

    def deed(tx: Transaction) -> TakenIn:
        return vcons.take_in(tx, door.house.vault, door.house.clock, systems.get(tx, system), document, by=door.actor)

    outcome = door.run(deed)
    assert isinstance(document, dict)  # noqa: S101 - it was taken in
    return TakenInShape(vcon=UUID(str(document["uuid"])), outcome=outcome)


def _vcon(content: bytes) -> Json:
    """Older conservers send it as JSON text within JSON."""
    try:
        document = vcon_in(content)
        return vcon_in(document.encode()) if isinstance(document, str) else document
    except NotRead as why:
        said = str(why)
    raise Malformed(f"This vCon is {said}. Send it as JSON, in the clear or signed.")
