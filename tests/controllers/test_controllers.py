"""Controllers are made by the deployment and see only themselves."""

from dataclasses import replace

import psycopg
import pytest

from rightcall.controllers import actions
from rightcall.controllers.model import NewController
from rightcall.controllers.rules import checked
from rightcall.database.connection import Database, Transaction
from rightcall.errors import Malformed, NotFound
from rightcall.ids import ControllerId, new_id
from tests.conftest import FixedClock

NEW = NewController(
    name=" Example Energy ", address="1 Example Street", contact="dpo@energy.example", jurisdictions=("eu", "DK", "EU")
)


def test_a_new_controller_is_listed_and_sees_itself(database: Database, clock: FixedClock) -> None:
    with database.system() as tx:
        made = actions.create(tx, clock, NEW)
        assert made.id in actions.all_ids(tx)
        assert actions.by_id(tx, made.id) == made
    assert (made.name, made.jurisdictions) == ("Example Energy", ("EU", "DK"))
    with database.transaction(made.id) as tx:
        assert actions.get(tx) == made
        assert actions.all_ids(tx) == [made.id]


def test_where_its_pages_tell_moments_can_be_changed_and_nothing_else_by_that(database: Database, clock: FixedClock) -> None:
    with database.system() as tx:
        made = actions.create(tx, clock, NEW)
        assert made.zone == "UTC"
        assert actions.set_zone(tx, made.id, "Europe/Copenhagen") == replace(made, zone="Europe/Copenhagen")
        with pytest.raises(Malformed, match="IANA"):
            actions.set_zone(tx, made.id, "../etc/passwd")
    with database.transaction(made.id) as tx:
        assert actions.get(tx) == replace(made, zone="Europe/Copenhagen")


def test_in_which_language_it_writes_can_be_changed(database: Database, clock: FixedClock) -> None:
    with database.system() as tx:
        made = actions.create(tx, clock, replace(NEW, language="DA"))
        assert made.language == "da"
        assert actions.set_language(tx, made.id, "fr-CA") == replace(made, language="fr-CA")
        for wrong in ("", "Danish", "d", "en_GB", "<da>"):
            with pytest.raises(Malformed, match="tag"):
                actions.set_language(tx, made.id, wrong)
    with database.transaction(made.id) as tx:
        assert actions.get(tx).language == "fr-CA"


def test_for_how_long_it_remembers_what_is_gone_and_calls_can_be_changed(database: Database, clock: FixedClock) -> None:
    with database.system() as tx:
        made = actions.create(tx, clock, NEW)
        assert (made.remember_days, made.on_record_days) == (1095, 1095)
        assert actions.remember(tx, made.id, 365) == replace(made, remember_days=365)
        now = replace(made, remember_days=365, on_record_days=3653)
        assert actions.keep_on_record(tx, made.id, 3653) == now
        for wrong in (0, 364, 3654, -1):
            with pytest.raises(Malformed, match="365 to 3653 days"):
                actions.remember(tx, made.id, wrong)
        for wrong in (0, 399, 3654, -1):
            with pytest.raises(Malformed, match="400 to 3653 days"):
                actions.keep_on_record(tx, made.id, wrong)
    with database.transaction(made.id) as tx:
        assert actions.get(tx) == now


def test_an_unknown_controller_is_not_found(database: Database) -> None:
    with database.transaction(ControllerId(new_id())) as tx, pytest.raises(NotFound):
        actions.get(tx)


def test_a_controller_cannot_make_another(tx: Transaction, clock: FixedClock) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), tx.connection.transaction():
        actions.create(tx, clock, NEW)


@pytest.mark.parametrize(
    "new",
    [
        NewController(name=" ", address="", contact="c", jurisdictions=("EU",)),
        NewController(name="n", address="", contact=" ", jurisdictions=("EU",)),
        NewController(name="n", address="", contact="c", jurisdictions=()),
        NewController(name="n", address="", contact="c", jurisdictions=("Denmark",)),
        NewController(name="n", address="", contact="c", jurisdictions=("DK",), zone="Copenhagen"),
    ],
)
def test_what_is_missing_is_said(new: NewController) -> None:
    with pytest.raises(Malformed):
        checked(new)
