"""What may be done with a concern and by whom, from facts alone.

Nobody owns a concern that they raised, or that is about what they did. A second person is another person in another role. The
words are for whoever has to answer them, and for the DPO; the person whose act is concerned does not read them.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from rightcall.actors import Actor, Role
from rightcall.clock import day_of
from rightcall.concerns.model import (
    MOST_NAME,
    MOST_WORDS,
    AboutCall,
    AboutNotice,
    AboutPurpose,
    AboutRule,
    Concern,
    Days,
    Target,
    TargetKind,
)
from rightcall.concerns.states import Stage
from rightcall.errors import Malformed
from rightcall.personal import Personal

MAY_ANSWER = frozenset({Role.SUPERVISOR, Role.DPO})
MAY_DECIDE = frozenset({Role.SUPERVISOR, Role.DPO, Role.REVIEWER})
NOBODY_MAY = (
    "Every supervisor and DPO there is here did what it is about, so none of them may answer it. A reviewer may; else the house"
    " has to name somebody."
)
SHOWN_TOMORROW = "One that was raised today shows tomorrow; the DPO sees it at once."
_RULE = re.compile(r"[a-z0-9_.-]{1,200}")


class Bar(StrEnum):
    """Why this person may not."""

    RAISED_IT = "You raised this concern, so somebody else answers it."
    DID_IT = "This concern is about something that you did, so somebody else answers it."
    NOT_THE_OWNER = "Only the owner of this concern answers it. Take it over first, where you may."
    SAME_PERSON = "You had this concern before. An appeal is decided by a second person."
    SAME_ROLE = "An appeal is decided by somebody in another role than the one who answered."
    NOT_THIS_ROLE = "This role answers no concerns."
    NOT_YET = "A reviewer takes a concern only where no supervisor and no DPO may, or where it is late. Neither is so here."
    NOT_YOURS_TO_READ = "The words of a concern are for its owner and the DPO, and after an appeal for whoever may decide it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who asks to do something with a concern: whether their token raised it, who did what it is about, who had it before.
    `nobody_else`: no supervisor and no DPO may own it, or none did in time."""

    actor: Actor
    raised_it: bool
    doers: Collection[UUID]
    had_it: Collection[UUID]
    nobody_else: bool = False


def bar_to_own(asking: Asking) -> Bar | None:
    """A reviewer steps in where it would lie unanswered else."""
    if asking.actor.role not in MAY_ANSWER:
        if asking.actor.role is not Role.REVIEWER:
            return Bar.NOT_THIS_ROLE
        if not asking.nobody_else:
            return Bar.NOT_YET
    return _bar_of_anybody(asking)


def bar_to_answer(concern: Concern, asking: Asking) -> Bar | None:
    if concern.owner is not None and concern.owner != asking.actor:
        return Bar.NOT_THE_OWNER
    return bar_to_own(asking) if concern.owner is None else _bar_of_anybody(asking)


def bar_to_decide(concern: Concern, asking: Asking) -> Bar | None:
    if asking.actor.role not in MAY_DECIDE:
        return Bar.NOT_THIS_ROLE
    if asking.actor.id in asking.had_it:
        return Bar.SAME_PERSON
    if concern.answer is not None and concern.answer.by.role == asking.actor.role:
        return Bar.SAME_ROLE
    return _bar_of_anybody(asking)


def bar_to_read(concern: Concern, asking: Asking) -> Bar | None:
    """The raiser reads their own with the code or the token, in another way (`raiser`)."""
    if asking.actor.id in asking.doers:
        return Bar.DID_IT
    if asking.actor.role is Role.DPO or asking.actor == concern.owner:
        return None
    appealed = concern.state.stage is Stage.APPEALED and bar_to_decide(concern, asking) is None
    decided = concern.decision is not None and concern.decision.by == asking.actor
    return None if appealed or decided else Bar.NOT_YOURS_TO_READ


def _bar_of_anybody(asking: Asking) -> Bar | None:
    if asking.raised_it:
        return Bar.RAISED_IT
    return Bar.DID_IT if asking.actor.id in asking.doers else None


def seen_before(actor: Actor, today: date) -> date:
    """Who answers concerns sees those raised before this day. What came today would tell who was at work; the DPO sees it."""
    return today + timedelta(days=1) if actor.role is Role.DPO else today


def due_on(concern: Concern) -> date | None:
    """The day until which the organisation has to move; None while the raiser has to, and once it is closed."""
    match concern.state.stage:
        case Stage.RAISED | Stage.OWNED:
            return concern.answer_due_on
        case Stage.APPEALED:
            return concern.decision_due_on
        case _:
            return None


def is_overdue(concern: Concern, today: date) -> bool:
    due = due_on(concern)
    return due is not None and due < today


def appeal_until(concern: Concern, days: Days) -> date | None:
    """The last day on which the raiser may appeal."""
    return None if concern.answer is None else day_of(concern.answer.at) + timedelta(days=days.appeal)


def checked_words(words: Personal[str]) -> Personal[str]:
    text = words.reveal("check words of a concern").strip()
    if not text or not any(each.isalnum() for each in text):
        raise Malformed("Say in words what it is. Blank words, or signs alone, tell nobody anything.")
    if len(text) > MOST_WORDS:
        raise Malformed(f"These words are too long: at most {MOST_WORDS} characters.")
    return Personal(text)


def checked_name(name: Personal[str] | None) -> Personal[str] | None:
    text = "" if name is None else name.reveal("check name of a raiser").strip()
    if len(text) > MOST_NAME:
        raise Malformed(f"The name is too long: at most {MOST_NAME} characters.")
    return Personal(text) if text else None


def checked_rule(rule: str) -> str:
    if _RULE.fullmatch(rule) is None:
        raise Malformed("This is not the id of a rule. Give it as it stands in a verdict, such as house.no_emotion_scores.")
    return rule


def kind_of(target: Target) -> TargetKind:
    match target:
        case AboutPurpose():
            return TargetKind.PURPOSE
        case AboutRule():
            return TargetKind.RULE
        case AboutNotice():
            return TargetKind.NOTICE
        case AboutCall():
            return TargetKind.CALL
