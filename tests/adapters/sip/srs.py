"""The user agent in a process of its own, as in life, on a fake `Calls`: orders come and events go as JSON lines."""

import json
import logging
import sys
import threading
import time
from collections.abc import Callable
from ipaddress import ip_network
from typing import Any
from uuid import UUID

from sippy.Time import MonoTime

from rightcall.adapters.sip.agent import AgentSettings, UserAgent
from rightcall.adapters.sip.limits import Limits
from rightcall.adapters.sip.ports import Declined, Why
from rightcall.ids import CallId
from tests.adapters.sip.fakes import SETTINGS, FakeCalls


class Everything(logging.Formatter):
    """All of a record, so that nothing hides in a field that no format names."""

    def format(self, record: logging.LogRecord) -> str:
        return repr(record.__dict__ | {"said": record.getMessage()})


def main() -> None:
    wanted = json.loads(sys.argv[1])
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Everything())
    logging.basicConfig(level=logging.DEBUG, handlers=[handler])
    events = sys.stdout

    def tell(name: str, facts: dict[str, object]) -> None:
        events.write(json.dumps({"event": name} | facts) + "\n")
        events.flush()

    calls = FakeCalls(tell)
    settings = AgentSettings(
        address=("127.0.0.1", wanted.get("port", 0)),
        proxies=tuple(ip_network(network) for network in wanted.get("proxies", [])),
        limits=Limits(**wanted.get("limits", {})),
        keepalive_seconds=wanted.get("keepalive", 60.0),
        least_session_seconds=wanted.get("least_session", 90),
    )
    agent = UserAgent(settings, calls)
    tell("listening", {"port": agent.address[1]})
    threading.Thread(target=_obey, args=(agent, calls, tell), daemon=True).start()
    agent.run()
    tell("stopped", {"live": len(calls.live), "cpu": time.process_time()})


def _obey(agent: UserAgent, calls: FakeCalls, tell: Any) -> None:
    for line in sys.stdin:
        order = json.loads(line)
        name = order.pop("do")
        if name in ("fail_before", "fail_after", "crash"):
            getattr(calls, name)[order["deed"]] += order.get("times", 1)
        elif name == "slow":
            calls.wait = lambda deed, seconds=order["seconds"]: time.sleep(seconds)  # type: ignore[misc]  # bound to this order
        else:
            _orders(agent, calls, tell)[name](order)
        if name in SETTINGS:
            tell("set", {})


def _orders(agent: UserAgent, calls: FakeCalls, tell: Any) -> dict[str, Callable[[dict[str, Any]], object]]:
    def call(order: dict[str, Any]) -> CallId:
        return CallId(UUID(order["call"]))

    return {
        "decline": lambda order: setattr(calls, "decline", Declined(**order) if order else None),
        "port": lambda order: setattr(calls, "port", order["port"]),
        "open": lambda order: setattr(calls, "open", order["open"]),
        "reoffer": lambda order: agent.reoffer(call(order), {int(index): value for index, value in order["wanted"].items()}),
        "move": lambda order: agent.move(call(order), order["address"], {int(at): port for at, port in order["ports"].items()}),
        "suspect": lambda order: agent.suspect(call(order)),
        "step_clock": lambda order: _step_clock(order["seconds"], tell),
        "hang_up": lambda order: agent.hang_up(call(order), Why.REFUSED),
        "reset": lambda order: _reset(calls, tell),
        "cpu": lambda order: tell("cpu", {"cpu": time.process_time()}),
        "stop": lambda order: agent.stop(),
    }


def _step_clock(seconds: float, tell: Any) -> None:
    """As if someone set the machine's clock: whatever the process reads of it, the SIP library too, is off by that."""
    read, real, real_ns = MonoTime.clock_getdtime, time.time, time.time_ns
    MonoTime.clock_getdtime = lambda which: read(which) + (seconds if which == MonoTime.CLOCK_REALTIME else 0.0)
    time.time = lambda: real() + seconds
    time.time_ns = lambda: real_ns() + int(seconds * 1e9)
    tell("stepped", {"now": time.time()})


def _reset(calls: FakeCalls, tell: Any) -> None:
    calls.reset()
    tell("reset", {})


if __name__ == "__main__":
    main()
