"""Two locks, deed by deed, on a real database."""

from datetime import date, timedelta

import pytest

from rightcall.clock import day_of
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, NotFound
from rightcall.ids import GrantId, HoldId, HoldingId, PartyId, PurposeId, StatementId, SubjectId, new_id
from rightcall.vault.actions import Vault
from rightcall.vault.model import ContentKey, Dark, DarkReason, Lock
from rightcall.vault.wrapping import keyed_hash
from tests.cast import ADA_TEL
from tests.conftest import FixedClock

TRAINING, DISPUTES = PurposeId(new_id()), PurposeId(new_id())


def dark(reason: DarkReason) -> Dark:
    return Dark(reason=reason)


class Scene:
    """Ada and an agent, each with a grant for training, and one holding that is locked for it."""

    def __init__(self, vault: Vault, tx: Transaction, clock: FixedClock) -> None:
        self.vault, self.tx = vault, tx
        self.last_day = day_of(clock.at) + timedelta(days=30)
        self.ada, self.agent = SubjectId(new_id()), SubjectId(new_id())
        vault.create_subject(tx, self.ada)
        vault.create_subject(tx, self.agent)
        self.hers, self.theirs = self.grant(self.ada), self.grant(self.agent)
        self.holding = HoldingId(new_id())
        self.key = vault.lock_content(tx, holding=self.holding, locks=[self.lock()])

    def grant(self, subject: SubjectId, purpose: PurposeId = TRAINING) -> GrantId:
        return self.vault.open_grant(self.tx, subject=subject, party=PartyId(new_id()), purpose=purpose)

    def lock(self, *grants: GrantId, purpose: PurposeId = TRAINING, last_day: date | None = None) -> Lock:
        return Lock(purpose=purpose, grants=grants or (self.hers, self.theirs), last_day=last_day or self.last_day)

    def unlock(self, purpose: PurposeId = TRAINING) -> ContentKey | Dark:
        """Alone, and among others that were never locked, which must come to the same."""
        pair, other = (self.holding, purpose), (HoldingId(new_id()), purpose)
        alone = self.vault.unlock_content(self.tx, holding=self.holding, purpose=purpose)
        assert self.vault.unlock_all(self.tx, [other, pair]) == {pair: alone, other: dark(DarkReason.NEVER_GRANTED)}
        return alone


@pytest.fixture
def scene(vault: Vault, tx: Transaction, clock: FixedClock) -> Scene:
    return Scene(vault, tx, clock)


def test_what_is_locked_opens_with_the_same_key_for_its_purpose_only(scene: Scene) -> None:
    assert scene.unlock() == scene.key
    assert scene.unlock(DISPUTES) == dark(DarkReason.NEVER_GRANTED)


@pytest.mark.parametrize("whose", ["hers", "theirs"])
def test_one_withdrawn_grant_of_several_is_enough(scene: Scene, whose: str) -> None:
    scene.vault.destroy_grant(scene.tx, getattr(scene, whose))
    assert scene.unlock() == dark(DarkReason.GRANT_DESTROYED)
    assert not scene.vault.grant_lives(scene.tx, getattr(scene, whose))


def test_a_withdrawal_after_the_last_day_is_not_why_and_keeps_it_shut_where_the_clock_is_put_back(
    scene: Scene, clock: FixedClock
) -> None:
    clock.at += timedelta(days=40)
    scene.vault.destroy_grant(scene.tx, scene.hers)
    assert scene.unlock() == dark(DarkReason.TERM_OVER)
    clock.at -= timedelta(days=40)
    assert scene.unlock() == dark(DarkReason.GRANT_DESTROYED)


def test_a_withdrawal_for_one_purpose_leaves_the_other(scene: Scene) -> None:
    disputes = scene.grant(scene.ada, DISPUTES)
    holding = HoldingId(new_id())
    locks = [scene.lock(), scene.lock(disputes, purpose=DISPUTES)]
    key = scene.vault.lock_content(scene.tx, holding=holding, locks=locks)
    scene.vault.destroy_grant(scene.tx, scene.hers)
    assert scene.vault.unlock_content(scene.tx, holding=holding, purpose=TRAINING) == dark(DarkReason.GRANT_DESTROYED)
    assert scene.vault.unlock_content(scene.tx, holding=holding, purpose=DISPUTES) == key


