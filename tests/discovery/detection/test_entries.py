"""Which short texts are lists of several people, and where each entry of one begins."""

import pytest

from rightcall.discovery.detection.patterns import read_pattern
from rightcall.discovery.linking.clues import clues
from rightcall.discovery.looking.model import Rules
from rightcall.discovery.looking.rules import look
from rightcall.discovery.model import Clue, Found
from rightcall.discovery.parts import Prose

LOG = "".join(
    f"2026-11-25T10:0{n}:07Z INFO {what} {who}@caller.example ip=10.4.7.{n}\n"
    for n, what, who in (
        (1, "login ok", "ada"),
        (2, "password reset for", "ben"),
        (3, "login ok", "ada"),
    )
)
LISTED = "To ring on Monday\nAda Lovelace, ada@caller.example, 20 11 22 33\nBen Holm, ben@caller.example, 20 11 22 44\n"
CARDS = "Name: Ada Lovelace\nE-mail: ada@caller.example\nTel: 20 11 22 33\n\nName: Ben Holm\nE-mail: ben@caller.example\n"
IDS = "KD-000001 wants a bill.\nShe will pay.\nKD-000002 wants none.\n"
SIGNED = (
    "Please call me.\n\nRegards\nAda Lovelace\nM 20 11 22 33\nT 20 11 22 44\nF 20 11 22 55\nada@caller.example\n"
    "or a@home.example\n"
)
DAYS = "Customer KD-000001\n2026-01-02 wrote from ada@caller.example\n2026-02-03 wrote from a.l@home.example\n"


def _clues(type: str, value: str, field: str | None) -> list[Clue]:
    told = clues("customer_id" if type == "kd" else type, value, regions=("DK",), field=field)
    return [Clue(kind=each.kind.value, context=each.kind.context, value=each.value) for each in told]


def records(text: str, field: str | None = None) -> list[set[str]]:
    """What is found in each record, in the order of the text."""
    rules = Rules(clues=_clues, regions=("DK",), patterns=(read_pattern("kd=KD-[0-9]{6}"),))
    found = [
        each for each in look(Prose(object="a", pieces=iter([(len(text), text)]), field=field), rules) if isinstance(each, Found)
    ]
    by_record: dict[str, set[str]] = {}
    for each in found:
        by_record.setdefault(each.record, set()).add(text[each.finding.start : each.finding.end])
    return list(by_record.values())


@pytest.mark.parametrize(
    ("text", "of"),
    [
        (LOG, [{"ada@caller.example", "10.4.7.1"}, {"ben@caller.example", "10.4.7.2"}, {"ada@caller.example", "10.4.7.3"}]),
        (
            LISTED,
            [
                {"Ada Lovelace", "ada@caller.example", "20 11 22 33"},
                {"Ben Holm", "ben@caller.example", "20 11 22 44"},
            ],
        ),
        (CARDS, [{"Ada Lovelace", "ada@caller.example", "20 11 22 33"}, {"Ben Holm", "ben@caller.example"}]),
        (IDS, [{"KD-000001"}, {"KD-000002"}]),
    ],
    ids=["log", "list", "cards", "ids"],
)
def test_each_entry_of_a_list_is_a_record(text: str, of: list[set[str]]) -> None:
    assert records(text) == of


@pytest.mark.parametrize("text", [SIGNED, DAYS], ids=["signed", "days"])
def test_what_is_said_of_one_person_is_one_record(text: str) -> None:
    [found] = records(text)
    assert len(found) >= 3


def test_a_message_is_one_record_whoever_else_it_went_to() -> None:
    assert len(records("From: a@x.example\nTo: b@y.example\nCc: c@z.example\n", field="headers")) == 1
