"""Sort codes and accounts as they are said in Great Britain: beside one another, with one of them named, or neither."""

import pytest

from rightcall.discovery.detection.rules import detect


def told(text: str, kind: str) -> list[str]:
    return [" ".join(text[start:end] for start, end in each.stretches) for each in detect(text) if each.type == kind]


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("what's the sort code on the account", "it's <oh seven oh one twelve>"),
        ("how shall we pay you", "<forty eighteen oh nine> and the account is [two double one six five oh four three]"),
        ("so we pay by bacs", "yes <oh eight oh two twenty eight> then [one seven six triple four nine two]"),
        ("where should it be credited", "<seventy seven thirty oh four> [oh six one nine double two eight one]"),
        ("which account", "my new account it's [one six double oh four nine two seven] sort <eighty three oh six oh eight>"),
        ("which account", "a nationwide one <oh seven oh one sixteen> [double four two one eight seven six oh]"),
    ],
)
def test_a_code_and_an_account(asked: str, answer: str) -> None:
    text = f"A: {asked}\nB: {answer}\nA: thank you\n"
    for kind, (opens, closes) in (("bank_code", "<>"), ("bank_account", "[]")):
        expected = [answer.partition(opens)[2].partition(closes)[0]] if opens in answer else []
        plain = text.translate(str.maketrans("", "", "<>[]"))
        assert told(plain, kind) == expected, kind
    assert told(plain, "phone") == []


@pytest.mark.parametrize(
    "text",
    [
        "A: what's the account number on your gas bill\nB: eight five oh double one four two seven\n",
        "A: what does the meter say\nB: twenty oh five sixteen\n",
        "locked out of acct, reset code 330411, ticket 90217746\n",
        "refund to acct holder done, txn 71240992\n",
    ],
)
def test_what_is_no_account(text: str) -> None:
    assert told(text, "bank_account") == []
    assert told(text, "bank_code") == []
