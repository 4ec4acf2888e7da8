"""Ways in which people tell and type numbers, and let slip what is nobody's business: general rules, on other sentences."""

import pytest

from rightcall.discovery.detection.context import columns_of
from rightcall.discovery.detection.rules import detect


def told(text: str, kind: str) -> list[str]:
    found = (each for each in detect(text) if each.type == kind)
    return [" … ".join(text[start:end] for start, end in each.stretches) for each in found]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("my mobile is zero 7 seven double 0 9 double 0 1 2 three\n", "zero 7 seven double 0 9 double 0 1 2 three"),
        ("sie erreichen mich unter doppelnull vier neun drei null zwei drei eins zwei fünf sechs fünf vier\n",
         "doppelnull vier neun drei null zwei drei eins zwei fünf sechs fünf vier"),
        ("mit nr:42163745,tak\n", "42163745"),
        ("Kunde Bo, tlf.20.57.32.50/mob.42.16.37.45\n", "20.57.32.50"),
        ("du får fat i mig på 42-16-37-45 hele dagen\n", "42-16-37-45"),
        ("han er her ikke men toogfyrre seksten syvogtredive femogfyrre\n", "toogfyrre seksten syvogtredive femogfyrre"),
        ("envoyez le code au zéro six douze trente-quatre cinquante-six soixante-dix-huit\n",
         "zéro six douze trente-quatre cinquante-six soixante-dix-huit"),
        ("jag bor utomlands så det är noll noll fyra fem fyra två ett sex tre sju fyra fem\n",
         "noll noll fyra fem fyra två ett sex tre sju fyra fem"),
    ],
)  # fmt: skip
def test_a_telephone_number_is_told(text: str, number: str) -> None:
    assert number in told(text, "phone")


@pytest.mark.parametrize(
    "text",
    [
        "Region: North\nOrder no: 9180745934\n",
        "ring mig på 42163745, sagen er femten tyve tredive fyrre\n",
        "Die Anlage hat 42-16-37-45 Punkte.\n",
    ],
)
def test_another_number_is_no_telephone(text: str) -> None:
    assert not set(told(text, "phone")) - {"42163745"}


def test_a_number_that_is_read_back_is_told_in_both_places() -> None:
    text = "Agent: what should it be\nCaller: oh seven seven double oh nine double oh one two three\nAgent: so 07700900123\n"
    assert told(text, "phone") == ["oh seven seven double oh nine double oh one two three … 07700900123"]


@pytest.mark.parametrize(
    ("text", "code", "account"),
    [
        ("refund to 40.11.16 / 72 48 00 85 thx\n", "40.11.16", "72 48 00 85"),
        ("BLZ 37 04 00 44, Kto. 9678-0776-32\n", "37 04 00 44", "9678-0776-32"),
        ("code banque 20041 compte 724-800-85\n", "20041", "724-800-85"),
        ("Agent: And account number?\nCaller: 724\nAgent: yep\nCaller: 800\nAgent: mm\nCaller: 85\n", None, "724 … 800 … 85"),
        ("Agent: le code banque\nClient: deux zéro zéro quatre un\n", "deux zéro zéro quatre un", None),
    ],
)
def test_banks_and_accounts_in_any_groups(text: str, code: str | None, account: str | None) -> None:
    assert told(text, "bank_code") == ([code] if code else [])
    assert told(text, "bank_account") == ([account] if account else [])


def test_an_iban_with_two_spaces_or_letters_by_name_or_a_thought_between() -> None:
    assert told("IBAN: de89  3704  0044  0532  0130  00\n", "iban") == ["de89  3704  0044  0532  0130  00"]
    text = "it starts november o what is it nine three eight six oh one one one one seven nine four seven\n"
    assert told(f"Agent: the iban please\nCaller: {text}", "iban")


@pytest.mark.parametrize(
    ("text", "kind", "cue"),
    [
        ("ich habe meine krebsdiagnose bekommen", "health", "krebsdiagnose"),
        ("unser gewerkschaftsvertreter hat gesagt", "trade_union", "gewerkschaftsvertreter"),
        ("min mand er hjertepatient", "health", "hjertepatient"),
        ("jag är långtidssjukskriven", "health", "långtidssjukskriven"),
        ("mitt fack hjälper mig", "trade_union", "mitt fack"),
        ("my parents came from ghana", "ethnic_origin", "parents came from ghana"),
        ("je suis moi-même sénégalais", "ethnic_origin", "sénégalais"),
        ("he's only fourteen", "minor", "fourteen"),
        ("it's for my 12 y/o son", "minor", "12 y/o son"),
        ("unsere kinder sind noch klein", "minor", "kinder sind noch klein"),
    ],
)
def test_everyday_words_and_compounds_tell(text: str, kind: str, cue: str) -> None:
    assert told(text, kind) == [cue]


@pytest.mark.parametrize(
    "text",
    [
        "my boiler had a breakdown and i've no heating",
        "i'm waiting for a scan of the contract",
        "facket i mitt skåp är trasigt",
        "the union of my two pipes leaks",
        "he's eleven miles away",
        "der kleine ist zehn zentimeter lang",
    ],
)
def test_the_same_words_of_things_tell_nothing(text: str) -> None:
    assert [each.type for each in detect(text) if each.type in ("health", "trade_union", "minor", "ethnic_origin")] == []


def test_columns_named_for_who_rang_hold_telephone_numbers() -> None:
    head = "id,caller,ani,order"
    text = f"{head}\n1,42163745,20573250,33445566\n2,John Smith,,86194512\n"
    found = detect(text, columns=columns_of(head), regions=("DK",))
    assert [text[each.start : each.end] for each in found if each.type == "phone"] == ["42163745", "20573250"]
    assert "John Smith" in [text[each.start : each.end] for each in found if each.type == "person_name"]
    assert told("Caller: 42163745 is my order\n", "phone") == [], "in a sentence the word says who speaks"
