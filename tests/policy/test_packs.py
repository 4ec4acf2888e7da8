"""The law packs: each rule stops one and lets one through, of several places the strictest wins, and none can go missing."""

import re
import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from rightcall.clock import day_of
from rightcall.errors import Malformed, NotConfigured, RightcallError
from rightcall.policy import loading
from rightcall.policy.loading import PACKS, load_rules
from rightcall.policy.model import Act, Axis, Confidence, Effect, Outcome, PurposeFacts, Question, Rule, Said, Verdict
from rightcall.policy.rules import decide, wider
from rightcall.policy.trying.scenarios import Scenario
from rightcall.purposes.model import LawfulBasis
from tests.policy.facts import agent, capture, customer, purpose
from tests.policy.shipped import CORPUS, findings_in, shipped

FOLDER = Path(loading.__file__).parent / "packs"
RULES = load_rules()
LAW = [rule for rule in RULES.rules if rule.axis is Axis.LAW]
SCENARIOS = shipped(CORPUS)
TRIED = [(scenario, decide(RULES, scenario.question)) for scenario in SCENARIOS]
PLACES = {
    "ai.cedar": {"EU"},
    "de.cedar": {"DE"},
    "dk.cedar": {"DK"},
    "eu.cedar": {"EU"},
    "fr.cedar": {"FR"},
    "mifid.cedar": {"EU", "UK"},
    "nist.cedar": set[str](),
    "pci.cedar": set[str](),
    "uk.cedar": {"UK"},
    "us-ccpa.cedar": {"US-CA"},
    "us-federal.cedar": {"US"},
    "us-hipaa.cedar": {"US"},
    "us-tcpa.cedar": {"US"},
}
CORE = {"CA", "FL", "IL", "MD", "MA", "MT", "NH", "PA", "WA"}
CONTESTED = {"CT", "DE", "MI", "NV", "OR"}
ONE_PARTY = [
    "AL", "AK", "AZ", "AR", "CO", "DC", "GA", "HI", "ID", "IN", "IA", "KS", "KY", "LA", "ME", "MN", "MS", "MO", "NE", "NJ",
    "NM", "NY", "NC", "ND", "OH", "OK", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WV", "WI", "WY",
]  # fmt: skip


def counts(rule: Rule, place: str) -> bool:
    return not rule.jurisdictions or not rule.jurisdictions.isdisjoint(wider(place))


def asked_of(rule: Rule) -> list[tuple[Scenario, Verdict]]:
    """The scenarios that the rule could have decided: its act, its places, in force on the day."""
    return [
        (scenario, verdict)
        for scenario, verdict in TRIED
        if scenario.question.act in rule.acts
        and rule.in_force_from <= day_of(scenario.question.at)
        and any(counts(rule, place) for place in scenario.question.jurisdictions or ())
    ]


def decided(rule: Rule, verdict: Verdict) -> bool:
    return rule.id in {reason.rule for reason in verdict.reasons}


def left_shut(rule: Rule, verdict: Verdict) -> bool:
    """No permit opened in a place of this rule, so neither did it. One without conditions is shut by what stops it alone."""
    if not re.search(r"\b(when|unless) \{", rule.source):
        return verdict.lawful is False
    return any(reason.rule == "basis.none" and any(counts(rule, place) for place in reason.places) for reason in verdict.reasons)


def test_all_scenarios_are_read() -> None:
    assert findings_in(CORPUS) == []


@pytest.mark.parametrize("rule", [rule for rule in LAW if rule.effect is Effect.FORBID], ids=lambda rule: rule.id)
def test_it_stops_one_and_lets_one_through(rule: Rule) -> None:
    asked = asked_of(rule)
    assert [scenario.file for scenario, verdict in asked if decided(rule, verdict) and verdict.lawful is False]
    assert [scenario.file for scenario, verdict in asked if not decided(rule, verdict) and verdict.lawful is True]


@pytest.mark.parametrize("rule", [rule for rule in LAW if rule.effect is Effect.PERMIT], ids=lambda rule: rule.id)
def test_it_opens_for_one_and_not_for_another(rule: Rule) -> None:
    asked = asked_of(rule)
    assert [scenario.file for scenario, verdict in asked if decided(rule, verdict) and verdict.lawful is True]
    assert [
        scenario.file
        for scenario, verdict in asked
        if (verdict.lawful is True and not decided(rule, verdict)) or left_shut(rule, verdict)
    ]


