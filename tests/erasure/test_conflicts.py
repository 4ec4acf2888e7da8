"""A wish to be erased meets a reason to keep: a verdict decides, what it lets stay is held, and the answer says why."""

from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from rightcall.actors import SYSTEM, Role
from rightcall.calls import actions as calls
from rightcall.canonical import sha256
from rightcall.clock import day_of
from rightcall.controllers import actions as controllers
from rightcall.errors import Malformed
from rightcall.evidence.model import Grade
from rightcall.holdings import actions as holdings
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.holds.model import Hold, HoldName, HoldReason, Law, Slice, Untold
from rightcall.holdings.model import HoldingKind, NewHolding, Provenance, Source, Term
from rightcall.ids import HoldingId, new_id
from rightcall.policy.model import Outcome
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import LawfulBasis, NewPurpose
from rightcall.requests.conflicts import actions as conflicts
from rightcall.requests.conflicts.model import Weighed
from rightcall.requests.letters import LetterKind, letter
from rightcall.requests.model import Answered, Request
from rightcall.requests.wording import words_of
from rightcall.vault.model import Lock
from tests.erasure.fakes import World
from tests.procedures.fakes import InlineSteps
from tests.recordings.scene import DPO, SUPERVISOR

DAYS = 1826


def an_order(world: World, tmp_path: Path, *, duty: str = "mifid") -> HoldingId:
    """A recording of Ada's that a law demands, its bytes in the store."""
    new = NewPurpose(
        key="orders",
        title="Keep orders",
        justification="The law wants calls about orders kept.",
        lawful_basis=LawfulBasis.LEGAL_OBLIGATION,
        legal_duty=duty,
        data_categories=("pd:VoiceCommunicationRecording",),
        may_use=frozenset({Role.DPO}),
        term_days=DAYS,
        dpv_purpose="dpv:LegalCompliance",
    )
    id, ada, last_day = HoldingId(new_id()), world.ada, day_of(world.clock.at) + timedelta(days=DAYS)
    key = f"{world.controller}/{id}"
    (tmp_path / "sealed").write_bytes(b"sealed")
    world.objects.put_file(key, tmp_path / "sealed")
    with world.deed() as tx:
        purpose = purposes.create_purpose(tx, world.clock, new, by=DPO).id
        party = next(each.id for each in calls.parties(tx, world.scene.call) if each.subject == ada)
        grant = world.vault.open_grant(tx, subject=ada, party=party, purpose=purpose)
        world.vault.lock_content(tx, holding=id, locks=[Lock(purpose=purpose, grants=(grant,), last_day=last_day)])
        made = Provenance(source=Source.API, actor=SYSTEM, at=world.clock.at, basis=LawfulBasis.LEGAL_OBLIGATION)
        holding = NewHolding(
            id=id,
            subject=ada,
            kind=HoldingKind.STREAM,
            terms=(Term(purpose=purpose, last_day=last_day),),
            mediatype="audio/wav",
            provenance=made,
            object_key=key,
        )
        holdings.record(tx, world.clock, holding)
        holdings.complete(tx, world.clock, id, sealed_length=6, complete=True, sha256=sha256(b"sealed"))
    return id


def hold_on_take(world: World, reason: HoldReason, untold: Untold | None = None) -> Hold:
    take = next(each for each in world.holdings() if each.subject == world.ada)
    with world.deed() as tx:
        placed = holds.place(
            tx,
            world.vault,
            world.clock,
            name=HoldName(text="archive-2026-1"),
            reason=reason,
            untold=untold,
            owner=DPO,
            until=day_of(world.clock.at) + timedelta(days=90),
            slices=[Slice(holding=take.id, purpose=world.scene.training.id)],
        )
        return holds.agree(tx, world.clock, placed.id, by=SUPERVISOR)


def erased(world: World, steps: InlineSteps | None = None) -> Request:
    request = world.ask_for_erasure(world.ada)
    world.answer(request, steps)
    assert world.request(request).outcome is Answered.FULFILLED
    return request


