"""The pages of every face at ten million holdings and a million calls, tables filtered and sorted and taken along as files among
them: how long the server takes for each.

Asked one after the other, by somebody who is signed in, of a server in a process of its own. Beside them, in the same run, the
page that shows of what pages are made, for which nothing is asked of the database.
"""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import psycopg

from rightcall.actors import SYSTEM, Role
from rightcall.bench._asking import hammer
from rightcall.bench._mapped import Estate, Tell, fill, make_estate, silent, web
from rightcall.calls import actions as calls
from rightcall.errors import Breach
from rightcall.personal import Personal
from rightcall.requests.codes import actions as codes
from rightcall.requests.codes.model import TooMany
from rightcall.requests.visits import actions as visits
from rightcall.settings import load_settings
from rightcall.staff.members import actions as members
from rightcall.staff.members.model import NewMember
from rightcall.staff.sessions import actions as sessions
from rightcall.staff.sessions.limits import limits_of
from rightcall.staff.sessions.model import Way
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import IdentifierKind
from rightcall.subjects.rules import normalise
from rightcall.wiring import open_house

_PAGES = (
    "/console",
    "/console/calls",
    "/console/answers",
    "/console/stops",
    "/console/purposes",
    "/console/people",
    "/console/map",
    "/console/systems",
    "/console/links",
    "/console/weaknesses",
    "/console/breaches",
    "/console/terms",
    "/console/holds",
    "/console/erasures",
    "/console/requests",
    "/console/concerns",
    "/console/overrides",
    "/console/parity",
    "/console/rules",
    "/console/uses",
    "/console/ledger",
    "/console/system",
    "/console/staff",
    "/desk",
)
_TABLES = (
    "/console/calls?sort=began",
    "/console/calls?since={day}&until={day}",
    "/console/calls?since={day}&until={day}&as=csv",
    "/console/answers?answer=no",
    "/console/answers?answer=yes",
    "/console/map?sort=-nobodys",
    "/console/map?as=json",
    "/console/ledger?kind=systems.registered",
    "/console/uses?act=export",
)
"""In an order, of some days or of one sort, and as a file of one day's calls."""
_CALL = ("/console/calls/{call}", "/desk/{call}", "/desk/{call}/now")
_OWN = ("home", "calls", "calls/{call}", "elsewhere", "choices", "requests", "ask/access", "decisions", "concern")
_NOTHING_ASKED = "/design"
_OPEN_PAUSE = 0.05
"""What anybody may ask is let in so many times a second and no more."""


def run(*, calls: int = 10_000_000, talked: int = 1_000_000, seconds: float = 3.0, tell: Tell | None = None) -> dict[str, object]:
    """`calls`: how many holdings. `talked`: how many calls, each with a customer who answered."""
    say = tell or silent
    with tempfile.TemporaryDirectory(prefix="rightcall-bench-") as folder:
        settings = load_settings(data=Path(folder))
        with open_house(settings) as house:
            began = time.perf_counter()
            estate = make_estate(house)
            fill(estate, calls, say)
            _talk(estate, talked, say)
            found: dict[str, object] = {"bench": "pages", "holdings": calls, "calls": talked}
            found["filled_in_seconds"] = round(time.perf_counter() - began)
            found["pages"] = _asked(estate, Path(folder), seconds, say)
    return found | {"goal_ms_p95": 100}


def _talk(estate: Estate, number: int, say: Tell) -> None:
    """Over the last two years, each with one customer, who said no: a yes has more to it than a row."""
    say("Filling calls", 0, 1)
    given = {"controller": estate.controller, "purpose": estate.purpose, "last": number - 1, "people": max(number // 4, 1)}
    with psycopg.connect(estate.house.database.url) as connection:
        connection.execute("SET session_replication_role = replica")
        given["visitor"] = estate.people[0]
        for statement in (_CALLS, _PARTIES, _OWN_PARTIES, _CHOICES):
            connection.execute(statement, given)
    with psycopg.connect(estate.house.database.url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE calls, parties, choices")


def _asked(estate: Estate, folder: Path, seconds: float, say: Tell) -> dict[str, dict[str, float]]:
    house = estate.house
    with house.database.transaction(estate.controller) as tx:
        new = NewMember(role=Role.DPO, name=Personal("Ada Lind"), address=None)
        member = members.create(tx, house.vault, house.clock, new, by=SYSTEM)
        secret = sessions.begin(tx, house.clock, member.id, Way.PASSKEY, limits_of(house.settings)).secret
        call = calls.of_subject(tx, estate.people[0])[0].call
    cookies = f"__Host-rightcall={secret}; __Host-rightcall-visit-{estate.controller}={_visit(estate)}"
    day = (house.clock.now() - timedelta(days=100)).date()
    asked: dict[str, Sequence[str]] = {path: (path,) for path in (_NOTHING_ASKED, *_PAGES, f"/about/{estate.controller}")}
    asked |= {path: (path.format(day=day, call=call),) for path in (*_TABLES, *_CALL)}
    asked |= {f"/me/{{company}}/{path}": (f"/me/{estate.controller}/{path.format(call=call)}",) for path in _OWN}
    asked["/console/people/{person}"] = [f"/console/people/{each}" for each in estate.people]
    found = {}
    with web(folder) as port:
        for nth, (path, places) in enumerate(asked.items()):
            say("Asking", nth, len(asked))
            requests = [_get(each, cookies) for each in places]
            pause = _OPEN_PAUSE if path.startswith("/about/") else 0.0
            asyncio.run(hammer(port, requests, connections=1, seconds=1.0, pause=pause))
            load = asyncio.run(hammer(port, requests, connections=1, seconds=seconds, pause=pause))
            told = path if "/about/" not in path else "/about/{company}"
            found[told] = {"ms_p50": load.ms_p50, "ms_p95": load.ms_p95}
    return found


def _visit(estate: Estate) -> str:
    """The secret of one customer's visit, which they began with a code."""
    house, tel = estate.house, normalise(IdentifierKind.TEL, Personal("+4532123456"), "DK")
    with house.database.transaction(estate.controller) as tx:
        subjects.add_identifier(tx, house.vault, house.clock, estate.people[0], tel, by=SYSTEM)
        made = codes.make(tx, house.vault, house.clock, tel, asker=None, by=SYSTEM)
        if isinstance(made, TooMany) or made.delivery is None:
            raise Breach("A code of the bench went to nobody.")
        begun = visits.begin_by_code(tx, house.vault, house.clock, code=made.id, digits=made.delivery.digits)
        if begun is None:
            raise Breach("A code of the bench was not right.")
        return begun.secret.reveal("ask for a customer's pages in a bench")


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
