"""Reviews on a real database: drafted, signed in two roles, in force, lapsed by each cause, withdrawn."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import psycopg
import pytest

from rightcall.actors import SYSTEM, Actor, PartyRole, Role
from rightcall.calls import actions as calls
from rightcall.concerns import answering
from rightcall.concerns.actions import raise_concern
from rightcall.concerns.model import AboutPurpose, Anonymous, Days
from rightcall.concerns.model import Outcome as Finding
from rightcall.database.connection import Database, Transaction
from rightcall.errors import Conflict, Malformed, NotAllowed, NotFound
from rightcall.holdings import actions as holdings
from rightcall.holdings.model import HoldingKind, NewHolding, Provenance, Source, Term
from rightcall.holdings.uses import actions as uses
from rightcall.holdings.uses.model import Ground, UseAct
from rightcall.ids import CallId, ControllerId, HoldingId, PurposeId, ReviewId, VerdictId, new_id
from rightcall.personal import Personal
from rightcall.policy import actions as policy
from rightcall.policy import overriding
from rightcall.policy.model import (
    Act,
    Axis,
    Outcome,
    PartyFacts,
    PurposeFacts,
    Question,
    RuleSet,
    Said,
)
from rightcall.policy.overrides.model import Category, Override, Wanted
from rightcall.policy.reading import read_rules, rule_set
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import LawfulBasis, Purpose
from rightcall.reviews import actions as reviews
from rightcall.reviews import lapsing, store
from rightcall.reviews import rules as deciding
from rightcall.reviews import standing as reviews_standing
from rightcall.reviews.documents import bound_of
from rightcall.reviews.model import (
    Capacity,
    End,
    InForce,
    NewReview,
    NotInForce,
    Novelty,
    Observed,
    Review,
    Stage,
    Volume,
    Why,
)
from rightcall.reviews.observed import actions as observed
from rightcall.subjects import actions as subjects
from rightcall.vault.actions import Vault
from tests.cast import MONDAY
from tests.concerns.conftest import hired
from tests.conftest import FixedClock
from tests.reviews.conftest import WORDS, publish, register
from tests.reviews.words import content, reviewed, somebody

AGENT, DPO, SUPERVISOR, REVIEWER = map(somebody, (Role.AGENT, Role.DPO, Role.SUPERVISOR, Role.REVIEWER))

LINE = "house.agents_have_an_unrecorded_line"


def drafted(tx: Transaction, clock: FixedClock, rules: RuleSet, purpose: Purpose, by: Actor = SYSTEM) -> Review:
    return reviews.draft(tx, clock, rules, NewReview(purpose=purpose.id, content=content()), by=by)


def whys(tx: Transaction, clock: FixedClock, rules: RuleSet, purpose: Purpose) -> tuple[Why, ...]:
    standing = reviews_standing.in_force(tx, clock, rules, purpose.id)
    return () if isinstance(standing, InForce) else standing.whys


def test_two_roles_bring_a_review_into_force_one_of_them_for_those_who_could_be_hurt(
    tx: Transaction, clock: FixedClock, rules: RuleSet, training: Purpose
) -> None:
    assert whys(tx, clock, rules, training) == (Why.NONE,)
    review = drafted(tx, clock, rules, training)
    assert whys(tx, clock, rules, training) == (Why.UNSIGNED,)
    reviews.sign(tx, clock, rules, review.id, Capacity.FOR_THE_HOUSE, by=SUPERVISOR)
    assert whys(tx, clock, rules, training) == (Why.UNSIGNED,)
    signed = reviews.sign(tx, clock, rules, review.id, Capacity.FOR_AGENTS, by=AGENT)
    assert signed.opening is not None
    assert signed.opening.active
    standing = reviews_standing.in_force(tx, clock, rules, training.id)
    assert isinstance(standing, InForce)
    assert (standing.review, standing.until, standing.design) == (review.id, date(2027, 5, 24), signed.opening.design)
    assert reviews_standing.reviewed(tx, clock, rules) == {training.id: signed.opening.design}
    assert standing.design.withdrawal_told
    assert not standing.design.conditional
    verdict = policy.get(tx, signed.opening.verdict)
    assert (verdict.act, verdict.purpose, verdict.verdict.proceeds) == (Act.ACTIVATE, training.id, True)


def test_two_for_the_house_are_not_enough(tx: Transaction, clock: FixedClock, rules: RuleSet, training: Purpose) -> None:
    review = drafted(tx, clock, rules, training)
    for by in (SUPERVISOR, somebody(Role.ENGINEER)):
        signed = reviews.sign(tx, clock, rules, review.id, Capacity.FOR_THE_HOUSE, by=by)
        assert signed.opening is None
    assert whys(tx, clock, rules, training) == (Why.UNSIGNED,)


def test_two_of_one_role_are_not_enough(tx: Transaction, clock: FixedClock, rules: RuleSet, training: Purpose) -> None:
    review = drafted(tx, clock, rules, training)
    for by in (AGENT, somebody(Role.AGENT)):
        assert reviews.sign(tx, clock, rules, review.id, Capacity.FOR_AGENTS, by=by).opening is None


def test_nobody_signs_twice_nor_what_they_wrote_nor_for_others(
    tx: Transaction, clock: FixedClock, rules: RuleSet, training: Purpose
) -> None:
    review = drafted(tx, clock, rules, training, by=DPO)
    reviews.sign(tx, clock, rules, review.id, Capacity.FOR_AGENTS, by=AGENT)
    with pytest.raises(Conflict, match="signed this review already"):
        reviews.sign(tx, clock, rules, review.id, Capacity.FOR_AGENTS, by=AGENT)
    with pytest.raises(Conflict, match="Whoever wrote"):
        reviews.sign(tx, clock, rules, review.id, Capacity.FOR_CUSTOMERS, by=DPO)
    with pytest.raises(NotAllowed, match="for_the_house"):
        reviews.sign(tx, clock, rules, review.id, Capacity.FOR_AGENTS, by=SUPERVISOR)
    with pytest.raises(NotAllowed, match="people who work here"):
        reviews.sign(tx, clock, rules, review.id, Capacity.FOR_CUSTOMERS, by=SYSTEM)


def test_the_database_holds_the_two_roles_too(tx: Transaction, clock: FixedClock, rules: RuleSet, training: Purpose) -> None:
    opened = reviewed(tx, clock, training.id, rules)
    review = drafted(tx, clock, rules, training)
    assert opened.opening is not None
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="not signed"), tx.connection.transaction():
        store.insert_opening(tx, review, opened.opening)
    forged = replace(opened.signatures[0], by=SUPERVISOR)
    with pytest.raises(psycopg.errors.CheckViolation, match="speaks_for"), tx.connection.transaction():
        store.insert_signature(tx, review.id, forged)


def test_it_is_in_force_through_its_last_day(tx: Transaction, clock: FixedClock, rules: RuleSet, training: Purpose) -> None:
    until = reviewed(tx, clock, training.id, rules).review.expires_on
    last = datetime.combine(until, datetime.max.time(), UTC)
    clock.at = last
    assert whys(tx, clock, rules, training) == ()
    clock.at = last + timedelta(seconds=1)
    assert whys(tx, clock, rules, training) == (Why.EXPIRED,)
    assert list(observed.observe(tx, clock, rules).values()) == [End.EXPIRED]
    assert observed.observe(tx, clock, rules) == {}
    assert ended(tx, training) is End.EXPIRED


def test_a_year_at_most(tx: Transaction, clock: FixedClock, rules: RuleSet, training: Purpose) -> None:
    for expires_on in (MONDAY.date(), MONDAY.date() + timedelta(days=366)):
        with pytest.raises(Malformed):
            reviews.draft(tx, clock, rules, NewReview(purpose=training.id, content=content(), expires_on=expires_on), by=SYSTEM)


def test_another_notice_ends_it_and_a_new_language_too(
    tx: Transaction, clock: FixedClock, rules: RuleSet, training: Purpose
) -> None:
    for language in ("en", "de"):
        reviewed(tx, clock, training.id, rules)
        assert whys(tx, clock, rules, training) == ()
        publish(tx, clock, training, WORDS + " Thank you.", language)
        assert whys(tx, clock, rules, training) == (Why.NOTICE_CHANGED,)


def test_an_ended_purpose_ends_it(tx: Transaction, clock: FixedClock, rules: RuleSet, training: Purpose) -> None:
    reviewed(tx, clock, training.id, rules)
    purposes.end_purpose(tx, clock, training.id, by=SYSTEM)
    assert whys(tx, clock, rules, training) == (Why.PURPOSE_CHANGED,)


RULE = """@id("house.{name}")
@value("Care")
@owner("DPO")
@in_force_from("2026-01-01")
@last_checked("{checked}")
@jurisdiction("{place}")
@says("{says}")
@instead("Do not.")
forbid (principal, action == Action::"{act}", resource) when {{ context.carries_card_data }};
"""


def with_rule(rules: RuleSet, **words: str) -> RuleSet:
    text = RULE.format(**({"name": "planted", "checked": "2026-01-01", "place": "*", "says": "No.", "act": "play"} | words))
    planted, findings = read_rules("planted.cedar", text, Axis.HOUSE)
    assert findings == []
    return rule_set([*rules.rules, *planted])


def test_only_a_rule_that_counts_for_what_is_done_ends_it(
    tx: Transaction, clock: FixedClock, rules: RuleSet, training: Purpose
) -> None:
    now = with_rule(rules)
    reviews_of = drafted(tx, clock, now, training)
    for by, capacity in ((AGENT, Capacity.FOR_AGENTS), (DPO, Capacity.FOR_CUSTOMERS)):
        reviews.sign(tx, clock, now, reviews_of.id, capacity, by=by)
    for same in ({"checked": "2026-11-01"},):
        assert whys(tx, clock, with_rule(rules, **same), training) == ()
    assert whys(tx, clock, rule_set([*now.rules, *with_rule(rules, name="other", act="transcribe").rules[-1:]]), training) in (
        (),
    )
    for other in ({"says": "Never."}, {"act": "transcribe"}, {"place": "UK"}):
        assert whys(tx, clock, with_rule(rules, **other), training) == (Why.RULES_CHANGED,)


def test_a_rule_against_the_purpose_itself_or_against_asking_ends_it_whatever_was_declared(
    tx: Transaction, clock: FixedClock, rules: RuleSet, training: Purpose
) -> None:
    in_force(tx, clock, rules, training)
    for act in ("activate", "ask"):
        stops = RULE.replace("context.carries_card_data", "true").format(
            name="planted", checked="2026-01-01", place="*", says="No.", act=act
        )
        planted, findings = read_rules("planted.cedar", stops, Axis.HOUSE)
        assert findings == []
        assert whys(tx, clock, rule_set([*rules.rules, *planted]), training) == (Why.RULES_CHANGED,)
        fewer = [rule for rule in rules.rules if rule.axis is Axis.LAW or rule.acts != {Act(act)}]
        assert (len(fewer) == len(rules.rules)) is (whys(tx, clock, rule_set(fewer), training) == ())
    assert whys(tx, clock, rules, training) == ()


def use(
    tx: Transaction, clock: FixedClock, rules: RuleSet, purpose: Purpose, act: Act, role: Role, *, own: bool = False
) -> VerdictId:
    """One verdict that says yes to an act for this purpose. `own`: to answer the person's own request."""
    ada = PartyFacts(role=PartyRole.CUSTOMER, answer=Said.GRANTED, basis=LawfulBasis.CONSENT)
    question = Question(
        act=act,
        at=clock.at,
        jurisdictions=frozenset({"EU", "DK"}),
        purpose=replace(PurposeFacts.of(purpose, clock.at), may_use=frozenset(Role)),
        actor=Actor(id=new_id(), role=role),
        speaker=ada,
        parties=(ada,),
        pauses=frozenset(),
        carries_card_data=False,
        carries_authentication_data=False,
        reason_given=True,
        case_given=True,
        last_day=clock.at.date(),
        collected_for=frozenset({purpose.key}),
        review_in_force=True,
        call=CallId(new_id()),
        for_speaker=own,
    )
    id, verdict = policy.ask(tx, rules=rules, clock=clock, question=question, by=Actor(id=new_id(), role=role))
    assert verdict.proceeds, verdict
    return id


