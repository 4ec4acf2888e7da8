"""Whom a record is about, decided from facts alone: each guard of a household has a case that only it stops."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightcall.discovery.linking.clues import ClueKind as K
from rightcall.discovery.linking.model import Blinds, Certain, Decision, Doubtful, Likely, Newcomer, Nobody, Record, Unlinked
from rightcall.discovery.linking.rules import MOST_HOLDERS, Frequencies, decide, of_many, weigh
from rightcall.discovery.linking.wording import says
from rightcall.ids import SubjectId, SystemId, new_id

KARL, LISE = SubjectId(new_id()), SubjectId(new_id())
_NAMES = {
    "karl": {K.NAME_GIVEN: "karl", K.NAME_INITIAL: "k", K.NAME_FAMILY: "holm", K.NAME_FULL: "holm, karl"},
    "lise": {K.NAME_GIVEN: "lise", K.NAME_INITIAL: "l", K.NAME_FAMILY: "holm", K.NAME_FULL: "holm, lise"},
    "k.": {K.NAME_INITIAL: "k", K.NAME_FAMILY: "holm"},
}
BORN, BORN_LATER, HOME, TEL, MAIL = (
    {K.DATE_OF_BIRTH: "1980-04-03"},
    {K.DATE_OF_BIRTH: "2008-06-01"},
    {K.POSTCODE_HOUSE: "1165/7"},
    {K.TEL: "+4532123456"},
    {K.EMAIL: "holm@caller.example"},
)


def told(*facts: Mapping[K, str] | str) -> Blinds:
    found: dict[K, frozenset[bytes]] = {}
    for each in facts:
        for kind, value in (_NAMES[each] if isinstance(each, str) else each).items():
            found[kind] = found.get(kind, frozenset()) | {f"{kind} {value}".encode()}
    return found


def customer(number: str) -> Mapping[K, str]:
    return {K.CUSTOMER_ID: number}


def decided(clues: Blinds, known: Mapping[SubjectId, Blinds], *, shared: Mapping[bytes, int] | None = None) -> Decision:
    record = Record(id=new_id(), system=SystemId(new_id()), ours=True, clues=clues)
    every = [blind for blinds in known.values() for told in blinds.values() for blind in told]
    counted = {blind: every.count(blind) for blind in every} | dict(shared or {})
    return decide(record, known, Frequencies(subjects=10_000, shared_by=counted))


@pytest.mark.parametrize(
    ("record", "his"),
    [
        pytest.param(told(customer("C-1"), "lise", BORN_LATER), told(customer("C-1"), "karl", BORN), id="his id, her name"),
        pytest.param(told(customer("C-1"), "lise"), told(customer("C-1"), "karl", BORN), id="his id, another given name"),
        pytest.param(told({K.NATIONAL_ID: "1"}, "lise"), told({K.NATIONAL_ID: "1"}, "karl"), id="his national id, her name"),
        pytest.param(
            told({K.NATIONAL_ID: "1"}, "karl", BORN_LATER), told({K.NATIONAL_ID: "1"}, "karl", BORN), id="another day of birth"
        ),
    ],
)
def test_what_contradicts_whose_id_it_has_waits_and_makes_nobody_new(record: Blinds, his: Blinds) -> None:
    decision = decided(record, {KARL: his})
    assert isinstance(decision, Doubtful)
    assert [each.subject for each in decision.among] == [KARL]


def test_what_has_his_id_and_tells_all_of_her_waits_on_both() -> None:
    known = {KARL: told(customer("C-1"), "karl", BORN, HOME), LISE: told("lise", BORN_LATER, HOME, TEL, MAIL)}
    decision = decided(told(customer("C-1"), "lise", BORN_LATER, HOME, TEL, MAIL), known)
    assert isinstance(decision, Doubtful)
    assert {each.subject for each in decision.among} == {KARL, LISE}


def test_a_mailbox_and_a_name_that_two_have_are_no_link_where_the_number_is_the_others() -> None:
    """Father and son of one name write from the father's mailbox."""
    mobile, other = {K.TEL: "+4520112244"}, {K.TEL: "+4520112233"}
    known = {KARL: told("karl", MAIL, other), LISE: told("karl", mobile)}
    asked = decided(told("karl", MAIL, mobile), known)
    assert isinstance(asked, Doubtful)
    assert {each.subject for each in asked.among} == {KARL, LISE}
    hers = decided(told("karl", MAIL, mobile), {**known, LISE: told("lise", mobile)})
    assert isinstance(hers, Certain)
    assert hers.weighed.subject == KARL


