"""The pass over the words finds what a loop over them would, wherever a text is cut."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightcall.discovery.detection.written import lexicon as module
from rightcall.discovery.detection.written.lexicon import Lexicon, Role, fold
from rightcall.discovery.detection.written.resources import names, roles, words

_WORDS = {fold("møller"): Role.FAMILY, fold("rose"): Role.GIVEN | Role.GIVEN_WORD, fold("ada"): Role.GIVEN}
_LEXICON = Lexicon(_WORDS, [fold("møller"), fold("rose")], {fold("gade"): Role.STREET_ENDING})
_PIECES = st.sampled_from(
    [
        "Møller",
        "moller",
        "MÜLLER",
        "Rose",
        "rose",
        "Ada",
        "ada1",
        "7ada",
        "Bredgade",
        "Bredgade 7",
        "gade",
        "ß",
        " ",
        ", ",
        "\n",
        "x",
        "😀",
        "-",
    ]
)


def _plainly(text: str) -> list[tuple[int, int]]:
    found = []
    for match in re.finditer(r"[^\W\d_]+", text):
        word, (start, end) = fold(match[0]), match.span()
        beside = text[max(0, start - 1) : start] + text[end : end + 1]
        is_known = word in _WORDS and (match[0][0].isupper() or word == b"ada")
        has_number = any("0" <= each <= "9" for each in text[end + 1 : end + 3])
        is_street = word.endswith(b"gade") and len(word) > 5 and has_number
        if (is_known or is_street) and not any("0" <= each <= "9" for each in beside):
            found.append((start, end))
    return found


@given(st.lists(_PIECES, max_size=60).map("".join), st.integers(1, 30), st.sampled_from([0, 1000]))
def test_it_finds_what_a_plain_loop_finds(text: str, piece: int, short: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_PIECE", piece)
        patch.setattr(module, "_SHORT", short)
        assert [(word.start, word.end) for word in _LEXICON.known(text)] == _plainly(text)


def test_case_and_accents_make_no_difference() -> None:
    assert fold("Müller") == fold("MULLER") == fold("muller")
    assert fold("Łukasz") == fold("lukasz")
    assert fold("Søren") == b"soren"


def test_the_lists_are_in_small_letters_and_no_word_is_only_a_word() -> None:
    listed = {section: set(names(section)) for section in ("given", "family", "words")}
    assert all(name == name.lower() for each in listed.values() for name in each)
    assert {fold(name) for name in listed["words"]} <= {fold(name) for name in listed["given"] | listed["family"]}
    assert len(listed["given"]) > 2500
    assert len(listed["family"]) > 2000
    assert all(
        word == word.lower()
        for section in ("titles", "before", "behind", "whose", "cues", "not_a_name")
        for word in words(section)
    )
    assert not {fold(word) for word in words("titles")} & {word for word, role in roles().items() if role & Role.GIVEN}
