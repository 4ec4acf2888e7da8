"""Danish telephone numbers with nothing by them that says so, and what has their form and is none."""

import pytest

from rightcall.discovery.detection.rules import detect


def phones(text: str) -> list[str]:
    return [text[each.start : each.end] for each in detect(text) if each.type == "phone"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Tak for sidst, vi ses mandag.\nKærlig hilsen Aase\n42 71 60 93\n", ["42 71 60 93"]),
        ("Det nye er 60827144, det andet er opsagt\n", ["60827144"]),
        ("Min genbo (31 64 20 97) har en nøgle\n", ["31 64 20 97"]),
        ("91402866 - ingen besked lagt, prøver igen\n", ["91402866"]),
        ("kunde 50 71 22 64 vil opsige sin aftale\n", ["50 71 22 64"]),
        ("Vognmanden: 75.34.18.62, han venter ved porten\n", ["75.34.18.62"]),
        ("Hun kan bedst 3064 1729 eller 3064 1728 efter arbejde\n", ["3064 1729", "3064 1728"]),
        ("Ordre 44718823 er forsinket, og jeg er på 28 40 19 63 hele dagen\n", ["28 40 19 63"]),
    ],
)
def test_told_in_a_danish_text(text: str, told: list[str]) -> None:
    assert phones(text) == told


@pytest.mark.parametrize(
    "text",
    [
        "Vi har ikke modtaget ordre 44718823 endnu\n",
        "Vedr. sag 44 71 88 23, som jeg ikke har hørt om\n",
        "Bilagene er 44718823, 44718824 og 44718825, tak\n",
        "Kampagnen løb fra 24112026 og til 20261231\n",
        "Der er aflæst 40 61 12 90 og ikke mere\n",
        "Jeg har fået 40611290 kr for meget\n",
        "A: Hvad er dit kundenummer?\nB: 40182266\nA: tak\n",
        "61374490 er mit ordrenummer, ikke noget andet\n",
        "Betal til +71<000000028417730+86415577< og ikke andre steder\n",
        "Vores åbningstid er 20 15 21 30\n",
        "Die Anlage hat 42 16 37 45 Punkte und das ist alles\n",
        "A: Hvad er nummeret på pakken?\nB: øh det er vist 40612793\n",
        "Hej, det drejer sig om 40612793. Den mangler stadig.\n",
        "Varerne 40612793 og 40612794 er ikke på lager\n",
        "The part is 42163745 and that is what you have\n",
    ],
)
def test_another_number_of_that_form_is_none(text: str) -> None:
    assert phones(text) == []