# What a pack is


def test_each_pack_is_of_its_place() -> None:
    for file, places in PLACES.items():
        mine = [rule for rule in LAW if rule.file == file]
        assert mine, file
        assert {place for rule in mine for place in rule.jurisdictions} == places, file
    states = {rule.id: rule for rule in LAW if rule.file == "us-states.cedar"}
    assert states["us.all_party"].jurisdictions == {f"US-{state}" for state in CORE}
    assert states["us.all_party_contested"].jurisdictions == {f"US-{state}" for state in CONTESTED}
    assert {*PLACES, "us-states.cedar"} == {path.name for path in FOLDER.glob("*.cedar")} == PACKS


def test_each_rule_says_when_sources_disagree() -> None:
    for rule in LAW:
        disagrees = "ources disagree" in rule.says and "stricter reading applies" in rule.says
        assert disagrees == (rule.confidence is Confidence.CONTESTED), rule.id


def test_what_a_person_reads_is_a_whole_sentence_without_the_words_of_rules() -> None:
    for rule in LAW:
        for text in (rule.says, rule.instead):
            assert re.fullmatch(r"[A-Z].*\.", text), (rule.id, text)
            assert not re.search(r"context|Answer::|::|\bnull\b|==|forbid\b|permit\b|_", text), (rule.id, text)
        assert rule.in_force_from <= rule.last_checked, rule.id


def test_the_united_kingdom_has_rules_of_its_own_for_all_that_the_eu_has() -> None:
    of = {file: {rule.id.removeprefix("uk."): rule for rule in LAW if rule.file == file} for file in ("eu.cedar", "uk.cedar")}
    assert of["eu.cedar"].keys() - of["uk.cedar"].keys() == {"basis.balanced", "backups"}
    assert of["uk.cedar"].keys() - of["eu.cedar"].keys() == {"lia_first", "beyond_use", "biometric"}
    assert all(rule.id.startswith("uk.") for rule in of["uk.cedar"].values())
    assert all("EDPB" not in rule.ground and "Reg. (EU)" not in rule.ground for rule in of["uk.cedar"].values())


# Several places at once


def verdict_of(question: Question) -> dict[str, tuple[str, ...]]:
    return {reason.rule: reason.places for reason in decide(RULES, question).reasons if reason.axis is Axis.LAW}


def test_the_strictest_of_several_places_wins_and_is_named() -> None:
    both = frozenset({"EU", "US-CA"})
    unasked = capture(jurisdictions=both, parties=(customer(), agent()))
    assert decide(RULES, capture(jurisdictions=frozenset({"EU"}))).proceeds
    assert decide(RULES, unasked).outcome is Outcome.UNLAWFUL
    assert verdict_of(unasked) == {"us.all_party": ("US-CA",)}
    agreed = capture(jurisdictions=both, parties=(customer(), agent(Said.GRANTED)))
    assert verdict_of(agreed) == {"basis.consent": ("EU",), "us.federal": ("US-CA",)}


def test_each_place_that_objects_is_named() -> None:
    parties = (customer(Said.UNASKED), agent())
    question = capture(speaker=parties[0], parties=parties, jurisdictions=frozenset({"DE", "US-GA", "US-CA", "UK"}))
    assert verdict_of(question) == {
        "consent.unambiguous": ("DE",),
        "recording.both_parties": ("DE",),
        "uk.consent.unambiguous": ("UK",),
        "us.all_party": ("US-CA",),
        "us.cross_state": ("US-CA", "US-GA"),
    }


@pytest.mark.parametrize("state", sorted(CORE | CONTESTED | {""}))
def test_where_everyone_has_to_agree_one_who_was_not_asked_stops_it(state: str) -> None:
    place = frozenset({f"US-{state}" if state else "US"})
    assert decide(RULES, capture(jurisdictions=place)).outcome is Outcome.UNLAWFUL
    assert decide(RULES, capture(jurisdictions=place, parties=(customer(), agent(Said.GRANTED)))).proceeds


@pytest.mark.parametrize("state", ONE_PARTY)
def test_across_state_lines_the_stricter_state_counts(state: str) -> None:
    alone = capture(jurisdictions=frozenset({f"US-{state}"}))
    assert decide(RULES, alone).lawful
    assert "us.cross_state" in verdict_of(capture(jurisdictions=frozenset({f"US-{state}", "US-CA"})))
    for other in CORE - {"CA"} | CONTESTED:
        assert "us.cross_state_other" in verdict_of(capture(jurisdictions=frozenset({f"US-{state}", f"US-{other}"}))), other


