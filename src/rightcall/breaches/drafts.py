"""The draft for the authority that has to be told (GDPR Art. 33(3)). Plain text. What each person is told is in `letters`.

What Rightcall knows is filled in; what only people know stands in square brackets, and a draft with brackets is not ready to
send.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from textwrap import fill

from rightcall.activities.model import Capacity, Responsible
from rightcall.breaches.model import Assessment, Breach, Nature, Open, Reach
from rightcall.breaches.rules import due_at, is_high_risk
from rightcall.breaches.saying import (
    LATE,
    card_codes,
    how_many,
    how_severe,
    of_whom,
    what_has_changed,
    what_is_missing,
    when_weighed,
    where_they_live,
)
from rightcall.controllers.model import Controller
from rightcall.design.tongues import ENGLISH, Tongue
from rightcall.holdings.categories import Sensitivity
from rightcall.holdings.saying import GRAVE, category

_WIDE = 96
_HAPPENED: Mapping[Nature, str] = {
    Nature.CONFIDENTIALITY: "data could be seen by somebody who may not see it",
    Nature.INTEGRITY: "data may have been changed by somebody who may not",
    Nature.AVAILABILITY: "data was lost, or could not be reached",
}
_REACHED: Mapping[Reach, str] = {
    Reach.NOBODY: "nobody is known to have it",
    Reach.KNOWN_RECIPIENTS: "it is known who has it",
    Reach.UNKNOWN: "it is not known who has it",
}
_COULD: Mapping[Sensitivity, str] = {
    Sensitivity.SPECIAL_CATEGORY: "Somebody could learn of health, beliefs or other things that the law protects most,"
    " and tell others.",
    Sensitivity.CRIMINAL: "Somebody could learn of an offence or a conviction, and hold it against the person.",
    Sensitivity.MINOR: "Somebody could learn of a child, and pretend to know it.",
    Sensitivity.FINANCIAL: "Somebody could try to take money, or to order something in another's name.",
    Sensitivity.NATIONAL_ID: "Somebody could pretend to be the person, towards an office or a bank.",
    Sensitivity.ORDINARY: "Somebody could pretend to be us, or to be the person, and sound believable.",
}


def to_authority(
    breach: Breach,
    assessed: Assessment,
    controller: Controller,
    answers: Sequence[Responsible],
    system: str,
    *,
    now: datetime,
    has_changed: bool = False,
) -> str:
    """`system`: what leaked, in words. `has_changed`: what is known of it is not what it was weighed by."""
    due, moment = due_at(breach.known_at), moments(controller)
    is_late = (breach.authority_told_at or now) > due
    why = "[reasons]" if breach.late_because is None else LATE[breach.late_because]
    late = ["", *_wrapped(f"Why this is later than 72 hours after it became known (Art. 33(1)): {why}")] if is_late else []
    return "\n".join(
        [
            "Notification of a personal data breach to the supervisory authority (GDPR Art. 33)",
            "DRAFT. What stands in [brackets] only people can say.",
            "",
            f"Controller: {controller.name}, {controller.address}",
            f"Contact: {contact_of(controller, answers)}",
            f"Known since: {moment(breach.known_at)}; to be told until {moment(due)}",
            *late,
            "",
            "1. What happened (Art. 33(3)(a))",
            *_what_happened(breach, assessed, system, moment),
            *(_wrapped(f"[{what_has_changed(system)}]") if has_changed else []),
            "",
            "2. Likely consequences (Art. 33(3)(c))",
            *_wrapped(f"Severity: {how_severe(assessed)}, by ENISA's method of 2013."),
            *_wrapped(" ".join(_COULD[each] for each in _kinds(assessed.open))),
            "",
            "3. What was done, and what will be (Art. 33(3)(d))",
            *_wrapped("[What stopped it; what keeps it from happening again; what was done for the people.]"),
            *_wrapped(_people_told(breach, assessed, moment)),
            "",
        ]
    )


def _what_happened(breach: Breach, assessed: Assessment, system: str, moment: Callable[[datetime], str]) -> list[str]:
    window, around = breach.window, breach.circumstances
    return [
        *_wrapped(
            f"From {moment(window.began_at)} until {moment(window.until)}, in {system}:"
            f" {'; '.join(_HAPPENED[each] for each in sorted(around.nature))};"
            f" {_REACHED[around.reach]}. {_meant(breach)} [How it happened.]"
        ),
        *_wrapped(how_many(assessed)),
        *_sorts(assessed.open),
        *_told(card_codes(assessed)),
        *_told(where_they_live(assessed)),
        *_told(what_is_missing(assessed, system)),
        *_wrapped(when_weighed(assessed, moment)),
    ]


def contact_of(controller: Controller, answers: Sequence[Responsible]) -> str:
    officer = next((each for each in answers if each.capacity is Capacity.DPO and each.ended_at is None), None)
    return controller.contact if officer is None else f"{officer.name}, {officer.contact}"


def _meant(breach: Breach) -> str:
    if breach.circumstances.unintelligible:
        return "What leaked is sealed under keys that did not leak, and cannot be read (Art. 34(3)(a))."
    return "Somebody meant to do it." if breach.circumstances.malicious else "Nobody is known to have meant it."


def _sorts(opened: Sequence[Open]) -> list[str]:
    return [
        f"  * {category(each.category)} ({GRAVE[each.sensitivity]}): {of_whom(each)}"
        + (f", {each.first_seen_after:,} of them seen only afterwards" if each.first_seen_after else "")
        for each in opened
    ]


def _people_told(breach: Breach, assessed: Assessment, moment: Callable[[datetime], str]) -> str:
    if breach.people_told_at is not None:
        return f"The people were told on {moment(breach.people_told_at)}."
    if assessed.high_risk and not is_high_risk(assessed.severity):
        return "Whether the people have to be told (Art. 34(1)) is not known. They have not been told yet: [when]."
    if assessed.high_risk:
        return "The people have to be told without undue delay (Art. 34(1)). They have not been told yet: [when]."
    return "By this severity the people need not be told (Art. 34(1)). [Whether they are all the same.]"


def _kinds(opened: Sequence[Open]) -> list[Sensitivity]:
    return [each for each in Sensitivity if each in {one.sensitivity for one in opened}]


def _told(text: str) -> list[str]:
    return _wrapped(text) if text else []


def _wrapped(text: str) -> list[str]:
    return [fill(text, _WIDE)]


def moments(controller: Controller, language: str = ENGLISH) -> Callable[[datetime], str]:
    """Tells moments in the controller's zone, which is named, as the language writes them."""
    tongue = Tongue(language, controller.zone)
    return lambda at: f"{tongue.moment(at)} ({tongue.zone_name})"
