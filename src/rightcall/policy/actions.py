"""Asking before doing. Every verdict is stored with its facts and reasons, and stands in the ledger with who asked.

A no is an answer, not an error: it is for the caller to stop. What may be overridden, and by whom, is not decided here.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rightcall.actors import Actor
from rightcall.canonical import canonical_json, parse_json, sha256
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.errors import Malformed, NotConfigured, NotFound
from rightcall.ids import CallId, StatementId, VerdictId, new_id
from rightcall.ledger import actions as ledger
from rightcall.ledger.model import Digest
from rightcall.policy import store
from rightcall.policy.model import Axis, Finding, Question, Rule, RuleSet, StoredVerdict, Verdict
from rightcall.policy.reading import doubled, read_rules, refuse, rule_set
from rightcall.policy.replay import UNKNOWN, Kept
from rightcall.policy.rules import canonical_facts, decide
from rightcall.policy.scenarios import Scenario, outcomes, read_scenario, uncovered
from rightcall.policy.statements import VerdictGiven
from rightcall.policy.vocabulary import schema_text, words

_PACKS = Path(__file__).parent / "packs"
_HOUSE = Path(__file__).parent / "house"


def load_rules(folder: Path | None = None) -> RuleSet:
    """The law packs that come with Rightcall, with the house rules in `folder`, or else those that come with Rightcall.

    Nothing in `folder` can open what the law does not. Malformed, naming file and line of everything that is wrong; NotConfigured
    where the folder holds no rules.
    """
    rules, findings = _read(_PACKS, Axis.LAW)
    house, house_findings = _read(folder or _HOUSE, Axis.HOUSE)
    findings = [*findings, *house_findings, *doubled([*rules, *house])]
    if findings:
        raise refuse(findings)
    return rule_set([*rules, *house])


def keep_rules(tx: Transaction, clock: Clock, rules: RuleSet) -> None:
    """Keeps the texts behind the digest that verdicts name, with the words of today. Kept before is kept."""
    store.keep_rule_set(
        tx,
        rule_set=rules.digest,
        vocabulary=sha256(schema_text().encode()),
        words=words(),
        rules=[{"axis": rule.axis.value, "file": rule.file, "source": rule.source} for rule in rules.rules],
        at=clock.now(),
    )


def kept_rules(tx: Transaction, digest: bytes) -> Kept:
    """The rules that this digest names, and the words that questions had under them: those of all times they were in force."""
    found = store.rule_sets(tx, digest)
    if not found:
        return UNKNOWN
    words_then = frozenset.intersection(*(each for each, _ in found))
    for _, documents in found:
        rules = rule_set([rule for each in documents for rule in read_rules(each["file"], each["source"], Axis(each["axis"]))[0]])
        if rules.digest == digest:
            return Kept(rules=rules, words=words_then)
    return Kept(rules=None, words=words_then)


def ask(tx: Transaction, *, rules: RuleSet, clock: Clock, question: Question, by: Actor) -> tuple[VerdictId, Verdict]:
    """One question, answered, stored and in the ledger."""
    return ask_all(tx, rules=rules, clock=clock, questions=[question], by=by)[0]


def ask_all(
    tx: Transaction, *, rules: RuleSet, clock: Clock, questions: Sequence[Question], by: Actor
) -> list[tuple[VerdictId, Verdict]]:
    """Several at once, in their order, for little more than the price of one: what settling a call needs."""
    if not questions:
        return []
    given = [_given(tx, rules, clock, question, by) for question in questions]
    statements = ledger.append_all(tx, [statement for _, statement in given])
    store.insert_verdicts(
        tx,
        [
            _stored(question, verdict, said, statement, by)
            for question, (verdict, said), statement in zip(questions, given, statements, strict=True)
        ],
    )
    return [(said.verdict, verdict) for verdict, said in given]


def get(tx: Transaction, verdict: VerdictId) -> StoredVerdict:
    stored = store.verdict(tx, verdict)
    if stored is None:
        raise NotFound("There is no such verdict. List a call's verdicts to find its id.")
    return _canonical(stored)


def of_call(tx: Transaction, call: CallId) -> list[StoredVerdict]:
    """All that was asked about a call, in order."""
    return [_canonical(stored) for stored in store.verdicts_of_call(tx, call)]


def _given(tx: Transaction, rules: RuleSet, clock: Clock, question: Question, by: Actor) -> tuple[Verdict, VerdictGiven]:
    verdict = decide(rules, question)
    return verdict, VerdictGiven(
        at=clock.now(),
        controller=tx.of,
        verdict=VerdictId(new_id()),
        act=question.act,
        outcome=verdict.outcome,
        lawful=verdict.lawful,
        right=verdict.right,
        purpose=None if question.purpose is None else question.purpose.id,
        call=question.call,
        stream=question.stream,
        holding=question.holding,
        facts=Digest(sha256(canonical_facts(question))),
        rule_set=Digest(verdict.rule_set),
        actor=by.id,
        role=by.role,
    )


def _stored(question: Question, verdict: Verdict, said: VerdictGiven, statement: StatementId, by: Actor) -> StoredVerdict:
    return StoredVerdict(
        id=said.verdict,
        asked_at=question.at,
        by=by,
        act=said.act,
        purpose=said.purpose,
        call=said.call,
        stream=said.stream,
        holding=said.holding,
        facts=canonical_facts(question),
        verdict=verdict,
        statement=statement,
    )


def _canonical(stored: StoredVerdict) -> StoredVerdict:
    """jsonb keeps the facts and not their bytes; the canonical form brings these back, for the digest in the ledger."""
    return replace(stored, facts=canonical_json(parse_json(stored.facts)))


def check_rules(folder: Path) -> list[Finding]:
    """What is wrong with the house rules in `folder`: files that do not load, scenarios in `folder`/scenarios that come out
    otherwise than they say, and rules without a scenario that they stop and one that they let through."""
    law, _ = _read(_PACKS, Axis.LAW)
    house, findings = _read(folder, Axis.HOUSE)
    findings += doubled([*law, *house])
    if findings:
        return findings
    scenarios, findings = read_scenarios(folder / "scenarios")
    rules = rule_set([*law, *house])
    return [*findings, *outcomes(rules, scenarios), *uncovered(house, rules, scenarios)]


def read_scenarios(folder: Path) -> tuple[list[Scenario], list[Finding]]:
    """The scenarios in a folder, and the files that are none. A folder that is not there has none."""
    scenarios: list[Scenario] = []
    findings: list[Finding] = []
    for file in sorted(folder.glob("*.toml")):
        try:
            scenarios.append(read_scenario(file.name, _text(file)))
        except Malformed as error:
            advice = "docs/howto/house-rules.md shows a scenario that is whole."
            findings.append(Finding(file=file.name, line=1, rule=None, problem=str(error), advice=advice))
    return scenarios, findings


def _read(folder: Path, axis: Axis) -> tuple[list[Rule], list[Finding]]:
    """Every rule of every .cedar file in a folder. No file, no rules: that is a mistake, never a yes."""
    files = sorted(folder.glob("*.cedar"))
    if not files:
        raise NotConfigured("The rules folder holds no .cedar file. Point RIGHTCALL_RULES at a folder with house rules.")
    rules: list[Rule] = []
    findings: list[Finding] = []
    for file in files:
        try:
            found, wrong = read_rules(file.name, _text(file), axis)
        except Malformed as error:
            wrong = [Finding(file=file.name, line=1, rule=None, problem=str(error), advice="Save it again as UTF-8 text.")]
            found = []
        rules += found
        findings += wrong
    if not rules and not findings:
        raise NotConfigured("The rules folder holds no rule. Point RIGHTCALL_RULES at a folder with house rules.")
    return rules, findings


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise Malformed("This file is not UTF-8 text.") from error
    except OSError as error:
        raise NotConfigured(f"The file {file.name} in the rules folder cannot be read. Check its permissions.") from error
