"""A question counts until it is answered, also for somebody else; and where a number stands does not change what it is."""

import pytest

from rightcall.discovery.detection.dialogue import detect_turns
from rightcall.discovery.parts import Turn, Turns


def told(*turns: str) -> list[tuple[str, str | None]]:
    """Of two who speak in turn."""
    said = tuple(Turn(number % 2, text) for number, text in enumerate(turns))
    found = detect_turns(Turns(object="call", turns=said, bytes=1))
    return [(str(each.type), each.written.reveal("compare") if each.written else None) for each in found]


NHS = "nine four three four seven six five nine one nine"


@pytest.mark.parametrize(
    "answer",
    [
        f"it's on the letter here {NHS}",
        f"the letter says {NHS}",
        f"let me look at the app uh {NHS}",
        f"{NHS} it says on the screen",
        f"on my display it's {NHS}",
        f"the sticker reads {NHS}",
        f"from the label {NHS}",
        f"hang on I've got the receipt {NHS}",
        "yeah the letter has nine four three four seven six five nine one nine at the top",
    ],
)
def test_where_a_number_stands_does_not_change_what_was_asked(answer: str) -> None:
    assert told("do you know your nhs number", answer) == [("uk_nhs", "9434765919")]


@pytest.mark.parametrize(
    ("question", "answer", "kind", "written"),
    [
        (
            "wie ist Ihre Steuer ID",
            "im Brief steht acht sechs null neun fünf sieben vier zwei sieben eins neun",
            "de_steuer_id",
            None,
        ),
        ("hvad er dit cpr nummer", "på skærmen står der nul en nul et firs tolv fireogtredive", "dk_cpr", None),
        ("vilket telefonnummer", "på kvittot står noll sju noll ett sjuttiofyra noll sex fjorton", "phone", "0701740614"),
        ("votre numéro de téléphone", "sur la facture c'est zéro un quatre-vingt-dix-neuf zéro zéro douze treize", "phone", None),
        ("and the sort code", "on the statement two zero three zero four zero", "bank_code", "203040"),
    ],
)
def test_in_other_languages(question: str, answer: str, kind: str, written: str | None) -> None:
    found = told(question, answer)
    assert [each for each, _ in found] == [kind]
    assert written in (None, found[0][1])


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("what does it say", "the label says oh one six one four nine six zero two three six"),
        ("what does the sticker say", "oh one six one four nine six zero two three six"),
        ("was steht da", "auf dem Aufkleber null drei null zwei drei eins zwo fünf acht zwei null"),
        ("vad står det", "på etiketten noll sju noll ett sjuttiofyra noll sex fjorton"),
    ],
)
def test_what_only_its_place_is_known_of_is_nobodys_telephone_number(question: str, answer: str) -> None:
    assert told(question, answer) == []


@pytest.mark.parametrize(
    ("question", "first", "further", "second", "kind"),
    [
        (
            "and your date of birth",
            "third of march nineteen sixty five",
            "and for you",
            "january second sixty six",
            "date_of_birth",
        ),
        ("his date of birth", "oh three oh three sixty five", "and yours", "oh two oh one sixty six", "date_of_birth"),
        (
            "when was she born",
            "third of march nineteen sixty five",
            "and your son",
            "second of may two thousand four",
            "date_of_birth",
        ),
        (
            "wann sind Sie geboren",
            "dritter märz neunzehnhundertfünfundsechzig",
            "und Ihr Mann",
            "zweiter mai sechsundsechzig",
            "date_of_birth",
        ),
        ("votre date de naissance", "trois mars soixante-cinq", "et votre fils", "deux mai deux mille quatre", "date_of_birth"),
        ("hvad er din fødselsdato", "tredje marts femogtres", "og din kones", "anden maj seksogtres", "date_of_birth"),
        ("när är du född", "tredje mars sextiofem", "och din fru", "andra maj sextiosex", "date_of_birth"),
        (
            "can I take your registration",
            "a b one two c d e",
            "and the other vehicle",
            "some kind of van x y six three r s t",
            "vehicle_plate",
        ),
        ("ihr kennzeichen bitte", "b m w eins zwei drei", "und das vom unfallgegner", "k a s t neun drei", "vehicle_plate"),
        ("votre plaque", "a b un deux trois c d", "et celle de l'autre", "d f sept neuf trois d a", "vehicle_plate"),
        ("hvad er din nummerplade", "a b tolv tre fire fem", "og modpartens", "c d fireogtyve ni nul tre", "vehicle_plate"),
        ("vad är ditt registreringsnummer", "a b c ett två tre", "och den andra bilen", "d e f fyra fem sex", "vehicle_plate"),
    ],
)
def test_a_question_asked_anew_of_somebody_else(question: str, first: str, further: str, second: str, kind: str) -> None:
    assert [each for each, _ in told(question, first, further, second)] == [kind, kind]


