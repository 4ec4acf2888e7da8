"""Rules from folders: the law packs and the charter that come with Rightcall, and a folder of house rules with its scenarios.

The charter is house rules that hold whatever a house adopts: no folder takes them out, and nobody overrides them.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from rightcall.canonical import sha256
from rightcall.errors import Malformed, NotConfigured
from rightcall.policy.model import Axis, Finding, Rule, RuleSet
from rightcall.policy.reading import doubled, read_rules, refuse, rule_set
from rightcall.policy.texts import Proposal, Text
from rightcall.policy.trying.contradictions import contradictions
from rightcall.policy.trying.mutation import Tally, try_mutants
from rightcall.policy.trying.outcomes import awake, outcomes, says_when, uncovered
from rightcall.policy.trying.scenarios import Scenario, line_of, read_scenario

_PACKS = Path(__file__).parent / "packs"
PACKS = frozenset(
    {
        "ai.cedar", "de.cedar", "dk.cedar", "eu.cedar", "fr.cedar", "mifid.cedar", "nist.cedar", "pci.cedar", "uk.cedar",
        "us-ccpa.cedar", "us-federal.cedar", "us-hipaa.cedar", "us-states.cedar", "us-tcpa.cedar",
    }
)  # fmt: skip
"""The law packs that come with Rightcall. One that is not there would stop nothing, so then nothing loads."""
CHARTER = frozenset(
    {"charter.no_yes_no_recording", "charter.no_yes_no_use", "charter.void_yes_is_none", "charter.no_purpose_without_a_review"}
)
"""The house rules that always hold. One that is not there would stop nothing, so then nothing loads."""
_CHARTER = Path(__file__).parent / "charter"
_HOUSE = Path(__file__).parent / "house"
_CORPUS = Path(__file__).parent / "corpus"
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_MOST_FILES = 500
_MOST_CHARACTERS = 1_000_000


def load_rules(folder: Path | None = None) -> RuleSet:
    """The law packs and the charter that come with Rightcall, with the house rules in `folder`, or else those that come with it.

    Nothing in `folder` can open what the law does not. Malformed, naming file and line of everything that is wrong; NotConfigured
    where the folder holds no rules.
    """
    rules, findings = _read_law(_PACKS)
    house, house_findings = _read_all(house_folder(folder), Axis.HOUSE)
    everything = [*rules, *charter(), *house]
    findings = [*findings, *house_findings, *doubled(everything)]
    if findings:
        raise refuse(findings)
    return rule_set(everything)


def charter() -> tuple[Rule, ...]:
    """House rules that always hold. Malformed where they do not load."""
    return _charter(_CHARTER)


@lru_cache(maxsize=4)
def _charter(folder: Path) -> tuple[Rule, ...]:
    rules, findings = _read_all(folder, Axis.HOUSE)
    findings += [_absent(rule) for rule in sorted(CHARTER - {rule.id for rule in rules})]
    if findings:
        raise refuse(findings)
    return tuple(rules)


def _absent(rule: str) -> Finding:
    problem = f"The rule {rule} is not there. Nothing stops what it stops, so nothing is permitted without it."
    return Finding(file="charter", line=1, rule=rule, problem=problem, advice="Install Rightcall anew.")


def charter_scenarios() -> tuple[Scenario, ...]:
    """NotConfigured where they are not there: see `corpus`."""
    return _shipped(_CHARTER / "scenarios")


def corpus() -> tuple[Scenario, ...]:
    """Every situation that comes with Rightcall, each with what the rules that come with it make of it. NotConfigured where they
    are not there: rules that were tried on nothing are not rules that change nothing."""
    return (*_shipped(_HOUSE / "scenarios"), *charter_scenarios(), *_shipped(_CORPUS))


@lru_cache(maxsize=8)
def _shipped(folder: Path) -> tuple[Scenario, ...]:
    situations, findings = read_scenarios(folder)
    if findings or not situations:
        raise NotConfigured(
            "The situations that come with Rightcall are not all there. Install it again, and change nothing in its folders."
        )
    return tuple(situations)


def house_folder(folder: Path | None) -> Path:
    """The deployment's own folder, or else the one that comes with Rightcall."""
    return folder or _HOUSE


