"""Accounts, sort codes and plates that are put right, read back, spelled and named as people do."""

import pytest

from rightcall.discovery.detection.dialogue import detect_turns
from rightcall.discovery.parts import Turn, Turns


def told(*turns: str) -> list[tuple[str, str | None]]:
    """Of two who speak in turn."""
    said = tuple(Turn(number % 2, text) for number, text in enumerate(turns))
    found = detect_turns(Turns(object="call", turns=said, bytes=1))
    return [(str(each.type), each.written.reveal("compare") if each.written else None) for each in found]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("two zero seven three hang on no three seven eight four", "203784"),
        ("six oh oh five sorry i mean five oh three five", "605035"),
        ("three oh oh three no three oh double six", "303066"),
        ("twenty thirty no wait thirty five sixty", "203560"),
        ("two zero three scratch that two zero three oh four five", "203045"),
        ("it's um two oh then three oh and er four oh", "203040"),
        ("twenty thirty forty", "203040"),
        ("double two double three double four", "223344"),
        ("oh nine dash one two dash triple no double six", "091266"),
        ("sorry wrong one it's three zero nine eight nine six", "309896"),
    ],
)
def test_a_sort_code_however_it_is_put_right(answer: str, code: str) -> None:
    assert told("so the sort code then", answer) == [("bank_code", code)]


@pytest.mark.parametrize(
    ("turns", "kind", "written"),
    [
        (
            ("sort code", "two zero three no sorry two zero four three oh five", "two zero four three zero five"),
            "bank_code",
            "204305",
        ),
        (("sort code", "six oh three one oh eight", "six oh three one and oh eight", "yep"), "bank_code", "603108"),
        (
            (
                "your account number",
                "one two three four double five seven eight",
                "so that's one two three four five five seven eight",
            ),
            "bank_account",
            "12345578",
        ),
        (
            (
                "best number to reach you",
                "oh one six one four nine six oh two three six",
                "let me read that back oh one six one four nine six oh two three six",
            ),
            "phone",
            "01614960236",
        ),
        (
            ("your registration", "m j two oh s h k", "mike juliet two zero sierra hotel kilo is that right"),
            "vehicle_plate",
            "MJ20SHK",
        ),
        (
            (
                "wie ist Ihre Kontonummer",
                "eins zwei drei vier fünf sechs sieben acht",
                "ich wiederhole eins zwei drei vier fünf sechs sieben acht",
            ),
            "bank_account",
            "12345678",
        ),
        (
            ("dit telefonnummer", "tredive tolv fireogtredive femogfyrre", "altså tredive tolv fireogtredive femogfyrre"),
            "phone",
            "30123445",
        ),
        (
            ("ditt kontonummer", "sju fyra två ett nio åtta sju sex fem", "så sju fyra två ett nio åtta sju sex fem"),
            "bank_account",
            "742198765",
        ),
        (
            ("votre numéro de compte", "un deux trois quatre cinq six sept huit", "donc un deux trois quatre cinq six sept huit"),
            "bank_account",
            "12345678",
        ),
    ],
)
def test_what_is_read_back_is_told_again(turns: tuple[str, ...], kind: str, written: str) -> None:
    found = told(*turns)
    assert {each for each, _ in found} == {kind}
    assert (kind, written) in found


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("clearing åtta noll fem fyra och kontot är tre fem ett nio sex fem noll", ["bank_code", "bank_account"]),
        ("kontonumret är tre fem ett nio sex fem noll hos banken", ["bank_account"]),
        ("reg nummer fem syv otte ni og kontoen er en to tre fire fem seks syv otte", ["bank_code", "bank_account"]),
        ("das konto lautet vier sieben eins eins null acht eins fünf", ["bank_account"]),
    ],
)
def test_accounts_that_the_answer_names(answer: str, kind: list[str]) -> None:
    assert [each for each, _ in told("how do we pay you back", answer)] == kind


