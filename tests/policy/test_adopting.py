"""House rules from a draft into force: only in order, only after a replay, only by two people in different roles."""

import dataclasses
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta

import psycopg
import pytest

from rightcall.actors import Actor, Role
from rightcall.database.connection import Database, Transaction
from rightcall.errors import Conflict, Malformed, NotAllowed, NotFound, RightcallError
from rightcall.ids import AdoptionId, ControllerId, DraftId, new_id
from rightcall.ledger.codec import read_leaf
from rightcall.policy import actions, adopting, in_force
from rightcall.policy.adoption.comparing import said
from rightcall.policy.adoption.model import Adoption, Draft
from rightcall.policy.adoption.store import texts as stored_texts
from rightcall.policy.in_force import HOUSE_RULES
from rightcall.policy.model import Act, Outcome, Question
from rightcall.policy.replay import Tally
from rightcall.policy.texts import Proposal, Text
from tests.conftest import FixedClock
from tests.policy.facts import capture, customer, purpose
from tests.policy.proposals import MARKETING, changed, example

RULES = actions.load_rules()
DPO, SUPERVISOR, REVIEWER = (Actor(id=new_id(), role=role) for role in (Role.DPO, Role.SUPERVISOR, Role.REVIEWER))


def agent_listens(**changes: object) -> Question:
    """May an agent listen to what was said for marketing?"""
    ordinary = capture(
        act=Act.PLAY,
        actor=Actor(id=new_id(), role=Role.AGENT),
        purpose=purpose(key="marketing", may_use=frozenset({Role.AGENT, Role.SUPERVISOR})),
        parties=(customer(),),
        pauses=None,
        last_day=(FixedClock().at + timedelta(days=30)).date(),
        reason_given=True,
        case_given=True,
        review_in_force=True,
        collected_for=frozenset({"marketing"}),
    )
    return dataclasses.replace(ordinary, **changes)  # type: ignore[arg-type]  # any field, by name


def drafted(tx: Transaction, clock: FixedClock, proposal: Proposal | None = None, *, by: Actor = DPO, **more: object) -> Draft:
    return adopting.draft_rules(tx, clock, RULES, proposal or example(), by=by, **more)  # type: ignore[arg-type]  # a day


def replayed(tx: Transaction, clock: FixedClock, draft: Draft) -> None:
    """With no verdicts to look at: what is tried here is who may say yes, and to what."""
    proposed = adopting.proposed_rules(draft, RULES)
    report = Tally(proposed, RULES).report(clock.at - timedelta(days=30), clock.at)
    adopting.keep_replay(tx, clock, draft.id, rule_set=proposed.digest, report=report, document={})


def adopted(tx: Transaction, clock: FixedClock, draft: Draft) -> Adoption:
    replayed(tx, clock, draft)
    assert adopting.sign(tx, clock, RULES, draft.id, by=DPO).adoption is None
    adoption = adopting.sign(tx, clock, RULES, draft.id, by=SUPERVISOR).adoption
    assert adoption is not None
    return adoption


def outcome(tx: Transaction, clock: FixedClock) -> Outcome:
    _, verdict = actions.ask(tx, rules=RULES, clock=clock, question=agent_listens(at=clock.at), by=DPO)
    return verdict.outcome


def kinds(tx: Transaction) -> list[str]:
    rows = tx.connection.execute("SELECT leaf FROM statements ORDER BY statement").fetchall()
    return [str(read_leaf(row["leaf"])["kind"]) for row in rows]


def test_two_yeses_bring_a_draft_into_force_at_once(tx: Transaction, clock: FixedClock) -> None:
    assert outcome(tx, clock) is Outcome.PROCEED
    draft = drafted(tx, clock)
    replayed(tx, clock, draft)
    first = adopting.sign(tx, clock, RULES, draft.id, by=DPO)
    assert first.adoption is None
    assert outcome(tx, clock) is Outcome.PROCEED
    adoption = adopting.sign(tx, clock, RULES, draft.id, by=SUPERVISOR).adoption
    assert adoption is not None
    assert outcome(tx, clock) is Outcome.NOT_RIGHT
    assert (adoption.first, adoption.second, adoption.house) == (DPO, SUPERVISOR, draft.house)
    assert adopting.get(tx, draft.id).adoption == adoption.id
    told = [kind for kind in kinds(tx) if kind.startswith("policy.rules")]
    assert told == [
        "policy.rules_drafted", "policy.rules_replayed", "policy.rules_signed", "policy.rules_signed", "policy.rules_adopted",
    ]  # fmt: skip


