"""Shapes of what a use is for: which names they fit, and what is told of those that fit nothing."""

import unicodedata

import pytest

from rightcall.discovery.systems.fitting import Misfit, fits, fits_object, misfits

TABLES = ["public.customers", "public.call_list", 'public."Order Lines"', "archive.customers"]


@pytest.mark.parametrize(
    ("shape", "object", "kind", "does"),
    [
        ("customers", "public.customers", "postgresql", True),
        ("public.customers", "public.customers", "postgresql", True),
        ("call_*", "dialler.call_list", "mariadb", True),
        ("Order Lines", 'public."Order Lines"', "postgresql", True),
        ("archive.customers", "public.customers", "postgresql", False),
        ("customer", "public.customers", "postgresql", False),
        ("customers", "public.customers", "folder", False),
        ("customers", "customers", "sqlite", True),
    ],
)
def test_a_table_is_named_with_its_schema_or_without(shape: str, object: str, kind: str, does: bool) -> None:
    assert fits_object(shape, object, kind) is does


def test_a_shape_is_text_but_for_the_star() -> None:
    assert fits("Skade Sager [2024]?", "Skade Sager [2024]?")
    assert not fits("Sager?", "Sager1")
    assert fits("møder/*", "møder/a.txt")
    assert fits(unicodedata.normalize("NFD", "møder å/*"), unicodedata.normalize("NFC", "møder å/b.txt"))
    assert not fits("a.b", "axb")


def test_what_fits_nothing_is_told_with_names_like_it_and_what_fits_several_with_these() -> None:
    told = list(misfits(["customer", "customers", "public.call_list", "nothing*"], TABLES, "postgresql", TABLES))
    assert [each.objects for each in told] == ["customer", "customers", "nothing*"]
    assert "public.customers" in told[0].like
    assert told[1] == Misfit(objects="customers", several=("archive.customers", "public.customers"))
    assert told[2].like == ()


def test_of_files_no_name_is_told_that_may_not_be_and_nothing_that_may_lie_within_one() -> None:
    files = ["2024/customers.csv", "KD-000001.txt", "back.zip"]
    told = list(misfits(["customers.csv", "KD-000002.txt", "*.xls", "back.zip!/a.csv"], files, "folder", files[:1]))
    assert told == [Misfit(objects="customers.csv", like=("2024/customers.csv",)), Misfit(objects="KD-000002.txt")]
