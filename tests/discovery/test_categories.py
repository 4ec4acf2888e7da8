"""Every type that a detector tells has a category, and every category is a term of the vocabulary."""

from rightcall.discovery.categories import CATEGORIES, OWN_PATTERN, category_of
from rightcall.discovery.detection.model import Kind
from rightcall.purposes.terms import vocabulary


def test_every_type_has_a_category_that_the_vocabulary_knows() -> None:
    assert set(CATEGORIES) == set(Kind)
    for category in {*CATEGORIES.values(), OWN_PATTERN}:
        prefix, _, name = category.partition(":")
        assert prefix == "pd"
        assert name in vocabulary().personal_data


def test_a_number_of_ones_own_is_an_identifier() -> None:
    assert category_of("case_number") == "pd:UID"
    assert category_of("iban") == "pd:FinancialAccountNumber"