def test_it_comes_into_force_on_its_day(tx: Transaction, clock: FixedClock) -> None:
    day = (clock.at + timedelta(days=3)).date()
    adopted(tx, clock, drafted(tx, clock, in_force_from=day))
    assert outcome(tx, clock) is Outcome.PROCEED
    clock.at = clock.at.replace(hour=23, minute=59) + timedelta(days=2)
    assert outcome(tx, clock) is Outcome.PROCEED
    clock.at += timedelta(minutes=1)
    assert outcome(tx, clock) is Outcome.NOT_RIGHT


def test_what_is_adopted_last_holds_also_past_the_day_of_one_before(tx: Transaction, clock: FixedClock) -> None:
    day = (clock.at + timedelta(days=3)).date()
    adopted(tx, clock, drafted(tx, clock, in_force_from=day))
    harmless = changed('context.actor.role == Role::"agent"', 'context.actor.role == Role::"engineer"')
    scenarios = tuple(Text(file=each.file, text=each.text.replace('"agent"', '"engineer"')) for each in harmless.scenarios)
    adopted(tx, clock, drafted(tx, clock, Proposal(files=harmless.files, scenarios=scenarios)))
    clock.at += timedelta(days=4)
    assert outcome(tx, clock) is Outcome.PROCEED


def test_other_controllers_keep_their_rules(tx: Transaction, clock: FixedClock, database: Database, database_url: str) -> None:
    other = ControllerId(new_id())
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO controllers (controller, name, address, contact, jurisdictions, created_at)"
            " VALUES (%s, 'Other', '-', '-', '{DK}', now())",
            (other,),
        )
    adopted(tx, clock, drafted(tx, clock))
    with database.transaction(other) as others:
        assert outcome(others, clock) is Outcome.PROCEED
        assert adopting.history(others, RULES) == []


def test_old_verdicts_stay_explainable_by_the_rules_that_gave_them(tx: Transaction, clock: FixedClock) -> None:
    adopted(tx, clock, drafted(tx, clock))
    identity, verdict = actions.ask(tx, rules=RULES, clock=clock, question=agent_listens(), by=DPO)
    adopted(tx, clock, drafted(tx, clock, changed(MARKETING, "house.another", also_scenarios=True)))
    stored = actions.get(tx, identity)
    assert stored.verdict == verdict
    kept = actions.kept_rules(tx, stored.verdict.rule_set)
    assert kept.rules is not None
    assert MARKETING in {rule.id for rule in kept.rules.rules}


def test_rolling_back_is_adopting_an_older_set_again(tx: Transaction, clock: FixedClock) -> None:
    first = adopted(tx, clock, drafted(tx, clock))
    adopted(tx, clock, drafted(tx, clock, changed(MARKETING, "house.another", also_scenarios=True)))
    again = adopting.draft_rules(tx, clock, RULES, adopting.older(tx, first.id, None), by=REVIEWER)
    assert again.house == first.house
    third = adopted(tx, clock, again)
    entries = adopting.history(tx, RULES)
    assert entries[0].adoption == third
    assert {(each.kind.value, each.rule) for each in entries[0].changes} == {
        ("added", MARKETING), ("removed", "house.another"),
    }  # fmt: skip
    with pytest.raises(NotFound):
        adopting.older(tx, AdoptionId(new_id()), None)


def test_a_draft_says_what_it_changes_in_plain_words(tx: Transaction, clock: FixedClock) -> None:
    adopted(tx, clock, drafted(tx, clock))
    draft = drafted(tx, clock, changed("is not played to agents.", "is played to nobody."))
    (change,) = adopting.changes_of(tx, RULES, draft)
    lines = said([change])
    assert lines[0] == f"changed: {MARKETING}"
    assert lines[1:] == [
        "    says: What is kept for marketing is not played to agents.  ->  What is kept for marketing is played to nobody."
    ]
    first = said(adopting.changes_of(tx, RULES, adopting.drafts(tx)[-1]))
    assert f"added: {MARKETING}" in first
    assert "removed: house.listening_needs_a_reason" in first
    assert '    condition: when { context.purpose.key == "marketing" && context.actor.role == Role::"agent" }' in first


Spoil = Callable[[Transaction, FixedClock, Draft], object]


def _one_yes(tx: Transaction, clock: FixedClock, draft: Draft) -> None:
    replayed(tx, clock, draft)
    adopting.sign(tx, clock, RULES, draft.id, by=DPO)


def _old_replay(tx: Transaction, clock: FixedClock, draft: Draft) -> None:
    replayed(tx, clock, draft)
    clock.at += timedelta(days=31)


def _other_adoption(tx: Transaction, clock: FixedClock, draft: Draft) -> None:
    replayed(tx, clock, draft)
    adopted(tx, clock, drafted(tx, clock, changed(MARKETING, "house.another", also_scenarios=True)))


