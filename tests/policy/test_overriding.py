"""An override sets one house rule aside, for a while, by name, counted. Never law; never what cannot be told by law."""

import dataclasses
import shutil
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rightcall.actors import Actor, Role
from rightcall.calls import actions as calls
from rightcall.database.connection import Database, Transaction
from rightcall.errors import Conflict, Malformed, NotAllowed, NotFound, RightcallError
from rightcall.ids import CallId, ControllerId, OverrideId, PurposeId, new_id
from rightcall.ledger.codec import read_leaf
from rightcall.personal import Personal
from rightcall.policy import actions, adopting, loading, overriding
from rightcall.policy.model import Axis, Outcome, Question, RuleSet
from rightcall.policy.overrides.model import LONGEST, Aside, Category, Override, Past, Wanted
from rightcall.policy.overrides.rules import decide_under, digest_of, set_aside
from rightcall.policy.reading import read_rules, rule_set
from rightcall.policy.replay import Tally
from rightcall.policy.rules import decide
from rightcall.policy.store import stretch
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark
from tests.conftest import FixedClock
from tests.policy.proposals import MARKETING, changed, example
from tests.policy.test_adopting import DPO, SUPERVISOR, adopted, agent_listens, drafted
from tests.policy.test_rules import questions

SHIPPED = actions.load_rules()
EXAMPLE, _ = loading.read_house(example().files)
RULES = rule_set([*SHIPPED.rules, *EXAMPLE])
NAME, REASON = "Grace Hopper", "A regulator asks us to listen to these calls together with her."


def wanted(clock: FixedClock, **changes: object) -> Wanted:
    ordinary = Wanted(
        rule=MARKETING,
        purpose=None,
        call=None,
        category=Category.INQUIRY,
        name=Personal(NAME),
        reason=Personal(REASON),
        until=clock.at + timedelta(days=7),
    )
    return dataclasses.replace(ordinary, **changes)  # type: ignore[arg-type]  # any field, by name


def gave(tx: Transaction, vault: Vault, clock: FixedClock, *, rules: RuleSet = RULES, **changes: object) -> Override:
    return overriding.give(tx, vault, clock, rules, wanted(clock, **changes), by=DPO)


def asked(
    tx: Transaction, clock: FixedClock, question: Question | None = None, *, rules: RuleSet = RULES
) -> tuple[Outcome, tuple[UUID, ...]]:
    question = question or agent_listens(at=clock.at)
    identity, verdict = actions.ask(tx, rules=rules, clock=clock, question=question, by=SUPERVISOR)
    assert actions.get(tx, identity).verdict == verdict
    return verdict.outcome, verdict.overrides


def test_it_lets_through_what_the_rule_stops_and_is_named_and_counted(tx: Transaction, vault: Vault, clock: FixedClock) -> None:
    assert asked(tx, clock) == (Outcome.NOT_RIGHT, ())
    override = gave(tx, vault, clock)
    assert asked(tx, clock) == (Outcome.PROCEED, (override.id,))
    assert asked(tx, clock) == (Outcome.PROCEED, (override.id,))
    supervisor = agent_listens(actor=Actor(id=new_id(), role=Role.SUPERVISOR))
    assert asked(tx, clock, supervisor) == (Outcome.PROCEED, ())
    assert overriding.get(tx, override.id).uses == 2


def test_it_ends_by_itself(tx: Transaction, vault: Vault, clock: FixedClock) -> None:
    override = gave(tx, vault, clock)
    clock.at = override.until - timedelta(microseconds=1)
    assert asked(tx, clock)[0] is Outcome.PROCEED
    clock.at = override.until
    assert asked(tx, clock) == (Outcome.NOT_RIGHT, ())


