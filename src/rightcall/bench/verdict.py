"""How fast a verdict is given with all packs loaded: for facts never seen, for facts seen before, and over HTTP.

Beside it, on the same facts and rules in the same run: Cedar alone, asked the same by its Python binding, and OPA's language
through regorus, with our rules said in Rego. All three have to name the same rules, else nothing is reported. The HTTP route runs
as `rightcall serve` has it, its database with it, on one core; whoever asks is on another; a bare ASGI answer on it is the limit.
"""

import asyncio
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cedarpy

from rightcall import policy
from rightcall.bench._asking import free_port, hammer, post, wait_for
from rightcall.bench._rego import in_rego
from rightcall.bench._timing import seconds_of
from rightcall.bench.recorder import on_core
from rightcall.bench.replay import questions
from rightcall.canonical import Json
from rightcall.clock import day_of
from rightcall.policy.actions import load_rules, read_scenarios
from rightcall.policy.cedar import speaking
from rightcall.policy.model import Act, Question, Rule, RuleSet
from rightcall.policy.reading import rule_set
from rightcall.policy.rules import counting, decide, forget
from rightcall.policy.vocabulary import acts_text, context_of, facts_of

_ROUNDS = 3
_WARM_ROUNDS = 40
_HTTP_SECONDS = 8.0
_MARKS = ("bundled", "explicit", "declined_recording", "in_distress", "asks_for_it")
_REPEATED = 200
_FRESH = 20_000
_CONNECTIONS = 32
_REGISTER = """
[[controllers]]
name = "Example Energy"
address = "1 Example Street"
contact = "dpo@energy.example"
jurisdictions = ["EU", "DK"]

[[controllers.purposes]]
key = "renewals"
title = "Ring you before your contract ends"
justification = "People who are not told pay the standing price."
lawful_basis = "consent"
data_categories = ["pd:TelephoneNumber"]
may_use = ["agent"]
term_days = 90
dpv_purpose = "dpv:DirectMarketing"
"""
_REGO = "data.rightcall.speaking"
_SCENARIOS = ("house", "charter")


def run(*, seconds: float = _HTTP_SECONDS) -> dict[str, object]:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        decided = alone.submit(_decided).result()
    return {
        "bench": "verdict",
        **decided,
        **_http(seconds),
        "goal_cold_us_p50": 500,
        "goal_warm_us_p50": 20,
        "goal_warm_per_second": 20_000,
        "goal_http_per_second": 5_000,
    }


def _decided() -> dict[str, object]:
    """In a process of its own: a thread that shows how far it is takes the interpreter's lock whenever Cedar lets go of it."""
    rules, asked = load_rules(), _corpus()
    return {"rules": len(rules.rules), "questions": len(asked), **_ours(rules, asked), **_peers(rules, asked)}


def _corpus() -> list[Question]:
    """Every scenario that comes with the rules, and the captures and asks of the replay's bench: all different."""
    folder = Path(policy.__file__).parent
    told = [each.question for name in _SCENARIOS for each in read_scenarios(folder / name / "scenarios")[0]]
    return list(dict.fromkeys([*told, *questions()]))