def _replay_of_another_law(tx: Transaction, clock: FixedClock, draft: Draft) -> None:
    report = Tally(RULES, RULES).report(clock.at - timedelta(days=30), clock.at)
    adopting.keep_replay(tx, clock, draft.id, rule_set=RULES.digest, report=report, document={})


@pytest.mark.parametrize(
    ("spoil", "by", "error", "says"),
    [
        (lambda *_: None, SUPERVISOR, Conflict, "not replayed"),
        (_replay_of_another_law, SUPERVISOR, Conflict, "not replayed"),
        (_old_replay, SUPERVISOR, Conflict, "older than 30 days"),
        (_one_yes, DPO, Conflict, "signed already"),
        (_one_yes, Actor(id=new_id(), role=Role.DPO), Conflict, "another role|other role|signed already"),
        (_one_yes, Actor(id=new_id(), role=Role.AGENT), NotAllowed, "dpo, reviewer, supervisor"),
        (_one_yes, Actor(id=new_id(), role=Role.ENGINEER), NotAllowed, "dpo, reviewer, supervisor"),
        (_other_adoption, SUPERVISOR, Conflict, "Draft it again"),
        (lambda tx, clock, draft: adopting.withdraw(tx, clock, draft.id, by=REVIEWER), SUPERVISOR, Conflict, "withdrawn"),
        (lambda tx, clock, draft: adopted(tx, clock, draft), REVIEWER, Conflict, "adopted already"),
    ],
)
def test_a_yes_is_refused(
    tx: Transaction, clock: FixedClock, spoil: Spoil, by: Actor, error: type[RightcallError], says: str
) -> None:
    draft = drafted(tx, clock)
    spoil(tx, clock, draft)
    before = (adopting.get(tx, draft.id), adopting.history(tx, RULES))
    with pytest.raises(error, match=says):
        adopting.sign(tx, clock, RULES, draft.id, by=by)
    assert (adopting.get(tx, draft.id), adopting.history(tx, RULES)) == before


def test_a_yes_is_refused_once_the_law_has_changed_so_that_a_scenario_comes_out_otherwise(
    tx: Transaction, clock: FixedClock
) -> None:
    """The law of today takes away the permit that the draft's second scenario rests on."""
    draft = drafted(tx, clock)
    replayed(tx, clock, draft)
    adopting.sign(tx, clock, RULES, draft.id, by=DPO)
    other = dataclasses.replace(RULES, rules=tuple(rule for rule in RULES.rules if rule.id != "basis.consent"), digest=bytes(32))
    with pytest.raises(Malformed, match=r"1\.toml:22"):
        adopting.sign(tx, clock, other, draft.id, by=SUPERVISOR)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("context.actor.role", "context.actor.rank", r"mine\.cedar:1"),
        ("forbid (", "permit (", "opens nothing"),
        (MARKETING, "consent.withdrawal", "taken already"),
        ('"marketing" &&', '"sales" &&', r"0\.toml:22"),
        ("};", "}; forbid (principal, action, resource);", r"mine\.cedar"),
    ],
)
def test_what_is_not_in_order_is_not_kept(tx: Transaction, clock: FixedClock, old: str, new: str, says: str) -> None:
    with pytest.raises(Malformed, match=says):
        drafted(tx, clock, changed(old, new))
    assert adopting.drafts(tx) == []


def test_a_rule_without_scenarios_is_not_kept(tx: Transaction, clock: FixedClock) -> None:
    with pytest.raises(Malformed, match="no scenario"):
        drafted(tx, clock, dataclasses.replace(example(), scenarios=()))


@pytest.mark.parametrize("name", ["ada lovelace.cedar", "../mine.cedar", "", "a" * 200])
def test_a_file_name_is_plain(tx: Transaction, clock: FixedClock, name: str) -> None:
    text = example().files[0].text
    with pytest.raises(Malformed) as error:
        drafted(tx, clock, dataclasses.replace(example(), files=(Text(file=name, text=text),)))
    assert "lovelace" not in str(error.value)


@pytest.mark.parametrize("days", [0, -1, 400])
def test_its_first_day_is_to_come_and_within_a_year(tx: Transaction, clock: FixedClock, days: int) -> None:
    with pytest.raises(Malformed, match="day to come"):
        drafted(tx, clock, in_force_from=(clock.at + timedelta(days=days)).date())


def test_a_draft_of_another_controller_is_not_there(tx: Transaction, clock: FixedClock) -> None:
    with pytest.raises(NotFound):
        adopting.sign(tx, clock, RULES, DraftId(new_id()), by=DPO)


