"""Numbers told in a few breaths, while the other party repeats, asks again, breaks off or talks of something else."""

import pytest

from rightcall.discovery.detection.rules import detect

_ASKED = "A: what's the best number for you\n"


def told(text: str, kind: str = "phone") -> list[str]:
    return [" ".join(text[start:end] for start, end in each.stretches) for each in detect(text) if each.type == kind]


@pytest.mark.parametrize(
    "turns",
    [
        "oh seven nine four two / > sorry was that four two / four two yeah / one one nine / > and / eight oh six",
        "oh seven nine four two / > is that your own mobile / my wife's / one one nine / > yes / eight oh six",
        "oh seven nine four two / > hang on my screen froze / > oh seven nine four two / one one nine eight oh six",
        "oh seven nine four two / > next three please / one one nine / > can you carry on / eight oh six",
        "oh seven nine four two let me just move the car / > no rush / where was i one one nine / eight oh six",
    ],
)
def test_a_telephone_number_in_three_breaths(turns: str) -> None:
    """What the other party says begins with `>`."""
    lines = [f"A: {each[2:]}" if each.startswith("> ") else f"B: {each}" for each in turns.split(" / ")]
    found = told(_ASKED + "\n".join(lines) + "\n")
    assert len(found) == 1
    assert found[0].startswith("oh seven nine four two")
    assert found[0].endswith("eight oh six")


def test_another_question_ends_it() -> None:
    text = f"{_ASKED}B: oh seven nine four two\nA: and your order number\nB: one one nine eight oh six\n"
    assert not any(each.endswith("six") for each in told(text))
