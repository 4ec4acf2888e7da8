"""The case code: read as people write it, and of no use to whoever has what is kept of it."""

from hypothesis import given
from hypothesis import strategies as st

from rightcall.concerns.codes import digest_of, is_code, key_of_code, key_of_token, new_code, random_id, tag_of_token
from rightcall.ids import ConcernId, ControllerId, new_id
from rightcall.personal import Personal

CONTROLLER, CONCERN = ControllerId(new_id()), ConcernId(random_id())


def plain(code: Personal[str]) -> str:
    return code.reveal("look at it in a test")


def test_it_has_140_random_bits_in_seven_groups_of_four() -> None:
    codes = {plain(new_code()) for _ in range(500)}
    assert len(codes) == 500
    assert all(len(code.replace("-", "")) == 28 and code.count("-") == 6 for code in codes)
    assert len({each for code in codes for each in code} - {"-"}) == 32


def test_it_prints_as_a_mask() -> None:
    assert plain(new_code()) not in (str(code := new_code()), repr(code))
    assert "-" not in str(code)


@given(st.randoms(use_true_random=False))
def test_it_is_read_however_it_is_written(random) -> None:  # type: ignore[no-untyped-def]  # Random
    code = new_code()
    worse = "".join(
        random.choice([each, each.lower()]).replace("0", random.choice("0Oo")).replace("1", random.choice("1IiLl"))
        for each in plain(code).replace("-", random.choice(["", " ", "-"]))
    )
    assert is_code(Personal(worse))
    assert digest_of(Personal(worse)) == digest_of(code)
    assert key_of_code(Personal(worse), CONTROLLER, CONCERN) == key_of_code(code, CONTROLLER, CONCERN)


@given(st.text(max_size=60))
def test_what_is_none_is_told(text: str) -> None:
    letters = text.upper().replace("-", "").replace(" ", "")
    assert not is_code(Personal(text)) or len(letters) == 28


def test_what_finds_it_opens_nothing_and_each_concern_has_its_own_keys() -> None:
    code, other = new_code(), ConcernId(random_id())
    secret = Personal("rightcall_" + "x" * 43)
    made = {
        digest_of(code),
        key_of_code(code, CONTROLLER, CONCERN),
        key_of_code(code, CONTROLLER, other),
        key_of_code(new_code(), CONTROLLER, CONCERN),
        key_of_token(secret, CONTROLLER, CONCERN),
        key_of_token(secret, CONTROLLER, other),
        tag_of_token(secret, CONTROLLER, CONCERN),
        tag_of_token(secret, CONTROLLER, other),
    }
    assert len(made) == 8
    assert {len(each) for each in made} == {32}


def test_an_id_does_not_tell_when_it_was_made() -> None:
    assert random_id().version == 4
