"""How often a proposal is right, on the made-up population in households where one in ten was entered twice, under two customer
ids and as untidily as everything there. The figures are in docs/howto/whose-is-it.md."""

import random
from collections import Counter
from dataclasses import replace

from rightcall.discovery.joins.rules import may_be
from rightcall.discovery.linking.known import Known
from rightcall.ids import SubjectId, SystemId, new_id
from tests.discovery.linking.population import Population, in_crm


def measured(population: Population) -> Counter[str]:
    """`twice`: who was entered twice, and of them `found`. `wrong`: proposals of two people."""
    dice, system = random.Random(population.seed), SystemId(new_id())  # noqa: S311 - made-up people
    known, owner, counted = Known(), dict[SubjectId, int](), Counter[str]()
    entered = []
    for person in population.people:
        entered.append(person)
        if dice.random() < 0.1:
            entered.append(replace(person, customer=f"{person.customer}-2"))
            counted["twice"] += 1
    clues = {}
    for person in entered:
        subject = SubjectId(new_id())
        owner[subject] = person.number
        clues[subject] = in_crm(system, person, dice).clues
        known.add(subject, clues[subject])
    pairs = {
        frozenset((subject, weighed.subject))
        for subject, told in clues.items()
        for weighed in may_be(told, known.candidates(told, refused={subject}), known.frequencies())
    }
    for one, other in pairs:
        counted["found" if owner[one] == owner[other] else "wrong"] += 1
    return counted


def test_no_two_people_are_proposed_as_one_and_many_who_were_entered_twice_are() -> None:
    figures = measured(Population(households=700))
    assert figures["wrong"] == 0, figures
    assert figures["found"] > 0.2 * figures["twice"] > 0, figures
