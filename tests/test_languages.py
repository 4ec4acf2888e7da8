import pytest

from rightcall.errors import Malformed
from rightcall.languages import canonical_language, checked_texts, fallbacks, read_texts, text_for

TEXTS = {"da": "vores kundekartotek", "en": "our customer register"}


@pytest.mark.parametrize(
    ("given_tag", "canonical"), [("DA", "da"), ("en-gb", "en-GB"), ("zh-hant-tw", "zh-Hant-TW"), ("es-419", "es-419")]
)
def test_languages_have_one_form(given_tag: str, canonical: str) -> None:
    assert canonical_language(given_tag) == canonical


@pytest.mark.parametrize("tag", ["", "danish", "d", "en_GB", "en-GB-oxendict!", "12"])
def test_what_is_no_language_is_refused(tag: str) -> None:
    with pytest.raises(Malformed):
        canonical_language(tag)


def test_a_region_falls_back_to_its_language() -> None:
    assert fallbacks("zh-Hant-TW") == ("zh-Hant-TW", "zh-Hant", "zh")


@pytest.mark.parametrize(
    ("languages", "expected"),
    [
        (("da-DK", "en"), ("da", TEXTS["da"])),
        (("fi", "en-GB"), ("en", TEXTS["en"])),
        (("fi", "sv"), None),
    ],
)
def test_whoever_reads_is_shown_the_best_of_several_texts(languages: tuple[str, ...], expected: tuple[str, str] | None) -> None:
    assert text_for(TEXTS, *languages) == expected


def test_texts_stand_once_in_each_language_and_on_one_line() -> None:
    assert checked_texts({"DA": " vores kunder ", "en-gb": ""}, longest=20) == {"da": "vores kunder"}
    for wrong in ({"da": "a", "DA": "b"}, {"da": "two\nlines"}, {"da": "x" * 21}, {"danish": "kunder"}):
        with pytest.raises(Malformed):
            checked_texts(wrong, longest=20)


def test_an_option_names_the_language_before_the_text() -> None:
    assert read_texts(["DA=kunder = vores", "en="]) == {"da": "kunder = vores", "en": ""}
    with pytest.raises(Malformed):
        read_texts(["kunder"])
