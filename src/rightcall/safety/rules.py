"""What is wrong with how a system keeps data, how grave that is and what to do (GDPR Art. 5(1)(c), (e) and (f), 32; PCI DSS 4.0).

What a leak would mean is in `breaches`.
"""

from collections.abc import Iterable, Mapping, Sequence

from rightcall.discovery.detection.model import Kind
from rightcall.discovery.ports import Seen
from rightcall.safety.model import Held, Observed, Severity, WeaknessKind

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
    WeaknessKind.SHARED_WITH_GROUP: Severity.LOW,
    WeaknessKind.RIGHTS_BEYOND_READING: Severity.LOW,
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
    WeaknessKind.WITHOUT_PURPOSE: "Say what it is for (rightcall system set), or let it go.",
    WeaknessKind.RIGHTS_BEYOND_READING: "Give Rightcall an account that may only read.",
}


def observed(seen: Iterable[Seen], held: Sequence[Held], *, without_purpose: int, past_term: int) -> list[Observed]:
    """One for each kind of weakness that shows."""
    found: dict[WeaknessKind, Observed] = {}
    for each in seen:
        kind = WeaknessKind(each.fact.value)
        known = found.get(kind)
        number = (0 if known is None else known.objects) + (each.object is not None)
        found[kind] = Observed(kind=kind, objects=number, evidence=each.evidence if known is None else known.evidence)
    by_type = (
        (WeaknessKind.CARD_CODES_KEPT, [each for each in held if each.type in _CODE]),
        (WeaknessKind.CARDS_IN_CLEAR, [each for each in held if each.type in _CARD]),
        (WeaknessKind.NATIONAL_IDS_IN_CLEAR, [each for each in held if each.category == _OFFICIAL]),
    )
    result = [*found.values(), *(_of_types(kind, some) for kind, some in by_type if some)]
    logged = [each for each in held if each.log_objects]
    if logged:
        types = ", ".join(sorted(each.type for each in logged))
        most = max(each.log_objects for each in logged)
        result.append(Observed(kind=WeaknessKind.PERSONAL_DATA_IN_LOGS, objects=most, evidence=f"Found in logs: {types}."))
    if without_purpose:
        evidence = f"{without_purpose:,} things about people serve no purpose that was named."
        result.append(Observed(kind=WeaknessKind.WITHOUT_PURPOSE, objects=0, evidence=evidence))
    if past_term:
        evidence = f"The last day of {past_term:,} things about people is over."
        result.append(Observed(kind=WeaknessKind.PAST_TERM, objects=0, evidence=evidence))
    return result


def _of_types(kind: WeaknessKind, held: Sequence[Held]) -> Observed:
    told = "; ".join(f"{each.findings:,} of {each.type}" for each in sorted(held, key=lambda one: -one.findings))
    return Observed(kind=kind, objects=max(each.objects for each in held), evidence=f"Found as they are: {told}.")
