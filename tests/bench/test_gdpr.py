"""The workloads of GDPRbench at a tiny size: each role is told of, and a deed that does not do what it says fails the bench."""

from typing import Any

import pytest

from rightcall.bench import gdpr
from rightcall.bench._gdpr_kept import Kept

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


def test_a_deletion_that_does_not_delete_fails_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Kept, "delete_by_user", lambda _self, _subject: 0)
    with pytest.raises(AssertionError, match="delete_by_user"):
        gdpr.run(calls=OPERATIONS)
