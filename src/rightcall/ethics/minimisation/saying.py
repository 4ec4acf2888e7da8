"""The findings of minimisation in plain words: for the command, the page and the picture."""

from rightcall.ethics.minimisation.model import TOLERATED, Figures, Kind, NewProposal, State, Term, TermFinding

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


def term_says(term: Term) -> str:
    """The finding on a term with what it rests on."""
    if term.finding is TermFinding.TOO_LITTLE:
        return (
            f"{FINDINGS[term.finding]}: {term.watched:,} holdings were watched to the end of the term of {term.days} days, and"
            f" {term.needed:,} are needed. What is younger cannot have been read late yet."
        )
    if term.finding is TermFinding.NEVER_READ:
        return f"{FINDINGS[term.finding]}. Its term of {term.days} days stays."
    if term.finding is not TermFinding.SHORTER or term.enough_days is None:
        said = f"{FINDINGS[term.finding]}: {term.days} days stay."
        return said if term.latest_case is None else f"{said} For a case, data was read {term.latest_case} days old."
    point = next(each for each in term.points if each.days == term.enough_days)
    return (
        f"{FINDINGS[term.finding]}: {point.days} days and not {term.days}. Of {point.watched:,} holdings watched to the end"
        f" {point.late:,} were read later than that; at most {percent(point.high)} would be."
        f" Of all uses {percent(point.within)} come within."
    )


def proposal_says(what: NewProposal) -> str:
    if what.kind is Kind.SHORTEN_TERM:
        return (
            f"Shorten the term from {what.was_days} to {what.term_days} days: of {what.holdings:,} holdings that were watched to"
            f" the end {what.late:,} were read later, and at most {percent(what.high)} would be."
        )
    return (
        f"Drop {what.category}: none of {what.holdings:,} holdings was read by anybody; at most {percent(what.high)} would be."
        f" (More than {percent(TOLERATED)} is not proposed.)"
    )


def unread_says(figures: Figures) -> list[str]:
    """A line for each place of which nothing was read, and for those of which nothing is known."""
    lines = []
    for each in figures.kept:
        field = "" if each.field is None else f" ({each.field})"
        place = f"{each.category}{field} in {'Rightcall' if each.system is None else f'system {each.system}'}"
        if each.is_unread:
            old = f"none of the {each.old_enough:,} that are old enough was read in {figures.unread_days} days"
            lines.append(f"{place}: {each.holdings:,} held, {old}")
        elif not each.told:
            lines.append(f"{place}: {each.holdings:,} held; this system does not tell what is read")
    if figures.unplaced:
        lines.append(f"{figures.unplaced:,} uses name nothing on the map, so nobody can say of a category that it is never read.")
    return lines
