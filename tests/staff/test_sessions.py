"""Sessions: known by a digest, over when they are idle, old, ended or their member is suspended; and sign-ins under way."""

from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest

from rightcall.actors import SYSTEM, Role
from rightcall.database.connection import Database, Transaction
from rightcall.errors import NotFound, NotSignedIn
from rightcall.ids import ControllerId, MemberId
from rightcall.staff.ceremonies import actions as ceremonies
from rightcall.staff.ceremonies.model import Kind
from rightcall.staff.members import actions as members
from rightcall.staff.members.model import Member
from rightcall.staff.sessions import actions as sessions
from rightcall.staff.sessions.model import NewSession, SignedIn, Way
from rightcall.vault.actions import Vault
from tests.conftest import FixedClock
from tests.staff.scene import LIMITS, House

Look = Callable[[], SignedIn]


@pytest.fixture
def ada(database: Database, controller: ControllerId, vault: Vault, clock: FixedClock) -> Member:
    with database.transaction(controller) as tx:
        there = House(tx, vault, clock)
        there.hire(address=None)
        return there.hire(Role.DPO)


@pytest.fixture
def begun(database: Database, ada: Member, clock: FixedClock) -> NewSession:
    with database.transaction(ada.controller) as tx:
        return sessions.begin(tx, clock, ada.id, Way.PASSKEY, LIMITS)


@pytest.fixture
def look(database: Database, begun: NewSession, clock: FixedClock) -> Look:
    def looked() -> SignedIn:
        with database.system() as system:
            return sessions.authenticate(system, clock, begun.secret, LIMITS)

    return looked


def test_a_session_acts_like_a_token(look: Look, ada: Member, clock: FixedClock) -> None:
    found = look()
    assert (found.controller, found.actor.id, found.actor.role) == (ada.controller, ada.id, Role.DPO)
    assert found.session.signed_in_within(timedelta(minutes=5), clock.at)
    assert not found.session.signed_in_within(timedelta(minutes=5), clock.at + timedelta(minutes=6))


def test_the_secret_is_in_no_column_and_in_no_repr(begun: NewSession, database_url: str) -> None:
    assert begun.secret not in repr(begun)
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT s::text FROM sessions s WHERE session = %s", (begun.session.id,)).fetchone()
    assert row is not None
    assert begun.secret not in row[0]


def test_it_is_over_when_nobody_asks_for_a_while(look: Look, clock: FixedClock) -> None:
    for _ in range(4):
        clock.at += LIMITS.idle - timedelta(seconds=1)
        look()
    clock.at += LIMITS.idle
    with pytest.raises(NotSignedIn, match="Sign in again"):
        look()


def test_it_is_over_in_the_end_whatever_is_done(look: Look, clock: FixedClock) -> None:
    began = clock.at
    while clock.at + timedelta(minutes=25) < began + LIMITS.longest:
        clock.at += timedelta(minutes=25)
        look()
    clock.at = began + LIMITS.longest
    with pytest.raises(NotSignedIn):
        look()


def test_it_ends_when_it_is_ended_or_all_are_or_the_member_is_suspended(
    database: Database, ada: Member, clock: FixedClock
) -> None:
    def end_one(tx: Transaction, begun: NewSession) -> None:
        sessions.end(tx, clock, begun.session.id, of=ada.id)

    def end_all(tx: Transaction, begun: NewSession) -> None:
        assert sessions.end_all(tx, clock, ada.id) >= 1

    def suspend(tx: Transaction, begun: NewSession) -> None:
        members.suspend(tx, clock, ada.id, by=SYSTEM)

    for end in (end_one, end_all, suspend):
        with database.transaction(ada.controller) as tx:
            begun = sessions.begin(tx, clock, ada.id, Way.PASSKEY, LIMITS)
        with database.transaction(ada.controller) as tx:
            end(tx, begun)
        with database.system() as system, pytest.raises(NotSignedIn):
            sessions.authenticate(system, clock, begun.secret, LIMITS)


def test_nobody_ends_another_members_session_as_their_own(
    database: Database, begun: NewSession, vault: Vault, clock: FixedClock, ada: Member
) -> None:
    with database.transaction(ada.controller) as tx:
        ben = House(tx, vault, clock).hire(Role.AGENT, address=None)
        with pytest.raises(NotFound):
            sessions.end(tx, clock, begun.session.id, of=ben.id)


@pytest.mark.parametrize("secret", ["", "x", "A" * 43, "é" * 43, "A" * 4000])
def test_what_is_no_session_opens_nothing(database: Database, clock: FixedClock, secret: str) -> None:
    with database.system() as system, pytest.raises(NotSignedIn):
        sessions.authenticate(system, clock, secret, LIMITS)


def test_a_form_belongs_to_one_session(begun: NewSession) -> None:
    assert sessions.is_form_token(begun.secret, sessions.form_token(begun.secret))
    assert not sessions.is_form_token(begun.secret, sessions.form_token("A" * 43))
    assert not sessions.is_form_token(begun.secret, "é")


def test_whose_form_it_was_is_known_when_its_session_is_over(
    database: Database, begun: NewSession, clock: FixedClock, ada: Member
) -> None:
    def found(token: str) -> MemberId | None:
        with database.system() as system:
            whose = sessions.of_form(system, token)
        return None if whose is None else whose.session.member

    token = sessions.form_token(begun.secret)
    with database.transaction(ada.controller) as tx:
        sessions.end_all(tx, clock, ada.id)
    assert (found(token), found(begun.secret), found("é")) == (ada.id, None, None)
    with database.transaction(ada.controller) as tx:
        members.suspend(tx, clock, ada.id, by=SYSTEM)
    assert found(token) is None


def test_the_log_of_sessions_goes_in_time(database: Database, ada: Member, begun: NewSession, clock: FixedClock) -> None:
    clock.at += timedelta(days=91)
    with database.transaction(ada.controller) as tx:
        assert sessions.forget_old(tx, clock) == 1
        assert sessions.of_member(tx, ada.id) == []


def test_a_ceremony_is_answered_once_in_time_by_the_browser_that_began_it(database: Database, clock: FixedClock) -> None:
    def take(name: str, browser: str, kind: Kind = Kind.OPENID) -> bytes:
        with database.system() as system:
            return ceremonies.take(system, clock, kind, name=name, browser=browser).challenge

    with database.system() as system:
        begun, other, late = (ceremonies.begin(system, clock, Kind.OPENID) for _ in range(3))
    for wrong in ((begun.name, other.browser, Kind.OPENID), (begun.name, begun.browser, Kind.PASSKEY), ("x", "y", Kind.OPENID)):
        with pytest.raises(NotSignedIn):
            take(*wrong)
    assert take(begun.name, begun.browser) == begun.ceremony.challenge
    with pytest.raises(NotSignedIn, match="answered already"):
        take(begun.name, begun.browser)
    clock.at += ceremonies.HOLDS
    with pytest.raises(NotSignedIn):
        take(late.name, late.browser)
