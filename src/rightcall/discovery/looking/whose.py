"""What a finding tells of whose it is: of a customer, of who works there, or of somebody else still."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rightcall.discovery.detection.context import Columns
from rightcall.discovery.detection.letters import Letter
from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.others import OF_KIN, is_of_kin
from rightcall.discovery.detection.rules import detect
from rightcall.discovery.looking.model import Heard, Rules
from rightcall.discovery.looking.reading import Window
from rightcall.discovery.model import Clue
from rightcall.discovery.writers import IN_ANOTHER_ROLE

_QUOTED = "quoted from what somebody wrote before, so it says nothing of who writes now"
_GIVEN = "given_name"


def detected(text: str, rules: Rules, columns: Columns | None) -> list[Finding]:
    return detect(text, patterns=rules.patterns, regions=rules.regions, columns=columns, least=rules.least)


def in_window(window: Window, rules: Rules, columns: Columns | None) -> Iterator[Finding]:
    for finding in detected(window.text, rules, columns):
        if window.first <= finding.start < window.last:
            yield finding


def in_letter(rules: Rules, finding: Finding, text: str, field: str | None, letter: Letter) -> Heard:
    if letter.is_quoted(finding.start):
        return quoted(finding)
    is_own = letter.is_own_name(finding.start, finding.end)
    return told_of(finding, text, clues_of(rules, finding, text, field, is_own_name=is_own))


def told_of(finding: Finding, text: str, clues: Sequence[Clue]) -> Heard:
    """With what it tells: also of kin, for a record that tells of several waits."""
    return of_another(finding, OF_KIN, clues) if is_of_kin(finding, text) else Heard(finding=finding, clues=clues)


def of_another(finding: Finding, why: str, clues: Sequence[Clue] = ()) -> Heard:
    return Heard(finding=replace(finding, why=f"{finding.why}; {why}"), clues=clues, of_another=True)


def quoted(finding: Finding) -> Heard:
    return of_another(finding, _QUOTED)


def in_role(finding: Finding, is_of_staff: bool) -> Finding:
    return replace(finding, why=f"{finding.why}; {IN_ANOTHER_ROLE}") if is_of_staff else finding


def said_in(text: str, finding: Finding) -> str:
    return text[finding.start : finding.end]


def clues_of(rules: Rules, finding: Finding, text: str, field: str | None, *, is_own_name: bool = False) -> Sequence[Clue]:
    """`is_own_name`: somebody calls themselves so, and one word alone is their given name then."""
    if rules.clues is None or not finding.is_whole:
        return ()
    if finding.written is not None:
        return rules.clues(finding.type, finding.written.reveal("tell whose it is"), field)
    said = " ".join(text[start:end] for start, end in finding.stretches)
    found = rules.clues(finding.type, said, field)
    if found or not is_own_name or finding.type != Kind.PERSON_NAME:
        return found
    return rules.clues(finding.type, said, _GIVEN)
