"""What a review must say, who may sign it, when it is in force and why not. No rule here reads a clock or a database."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

from rightcall.actors import Actor, Role
from rightcall.canonical import Json, canonical_json, sha256
from rightcall.errors import Conflict, Malformed, NotAllowed
from rightcall.ids import ControllerId, OverrideId, PurposeId
from rightcall.policy.model import Act, Rule, RuleSet
from rightcall.policy.overrides.model import Aside
from rightcall.policy.overrides.rules import digest_of
from rightcall.policy.rules import counting
from rightcall.policy.vocabulary import KINDS_OF
from rightcall.purposes.model import LawfulBasis, NewPurpose, Purpose
from rightcall.purposes.rules import register_entry
from rightcall.reviews.documents import bound_of, change_of, document_of, longer_of
from rightcall.reviews.model import (
    Bound,
    Capacity,
    Change,
    Content,
    Criterion,
    Declared,
    End,
    History,
    InForce,
    Longer,
    Newest,
    NotInForce,
    Novelty,
    Observed,
    Signature,
    Stage,
    Standing,
    Volume,
    Why,
    WhyNot,
)

MOST_DAYS = 365
USUAL_DAYS = 182
LEAST_ROLES = 2
LEAST_WORD, MOST_WORD = 10, 4000
# An agent's superior does not speak for agents, nor the house for its customers. The DPO is whom people turn to, and advises
# without a stake (Art. 38(4), (6)); a reviewer has no part in what is reviewed. Nobody signs for two sides.
MAY_SPEAK: Mapping[Role, Capacity] = {
    Role.AGENT: Capacity.FOR_AGENTS,
    Role.SUPERVISOR: Capacity.FOR_THE_HOUSE,
    Role.ENGINEER: Capacity.FOR_THE_HOUSE,
    Role.DPO: Capacity.FOR_CUSTOMERS,
    Role.REVIEWER: Capacity.FOR_CUSTOMERS,
}
# What counts as a use that a review has to name. Asking and letting go harm nobody; what a hold keeps stands on its own ground.
NO_USES = frozenset({"ask", "erase", "keep", "extend", "play_held", "answer_request", "activate"})
USES = frozenset(act for act in Act if act.value not in NO_USES)
_LARGEST = {Volume.UP_TO_1000: 1_000, Volume.UP_TO_10000: 10_000, Volume.UP_TO_100000: 100_000}
# One of these is enough for an impact assessment, of the others two (Art. 35(3); WP 248 rev.01, III.B).
_ENOUGH_ALONE = frozenset(
    {
        Criterion.SYSTEMATIC_EVALUATION,
        Criterion.SPECIAL_CATEGORIES,
        Criterion.LARGE_SCALE_MONITORING,
        Criterion.VOICE_ANALYTICS,
    }
)
# What is done shows some of them by itself: voices analysed, a model trained, data put together with somebody else's.
_FOLLOW: Mapping[Act, Criterion] = {
    Act.ANALYSE: Criterion.VOICE_ANALYTICS,
    Act.TRAIN_MODEL: Criterion.NEW_TECHNOLOGY,
    Act.SHARE: Criterion.COMBINED_DATA,
}
_LARGE = frozenset({Volume.UP_TO_100000, Volume.MORE})
SPECIAL = frozenset(
    f"pd:{name}"
    for name in (
        "Health",
        "HealthHistory",
        "HealthRecord",
        "IndividualHealthHistory",
        "FamilyHealthHistory",
        "MedicalHealth",
        "MentalHealth",
        "PhysicalHealth",
        "Prescription",
        "Disability",
        "Genetic",
        "DNACode",
        "EthnicOrigin",
        "Ethnicity",
        "Race",
        "PhilosophicalBelief",
        "PoliticalAffiliation",
        "PoliticalOpinion",
        "Religion",
        "ReligiousBelief",
        "Sexual",
        "SexualHistory",
        "SexualPreference",
        "TradeUnionMembership",
        "Biometric",
        "FacialPrint",
        "Fingerprint",
        "Retina",
    )
)
"""Categories of data of Art. 9(1), as the vocabulary of personal data (DPV-PD) names them."""
# Whatever is done for a purpose: it is asked for, and the purpose itself is weighed. These two no review can leave out.
_ALWAYS = frozenset({Act.ACTIVATE, Act.ASK})
_OVER: Mapping[End, Stage] = {End.WITHDRAWN: Stage.WITHDRAWN, End.SENT_BACK: Stage.SENT_BACK}
_NO_MATTER_TO_A_REVIEW = ("last_checked", "owner")


_AGAIN = "Draft the next version on what is so now, and have it signed."
_SAYS: Mapping[Why, tuple[str, str]] = {
    Why.NONE: (
        "Nobody has reviewed this purpose.",
        "Write its review, in the console or upon what `rightcall review template` asks.",
    ),
    Why.UNSIGNED: (
        "Its review is not signed by people in two roles, one of them for customers or for agents.",
        "Have it signed by those who are missing.",
    ),
    Why.NOT_ACTIVATED: (
        "Its review is signed, and the verdict on it is no: the purpose may not be used as the review says.",
        "Change how the purpose is set up, and draft the next version.",
    ),
    Why.SET_ASIDE: (
        "Since its review was written, a house rule that counts for it was set aside, and whoever signed has not seen that.",
        "End the override, which `rightcall override list` shows; or draft the next version while it stands, and have it signed.",
    ),
    Why.WITHDRAWN: ("Its review was withdrawn.", "Answer what was wrong with it, and draft the next version."),
    Why.EXPIRED: ("Its review has expired.", "Ask anew whether it is right: draft the next version, and have it signed."),
    Why.PURPOSE_CHANGED: ("The purpose is not what was reviewed: its entry changed, or it has ended.", _AGAIN),
    Why.NOTICE_CHANGED: ("People are told other words than those that were reviewed.", _AGAIN),
    Why.RULES_CHANGED: ("Other rules count for it than those it was reviewed under.", _AGAIN),
    Why.FIGURES_CHANGED: (
        "It was about a change that the figures do not bear out any more, and it lapsed before it was signed.",
        "Draft the next version, or look at what is proposed now.",
    ),
    Why.SENT_BACK: (
        "Somebody who was asked to sign its review sent it back.",
        "Read what they wrote to its author, and draft the next version.",
    ),
    Why.CONCERN_UPHELD: (
        "Somebody said that something is wrong with it, and that was found to be so.",
        "Read the concern and its answer, mend what it says, and draft the next version.",
    ),
    Why.USE_CHANGED: ("It is used otherwise than its review says.", "End that use, or name it in the next version."),
}


def dpia_needed(declared: Declared, data_categories: Collection[str]) -> bool:
    """By what is said to make a high risk likely, and by what is declared besides, whatever was said of the risk."""
    found = criteria_of(declared, data_categories)
    return len(found) >= 2 or not _ENOUGH_ALONE.isdisjoint(found)


def criteria_of(declared: Declared, data_categories: Collection[str]) -> frozenset[Criterion]:
    """Those that were named, and those that follow from the acts, the volume and the register: nobody leaves these out."""
    follow = {criterion for act, criterion in _FOLLOW.items() if act in declared.acts}
    follow |= {Criterion.LARGE_SCALE} if declared.calls in _LARGE else set()
    follow |= {Criterion.SPECIAL_CATEGORIES} if not SPECIAL.isdisjoint(data_categories) else set()
    return declared.criteria | follow


def balancing_needed(purpose: Purpose) -> bool:
    """Whether anybody's words rest on legitimate interests: the agents' do where nothing else was said."""
    return LawfulBasis.LEGITIMATE_INTERESTS in (purpose.lawful_basis, purpose.staff_basis)


def expiry(today: date, wanted: date | None) -> date:
    """The last day. Malformed where it is over already, or more than a year away."""
    last = today + timedelta(days=USUAL_DAYS) if wanted is None else wanted
    if last <= today:
        raise Malformed("A review expires on a day to come. Give a later expires_on, or leave it out for half a year.")
    if last > today + timedelta(days=MOST_DAYS):
        raise Malformed("A review lasts a year at most: what is right is asked again. Give an earlier expires_on.")
    return last


def may_sign(by: Actor, capacity: Capacity, *, author: Actor, signatures: Sequence[Signature]) -> None:
    """NotAllowed, Conflict where this signature would be worth nothing; with what to do."""
    allowed = MAY_SPEAK.get(by.role)
    if allowed is None:
        raise NotAllowed("Only people who work here sign a review. Use a token of your own.")
    if capacity is not allowed:
        raise NotAllowed(f"A token of the role {by.role} signs {allowed}. Whoever signs {capacity} is {_who(capacity)}.")
    if by.id == author.id:
        raise Conflict("Whoever wrote a review does not sign it: four eyes see more. Ask somebody else to sign.")
    if any(each.by.id == by.id for each in signatures):
        raise Conflict("This token has signed this review already. Somebody in another role signs next.")


def may_send_back(by: Actor, *, author: Actor) -> None:
    """NotAllowed, Conflict where it is not theirs to send back: only whoever could sign it says why they do not."""
    if by.role not in MAY_SPEAK:
        raise NotAllowed("Only people who work here sign a review or send it back. Use a token of your own.")
    if by.id == author.id:
        raise Conflict("You wrote this review. Withdraw it, or draft the next version.")


def checked_word(words: str) -> str:
    """What whoever sends it back says to its author."""
    said = words.strip()
    if not LEAST_WORD <= len(said) <= MOST_WORD:
        raise Malformed(f"Say to its author why you do not sign it, in {LEAST_WORD} to {MOST_WORD} characters.")
    return said


def _who(capacity: Capacity) -> str:
    return " or ".join(sorted(role for role, speaks in MAY_SPEAK.items() if speaks is capacity))


def is_complete(signatures: Iterable[Signature]) -> bool:
    """People in two roles, and one of them speaks for those who could be hurt."""
    signed = list(signatures)
    heard = {each.capacity for each in signed} & {Capacity.FOR_CUSTOMERS, Capacity.FOR_AGENTS}
    return len({each.by.role for each in signed}) >= LEAST_ROLES and bool(heard)


def still_needed(signatures: Iterable[Signature]) -> str:
    """What is missing, in words; empty where nothing is."""
    signed = list(signatures)
    if is_complete(signed):
        return ""
    if not signed:
        return "Two people in different roles sign it, one of them for customers or for agents."
    if {each.capacity for each in signed} == {Capacity.FOR_THE_HOUSE}:
        return "Somebody who speaks for customers (the DPO or a reviewer) or for agents (an agent) has not signed."
    return "Somebody in another role has not signed."


def document(
    controller: ControllerId,
    purpose: PurposeId,
    version: int,
    content: Content,
    bound: Bound,
    last: date,
    change: Change | None = None,
    longer: Longer | None = None,
) -> Json:
    """All that a signature stands under."""
    return {
        "controller": str(controller),
        "purpose": str(purpose),
        "version": version,
        "expires_on": last.isoformat(),
        "content": document_of(content),
        **bound_of(bound),
        **change_of(change),
        **longer_of(longer),
    }


@lru_cache(maxsize=1024)
def entry_digest(purpose: Purpose) -> bytes:
    """The register's entry as it is now; a purpose that has ended is another one than before."""
    entry = register_entry(
        NewPurpose(
            key=purpose.key,
            title=purpose.title,
            justification=purpose.justification,
            lawful_basis=purpose.lawful_basis,
            staff_basis=purpose.staff_basis,
            data_categories=purpose.data_categories,
            may_use=purpose.may_use,
            term_days=purpose.term_days,
            dpv_purpose=purpose.dpv_purpose,
            on_withdrawal=purpose.on_withdrawal,
            legal_duty=purpose.legal_duty,
        )
    )
    return sha256(canonical_json({"entry": entry, "ended": purpose.ended_at is not None}))


