"""Cues of special categories: of whom they are told, and of what they are not."""

import pytest

from rightcall.discovery.detection.context import columns_of
from rightcall.discovery.detection.model import SPECIAL, Kind
from rightcall.discovery.detection.rules import detect
from rightcall.discovery.detection.written.cues import cues


def cues_in(text: str) -> list[tuple[str, str]]:
    return [(str(each.type), text[each.start : each.end]) for each in detect(text) if each.type in SPECIAL]


def test_a_no_tells_as_much_as_a_yes() -> None:
    yes, no = detect("she has allergies")[0], detect("she has no allergies")[0]
    assert yes.type == no.type == Kind.HEALTH
    assert yes.confidence == no.confidence
    assert "negation" in no.why
    assert "negation" not in yes.why


def test_a_word_of_much_else_counts_only_of_a_person() -> None:
    assert cues_in("the hospital opened a new wing") == []
    assert cues_in("my wife is in hospital") == [("health", "hospital")]
    assert cues_in("The hospital opened. My bill is wrong.") == [], "a person of another sentence"


@pytest.mark.parametrize("text", ["cancer research", "the cancer charity shop", "a fingerprint reader for my door"])
def test_what_makes_something_else_of_it_is_seen(text: str) -> None:
    assert cues_in(text) == []


def test_without_accents_and_with_capitals() -> None:
    assert cues_in("ELLE EST DIABETIQUE") == [("health", "DIABETIQUE")]
    assert cues_in("elle est diabétique") == [("health", "diabétique")]


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("my son is 12 years old", True),
        ("my daughter, a 9-year-old", True),
        ("my son is 18 years old", False),
        ("the contract is 12 years old", False),
        ("il a 7 ans", True),
        ("j'ai 7 ans de garantie", False),
        ("hendes datter er 4 år gammel", True),
    ],
)
def test_ages_of_children(text: str, is_told: bool) -> None:
    assert [kind for kind, _ in cues_in(text)] == ["minor"] * is_told


def test_columns_tell_even_where_they_say_no() -> None:
    head = "id,religion,diagnosis,union member,race"
    text = f"{head}\n1,none,asthma,no,\n"
    got = [(each.type, text[each.start : each.end]) for each in detect(text, columns=columns_of(head))]
    assert got == [("health", "asthma"), ("trade_union", "no")]


def test_every_category_has_cues_in_each_language() -> None:
    kinds = {cue.kind for each in cues().values() for cue in each}
    assert kinds == set(SPECIAL)
    assert all(cue.phrase == cue.phrase.lower() for each in cues().values() for cue in each)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Er ist HIV-positiv", [("health", "HIV-positiv")]),
        ("I have MS", [("health", "I have MS")]),
        ("Do I have MS Office or not", []),
        ("my golf handicap is 12", []),
        ("she has a handicap", [("health", "handicap")]),
        ("wegen Betrugs verurteilt", [("criminal_offence", "wegen Betrugs verurteilt")]),
        ("Hun er medlem af Socialdemokratiet", [("political_opinion", "medlem af Socialdemokratiet")]),
        ("han är medlem i Moderaterna", [("political_opinion", "medlem i Moderaterna")]),
        ("Er ist Muslim", [("religion_or_belief", "Muslim")]),
        ("I fast in Ramadan", [("religion_or_belief", "Ramadan")]),
    ],
)
def test_what_somebody_is_or_did_is_told_and_what_sounds_alike_is_not(text: str, told: list[tuple[str, str]]) -> None:
    assert cues_in(text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("i broke my wrist on monday so typing is slow", [("health", "broke my wrist")]),
        ("she takes sertraline and has copd", [("health", "sertraline"), ("health", "copd")]),
        ("my husband had a hip replacement in may", [("health", "hip replacement")]),
        ("ich habe einen bandscheibenvorfall", [("health", "bandscheibenvorfall")]),
        ("mon fils a une entorse", [("health", "entorse")]),
        ("jeg har kol og får blodfortyndende", [("health", "kol"), ("health", "blodfortyndende")]),
        ("jag är sjukskriven för utmattningssyndrom", [("health", "sjukskriven"), ("health", "utmattningssyndrom")]),
        ("ich bin aus der kirche ausgetreten", [("religion_or_belief", "aus der kirche ausgetreten")]),
        ("ich bin mitglied der ig metall", [("trade_union", "mitglied der ig metall")]),
        ("je suis déléguée cgt", [("trade_union", "déléguée cgt")]),
        ("han er medlem af 3f", [("trade_union", "medlem af 3f")]),
        ("jag är medlem i kommunal", [("trade_union", "medlem i kommunal")]),
        ("agent: and your ethnic background\ncaller: black caribbean\n", [("ethnic_origin", "black caribbean")]),
        ("agent: what's your religion\ncaller: i'm hindu\n", [("religion_or_belief", "hindu")]),
    ],
)
def test_everyday_words_for_it(text: str, told: list[tuple[str, str]]) -> None:
    assert cues_in(text) == told


