"""A walk through every face, as each of those who work there and as a customer; and what no walk reaches, with why."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain

import httpx

from rightcall.actors import Role
from rightcall.bench._mapped import Estate
from rightcall.bench._met import (
    Customer,
    Worker,
    erased,
    listened_to,
    of_the_many,
    sign_all,
    told_inside,
    told_outside,
    visit_of,
    worker_of,
)
from rightcall.bench._walking import Walked, pages_of, walk
from rightcall.console import app as console
from rightcall.console.places import ROOMS
from rightcall.web.app import pages

LEFT_OUT: Mapping[str, str] = {
    "/console/erasures/{erasure}/recipients/{recipient}/question": "It comes where a processor is to be asked of somebody whom"
    " records alone tell of. A bench asks no processor.",
    "/console/purposes/{key}/translations": "It only leads on, to the form in the language that was named.",
    "/console/reviews/{review}/plot": "It stands in a review that narrows a purpose, which takes more uses than the bench has.",
    "/desk/stream": "It goes on for as long as somebody looks.",
    "/desk/{call}/stream": "It goes on for as long as somebody looks: the bench desk says how soon it tells what changed.",
    "/sign-in/openid": "It only leads on, to the provider that people sign in at. A bench has none.",
    "/sign-in/openid/back": "Whoever comes back from the provider brings what it gave them, once.",
}
"""What no walk reaches, by the form of its address."""
OPEN_PAUSE = 0.1
"""What anybody may ask is let in so many times a second of one who asks, and no more."""
_WHO = (Role.DPO, Role.REVIEWER, Role.SUPERVISOR, Role.AGENT, Role.ADMINISTRATOR)
"""Who walks, one after the other: what one did not meet, the next may."""
_WITH_SOUND = "/console/calls?sound=some"
"""Where the walk begins: of the many, no sound was kept."""
_PATIENCE_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for, under the name that it is told by."""

    told: str
    places: list[str]
    cookies: str = field(repr=False)
    pause: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Everywhere:
    """`other`: what was met and is no page to anybody who met it, with its status. `unmet`: to which nobody found a way, and that
    is not left out either. `dpo` and `visit`: of the first who walked, and of the customer."""

    asked: list[Asked]
    other: Mapping[str, int]
    unmet: list[str]
    dpo: Worker
    visit: str = field(repr=False)


def walk_all(estate: Estate, customer: Customer, port: int, *, most: int) -> Everywhere:
    """At most so many pages of each sort."""
    workers = [worker_of(estate, role) for role in _WHO]
    visit = visit_of(estate, customer)
    begin_inside, gone = told_inside(estate, customer, workers[0]), erased(estate, workers[0])
    begin_outside = told_outside(estate, customer, gone)
    sign_all(estate)
    inside, met = _inside(estate, customer, port, workers, [*begin_inside, f"/console/erasures/{gone}"], most)
    outside, found = _outside(port, visit, begin_outside, most)
    reached = met.met.keys() | found.met.keys()
    other = {form: status for form, status in (met.other | found.other).items() if form not in reached}
    unmet = sorted(all_forms().keys() - reached - LEFT_OUT.keys())
    return Everywhere(asked=[*inside, *outside], other=other, unmet=unmet, dpo=workers[0], visit=visit)


def all_forms() -> dict[str, re.Pattern[str]]:
    """Of whatever people see in a browser."""
    return pages_of(pages())


def _inside(
    estate: Estate, customer: Customer, port: int, workers: list[Worker], begin: list[str], most: int
) -> tuple[list[Asked], Walked]:
    """The rooms of those who work here, each as the first of them who met it."""
    forms, asked, all_met = pages_of(console.routes().routes), [], Walked()
    rooms = chain.from_iterable((room.place for room in rooms) for rooms in ROOMS.values())
    starts = [_WITH_SOUND, *rooms, "/console", "/desk", f"/desk/{of_the_many(estate)}", "/sign-in", *begin]
    for who in workers:
        left = {form: fits for form, fits in forms.items() if form not in all_met.met}
        with _browser(port, who.cookies) as http:
            walked = walk(http, [*listened_to(estate, customer, who), *starts], left, most=most)
        asked += [Asked(told=form, places=met, cookies=who.cookies) for form, met in walked.met.items()]
        all_met.met |= walked.met
        all_met.other |= walked.other
    return asked, all_met


def _outside(port: int, visit: str, begin: list[str], most: int) -> tuple[list[Asked], Walked]:
    """A customer's pages, and those for everybody."""
    inside, every = pages_of(console.routes().routes), all_forms()
    with _browser(port, visit) as http:
        http.event_hooks = {"request": [lambda _: time.sleep(OPEN_PAUSE)]}
        forms = {form: fits for form, fits in every.items() if form not in inside}
        walked = walk(http, begin, forms, most=most)
    asked = [Asked(told=form, places=met, cookies=visit, pause=OPEN_PAUSE) for form, met in walked.met.items()]
    return asked, walked


def _browser(port: int, cookies: str) -> httpx.Client:
    return httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"cookie": cookies}, timeout=_PATIENCE_SECONDS)
