"""What the counts allow to be said of a term: never more than was watched, and nothing that was read late is argued away."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightcall.actors import Role
from rightcall.canonical import canonical_json
from rightcall.ethics.minimisation import rules
from rightcall.ethics.minimisation.documents import document_of, figures_of
from rightcall.ethics.minimisation.drawing import plot
from rightcall.ethics.minimisation.model import (
    ALARM,
    MOST_OF_TERM,
    TERMS,
    TOLERATED,
    Cohort,
    FieldRead,
    Figures,
    Kept,
    Kind,
    Term,
    TermFinding,
    UsesAtAge,
)
from rightcall.ethics.minimisation.saying import percent, proposal_says, term_says, unread_says
from rightcall.holdings.uses.model import Ground
from rightcall.ids import PurposeId, SystemId, new_id
from rightcall.purposes.model import LawfulBasis, OnWithdrawal, Purpose
from tests.cast import MONDAY

TRAINING = Purpose(
    id=PurposeId(new_id()),
    key="training",
    title="Improve how we train agents",
    justification="New agents learn from real conversations.",
    lawful_basis=LawfulBasis.CONSENT,
    staff_basis=LawfulBasis.LEGITIMATE_INTERESTS,
    data_categories=("pd:VoiceCommunicationRecording", "pd:Age"),
    may_use=frozenset({Role.SUPERVISOR}),
    term_days=180,
    dpv_purpose="dpv:PersonnelManagement",
    on_withdrawal=OnWithdrawal.DESTROY,
    created_at=MONDAY,
)
ALL = 180


def cohort(holdings: int, last: int | None = None, *, since: int = 0, until: int = ALL) -> Cohort:
    return Cohort(since=since, until=until, last=last, holdings=holdings)


def term(*cohorts: Cohort, purpose: Purpose = TRAINING, least: int = 0, case: int | None = None) -> Term:
    ages = [UsesAtAge(age_days=each.last, uses=each.holdings, cases=0) for each in cohorts if each.last is not None]
    return rules.term_of(purpose, cohorts, sorted(ages, key=lambda each: each.age_days), least_days=least, latest_case=case)


def figures(of: Term, kept: Sequence[Kept] = (), unplaced: int = 0) -> Figures:
    return Figures(
        purpose=TRAINING.id,
        since=MONDAY - timedelta(days=90),
        until=MONDAY,
        unread_days=90,
        uses={Ground.PURPOSE: 900},
        refused=2,
        unplaced=unplaced,
        fields=(FieldRead(field="sound", uses=900, last_at=MONDAY),),
        kept=tuple(kept),
        never=(Role.SUPERVISOR,),
        term=of,
    )


def test_all_uses_within_three_weeks_propose_the_shortest_term_that_covers_them() -> None:
    found = term(cohort(700, 3), cohort(300, 20), cohort(1000))
    assert (found.finding, found.enough_days, found.watched) == (TermFinding.SHORTER, 21, 2000)
    point = next(each for each in found.points if each.days == 21)
    assert (point.late, point.watched, point.within) == (0, 2000, 1.0)
    assert point.high <= TOLERATED


def test_what_is_young_cannot_have_been_read_late_and_tells_nothing() -> None:
    """Two thousand holdings of thirty days, all read in the first week: naively "all uses within 7 days"."""
    found = term(cohort(2000, 5, until=30))
    assert (found.finding, found.enough_days, found.watched) == (TermFinding.TOO_LITTLE, None, 0)


def test_a_few_that_were_watched_to_the_end_are_too_few() -> None:
    need = term(cohort(1)).needed
    assert term(cohort(need - 1, 3)).finding is TermFinding.TOO_LITTLE
    assert term(cohort(need, 3)).finding is TermFinding.SHORTER


def test_a_late_use_counts_however_short_its_holding_was_watched() -> None:
    """Of the young ones, those that were read late speak against a shorter term; the others say nothing."""
    found = term(cohort(1000, 3), cohort(60, 100, until=110), cohort(40, 100, since=50, until=110))
    point = next(each for each in found.points if each.days == 30)
    assert (point.late, point.watched) == (100, 1100)
    assert found.enough_days == 120


def test_rare_late_uses_are_counted_in_the_bound() -> None:
    few = term(cohort(20_000, 3), cohort(20, 150))
    assert few.enough_days == 3
    [point] = [each for each in few.points if each.days == 3]
    assert point.late == 20
    assert point.late / point.watched < point.high <= TOLERATED
    many = term(cohort(2_000, 3), cohort(20, 150))
    assert (many.finding, many.enough_days) == (TermFinding.LONG_NEEDED, None)


def test_uses_that_all_come_late_are_not_cut_off_however_few_holdings_they_are_of() -> None:
    """Forty of forty uses at a hundred days, and six thousand holdings: of the holdings a small share, of the uses all."""
    found = term(cohort(40, 100), cohort(5960))
    assert found.enough_days == 120
    assert rules.beyond(found.ages, 90, len(found.points)).late == 40
    assert "All 40 uses whose age is known fall within." in term_says(found)


def test_a_share_of_late_uses_is_stated_with_its_bound() -> None:
    found = term(cohort(20_000, 3), cohort(20, 150))
    late = rules.beyond(found.ages, 3, len(found.points))
    assert (late.late, late.uses) == (20, 20_020)
    assert 20 / 20_020 < late.high <= TOLERATED
    said = term_says(found)
    assert f"Of 20,020 uses whose age is known 20 came later; at most {percent(late.high)} would." in said
    assert "100 % would come within" not in said


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(1, 3000)), min_size=1, max_size=6), st.integers(0, 6000))
def test_no_proposal_cuts_off_more_uses_than_the_bound(reads: list[tuple[int, int]], never: int) -> None:
    found = term(*(cohort(count, age) for age, count in reads if age <= ALL), cohort(never))
    if found.enough_days is not None:
        late = sum(each.uses for each in found.ages if each.age_days > found.enough_days)
        assert late <= TOLERATED * sum(each.uses for each in found.ages)


def test_uses_of_what_is_not_on_the_map_speak_against_a_term_that_ends_before() -> None:
    cohorts = [cohort(20, 5), cohort(5980)]
    ages = [UsesAtAge(age_days=5, uses=20, cases=0), UsesAtAge(age_days=170, uses=5000, cases=0)]
    found = rules.term_of(TRAINING, cohorts, ages, least_days=0, latest_case=None)
    assert (found.finding, found.enough_days) == (TermFinding.LONG_NEEDED, None)
    assert "data 170 days old" in term_says(found)


def test_what_is_said_names_systems_and_categories_in_plain_words() -> None:
    crm = SystemId(new_id())
    found = figures(term(cohort(5000, 1)), [kept("pd:Name", system=crm, field="requester")])
    [line] = unread_says(found, {crm: "crm"})
    assert line.startswith("name (requester) in crm: 900 held")
    assert "1 day and not 180" in term_says(found.term)
    [shorter, *_] = rules.proposals(TRAINING, found)
    assert proposal_says(shorter).startswith("Shorten the term from 180 to 1 day: ")
    assert "Drop age:" in " ".join(
        proposal_says(each) for each in rules.proposals(TRAINING, figures(term(cohort(1)), [kept(), kept(**VOICE, read=5)]))
    )


_SIZES = {"head": 13, "says": 11, "soft": 10}


@pytest.mark.parametrize("last", [1, 100, 140])
def test_no_word_of_the_picture_runs_out_of_it(last: int) -> None:
    """By more than half of its size for each letter, which is what the letters of a plain face take."""
    drawn = plot(figures(term(cohort(10_000_000, last))), "a-purpose-with-quite-a-long-name-of-its-own")
    texts = re.findall(r'<text class="(\w+)" x="([\d.]+)" y="([\d.]+)"([^>]*)>([^<]*)<', drawn)
    assert len(texts) > 10
    height = int(re.findall(r'viewBox="0 0 360 (\d+)"', drawn)[0])
    for kind, x, y, more, words in texts:
        length, at = 0.52 * _SIZES[kind] * len(words), float(x)
        left = at - length if "end" in more else at - length / 2 if "middle" in more else at
        assert left >= 0, words
        assert left + length <= 360, words
        assert float(y) < height, words


def test_no_term_ends_before_the_oldest_use_for_a_case() -> None:
    found = term(cohort(20_000, 3), cohort(1, 100), case=100)
    assert found.enough_days == 120
    assert term(cohort(20_000, 3), cohort(1, 170), case=170).finding is TermFinding.LONG_NEEDED


@pytest.mark.parametrize("days", [7, 30, 90, 120])
def test_a_term_ends_on_the_day_of_the_oldest_case_and_none_ends_the_day_before(days: int) -> None:
    of_one_day_more = next((each for each in TERMS if each > days and each <= MOST_OF_TERM * ALL), None)
    assert term(cohort(20_000, 3), case=days).enough_days == days
    assert term(cohort(20_000, 3), case=days + 1).enough_days == of_one_day_more


def test_the_least_that_a_law_demands_stays() -> None:
    assert term(cohort(5000, 3), least=100).enough_days == 120
    assert term(cohort(5000, 3), least=160).finding is TermFinding.LONG_NEEDED
    duty = replace(TRAINING, lawful_basis=LawfulBasis.LEGAL_OBLIGATION, legal_duty="mifid")
    found = term(cohort(5000, 3), purpose=duty)
    assert (found.finding, found.enough_days) == (TermFinding.LEGAL_DUTY, None)
    assert rules.proposals(duty, figures(found)) == []


def test_what_was_never_read_at_all_says_nothing_about_days() -> None:
    found = term(cohort(5000))
    assert (found.finding, found.enough_days) == (TermFinding.NEVER_READ, None)


def test_a_term_that_is_hardly_shorter_is_not_proposed() -> None:
    assert term(cohort(5000, 130)).finding is TermFinding.LONG_NEEDED


def test_within_is_not_bent_by_what_is_too_young_to_be_read_late() -> None:
    """Half is read on day 1 and half on day 100, of those that were kept so long. Ten times as many are two days old."""
    old, young = cohort(1000, 100), cohort(10_000, 1, until=2)
    ages = [UsesAtAge(age_days=1, uses=11_000, cases=0), UsesAtAge(age_days=100, uses=1000, cases=0)]
    found = rules.term_of(TRAINING, [old, young], ages, least_days=0, latest_case=None)
    point = next(each for each in found.points if each.days == 30)
    assert point.within == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("late", "watched", "exact"),
    [(0, 299, 0.00997), (1, 100, 0.04656), (5, 50, 0.19879), (10, 1000, 0.01691), (3, 3, 1.0), (0, 0, 1.0)],
)
def test_the_bound_is_the_exact_one(late: int, watched: int, exact: float) -> None:
    """Against the quantile of the beta distribution, B(0.95; late + 1, watched - late), from tables."""
    assert rules.most(late, watched, 0.05) == pytest.approx(exact, abs=2e-4)


@given(late=st.integers(0, 400), more=st.integers(0, 5000))
def test_the_bound_lies_above_what_was_seen_and_falls_with_more(late: int, more: int) -> None:
    watched = late + more
    high = rules.most(late, watched, ALARM)
    assert high >= (late / watched if watched else 1.0)
    assert rules.most(late, watched + 500, ALARM) <= high + 1e-9


def kept(category: str = "pd:Age", **more: Any) -> Kept:
    told = {"category": category, "system": SystemId(new_id()), "field": "age", "holdings": 900, "old_enough": 900, "read": 0}
    return Kept(**{**told, "told": True, **more})


VOICE: Mapping[str, Any] = {"category": "pd:VoiceCommunicationRecording", "system": None, "field": None}


def dropped(*of: Kept, unplaced: int = 0) -> list[str | None]:
    return [
        each.category
        for each in rules.proposals(TRAINING, figures(term(cohort(1)), of, unplaced))
        if each.kind is Kind.DROP_CATEGORY
    ]


def test_a_category_that_nobody_reads_is_proposed_to_be_dropped() -> None:
    assert dropped(kept(), kept(**VOICE, read=5)) == ["pd:Age"]


@pytest.mark.parametrize(
    ("of", "unplaced"),
    [
        ((kept(read=1),), 0),
        ((kept(told=False),), 0),
        ((kept(), kept(told=False)), 0),
        ((kept(), kept(read=1)), 0),
        ((kept(old_enough=100),), 0),
        ((kept(),), 1),
        ((kept("pd:Gender"),), 0),
        ((kept(), kept(**VOICE)), 0),
    ],
    ids=["read", "not told", "not told elsewhere", "read elsewhere", "too young", "uses that name nothing", "not its own", "all"],
)
def test_a_category_is_not_dropped_where_anybody_may_read_it(of: Sequence[Kept], unplaced: int) -> None:
    assert dropped(*of, unplaced=unplaced) == []


def test_a_proposal_follows_as_long_as_the_figures_say_the_same() -> None:
    [what] = rules.proposals(TRAINING, figures(term(cohort(5000, 20))))
    assert (what.kind, what.term_days, what.was_days, what.holdings) == (Kind.SHORTEN_TERM, 21, 180, 5000)
    assert rules.still_follows(what, rules.proposals(TRAINING, figures(term(cohort(6000, 19)))))
    assert not rules.still_follows(what, rules.proposals(TRAINING, figures(term(cohort(5000, 40)))))
    assert not rules.still_follows(what, rules.proposals(replace(TRAINING, term_days=90), figures(term(cohort(5000, 20)))))


def test_figures_are_read_back_as_they_were_written() -> None:
    found = figures(term(cohort(700, 3), cohort(300, 20), case=20), [kept()])
    document = document_of(found)
    assert canonical_json(document_of(figures_of(document))) == canonical_json(document)
    again = figures_of(document)
    assert (again.kept, again.fields, again.uses, again.term.ages) == (found.kept, found.fields, found.uses, found.term.ages)
