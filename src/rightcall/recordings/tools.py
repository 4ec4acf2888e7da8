"""What the deeds of this room work with, built in `wiring`."""

from dataclasses import dataclass

from rightcall.clock import Clock
from rightcall.policy.model import RuleSet
from rightcall.vault.actions import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    vault: Vault
    clock: Clock
    rules: RuleSet
