"""A caller and somebody whom records alone tell of, joined: one person, who is told of once, wherever it is told, and by all that
they were known by."""

from datetime import timedelta
from pathlib import Path

import pytest

from rightcall.activities.telling import actions as telling
from rightcall.activities.telling import store
from rightcall.activities.telling.model import Notice
from rightcall.clock import day_of
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.model import LinkState
from rightcall.erasure import actions as erasures
from rightcall.erasure.elsewhere.model import KeeperSaid
from rightcall.errors import Conflict
from rightcall.holdings import actions as holdings
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.holds.model import Hold, HoldName, HoldReason, Slice
from rightcall.ids import ErasureId, PurposeId, SubjectId
from rightcall.purposes import actions as purposes
from rightcall.requests import staying
from rightcall.requests.model import Request
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.model import JoinReason
from tests.cast import ADA_TEL
from tests.erasure import test_conflicts as tried
from tests.erasure.elsewhere.scene import NUMBER, Away
from tests.erasure.fakes import World
from tests.erasure.test_telling import declared, planned
from tests.recordings.scene import DPO, SUPERVISOR


def other_purpose(world: World) -> PurposeId:
    with world.deed() as tx:
        return next(each.id for each in purposes.all_purposes(tx) if each.id != world.scene.training.id)


def of_records(away: Away, tmp_path: Path, purpose: PurposeId) -> SubjectId:
    """Somebody of whom a share alone tells, in words; joined to the caller."""
    world, share = away.world, tmp_path / "share"
    share.mkdir()
    (share / "customers.csv").write_text("number,email\nKD-300000,ada@records.example\n")
    away.scan(away.register("share", str(share), purpose=purpose))
    caller = world.ada
    with world.deed() as tx:
        [subject] = {each.subject for each in linking.page_of_links(tx) if each.state is LinkState.CERTAIN}
        joining.join(tx, world.vault, world.clock, subject, into=caller, reason=JoinReason.PERSON_SAID_SO, by=DPO)
    return subject


def notices(world: World, request: Request) -> dict[str, Notice]:
    with world.deed() as tx:
        found = telling.notices_of_person(tx, ErasureId(request.id))
    assert len({to.id for to, _ in found}) == len(found), "nobody is told of one person twice"
    return {to.name: notice for to, notice in found}


def letter(world: World, notice: Notice) -> str:
    with world.deed() as tx:
        return telling.letter(tx, world.vault, world.clock, erasure=notice.erasure, recipient=notice.recipient)


def tell(world: World, notice: Notice) -> None:
    with world.deed() as tx:
        telling.tell(tx, world.vault, world.clock, erasure=notice.erasure, recipient=notice.recipient, by=DPO)


@pytest.mark.parametrize("asked_of_the_caller", [True, False])
def test_each_recipient_is_told_once_by_all_that_the_person_was_known_by(
    away: Away, tmp_path: Path, asked_of_the_caller: bool
) -> None:
    world, training = away.world.recorded(), away.world.scene.training.id
    other = other_purpose(world)
    records = of_records(away, tmp_path, other)
    declared(world, "Training House", training)
    declared(world, "Glass Works", other)
    declared(world, "Both House", training, other)
    request = world.ask_for_erasure(world.ada if asked_of_the_caller else records)
    world.open_system = away.open
    world.answer(request)
    planned(world, request)
    planned(world, request)
    found = notices(world, request)
    assert found.keys() == {"Training House", "Glass Works", "Both House"}
    assert set(found["Both House"].purposes) == {training, other}
    assert {each.erasure for each in found.values()} == {ErasureId(request.id)}
    for name, notice in found.items():
        assert ADA_TEL in letter(world, notice), name
        assert str(request.id) in letter(world, notice)

    with world.deed() as tx:
        [_, part] = erasures.whole(tx, ErasureId(request.id))
        assert telling.notice_of(tx, part.id, found["Glass Works"].recipient)[1] == found["Glass Works"]

    tell(world, found["Training House"])
    tell(world, found["Both House"])
    assert ADA_TEL in letter(world, found["Glass Works"])
    tell(world, found["Glass Works"])
    with pytest.raises(Conflict):
        letter(world, found["Glass Works"])
    with world.deed() as tx:
        kept = tx.connection.execute("SELECT count(*) FROM erasure_letters WHERE key IS NOT NULL").fetchone()
    assert kept is not None
    assert list(kept.values()) == [0]


def test_a_recipient_that_stands_under_another_subject_is_found_by_the_erasure_of_the_person(away: Away, tmp_path: Path) -> None:
    """As recipients of an erasure from before did, and those whose part joined the person after they were told."""
    world = away.world.recorded()
    of_records(away, tmp_path, other_purpose(world))
    house = declared(world, "Training House", world.scene.training.id)
    request = world.ask_for_erasure(world.ada)
    world.open_system = away.open
    world.answer(request)
    with world.deed() as tx:
        [_, part] = erasures.whole(tx, ErasureId(request.id))
        store.insert_notice(tx, part.id, house.id, house.purposes, world.clock.at)
        told = telling.tell(tx, world.vault, world.clock, erasure=ErasureId(request.id), recipient=house.id, by=DPO)
        assert (told.erasure, told.told_by) == (part.id, DPO)


