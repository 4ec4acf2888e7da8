"""The picture and the page: well formed whatever a purpose is called, and no figure where nothing may be said."""

import re
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from rightcall.ethics.drawing import forest
from rightcall.ethics.model import Bar, Comparison, Estimate, Finding, Group, GroupSize, Measure, Parity, Row, Strata
from rightcall.ethics.page import page
from rightcall.ids import PurposeId, new_id
from tests.cast import MONDAY
from tests.ethics.test_rules import FLAG, account

PURPOSE = PurposeId(new_id())
HOSTILE = '</text><script>alert("Planted")</script>&'


def comparison(value: float, reach: float = 0.05) -> Comparison:
    return Comparison(
        noes=123,
        yeses=456,
        strata=Strata.QUEUE,
        effect=Estimate(value=value, low=max(-1, value - reach), high=min(1, value + reach)),
        in_units=Estimate(value=12.0, low=3.0, high=21.0),
        from_wire=0.25,
        z=1.0,
        weight=90.0,
    )


def row(measure: Measure, value: float | None, *, gap: bool = False) -> Row:
    found = None if value is None else comparison(value)
    return Row(
        purpose=PURPOSE,
        notice=None,
        measure=measure,
        finding=Finding.GAP if gap else Finding.TOO_FEW if found is None else Finding.NO_GAP_FOUND,
        comparison=found,
        account=account(measure) if gap else None,
        chance=0.0004 if gap else None,
        flag=replace(FLAG, purpose=PURPOSE, measure=measure) if gap else None,
    )


def parity(*rows: Row) -> Parity:
    sizes = (GroupSize(purpose=PURPOSE, group=Group.NO, calls=120), GroupSize(purpose=PURPOSE, group=Group.WITHDREW, calls=None))
    since, none = MONDAY - timedelta(days=28), None
    return Parity(since=since, until=MONDAY, counted_at=MONDAY, looked_at=none, tested=5, rows=rows, sizes=sizes)


@pytest.mark.parametrize("name", ["training", HOSTILE, "x" * 300, "Schulung für Agenten"])
@pytest.mark.parametrize("value", [0.0, 0.12, -0.12, 1.0, -1.0])
def test_it_is_well_formed_whatever_it_shows(name: str, value: float) -> None:
    shown = parity(row(Measure.WAITING, value, gap=True), row(Measure.HANDLING, value), row(Measure.HANG_UPS, None))
    picture = forest(shown, {PURPOSE: name}, Bar())
    root = ElementTree.fromstring(picture)  # noqa: S314 - our own
    width = float(root.attrib["viewBox"].split()[2])
    for each in root.iter():
        assert each.tag.rpartition("}")[2] in {"svg", "title", "style", "rect", "text", "line", "circle", "path"}
        for place in ("x", "x1", "x2", "cx"):
            assert 0 <= float(each.attrib.get(place, 0)) <= width
    document = page(shown, {PURPOSE: name}, Bar())
    assert "<script" not in picture + document


def test_a_gap_is_told_by_shape_and_words_and_a_small_group_by_words_alone() -> None:
    picture = forest(parity(row(Measure.WAITING, 0.2, gap=True), row(Measure.TRANSFERS, None)), {PURPOSE: "training"}, Bar())
    assert picture.count('<path class="gap"') == 1
    assert picture.count("<circle") == 0
    assert "gap: not freely given" in picture
    assert "too few calls to say" in picture
    assert "120 no, 450 yes" in picture
    assert "123" not in re.sub(r"[xy\d]+=\"[^\"]*\"|#\w+", "", picture)


def test_the_table_says_what_the_picture_shows() -> None:
    told = page(parity(row(Measure.WAITING, 0.2, gap=True), row(Measure.TRANSFERS, None)), {PURPOSE: "training"}, Bar())
    for words in ("+20.0 (+15.0 to +25.0)", "+12 s (+3 to +21)", "the same queue", "our own wire: 25 % of calls", "0.0004"):
        assert words in told
    assert "120 said no; too few to tell how many said yes, then took it back" in told
    assert "No look has been made yet" in told


def test_before_anything_can_be_compared_no_table_and_no_list_is_shown() -> None:
    told = page(replace(parity(), sizes=()), {}, Bar())
    assert "Nothing to compare yet." in told
    for empty in ("<table", "<thead", "<ul>", "The same as a table", "How many calls"):
        assert empty not in told
