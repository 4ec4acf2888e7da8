"""How often linking is right, on a made-up population in households. The figures are in docs/howto/whose-is-it.md."""

from collections import Counter

import pytest

from rightcall.discovery.linking.known import Known
from rightcall.discovery.linking.model import Certain, Doubtful, Likely, Newcomer
from rightcall.discovery.linking.rules import decide
from rightcall.ids import SubjectId, new_id
from tests.discovery.linking.population import Population


def measured(population: Population) -> Counter[str]:
    """Of the records of people who have a subject: how many were linked by themselves, rightly and wrongly, and how many wait for
    a person who is shown the right one."""
    known, owner, counted = Known(), dict[SubjectId, int](), Counter[str]()
    for told in population.records():
        candidates = known.candidates(told.record.clues)
        decision = decide(told.record, candidates, known.frequencies(), alone=known.alone(candidates))
        if isinstance(decision, Certain | Likely):
            subject = decision.weighed.subject
            counted["right" if owner[subject] == told.person else "wrong"] += 1
            known.add(subject, told.record.clues)
        elif isinstance(decision, Newcomer):
            subject = SubjectId(new_id())
            owner[subject] = told.person
            known.add(subject, told.record.clues)
        elif isinstance(decision, Doubtful):
            counted["shown" if told.person in {owner[each.subject] for each in decision.among} else "not shown"] += 1
            for each in decision.among:
                tenth = int(each.score * 10)
                counted[f"{tenth} said"] += 1
                counted[f"{tenth} so"] += owner[each.subject] == told.person
    return counted


@pytest.fixture(scope="module")
def figures() -> Counter[str]:
    return measured(Population(households=700))


def test_no_link_that_is_made_without_asking_is_wrong(figures: Counter[str]) -> None:
    """At least 0.999 of them; of so few, every one."""
    assert figures["right"] > 1720
    assert figures["wrong"] == 0


def test_a_person_who_is_asked_is_shown_the_right_one(figures: Counter[str]) -> None:
    assert figures["shown"] > 0.95 * (figures["shown"] + figures["not shown"])


def test_a_score_promises_no_more_than_is_so(figures: Counter[str]) -> None:
    """Of those that wait at 80 percent or more at least 80 in a hundred are right, and so on."""
    tenths = [each for each in range(10) if figures[f"{each} said"] >= 40]
    assert len(tenths) > 4
    for each in tenths:
        assert figures[f"{each} so"] >= each / 10 * figures[f"{each} said"], (each, figures)
