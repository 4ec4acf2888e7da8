"""Addresses as speech recognition writes them: numbers of houses and postcodes in words, letter by letter, put right."""

import pytest

from rightcall.discovery.detection.rules import detect


def told(*lines: str) -> list[str]:
    """Of an agent and a caller, whose line is the second."""
    text = "".join(f"{('agent', 'caller')[number % 2]}: {line}\n" for number, line in enumerate(lines))
    return [text[each.start : each.end] for each in detect(text) if each.type == "postal_address"]


@pytest.mark.parametrize(
    "address",
    [
        "flat three one five one old tannery lane belfast n g one six one a f",
        "fifty seven marlowe gardens sutton coldfield sierra whiskey two four one romeo l",
        "twenty one birch road leeds l s two six n g",
        "double one seven hawthorn drive belfast s echo two zero nine k b",
        "flat three one six zero queensway swindon e h for hotel six five double h",
        "one hundred and twelve station road hull h u five two r t",
        "sixty nine the crescent llandudno no sorry llandudno b two seven nine c j",
        "forty one ninety nine alder creek drive um fresno california three one one three seven",
        "seven three one five old mill rd toledo ohio nine five four three seven",
        "twelve harbour street bristol b s one four d j",
    ],
)
@pytest.mark.parametrize("question", ["what's the address", "where would you like it redirected to"])
def test_english_addresses(question: str, address: str) -> None:
    assert told(question, f"it's {address}", "thanks") == [address]


@pytest.mark.parametrize(
    "address",
    [
        "havnegade en seks ni 3198 vejle",
        "skovbrynet en to fire tre og tredive tre og fyrre køge",
        "havnegade en en nul silkeborg 5464 øh nej 5464 silkeborg",
        "nørrevej tolv tretten nul nul københavn",
        "storgatan ett sju fyra 567 02 malmö",
        "björkvägen ett ett fyra lund 84 673 eh nej 673 84 lund",
        "fabriksgatan nittiosex sju två sju åtta fem norrköping",
        "fliederweg siebenundsiebzig dann sieben vier sieben drei fünf halle",
        "bergmannring vierundneunzig dann fünf sechs drei sechs null regensburg",
        "tuchmachergasse eins eins zwei sieben neun neun neun neun kassel",
        "hauptstraße fünfzehn achtzig drei drei eins münchen",
        "un quatre quatre rue jean jaurès roubaix 17200 euh non 17200 roubaix",
        "douze rue de la paix soixante-quinze zéro zéro deux paris",
        "quatre-vingts allée des marronniers quarante-deux mille saint-étienne",
        "cent vingt avenue victor hugo treize zéro zéro un marseille",
    ],
)
@pytest.mark.parametrize("question", ["og adressen", "vart ska paketet"])
def test_addresses_of_other_languages(question: str, address: str) -> None:
    assert told(question, address, "ja") == [address]


@pytest.mark.parametrize(
    "code",
    [
        "n for november g five eight j p",
        "l s two six nine sierra g",
        "bravo two seven eight n b",
        "s e two five three r f",
        "sierra whiskey one alpha one alpha alpha",
        "m one one a e",
        "e h sixteen two b x",
        "double l two three d f",
    ],
)
@pytest.mark.parametrize("before", ["", "yes it's ", "uh ", "sure that's "])
def test_a_postcode_letter_by_letter(before: str, code: str) -> None:
    assert told("what's the postcode", before + code, "thanks") == [code]
    assert told("can you confirm the postcode for me please", before + code, "thanks") == [code]


@pytest.mark.parametrize(
    "line",
    [
        "wir treffen uns am bahnsteig zwei um drei",
        "der rückweg dauert zwanzig minuten",
        "auf dem weg ein kaffee",
        "i parken en dag",
        "jag gick hela vägen en gång",
        "en allé en til",
        "two for one street food",
        "i've been on the road for twenty years and one more",
        "it is a one way street",
        "un passage rapide et deux cours",
        "it's the one in the close",
        "nine out of ten walk away",
        "i live on the high street",
    ],
)
def test_talk_about_ways_is_no_address(line: str) -> None:
    assert told("hello", line) == []


@pytest.mark.parametrize(
    "address",
    [
        "one one three queensway kettering bt1 5md",
        "thirty eight queensway hull s e two seven four double e",
        "fourteen a mill lane cambridge c b four one x a",
        "douze bis rue victor hugo à lyon",
        "vestergade nummer femten",
        "lindenallee drei",
        "zum kiebitz fünfzehn sechs null eins null eins halle",
        "hinter der mauer eins sieben null 60785 essen",
        "twelve deansgate manchester m for mike three two b w",
    ],
)
def test_addresses_that_only_the_question_or_the_postcode_tells(address: str) -> None:
    found = told("what's your address", f"that's {address}", "thanks")
    assert len(found) == 1
    assert found[0] in address
    assert len(found[0]) * 2 >= len(address)


@pytest.mark.parametrize(
    "line",
    [
        "am montag fünfzehn uhr dreißig",
        "im haus zwei drei vier fünf sechs leute",
        "it was on a one two three a b c",
        "plan b one two and c d",
        "the code is b s one two",
        "version two and the address is one seven two dot one six dot three dot four zero",
    ],
)
def test_letters_and_days_with_numbers_are_no_address(line: str) -> None:
    assert told("hello", line) == []
