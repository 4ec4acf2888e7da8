"""One request as a page for whoever answers it: what it waits for, its days, each step, and what the person is told.

One document of HTML that needs nothing else. Of the person it shows no more than the subject's id.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template

from rightcall.controllers.model import Controller
from rightcall.holdings.holds.model import Hold
from rightcall.requests.conflicts.model import Weighed
from rightcall.requests.letters import letter, written_for
from rightcall.requests.model import Happened, Missing, Request, Stage
from rightcall.requests.outside import Outside
from rightcall.requests.proving import HELPS

_FILES = Path(__file__).parent / "words"


def page(
    request: Request,
    steps: Sequence[Happened],
    waits_for: Sequence[Missing],
    controller: Controller,
    today: date,
    weighed: Sequence[Weighed],
    outside: Sequence[Outside],
    epoch_days: int,
    held: Sequence[Hold] = (),
) -> str:
    return _template().render(
        title=f"A request for {request.kind}",
        state=_state(request, today),
        is_late=_is_late(request, today),
        waits_for=[HELPS[each] for each in waits_for],
        facts=_facts(request),
        steps=steps,
        letters=[
            (
                f"To tell the person: {each}",
                letter(each, request, steps, waits_for, controller, weighed, outside, today, epoch_days, held),
            )
            for each in written_for(request)
        ],
        words=_words,
        style=_style(),
    )


def _state(request: Request, today: date) -> str:
    if request.outcome is not None:
        return f"Answered: {request.outcome}."
    days = (request.due_on - today).days
    if days < 0:
        return f"Late by {-days} {'day' if days == -1 else 'days'}: it was due on {request.due_on}."
    return f"Due on {request.due_on}, in {days} {'day' if days == 1 else 'days'}."


def _is_late(request: Request, today: date) -> bool:
    return request.stage is not Stage.ANSWERED and request.due_on < today


def _facts(request: Request) -> list[tuple[str, str]]:
    found: list[tuple[str, object]] = [
        ("Reference", request.id),
        ("Subject", request.subject),
        ("Came by", request.channel),
        ("Language", request.language),
        ("Received", f"{request.received_at:%Y-%m-%d %H:%M}Z"),
        ("Law", f"{request.law}: {request.cite}"),
        ("Longest, with an extension", request.longest_on),
        ("To be acknowledged by", request.acknowledge_by),
        ("For whom", _words(request.behalf)),
        ("Mandate until", request.mandate_until),
        ("Shown who asks by", None if request.proof is None else _words(request.proof)),
        ("Ground of the denial", None if request.ground is None else _words(request.ground)),
    ]
    return [(name, str(value)) for name, value in found if value is not None]


def _words(value: str) -> str:
    return str(value).replace("_", " ")


@cache
def _style() -> str:
    return (_FILES / "page.css").read_text(encoding="utf-8")


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string((_FILES / "page.html").read_text(encoding="utf-8"))