def test_it_can_be_ended_early_and_once(tx: Transaction, vault: Vault, clock: FixedClock) -> None:
    override = gave(tx, vault, clock)
    clock.at += timedelta(hours=1)
    ended = overriding.end(tx, clock, override.id, by=DPO)
    assert (ended.ended_at, ended.ended_by) == (clock.at, DPO)
    assert asked(tx, clock) == (Outcome.NOT_RIGHT, ())
    clock.at += timedelta(hours=1)
    assert overriding.end(tx, clock, override.id, by=DPO) == ended
    with pytest.raises(NotFound):
        overriding.end(tx, clock, OverrideId(new_id()), by=DPO)


@pytest.mark.parametrize("narrowed", ["purpose", "call"])
def test_it_reaches_no_further_than_it_was_given(
    tx: Transaction, vault: Vault, clock: FixedClock, narrowed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overriding, "_must_be_there", lambda *_: None)
    tx.connection.execute("RESET ROLE")
    tx.connection.execute("ALTER TABLE overrides DROP CONSTRAINT overrides_controller_purpose_fkey")
    tx.connection.execute("SELECT set_config('role', 'rightcall_app', true)")
    here = agent_listens(at=clock.at, call=CallId(new_id()))
    there = agent_listens(at=clock.at, call=CallId(new_id()), purpose=dataclasses.replace(here.purpose, id=PurposeId(new_id())))  # type: ignore[type-var]  # there is one
    assert here.purpose is not None
    narrowing: dict[str, Any] = {narrowed: here.call if narrowed == "call" else here.purpose.id}
    override = gave(tx, vault, clock, **narrowing)
    assert asked(tx, clock, here) == (Outcome.PROCEED, (override.id,))
    assert asked(tx, clock, there) == (Outcome.NOT_RIGHT, ())


@pytest.mark.parametrize(
    ("changes", "error", "says"),
    [
        ({"rule": "consent.withdrawal"}, NotAllowed, "nobody overrides law"),
        ({"rule": "basis.consent"}, NotAllowed, "nobody overrides law"),
        ({"rule": "house.unheard_of"}, NotFound, "no such rule"),
        ({"rule": "house.marketing_not_for_agents"}, NotFound, f"Did you mean {MARKETING}.? `rightcall rules show`"),
        ({"until": FixedClock().at}, Malformed, "time to come"),
        ({"until": FixedClock().at + LONGEST + timedelta(seconds=1)}, Malformed, "30 days"),
        ({"name": Personal(" ")}, Malformed, "name"),
        ({"name": Personal("12")}, Malformed, "in letters"),
        ({"name": Personal("--")}, Malformed, "in letters"),
        ({"name": Personal("7 G")}, Malformed, "in letters"),
        ({"name": Personal("Grace\nHopper")}, Malformed, "name"),
        ({"reason": Personal("because")}, Malformed, "reason"),
        ({"reason": Personal(REASON * 100)}, Malformed, "reason"),
        ({"purpose": PurposeId(new_id())}, NotFound, "no such purpose"),
        ({"call": CallId(new_id())}, NotFound, "no such call"),
    ],
    ids=lambda each: "-".join(each) if isinstance(each, dict) else "",
)
def test_what_is_no_override_is_refused(
    tx: Transaction, vault: Vault, clock: FixedClock, changes: dict[str, Any], error: type[RightcallError], says: str
) -> None:
    with pytest.raises(error, match=says) as refused:
        gave(tx, vault, clock, **changes)
    assert NAME not in str(refused.value)
    assert overriding.overrides(tx, clock) == []


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DPO])
def test_only_the_dpo_gives_and_ends_one(tx: Transaction, vault: Vault, clock: FixedClock, role: Role) -> None:
    override = gave(tx, vault, clock)
    other = Actor(id=new_id(), role=role)
    with pytest.raises(NotAllowed, match="Only the DPO"):
        overriding.give(tx, vault, clock, RULES, wanted(clock), by=other)
    with pytest.raises(NotAllowed, match="Only the DPO"):
        overriding.end(tx, clock, override.id, by=other)


