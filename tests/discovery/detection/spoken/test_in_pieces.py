"""Numbers that are read out piece by piece, taken back with a whole phrase, or told two in one breath."""

import pytest

from tests.discovery.detection.spoken.test_put_right import told

CARD = "4111111111111111"
DIGITS = {
    "en": ("four one one one", "one one one one"),
    "de": ("vier eins eins eins", "eins eins eins eins"),
    "fr": ("quatre un un un", "un un un un"),
    "da": ("fire en en en", "en en en en"),
    "sv": ("fyra ett ett ett", "ett ett ett ett"),
}
ASKED = {
    "en": "your card number please",
    "de": "ihre kartennummer bitte",
    "fr": "votre numéro de carte",
    "da": "kortnummeret tak",
    "sv": "kortnumret tack",
}


@pytest.mark.parametrize(
    ("language", "heard"),
    [
        ("en", "and the next bit"),
        ("en", "super and then"),
        ("en", "whenever you're ready"),
        ("de", "so und jetzt der nächste block"),
        ("de", "hab ich notiert"),
        ("fr", "c'est bon la suite"),
        ("fr", "ça marche"),
        ("da", "værsågod næste"),
        ("da", "så er vi klar til resten"),
        ("sv", "det är antecknat"),
        ("sv", "vi tar nästa"),
    ],
)
def test_a_card_whose_pieces_are_echoed_with_a_few_words_more(language: str, heard: str) -> None:
    first, other = DIGITS[language]
    turns = (ASKED[language], first, f"{first} {heard}", other, heard, other, f"{other} {heard}", other)
    assert told(*turns) == [("payment_card", CARD)]


@pytest.mark.parametrize(
    ("language", "back"),
    [
        ("en", "i tell a lie"),
        ("en", "sorry that should be"),
        ("en", "uh my mistake"),
        ("en", "oh no that's not right"),
        ("de", "äh das war falsch"),
        ("de", "moment ich hab mich vertan"),
        ("de", "nein das stimmt nicht"),
        ("fr", "pardon je me trompe"),
        ("fr", "non j'ai mal lu"),
        ("da", "nej det skal være"),
        ("da", "undskyld jeg læste forkert"),
        ("sv", "nej jag läste fel"),
        ("sv", "oj det ska vara"),
    ],
)
def test_a_card_of_which_a_whole_phrase_takes_a_piece_back(language: str, back: str) -> None:
    first, other = DIGITS[language]
    wrong = first.rsplit(" ", 1)[0] + " " + first.split(" ")[0]
    said = f"{first} {other} {wrong} {back} {other} {other}"
    assert told(ASKED[language], said) == [("payment_card", CARD)]


@pytest.mark.parametrize(
    ("turns", "found"),
    [
        (
            ("what were you sent", "the number was four one one one but that is what the letter says one one one one"),
            [],
        ),
        (("how many", "two three four"), []),
        (("your card number", "four one one one one one one one", "fifteen pounds", "one one one one one one one one"), []),
    ],
)
def test_other_words_between_two_numbers_still_part_them(turns: tuple[str, ...], found: list[tuple[str, str]]) -> None:
    assert [each for each in told(*turns) if each == ("payment_card", CARD)] == found


@pytest.mark.parametrize(
    ("turns", "code", "account"),
    [
        (
            ("which bank", "take it from the bank two oh three oh four oh one two three four five six seven eight"),
            "203040",
            "12345678",
        ),
        (("og reg og konto", "tre fem to seks og så tre nul syv seks tre syv nul"), "3526", "3076370"),
        (("reg nummer og kontonummer", "toogtyve tretten og fireogfyrre ti tolv femten"), "2213", "44101215"),
        (("clearing och konto", "femtiotvå tretton och sextio elva tolv tre"), "5213", "6011123"),
        (
            ("bankleitzahl und kontonummer", "drei sieben null fünf null null sieben vier eins zwo drei vier fünf sechs sieben"),
            "37050074",
            "1234567",
        ),
    ],
)
def test_a_bank_and_an_account_in_one_breath(turns: tuple[str, ...], code: str, account: str) -> None:
    assert told(*turns) == [("bank_code", code), ("bank_account", account)]


