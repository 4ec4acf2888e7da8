"""A trace as W3C PROV in its JSON form (PROV-JSON): holdings and calls are entities, how they came to be activities, who did it
agents.

Ids are made of our own ids alone, so that no qualified name is about anybody; and nothing of a place that is sealed is in it but
the name of an object that was given to the trace, since it tells of nobody.
What was disposed of, or is not where it was any more, is invalidated. A document that has not all of it has an entity that says
so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from rightcall.actors import Role
from rightcall.canonical import Json
from rightcall.holdings.model import Heard, Holding
from rightcall.holdings.places import Part
from rightcall.holdings.provenance.model import Derivation, FallReason, Trace
from rightcall.ids import HoldingId, PurposeId, ScanId, SystemId

PREFIXES = {
    "rc": "https://w3id.org/rightcall/ns#",
    "id": "urn:rightcall:",
    "dpv": "https://w3id.org/dpv#",
    "pd": "https://w3id.org/dpv/pd#",
}
_PERSONS = frozenset(
    {
        *(Role.AGENT, Role.SUPERVISOR, Role.REVIEWER, Role.DPO, Role.AUDITOR, Role.ADMINISTRATOR),
        *(Role.ENGINEER, Role.SUBJECT),
    }
)
_PRIMARY: Json = {"$": "prov:PrimarySource", "type": "prov:QUALIFIED_NAME"}
Record = dict[str, dict[str, Json]]


@dataclass(slots=True)
class _Document:
    """What is put together. `associated`: activities whose agent is told. `nth` numbers the relations, which have no ids of
    their own."""

    records: dict[str, Record] = field(default_factory=dict)
    associated: set[str] = field(default_factory=set)
    nth: int = 0

    def put(self, sort: str, id: str, attributes: Mapping[str, Json]) -> None:
        self.records.setdefault(sort, {})[id] = {name: value for name, value in attributes.items() if value is not None}

    def relate(self, sort: str, attributes: Mapping[str, Json]) -> None:
        self.nth += 1
        self.put(sort, f"_:r{self.nth}", attributes)


def document(
    trace: Trace, purposes: Mapping[PurposeId, str], systems: Mapping[SystemId, str], scans: Mapping[HoldingId, ScanId]
) -> dict[str, Json]:
    """PROV-JSON of a trace. `purposes` and `systems`: what each is called by. `scans`: by which each was found first, where one
    found it."""
    made = _Document()
    for holding in trace.items.values():
        reasons = sorted({taint.reason for taint in trace.taints.get(holding.id, ())})
        _entity(made, holding, reasons, purposes, systems)
        _came_to_be(made, holding, scans.get(holding.id))
        _call(made, holding)
        _went(made, holding)
    for derivation in trace.derivations:
        _derived(made, derivation)
    if not trace.is_whole:
        _excerpt(made, trace)
    return {"prefix": dict(PREFIXES), **made.records}


def _excerpt(made: _Document, trace: Trace) -> None:
    """That this is not all, where whoever reads it cannot miss it. `rc:next`: the page after this one begins behind it; `rc:cut`:
    of what things came from, or was made from them, some is left out."""
    following = None if trace.next is None else _name(f"id:holding-{trace.next}")
    told: dict[str, Json] = {"prov:type": _name("rc:Excerpt"), "rc:shown": len(trace.items)}
    made.put("entity", "id:excerpt", {**told, "rc:next": following, "rc:cut": trace.cut or None})


def _entity(
    made: _Document,
    holding: Holding,
    reasons: Iterable[FallReason],
    purposes: Mapping[PurposeId, str],
    systems: Mapping[SystemId, str],
) -> None:
    place = holding.place
    made.put(
        "entity",
        f"id:holding-{holding.id}",
        {
            "prov:type": _name(holding.category.value),
            "rc:kind": holding.kind.value,
            "rc:about": _name(f"id:subject-{holding.subject}"),
            "rc:sensitivity": holding.sensitivity.value,
            "rc:system": "rightcall" if place.system is None else systems.get(place.system, str(place.system)),
            "rc:object": None if place.object is None else _name(f"id:object-{place.object}"),
            "rc:objectName": None if place.object_name is None else place.object_name.reveal("say in which object"),
            "rc:field": place.field,
            "rc:purpose": [purposes.get(term.purpose, str(term.purpose)) for term in holding.terms] or None,
            "rc:lastDay": [term.last_day.isoformat() for term in holding.terms if term.last_day is not None] or None,
            "rc:basis": holding.provenance.basis,
            "rc:statement": _name(f"id:statement-{holding.statement}"),
            "rc:tainted": list(reasons) or None,
        },
    )


def _came_to_be(made: _Document, holding: Holding, scan: ScanId | None) -> None:
    """What one scan found came by that scan, whichever statement put it on the map."""
    came, actor = holding.provenance, f"id:actor-{holding.provenance.actor.id}-{holding.provenance.actor.role}"
    activity = f"id:{came.source}-{scan or holding.statement}"
    made.put("agent", actor, {"prov:type": _agent(came.actor.role), "rc:role": came.actor.role.value})
    made.put("activity", activity, {"prov:type": _name(f"rc:{came.source.value.capitalize()}")})
    generated = {"prov:entity": f"id:holding-{holding.id}", "prov:activity": activity, "prov:time": _time(came.at)}
    made.relate("wasGeneratedBy", generated)
    made.relate("wasAttributedTo", {"prov:entity": f"id:holding-{holding.id}", "prov:agent": actor})
    if activity not in made.associated:
        made.associated.add(activity)
        made.relate("wasAssociatedWith", {"prov:activity": activity, "prov:agent": actor})


def _call(made: _Document, holding: Holding) -> None:
    """The call that it was recorded in, or heard in."""
    if holding.call is None:
        return
    call = f"id:call-{holding.call}"
    made.put("entity", call, {"prov:type": _name("rc:Call")})
    source = {"prov:generatedEntity": f"id:holding-{holding.id}", "prov:usedEntity": call, "prov:type": _PRIMARY}
    made.relate("wasDerivedFrom", {**source, **_heard(holding.heard)})


def _went(made: _Document, holding: Holding) -> None:
    """Disposed of, gone from where it was, or not about whom it stood at."""
    vanished_at = None if holding.unlinked_at else holding.gone_at
    gone = {"rc:Disposal": holding.disposed_at, "rc:Vanishing": vanished_at, "rc:Unlinking": holding.unlinked_at}
    for sort, at in gone.items():
        if at is not None:
            activity = f"id:{sort.removeprefix('rc:').lower()}-{holding.id}"
            made.put("activity", activity, {"prov:type": _name(sort)})
            made.relate(
                "wasInvalidatedBy",
                {"prov:entity": f"id:holding-{holding.id}", "prov:activity": activity, "prov:time": _time(at)},
            )


def _derived(made: _Document, derivation: Derivation) -> None:
    ends = {"prov:generatedEntity": f"id:holding-{derivation.made}", "prov:usedEntity": f"id:holding-{derivation.origin}"}
    made.relate("wasDerivedFrom", {**ends, **_part(derivation.part)})


def _part(part: Part | None) -> dict[str, Json]:
    if part is None:
        return {}
    return {
        "rc:field": part.field,
        "rc:turn": part.turn,
        "rc:fromMilliseconds": part.from_ms,
        "rc:untilMilliseconds": part.until_ms,
        "rc:fromCharacter": part.start,
        "rc:untilCharacter": part.end,
    }


def _heard(heard: Heard | None) -> dict[str, Json]:
    if heard is None:
        return {}
    return {"rc:turn": heard.turn, "rc:fromMilliseconds": heard.from_ms, "rc:untilMilliseconds": heard.until_ms}


def _agent(role: Role) -> Json:
    return _name("prov:Person" if role in _PERSONS else "prov:SoftwareAgent")


def _name(qualified: str) -> Json:
    return {"$": qualified, "type": "prov:QUALIFIED_NAME"}


def _time(at: datetime) -> str:
    return at.isoformat()
