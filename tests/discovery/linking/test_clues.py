"""One form for each clue, however it is written; nothing from what cannot be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightcall.discovery.detection.model import Kind
from rightcall.discovery.linking.clues import LONGEST, ClueKind, clues
from tests.cast import ADA_EMAIL, ADA_NAME, ADA_TEL, PLANTED_CARD


def told(type: str, value: str, regions: tuple[str, ...] = (), field: str | None = None) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for clue in clues(type, value, regions=regions, field=field):
        found.setdefault(clue.kind.value, set()).add(clue.value.reveal("test"))
    return found


@pytest.mark.parametrize(
    ("type", "value", "regions", "wanted"),
    [
        (Kind.PHONE, "32 12 34 56", ("DK",), {"tel": {ADA_TEL}}),
        (Kind.PHONE, "+45 32123456", (), {"tel": {ADA_TEL}}),
        (Kind.PHONE, "32 12 34 56", (), {}),
        (Kind.PHONE, "020 7946 0958", ("DK", "GB"), {"tel": {"+442079460958"}}),
        (Kind.PHONE, "20 11 22 44", ("DK", "DE"), {"tel": {"+4520112244"}}),
        (Kind.PHONE, "0461 1234567", ("DK", "DE"), {"tel": {"+494611234567"}}),
        (Kind.PHONE, "75 82 11 00", ("DK", "NO"), {"tel": {"+4575821100", "+4775821100"}}),
        (Kind.EMAIL, "Ada@Caller.EXAMPLE", (), {"email": {ADA_EMAIL}}),
        (Kind.EMAIL, "ada+shop@caller.example", (), {"email": {"ada+shop@caller.example"}}),
        (Kind.EMAIL, "Support@havblik.example", (), {}),
        (Kind.EMAIL, "no-reply@havblik.example", (), {}),
        (Kind.EMAIL, "kundeservice@havblik.example", (), {}),
        (Kind.EMAIL, "kundtjänst@havblik.example", (), {}),
        (Kind.EMAIL, "karen.support@caller.example", (), {"email": {"karen.support@caller.example"}}),
        (Kind.IBAN, "dk50 0040 0440 1162 43", (), {"iban": {"DK5000400440116243"}}),
        (Kind.PAYMENT_CARD, "4111-1111 1111 1111", (), {"card": {PLANTED_CARD}}),
        (Kind.UK_NINO, "ab 12 34 56 c", (), {"national_id": {"uk_nino:AB123456"}}),
        (Kind.FR_NIR, "2 69 05 49 588 157 80", (), {"national_id": {"fr_nir:2690549588157"}}),
        (Kind.FI_HETU, "131052-308T", (), {"national_id": {"fi_hetu:131052-308T"}, "date_of_birth": {"1952-10-13"}}),
        (Kind.SE_PERSONNUMMER, "811228-9874", (), {"national_id": {"se_personnummer:8112289874"}}),
        ("customer_id", " C-1001 ", (), {"customer_id": {"C-1001"}}),
        ("customer-number", "C-1001", (), {"customer_id": {"C-1001"}}),
        ("case_number", "CASE-1001", (), {}),
        ("no_such_type", "anything", (), {}),
        (Kind.IP_ADDRESS, "192.0.2.7", (), {}),
    ],
)
def test_each_kind_has_one_form(type: str, value: str, regions: tuple[str, ...], wanted: dict[str, set[str]]) -> None:
    assert told(type, value, regions) == wanted


def test_a_swedish_number_with_and_without_its_century_is_one_and_the_century_tells_the_day() -> None:
    long, short = told(Kind.SE_PERSONNUMMER, "19811228-9874"), told(Kind.SE_PERSONNUMMER, "811228-9874")
    assert long["national_id"] == short["national_id"]
    assert long["date_of_birth"] == {"1981-12-28"}


@pytest.mark.parametrize(
    ("written", "regions", "days"),
    [
        ("1980-04-03", (), {"1980-04-03"}),
        ("03.04.1980", (), {"1980-04-03"}),
        ("03.04.1980", ("US",), {"1980-04-03"}),
        ("03/04/1980", ("GB",), {"1980-04-03"}),
        ("03/04/1980", ("US",), {"1980-03-04"}),
        ("03/04/1980", (), {"1980-04-03", "1980-03-04"}),
        ("03/04/1980", ("GB", "US"), {"1980-04-03", "1980-03-04"}),
        ("23/04/1980", ("US",), {"1980-04-23"}),
        ("3 April 1980", (), {"1980-04-03"}),
        ("April 3rd, 1980", (), {"1980-04-03"}),
        ("3. april 1980", (), {"1980-04-03"}),
        ("3. März 1980", (), {"1980-03-03"}),
        ("19800403", (), {"1980-04-03"}),
        ("03041980", (), {"1980-04-03"}),
        ("3/4/80", ("GB",), {"1980-04-03"}),
        ("3/4/05", ("GB",), {"1905-04-03", "2005-04-03"}),
        ("31.02.1980", (), set()),
        ("tomorrow", (), set()),
    ],
)
def test_days_of_birth(written: str, regions: tuple[str, ...], days: set[str]) -> None:
    assert told(Kind.DATE_OF_BIRTH, written, regions).get("date_of_birth", set()) == days


@pytest.mark.parametrize("written", ["Müller, Anna", "Dr. Anna Müller", "ANNA MUELLER", "Frau  Anna Mueller", "anna müller"])
def test_one_name_however_written(written: str) -> None:
    assert told("person_name", written) == {
        "name_full": {"muller, anna"},
        "name_family": {"muller"},
        "name_given": {"anna"},
        "name_initial": {"a"},
    }


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("Soeren Kroeyer-Hansen", "Søren Krøyer-Hansen"),
        ("Soren Kroyer-Hansen", "Søren Krøyer-Hansen"),
        ("Jürgen Groß", "Juergen Gross"),
        ("Åse Ångström", "Aase Aangstroem"),
        ("Åke Lindström", "Åke Lindstrom"),
        ("Kåre Bækgård", "Kaare Baekgaard"),
    ],
)
def test_letters_that_some_write_as_two_meet(one: str, another: str) -> None:
    assert told("person_name", one) == told("person_name", another)


@pytest.mark.parametrize(("one", "another"), [("Joe Smith", "Jo Smith"), ("Samuel Quentin", "Samal Quntin")])
def test_two_letters_are_two_where_nobody_writes_them_as_one(one: str, another: str) -> None:
    assert told("person_name", one)["name_full"] != told("person_name", another)["name_full"]


@pytest.mark.parametrize(
    ("written", "field", "wanted"),
    [
        ("Jan van der Berg", None, {"name_full": {"van der berg, jan"}, "name_family": {"van der berg"}}),
        ("van der Berg, Jan", None, {"name_full": {"van der berg, jan"}, "name_family": {"van der berg"}}),
        (ADA_NAME, None, {"name_family": {"planted-lovelace", "planted", "lovelace"}, "name_given": {"ada"}}),
        ("A. Lovelace", None, {"name_family": {"lovelace"}, "name_initial": {"a"}}),
        ("J.R. Hartley", None, {"name_family": {"hartley"}, "name_initial": {"j"}}),
        ("John Smith Jr.", None, {"name_family": {"smith"}, "name_generation": {"junior"}}),
        ("Smith, John, Sr", None, {"name_family": {"smith"}}),
        ("O’Brien, Síle", None, {"name_family": {"obrien"}, "name_given": {"sile"}}),
        ("Lovelace", "last_name", {"name_family": {"lovelace"}}),
        ("Ada", "Vorname", {"name_given": {"ada"}, "name_initial": {"a"}}),
        ("Lovelace", None, {"name_word": {"lovelace"}}),
        ("12345", None, {}),
    ],
)
def test_parts_of_a_name(written: str, field: str | None, wanted: dict[str, set[str]]) -> None:
    found = told("person_name", written, field=field)
    assert {kind: found.get(kind) for kind in wanted} == wanted
    assert wanted or not found


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("221B Baker Street, London NW1 6XE", {"postcode_house": {"nw16xe/221b"}, "street": {"baker street 221b"}}),
        ("221b Baker St.\nLondon\nNW1 6XE", {"postcode_house": {"nw16xe/221b"}, "street": {"baker street 221b"}}),
        ("Flat 3, 12 Mill Rd, Leeds LS1 4AB", {"postcode_house": {"ls14ab/12"}, "street": {"mill road 12"}}),
        ("Hauptstr. 5, 10115 Berlin", {"postcode_house": {"10115/5"}, "street": {"hauptstrasse 5"}}),
        ("Hauptstraße 5, D-10115 Berlin", {"postcode_house": {"10115/5"}, "street": {"hauptstrasse 5"}}),
        ("12, rue de la Paix, 75002 Paris", {"postcode_house": {"75002/12"}, "street": {"rue de la paix 12"}}),
        ("Nørregade 7, 2. th, 1165 København K", {"postcode_house": {"1165/7"}, "street": {"noerregade 7"}}),
        ("Storgatan 4, 114 55 Stockholm", {"postcode_house": {"11455/4"}, "street": {"storgatan 4"}}),
        ("Keizersgracht 100, 1015 AB Amsterdam", {"postcode_house": {"1015ab/100"}, "street": {"keizersgracht 100"}}),
        ("742 Evergreen Terrace, Springfield, IL 62704", {"postcode_house": {"62704/742"}, "street": {"evergreen terrace 742"}}),
        ("Hauptstraße 5", {"street": {"hauptstrasse 5"}}),
        ("10115 Berlin", {"postcode": {"10115"}}),
        ("12345 Main Street", {"street": {"main street 12345"}}),
    ],
)
def test_addresses(written: str, wanted: dict[str, set[str]]) -> None:
    found = told("postal_address", written)
    assert {kind: found.get(kind) for kind in wanted} == wanted
    assert "postcode_house" in wanted or "postcode_house" not in found


def test_a_postcode_column_holds_postcodes() -> None:
    assert told("postal_address", "1165", field="postcode") == {"postcode": {"1165"}}


def test_identifiers_lie_under_the_blinds_by_which_subjects_are_found() -> None:
    assert {kind.context for kind in (ClueKind.TEL, ClueKind.EMAIL, ClueKind.CUSTOMER_ID)} == {
        "subjects.tel",
        "subjects.email",
        "subjects.customer_id",
    }
    assert ClueKind.CARD.context == "clues.card"


def test_a_clue_shows_nothing_of_its_value() -> None:
    assert ADA_EMAIL not in repr(clues(Kind.EMAIL, ADA_EMAIL, regions=()))


_TYPES = [*Kind, "person_name", "postal_address", "bank_account", "customer_id"]


@given(st.sampled_from(_TYPES), st.text(max_size=60), st.sampled_from([(), ("DK",), ("US", "GB")]))
def test_whatever_is_given_is_read_or_tells_nothing(type: str, value: str, regions: tuple[str, ...]) -> None:
    found = clues(type, value, regions=regions)
    assert len(set(found)) == len(found)
    assert all(each.value.reveal("test") for each in found)


def test_what_is_too_long_tells_nothing() -> None:
    assert clues("person_name", "Ada " + "L" * LONGEST, regions=()) == ()