def _ours(rules: RuleSet, asked: Sequence[Question]) -> dict[str, object]:
    cold = []
    for question in asked:
        decide(rules, question)
    for _ in range(_ROUNDS):
        forget()
        cold += [seconds_of(partial(decide, rules, question)) for question in asked]
    warm = [seconds_of(partial(decide, rules, question)) for question in list(asked) * _WARM_ROUNDS]
    began = time.perf_counter()
    for _ in range(_WARM_ROUNDS):
        for question in asked:
            decide(rules, question)
    rate = _WARM_ROUNDS * len(asked) / (time.perf_counter() - began)
    return {
        "cold_us_p50": _microseconds(statistics.median(cold)),
        "cold_us_p99": _microseconds(_percentile(cold, 99)),
        "warm_us_p50": _microseconds(statistics.median(warm)),
        "warm_us_p99": _microseconds(_percentile(warm, 99)),
        "warm_per_second": round(rate),
    }


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question as a peer is asked it, made ready before the clock runs."""

    act: Act
    rules: tuple[Rule, ...]
    told: Mapping[str, Json]
    context: str
    facts: str


def _peers(rules: RuleSet, asked: Sequence[Question]) -> dict[str, object]:
    ready = [_ready(rules, question) for question in asked]
    groups: dict[tuple[Rule, ...], list[_Asked]] = {}
    for each in ready:
        groups.setdefault(each.rules, []).append(each)
    cedar = [seconds for counts, group in groups.items() for seconds in _cedar(counts, group)]
    told: dict[str, object] = {"cedarpy_alone_us_p50": _microseconds(statistics.median(cedar))}
    if importlib.util.find_spec("regorus") is None:
        return told | {
            "opa_regorus_us_p50": None,
            "opa_regorus": "regorus is not installed: it is one of the tools for development",
        }
    rego = [seconds for counts, group in groups.items() for seconds in _opa(counts, group)]
    return told | {"opa_regorus_us_p50": _microseconds(statistics.median(rego))}


def _ready(rules: RuleSet, question: Question) -> _Asked:
    day = day_of(question.at)
    counts = counting(rules, day, question.jurisdictions or frozenset())
    facts = facts_of(question, day)
    return _Asked(
        act=question.act,
        rules=tuple(rule for rule, counts_here in zip(rules.rules, counts, strict=True) if counts_here),
        told=facts,
        context=json.dumps(context_of(facts)),
        facts=json.dumps({**facts, "act": question.act.value}),
    )


def _cedar(rules: tuple[Rule, ...], group: Sequence[_Asked]) -> list[float]:
    """All rules that count on that day in those places, law and house in one set, as Cedar has them: forbid wins."""
    policies = cedarpy.PolicySet.from_str("\n".join(rule.source for rule in rules))
    entities = cedarpy.Entities.from_json_str(acts_text())
    requests = [
        {
            "principal": {"type": "Caller", "id": "-"},
            "action": {"type": "Action", "id": each.act.value},
            "resource": {"type": "Thing", "id": "-"},
            "context": each.context,
        }
        for each in group
    ]
    return [seconds_of(partial(cedarpy.is_authorized, request, policies, entities)) for request in requests * _ROUNDS]


def _opa(rules: tuple[Rule, ...], group: Sequence[_Asked]) -> list[float]:
    regorus: Any = importlib.import_module("regorus")
    engine = regorus.Engine()
    engine.add_policy("rules.rego", in_rego(rules))
    _check(engine, rules, group)

    def weigh(facts: str) -> object:
        engine.set_input_json(facts)
        return engine.eval_rule(_REGO)

    return [seconds_of(partial(weigh, each.facts)) for each in list(group) * _ROUNDS]


def _check(engine: Any, rules: tuple[Rule, ...], group: Sequence[_Asked]) -> None:
    """The peer names the rules that Cedar names."""
    chosen = rule_set(rules)
    for each in group:
        wanted = {rule.id for rule in speaking(chosen, (True,) * len(rules), each.act, each.told).rules}
        engine.set_input_json(each.facts)
        found = set(engine.eval_rule(_REGO))
        if found != wanted:
            raise AssertionError(f"Rego names other rules than Cedar: {sorted(found ^ wanted)}")


def _http(seconds: float) -> dict[str, object]:
    """The server and its database on the first core, the asking on the last."""
    mine = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(mine)})
    try:
        return _asked_over_http(seconds)
    finally:
        os.sched_setaffinity(0, mine)


def _asked_over_http(seconds: float) -> dict[str, object]:
    with tempfile.TemporaryDirectory(prefix="rightcall-bench-") as folder, _web(Path(folder)) as (port, token):
        repeated = [post("/api/v1/verdicts", _body(number), token) for number in range(_REPEATED)]
        fresh = [post("/api/v1/verdicts", _body(number), token) for number in range(_REPEATED, _REPEATED + _FRESH)]
        asyncio.run(hammer(port, repeated, connections=8, seconds=1.0))
        again = asyncio.run(hammer(port, repeated, connections=_CONNECTIONS, seconds=seconds))
        anew = asyncio.run(hammer(port, fresh, connections=8, seconds=seconds))
    with _bare() as port:
        bare = asyncio.run(hammer(port, [post("/", b"{}", "-")], connections=_CONNECTIONS, seconds=seconds))
    return {
        "http_questions": _REPEATED,
        "http_per_second": again.per_second,
        "http_ms_p50": again.ms_p50,
        "http_ms_p99": again.ms_p99,
        "http_stored_each_per_second": anew.per_second,
        "http_stored_each_ms_p50": anew.ms_p50,
        "bare_asgi_per_second": bare.per_second,
        "http_to_bare_asgi": round(again.per_second / bare.per_second, 2),
    }


def _body(number: int) -> bytes:
    """A dialler's question, and none like another."""
    contact = {"consent": "express", "artificial_voice": False, "marketing": True, "objected": False, "urgent": False}
    parties: list[dict[str, object]] = [
        {"role": role, "answer": "granted"} for role in ("customer", "third_party", "third_party")
    ]
    for party in parties:
        number = _marked(party, number)
    what_if = {"parties": parties}
    question = {"act": "call_out", "purpose": "renewals", "what_if": what_if, "told": {"contact": contact}}
    return json.dumps(question).encode()


def _marked(party: dict[str, object], number: int) -> int:
    """The party with marks that tell this number from others; what is left of it goes to the next."""
    for mark in _MARKS:
        number, is_set = divmod(number, 2)
        party[mark] = bool(is_set)
    return number


@contextmanager
def _web(folder: Path) -> Iterator[tuple[int, str]]:
    """`rightcall serve --roles web` with a register of one purpose, and a token for it."""
    port, register = free_port(), folder / "register.toml"
    register.write_text(_REGISTER, encoding="utf-8")
    ours = [sys.executable, "-m", "rightcall"]
    data = ["--data", str(folder / "data")]
    _run([*ours, "register", "apply", str(register), *data])
    token = _run([*ours, "token", "create", "--role", "agent", "--controller", "Example Energy", *data]).splitlines()[-1]
    command = [*ours, "serve", "--roles", "web", "--http", f"127.0.0.1:{port}", *data]
    with _running(on_core(0, command), port):
        yield port, token


@contextmanager
def _bare() -> Iterator[int]:
    port = free_port()
    with _running(on_core(0, [sys.executable, "-m", "rightcall.bench._bare", str(port)]), port):
        yield port


@contextmanager
def _running(command: Sequence[str], port: int) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own command
    try:
        wait_for(port)
        yield
    finally:
        process.terminate()
        process.wait(timeout=60)


def _run(command: Sequence[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own command


def _microseconds(seconds: float) -> float:
    return round(seconds * 1e6, 1)


def _percentile(values: Iterable[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]
