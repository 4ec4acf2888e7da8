"""What is wrong with a notice: the rules of form, what is passed and what never is. The corpus is in tests/notices."""

import tomllib
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rightcall
from rightcall.purposes.cues import cues_of, languages
from rightcall.purposes.faults import Severity
from rightcall.purposes.fitting import Wording, fit, voids
from rightcall.purposes.model import Keypad
from tests.registers import DEMO

REGISTER = Path(__file__).parents[2] / "docs" / "howto" / "register.md"
GOOD = (
    "May Example Energy record this call to train our agents? Press 1 for yes or 2 for no."
    " If you say no, we help you just the same. You can change your mind later."
)
# Seconds of the processor, for the longest text that may be a notice; 0.14 when it was measured.
LONGEST_READING = 3
CLASSIC = "Cet appel est susceptible d’être enregistré à des fins de qualité et de formation."


def found(wording: Wording) -> list[str]:
    return sorted({fault.kind.rule for fault in fit(wording).faults})


def test_every_language_has_the_same_signs() -> None:
    folder = Path(rightcall.__file__).parent / "purposes" / "wording"
    documents = [tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.toml"))]
    assert len({frozenset(document) for document in documents}) == 1
    sorts = {frozenset(document["purposes"]) for document in documents}
    assert sorts == {frozenset(document["better"].pop("purposes")) for document in documents}
    assert len(sorts) == len({frozenset(document["better"]) for document in documents}) == 1
    assert languages() == ("da", "de", "en", "es", "fi", "fr", "nl", "sv")
    assert all(cues_of(language) is not None for language in languages())


def registered() -> list[tuple[str, dict[str, Any]]]:
    documents = [tomllib.loads(DEMO.read_text(encoding="utf-8"))]
    documents += [tomllib.loads(REGISTER.read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0])]
    return [
        (controller["name"], notice)
        for document in documents
        for controller in document["controllers"]
        for purpose in controller["purposes"]
        for notice in purpose.get("notices", [])
    ]


@pytest.mark.parametrize(("controller", "notice"), registered())
def test_the_notices_we_ship_have_no_fault(controller: str, notice: dict[str, Any]) -> None:
    wording = Wording(text=notice["text"], language=notice["language"], keypad=Keypad(**notice["keypad"]), controller=controller)
    assert found(wording) == []


def test_it_says_where() -> None:
    text = (
        "May Example Energy record this call to train our agents? If you stay on the line you agree."
        " You can say no just as well, or withdraw."
    )
    (fault,) = fit(Wording(text=text)).faults
    assert text[fault.start : fault.end] == fault.words == "If you stay"
    assert fault.better == "Only a clear yes counts. If you say nothing, nothing is recorded."
    assert (fault.kind.rule, fault.kind.severity) == ("choice.opt_out", Severity.WRONG)
    assert "Art. 4(11)" in fault.kind.cite


@pytest.mark.parametrize("language", ["nb", "is", "et", "xx"])
def test_wording_that_cannot_be_read_is_never_passed(language: str) -> None:
    fitting = fit(Wording(text=GOOD, language=language))
    assert [fault.kind.rule for fault in fitting.faults] == ["language.not_read"]
    assert (fitting.passes, fitting.language) == (False, None)
    statement = fit(Wording(text=GOOD.replace("?", "."), language=language, keypad=Keypad(yes="1", no="3")))
    assert {fault.kind.rule for fault in statement.faults} == {
        "language.not_read",
        "ask.no_question_mark",
        "choice.no_is_harder_by_key",
    }


@pytest.mark.parametrize(("language", "mark"), [("ar", "؟"), ("ja", "？"), ("hy", "՞"), ("el", "; Ναι"), ("el", "\u037e")])
def test_a_question_is_one_in_every_script(language: str, mark: str) -> None:
    greek = "Μπορούμε να ηχογραφήσουμε αυτή την κλήση"
    fitting = fit(Wording(text=f"{greek if language == 'el' else GOOD.replace('?', '.')}{mark}", language=language))
    assert "ask.no_question_mark" not in {fault.kind.rule for fault in fitting.faults}


def test_too_few_words_to_tell_the_language_are_not_passed() -> None:
    assert found(Wording(text="Optagelse? Ja?")) == ["language.not_read"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fi", "Puhelu nauhoitetaan koulutustarkoituksiin. Jatkamalla puhelua hyväksyt nauhoituksen."),
        ("fi", "Puhelut tallennetaan."),
        ("sv", "Samtalet spelas in. Genom att stanna kvar godkänner du."),
        ("da", "Opkaldet optages."),
        ("de", "Anrufe werden aufgezeichnet."),
        ("nl", "Gesprek wordt opgenomen."),
        (None, "Rozmowa jest nagrywana w celach szkoleniowych."),
        (None, "Questa chiamata può essere registrata per scopi di qualità."),
        (None, "Símtalið er tekið upp."),
        (None, "Denne samtalen blir tatt opp for opplæring."),
    ],
)
def test_a_short_notice_is_known_by_what_it_says_of_recording(language: str | None, text: str) -> None:
    assert fit(Wording(text=text)).language == language


