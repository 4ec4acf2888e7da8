"""A review that is whole, as a form and as the domain has it; tests change one thing of it."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from rightcall.actors import SYSTEM, Actor, Role
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.ids import PurposeId, new_id
from rightcall.policy.actions import load_rules
from rightcall.policy.model import RuleSet
from rightcall.policy.situations import DesignFacts
from rightcall.reviews import actions as reviews
from rightcall.reviews import standing as reviews_standing
from rightcall.reviews.documents import content_of
from rightcall.reviews.model import Capacity, Content, History, NewReview
from rightcall.reviews.rules import USES
from rightcall.staff.rules import USING_ROLES

FORM: dict[str, Any] = {
    "answers": {
        "what_for": "New agents learn to solve problems the first time, and callers are helped sooner.",
        "clear_yes": "Each caller is asked about this alone and answers with a key of their own.",
        "what_we_hold": "The voice of the caller and of the agent, as the recorder captured them in the call.",
        "kept_safe": "It is sealed as it is written, and only supervisors and the DPO can open it.",
        "need_all": "Only calls that end well are used in lessons; everything goes after the term.",
        "right_thing": "Callers who were asked said that they would want a new agent to learn so.",
        "said_aloud": "May we keep this call so that a new colleague can learn from it?",
    },
    "harms": [
        {
            "who": "callers",
            "how": "Something private that they said could be heard by a person in a lesson.",
            "likelihood": "possible",
            "severity": "serious",
            "done": "Whoever plays a call gives a reason, and a pause cuts what is private.",
        },
        {
            "who": "agents",
            "how": "A supervisor could use a recording against the agent who speaks in it.",
            "likelihood": "rare",
            "severity": "serious",
            "done": "Recordings for lessons are never used to judge somebody's work.",
        },
    ],
    "alternatives": [
        {"what": "written examples", "enough": "in_part", "why": "They teach the facts but not how to listen to somebody upset."}
    ],
    "declared": {
        "service_depends_on_yes": False,
        "steps_to_accept": 1,
        "steps_to_decline": 1,
        "unrecorded_line": "Each desk has a second telephone that is not recorded.",
        "other_proof": "The order system keeps what was agreed in writing.",
        "whole_call": False,
        "acts": ["capture", "play"],
        "roles": ["dpo", "supervisor"],
        "calls": "up_to_1000",
        "criteria": [],
    },
    "balancing": {
        "purpose": "Agents want to be trained well, and the house wants good agents.",
        "necessity": "The words of the caller alone make no lesson, since nobody hears the answer.",
        "balance": "An agent may object at any time, and nothing is held against whoever does.",
    },
    "impact": {
        "necessity": "Nothing else teaches tone, and only calls with a clear yes are kept at all.",
        "measures": "Sealing at the moment of capture, short terms, a reason for each playback.",
        "advice": "The DPO advised to keep it for thirty days and to ask about this alone.",
        "views": "Ten callers and the agents' council were asked, and what they said is answered above.",
    },
}


@lru_cache(maxsize=1)
def _shipped() -> RuleSet:
    return load_rules()


FAIR = DesignFacts(
    conditional=False,
    asked_together=1,
    steps_to_accept=1,
    steps_to_decline=1,
    withdrawal_told=True,
    wording_void=False,
    unrecorded_line=True,
    other_proof=True,
    whole_call=False,
    balanced=True,
    high_risk=False,
    assessed=True,
)
"""As FORM says, of a purpose whose notice tells of withdrawal."""


def content(**declared: Any) -> Content:
    """Whole, with these facts declared otherwise."""
    whole = content_of(FORM)
    return replace(whole, declared=replace(whole.declared, **declared))


def somebody(role: Role) -> Actor:
    return Actor(id=new_id(), role=role)


def reviewed(tx: Transaction, clock: Clock, purpose: PurposeId, rules: RuleSet | None = None) -> History:
    """A review of the purpose that names every use, drafted by Rightcall and signed for agents and for customers."""
    known = rules or _shipped()
    whole = content(acts=USES, roles=USING_ROLES)
    new = reviews.draft(tx, clock, known, NewReview(purpose=purpose, content=whole), by=SYSTEM)
    reviews.sign(tx, clock, known, new.id, Capacity.FOR_AGENTS, by=somebody(Role.AGENT))
    signed = reviews.sign(tx, clock, known, new.id, Capacity.FOR_CUSTOMERS, by=somebody(Role.DPO))
    standing = reviews_standing.in_force(tx, clock, known, purpose)
    assert not reviews_standing.why_not(tx, standing), "the notice or the purpose may not be so"
    return signed
