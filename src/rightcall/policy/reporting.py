"""A replay's report as a document: what `--json` prints, what the API answers, and what is kept with a draft."""

from collections.abc import Mapping
from typing import TypeVar

from rightcall.canonical import Json
from rightcall.policy.model import RuleSet
from rightcall.policy.replay import Kind, Report, Seen

K = TypeVar("K")


def total(seen: Mapping[K, Seen]) -> int:
    """How many verdicts that is."""
    return sum(each.count for each in seen.values())


def document(report: Report, proposed: RuleSet, in_force: RuleSet) -> Mapping[str, Json]:
    """Counts, ids of a few verdicts, and the keys of purposes; nothing about anyone."""
    return {
        "since": report.since.isoformat(),
        "until": report.until.isoformat(),
        "proposed": proposed.digest.hex(),
        "in_force": in_force.digest.hex(),
        "verdicts": report.verdicts,
        "as_before": report.as_before,
        "changed": total(report.changes),
        "calls_changed": report.calls,
        "calls_changed_or_more": report.many_calls,
        "decided": report.decided,
        "changes": _kinds(report.changes),
        "already": _kinds(report.already),
        "not_replayed": [{"why": why, **_seen(seen)} for why, seen in report.left_out.items()],
        "given_again": report.given_again,
        "not_given_again": [{"why": why, **_seen(seen)} for why, seen in report.not_given_again.items()],
        "drift": [
            {"rule_set": rules, "stored": was.value, "again": now.value, **_seen(seen)}
            for (rules, was, now), seen in report.drift.items()
        ],
    }


def _kinds(found: Mapping[Kind, Seen]) -> list[Json]:
    return [
        {
            "purpose": kind.purpose,
            "month": kind.month,
            "act": kind.act.value,
            "about": kind.about,
            "from": kind.was.value,
            "to": kind.would_be.value,
            "calls": seen.calls,
            "calls_or_more": seen.many_calls,
            **_seen(seen),
        }
        for kind, seen in found.items()
    ]


def _seen(seen: Seen) -> Mapping[str, Json]:
    return {"verdicts": seen.count, "rules": sorted(seen.rules), "examples": [str(each) for each in seen.examples]}
