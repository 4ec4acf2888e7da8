"""After any sequence of grants, withdrawals, expiries, holds, erasures, rotations, kills, backups and restores.

Then the machine is walked, step by step, over vaults that are broken on purpose, each in one way: its model must notice.
"""

import itertools
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from rightcall.adapters.keys.file import Cost, KeyFile
from rightcall.database.connection import Database, Transaction
from rightcall.ids import GrantId, HoldId, HoldingId, PurposeId, SubjectId
from rightcall.vault.actions import Vault
from rightcall.vault.model import ContentKey, Dark
from rightcall.vault.ports import KeyService
from tests.adapters.keys.softhsm import soft_token
from tests.vault.machine import PURPOSES, Machine

QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


@pytest.fixture
def key_files(tmp_path: Path) -> Callable[[], KeyFile]:
    """A new, empty key file at each call."""
    numbers = itertools.count()
    return lambda: KeyFile(tmp_path / str(next(numbers)), b"a passphrase for tests", cost=Cost(n=16, r=1))


def run(database: Database, make_keys: Callable[[], KeyService], how: settings) -> None:
    made = cast(type[RuleBasedStateMachine], lambda: Machine(database, make_keys))
    run_state_machine_as_test(made, settings=how)


def test_what_opens_is_what_should_with_a_key_file(own_database: Database, key_files: Callable[[], KeyFile]) -> None:
    how = settings(max_examples=10, stateful_step_count=25, deadline=None, suppress_health_check=QUIET)
    run(own_database, key_files, how)


def test_what_opens_is_what_should_with_a_token(own_database: Database) -> None:
    token = soft_token().open()
    how = settings(max_examples=3, stateful_step_count=15, deadline=None, suppress_health_check=QUIET)
    run(own_database, lambda: token, how)


class IgnoresWithdrawals(Vault):
    def destroy_grant(self, tx: Transaction, grant: GrantId) -> None:
        pass


class IgnoresErasures(Vault):
    def destroy_subject(self, tx: Transaction, subject: SubjectId) -> None:
        pass


class IgnoresTerms(Vault):
    def end_term(self, tx: Transaction, purpose: PurposeId, day: date) -> None:
        pass


class IgnoresReleases(Vault):
    def release_hold(self, tx: Transaction, hold: HoldId) -> None:
        pass


class Remembers(Vault):
    """Keeps what it once unlocked: a withdrawal does not reach it."""

    def unlock_content(self, tx: Transaction, *, holding: HoldingId, purpose: PurposeId) -> ContentKey | Dark:
        kept: dict[tuple[HoldingId, PurposeId], ContentKey] = self.__dict__.setdefault("kept", {})
        if (holding, purpose) in kept:
            return kept[holding, purpose]
        opened = super().unlock_content(tx, holding=holding, purpose=purpose)
        if isinstance(opened, ContentKey):
            kept[holding, purpose] = opened
        return opened


class Hoards(KeyFile):
    """Says that a key is gone, and goes on using it."""

    def names(self, family: str) -> list[str]:
        return [name for name in super().names(family) if name not in self._hoard]

    def destroy(self, key: str) -> None:
        self._hoard.add(key)

    @property
    def _hoard(self) -> set[str]:
        hoard: set[str] = self.__dict__.setdefault("hoard", set())
        return hoard


Walk = Callable[[Machine], None]


def withdrawing(machine: Machine) -> None:
    machine.withdraw(0)


def erasing(machine: Machine) -> None:
    machine.erase(0)


def expiring(machine: Machine) -> None:
    machine.let_days_pass(1)
    machine.expire(back=True)


def releasing(machine: Machine) -> None:
    machine.hold(0, 2, PURPOSES[0])
    machine.release(0)


def restoring(machine: Machine) -> None:
    machine.back_up()
    machine.rotate(3)
    machine.restore(0)


def walk(database: Database, make_keys: Callable[[], KeyService], kind: type[Vault], steps: Walk) -> None:
    machine = Machine(database, make_keys, kind)
    machine.begin()
    machine.what_opens_is_what_should()
    steps(machine)
    machine.what_opens_is_what_should()


WALKS = [
    (IgnoresWithdrawals, withdrawing),
    (IgnoresErasures, erasing),
    (IgnoresTerms, expiring),
    (IgnoresReleases, releasing),
    (Remembers, withdrawing),
]


@pytest.mark.parametrize(("kind", "steps"), WALKS)
def test_the_model_notices_a_broken_vault(
    own_database: Database, key_files: Callable[[], KeyFile], kind: type[Vault], steps: Walk
) -> None:
    walk(own_database, key_files, Vault, steps)
    with pytest.raises(AssertionError):
        walk(own_database, key_files, kind, steps)


def test_the_model_notices_a_key_service_that_keeps_destroyed_keys(
    own_database: Database, key_files: Callable[[], KeyFile], tmp_path: Path
) -> None:
    walk(own_database, key_files, Vault, restoring)
    with pytest.raises(AssertionError):
        walk(own_database, lambda: Hoards(tmp_path / "hoard", b"passphrase", cost=Cost(n=16, r=1)), Vault, restoring)
