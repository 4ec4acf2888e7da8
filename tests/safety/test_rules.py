"""What shows of a system, how grave it is, and what to do."""

import pytest

from rightcall.discovery.ports import SafetyFact, Seen
from rightcall.ids import ObjectId, SystemId, new_id
from rightcall.safety.model import Access, Copied, Held, Observed, Overlap, Spot, WeaknessKind
from rightcall.safety.rules import ADVICE, LEAST_RECORDS, SEVERITY, copied, observed


def held(type: str, category: str, findings: int = 3, log_objects: int = 0) -> Held:
    return Held(type=type, category=category, findings=findings, objects=2, log_objects=log_objects)


def test_every_kind_has_a_severity_and_says_what_to_do() -> None:
    assert set(SEVERITY) == set(ADVICE) == set(WeaknessKind)
    assert {fact.value for fact in SafetyFact} <= {kind.value for kind in WeaknessKind}


def test_nothing_shows_of_what_is_in_order() -> None:
    assert observed([], [held("email", "pd:EmailAddress")], without_purpose=0, past_term=0) == []


def test_facts_are_counted_by_kind_without_the_names_of_objects() -> None:
    seen = [Seen(fact=SafetyFact.WORLD_READABLE, object=f"of-ada-{n}", evidence="mode 0644") for n in range(3)]
    assert observed(seen, [], without_purpose=0, past_term=0) == [
        Observed(kind=WeaknessKind.WORLD_READABLE, objects=3, evidence="mode 0644")
    ]


@pytest.mark.parametrize(
    ("one", "kind"),
    [
        (held("card_code", "pd:PaymentCard"), WeaknessKind.CARD_CODES_KEPT),
        (held("payment_card", "pd:PaymentCardNumber"), WeaknessKind.CARDS_IN_CLEAR),
        (held("dk_cpr", "pd:OfficialID"), WeaknessKind.NATIONAL_IDS_IN_CLEAR),
        (held("email", "pd:EmailAddress", log_objects=1), WeaknessKind.PERSONAL_DATA_IN_LOGS),
    ],
)
def test_what_was_found_shows(one: Held, kind: WeaknessKind) -> None:
    assert [each.kind for each in observed([], [one], without_purpose=0, past_term=0)] == [kind]


def test_what_has_no_purpose_or_is_past_its_term_shows() -> None:
    found = observed([], [], without_purpose=7, past_term=2)
    assert [each.kind for each in found] == [WeaknessKind.WITHOUT_PURPOSE, WeaknessKind.PAST_TERM]
    [nobodys] = observed([], [], without_purpose=2, nobodys_without_purpose=3, past_term=0)
    assert nobodys.kind is WeaknessKind.WITHOUT_PURPOSE
    assert nobodys.evidence == "5 things about people serve no purpose that was named, 3 of them linked to nobody."


def test_a_place_that_holds_several_types_is_told_once() -> None:
    object, other = ObjectId(new_id()), ObjectId(new_id())
    several = [
        Held(type=type, category="pd:OfficialID", findings=4, objects=2, log_objects=0, spots=spots)
        for type, spots in (
            ("dk_cpr", (Spot(object=object, field="note", findings=1), Spot(object=other, findings=2))),
            ("se_pnr", (Spot(object=object, field="note", findings=3), Spot(object=object, findings=1))),
        )
    ]
    [found] = observed([], several, without_purpose=0, past_term=0)
    assert found.spots == (
        Spot(object=object, field="note", findings=4),
        Spot(object=other, findings=2),
        Spot(object=object, findings=1),
    )


CRM, DUMP = SystemId(new_id()), SystemId(new_id())
EXPORT, CUSTOMERS = ObjectId(new_id()), ObjectId(new_id())
NAMES = {CRM: "crm", DUMP: "dump"}


def overlap(other: SystemId, again: int, looked_at: int = 100, others: int | None = None, *, is_alike: bool = False) -> Overlap:
    found = again if others is None else others
    of = {"of": EXPORT, "again_in": CUSTOMERS}
    return Overlap(**of, other=other, looked_at=looked_at, again=again, others=found, is_alike=is_alike)


def test_objects_that_lie_elsewhere_nearly_whole_are_copies() -> None:
    found = copied([[overlap(CRM, 97), overlap(CRM, 3)], [overlap(CRM, 80)], [overlap(DUMP, 100)]], NAMES, DUMP)
    assert [(each.other, each.objects, each.least) for each in found] == [("crm", 2, 0.8), (None, 1, 1.0)]
    assert found[0].spots == (
        Spot(object=EXPORT, findings=97, again=CUSTOMERS, again_in=CRM),
        Spot(object=EXPORT, findings=80, again=CUSTOMERS, again_in=CRM),
    )


def test_of_a_table_with_the_very_columns_of_another_a_few_records_are_enough() -> None:
    assert [each.objects for each in copied([[overlap(CRM, 5, 5, is_alike=True)]], NAMES, DUMP)] == [1]
    assert copied([[overlap(CRM, 5, 5)], [overlap(CRM, 4, 4, is_alike=True)]], NAMES, DUMP) == []
    assert copied([[overlap(CRM, 5, 7, is_alike=True)]], NAMES, DUMP) == []


@pytest.mark.parametrize(
    "of_object",
    [
        [overlap(CRM, 79)],
        [overlap(CRM, 40), overlap(CRM, 40)],
        [overlap(CRM, LEAST_RECORDS - 1, LEAST_RECORDS - 1)],
        [overlap(SystemId(new_id()), 100)],
        [overlap(CRM, 100, others=79)],
        [overlap(CRM, 103, looked_at=103, others=117)],
        [overlap(CRM, 117, looked_at=117, others=103)],
        [],
    ],
    ids=[
        "too little",
        "half in each of two objects",
        "a few people",
        "a registered copy",
        "many about each",
        "their tickets",
        "tickets",
        "nowhere",
    ],
)
def test_what_is_no_copy(of_object: list[Overlap]) -> None:
    assert copied([of_object], NAMES, DUMP) == []


def test_copies_and_unused_access_show() -> None:
    copies = [Copied(other="crm", objects=2, least=0.9), Copied(other=None, objects=1, least=1.0)]
    access = Access(tokens=14, unused=9, days=90)
    first, second = observed([], [], without_purpose=0, past_term=0, copies=copies, access=access)
    assert (first.kind, first.objects) == (WeaknessKind.UNREGISTERED_COPIES, 2)
    assert first.evidence == (
        "2 objects lie again in crm: at least 90% of each one's records."
        " 1 object lies again elsewhere in it: at least 100% of its records."
    )
    assert (second.kind, second.evidence) == (
        WeaknessKind.UNUSED_ACCESS,
        "9 of 14 tokens that may use what lies here did not in 90 days.",
    )
    nobody = Access(tokens=14, unused=0, days=90)
    assert observed([], [], without_purpose=0, past_term=0, access=nobody) == []
