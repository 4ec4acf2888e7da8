"""Verdicts decided again: what a proposed rule would change, what cannot be replayed, and that the rules of then say the same."""

import dataclasses
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from rightcall.canonical import parse_json
from rightcall.database.connection import Database
from rightcall.ids import CallId, ControllerId, VerdictId, new_id
from rightcall.policy import actions, replay, store
from rightcall.policy.model import Act, Outcome, PauseReason, Question, RuleSet, Said
from rightcall.policy.replay import Kind, Report
from rightcall.policy.replaying import replay as replay_verdicts
from rightcall.policy.rules import canonical_facts
from rightcall.policy.vocabulary import unreadable, words
from tests.cast import MONDAY
from tests.conftest import FixedClock
from tests.policy.facts import SUPERVISOR, agent, capture, customer, purpose

RULES = actions.load_rules()
HOUSE = Path(actions.__file__).parent / "house"
OURS = "\n".join(file.read_text(encoding="utf-8") for file in sorted(HOUSE.glob("*.cedar")))
RULE = """
@id("house.proposed")
@value("care")
@owner("dpo")
@in_force_from("2030-01-01")
@last_checked("2026-11-02")
@jurisdiction("*")
@says("It is proposed.")
@instead("It would be right without it.")
forbid (principal, action == Action::"{act}", resource) when {{ {when} }};
"""
Ask = Callable[..., VerdictId]


@pytest.fixture
def ask(database: Database, controller: ControllerId, clock: FixedClock) -> Ask:
    """One question, asked and stored as in life; answers with the verdict's id."""

    def ask(question: Question, rules: RuleSet = RULES) -> VerdictId:
        with database.transaction(controller) as tx:
            return actions.ask(tx, rules=rules, clock=clock, question=question, by=SUPERVISOR)[0]

    return ask


@pytest.fixture
def again(database: Database, controller: ControllerId, clock: FixedClock) -> Callable[..., Report]:
    """A replay on the evening of that Monday."""

    def again(proposed: RuleSet = RULES, days: int = 30, stretch: int = 1000, in_force: RuleSet = RULES) -> Report:
        clock.at = MONDAY + timedelta(hours=9)
        return replay_verdicts(
            database,
            clock,
            controller,
            proposed=proposed,
            in_force=in_force,
            days=days,
            tell=lambda part, seen: None,
            stretch=stretch,
        )

    return again


Again = Callable[..., Report]


def proposed(folder: Path, when: str, act: str = "capture") -> RuleSet:
    """The house rules that come with Rightcall, and one more."""
    (folder / "house.cedar").write_text(OURS + RULE.format(act=act, when=when), encoding="utf-8")
    return actions.load_rules(folder)


def keep(database: Database, clock: FixedClock, rules: RuleSet = RULES) -> None:
    with database.system() as tx:
        actions.keep_rules(tx, clock, rules)


def of_every_outcome() -> list[Question]:
    return [
        capture(),
        capture(speaker=agent()),
        capture(speaker=customer(Said.REFUSED)),
        capture(pauses=frozenset({PauseReason.VULNERABLE})),
        capture(pauses=None),
    ]


def test_a_rule_for_one_purpose_changes_that_purpose_alone(ask: Ask, again: Again, tmp_path: Path) -> None:
    call = CallId(new_id())
    marketing = capture(purpose=purpose(key="marketing"), call=call)
    changing = [ask(marketing), ask(marketing), ask(dataclasses.replace(marketing, at=MONDAY - timedelta(days=24)))]
    for question in [*of_every_outcome(), capture(act=Act.ASK, purpose=purpose(key="marketing"))]:
        ask(question)
    report = again(proposed(tmp_path, 'context.purpose.key == "marketing"'))
    ways = {(kind.purpose, kind.act, kind.was, kind.would_be) for kind in report.changes}
    assert ways == {("marketing", Act.CAPTURE, Outcome.PROCEED, Outcome.NOT_RIGHT)}
    assert {kind.month: seen.count for kind, seen in report.changes.items()} == {"2026-10": 1, "2026-11": 2}
    assert [set(seen.rules) for seen in report.changes.values()] == [{"house.proposed"}] * 2
    assert {example for seen in report.changes.values() for example in seen.examples} == set(changing)
    assert (report.verdicts, report.as_before, report.calls, report.left_out) == (9, 6, 1, {})


def test_what_the_rules_in_force_changed_since_is_not_blamed_on_what_is_proposed(ask: Ask, again: Again, tmp_path: Path) -> None:
    """A rule that holds today stopped marketing since; a proposal that leaves it as it is changes nothing, nor does one beside
    it that says the same."""
    (tmp_path / "today").mkdir()
    today = proposed(tmp_path / "today", 'context.purpose.key == "marketing"')
    calls = [CallId(new_id()) for _ in range(2)]
    for call in calls:
        ask(capture(purpose=purpose(key="marketing"), call=call))
    ask(capture())
    same = again(today, in_force=today)
    assert (same.changes, same.as_before, same.calls) == ({}, 3, 0)
    ((kind, seen),) = same.already.items()
    assert (kind.purpose, kind.was, kind.would_be) == ("marketing", Outcome.PROCEED, Outcome.NOT_RIGHT)
    assert (seen.count, seen.rules, seen.calls) == (2, {"house.proposed"}, 2)
    back = again(RULES, in_force=today)
    ((kind, seen),) = back.changes.items()
    assert (kind.was, kind.would_be, seen.calls) == (Outcome.NOT_RIGHT, Outcome.PROCEED, 2)


