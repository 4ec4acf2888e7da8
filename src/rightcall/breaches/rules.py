"""How severe a breach is, by facts alone: ENISA's method (Recommendations for a methodology of the assessment of severity of
personal data breaches, 2013): what the data tells, times how easily it tells of whom, plus the circumstances.

Its figures: data of an ordinary sort 1, of behaviour 2, of money 3, special or of crimes 4; a child's count as special here and
a national number as behaviour, which is stricter. Who it is: 1 where an official number or a name stands beside a way to reach
them, 0.75 where either stands alone, 0.5 else. Circumstances: nobody has it 0, known recipients 0.25, anybody 0.5; changed 0.25,
lost 0.25; somebody meant to 0.5. From 2 it is medium, from 3 high, from 4 very high. What belongs to nobody we can name counts
like the rest. Where nobody looked at all of it, or could not read all of it, it is never low, and
no risk is ruled out.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from rightcall.breaches.model import (
    Assessment,
    Breach,
    Circumstances,
    Nature,
    NewBreach,
    Open,
    Owed,
    Reach,
    SeenCountry,
    Severity,
    ToldBy,
    Window,
    Word,
)
from rightcall.errors import Conflict, Malformed
from rightcall.holdings.categories import Category, Sensitivity

TIME_TO_TELL = timedelta(hours=72)
"""Art. 33(1)."""
_SENSITIVE = frozenset({Sensitivity.SPECIAL_CATEGORY, Sensitivity.CRIMINAL, Sensitivity.MINOR})
_OF_BEHAVIOUR = frozenset(
    {
        Category.VOICE_COMMUNICATION_RECORDING,
        Category.VOICE_MAIL,
        Category.COMMUNICATION,
        Category.COMMUNICATIONS_METADATA,
        Category.CALL_LOG,
        Category.EMAIL_CONTENT,
        Category.LOCATION,
        Category.PURCHASE,
        Category.SERVICE_CONSUMPTION_BEHAVIOUR,
        Category.PERFORMANCE_AT_WORK,
    }
)
_OFFICIAL = frozenset({Category.OFFICIAL_ID, Category.PASSPORT})
_REACHED_BY = frozenset({Category.TELEPHONE_NUMBER, Category.EMAIL_ADDRESS, Category.PHYSICAL_ADDRESS})
_REACH = {Reach.NOBODY: 0.0, Reach.KNOWN_RECIPIENTS: 0.25, Reach.UNKNOWN: 0.5}
_STEPS = ((4.0, Severity.VERY_HIGH), (3.0, Severity.HIGH), (2.0, Severity.MEDIUM))


def check_window(window: Window, now: datetime) -> None:
    """Malformed where nothing can have leaked then."""
    if window.until <= window.began_at:
        raise Malformed("A breach lasts from one instant to a later one. Give `from` before `until`.")
    if window.began_at > now:
        raise Malformed("What is to come has not leaked. Give a beginning that is past.")


def checked(new: NewBreach, now: datetime) -> NewBreach:
    check_window(new.window, now)
    if new.known_at > now:
        raise Malformed("A breach that is known has begun. Give instants that are past.")
    if not new.circumstances.nature:
        raise Malformed("Say what happened to the data: confidentiality, integrity, availability, or several.")
    return new


def check_open(breach: Breach) -> None:
    if breach.closed_at is not None:
        raise Conflict("This breach is closed. Enter a new one where more has come to light.")


def told_at(breach: Breach, word: Word, now: datetime) -> datetime:
    """When somebody was told. Malformed where that cannot be, and where the authority was told late and nobody says why."""
    at = word.at or now
    if breach.known_at.replace(second=0, microsecond=0) <= at < breach.known_at:
        at = breach.known_at  # of a moment that people write down nobody knows the seconds
    if not breach.known_at <= at <= now:
        raise Malformed("They were told after it was known, and before now. Give the moment at which they were.")
    is_late = not word.people and at > due_at(breach.known_at)
    if is_late and word.late_because is None:
        raise Malformed("That is later than 72 hours after it was known. Say why, as you say it to the authority (Art. 33(1)).")
    if word.late_because is not None and not is_late:
        raise Malformed("Only the authority is told late, and that was in time. Leave out why it was late.")
    return at


def due_at(known_at: datetime) -> datetime:
    """Until when the authority has to be told, where there is a risk."""
    return known_at + TIME_TO_TELL


def owed(breach: Breach, assessed: Assessment | None, now: datetime) -> Owed | None:
    """Who is to be told first. Before it is weighed no risk is ruled out. None once it is closed."""
    if breach.closed_at is not None:
        return None
    if breach.authority_told_at is None and (assessed is None or assessed.risk):
        return Owed.AUTHORITY_LATE if now > due_at(breach.known_at) else Owed.AUTHORITY
    is_due = breach.people_told_at is None and assessed is not None and assessed.high_risk
    return Owed.PEOPLE if is_due else None


def hours_known(known_at: datetime, now: datetime) -> int:
    """Begun hours, so that the 72nd is over when it is."""
    seconds = max(0.0, (now - known_at).total_seconds())
    return int(-(-seconds // 3600))


def score(opened: Sequence[Open], circumstances: Circumstances) -> float:
    """0 where nothing lay open."""
    if not opened or circumstances.unintelligible:
        return 0.0
    around = _REACH[circumstances.reach] if Nature.CONFIDENTIALITY in circumstances.nature else 0.0
    around += 0.25 * len(circumstances.nature & {Nature.INTEGRITY, Nature.AVAILABILITY})
    around += 0.5 * circumstances.malicious
    return max(map(_tells, opened)) * _identifies({each.category for each in opened}) + around


def severity_of(score: float, *, is_settled: bool = True) -> Severity:
    """`is_settled`: what is not known cannot make it worse."""
    least = Severity.LOW if is_settled else Severity.NOT_KNOWN
    return next((severity for from_, severity in _STEPS if score >= from_), least)


def is_settled(circumstances: Circumstances, *, is_whole: bool) -> bool:
    """All of it was looked at and read, or whatever it is cannot be read by whoever has it."""
    return is_whole or circumstances.unintelligible


def is_risk(severity: Severity) -> bool:
    """Art. 33(1): unless it is unlikely to result in a risk."""
    return severity is not Severity.LOW


def is_high_risk(severity: Severity, *, is_settled: bool = True) -> bool:
    """Art. 34(1). Not ruled out where it is not settled."""
    return severity in (Severity.HIGH, Severity.VERY_HIGH) or not is_settled


def lives_in(number: str | None, seen: Sequence[SeenCountry], regions: Sequence[str]) -> tuple[str, ToldBy] | None:
    """In which country somebody lives, and what tells it: `number` that they are known by, what scans saw of them, else the
    system's one region. Of several the one seen most. None where nothing tells."""
    if number is not None:
        return number, ToldBy.NUMBER
    for by in (ToldBy.NUMBER, ToldBy.ADDRESS):
        places = [each for each in seen if each.by is by]
        if places:
            return min(places, key=lambda each: (-each.times, each.place)).place, by
    return (regions[0], ToldBy.REGION) if len(regions) == 1 else None


def laws(own: Iterable[str], places: Iterable[str]) -> tuple[str, ...]:
    """The controller's, then those of the people, each once."""
    return tuple(dict.fromkeys((*own, *sorted(places))))


def _tells(opened: Open) -> float:
    if opened.sensitivity in _SENSITIVE:
        return 4.0
    if opened.sensitivity is Sensitivity.FINANCIAL:
        return 3.0
    return 2.0 if opened.category in _OF_BEHAVIOUR | _OFFICIAL else 1.0


def _identifies(categories: Collection[Category]) -> float:
    named, reached = Category.NAME in categories, bool(_REACHED_BY.intersection(categories))
    if _OFFICIAL.intersection(categories) or (named and reached):
        return 1.0
    return 0.75 if named or reached else 0.5
