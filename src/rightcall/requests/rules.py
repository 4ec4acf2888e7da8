"""The clock of a request, and which step may follow which.

Where several laws apply, what is over first counts: the person is answered in time by each of them.
"""

import calendar
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rightcall.errors import Breach, Conflict
from rightcall.requests.identity import COPIES
from rightcall.requests.model import Answered, Asked, Days, DenialGround, Request, RequestKind, Stage

AUTOMATIC = frozenset({RequestKind.ERASURE, RequestKind.WITHDRAWAL})
DUE_SOON = timedelta(days=7)
ANYWHERE = "*"
LATELY = timedelta(days=90)
YEAR = timedelta(days=365)
SAME_LATELY = 3
IN_A_YEAR = 12
_SATURDAY = 5
_MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Months, then days, then business days."""

    months: int = 0
    days: int = 0
    business_days: int = 0

    def after(self, day: date) -> date:
        later = _months_after(day, self.months) + timedelta(days=self.days)
        for _ in range(self.business_days):
            later = _next_business_day(later)
        return later


@dataclass(frozen=True, slots=True, kw_only=True)
class Clockwork:
    """One law's clock, for these kinds. `extension` adds to `time`, both from the day of receipt."""

    jurisdiction: str
    kinds: frozenset[RequestKind]
    time: Span
    extension: Span
    acknowledge_business_days: int | None
    cite: str
    in_force_from: date

    def last_day(self, received_on: date) -> date:
        """After the extension: counted from receipt in one piece, so that the last of a month stays it."""
        whole = Span(
            months=self.time.months + self.extension.months,
            days=self.time.days + self.extension.days,
            business_days=self.time.business_days,
        )
        return whole.after(received_on)

    def acknowledge_by(self, received_on: date) -> date | None:
        days = self.acknowledge_business_days
        return None if days is None else Span(business_days=days).after(received_on)


def days_of(clocks: Sequence[Clockwork], kind: RequestKind, places: Collection[str], received_on: date) -> Days:
    """`places` with those they lie in (`policy.rules.wider`). Where none of them has a clock, our own bar."""
    mine = [each for each in clocks if kind in each.kinds and each.in_force_from <= received_on]
    found = [each for each in mine if each.jurisdiction in places] or [each for each in mine if each.jurisdiction == ANYWHERE]
    if not found:
        raise Breach("No clock is known for this kind of request. Mend requests/clocks.toml.")
    first = min(found, key=lambda each: (each.time.after(received_on), each.jurisdiction))
    days = [day for each in found if (day := each.acknowledge_by(received_on)) is not None]
    return Days(
        law=first.jurisdiction,
        cite=first.cite,
        due_on=first.time.after(received_on),
        longest_on=min(each.last_day(received_on) for each in found),
        acknowledge_by=min(days, default=None),
    )


def is_excessive(asked: Asked) -> bool:
    """Whether a request may be called excessive, for its repetitive character (GDPR Art. 12(5)): the same was done for the person
    three times in 90 days, or they asked twelve times in a year. A first request never is, whatever it says."""
    return asked.same_lately >= SAME_LATELY or asked.in_a_year >= IN_A_YEAR


def check_excessive(asked: Asked) -> None:
    """Conflict, with what was counted, where the rule does not let a request be called that."""
    if not is_excessive(asked):
        raise Conflict(
            f"This person had the same done {asked.same_lately} times in {LATELY.days} days (the rule: {SAME_LATELY}) and asked"
            f" {asked.in_a_year} times in a year (the rule: {IN_A_YEAR}). So it is neither unfounded nor excessive: answer it."
        )


def check_appealable(request: Request) -> None:
    """A denial is appealed once."""
    if request.outcome is not Answered.DENIED:
        raise Conflict("This request was not denied, so there is nothing to appeal.")
    if request.appealed_at is not None:
        raise Conflict("This denial was appealed before, and that was decided or waits for a decision. It is done once.")


def check_open(request: Request) -> None:
    """An answered request stays answered."""
    if request.stage is Stage.ANSWERED:
        raise Conflict("This request is answered already. Open a new one if the person asks again.")


def check_by_hand(request: Request) -> None:
    """What Rightcall carries out, no person says to be done."""
    if request.kind in AUTOMATIC:
        raise Conflict("Rightcall carries this request out by itself and answers it when every step is confirmed. Wait for it.")


def check_said_done(request: Request) -> None:
    """What a person says to be done: neither what Rightcall carries out, nor a copy, which is answered by handing it over."""
    check_by_hand(request)
    if request.kind in COPIES and request.ready_at is not None and request.outcome is not Answered.FULFILLED:
        raise Conflict(
            "A copy was asked for, and none was handed over yet. Rightcall makes it by itself once it is shown who asks: hand it"
            " over when it is ready, and the request is answered with that."
        )


def grounds_of(request: Request) -> list[DenialGround]:
    """On which it may be denied. A ground that rests on what is held tells whoever asks that something is: none of these as long
    as nobody has shown that it is them."""
    return [each for each in DenialGround if request.proof is not None or each.tells_nothing]


def check_ground(request: Request, ground: DenialGround) -> None:
    if ground not in grounds_of(request):
        raise Conflict(
            "Nobody has shown yet that it is them, and this ground would tell whoever asks that something of this person is held."
            " Ask for proof first, or deny because it is in doubt who asks. What a law wants kept of somebody, a hold keeps."
        )


def check_deniable(request: Request) -> None:
    """What Rightcall carries out, a person denies only while something is missing: nothing of it can have begun."""
    if request.ready_at is not None:
        check_by_hand(request)


def check_extendable(request: Request, today: date) -> None:
    """Once, and said before the first time is over (GDPR Art. 12(3))."""
    check_open(request)
    if request.extended_for is not None:
        raise Conflict("This request was extended already, and the law lets that be done once. Answer it.")
    if request.longest_on <= request.due_on:
        raise Conflict(f"{request.cite} gives no more time for this kind of request. Answer it.")
    if today > request.due_on:
        raise Conflict("The time to answer is over, and it is extended only before that. Answer it now.")


def _months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a month that has no such day (Reg. 1182/71 Art. 3(2)(c))."""
    years, month = divmod(day.month - 1 + months, _MONTHS)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _next_business_day(day: date) -> date:
    later = day + timedelta(days=1)
    while later.weekday() >= _SATURDAY:
        later += timedelta(days=1)
    return later