def test_each_way_says_whose_words_and_in_how_many_calls(
    ask: Ask, again: Again, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = CallId(new_id()), CallId(new_id())
    for call in (one, one, two):
        ask(capture(call=call))
    ask(capture(speaker=agent(), call=two))
    ask(capture(at=MONDAY - timedelta(days=24), call=one))
    rules = proposed(tmp_path, "true")
    found = {(kind.about, kind.month): (seen.count, seen.calls, seen.many_calls) for kind, seen in again(rules).changes.items()}
    assert found == {
        ("customer", "2026-11"): (3, 2, False),
        ("agent", "2026-11"): (1, 1, False),
        ("customer", "2026-10"): (1, 1, False),
    }
    monkeypatch.setattr(replay, "_MANY_OF_A_KIND", 1)
    assert {(seen.calls, seen.many_calls) for seen in again(rules).changes.values()} == {(1, True)}


def test_the_rules_in_force_give_what_is_stored(ask: Ask, again: Again, database: Database, controller: ControllerId) -> None:
    identities = [ask(question) for question in of_every_outcome()]
    with database.transaction(controller) as tx:
        assert {actions.get(tx, each).verdict.outcome for each in identities} == set(Outcome)
    report = again()
    assert (report.verdicts, report.as_before, report.given_again) == (5, 5, 5)
    assert (report.changes, report.drift, report.not_given_again, report.left_out) == ({}, {}, {}, {})


def test_rules_of_then_are_kept_and_give_their_verdicts_again(
    ask: Ask, again: Again, database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    stricter = proposed(tmp_path, "context.speaker.bundled == false")
    ask(capture(), stricter)
    unkept = again()
    assert {why: seen.count for why, seen in unkept.not_given_again.items()} == {"the rules that gave them were not kept": 1}
    keep(database, clock, stricter)
    report = again()
    assert (report.given_again, report.drift, report.not_given_again) == (1, {}, {})


def test_another_answer_by_the_same_rules_is_a_drift(ask: Ask, again: Again, database_url: str) -> None:
    stays, changed = ask(capture()), ask(capture(speaker=customer(Said.REFUSED)))
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "UPDATE verdicts SET outcome = 'proceed', lawful = true, is_right = true, reasons = %s WHERE verdict = %s",
            ('[{"rule": "basis.consent", "axis": "law", "ground": "g", "says": "s", "instead": "i"}]', changed),
        )
    ((rules, was, now), seen), *others = again().drift.items()
    assert others == []
    assert (rules, was, now) == (RULES.digest.hex(), Outcome.PROCEED, Outcome.UNLAWFUL)
    assert (seen.count, seen.examples) == (1, [changed])
    assert stays not in seen.examples


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("facts #- '{speaker,bundled}'", "the fact speaker.bundled was not written down then"),
        ("jsonb_set(facts, '{mood}', '1')", "the fact mood is not one of today's"),
        ("jsonb_set(facts, '{speaker,answer}', '\"perhaps\"')", "the fact speaker.answer has a value that is not one of today's"),
        ("jsonb_set(facts, '{purpose,term_days}', 'true')", "the fact purpose.term_days has a value that is not one of today's"),
        ("jsonb_set(facts, '{pauses}', '[[]]')", "the fact pauses has a value that is not one of today's"),
        ("facts - 'for_speaker'", "the facts are not a question's"),
    ],
)
def test_facts_of_another_time_are_left_out_and_said(ask: Ask, again: Again, database_url: str, change: str, why: str) -> None:
    ask(capture())
    old = ask(capture())
    with psycopg.connect(database_url) as connection:
        statement = psycopg.sql.SQL("UPDATE verdicts SET facts = {} WHERE verdict = %s").format(psycopg.sql.SQL(change))
        connection.execute(statement, (old,))
    report = again()
    assert {reason: (seen.count, seen.examples) for reason, seen in report.left_out.items()} == {why: (1, [old])}
    assert list(report.not_given_again) == [why]
    assert (report.verdicts, report.as_before, report.changes, report.drift) == (2, 1, {}, {})


def asking() -> Question:
    return capture(act=Act.ASK)