def test_a_score_above_all_doubt_is_no_link_where_the_day_of_birth_differs() -> None:
    """A daughter of her mother's name, with her address, number and account."""
    shared: list[Mapping[K, str] | str] = [HOME, TEL, {K.IBAN: "account"}, "lise"]
    rare = {b"tel": 1}
    decision = decided(told(*shared, BORN_LATER), {LISE: told(*shared, BORN)}, shared=rare)
    assert not isinstance(decision, Certain | Likely)
    many = [told(*shared, MAIL, BORN_LATER), told(*shared, MAIL, BORN)]
    assert not isinstance(decided(many[0], {LISE: many[1]}), Certain | Likely)


@pytest.mark.parametrize("own", [customer("C-2"), {K.NATIONAL_ID: "2"}, {K.NAME_GENERATION: "junior"}, BORN_LATER])
def test_whatever_ones_own_differs_no_score_links(own: Mapping[K, str]) -> None:
    theirs = dict.fromkeys(own, "another")
    same: list[Mapping[K, str] | str] = ["lise", HOME, {K.IBAN: "account"}, TEL, {K.CARD: "card"}]
    if K.DATE_OF_BIRTH not in own:
        same.append(BORN)
    assert isinstance(decided(told(*same, BORN), {LISE: told(*same, BORN)}), Likely)
    assert not isinstance(decided(told(*same, own), {LISE: told(*same, theirs)}), Certain | Likely)


@pytest.mark.parametrize("holders", range(1, 12))
def test_a_number_alone_makes_nobody_new_however_many_have_it(holders: int) -> None:
    known = {SubjectId(new_id()): told(customer(f"C-{nth}"), TEL) for nth in range(holders)}
    decision = decided(told(TEL), known)
    assert isinstance(decision, Doubtful) or decision == Nobody(why=Unlinked.SHARED)


@pytest.mark.parametrize("holders", [MOST_HOLDERS + 1, 101])
def test_a_name_beside_a_number_that_many_have_makes_nobody_new(holders: int) -> None:
    """Above the largest block there are no candidates at all."""
    [blind] = told(TEL)[K.TEL]
    assert decided(told("lise", TEL), {}, shared={blind: holders}) == Nobody(why=Unlinked.SHARED)
    assert decided(told("lise", TEL, MAIL), {}, shared={blind: holders}) == Newcomer()
    assert decided(told("lise", TEL, customer("C-9")), {}, shared={blind: holders}) == Newcomer()


def test_somebody_else_of_the_household_is_somebody_new() -> None:
    assert decided(told("lise", BORN_LATER, TEL), {KARL: told(customer("C-1"), "karl", BORN, TEL)}) == Newcomer()


def test_a_record_of_several_people_waits_on_whom_its_identifier_names() -> None:
    known = {KARL: told(customer("C-1"), "karl", MAIL)}
    decision = decided(told(customer("C-1"), "karl", "lise"), known)
    assert isinstance(decision, Doubtful)
    assert [each.subject for each in decision.among] == [KARL]
    assert decided(told("karl", "lise"), known) == Nobody(why=Unlinked.SEVERAL_PEOPLE)
    assert decided(told(customer("C-7"), "karl", "lise"), {}) == Nobody(why=Unlinked.SEVERAL_PEOPLE)


def test_an_address_of_more_than_share_one_is_nobodys() -> None:
    [blind] = told(MAIL)[K.EMAIL]
    assert of_many(told(MAIL, TEL), {blind: MOST_HOLDERS}) == frozenset()
    assert of_many(told(MAIL, TEL), {blind: MOST_HOLDERS + 1}) == {blind}


def _score(clues: Blinds, *, people: int, others: int) -> float:
    shared = {blind: 1 + others for blinds in clues.values() for blind in blinds}
    [weighed] = weigh(clues, {KARL: clues}, Frequencies(subjects=people, shared_by=shared))
    return weighed.score


@given(people=st.integers(1, 1_000_000), others=st.integers(0, 40))
def test_a_name_alone_is_never_near_certain_and_less_than_a_mailbox(people: int, others: int) -> None:
    """However few are known, and however rare it is here: whom nobody knows may be called the same."""
    name = _score(told("karl"), people=people, others=min(others, people - 1))
    assert name <= 2 / 3
    assert name < _score(told(MAIL), people=people, others=0)
    assert _score(told(BORN), people=people, others=0) < 0.8


def test_what_others_share_counts_for_less_and_it_is_said() -> None:
    scores = [_score(told(MAIL), people=1000, others=others) for others in range(4)]
    assert scores == sorted(scores, reverse=True)
    known = Frequencies(subjects=1000, shared_by={blind: 3 for blinds in told(MAIL, "karl").values() for blind in blinds})
    [weighed] = weigh(told(MAIL, "karl"), {KARL: told(MAIL, "lise")}, known)
    assert any("the same e-mail address" in each and "2 others here have it too" in each for each in says(weighed.compared))
    [named] = weigh(told("karl"), {KARL: told("karl")}, known)
    assert says(named.compared)[-1].startswith("a name alone")