def test_lawful_in_texas_is_not_right_there() -> None:
    """One party who knows is enough for the law, and not for us."""
    parties = (customer(Said.UNASKED), agent(Said.GRANTED))
    verdict = decide(RULES, capture(speaker=parties[0], parties=parties, jurisdictions=frozenset({"US-TX"})))
    assert (verdict.outcome, verdict.lawful, verdict.right) == (Outcome.NOT_RIGHT, True, False)


def test_a_place_whose_law_is_not_known_is_a_no_beside_one_whose_law_is() -> None:
    verdict = decide(RULES, capture(jurisdictions=frozenset({"EU", "BR"})))
    assert (verdict.outcome, verdict.missing) == (Outcome.CANNOT_TELL, ("law_pack:BR",))


# The terms that a law sets


def test_an_order_is_kept_for_five_years_and_seven_at_the_most() -> None:
    order: PurposeFacts = purpose(key="orders", basis=LawfulBasis.LEGAL_OBLIGATION, duty="mifid")
    verdict = decide(RULES, capture(purpose=order))
    assert {duty.kind.value: duty.days for duty in verdict.duties} == {
        "announce": None,
        "keep_at_least_days": 1826,
        "keep_at_most_days": 2557,
    }


def test_training_in_france_goes_after_six_months() -> None:
    verdict = decide(RULES, capture(jurisdictions=frozenset({"FR"})))
    assert [(duty.kind.value, duty.days, duty.rule) for duty in verdict.duties] == [
        ("keep_at_most_days", 181, "recording.fr_training_retention")
    ]


def test_a_law_counts_from_its_first_day() -> None:
    rule = next(rule for rule in LAW if rule.id == "ai.bot_inform")
    first = capture().at.replace(year=rule.in_force_from.year, month=rule.in_force_from.month, day=rule.in_force_from.day)
    unsaid = capture(machine_speaks=True, at=first)
    assert decide(RULES, unsaid).outcome is Outcome.UNLAWFUL
    assert decide(RULES, capture(machine_speaks=True, at=first - timedelta(days=1))).proceeds


# Nothing goes missing


@pytest.fixture
def packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the packs that this test may spoil."""
    folder = tmp_path / "packs"
    shutil.copytree(FOLDER, folder)
    monkeypatch.setattr(loading, "_PACKS", folder)
    assert load_rules() == RULES
    return folder


def test_without_packs_nothing_is_permitted(packs: Path) -> None:
    shutil.rmtree(packs)
    with pytest.raises(NotConfigured, match=r"law packs are missing.*install"):
        load_rules()


@pytest.mark.parametrize("file", sorted(PACKS))
def test_a_pack_that_is_missing_is_named_and_nothing_loads(packs: Path, file: str) -> None:
    (packs / file).unlink()
    with pytest.raises(NotConfigured, match=re.escape(file)):
        load_rules()


@pytest.mark.parametrize("file", sorted(PACKS))
def test_a_pack_that_is_empty_is_as_if_it_were_missing(packs: Path, file: str) -> None:
    (packs / file).write_text("// Nothing.\n", encoding="utf-8")
    with pytest.raises(NotConfigured, match=re.escape(file)):
        load_rules()


def test_each_act_is_opened_by_some_law_in_each_family_of_places() -> None:
    opened = Counter(
        (place, act)
        for rule in LAW
        if rule.effect is Effect.PERMIT
        for act in rule.acts
        for place in ("EU", "UK", "US")
        if counts(rule, place)
    )
    assert {(place, act) for place in ("EU", "UK", "US") for act in Act} == opened.keys()


@pytest.mark.parametrize("gone", ["charter.cedar", "review.cedar"])
def test_a_charter_that_is_not_whole_loads_nothing(gone: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(loading._CHARTER, tmp_path / "charter")
    (tmp_path / "charter" / gone).unlink()
    monkeypatch.setattr(loading, "_CHARTER", tmp_path / "charter")
    with pytest.raises(Malformed, match="is not there"):
        loading.load_rules()


def test_without_a_charter_nothing_loads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_CHARTER", tmp_path)
    with pytest.raises(RightcallError):
        loading.load_rules()