def weighed(world: World, request: Request) -> list[Weighed]:
    with world.deed() as tx:
        return conflicts.weighed(tx, request.id)


def written(world: World, request: Request) -> str:
    with world.deed() as tx:
        house = controllers.get(tx)
    asked = world.request(request)
    return "\n".join(letter(LetterKind.ANSWER, asked, [], [], house, weighed(world, request), [], asked.due_on, 7).paragraphs)


@pytest.mark.parametrize("failing", [False, True])
def test_what_a_law_demands_stays_by_a_verdict_and_the_answer_shows_its_reasons(
    world: World, tmp_path: Path, failing: bool
) -> None:
    world.recorded()
    order = an_order(world, tmp_path)
    steps = InlineSteps(fail_after=frozenset(["weigh what must be kept"])) if failing else None
    request = erased(world, steps)
    assert world.stored() == [f"{world.controller}/{order}"]

    [found] = weighed(world, request)
    assert found.conflict.stays
    assert found.verdict.outcome is Outcome.PROCEED
    assert {each.rule for each in found.verdict.reasons} == {"hold.ground", "mifid.hold"}
    with world.deed() as tx:
        [hold] = holds.standing(tx)
    assert (hold.owner, hold.reason, hold.verdict) == (SYSTEM, HoldReason.LEGAL_OBLIGATION, found.conflict.verdict)
    assert [each.holding for each in hold.slices] == [order]
    assert hold.until == day_of(world.clock.at) + timedelta(days=DAYS)
    assert hold.ends_on == hold.agree_by == day_of(world.clock.at) + timedelta(days=30)

    told = written(world, request)
    assert "MiFID II Art. 16(7)" in told
    assert str(found.conflict.verdict) in told
    assert words_of("en").day(hold.ends_on) in told
    [(grade, shown)] = world.certificates(request.subject)
    assert grade is Grade.PARTIAL
    [kept] = [line for line in shown.says if line.startswith("Remains: kept under a named hold")]
    assert f"until the end of {hold.ends_on}" in kept
    assert "GDPR Art. 17(3)(b)" in kept
    assert "MiFID II Art. 16(7)" in kept

    with world.deed() as tx:
        agreed = holds.agree(tx, world.clock, hold.id, by=DPO)
    assert agreed.ends_on == hold.until
    assert words_of("en").day(hold.until) in written(world, request)


def test_what_cannot_be_told_is_kept_for_a_person_to_look_and_goes_if_nobody_does(
    world: World, database_url: str, tmp_path: Path
) -> None:
    world.recorded()
    order = an_order(world, tmp_path)
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE controllers SET jurisdictions = '{EU,NZ}' WHERE controller = %s", (world.controller,))
    request = erased(world)
    assert world.stored() == [f"{world.controller}/{order}"]
    [found] = weighed(world, request)
    assert (found.conflict.stays, found.verdict.outcome, found.law) == (True, Outcome.CANNOT_TELL, None)
    with world.deed() as tx:
        [hold] = holds.standing(tx)
    assert found.until == hold.agree_by == day_of(world.clock.at) + timedelta(days=30)
    assert words_of("en").day(hold.agree_by) in written(world, request)
    world.clock.at += timedelta(days=31)
    with world.deed() as tx:
        assert holds.end(tx, world.vault, world.clock, hold.id)
        assert world.vault.may_open_yet(tx, [order]) == set()


