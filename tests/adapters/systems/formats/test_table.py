"""The reference names every format that is read, and nothing else."""

import re
from pathlib import Path

from rightcall.adapters.systems.formats.limits import Limits
from rightcall.adapters.systems.formats.table import FORMATS
from rightcall.discovery.model import Reason

PAGE = (Path(__file__).parents[4] / "docs" / "reference" / "formats.md").read_text(encoding="utf-8")


def table(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without its head."""
    section = re.split(r"^## ", PAGE.split(f"## {heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows[2:]]


def test_every_format_is_told_with_what_is_read_and_what_is_not() -> None:
    there = [[each.name, " ".join(f"`{ending}`" for ending in each.endings), each.reads, each.leaves] for each in FORMATS]
    assert table("Formats") == there


def test_every_limit_is_told() -> None:
    assert {row[0]: row[1] for row in table("Limits")} == {
        f"`{name}`": f"{getattr(Limits(), name):,}" for name in Limits.__dataclass_fields__
    }


def test_every_reason_is_told() -> None:
    assert {row[0] for row in table("What is not read")} == {reason.value for reason in Reason}
