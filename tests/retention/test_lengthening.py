"""A purpose is given a longer term by verdict and review: what is kept already lasts as long, and what is over stays over."""

from datetime import timedelta

import psycopg
import pytest

from rightcall.actors import Actor, Role
from rightcall.clock import day_of
from rightcall.database.sql import by_walking
from rightcall.errors import Conflict, Malformed
from rightcall.holdings.holds.model import Law
from rightcall.holdings.longer import store as longer
from rightcall.ids import new_id
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Lengthening, Purpose
from rightcall.requests.own import seeing
from rightcall.retention.asking import ask_longer, first_reach, reach
from rightcall.retention.lengthening import Lengthener
from rightcall.retention.model import LongerAsked
from rightcall.retention.shortening import Shortener
from rightcall.reviews import actions as reviews
from rightcall.reviews import standing as reviews_standing
from rightcall.reviews.model import Capacity
from rightcall.vault.model import ContentKey, Dark, DarkReason
from tests.erasure.fakes import World
from tests.procedures.fakes import InlineSteps
from tests.reviews.words import somebody

DPO = Actor(id=new_id(), role=Role.DPO)
LAW = Law(text="Bogføringsloven § 12")
WHY = "The bookkeeping law was changed, and wants it for longer."


def changed(world: World, **columns: object) -> Purpose:
    """As if the purpose had been registered so."""
    sets = ", ".join(f"{name} = %({name})s" for name in columns)
    with world.deed() as tx:
        tx.connection.execute("RESET ROLE")
        tx.connection.execute("SET LOCAL session_replication_role = replica")
        tx.connection.execute(f"UPDATE purposes SET {sets} WHERE purpose = %(id)s", {**columns, "id": world.scene.training.id})  # noqa: S608 - names of columns
    with world.deed() as tx:
        return purposes.get(tx, world.scene.training.id)


def dutiful(world: World) -> Purpose:
    as_registered = {"key": "orders", "dpv_purpose": "dpv:LegalCompliance"}
    return changed(world, lawful_basis="legal_obligation", legal_duty="bookkeeping", **as_registered)


def asked(world: World, days: int, law: Law | None = LAW, by: Actor = DPO) -> LongerAsked:
    with world.deed() as tx:
        rules = world.scene.tools.rules
        return ask_longer(tx, world.clock, rules, world.scene.training.id, days, law=law, why=WHY, by=by)


def lengthened(world: World, days: int) -> None:
    """Asked, and signed by two."""
    review = asked(world, days).review
    assert review is not None
    for role, capacity in ((Role.AGENT, Capacity.FOR_AGENTS), (Role.REVIEWER, Capacity.FOR_CUSTOMERS)):
        with world.deed() as tx:
            reviews.sign(tx, world.clock, world.scene.tools.rules, review.id, capacity, by=somebody(role))
    with world.deed() as tx:
        standing = reviews_standing.in_force(tx, world.clock, world.scene.tools.rules, review.purpose)
        assert not (told := [(each.rule, each.says) for each in reviews_standing.why_not(tx, standing)]), str(told)


def follow(world: World, steps: InlineSteps | None = None) -> object:
    disposer = world.disposals.eraser.disposer
    return Lengthener(disposer=disposer)(steps or InlineSteps(), str(world.controller), str(world.scene.training.id))


def opened(world: World) -> list[ContentKey | Dark]:
    with world.deed() as tx:
        return [world.vault.unlock_content(tx, holding=each.id, purpose=each.purposes[0]) for each in world.holdings()]


@pytest.mark.parametrize("fault", ["none", "before", "after"])
def test_what_is_kept_already_lasts_as_long(world: World, fault: str) -> None:
    failing = {fault: frozenset(["lengthen"])}
    steps = InlineSteps(fail_before=failing.get("before", frozenset()), fail_after=failing.get("after", frozenset()))
    purpose = dutiful(world.recorded())
    made, was = day_of(world.holdings()[0].made_at), purpose.term_days
    with world.deed() as tx:
        found = reach(tx, world.clock, purpose.id)
    assert (found.items, found.people, found.first_day, found.less) == (2, 2, made + timedelta(days=was), 0)
    lengthened(world, was + 60)
    people = [holding.subject for holding in world.holdings()]
    with world.deed() as tx:
        assert seeing.kept_longer(tx, world.clock, people) == [], "nothing is kept for longer yet"
    follow(world, steps)
    assert [holding.terms[0].last_day for holding in world.holdings()] == [made + timedelta(days=was + 60)] * 2
    with world.deed() as tx:
        [longer] = seeing.kept_longer(tx, world.clock, people[:1])
    assert (longer.things, longer.purpose.title, longer.why.was_days, longer.why.law) == (1, purpose.title, was, LAW.text)
    [said] = world.leaves("retention.terms_lengthened")
    assert (said["count"], said["term_days"]) == (2, was + 60)
    [said] = world.leaves("purposes.lengthened")
    assert (said["was_days"], said["term_days"]) == (was, was + 60)
    world.clock.at += timedelta(days=was + 1)
    assert all(isinstance(key, ContentKey) for key in opened(world)), "the shorter term is over, and it opens"
    assert follow(world) == 0
    world.clock.at += timedelta(days=60)
    assert opened(world) == [Dark(reason=DarkReason.TERM_OVER)] * 2
    with world.deed() as tx:
        assert seeing.kept_longer(tx, world.clock, people) == []