def test_a_withdrawal_can_be_repeated_and_an_unknown_grant_is_a_mistake(scene: Scene) -> None:
    scene.vault.destroy_grant(scene.tx, scene.hers)
    scene.vault.destroy_grant(scene.tx, scene.hers)
    with pytest.raises(NotFound):
        scene.vault.destroy_grant(scene.tx, GrantId(new_id()))


def test_the_order_in_which_grants_are_named_does_not_matter(scene: Scene) -> None:
    holding = HoldingId(new_id())
    key = scene.vault.lock_content(scene.tx, holding=holding, locks=[scene.lock(scene.theirs, scene.hers, scene.theirs)])
    assert scene.vault.unlock_content(scene.tx, holding=holding, purpose=TRAINING) == key


def test_the_last_day_is_still_a_day_and_the_next_is_dark_even_if_nobody_ended_the_term(scene: Scene, clock: FixedClock) -> None:
    clock.at += timedelta(days=30)
    assert scene.unlock() == scene.key
    assert scene.vault.terms_due(scene.tx) == []
    clock.at += timedelta(days=1)
    assert scene.unlock() == dark(DarkReason.TERM_OVER)
    assert scene.vault.terms_due(scene.tx) == [(TRAINING, scene.last_day)]


def test_an_ended_term_stays_dark_when_the_clock_is_set_back(scene: Scene, clock: FixedClock) -> None:
    now = clock.at
    clock.at += timedelta(days=31)
    scene.vault.end_term(scene.tx, TRAINING, scene.last_day)
    scene.vault.end_term(scene.tx, TRAINING, scene.last_day)
    clock.at = now
    assert scene.unlock() == dark(DarkReason.TERM_OVER)
    with pytest.raises(Conflict):
        scene.vault.lock_content(scene.tx, holding=HoldingId(new_id()), locks=[scene.lock()])


def test_a_term_does_not_end_before_its_day_is_over(scene: Scene, clock: FixedClock) -> None:
    with pytest.raises(Conflict):
        scene.vault.end_term(scene.tx, TRAINING, scene.last_day)
    clock.at += timedelta(days=100)
    with pytest.raises(NotFound):
        scene.vault.end_term(scene.tx, DISPUTES, scene.last_day)


def test_an_erased_person_is_dark_everywhere(scene: Scene) -> None:
    sealed = scene.vault.seal_value(scene.tx, scene.ada, ADA_TEL.encode(), "tel")
    statement = StatementId(new_id())
    scene.vault.commit(scene.tx, scene.ada, statement, b"evidence")
    scene.vault.destroy_subject(scene.tx, scene.ada)
    scene.vault.destroy_subject(scene.tx, scene.ada)
    erased = dark(DarkReason.SUBJECT_ERASED)
    assert scene.unlock() == erased
    assert scene.vault.open_value(scene.tx, scene.ada, sealed, "tel") == erased
    assert scene.vault.opening(scene.tx, scene.ada, statement) == erased
    assert not scene.vault.subject_exists(scene.tx, scene.ada)
    assert not scene.vault.grant_lives(scene.tx, scene.hers)
    assert scene.vault.grant_lives(scene.tx, scene.theirs)


def test_nothing_is_done_for_a_person_who_was_erased(scene: Scene) -> None:
    scene.vault.destroy_subject(scene.tx, scene.ada)
    with pytest.raises(Conflict):
        scene.grant(scene.ada)
    with pytest.raises(Conflict):
        scene.vault.seal_value(scene.tx, scene.ada, b"v", "tel")
    with pytest.raises(Conflict):
        scene.vault.create_subject(scene.tx, scene.ada)
    with pytest.raises(Conflict):
        scene.vault.lock_content(scene.tx, holding=HoldingId(new_id()), locks=[scene.lock()])


def test_people_who_never_were(scene: Scene) -> None:
    nobody = SubjectId(new_id())
    with pytest.raises(NotFound):
        scene.grant(nobody)
    with pytest.raises(NotFound):
        scene.vault.destroy_subject(scene.tx, nobody)
    with pytest.raises(NotFound):
        scene.vault.release_hold(scene.tx, HoldId(new_id()))
    assert scene.vault.opening(scene.tx, nobody, StatementId(new_id())) == dark(DarkReason.NEVER_GRANTED)
    assert not scene.vault.subject_exists(scene.tx, nobody)
    assert not scene.vault.grant_lives(scene.tx, GrantId(new_id()))