def done(
    tx: Transaction, vault: Vault, clock: FixedClock, purpose: Purpose, act: Act, role: Role, *, verdict: VerdictId | None = None
) -> None:
    """A call of which something is captured for this purpose; and where it is another act, done with what was captured.
    `verdict`: the one on the person's own request."""
    by = Actor(id=new_id(), role=Role.SYSTEM)
    call = calls.begin(tx, clock).id
    caller = subjects.identify(tx, vault, clock, [])
    take = HoldingId(new_id())
    new = NewHolding(
        id=take,
        subject=caller,
        kind=HoldingKind.STREAM,
        terms=(Term(purpose=purpose.id, last_day=clock.at.date() + timedelta(days=30)),),
        mediatype="application/vnd.rightcall.rtp",
        provenance=Provenance(source=Source.SIPREC, actor=by, at=clock.at, basis=LawfulBasis.CONSENT, derived_from=()),
        call=call,
        object_key=f"{tx.of}/{take}",
    )
    holdings.record(tx, clock, new)
    if act is not Act.CAPTURE:
        ground = Ground.PURPOSE if verdict is None else Ground.OWN_REQUEST
        uses.used(tx, clock, take, purpose.id, Actor(id=new_id(), role=role), UseAct(act), verdict=verdict, ground=ground)


