"""What everyone may have of the ledger: checkpoints and tiles of hashes, as C2SP tlog-tiles lays them out.

Entry bundles are not there: what each statement says and when, of every controller, would undo all that is rounded on the public
page, and tell whoever knows the minute of a call what was said in it.
"""

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from rightcall.api.door import house_of
from rightcall.errors import NotFound
from rightcall.ledger import actions as ledger
from rightcall.ledger.tiles import parse_tile_path

router = APIRouter(prefix="/ledger", tags=["ledger"])

_FOR_GOOD = {"cache-control": "public, max-age=604800, immutable"}


@router.get("/checkpoint", response_class=PlainTextResponse)
def checkpoint(request: Request) -> PlainTextResponse:
    """The latest signed tree head, a C2SP signed note."""
    with house_of(request).database.system() as tx:
        note = ledger.latest_checkpoint(tx)
    if note is None:
        raise NotFound("Nothing was signed yet. The first checkpoint follows the first statement; try again in a moment.")
    return PlainTextResponse(note)


@router.get("/tile/{path:path}", response_class=Response, responses={200: {"content": {"application/octet-stream": {}}}})
def tile(request: Request, path: str) -> Response:
    """A tile of hashes; partial ones end in `.p/W`. Of what is hashed nothing is served: there are no `entries/`."""
    level, number, width = parse_tile_path(f"tile/{path}")
    with house_of(request).database.system() as tx:
        data = ledger.tile(tx, level, number, width)
    return Response(data, media_type="application/octet-stream", headers=_FOR_GOOD)