def test_content_is_locked_once_and_never_by_nobody(scene: Scene, clock: FixedClock) -> None:
    fresh = HoldingId(new_id())
    refused: list[tuple[HoldingId, list[Lock]]] = [
        (scene.holding, [scene.lock()]),
        (fresh, []),
        (fresh, [Lock(purpose=TRAINING, grants=(), last_day=scene.last_day)]),
        (fresh, [scene.lock(), scene.lock()]),
        (fresh, [scene.lock(last_day=day_of(clock.at) - timedelta(days=1))]),
        (fresh, [scene.lock(purpose=DISPUTES)]),
    ]
    for holding, locks in refused:
        with pytest.raises(Conflict):
            scene.vault.lock_content(scene.tx, holding=holding, locks=locks)
    with pytest.raises(NotFound):
        scene.vault.lock_content(scene.tx, holding=fresh, locks=[scene.lock(scene.hers, GrantId(new_id()))])
    assert scene.vault.unlock_content(scene.tx, holding=fresh, purpose=TRAINING) == dark(DarkReason.NEVER_GRANTED)


def test_a_hold_keeps_its_slice_through_withdrawal_term_and_erasure_and_nothing_else(scene: Scene, clock: FixedClock) -> None:
    hold, other = HoldId(new_id()), HoldingId(new_id())
    scene.vault.lock_content(scene.tx, holding=other, locks=[scene.lock()])
    scene.vault.hold(scene.tx, hold=hold, holding=scene.holding, purpose=TRAINING)
    scene.vault.hold(scene.tx, hold=hold, holding=scene.holding, purpose=TRAINING)
    scene.vault.destroy_grant(scene.tx, scene.hers)
    scene.vault.destroy_subject(scene.tx, scene.ada)
    clock.at += timedelta(days=31)
    scene.vault.end_term(scene.tx, TRAINING, scene.last_day)
    assert scene.vault.unlock_held(scene.tx, hold=hold, holding=scene.holding) == scene.key
    assert scene.vault.unlock_held(scene.tx, hold=hold, holding=other) == dark(DarkReason.NEVER_GRANTED)
    assert isinstance(scene.unlock(), Dark)
    scene.vault.release_hold(scene.tx, hold)
    scene.vault.release_hold(scene.tx, hold)
    assert scene.vault.unlock_held(scene.tx, hold=hold, holding=scene.holding) == dark(DarkReason.GRANT_DESTROYED)


def test_what_is_dark_cannot_be_held_and_a_released_hold_takes_nothing_more(scene: Scene) -> None:
    hold = HoldId(new_id())
    scene.vault.hold(scene.tx, hold=hold, holding=scene.holding, purpose=TRAINING)
    scene.vault.release_hold(scene.tx, hold)
    with pytest.raises(Conflict):
        scene.vault.hold(scene.tx, hold=hold, holding=scene.holding, purpose=TRAINING)
    scene.vault.destroy_grant(scene.tx, scene.hers)
    with pytest.raises(Conflict):
        scene.vault.hold(scene.tx, hold=HoldId(new_id()), holding=scene.holding, purpose=TRAINING)


def test_a_commitment_opens_with_its_salt_and_is_another_one_for_each_statement(scene: Scene) -> None:
    first, second = StatementId(new_id()), StatementId(new_id())
    commitment = scene.vault.commit(scene.tx, scene.ada, first, b"said yes")
    salt = scene.vault.opening(scene.tx, scene.ada, first)
    assert isinstance(salt, bytes)
    assert commitment == keyed_hash(salt, b"said yes")
    assert commitment != scene.vault.commit(scene.tx, scene.ada, second, b"said yes")
    assert commitment != scene.vault.commit(scene.tx, scene.agent, first, b"said yes")


def test_the_blind_index_finds_equal_values_of_a_kind_and_tells_nothing_else(scene: Scene) -> None:
    tel = scene.vault.blind(scene.tx, "tel", ADA_TEL)
    assert tel == scene.vault.blind(scene.tx, "tel", ADA_TEL)
    assert len(tel) == 32
    assert tel != scene.vault.blind(scene.tx, "sip", ADA_TEL)
    assert tel != scene.vault.blind(scene.tx, "tel", ADA_TEL + "0")
    assert scene.vault.blinds(scene.tx, [("sip", ADA_TEL), ("tel", ADA_TEL)])[1] == tel
