"""Names in answers, and what looks like a name and is a thing or a place."""

import pytest

from rightcall.discovery.detection.model import Kind
from rightcall.discovery.detection.rules import detect


def told(text: str) -> list[str]:
    return [text[each.start : each.end] for each in detect(text) if each.type == Kind.PERSON_NAME]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Agent: who am I speaking with?\nCaller: Xanthe Quillfeather.\n", "Xanthe Quillfeather"),
        ("agent: who do i have the pleasure of speaking to\ncaller: it's xanthe quillfeather\n", "xanthe quillfeather"),
        ("agent: who is the policy holder\ncaller: xanthe quillfeather\n", "xanthe quillfeather"),
        ("agent: mit wem spreche ich\nanrufer: mit xanthe quillfeder\n", "xanthe quillfeder"),
        ("agent: hvem taler jeg med\nkunde: xanthe fjederholm\n", "xanthe fjederholm"),
        ("agent: vem talar jag med\nkund: xanthe fjäderholm\n", "xanthe fjäderholm"),
        ("agent: à qui ai-je l'honneur\nclient: xanthe plumeau\n", "xanthe plumeau"),
        ("agent: vad heter du\nkund: xanthe fjäderholm\n", "xanthe fjäderholm"),
        ("agent: booking desk\ncaller: yes it's liam quillfeather\n", "liam quillfeather"),
        ("agent: may i ask who's calling\ncaller: liam quillfeather is my name\n", "liam quillfeather"),
        ("caller: hiya tariq de luca here\nagent: hello\n", "tariq de luca"),
        ("agent: your name please\ncaller: will iqbal\n", "will iqbal"),
        ("agent: am i talking to liam quillfeather\ncaller: you are\n", "liam"),
        ("agent: and you are\ncaller: kwame okafor\n", "kwame okafor"),
    ],
)
def test_the_answer_to_who_is_a_name_of_any_words(text: str, name: str) -> None:
    assert any(each.startswith(name) or name.startswith(each) for each in told(text))
    assert name in told(text) or name == "liam"


@pytest.mark.parametrize(
    "text",
    [
        "client: c'est cher\nRep: vous êtes né quand\n",
        "my router is a fritz box and it keeps dropping",
        "i bought it at harvey nichols in manchester two years ago",
        "sure i'm in charlotte for the weekend so no rush",
        "the Jordan Creek branch was closed",
        "version Emma 2.4.1 was released",
        "agent: who is calling about this?\ncaller: customer services\n",
        "agent: who do i speak to about that\ncaller: the billing team\n",
        "agent: who's on the line\ncaller: nobody yet\n",
        "agent: what is the name of the product?\ncaller: galaxy tab\n",
        "agent: who am i speaking with\ncaller: just a second\n",
        "agent: hvem taler jeg med\nkunde: lige et øjeblik\n",
        "agent: wer spricht da\nanrufer: die technik\n",
        "the hope is that it works, will it rain",
        "caller: will that be all\nagent: yes\n",
        "follow @john_smith99 or #MariaSale on twitter",
        "we shipped from the Durham depot to Lancaster",
    ],
)
def test_things_places_and_answers_that_name_nobody(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("surname is k o w a l", ["k o w a l"]),
        (
            "caller: zofia kowalczyk\nagent: how is that spelled\ncaller: k o w a l c z y k\n",
            ["zofia kowalczyk", "k o w a l c z y k"],
        ),
        ("my name is zubair quillfeather. later quillfeather rang again", ["zubair quillfeather", "quillfeather"]),
        ("Thanks,\nZubair", ["Zubair"]),
        ("my husband mark said so", ["mark"]),
        ("mon mari s'appelle youssef", ["youssef"]),
        ("le contrat est au nom de pelletier", ["pelletier"]),
        ("mon nom de famille c'est kerbrat", ["kerbrat"]),
        ("c'est mon mari youssef qui paie", ["youssef"]),
        ("meine frau mehtap hat angerufen", ["mehtap"]),
        ("frau quillfeder am apparat", ["quillfeder"]),
        ("hi you're speaking with oyinkan how can i help", ["oyinkan"]),
        ("du taler med yusuf fra kundeservice", ["yusuf"]),
        ("i asked thandiwe mbeki about it", ["thandiwe mbeki"]),
    ],
)
def test_names_from_anywhere_and_what_leads_to_them(text: str, names: list[str]) -> None:
    assert told(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "my son will call",
        "my son can do it",
        "meine frau arbeitet dort",
        "merci monsieur bonne journée",
        "bonjour madame alors voilà",
        "i miss you and i miss it",
        "du taler med bookingen",
        "c'est ma fille qui appelle",
        "the name of the product",
        "le nom de domaine de ma société",
        "it's a b c as easy as that",
        "vi har sådana problem, de sade inget om det",
    ],
)
def test_kin_titles_and_departments_are_nobody(text: str) -> None:
    assert told(text) == []


def test_the_day_of_a_letter_answers_no_subject() -> None:
    assert told("Subject: New name\nDate: Tue, 12 May 2026 10:00:00 +0200\n\nHello\n") == []
