"""What is kept for a purpose ends sooner: each lock goes under a fresh key of an earlier day, and the keys from before go."""

from datetime import date, timedelta
from itertools import count

import psycopg
import pytest

from rightcall.clock import day_of
from rightcall.database.connection import Transaction
from rightcall.ids import HoldId, HoldingId, PartyId, PurposeId, StatementId, SubjectId, new_id
from rightcall.vault.actions import Vault
from rightcall.vault.keyring import LockRow
from rightcall.vault.model import ContentKey, Dark, DarkReason, Lock, Moved, WithheldWhy
from rightcall.vault.terms.moving import Moving, Wrapped
from rightcall.vault.terms.shortening import Shortening
from tests.conftest import FixedClock


class Scene:
    """Ada's grant for training, and holdings kept for ninety days from the day on which each was kept."""

    def __init__(self, vault: Vault, tx: Transaction, clock: FixedClock) -> None:
        self.vault, self.tx, self.clock = vault, tx, clock
        self.purpose = PurposeId(new_id())
        self.ada = SubjectId(new_id())
        vault.create_subject(tx, self.ada)
        self.grant = vault.open_grant(tx, subject=self.ada, party=PartyId(new_id()), purpose=self.purpose)

    def keep(self, days: int = 90) -> ContentKey:
        lock = Lock(purpose=self.purpose, grants=(self.grant,), last_day=self.day(days))
        return self.vault.lock_content(self.tx, holding=HoldingId(new_id()), locks=[lock])

    def day(self, days: int) -> date:
        return day_of(self.clock.at) + timedelta(days=days)

    def shortening(self) -> Shortening:
        return self.vault.shortening(self.purpose, made_before=self.clock.at)

    def unlock(self, key: ContentKey) -> ContentKey | Dark:
        return self.vault.unlock_content(self.tx, holding=key.holding, purpose=self.purpose)

    def locked_until(self, key: ContentKey) -> date:
        row = self.tx.connection.execute("SELECT last_day FROM content_locks WHERE holding = %s", (key.holding,)).fetchone()
        assert row is not None
        day: date = row["last_day"]
        return day


def test_what_is_moved_opens_until_the_earlier_day_and_not_after_it(vault: Vault, tx: Transaction, clock: FixedClock) -> None:
    scene = Scene(vault, tx, clock)
    key, other = scene.keep(), scene.keep(10)
    clock.at += timedelta(seconds=1)
    shortening = scene.shortening()
    assert shortening.move(tx, {key.holding: scene.day(30), other.holding: scene.day(30)}) == Moved(moved=2, stuck=0)
    assert (scene.locked_until(key), scene.locked_until(other)) == (scene.day(30), scene.day(10))
    shortening.begin(tx)
    assert shortening.end(tx) == 2
    assert scene.unlock(key) == key
    assert scene.unlock(other) == other
    assert shortening.move(tx, {key.holding: scene.day(30)}) == Moved(moved=0, stuck=0)
    clock.at += timedelta(days=31)
    assert scene.unlock(key) == Dark(reason=DarkReason.TERM_OVER)


