"""What was asked decides what an answer is: questions in words that nobody wrote down as a whole, and numbers that answer other
questions, or none."""

import pytest

from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.rules import detect

CODE = {
    "en": "five oh two",
    "de": "fünf null zwei",
    "fr": "cinq zéro deux",
    "da": "fem nul to",
    "sv": "fem noll två",
}
FOR_A_CODE = [
    ("en", "and the verification digits please"),
    ("en", "what are the signature numbers"),
    ("en", "now the safety code"),
    ("en", "if you turn the card around what does it say next to your signature"),
    ("en", "can you flip it over for me"),
    ("en", "the control number on the rear"),
    ("en", "I need the CVV2 as well"),
    ("en", "and the small numbers"),
    ("de", "und die Kontrollziffern"),
    ("de", "dann noch den Sicherheits Code"),
    ("de", "die kleinen Zahlen hinten auf der Karte"),
    ("fr", "et les petits numéros derrière"),
    ("fr", "le code de contrôle"),
    ("da", "og så kontrolcifrene"),
    ("da", "og sikkerhedskoden"),
    ("da", "vend lige kortet om"),
    ("sv", "och säkerhetskoden bakpå"),
    ("sv", "kontrollsiffrorna tack"),
    ("sv", "och de tre siffrorna bak"),
]
FOR_NO_CODE = [
    "what error do you get",
    "which seat are you in",
    "what's your house number",
    "and the room number",
    "what does the membership number end in",
    "which page is that on",
    "what's the address for delivery",
    "welche Hausnummer",
    "die Zimmernummer",
    "quel est le numéro de chambre",
    "hvad er dit husnummer",
    "vilket rumsnummer",
]
ORDERS = [
    "my loyalty number is {}",
    "quote {} if you ring again about this",
    "the booking code is {}",
    "your case ID is {}",
    "meine Kundennummer lautet {}",
    "mon numéro de client est le {}",
    "mit kundenummer er {}",
    "på brevet står ärendenummer {}",
]


def told(text: str, kind: Kind) -> list[str]:
    return [text[each.start : each.end] for each in detect(text) if each.type == kind]


def call(*lines: str) -> str:
    """Of a customer and an agent, whose line is the first."""
    return "".join(f"{('Agent', 'Customer')[number % 2]}: {line}\n" for number, line in enumerate(lines))


@pytest.mark.parametrize(("language", "question"), FOR_A_CODE)
def test_a_code_is_known_by_any_words_that_ask_for_it(language: str, question: str) -> None:
    assert told(call(question, CODE[language], "thanks"), Kind.CARD_CODE) == [CODE[language]]


@pytest.mark.parametrize("question", FOR_NO_CODE)
def test_three_digits_that_answer_another_question_are_no_code(question: str) -> None:
    text = call("I'd like to pay by card", "sure", question, "five oh two")
    assert told(text, Kind.CARD_CODE) == []


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("number", ["4697575704", "45291437"])
def test_numbers_that_are_named_as_something_else_are_no_telephone_numbers(order: str, number: str) -> None:
    assert told(call("hello", order.format(number), "found it"), Kind.PHONE) == []


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("what number are you calling from", "oh two oh seven nine four six oh six oh four"),
        ("what's your cell", "oh one six one four nine six zero two three six"),
        ("what's a good number for you", "oh double one three four nine six zero seven four nine"),
        ("auf welcher Nummer sind Sie erreichbar", "null drei null zwei drei eins zwo fünf acht zwei null"),
        ("votre téléphone fixe", "zéro un quatre-vingt-dix-neuf zéro zéro douze treize"),
        ("hvilket nummer træffes du på", "tredive tolv fireogtredive femogfyrre"),
        ("på vilket nummer når vi dig", "noll sju noll ett sjuttiofyra noll sex fjorton"),
    ],
)
def test_a_telephone_number_behind_a_question_that_another_number_came_before(question: str, number: str) -> None:
    text = call("what's the barcode", "four two six oh nine oh", question, number)
    assert told(text, Kind.PHONE) == [number]


def test_a_question_is_answered_once() -> None:
    text = call(
        "if you flip the card over you'll see three numbers",
        "uh yes five oh nine",
        "you need to dial one five zero to reach them",
        "got it I've been a customer since nineteen ninety eight",
        "it's on page one hundred and twelve of the booklet",
        "and the router is a box seven five nine",
    )
    assert told(text, Kind.CARD_CODE) == ["five oh nine"]


def test_an_answer_that_is_put_right_or_said_again_is_told_too() -> None:
    text = call("the security digits", "three one nine", "three one nine", "no three one five", "three one five")
    stretches = [text[start:end] for each in detect(text) if each.type == Kind.CARD_CODE for start, end in each.stretches]
    assert stretches == ["three one nine", "three one nine", "three one five", "three one five"]


