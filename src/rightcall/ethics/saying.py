"""What is said of a gap in plain words: for the concern, the table and the picture. Figures of groups, never of a call."""

from collections.abc import Iterable, Mapping
from itertools import groupby

from rightcall.ethics import rules
from rightcall.ethics.model import Account, Comparison, Estimate, Finding, Group, Measure, Parity, Row, Strata
from rightcall.ids import PurposeId
from rightcall.personal import Personal

NAMES = {
    Measure.WAITING: "Waiting",
    Measure.HANDLING: "Handling",
    Measure.TRANSFERS: "Transfers",
    Measure.UNRESOLVED: "Not resolved",
    Measure.HANG_UPS: "Hang-ups by us",
}
_MORE = {
    Measure.WAITING: "waits longer for an agent",
    Measure.HANDLING: "is spoken with for longer",
    Measure.TRANSFERS: "is passed on more often",
    Measure.UNRESOLVED: "goes unresolved",
    Measure.HANG_UPS: "is hung up on unresolved",
}
FINDINGS = {
    Finding.TOO_FEW: "too few calls to say",
    Finding.NOT_COMPARABLE: "not comparable: where people say no, hardly anybody says yes",
    Finding.ALL_THE_SAME: "all the same",
    Finding.NO_GAP_FOUND: "no gap found",
    Finding.GAP: "gap: not freely given",
}
STRATA = {
    Strata.QUEUE_LANGUAGE_AGENT_DAY_HOUR: "the same queue, language, agent who asked, weekday and hour",
    Strata.QUEUE_LANGUAGE_AGENT_DAY_FOUR_HOURS: "the same queue, language, agent who asked, weekday and four hours of the day",
    Strata.QUEUE_LANGUAGE_AGENT_FOUR_HOURS: "the same queue, language, agent who asked and four hours of the day",
    Strata.QUEUE_LANGUAGE_AGENT: "the same queue, language and agent who asked",
    Strata.QUEUE_LANGUAGE_DAY_HOUR: "the same queue, language, weekday and hour",
    Strata.QUEUE_LANGUAGE_DAY_FOUR_HOURS: "the same queue, language, weekday and four hours of the day",
    Strata.QUEUE_LANGUAGE_FOUR_HOURS: "the same queue, language and four hours of the day",
    Strata.QUEUE_LANGUAGE: "the same queue and language",
    Strata.QUEUE: "the same queue",
}

HEADS = ("Finding", "In pairs of 100", "In its own unit", "Calls", "Compared among", "Told by", "All looks so far")
"""Of the table of parity, beside the measure; `told` fills them."""
GROUPS = {
    Group.NO: "said no",
    Group.YES: "said yes",
    Group.WITHDREW: "said yes, then took it back",
    Group.UNANSWERED: "were asked and did not answer",
    Group.UNASKED: "were not asked",
}


def concern_about(found: Iterable[Account]) -> Personal[str]:
    """The words of the concern that Rightcall raises about a purpose."""
    lines = [f"- {_sentence(account)}" for account in found]
    return Personal(
        "Calls of people who said no to this purpose go otherwise than calls of people who said yes, by more than chance and by"
        f" enough to matter:\n{chr(10).join(lines)}\n"
        "While that is so, a yes to this purpose is not freely given (GDPR Art. 7(4), recital 42). This is an observation: it"
        " cannot tell why. Look first at what differs besides the answer: queue, hour, language, who is asked. Mend what causes"
        " it, then answer the flag; it is lifted once later calls show the gap gone."
    )


def _sentence(account: Account) -> str:
    effect = rules.estimate_of(account)
    worse, more = "no" if effect.value > 0 else "yes", f"{100 * abs(effect.value):.1f}"
    return (
        f"{NAMES[account.measure]}: of 100 pairs of one call with a no and one with a yes there are {more} more in which the"
        f" {worse} {_MORE[account.measure]} than the other way round ({pairs(effect)}), over {rules.in_tens(account.noes)} noes"
        f" and {rules.in_tens(account.yeses)} yeses, in tens. Compared among calls of {STRATA[account.strata]}."
    )


def pairs(effect: Estimate) -> str:
    """Effect and its 95 % interval, in pairs of a hundred."""
    return f"{100 * effect.value:+.1f} ({100 * effect.low:+.1f} to {100 * effect.high:+.1f})"


def in_units(measure: Measure, found: Comparison) -> str:
    """The same in the measure's own unit; empty where that is the same, or cannot be told."""
    if found.in_units is None:
        return ""
    value, low, high = found.in_units.value, found.in_units.low, found.in_units.high
    if measure is Measure.TRANSFERS:
        return f"{value:.2f} times as many ({low:.2f} to {high:.2f})"
    return f"{value:+.0f} s ({low:+.0f} to {high:+.0f})"


def chance_told(chance: float) -> str:
    return "below 0.0001" if chance < 0.0001 else f"{chance:.4f}".rstrip("0").rstrip(".")


def told(row: Row) -> tuple[str, ...]:
    """What is known of one measure, in the order of `HEADS`."""
    found = row.comparison
    looks = "none yet" if row.account is None or row.chance is None else f"{row.account.looks}, chance {chance_told(row.chance)}"
    if found is None:
        return FINDINGS[row.finding], "–", "–", "–", "–", "–", looks
    count = f"{rules.in_tens(found.noes)} no, {rules.in_tens(found.yeses)} yes"
    wire = round(100 * found.from_wire)
    by = "the contact centre" if wire == 0 else f"our own wire: {wire} % of calls"
    units = in_units(row.measure, found) or "the same"
    return FINDINGS[row.finding], pairs(found.effect), units, count, STRATA[found.strata], by, looks


def sizes_told(parity: Parity, names: Mapping[PurposeId, str]) -> list[tuple[str, str]]:
    """For each purpose, by its name: groups in tens, then those that are too small to tell."""
    lines = []
    for purpose, of_purpose in groupby(parity.sizes, key=lambda size: size.purpose):
        sizes = list(of_purpose)
        counted = [f"{size.calls:,} {GROUPS[size.group]}" for size in sizes if size.calls is not None]
        few = [GROUPS[size.group] for size in sizes if size.calls is None]
        said = ", ".join(counted) + ("; " if counted and few else "")
        lines.append((names[purpose], said + (f"too few to tell how many {', '.join(few)}" if few else "")))
    return lines