def test_the_charter_is_not_overridden_and_stays_when_other_rules_are_adopted(
    tx: Transaction, vault: Vault, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "charter.cedar").write_text(example().files[0].text.replace(MARKETING, "charter.marketing"), encoding="utf-8")
    shutil.copytree(loading._CHARTER / "scenarios", tmp_path / "scenarios")
    monkeypatch.setattr(loading, "_CHARTER", tmp_path)
    monkeypatch.setattr(loading, "CHARTER", frozenset({"charter.marketing"}))
    rules = loading.load_rules()
    assert "charter.marketing" in {rule.id for rule in rules.rules}
    with pytest.raises(NotAllowed, match="charter"):
        gave(tx, vault, clock, rules=rules, rule="charter.marketing")
    (rule,) = (rule for rule in rules.rules if rule.id == "charter.marketing")
    smuggled = Aside(id=OverrideId(new_id()), rule=rule.id, digest=digest_of(rule), purpose=None, call=None)
    assert decide_under(rules, [smuggled], frozenset(), agent_listens()).proceeds
    assert not decide_under(rules, [smuggled], frozenset({rule.id}), agent_listens()).proceeds
    harmless = changed('Role::"agent"', 'Role::"engineer"')
    scenarios = tuple(dataclasses.replace(each, text=each.text.replace('"agent"', '"engineer"')) for each in harmless.scenarios)
    draft = adopting.draft_rules(tx, clock, rules, dataclasses.replace(harmless, scenarios=scenarios), by=DPO)
    proposed = adopting.proposed_rules(draft, rules)
    report = Tally(proposed, rules).report(clock.at - timedelta(days=1), clock.at)
    adopting.keep_replay(tx, clock, draft.id, rule_set=proposed.digest, report=report, document={})
    adopting.sign(tx, clock, rules, draft.id, by=DPO)
    assert adopting.sign(tx, clock, rules, draft.id, by=SUPERVISOR).adoption is not None
    _, verdict = actions.ask(tx, rules=rules, clock=clock, question=agent_listens(), by=DPO)
    assert [reason.rule for reason in verdict.reasons] == ["charter.marketing"]


def test_a_rule_that_was_changed_since_is_another_rule_and_holds(tx: Transaction, vault: Vault, clock: FixedClock) -> None:
    adopted(tx, clock, drafted(tx, clock))
    override = gave(tx, vault, clock, rules=SHIPPED)
    assert asked(tx, clock, rules=SHIPPED) == (Outcome.PROCEED, (override.id,))
    adopted(tx, clock, drafted(tx, clock, changed("not played to agents.", "never played to agents.")))
    assert asked(tx, clock, rules=SHIPPED) == (Outcome.NOT_RIGHT, ())


