"""The findings of minimisation in plain words: for the command, the page and the picture."""

from collections.abc import Mapping

from rightcall.ethics.minimisation.model import TOLERATED, Figures, Kind, NewProposal, Point, State, Term, TermFinding
from rightcall.ethics.minimisation.rules import beyond
from rightcall.holdings import saying
from rightcall.holdings.categories import Category
from rightcall.holdings.map.page import name_of
from rightcall.ids import SystemId

FINDINGS = {
    TermFinding.TOO_LITTLE: "too little was watched to tell",
    TermFinding.LEGAL_DUTY: "a law sets this term",
    TermFinding.LONG_NEEDED: "late uses are seen, or cannot be ruled out",
    TermFinding.NEVER_READ: "nothing was read for this purpose: ask whether it is needed at all",
    TermFinding.SHORTER: "a shorter term is enough",
}
STATES = {
    State.OPEN: "waits for an answer",
    State.IN_REVIEW: "waits for signatures",
    State.ADOPTED: "adopted",
    State.REJECTED: "rejected",
    State.LAPSED: "lapsed: the figures do not say so any more",
}


def percent(share: float) -> str:
    """Upwards, so that a bound stays one."""
    return f"{int(share * 1000 + 0.999999) / 10:g} %"


def days(count: int) -> str:
    return "1 day" if count == 1 else f"{count:,} days"


def at_least(share: float) -> str:
    """Downwards, so that nothing is said to be all that is not."""
    return f"{int(share * 1000 + 1e-6) / 10:g} %"


def category(term: str) -> str:
    """As the map says it; a term that the map does not know stays as it is."""
    known = next((each for each in Category if each.value == term), None)
    return term if known is None else saying.category(known)


def term_says(term: Term) -> str:
    """The finding on a term with what it rests on."""
    if term.finding is TermFinding.TOO_LITTLE:
        return (
            f"{FINDINGS[term.finding]}: {term.watched:,} holdings were watched to the end of the term of {days(term.days)}, and"
            f" {term.needed:,} are needed. What is younger cannot have been read late yet."
        )
    if term.finding is TermFinding.NEVER_READ:
        return f"{FINDINGS[term.finding]}. Its term of {days(term.days)} stays."
    if term.finding is not TermFinding.SHORTER or term.enough_days is None:
        said = f"{FINDINGS[term.finding]}: {days(term.days)} stay.{_oldest(term)}"
        return said if term.latest_case is None else f"{said} For a case, data was read {days(term.latest_case)} old."
    point = next(each for each in term.points if each.days == term.enough_days)
    return (
        f"{FINDINGS[term.finding]}: {days(point.days)} and not {term.days:,}. Of {point.watched:,} holdings watched to the end"
        f" {point.late:,} were read later than that; at most {percent(point.high)} would be."
        f" {_uses_within(term, point)}"
    )


def _uses_within(term: Term, point: Point) -> str:
    late = beyond(term.ages, point.days, len(term.points))
    if late.late == 0:
        return f"All {late.uses:,} uses whose age is known fall within."
    return (
        f"Of {late.uses:,} uses whose age is known {late.late:,} came later; at most {percent(late.high)} would."
        f" Had all been watched as long, {at_least(point.within)} would come within."
    )


def _oldest(term: Term) -> str:
    late = [each for each in term.ages if each.age_days > 0]
    return f" The oldest use seen was of data {days(max(each.age_days for each in late))} old." if late else ""


def proposal_says(what: NewProposal) -> str:
    if what.kind is Kind.SHORTEN_TERM:
        return (
            f"Shorten the term from {what.was_days:,} to {days(what.term_days or 0)}: of {what.holdings:,} holdings that were"
            f" watched to the end {what.late:,} were read later, and at most {percent(what.high)} would be."
        )
    return (
        f"Drop {category(what.category or '')}: none of {what.holdings:,} holdings was read by anybody; at most"
        f" {percent(what.high)} would be."
        f" (More than {percent(TOLERATED)} is not proposed.)"
    )


def unread_says(figures: Figures, systems: Mapping[SystemId, str]) -> list[str]:
    """`systems` names them. A line for each place of which nothing was read, and for those of which nothing is known."""
    lines = []
    for each in figures.kept:
        field = "" if each.field is None else f" ({each.field})"
        place = f"{category(each.category)}{field} in {name_of(each.system, systems)}"
        if each.is_unread:
            old = f"none of the {each.old_enough:,} that are old enough was read in {days(figures.unread_days)}"
            lines.append(f"{place}: {each.holdings:,} held, {old}")
        elif not each.told:
            lines.append(f"{place}: {each.holdings:,} held; this system does not tell what is read")
    if figures.unplaced:
        lines.append(f"{figures.unplaced:,} uses name nothing on the map, so nobody can say of a category that it is never read.")
    return lines
