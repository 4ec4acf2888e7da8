"""A purpose names terms that DPV has: of its purposes, and of its categories of personal data."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rightcall.errors import UnknownTerm
from rightcall.purposes.terms import check_categories, check_purpose, vocabulary
from tests.cast import ADA_NAME, ADA_TEL

ROOT = Path(__file__).parents[2]
REGISTERS = ("src/rightcall/demo/register.toml", "tests/journeys/register.toml")


def test_the_list_is_whole_and_says_what_it_is() -> None:
    """The numbers of classes in the purposes module of DPV 2.3 (without Purpose and Sector) and in both modules of PD 2.3."""
    known = vocabulary()
    assert known.version == "2.3"
    assert (len(known.purposes), len(known.personal_data)) == (121, 231)
    text = (ROOT / "src/rightcall/purposes/dpv.toml").read_text()
    document = tomllib.loads(text)
    assert "https://www.w3.org/copyright/software-license-2023/" in text
    for names in (document["purposes"].split(), document["personal_data"].split()):
        assert len(names) == len(set(names))
        assert all(name.isalnum() and name[0].isupper() for name in names)


@pytest.mark.parametrize("term", ["dpv:PersonnelManagement", "dpv:DisputeManagement", "dpv:ServiceMonitoring"])
def test_purposes_of_dpv_pass(term: str) -> None:
    check_purpose(term)


@pytest.mark.parametrize(
    "term",
    [
        "dpv:Bananas",
        "dpv:StaffTraining",
        "dpv:Purpose",
        "dpv:Sector",
        "dpv:Record",
        "pd:VoiceMail",
        "disputemanagement",
        "DPV:DisputeManagement",
        "dpv:disputeManagement",
        " dpv:DisputeManagement",
        "https://w3id.org/dpv#DisputeManagement",
        "https://company.example/purposes#DisputeManagement",
        "dpv:{}{0}",
        "",
    ],
)
def test_what_dpv_does_not_have_as_a_purpose_is_refused(term: str) -> None:
    with pytest.raises(UnknownTerm, match="is not a purpose of DPV"):
        check_purpose(term)


@pytest.mark.parametrize(
    "term", ["pd:Nonsense", "pd:Voice", "dpv:VoiceMail", "eu-gdpr:A6-1-a", "https://w3id.org/dpv/pd#VoiceMail"]
)
def test_what_dpv_does_not_have_as_a_category_is_refused(term: str) -> None:
    check_categories(["pd:VoiceMail"])
    with pytest.raises(UnknownTerm, match="Number 2 of data_categories is not a category"):
        check_categories(["pd:VoiceMail", term])


@pytest.mark.parametrize(
    ("term", "near"),
    [
        ("dpv:DisputManagement", "did you mean dpv:DisputeManagement"),
        ("Dispute management", "did you mean dpv:DisputeManagement"),
        ("https://w3id.org/dpv#DisputeManagement", "did you mean dpv:DisputeManagement"),
        ("dpv:Bananas", "for example dpv:PersonnelManagement"),
    ],
)
def test_the_refusal_names_what_comes_near(term: str, near: str) -> None:
    with pytest.raises(UnknownTerm) as refused:
        check_purpose(term)
    assert near in str(refused.value)


@pytest.mark.parametrize("given", [ADA_NAME, ADA_TEL, f"pd:{ADA_TEL}", "pd:" + "x" * 10_000])
def test_what_is_no_term_is_not_told_again(given: str) -> None:
    with pytest.raises(UnknownTerm) as refused:
        check_categories([given])
    assert given not in str(refused.value)
    assert len(str(refused.value)) < 400


def purposes_of(register: str) -> Iterator[dict[str, Any]]:
    for controller in tomllib.loads(register)["controllers"]:
        yield from controller["purposes"]


def test_every_register_that_we_show_names_terms_of_dpv() -> None:
    how_to = (ROOT / "docs/howto/register.md").read_text().split("```toml\n")[1].split("```")[0]
    shown = [(ROOT / name).read_text() for name in REGISTERS]
    checked = 0
    for register in (*shown, how_to):
        for purpose in purposes_of(register):
            check_purpose(purpose["dpv_purpose"])
            check_categories(purpose["data_categories"])
            checked += 1
    assert checked >= 5


def test_every_purpose_in_the_how_to_is_one() -> None:
    rows = [
        line for line in (ROOT / "docs/howto/register.md").read_text().splitlines() if line.startswith("| ") and "dpv:" in line
    ]
    assert len(rows) >= 7
    for row in rows:
        check_purpose(row.split("`")[1])
