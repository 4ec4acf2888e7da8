"""Who writes, in the languages of contact centres: which name speaks of itself, what is only quoted, and whose kin is told of."""

import pytest

from rightcall.discovery.detection.letters import Letter
from rightcall.discovery.detection.model import SPECIAL, Kind
from rightcall.discovery.detection.others import is_of_kin
from rightcall.discovery.detection.rules import detect
from rightcall.discovery.looking.model import Rules
from rightcall.discovery.looking.rules import look
from rightcall.discovery.model import Found
from rightcall.discovery.parts import Prose


def own_names(text: str) -> set[str]:
    letter = Letter(text)
    found = [*detect(text), *letter.signed(detect(text))]
    return {
        text[each.start : each.end] for each in found if each.type == "person_name" and letter.is_own_name(each.start, each.end)
    }


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Hej igen, Lars her. Ring til mig.", {"Lars"}),
        ("Hello, Lars here again. Please call.", {"Lars"}),
        ("Hallo, hier ist Lars. Bitte rufen Sie an.", {"Lars"}),
        ("Bonjour, je m'appelle Claire et je voudrais payer.", {"Claire"}),
        ("Hej, jag heter Lars och vill betala.", {"Lars"}),
        ("Ring til mig i morgen.\n\nMvh Lars", {"Lars"}),
        ("Please call me tomorrow.\n\nLars", {"Lars"}),
        ("Thanks Anna, that was quick.\nRegards\nLars", {"Lars"}),
        ("Is Lars here? Lars here is my husband. It's Lars's phone.", set()),
        ("Anna\n\nPlease call me tomorrow, it is about the bill that you sent.", set()),
        ("Call me, please.\n\nOn Tue, 3 Nov 2026, Anna Holm wrote:\n> Hello\n> Anna", set()),
        ("Ring til mig.\n\n-----Oprindelig meddelelse-----\nFra: Anna Holm\n\nHej\n\nAnna", set()),
    ],
)
def test_which_name_speaks_of_itself(text: str, wanted: set[str]) -> None:
    assert own_names(text) == wanted


@pytest.mark.parametrize(
    "wrote",
    [
        "On Tue, 3 Nov 2026 at 10:11,\nAnna Holm <anna@caller.example> wrote:",
        "Den 3. nov. 2026 kl. 10.11 skrev Anna Holm:",
        "Den tis 3 nov. 2026 10:11Anna Holm <anna@caller.example> skrev:",
        "Am 3. November 2026 um 10:11 schrieb Anna Holm:",
        "Le 3 novembre 2026 à 10:11, Anna Holm a écrit :",
    ],
)
def test_what_follows_who_wrote_is_quoted(wrote: str) -> None:
    text = f"Yes, do.\n\n{wrote}\n\nMay I call?\nAnna"
    letter = Letter(text)
    assert [letter.is_quoted(text.index(part)) for part in ("Yes", "Holm", "May I", "Anna\n" if False else "call?")] == [
        False,
        True,
        True,
        True,
    ]


def test_what_is_nothing_but_quoted_is_read_as_it_stands() -> None:
    assert not Letter("> Hello\n> Anna").is_quoted(2)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Mette called, husband Lars will be home on Friday.", ["Lars"]),
        ("Min mand Lars er også kunde.", ["Lars"]),
        ("I call for my father, Niels Holm, who is ill.", ["Niels Holm"]),
        ("Meine Frau Anna Holm zahlt.", ["Anna Holm"]),
        ("Ma fille s'appelle Claire Dubois.", ["Claire Dubois"]),
        ("Min dotter Anna Holm betalar.", ["Anna Holm"]),
        ("Frau Anna Holm zahlt. Husband and wife.", []),
        ("Customer was there. Daughter aged 9 at home alone.", ["Daughter aged 9"]),
        ("I am 15 years old and want to order.", []),
    ],
)
def test_whose_kin_is_told_of(text: str, wanted: list[str]) -> None:
    found = [each for each in detect(text) if each.type in {Kind.PERSON_NAME, Kind.MINOR}]
    assert [text[each.start : each.end] for each in found if is_of_kin(each, text)] == wanted


@pytest.mark.parametrize(
    "text",
    [
        "My husband Ole has cancer.",
        "Customer's husband has cancer.",
        "I care for my husband, who has cancer.",
        "My husband told me he has cancer.",
        "My husband Ole is away. He has cancer.",
        "My husband Ole can't come to the phone. Ole has diabetes.",
        "I need an inhaler for my daughter.",
        "Cust says her son has asthma.",
        "my wife's diabetes is bad",
        "Min mand Ole har kræft.",
        "Kundens søn har astma.",
        "Mein Mann Ole hat Krebs.",
        "Mon mari Luc a un cancer.",
        "Min man Ole har cancer.",
        "her husband is muslim",
        "My brother is a member of the GMB union.",
        "My son was convicted of theft",
    ],
)
def test_what_kin_suffer_from_is_of_somebody_else(text: str) -> None:
    assert [is_of_kin(each, text) for each in detect(text) if each.type in SPECIAL] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "I have cancer and my husband is away.",
        "My husband says I have cancer.",
        "My husband and I have diabetes.",
        "I and my husband have diabetes.",
        "Husband says she has cancer.",
        "Husband called: customer has cancer.",
        "Customer called with her husband. She has cancer.",
        "I told my husband about my cancer.",
        "Jeg har kræft, min mand hjælper.",
        "Min mand siger at jeg har kræft",
        "I have depression because of my husband",
        "Il a eu son cancer en mars.",
        "She has modern cancer drugs.",
        "Complains neighbour hates them because they are Roma.",
        "Customer has cancer, husband Ole called.",
    ],
)
def test_what_whoever_calls_suffers_from_is_theirs(text: str) -> None:
    assert [is_of_kin(each, text) for each in detect(text) if each.type in SPECIAL] == [False]


def test_a_scan_marks_the_illness_as_it_marks_the_name() -> None:
    text = "My husband Ole has cancer, and I have asthma."
    prose = Prose(object="note", pieces=iter([(len(text), text)]))
    told = [
        (text[each.finding.start : each.finding.end], each.of_another) for each in look(prose, Rules()) if isinstance(each, Found)
    ]
    assert told == [("Ole", True), ("cancer", True), ("asthma", False)]