@lru_cache(maxsize=1024)
def rules_digest(rules: RuleSet, places: frozenset[str], acts: frozenset[Act]) -> bytes:
    """Over those rules that count in these places for one of these acts, for asking, or for the purpose itself, now or from a
    later day: whoever signs has both before them, and a day that was known changes nothing. A rule that was looked at again and
    says what it said is the same rule."""
    return sha256(b"\n".join(_as_reviewed(rule) for rule in _ours(rules, places, acts)))


def set_aside(
    purpose: PurposeId, asides: Iterable[Aside], *, rules: RuleSet, places: frozenset[str], acts: frozenset[Act]
) -> frozenset[OverrideId]:
    """The overrides that reach a rule of these for the whole purpose. What is set aside for one call concerns that call."""
    wide = [each for each in asides if each.call is None and each.purpose in (None, purpose)]
    if not wide:
        return frozenset()
    ours = {(rule.id, digest_of(rule)) for rule in _ours(rules, places, acts)}
    return frozenset(each.id for each in wide if (each.rule, each.digest) in ours)


def still_binds(bound: Bound, now: Bound) -> bool:
    """Whether what is so now is what was reviewed. An override that stood then and is over changes nothing: its rule was read."""
    return replace(now, asides=frozenset()) == replace(bound, asides=frozenset()) and now.asides <= bound.asides