def in_force(tx: Transaction, clock: FixedClock, rules: RuleSet, purpose: Purpose) -> Review:
    review = drafted(tx, clock, rules, purpose)
    for by, capacity in ((AGENT, Capacity.FOR_AGENTS), (DPO, Capacity.FOR_CUSTOMERS)):
        reviews.sign(tx, clock, rules, review.id, capacity, by=by)
    clock.at += timedelta(minutes=1)
    return review


def test_a_use_that_it_did_not_name_ends_it(
    tx: Transaction, vault: Vault, clock: FixedClock, rules: RuleSet, training: Purpose
) -> None:
    review = in_force(tx, clock, rules, training)
    done(tx, vault, clock, training, Act.PLAY, Role.SUPERVISOR)
    own = use(tx, clock, rules, training, Act.EXPORT, Role.DPO, own=True)
    done(tx, vault, clock, training, Act.EXPORT, Role.DPO, verdict=own)
    clock.at += timedelta(hours=1)
    assert observed.observe(tx, clock, rules) == {}
    done(tx, vault, clock, training, Act.PLAY, Role.AUDITOR)
    clock.at += timedelta(hours=1)
    assert observed.observe(tx, clock, rules) == {review.id: End.USE_CHANGED}
    found = reviews.history(tx, review.id)
    assert found.observed == (Observed(kind=Novelty.ROLE, what=Role.AUDITOR),)
    assert found.ending is not None
    assert found.ending.why is End.USE_CHANGED
    assert whys(tx, clock, rules, training) == (Why.USE_CHANGED,)


