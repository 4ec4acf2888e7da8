"""What is found in a text and what is not: the labelled lines, and laws that hold for any text."""

import itertools
import re
import sys
import time
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rightcall.discovery.detection.context import columns_of, label_at, words_of
from rightcall.discovery.detection.model import LEAST, Finding, Kind
from rightcall.discovery.detection.page import Page
from rightcall.discovery.detection.patterns import read_pattern
from rightcall.discovery.detection.plain import plain
from rightcall.discovery.detection.rules import REACH, apart, detect
from rightcall.discovery.looking.reading import windows
from tests.discovery.detection.corpus import Line, lines, values

CORPUS = lines()
VALUES = sorted(set(values()))
GOAL = 0.95


def spans(text: str) -> set[tuple[int, int, str]]:
    return {(found.start, found.end, found.type) for found in detect(text)}


def test_the_corpus_is_large_enough_and_has_every_type() -> None:
    assert sum(bool(line.expected) for line in CORPUS) >= 60
    assert sum(not line.expected for line in CORPUS) >= 60
    types = Counter(kind for line in CORPUS for _, _, kind in line.expected)
    assert set(types) == {kind.value for kind in Kind}
    assert min(types.values()) >= 3


def test_precision_and_recall_of_each_type(capsys: pytest.CaptureFixture[str]) -> None:
    hits, told, there = Counter[str](), Counter[str](), Counter[str]()
    for line in CORPUS:
        got = spans(line.text)
        hits.update(kind for _, _, kind in got & line.expected)
        told.update(kind for _, _, kind in got)
        there.update(kind for _, _, kind in line.expected)
    with capsys.disabled():
        sys.stdout.write(f"\n{'type':<16} {'there':>6} {'told':>6} {'precision':>10} {'recall':>7}\n")
        for kind in sorted(there):
            precision, recall = hits[kind] / max(told[kind], 1), hits[kind] / there[kind]
            sys.stdout.write(f"{kind:<16} {there[kind]:>6} {told[kind]:>6} {precision:>10.2f} {recall:>7.2f}\n")
    for kind in there:
        assert hits[kind] >= GOAL * told[kind], kind
        assert hits[kind] >= GOAL * there[kind], kind


@pytest.mark.parametrize("line", [line for line in CORPUS if not line.expected], ids=lambda line: line.text[:40])
def test_what_only_looks_alike_is_not_told(line: Line) -> None:
    assert spans(line.text) == set()


@pytest.mark.parametrize(
    "value",
    [
        "4111111111111111",
        "DE89370400440532013000",
        "86095742719",
        "811218-9876",
        "131052-308T",
        "12345678Z",
        "X1234567L",
        "279113306312391",
    ],
)
def test_one_digit_changed_is_not_told(value: str) -> None:
    """Where there are check digits, no change of a single digit passes them."""
    for place, character in enumerate(value):
        for digit in "0123456789" if character.isdigit() else "":
            changed = value[:place] + digit + value[place + 1 :]
            kinds = {found.type for found in detect(f"it is {changed} here")} - {Kind.DK_CPR, Kind.PHONE}
            assert bool(kinds) == (changed == value), f"place {place}"


def test_words_raise_and_lower_the_confidence() -> None:
    def sure(text: str) -> float:
        return detect(text, least=0)[0].confidence

    assert sure("card 4111111111111111") > sure("it is 4111111111111111") > sure("order 4111111111111111")
    assert sure("order 4111111111111111") < LEAST
    assert sure("Kreditkarte 4111111111111111") == sure("tarjeta 4111111111111111") == sure("card 4111111111111111")
    assert sure("order 12, card 4111111111111111") == sure("card 4111111111111111"), "the nearest word decides"


def test_why_says_the_reasons_in_words() -> None:
    why = detect("my card: 4111 1111 1111 1111")[0].why
    assert why == "16 digits in groups as on a card, passes Luhn, issuer range of Visa; the word “card” stands before it"


@pytest.mark.parametrize("line", [line for line in CORPUS if line.expected], ids=lambda line: line.text[:40])
def test_no_reason_repeats_what_was_found(line: Line) -> None:
    for found in detect(line.text, least=0):
        value = line.text[found.start : found.end]
        assert value not in found.why
        digits = "".join(filter(str.isdigit, value))
        assert len(digits) < 4 or digits[:4] not in found.why


