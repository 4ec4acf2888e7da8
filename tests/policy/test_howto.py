"""The how-to for house rules is right: its example passes its own check, and it lists every fact and word."""

import re
from pathlib import Path

from rightcall.policy.actions import check_rules
from rightcall.policy.model import Act, DutyKind
from rightcall.policy.vocabulary import words

DOCS = Path(__file__).parents[2] / "docs"
HOWTO = (DOCS / "howto" / "house-rules.md").read_text(encoding="utf-8")
REFERENCE = (DOCS / "reference" / "rules.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", HOWTO, re.DOTALL)


def test_its_example_is_whole(tmp_path: Path) -> None:
    (rule,) = blocks("cedar")
    (tmp_path / "mine.cedar").write_text(rule, encoding="utf-8")
    (tmp_path / "scenarios").mkdir()
    assert len(check_rules(tmp_path)) == 1
    for number, scenario in enumerate(blocks("toml")):
        (tmp_path / "scenarios" / f"{number}.toml").write_text(scenario, encoding="utf-8")
    assert check_rules(tmp_path) == []


def test_the_reference_lists_every_fact_and_every_word() -> None:
    assert "speaker.answer" in words()
    for word in [*words(), *Act, *DutyKind]:
        assert re.search(rf"`[^`]*{re.escape(word)}[^`]*`", REFERENCE), word


def test_the_reference_lists_no_fact_that_there_is_not() -> None:
    facts = re.findall(r"^\| (`[a-z_.`, ]+) \|", REFERENCE.split("## Facts")[1], re.MULTILINE)
    assert {fact for row in facts for fact in re.findall(r"[a-z_.]+", row)} <= {*words(), "places"}
