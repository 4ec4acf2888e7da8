"""Every page of every face at ten million holdings and a million calls: how long the server takes for each.

A quarter of a year of the demo's company comes first, so that there are requests, concerns, holds, rules and all else that pages
are about; then the many are put beside it. Each page is found by walking, as whoever works there and as a customer; what nobody
met is told. Tables filtered and sorted and taken along as files are asked for as well. One after the other, of a server in a
process of its own. Beside them, in the same run, the page that shows of what pages are made, for which nothing is asked of the
database.
"""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.resources import as_file, files
from itertools import chain
from pathlib import Path

import httpx
import psycopg

from rightcall.actors import SYSTEM, Role
from rightcall.bench._asking import hammer
from rightcall.bench._mapped import Estate, Tell, fill, make_estate, silent, web
from rightcall.bench._walking import Walked, pages_of, walk
from rightcall.calls import actions as calls
from rightcall.console.app import create_console
from rightcall.console.places import ROOMS
from rightcall.controllers import actions as controllers
from rightcall.demo.quarter.making import make
from rightcall.demo.quarter.plan import Size
from rightcall.errors import Breach
from rightcall.ids import CallId, SubjectId
from rightcall.personal import Personal
from rightcall.portal.app import create_portal
from rightcall.requests.codes import actions as codes
from rightcall.requests.codes.model import TooMany
from rightcall.requests.model import RequestKind
from rightcall.requests.own import asking
from rightcall.requests.visits import actions as visits
from rightcall.settings import Settings, load_settings
from rightcall.staff.members import actions as members
from rightcall.staff.members.model import NewMember
from rightcall.staff.sessions import actions as sessions
from rightcall.staff.sessions.limits import limits_of
from rightcall.staff.sessions.model import Way
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import Identifier, IdentifierKind
from rightcall.testcall.sound import tone
from rightcall.wiring import open_house

_QUARTER = Size(calls=120, people=60, beside=8, nights_every=12)
_OF_EACH = 2
"""Pages of each sort that are asked for."""
_WHO = (Role.DPO, Role.REVIEWER, Role.SUPERVISOR, Role.AGENT, Role.ADMINISTRATOR)
"""Who walks, one after the other: what one did not meet, the next may."""
_TABLES = (
    "/console/calls?sort=began",
    "/console/calls?since={day}&until={day}",
    "/console/calls?since={day}&until={day}&as=csv",
    "/console/calls?no=somebody&sound=nothing",
    "/console/calls?back=somebody",
    "/console/calls?agent={agent}",
    "/console/calls?agent={agent}&back=somebody",
    "/console/calls?on=true&no=somebody",
    "/console/answers?answer=no",
    "/console/answers?answer=yes",
    "/console/map?sort=-nobodys",
    "/console/map?as=json",
    "/console/ledger?kind=systems.registered",
    "/console/uses?act=export",
)
"""In an order, of some days or of one sort, calls that are like something, and as a file of one day's calls."""
_CALL = ("/console/calls/{call}", "/desk/{call}", "/desk/{call}/now")
_WITH_SOUND = "/console/calls?sound=some"
"""Where the walk begins: of the many, no sound was kept."""
_NOTHING_ASKED = "/design"
_OPEN_PAUSE = 0.1
"""What anybody may ask is let in so many times a second of one who asks, and no more."""
_OPEN_LONGER = 2
"""So many times as long it is asked for, so that there is something to take a figure of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for, under the name that it is told by."""

    told: str
    places: Sequence[str]
    cookies: str
    pause: float = 0.0


def run(*, calls: int = 10_000_000, talked: int = 1_000_000, seconds: float = 1.5, tell: Tell | None = None) -> dict[str, object]:
    """`calls`: how many holdings. `talked`: how many calls, each with a customer who answered."""
    say = tell or silent
    with tempfile.TemporaryDirectory(prefix="rightcall-bench-") as folder:
        settings = load_settings(data=Path(folder) / "data")
        say("Making up a quarter of a year", 0, 1)
        customer = _quarter(settings, Path(folder))
        with open_house(settings) as house:
            began = time.perf_counter()
            with house.database.system() as tx:
                company = controllers.all_ids(tx)[0]
            estate = make_estate(house, company)
            estate = replace(estate, people=(_known_by(estate, customer), *estate.people))
            fill(estate, calls, say)
            _talk(estate, talked, say)
            found: dict[str, object] = {"bench": "pages", "holdings": calls, "calls": talked}
            found["filled_in_seconds"] = round(time.perf_counter() - began)
            found |= _measured(estate, settings.data, customer, seconds, say)
    return found | {"goal_ms_p95": 100}


