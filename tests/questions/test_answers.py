"""The six questions are answered by what runs, on a real database."""

from dataclasses import replace
from datetime import timedelta

from rightcall.actors import SYSTEM, PartyRole
from rightcall.consent.model import Answer
from rightcall.database.sql import by_walking
from rightcall.database.walk import Walk
from rightcall.policy.actions import ask_all, load_rules
from rightcall.policy.model import Act, Outcome
from rightcall.questions import actions as questions
from rightcall.questions import store
from rightcall.questions.model import DAYS
from tests.consent.conftest import Scene, scene  # noqa: F401 - a fixture
from tests.policy.facts import capture


def test_choices_are_counted_on_the_day_that_they_were_made_and_forgotten_after_the_last(scene: Scene) -> None:  # noqa: F811 - the fixture
    scene.choose(Answer.GRANTED)
    scene.choose(Answer.REFUSED, scene.join(PartyRole.CUSTOMER))
    scene.clock.at += timedelta(days=1)
    scene.choose(Answer.WITHDRAWN)
    found = questions.answer(scene.tx, scene.vault, scene.clock, load_rules(), None)
    said = found.said_yes
    assert (said.yes, said.no, said.withdrawn, len(said.days)) == (1, 1, 1, DAYS)
    assert [(each.yes, each.withdrawn) for each in said.days[-2:]] == [(1, 0), (0, 1)]
    assert (found.why.running, found.why.resting) == (0, 1)
    assert [each.runs for each in found.why.purposes] == [False]
    scene.clock.at += timedelta(days=DAYS - 1)
    later = questions.answer(scene.tx, scene.vault, scene.clock, load_rules(), None).said_yes
    assert (later.yes, later.no, later.withdrawn) == (0, 0, 1)


def test_only_what_a_rule_leaves_out_of_a_persons_own_copy_is_no_stop(scene: Scene) -> None:  # noqa: F811 - the fixture
    rules = load_rules()
    too_late = capture(act=Act.EXPORT, at=scene.clock.at, actor=SYSTEM, last_day=scene.clock.at.date() - timedelta(days=1))
    own = replace(too_late, for_speaker=True, carries_authentication_data=True)
    unknown = replace(own, carries_authentication_data=False, carries_card_data=None, last_day=scene.clock.at.date())
    given = ask_all(scene.tx, rules=rules, clock=scene.clock, questions=[own, too_late, unknown], by=SYSTEM)
    assert [verdict.outcome for _, verdict in given] == [Outcome.UNLAWFUL, Outcome.UNLAWFUL, Outcome.CANNOT_TELL]
    counted = questions.answer(scene.tx, scene.vault, scene.clock, rules, None).right.stopped
    listed = questions.stops(scene.tx, Walk(), None, 10)
    assert {each.id for each in listed} == {id for id, _ in given[1:]}
    assert sum(counted.values()) == len(listed)


def test_answers_of_one_sort_are_a_walk_along_their_index(scene: Scene) -> None:  # noqa: F811 - the fixture
    for oldest_first, statement in store._OF_ONE_SORT.items():
        given = {"controller": scene.tx.of, "answers": ["granted"], "purpose": None, "limit": 50}
        with by_walking(scene.tx):
            found = scene.tx.connection.execute(
                "EXPLAIN (COSTS OFF) " + statement, given | Walk(oldest_first=oldest_first).bounds()
            )
            plan = "\n".join(str(row["QUERY PLAN"]) for row in found.fetchall())
        assert "choices_of_answer" in plan
        assert "Sort" not in plan