@pytest.mark.parametrize(
    "turns",
    [
        ("the sort code please", "two zero three zero four zero", "and the account", "one two three four five six seven eight"),
        ("registreringsnummeret tak", "tre fem to seks", "og kontonummeret", "tre nul syv seks tre syv nul"),
        ("clearingnumret tack", "fem två ett tre", "och kontonumret", "sex noll ett ett ett två tre"),
    ],
)
def test_both_are_told_again_when_they_are_read_back_together(turns: tuple[str, ...]) -> None:
    once = told(*turns)
    again = told(*turns, f"so {turns[1]} and {turns[3]}" if "sort" in turns[0] else f"{turns[1]} og {turns[3]}")
    assert [kind for kind, _ in once] == ["bank_code", "bank_account"]
    assert again == once + once


@pytest.mark.parametrize(
    ("turns", "kind", "written"),
    [
        (
            ("and the sort code", "thirty eighty forty six and my account's one two three four five six seven eight"),
            "bank_code",
            "308046",
        ),
        (("wrong routing number", "what should it be", "oh two one oh oh oh oh two one"), "bank_code", "021000021"),
        (("hvad hedder hun", "lis holm og hendes nummer er nul tre nul tre firs en to tre fire"), "dk_cpr", "0303801234"),
        (("your finnish personal identity code", "one three one oh five two three oh eight t"), "fi_hetu", "131052-308T"),
        (("they want a personal identity code", "okay", "thirteen ten fifty two three oh eight tango"), "fi_hetu", "131052-308T"),
        (("the caller's number", "oh double seven double oh nine double oh one two three"), "phone", "07700900123"),
        (("anything else", "please ring me oh one six one four nine six oh two three six"), "phone", "01614960236"),
        (("tu as relevé la plaque", "non vous avez relevé la plaque", "a b un deux trois c d"), "vehicle_plate", "AB123CD"),
        (("jag ringer tillbaka om bilen", "bra", "vad har den för nummer", "a b c ett två tre"), "vehicle_plate", "ABC123"),
        (("your registration", "a b one two kilo l m for mike"), "vehicle_plate", "AB12KLM"),
    ],
)
def test_what_the_words_before_it_ask_for(turns: tuple[str, ...], kind: str, written: str) -> None:
    assert (kind, written) in told(*turns)


def test_one_more_number_to_ring_that_or_leads_to() -> None:
    first, other = "oh one six one four nine six oh two three six", "oh double seven double oh nine hundred one two three"
    said = f"reach me on {first} or after nine ten on {other}"
    assert [kind for kind, _ in told("hello", said)] == ["phone", "phone"]


@pytest.mark.parametrize(
    "said",
    [
        "born sixteenth august forty seven living at thirteen mill lane",
        "born the ninth of may sixty two and my son is twelve",
        "född tolfte mars femtiotvå och bor på tretton",
        "født den tolvte marts tooghalvtreds og bor i nummer tretten",
    ],
)
def test_a_year_ends_where_other_words_follow(said: str) -> None:
    assert [kind for kind, _ in told("and then", said)][:1] == ["date_of_birth"]


@pytest.mark.parametrize("then", ["and a number where we reach you", "and the number for call backs", "go on"])
def test_a_card_code_is_whole_and_what_follows_is_told_by_itself(then: str) -> None:
    phone = "six oh seven five five five oh one nine nine"
    assert told("and the three digits on the back", "nine one three", then, phone) == [
        ("card_code", "913"),
        ("phone", "6075550199"),
    ]


def test_a_card_code_in_two_turns_is_one() -> None:
    assert told("and the three digits on the back", "nine one", "yes", "three", "thanks") == [("card_code", "913")]
