"""A situation that is asked about on paper need not say what is expected, and has an ordinary call around it."""

from datetime import UTC, datetime

import pytest

from rightcall.errors import Malformed
from rightcall.policy.actions import load_rules
from rightcall.policy.model import Outcome, PauseReason, Place, PlaceSource
from rightcall.policy.rules import decide
from rightcall.policy.trying.on_paper import OnPaper, read_on_paper

NOW = datetime(2026, 12, 24, 10, tzinfo=UTC)
BARE = """
act = "capture"
jurisdictions = ["DK"]
[purpose]
key = "training"
[[parties]]
role = "customer"
answer = "granted"
"""
EXPECT = """
[expect]
outcome = "OUTCOME"
rules = ["basis.consent"]
"""


def read(text: str) -> OnPaper:
    (found,) = read_on_paper("asked.toml", text, NOW)
    return found


def test_what_a_call_has_is_taken_for_granted_and_told() -> None:
    found = read(BARE)
    assert decide(load_rules(), found.question).outcome is Outcome.PROCEED
    assert found.question.at == NOW
    assert (found.expected, found.says) == (None, "")
    assert found.taken == (
        "no pause is in force",
        "no card data is spoken",
        "no security code is spoken",
        "the first of the parties speaks",
        "a review of the purpose is in force",
    )


def test_what_is_said_is_not_taken_otherwise() -> None:
    said = 'pauses = ["card_data"]\ncarries_card_data = true\ncarries_authentication_data = "unknown"\nspeaker = 1\n'
    found = read(f'review_in_force = "unknown"\n{said}{BARE}')
    assert found.taken == ()
    assert found.question.pauses == frozenset({PauseReason.CARD_DATA})
    assert (found.question.carries_card_data, found.question.carries_authentication_data) == (True, None)
    assert found.question.review_in_force is None


def test_what_is_unknown_stays_so() -> None:
    found = read(f'pauses = "unknown"\n{BARE}')
    assert "pauses" in decide(load_rules(), found.question).missing
    assert "no pause is in force" not in found.taken


def test_of_what_was_kept_nothing_is_taken_but_who_speaks_and_what_scenarios_take() -> None:
    found = read(BARE.replace("capture", "play"))
    assert found.taken == (
        "the first of the parties speaks",
        "a review of the purpose is in force",
        "it was kept for this purpose",
    )
    assert found.question.carries_card_data is None


def test_a_number_brings_the_place_it_belongs_to_and_is_gone() -> None:
    found = read(BARE.replace('answer = "granted"', 'answer = "granted"\nnumber = "+14155550123"\nresidence = "US-TX"'))
    assert found.question.jurisdictions == frozenset({"DK", "US-CA", "US-TX"})
    assert found.question.places == {
        Place(place="US-CA", by=PlaceSource.NUMBER),
        Place(place="US-TX", by=PlaceSource.RESIDENCE),
    }
    assert "4155550123" not in repr(found)


@pytest.mark.parametrize("number", ["14155550123", '"4155550123"', '"+1"'])
def test_a_number_of_another_form_is_refused_and_not_repeated(number: str) -> None:
    with pytest.raises(Malformed) as refused:
        read(BARE.replace('answer = "granted"', f'answer = "granted"\nnumber = {number}'))
    assert "4155550123" not in str(refused.value)


def test_what_it_expects_is_held_against_what_comes_out() -> None:
    for outcome, lines in (("proceed", []), ("unlawful", ["- outcome", "+ outcome"])):
        found = read(BARE + EXPECT.replace("OUTCOME", outcome))
        told = found.otherwise(decide(load_rules(), found.question))
        assert [line[:9] for line in told if line[0] in "-+"] == lines


def test_likewise_needs_no_expectation_either() -> None:
    found = read_on_paper("asked.toml", BARE + '[[likewise]]\njurisdictions = ["CH"]\n', NOW)
    assert [decide(load_rules(), each.question).outcome for each in found] == [Outcome.PROCEED, Outcome.CANNOT_TELL]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (BARE.replace("capture", "playback"), "Did you mean play?"),
        (BARE.replace("answer", "anser"), "anser"),
        (f"places = 1\n{BARE}".replace("role", 'number = "+4532123456"\nrole'), "`places` is a list"),
        ("says = ", "TOML"),
        ("likewise = 1", "likewise"),
    ],
)
def test_what_is_no_situation_is_refused(text: str, names: str) -> None:
    with pytest.raises(Malformed, match=names):
        read(text)
