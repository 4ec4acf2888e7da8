"""A letter is no reason, and a word is no case."""

import pytest

from rightcall.policy.reasons import lacks_case, lacks_reason, names_case, says_why


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("a complaint is looked into", True),
        ("coaching agents", True),
        ("Qualität prüfen", True),
        ("αξιολόγηση κλήσης", True),
        ("Qualita\u0308t pru\u0308fen", True),
        ("تدريب موظف جديد", True),
        ("新人研修の確認", True),
        ("ฝึกอบรมพนักงานใหม่", True),
        ("상담 품질 확인", True),
        ("प्रशिक्षण की जांच", True),
        ("ああああああああああ", False),
        ("研修", False),
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
        ("Beschwerde Müller 7", True),
        ("قضية-17", True),
        ("قضية-١٧", True),
        ("案件17号", True),
        ("T-1\u200b", False),
        ("<b>17</b>", False),
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


def test_it_is_told_what_keeps_one_from_being_taken() -> None:
    assert [lacks_reason(each) for each in ("because", "no such", "coaching <b>x</b>", "coaching agents")] == [
        "there is no second word of two letters or more in it",
        "it has fewer than 10 letters",
        "there is no second word of two letters or more in it",
        None,
    ]
    assert [lacks_case(each) for each in ("0", "case", "Ada's call 1", "-17", "a" * 201, "a\u200b1")] == [
        "it has fewer than 3 characters",
        "it has no digit in it",
        "it has a sign in it that no reference has: '",
        "it does not begin with a letter or a digit",
        "it has more than 200 characters",
        "it has a sign in it that cannot be seen",
    ]
