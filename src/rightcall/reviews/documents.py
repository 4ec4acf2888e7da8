"""A review's words as JSON and back: the form that is hashed, stored, and written by people in TOML. One name for one thing."""

from collections.abc import Mapping
from typing import Any

from rightcall.actors import Role
from rightcall.canonical import Json
from rightcall.policy.model import Act
from rightcall.reviews.model import (
    Alternative,
    Answers,
    Balancing,
    Bound,
    Change,
    Content,
    Criterion,
    Declared,
    Enough,
    Harm,
    Impact,
    Likelihood,
    Longer,
    Severity,
    Volume,
)

ANSWERS = ("what_for", "clear_yes", "what_we_hold", "kept_safe", "need_all", "right_thing", "said_aloud")
BALANCING = ("purpose", "necessity", "balance")
IMPACT = ("necessity", "measures", "advice", "views")


def document_of(content: Content) -> dict[str, Json]:
    return {
        "answers": {name: getattr(content.answers, name) for name in ANSWERS},
        "harms": [
            {
                "who": each.who,
                "how": each.how,
                "likelihood": each.likelihood.value,
                "severity": each.severity.value,
                "done": each.done,
            }
            for each in content.harms
        ],
        "alternatives": [{"what": each.what, "enough": each.enough.value, "why": each.why} for each in content.alternatives],
        "declared": _declared(content.declared),
        "balancing": None if content.balancing is None else {name: getattr(content.balancing, name) for name in BALANCING},
        "impact": None if content.impact is None else {name: getattr(content.impact, name) for name in IMPACT},
    }


def _declared(declared: Declared) -> dict[str, Json]:
    return {
        "service_depends_on_yes": declared.service_depends_on_yes,
        "steps_to_accept": declared.steps_to_accept,
        "steps_to_decline": declared.steps_to_decline,
        "unrecorded_line": declared.unrecorded_line,
        "other_proof": declared.other_proof,
        "whole_call": declared.whole_call,
        "acts": sorted(declared.acts),
        "roles": sorted(declared.roles),
        "calls": declared.calls.value,
        "criteria": sorted(declared.criteria),
    }


def bound_of(bound: Bound) -> dict[str, Json]:
    """Overrides are named where there are any: a review from before they counted keeps its digest."""
    said: dict[str, Json] = {
        "register_entry": bound.entry.hex(),
        "notices": [each.hex() for each in bound.notices],
        "rules": bound.rules.hex(),
    }
    return said | ({"set_aside": sorted(str(each) for each in bound.asides)} if bound.asides else {})


def change_of(change: Change | None) -> dict[str, Json]:
    """Named where there is one: a review that changes nothing keeps its digest."""
    if change is None:
        return {}
    narrowing = change.narrowing
    return {
        "change": {
            "term_days": narrowing.term_days,
            "dropped": sorted(narrowing.dropped),
            "proposal": str(change.proposal),
            "figures": change.figures.hex(),
        }
    }


def longer_of(longer: Longer | None) -> dict[str, Json]:
    """Named where there is one, like a change."""
    if longer is None:
        return {}
    return {
        "longer": {
            "term_days": longer.lengthening.term_days,
            "was_days": longer.lengthening.was_days,
            "why": longer.why,
            "law": longer.law,
            "verdict": str(longer.verdict),
        }
    }


def content_of(document: Mapping[str, Any]) -> Content:
    """What `document_of` made, read back. KeyError and ValueError for anything else: rows are ours."""
    return Content(
        answers=Answers(**document["answers"]),
        harms=tuple(
            Harm(**{**each, "likelihood": Likelihood(each["likelihood"]), "severity": Severity(each["severity"])})
            for each in document["harms"]
        ),
        alternatives=tuple(Alternative(**{**each, "enough": Enough(each["enough"])}) for each in document["alternatives"]),
        declared=_declared_of(document["declared"]),
        balancing=None if document["balancing"] is None else Balancing(**document["balancing"]),
        impact=None if document["impact"] is None else Impact(**document["impact"]),
    )


def _declared_of(document: Mapping[str, Any]) -> Declared:
    return Declared(
        **{
            **document,
            "acts": frozenset(Act(each) for each in document["acts"]),
            "roles": frozenset(Role(each) for each in document["roles"]),
            "calls": Volume(document["calls"]),
            "criteria": frozenset(Criterion(each) for each in document["criteria"]),
        }
    )
