"""What is not asked of the judges of what is written, and why that changes nothing."""

import pytest

from rightcall.discovery.detection import national
from rightcall.discovery.detection.page import Page
from rightcall.discovery.detection.spoken.judging import BY_ITSELF, NUMBERED


@pytest.mark.parametrize("size", NUMBERED)
@pytest.mark.parametrize("lead", ["", "order "])
def test_a_number_that_no_word_names_is_told_by_itself_or_not_at_all(size: int, lead: str) -> None:
    """Over so many numbers, some pass every check there is."""
    step = 10 ** (size - 4) + 7
    told = set()
    for number in range(10 ** (size - 2), 10**size, step):
        digits = f"{number:0{size}}"
        page = Page(lead + digits)
        found = [judge(page, len(lead), len(page.text)) for judge in national.SHAPES[str(size)]]
        told |= {each.type for each in found if each is not None}
    assert told <= BY_ITSELF


def test_a_number_with_a_checksum_of_its_own_is_told_without_a_word() -> None:
    for digits, kind in (("86095742719", "de_steuer_id"), ("279113306312391", "fr_nir")):
        page = Page(digits)
        (found,) = [judge(page, 0, len(digits)) for judge in national.SHAPES[str(len(digits))]]
        assert found is not None
        assert found.type == kind
