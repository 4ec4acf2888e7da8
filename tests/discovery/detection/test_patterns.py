"""Patterns of one's own: where their matches end, and in which letters they are told."""

import pytest

from rightcall.discovery.detection.context import headed
from rightcall.discovery.detection.patterns import read_pattern
from rightcall.discovery.detection.rules import detect
from rightcall.discovery.linking.clues import clues
from rightcall.discovery.looking.model import Rules
from rightcall.discovery.looking.rules import look
from rightcall.discovery.model import Clue, Found
from rightcall.discovery.parts import Prose

CUSTOMER = "customer_id=KD-[0-9]{6}"


def found(pattern: str, text: str) -> list[str]:
    return [text[each.start : each.end] for each in read_pattern(pattern).findings(text)]


def told(type: str, value: str, field: str | None, /) -> list[Clue]:
    return [Clue(kind=each.kind, context=each.kind.context, value=each.value) for each in clues(type, value, field=field)]


def scanned(text: str) -> Found:
    """The first that is found of the customer's pattern, with its clues."""
    rules = Rules(patterns=[read_pattern(CUSTOMER)], clues=told)
    part = Prose(object="a.txt", pieces=iter([(len(text), text)]))
    return next(each for each in look(part, rules) if isinstance(each, Found) and each.finding.type == "customer_id")


@pytest.mark.parametrize(
    "text",
    [
        "KD-3001022",
        "XKD-300104",
        "KD-300104x",
        "1KD-300104",
        "éKD-300104",
        "KD-300104é",
        "KD-300104２",
        "KD-3001022 and XKD-300104",
    ],
)
def test_nothing_inside_a_longer_run_of_letters_and_digits_is_a_match(text: str) -> None:
    assert found(CUSTOMER, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "KD-300104", "(KD-300104)", "id=KD-300104.", "KD-300104_old.csv", "æøå KD-300104 ½ og", "a\\nKD-300104",
        "?id%3DKD-300104&x", "\ufeffKD-300104\x00",
    ],
)  # fmt: skip
def test_what_stands_alone_is_one(text: str) -> None:
    assert found(CUSTOMER, text) == ["KD-300104"]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("x=#[0-9]{4}#?", "ab#1234 c#1234#d #12345", ["#1234", "#1234#"]),
        ("x=KD-[0-9]{4}|KD-[0-9]{6}", "KD-300104 KD-3001", ["KD-300104", "KD-3001"]),
        ("x=[0-9]{4}", "12345 1234 1234,1234", ["1234", "1234", "1234"]),
        ("x=^KD-[0-9]{6}", "KD-300104 KD-300105", ["KD-300104"]),
        ("x=(?m)^KD-[0-9]{6}$", "KD-300104\nKD-300105\nKD-300106 ", ["KD-300104", "KD-300105"]),
        (r"x=\bKD-[0-9]{6}\b", "KD-300104 KD-3001055", ["KD-300104"]),
        ("x=[A-Z]*KD-[0-9]{6}[0-9]*", "XKD-300104 KD-3001055", ["XKD-300104", "KD-3001055"]),
        ("x=a*", "aaa b aaaa" + "a" * 300, ["aaa"]),
    ],
)
def test_a_pattern_has_its_own_ends_and_anchors(pattern: str, text: str, expected: list[str]) -> None:
    assert found(pattern, text) == expected


@pytest.mark.parametrize(
    ("pattern", "text", "written"),
    [
        (CUSTOMER, "kd-300103", "KD-300103"),
        ("x=kd[0-9]{2}", "KD12", "kd12"),
        ("x=Kd-[a-f][0-9]", "KD-A1", "Kd-a1"),
        ("x=(?i)KD-[0-9]", "kd-1", None),
        (CUSTOMER, "KD-300103", None),
    ],
)
def test_capitals_and_small_letters_are_the_same_number(pattern: str, text: str, written: str | None) -> None:
    [each] = read_pattern(pattern).findings(text)
    assert (each.written and each.written.reveal("test")) == written


def test_a_pattern_may_ask_for_its_own_letters() -> None:
    assert found("x=(?-i)KD-[0-9]{2}", "kd-12 KD-13") == ["KD-13"]


@pytest.mark.parametrize(
    ("text", "is_whole"),
    [
        ("KD-300103-2", False),
        ("KD-300103/B2", False),
        ("KD-300103.2", False),
        ("KD-300103–2", False),
        ("7-KD-300103", False),
        ("KD-300103-faktura.pdf", True),
        ("KD-300103.", True),
        ("KD-300103 - 2", True),
        ("Kunde-KD-300103", True),
        ("/kunder/KD-300103/2", True),
        ("KD-300103-KD-300104", True),
    ],
)
def test_a_number_that_goes_on_is_told_and_is_nobodys(text: str, is_whole: bool) -> None:
    """A stranger's illness must never come to somebody by half of a number."""
    each = scanned(text)
    assert (bool(each.clues), each.finding.confidence) == ((True, 0.9) if is_whole else (False, 0.5))


def test_the_clue_of_small_letters_is_that_of_capitals() -> None:
    values = [[clue.value.reveal("test") for clue in scanned(text).clues] for text in ("kd-300103", "KD-300103")]
    assert values == [["KD-300103"], ["KD-300103"]]