def test_rules_that_can_no_longer_be_read_leave_open_what_is_right(
    database_url: str, database: Database, controller: ControllerId, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after an update that knows a fact no more: never the old rules, never the default, and the law still speaks."""
    with database.transaction(controller) as tx:
        draft = drafted(tx, clock)
        adopted(tx, clock, draft)
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "UPDATE rule_drafts SET files = replace(files::text, 'context.actor.role', 'context.actor.rank')::jsonb"
            " WHERE draft = %s",
            (draft.id,),
        )
    monkeypatch.setattr(in_force, "_SHELF", in_force.Shelf())
    with database.transaction(controller) as tx:
        identity, verdict = actions.ask(tx, rules=RULES, clock=clock, question=agent_listens(), by=DPO)
        assert (verdict.outcome, verdict.lawful, verdict.right) == (Outcome.CANNOT_TELL, True, None)
        assert verdict.missing == (HOUSE_RULES,)
        assert actions.get(tx, identity).verdict == verdict
        _, unlawful = actions.ask(
            tx, rules=RULES, clock=clock, question=agent_listens(last_day=clock.at.date() - timedelta(2)), by=DPO
        )
        assert (unlawful.outcome, unlawful.right) == (Outcome.UNLAWFUL, None)
        assert stored_texts(tx, draft.id) is not None
        adopted(tx, clock, drafted(tx, clock, changed(MARKETING, "house.another", also_scenarios=True)))
        assert outcome(tx, clock) is Outcome.NOT_RIGHT
    with database.system() as system_tx:
        assert controller not in in_force.unreadable_houses(system_tx, clock, RULES)


def test_a_house_that_cannot_be_read_is_told(
    database_url: str, database: Database, controller: ControllerId, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.transaction(controller) as tx:
        draft = drafted(tx, clock)
        adopted(tx, clock, draft)
    with psycopg.connect(database_url) as connection:
        connection.execute('UPDATE rule_drafts SET files = \'[{"file": "x", "text": ""}]\' WHERE draft = %s', (draft.id,))
    monkeypatch.setattr(in_force, "_SHELF", in_force.Shelf())
    with database.system() as system_tx:
        assert controller in in_force.unreadable_houses(system_tx, clock, RULES)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE rule_drafts SET files = '[]'",
        "DELETE FROM rule_drafts",
        "DELETE FROM rule_signatures",
        "UPDATE rule_adoptions SET in_force_at = now()",
        "DELETE FROM rule_adoptions",
        "DELETE FROM rule_replays",
    ],
)
def test_nothing_of_it_is_changed_or_removed(tx: Transaction, change: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        tx.connection.execute(change)


@pytest.mark.parametrize(
    ("column", "value"),
    [("second_actor", DPO.id), ("second_role", "dpo"), ("first_actor", REVIEWER.id), ("in_force_at", "2020-01-01")],
)
def test_the_database_knows_no_adoption_without_two_signatures(
    database_url: str, database: Database, controller: ControllerId, clock: FixedClock, column: str, value: object
) -> None:
    with database.transaction(controller) as tx:
        adoption = adopted(tx, clock, drafted(tx, clock))
    change = psycopg.sql.SQL("UPDATE rule_adoptions SET {} = %s WHERE adoption = %s").format(psycopg.sql.Identifier(column))
    with pytest.raises(psycopg.IntegrityError), psycopg.connect(database_url) as connection:
        connection.execute(change, (value, adoption.id))


def test_two_drafts_upon_the_same_are_not_both_adopted(database: Database, controller: ControllerId, clock: FixedClock) -> None:
    """Signed at the same moment, each unseen by the other: whoever comes second is told what happened and what to do."""
    with database.transaction(controller) as tx:
        drafts = [drafted(tx, clock), drafted(tx, clock, changed(MARKETING, "house.another", also_scenarios=True))]
        for draft in drafts:
            replayed(tx, clock, draft)
            adopting.sign(tx, clock, RULES, draft.id, by=DPO)

    def sign(tx: Transaction, draft: Draft) -> adopting.Signed:
        return adopting.sign(tx, clock, RULES, draft.id, by=SUPERVISOR)

    with ThreadPoolExecutor(1) as elsewhere:
        with database.transaction(controller) as tx:
            sign(tx, drafts[0])
            other = elsewhere.submit(database.run, controller, lambda tx: sign(tx, drafts[1]))
            assert not wait([other], timeout=1).done
        with pytest.raises(Conflict, match=r"Other rules were adopted since .* Draft it again upon them"):
            other.result(timeout=20)
    with database.transaction(controller) as tx:
        assert [entry.adoption.draft for entry in adopting.history(tx, RULES)] == [drafts[0].id]