def test_a_use_that_was_committed_after_its_instant_had_been_read_is_seen(
    tx: Transaction, vault: Vault, clock: FixedClock, rules: RuleSet, training: Purpose
) -> None:
    """Written in a transaction that began before a round of the worker and ended after it."""
    review = in_force(tx, clock, rules, training)
    clock.at += timedelta(hours=1)
    assert observed.observe(tx, clock, rules) == {}
    clock.at -= timedelta(minutes=5)
    done(tx, vault, clock, training, Act.PLAY, Role.AUDITOR)
    clock.at += timedelta(minutes=6)
    assert observed.observe(tx, clock, rules) == {review.id: End.USE_CHANGED}


def test_a_question_alone_ends_nothing(
    tx: Transaction, vault: Vault, clock: FixedClock, rules: RuleSet, training: Purpose
) -> None:
    """A verdict that says yes to something unnamed, by somebody unnamed, with which nothing was done."""
    review = in_force(tx, clock, rules, training)
    for act in (Act.PLAY, Act.EXPORT, Act.TRANSCRIBE):
        use(tx, clock, rules, training, act, Role.AUDITOR)
    clock.at += timedelta(days=1)
    assert observed.observe(tx, clock, rules) == {}
    assert whys(tx, clock, rules, training) == ()
    done(tx, vault, clock, training, Act.EXPORT, Role.SUPERVISOR)
    clock.at += timedelta(hours=1)
    assert observed.observe(tx, clock, rules) == {review.id: End.USE_CHANGED}
    assert reviews.history(tx, review.id).observed == (Observed(kind=Novelty.ACT, what=Act.EXPORT),)


