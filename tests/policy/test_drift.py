"""Rules that change are tried on every situation that comes with Rightcall; what comes out otherwise is told, rule by rule."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from rightcall.errors import NotConfigured
from rightcall.policy import loading
from rightcall.policy.adoption.model import InForce
from rightcall.policy.drifting import drift_of
from rightcall.policy.loading import check, corpus, law_of, load_rules, read_folder, read_house, with_house
from rightcall.policy.model import Rule, RuleSet
from rightcall.policy.reading import rule_set
from rightcall.policy.rules import decide
from rightcall.policy.showing import Shown, shown
from rightcall.policy.texts import Proposal
from rightcall.policy.trying.drift import DUTIES_ALONE, by_rule, drift
from rightcall.policy.trying.outcomes import is_about, outcomes, uncovered
from rightcall.policy.trying.scenarios import Scenario, read_scenario

RULES = load_rules()
LAW = law_of(RULES)
LOST = "house.no_emotion_scores"
HOUSE, _ = read_folder(Path(loading.__file__).parent / "house")


def without(lost: str) -> RuleSet:
    return rule_set([rule for rule in RULES.rules if rule.id != lost])


def without_its_text(lost: str) -> Proposal:
    """The house rules that come with Rightcall, one taken out with the scenario that names it: it is in order, and it was."""
    files = []
    for each in HOUSE.files:
        parts = each.text.split("@id(")
        files.append(replace(each, text="@id(".join(part for part in parts if not part.startswith(f'"{lost}"'))))
    kept = [each for each in HOUSE.scenarios if lost not in each.text]
    return Proposal(files=tuple(files), scenarios=tuple(kept))


def standing(rules: RuleSet, *, unreadable: bool = False) -> InForce:
    return InForce(rules=rules, unreadable=unreadable, adoption=None, asides=(), kept=frozenset())


def test_every_situation_is_tried_and_none_comes_out_otherwise() -> None:
    told = drift(RULES, RULES, corpus())
    assert told.tried == len(corpus()) > 1000
    assert (told.from_expected, told.from_in_force) == ((), ())


def test_a_rule_that_is_lost_is_no_fault_and_not_silent() -> None:
    proposal = without_its_text(LOST)
    assert check(proposal, LAW) == []
    told = drift_of(proposal, RULES, standing(RULES))
    assert told.from_in_force
    expected = {each.file for each in corpus() if LOST in {reason.rule for reason in decide(RULES, each.question).reasons}}
    assert {each.file for each in told.from_expected} == {each.file for each in told.from_in_force} == expected
    assert by_rule(told.from_expected) == {LOST: len(told.from_expected)}
    turned = [each for each in told.from_in_force if each.is_turned]
    assert ("- outcome not_right", "+ outcome proceed", f"- rule {LOST}") == turned[0].lines[:3]
    assert list(told.from_in_force[: len(turned)]) == turned


def test_what_is_in_force_is_another_bar_than_what_is_expected() -> None:
    """A house that has gone without the rule for a year changes nothing by going without it; one that takes it in does."""
    told = drift_of(without_its_text(LOST), RULES, standing(without(LOST)))
    assert told.from_in_force == ()
    assert told.from_expected
    back = drift(RULES, without(LOST), corpus())
    assert back.from_expected == ()
    assert by_rule(back.from_in_force or ()) == {LOST: len(told.from_expected)}


def test_with_nothing_to_compare_with_nothing_is_claimed() -> None:
    proposal = without_its_text(LOST)
    assert drift_of(proposal, RULES, None).from_in_force is None
    assert drift_of(proposal, RULES, standing(RULES, unreadable=True)).from_in_force is None


def test_other_days_of_a_duty_are_told_where_no_rule_comes_or_goes() -> None:
    shorter = rule_set([_one_day_less(rule) for rule in RULES.rules])
    found = drift(shorter, RULES, corpus()).from_in_force or ()
    assert found
    assert {each.rule for each in found} == {DUTIES_ALONE}
    assert all("- duty keep_at_most_days=" in each.lines[0] for each in found)


def _one_day_less(rule: Rule) -> Rule:
    duties = tuple(
        replace(each, days=each.days - 1) if each.kind == "keep_at_most_days" and each.days else each for each in rule.duties
    )
    return replace(rule, duties=duties, canonical=rule.canonical + b" " * (duties != rule.duties))


def test_progress_is_told() -> None:
    seen: list[tuple[int, int]] = []
    drift(RULES, None, corpus()[:60], lambda done, of: seen.append((done, of)))
    assert seen == [(0, 60), (25, 60), (50, 60), (60, 60)]


def test_without_its_situations_nothing_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_CORPUS", tmp_path)
    with pytest.raises(NotConfigured, match="not all there"):
        corpus()
    (tmp_path / "one.toml").write_text("says = ", encoding="utf-8")
    with pytest.raises(NotConfigured, match="not all there"):
        corpus()


NO_RECORDINGS = """
@id("house.no_recordings_in_de")
@value("a value")
@owner("dpo")
@in_force_from("{day}")
@last_checked("2026-11-02")
@jurisdiction("DE")
@says("Says.")
@instead("Instead.")
forbid (principal, action == Action::"capture", resource);
"""
SITUATION = """
says = "s"
why = "w"
act = "capture"
jurisdictions = ["DK"]
speaker = 1
pauses = []
carries_card_data = false
carries_authentication_data = false
[purpose]
basis = "consent"
[[parties]]
role = "customer"
answer = "granted"
[expect]
outcome = "proceed"
"""


def planted(day: str = "2026-11-01") -> tuple[Rule, RuleSet]:
    from_text = NO_RECORDINGS.format(day=day)
    (rule,), findings = read_house([replace(HOUSE.files[0], file="mine.cedar", text=from_text)])
    assert findings == []
    return rule, with_house(LAW, [rule])


def situations() -> list[Scenario]:
    """A yes in Denmark that goes, and one in Germany that is stopped."""
    places = ("DK", "DE")
    found = [read_scenario(f"{place}.toml", SITUATION.replace('["DK"]', f'["{place}"]'))[0] for place in places]
    rules = planted()[1]
    assert [decide(rules, each.question).proceeds for each in found] == [True, False]
    return found


def test_a_yes_in_another_country_lets_nothing_through() -> None:
    rule, rules = planted()
    (finding,) = uncovered([rule], [(rules, each) for each in situations()])
    assert finding.problem == "There is no scenario that house.no_recordings_in_de lets through where it counts (DE)."
    danish, german = situations()
    assert not is_about(rule, danish.question)
    assert is_about(rule, german.question)


def test_a_rule_that_begins_later_than_a_situation_is_told_to_sleep() -> None:
    _, german = situations()
    rule, rules = planted("2026-11-27")
    expecting = replace(german, rules=frozenset({rule.id}))
    said = "house.no_recordings_in_de holds from 2026-11-27 on, and the situation is of an earlier day"
    for finding in (*outcomes(rules, [expecting]), *uncovered([rule], [(rules, expecting)])):
        assert finding.advice.startswith(said)
        assert "`at = 2026-11-27T09:30:00Z`" in finding.advice
    begun, those = planted()
    assert all(said not in each.advice for each in uncovered([begun], [(those, expecting)]))


def test_a_yes_before_its_first_day_lets_nothing_through() -> None:
    """Before the rule counts, Germany goes; that tells nothing of the rule."""
    rule, rules = planted()
    _, german = situations()
    assert german.question.at >= datetime(2026, 11, 1, tzinfo=UTC)
    early = replace(german, question=replace(german.question, at=datetime(2026, 10, 9, tzinfo=UTC)))
    (finding,) = uncovered([rule], [(rules, each) for each in (german, early)])
    assert "lets through" in finding.problem
    assert rule.in_force_from == date(2026, 11, 1)
    assert not is_about(rule, early.question)


def test_a_rule_is_shown_with_situations_where_it_counts_alone() -> None:
    rule, rules = planted()
    danish, german = situations()
    found = _of(rule.id, shown(rules, frozenset(), [danish, german]))
    assert [each.file for each in found.stops] == ["DE.toml"]
    assert found.lets_through == ()


def test_no_rule_of_law_is_shown_with_a_situation_elsewhere() -> None:
    """And every one of them is shown with some: the situations that come with Rightcall are among them."""
    told = shown(RULES, frozenset(), corpus())
    for each in told:
        for scenario in (*each.stops, *each.lets_through):
            assert is_about(each.rule, scenario.question), (each.rule.id, scenario.file)
        both = {scenario.told for scenario in each.stops} & {scenario.told for scenario in each.lets_through}
        assert not both, (each.rule.id, both, "what is like another is told by what it has otherwise")
    all_party = _of("us.all_party", told)
    assert all_party.stops
    assert all_party.lets_through
    assert not any(
        "DK" in (each.question.jurisdictions or ()) for each in all_party.lets_through if each.file.startswith("capture-yes")
    )


def test_a_permit_of_the_house_is_shown_with_what_it_adds_duties_to() -> None:
    text = NO_RECORDINGS.format(day="2026-11-01").replace("forbid", '@duties("keep_at_most_days=9")\npermit').replace("DE", "DK")
    (rule,), findings = read_house([replace(HOUSE.files[0], file="mine.cedar", text=text)])
    assert findings == []
    danish, german = situations()
    found = _of(rule.id, shown(with_house(LAW, [rule]), frozenset(), [danish, german]))
    assert ([each.file for each in found.lets_through], found.stops) == (["DK.toml"], ())


def _of(rule: str, told: list[Shown]) -> Shown:
    return next(each for each in told if each.rule.id == rule)
