"""Words for what people are and what they belong to, which are said of much else too."""

import pytest

from rightcall.discovery.detection.model import SPECIAL
from rightcall.discovery.detection.rules import detect


def told(text: str) -> list[tuple[str, str]]:
    return [(str(each.type), text[each.start : each.end]) for each in detect(text) if each.type in SPECIAL]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("we came last year, he's Eritrean", "ethnic_origin", "Eritrean"),
        ("they shouted at us because we are Ghanaian", "ethnic_origin", "Ghanaian"),
        ("weil ich Kroatin bin", "ethnic_origin", "Kroatin"),
        ("parce que nous sommes algériens et que ma femme est malienne", "ethnic_origin", "malienne"),
        ("fordi vi er bosniere", "ethnic_origin", "bosniere"),
        ("för att han är eritrean", "ethnic_origin", "eritrean"),
        ("Ansøger Nanna Abdi, tyrker, ringer igen", "ethnic_origin", "tyrker"),
        ("from the somali community", "ethnic_origin", "somali community"),
        ("they are Black and gay", "ethnic_origin", "Black"),
        ("they are Black and gay", "sex_life", "gay"),
        ("she was raised Christian", "religion_or_belief", "Christian"),
        ("Jews - no calls on Saturday", "religion_or_belief", "Jews"),
        ("as a lifelong Conservative i object", "political_opinion", "lifelong Conservative"),
        ("i have always voted green", "political_opinion", "voted green"),
        ("weil ich CDU wähle", "political_opinion", "CDU wähle"),
        ("SPD-Mitglied seit 1990", "political_opinion", "SPD-Mitglied"),
        ("hun stemmer venstre", "political_opinion", "stemmer venstre"),
        ("my Prospect rep will come along", "trade_union", "Prospect rep"),
        ("she's a branch secretary of the GMB", "trade_union", "branch secretary of the GMB"),
        ("Hr. Roth, ver.di-Vertrauensmann", "trade_union", "ver.di-Vertrauensmann"),
        ("je suis déléguée à la CFTC", "trade_union", "déléguée à la CFTC"),
        ("Member of union 3F", "trade_union", "Member of union 3F"),
        ("union: 3F", "trade_union", "union: 3F"),
        ("note\nUnion: Teknikerne\nname: Ole", "trade_union", "Teknikerne"),
        ("HK member", "trade_union", "HK member"),
        ("3F-tillidsmand", "trade_union", "3F-tillidsmand"),
        ("IG Metall Mitglied", "trade_union", "IG Metall Mitglied"),
        ("syndiqué CGT", "trade_union", "syndiqué CGT"),
        ("medlem i Unionen", "trade_union", "medlem i Unionen"),
        ("is a union member", "trade_union", "a union member"),
        ("we're two women and want to adopt", "sex_life", "two women"),
    ],
)
def test_what_somebody_is_or_belongs_to(text: str, kind: str, value: str) -> None:
    assert (kind, value) in told(text)


@pytest.mark.parametrize(
    "text",
    [
        "the German car and the Turkish towels",
        "i speak French and Polish",
        "they are black, the shoes i mean",
        "the screen turned black",
        "she's in labour now",
        "the labour costs were high",
        "as a conservative estimate",
        "The house is Georgian",
        "we're the same and i'm sort of annoyed",
        "he's green with envy",
        "the equity release officer",
        "a union joint near the Union Street lights",
        "voted best broadband",
        "d'accord, leave it with me",
        "rep: leave it with me",
        "the Jewish museum and the Sikh temple",
        "tournez à gauche",
    ],
)
def test_the_same_words_of_something_else(text: str) -> None:
    assert told(text) == []


def test_a_name_in_a_note_is_of_whom_it_is_told_and_stays_out_of_the_reason() -> None:
    found = [each for each in detect("Agnieszka in hospital since Tuesday") if each.type == "health"]
    assert len(found) == 1
    assert "Agnieszka" not in found[0].why
