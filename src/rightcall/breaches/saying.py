"""What a breach comes to, in words for people: who can be named and who cannot, where they live, and what nobody knows yet."""

from collections.abc import Callable, Mapping
from datetime import datetime

from rightcall.activities.saying import people_in_words
from rightcall.breaches.model import Assessment, LateReason, Nobodys, Open, Severity, ToldBy
from rightcall.breaches.weighing.model import Standing
from rightcall.discovery.seen.model import Seen, SeenState
from rightcall.discovery.seen.saying import said
from rightcall.reviews.page import worded

NOT_COUNTED = "Who is affected, and how badly, is not counted yet"
_BY: Mapping[ToldBy, str] = {
    ToldBy.NUMBER: "a telephone number",
    ToldBy.ADDRESS: "an address",
    ToldBy.REGION: "the region that the system is registered for",
}
LATE: Mapping[LateReason, str] = {
    LateReason.LOOKED_INTO: "it had to be looked into first what had leaked",
    LateReason.IN_PHASES: "several breaches of one kind were told together",
    LateReason.NOT_SEEN_AS_ONE: "it was not taken for a breach, or for a risk, at first",
    LateReason.TOLD_LATE: "whoever tells the authority heard of it late",
    LateReason.ASKED_TO_WAIT: "the police, or another authority, asked to wait",
    LateReason.OVERSIGHT: "by an oversight of ours",
}
"""Why the authority was told after 72 hours."""


def how_many(assessed: Assessment) -> str:
    """Whom we can name, and what lies beside them."""
    if not assessed.open:
        there = "" if assessed.is_whole else ", and not all of it is known"
        return f"Nothing about anybody is known to have lain there{there}."
    if not assessed.people:
        return f"{_beside(assessed.nobodys).capitalize()} that belong to nobody we can name yet."
    named = f"{people_in_words(assessed.people)} whom we can name, with {_items(assessed.items)}"
    if assessed.nobodys.items:
        return f"At least {named}; and {_beside(assessed.nobodys)} that belong to nobody we can name yet."
    return f"{'About' if assessed.is_whole else 'At least'} {named}."


def of_whom(each: Open) -> str:
    """Of one sort."""
    named = f"{each.items:,} of {people_in_words(each.people)}"
    if not each.nobodys:
        return named
    return f"{named}, {each.nobodys:,} of nobody we can name" if each.items else f"{each.nobodys:,} of nobody we can name"


def card_codes(assessed: Assessment) -> str:
    """Nothing where there are none."""
    if not assessed.card_codes:
        return ""
    codes = "1 card security code" if assessed.card_codes == 1 else f"{assessed.card_codes:,} card security codes"
    return f"Among it {codes} (CVV, CVC): never to be kept once a payment is authorised (PCI DSS 3.3.1)."


def how_severe(assessed: Assessment) -> str:
    if assessed.severity is Severity.NOT_KNOWN:
        return f"not known: by what is known it would be low ({assessed.score:.2f})"
    return f"{'' if assessed.is_whole else 'at least '}{worded(assessed.severity.value)} ({assessed.score:.2f})"


def moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def when_weighed(assessed: Assessment, tell: Callable[[datetime], str] = moment) -> str:
    """`tell`: how a moment is told."""
    return f"Weighed {tell(assessed.at)}, by the data map as it was then."


def how_far(stands: Standing) -> str:
    """Of what is being weighed."""
    what = "It is being weighed anew" if stands.assessed else NOT_COUNTED
    progress = stands.progress
    if progress is None:
        return f"{what}: it begins as soon as the worker can. Look again in a moment."
    return f"{what}: {progress.done:,} of {progress.of:,} parts of the data map are looked through. Look again in a moment."


def what_has_changed(system: str) -> str:
    """Since it was weighed."""
    return f"What is known of {system} has changed since: weigh it anew."


def what_is_missing(assessed: Assessment, system: str) -> str:
    """Nothing where all of it was looked at and could be read."""
    seen = assessed.seen
    if assessed.is_whole or seen is None:
        return ""
    return f"This is not the whole: {said(seen, system)} {_what_helps(seen)}"


def _what_helps(seen: Seen) -> str:
    if seen.state is SeenState.RETIRED:
        return "Ask those who run it what lies there now."
    if not seen.is_whole:
        return "Scan it to the end, then ask again."
    return "Look at what could not be read by hand, or make it readable and scan again."


def where_they_live(assessed: Assessment) -> str:
    """And what told it of how many."""
    if not assessed.open:
        return ""
    if not assessed.places:
        return f"In which countries they live is not known: {_why_not(assessed)}."
    counted = ", ".join(f"{place} {count:,}" for place, count in assessed.places.items())
    by = ", ".join(f"{assessed.told_by[each]:,} by {_BY[each]}" for each in ToldBy if assessed.told_by.get(each))
    unknown = assessed.places_of - sum(assessed.places.values())
    rest = f"; of {unknown:,} nothing tells it" if unknown else ""
    return f"Of {people_in_words(assessed.places_of)} who were looked at: {counted}. That is told of {by}{rest}."


def _why_not(assessed: Assessment) -> str:
    if assessed.seen is None:
        return "no number and no address tells it"
    if not assessed.regions:
        return "no number and no address tells it, and the system is registered for no region"
    return f"no number and no address tells it, and the system is registered for {', '.join(assessed.regions)}"


def _items(items: int) -> str:
    return "1 item" if items == 1 else f"{items:,} items"


def _beside(nobodys: Nobodys) -> str:
    records = "1 further record" if nobodys.records == 1 else f"{nobodys.records:,} further records"
    return f"about {records} ({_items(nobodys.items)})"
