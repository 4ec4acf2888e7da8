"""Names: with capitals and without, known and unknown, and what is no name."""

import pytest

from rightcall.discovery.detection.context import columns_of
from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.rules import detect


def names(text: str, least: float = 0.4) -> list[str]:
    return [text[each.start : each.end] for each in detect(text, least=least) if each.type == Kind.PERSON_NAME]


def first(text: str) -> Finding:
    return next(each for each in detect(text, least=0) if each.type == Kind.PERSON_NAME)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thanks, Sarah. The rest is fine.", ["Sarah"]),
        ("SARAH JONES called", ["SARAH JONES"]),
        ("sarah jones called about her bill", ["sarah jones"]),
        ("my name is chukwuemeka obiora and i moved", ["chukwuemeka obiora"]),
        ("the name is Xanthe Quill", ["Xanthe Quill"]),
        ("Jean-Luc Moreau et Marie-Claire Petit", ["Jean-Luc Moreau", "Marie-Claire Petit"]),
        ("Mr. O'Brien and Ms. Lindqvist-Berg", ["O'Brien", "Lindqvist-Berg"]),
        ("Best regards,\nTamsin Oyelaran\nAcme", ["Tamsin Oyelaran"]),
        ("this is zsofia speaking", ["zsofia"]),
        ("hier spricht Ludger von der Heide", ["Ludger von der Heide"]),
        ("Sarah's bill", ["Sarah"]),
        ("We will send it back by Friday.\nYours, K. Wraxhollow", ["K. Wraxhollow"]),
        ("We will send it back by Friday.\nRegards,\nK. J. Wraxhollow\n", ["K. J. Wraxhollow"]),
        ("present: the board; apologies B. Quenneborough", ["B. Quenneborough"]),
        ("It was left by Martin Haddock to Thessaly Haddock, his niece.", ["Martin Haddock", "Thessaly Haddock"]),
    ],
)
def test_names_are_told_whole(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_a_name_that_is_a_word_too_needs_more() -> None:
    assert names("we saw Rose in the hall") == []
    assert names("thanks Rose, bye") == ["Rose"]
    assert names("Rose Lindqvist came") == ["Rose Lindqvist"]
    assert first("thanks Rose, bye").confidence < first("thanks Sarah, bye").confidence


def test_an_email_address_nearby_confirms_a_name() -> None:
    plain, confirmed = first("Sarah Quill wrote"), first("Sarah Quill wrote, sarah.quill@caller.example")
    assert confirmed.confidence > plain.confidence
    assert "e-mail address nearby" in confirmed.why


def test_the_head_of_a_column_makes_names_of_words_that_we_do_not_know() -> None:
    head = "id,first_name,Nachname,product name,name"
    text = f'{head}\n1,Xanthe,"Quill, Jr",Clara,Router\n2,will,Price,Alma,Sarah Jones\n'
    got = [text[each.start : each.end] for each in detect(text, columns=columns_of(head)) if each.type == Kind.PERSON_NAME]
    assert got == ["Xanthe", "Quill, Jr", "will", "Price", "Sarah Jones"]


def test_the_turn_before_asks_for_it() -> None:
    assert names("agent: can i take your full name please\ncaller: yes it's grace murphy\nagent: thanks") == ["grace murphy"]
    assert names("agent: what is your name\ncaller: xanthe quill\nagent: thanks") == ["xanthe quill"]
    assert names("agent: what is your name\ncaller: why do you ask\nagent: well") == []


def test_a_name_that_is_a_word_without_a_capital() -> None:
    assert names("Anders ringer igen") == ["Anders"]
    assert names("das geht ganz anders") == []


def test_why_says_what_spoke_for_it_and_never_the_name() -> None:
    found = first("my name is Sarah Quill")
    assert found.why == "“my name” introduces it"
    assert first("Frau Lehmann").why == "the title “frau” stands before it"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("First name Olumide\nLast name Brandvold\nTown Hull\n", ["Olumide", "Brandvold"]),
        ("her maiden name Ashdown. She moved", ["Ashdown"]),
        ("Claimant: Nwachukwu, Grace\n", ["Nwachukwu, Grace"]),
        ("user T. Gill is locked out", ["T. Gill"]),
        ("Tara O. Lindqvist and Moira I. Sandhu", ["Tara O. Lindqvist", "Moira I. Sandhu"]),
        ("Il remplace Jean-Marc depuis lundi", ["Jean-Marc"]),
        ("je transmets à marie-luce\n", ["marie-luce"]),
        ("navn=Søren Kjær\n", ["Søren Kjær"]),
        ("name=John Smith;phone=1\n", ["John Smith"]),
        ("GET /x?first_name=Wanjiru&last_name=Odhiambo", ["Wanjiru", "Odhiambo"]),
    ],
)
def test_names_on_forms_and_in_notes(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("agent: and the surname\ncaller: grobelnik\n", ["grobelnik"]),
        ("agent: votre nom de jeune fille\n[00:12] client: kervadec\n", ["kervadec"]),
        ("agent: wie wird der nachname geschrieben\nkunde: m e h r t a u\n", ["m e h r t a u"]),
        ("agent: hvad hedder din mor\nkunde: else krabsen\n", ["else krabsen"]),
        ("agent: och mamma heter\nkund: birgitta vrang\n", ["birgitta vrang"]),
        ("caller: it's sarah quimble calling about my bill\n", ["sarah quimble"]),
    ],
)
def test_a_part_of_a_name_that_is_asked_for(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "og hans telefon er ny",
        "rappelez après dix heures",
        "och pappa heter\nspeaker 2: jaha",
        "Dear Accounts\n\nPlease pay",
        "min kollega sa att det var klart",
        "1. Gill\nA. Miete\nB. Strom\n",
        "caller: mike lima six eight oscar papa x-ray",
        "display_name=Default Theme\nname=postgres",
    ],
)
def test_nobody_is_named(text: str) -> None:
    assert names(text) == []


def test_a_text_that_is_a_table_has_its_names_under_their_heads() -> None:
    assert names("nom;prenom;ville\nKervadec;Solenn;Brest\nQuimble;Xanthe;Lyon\n") == ["Kervadec", "Solenn", "Quimble", "Xanthe"]
    assert names('"id","name","address"\n"7","Trevor Quimble","5 Mill Lane, Hull HU1 2AB"\n') == ["Trevor Quimble"]
    assert names("nom;prenom;ville\nune phrase; puis une autre\n") == []
