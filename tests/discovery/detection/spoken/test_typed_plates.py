"""Plates that a transcript writes as they are printed, in small letters."""

import pytest

from rightcall.discovery.detection.rules import detect


def plates(*turns: str) -> list[str]:
    text = "\n".join(f"{('Agent', 'Caller')[number % 2]}: {turn}" for number, turn in enumerate(turns))
    return [text[start:end] for each in detect(text) if each.type == "vehicle_plate" for start, end in each.stretches]


@pytest.mark.parametrize(
    ("turns", "found"),
    [
        (("and your registration", "it's ab12 cde"), ["ab12 cde"]),
        (("and your registration", "ab12cde thanks"), ["ab12cde"]),
        (("ihr kennzeichen bitte", "m-ab1234", "und das vom anderen", "hhkl817"), ["m-ab1234", "hhkl817"]),
        (("vous avez la plaque", "oui ab-123-cd", "et la vôtre", "ef456gh"), ["ab-123-cd", "ef456gh"]),
        (("hvad er din nummerplade", "ab 12 345", "og modpartens", "cd67890"), ["ab 12 345", "cd67890"]),
        (("vad har du för registreringsnummer", "abc 12d", "och den andra bilen", "efg345 han heter per"), ["abc 12d", "efg345"]),
    ],
)
def test_an_answer_to_a_question_for_one(turns: tuple[str, ...], found: list[str]) -> None:
    assert plates(*turns) == found


@pytest.mark.parametrize(
    "turns",
    [
        ("and your registration", "no idea sorry", "and the order number", "ab12 cde"),
        ("anything else", "ab12 cde"),
        ("and your registration", "i will have to go and look it up in the ab12 cde"),
    ],
)
def test_what_answers_something_else_is_none(turns: tuple[str, ...]) -> None:
    assert plates(*turns) == []