@pytest.mark.parametrize(
    ("answer", "plate"),
    [
        ("m j two o k h s no wait s h k", "MJ20SHK"),
        ("v a one eight d n double no wait double n d", "VA18NND"),
        ("n mike two oh j t f hang on no f t j", "NM20FTJ"),
        ("c t seven two m n b sorry i mean b n m", "CT72BNM"),
        ("a b for bravo one two and c d e", "AB12CDE"),
        ("alpha bravo twelve charlie delta echo", "AB12CDE"),
        ("it's capital a capital b fifty one double x y", "AB51XXY"),
    ],
)
@pytest.mark.parametrize("question", ["what's the registration", "have you got a vehicle to register", "is it your car or a van"])
def test_a_plate_however_it_is_spelled(question: str, answer: str, plate: str) -> None:
    assert told(question, answer, "and what make", "it's a seat i think") == [("vehicle_plate", plate)]


@pytest.mark.parametrize(
    ("turns", "plate"),
    [
        (("min bil er", "ja min bil er r t øh fireogtyve ni nul tre han hed ole"), "RT24903"),
        (("welches fahrzeug", "mein wagen ist b for berlin x y eins zwei drei"), "BXY123"),
        (("quelle voiture", "ma voiture c'est d f sept neuf trois d a"), "DF793DA"),
        (("vilken bil", "min bil är d e f fyra fem sex"), "DEF456"),
        (("ihr kennzeichen", "h h y b sechs vier null zwo"), "HHYB6402"),
    ],
)
def test_a_plate_in_other_languages(turns: tuple[str, ...], plate: str) -> None:
    found = [each for each in told(*turns) if each[0] == "vehicle_plate"]
    assert [written for _, written in found] == [plate]


@pytest.mark.parametrize(
    "turns",
    [
        ("what did you order for the car", "i ordered a two by four and a b c d e"),
        ("which car", "it's a red one with a v eight engine"),
        ("my car broke down", "on the a one two near exit five"),
        ("which car park", "level b two"),
        ("is the car in the garage", "it's unit a four"),
    ],
)
def test_what_is_said_of_a_car_is_no_plate(turns: tuple[str, ...]) -> None:
    assert [each for each, _ in told(*turns)] == []


@pytest.mark.parametrize(
    ("turns", "kind", "written"),
    [
        (("il est né quand", "zéro sept zéro neuf mille neuf cent quarante et un"), "date_of_birth", "1941-09-07"),
        (("votre date de naissance", "douze zéro trois mille neuf cent soixante-cinq"), "date_of_birth", "1965-03-12"),
        (("adresse mail", "y o u s s e f zéro un arobase gmail point com"), "email", "youssef01@gmail.com"),
        (("adresse mail", "marie vingt et un arobase orange point fr"), "email", "marie21@orange.fr"),
        (("insurance number", "n e", "n e and then", "seven nine three two two seven d"), "uk_nino", "NE793227D"),
        (("let me read that back h t o seven four nine one five er d",), "uk_nino", "HT074915D"),
        (("insurance number", "j g one two no sorry one three four five six seven c"), "uk_nino", "JG134567C"),
        (("the sort code", "30 43 90"), "bank_code", None),
        (("a number please", "u k one plus four four seven seven oh oh nine oh oh nine three two"), "phone", "+447700900932"),
        (("who is it", "plus three five three twenty", "go on", "nine one oh two three four five"), "phone", "+353209102345"),
        (("er det stadig toogtredive tolv øhm enogfirs otteogtyve",), "phone", "32128128"),
        (("är det fortfarande noll sju noll ett sjuttiofyra noll sex fjorton",), "phone", "0701740614"),
    ],
)
def test_small_words_that_are_digits_and_digits_that_are_small_words(
    turns: tuple[str, ...], kind: str, written: str | None
) -> None:
    found = told(*turns)
    assert [each for each, _ in found] == [kind]
    assert written in (None, found[0][1])


@pytest.mark.parametrize(
    ("answer", "kinds"),
    [
        ("siebenundvierzig neunundachtzig null zwo vierundachtzig bankleitzahl sieben acht fünf eins sieben drei drei eins", 2),
        ("one two three four five six seven eight sort code two zero three zero four zero", 2),
        ("two zero three zero four zero is the sort code and one two three four five six seven eight the account", 2),
    ],
)
def test_a_word_between_two_numbers_names_one_of_them(answer: str, kinds: int) -> None:
    assert sorted(each for each, _ in told("the account number", answer)) == ["bank_account", "bank_code"][:kinds]