def law_of(rules: RuleSet) -> RuleSet:
    """What of these rules is not up for adoption: the law, and the charter."""
    return _law_of(rules, frozenset(rule.id for rule in charter()))


@lru_cache(maxsize=16)
def _law_of(rules: RuleSet, kept: frozenset[str]) -> RuleSet:
    return rule_set([rule for rule in rules.rules if rule.axis is Axis.LAW or rule.id in kept])


def with_house(law: RuleSet, house: Sequence[Rule]) -> RuleSet:
    return rule_set([*law.rules, *house])


def once_in_force(law: RuleSet, house: Sequence[Rule]) -> RuleSet:
    """The same when each house rule has begun. Another set than that of today where one has not: nothing that was weighed by the
    one is taken for what the other says."""
    begun = awake(house)
    whole = with_house(law, begun)
    return whole if begun == list(house) else replace(whole, digest=sha256(b"once in force" + whole.digest))


def read_house(files: Sequence[Text]) -> tuple[list[Rule], list[Finding]]:
    """The house rules of these texts, and what is wrong with those that did not load."""
    rules: list[Rule] = []
    findings: list[Finding] = []
    for each in files:
        found, wrong = read_rules(each.file, each.text, Axis.HOUSE)
        rules += found
        findings += wrong
    return rules, findings


def read_folder(folder: Path) -> tuple[Proposal, list[Finding]]:
    """The texts of a folder of house rules and of its scenarios, and the files that are no text. NotConfigured where it has no
    rules: no rules are a mistake, never a yes."""
    findings: list[Finding] = []
    files = _texts(_cedar_files(folder), findings)
    scenarios = _texts(sorted((folder / "scenarios").glob("*.toml")), findings)
    return Proposal(files=tuple(files), scenarios=tuple(scenarios)), findings


def check_rules(folder: Path) -> list[Finding]:
    """What is wrong with the house rules in `folder`: see `check`."""
    proposal, findings = read_folder(folder)
    return findings or check(proposal, law_of(load_rules()))


def try_folder(folder: Path) -> list[Tally]:
    """How many mistakes in the house rules of `folder` its own scenarios would notice, rule by rule. Malformed where anything is
    wrong with it already."""
    proposal, findings = read_folder(folder)
    law = law_of(load_rules())
    findings = findings or check(proposal, law)
    if findings:
        raise refuse(findings)
    house, _ = read_house(proposal.files)
    scenarios, _ = read_scenarios_of(proposal.scenarios)
    return try_mutants(with_house(law, house), house, scenarios)


def check(proposal: Proposal, law: RuleSet) -> list[Finding]:
    """What is wrong with proposed house rules, above this law: files that do not load, ids that are taken, scenarios that come
    out otherwise than they say, rules without a scenario that they stop and one that they let through, and contradictions."""
    findings = _unfit(proposal)
    house, wrong = read_house(proposal.files)
    findings += [*wrong, *doubled([*law.rules, *house])]
    if not house and not findings:
        findings.append(_finding("-", "There is no rule in it.", "Write one; docs/howto/house-rules.md shows how."))
    if findings:
        return findings
    scenarios, findings = read_scenarios_of(proposal.scenarios)
    rules, once = with_house(law, house), once_in_force(law, house)
    tried = [(rules if says_when(each) else once, each) for each in scenarios]
    findings += [wrong for with_these, each in tried for wrong in outcomes(with_these, [each])]
    findings += uncovered(awake(house), tried)
    return findings or contradictions(law, house, scenarios, [*_shipped(_HOUSE / "scenarios"), *charter_scenarios()])


def read_scenarios(folder: Path) -> tuple[list[Scenario], list[Finding]]:
    """The scenarios in a folder, and the files that are none. A folder that is not there has none."""
    findings: list[Finding] = []
    scenarios, wrong = read_scenarios_of(_texts(sorted(folder.glob("*.toml")), findings))
    return scenarios, [*findings, *wrong]