def test_a_rule_that_asks_what_was_not_known_would_stop_everything(
    ask: Ask, again: Again, database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    keep(database, clock)
    ask(asking())
    report = again(proposed(tmp_path, "context.design.conditional", act="ask"))
    (kind,) = report.changes
    assert (kind.was, kind.would_be, report.left_out) == (Outcome.PROCEED, Outcome.CANNOT_TELL, {})


def test_a_fact_that_was_not_a_fact_then_is_not_guessed(
    ask: Ask, again: Again, database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    (tmp_path / "then").mkdir()
    (tmp_path / "now").mkdir()
    then = proposed(tmp_path / "then", "context.speaker.bundled", act="ask")
    ask(asking(), then)
    asks_design = proposed(tmp_path / "now", "context.design.conditional", act="ask")
    report = again(asks_design)
    assert list(report.left_out) == ["the fact design is missing, and whether it could have been known then is not known"]
    with database.system() as tx:
        sources = [{"axis": rule.axis.value, "file": rule.file, "source": rule.source} for rule in then.rules]
        fewer = [word for word in words() if not word.startswith("design")]
        store.keep_rule_set(
            tx, rule_set=then.digest, vocabulary=bytes(32), words=fewer, rules=sources, at=MONDAY
        )  # fmt: skip
    assert list(again(asks_design).left_out) == ["the fact design was not written down then"]
    keep(database, clock, then)
    assert list(again(asks_design).left_out) == ["the fact design was not written down then"]
    assert again(asks_design).given_again == 1


@pytest.mark.parametrize("stretch", [1, 2, 3, 7, 8])
def test_stretches_lose_and_double_nothing(ask: Ask, again: Again, tmp_path: Path, stretch: int) -> None:
    for question in of_every_outcome():
        ask(question)
    for days in (1, 2, 2):
        ask(capture(at=MONDAY - timedelta(days=days)))
    report = again(proposed(tmp_path, "true"), stretch=stretch)
    assert report.verdicts == report.given_again == 8
    assert report.as_before + sum(seen.count for seen in report.changes.values()) == 8
    assert report.changes[Kind(
        purpose="training", month="2026-11", act=Act.CAPTURE, about="customer", was=Outcome.PROCEED, would_be=Outcome.NOT_RIGHT
    )].count == 4  # fmt: skip


def test_only_those_days_and_only_this_controller(ask: Ask, again: Again, database: Database, clock: FixedClock) -> None:
    ask(capture(at=MONDAY - timedelta(days=3)))
    ask(capture(at=MONDAY - timedelta(hours=1)))
    assert (again(days=1).verdicts, again(days=2).verdicts, again(days=30).verdicts) == (1, 1, 2)
    stranger = replay_verdicts(
        database, clock, ControllerId(new_id()), proposed=RULES, in_force=RULES, days=30, tell=lambda part, seen: None
    )
    assert stranger.verdicts == 0


def test_equal_facts_are_decided_once_and_forgetting_them_changes_nothing(
    ask: Ask, again: Again, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for days in (0, 1, 2, 3):
        for question in (capture(), capture(speaker=customer(Said.REFUSED))):
            ask(dataclasses.replace(question, at=MONDAY - timedelta(days=days)))
    rules = proposed(tmp_path, "true")
    report = again(rules, stretch=2)
    assert report.decided == 6
    monkeypatch.setattr(replay, "_KEPT", 1)
    forgetful = again(rules, stretch=2)
    assert forgetful.decided > report.decided
    assert {kind: seen.count for kind, seen in forgetful.changes.items()} == {kind: n.count for kind, n in report.changes.items()}


def test_other_duties_are_a_change_too(ask: Ask, again: Again, tmp_path: Path) -> None:
    ask(capture(speaker=agent()))
    permit = RULE.replace("forbid", "permit").replace("@owner", '@duties("keep_at_most_days=7")\n@owner')
    text = OURS + permit.format(act="capture", when="true")
    (tmp_path / "house.cedar").write_text(text, encoding="utf-8")
    (kind,) = again(actions.load_rules(tmp_path)).changes
    assert kind.was is kind.would_be is Outcome.PROCEED_WITH_DUTIES


def test_kept_rules_are_the_same_rules(database: Database, clock: FixedClock, tmp_path: Path) -> None:
    rules = proposed(tmp_path, "context.speaker.bundled")
    with database.system() as tx:
        assert actions.kept_rules(tx, rules.digest) == replay.UNKNOWN
    for _ in range(2):
        keep(database, clock, rules)
    with database.system() as tx:
        kept = actions.kept_rules(tx, rules.digest)
        assert kept.rules is not None
        assert kept.words == frozenset(words())
        assert [rule.canonical for rule in kept.rules.rules] == [rule.canonical for rule in rules.rules]
        store.keep_rule_set(tx, rule_set=b"x" * 32, vocabulary=bytes(32), words=words(), rules=[], at=MONDAY)
        assert actions.kept_rules(tx, b"x" * 32).rules is None


@pytest.mark.parametrize("change", ["UPDATE rule_sets SET words = '{a}'", "DELETE FROM rule_sets"])
def test_what_is_kept_is_never_changed(database: Database, change: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), database.system() as tx:
        tx.connection.execute(change)


def test_every_question_of_today_is_readable() -> None:
    for question in [*of_every_outcome(), asking(), capture(purpose=None, parties=None, speaker=None, jurisdictions=None)]:
        assert unreadable(parse_json(canonical_facts(question))) is None
