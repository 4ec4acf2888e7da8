"""The same question is the same verdict while nothing that it rests on has changed; everything else is asked anew."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from rightcall.actors import SYSTEM, Role
from rightcall.api.again import REPEATABLE, SECONDS, Again, StateOf
from rightcall.staff.actions import revoke_token, tokens
from tests.api.conftest import Client, Clients
from tests.api.fakes import RealHouse
from tests.api.scene import Scene, done, ring
from tests.standing import SetClock

BEARER = (b"authorization", b"Bearer secret")
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

    def with_clock(self: Again, app: Any, state_of: StateOf) -> None:
        begin(self, app, state_of, now)

    monkeypatch.setattr(Again, "__init__", with_clock)
    return now


@pytest.fixture
def scene(now: Now, house: RealHouse, clients: Clients) -> Scene:
    return ring(house, clients)


def ask(client: Client, question: Any) -> str:
    return str(done(client.post("/api/v1/verdicts", json=question))["id"])


def test_it_is_the_same_as_long_as_nothing_changes(scene: Scene, now: Now) -> None:
    first = ask(scene.clients.dpo, WHAT_IF)
    now.at += SECONDS * 5
    assert ask(scene.clients.dpo, WHAT_IF) == first


def test_on_another_day_it_is_asked(scene: Scene, now: Now, set_clock: SetClock) -> None:
    first = ask(scene.clients.dpo, WHAT_IF)
    set_clock.at = set_clock.now() + timedelta(days=1)
    now.at += SECONDS * 1.1
    assert ask(scene.clients.dpo, WHAT_IF) != first


def test_a_purpose_that_ends_counts_after_a_second(scene: Scene, now: Now) -> None:
    first = ask(scene.clients.dpo, WHAT_IF)
    done(scene.clients.dpo.post("/api/v1/purposes/training/end"))
    now.at += SECONDS * 1.1
    verdict = done(scene.clients.dpo.post("/api/v1/verdicts", json=WHAT_IF))
    assert verdict["id"] != first
    assert "purpose_limitation.ended" in {reason["rule"] for reason in verdict["reasons"]}


def test_a_token_that_is_revoked_gets_nothing_after_a_second(scene: Scene, now: Now, house: RealHouse) -> None:
    ask(scene.clients.agent, WHAT_IF)
    with house.database.transaction(scene.controller) as tx:
        (token,) = [each for each in tokens(tx) if each.role is Role.AGENT]
        revoke_token(tx, house.clock, token=token.id, by=SYSTEM)
    now.at += SECONDS * 1.1
    assert scene.clients.agent.post("/api/v1/verdicts", json=WHAT_IF).status_code == 401


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
        again = Again(route, lambda _: b"state", most=2)
        for body in bodies:
            scope = {"type": "http", "path": "/api/v1/verdicts", "method": "POST", "query_string": b"", "headers": [BEARER]}
            await again(scope, _once(body), _nowhere)

    asyncio.run(ask_each(b"1", b"2", b"2", b"3", b"1", b"3"))
    assert asked == [b"1", b"2", b"3", b"1"]


def _once(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _nowhere(message: Message) -> None:
    assert message
