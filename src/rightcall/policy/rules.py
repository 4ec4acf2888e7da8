"""How a question is decided: the law first, our own bar above it, each by its own set of rules; no when in doubt.

1. Only rules count that are in force on the day of the question and belong to a place the question is about.
2. The law opens nothing by itself: without a permit that finds its yes, in each of those places, it is unlawful. A forbid always
   wins, so of several laws the strictest does.
3. The house stops or is silent. What it stops is lawful and still not right.
4. A fact that is missing, a rule that errs, a place without a law pack: it cannot be told, and that means no.

Pure and deterministic: the same facts, day and rules give the same verdict. Deliberately elsewhere: reading rules (reading.py),
the words they use (vocabulary.py), and asking Cedar which of them speak (cedar.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from rightcall.canonical import Json, parse_json
from rightcall.canonical import canonical_facts as facts_in_form
from rightcall.clock import day_of
from rightcall.errors import Breach
from rightcall.policy.cedar import speaking
from rightcall.policy.model import Act, Axis, Duty, DutyKind, Effect, Outcome, Question, Reason, Rule, RuleSet, Verdict
from rightcall.policy.places import there_is
from rightcall.policy.vocabulary import facts_of
from rightcall.purposes.model import LawfulBasis

_EEA_MEMBERS = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"
_EEA = frozenset(_EEA_MEMBERS.split()) | {"EEA"}
_ALIASES = {"GB": "UK", "EL": "GR"}
NO_PERMIT = "basis.none"
"""What is named as a rule where no rule opens something."""
_NO_YES = Reason(
    rule=NO_PERMIT,
    axis=Axis.LAW,
    ground="Default deny: no permit of these places' law packs; in the EU and the UK GDPR Art. 5(1)(a), 6(1)",
    says="No rule of law opens this, and what no rule opens is not done.",
    instead="It would be lawful after a clear yes of the person to exactly this purpose, or where a law demands it.",
)
_NOBODY_TO_ASK = replace(_NO_YES, instead="Ask nobody: a yes would change nothing.")
_RESTS_ON: Mapping[str, str] = {
    LawfulBasis.CONTRACT: "It rests on a contract: tell the person so, and with what contract it is.",
    LawfulBasis.LEGITIMATE_INTERESTS: "It rests on an interest of yours: tell the person which, and that they may object.",
    LawfulBasis.PUBLIC_TASK: "It rests on a public task: tell the person which, and that they may object.",
    LawfulBasis.VITAL_INTERESTS: "It rests on somebody's life or health being at stake: tell the person so.",
    LawfulBasis.LEGAL_OBLIGATION: "It rests on a law: tell the person which.",
}


def decide(rules: RuleSet, question: Question) -> Verdict:
    """The verdict. Cheap to ask again: the same facts are weighed once."""
    day = day_of(question.at)
    places = question.jurisdictions or frozenset()
    return weigh(rules, counting(rules, day, places), places, question.act, canonical_facts(question))


def canonical_facts(question: Question) -> bytes:
    """What a verdict rests on, as canonical JSON: stored with it, so that it can be given again."""
    return _canonical_facts(question, day_of(question.at))


@lru_cache(maxsize=8192)
def _canonical_facts(question: Question, day: date) -> bytes:
    return facts_in_form(facts_of(question, day))


def forget() -> None:
    """Nothing that was weighed is remembered: for measurements."""
    weigh.cache_clear()
    _canonical_facts.cache_clear()


@dataclass(frozen=True, slots=True)
class _Weighed:
    """What one set of rules says. `yes` is None where it cannot be told."""

    yes: bool | None
    decided: tuple[Rule, ...]
    missing: frozenset[str]


@lru_cache(maxsize=8192)
def weigh(rules: RuleSet, counting: tuple[bool, ...], places: frozenset[str], act: Act, facts: bytes) -> Verdict:
    """The verdict on facts as they are stored. `places` are their jurisdictions; `counting` says of each rule if it counts."""
    known = parse_json(facts)
    if not isinstance(known, dict):
        raise Breach("The facts of a question are not an object. Stop, and tell the DPO.")
    return weigh_anew(rules, counting, places, act, known)


def weigh_anew(
    rules: RuleSet, counting: tuple[bool, ...], places: frozenset[str], act: Act, facts: Mapping[str, Json]
) -> Verdict:
    """The same, and nothing is remembered."""
    found = _evaluate(rules, counting, act, facts)
    law = _weigh_law(found[Axis.LAW], _without_law(rules, counting, places), act, places)
    house = _weigh_house(found[Axis.HOUSE])
    outcome, duties = _outcome(law, house), _duties([*law.decided, *house.decided])
    if outcome is Outcome.PROCEED and duties:
        outcome = Outcome.PROCEED_WITH_DUTIES
    reasons = _reasons(law, house, act, places)
    if act is Act.ASK and law.yes is False:
        reasons = _with_basis(reasons, facts)
    return Verdict(
        outcome=outcome,
        lawful=law.yes,
        right=house.yes,
        reasons=reasons,
        duties=duties if outcome is Outcome.PROCEED_WITH_DUTIES else (),
        missing=tuple(sorted(law.missing | house.missing)),
        rule_set=rules.digest,
    )


def _weigh_law(weighed: _Weighed, without_law: frozenset[str], act: Act, places: frozenset[str]) -> _Weighed:
    """Each place has a law of its own, and what one of them opens is not open by that in another. Only asking is: it takes
    nothing from anybody, and what one law demands a yes to could not be asked where another is content without."""
    missing = weighed.missing | without_law
    if any(rule.effect is Effect.FORBID for rule in weighed.decided):
        return _Weighed(False, weighed.decided, missing)
    if missing:
        return _Weighed(None, (), missing)
    shut = _unopened(weighed.decided, places)
    if act is Act.ASK and len(shut) < len(_narrowest(places)):
        shut = frozenset()
    return _Weighed(not shut, weighed.decided, missing)


def _unopened(decided: Sequence[Rule], places: frozenset[str]) -> frozenset[str]:
    """Those places whose law opens nothing here."""
    permits = [rule for rule in decided if rule.effect is Effect.PERMIT]
    return frozenset(place for place in _narrowest(places) if not any(_counts_in(rule, frozenset({place})) for rule in permits))


@lru_cache(maxsize=256)
def _narrowest(places: frozenset[str]) -> frozenset[str]:
    """Without those that another lies in: DE says all that EU does."""
    return frozenset(place for place in places if not any(place in wider(other) - {other} for other in places))


def _weigh_house(weighed: _Weighed) -> _Weighed:
    if any(rule.effect is Effect.FORBID for rule in weighed.decided):
        return _Weighed(False, weighed.decided, weighed.missing)
    return _Weighed(None if weighed.missing else True, weighed.decided, weighed.missing)


def _outcome(law: _Weighed, house: _Weighed) -> Outcome:
    """An open question of law comes before the house's no: whoever overrides the house must not override the law."""
    if law.yes is False:
        return Outcome.UNLAWFUL
    if law.yes is None:
        return Outcome.CANNOT_TELL
    if house.yes is False:
        return Outcome.NOT_RIGHT
    return Outcome.CANNOT_TELL if house.yes is None else Outcome.PROCEED


