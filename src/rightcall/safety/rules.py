"""What is wrong with how a system keeps data, how grave that is and what to do (GDPR Art. 5(1)(c), (e) and (f), 32; PCI DSS 4.0).

What a leak would mean is in `breaches`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from rightcall.discovery.detection.model import Kind
from rightcall.discovery.ports import Seen
from rightcall.discovery.systems.model import RegisteredSystem
from rightcall.errors import Malformed
from rightcall.ids import SystemId
from rightcall.safety.model import Access, Copied, Held, Observed, Overlap, Severity, Spot, WeaknessKind

_CARD, _CODE, _OFFICIAL = frozenset({Kind.PAYMENT_CARD}), frozenset({Kind.CARD_CODE}), "pd:OfficialID"
SEVERITY: Mapping[WeaknessKind, Severity] = {
    WeaknessKind.PUBLIC_ACCESS: Severity.VERY_HIGH,
    WeaknessKind.CARD_CODES_KEPT: Severity.VERY_HIGH,
    WeaknessKind.WORLD_WRITABLE: Severity.VERY_HIGH,
    WeaknessKind.WORLD_READABLE: Severity.HIGH,
    WeaknessKind.NO_TLS: Severity.HIGH,
    WeaknessKind.CARDS_IN_CLEAR: Severity.HIGH,
    WeaknessKind.NATIONAL_IDS_IN_CLEAR: Severity.HIGH,
    WeaknessKind.PERSONAL_DATA_IN_LOGS: Severity.MEDIUM,
    WeaknessKind.UNENCRYPTED_AT_REST: Severity.MEDIUM,
    WeaknessKind.PAST_TERM: Severity.MEDIUM,
    WeaknessKind.WITHOUT_PURPOSE: Severity.MEDIUM,
    WeaknessKind.VERSIONS_KEPT: Severity.MEDIUM,
    WeaknessKind.UNREGISTERED_COPIES: Severity.MEDIUM,
    WeaknessKind.SHARED_WITH_GROUP: Severity.LOW,
    WeaknessKind.RIGHTS_BEYOND_READING: Severity.LOW,
    WeaknessKind.UNUSED_ACCESS: Severity.LOW,
    WeaknessKind.UNKNOWN: Severity.LOW,
}
ADVICE: Mapping[WeaknessKind, str] = {
    WeaknessKind.PUBLIC_ACCESS: "Close it to the public now, and look in its access log who has read it.",
    WeaknessKind.CARD_CODES_KEPT: "Delete them, and mask them where they come from: card codes are never kept (PCI DSS 3.3.1).",
    WeaknessKind.WORLD_READABLE: "Take the right to read from others than its owner and group.",
    WeaknessKind.WORLD_WRITABLE: "Take the right to write from others than its owner, and see what was changed.",
    WeaknessKind.SHARED_WITH_GROUP: "See who is in the group, and whether each of them needs it.",
    WeaknessKind.VERSIONS_KEPT: "Let old versions go after a while: what is erased stays in them until then.",
    WeaknessKind.UNKNOWN: "Give Rightcall the right to ask, or look yourself: nobody knows whether it is safe.",
    WeaknessKind.NO_TLS: "Turn on TLS at the server, and refuse connections without it.",
    WeaknessKind.CARDS_IN_CLEAR: "Keep a token or the last four digits. Encrypt what must be whole.",
    WeaknessKind.NATIONAL_IDS_IN_CLEAR: "Ask whether the number is needed at all. Encrypt the column where it is.",
    WeaknessKind.PERSONAL_DATA_IN_LOGS: "Mask it where the log is written, and let old logs go.",
    WeaknessKind.UNENCRYPTED_AT_REST: "Turn on encryption at rest.",
    WeaknessKind.PAST_TERM: "Let it go: its last day is over.",
    WeaknessKind.WITHOUT_PURPOSE: "Say what it is for (`rightcall system check NAME --use`), or let it go.",
    WeaknessKind.UNREGISTERED_COPIES: "Look. Let a copy go, or register it (`rightcall system check NAME --copy-of OTHER`).",
    WeaknessKind.UNUSED_ACCESS: "Revoke what nobody needs, or narrow who may use the purpose.",
    WeaknessKind.RIGHTS_BEYOND_READING: "Give Rightcall an account that may only read.",
}


LONGEST = timedelta(days=365)
"""For so long a weakness is accepted at the most; who still bears it then says so anew."""
LEAST_RECORDS = 20
"""An object with fewer records is no copy of anything: a few people are in two systems anyhow."""
LEAST_ALIKE, LEAST_COLUMNS = 5, 3
"""Unless it is a table with the very columns of the other, as an old one beside the new one."""
MOST_SMALL = 200
"""So many of the small ones of a system are looked at, those with the most."""
LEAST_SHARE = 0.8
_ONE_FOR_EACH = 0.9
"""A copy has a record for each that it is of: fewer by more than this, or more, and they are tickets or orders of people."""
MOST_SPOTS = 5
"""So many places of a weakness are told, those with the most."""
MOST_COPIES = 50
"""Of copies so many are kept, so that it is told of what lies in them."""


def unregistered(system: RegisteredSystem, systems: Iterable[RegisteredSystem]) -> dict[SystemId, str]:
    """The names of those that are not known to hold again what this one holds, nor the other way round."""
    return {each.id: each.name.text for each in systems if each.id not in system.copy_of and system.id not in each.copy_of}


def copied(overlaps: Iterable[Sequence[Overlap]], systems: Mapping[SystemId, str], system: SystemId) -> list[Copied]:
    """Where objects lie again nearly whole, record by record: several records about one that lies there are no copy of it, as
    tickets are none of customers, nor customers of their tickets. `overlaps`: of each object with others. `systems`: the names of
    those in which they are not known to."""
    found: dict[SystemId, list[Overlap]] = {}
    for of_object in overlaps:
        most: dict[SystemId, Overlap] = {}
        for each in of_object:
            if each.looked_at >= (LEAST_ALIKE if each.is_alike else LEAST_RECORDS) and each.other in systems:
                most[each.other] = max(most.get(each.other, each), each, key=_share)
        for other, one in most.items():
            if _share(one) >= LEAST_SHARE and _is_one_for_each(one):
                found.setdefault(other, []).append(one)
    return [
        Copied(
            other=None if other == system else systems[other],
            objects=len(some),
            least=min(map(_share, some)),
            spots=tuple(Spot(object=one.of, findings=one.again, again=one.again_in, again_in=other) for one in some),
        )
        for other, some in sorted(found.items(), key=lambda pair: systems[pair[0]])
    ]


def _is_one_for_each(overlap: Overlap) -> bool:
    fewer, more = sorted((overlap.others, overlap.again))
    return fewer >= _ONE_FOR_EACH * more


def _share(overlap: Overlap) -> float:
    return overlap.again / overlap.looked_at if overlap.looked_at else 0.0


def observed(
    seen: Iterable[Seen],
    held: Sequence[Held],
    *,
    without_purpose: int,
    nobodys_without_purpose: int = 0,
    past_term: int,
    copies: Sequence[Copied] = (),
    access: Access | None = None,
) -> list[Observed]:
    """One for each kind of weakness that shows."""
    found = [*_of_facts(seen), *_in_clear(held), *_in_logs(held)]
    if without_purpose or nobodys_without_purpose:
        evidence = _of_no_purpose(without_purpose, nobodys_without_purpose)
        found.append(Observed(kind=WeaknessKind.WITHOUT_PURPOSE, objects=0, evidence=evidence))
    if past_term:
        evidence = f"The last day of {past_term:,} things about people is over."
        found.append(Observed(kind=WeaknessKind.PAST_TERM, objects=0, evidence=evidence))
    found += _unregistered(copies)
    if access is not None and access.unused:
        evidence = f"{access.unused:,} of {access.tokens:,} tokens that may use what lies here did not in {access.days} days."
        found.append(Observed(kind=WeaknessKind.UNUSED_ACCESS, objects=0, evidence=evidence))
    return found


def _of_facts(seen: Iterable[Seen]) -> Iterable[Observed]:
    """Of each kind what is told first, and of how many objects it is."""
    found: dict[WeaknessKind, Observed] = {}
    for each in seen:
        kind = WeaknessKind(each.fact.value)
        known = found.get(kind)
        number = (0 if known is None else known.objects) + (each.object is not None)
        found[kind] = Observed(kind=kind, objects=number, evidence=each.evidence if known is None else known.evidence)
    return found.values()


def _in_clear(held: Sequence[Held]) -> list[Observed]:
    by_type = (
        (WeaknessKind.CARD_CODES_KEPT, [each for each in held if each.type in _CODE]),
        (WeaknessKind.CARDS_IN_CLEAR, [each for each in held if each.type in _CARD]),
        (WeaknessKind.NATIONAL_IDS_IN_CLEAR, [each for each in held if each.category == _OFFICIAL]),
    )
    return [_of_types(kind, some) for kind, some in by_type if some]


def _in_logs(held: Sequence[Held]) -> list[Observed]:
    logged = [each for each in held if each.log_objects]
    if not logged:
        return []
    return [
        Observed(
            kind=WeaknessKind.PERSONAL_DATA_IN_LOGS,
            objects=max(each.log_objects for each in logged),
            evidence=f"Found in logs: {', '.join(sorted(each.type for each in logged))}.",
            spots=_spots(each.log_spots for each in logged),
        )
    ]


def _unregistered(copies: Sequence[Copied]) -> list[Observed]:
    if not copies:
        return []
    return [
        Observed(
            kind=WeaknessKind.UNREGISTERED_COPIES,
            objects=max(each.objects for each in copies),
            evidence=" ".join(map(_of_copies, copies)),
            spots=_spots((each.spots for each in copies), MOST_COPIES),
        )
    ]


def _of_no_purpose(known: int, nobodys: int) -> str:
    things = f"{known + nobodys:,} things about people serve no purpose that was named"
    return f"{things}, {nobodys:,} of them linked to nobody." if nobodys else f"{things}."


def _of_copies(each: Copied) -> str:
    what = "1 object lies" if each.objects == 1 else f"{each.objects:,} objects lie"
    where = "elsewhere in it" if each.other is None else f"in {each.other}"
    which = "its" if each.objects == 1 else "each one's"
    return f"{what} again {where}: at least {each.least:.0%} of {which} records."


def _of_types(kind: WeaknessKind, held: Sequence[Held]) -> Observed:
    told = "; ".join(f"{each.findings:,} × {each.type.replace('_', ' ')}" for each in sorted(held, key=lambda one: -one.findings))
    return Observed(
        kind=kind,
        objects=max(each.objects for each in held),
        evidence=f"Found as they are: {told}.",
        spots=_spots(each.spots for each in held),
    )


def _spots(several: Iterable[Sequence[Spot]], most: int = MOST_SPOTS) -> tuple[Spot, ...]:
    """Each place once, with all that is there: things of several types lie in one field."""
    there: dict[Spot, int] = {}
    for each in (each for some in several for each in some):
        place = replace(each, findings=0)
        there[place] = there.get(place, 0) + each.findings
    merged = (replace(place, findings=number) for place, number in there.items())
    return tuple(sorted(merged, key=lambda each: -each.findings)[:most])


def check_until(until: date, today: date) -> None:
    """Malformed unless a weakness may be accepted until that day."""
    if until <= today:
        raise Malformed("The day until which it is accepted lies in the past. Give one to come.")
    if until > today + LONGEST:
        raise Malformed(f"Nothing is accepted for ever: give a day at most {LONGEST.days} days ahead, and look again then.")
