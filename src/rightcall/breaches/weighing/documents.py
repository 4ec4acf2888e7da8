"""An assessment as JSON and back: counts, sorts and places, and nobody."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from rightcall.breaches.model import Assessment, Nobodys, Open, Severity, ToldBy
from rightcall.canonical import Json
from rightcall.discovery.seen.model import Seen, SeenState
from rightcall.holdings.categories import Category, Sensitivity
from rightcall.ids import SystemId


def document_of(found: Assessment) -> dict[str, Json]:
    """Places in their order, which an object would not keep."""
    return {
        "open": [
            {
                "category": each.category.value,
                "sensitivity": each.sensitivity.value,
                "items": each.items,
                "people": each.people,
                "first_seen_after": each.first_seen_after,
                "nobodys": each.nobodys,
            }
            for each in found.open
        ],
        "people": found.people,
        "items": found.items,
        "nobodys": {"items": found.nobodys.items, "records": found.nobodys.records},
        "card_codes": found.card_codes,
        "seen": None if found.seen is None else _seen(found.seen),
        "score": found.score,
        "severity": found.severity.value,
        "risk": found.risk,
        "high_risk": found.high_risk,
        "places": [[place, count] for place, count in found.places.items()],
        "places_of": found.places_of,
        "told_by": {by.value: count for by, count in found.told_by.items()},
        "regions": list(found.regions),
        "laws": list(found.laws),
        "at": found.at.isoformat(),
    }


def assessment_of(document: Mapping[str, Any]) -> Assessment:
    """What `document_of` made, read back. KeyError and ValueError for anything else: rows are ours."""
    return Assessment(
        open=tuple(
            Open(**{**each, "category": Category(each["category"]), "sensitivity": Sensitivity(each["sensitivity"])})
            for each in document["open"]
        ),
        people=document["people"],
        items=document["items"],
        nobodys=Nobodys(**document["nobodys"]),
        card_codes=document["card_codes"],
        seen=None if document["seen"] is None else _seen_of(document["seen"]),
        score=document["score"],
        severity=Severity(document["severity"]),
        risk=document["risk"],
        high_risk=document["high_risk"],
        places=dict(document["places"]),
        places_of=document["places_of"],
        told_by={ToldBy(by): count for by, count in document["told_by"].items()},
        regions=tuple(document["regions"]),
        laws=tuple(document["laws"]),
        at=datetime.fromisoformat(document["at"]),
    )


def _seen(seen: Seen) -> dict[str, Json]:
    return {
        "system": str(seen.system),
        "state": seen.state.value,
        "objects": seen.objects,
        "looked_at": seen.looked_at,
        "not_read": seen.not_read,
        "parts_not_read": seen.parts_not_read,
        "sample": seen.sample,
        "whole_at": _instant(seen.whole_at),
        "nobodys": seen.nobodys,
        "waiting": seen.waiting,
        "retired_at": _instant(seen.retired_at),
    }


def _seen_of(document: Mapping[str, Any]) -> Seen:
    return Seen(
        **{
            **document,
            "system": SystemId(UUID(document["system"])),
            "state": SeenState(document["state"]),
            "whole_at": _instant_of(document["whole_at"]),
            "retired_at": _instant_of(document["retired_at"]),
        }
    )


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _instant_of(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
