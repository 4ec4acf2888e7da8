"""What is asked of every part of the corpora sees what is wrong."""

import pytest

from rightcall.bench._corpora.pages import Document, Label
from tests.bench.asked import faults


@pytest.mark.parametrize(
    ("text", "spans", "said"),
    [
        ("Call Ada Love.", [(5, 13)], []),
        ("Call Ada Love.", [(5, 8), (8, 8)], [""]),
        ("Call Ada Love.", [(4, 8)], [" Ada"]),
        ("Call Ada Love.", [(5, 7)], ["Ad"]),
        ("Call Ada Love.", [(5, 13), (9, 13)], ["Love"]),
        ("Call {name}, <a:b>, [one|two].", [], ["{name}", "<a:", "[one|"]),
    ],
)
def test_labels_that_overlap_or_are_no_words_and_what_shows_of_a_template(
    text: str, spans: list[tuple[int, int]], said: list[str]
) -> None:
    label = Label("name", tuple(spans), is_said=False)
    assert faults(Document(text, (label,), "en", "note")) == said