def test_a_concern_that_is_upheld_ends_it(
    tx: Transaction, vault: Vault, clock: FixedClock, rules: RuleSet, training: Purpose
) -> None:
    review = reviewed(tx, clock, training.id, rules).review
    clock.at += timedelta(days=1)
    words = Personal("The notice says that the call cannot go on without a yes.")
    for outcome, ended in ((Finding.NOT_UPHELD, {}), (Finding.UPHELD, {review.id: End.CONCERN_UPHELD})):
        raised = raise_concern(tx, vault, clock, target=AboutPurpose(training.id), words=words, by=Anonymous(), days=Days())
        owner = hired(tx, clock, Role.DPO)
        answering.own(tx, vault, clock, raised.concern.id, owner)
        answering.answer(tx, vault, clock, raised.concern.id, owner, outcome=outcome, words=Personal("We looked, and say so."))
        assert observed.observe(tx, clock, rules) == ended
    assert whys(tx, clock, rules, training) == (Why.CONCERN_UPHELD,)
    assert observed.observe(tx, clock, rules) == {}


def test_more_calls_than_it_said_end_it(
    tx: Transaction, vault: Vault, clock: FixedClock, rules: RuleSet, training: Purpose, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of thirty days, and not of one; calls that were only asked about are none."""
    review = reviewed(tx, clock, training.id, rules).review
    monkeypatch.setitem(deciding._LARGEST, Volume.UP_TO_1000, 2)
    for day in range(3):
        assert observed.observe(tx, clock, rules) == {}
        for _ in range(2):
            use(tx, clock, rules, training, Act.CAPTURE, Role.SYSTEM)
        done(tx, vault, clock, training, Act.CAPTURE, Role.SYSTEM)
        clock.at += timedelta(days=9 if day == 1 else 1)
    assert observed.observe(tx, clock, rules) == {review.id: End.USE_CHANGED}
    assert reviews.history(tx, review.id).observed == (Observed(kind=Novelty.VOLUME, what=Volume.UP_TO_10000),)


def test_calls_of_longer_ago_do_not_count(
    tx: Transaction, vault: Vault, clock: FixedClock, rules: RuleSet, training: Purpose, monkeypatch: pytest.MonkeyPatch
) -> None:
    reviewed(tx, clock, training.id, rules)
    monkeypatch.setitem(deciding._LARGEST, Volume.UP_TO_1000, 2)
    for _ in range(3):
        done(tx, vault, clock, training, Act.CAPTURE, Role.SYSTEM)
        clock.at += timedelta(days=16)
        assert observed.observe(tx, clock, rules) == {}


def test_nobody_signs_what_is_about_something_else_now(
    tx: Transaction, clock: FixedClock, rules: RuleSet, training: Purpose
) -> None:
    review = drafted(tx, clock, rules, training)
    publish(tx, clock, training, WORDS + " Thank you.")
    with pytest.raises(Conflict, match="have changed"):
        reviews.sign(tx, clock, rules, review.id, Capacity.FOR_AGENTS, by=AGENT)


def test_whoever_signed_and_the_dpo_take_it_back_and_nobody_else(
    tx: Transaction, clock: FixedClock, rules: RuleSet, training: Purpose
) -> None:
    review = drafted(tx, clock, rules, training)
    reviews.sign(tx, clock, rules, review.id, Capacity.FOR_AGENTS, by=AGENT)
    reviews.sign(tx, clock, rules, review.id, Capacity.FOR_THE_HOUSE, by=SUPERVISOR)
    with pytest.raises(NotAllowed):
        reviews.withdraw(tx, clock, review.id, by=REVIEWER)
    reviews.withdraw(tx, clock, review.id, by=AGENT)
    assert whys(tx, clock, rules, training) == (Why.WITHDRAWN,)
    assert reviews.withdraw(tx, clock, review.id, by=DPO).ending == reviews.history(tx, review.id).ending
    with pytest.raises(Conflict, match="is over"):
        reviews.sign(tx, clock, rules, review.id, Capacity.FOR_CUSTOMERS, by=DPO)


def test_a_draft_leaves_the_one_in_force_in_force_until_it_is_signed(
    tx: Transaction, clock: FixedClock, rules: RuleSet, training: Purpose
) -> None:
    first = reviewed(tx, clock, training.id, rules)
    second = drafted(tx, clock, rules, training)
    assert second.version == 2
    standing = reviews_standing.in_force(tx, clock, rules, training.id)
    assert isinstance(standing, InForce)
    assert standing.review == first.review.id
    third = reviewed(tx, clock, training.id, rules)
    reviews.withdraw(tx, clock, third.review.id, by=DPO)
    assert whys(tx, clock, rules, training) == (Why.WITHDRAWN,)


def test_a_no_of_the_rules_leaves_it_signed_and_shut(
    tx: Transaction, clock: FixedClock, rules: RuleSet, training: Purpose
) -> None:
    stops = RULE.replace("context.carries_card_data", "context.design.conditional")
    planted, findings = read_rules(
        "planted.cedar",
        stops.format(name="never_a_condition", checked="2026-01-01", place="*", says="No.", act="activate"),
        Axis.HOUSE,
    )
    assert findings == []
    strict = rule_set([*[rule for rule in rules.rules if Act.ACTIVATE not in rule.acts or rule.axis is Axis.LAW], *planted])
    new = NewReview(purpose=training.id, content=content(service_depends_on_yes=True))
    review = reviews.draft(tx, clock, strict, new, by=SYSTEM)
    reviews.sign(tx, clock, strict, review.id, Capacity.FOR_AGENTS, by=AGENT)
    signed = reviews.sign(tx, clock, strict, review.id, Capacity.FOR_CUSTOMERS, by=DPO)
    assert signed.opening is not None
    assert not signed.opening.active
    verdict = policy.get(tx, signed.opening.verdict).verdict
    assert verdict.outcome in (Outcome.NOT_RIGHT, Outcome.UNLAWFUL)
    assert whys(tx, clock, strict, training) == (Why.NOT_ACTIVATED,)


def test_each_purpose_has_reviews_of_its_own(tx: Transaction, clock: FixedClock, rules: RuleSet, training: Purpose) -> None:
    other = register(tx, clock, "proof")
    reviewed(tx, clock, training.id, rules)
    assert whys(tx, clock, rules, other) == (Why.NONE,)
    found = reviews_standing.standings(tx, clock, rules, [training, other])
    assert isinstance(found[training.id], InForce)
    assert found[other.id] == NotInForce(review=None, whys=(Why.NONE,))


def test_what_is_not_there_is_said(tx: Transaction, clock: FixedClock, rules: RuleSet, training: Purpose) -> None:
    with pytest.raises(NotFound):
        reviews.history(tx, ReviewId(new_id()))
    purposes.end_purpose(tx, clock, training.id, by=SYSTEM)
    with pytest.raises(Conflict, match="needs no review"):
        drafted(tx, clock, rules, training)


def ended(tx: Transaction, purpose: Purpose) -> End | None:
    ending = reviews.of_purpose(tx, purpose.id)[0].ending
    return None if ending is None else ending.why


def give(
    tx: Transaction,
    vault: Vault,
    clock: FixedClock,
    rules: RuleSet,
    purpose: PurposeId | None,
    *,
    call: CallId | None = None,
    rule: str = LINE,
) -> Override:
    wanted = Wanted(
        rule=rule,
        purpose=purpose,
        call=call,
        category=Category.OTHER,
        name=Personal("Grace Hopper"),
        reason=Personal("The second telephones come at the end of the week."),
        until=clock.at + timedelta(days=1),
    )
    return overriding.give(tx, vault, clock, rules, wanted, by=DPO)


@pytest.mark.parametrize("everywhere", [False, True])
def test_it_waits_while_a_rule_is_set_aside_that_was_not_when_it_was_written(
    tx: Transaction, vault: Vault, clock: FixedClock, rules: RuleSet, training: Purpose, everywhere: bool
) -> None:
    review = in_force(tx, clock, rules, training)
    of = None if everywhere else training.id
    assert lapsing.by_override(tx, clock, rules, LINE, of) == [training], "before it is given"
    assert lapsing.by_override(tx, clock, rules, "house.no_such_rule", of) == []
    override = give(tx, vault, clock, rules, of)
    assert lapsing.by_override(tx, clock, rules, LINE, of) == [], "it waits already"
    assert whys(tx, clock, rules, training) == (Why.SET_ASIDE,)
    assert lapsing.set_aside(tx, clock, rules) == [training], "what whoever gives it is told"
    history = reviews.history(tx, review.id)
    assert deciding.stage_of(history, reviews_standing.in_force(tx, clock, rules, training.id)) is Stage.WAITING
    assert reviews_standing.reviewed(tx, clock, rules) == {}
    assert observed.observe(tx, clock, rules) == {}, "an override ends, so it is not over for good"
    overriding.end(tx, clock, override.id, by=DPO)
    assert whys(tx, clock, rules, training) == ()
    assert lapsing.set_aside(tx, clock, rules) == []


def test_it_waits_no_longer_than_the_override_stands(
    tx: Transaction, vault: Vault, clock: FixedClock, rules: RuleSet, training: Purpose
) -> None:
    in_force(tx, clock, rules, training)
    give(tx, vault, clock, rules, training.id)
    clock.at += timedelta(hours=23)
    assert whys(tx, clock, rules, training) == (Why.SET_ASIDE,)
    clock.at += timedelta(hours=1)
    assert whys(tx, clock, rules, training) == ()


def test_what_is_set_aside_for_one_call_or_another_purpose_or_act_is_no_matter_of_its(
    tx: Transaction, vault: Vault, clock: FixedClock, rules: RuleSet, training: Purpose
) -> None:
    other = register(tx, clock, "quality")
    in_force(tx, clock, rules, training)
    give(tx, vault, clock, rules, training.id, call=calls.begin(tx, clock).id)
    give(tx, vault, clock, rules, other.id)
    unnamed = next(rule.id for rule in rules.rules if rule.axis is Axis.HOUSE and rule.acts == {Act.TRANSCRIBE})
    give(tx, vault, clock, rules, training.id, rule=unnamed)
    assert whys(tx, clock, rules, training) == ()


def test_whoever_signs_while_a_rule_is_set_aside_has_seen_it(
    tx: Transaction, vault: Vault, clock: FixedClock, rules: RuleSet, training: Purpose
) -> None:
    in_force(tx, clock, rules, training)
    before = drafted(tx, clock, rules, training)
    first = give(tx, vault, clock, rules, training.id)
    with pytest.raises(Conflict, match="set aside"):
        reviews.sign(tx, clock, rules, before.id, Capacity.FOR_AGENTS, by=AGENT)
    seen = in_force(tx, clock, rules, training)
    assert seen.bound.asides == reviews.history(tx, seen.id).review.bound.asides == {first.id}
    assert bound_of(seen.bound)["set_aside"] == [str(first.id)], "it is part of what is signed"
    assert whys(tx, clock, rules, training) == ()
    overriding.end(tx, clock, first.id, by=DPO)
    assert whys(tx, clock, rules, training) == (), "a rule that holds again was read, too"
    give(tx, vault, clock, rules, training.id)
    assert whys(tx, clock, rules, training) == (Why.SET_ASIDE,), "another override nobody has seen"


def test_what_is_right_only_under_an_override_begins_nothing(
    tx: Transaction, clock: FixedClock, rules: RuleSet, training: Purpose, vault: Vault
) -> None:
    give(tx, vault, clock, rules, training.id)
    new = NewReview(purpose=training.id, content=content(unrecorded_line=None))
    review = reviews.draft(tx, clock, rules, new, by=SYSTEM)
    reviews.sign(tx, clock, rules, review.id, Capacity.FOR_AGENTS, by=AGENT)
    signed = reviews.sign(tx, clock, rules, review.id, Capacity.FOR_CUSTOMERS, by=DPO)
    assert signed.opening is not None
    verdict = policy.get(tx, signed.opening.verdict).verdict
    assert (verdict.proceeds, bool(verdict.overrides), signed.opening.active) == (True, True, False)
    found = reviews_standing.in_force(tx, clock, rules, training.id)
    assert "set aside" in reviews_standing.why_not(tx, found)[1].says


def test_two_who_sign_at_once_open_it_once(
    database: Database, controller: ControllerId, clock: FixedClock, rules: RuleSet
) -> None:
    with database.transaction(controller) as tx:
        purpose = register(tx, clock, "training")
        review = drafted(tx, clock, rules, purpose)
    ready = Barrier(2)

    def sign(by: Actor, capacity: Capacity) -> None:
        ready.wait(timeout=30)
        database.run(controller, lambda tx: reviews.sign(tx, clock, rules, review.id, capacity, by=by))

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(sign, AGENT, Capacity.FOR_AGENTS), pool.submit(sign, DPO, Capacity.FOR_CUSTOMERS)]:
            done.result(timeout=60)
    with database.transaction(controller) as tx:
        found = reviews.history(tx, review.id)
        said = tx.connection.execute("SELECT count(*) AS said FROM statements WHERE kind = 'reviews.opened'").fetchone()
    assert len(found.signatures) == 2
    assert found.opening is not None
    assert said == {"said": 1}
