"""What is withheld opens for nobody: not by the vault, not with a cleared row, not after an epoch. All that must go on beside it
goes on."""

from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from rightcall.adapters.keys.file import Cost, KeyFile
from rightcall.clock import day_of
from rightcall.database.connection import Database
from rightcall.errors import Conflict, NotFound, Tampered
from rightcall.ids import ControllerId, GrantId, HoldId, HoldingId, PartyId, PurposeId, StatementId, SubjectId, new_id
from rightcall.vault.actions import Vault
from rightcall.vault.model import ContentKey, Dark, DarkReason, Lock, WithheldWhy
from rightcall.vault.quarantine import actions as quarantine
from tests.conftest import FixedClock
from tests.consent.fakes import FailingKeys

TRAINING, DISPUTES = PurposeId(new_id()), PurposeId(new_id())
SAID = StatementId(new_id())
WITHHELD = Dark(reason=DarkReason.WITHHELD)


class Room:
    """Ada and Ben said yes; one recording needs both for training, and Ada's yes alone for disputes."""

    def __init__(self, database: Database, path: Path) -> None:
        self.database, self.clock, self.controller = database, FixedClock(), ControllerId(new_id())
        self.keys = FailingKeys(KeyFile(path, b"a passphrase for tests", cost=Cost(n=16, r=1)))
        self.vault = Vault(self.keys, self.clock)
        self.vault.start(database)
        self.ada, self.ben = SubjectId(new_id()), SubjectId(new_id())
        self.party, self.holding, self.day = PartyId(new_id()), HoldingId(new_id()), day_of(self.clock.at)
        with database.transaction(self.controller) as tx:
            for person in (self.ada, self.ben):
                self.vault.create_subject(tx, person)
            self.adas = self.vault.open_grant(tx, subject=self.ada, party=self.party, purpose=TRAINING)
            self.bens = self.vault.open_grant(tx, subject=self.ben, party=PartyId(new_id()), purpose=TRAINING)
            self.dispute = self.vault.open_grant(tx, subject=self.ada, party=self.party, purpose=DISPUTES)
            self.vault.lock_content(tx, holding=self.holding, locks=[self.lock(TRAINING), self.lock(DISPUTES)])

    def lock(self, purpose: PurposeId) -> Lock:
        grants = (self.adas, self.bens) if purpose == TRAINING else (self.dispute,)
        return Lock(purpose=purpose, grants=grants, last_day=self.day)

    def withhold(self, grant: GrantId | None = None) -> bool:
        with self.database.transaction(self.controller) as tx:
            return self.vault.withhold(tx, grant or self.bens, why=WithheldWhy.VOID_CHOICE, statement=SAID)

    def release(self, grant: GrantId | None = None) -> None:
        with self.database.transaction(self.controller) as tx:
            self.vault.release(tx, grant or self.bens)

    def opens(self, purpose: PurposeId = TRAINING, holding: HoldingId | None = None) -> ContentKey | Dark:
        with self.database.transaction(self.controller) as tx:
            return self.vault.unlock_content(tx, holding=holding or self.holding, purpose=purpose)

    def by_hand(self, statement: str) -> None:
        """As somebody with the database in their hands would."""
        with psycopg.connect(self.database.url) as admin:
            assert admin.execute(statement.encode(), {"grant": self.bens}).rowcount == 1


@pytest.fixture
def room(own_database: Database, key_path: Path) -> Room:
    return Room(own_database, key_path)


def test_one_withheld_grant_shuts_what_several_opened_for_that_purpose_alone(room: Room) -> None:
    before = room.opens()
    assert isinstance(before, ContentKey)
    assert room.withhold()
    assert room.opens() == WITHHELD
    assert isinstance(room.opens(DISPUTES), ContentKey)
    with room.database.transaction(room.controller) as tx:
        assert list(quarantine.withheld(tx)) == [room.bens]
        assert quarantine.withheld(tx, [room.adas]) == {}
        assert quarantine.withheld_for(tx, room.holding) == {TRAINING: room.bens}
    assert not room.withhold()
    room.release()
    assert room.opens() == before


def test_nothing_new_is_kept_on_what_is_withheld(room: Room) -> None:
    room.withhold()
    with pytest.raises(Conflict, match="quarantine"), room.database.transaction(room.controller) as tx:
        room.vault.lock_content(tx, holding=HoldingId(new_id()), locks=[room.lock(TRAINING)])


CLEAR = "UPDATE grant_keys SET withheld_at = NULL, withheld_why = NULL, withheld_by = NULL, withheld_wrap = false"