def test_an_answer_in_a_second_line_of_the_same_speaker() -> None:
    text = "Agent: the check code\nCustomer: let me see\nCustomer: where is it\nCustomer: five oh two\nAgent: thanks\n"
    assert told(text, Kind.CARD_CODE) == ["five oh two"]


def test_one_and_oh_that_mean_no_digit_are_no_part_of_a_code() -> None:
    text = call("I'll need the cvv2", "is that the short one", "yes that's right", "then it's eight oh oh nine")
    assert told(text, Kind.CARD_CODE) == ["eight oh oh nine"]
    text = call("and the check code", "which one's that", "on the reverse side, the last three", "oh right. five seven one five")
    assert told(text, Kind.CARD_CODE) == ["five seven one five"]
    assert told(call("your phone number", "oh two oh seven nine four six oh six oh four"), Kind.PHONE) != []


def test_a_code_that_was_sent_is_none_of_a_card() -> None:
    text = call("paying by card, okay. Can you read me the code we texted", "one three six three six two")
    assert told(text, Kind.CARD_CODE) == []


@pytest.mark.parametrize(
    ("said", "written"),
    [
        # 5540 9667 1657 9824, with hyphens and without
        (
            "cinquante-cinq quarante quatre-vingt-seize soixante-sept seize cinquante-sept quatre-vingt-dix-huit vingt-quatre",
            True,
        ),
        (
            "cinquante cinq quarante quatre vingt seize soixante sept seize cinquante sept quatre vingt dix huit vingt quatre",
            True,
        ),
        (
            "cinquante-cinq quarante-quatre vingt seize soixante-sept seize cinquante-sept quatre-vingt-dix-huit vingt-quatre",
            False,
        ),
    ],
)
def test_french_eighties_behind_other_tens(said: str, written: bool) -> None:
    cards = [each for each in detect(call("le numéro de la carte", said)) if each.type == Kind.PAYMENT_CARD]
    numbers = [each.written.reveal("compare in a test") for each in cards if each.written]
    assert (numbers == ["5540966716579824"]) is written


def test_a_national_number_is_of_the_country_whose_language_is_spoken() -> None:
    number = "otteogtyve nul fem otteogtres sytten niogtyve"
    assert kinds(call("jeg skal bruge dit personnummer", number)) == [Kind.DK_CPR]
    assert kinds(call("ditt personnummer", "sex fem noll två två noll nio ett sju ett")) == [Kind.SE_PERSONNUMMER]


def kinds(text: str) -> list[str]:
    found: list[Finding] = detect(text)
    return [each.type for each in found]


def test_a_number_of_something_is_no_day_of_birth() -> None:
    text = call("your date of birth", "one sec", "and the mileage", "it has done one five four five four miles")
    assert told(text, Kind.DATE_OF_BIRTH) == []


def test_a_day_of_birth_before_the_word_for_it() -> None:
    text = call("bitte", "ich bin am 13. Dezember neunzehnhunderteinundsechzig geboren", "danke")
    assert told(text, Kind.DATE_OF_BIRTH) == ["13. Dezember neunzehnhunderteinundsechzig"]


def test_a_page_to_look_at_is_no_address_also_where_one_was_asked_for() -> None:
    text = call("your email please", "one moment", "no rush", "okay", "or look at stores dot example dot org", "will do")
    assert told(text, Kind.EMAIL) == []
    assert told(call("your email", "it's newlook at example dot org"), Kind.EMAIL) == ["newlook at example dot org"]


def test_words_that_are_digits_in_the_language_of_the_address() -> None:
    assert told(call("på mail", "til oscar to to snabel-a post punktum example punktum org"), Kind.EMAIL) == [
        "oscar to to snabel-a post punktum example punktum org"
    ]
    assert told(call("which email", "send it to oscar at post dot example dot org"), Kind.EMAIL) == [
        "oscar at post dot example dot org"
    ]


def test_an_endless_line_is_walked_once() -> None:
    """Were it walked again from each of its letters, this would not end within the time that a test has."""
    text = f"{'and so on ' * 200_000}what is your security code five oh two"
    assert [each.type for each in detect(text)] == [Kind.CARD_CODE]


@pytest.mark.parametrize(
    "lead",
    ["my nhs number on the letter is ", "Agent: what is the NHS number on the letter\nCaller: ", "A: nhs number on it?\nB: "],
)
def test_where_a_number_with_a_checksum_stands_does_not_change_what_it_is(lead: str) -> None:
    assert [each.type for each in detect(f"{lead}nine four three four seven six five nine one nine")] == [Kind.UK_NHS]
