"""The demo's folder: what a demo made before is removed, and nothing else is."""

from pathlib import Path

import pytest

from rightcall.demo.stage import make_fresh
from rightcall.errors import Conflict


def test_a_demo_that_failed_at_its_start_stands_in_nobodys_way(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    make_fresh(folder)
    left = folder / "data" / "settings-were-wrong"
    left.touch()
    make_fresh(folder)
    assert not left.exists()


def test_what_no_demo_made_stays(tmp_path: Path) -> None:
    (tmp_path / "letters").touch()
    with pytest.raises(Conflict, match="was not made by the demo"):
        make_fresh(tmp_path)
    assert (tmp_path / "letters").exists()
