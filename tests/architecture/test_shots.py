"""The pictures of the documentation: those that it shows are there, small, described, and no others. What a day tells somebody to
press is called so on the pages."""

import re
from pathlib import Path

import pytest

import rightcall
from rightcall.console.places import ROOMS

PACKAGE = Path(rightcall.__file__).parent
ROOT = PACKAGE.parents[1]
SHOTS = ROOT / "docs" / "shots"
DAYS = sorted((ROOT / "docs" / "howto").glob("*-day.md"))
_MOST_BYTES = 1_500_000


def shown() -> list[tuple[str, Path]]:
    """Of each picture that a page shows, what it says of it and where it lies."""
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    return [
        (says, (page.parent / place).resolve())
        for page in pages
        for says, place in re.findall(r"!\[([^\]]*)\]\(([^)]+\.webp)\)", page.read_text(encoding="utf-8"))
    ]


def test_every_picture_that_is_shown_is_there_and_no_other() -> None:
    there = {each.resolve() for each in SHOTS.iterdir()}
    assert {place for _, place in shown()} == there
    assert sum(each.stat().st_size for each in there) < _MOST_BYTES
    assert [place.name for says, place in shown() if len(says) < 15] == [], "who does not see them reads what they show"


@pytest.mark.parametrize("page", DAYS, ids=lambda page: page.stem)
def test_what_a_day_names_is_called_so_on_the_pages(page: Path) -> None:
    words = {room.name for rooms in ROOMS.values() for room in rooms}
    for file in PACKAGE.rglob("*.html"):
        words |= {says for _, says in re.findall(r"""_\((["'])(.+?)\1""", file.read_text(encoding="utf-8"))}
    named = re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", page.read_text(encoding="utf-8"))
    assert len(named) > 2
    assert [each for each in named if each not in words] == []
