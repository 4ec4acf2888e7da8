"""A review as the two documents that the law asks for: the impact assessment (GDPR Art. 35(7), (2), (9)) and the balancing test
of legitimate interests (Art. 6(1)(f)). What the register, the notices and the verdicts say stands beside what was written, and
what nobody knows is said under `unknown`: nothing is filled in.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from rightcall.canonical import Json
from rightcall.clock import Clock
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Transaction
from rightcall.ids import ReviewId
from rightcall.policy import actions as policy
from rightcall.policy.model import RuleSet
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Notice, Purpose
from rightcall.reviews import actions as reviews
from rightcall.reviews import standing as reviews_standing
from rightcall.reviews.checking import QUESTIONS
from rightcall.reviews.documents import bound_of, document_of
from rightcall.reviews.model import Capacity, Figures, History
from rightcall.reviews.rules import balancing_needed, criteria_of, dpia_needed, entry_digest, stage_of


class Kind(StrEnum):
    DPIA = "dpia"
    LIA = "lia"


def document_for(tx: Transaction, clock: Clock, rules: RuleSet, review: ReviewId, kind: Kind) -> dict[str, Json]:
    """The document, as docs/reference/reviews.md describes it."""
    history = reviews.history(tx, review)
    purpose = purposes.get(tx, history.review.purpose)
    standing, counted = reviews_standing.in_force(tx, clock, rules, purpose.id), reviews.figures(tx, purpose.id)
    words, controller = purposes.current_notices(tx, purpose.id), controllers.get(tx)
    own = _dpia(history, purpose) if kind is Kind.DPIA else _lia(history, purpose)
    return {
        "format": f"rightcall-{kind}/1",
        "made_at": clock.now().isoformat(),
        "controller": {
            "name": controller.name,
            "address": controller.address,
            "contact": controller.contact,
            "jurisdictions": sorted(controller.jurisdictions),
            "language": controller.language,
        },
        "purpose": _purpose(purpose),
        "notices": [_notice(each) for each in words],
        **own,
        "review": {
            "id": str(review),
            "version": history.review.version,
            "stage": stage_of(history, standing).value,
            "why_not_in_force": [each.says for each in reviews_standing.why_not(tx, standing)],
            "bound": bound_of(history.review.bound),
            "digest": history.review.digest.hex(),
            "statement": str(history.review.statement),
            "author": {"role": history.review.author.role.value, "id": str(history.review.author.id)},
            "drafted_at": history.review.drafted_at.isoformat(),
            "expires_on": history.review.expires_on.isoformat(),
        },
        "signatures": _signatures(history),
        "verdict": _verdict(tx, history),
        "verdicts": _figures(counted),
        "uses_not_named": [f"{each.kind}: {each.what}" for each in history.observed],
        "unknown": [*_unknown(kind, history, purpose, words, counted)],
    }


def _dpia(history: History, purpose: Purpose) -> dict[str, Json]:
    """The four parts of Art. 35(7), and whom it was put to."""
    content, written = history.review.content, document_of(history.review.content)
    impact = content.impact
    return {
        "needed": dpia_needed(content.declared, purpose.data_categories),
        "criteria": sorted(criteria_of(content.declared, purpose.data_categories)),
        "description": {"answers": _answers(history), "declared": written["declared"]},
        "necessity": {"written": None if impact is None else impact.necessity, "alternatives": written["alternatives"]},
        "risks": written["harms"],
        "legitimate_interests": balancing_needed(purpose),
        "balancing": written["balancing"],
        "measures": None if impact is None else impact.measures,
        "consultation": {
            "dpo": None if impact is None else impact.advice,
            "people_concerned": None if impact is None else impact.views,
        },
    }


def _lia(history: History, purpose: Purpose) -> dict[str, Json]:
    """The three steps of Art. 6(1)(f)."""
    written = document_of(history.review.content)
    return {
        "needed": balancing_needed(purpose),
        "balancing": written["balancing"],
        "alternatives": written["alternatives"],
        "risks": written["harms"],
        "description": {"answers": _answers(history), "declared": written["declared"]},
    }


def _answers(history: History) -> list[Json]:
    return [{"question": text, "answer": getattr(history.review.content.answers, name)} for name, text in QUESTIONS.items()]


def _purpose(purpose: Purpose) -> dict[str, Json]:
    return {
        "key": purpose.key,
        "title": purpose.title,
        "justification": purpose.justification,
        "lawful_basis": purpose.lawful_basis.value,
        "staff_basis": purpose.staff_basis.value,
        "legal_duty": purpose.legal_duty,
        "data_categories": list(purpose.data_categories),
        "may_use": sorted(purpose.may_use),
        "term_days": purpose.term_days,
        "dpv_purpose": purpose.dpv_purpose,
        "on_withdrawal": purpose.on_withdrawal.value,
        "created_at": purpose.created_at.isoformat(),
        "ended_at": None if purpose.ended_at is None else purpose.ended_at.isoformat(),
    }


def _notice(notice: Notice) -> dict[str, Json]:
    return {"language": notice.language, "version": notice.version, "text": notice.text, "digest": notice.digest.hex()}


def _signatures(history: History) -> list[Json]:
    """By role and by the id of a token: neither names anybody here. Who held the token, the house knows."""
    return [
        {
            "role": each.by.role.value,
            "capacity": each.capacity.value,
            "signer": str(each.by.id),
            "signed_at": each.signed_at.isoformat(),
            "statement": str(each.statement),
        }
        for each in history.signatures
    ]


def _verdict(tx: Transaction, history: History) -> Mapping[str, Json] | None:
    """Whether the purpose may be used as the review says."""
    if history.opening is None:
        return None
    verdict = policy.get(tx, history.opening.verdict).verdict
    return {
        "id": str(history.opening.verdict),
        "asked_at": history.opening.at.isoformat(),
        "outcome": verdict.outcome.value,
        "reasons": [
            {"rule": each.rule, "ground": each.ground, "says": each.says, "instead": each.instead} for each in verdict.reasons
        ],
        "missing": list(verdict.missing),
        "rule_set": verdict.rule_set.hex(),
    }


def _figures(counted: Figures) -> Mapping[str, Json] | None:
    """Verdicts on real calls and holdings for this purpose, counted; None where there are none."""
    if counted.since is None:
        return None
    counts = [
        {"act": act.value, "outcome": outcome, "count": number} for (act, outcome), number in sorted(counted.counted.items())
    ]
    return {"since": counted.since.isoformat(), "counts": counts}


def _unknown(kind: Kind, history: History, purpose: Purpose, words: Sequence[Notice], counted: Figures) -> Sequence[str]:
    content, capacities = history.review.content, {each.capacity for each in history.signatures}
    facts = {
        "No impact assessment was written: necessity, measures, the DPO's advice and people's views are not known.": (
            kind is Kind.DPIA and content.impact is None
        ),
        "No balancing test was written.": content.balancing is None and (kind is Kind.LIA or balancing_needed(purpose)),
        "No notice is published for this purpose: what people are told is not known.": not words,
        "No verdict was given for this purpose yet: how it is used is not known.": counted.since is None,
        "Nobody has signed for customers.": Capacity.FOR_CUSTOMERS not in capacities,
        "Nobody has signed for agents.": Capacity.FOR_AGENTS not in capacities,
        "Whether the purpose may be used as this says was not asked yet.": history.opening is None,
        "The register has changed since this was written.": entry_digest(purpose) != history.review.bound.entry,
        "People are told other words than when this was written.": (
            tuple(each.digest for each in words) != history.review.bound.notices
        ),
        "How likely and how bad a harm is was judged by whoever wrote this, and measured by nobody.": True,
    }
    return [said for said, is_so in facts.items() if is_so]