@pytest.mark.parametrize("language", ["nb", "pl"])
def test_void_words_are_found_whatever_language_they_are_filed_under(language: str) -> None:
    faults = fit(Wording(text="If you stay on the line you agree to be recorded by us.", language=language)).faults
    assert {fault.kind.rule for fault in voids(faults)} == {"choice.opt_out"}


def test_words_in_another_language_than_named_are_not_passed() -> None:
    fitting = fit(Wording(text=GOOD, language="da"))
    assert "language.not_as_named" in {fault.kind.rule for fault in fitting.faults}
    assert not fitting.passes


@pytest.mark.parametrize("tag", ["en", "en-GB"])
def test_a_region_is_read_as_its_language(tag: str) -> None:
    assert fit(Wording(text=GOOD, language=tag)).passes


@pytest.mark.parametrize(
    ("keypad", "rules"),
    [
        (Keypad(yes="1", no="2"), []),
        (Keypad(yes="1", no="3"), ["choice.no_is_harder_by_key"]),
        (Keypad(yes="1", no="22"), ["choice.no_is_harder_by_key"]),
        (Keypad(yes="1", no="1"), ["choice.no_is_harder_by_key"]),
        (Keypad(yes="5", no="2"), ["choice.keys_unsaid"]),
    ],
)
def test_keys_and_words_agree(keypad: Keypad, rules: list[str]) -> None:
    assert found(Wording(text=GOOD, keypad=keypad)) == rules


def test_the_controllers_own_name_is_what_counts() -> None:
    assert found(Wording(text=GOOD, controller="Example Energy")) == []
    assert found(Wording(text=GOOD, controller="Northwind Energy")) == ["informed.no_name"]


def test_how_it_was_typed_does_not_matter() -> None:
    for text in (CLASSIC, CLASSIC.replace("’", "'"), CLASSIC.upper(), CLASSIC.replace(" ", " \n ")):
        assert {"choice.no_refusal", "informed.vague_purpose"} <= set(found(Wording(text=text, language="fr")))


@given(st.text(max_size=400), st.sampled_from([None, "is", *languages()]))
def test_any_text_is_tried_on_and_every_place_is_in_it(text: str, language: str | None) -> None:
    for fault in fit(Wording(text=text, language=language)).faults:
        assert 0 <= fault.start <= fault.end <= len(text)


@pytest.mark.parametrize("language", languages())
def test_long_texts_are_read_in_no_time(language: str) -> None:
    text = ("if you do not want this and that or the other then we will not " * 90)[:5000]
    fit(Wording(text=GOOD, language=language))
    began = process_time()
    assert fit(Wording(text=text, language=language)).words > 900
    assert process_time() - began < LONGEST_READING


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Calls are recorded for training purposes. Stay on the line to agree."),
        ("da", "Vi optager samtalen. Bliv i røret for at acceptere."),
        ("de", "Wir zeichnen das Gespräch auf. Bleiben Sie in der Leitung, um zuzustimmen."),
        ("fr", "Cet appel est enregistré. Restez en ligne pour accepter."),
        ("es", "Grabamos su llamada. Permanezca en línea para aceptar."),
        ("fi", "Tallennamme puhelun. Pysy linjalla suostuaksesi."),
        ("nl", "Wij nemen dit gesprek op. Blijf aan de lijn om akkoord te gaan."),
        ("sv", "Vi spelar in samtalet. Stanna kvar i luren för att godkänna."),
    ],
)
def test_staying_on_the_line_to_agree_is_opt_out(language: str, text: str) -> None:
    assert "choice.opt_out" in {fault.kind.rule for fault in fit(Wording(text=text, language=language)).faults}


@pytest.mark.parametrize(
    "sentence",
    [
        "Hvis du bliver på linjen, siger du ja.",
        "Wenn Sie in der Leitung bleiben, stimmen Sie der Aufzeichnung zu.",
        "Si vous restez en ligne, vous acceptez que nous enregistrions.",
        "Si permanece en línea, entendemos que acepta que la llamada se grabe.",
        "Jos jatkat puhelua, hyväksyt tämän puhelun tallennuksen.",
        "Als u aan de lijn blijft, gaat u akkoord met de opname van dit gesprek.",
        "Om du stannar kvar i luren godkänner du att vi spelar in det.",
    ],
)
def test_a_sentence_in_another_language_is_read_in_that(sentence: str) -> None:
    """Planted in an English notice that is fair: whoever speaks the language would take silence for a yes."""
    text = f"{GOOD} {sentence}"
    (fault, *_) = [each for each in fit(Wording(text=text, language="en")).faults if each.kind.rule == "choice.opt_out"]
    assert fault.start > len(GOOD)