@pytest.mark.parametrize(
    "card",
    [
        "4111\u00a01111\u00a01111\u00a01111",
        "4111\u20111111\u20111111\u20111111",
        "４１１１ １１１１ １１１１ １１１１",
        "٤١١١ ١١١١ ١١١١ ١١١١",
    ],
)
def test_other_spaces_dashes_and_digits_are_seen_through(card: str) -> None:
    text = f"Karte: {card}!"
    assert [(each.type, text[each.start : each.end]) for each in detect(text)] == [("payment_card", card)]


def test_the_head_of_a_column_speaks_for_its_fields() -> None:
    head = "id;fødselsdato;bsn;ordre;kort;cvv"
    row = '17;1980-03-12;"111222333";4111111111111111;"4012 8888 8888 1881";482'
    text = f"{head}\n{row}\n"
    got = [(each.type, text[each.start : each.end]) for each in detect(text, columns=columns_of(head))]
    assert got == [
        ("date_of_birth", "1980-03-12"),
        ("nl_bsn", "111222333"),
        ("payment_card", "4012 8888 8888 1881"),
        ("card_code", "482"),
    ]
    assert columns_of("no table at all") is None
    assert columns_of("ada@caller.example,4111111111111111") is None


def test_an_account_that_the_line_before_asks_for() -> None:
    text = (
        "Agent: and your sort code?\nCaller: yes 12 34 56\nAgent: and the account number\nCaller: 31926819\nAgent: order 12345679"
    )
    got = [(each.type, text[each.start : each.end]) for each in detect(text)]
    assert got == [("bank_code", "12 34 56"), ("bank_account", "31926819")]


def test_a_region_says_where_national_numbers_belong() -> None:
    text = "so 030 23125 it was"
    assert detect(text) == []
    assert [each.type for each in detect(text, regions=("DE",))] == ["phone"]
    assert detect(text, regions=("DK",)) == []


@pytest.mark.parametrize("kind", [Kind.PHONE, Kind.DATE_OF_BIRTH, Kind.CARD_CODE, Kind.NL_BSN, Kind.DK_CPR, Kind.US_SSN])
def test_the_quick_look_for_words_misses_none(kind: Kind) -> None:
    for word in (each for each in words_of(kind) if not each.endswith(":")):
        camel = "".join(part.capitalize() for part in word.split())
        for written in (
            word,
            word.upper(),
            word.title(),
            camel,
            camel[0].lower() + camel[1:],
            word.replace(" ", "_"),
            f"home_{word}",
        ):
            text = f"of {written}: 12345678"
            place = text.index("12345678")
            label = label_at(text, place, len(text))
            is_named = label is not None and kind in label.meanings
            assert Page(text).mentions(kind, place) or not is_named, written
            assert is_named or written in (camel, camel[0].lower() + camel[1:]), written


def test_a_code_is_surer_near_a_card() -> None:
    near = next(each for each in detect("card 4111 1111 1111 1111 cvv 482") if each.type == "card_code")
    alone = next(each for each in detect("cvv 482") if each.type == "card_code")
    assert near.confidence > alone.confidence
    assert "card number stands near" in near.why
    assert detect("482 and 4111") == []


def finding(start: int, end: int, confidence: float = 0.5) -> Finding:
    return Finding(start=start, end=end, type="x", confidence=confidence, why="because")


def test_of_findings_that_overlap_the_surest_then_the_longest_stays() -> None:
    assert apart([finding(0, 5, 0.5), finding(3, 9, 0.9)]) == [finding(3, 9, 0.9)]
    assert apart([finding(0, 5), finding(0, 9)]) == [finding(0, 9)]
    assert apart([finding(0, 5), finding(5, 9)]) == [finding(0, 5), finding(5, 9)]
    assert apart([finding(0, 4, 0.6), finding(3, 8, 0.9), finding(7, 12, 0.6)]) == [finding(3, 8, 0.9)]
    assert apart([finding(0, 10, 0.4), finding(0, 3, 0.5), finding(5, 9, 0.6)]) == [finding(0, 3, 0.5), finding(5, 9, 0.6)]


@given(
    st.lists(
        st.builds(
            lambda start, length, sure: finding(start, start + length, sure / 10),
            st.integers(0, 60),
            st.integers(1, 20),
            st.integers(0, 10),
        )
    )
)
def test_what_is_kept_never_overlaps_and_what_is_dropped_overlaps_something_as_sure(found: list[Finding]) -> None:
    kept = apart(found)
    assert kept == sorted(kept, key=lambda each: each.start)
    assert all(one.end <= other.start for one, other in itertools.pairwise(kept))
    for each in found:
        beside = [other for other in kept if each.start < other.end and other.start < each.end]
        assert any(other.confidence >= each.confidence for other in beside)


