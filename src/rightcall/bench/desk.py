"""How long after a gate has changed the desk shows it: told to the page, and the page's part asked for anew. And how long after a
no was sent, with its writing down and the recorder's word.

Everything is real: the embedded PostgreSQL, the media process with its gates, a web process, and as many desks as there are
calls, each listening to its stream as a browser does. Only the painting is left out.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from rightcall.actors import SYSTEM, Role
from rightcall.bench._asking import free_port, wait_for
from rightcall.bench.gate import Live, Stage, media, settings_for, told_to
from rightcall.errors import Outage
from rightcall.ids import CallId
from rightcall.personal import Personal
from rightcall.staff.members import actions as members
from rightcall.staff.members.model import NewMember
from rightcall.staff.sessions import actions as sessions
from rightcall.staff.sessions.limits import limits_of
from rightcall.staff.sessions.model import Way
from rightcall.wiring import House, open_house

_PATIENCE_SECONDS = 60.0
_SETTLES_SECONDS = 2.0


def run(calls: int = 40, *, folder: Path | None = None) -> dict[str, object]:
    """A no in each of the `calls`, one after the other, with a desk open on every one."""
    with tempfile.TemporaryDirectory(prefix="rightcall-bench-", dir=folder) as scratch:
        settings = settings_for(Path(scratch), calls)
        with open_house(settings) as house, media(house), _web(house) as address:
            stage = Stage(house)
            live = [stage.ring(number) for number in range(calls)]
            took = _measured(stage, live, address)
    gate, no = sorted(each.after_gate_ms for each in took), sorted(each.after_no_ms for each in took)
    at_95 = min(calls - 1, calls * 95 // 100)
    return {
        "bench": "desk",
        "calls": calls,
        "gate_to_desk_ms_p50": gate[calls // 2],
        "gate_to_desk_ms_p95": gate[at_95],
        "gate_to_desk_ms_max": gate[-1],
        "goal_ms_p95": 200,
        "no_to_desk_ms_p50": no[calls // 2],
        "no_to_desk_ms_p95": no[at_95],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Took:
    """`after_gate_ms`: after the recorder had acknowledged to whoever wrote the no; zero where the desk was told before that."""

    after_no_ms: float
    after_gate_ms: float


class _Desk(threading.Thread):
    """One page that is open: it listens, and asks for its part whenever the mark is another."""

    def __init__(self, client: httpx.Client, call: CallId) -> None:
        super().__init__(daemon=True)
        self._client, self._call = client, call
        self.shows_sound = threading.Event()
        self.shows_none = threading.Event()
        self.shown_at = 0.0

    def run(self) -> None:
        mark = ""
        while not self.shows_none.is_set():
            with self._client.stream("GET", f"/desk/{self._call}/stream") as stream:
                for line in stream.iter_lines():
                    if line.startswith("data: ") and line != mark:
                        mark = line
                        self._look()
                    if self.shows_none.is_set():
                        return

    def _look(self) -> None:
        part = self._client.get(f"/desk/{self._call}/now").text
        if "lamp unsure" in part:
            return
        shown = self.shows_sound if "lamp on" in part else self.shows_none
        if shown is self.shows_sound or self.shows_sound.is_set():
            self.shown_at = time.monotonic()
            shown.set()


def _measured(stage: Stage, live: Sequence[Live], address: str) -> list[_Took]:
    cookie = {"cookie": f"__Host-rightcall={_session(stage)}"}
    with ExitStack() as stack:
        desks = []
        for each in live:
            client = stack.enter_context(httpx.Client(base_url=address, headers=cookie, trust_env=False, timeout=60.0))
            desks.append(_Desk(client, each.call))
            desks[-1].start()
        for desk in desks:
            _wait(desk.shows_sound)
        time.sleep(_SETTLES_SECONDS)
        took = [_one(stage, each, desk) for each, desk in zip(live, desks, strict=True)]
        for desk in desks:
            desk.join()
    return took


def _one(stage: Stage, live: Live, desk: _Desk) -> _Took:
    began = time.monotonic()
    stage.withdraw(live)
    changed = time.monotonic()
    _wait(desk.shows_none)
    after_no, after_gate = desk.shown_at - began, desk.shown_at - changed
    return _Took(after_no_ms=round(1000 * after_no, 1), after_gate_ms=max(round(1000 * after_gate, 1), 0.0))


def _wait(shown: threading.Event) -> None:
    if not shown.wait(_PATIENCE_SECONDS):
        raise Outage("A desk did not show what its call's gates are. Measure again on a quieter machine.")


def _session(stage: Stage) -> str:
    house, new = stage.house, NewMember(role=Role.AGENT, name=Personal("Agent Seven"), address=None)
    with house.database.transaction(stage.controller) as tx:
        member = members.create(tx, house.vault, house.clock, new, by=SYSTEM)
        return sessions.begin(tx, house.clock, member.id, Way.PASSKEY, limits_of(house.settings)).secret


@contextmanager
def _web(house: House) -> Iterator[str]:
    """The web process as `rightcall serve` starts it."""
    port = free_port()
    command = [sys.executable, "-P", "-m", "rightcall", "role", "web", "--parent", str(os.getpid())]
    told = told_to(house) | {"RIGHTCALL_HTTP": f"127.0.0.1:{port}"}
    process = subprocess.Popen(command, env=told)  # noqa: S603 - our own words
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(60)
