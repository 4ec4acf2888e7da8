"""Every form that an application takes, found by its routes, as another's page would send it. Whoever adds a form adds nothing
here."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from uuid import uuid4

import psycopg
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from psycopg.sql import SQL, Identifier

from rightcall.database.connection import Database

ELSEWHERE = (
    {"origin": "https://elsewhere.example"},
    {"origin": "null"},
    {"sec-fetch-site": "cross-site"},
    {"origin": ""},
)
"""What a browser says of a form from another's page, each beside what is right in all else."""


def forms(app: FastAPI) -> Iterator[APIRoute]:
    for room in app.router.routes:
        for route in getattr(getattr(room, "original_router", None), "routes", [room]):
            if isinstance(route, APIRoute) and "POST" in (route.methods or ()):
                yield route


def asks_for(route: APIRoute) -> set[str]:
    """The names of all that its door is made of."""
    return {getattr(each.call, "__name__", "") for each in _all(route.dependant)}


def fields(route: APIRoute) -> dict[str, str]:
    """Each field of the form, with something in it, so that nothing is refused for want of one."""
    named = [each.alias for of in _all(route.dependant) for each in of.body_params]
    return {name: "0" for name in named if name not in ("form", "token")}


def filled(path: str, known: Mapping[str, str]) -> str:
    while "{" in path:
        before, _, rest = path.partition("{")
        name, _, rest = rest.partition("}")
        path = before + known.get(name, str(uuid4())) + rest
    return path


_OF_THE_LEDGER = ("checkpoints", "ledger_head", "ledger_hours", "tiles")


def everything(database: Database) -> dict[str, str]:
    """What each table holds, as a digest; but for what the ledger orders and signs of what was said before, while nothing is
    done."""
    with psycopg.connect(database.url) as connection:
        names = [name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        names = [name for name in names if name not in _OF_THE_LEDGER]
        read = {name: connection.execute(SQL("SELECT t::text FROM {} t ORDER BY 1").format(Identifier(name))) for name in names}
        return {name: sha256(repr(rows.fetchall()).encode()).hexdigest() for name, rows in read.items()}


def _all(of: Dependant) -> Iterator[Dependant]:
    yield of
    for each in of.dependencies:
        yield from _all(each)
