"""How severe a breach is: by facts alone, and always the same."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rightcall.actors import SYSTEM
from rightcall.breaches.model import (
    Assessment,
    Breach,
    Circumstances,
    Nature,
    NewBreach,
    Nobodys,
    Open,
    Owed,
    Reach,
    Severity,
    Window,
)
from rightcall.breaches.rules import (
    checked,
    due_at,
    hours_known,
    is_high_risk,
    is_risk,
    is_settled,
    laws,
    owed,
    score,
    severity_of,
)
from rightcall.errors import Malformed
from rightcall.holdings.categories import Category, Sensitivity
from rightcall.ids import BreachId, StatementId, new_id

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SEEN = frozenset({Nature.CONFIDENTIALITY})


def opened(*categories: Category) -> list[Open]:
    return [Open(category=each, sensitivity=each.sensitivity, items=1, people=1, first_seen_after=0) for each in categories]


ANYBODY = Circumstances(nature=SEEN)
LOST_BY_ACCIDENT = Circumstances(nature=frozenset({Nature.AVAILABILITY}), reach=Reach.NOBODY, malicious=False)


@pytest.mark.parametrize(
    ("categories", "circumstances", "severity"),
    [
        ((Category.TELEPHONE_NUMBER,), LOST_BY_ACCIDENT, Severity.LOW),
        ((Category.TELEPHONE_NUMBER,), ANYBODY, Severity.LOW),
        ((Category.NAME, Category.EMAIL_ADDRESS), ANYBODY, Severity.MEDIUM),
        ((Category.VOICE_COMMUNICATION_RECORDING, Category.NAME, Category.EMAIL_ADDRESS), ANYBODY, Severity.HIGH),
        ((Category.NAME, Category.EMAIL_ADDRESS, Category.BANK_ACCOUNT), ANYBODY, Severity.VERY_HIGH),
        ((Category.HEALTH,), LOST_BY_ACCIDENT, Severity.MEDIUM),
        ((Category.OFFICIAL_ID,), LOST_BY_ACCIDENT, Severity.MEDIUM),
        ((Category.OFFICIAL_ID,), ANYBODY, Severity.HIGH),
        ((Category.HEALTH, Category.OFFICIAL_ID), LOST_BY_ACCIDENT, Severity.VERY_HIGH),
        ((Category.NAME, Category.EMAIL_ADDRESS), Circumstances(nature=SEEN, unintelligible=True), Severity.LOW),
        ((), ANYBODY, Severity.LOW),
    ],
)
def test_severity(categories: tuple[Category, ...], circumstances: Circumstances, severity: Severity) -> None:
    assert severity_of(score(opened(*categories), circumstances)) is severity


def test_what_is_worse_never_scores_less() -> None:
    known = Circumstances(nature=SEEN, reach=Reach.KNOWN_RECIPIENTS, malicious=False)
    everything = Circumstances(nature=frozenset(Nature))
    some, more = opened(Category.NAME), opened(Category.NAME, Category.TELEPHONE_NUMBER, Category.HEALTH)
    assert score(some, known) < score(some, ANYBODY) < score(some, everything) < score(more, everything)


def test_a_high_risk_is_a_risk() -> None:
    assert [(is_risk(each), is_high_risk(each)) for each in Severity] == [
        (False, False),
        (True, False),
        (True, True),
        (True, True),
        (True, False),
    ]


def test_what_nobody_looked_at_to_the_end_is_never_low_and_rules_no_risk_out() -> None:
    unfinished = is_settled(ANYBODY, is_whole=False)
    assert [severity_of(each, is_settled=unfinished) for each in (0.0, 1.9, 2.0, 4.0)] == [
        Severity.NOT_KNOWN,
        Severity.NOT_KNOWN,
        Severity.MEDIUM,
        Severity.VERY_HIGH,
    ]
    assert all(is_risk(each) and is_high_risk(each, is_settled=unfinished) for each in (Severity.NOT_KNOWN, Severity.MEDIUM))
    sealed = is_settled(Circumstances(nature=SEEN, unintelligible=True), is_whole=False)
    assert severity_of(0.0, is_settled=sealed) is Severity.LOW, "what cannot be read harms nobody, whatever it is"


def test_what_is_nobodys_weighs_like_the_rest() -> None:
    card = Open(
        category=Category.PAYMENT_CARD_NUMBER,
        sensitivity=Sensitivity.FINANCIAL,
        items=0,
        people=0,
        first_seen_after=0,
        nobodys=1,
    )
    assert score([card], ANYBODY) == score(opened(Category.PAYMENT_CARD_NUMBER), ANYBODY)


@pytest.mark.parametrize(("ago", "hours"), [(timedelta(), 0), (timedelta(seconds=1), 1), (timedelta(hours=72), 72)])
def test_begun_hours_count(ago: timedelta, hours: int) -> None:
    assert hours_known(NOW - ago, NOW) == hours
    assert hours_known(NOW - timedelta(hours=72, seconds=1), NOW) == 73


def test_the_authority_is_to_be_told_within_three_days() -> None:
    assert due_at(NOW) - NOW == timedelta(days=3)


def test_every_law_once_the_controllers_first() -> None:
    assert laws(("EU", "DK"), {"SE": 3, "DK": 9}) == ("EU", "DK", "SE")


@pytest.mark.parametrize(
    ("began", "until", "known", "nature"),
    [
        (NOW, NOW, NOW, SEEN),
        (NOW + timedelta(hours=1), NOW + timedelta(hours=2), NOW, SEEN),
        (NOW - timedelta(hours=1), NOW, NOW + timedelta(seconds=1), SEEN),
        (NOW - timedelta(hours=1), NOW, NOW, frozenset()),
    ],
    ids=["no time", "to come", "known later", "nothing happened"],
)
def test_what_cannot_be_is_a_mistake(began: datetime, until: datetime, known: datetime, nature: frozenset[Nature]) -> None:
    new = NewBreach(
        window=Window(system=None, began_at=began, until=until), circumstances=Circumstances(nature=nature), known_at=known
    )
    with pytest.raises(Malformed):
        checked(new, NOW)


def test_sensitivities_are_in_the_order_in_which_they_are_shown() -> None:
    first, *_, last = Sensitivity
    assert (first, last) == (Sensitivity.SPECIAL_CATEGORY, Sensitivity.ORDINARY)


KNOWN = Breach(
    id=BreachId(new_id()),
    window=Window(system=None, began_at=NOW - timedelta(days=9), until=NOW - timedelta(days=8)),
    circumstances=ANYBODY,
    known_at=NOW,
    entered_by=SYSTEM,
    entered_at=NOW,
    authority_told_at=None,
    people_told_at=None,
    closed_at=None,
    verdict=None,
    statement=StatementId(new_id()),
)
TOLD = replace(KNOWN, authority_told_at=NOW)


def judged(*, risk: bool, high_risk: bool) -> Assessment:
    return Assessment(
        open=(),
        people=0,
        items=0,
        nobodys=Nobodys(items=0, records=0),
        card_codes=0,
        seen=None,
        score=0.0,
        severity=Severity.LOW,
        risk=risk,
        high_risk=high_risk,
        places={},
        places_of=0,
        told_by={},
        regions=(),
        laws=("eu",),
        at=NOW,
    )


HIGH, RISK, NONE = judged(risk=True, high_risk=True), judged(risk=True, high_risk=False), judged(risk=False, high_risk=False)


@pytest.mark.parametrize(
    ("breach", "assessed", "hours", "whom"),
    [
        (KNOWN, None, 72, Owed.AUTHORITY),
        (KNOWN, None, 73, Owed.AUTHORITY_LATE),
        (KNOWN, HIGH, 73, Owed.AUTHORITY_LATE),
        (KNOWN, RISK, 1, Owed.AUTHORITY),
        (KNOWN, NONE, 99, None),
        (TOLD, HIGH, 99, Owed.PEOPLE),
        (TOLD, RISK, 99, None),
        (TOLD, None, 99, None),
        (replace(TOLD, people_told_at=NOW), HIGH, 99, None),
        (replace(KNOWN, closed_at=NOW), HIGH, 99, None),
    ],
)
def test_who_is_still_to_be_told(breach: Breach, assessed: Assessment | None, hours: int, whom: Owed | None) -> None:
    assert owed(breach, assessed, NOW + timedelta(hours=hours)) is whom