def test_name_and_reason_are_sealed_and_neither_is_anywhere_else(
    database: Database, tx: Transaction, vault: Vault, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    override = gave(tx, vault, clock)
    asked(tx, clock)
    overriding.end(tx, clock, override.id, by=DPO)
    named = overriding.named(tx, vault, override.id)
    assert isinstance(named.name, Personal)
    assert isinstance(named.reason, Personal)
    assert (named.name.reveal("test"), named.reason.reveal("test")) == (NAME, REASON)
    rows = tx.connection.execute("SELECT leaf FROM statements").fetchall()
    kinds = [read_leaf(row["leaf"])["kind"] for row in rows]
    assert {"policy.override_given", "policy.override_ended"} <= set(kinds)
    kept = [
        str(row)
        for table in ("overrides", "override_uses", "verdicts")
        for row in tx.connection.execute(psycopg.sql.SQL("SELECT * FROM {}").format(psycopg.sql.Identifier(table)))
    ]
    for text in [*(str(row["leaf"]) for row in rows), *kept, repr(override), repr(named), repr(wanted(clock)), caplog.text]:
        assert "Hopper" not in text
        assert "regulator" not in text


def test_a_name_is_forgotten_once_it_is_over_and_the_override_stays(tx: Transaction, vault: Vault, clock: FixedClock) -> None:
    override = gave(tx, vault, clock)
    asked(tx, clock)
    with pytest.raises(Conflict, match="End it first"):
        overriding.forget(tx, vault, clock, override.id, by=DPO)
    clock.at += timedelta(hours=1)
    overriding.end(tx, clock, override.id, by=DPO)
    with pytest.raises(NotAllowed, match="Only the DPO"):
        overriding.forget(tx, vault, clock, override.id, by=SUPERVISOR)
    for _ in range(2):
        overriding.forget(tx, vault, clock, override.id, by=DPO)
        named = overriding.named(tx, vault, override.id)
        assert isinstance(named.name, Dark)
        assert isinstance(named.reason, Dark)
    assert overriding.get(tx, override.id).uses == 1
    rows = tx.connection.execute("SELECT leaf FROM statements WHERE kind = 'policy.override_forgotten'").fetchall()
    assert [read_leaf(row["leaf"])["override"] for row in rows] == [str(override.id)], "said once"


def test_a_rule_is_set_aside_once_at_a_time(tx: Transaction, vault: Vault, clock: FixedClock) -> None:
    scene_call = calls.begin(tx, clock).id
    narrow = gave(tx, vault, clock, call=scene_call)
    with pytest.raises(Conflict, match="set aside already, as far as that, until 20"):
        gave(tx, vault, clock, call=scene_call)
    wide = gave(tx, vault, clock)
    for narrowed in (None, scene_call):
        with pytest.raises(Conflict, match="end that override first"):
            gave(tx, vault, clock, call=narrowed)
    clock.at += timedelta(hours=1)
    for each in (wide, narrow):
        overriding.end(tx, clock, each.id, by=DPO)
    assert gave(tx, vault, clock).is_in_force(clock.at)


def test_two_that_are_given_at_the_same_moment_are_not_both_given(
    database: Database, controller: ControllerId, vault: Vault, clock: FixedClock
) -> None:
    def give(tx: Transaction) -> Override:
        return gave(tx, vault, clock)

    with ThreadPoolExecutor(1) as elsewhere:
        with database.transaction(controller) as tx:
            give(tx)
            other = elsewhere.submit(database.run, controller, give)
            assert not wait([other], timeout=1).done
        with pytest.raises(Conflict, match="set aside already"):
            other.result(timeout=20)


def test_renewing_without_end_shows(tx: Transaction, vault: Vault, clock: FixedClock) -> None:
    for _ in range(3):
        gave(tx, vault, clock, until=clock.at + LONGEST)
        clock.at += LONGEST
    gave(tx, vault, clock, until=clock.at + timedelta(days=1))
    assert overriding.past(tx, clock) == {MARKETING: Past(days=90, times=4)}
    clock.at += timedelta(days=60)
    assert overriding.past(tx, clock) == {MARKETING: Past(days=31, times=4)}, "29 of the last month, today's and its last"
    clock.at += timedelta(days=60)
    assert overriding.past(tx, clock) == {MARKETING: Past(days=0, times=4)}


def test_where_it_lets_nothing_through_it_is_neither_named_nor_counted(tx: Transaction, vault: Vault, clock: FixedClock) -> None:
    """Where something else stops it, or cannot be told, the verdict is that of all rules, with all that would turn it."""
    override = gave(tx, vault, clock)
    untold, told, calm = (agent_listens(at=clock.at, review_in_force=known) for known in (None, False, True))
    for question in (untold, told):
        _, verdict = actions.ask(tx, rules=RULES, clock=clock, question=question, by=SUPERVISOR)
        assert verdict == decide(RULES, question)
        assert (verdict.proceeds, verdict.overrides) == (False, ())
    eased = decide(set_aside(RULES, frozenset({MARKETING})), untold)
    assert eased.outcome is Outcome.CANNOT_TELL, "this is about something"
    assert overriding.get(tx, override.id).uses == 0
    _, verdict = actions.ask(tx, rules=RULES, clock=clock, question=calm, by=SUPERVISOR)
    assert verdict.proceeds
    assert overriding.get(tx, override.id).uses == 1


def test_a_verdict_by_an_override_is_given_again_by_a_replay(
    database: Database, tx: Transaction, vault: Vault, clock: FixedClock
) -> None:
    """And a rule that is proposed anew is tried with the same rule set aside: nothing would change by what changes nothing."""
    gave(tx, vault, clock)
    asked(tx, clock)
    tally = Tally(RULES, RULES)
    kept = dataclasses.replace(actions.kept_rules(tx, b""), rules=RULES)
    for alike in stretch(tx, since=clock.at - timedelta(1), after=UUID(int=0), until=clock.at + timedelta(1), up_to=UUID(int=0)):  # type: ignore[arg-type]  # no verdict
        assert alike.aside == {MARKETING}
        tally.add(alike, kept)
    report = tally.report(clock.at - timedelta(1), clock.at)
    assert (report.verdicts, report.as_before, report.drift) == (1, 1, {})


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE overrides SET until = begins_at + interval '31 days'",
        "UPDATE overrides SET actor_role = 'supervisor'",
        "UPDATE overrides SET ended_at = until, ended_by = actor, ended_by_role = 'dpo'",
        "UPDATE overrides SET ended_at = begins_at",
        "UPDATE verdicts SET lawful = NULL, is_right = NULL, outcome = 'cannot_tell', missing = '{x}' WHERE overrides <> '{}'",
        "UPDATE verdicts SET lawful = false, outcome = 'unlawful' WHERE overrides <> '{}'",
    ],
)
def test_the_database_refuses_an_impossible_override(tx: Transaction, vault: Vault, clock: FixedClock, change: str) -> None:
    gave(tx, vault, clock)
    asked(tx, clock)
    tx.connection.execute("RESET ROLE")
    with pytest.raises(psycopg.errors.CheckViolation), tx.connection.transaction():
        tx.connection.execute(psycopg.sql.SQL(change))