def test_whoever_clears_the_row_by_hand_opens_nothing_and_is_found_out(room: Room) -> None:
    room.withhold()
    room.by_hand(f"{CLEAR} WHERE grant_id = %(grant)s")
    with pytest.raises(Tampered):
        room.opens()


def test_the_database_itself_forbids_half_a_state(room: Room) -> None:
    room.withhold()
    with pytest.raises(psycopg.errors.CheckViolation):
        room.by_hand("UPDATE grant_keys SET withheld_at = NULL WHERE grant_id = %(grant)s")
    with pytest.raises(psycopg.errors.CheckViolation):
        room.by_hand("UPDATE grant_keys SET withheld_wrap = true WHERE grant_id <> %(grant)s")


def test_planted_without_the_binding_a_cleared_row_would_open_it(room: Room) -> None:
    """Planted: had the wrap not been bound, clearing the row would open it. So the binding, and not the column, keeps it shut."""
    room.keys.fails_before = True
    room.withhold()
    room.keys.fails_before = False
    assert room.opens() == WITHHELD
    room.by_hand(f"{CLEAR} WHERE grant_id = %(grant)s")
    assert isinstance(room.opens(), ContentKey)


def test_where_the_key_service_is_away_it_is_shut_all_the_same_and_the_next_epoch_binds_it(room: Room) -> None:
    room.keys.fails_before = True
    assert room.withhold()
    room.keys.fails_before = False
    assert room.opens() == WITHHELD
    room.vault.rotate(room.database)
    assert room.opens() == WITHHELD
    room.by_hand(f"{CLEAR} WHERE grant_id = %(grant)s")
    with pytest.raises(Tampered):
        room.opens()


def test_epochs_turn_and_it_stays_shut_and_can_still_be_released(room: Room) -> None:
    before = room.opens()
    room.withhold()
    for _ in range(2):
        room.vault.rotate(room.database)
        assert room.opens() == WITHHELD
    room.release()
    assert room.opens() == before


def test_withdrawal_erasure_and_the_end_of_a_term_come_before_it(room: Room) -> None:
    room.withhold()
    with room.database.transaction(room.controller) as tx:
        room.vault.destroy_grant(tx, room.adas)
    assert room.opens() == Dark(reason=DarkReason.GRANT_DESTROYED)
    with room.database.transaction(room.controller) as tx:
        room.vault.destroy_subject(tx, room.ben)
    assert room.opens() == Dark(reason=DarkReason.SUBJECT_ERASED)
    with pytest.raises(Conflict, match="erased"):
        room.release()


def test_a_term_that_ends_takes_it(room: Room) -> None:
    room.withhold()
    room.clock.at += timedelta(days=1)
    with room.database.transaction(room.controller) as tx:
        room.vault.end_term(tx, TRAINING, room.day)
    assert room.opens() == Dark(reason=DarkReason.TERM_OVER)


def test_letting_go_of_it_destroys_it_for_good(room: Room) -> None:
    room.withhold()
    with room.database.transaction(room.controller) as tx:
        room.vault.destroy_grant(tx, room.bens)
        assert quarantine.withheld(tx) == {}
        assert quarantine.shut(tx, [room.adas, room.bens]) == {room.bens}
    assert room.opens() == Dark(reason=DarkReason.GRANT_DESTROYED)
    with pytest.raises(Conflict):
        room.release()
    assert not room.withhold()


def test_a_hold_stands_on_its_own_ground(room: Room) -> None:
    """One that stood before goes on, and the DPO may place one on what is in quarantine: the proof of what went wrong."""
    before, early, late = room.opens(), HoldId(new_id()), HoldId(new_id())
    with room.database.transaction(room.controller) as tx:
        room.vault.hold(tx, hold=early, holding=room.holding, purpose=TRAINING)
    room.withhold()
    with room.database.transaction(room.controller) as tx:
        room.vault.hold(tx, hold=late, holding=room.holding, purpose=TRAINING)
        assert room.vault.unlock_held(tx, hold=early, holding=room.holding) == before
        assert room.vault.unlock_held(tx, hold=late, holding=room.holding) == before
    assert room.opens() == WITHHELD


def test_who_turns_out_to_be_another_takes_the_quarantine_along(room: Room) -> None:
    before = room.opens(DISPUTES)
    room.withhold(room.dispute)
    with room.database.transaction(room.controller) as tx:
        room.vault.move_grants(tx, room.party, of=room.ada, to=room.ben)
    assert room.opens(DISPUTES) == WITHHELD
    room.release(room.dispute)
    assert room.opens(DISPUTES) == before


