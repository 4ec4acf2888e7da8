"""One form for each identifier, and whom a set of them tells."""

import string

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightcall.errors import Malformed
from rightcall.ids import SubjectId, new_id
from rightcall.personal import Personal
from rightcall.subjects.model import Identifier, IdentifierKind
from rightcall.subjects.rules import Candidate, Known, Shared, Unknown, from_address, normalise, resolve
from tests.cast import ADA_EMAIL, ADA_SIP, ADA_TEL, AGENT_SIP, BEN_TEL

TEL, SIP, EMAIL, CUSTOMER_ID = IdentifierKind.TEL, IdentifierKind.SIP, IdentifierKind.EMAIL, IdentifierKind.CUSTOMER_ID


def form(kind: IdentifierKind, raw: str, region: str = "DK") -> str:
    return normalise(kind, Personal(raw), region).value.reveal("test")


def told(raw: str, region: str = "DK") -> list[tuple[IdentifierKind, str]]:
    return [(each.kind, each.value.reveal("test")) for each in from_address(Personal(raw), region)]


@pytest.mark.parametrize(
    "written",
    [
        "+4532123456",
        "+45 32 12 34 56",
        "004532123456",
        "00 45 3212-3456",
        "32123456",
        "32 12 34 56",
        "(32) 12.34.56",
        "tel:+45-32-12-34-56",
        "TEL:+4532123456",
        "tel:32123456;phone-context=+45",
        "tel:+4532123456;ext=7",
        "sip:+4532123456@sbc.example;user=phone",
        "\uff0b\uff14\uff1532123456",
        " +45\u00a032\u00a012\u00a034\u00a056 ",
    ],
)
def test_the_same_number_however_written(written: str) -> None:
    assert form(TEL, written) == ADA_TEL


def test_a_country_is_known_by_the_name_that_its_laws_go_by() -> None:
    assert form(TEL, "020 7946 0018", "UK") == form(TEL, "020 7946 0018", "GB") == "+442079460018"


@pytest.mark.parametrize(
    ("written", "region"),
    [("020 7946 0958", "GB"), ("+44 (0)20 7946 0958", "DK"), ("0044 20 7946 0958", "US"), ("011 44 20 7946 0958", "US")],
)
def test_national_forms_follow_the_region(written: str, region: str) -> None:
    assert form(TEL, written, region) == BEN_TEL


@pytest.mark.parametrize("written", ["", "  ", "12", "not a number", "+45", "+999 1234 5678", "1" * 400, "3212\x003456"])
def test_what_is_no_number_is_refused_without_repeating_it(written: str) -> None:
    with pytest.raises(Malformed) as refusal:
        form(TEL, written)
    assert not written.strip() or written not in str(refusal.value)


@given(st.sampled_from(["DK", "GB", "DE", "US", "FR", "FI"]), st.data())
def test_every_way_of_writing_a_number_is_one_number(region: str, data: st.DataObject) -> None:
    example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.FIXED_LINE)
    assert example is not None
    offset = data.draw(st.integers(0, 99))
    example.national_number = (example.national_number or 0) // 100 * 100 + offset
    wanted = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    for shape in ("INTERNATIONAL", "NATIONAL", "RFC3966", "E164"):
        written = phonenumbers.format_number(example, getattr(phonenumbers.PhoneNumberFormat, shape))
        assert form(TEL, written, region) == wanted
        assert form(TEL, f"  {written.replace(' ', chr(0x202F))}", region) == wanted
    assert form(TEL, f"00{wanted[1:]}", region) == wanted


REGIONS = ("DK", "GB", "DE", "US", "FR", "SE", "NO", "IT", "FI")


def spellings(number: phonenumbers.PhoneNumber) -> list[str]:
    """How recording clients and agents write a number so that it can be no other, whichever trunk it comes by."""
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    spaced = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    code, rest = str(number.country_code), e164[1 + len(str(number.country_code)) :]
    return [
        f"sip:{e164}@sbc.example",
        f"sip:{e164}@host.example;user=phone",
        f"sip:00{e164[1:]}@sbc.example",
        f"sip:(+{code}){rest}@sbc.example",
        f"sip:%2B{e164[1:]};npdi@sbc.example",
        f"sip:{rest};phone-context=+{code}@sbc.example;user=phone",
        f"<tel:{e164}>",
        f"tel:{spaced.replace(' ', '-')}",
        f"tel:{rest};phone-context=+{code}",
    ]


@st.composite
def numbers(draw: st.DrawFn) -> phonenumbers.PhoneNumber:
    kinds = [phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE]
    example = phonenumbers.example_number_for_type(draw(st.sampled_from(REGIONS)), draw(st.sampled_from(kinds)))
    assert example is not None
    example.national_number = (example.national_number or 0) // 1000 * 1000 + draw(st.integers(0, 999))
    return example


