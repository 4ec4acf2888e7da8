"""A server that answers everything with `{}`, as the API's own is run: what HTTP alone costs."""

import sys

import uvicorn
from starlette.types import Receive, Scope, Send

_HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"2")]


async def app(_scope: Scope, receive: Receive, send: Send) -> None:
    more = True
    while more:
        more = (await receive()).get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": b"{}"})


if __name__ == "__main__":
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
    )
