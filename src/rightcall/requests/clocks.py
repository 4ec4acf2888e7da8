"""The clocks of the laws, read once from `clocks.toml`. Which of them counts for a request, `rules` says."""

import tomllib
from functools import cache
from pathlib import Path

from rightcall.errors import Breach
from rightcall.requests.model import RequestKind
from rightcall.requests.rules import Clockwork, Span

_FILE = Path(__file__).parent / "clocks.toml"


@cache
def clocks() -> tuple[Clockwork, ...]:
    """Every clock. Breach where a row has no cite or no date: nobody could tell whether it holds."""
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))["clock"]
    for row in rows:
        if not (row.get("cite") and row.get("in_force_from") and row.get("last_checked")):
            raise Breach("A clock in requests/clocks.toml has no cite or no date. Nothing is counted by it: mend the file.")
    return tuple(
        Clockwork(
            jurisdiction=row["jurisdiction"],
            kinds=frozenset(RequestKind(kind) for kind in row["kinds"]),
            time=Span(months=row.get("months", 0), days=row.get("days", 0), business_days=row.get("business_days", 0)),
            extension=Span(months=row.get("extension_months", 0), days=row.get("extension_days", 0)),
            acknowledge_business_days=row.get("acknowledge_business_days"),
            cite=row["cite"],
            in_force_from=row["in_force_from"],
        )
        for row in rows
    )
