"""Words of the vocabulary as people say them, and commands in a page as what one types."""

import pytest

from rightcall.holdings.categories import Category
from rightcall.holdings.map.page import marked, notes
from rightcall.holdings.saying import category


@pytest.mark.parametrize(
    ("term", "says"),
    [
        (Category.UID, "customer or case number"),
        (Category.OFFICIAL_ID, "national number"),
        (Category.TELEPHONE_NUMBER, "telephone number"),
        (Category.DNA_CODE, "DNA code"),
        (Category.VEHICAL_LICENSE_NUMBER, "number plate"),
    ],
)
def test_a_category_is_said_in_plain_words(term: Category, says: str) -> None:
    assert category(term) == says


def test_a_command_in_a_page_is_shown_without_its_backticks() -> None:
    assert marked("`links <list>` & `x`, one ` alone") == "<code>links &lt;list&gt;</code> &amp; <code>x</code>, one ` alone"
    assert "`" not in notes(["Ask for it: `rightcall links list`."])
