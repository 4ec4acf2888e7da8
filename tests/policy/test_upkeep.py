"""Rules that nobody has looked at for a year, and rules that are announced, are said and go on."""

from dataclasses import replace
from datetime import date, timedelta

from rightcall.policy.loading import load_rules
from rightcall.policy.trying.upkeep import MOST_DAYS_UNCHECKED, upkeep

TODAY = date(2026, 11, 25)
RULE = next(rule for rule in load_rules().rules if rule.id == "pci.sad")


def test_what_was_checked_within_a_year_needs_nothing() -> None:
    assert upkeep([replace(RULE, last_checked=TODAY - timedelta(days=MOST_DAYS_UNCHECKED))], TODAY) == []


def test_what_nobody_looked_at_for_a_year_is_said_with_what_to_do() -> None:
    (found,) = upkeep([replace(RULE, last_checked=TODAY - timedelta(days=MOST_DAYS_UNCHECKED + 1))], TODAY)
    assert (found.file, found.rule) == ("pci.cedar", "pci.sad")
    assert "2025-11-24" in found.problem
    assert "@last_checked" in found.advice


def test_a_day_that_has_not_come_is_no_day_on_which_somebody_looked() -> None:
    (found,) = upkeep([replace(RULE, last_checked=TODAY + timedelta(days=1))], TODAY)
    assert "has not come" in found.problem


def test_a_rule_that_is_announced_is_said_with_its_day() -> None:
    (found,) = upkeep([replace(RULE, in_force_from=date(2027, 1, 1), last_checked=TODAY)], TODAY)
    assert "2027-01-01" in found.problem
    assert upkeep([replace(RULE, in_force_from=TODAY, last_checked=TODAY)], TODAY) == []


def test_many_rules_of_a_file_are_one_line() -> None:
    later = date(2028, 1, 1)
    found = upkeep(load_rules().rules, later)
    assert len(found) == len({rule.file for rule in load_rules().rules})
    rest = sum(rule.file == "eu.cedar" for rule in load_rules().rules) - 3
    assert any(f"and {rest} more" in each.problem for each in found if each.file == "eu.cedar")
