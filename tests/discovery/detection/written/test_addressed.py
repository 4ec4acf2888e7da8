"""Names that are words too, double names, names with small words before them, and the order that lists have."""

import pytest

from rightcall.discovery.detection.model import Kind
from rightcall.discovery.detection.rules import detect


def told(text: str) -> list[str]:
    return [text[each.start : each.end] for each in detect(text) if each.type == Kind.PERSON_NAME]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("agent: thank you dawn\n", "dawn"),
        ("agent: that's lovely thanks rose\n", "rose"),
        ("agent: danke, Rose, das war alles\n", "Rose"),
        ("caller: hiya it's mark from the flat upstairs\n", "mark"),
        ("caller: hello it's rose here i rang on monday\n", "rose"),
        ("agent: so the driver's called dawn and he has a van\n", "dawn"),
        ("agent: OK, Rich, you are covered from Friday.\n", "Rich"),
        ("agent: And who comes along with you, Joy?\n", "Joy"),
        ("caller: could i speak to rose please\n", "rose"),
        ("caller: can you put me through to mark or somebody else\n", "mark"),
        ("agent: parcels desk mark speaking\n", "mark"),
        ("agent: your name please\ncaller: mark\n", "mark"),
        ("agent: and your name\ncaller: will baker\n", "will baker"),
        ("agent: what's the name\n[01:12] caller: will okonkwo\n", "will okonkwo"),
        ("caller: it is rich okonkwo who signed\n", "rich okonkwo"),
        ("caller: tell her yusuf rivers rang about the boiler\n", "yusuf rivers"),
        ("caller: i'm here for carys woods and my dog\n", "carys woods"),
        ("kund: nej det är min sambo rose lindqvist\n", "rose lindqvist"),
        ("kunde: nein das ist meine frau rose brinkmann\n", "rose brinkmann"),
        ("agent: and the beneficiary\ncaller: kwame boateng\n", "kwame boateng"),
        ("agent: et le titulaire\nclient: gaël le goff\n", "gaël le goff"),
    ],
)
def test_a_word_that_is_a_name_is_one_where_somebody_is_called_by_it(text: str, name: str) -> None:
    assert name in told(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("agent: thank you mr van der berg what can i do\n", "van der berg"),
        ("caller: i saw doctor de la cruz on tuesday\n", "de la cruz"),
        ("client: j'ai vu le docteur petit hier\n", "petit"),
        ("client: un monsieur da silva m'a rappelé\n", "da silva"),
        ("anrufer: ich möchte frau von rabenau sprechen\n", "von rabenau"),
        ("Nachname: von Rabenau\nVorname: Olena\n", "von Rabenau"),
        ("caller: yes it's declan van der berg\n", "declan van der berg"),
        ("client: je m'appelle maëlys da silva\n", "maëlys da silva"),
        ("kunde: det er karl-emil jakobsen\n", "karl-emil jakobsen"),
        ("anrufer: hier ist hans-peter grünwald\n", "hans-peter grünwald"),
        ("kund: jag heter anna-karin lindgren-östlund\n", "anna-karin lindgren-östlund"),
        ("caller: it's ezekiel adeyemi-clarke\n", "ezekiel adeyemi-clarke"),
        ("caller: this is hyun-woo kim\n", "hyun-woo kim"),
        ("Signed by Hyun-woo Kim on Monday", "Hyun-woo Kim"),
    ],
)
def test_double_names_and_those_with_small_words_before_them(text: str, name: str) -> None:
    assert name in told(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Clt Bonnefoy Ghislaine a rappelé, litige en cours", "Bonnefoy Ghislaine"),
        ("Clt de la Roche Fernand a rappelé", "de la Roche Fernand"),
        ("caller: it says ramaswamy rosalind on the letter\n", "ramaswamy rosalind"),
        ("Kd. Kaya, Gisela rief an wg. Mahnung", "Kaya, Gisela"),
        ('12,"Pryce-Jones, Mark",27.3.78\n', "Pryce-Jones, Mark"),
        ("Kd Love Åkerblom ringde ang påminnelse", "Love Åkerblom"),
        ("Vehicle seen, keeper Xin MacAllister, bay 17", "Xin MacAllister"),
        ("chased eng Ezekiel, job moved to Friday", "Ezekiel"),
        ('{"agent": "Rhys", "queue": "retentions"}', "Rhys"),
        ('{"handled_by": "Beatriz", "minutes": 4}', "Beatriz"),
        ("spoke w/ Declan(Mbeki's wife). hold collections", "Mbeki"),
    ],
)
def test_names_as_lists_and_notes_have_them(text: str, name: str) -> None:
    assert name in told(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Bien à toi,\nBérénice\n", "Bérénice"),
        ("Amitiés,\nHakim\n", "Hakim"),
        ("Hej Mohamud,\n\nTack för senast.\n", "Mohamud"),
        ("Bonjour Gaël,\n\nVoici le dossier.\n", "Gaël"),
        ("agent: can you spell that for me\ncaller: sure w a r s a m e\n", "w a r s a m e"),
        ("agent: können sie das buchstabieren\nanrufer: ja b ä u m l e r\n", "b ä u m l e r"),
        ("caller: yeah it's jodie van der berg\nagent: and is that v a n d e r b e r g\n", "v a n d e r b e r g"),
        ("caller: it's mark okonkwo\nagent: right mark all i need is the date\n", "mark"),
        ("agent: votre nom\n[00:57] client: vandenbrouck comme lui\n", "vandenbrouck"),
    ],
)
def test_letters_greetings_and_answers(text: str, name: str) -> None:
    assert any(each.startswith(name) for each in told(text))


@pytest.mark.parametrize(
    "text",
    [
        "har i lampen astrid i grøn",
        "finns soffan ebba i grått",
        "la robe clémentine existe en bleu",
        "Stock: 4 x lampe Margot, 2 x fauteuil Oscar",
        "12 x Mr Muscle 750ml",
        "caller: m seven two victor h\n",
        "caller: it's a hire car n mike two oh\n",
        "on se retrouve par là demain",
        "client: je suis honoré de vous parler, j'ai aimé et désiré ce produit\n",
        "caller: thank you will that be all\n",
        "agent: it's may already\n",
        "kund: jag är hemma hela dagen från måndag\n",
        "Ja, från 2025-02-20.",
        "it's rich and creamy, a grace period of two weeks",
        "the mark on the card, the dawn of the day and joy to the world",
        "the road will fork, a long-term plan, check-in and mark-up",
        "version Oscar 2.4.1 is out",
        "das kleid rosa in grün",
    ],
)
def test_goods_letters_and_words_are_no_names(text: str) -> None:
    assert told(text) == []
