"""A text is shared out in windows whole, with true offsets."""

from hypothesis import given
from hypothesis import strategies as st

from rightcall.discovery.looking.reading import windows


@given(st.lists(st.text(max_size=50), max_size=30), st.integers(1, 60), st.integers(0, 40))
def test_windows_share_the_text_out_whole(parts: list[str], size: int, reach: int) -> None:
    text = "".join(parts)
    seen = list(windows([(len(part), part) for part in parts], reach=reach, size=size))
    assert "".join(each.text[each.first : each.last] for each in seen) == text
    assert sum(each.bytes for each in seen) == len(text)
    for each in seen:
        assert text[each.offset : each.offset + len(each.text)] == each.text
        before, behind = each.first, len(each.text) - each.last
        assert before == min(reach, each.offset + each.first)
        assert behind == reach or each.offset + len(each.text) == len(text)
        assert len(each.text) <= size + 2 * reach + 50