@pytest.mark.parametrize(
    ("uses", "rules"),
    [
        ("to train our agents", []),
        ("to train our agents and check invoices and keep a voiceprint to recognise you", ["choice.perhaps_bundled"]),
        ("to train our agents and to check invoices", ["choice.perhaps_bundled"]),
        ("so that our agents learn and grow", []),
        ("so that everything goes well", ["informed.vague_purpose"]),
    ],
)
def test_several_uses_in_one_question_are_named(uses: str, rules: list[str]) -> None:
    assert found(Wording(text=GOOD.replace("to train our agents", uses))) == rules


@pytest.mark.parametrize(
    ("language", "several", "one"),
    [
        (
            "da",
            "Må vi optage samtalen for at lære nye folk op og for at tjekke regninger?",
            "Må vi optage samtalen for at lære nye folk op?",
        ),
        (
            "de",
            "Dürfen wir aufzeichnen, um Rechnungen zu prüfen und um Sie zu erkennen?",
            "Dürfen wir aufzeichnen, um zu lernen?",
        ),
        ("es", "¿Podemos grabar para revisar facturas y para reconocerle?", "¿Podemos grabar para revisar facturas?"),
        ("fi", "Saammeko tallentaa, jotta opimme ja jotta tunnistamme äänesi?", "Saammeko tallentaa, jotta opimme?"),
        (
            "fr",
            "Pouvons-nous enregistrer pour vérifier les factures et pour vous reconnaître ?",
            "Pouvons-nous enregistrer pour apprendre ?",
        ),
        ("nl", "Mogen wij opnemen om facturen te controleren en om u te herkennen?", "Mogen wij opnemen om te leren?"),
        ("sv", "Får vi spela in för att granska fakturor och för att känna igen dig?", "Får vi spela in för att lära oss?"),
    ],
)
def test_several_uses_are_named_in_every_language(language: str, several: str, one: str) -> None:
    rule = "choice.perhaps_bundled"
    assert rule in found(Wording(text=several, language=language))
    assert rule not in found(Wording(text=one, language=language))


@pytest.mark.parametrize(
    ("sentence", "rule"),
    [
        ("If you say nothing, we go ahead.", "choice.perhaps_opt_out"),
        ("If you stay on the line you can still say no.", "choice.perhaps_opt_out"),
        ("If you say no, you are called back.", "choice.perhaps_conditional"),
    ],
)
def test_what_is_not_certain_is_said_and_refuses_nothing(sentence: str, rule: str) -> None:
    fitting = fit(Wording(text=f"{GOOD} {sentence}"))
    (fault,) = fitting.faults
    assert (fault.kind.rule, fault.kind.severity) == (rule, Severity.CANNOT_TELL)
    assert not fitting.passes
    assert voids(fitting.faults) == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "If you do not agree we end the call.",
        "If you don't press 1 we end the call.",
        "We can help you only if you agree to the recording.",
        "Unless you press 2 we record.",
        "If you say nothing, that counts as a yes, not a no.",
        "If you stay on the line you agree.",
    ],
)
def test_a_word_of_no_near_by_does_not_make_it_fair(sentence: str) -> None:
    assert voids(fit(Wording(text=f"{GOOD} {sentence}")).faults)


@pytest.mark.parametrize(
    "sentence",
    [
        "We keep the recording for 30 days, and you can change your mind when you like.",
        "If you say no now, you can say yes later.",
        "Whether you press 1 or 2, you are served in the order in which you called.",
        "We do not start recording before you answer.",
        "If you have already said yes, we do not ask again.",
    ],
)
def test_what_only_sounds_like_it_is_fair(sentence: str) -> None:
    assert found(Wording(text=f"{GOOD} {sentence}")) == []


@pytest.mark.parametrize("title", ["Improve our service", "Quality purposes"])
def test_a_vague_title_is_not_what_is_proposed(title: str) -> None:
    better = fit(Wording(text="Calls are recorded for business reasons.", language="en", purpose=title)).better
    assert better is not None
    assert title not in better
    assert "informed.vague_purpose" not in found(Wording(text=better.replace("… (one thing, concrete)", "new staff can learn")))


def test_what_cannot_be_read_is_given_a_wording_in_english_to_be_translated() -> None:
    fitting = fit(Wording(text=GOOD.replace("?", "."), language="is", controller="Example Energy"))
    better = {fault.kind.rule: fault.better for fault in fitting.faults}
    assert set(better) == {"language.not_read", "ask.no_question_mark"}
    assert str(better["language.not_read"]).startswith("This is Example Energy. May we record")
    assert str(better["ask.no_question_mark"]).startswith("May we record")