@lru_cache(maxsize=1024)
def _ours(rules: RuleSet, places: frozenset[str], acts: frozenset[Act]) -> tuple[Rule, ...]:
    counts = counting(rules, date.max, places)
    return tuple(
        rule for rule, here in zip(rules.rules, counts, strict=True) if here and not rule.acts.isdisjoint(acts | _ALWAYS)
    )


def _as_reviewed(rule: Rule) -> bytes:
    axis, policy = json.loads(rule.canonical)
    notes = {name: says for name, says in policy.get("annotations", {}).items() if name not in _NO_MATTER_TO_A_REVIEW}
    return json.dumps([axis, {**policy, "annotations": notes}], sort_keys=True, separators=(",", ":")).encode()


def standing(
    newest: Newest | None, purpose: Purpose, *, rules: RuleSet, asides: Collection[Aside], places: frozenset[str], day: date
) -> Standing:
    """Whether a review of the purpose is in force on that day, or every reason why not. What ended it for good comes alone."""
    if newest is None:
        return NotInForce(review=None, whys=(Why.NONE,))
    if newest.ended is not None:
        return NotInForce(review=newest.review, whys=(Why(newest.ended.value),))
    aside = set_aside(purpose.id, asides, rules=rules, places=places, acts=newest.acts)
    whys = tuple(_whys(newest, purpose, rules, aside, places, day))
    if newest.design is None or whys:
        return NotInForce(review=newest.review, whys=whys)
    return InForce(review=newest.review, design=newest.design, until=newest.expires_on)