def _evaluate(rules: RuleSet, counting: tuple[bool, ...], act: Act, facts: Mapping[str, Json]) -> Mapping[Axis, _Weighed]:
    """What each of the two axes has to say."""
    spoken = speaking(rules, counting, act, facts)
    return {
        axis: _Weighed(
            None,
            _decisive(rule for rule in spoken.rules if rule.axis is axis),
            frozenset(name for rule, name in spoken.missing if rule is None or rule.axis is axis),
        )
        for axis in Axis
    }


def _decisive(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """In order; where one forbids, those that do."""
    ordered = tuple(sorted(rules, key=lambda rule: rule.id))
    return tuple(rule for rule in ordered if rule.effect is Effect.FORBID) or ordered


def _reasons(law: _Weighed, house: _Weighed, act: Act, places: frozenset[str]) -> tuple[Reason, ...]:
    """For a yes the permits that opened it; for a no every rule in its way, and that the law opens nothing where that is so. None
    where it cannot be told: what is missing says why."""
    stops = tuple(_reason(rule, places) for rule in (*law.decided, *house.decided) if rule.effect is Effect.FORBID)
    if law.yes is False and not any(rule.effect is Effect.FORBID for rule in law.decided):
        said = _NOBODY_TO_ASK if act is Act.ASK else _NO_YES
        return (replace(said, places=tuple(sorted(_unopened(law.decided, places)))), *stops)
    is_open = law.yes is True and house.yes is True
    return stops or tuple(_reason(rule, places) for rule in (law.decided if is_open else ()))


def _with_basis(reasons: tuple[Reason, ...], facts: Mapping[str, Json]) -> tuple[Reason, ...]:
    """Where nobody is to be asked, the first reason also says what it rests on: that is what to tell people instead."""
    speaker, purpose = facts.get("speaker"), facts.get("purpose")
    basis = speaker.get("basis") if isinstance(speaker, Mapping) else None
    duty = purpose.get("duty") if isinstance(purpose, Mapping) else None
    words = _RESTS_ON.get(str(basis))
    if words is None:
        return reasons
    if basis == LawfulBasis.LEGAL_OBLIGATION and duty:
        words = f"It rests on a law, which the register calls {duty}: tell the person which."
    return (replace(reasons[0], instead=f"{reasons[0].instead} {words}"), *reasons[1:])


def _reason(rule: Rule, places: frozenset[str]) -> Reason:
    return Reason(
        rule=rule.id,
        axis=rule.axis,
        ground=rule.ground,
        says=rule.says,
        instead=rule.instead,
        places=tuple(sorted(place for place in places if rule.jurisdictions and _counts_in(rule, frozenset({place})))),
        confidence=rule.confidence if rule.axis is Axis.LAW else None,
    )


def _duties(decided: Sequence[Rule]) -> tuple[Duty, ...]:
    """Each kind once; of several terms the strictest: the shortest to keep at most, the longest to keep at least."""
    duties: dict[str, Duty] = {}
    for duty in (duty for rule in decided for duty in rule.duties):
        known = duties.setdefault(duty.kind, duty)
        if duty.days is not None and known.days is not None and _is_stricter(duty, known.days):
            duties[duty.kind] = duty
    return tuple(duties[kind] for kind in sorted(duties))


def _is_stricter(duty: Duty, days: int) -> bool:
    assert duty.days is not None  # noqa: S101 - asked of duties that count days
    return duty.days > days if duty.kind is DutyKind.KEEP_AT_LEAST_DAYS else duty.days < days


@lru_cache(maxsize=256)
def counting(rules: RuleSet, day: date, places: frozenset[str]) -> tuple[bool, ...]:
    """For each rule, in their order: whether it counts on that day in one of these places."""
    return tuple(rule.in_force_from <= day and _counts_in(rule, places) for rule in rules.rules)


def _counts_in(rule: Rule, places: frozenset[str]) -> bool:
    return not rule.jurisdictions or any(not rule.jurisdictions.isdisjoint(wider(place)) for place in places)


def without_law(rules: RuleSet, day: date, places: frozenset[str]) -> frozenset[str]:
    """Those places for which no law pack counts on that day: nothing is ever recorded there."""
    return frozenset(
        place for place in places if _without_law(rules, counting(rules, day, frozenset({place})), frozenset({place}))
    )


@lru_cache(maxsize=512)
def _without_law(rules: RuleSet, counting: tuple[bool, ...], places: frozenset[str]) -> frozenset[str]:
    """Places for which no law pack was adopted: what is lawful there is not known here."""
    if not places:
        return frozenset({"jurisdictions"})
    packs = frozenset[str]().union(
        *(
            rule.jurisdictions
            for rule, counts in zip(rules.rules, counting, strict=True)
            if counts and rule.axis is Axis.LAW and rule.effect is Effect.PERMIT
        )
    )
    return frozenset(f"law_pack:{place}" for place in places if packs.isdisjoint(wider(place)) or not there_is(place))


@lru_cache(maxsize=1024)
def wider(place: str) -> frozenset[str]:
    """A place and those it lies in: DE-BY lies in DE, and DE in the EU (which here stands for the EEA, where the GDPR holds)."""
    country = _ALIASES.get(place.partition("-")[0], place.partition("-")[0])
    union = {"EU"} if country in _EEA else set[str]()
    return frozenset({place, country} | union)
