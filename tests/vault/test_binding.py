"""Wrapped keys stay where they were put: moved to any other row they are Tampered. And no key is ever shown."""

import logging
import pickle
import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from rightcall.adapters.keys.file import Cost, KeyFile
from rightcall.clock import day_of
from rightcall.database.connection import Database
from rightcall.errors import RightcallError, Tampered
from rightcall.ids import ControllerId, HoldId, HoldingId, PartyId, PurposeId, SubjectId, new_id
from rightcall.vault.actions import Vault
from rightcall.vault.keyring import Kept
from rightcall.vault.model import ContentKey, Lock
from rightcall.vault.wrapping import context, derive, unwrap, wrap
from tests.conftest import FixedClock

PURPOSE, OTHER = PurposeId(new_id()), PurposeId(new_id())


class Pair:
    """Two of everything, alike, of one controller."""

    def __init__(self, database: Database, path: Path) -> None:
        self.database, self.clock, self.controller = database, FixedClock(), ControllerId(new_id())
        self.vault = Vault(KeyFile(path, b"a passphrase for tests", cost=Cost(n=16, r=1)), self.clock)
        self.vault.start(database)
        self.subjects = [SubjectId(new_id()) for _ in range(2)]
        self.holdings = [HoldingId(new_id()) for _ in range(2)]
        self.holds = [HoldId(new_id()) for _ in range(2)]
        self.values, self.keys = list[bytes](), list[ContentKey]()
        with database.transaction(self.controller) as tx:
            for number, (subject, holding) in enumerate(zip(self.subjects, self.holdings, strict=True)):
                self.vault.create_subject(tx, subject)
                self.values.append(self.vault.seal_value(tx, subject, b"name", "name"))
                party, day = PartyId(new_id()), day_of(self.clock.at) + timedelta(days=number)
                locks = [
                    Lock(
                        purpose=purpose,
                        grants=(self.vault.open_grant(tx, subject=subject, party=party, purpose=purpose),),
                        last_day=day,
                    )
                    for purpose in (PURPOSE, OTHER)
                ]
                self.keys.append(self.vault.lock_content(tx, holding=holding, locks=locks))
                self.vault.hold(tx, hold=self.holds[number], holding=holding, purpose=PURPOSE)

    def touch_everything(self) -> None:
        with self.database.transaction(self.controller) as tx:
            for number in range(2):
                self.vault.open_value(tx, self.subjects[number], self.values[number], "name")
                for purpose in (PURPOSE, OTHER):
                    opened = self.vault.unlock_content(tx, holding=self.holdings[number], purpose=purpose)
                    assert opened == self.keys[number]
                held = self.vault.unlock_held(tx, hold=self.holds[number], holding=self.holdings[number])
                assert held == self.keys[number]


@pytest.fixture
def pair(own_database: Database, key_path: Path) -> Pair:
    return Pair(own_database, key_path)


SWAPS = {
    "subject keys": "UPDATE subject_keys a SET wrapped = b.wrapped FROM subject_keys b WHERE a.subject <> b.subject",
    "grant keys": "UPDATE grant_keys a SET wrapped = b.wrapped FROM grant_keys b"
    " WHERE a.subject <> b.subject AND a.purpose = b.purpose",
    "grant keys of one person": "UPDATE grant_keys a SET wrapped = b.wrapped FROM grant_keys b"
    " WHERE a.subject = b.subject AND a.purpose <> b.purpose",
    "grants of other parties": "UPDATE grant_keys a SET party = b.party FROM grant_keys b WHERE a.subject <> b.subject",
    "term keys": "UPDATE term_keys a SET wrapped = b.wrapped FROM term_keys b"
    " WHERE a.purpose = b.purpose AND a.last_day <> b.last_day",
    "content of another holding": "UPDATE content_locks a SET wrapped = b.wrapped FROM content_locks b"
    " WHERE a.holding <> b.holding AND a.purpose = b.purpose",
    "content of another purpose": "UPDATE content_locks a SET wrapped = b.wrapped, grants = b.grants FROM content_locks b"
    " WHERE a.holding = b.holding AND a.purpose <> b.purpose",
    "a later last day": "UPDATE content_locks a SET last_day = b.last_day FROM content_locks b"
    " WHERE a.holding <> b.holding AND a.purpose = b.purpose",
    "one grant fewer": "UPDATE content_locks SET grants = array_append(grants, grants[1])",
    "a grant that is not there": "UPDATE content_locks SET grants = array_append(grants, gen_random_uuid())",
    "hold keys": "UPDATE hold_keys a SET wrapped = b.wrapped FROM hold_keys b WHERE a.hold <> b.hold",
    "held content": "UPDATE held_content a SET wrapped = b.wrapped FROM held_content b WHERE a.hold <> b.hold",
    "a flipped bit": "UPDATE subject_keys SET wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1)",
    "a key cut short": "UPDATE subject_keys SET wrapped = substr(wrapped, 1, 10)",
}


