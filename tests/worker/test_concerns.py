"""Concerns in the worker, and in a backup that was made while a raiser consented to being known."""

from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from rightcall.actors import SYSTEM, Actor, Role
from rightcall.adapters.backup import backup
from rightcall.clock import SystemClock
from rightcall.concerns import actions, answering, raiser
from rightcall.concerns.model import AboutCall, Anonymous, Bearer, Days, Identity, Outcome, Staff, Step
from rightcall.concerns.raiser import ByCode
from rightcall.database.connection import Database
from rightcall.errors import NotAllowed
from rightcall.ids import ControllerId
from rightcall.personal import Personal
from rightcall.settings import load_settings
from rightcall.staff.actions import create_token
from rightcall.telemetry import metrics
from rightcall.vault.model import Dark
from rightcall.wiring import House, build, destroyed_list
from rightcall.worker import destroyed
from rightcall.worker.keeping import keep_concerns
from tests.worker.test_destroyed import Restore, other_data, restore

__all__ = ["restore"]
NAME = "Plantadine Sealed-Lovelace"
WORDS = Personal("plantedconcern: nobody asks before listening")


def write_down(house: House) -> None:
    sequencer = house.sequencer()
    while sequencer.run_once():
        pass
    while destroyed.write_down(house.database, house.vault, destroyed_list(house.settings)):
        pass
    destroyed_list(house.settings).is_worked_on(house.clock.now())


class _Late(SystemClock):
    """Fifteen days ago: so that what is raised by it is late today."""

    def now(self):  # type: ignore[no-untyped-def]  # Clock's own signature
        return super().now() - timedelta(days=15)


def bearer(house: House, controller: ControllerId, role: Role) -> Bearer:
    with house.database.transaction(controller) as tx:
        made = create_token(tx, house.clock, role=role, by=SYSTEM)
    return Bearer(actor=Actor(id=made.token.id, role=role), secret=Personal(made.secret))


def test_what_is_late_is_told_to_the_dpo_by_the_worker(house: House, controller: ControllerId) -> None:
    with house.database.transaction(controller) as tx:
        raised = actions.raise_concern(tx, house.vault, _Late(), target=AboutCall(None), words=WORDS, by=Anonymous(), days=Days())
    keep_concerns(house)
    keep_concerns(house)
    with house.database.transaction(controller) as tx:
        assert actions.get(tx, raised.concern.id).escalated_for == raised.concern.answer_due_on
        assert [trace.step for trace in actions.traces(tx, raised.concern.id)].count(Step.ESCALATED) == 1
    assert metrics().concerns_overdue._value.get() >= 1


def test_a_consent_that_was_taken_back_stays_so_in_what_is_restored(
    house: House, controller: ControllerId, data: Path, tmp_path: Path, restore: Restore
) -> None:
    agent, dpo = bearer(house, controller, Role.AGENT), bearer(house, controller, Role.DPO)
    why = {"reason": "to call them back", "case": "case-2026-7"}
    with house.database.transaction(controller) as tx:
        by = Staff(bearer=agent, name=Personal(NAME))
        raised = actions.raise_concern(tx, house.vault, house.clock, target=AboutCall(None), words=WORDS, by=by, days=Days())
        assert raised.code is not None
        raiser.consent(tx, house.vault, house.clock, raised.concern.id, ByCode(raised.code))
        shown = answering.reveal(tx, house.vault, house.clock, raised.concern.id, dpo, **why)
        assert isinstance(shown, Identity)
        assert (shown.id, shown.name) == (agent.actor.id, Personal(NAME))
    backup(house.database.url, house.objects, tmp_path / "backup")
    with house.database.transaction(controller) as tx:
        raiser.withdraw(tx, house.vault, house.clock, raised.concern.id, ByCode(raised.code))
    write_down(house)
    url = restore(tmp_path / "backup", other_data(data, tmp_path / "other", "destroyed"))
    assert "Example Energy" in everything(url), "the search finds what is there"
    for value in (NAME, "plantedconcern", "call them back", raised.code.reveal("test"), agent.secret.reveal("test")):
        assert value not in everything(url), "a backup tells it"
        assert value.encode().hex() not in everything(url), "a backup tells it"
    database = Database(url)
    try:
        with build(load_settings(data=tmp_path / "other"), database) as other, database.transaction(controller) as tx:
            assert not actions.get(tx, raised.concern.id).may_be_shown
            with pytest.raises(NotAllowed, match="consent"):
                answering.reveal(tx, other.vault, other.clock, raised.concern.id, dpo, **why)
            words = raiser.words(tx, other.vault, raised.concern.id, ByCode(raised.code))
            assert words.words == WORDS, "the raiser has their code still"
    finally:
        database.close()


def test_what_a_raiser_wants_gone_goes_from_what_is_restored_too(
    house: House, controller: ControllerId, data: Path, tmp_path: Path, restore: Restore
) -> None:
    owner = bearer(house, controller, Role.DPO)
    with house.database.transaction(controller) as tx:
        at = (tx, house.vault, _Late())
        raised = actions.raise_concern(*at, target=AboutCall(None), words=WORDS, by=Anonymous(), days=Days())
        assert raised.code is not None
        concern, proof = raised.concern.id, ByCode(raised.code)
        answering.own(*at, concern, owner)
        answering.answer(*at, concern, owner, outcome=Outcome.UPHELD, words=WORDS)
        raiser.accept(*at, concern, proof)
    backup(house.database.url, house.objects, tmp_path / "backup")
    with house.database.transaction(controller) as tx:
        raiser.forget(tx, house.clock, concern, proof)
    write_down(house)
    url = restore(tmp_path / "backup", other_data(data, tmp_path / "other", "destroyed"))
    database = Database(url)
    try:
        with build(load_settings(data=tmp_path / "other"), database) as other:
            keep_concerns(other)
            with database.transaction(controller) as tx:
                assert actions.get(tx, concern).forgotten_on is not None
                assert isinstance(raiser.words(tx, other.vault, concern, proof).words, Dark)
    finally:
        database.close()


def everything(url: str) -> str:
    """Each table of a database as text."""
    with psycopg.connect(url) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        rows = [
            row[0]
            for (name,) in names
            for row in connection.execute(SQL("SELECT t::text FROM {} t").format(Identifier(name))).fetchall()
        ]
    return "\n".join(rows)
