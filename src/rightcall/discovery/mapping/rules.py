"""What a finding is on the data map: where it lies, what it is for, and until when. Facts in, a holding out."""

from collections.abc import Mapping
from datetime import timedelta

from rightcall.actors import SYSTEM
from rightcall.clock import day_of
from rightcall.discovery.findings.model import KeptFinding
from rightcall.discovery.findings.rules import plain_field
from rightcall.discovery.systems.model import RegisteredSystem, SystemUse, TermFrom
from rightcall.discovery.systems.rules import use_of
from rightcall.errors import Breach
from rightcall.holdings.categories import category_named
from rightcall.holdings.model import HoldingKind, NewForeign, Provenance, Source, Term
from rightcall.holdings.places import Place, is_plain
from rightcall.ids import HoldingId, PurposeId
from rightcall.personal import Personal
from rightcall.purposes.model import Purpose


def holding_of(finding: KeptFinding, system: RegisteredSystem, purposes: Mapping[PurposeId, Purpose]) -> NewForeign:
    """Of a linked finding whose spot is open. What no use of the system fits has no purpose, and the map shows that."""
    if finding.subject is None or finding.spot is None:
        raise Breach("A finding goes on the map once it is linked, and while its system is there. Tell the engineers.")
    spot = finding.spot
    use = use_of(system.uses, system.kind, object=spot.object, field=spot.field, category=finding.category)
    purpose = None if use is None else purposes.get(use.purpose)
    return NewForeign(
        id=HoldingId(finding.id),
        subject=finding.subject,
        category=category_named(finding.category),
        place=_place(finding),
        provenance=Provenance(
            source=Source.SCAN,
            actor=SYSTEM,
            at=finding.first_seen_at,
            basis=None if purpose is None else purpose.lawful_basis,
        ),
        kind=HoldingKind.TEXT if spot.row is None else HoldingKind.FIELD,
        terms=() if use is None or purpose is None else (_term(finding, use, purpose),),
    )


def _place(finding: KeptFinding) -> Place:
    spot = finding.spot
    assert spot is not None  # noqa: S101 - asked by whoever calls
    is_in_clear = spot.field is not None and (is_plain(spot.field) or plain_field(spot.field) is not None)
    return Place(
        system=finding.system,
        object=finding.object,
        field=spot.field if is_in_clear else None,
        start=spot.start,
        end=spot.end,
        object_name=Personal(spot.object),
        row=None if spot.row is None else Personal(spot.row),
        path=None if spot.field is None or is_in_clear else Personal(spot.field),
    )


def _term(finding: KeptFinding, use: SystemUse, purpose: Purpose) -> Term:
    """Where it counts from a day in the row and the row tells none, it is open."""
    first = finding.dated_on if use.term_from is TermFrom.FIELD else day_of(finding.first_seen_at)
    days = timedelta(days=use.term_days or purpose.term_days)
    return Term(purpose=purpose.id, last_day=None if first is None else first + days)
