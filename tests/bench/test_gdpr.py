"""The workloads of GDPRbench at a tiny size: each role is told of, and a deed that does not do what it says fails the bench."""

from collections import Counter
from threading import get_ident
from typing import Any

import psycopg
import pytest

from rightcall.bench import gdpr
from rightcall.bench._gdpr_kept import Kept
from rightcall.ids import HoldingId

OPERATIONS = 12
ROLES = {
    "controller": {
        "create", "delete_by_key", "delete_by_purpose", "delete_by_term", "delete_by_user", "shorten", "restrict",
    },
    "customer": {"read_own_data", "read_metadata", "add_email", "restrict", "delete_by_user"},
    "processor": {"read_by_key", "read_by_purpose", "read_by_user"},
    "regulator": {"read_metadata", "read_logs", "verify_deletion"},
}  # fmt: skip


def test_each_role_is_told_of_beside_plain_tables() -> None:
    figures: dict[str, Any] = gdpr.run(calls=OPERATIONS)
    assert figures["goal_ratio"] == 1.5
    for role, kinds in ROLES.items():
        told = figures[role]
        assert told["operations"] == OPERATIONS == sum(each["operations"] for each in told["by_kind"].values())
        assert told["by_kind"].keys() <= kinds
        for each in (told, *told["by_kind"].values()):
            assert each["ratio"] == pytest.approx(each["plain_per_second"] / each["per_second"], rel=0.1, abs=0.05)
            assert each["ms_p50"] <= each["ms_p95"]


def test_many_records_are_read_by_as_many_statements_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """One verdict each and one line in the log each, whatever they cost together."""
    told: dict[int, set[int]] = {}
    run = psycopg.Cursor.execute
    statements, here = Counter[str](), get_ident()

    def count(cursor: psycopg.Cursor[Any], *arguments: Any, **named: Any) -> Any:
        statements["run"] += get_ident() == here
        return run(cursor, *arguments, **named)

    def read(kept: Kept, find: Any, **how: Any) -> dict[HoldingId, bytes]:
        before = statements["run"]
        opened = reading(kept, find, **how)
        told.setdefault(len(opened), set()).add(statements["run"] - before)
        return opened

    reading = Kept._read
    monkeypatch.setattr(psycopg.Cursor, "execute", count)
    monkeypatch.setattr(Kept, "_read", read)
    monkeypatch.setattr(gdpr, "_WORKLOADS", {"processor": {"read_by_key": 1, "read_by_purpose": 1}})
    gdpr.run(calls=OPERATIONS)
    assert len(told) > 1
    assert {number for numbers in told.values() for number in numbers} == told[1]


def test_a_deletion_that_does_not_delete_fails_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Kept, "delete_by_user", lambda _self, _subject: 0)
    with pytest.raises(AssertionError, match="delete_by_user"):
        gdpr.run(calls=OPERATIONS)
