"""A system of one's own that Rightcall can look through: an example with two customers, for Python alone.

Run it with `python own_system.py PORT`, the token in the environment as RIGHTCALL_TOKEN. Put your own data where STORE is.
What each route must answer is in docs/reference/own-system.yaml.
"""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

Table = dict[str, dict[str, str | None]]

STORE: dict[str, Table] = {
    "customers": {
        "1": {"name": "Ada Example", "phone": "+45 20 12 34 56", "note": None},
        "2": {"name": "Bo Example", "phone": "+45 20 65 43 21", "note": "call back on Monday"},
    },
}
ABILITIES = ["find", "export", "erase", "confirm", "correct"]


def objects(_: dict[str, str]) -> tuple[int, object]:
    return 200, {"items": [{"name": name} for name in sorted(STORE)], "next": None}


def rows(asked: dict[str, str]) -> tuple[int, object]:
    table = STORE.get(asked["object"])
    if table is None:
        return 404, {}
    fields = list(dict.fromkeys(field for row in table.values() for field in row))
    keys = [key for key in sorted(table) if key > asked.get("after", "")]
    some = keys[: int(asked.get("most", "1000"))]
    found = [{"key": key, "cells": [table[key].get(field) for field in fields]} for key in some]
    return 200, {"fields": fields, "rows": found, "next": some[-1] if len(some) < len(keys) else None}


def row(asked: dict[str, str]) -> tuple[int, object]:
    found = STORE.get(asked["object"], {}).get(asked["key"])
    return (404, {}) if found is None else (200, {"fields": found})


def erase(spots: list[dict[str, str | None]]) -> tuple[int, object]:
    for spot in spots:
        table = STORE.get(str(spot["object"]), {})
        if spot.get("field") is None:
            table.pop(str(spot["key"]), None)
        elif str(spot["key"]) in table:
            table[str(spot["key"])][str(spot["field"])] = None
    return 204, None


def correct(asked: dict[str, str]) -> tuple[int, object]:
    row = STORE.get(asked["object"], {}).get(asked["key"])
    if row is None or asked["field"] not in row:
        return 404, {}
    if row[asked["field"]] not in (asked["was"], asked["value"]):
        return 409, {"why": "changed"}
    row[asked["field"]] = asked["value"]
    return 204, None


def confirm(spots: list[dict[str, str | None]]) -> tuple[int, object]:
    return 200, {"found": [looked_for(spot) for spot in spots]}


def looked_for(spot: dict[str, str | None]) -> str:
    table = STORE.get(str(spot["object"]))
    if table is None:
        return "unknown"
    found = table.get(str(spot["key"]))
    field = spot.get("field")
    is_there = found is not None and (field is None or found.get(field) is not None)
    return "there" if is_there else "gone"


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        address = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(address.query).items()}
        routes = {"objects": objects, "rows": rows, "row": row, "v1": lambda _: (200, {"version": 1, "abilities": ABILITIES})}
        self._answer(routes.get(address.path.rstrip("/").rpartition("/")[2]), asked)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        route = self.path.rpartition("/")[2]
        asked = body if route == "correct" else body.get("spots")
        self._answer({"erase": erase, "confirm": confirm, "correct": correct}.get(route), asked)

    def _answer(self, route, asked) -> None:  # type: ignore[no-untyped-def]
        if self.headers.get("authorization") != f"Bearer {os.environ['RIGHTCALL_TOKEN']}":
            status, answer = 401, {}
        else:
            status, answer = (404, {}) if route is None else route(asked)
        content = b"" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Addresses hold keys of rows: they are not logged."""


if __name__ == "__main__":
    with ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answers) as server:
        print(f"serving on port {server.server_port}", flush=True)
        server.serve_forever()
