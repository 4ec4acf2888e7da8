"""A letter is no reason, and a word is no case."""

import pytest

from rightcall.policy.reasons import names_case, says_why


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("a complaint is looked into", True),
        ("coaching agents", True),
        ("Qualität prüfen", True),
        ("αξιολόγηση κλήσης", True),
        ("because", False),
        ("x", False),
        ("a b c d e f g h i j k", False),
        ("aaaaa aaaaa aaaaa", False),
        ("1234 567890 12", False),
        ("no such", False),
        ("........... ......", False),
        (" ", False),
        ("", False),
        (None, False),
    ],
)
def test_a_reason_says_something(text: str | None, is_one: bool) -> None:
    assert says_why(text) is is_one


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("T-1", True),
        ("complaint-2026-114", True),
        (" 2026/114 ", True),
        ("JIRA:OPS-17", True),
        ("12", False),
        ("x", False),
        ("case", False),
        ("---1", False),
        ("Ada's call 1", False),
        ("a" * 200 + "1", False),
        (" ", False),
        ("", False),
        (None, False),
    ],
)
def test_a_case_can_be_found_again(text: str | None, is_one: bool) -> None:
    assert names_case(text) is is_one