PIECES = st.one_of(
    st.sampled_from(VALUES),
    st.sampled_from(
        [
            "card ",
            "order ",
            "tel ",
            "CPR: ",
            "born ",
            "\n",
            ", ",
            " ",
            '"',
            "née le ",
            "\\n",
            "\\u00e9",
            "\\u00a0",
            "%2B",
            "%40",
            "-",
            ".",
            "@",
            ":",
            "+",
            "ﬀ",
            "İ",
        ]
    ),
    st.text(max_size=12),
    st.text(alphabet="0123456789 -./", max_size=25),
)
TEXTS = st.lists(PIECES, max_size=40).map("".join)


@given(TEXTS)
@settings(max_examples=300)
def test_any_text_is_looked_at_and_findings_lie_in_it_apart_and_whole(text: str) -> None:
    found = detect(text)
    assert all(0 <= each.start < each.end <= len(text) for each in found)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))
    for each in found:
        value = text[each.start : each.end]
        assert LEAST <= each.confidence <= 1
        assert each.type in set(Kind)
        assert value == value.strip()
        assert each.why
        assert value not in each.why or len(value) < 5
        if each.type == Kind.PAYMENT_CARD:
            assert 13 <= sum(map(str.isdigit, plain(value))) <= 19


@given(st.lists(TEXTS, min_size=1, max_size=12), st.integers(2000, 9000), st.integers(1, 900))
@settings(max_examples=25, deadline=None)
def test_windows_find_what_the_whole_text_has_and_nothing_else(texts: list[str], size: int, piece: int) -> None:
    text = "\n".join(part + " lorem ipsum" * 150 for part in texts)
    pieces = [(0, text[place : place + piece]) for place in range(0, len(text), piece)]
    found = [
        each.moved(window.offset)
        for window in windows(pieces, reach=REACH, size=size)
        for each in detect(window.text)
        if window.first <= each.start < window.last
    ]
    assert found == detect(text)


@given(st.text(alphabet="abc123-é😀 ", max_size=200))
def test_a_pattern_slices_to_what_it_matched(text: str) -> None:
    pattern = read_pattern("case=[a-c]-[0-9]+")
    expected = re.findall(r"(?<![^\W_])[a-c]-[0-9]+(?![^\W_])", text)
    assert [text[each.start : each.end] for each in pattern.findings(text)] == expected


@pytest.mark.parametrize(
    "words",
    [
        lambda size: f"12 x{'a' * size} street",
        lambda size: f"12 {'ab' * (size // 2)} {'cd' * (size // 2)} 3 {'ef' * (size // 3)} street 62704",
        lambda size: "42 maple street springfield 62704" * (size // 4),
        lambda size: f"address of\nA: {'ab' * (size // 2)} {'cd' * (size // 2)} {'ef' * (size // 2)} 12 Oak Road",
        lambda size: f"bank account?\nA: {'ab' * (size // 2)} {'cd' * (size // 2)} {'ef' * (size // 2)} 12345678",
    ],
)
@pytest.mark.parametrize(("short", "long"), [(4, 12), (12, 48)])
def test_longer_words_take_time_in_proportion(words: Callable[[int], str], short: int, long: int) -> None:
    """Where a word may be parted in many ways, and all are tried, a few letters more take a hundred times as long, and four times
    as many letters sixteen times."""
    assert _time_of(words(long), times=20) < 9 * _time_of(words(short), times=20)


@pytest.mark.parametrize(
    "repeated",
    [
        "0",
        "one ",
        "quatre-vingt ",
        "twenty three ",
        "five no sorry ",
        "a@b.",
        "x=1;",
        '"',
        "af09",
        "4111_",
        "4111  ",
        "a(at)b ",
        "01 ",
    ],
)
def test_what_is_repeated_without_end_takes_time_in_proportion(repeated: str) -> None:
    """Four times as much takes about four times as long, and what is quadratic sixteen times."""
    short, long = (_time_of(repeated * (size // len(repeated))) for size in (8_000, 32_000))
    assert long < 9 * short + 0.2


def _time_of(text: str, *, times: int = 2) -> float:
    taken = []
    for _ in range(times):
        began = time.process_time()
        detect(text, regions=("DK",))
        taken.append(time.process_time() - began)
    return min(taken)