@pytest.mark.parametrize(
    "text",
    [
        "jag har haft problem med bredbandet",
        "what is your ethnic origin, if you want to say",
        "my account is disabled",
        "jag har bytt sida i appen",
        "er ist größer als ich dachte",
        "i was charged with a fee of ten pounds",
        "ich wohne neben der kirche",
        "i lent him my phone",
        "my black case is in the white van",
        "agent: which colour did you order\ncaller: black\n",
        "can i go faster on my line",
        "nous avons reçu le même colis, c'est bon",
    ],
)
def test_everyday_words_that_tell_nothing(text: str) -> None:
    assert cues_in(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("caller: i've been signed off twice and i've only got one kidney\n", "health"),
        ("caller: they took her in for an x ray\n", "health"),
        ("caller: she's got p t s d since the accident\n", "health"),
        ("caller: my son has a d h d\n", "health"),
        ("anrufer: ich hab seit drei tagen fieber\n", "health"),
        ("anrufer: ja wegen meiner schilddrüse\n", "health"),
        ("anrufer: ich bin seit montag krankgeschrieben\n", "health"),
        ("client: je suis en arrêt maladie pour une hernie discale\n", "health"),
        ("client: ma fille est malentendante\n", "health"),
        ("kunde: jeg er sygemeldt med en diskusprolaps\n", "health"),
        ("kunde: min mand har fået en pacemaker\n", "health"),
        ("kund: jag har ont i nacken efter krocken\n", "health"),
        ("kund: hon är sjukskriven för utmattning\n", "health"),
        ("acc holder in hosp w/ stroke. hold collections", "health"),
        ("cust is Jewish, no visits fri pm/sat", "religion_or_belief"),
        ("kund äter halal, notera", "religion_or_belief"),
        ("Der Mieter ist strenggläubig", "religion_or_belief"),
        ("Elle est élue au cse, adhérente cfdt", "trade_union"),
        ("er ist Mitglied der IG Metall", "trade_union"),
        ("hun er medlem af dansk metal og tillidskvinde", "trade_union"),
        ("kund: ja jag är med i facket\n", "trade_union"),
        ("caller: i'm gay and so is my partner\n", "sex_life"),
    ],
)
def test_more_words_for_it(text: str, kind: str) -> None:
    assert kind in [each for each, _ in cues_in(text)]


@pytest.mark.parametrize(
    "text",
    [
        "agent: hello am i speaking with ms dragomir\n",
        "agent: and sexual orientation\ncaller: i'd rather not say\n",
        "agent: okay and your religion if any\ncaller: i'd rather not say\n",
        "caller: it is p t s f d for the postcode\n",
        "my parcel was damaged and the tablets do not charge",
        "we signed off the project and aborted the upload",
        "kund: jag behöver samma sida på mina sidor\n",
        "ils ont reçu la facture pour l'opération bancaire",
    ],
)
def test_titles_questions_and_other_senses_tell_nothing(text: str) -> None:
    assert cues_in(text) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Faith or belief: Buddhist\nUnion: GMB\n", [("religion_or_belief", "Buddhist"), ("trade_union", "GMB")]),
        ("Ethnic origin: Tamil\nSexual orientation: bisexual\n", [("ethnic_origin", "Tamil"), ("sex_life", "bisexual")]),
        ("Gewerkschaft: IG BAU\nKonfession: rk\n", [("trade_union", "IG BAU"), ("religion_or_belief", "rk")]),
        ("Syndicat : FO\n", [("trade_union", "FO")]),
        ("Handicap: dövblind\n", [("health", "dövblind")]),
        ("her sick note says shin splints and rest\n", [("health", "shin splints and rest")]),
    ],
)
def test_a_form_and_a_paper_tell_what_stands_behind(text: str, told: list[tuple[str, str]]) -> None:
    assert cues_in(text) == told