def test_where_much_is_held_only_the_first_of_it_is_looked_at_and_that_is_told(world: World) -> None:
    purpose = dutiful(world.recorded())
    with world.deed() as tx:
        all_of_it = reach(tx, world.clock, purpose.id)
        some = first_reach(tx, world.clock, purpose.id, most=1)
        assert first_reach(tx, world.clock, purpose.id, most=3) == all_of_it
        assert (all_of_it.items, all_of_it.is_all) == (2, True)
        assert (some.items, some.people, some.is_all) == (1, 1, False)
        given = {"controller": tx.of, "purpose": purpose.id, "days": 1, "today": day_of(world.clock.at), "most": 5000}
        statement = longer._FIRST + longer._REACH.format(looked_at="first", is_all=longer._NOT_CUT)
        with by_walking(tx):
            rows = tx.connection.execute("EXPLAIN (COSTS OFF) " + statement, given).fetchall()
    plan = "\n".join(str(row["QUERY PLAN"]) for row in rows)
    assert "holdings_past_term" in plan
    assert plan.count(" on holdings") == 1, "and no other way to them"


def test_what_is_over_stays_over_and_what_was_given_less_keeps_its_day(world: World) -> None:
    world.recorded()
    over, less = world.holdings()
    with world.deed() as tx:
        tx.connection.execute("RESET ROLE")
        tx.connection.execute(
            "UPDATE holdings SET last_days = ARRAY[last_days[1] - 1], kept_until = kept_until - 1 WHERE holding = %s", (less.id,)
        )
    purpose = dutiful(world)
    lengthened(world, purpose.term_days + 60)
    world.clock.at += timedelta(days=purpose.term_days + 1)
    assert follow(world) == 0
    assert all(isinstance(key, Dark) for key in opened(world))
    days = {each.id: each.terms[0].last_day for each in world.holdings()}
    assert days == {over.id: over.terms[0].last_day, less.id: less.terms[0].last_day - timedelta(days=1)}  # type: ignore[operator]  # ours have a day


def test_a_shorter_term_after_it_ends_all_of_it_sooner(world: World) -> None:
    purpose = dutiful(world.recorded())
    made = day_of(world.holdings()[0].made_at)
    lengthened(world, purpose.term_days + 60)
    follow(world)
    world.clock.at += timedelta(days=1)
    changed(world, term_days=5)
    Shortener(disposals=world.disposals)(InlineSteps(), str(world.controller), str(purpose.id))
    assert [each.terms[0].last_day for each in world.holdings()] == [made + timedelta(days=5)] * 2
    assert follow(world) == 0
    assert [each.terms[0].last_day for each in world.holdings()] == [made + timedelta(days=5)] * 2


@pytest.mark.parametrize(
    ("basis", "law", "role", "rule"),
    [
        ("consent", LAW, Role.DPO, "term.yes"),
        ("legal_obligation", None, Role.DPO, "term.law"),
        ("legitimate_interests", None, Role.DPO, "house.told_is_the_longest"),
        ("legal_obligation", LAW, Role.SUPERVISOR, "basis.none"),
    ],
)
def test_it_is_refused_with_reasons(world: World, basis: str, law: Law | None, role: Role, rule: str) -> None:
    duty = "bookkeeping" if basis == "legal_obligation" else None
    purpose = changed(world.recorded(), lawful_basis=basis, legal_duty=duty)
    came = asked(world, purpose.term_days + 60, law, by=Actor(id=new_id(), role=role))
    assert came.review is None
    assert rule in {reason.rule for reason in came.verdict.reasons}
    assert follow(world) == 0


def test_nothing_is_longer_before_it_is_signed_nor_past_the_words_of_whoever_asked(world: World) -> None:
    purpose = dutiful(world.recorded())
    review = asked(world, purpose.term_days + 60).review
    assert review is not None
    assert follow(world) == 0
    with pytest.raises(Malformed), world.deed() as tx:
        ask_longer(tx, world.clock, world.scene.tools.rules, purpose.id, 400, law=LAW, why="why not", by=DPO)
    with pytest.raises(Malformed):
        asked(world, purpose.term_days)
    change = Lengthening(was_days=purpose.term_days, term_days=purpose.term_days + 60)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), world.deed() as tx:
        purposes.lengthen(tx, world.clock, purpose.id, change, review=review.id, verdict=review.longer.verdict, by=DPO)  # type: ignore[union-attr]  # asked above
    changed(world, term_days=purpose.term_days + 1)
    with pytest.raises(Conflict), world.deed() as tx:
        reviews.sign(tx, world.clock, world.scene.tools.rules, review.id, Capacity.FOR_AGENTS, by=somebody(Role.AGENT))