@given(numbers(), numbers(), st.sampled_from(REGIONS))
def test_many_spellings_are_one_number_on_every_trunk_and_two_numbers_never_are(
    number: phonenumbers.PhoneNumber, other: phonenumbers.PhoneNumber, trunk: str
) -> None:
    def read(each: phonenumbers.PhoneNumber) -> set[str]:
        return {value for written in spellings(each) for kind, value in told(written, trunk) if kind is TEL}

    assert read(number) == {phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)}
    assert number == other or not read(number) & read(other)


@given(numbers(), st.sampled_from(REGIONS))
def test_digits_alone_are_read_as_that_number_or_as_the_regions_own_or_not_at_all(
    number: phonenumbers.PhoneNumber, trunk: str
) -> None:
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    found = {value for kind, value in told(f"sip:{e164[1:]}@sbc.example", trunk) if kind is TEL}
    local = phonenumbers.parse(e164[1:], trunk)
    if phonenumbers.is_valid_number(local) and phonenumbers.is_valid_number(number) and local != number:
        home = phonenumbers.format_number(local, phonenumbers.PhoneNumberFormat.NATIONAL)
        as_written = "".join(each for each in home if each.isdigit()) == e164[1:]
        assert found == ({phonenumbers.format_number(local, phonenumbers.PhoneNumberFormat.E164)} if as_written else set())
    elif phonenumbers.is_valid_number(number):
        assert found == {e164}


@pytest.mark.parametrize("trunk", ["DK", "GB", "US", "FR", "SE"])
def test_the_digits_of_e164_without_a_plus_are_that_number(trunk: str) -> None:
    assert told("sip:4532123456@sbc.example", trunk)[0] == (TEL, ADA_TEL)
    assert form(TEL, "4532123456", trunk) == ADA_TEL


def test_digits_of_two_countries_are_nobodys() -> None:
    """In Germany they could be those of a town, without its 0: neither person gets the other's calls."""
    assert told("sip:4532123456@sbc.example", "DE") == [(SIP, "sip:4532123456@sbc.example")]
    with pytest.raises(Malformed, match=r"two countries"):
        form(TEL, "4532123456", "DE")
    assert form(TEL, "04532 123456", "DE") == "+494532123456"


def test_the_region_comes_first_where_it_writes_its_numbers_so() -> None:
    assert told("sip:3212345678@sbc.example", "US")[0] == (TEL, "+13212345678")
    assert told("sip:32123456@sbc.example", "SE")[0] == (TEL, "+4632123456")


def test_a_number_of_a_private_plan_is_nobodys() -> None:
    assert told("sip:32123456;phone-context=pbx.example@sbc.example") == [(SIP, "sip:32123456@sbc.example")]


@given(st.sampled_from(list(IdentifierKind)), st.text(max_size=60), st.sampled_from(["DK", "US", "GB"]))
def test_anything_is_read_once_and_for_all_or_refused(kind: IdentifierKind, text: str, region: str) -> None:
    try:
        once = form(kind, text, region)
    except Malformed:
        return
    assert once
    assert form(kind, once, region) == once


@pytest.mark.parametrize(
    "written",
    [
        "sip:ada@caller.example",
        "SIP:ada@Caller.EXAMPLE",
        "sips:ada@caller.example",
        "sip:ada@caller.example:5061;transport=tls?subject=x",
        "sip:ada:secret@caller.example",
        "sip:%61da@caller.example",
        '"Ada" <sip:ada@caller.example>;tag=1',
        "sip:ada@caller.example.",
    ],
)
def test_the_same_sip_address_however_written(written: str) -> None:
    assert form(SIP, written) == ADA_SIP


def test_sip_users_differ_by_case_and_hosts_do_not() -> None:
    assert form(SIP, "sip:Ada@x.example") != form(SIP, "sip:ada@X.example")
    assert form(SIP, "sip:a@[2001:DB8:0::1]") == "sip:a@[2001:db8::1]"


@pytest.mark.parametrize(
    "written", ["ada@caller.example", "sip:caller.example", "sip:@x", "sip:a@b@c", "sip:a@[::zz]", "sip:a b@@", "http://a@b"]
)
def test_what_is_no_sip_address_is_refused(written: str) -> None:
    with pytest.raises(Malformed):
        form(SIP, written)


def test_a_number_in_a_sip_address_is_a_number_too() -> None:
    both = [(TEL, ADA_TEL), (SIP, "sip:+4532123456@sbc.example")]
    assert told("sip:+4532123456@sbc.example") == both
    assert told("<sip:+4532123456@SBC.example;user=phone>") == both
    assert told("sip:32123456@sbc.example")[0] == (TEL, ADA_TEL)
    assert told("sip:+4532123456;npdi@sbc.example") == both
    assert told("tel:+45-32123456") == [(TEL, ADA_TEL)]


def test_an_extension_is_no_telephone_number() -> None:
    assert told(AGENT_SIP) == [(SIP, AGENT_SIP)]
    assert told("sip:7012@pbx.example") == [(SIP, "sip:7012@pbx.example")]


