"""What was written anew: word by word, and nothing of either text is lost or made up."""

from hypothesis import given
from hypothesis import strategies as st

from rightcall.design.differences import Difference, Piece, Sort, differences

WORDS = st.lists(st.sampled_from(["kept", "for", "ninety", "thirty", "days.\n", "never"]), max_size=12).map(" ".join)


@given(WORDS, WORDS)
def test_each_side_is_the_whole_text_and_what_is_the_same_stands_in_both(old: str, new: str) -> None:
    found = differences({"Term": old}, {"Term": new})
    assert bool(found) is (old != new)
    for each in found:
        assert ("".join(piece.words for piece in each.old), "".join(piece.words for piece in each.new)) == (old, new)
        was, now = (" ".join(piece.words for piece in side if piece.sort is Sort.SAME).split() for side in (each.old, each.new))
        assert was == now


def test_words_that_came_and_went_are_named_and_what_only_one_says_stands_alone() -> None:
    old, new = {"Term": "for ninety days", "Old": "a b"}, {"New": "c", "Term": "for thirty days", "Old": ""}
    came, gone, term = differences(old, new)
    assert came == Difference(about="New", old=(), new=(Piece(Sort.CAME, "c"),))
    assert gone.old == (Piece(Sort.SAME, "for"), Piece(Sort.GONE, " ninety"), Piece(Sort.SAME, " days"))
    assert gone.new == (Piece(Sort.SAME, "for"), Piece(Sort.CAME, " thirty"), Piece(Sort.SAME, " days"))
    assert term == Difference(about="Old", old=(Piece(Sort.GONE, "a b"),), new=())