@pytest.mark.parametrize("swap", SWAPS)
def test_a_wrapped_key_in_another_place_is_tampered(pair: Pair, swap: str) -> None:
    pair.touch_everything()
    with psycopg.connect(pair.database.url) as admin:
        admin.execute("SET session_replication_role = replica")  # whoever owns the database can, and no trigger stands in the way
        assert admin.execute(SWAPS[swap].encode()).rowcount >= 2
    with pytest.raises(Tampered):
        pair.touch_everything()


def test_a_row_copied_to_another_controller_is_tampered(pair: Pair) -> None:
    thief = ControllerId(new_id())
    with psycopg.connect(pair.database.url) as admin:
        admin.execute("UPDATE subject_keys SET controller = %s WHERE subject NOT IN (SELECT subject FROM grant_keys)", (thief,))
        admin.execute(
            "INSERT INTO subject_keys (controller, subject, epoch, wrapped, created_at)"
            " SELECT %s, subject, epoch, wrapped, created_at FROM subject_keys",
            (thief,),
        )
    with pair.database.transaction(thief) as tx, pytest.raises(Tampered):
        pair.vault.open_value(tx, pair.subjects[0], pair.values[0], "name")


def test_a_sealed_value_belongs_to_its_subject_and_its_place(pair: Pair) -> None:
    with pair.database.transaction(pair.controller) as tx:
        assert pair.vault.open_value(tx, pair.subjects[0], pair.values[0], "name") == b"name"
        for subject, value, place in (
            (pair.subjects[1], pair.values[0], "name"),
            (pair.subjects[0], pair.values[0], "email"),
            (pair.subjects[0], b"", "name"),
            (pair.subjects[0], b"\x09" + pair.values[0][1:], "name"),
        ):
            with pytest.raises(Tampered):
                pair.vault.open_value(tx, subject, value, place)


def test_contexts_of_different_places_never_meet() -> None:
    one, two = ControllerId(new_id()), ControllerId(new_id())
    made = [
        context("a", one),
        context("a", two),
        context("b", one),
        context("a", one, "x", "y"),
        context("a", one, "xy"),
        context("a", one, "", "xy"),
        context("a", one, one),
    ]
    assert len(set(made)) == len(made)
    with pytest.raises(ValueError, match="32 bytes"):
        derive(b"short", info=b"")
    with pytest.raises(ValueError, match="at least one"):
        derive(info=b"")


def secrets_in(text: str, secrets: list[bytes]) -> list[bytes]:
    return [secret for secret in secrets if secret.hex() in text or repr(secret)[2:-1] in text]


def test_keys_are_not_in_reprs_pickles_logs_or_errors(pair: Pair, caplog: pytest.LogCaptureFixture) -> None:
    secret = bytes(range(65, 97))
    key = ContentKey(holding=pair.holdings[0], secret=secret)
    blob = wrap(secret, secret, b"")
    shown = [repr(key), str(key), f"{key}", repr(Kept("name", secret)), repr(pair.vault)]
    with caplog.at_level(logging.DEBUG):
        pair.touch_everything()
        for fail in _failures(pair, secret, blob):
            with pytest.raises(RightcallError) as caught:
                fail()
            shown.append("".join(traceback.format_exception(caught.value)))
    shown.append(caplog.text)
    for text in shown:
        assert secrets_in(text, [secret, pair.keys[0].secret, b"a passphrase for tests"]) == []
    with pytest.raises(TypeError):
        pickle.dumps(key)
    assert secrets_in(f"a {secret.hex()}", [secret]) == [secret]


def _failures(pair: Pair, secret: bytes, blob: bytes) -> list[Callable[[], object]]:
    def wrong_context() -> object:
        return unwrap(secret, blob, b"other")

    def locked_twice() -> object:
        with pair.database.transaction(pair.controller) as tx:
            grant = pair.vault.open_grant(tx, subject=pair.subjects[0], party=PartyId(new_id()), purpose=PURPOSE)
            lock = Lock(purpose=PURPOSE, grants=(grant,), last_day=day_of(pair.clock.at))
            return pair.vault.lock_content(tx, holding=pair.holdings[0], locks=[lock])

    return [wrong_context, locked_twice]
