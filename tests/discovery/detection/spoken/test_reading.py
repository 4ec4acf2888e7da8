"""What digits number words say, in each language, and what else they may say."""

import pytest

from rightcall.discovery.detection.spoken.asking import Cues
from rightcall.discovery.detection.spoken.chains import chains
from rightcall.discovery.detection.spoken.floor import Floor


def said(text: str) -> list[str]:
    """Of the first number."""
    floor = Floor(text, (0,) * (text.count("\n") + 1))
    return ["".join(part.readings[0] for part in reading) for reading in chains(floor, Cues(text))[0].said()]


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("four one one one double two triple five oh", "4111225550"),
        ("4111 double one 23", "41111123"),
        ("nought seven, treble eight; nil", "078880"),
        ("seven hundred and forty one", "741"),
        ("seven hundred forty-one", "741"),
        ("nineteen eighty four", "1984"),
        ("two thousand twenty six", "2026"),
        ("Four One to five FOR six", "412546"),
        ("one uh two um three", "123"),
        ("siebenhunderteinundvierzig", "741"),
        ("sieben hundert einundvierzig", "741"),
        ("vier und zwanzig zwo fünfunddreißig zwölf", "2423512"),
        ("neunzehnhundertachtzig", "1980"),
        ("doppel sieben dreimal die null", "77000"),
        ("zéro six quatre-vingt-dix-sept soixante et onze soixante-dix", "06977170"),
        ("mille neuf cent quatre-vingt-quatre", "1984"),
        ("vingt et un dix-huit cent vingt", "211820"),
        ("deux fois zéro", "00"),
        ("femogtyve halvtreds nul to fem og tyve", "25500225"),
        ("syv hundrede og enogfyrre", "741"),
        ("nitten hundrede firs", "1980"),
        ("tjugofem tjugo fem åtta två noll", "2525820"),
        ("sjuhundrafyrtioett nittonhundraåttio", "7411980"),
    ],
)
def test_what_is_said_first(text: str, digits: str) -> None:
    assert said(text)[0] == digits


@pytest.mark.parametrize(
    ("text", "also"),
    [
        ("twenty three", "203"),
        ("seven hundred forty one", "70041"),
        ("quatre vingt douze", "8012"),
        ("fem og tyve", "520"),
        ("tjugo fem", "205"),
        ("four one one two no sorry four one one one", "4111"),
        ("four one one two no sorry one", "4111"),
        ("four one one one, four one one one", "4111"),
    ],
)
def test_what_it_may_say_too(text: str, also: str) -> None:
    assert also in said(text)


def test_a_word_is_no_number_where_it_is_part_of_another_or_stands_alone_as_a_homophone() -> None:
    for text in ("the tone of everyone", "for to too won", "fourteenish", "Überzweite"):
        floor = Floor(text, (0,))
        assert chains(floor, Cues(text)) == [], text


def test_cues_are_the_same_wherever_one_asks_for_them_first() -> None:
    """They are looked for some lines at a time."""
    lines = [
        "my card number is",
        "and what is the",
        "phone number",
        "Grüße, your date of birth",
        "is this a policy number",
        "x" * 300,
    ]
    text = "\n".join(lines[place * 7 % 6] for place in range(400))
    whole = Cues(text).within(0, len(text))
    asked = Cues(text)
    pieces = [(start, min(start + 97, len(text))) for start in range(0, len(text), 97)]
    told = {piece: asked.within(*piece) for piece in reversed(pieces)}
    assert [cue for piece in pieces for cue in told[piece]] == whole
    assert [cue.start for cue in whole] == [
        start + cue.start for start, line in _lines(text) for cue in Cues(line).within(0, len(line))
    ]


def _lines(text: str) -> list[tuple[int, str]]:
    start, found = 0, []
    for line in text.split("\n"):
        found.append((start, line))
        start += len(line) + 1
    return found


def test_a_number_in_a_phrase_is_told_wherever_the_phrase_stands() -> None:
    phrase = "the three digits"
    for text in (phrase, f"{'x ' * 300}{phrase}", f"say {phrase} on the back", f"one two\n{phrase}\nfour"):
        start = text.index("three")
        assert Cues(text).around(start, start + len("three")), text
    assert not Cues("three oranges").around(0, 5)