def _quarter(settings: Settings, folder: Path) -> Identifier:
    """The number of a customer who called, said yes and no, and asked for something."""
    settings.data.mkdir(mode=0o700)
    with as_file(files("rightcall.demo") / "register.toml") as register:
        made = make(
            settings,
            folder / "elsewhere",
            register,
            [tone(440.0, 1.0)],
            until=datetime.now(UTC),
            tell=lambda *_: None,
            size=_QUARTER,
        )
    return Identifier(kind=IdentifierKind.TEL, value=Personal(made.customers[0].tel))


def _known_by(estate: Estate, customer: Identifier) -> SubjectId:
    with estate.house.database.transaction(estate.controller) as tx:
        return subjects.find(tx, estate.house.vault, customer)[0]


def _talk(estate: Estate, number: int, say: Tell) -> None:
    """Over the last two years, each with one customer, who said no: a yes has more to it than a row. One in fifty was taken by
    one agent, and one in a thousand took something back."""
    say("Filling calls", 0, 1)
    given = {"controller": estate.controller, "purpose": estate.purpose, "last": number - 1, "people": max(number // 4, 1)}
    with psycopg.connect(estate.house.database.url) as connection:
        connection.execute("SET session_replication_role = replica")
        given["visitor"] = estate.people[0]
        given["agent"] = estate.people[1]
        for statement in (_CALLS, _PARTIES, _OWN_PARTIES, _CHOICES, _TRAITS):
            connection.execute(statement, given)
    with psycopg.connect(estate.house.database.url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE calls, parties, choices, call_traits")


def _measured(estate: Estate, folder: Path, customer: Identifier, seconds: float, say: Tell) -> dict[str, object]:
    timed: dict[str, dict[str, float]] = {}
    staff = {role: _session(estate, role) for role in _WHO}
    own = _visit(estate, customer)
    with web(folder) as port:
        say("Walking", 0, 1)
        inside, met = _walked_inside(estate, port, staff)
        outside, found = _walked_outside(estate, port, own)
        wanted = [*_fixed(estate, staff[Role.DPO], own), *inside, *outside]
        for nth, each in enumerate(wanted):
            say("Asking", nth, len(wanted))
            requests = [_get(place, each.cookies) for place in each.places]
            long = seconds * _OPEN_LONGER if each.pause else seconds
            asyncio.run(hammer(port, requests, connections=1, seconds=seconds / 3, pause=each.pause))
            load = asyncio.run(hammer(port, requests, connections=1, seconds=long, pause=each.pause))
            timed[each.told] = {"ms_p50": load.ms_p50, "ms_p95": load.ms_p95}
    return {"pages": timed, "no_page_to_whoever_met_it": met.other | found.other, "met_by_nobody": _unmet(estate, met, found)}


def _walked_inside(estate: Estate, port: int, staff: dict[Role, str]) -> tuple[list[Asked], Walked]:
    """The rooms of those who work here, each as the first of them who met it."""
    forms, asked, all_met = pages_of(create_console(estate.house).routes), [], Walked()
    rooms = chain.from_iterable((room.place for room in rooms) for rooms in ROOMS.values())
    starts = [_WITH_SOUND, *rooms, "/console", "/desk", f"/desk/{_call(estate)}", "/sign-in"]
    for cookies in staff.values():
        with _browser(port, cookies) as http:
            walked = walk(http, starts, {form: fits for form, fits in forms.items() if form not in all_met.met}, most=_OF_EACH)
        asked += [Asked(told=form, places=met, cookies=cookies) for form, met in walked.met.items()]
        all_met.met |= walked.met
        all_met.other |= walked.other
    return asked, all_met


def _walked_outside(estate: Estate, port: int, own: str) -> tuple[list[Asked], Walked]:
    """A customer's pages, and those for everybody."""
    starts = ["/", f"/about/{estate.controller}", f"/me/{estate.controller}", f"/me/{estate.controller}/home"]
    with _browser(port, own) as http:
        http.event_hooks = {"request": [lambda _: time.sleep(_OPEN_PAUSE)]}
        walked = walk(http, starts, pages_of(create_portal(estate.house).routes), most=_OF_EACH)
    asked = [Asked(told=form, places=met, cookies=own, pause=_OPEN_PAUSE) for form, met in walked.met.items()]
    return asked, walked


def _unmet(estate: Estate, *walked: Walked) -> list[str]:
    """Pages that nobody found a way to."""
    all_forms = {**pages_of(create_console(estate.house).routes), **pages_of(create_portal(estate.house).routes)}
    return sorted(all_forms.keys() - {form for each in walked for form in (*each.met, *each.other)})


def _fixed(estate: Estate, dpo: str, own: str) -> list[Asked]:
    """Tables as one may want them, a call of the many, and people of whom twenty things are held."""
    call = _call(estate)
    day = (estate.house.clock.now() - timedelta(days=100)).date()
    return [
        Asked(told=_NOTHING_ASKED, places=[_NOTHING_ASKED], cookies=dpo),
        *(
            Asked(told=path, places=[path.format(day=day, call=call, agent=estate.people[1])], cookies=dpo)
            for path in (*_TABLES, *_CALL)
        ),
        Asked(
            told="a call of the many, of one's own",
            places=[f"/me/{estate.controller}/calls/{call}"],
            cookies=own,
            pause=_OPEN_PAUSE,
        ),
        Asked(told="people of the many", places=[f"/console/people/{each}" for each in estate.people[1:]], cookies=dpo),
    ]


def _call(estate: Estate) -> CallId:
    """One of the many, which the customer was in."""
    with estate.house.database.transaction(estate.controller) as tx:
        return calls.of_subject(tx, estate.people[0])[0].call


def _browser(port: int, cookies: str) -> httpx.Client:
    return httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"cookie": cookies}, timeout=60)


def _session(estate: Estate, role: Role) -> str:
    """The cookie of somebody who works there."""
    house = estate.house
    with house.database.transaction(estate.controller) as tx:
        new = NewMember(role=role, name=Personal("Ada Lind"), address=None)
        member = members.create(tx, house.vault, house.clock, new, by=SYSTEM)
        secret = sessions.begin(tx, house.clock, member.id, Way.PASSKEY, limits_of(house.settings)).secret
    return f"__Host-rightcall={secret}"


def _visit(estate: Estate, customer: Identifier) -> str:
    """The cookie of one customer's visit, which they began with a code, and in which they asked for a copy."""
    house = estate.house
    with house.database.transaction(estate.controller) as tx:
        made = codes.make(tx, house.vault, house.clock, customer, asker=None, by=SYSTEM)
        if isinstance(made, TooMany) or made.delivery is None:
            raise Breach("A code of the bench went to nobody.")
        begun = visits.begin_by_code(tx, house.vault, house.clock, code=made.id, digits=made.delivery.digits)
        visit = visits.enter(tx, house.vault, house.clock, begun.secret) if begun else None
        if begun is None or visit is None:
            raise Breach("A code of the bench was not right.")
        asking.ask(tx, house.vault, house.clock, visit, RequestKind.ACCESS, language="en", words="", by=SYSTEM)
        return f"__Host-rightcall-visit-{estate.controller}={begun.secret.reveal('ask for a customer pages in a bench')}"


def _get(path: str, cookies: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\n\r\n".encode()


_CALLS = """
INSERT INTO calls (controller, call, started_at, ended_at)
SELECT %(controller)s, ('01960000' || lpad(to_hex(n), 8, '0') || '7000800000000000')::uuid, at, at + interval '4 minutes'
  FROM (SELECT n, now() - interval '730 days' * (1 - n::float8 / (%(last)s::bigint + 1)) AS at
          FROM generate_series(0, %(last)s::bigint) AS n) AS numbered
"""
_PARTIES = """
INSERT INTO parties (controller, party, call, subject, role, joined_at, left_at)
SELECT %(controller)s, gen_random_uuid(), c.call,
       ('01970000' || lpad(to_hex((row_number() OVER ()) %% %(people)s::bigint), 8, '0') || '7000800000000000')::uuid, 'customer',
       c.started_at, c.ended_at
  FROM calls c WHERE c.controller = %(controller)s
"""
_OWN_PARTIES = """
INSERT INTO parties (controller, party, call, subject, role, joined_at, left_at)
SELECT %(controller)s, gen_random_uuid(), c.call, %(visitor)s, 'customer', c.started_at, c.ended_at
  FROM (SELECT call, started_at, ended_at FROM calls WHERE controller = %(controller)s ORDER BY call LIMIT 30) AS c
"""
_CHOICES = """
INSERT INTO choices (controller, choice, party, call, subject, purpose, sequence, answer, channel, made_by, made_as,
                     evidence_kind, made_at, written_at, statement)
SELECT p.controller, gen_random_uuid(), p.party, p.call, p.subject, %(purpose)s, 1, 'refused', 'api', p.subject, 'subject',
       'word_of_actor', p.joined_at, p.joined_at, gen_random_uuid()
  FROM parties p WHERE p.controller = %(controller)s
"""
_TRAITS = """
INSERT INTO call_traits (controller, trait, started_at, call)
SELECT controller, trait, started_at, call
  FROM (SELECT controller, call, started_at, row_number() OVER (ORDER BY call) AS n FROM calls
         WHERE controller = %(controller)s AND call::text LIKE '01960000%%') AS numbered,
       LATERAL unnest(ARRAY['sound:none', 'said:refused', CASE WHEN n %% 50 = 0 THEN 'agent:' || %(agent)s::uuid END,
                            CASE WHEN n %% 1000 = 0 THEN 'said:withdrawn' END]) AS trait
 WHERE trait IS NOT NULL
"""
