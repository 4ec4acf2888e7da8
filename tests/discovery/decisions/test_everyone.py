"""One sort of doubt, decided for all whom it waits on: told before it is done, the likeliest first, and never by a guess."""

import pytest

from rightcall.actors import Actor, Role
from rightcall.database.connection import Transaction
from rightcall.discovery.decisions import actions as decisions
from rightcall.discovery.decisions.model import Asked, First
from rightcall.discovery.detection.model import Kind
from rightcall.discovery.joins import actions as joins
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.model import Aspect, LinkReason, LinkState, Outcome, Tally
from rightcall.errors import Conflict
from rightcall.ids import LinkId, SystemId, new_id
from rightcall.vault.actions import Vault
from tests.cast import BEN_TEL
from tests.conftest import FixedClock
from tests.discovery.linking.scene import NAME, Estate, estate

DPO = Actor(id=new_id(), role=Role.DPO)
PEOPLE = ("Ada Holm", "Ben Bach", "Clara Dahl", "Dan Friis", "Eva Krag")


@pytest.fixture
def crm(tx: Transaction, vault: Vault, clock: FixedClock) -> Estate:
    """Five people, three of them with two letters each of their address alone; two with one number, which a call has; and one
    letter in another name."""
    crm = estate(tx, vault, clock)
    for nth, name in enumerate(PEOPLE):
        tel = ((Kind.PHONE, BEN_TEL),) if nth > 2 else ()
        crm.record(("customer_id", f"C-{nth}"), (NAME, name), mail(name), *tel)
    _link(crm)
    for name in PEOPLE[:3] * 2:
        crm.record(mail(name))
    crm.record((Kind.PHONE, BEN_TEL))
    crm.record((NAME, "Otto Holm"), mail(PEOPLE[0]))
    _link(crm)
    return crm


def mail(name: str) -> tuple[str, str]:
    return Kind.EMAIL, f"{name.split()[0]}@caller.example".lower()


def _link(crm: Estate) -> None:
    linking.link_next(crm.tx, crm.vault, crm.clock, Tally())


def sort_of(crm: Estate, *wanted: tuple[Aspect, Outcome]) -> LinkId:
    found = linking.page_of_links(crm.tx, state=LinkState.DOUBTFUL)
    return next(each.id for each in found if {(one.aspect, one.outcome) for one in each.compared} == set(wanted))


ADDRESS = (Aspect.EMAIL, Outcome.AGREES)
NUMBER = (Aspect.TEL, Outcome.AGREES)
OTHER_NAME = ((Aspect.GIVEN_NAME, Outcome.DIFFERS), (Aspect.FAMILY_NAME, Outcome.AGREES))


def test_what_would_be_decided_is_told_and_nothing_is(crm: Estate) -> None:
    told = decisions.alike_of_everyone(crm.tx, sort_of(crm, ADDRESS), accepting=True)
    assert (told.records, told.people) == (6, 3)
    assert 0 < told.lowest <= told.highest < 1
    assert decisions.count_waiting(crm.tx)[0] == 8


def test_all_of_a_sort_are_accepted_as_many_as_is_said_each_for_its_own_person(crm: Estate) -> None:
    link = sort_of(crm, ADDRESS)
    some = joins.accept_links_of_everyone(crm.tx, crm.vault, crm.clock, link, most=2, reason=LinkReason.OTHER, by=DPO)
    assert len(some) == 2
    link = sort_of(crm, ADDRESS)
    rest = joins.accept_links_of_everyone(crm.tx, crm.vault, crm.clock, link, most=500, reason=LinkReason.OTHER, by=DPO)
    assert len(rest) == 4
    assert len({each.subject for each in (*some, *rest)}) == 3
    assert {each.state for each in (*some, *rest)} == {LinkState.CERTAIN}
    assert all(crm.subject_of(each.record) == each.subject for each in rest)
    with pytest.raises(Conflict):
        decisions.alike_of_everyone(crm.tx, link, accepting=True)


def test_what_waits_on_two_is_not_among_them_and_what_is_no_persons_own_is_refused(crm: Estate) -> None:
    link = sort_of(crm, NUMBER)
    assert decisions.alike_of_everyone(crm.tx, link, accepting=False).records == 0
    with pytest.raises(Conflict, match="person's own"):
        decisions.alike_of_everyone(crm.tx, link, accepting=True)
    with pytest.raises(Conflict, match="person's own"):
        decisions.accept_of_everyone(crm.tx, crm.vault, crm.clock, link, most=500, reason=LinkReason.OTHER, by=DPO)


def test_where_something_differs_all_are_refused_and_never_accepted(crm: Estate) -> None:
    link = sort_of(crm, ADDRESS, *OTHER_NAME)
    with pytest.raises(Conflict, match="one by one"):
        decisions.alike_of_everyone(crm.tx, link, accepting=True)
    assert decisions.alike_of_everyone(crm.tx, link, accepting=False).records == 1
    with pytest.raises(Conflict, match="one by one"):
        decisions.accept_of_everyone(crm.tx, crm.vault, crm.clock, link, most=500, reason=LinkReason.OTHER, by=DPO)
    [done] = decisions.refuse_of_everyone(crm.tx, crm.vault, crm.clock, link, most=500, reason=LinkReason.OTHER, by=DPO)
    assert done.state is LinkState.REFUSED


def test_the_queue_has_pages(crm: Estate) -> None:
    whole = [each.subject for each in decisions.waiting(crm.tx)]
    assert len(whole) == 5
    first = decisions.waiting(crm.tx, limit=2)
    second = decisions.waiting(crm.tx, after=first[-1].subject, limit=2)
    last = decisions.waiting(crm.tx, after=second[-1].subject, limit=2)
    assert [each.subject for page in (first, second, last) for each in page] == whole
    assert decisions.waiting(crm.tx, after=whole[-1]) == []


def test_a_record_that_a_household_shares_counts_once_however_many_it_waits_on(crm: Estate) -> None:
    by_person = decisions.waiting(crm.tx)
    assert sum(each.records for each in by_person) == 9, "the letter of a number waits on both who share it"
    assert decisions.count_waiting(crm.tx) == (8, len(by_person))


def test_the_likeliest_come_first_or_those_on_whom_most_waits_and_any_part_of_them_is_shown(crm: Estate) -> None:
    likeliest = decisions.waiting(crm.tx)
    scores = [max(sort.score for sort in each.sorts) for each in likeliest]
    assert scores == sorted(scores, reverse=True)
    numbers = [each.records for each in decisions.waiting(crm.tx, Asked(first=First.MOST))]
    assert numbers == sorted(numbers, reverse=True)
    best = Asked(least=scores[0])
    assert {sort.score for each in decisions.waiting(crm.tx, best) for sort in each.sorts} == {scores[0]}
    assert decisions.count_waiting(crm.tx, best)[0] < decisions.count_waiting(crm.tx)[0]
    assert decisions.waiting(crm.tx, Asked(system=SystemId(new_id()))) == []
    assert decisions.waiting(crm.tx, Asked(system=crm.system)) == likeliest
