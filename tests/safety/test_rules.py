"""What shows of a system, how grave it is, and what to do."""

import pytest

from rightcall.discovery.ports import SafetyFact, Seen
from rightcall.safety.model import Held, Observed, WeaknessKind
from rightcall.safety.rules import ADVICE, SEVERITY, observed


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
