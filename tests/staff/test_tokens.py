"""Tokens: shown once, kept as a hash, one controller each, ended by revocation or time."""

from datetime import timedelta

import psycopg
import pytest

from rightcall.actors import SYSTEM, Role
from rightcall.canonical import sha256
from rightcall.database.connection import Database, Transaction
from rightcall.errors import Malformed, NotAllowed, NotFound, NotSignedIn
from rightcall.ids import ControllerId, TokenId, new_id
from rightcall.staff.actions import authenticate, create_token, require, revoke_token, tokens
from rightcall.staff.model import Deed
from tests.conftest import FixedClock


def test_a_token_tells_its_controller_and_role(database: Database, controller: ControllerId, clock: FixedClock) -> None:
    with database.transaction(controller) as tx:
        made = create_token(tx, clock, role=Role.SUPERVISOR, by=SYSTEM)
    with database.system() as system:
        whose, actor = authenticate(system, clock, made.secret)
    assert whose == controller
    assert (actor.id, actor.role) == (made.token.id, Role.SUPERVISOR)


def test_the_secret_is_in_no_column_and_in_no_repr(
    database: Database, database_url: str, controller: ControllerId, clock: FixedClock
) -> None:
    with database.transaction(controller) as tx:
        made = create_token(tx, clock, role=Role.DPO, by=SYSTEM)
    assert made.secret not in repr(made)
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT t::text, digest FROM tokens t WHERE controller = %s", (controller,)).fetchone()
    assert row is not None
    assert made.secret not in row[0]
    assert row[1] == sha256(made.secret.encode())


def test_two_tokens_never_share_a_secret(tx: Transaction, clock: FixedClock) -> None:
    secrets = {create_token(tx, clock, role=Role.AGENT, by=SYSTEM).secret for _ in range(20)}
    assert len(secrets) == 20
    assert all(len(secret) >= 53 for secret in secrets)


def test_a_revoked_token_opens_nothing(database: Database, controller: ControllerId, clock: FixedClock) -> None:
    with database.transaction(controller) as tx:
        made = create_token(tx, clock, role=Role.AGENT, by=SYSTEM)
        revoke_token(tx, clock, token=made.token.id, by=SYSTEM)
        revoke_token(tx, clock, token=made.token.id, by=SYSTEM)
        assert [token.revoked_at for token in tokens(tx)] == [clock.at]
    with database.system() as system, pytest.raises(NotSignedIn):
        authenticate(system, clock, made.secret)


def test_it_is_told_what_a_token_is_for_who_made_it_and_when_it_was_used_to_the_hour(
    database: Database, controller: ControllerId, clock: FixedClock
) -> None:
    with database.transaction(controller) as tx:
        made = create_token(tx, clock, role=Role.AGENT, by=SYSTEM, label="  CRM,\tAarhus ")
        for wrong in ("x" * 101, "CRM\x07"):
            with pytest.raises(Malformed, match="which program"):
                create_token(tx, clock, role=Role.AGENT, by=SYSTEM, label=wrong)
    assert (made.token.label, made.token.made_by, made.token.used_at) == ("CRM, Aarhus", SYSTEM, None)
    first, used = clock.at, []
    for later in (0, 59, 60):
        clock.at = first + timedelta(minutes=later)
        with database.system() as system:
            authenticate(system, clock, made.secret)
        with database.transaction(controller) as tx:
            used += [each.used_at for each in tokens(tx)]
    assert used == [first, first, first + timedelta(minutes=60)]


def test_no_request_waits_until_another_has_written_that_the_token_was_used(
    database: Database, controller: ControllerId, clock: FixedClock
) -> None:
    with database.transaction(controller) as tx:
        made = create_token(tx, clock, role=Role.AGENT, by=SYSTEM)
    with database.system() as first:
        authenticate(first, clock, made.secret)
        with database.system() as second:
            second.connection.execute("SET LOCAL lock_timeout = '1s'")
            assert authenticate(second, clock, made.secret)[0] == controller


def test_a_token_past_its_last_day_opens_nothing(database: Database, controller: ControllerId, clock: FixedClock) -> None:
    with database.transaction(controller) as tx:
        made = create_token(tx, clock, role=Role.AGENT, by=SYSTEM, days=1)
    clock.at += timedelta(days=1) - timedelta(microseconds=1)
    with database.system() as system:
        authenticate(system, clock, made.secret)
    clock.at += timedelta(microseconds=1)
    with database.system() as system, pytest.raises(NotSignedIn):
        authenticate(system, clock, made.secret)


@pytest.mark.parametrize("secret", ["", "rightcall_", "x" * 53, "rightcall_" + "A" * 43, "rightcall_" + "é" * 43])
def test_what_is_no_token_opens_nothing(database: Database, clock: FixedClock, secret: str) -> None:
    with database.system() as system, pytest.raises(NotSignedIn):
        authenticate(system, clock, secret)


@pytest.mark.parametrize("role", [Role.SYSTEM, Role.SUBJECT])
def test_no_token_for_a_role_that_has_none(tx: Transaction, clock: FixedClock, role: Role) -> None:
    with pytest.raises(Malformed, match="Choose one of administrator, agent"):
        create_token(tx, clock, role=role, by=SYSTEM)


@pytest.mark.parametrize("days", [0, -1, 3651])
def test_a_term_out_of_range_is_refused(tx: Transaction, clock: FixedClock, days: int) -> None:
    with pytest.raises(Malformed, match="days"):
        create_token(tx, clock, role=Role.AGENT, by=SYSTEM, days=days)


def test_revoking_a_token_of_another_controller_finds_nothing(
    database: Database, controller: ControllerId, clock: FixedClock, database_url: str
) -> None:
    with database.transaction(controller) as tx:
        made = create_token(tx, clock, role=Role.AGENT, by=SYSTEM)
    other = ControllerId(new_id())
    with database.transaction(other) as tx, pytest.raises(NotFound):
        revoke_token(tx, clock, token=made.token.id, by=SYSTEM)
    with database.system() as system:
        assert authenticate(system, clock, made.secret)[0] == controller


def test_revoking_what_never_was_says_so(tx: Transaction, clock: FixedClock) -> None:
    with pytest.raises(NotFound, match="token list"):
        revoke_token(tx, clock, token=TokenId(new_id()), by=SYSTEM)


def test_coming_and_going_are_statements(tx: Transaction, clock: FixedClock) -> None:
    before = _statements(tx)
    made = create_token(tx, clock, role=Role.AGENT, by=SYSTEM)
    revoke_token(tx, clock, token=made.token.id, by=SYSTEM)
    revoke_token(tx, clock, token=made.token.id, by=SYSTEM)
    assert _statements(tx) - before == 2


def test_the_role_and_the_digest_of_a_token_can_never_be_changed(tx: Transaction, clock: FixedClock) -> None:
    create_token(tx, clock, role=Role.AGENT, by=SYSTEM)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        tx.connection.execute("UPDATE tokens SET role = 'dpo'")


def test_require_names_the_roles_that_may(database: Database, controller: ControllerId, clock: FixedClock) -> None:
    with database.transaction(controller) as tx:
        made = create_token(tx, clock, role=Role.AGENT, by=SYSTEM)
    with database.system() as system:
        _, actor = authenticate(system, clock, made.secret)
    require(actor, Deed.RECORD_CHOICE)
    with pytest.raises(NotAllowed, match="These may: dpo"):
        require(actor, Deed.CHANGE_PURPOSES)


def _statements(tx: Transaction) -> int:
    row = tx.connection.execute("SELECT count(*) AS n FROM statements").fetchone()
    assert row is not None
    return int(row["n"])