@pytest.mark.parametrize(
    "written",
    [
        "sip:anonymous@anonymous.invalid",
        '"Anonymous" <sip:anonymous@caller.example>',
        "sip:Restricted@sbc.example",
        "sip:x@y.invalid",
        "tel:anonymous",
        "",
        "nonsense",
    ],
)
def test_a_withheld_address_is_nobodys(written: str) -> None:
    assert told(written) == []


@pytest.mark.parametrize("written", [ADA_EMAIL, "Ada@Caller.Example", "MAILTO:ADA@caller.example", " ada@caller.example "])
def test_the_same_email_however_written(written: str) -> None:
    assert form(EMAIL, written) == ADA_EMAIL


@pytest.mark.parametrize("written", ["ada", "ada@", "@x.example", "a b@x.example", "ada@x..example"])
def test_what_is_no_email_is_refused_without_repeating_it(written: str) -> None:
    with pytest.raises(Malformed) as refusal:
        form(EMAIL, written)
    assert written not in str(refusal.value)
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__


def test_customer_ids_are_trimmed_and_of_one_width() -> None:
    assert form(CUSTOMER_ID, " \uff21-17 ") == "A-17"
    assert form(CUSTOMER_ID, "a-17") != form(CUSTOMER_ID, "A-17")


# Whom they tell. In these, a position in the list stands for an identifier.

ONE, TWO = SubjectId(new_id()), SubjectId(new_id())


def given_kinds(*kinds: IdentifierKind) -> list[Identifier]:
    return [Identifier(kind=kind, value=Personal(string.ascii_letters[n])) for n, kind in enumerate(kinds)]


def known(subject: SubjectId, *has: int, customer: bool = False, ambiguous: bool = False) -> Candidate:
    return Candidate(subject=subject, ambiguous=ambiguous, has=frozenset(has), has_customer_id=customer)


def test_one_holder_is_the_one() -> None:
    assert resolve(given_kinds(TEL), [known(ONE, 0)]) == Known(ONE)


def test_no_holder_is_somebody_new() -> None:
    assert resolve(given_kinds(TEL), []) == resolve([], []) == Unknown()


def test_a_shared_number_alone_tells_nobody() -> None:
    assert resolve(given_kinds(TEL), [known(ONE, 0), known(TWO, 0)]) == Shared()


def test_who_waits_to_be_known_by_a_shared_number_is_one() -> None:
    sharers = [known(ONE, 0), known(TWO, 0)]
    waiting = known(SubjectId(new_id()), 0, ambiguous=True)
    assert resolve(given_kinds(TEL), [*sharers, waiting]) == Shared(waiting.subject)
    assert resolve(given_kinds(TEL), [*sharers, known(ONE, 0, ambiguous=True, customer=True)]) == Shared()
    assert resolve(given_kinds(TEL, EMAIL), [*sharers, known(ONE, 1, ambiguous=True)]) == Shared()


def test_a_sip_address_that_is_but_the_number_tells_no_more_than_the_number() -> None:
    address = list(from_address(Personal(f"sip:{ADA_TEL[1:]}@sbc.example"), "DK"))
    assert resolve(address, [known(ONE, 0, 1), known(TWO, 0)]) == Shared()
    named = [address[0], normalise(SIP, Personal(ADA_SIP), "DK")]
    assert resolve(named, [known(ONE, 0, 1), known(TWO, 0)]) == Known(ONE)


def test_a_new_customer_id_on_a_shared_number_is_a_new_person() -> None:
    assert resolve(given_kinds(TEL, CUSTOMER_ID), [known(ONE, 0), known(TWO, 0)]) == Unknown()
    assert resolve(given_kinds(TEL, CUSTOMER_ID), [known(ONE, 0), known(TWO, 0, 1, ambiguous=True, customer=True)]) == Known(TWO)


def test_a_customer_id_tells_sharers_apart() -> None:
    candidates = [known(ONE, 0, customer=True), known(TWO, 0, 1, customer=True)]
    assert resolve(given_kinds(TEL, CUSTOMER_ID), candidates) == Known(TWO)


def test_another_customer_id_is_another_person() -> None:
    assert resolve(given_kinds(TEL, CUSTOMER_ID), [known(ONE, 0, customer=True)]) == Unknown()


def test_a_first_customer_id_joins_the_one_who_has_the_number() -> None:
    assert resolve(given_kinds(TEL, CUSTOMER_ID), [known(ONE, 0)]) == Known(ONE)


def test_the_better_identifier_wins() -> None:
    assert resolve(given_kinds(TEL, EMAIL), [known(ONE, 0), known(TWO, 1)]) == Known(TWO)


def test_an_ambiguous_subject_is_nobody_to_join() -> None:
    assert resolve(given_kinds(TEL), [known(ONE, 0, ambiguous=True)]) == Unknown()
    assert resolve(given_kinds(TEL), [known(ONE, 0, ambiguous=True), known(TWO, 0)]) == Known(TWO)
