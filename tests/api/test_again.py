"""The same question again within a second is the same verdict; everything else is asked anew."""

import asyncio
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from rightcall.api.again import REPEATABLE, SECONDS, Again
from tests.api.conftest import Client, Clients
from tests.api.fakes import RealHouse
from tests.api.scene import Scene, done, ring

WHAT_IF = {"act": "capture", "purpose": "training", "what_if": {"parties": [{"role": "customer", "answer": "granted"}]}}


class Now:
    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Now:
    """The clock of everything that is remembered."""
    now = Now()
    begin = Again.__init__

    def with_clock(self: Again, app: Any) -> None:
        begin(self, app, now)

    monkeypatch.setattr(Again, "__init__", with_clock)
    return now


@pytest.fixture
def scene(now: Now, house: RealHouse, clients: Clients) -> Scene:
    return ring(house, clients)


def ask(client: Client, question: Any) -> str:
    return str(done(client.post("/api/v1/verdicts", json=question))["id"])


def test_within_a_second_it_is_the_same_and_after_it_anew(scene: Scene, now: Now) -> None:
    first = ask(scene.clients.dpo, WHAT_IF)
    now.at += SECONDS * 0.9
    assert ask(scene.clients.dpo, WHAT_IF) == first
    now.at += SECONDS * 0.2
    second = ask(scene.clients.dpo, WHAT_IF)
    assert second != first
    assert ask(scene.clients.dpo, WHAT_IF) == second


def test_another_question_and_another_token_are_asked(scene: Scene) -> None:
    first = ask(scene.clients.dpo, WHAT_IF)
    assert ask(scene.clients.dpo, {**WHAT_IF, "act": "play"}) != first
    assert ask(scene.clients.agent, WHAT_IF) != first


def test_what_is_about_a_call_is_asked_each_time(scene: Scene) -> None:
    question = {"act": "capture", "purpose": "training", "call": scene.call, "party": scene.ada}
    assert ask(scene.clients.dpo, question) != ask(scene.clients.dpo, question)


def test_a_mistake_is_no_answer_to_give_again(scene: Scene) -> None:
    for _ in range(2):
        assert scene.clients.dpo.post("/api/v1/verdicts", json={"act": "fly"}).status_code == 422
    nobody = scene.clients.dpo.request("POST", "/api/v1/verdicts", headers={"Authorization": "Bearer x"}, json=WHAT_IF)
    assert nobody.status_code == 401


def test_without_its_token_it_is_not_given(scene: Scene) -> None:
    ask(scene.clients.dpo, WHAT_IF)
    stranger = scene.clients.dpo.request("POST", "/api/v1/verdicts", headers={"Authorization": ""}, json=WHAT_IF)
    assert stranger.status_code == 401


def test_headers_are_those_of_any_answer(scene: Scene) -> None:
    first, again = (scene.clients.dpo.post("/api/v1/verdicts", json=WHAT_IF) for _ in range(2))
    assert first.json() == again.json()
    assert dict(first.headers) == dict(again.headers)
    assert again.headers["cache-control"] == "no-store"


def test_it_remembers_no_more_than_it_may() -> None:
    asked: list[bytes] = []

    async def route(scope: Scope, receive: Receive, send: Send) -> None:
        asked.append((await receive())["body"])
        scope["state"][REPEATABLE] = True
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    async def ask_each(*bodies: bytes) -> None:
        again = Again(route, most=2)
        for body in bodies:
            scope = {"type": "http", "path": "/api/v1/verdicts", "method": "POST", "query_string": b"", "headers": []}
            await again(scope, _once(body), _nowhere)

    asyncio.run(ask_each(b"1", b"2", b"2", b"3", b"1", b"3"))
    assert asked == [b"1", b"2", b"3", b"1"]


def _once(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _nowhere(message: Message) -> None:
    assert message
