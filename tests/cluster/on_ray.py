"""The same scanner on a real Ray, of this machine. Not among the tests that `make test` collects, since Ray and daft are 600 MB:
run by `make test-ray`."""

import json
from pathlib import Path
from typing import Any

import pytest

from rightcall.cli.main import code_of

SHARE = {f"{number}.txt": f"mail a{number}@caller.example, call +45 32 12 34 {number:02}" for number in range(40)}


def told(capsys: pytest.CaptureFixture[str]) -> tuple[list[str], dict[str, Any]]:
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    summary = json.loads(lines[-1])["summary"]
    return sorted(lines[:-1]), {name: value for name, value in summary.items() if name != "seconds"}


def test_a_cluster_finds_what_one_machine_finds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in SHARE.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "customers.csv").write_text("id,card\n1,4111111111111111\n")
    (tmp_path / "tool.bin").write_bytes(b"\x7fELF\0\1")
    options = ["--json", "--pattern", "own=a[0-9]+"]
    assert code_of(["scan", str(tmp_path), *options]) == 0
    alone = told(capsys)
    assert code_of(["scan", str(tmp_path), *options, "--ray", "local"]) == 0
    assert told(capsys) == alone
