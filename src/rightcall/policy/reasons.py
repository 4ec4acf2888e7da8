"""What counts as a reason and as a case: enough for whoever reads the log afterwards to ask about it (GDPR Art. 5(2)).

Whether a reason is true nobody can tell from its words; one letter says nothing, and that can be told. Each script counts as it
is written: in some of them words have no blanks between them, and a sign is a syllable or a whole word.
"""

import re
from unicodedata import category, normalize

WANTED_REASON = "says why in at least two words, ten letters in all, for example: coaching of a new agent"
WANTED_CASE = "is a reference with a digit in it, three characters or more, such as complaint-2026-114"
LONGEST_CASE = 200
_LEAST_LETTERS, _LEAST_CASE = 10, 3
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
"""Thai, Lao, Burmese, Khmer, Kana and Han: nobody writes a blank between two words."""
_SYLLABLES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]")
"""Signs that say as much as two letters do."""
_BESIDES = frozenset(" ./:#_-")


def lacks_reason(text: str | None) -> str | None:
    """What keeps this from being a reason, in words; None where it is one: two different words, ten letters in all."""
    plain = _letters_of(text)
    words = {word.casefold() for word in _UNSPACED.sub(" ", plain).split() if len(word) > 1}
    # Where no blank tells words apart, two different signs are taken for one.
    unspaced = set("".join(_UNSPACED.findall(plain)))
    if len(words) + len(unspaced) // 2 < 2:
        return "there is no second word of two letters or more in it"
    letters = sum(map(len, words)) + sum(map(len, _UNSPACED.findall(plain))) + len(_SYLLABLES.findall(plain))
    return None if letters >= _LEAST_LETTERS else f"it has fewer than {_LEAST_LETTERS} letters"


def lacks_case(text: str | None) -> str | None:
    """The same of a case: a file reference, as registries and ticket systems write them, in any script."""
    given = normalize("NFC", (text or "").strip())
    if len(given) < _LEAST_CASE:
        return f"it has fewer than {_LEAST_CASE} characters"
    if len(given) > LONGEST_CASE:
        return f"it has more than {LONGEST_CASE} characters"
    odd = next((each for each in given if not (category(each)[0] in "LM" or category(each) == "Nd" or each in _BESIDES)), None)
    if odd is not None:
        return (
            f"it has a sign in it that no reference has: {odd}"
            if odd.isprintable()
            else "it has a sign in it that cannot be seen"
        )
    if not given[0].isalnum():
        return "it does not begin with a letter or a digit"
    return None if any(category(each) == "Nd" for each in given) else "it has no digit in it"


def says_why(text: str | None) -> bool:
    return lacks_reason(text) is None


def names_case(text: str | None) -> bool:
    return lacks_case(text) is None


def is_blank(text: str | None) -> bool:
    return not (text and text.strip())


def _letters_of(text: str | None) -> str:
    """Letters, with the marks that belong to them: many a vowel is one. All else parts words."""
    return "".join(each if category(each)[0] in "LM" else " " for each in normalize("NFC", text or ""))
