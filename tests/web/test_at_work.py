"""One set of routes, at work for two houses at once: neither meets what is the other's."""

import asyncio

import httpx
from fastapi import FastAPI, Request
from starlette.responses import PlainTextResponse

from rightcall.house import AtWork


def test_each_request_has_its_own_house_however_they_are_mixed() -> None:
    both_are_there = asyncio.Barrier(2)
    routes = FastAPI()

    @routes.get("/")
    async def whose(request: Request) -> PlainTextResponse:
        before = request.state.house
        await both_are_there.wait()
        return PlainTextResponse(f"{before} {request.state.house}")

    async def asked() -> list[str]:
        clients = [httpx.AsyncClient(transport=httpx.ASGITransport(AtWork(routes, house=name))) for name in ("ours", "theirs")]
        answers = await asyncio.gather(*(client.get("http://rightcall.example/") for client in clients))
        return [answer.text for answer in answers]

    assert asyncio.run(asked()) == ["ours ours", "theirs theirs"]