@pytest.mark.parametrize("text", ["any allergies\n", "agent: any allergies\ncaller: no\n", "and your religion?\n"])
def test_a_question_tells_nothing(text: str) -> None:
    assert cues_in(text) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("agent: your ethnicity\n[00:31] caller: sami\n", [("ethnic_origin", "sami")]),
        ("agent: which religion shall i put\n[02:05] caller: sikh\n", [("religion_or_belief", "sikh")]),
    ],
)
def test_an_answer_may_have_its_time_before_it(text: str, told: list[tuple[str, str]]) -> None:
    assert cues_in(text) == told


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("hendes datter er 11 år", "11 år"),
        ("min son fyller nio år på lördag", "nio år"),
        ("unsere Tochter ist 5 Jahre", "5 Jahre"),
        ("meine 8-jährige Tochter", "8-jährige"),
        ("ma fille de six ans", "six ans"),
        ("our grandson is 14, he plays football", "14"),
        ("my 3 year old has a fever", "3 year old"),
        ("the baby is 10 weeks old", "10 weeks old"),
    ],
)
def test_a_childs_age_as_people_say_it(text: str, value: str) -> None:
    found = [each for each in detect(text) if each.type == Kind.MINOR]
    assert [value in text[each.start : each.end] for each in found] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "garantien er 3 år",
        "han är kund på 7 år sedan",
        "sie ist 5 Jahre gültig",
        "the lease is 9 months old",
        "my 3 year old car won't start",
        "my son is 12 minutes late",
        "votre nom de jeune fille",
        "ja det stämmer",
        "the same thing again",
        "it drops off in 10 days",
    ],
)
def test_what_is_said_of_something_else(text: str) -> None:
    assert cues_in(text) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("he has a fractured elbow", ("health", "fractured elbow")),
        ("une luxation de l'épaule", ("health", "luxation de l'épaule")),
        ("seit meiner Hüftoperation", ("health", "Hüftoperation")),
        ("albuen er forstuvet", ("health", "albuen er forstuvet")),
        ("hon har stukat ankeln", ("health", "stukat ankeln")),
        ("efter blodproppen", ("health", "blodproppen")),
        ("wegen der Depressionen", ("health", "Depressionen")),
        ("a carrier test for fragile x", ("genetic", "carrier test for fragile x")),
        ("trägerin von brca1", ("genetic", "trägerin von brca1")),
        ("a caution for shoplifting", ("criminal_offence", "caution for shoplifting")),
        ("dömd för häleri", ("criminal_offence", "dömd för häleri")),
        ("i rang my usdaw rep", ("trade_union", "my usdaw rep")),
        ("kontingent til bupl", ("trade_union", "kontingent til bupl")),
        ("hun stemmer rødt", ("political_opinion", "stemmer rødt")),
        ("nach der Brustkrebs-OP", ("health", "Brustkrebs")),
        ("Krebs-Diagnose im Mai", ("health", "Krebs")),
        ("en brystkræft-patient", ("health", "brystkræft")),
        ("efter sin brystkræftoperation", ("health", "brystkræftoperation")),
        ("før hans hjerte-OP", ("health", "hjerte-OP")),
        ("min cancer-diagnos", ("health", "cancer")),
        ("a cancer-survivor", ("health", "cancer")),
    ],
)
def test_what_is_put_together(text: str, told: tuple[str, str]) -> None:
    assert cues_in(text) == [told]


def test_an_illness_says_more_than_its_treatment() -> None:
    assert cues_in("i have lymphoma and start treatment in may") == [("health", "lymphoma")]
    assert cues_in("my treatment starts in may") == [("health", "treatment")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("A: and any allergies\nC: egg\n", [("health", "egg")]),
        ("A: how would you describe your ethnicity\nC: i'd say cornish\n", [("ethnic_origin", "cornish")]),
        ("A: and any allergies\nC: hang on\n", []),
        ("A: and any allergies\nC: why do you ask\n", []),
        ("C: my rep from unite comes too\n", [("trade_union", "rep from unite")]),
        ("C: the union jack rug\n", []),
        ("C: i'm sorry for your loss\n", []),
    ],
)
def test_answers_in_any_words(text: str, told: list[tuple[str, str]]) -> None:
    assert cues_in(text) == told
