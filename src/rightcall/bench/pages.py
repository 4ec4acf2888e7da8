"""Every page of every face at ten million holdings and a million calls: how long the server takes for each.

A quarter of a year of the demo's company comes first, so that there are requests, concerns, holds, rules and all else that pages
are about; then the many are put beside it. Each page is found by walking, as whoever works there and as a customer, and what no
walk reaches is told, with why. Tables filtered and sorted and taken along as files are asked for as well. One after the other, of
a server in a process of its own. Beside them, in the same run, the page that shows of what pages are made, for which nothing is
asked of the database.
"""

import asyncio
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import as_file, files
from pathlib import Path

import psycopg

from rightcall.bench._asking import hammer
from rightcall.bench._everywhere import LEFT_OUT, OPEN_PAUSE, Asked, Everywhere, walk_all
from rightcall.bench._mapped import Estate, Tell, fill, make_estate, silent, web
from rightcall.bench._met import Customer, customer_of, of_the_many
from rightcall.controllers import actions as controllers
from rightcall.demo.quarter.making import make
from rightcall.demo.quarter.plan import Size
from rightcall.settings import Settings, load_settings
from rightcall.testcall.sound import tone
from rightcall.wiring import open_house

_QUARTER = Size(calls=120, people=60, beside=8, nights_every=12)
_OF_EACH = 2
"""Pages of each sort that are asked for."""
_HOLDINGS_TO_A_CALL, _FEWEST_CALLS = 10, 100
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
_NOTHING_ASKED = "/design"
_OPEN_LONGER = 2
"""So many times as long is asked for what is open to all, so that there is something to take a figure of."""
_SOUND = "/sound"
"""Asked for first: that somebody said why they listen counts for a quarter of an hour."""
_LETS_IN, _MOST_TRIES = "/sign-up/", 50
"""Of one address so many tries in ten minutes are answered, and a few more, and no more."""


def run(*, calls: int = 10_000_000, seconds: float = 1.5, tell: Tell | None = None) -> dict[str, object]:
    """`calls`: how many holdings. There is one call, with a customer who answered, to ten of them."""
    say, talked = tell or silent, max(calls // _HOLDINGS_TO_A_CALL, _FEWEST_CALLS)
    with tempfile.TemporaryDirectory(prefix="rightcall-bench-") as folder:
        settings = load_settings(data=Path(folder) / "data")
        say("Making up a quarter of a year", 0, 1)
        quarter(settings, Path(folder))
        with open_house(settings) as house:
            began = time.perf_counter()
            with house.database.system() as tx:
                company = controllers.all_ids(tx)[0]
            estate = make_estate(house, company)
            customer = customer_of(estate)
            estate = replace(estate, people=(customer.subject, *estate.people))
            fill(estate, calls, say)
            _talk(estate, talked, say)
            found: dict[str, object] = {"bench": "pages", "holdings": calls, "calls": talked}
            found["filled_in_seconds"] = round(time.perf_counter() - began)
            found |= _measured(estate, settings.data, customer, seconds, say)
    return found | {"goal_ms_p95": 100}


def quarter(settings: Settings, folder: Path) -> None:
    """Of the demo's company."""
    settings.data.mkdir(mode=0o700)
    with as_file(files("rightcall.demo") / "register.toml") as register:
        make(
            settings,
            folder / "elsewhere",
            register,
            [tone(440.0, 1.0)],
            until=datetime.now(UTC),
            tell=lambda *_: None,
            size=_QUARTER,
        )


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


def _measured(estate: Estate, folder: Path, customer: Customer, seconds: float, say: Tell) -> dict[str, object]:
    timed: dict[str, dict[str, float]] = {}
    with web(folder) as port:
        say("Walking", 0, 1)
        walked = walk_all(estate, customer, port, most=_OF_EACH)
        wanted = sorted([*_fixed(estate, walked), *walked.asked], key=lambda each: not each.told.endswith(_SOUND))
        for nth, each in enumerate(wanted):
            say("Asking", nth, len(wanted))
            requests = [_get(place, each.cookies) for place in each.places]
            lead, long = seconds / 3, seconds * (_OPEN_LONGER if each.pause else 1)
            pause = max(each.pause, (lead + long) / _MOST_TRIES) if each.told.startswith(_LETS_IN) else each.pause
            asyncio.run(hammer(port, requests, connections=1, seconds=lead, pause=pause))
            load = asyncio.run(hammer(port, requests, connections=1, seconds=long, pause=pause))
            timed[each.told] = {"ms_p50": load.ms_p50, "ms_p95": load.ms_p95}
    return {"pages": timed, "no_page_to_whoever_met_it": walked.other, "met_by_nobody": walked.unmet, "left_out": LEFT_OUT}


def _fixed(estate: Estate, walked: Everywhere) -> list[Asked]:
    """Tables as one may want them, a call of the many, and people of whom twenty things are held."""
    call = of_the_many(estate)
    day, dpo = (estate.house.clock.now() - timedelta(days=100)).date(), walked.dpo.cookies
    return [
        Asked(told=_NOTHING_ASKED, places=[_NOTHING_ASKED], cookies=dpo),
        *(
            Asked(told=path, places=[path.format(day=day, call=call, agent=estate.people[1])], cookies=dpo)
            for path in (*_TABLES, *_CALL)
        ),
        Asked(
            told="a call of the many, of one's own",
            places=[f"/me/{estate.controller}/calls/{call}"],
            cookies=walked.visit,
            pause=OPEN_PAUSE,
        ),
        Asked(told="people of the many", places=[f"/console/people/{each}" for each in estate.people[1:]], cookies=dpo),
    ]


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
  FROM parties p WHERE p.controller = %(controller)s AND p.call::text LIKE '01960000%%'
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