def test_what_was_made_from_it_is_shut_with_it_though_its_own_lock_is_another(room: Room) -> None:
    """The transcript of a transcript, under locks of its own: it needs what its origin needs for that purpose; and for a purpose
    that the origin does not serve, all that the origin needs."""
    made, again, other = HoldingId(new_id()), HoldingId(new_id()), PurposeId(new_id())
    with room.database.transaction(room.controller) as tx:
        free = room.vault.open_grant(tx, subject=room.ada, party=room.party, purpose=other)
        mine = room.vault.open_grant(tx, subject=room.ada, party=room.party, purpose=DISPUTES)
        locks = [
            Lock(purpose=other, grants=(free,), last_day=room.day),
            Lock(purpose=DISPUTES, grants=(mine,), last_day=room.day),
        ]
        for each, origin in ((made, room.holding), (again, made)):
            room.vault.lock_content(tx, holding=each, locks=locks)
            quarantine.bind_origins(tx, each, purposes=[other, DISPUTES], origins=[origin])
    for each in (made, again):
        assert isinstance(room.opens(other, each), ContentKey)
    room.withhold()
    for each in (made, again):
        assert room.opens(other, each) == WITHHELD
        assert isinstance(room.opens(DISPUTES, each), ContentKey)
    room.withhold(room.dispute)
    for each in (made, again):
        assert room.opens(DISPUTES, each) == WITHHELD
    room.release()
    room.release(room.dispute)
    for each in (made, again):
        assert isinstance(room.opens(other, each), ContentKey)
        assert isinstance(room.opens(DISPUTES, each), ContentKey)


@pytest.mark.parametrize("was_withheld", [True, False])
def test_what_was_made_from_it_is_dark_for_good_once_its_grant_is_destroyed(room: Room, was_withheld: bool) -> None:
    """Under a lock of its own, and in another system under none; what the database's rows alone said is bound by keys too."""
    made, elsewhere, other = HoldingId(new_id()), HoldingId(new_id()), PurposeId(new_id())
    with room.database.transaction(room.controller) as tx:
        free = room.vault.open_grant(tx, subject=room.ada, party=room.party, purpose=other)
        room.vault.lock_content(tx, holding=made, locks=[Lock(purpose=other, grants=(free,), last_day=room.day)])
        for each in (made, elsewhere):
            quarantine.bind_origins(tx, each, purposes=[other], origins=[room.holding])
    assert isinstance(room.opens(other, made), ContentKey)
    if was_withheld:
        room.withhold()
    with room.database.transaction(room.controller) as tx:
        room.vault.destroy_grant(tx, room.bens)
        assert quarantine.withheld_for(tx, elsewhere) == ({other: room.bens} if was_withheld else {})
    assert room.opens(other, made) == Dark(reason=DarkReason.GRANT_DESTROYED)
    with pytest.raises(Conflict), room.database.transaction(room.controller) as tx:
        room.vault.hold(tx, hold=HoldId(new_id()), holding=made, purpose=other)


def test_what_was_made_from_it_goes_with_the_person(room: Room) -> None:
    made, other, third = HoldingId(new_id()), PurposeId(new_id()), SubjectId(new_id())
    with room.database.transaction(room.controller) as tx:
        room.vault.create_subject(tx, third)
        free = room.vault.open_grant(tx, subject=third, party=PartyId(new_id()), purpose=other)
        room.vault.lock_content(tx, holding=made, locks=[Lock(purpose=other, grants=(free,), last_day=room.day)])
        quarantine.bind_origins(tx, made, purposes=[other], origins=[room.holding])
    assert isinstance(room.opens(other, made), ContentKey)
    with room.database.transaction(room.controller) as tx:
        room.vault.destroy_subject(tx, room.ben)
    assert room.opens(other, made) == Dark(reason=DarkReason.SUBJECT_ERASED)


def test_whoever_clears_the_row_by_hand_does_not_open_what_was_made_from_it_either(room: Room) -> None:
    made, other = HoldingId(new_id()), PurposeId(new_id())
    with room.database.transaction(room.controller) as tx:
        free = room.vault.open_grant(tx, subject=room.ada, party=room.party, purpose=other)
        room.vault.lock_content(tx, holding=made, locks=[Lock(purpose=other, grants=(free,), last_day=room.day)])
        quarantine.bind_origins(tx, made, purposes=[other], origins=[room.holding])
    room.withhold()
    room.by_hand(f"{CLEAR} WHERE grant_id = %(grant)s")
    with pytest.raises(Tampered):
        room.opens(other, made)


def test_what_was_never_there_is_said(room: Room) -> None:
    with pytest.raises(NotFound):
        room.withhold(GrantId(new_id()))
    with pytest.raises(Conflict, match="not in quarantine"):
        room.release()