def read_scenarios_of(texts: Sequence[Text]) -> tuple[list[Scenario], list[Finding]]:
    scenarios: list[Scenario] = []
    findings: list[Finding] = []
    for each in texts:
        try:
            scenarios += read_scenario(each.file, each.text)
        except Malformed as error:
            line, advice = line_of(each.text, error), "docs/howto/house-rules.md shows a scenario that is whole."
            findings.append(Finding(file=each.file, line=line, rule=None, problem=str(error), advice=advice))
    return scenarios, findings


def house_digest(house: Sequence[Rule]) -> bytes:
    return rule_set(house).digest


def texts_digest(texts: Sequence[Text]) -> bytes:
    """Ordered by name; a file's end and the next one's beginning cannot be taken for each other."""
    ordered = sorted(texts, key=lambda each: each.file)
    return sha256(b"".join(sha256(each.file.encode()) + sha256(each.text.encode()) for each in ordered))


def _read_law(folder: Path) -> tuple[list[Rule], list[Finding]]:
    """The law packs, all of them. NotConfigured where one is missing or has no rule."""
    absent = PACKS - {file.name for file in folder.glob("*.cedar")}
    if absent:
        raise _without(absent)
    rules, findings = _read_all(folder, Axis.LAW)
    empty = PACKS - {rule.file for rule in rules} - {finding.file for finding in findings}
    if empty:
        raise _without(empty)
    return rules, findings


def _without(packs: frozenset[str]) -> NotConfigured:
    return NotConfigured(
        f"These law packs are missing or hold no rule: {', '.join(sorted(packs))}. Without them nothing is permitted."
        " They come with Rightcall: install it again, and change nothing in its packs folder."
    )


def _read_all(folder: Path, axis: Axis) -> tuple[list[Rule], list[Finding]]:
    """Every rule of every .cedar file in a folder."""
    findings: list[Finding] = []
    rules: list[Rule] = []
    for each in _texts(_cedar_files(folder), findings):
        found, wrong = read_rules(each.file, each.text, axis)
        rules += found
        findings += wrong
    if not rules and not findings:
        raise NotConfigured("The rules folder holds no rule. Point RIGHTCALL_RULES at a folder with house rules.")
    return rules, findings


def _cedar_files(folder: Path) -> list[Path]:
    files = sorted(folder.glob("*.cedar"))
    if not files:
        raise NotConfigured("The rules folder holds no .cedar file. Point RIGHTCALL_RULES at a folder with house rules.")
    return files


def _texts(files: Sequence[Path], findings: list[Finding]) -> list[Text]:
    texts = []
    for file in files:
        try:
            texts.append(Text(file=file.name, text=file.read_text(encoding="utf-8-sig")))
        except UnicodeDecodeError:
            findings.append(_finding(file.name, "This file is not UTF-8 text.", "Save it again as UTF-8 text."))
        except OSError as error:
            raise NotConfigured(f"The file {file.name} in the rules folder cannot be read. Check its permissions.") from error
    return texts


def _unfit(proposal: Proposal) -> list[Finding]:
    """Names and sizes that are not kept."""
    texts = [*proposal.files, *proposal.scenarios]
    findings = [
        _finding("-", "A file's name has other characters than letters, digits, dots, _ and -.", "Give it another name.")
        for each in texts
        if not _FILE.fullmatch(each.file)
    ]
    names = [each.file for each in texts]
    if len(set(names)) != len(names):
        findings.append(_finding("-", "Two files have the same name.", "Give one of them another."))
    if len(texts) > _MOST_FILES or sum(len(each.text) for each in texts) > _MOST_CHARACTERS:
        advice = f"At most {_MOST_FILES} files and {_MOST_CHARACTERS:,} characters are taken."
        findings.append(_finding("-", "This is too much.", advice))
    return findings


def _finding(file: str, problem: str, advice: str) -> Finding:
    return Finding(file=file, line=1, rule=None, problem=problem, advice=advice)