@pytest.mark.parametrize(
    ("between", "answer"),
    [
        (("mine", "yes please"), "third of march nineteen sixty five"),
        (("why do you need it", "it's only so that I find you"), "oh three oh three sixty five"),
        (("mine or my husband's", "his please"), "it's the third of the third sixty five"),
    ],
)
def test_a_question_waits_for_its_answer(between: tuple[str, ...], answer: str) -> None:
    assert [each for each, _ in told("and your date of birth", *between, answer)] == ["date_of_birth"]


@pytest.mark.parametrize(
    ("question", "answer", "iso"),
    [
        ("när är du född", "fjärde första åttiotvå", "1982-01-04"),
        ("när är du född", "tjugonde maj nittonhundrafyrtiotre", "1943-05-20"),
        ("när är du född", "åttonde första tjugohundrafem", "2005-01-08"),
        ("när är du född", "den tredje i sjunde sjuttiosju", "1977-07-03"),
        ("hvornår er du født", "den fjerde i tredje femogtres", "1965-03-04"),
        ("hvornår er du født", "sekstende maj nitten firs", "1980-05-16"),
        ("hvornår er du født", "syttende december to og halvtreds", "1952-12-17"),
    ],
)
def test_ordinals_that_end_as_the_word_for_of(question: str, answer: str, iso: str) -> None:
    assert told(question, answer) == [("date_of_birth", iso)]


@pytest.mark.parametrize(
    ("turns", "kind", "written"),
    [
        (("the uk number", "u k one o one six one four nine six o six nine four"), "phone", "01614960694"),
        (("which number", "it's the mobile one oh seven seven double oh nine hundred one two three"), "phone", None),
        (
            (
                "a number for you",
                "plus trente-trois",
                "oui",
                "six",
                "oui",
                "trente-neuf quatre-vingt-dix-huit soixante-douze zéro trois",
            ),
            "phone",
            "+33639987203",
        ),
        (("let me give you the number for h r it's o one six three two nine six o seven four six",), "phone", "01632960746"),
        (
            (
                "a card please",
                "three four two eight double two six seven eight three two four one nine double sorry double nine one four two",
            ),
            "payment_card",
            "342822678399142",
        ),
        (
            (
                "a card please",
                "fifty three twenty nine nine sixty six fifty no fifty six sixty nine oh three fifty six thirty four forty six",
            ),
            "payment_card",
            "5329566903563446",
        ),
        (
            (
                "die iban",
                "d e sieben fünf",
                "d e sieben fünf ja bitte",
                "acht vier vier sechs null sieben acht fünf vier drei drei null",
                "ja",
                "null vier drei drei sieben zwo",
            ),
            "iban",
            "DE75844607854330043372",
        ),
    ],
)
def test_words_that_lead_into_a_number_or_break_off_are_none_of_it(
    turns: tuple[str, ...], kind: str, written: str | None
) -> None:
    found = told(*turns)
    assert [each for each, _ in found] == [kind]
    assert written in (None, found[0][1])
