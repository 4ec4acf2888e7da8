"""A rule of a place that there is not does not load, and what to write instead is said."""

import pytest

from rightcall.policy.loading import load_rules
from rightcall.policy.model import Outcome
from rightcall.policy.places import problem_of, there_is
from rightcall.policy.rules import decide, wider
from tests.policy.facts import agent, capture, customer


@pytest.mark.parametrize("place", ["EU", "UK", "DE", "DE-BY", "US", "US-CA", "US-DC", "NO", "BR", "CA-QC", "FR-75"])
def test_places_that_there_are(place: str) -> None:
    assert problem_of(place) is None


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("GB", "Write UK"),
        ("GB-SCT", "Write UK"),
        ("EL", "Write GR"),
        ("EEA", "Write EU"),
        ("UE", "no country UE"),
        ("US-XX", "no part XX"),
        ("US-PR", "no part PR"),
        ("DE-XX", "no part XX"),
        ("EU-DE", "no parts"),
        ("Europe", "no code"),
        ("eu", "no code"),
        ("", "no code"),
    ],
)
def test_places_that_there_are_not(place: str, says: str) -> None:
    assert says in (problem_of(place) or "")


def test_what_comes_with_rightcall_is_of_places_that_there_are() -> None:
    places = {place for rule in load_rules().rules for place in rule.jurisdictions}
    assert {place: problem_of(place) for place in places} == dict.fromkeys(places)


def test_a_code_that_is_refused_is_one_that_would_not_count_where_it_is_meant() -> None:
    """A rule is of UK. A place that is written GB lies in it, and a place that is written UK does not lie in GB."""
    assert "UK" in wider("GB")
    assert "GB" not in wider("UK")


@pytest.mark.parametrize("place", ["GB", "GB-SCT", "EL", "EEA", "EU", "US", "US-CA", "DE-BY", "FR-75"])
def test_places_that_a_question_can_be_about(place: str) -> None:
    assert there_is(place)


@pytest.mark.parametrize("place", ["US-CAL", "US-ZZ", "US-PR", "UE", "EU-DE", "GB-!!", "GB-"])
def test_a_mistyped_state_is_not_taken_for_one_that_wants_less(place: str) -> None:
    verdict = decide(load_rules(), capture(jurisdictions=frozenset({place}), parties=(customer(), agent())))
    assert (verdict.outcome, verdict.missing) == (Outcome.CANNOT_TELL, (f"law_pack:{place}",))