def test_what_goes_only_on_the_second_try_is_counted_with_what_went_on_the_first(
    vault: Vault, tx: Transaction, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An epoch turned between reading a lock and opening it."""
    scene = Scene(vault, tx, clock)
    keys = [scene.keep() for _ in range(3)]
    clock.at += timedelta(seconds=1)
    wrap, tries = Moving.wrap, count()

    def turned(moving: Moving, tx: Transaction, rows: list[tuple[LockRow, date]]) -> tuple[list[Wrapped], int]:
        if next(tries):
            return wrap(moving, tx, rows)
        wrapped, _ = wrap(moving, tx, rows[:-1])
        return wrapped, 1

    monkeypatch.setattr(Moving, "wrap", turned)
    assert scene.shortening().move(tx, {key.holding: scene.day(30) for key in keys}) == Moved(moved=3, stuck=0)
    assert {scene.locked_until(key) for key in keys} == {scene.day(30)}


def test_what_is_over_by_then_is_dark_at_once(vault: Vault, tx: Transaction, clock: FixedClock) -> None:
    scene = Scene(vault, tx, clock)
    key = scene.keep()
    clock.at += timedelta(days=40)
    assert scene.shortening().move(tx, {key.holding: scene.day(-10)}) == Moved(moved=1, stuck=0)
    assert scene.unlock(key) == Dark(reason=DarkReason.TERM_OVER)
    assert vault.may_open_yet(tx, [key.holding]) == set()


def test_what_is_over_is_moved_once_though_its_days_key_lives_still(vault: Vault, tx: Transaction, clock: FixedClock) -> None:
    scene = Scene(vault, tx, clock)
    key, _ = scene.keep(), scene.keep(10)
    clock.at += timedelta(days=40)
    last_days = {key.holding: scene.day(-30)}
    assert scene.shortening().move(tx, last_days) == Moved(moved=1, stuck=0)
    assert scene.shortening().move(tx, last_days) == Moved(moved=0, stuck=0)
    assert isinstance(scene.unlock(key), Dark)


def test_a_key_from_before_is_gone_and_whatever_is_kept_until_its_day_gets_a_fresh_one(
    vault: Vault, tx: Transaction, clock: FixedClock
) -> None:
    """So no older copy of a lock opens with what is there now."""
    scene = Scene(vault, tx, clock)
    key = scene.keep()
    clock.at += timedelta(seconds=1)
    shortening = scene.shortening()
    shortening.begin(tx)
    meanwhile = scene.keep()
    shortening.move(tx, {key.holding: scene.day(30)})
    assert shortening.end(tx) == 1
    assert scene.unlock(meanwhile) == meanwhile, "kept under a fresh key, though the old one was there still"
    rows = tx.connection.execute(
        "SELECT last_day, nth, wrapped IS NULL AS gone FROM term_keys WHERE purpose = %s ORDER BY last_day, nth", (scene.purpose,)
    ).fetchall()
    assert [(row["last_day"], row["nth"], row["gone"]) for row in rows] == [
        (scene.day(30), 1, False),
        (scene.day(90), 1, True),
        (scene.day(90), 2, False),
    ]
    again = scene.keep()
    assert scene.unlock(again) == again
    assert shortening.end(tx) == 0


def test_what_a_grant_shut_stays_shut_and_what_is_withheld_is_moved(vault: Vault, tx: Transaction, clock: FixedClock) -> None:
    scene = Scene(vault, tx, clock)
    key = scene.keep()
    clock.at += timedelta(seconds=1)
    vault.withhold(tx, scene.grant, why=WithheldWhy.VOID_CHOICE, statement=StatementId(new_id()))
    assert scene.shortening().move(tx, {key.holding: scene.day(30)}) == Moved(moved=1, stuck=0)
    vault.release(tx, scene.grant)
    assert scene.unlock(key) == key
    clock.at += timedelta(seconds=1)
    vault.destroy_grant(tx, scene.grant)
    assert scene.shortening().move(tx, {key.holding: scene.day(20)}) == Moved(moved=0, stuck=0)
    assert scene.unlock(key) == Dark(reason=DarkReason.GRANT_DESTROYED)


def test_a_hold_keeps_its_slice_whatever_becomes_of_the_term(vault: Vault, tx: Transaction, clock: FixedClock) -> None:
    scene = Scene(vault, tx, clock)
    key, hold = scene.keep(), HoldId(new_id())
    vault.hold(tx, hold=hold, holding=key.holding, purpose=scene.purpose)
    clock.at += timedelta(days=40)
    scene.shortening().move(tx, {key.holding: scene.day(-1)})
    assert vault.unlock_held(tx, hold=hold, holding=key.holding) == key


def test_no_lock_is_moved_to_a_later_day(vault: Vault, tx: Transaction, clock: FixedClock) -> None:
    scene = Scene(vault, tx, clock)
    key = scene.keep()
    scene.keep(120)
    clock.at += timedelta(seconds=1)
    scene.shortening().move(tx, {key.holding: scene.day(300)})
    assert scene.locked_until(key) == scene.day(90)
    with pytest.raises(psycopg.errors.CheckViolation):
        tx.connection.execute("UPDATE content_locks SET last_day = %s WHERE holding = %s", (scene.day(120), key.holding))
