"""The demo on a machine that has other things to do: what is away is asked again, as the same thing, and that is said."""

import os
from collections.abc import Iterator
from contextlib import closing

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from rightcall.cli.exits import ExitCode, exit_code_of
from rightcall.demo import patience
from rightcall.demo.calls import Line
from rightcall.demo.patience import Patience, TooBusy
from rightcall.demo.serving import served
from rightcall.demo.show import Show
from rightcall.testcall.desk import Declined, Desk
from rightcall.web.server import listen

AWAY = 2


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def address(asked: list[str]) -> Iterator[str]:
    """Answers that nobody confirmed it, twice, and then that it is so."""

    async def answer(request: Request) -> Response:
        asked.append(request.headers["idempotency-key"])
        return JSONResponse({"title": "Nobody confirmed that it holds"}, 503 if len(asked) <= AWAY else 201)

    listening = listen("127.0.0.1:0")
    with served(Starlette(routes=[Route("/api/v1/choices", answer, methods=["POST"])]), listening):
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def test_what_nobody_confirmed_is_asked_again_as_the_same_thing(address: str, asked: list[str]) -> None:
    with closing(Desk(address, "token", again=lambda *_: True)) as desk:
        desk.post("/choices", {})
    assert len(asked) == AWAY + 1
    assert len(set(asked)) == 1


def test_without_patience_it_is_said_at_once(address: str, asked: list[str]) -> None:
    with closing(Desk(address, "token")) as desk, pytest.raises(Declined, match="Nobody confirmed"):
        desk.post("/choices", {})
    assert len(asked) == 1


def test_a_wait_is_said_once_and_ends(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(patience, "_AGAIN_SECONDS", 0.0)
    waiting = Patience(Show())
    assert all(waiting.again("Nobody confirmed that it holds", waited) for waited in (1.0, 5.0, 6.0))
    assert not waiting.again("Nobody confirmed that it holds", patience.PATIENCE_SECONDS + 1)
    assert capsys.readouterr().out.count("Nobody confirmed that it holds") == 1


@pytest.mark.parametrize(
    ("became", "load", "pressed", "holds"),
    [
        ([None, "refused"], 9.0, 2, True),
        ([None, None], 0.1, 2, False),
        ([None, None], 9.0, 2, None),
        (["granted"], 9.0, 1, False),
    ],
)
def test_a_key_that_becomes_nothing_on_a_busy_machine_is_no_broken_promise_and_not_shown_either(
    monkeypatch: pytest.MonkeyPatch, became: list[str | None], load: float, pressed: int, holds: bool | None
) -> None:
    """`holds` None: it is said that the machine is too busy."""
    monkeypatch.setattr(patience, "PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(os, "getloadavg", lambda: (load, load, load))
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    keys: list[str] = []

    class Pressed(Line):
        def __init__(self) -> None:
            self.customer, self._patience = "ada", Patience(Show())

        def key(self, digits: str) -> None:
            keys.append(digits)

        def _answer(self, purpose_id: str) -> str | None:
            return became[len(keys) - 1]

    if holds is None:
        with pytest.raises(TooBusy, match="Run it again when less runs") as stopped:
            Pressed().press("4", "proof", "refused")
        assert exit_code_of(stopped.value) == ExitCode.OUTAGE
    else:
        assert Pressed().press("4", "proof", "refused") is holds
    assert len(keys) == pressed