def hold_both(world: World, records: SubjectId, name: str, reason: HoldReason = HoldReason.LEGAL_CLAIMS) -> Hold:
    """On what the caller said and on what the records tell."""
    caller = world.ada
    with world.deed() as tx:
        found = [*holdings.of_subject(tx, caller), *holdings.of_subject(tx, records)]
        placed = holds.place(
            tx,
            world.vault,
            world.clock,
            name=HoldName(text=name),
            reason=reason,
            owner=DPO,
            until=day_of(world.clock.at) + timedelta(days=90),
            slices=[Slice(holding=each.id, purpose=each.purposes[0]) for each in found],
        )
        return holds.agree(tx, world.clock, placed.id, by=SUPERVISOR)


def test_of_a_hold_on_two_subjects_one_person_is_told_once(away: Away, tmp_path: Path) -> None:
    world = away.world.recorded()
    records, caller = of_records(away, tmp_path, other_purpose(world)), world.ada
    hold = hold_both(world, records, "dispute-2026-1")
    with world.deed() as tx:
        assert [each.subject for each in holds.about(tx, hold.id)] == [caller]
        assert holds.waiting(tx, world.clock).to_tell == 1
        holds.tell(tx, world.clock, hold.id, records, by=DPO)
        holds.tell(tx, world.clock, hold.id, caller, by=DPO)
        assert [each.at for each in holds.about(tx, hold.id)] == [world.clock.at]
        assert holds.waiting(tx, world.clock).to_tell == 0
    assert world.said()["holdings.hold_told"] == 1


def test_the_answer_says_once_what_holds_keep_of_two_subjects(away: Away, tmp_path: Path) -> None:
    world = away.world.recorded()
    records = of_records(away, tmp_path, other_purpose(world))
    for name in ("dispute-2026-1", "dispute-2026-2"):
        hold_both(world, records, name)
    request = world.ask_for_erasure(world.ada)
    world.open_system = away.open
    world.answer(request)
    away.round()
    weighed, told = tried.weighed(world, request), tried.written(world, request).splitlines()
    assert len(weighed) == 2, "each hold is weighed once"
    assert len(told) == len(set(told))
    assert sum("legal claim" in line for line in told) == 1
    assert all(str(each.conflict.verdict) in "".join(told) for each in weighed)
    with world.deed() as tx:
        left = staying.of_erasure(tx, ErasureId(request.id))
    assert [(hold.name.text, things) for hold, things in left.holds] == [("dispute-2026-1", 3), ("dispute-2026-2", 3)]


def test_a_hold_that_the_verdict_does_not_let_stay_falls_where_it_keeps_two_subjects_of_the_one_who_asks(
    away: Away, tmp_path: Path
) -> None:
    world = away.world.recorded()
    records = of_records(away, tmp_path, other_purpose(world))
    hold = hold_both(world, records, "archive-2026-1", HoldReason.ARCHIVING)
    request = world.ask_for_erasure(world.ada)
    world.open_system = away.open
    world.answer(request)
    with world.deed() as tx:
        assert holds.get(tx, hold.id).lifted_at is not None


@pytest.mark.parametrize("asked_of_the_customer", [True, False])
def test_who_looks_after_a_system_is_told_once_of_all_that_lies_there_of_the_person(
    away: Away, tmp_path: Path, asked_of_the_customer: bool
) -> None:
    world, share, customer = away.world, tmp_path / "share", away.customer(NUMBER)
    share.mkdir()
    (share / "customers.csv").write_text(f"number\nKD-300000\n{NUMBER}\n")
    system = away.register("share", str(share), erases=None, purpose=other_purpose(world))
    away.scan(system)
    with world.deed() as tx:
        found = {each.subject for each in linking.page_of_links(tx) if each.state is LinkState.CERTAIN}
        [records] = found - {customer}
        joining.join(tx, world.vault, world.clock, records, into=customer, reason=JoinReason.PERSON_SAID_SO, by=DPO)
    request = world.ask_for_erasure(customer if asked_of_the_customer else records)
    world.open_system = away.open
    world.answer(request)
    with world.deed() as tx:
        whole = erasures.whole(tx, ErasureId(request.id))
        letters = {telling.keepers_letter(tx, world.vault, world.clock, erasure=each.id, system=system.id).text for each in whole}
    [text] = letters
    assert text.count("customers.csv") == 2
    assert str(request.id) in text
    with world.deed() as tx:
        erasures.tell_keeper(tx, world.vault, world.clock, erasure=whole[0].id, system=system.id, by=DPO)
        said = KeeperSaid.LET_GO
        erasures.keeper_answered(tx, world.clock, erasure=whole[1].id, system=system.id, answer=said, by=DPO)
        errands = erasures.going_to(tx, whole[0].id, system.id)
        assert [(each.told_by, each.answer) for each in errands] == [(DPO, said)] * 2
        assert [each.told_at for each in staying.of_erasure(tx, whole[0].id).systems] == [world.clock.at]
