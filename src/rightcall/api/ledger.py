"""The ledger, open to everyone: checkpoints and tiles as C2SP tlog-tiles lays them out. It holds nothing about people."""

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
    """A tile of hashes, or under `entries/` a bundle of leaves; partial ones end in `.p/W`."""
    level, number, width = parse_tile_path(f"tile/{path}")
    with house_of(request).database.system() as tx:
        data = ledger.entries(tx, number, width) if level is None else ledger.tile(tx, level, number, width)
    return Response(data, media_type="application/octet-stream", headers=_FOR_GOOD)
