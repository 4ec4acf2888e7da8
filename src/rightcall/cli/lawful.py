"""What whoever starts Rightcall, or writes down where it works, should hear of its rules now."""

from collections.abc import Iterable

from rightcall.cli.words import words
from rightcall.clock import Clock, day_of
from rightcall.policy.loading import load_rules
from rightcall.policy.model import RuleSet
from rightcall.policy.rules import without_law
from rightcall.policy.trying.upkeep import upkeep


def warn_of_lawless(clock: Clock, name: str, jurisdictions: Iterable[str]) -> None:
    """Where the law is not known, every verdict is a no: whoever writes the place down should hear of it now."""
    lawless = without_law(load_rules(), day_of(clock.now()), frozenset(jurisdictions))
    if lawless:
        words().print(
            f"Warning: {name}: there is no law pack for {', '.join(sorted(lawless))}, so what is lawful there is not known and"
            " nothing would be recorded. Name places that have one, such as EU, UK or DK.",
            markup=False,
        )


def warn_of_upkeep(clock: Clock, rules: RuleSet) -> None:
    """Rules go on deciding, and whoever starts or checks them hears which nobody has looked up lately, and which are to come."""
    for found in upkeep(rules.rules, day_of(clock.now())):
        words().print(f"Warning: {found}", markup=False)
