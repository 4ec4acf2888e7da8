"""Figures as JSON and back: the form that is stored, and hashed for a proposal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from rightcall.actors import Role
from rightcall.canonical import Json
from rightcall.ethics.minimisation.model import FieldRead, Figures, Kept, Point, Term, TermFinding, UsesAtAge
from rightcall.holdings.uses.model import Ground
from rightcall.ids import PurposeId, SystemId

_PARTS_PER = 1_000_000


def document_of(figures: Figures) -> dict[str, Json]:
    """Shares in millionths: the canonical form has no fractions to round."""
    return {
        "purpose": str(figures.purpose),
        "since": figures.since.isoformat(),
        "until": figures.until.isoformat(),
        "unread_days": figures.unread_days,
        "uses": {ground.value: count for ground, count in figures.uses.items()},
        "refused": figures.refused,
        "unplaced": figures.unplaced,
        "fields": [{"field": each.field, "uses": each.uses, "last_at": each.last_at.isoformat()} for each in figures.fields],
        "kept": [
            {
                "category": each.category,
                "system": None if each.system is None else str(each.system),
                "field": each.field,
                "holdings": each.holdings,
                "old_enough": each.old_enough,
                "read": each.read,
                "told": each.told,
            }
            for each in figures.kept
        ],
        "never": [role.value for role in figures.never],
        "term": _term(figures.term),
    }


def figures_of(document: Mapping[str, Any]) -> Figures:
    """What `document_of` made, read back. KeyError and ValueError for anything else: rows are ours."""
    return Figures(
        purpose=PurposeId(UUID(document["purpose"])),
        since=datetime.fromisoformat(document["since"]),
        until=datetime.fromisoformat(document["until"]),
        unread_days=document["unread_days"],
        uses={Ground(ground): count for ground, count in document["uses"].items()},
        refused=document["refused"],
        unplaced=document["unplaced"],
        fields=tuple(
            FieldRead(field=each["field"], uses=each["uses"], last_at=datetime.fromisoformat(each["last_at"]))
            for each in document["fields"]
        ),
        kept=tuple(
            Kept(**{**each, "system": None if each["system"] is None else SystemId(UUID(each["system"]))})
            for each in document["kept"]
        ),
        never=tuple(Role(each) for each in document["never"]),
        term=_term_of(document["term"]),
    )


def _term(term: Term) -> Json:
    return {
        "days": term.days,
        "least_days": term.least_days,
        "finding": term.finding.value,
        "enough_days": term.enough_days,
        "watched": term.watched,
        "needed": term.needed,
        "latest_case": term.latest_case,
        "points": [
            {
                "days": each.days,
                "watched": each.watched,
                "late": each.late,
                "high": round(each.high * _PARTS_PER),
                "within": round(each.within * _PARTS_PER),
            }
            for each in term.points
        ],
        "ages": [[each.age_days, each.uses, each.cases] for each in term.ages],
    }


def _term_of(document: Mapping[str, Any]) -> Term:
    return Term(
        **{
            **document,
            "finding": TermFinding(document["finding"]),
            "points": tuple(
                Point(**{**each, "high": each["high"] / _PARTS_PER, "within": each["within"] / _PARTS_PER})
                for each in document["points"]
            ),
            "ages": tuple(UsesAtAge(age_days=age, uses=uses, cases=cases) for age, uses, cases in document["ages"]),
        }
    )
