"""What is said in words, in one turn or over several: found whole, as what was asked for, without what others say between."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rightcall.discovery.detection.model import Finding
from rightcall.discovery.detection.patterns import read_pattern
from rightcall.discovery.detection.rules import detect

WORDS = [
    *[
        "one",
        "two",
        "double",
        "triple",
        "oh",
        "zero",
        "twenty",
        "three",
        "hundred",
        "thousand",
        "and",
        "to",
        "for",
        "4111",
        "1111",
        "12",
        ":",
        "\n",
        "A:",
        "B:",
        "card",
        "code",
        "cvv",
        "iban",
        "d",
        "e",
        "at",
        "dot",
        "com",
    ],
    *[
        "vier",
        "und",
        "zwanzig",
        "fünf",
        "femogtyve",
        "tjugo",
        "quatre",
        "vingt",
        "dix",
        "sept",
        "plus",
        "no",
        "sorry",
        "uh",
        "yes",
        "born",
        "march",
        "my",
        "phone",
        "email",
        "snabel-a",
        "fois",
        "mal",
    ],
]


def found(text: str) -> list[tuple[str, str | None]]:
    """Types, and how they would be written."""
    return [(each.type, each.written.reveal("look at it in a test") if each.written else None) for each in detect(text)]


def only(text: str) -> Finding:
    (finding,) = detect(text)
    return finding


CALL = """\
Agent: and the long number on the card please
Customer: sure it's four one one one
Agent: four one one one, ok
Customer: uh one one one one
Agent: go on
Customer: double one double one, one one one two no sorry one one one one
Agent: and the expiry date
Customer: oh nine twenty eight
Agent: and the three digits on the back?
Customer: hang on, let me turn it over. seven forty one
Agent: what's your date of birth
Customer: twelfth of march nineteen eighty
Agent: which number can i reach you on
Customer: oh seven nine four six double oh nine five eight seven
"""


def test_a_call_with_everything_in_it() -> None:
    assert found(CALL) == [
        ("payment_card", "4111111111111111"),
        ("card_code", "741"),
        ("date_of_birth", "1980-03-12"),
        ("phone", "07946009587"),
    ]


def test_only_the_value_and_its_echo_are_in_the_parts() -> None:
    card = detect(CALL)[0]
    assert [CALL[start:end] for start, end in card.stretches] == [
        "four one one one",
        "four one one one",
        "one one one one",
        "double one double one",
        "one one one one",
    ]
    assert "over 3 turns" in card.why
    assert "“card” was said in a turn before" in card.why


@pytest.mark.parametrize(
    ("text", "kind", "written"),
    [
        ("my card is five five five five five five five five five five five five four four four four", "payment_card", None),
        (
            "my card is fifty five fifty five fifty five fifty five fifty five fifty five forty four forty four",
            "payment_card",
            None,
        ),
        ("meine telefonnummer ist null eins sieben eins zwo drei vier fünf sechs sieben acht", "phone", "01712345678"),
        ("mon numéro de téléphone c'est le zéro six douze trente-quatre cinquante-six soixante-dix-huit", "phone", "0612345678"),
        ("mit telefonnummer er toogtredive tolv fireogtredive seksoghalvtreds", "phone", "32123456"),
        ("mitt telefonnummer är noll sju noll ett sjuttiofyra noll sex noll fem", "phone", "0701740605"),
        ("you can call me on plus four five three two one two three four five six", "phone", "+4532123456"),
        ("mein geburtsdatum ist der zwölfte märz neunzehnhundertachtzig", "date_of_birth", "1980-03-12"),
        ("je suis née le douze mars mille neuf cent quatre-vingts", "date_of_birth", "1980-03-12"),
        ("jeg er født den tolvte marts nitten hundrede firs", "date_of_birth", "1980-03-12"),
        ("jag är född den tolfte mars nittonhundraåttio", "date_of_birth", "1980-03-12"),
        ("my date of birth is oh five oh three nineteen eighty four", "date_of_birth", "1984-03-05"),
        ("born on march the 12th nineteen eighty", "date_of_birth", "1980-03-12"),
        ("my email is jane dot doe at example dot com thanks", "email", "jane.doe@example.com"),
        ("it's j a n e underscore d at acme widgets dot co dot uk", "email", "jane_d@acmewidgets.co.uk"),
        ("Agent: what's the best email\nCustomer: um it's jane doe forty two at gmail dot com", "email", "janedoe42@gmail.com"),
        ("max punkt mustermann klammeraffe beispiel punkt de", "email", "max.mustermann@beispiel.de"),
        ("jean tiret luc arobase exemple point fr", "email", "jean-luc@exemple.fr"),
        ("min mail er anders punktum jensen snabel a firma punktum dk", "email", "anders.jensen@firma.dk"),
        (
            "delta echo eight nine three seven oh four double oh four four oh five three two oh one three double oh oh",
            "iban",
            "DE89370400440532013000",
        ),
        (
            "Agent: iban please\nCustomer: g b two nine\nAgent: yes\nCustomer: n w b k six oh one six one three three one\n"
            "Agent: ok\nCustomer: nine two six eight one nine",
            "iban",
            "GB29NWBK60161331926819",
        ),
        ("my national insurance number is a b one two three four five six c", "uk_nino", "AB123456C"),
        ("oh two oh seven nine four six oh one two three or knock on the door", "phone", "02079460123"),
    ],
)
def test_one_value_is_found(text: str, kind: str, written: str | None) -> None:
    finding = only(text)
    assert finding.type == kind
    if written is not None:
        assert finding.written is not None
        assert finding.written.reveal("look at it in a test") == written


@pytest.mark.parametrize(
    "text",
    [
        "we have four thousand one hundred and eleven items in stock",
        "it takes two to three working days, four at most",
        "the order number is four one one one one one one one one one one one one one one one",
        "one of the two came at twenty past three and the other one at four",
        "it costs seven forty one pounds",
        "Agent: the three digits on the back?\nCustomer: one moment please",
        "have a look at example dot com, we are at one point five",
        "Agent: your postcode?\nCustomer: eight two one",
    ],
)
def test_talk_with_numbers_in_it_is_not_told(text: str) -> None:
    assert detect(text) == []


@pytest.mark.parametrize(
    "answer",
    [
        "seven four one",
        "741",
        "7 4 1",
        "seven forty one",
        "seven hundred forty one",
        "seven hundred and forty one",
        "it's uh seven um four one",
        "seven four one seven four one",
        "oh nine twenty eight and seven four one",
        "i think it is seven\nAgent: yes\nCustomer: four\nAgent: mhm\nCustomer: one",
        "hang on\nAgent: take your time\nCustomer: my glasses are upstairs\nAgent: no worries\nCustomer: so seven four one",
    ],
)
def test_a_code_is_found_however_it_is_said(answer: str) -> None:
    text = f"Agent: and the expiry and the three digits on the back\nCustomer: {answer}\n"
    codes = [each for each in detect(text) if each.type == "card_code"]
    assert len(codes) == 1, answer


def test_a_code_may_come_before_the_card_and_have_four_digits() -> None:
    text = (
        "Customer: the security code is one two three four and the card number is three seven one four four nine six three five"
        " three nine eight four three one"
    )
    assert found(text) == [("card_code", "1234"), ("payment_card", "371449635398431")]


def test_a_given_pattern_is_heard_too() -> None:
    case, customer = read_pattern("case=CASE-[0-9]{6}"), read_pattern("customer=C[0-9]{8}")
    text = "about case two oh four seven one one, customer c one two three four five six seven eight"
    got = [(each.type, text[each.start : each.end]) for each in detect(text, patterns=[case, customer])]
    assert got == [("case", "two oh four seven one one"), ("customer", "c one two three four five six seven eight")]


@given(st.lists(st.sampled_from(WORDS), max_size=30))
@settings(max_examples=150, deadline=None)
def test_any_talk_is_listened_to_and_findings_lie_in_it_with_their_parts(words: list[str]) -> None:
    text = " ".join(words)
    for each in detect(text, least=0):
        assert 0 <= each.start < each.end <= len(text)
        assert each.stretches[0][0] == each.start
        assert each.stretches[-1][1] == each.end
        assert all(before[1] <= after[0] for before, after in itertools.pairwise(each.stretches))