def _whys(
    newest: Newest, purpose: Purpose, rules: RuleSet, aside: frozenset[OverrideId], places: frozenset[str], day: date
) -> Iterable[Why]:
    if newest.active is None:
        yield Why.UNSIGNED
    elif not newest.active:
        yield Why.NOT_ACTIVATED
    if day > newest.expires_on:
        yield Why.EXPIRED
    if entry_digest(purpose) != newest.bound.entry:
        yield Why.PURPOSE_CHANGED
    # Words that are retired leave the others as they were reviewed.
    if not set(newest.notices_now) <= set(newest.bound.notices):
        yield Why.NOTICE_CHANGED
    if rules_digest(rules, places, newest.acts) != newest.bound.rules:
        yield Why.RULES_CHANGED
    if not aside <= newest.bound.asides:
        yield Why.SET_ASIDE
    if newest.novel:
        yield Why.USE_CHANGED


def stage_of(history: History, standing: Standing) -> Stage:
    """`standing` is that of its purpose."""
    if history.ending is not None:
        return _OVER.get(history.ending.why, Stage.LAPSED)
    if standing.review != history.review.id:
        return Stage.DRAFT if history.opening is None else Stage.SUPERSEDED
    if isinstance(standing, InForce):
        return Stage.IN_FORCE
    if lapse(standing.whys) is not None:
        return Stage.LAPSED
    if history.opening is None:
        return Stage.DRAFT
    return Stage.WAITING if history.opening.active else Stage.NOT_ACTIVATED


def says(why: Why) -> WhyNot:
    said, instead = _SAYS[why]
    return WhyNot(why=why, says=said, instead=instead)


def lapse(whys: Iterable[Why]) -> End | None:
    """What ends it for good, of several reasons the first; None where it is merely not in force yet."""
    ends = {each.value: each for each in End}
    return next((ends[why.value] for why in whys if why.value in ends), None)


def volume_of(calls: int) -> Volume:
    return next((volume for volume, most in _LARGEST.items() if calls <= most), Volume.MORE)


def is_more(seen: Volume, named: Volume) -> bool:
    order = list(Volume)
    return order.index(seen) > order.index(named)


def unnamed(content: Content, used: Iterable[tuple[Act, Role]], calls: int | None) -> tuple[Observed, ...]:
    """Of what was seen, what the review did not name. Rightcall itself needs no naming. `calls` None: not counted this time."""
    declared = content.declared
    seen = [(act, role) for act, role in used if act in USES]
    named = declared.acts.union(*(KINDS_OF.get(act, frozenset()) for act in declared.acts))
    found = [Observed(kind=Novelty.ACT, what=act) for act in sorted({act for act, _ in seen} - named)]
    roles = {role for _, role in seen} - declared.roles - {Role.SYSTEM}
    found += [Observed(kind=Novelty.ROLE, what=role) for role in sorted(roles)]
    if calls is not None and is_more(volume_of(calls), declared.calls):
        found.append(Observed(kind=Novelty.VOLUME, what=volume_of(calls)))
    return tuple(found)
