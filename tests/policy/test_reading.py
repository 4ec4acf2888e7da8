"""A rule that is not whole does not load, and the finding says where and what to do."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rightcall.errors import Malformed, Mistake, NotConfigured
from rightcall.policy.actions import check_rules, load_rules
from rightcall.policy.model import Axis, Effect, RuleSet, RuleWords
from rightcall.policy.reading import read_rules, rule_set, split
from rightcall.policy.rules import decide
from rightcall.policy.saying import ruled_in
from tests.policy.facts import agent, capture, customer

LAW = """// A comment; with a semicolon.
@id("planted.rule")
@cite("An Act; section 1")
@owner("dpo")
@in_force_from("2018-05-25")
@last_checked("2026-11-02")
@jurisdiction("EU, UK")
@confidence("settled")
@says("He said \\"yes; please\\" // and more")
@instead("Ask.")
permit (principal, action == Action::"capture", resource)
when { context.speaker.answer == Answer::"granted" };
"""
HOUSE = LAW.replace("@cite", "@value").replace("permit", "forbid").replace('@confidence("settled")\n', "")


def finding(text: str, axis: Axis = Axis.LAW) -> str:
    rules, findings = read_rules("planted.cedar", text, axis)
    assert rules == []
    assert len(findings) == 1
    return str(findings[0])


def test_a_whole_rule_loads_with_what_it_says() -> None:
    (rule,), findings = read_rules("planted.cedar", LAW, Axis.LAW)
    assert findings == []
    assert (rule.id, rule.ground, rule.effect, rule.line) == ("planted.rule", "An Act; section 1", Effect.PERMIT, 2)
    assert rule.says == 'He said "yes; please" // and more'
    assert rule.jurisdictions == {"EU", "UK"}
    (house,), findings = read_rules("planted.cedar", HOUSE, Axis.HOUSE)
    assert (findings, house.ground) == ([], "An Act; section 1")


AGAIN = '@value_de("Respekt")\n@says_de("So nicht.")\n@instead_de("Fragen Sie.")\n'


def test_a_rule_says_itself_again_in_other_languages_whole_and_is_another_rule_then() -> None:
    (rule,), findings = read_rules("planted.cedar", AGAIN + HOUSE, Axis.HOUSE)
    assert findings == []
    assert (rule.language, rule.others) == ("en", {"de": RuleWords(ground="Respekt", says="So nicht.", instead="Fragen Sie.")})
    (bare,), _ = read_rules("planted.cedar", HOUSE, Axis.HOUSE)
    assert rule_set([rule]).digest != rule_set([bare]).digest, "what was adopted is what is said"
    german = ruled_in(rule_set([rule]), "de")
    assert german[rule.says] == ("de", "So nicht.")
    assert ruled_in(rule_set([rule]), "fr")[rule.says] == ("en", rule.says)
    own = '@language("de")\n' + HOUSE
    assert ruled_in(rule_set(read_rules("planted.cedar", own, Axis.HOUSE)[0]), "fr")[rule.says] == ("de", rule.says)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (AGAIN.replace("@says_de", "@says_fr"), "said in part in de"),
        (AGAIN + '@language("de")\n', "@says is in that language"),
        ('@language("German")\n', "@language is not a language"),
        (AGAIN.replace("So nicht.", ""), "@says_de is empty"),
        ('@owner_de("DSB")\n', "@owner_de"),
    ],
)
def test_what_is_said_again_in_part_does_not_load(text: str, problem: str) -> None:
    assert problem in finding(text + HOUSE, Axis.HOUSE)


@pytest.mark.parametrize(
    "name", ["cite", "last_checked", "in_force_from", "jurisdiction", "confidence", "owner", "says", "instead"]
)
def test_a_law_rule_without_its_source_or_dates_does_not_load(name: str) -> None:
    kept = "\n".join(line for line in LAW.splitlines() if not line.startswith(f"@{name}("))
    assert f"@{name}" in finding(kept)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (LAW.replace('@id("planted.rule")\n', ""), "@id"),
        (LAW.replace("planted.rule", "Planted Rule"), "Planted Rule"),
        (LAW.replace("2018-05-25", "25 May 2018"), "in_force_from"),
        (LAW.replace('"EU, UK"', '"Europe"'), "jurisdiction"),
        (LAW.replace('"EU, UK"', '"EU, GB"'), "Write UK for GB"),
        (LAW.replace('"EU, UK"', '"EU,"'), "no code"),
        (LAW.replace('"EU, UK"', '"US-XX"'), "no part XX"),
        (LAW.replace("An Act; section 1", " "), "@cite is empty"),
        (LAW.replace("2026-11-02", ""), "last_checked"),
        (LAW.replace("settled", "sure"), "confidence"),
        (LAW.replace('@owner("dpo")', '@owner("")'), "owner"),
        (LAW.replace('@owner("dpo")', '@owner("dpo")\n@ownr("x")'), "@ownr"),
        (LAW.replace("@instead", '@duties("shout")\n@instead'), "shout"),
        (LAW.replace("@instead", '@duties("keep_at_most_days")\n@instead'), "keep_at_most_days"),
        (LAW.replace("@instead", '@duties("keep_at_most_days=0")\n@instead'), "'0'"),
        (LAW.replace("@instead", '@duties("announce")\n@instead').replace("permit (", "forbid ("), "duties"),
        (LAW.replace("(principal,", '(principal == Caller::"ada",'), "principal"),
        (LAW.replace("resource)", "resource == ?resource)"), "template"),
        (LAW.replace('"granted"', '"grantd"'), "grantd"),
        (LAW.replace("context.speaker.answer", "context.speaker.anser"), "anser"),
        (LAW.replace("context.speaker.answer", "context.speker.answer"), "speker"),
        (LAW.replace('"capture"', '"captur"'), "captur"),
        (LAW.replace("==", "=", 1), ":11: A single ="),
        (LAW.replace("};", "}"), ":12: The rule ends here and does not end with ;"),
        ("permit", "does not end with ;"),
        ("permit;", "Cedar"),
        (LAW.replace('"capture"', '"playback"'), ":11: There is no act playback. Did you mean play? Acts are ask, capture, "),
        (
            LAW.replace('"granted"', '"yes"'),
            ':12: There is no Answer::"yes". Answer is one of granted, refused, withdrawn, unasked.',
        ),
        (LAW.replace("speaker.answer", "staff.answer"), ":12: There is no fact staff.answer. Did you mean staff.answers?"),
        (LAW.replace("speaker.answer", "reason_given"), ":12: The fact reason_given does not come with capture"),
        (LAW.replace("Answer::", "Anser::"), ":12: There is no kind of word Anser. Did you mean Answer?"),
        (LAW.replace('Answer::"granted"', '"yes"'), ":12: It does not fit the facts that it reads: it compares Answer with text"),
        (LAW.replace("when {", "when ("), "After when the condition stands in { }"),
        (LAW.replace("permit (", "allow ("), ":11: A rule begins with forbid or permit, and not with allow."),
        (LAW.replace('Answer::"granted"', "Answer::granted"), 'Write Answer::"granted".'),
        (LAW.replace('"granted"', "“granted”"), "straight double quotes"),
        (LAW.replace('@owner("dpo")', '@owner("dpo)'), ":4: A quote"),
        (LAW.replace("context.speaker", "kontext.speaker"), ":12: Nothing is called kontext. A fact begins with context."),
        (LAW.replace('"granted" }', '"granted" and true }'), ":12: There is no word `and` here. Write && for and."),
        (LAW.replace('"granted" }', '"granted" ||\n not true }'), ":13: There is no word `not` here. Write ! for not."),
        (LAW.replace('Answer::"granted"', "granted"), ":12: Nothing is called granted."),
        (LAW.replace("Action::", "Act::"), ":11: What it is about is no act."),
        (LAW.replace('granted" }', 'granted" )'), "It has 10 ( and 11 )."),
        (LAW.replace("2026-11-02", "soon"), ":6: Its @last_checked is not a day."),
        (LAW.replace('@owner("dpo")', '@owner("dpo")\n@instaed("x")'), "Did you mean instead?"),
    ],
)
def test_a_faulty_rule_is_found(text: str, names: str) -> None:
    assert names in finding(text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (HOUSE.replace('@value("An Act; section 1")\n', ""), "@value"),
        (HOUSE.replace("@value", "@cite"), "@value"),
        (HOUSE.replace("forbid", "permit"), "opens nothing"),
    ],
)
def test_a_house_rule_needs_its_value_and_opens_nothing(text: str, names: str) -> None:
    assert names in finding(text, Axis.HOUSE)


def test_the_finding_names_file_and_line() -> None:
    rules, (found,) = read_rules("planted.cedar", LAW + "\n\n\n" + LAW.replace("==", "=", 1), Axis.LAW)
    assert len(rules) == 1
    assert str(found).startswith(f"planted.cedar:{len(LAW.splitlines()) + 3 + 11}: ")
    assert found.advice


def test_where_a_rule_has_no_semicolon_its_last_line_is_named_and_not_the_next_rule() -> None:
    first = LAW.replace("};", "}")
    rules, (found,) = read_rules("planted.cedar", first + "\n" + LAW, Axis.LAW)
    assert rules == []
    assert str(found).startswith("planted.cedar:12: The rule that ends here does not end with ;")


@pytest.mark.parametrize(
    "condition",
    [
        f"{'(' * 3000}true{')' * 3000}",
        f"{'[' * 3000}1{']' * 3000} == [1]",
        f"{'{a: ' * 3000}1{'}' * 3000} == 1",
        " && ".join(["context.case_given"] * 1500),
        f"context{'.purpose' * 3000}",
        f"{'if context.case_given then ' * 1500}true{' else false' * 1500}",
    ],
    ids=["parentheses", "lists", "records", "chain", "members", "choices"],
)
def test_a_rule_that_would_bring_cedar_down_is_a_finding(condition: str) -> None:
    """In a thread, whose stack is smaller."""
    text = LAW.replace('context.speaker.answer == Answer::"granted"', condition)
    with ThreadPoolExecutor(1) as thread:
        found = thread.submit(finding, text).result()
    assert "too large" in found
    assert found.startswith("planted.cedar:12")


@pytest.mark.parametrize("day", ["2026-W44-1", "20261101", "2026-1-1", "2026-02-30", "２０２６-11-01"])
def test_a_day_is_written_in_one_way(day: str) -> None:
    assert "@in_force_from is not a day" in finding(LAW.replace("2018-05-25", day))


def test_what_cannot_be_seen_says_nothing() -> None:
    assert "@instead is empty" in finding(LAW.replace('@instead("Ask.")', '@instead("\u200b")'))


def test_a_mark_at_the_beginning_of_a_file_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "own.cedar").write_text(HOUSE, encoding="utf-8-sig")
    assert "planted.rule" in {rule.id for rule in load_rules(tmp_path).rules}


def test_every_unknown_word_of_a_rule_is_told_at_once() -> None:
    faulty = LAW.replace("speaker.answer", "speaker.anser").replace('"granted"', '"yes"')
    _, findings = read_rules("planted.cedar", faulty, Axis.LAW)
    assert [(each.line, each.problem) for each in findings] == [
        (12, "There is no fact speaker.anser. Did you mean speaker.answer?"),
        (12, 'There is no Answer::"yes".'),
    ]


def test_what_stands_in_a_comment_or_in_an_annotation_is_no_word_of_the_rule() -> None:
    quiet = LAW.replace("He said", "context.nothing is not a fact here; he said").replace("};", "// context.nothing\n};")
    assert read_rules("planted.cedar", quiet, Axis.LAW)[1] == []
    (found,) = read_rules("planted.cedar", quiet.replace('"granted"', '"yes"'), Axis.LAW)[1]
    assert "yes" in found.problem


def test_a_comment_after_the_effect_leaves_it_what_it_is() -> None:
    """Two texts of one rule have one digest, so they must come to one verdict."""
    always = HOUSE.replace('when { context.speaker.answer == Answer::"granted" }', "")
    two = always + always.replace("planted.rule", "planted.other")
    remarked = always.replace("forbid", "forbid // to all\n") + always.replace("planted.rule", "planted.other")
    read = [read_rules("planted.cedar", text, Axis.HOUSE)[0] for text in (remarked, two)]
    other, plain = (rule_set([*load_rules().rules, *rules]) for rules in read)
    assert plain.digest == other.digest
    question = capture(jurisdictions=frozenset({"DK"}), parties=(customer(), agent()))
    for rules in (other, plain):
        assert {reason.rule for reason in decide(rules, question).reasons} == {"planted.rule", "planted.other"}


@settings(max_examples=200)
@given(st.text(alphabet='permit forbid;"/\\\n@(){}=', max_size=200))
def test_splitting_loses_no_text_and_counts_lines(text: str) -> None:
    joined = "".join(source.text for source in split("planted.cedar", text))
    assert text.startswith(joined)
    assert all(1 <= source.line <= text.count("\n") + 1 for source in split("planted.cedar", text))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=120))
def test_any_text_is_rules_or_findings_and_no_crash(text: str) -> None:
    rules, _ = read_rules("planted.cedar", text, Axis.HOUSE)
    assert rules == []


def test_the_digest_is_of_what_the_rules_say_not_how_they_are_laid_out() -> None:
    def digest(*texts: str) -> bytes:
        return rule_set([rule for text in texts for rule in read_rules("f", text, Axis.LAW)[0]]).digest

    other = LAW.replace("planted.rule", "planted.other")
    assert digest(LAW, other) == digest(other, LAW.replace("\n", "\n\n"))
    assert digest(LAW) != digest(LAW, other)
    for change in (("An Act", "Another Act"), ("granted", "refused"), ("EU, UK", "EU"), ("permit", "forbid")):
        assert digest(LAW) != digest(LAW.replace(*change))


# Folders


def test_what_comes_with_rightcall_loads_and_is_steady() -> None:
    rules = load_rules()
    assert rules == load_rules()
    assert {"charter", "house"} == {rule.id.partition(".")[0] for rule in rules.rules if rule.axis is Axis.HOUSE}
    assert all(rule.last_checked.year >= 2026 for rule in rules.rules)


def house_folder(folder: Path, text: str) -> RuleSet:
    (folder / "mine.cedar").write_text(text, encoding="utf-8")
    return load_rules(folder)


def test_house_rules_of_your_own_take_the_place_of_ours_and_the_law_stays(tmp_path: Path) -> None:
    rules = house_folder(tmp_path, HOUSE)
    house = [rule.id for rule in rules.rules if rule.axis is Axis.HOUSE]
    assert [each for each in house if not each.startswith("charter.")] == ["planted.rule"]
    assert {rule.id for rule in rules.rules if rule.axis is Axis.LAW} == {
        rule.id for rule in load_rules().rules if rule.axis is Axis.LAW
    }


def test_a_folder_with_a_faulty_rule_loads_nothing_and_says_where(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match=r"mine\.cedar:2: .*@value") as raised:
        house_folder(tmp_path, HOUSE.replace("@value", "@cite"))
    assert isinstance(raised.value, Malformed)


def test_a_house_rule_does_not_take_the_place_of_a_law_rule(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match=r"consent\.refused is taken"):
        house_folder(tmp_path, HOUSE.replace("planted.rule", "consent.refused"))


def test_a_folder_without_rules_is_a_mistake_and_not_a_yes(tmp_path: Path) -> None:
    with pytest.raises(NotConfigured):
        load_rules(tmp_path)
    with pytest.raises(NotConfigured):
        load_rules(tmp_path / "absent")
    with pytest.raises(NotConfigured):
        house_folder(tmp_path, "// nothing yet\n")


def test_a_file_that_is_not_text_is_found(tmp_path: Path) -> None:
    (tmp_path / "mine.cedar").write_bytes(b"\xff\xfe\x00")
    (found,) = check_rules(tmp_path)
    assert "UTF-8" in found.problem


SCENARIO = """
says = "Planted."
why = "Planted."
act = "capture"
jurisdictions = ["DK"]
speaker = 1
pauses = []
carries_card_data = false
carries_authentication_data = false
[purpose]
key = "{key}"
[[parties]]
role = "customer"
answer = "granted"
[expect]
outcome = "{outcome}"
rules = ["{rule}"]
"""
OURS = HOUSE.replace('context.speaker.answer == Answer::"granted"', 'context.purpose.key == "gossip"')


def test_checking_a_folder_runs_its_scenarios(tmp_path: Path) -> None:
    (tmp_path / "mine.cedar").write_text(OURS, encoding="utf-8")
    assert [found.problem for found in check_rules(tmp_path)] == [
        "There is no scenario that planted.rule stops and lets through where it counts (EU, UK)."
    ]
    scenarios = tmp_path / "scenarios"
    scenarios.mkdir()
    stopped = SCENARIO.format(key="gossip", outcome="not_right", rule="planted.rule")
    (scenarios / "stopped.toml").write_text(stopped, encoding="utf-8")
    (found,) = check_rules(tmp_path)
    assert "lets through" in found.problem
    let_through = SCENARIO.format(key="training", outcome="proceed", rule="basis.consent")
    (scenarios / "through.toml").write_text(let_through, encoding="utf-8")
    assert check_rules(tmp_path) == []
    (scenarios / "through.toml").write_text(let_through.replace('"proceed"', '"unlawful"'), encoding="utf-8")
    (scenarios / "broken.toml").write_text("says", encoding="utf-8")
    assert {found.file for found in check_rules(tmp_path)} == {"through.toml", "broken.toml"}


def test_checking_a_folder_whose_rules_do_not_load_says_so_first(tmp_path: Path) -> None:
    (tmp_path / "mine.cedar").write_text(OURS + OURS, encoding="utf-8")
    (found,) = check_rules(tmp_path)
    assert "taken" in found.problem
