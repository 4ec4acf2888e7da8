"""Children's ages and years of school, as people say them and as notes have them."""

import pytest

from rightcall.discovery.detection.rules import detect


def minors(text: str) -> list[str]:
    return ["…".join(text[start:end] for start, end in each.stretches) for each in detect(text) if each.type == "minor"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("min datter på 9 har epilepsi", "datter på 9"),
        ("Vores tolvårige søn tør ikke gå ud", "tolvårige søn"),
        ("Mor til Anders (5 år) aflyser", "5 år"),
        ("La mère de Cédric (7 ans) annule", "7 ans"),
        ("Die Mutter von Kerstin Lindenthal (5 Jahre alt) rief an", "5 Jahre alt"),
        ("ich möchte meinen sohn anmelden er ist sechs", "sohn…er ist sechs"),
        ("agent: how old is she\ncaller: eighteen months\n", "eighteen months"),
        ("agent: hvor gammel er han\nkunde: han er fire\n", "fire"),
        ("agent: quel âge a-t-elle\nclient: elle a huit ans\n", "huit ans"),
        ("He's in Year 4.", "in Year 4"),
        ("mein Sohn geht in die 4. Klasse", "in die 4. Klasse"),
        ("hon går i trean", "går i trean"),
        ("i want to enrol my boys they are six and eight\n", "boys they are six and eight"),
        ("Mother of 2 kids (6, 9). Callback", "kids (6, 9)"),
        ("two adults and two kids under ten\n", "kids under ten"),
        ("and my son (8) needs a seat", "son (8)"),
        ("Son 15, school informed", "Son 15"),
        ("barnen är 4 och 6", "barnen är 4 och 6"),
    ],
)
def test_a_child_and_how_old_it_is(text: str, value: str) -> None:
    assert minors(text) == [value]


@pytest.mark.parametrize(
    "text",
    [
        "my son is 12 minutes late",
        "my son at 12 Oak Road",
        "my son, 5 Oak Road, Leeds",
        "my kids have 2 phones",
        "two kids and 3 adults",
        "my child 1 of 3",
        "the girl in the shop was 5 minutes late",
        "for my son's phone, 5 pounds a month",
        "year two of the contract",
        "my daughter is 19",
        "agent: how old is the boiler\ncaller: nine years\n",
        "un dégât mineur, une rayure mineure",
        "i live next to the primary school",
        "a toddler bed for my flat",
    ],
)
def test_what_is_no_childs_age(text: str) -> None:
    assert minors(text) == []


def test_the_name_between_a_child_and_its_age_stays_a_name() -> None:
    text = "min datter Ida på seks år"
    assert [(str(each.type), text[each.start : each.end]) for each in detect(text)][1] == ("person_name", "Ida")


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("A: how old's the little one\nC: ten months\n", "ten months"),
        ("A: wie alt sind die kinder denn\nC: vier und sieben\n", "vier und sieben"),
        ("A: quel âge ont les enfants\nC: quatre et sept ans\n", "quatre et sept ans"),
        ("our youngest is fourteen", "youngest is fourteen"),
        ("min dotter 9 år har tappat den", "dotter 9 år"),
        ("my 8 year old dropped it", "8 year old"),
        ("i'm fifteen does my mum have to be here", "fifteen"),
        ("i'm fifteen minutes away", None),
        ("i'm seventeen in the queue", None),
        ("A: how old's your boiler\nC: ten years\n", None),
        ("my daughter's car 9 years ago", None),
    ],
)
def test_children_as_callers_speak_of_them(text: str, age: str | None) -> None:
    found = [text[each.start : each.end] for each in detect(text) if each.type == "minor"]
    assert found == ([age] if age else [])
