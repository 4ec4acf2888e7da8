"""IP addresses as speech recognition writes them; versions, prices and times with dots are none."""

import pytest

from rightcall.discovery.detection.dialogue import detect_turns
from rightcall.discovery.parts import Turn, Turns


def told(*turns: str) -> list[str]:
    """Of two who speak in turn."""
    said = tuple(Turn(number % 2, text) for number, text in enumerate(turns))
    found = detect_turns(Turns(object="call", turns=said, bytes=1))
    return [each.written.reveal("compare") for each in found if each.type == "ip_address" and each.written]


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("one zero dot one four dot zero dot one four one", "10.14.0.141"),
        ("two o three dot o dot one one three dot two four two", "203.0.113.242"),
        ("two o three dot o dot double one three dot one o nine", "203.0.113.109"),
        ("one ninety two dot one sixty eight dot one dot oh", "192.168.1.0"),
        ("one hundred and ninety two point one hundred and sixty eight point zero point one", "192.168.0.1"),
        ("ten dot zero dot zero dot triple one", "10.0.0.111"),
        ("one nine two dot uh one six eight dot um one dot fifty four", "192.168.1.54"),
        ("eins neun zwo punkt null punkt zwo punkt eins vier drei", "192.0.2.143"),
        ("hundertzweiundneunzig punkt hundertachtundsechzig punkt null punkt eins", "192.168.0.1"),
        ("dix point quatorze point zéro point deux deux quatre", "10.14.0.224"),
        ("deux cent trois point zéro point cent treize point deux cent trente-six", "203.0.113.236"),
        ("en ni to punktum nul punktum to punktum to en ni", "192.0.2.219"),
        ("et hundrede og tooghalvfems prik nul prik to prik syv", "192.0.2.7"),
        ("ett noll punkt ett fyra punkt noll punkt ett fem fem", "10.14.0.155"),
        ("tio punkt fjorton punkt noll punkt nitton", "10.14.0.19"),
        ("ett nio två prick noll prick två prick ett två fem", "192.0.2.125"),
    ],
)
@pytest.mark.parametrize(
    "around",
    [
        "type {} into the browser",
        "the gateway is {}",
        "skriv {} i webbläsaren",
        "it's ip {} okay",
        "prøv at skrive i browseren {}",
    ],
)
def test_an_address_however_it_is_said(said: str, address: str, around: str) -> None:
    assert told("what's next for the router", around.format(said), "thanks") == [address]


@pytest.mark.parametrize(
    "turns",
    [
        ("what's the ip", "one nine two dot", "yes", "one six eight dot", "okay", "one dot", "go on", "twenty"),
        ("which i p address", "one nine two dot one six eight", "got that", "dot one dot twenty"),
        ("hvad er ip-adressen", "en ni to punktum", "ja", "en seks otte punktum et punktum", "ja", "tyve"),
        ("vilken ip adress", "ett nio två punkt ett sex åtta", "okej", "punkt ett punkt tjugo"),
        ("die ip adresse bitte", "eins neun zwei punkt eins sechs acht punkt", "ja", "eins punkt zwanzig"),
    ],
)
def test_over_several_turns(turns: tuple[str, ...]) -> None:
    assert told(*turns) == ["192.168.1.20"]


def test_a_version_that_was_told_before_does_not_hide_an_address() -> None:
    assert told("routern visar version sex tre ett tre", "skriv ett noll punkt ett fyra punkt noll punkt ett fem fem") == [
        "10.14.0.155"
    ]
    assert told("firmware 8.4.1.6 on the router", "type in ten dot fourteen dot zero dot nine") == ["10.14.0.9"]


@pytest.mark.parametrize(
    "turns",
    [
        ("which version", "two dot four dot one dot seven"),
        ("what firmware is on the router", "five dot eleven dot eight dot two"),
        ("hello", "the app version is twenty four dot forty one dot three dot nine"),
        ("welche version", "fünf punkt elf punkt acht punkt zwei"),
        ("what does it cost", "one point five or two point five or three point five or four"),
        ("the scores", "nine point one, eight point two, seven point three"),
        ("any ip", "three hundred dot one dot two dot three"),
    ],
)
def test_what_has_dots_too_is_none(turns: tuple[str, ...]) -> None:
    assert told(*turns) == []