def unnamed(world: World, tmp_path: Path, database_url: str) -> HoldingId:
    """Of a purpose from before it had to name its law."""
    order = an_order(world, tmp_path)
    with psycopg.connect(database_url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE purposes SET legal_duty = NULL WHERE controller = %s AND key = 'orders'", (world.controller,))
    return order


def test_a_duty_whose_law_the_register_does_not_name_waits_for_somebody_to_name_it(
    world: World, tmp_path: Path, database_url: str
) -> None:
    world.recorded()
    order = unnamed(world, tmp_path, database_url)
    request = erased(world)
    assert world.stored() == [f"{world.controller}/{order}"]
    [found] = weighed(world, request)
    assert (found.conflict.stays, found.law, found.verdict.outcome) == (True, None, Outcome.UNLAWFUL)
    assert found.until == day_of(world.clock.at) + timedelta(days=30)
    with world.deed() as tx:
        [hold] = holds.standing(tx)
    with pytest.raises(Malformed, match="name which"), world.deed() as tx:
        holds.agree(tx, world.clock, hold.id, by=DPO)
    with world.deed() as tx:
        agreed = holds.agree(tx, world.clock, hold.id, by=DPO, law=Law(text="AO § 147"))
    assert (agreed.law, agreed.ends_on) == (Law(text="AO § 147"), hold.until)
    assert "The law that says so: AO § 147." in written(world, request)


def test_a_duty_whose_law_nobody_names_keeps_nothing_after_thirty_days(world: World, tmp_path: Path, database_url: str) -> None:
    world.recorded()
    order = unnamed(world, tmp_path, database_url)
    request = erased(world)
    with world.deed() as tx:
        [hold] = holds.standing(tx)
    world.clock.at += timedelta(days=31)
    with world.deed() as tx:
        assert holds.end(tx, world.vault, world.clock, hold.id)
        assert world.vault.may_open_yet(tx, [order]) == set()
    assert "GDPR Art. 17(3)(b), 6(3)" in written(world, request)


@pytest.mark.parametrize(("duty", "told"), [("AO § 147", "AO § 147"), ("bookkeeping", "bookkeeping (GDPR Art. 17(3))")])
def test_the_law_that_the_register_names_is_told(world: World, tmp_path: Path, duty: str, told: str) -> None:
    world.recorded()
    an_order(world, tmp_path, duty=duty)
    request = erased(world)
    with world.deed() as tx:
        [hold] = holds.standing(tx)
    assert hold.law == Law(text=told)
    assert f"The law that says so: {told}." in written(world, request)


def test_a_hold_that_the_house_finds_not_right_against_the_wish_falls(world: World) -> None:
    world.recorded()
    hold = hold_on_take(world, HoldReason.ARCHIVING)
    request = erased(world)
    assert world.stored() == []
    [found] = weighed(world, request)
    assert (found.conflict.hold, found.conflict.stays, found.until) == (hold.id, False, None)
    assert found.verdict.outcome is Outcome.NOT_RIGHT
    assert {each.rule for each in found.verdict.reasons} == {"house.a_wish_outweighs"}
    (lifted,) = world.leaves("holdings.hold_lifted")
    assert lifted["role"] == "system"


def test_a_hold_for_a_claim_outlasts_the_wish_with_its_reasons(world: World) -> None:
    world.recorded()
    hold = hold_on_take(world, HoldReason.LEGAL_CLAIMS)
    request = erased(world)
    assert len(world.stored()) == 1
    [found] = weighed(world, request)
    assert (found.conflict.hold, found.conflict.stays, found.until) == (hold.id, True, hold.until)
    assert "legal claim" in written(world, request)


def test_whoever_must_not_be_told_reads_nothing_of_it_in_the_answer(world: World) -> None:
    world.recorded()
    hold_on_take(world, HoldReason.LEGAL_CLAIMS, Untold.DEFEATS_CLAIM)
    request = erased(world)
    [found] = weighed(world, request)
    assert not found.is_told
    assert "legal claim" not in written(world, request)
    [(_, shown)] = world.certificates(request.subject)
    [kept] = [line for line in shown.says if line.startswith("Remains: kept under a named hold")]
    assert not any(word in kept for word in ("claim", "because", "says"))


def test_where_nothing_is_to_be_kept_nothing_is_weighed(world: World) -> None:
    world.recorded()
    request = erased(world)
    assert weighed(world, request) == []
    assert world.stored() == []