@pytest.mark.parametrize("change", ["DELETE FROM overrides", "UPDATE overrides SET until = now()", "DELETE FROM override_uses"])
def test_one_is_never_removed_nor_prolonged(tx: Transaction, change: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        tx.connection.execute(change)


HOUSE = [rule for rule in RULES.rules if rule.axis is Axis.HOUSE]
EVERY_RULE = [
    Aside(id=OverrideId(new_id()), rule=rule.id, digest=digest_of(rule), purpose=None, call=None) for rule in RULES.rules
]


@settings(max_examples=400, deadline=None)
@given(question=questions(), asides=st.sets(st.sampled_from(EVERY_RULE)))
def test_no_override_touches_the_law(question: Question, asides: set[Aside]) -> None:
    """Whatever the facts and whatever is set aside, law rules by name too: what is unlawful or cannot be told by law stays so."""
    full, eased = decide(RULES, question), decide_under(RULES, asides, frozenset(), question)
    assert eased.lawful == full.lawful
    if full.lawful is not True:
        assert eased == full
    if eased.overrides:
        assert eased.proceeds
        house = {rule.id for rule in HOUSE}
        assert {each.rule for each in asides if each.id in eased.overrides} <= house
    if full.proceeds:
        assert eased.proceeds
    law_alone = decide(set_aside(RULES, frozenset(rule.id for rule in RULES.rules)), question)
    assert law_alone.lawful == full.lawful
    if eased.proceeds:
        assert law_alone.proceeds


def test_the_property_is_about_something() -> None:
    """Planted: a rule of law under the axis of the house would be set aside."""
    text = example().files[0].text
    (rule,), _ = read_rules("x.cedar", text, Axis.HOUSE)
    rules = rule_set([*SHIPPED.rules, rule])
    aside = Aside(id=OverrideId(new_id()), rule=rule.id, digest=digest_of(rule), purpose=None, call=None)
    assert decide_under(rules, [aside], frozenset(), agent_listens()).proceeds
    assert not decide_under(rules, [dataclasses.replace(aside, digest=bytes(32))], frozenset(), agent_listens()).proceeds
