"""What the API tells of a breach: what was counted, how severe it is, and how its weighing stands."""

from datetime import datetime
from uuid import UUID

from rightcall.api.forms import ActorShape, Shape
from rightcall.api.not_known import NotKnownShape, shapes
from rightcall.breaches.model import Assessment, Breach, Circumstances, LateReason, Nature, Reach, Severity, ToldBy
from rightcall.breaches.rehearsing.model import Rehearsal
from rightcall.breaches.rules import due_at
from rightcall.breaches.weighing import actions as weighing
from rightcall.database.connection import Transaction
from rightcall.discovery.systems.naming import system_names
from rightcall.holdings.categories import Category, Sensitivity


class OpenShape(Shape):
    """`nobodys`: how much there was beside the `items` that belongs to nobody we can name. `first_seen_after`: so many of both
    were found only after `until`, and may have been there before."""

    category: Category
    sensitivity: Sensitivity
    items: int
    people: int
    nobodys: int
    first_seen_after: int


class NobodysShape(Shape):
    """Each record (a row, a message, a line) is about a person or several; several may be about one."""

    items: int
    records: int


class AssessmentShape(Shape):
    """`people`, `items`: of those whom we can name; `card_codes`: how much of it is the security code of a card; `nobodys`: what
    belongs to nobody we can name, and weighs like the rest. `is_whole` false: the system was not looked through to the end, or
    not all of it could be read, as `not_known` says, so there may be more; then `severity` is never low (`not_known` instead) and
    no risk is ruled out. `places`: in which countries so many of the `places_of` people who were looked at live; `told_by`: of
    how many a number told it, an address, or the one region of the system; `regions`: all of its. `risk`: the authority has to be
    told (Art. 33(1)); `high_risk`: the people too (Art. 34(1))."""

    open: list[OpenShape]
    people: int
    items: int
    nobodys: NobodysShape
    card_codes: int
    is_whole: bool
    not_known: NotKnownShape | None
    score: float
    severity: Severity
    risk: bool
    high_risk: bool
    places: dict[str, int]
    places_of: int
    told_by: dict[ToldBy, int]
    regions: list[str]
    laws: list[str]
    at: datetime


class CircumstancesShape(Shape):
    nature: list[Nature]
    reach: Reach
    malicious: bool
    unintelligible: bool


class WeighingShape(Shape):
    """`is_under_way`: it is being weighed, for the first time, because somebody asked, or because more is known of what happened;
    `done` of `of` parts of the data map are looked through, null where nobody has begun. `has_changed`: what scans know of the
    system is not what they knew when it was weighed."""

    is_under_way: bool
    done: int | None
    of: int | None
    has_changed: bool


class RehearsalShape(Shape):
    """What somebody asked a leak would mean. `assessment`: by the data map as it was at its `at`; null while it is being weighed,
    of which `done` of `of` parts of the data map are looked through, null where no worker has begun."""

    id: UUID
    system: UUID | None
    began_at: datetime
    until: datetime
    circumstances: CircumstancesShape
    asked_by: ActorShape
    asked_at: datetime
    is_under_way: bool
    done: int | None
    of: int | None
    assessment: AssessmentShape | None


class BreachShape(Shape):
    """`due_at`: until when the authority has to be told, where there is a risk. `assessment`: by the data map as it was when it
    was last weighed (`at`), judged by the circumstances as they are known now; null where it never was, so that nothing is
    counted yet, and in a list. `weighing`: how that stands; null in a list."""

    id: UUID
    system: UUID | None
    began_at: datetime
    until: datetime
    known_at: datetime
    due_at: datetime
    circumstances: CircumstancesShape
    entered_by: ActorShape
    entered_at: datetime
    authority_told_at: datetime | None
    people_told_at: datetime | None
    late_because: LateReason | None
    closed_at: datetime | None
    verdict: UUID | None
    statement: UUID
    assessment: AssessmentShape | None
    weighing: WeighingShape | None


class AffectedShape(Shape):
    """One person, and the sorts of data that lay open of them."""

    id: UUID
    categories: list[Category]


def _circumstances(known: Circumstances) -> CircumstancesShape:
    return CircumstancesShape(
        nature=sorted(known.nature), reach=known.reach, malicious=known.malicious, unintelligible=known.unintelligible
    )


def rehearsed(tx: Transaction, found: Rehearsal) -> RehearsalShape:
    return RehearsalShape(
        id=found.id,
        system=found.window.system,
        began_at=found.window.began_at,
        until=found.window.until,
        circumstances=_circumstances(found.circumstances),
        asked_by=ActorShape.of(found.asked_by),
        asked_at=found.asked_at,
        is_under_way=found.is_under_way,
        done=None if found.progress is None else found.progress.done,
        of=None if found.progress is None else found.progress.of,
        assessment=None if found.assessed is None else assessment_of(tx, found.assessed),
    )


def shown(tx: Transaction, breach: Breach) -> BreachShape:
    found = weighing.standing(tx, breach)
    stands = WeighingShape(
        is_under_way=found.is_under_way,
        done=None if found.progress is None else found.progress.done,
        of=None if found.progress is None else found.progress.of,
        has_changed=found.has_changed,
    )
    return shape(breach, None if found.assessed is None else assessment_of(tx, found.assessed), stands)


def assessment_of(tx: Transaction, found: Assessment) -> AssessmentShape:
    seen = [] if found.seen is None or found.seen.is_all_known else [found.seen]
    return AssessmentShape(
        open=[OpenShape.model_validate(each) for each in found.open],
        people=found.people,
        items=found.items,
        nobodys=NobodysShape.model_validate(found.nobodys),
        card_codes=found.card_codes,
        is_whole=found.is_whole,
        not_known=next(iter(shapes(seen, system_names(tx))), None),
        score=found.score,
        severity=found.severity,
        risk=found.risk,
        high_risk=found.high_risk,
        places=dict(found.places),
        places_of=found.places_of,
        told_by=dict(found.told_by),
        regions=list(found.regions),
        laws=list(found.laws),
        at=found.at,
    )


def shape(breach: Breach, assessed: AssessmentShape | None = None, stands: WeighingShape | None = None) -> BreachShape:
    return BreachShape(
        id=breach.id,
        system=breach.window.system,
        began_at=breach.window.began_at,
        until=breach.window.until,
        known_at=breach.known_at,
        due_at=due_at(breach.known_at),
        circumstances=_circumstances(breach.circumstances),
        entered_by=ActorShape.of(breach.entered_by),
        entered_at=breach.entered_at,
        authority_told_at=breach.authority_told_at,
        people_told_at=breach.people_told_at,
        late_because=breach.late_because,
        closed_at=breach.closed_at,
        verdict=breach.verdict,
        statement=breach.statement,
        assessment=assessed,
        weighing=stands,
    )