def test_of_a_stranger_nothing_is_found_by_the_beginning_of_a_number() -> None:
    text = "Note: KD-3001022 has diabetes. KD-300102 called."
    types = [(each.type, text[each.start : each.end]) for each in detect(text, patterns=[read_pattern(CUSTOMER)])]
    assert [each for each in types if each[0] == "customer_id"] == [("customer_id", "KD-300102")]


def heard(said: str, pattern: str = CUSTOMER) -> list[tuple[str | None, bool]]:
    text = f"Agent: can I have your customer number?\nCustomer: {said}\nAgent: thanks\n"
    found = [each for each in detect(text, patterns=[read_pattern(pattern)]) if each.type == pattern.partition("=")[0]]
    return [(each.written.reveal("test") if each.written else text[each.start : each.end], each.is_whole) for each in found]


@pytest.mark.parametrize(
    "said",
    [
        "k d three double oh one oh four", "k d dash three double oh one oh four", "kd three zero zero one zero four",
        "k as in kilo d as in delta three zero zero one zero four", "kilo delta three zero zero one zero four", "K.D. 300104",
        "KD300104", "kd 300 104", "k d tre nul nul et nul fire", "k d bindestreg tre hundrede et nul fire", "kd dash 300104",
        "K for kilo, D for delta, 300104", "it's a k d three hundred one oh four",
    ],
)  # fmt: skip
def test_a_customer_number_is_heard_however_it_is_said(said: str) -> None:
    assert heard(said) == [("KD-300104", True)]


@pytest.mark.parametrize(
    "said", ["kd three zero zero one zero four five", "KD-300104-2", "x k d three zero zero one zero four", "KD300104-2"]
)
def test_of_a_longer_number_none_is_heard_for_sure(said: str) -> None:
    assert [is_whole for _, is_whole in heard(said)] in ([], [False])


def test_digits_alone_are_no_number_without_its_marks() -> None:
    assert heard("two oh two six one two three four", "case=[0-9]{4}-[0-9]{4}") == []
    assert heard("case two oh two six seven", "case=(?:CASE|SAG)-[0-9]{2}/[0-9]{3}") == [("CASE-20/267", True)]


def test_a_mark_within_a_group_or_a_class_or_repeated_is_the_pattern_s_own() -> None:
    assert heard("c one two three four", r"x=C[-/]?[0-9]{4}") == [("C1234", True)]
    assert heard("c one two three four", r"x=C(?:-[0-9]{2}){2}") == []
    assert heard("c one two three four", r"x=C\.(?P<n>[0-9]{2})\-[0-9]{2}") == [("C.12-34", True)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("KD-300101\0KD-300102", [("KD-300101", True), ("KD-300102", True)]),
        ("KD-300101\0\0\0KD-300102\0\0\0\0", [("KD-300101", True), ("KD-300102", True)]),
        ("x\0KD-300101\0y", [("KD-300101", True)]),
        ("KD-3\x0000101 ringede", [("KD-3\x0000101", True)]),
        ("\0".join("KD-300101 ringede"), [("\0".join("KD-300101"), True)]),
        ("KD-300101\x002", [("KD-300101", False)]),
        ("2\x00300101-KD", [("300101-KD", False)]),
    ],
)
def test_a_null_is_an_edge_of_a_number_or_nothing(text: str, numbers: list[tuple[str, bool]]) -> None:
    found = detect(text, patterns=[read_pattern("customer_id=KD-[0-9]{6}|[0-9]{6}-KD")])
    assert [(text[each.start : each.end], each.is_whole) for each in found] == numbers


def test_nulls_part_the_values_of_a_file_and_of_a_cell() -> None:
    text = "KD-300101\0anna@caller.example\x004111111111111111\0+4531240101\0KD-300102"
    expected = ["customer_id", "email", "payment_card", "phone", "customer_id"]
    assert [each.type for each in detect(text, patterns=[read_pattern(CUSTOMER)])] == expected
    cells = f"7;{text};x"
    found = detect(cells, patterns=[read_pattern(CUSTOMER)], columns=headed(("id", "memo", "y"), ";"))
    assert [each.type for each in found] == expected


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Anna (KD–300101) and kd—300102", [("KD–300101", "KD-300101", True), ("kd—300102", "KD-300102", True)]),
        ("Anna: KD‑３００101.", [("KD‑３００101", "KD-300101", True)]),
        ("kunde KD 300 101 ringede", [("KD 300 101", "KD-300101", True)]),
        ("kunde kd\u00a0300101, ringede", [("kd\u00a0300101", "KD-300101", True)]),
        ("KD 300 101 12 kroner", [("KD 300 101", "KD-300101", False)]),
        ("KD 300 101-2", [("KD 300 101", "KD-300101", False)]),
        ("KD 3001012 AKD 300 101 KD 300 10", []),
    ],
)
def test_a_number_is_read_as_people_type_it(text: str, numbers: list[tuple[str, str, bool]]) -> None:
    found = [each for each in detect(text, patterns=[read_pattern(CUSTOMER)]) if each.type == "customer_id"]
    told = [(text[each.start : each.end], each.written and each.written.reveal("test"), each.is_whole) for each in found]
    assert told == numbers


def test_a_pattern_may_ask_for_its_own_dash_or_for_none_of_letters() -> None:
    assert found("x=KD–[0-9]{6}", "KD–300101 KD-300102") == ["KD–300101"]
    assert list(read_pattern("x=[A-Z]{2}-[0-9]{6}").in_groups("KD 300 101")) == []
