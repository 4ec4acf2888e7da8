"""What sorts of data are called in the eight languages that letters and packages are written in."""

from pathlib import Path

from rightcall.design.wording import words_in
from rightcall.holdings import saying
from rightcall.holdings.categories import Category

_FOLDER = Path(__file__).parent / "words"


def category_in(term: Category, language: str) -> str:
    """In that language where it is written there, else in the vocabulary's own."""
    words = words_in(_FOLDER, language)
    return words.say(term.value) if words.has(term.value) else saying.category(term)
