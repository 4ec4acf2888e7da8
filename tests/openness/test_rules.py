"""Nobody is found by what everybody may read."""

from hypothesis import given
from hypothesis import strategies as st

from rightcall.ids import PurposeId, new_id
from rightcall.openness.rules import LEAST, answers_of, met, share
from rightcall.requests.model import RequestKind

PURPOSE = PurposeId(new_id())


@given(st.integers(0, LEAST - 1), st.integers(0, 10))
def test_few_answers_have_no_shares(yes: int, withdrawn: int) -> None:
    told = answers_of(PURPOSE, yes, LEAST - 1 - yes, withdrawn)
    assert (told.yes, told.no, told.withdrawn) == (None, None, None)


@given(st.integers(LEAST, 400), st.data())
def test_what_is_told_fits_more_than_one_count(asked: int, data: st.DataObject) -> None:
    """Whoever knows all answers but one cannot tell that one: some neighbouring count gives the same figures."""
    yes = data.draw(st.integers(0, asked))
    told = answers_of(PURPOSE, yes, asked - yes, 0)
    fitting = {
        (some, of)
        for of in range(told.asked.at_least, told.asked.at_most + 1)
        for some in range(max(0, yes - 40), min(of, yes + 40) + 1)
        if of >= LEAST and share(some, of) == told.yes and share(of - some, of) == told.no
    }
    assert len({some for some, _ in fitting}) > 1


def test_days_are_told_from_five_answers_on() -> None:
    assert met(RequestKind.ACCESS, 4, (1, 2, 3, 4), 0).median_days is None
    told = met(RequestKind.ACCESS, 7, (1, 2, 9, 9, 30), 2)
    assert (told.median_days, str(told.received), str(told.late)) == (9, "5 to 9", "fewer than 5")
