"""`rightcall scan` as a user runs it: the lines that other programs rely on, the codes it ends with; no value ever leaves it."""

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import pytest

from rightcall.bench.scan import run as measure
from rightcall.cli import main as cli
from rightcall.discovery.detection.rules import detect
from tests.cast import PLANTED_CARD
from tests.discovery.detection.corpus import lines, values

Run = Callable[..., int]
HOW_TO = Path(__file__).parents[2] / "docs" / "howto" / "scan-a-folder.md"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    return lambda *words: cli.code_of([str(word) for word in words])


@pytest.fixture
def share(tmp_path: Path) -> Path:
    """The labelled lines in a file each way that they may come, and some that is not read."""
    share = tmp_path / "share"
    (share / "sub").mkdir(parents=True)
    text = "\n".join(line.text for line in lines()) + "\n"
    (share / "lines.txt").write_text(text, encoding="utf-8")
    (share / "sub" / "lines.log").write_bytes(text.encode("utf-16"))
    (share / "pay.csv").write_text(f"id,card,cvv\n1,{PLANTED_CARD},737\n")
    (share / "tool.bin").write_bytes(b"\x7fELF\0\1")
    (share / "link").symlink_to(share / "pay.csv")
    return share


def told(capsys: pytest.CaptureFixture[str]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    *findings, last = map(json.loads, capsys.readouterr().out.splitlines())
    return findings, last


def test_json_is_a_line_for_each_finding_and_the_summary_last(run: Run, share: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("scan", share, "--json") == 0
    findings, last = told(capsys)
    for each in findings:
        in_field = ["field"] if "pay.csv" in each["object"] else []
        assert list(each) == ["object", "start", "end", "type", "confidence", "why", *in_field]
        assert isinstance(each["start"], int)
        assert isinstance(each["end"], int)
        assert 0 <= each["confidence"] <= 1
        assert each["why"]
    assert list(last) == ["summary"]
    summary = last["summary"]
    assert summary["objects"] == 3
    assert summary["skipped"] == {"symbolic link": 1, "not text": 1}
    assert summary["bytes"] == sum(path.stat().st_size for path in share.rglob("*") if path.is_file() and path.suffix in KINDS)
    assert summary["seconds"] >= 0
    assert sum(summary["findings"].values()) == len(findings)
    objects = {each["object"].partition("#")[0] for each in findings}
    assert objects == {"lines.txt", "sub/lines.log", "pay.csv/2"}


def test_a_row_is_told_with_its_key_and_places_count_in_its_cell(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pay.csv").write_text(f'id,card\n1,"no. {PLANTED_CARD}"\n')
    assert run("scan", tmp_path, "--json") == 0
    [found], _ = told(capsys)
    assert re.fullmatch(r"pay\.csv/2#[0-9a-f]+", found["object"])
    assert (found["field"], found["start"], found["end"]) == ("card", 4, 20)


KINDS = (".txt", ".log", ".csv")


def test_offsets_count_characters_in_the_decoded_text(run: Run, share: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("scan", share, "--json") == 0
    findings, _ = told(capsys)
    for name, encoding in (("lines.txt", "utf-8"), ("sub/lines.log", "utf-16")):
        text = (share / name).read_bytes().decode(encoding)
        got = [(each["start"], each["end"], each["type"]) for each in findings if each["object"] == name]
        assert got == [(each.start, each.end, each.type) for each in detect(text)]
        assert {text[start:end] for start, end, _ in got} & set(values())


def test_what_was_found_is_never_printed_logged_or_written(share: Path, tmp_path: Path) -> None:
    """In a process of its own, in an empty folder and with everything logged: on neither output, in no file."""
    planted = {value for value in values() if len(value) >= 6} | {PLANTED_CARD}
    digits = {re.sub(r"\D", "", value) for value in planted}
    apart = tmp_path / "apart"
    apart.mkdir()
    for words in (["--json"], []):
        done = scan_apart(share, *words, "--pattern", "case=CASE-[0-9]+", folder=apart)
        assert done.returncode == 0
        assert done.stdout
        for value in planted | {each for each in digits if len(each) >= 6}:
            assert value not in done.stdout + done.stderr
    assert list(apart.rglob("*")) == []


def scan_apart(*words: object, folder: Path) -> subprocess.CompletedProcess[str]:
    surroundings = dict(os.environ) | {"TMPDIR": str(folder), "HOME": str(folder), "RIGHTCALL_LOG_LEVEL": "debug"}
    command = [sys.executable, "-P", "-m", "rightcall", "scan", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=surroundings, timeout=120)


def test_people_get_a_table_and_a_summary(run: Run, share: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("scan", share) == 0
    said = capsys.readouterr()
    assert re.search(r"^ +2  pay\.csv: 1 payment_card, 1 card_code$", said.out, re.M)
    assert re.search(r"^[0-9,]+ findings in 3 objects, ", said.out, re.M)
    assert re.search(r"^ +1  symbolic link; .*: link$", said.out, re.M)
    assert "not read: tool.bin (not text" in said.err


def test_a_broken_line_is_a_part_not_read_of_a_file_that_was(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    share = tmp_path / "tickets"
    share.mkdir()
    (share / "dump.jsonl").write_text('{"phone": "+4532123456"}\n{"phone": \n{"phone": "+4532123457"}\n')
    (share / "tool.bin").write_bytes(b"\x7fELF\0\1")
    assert run("scan", share) == 0
    said = capsys.readouterr()
    assert "part not read: dump.jsonl (broken)" in said.err
    assert "1 part not read within objects that were, so what they hold is not known:\n       1  broken: dump.jsonl\n" in said.out
    assert (
        "1 not read, so what they hold is not known:\n       1  not text; look at what they are by hand: tool.bin\n" in said.out
    )
    assert run("scan", share, "--json") == 0
    summary = told(capsys)[1]["summary"]
    assert (summary["skipped"], summary["parts"]) == ({"not text": 1}, {"broken": 1})


def test_progress_goes_to_the_terminal_and_findings_to_the_file(share: Path, tmp_path: Path) -> None:
    """Standard error is a terminal, standard output is not: as in `rightcall scan share --json > findings`."""
    for number in range(40):
        (share / f"more{number}.csv").write_text("phone\n" + "+4532123456\n" * 2000)
    words = [sys.executable, "-P", "-m", "rightcall", "scan", str(share), "--json"]
    terminal, theirs = pty.openpty()
    with (tmp_path / "findings").open("w") as findings:
        process = subprocess.Popen(
            words, stdout=findings, stderr=theirs, env=dict(os.environ) | {"TERM": "xterm", "COLUMNS": "120"}
        )
    os.close(theirs)
    seen = b""
    with suppress(OSError):
        while piece := os.read(terminal, 4096):
            seen += piece
    os.close(terminal)
    assert process.wait(timeout=120) == 0
    lines_of_json = [json.loads(line) for line in (tmp_path / "findings").read_text().splitlines()]
    assert "summary" in lines_of_json[-1]
    assert len(lines_of_json) - 1 == sum(lines_of_json[-1]["summary"]["findings"].values()) > 80_000
    assert re.search(rb"Scanning\xe2\x80\xa6 [0-9]+ objects read, [0-9.,]+ (?:bytes|kB|MB), [0-9,]+ findings", seen)
    assert b"not read: tool.bin" in seen
    assert b"confidence" not in seen


def test_a_source_that_is_not_there_or_cannot_be_read(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("scan", tmp_path / "nowhere", "--json") == 2
    said = capsys.readouterr()
    assert "no such source" in said.err
    assert said.out == ""
    assert run("scan", "/proc/self/mem", "--json") == 2, "it says that nothing is in it"
    assert "source is empty" in capsys.readouterr().err
    assert run("scan", tmp_path) == 2
    assert "Nothing was read." in (said := capsys.readouterr()).out
    assert "0 findings" not in said.out
    (tmp_path / "nothing.txt").touch()
    assert run("scan", tmp_path) == 2
    assert "empty: 1 objects without a byte" in capsys.readouterr().err
    (tmp_path / "tool.bin").write_bytes(b"\x7fELF\0\1")
    assert run("scan", tmp_path) == 3
    said = capsys.readouterr()
    assert "Nothing of this source could be read" in said.err
    assert "by hand: tool.bin" in said.out
    (tmp_path / "tool.bin").unlink()
    (tmp_path / "customers.csv.asc").write_text("-----BEGIN PGP MESSAGE-----\n\nhQEMA0\n-----END PGP MESSAGE-----\n")
    assert run("scan", tmp_path) == 3
    assert "not read: customers.csv.asc (encrypted or behind a password" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["--pattern", "x=("],
        ["--pattern", "x"],
        ["--region", "XX"],
        ["--least", "2"],
        ["--largest", "0"],
        ["--rows", "0"],
        ["--pace", "1000", "--ray", "local"],
    ],
)
def test_what_cannot_be_asked_for_is_a_mistake(
    run: Run, share: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert run("scan", share, *words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err


def test_options_do_what_they_say(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("case KD-204711 of 28 14 77 93, order 4111111111111111")

    def types(*words: str) -> list[str]:
        assert run("scan", tmp_path, "--json", *words) == 0
        return [each["type"] for each in told(capsys)[0]]

    assert types() == []
    assert types("--pattern", "customer=KD-[0-9]{6}") == ["customer"]
    assert types("--region", "dk") == ["phone"]
    assert types("--least", "0.3") == ["payment_card"]
    (tmp_path / "b.txt").write_bytes(b"x" * (2 << 20))
    assert run("scan", tmp_path, "--json", "--largest", "1") == 0
    assert told(capsys)[1]["summary"]["skipped"] == {"too large": 1}


def test_a_scan_reads_no_faster_than_it_was_told(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By a clock that stands still but while it waits."""
    now = [0.0]
    monkeypatch.setattr("rightcall.cli.scan.time.monotonic", lambda: now[0])
    monkeypatch.setattr("rightcall.cli.scan.time.sleep", lambda seconds: now.append(now.pop() + seconds))
    for number in range(3):
        (tmp_path / f"{number}.csv").write_text("id,e-mail\n1,ada@caller.example\n2,bo@caller.example\n")
    assert run("scan", tmp_path, "--json", "--rows", "2") == 0
    assert now[0] == pytest.approx(3.0)
    size = told(capsys)[1]["summary"]["bytes"]
    assert run("scan", tmp_path, "--json", "--pace", "10") == 0
    assert now[0] == pytest.approx(3.0 + size / 10)


def test_a_reader_that_goes_away_ends_it_with_three(tmp_path: Path) -> None:
    for number in range(300):
        (tmp_path / f"{number}.txt").write_text(f"card {PLANTED_CARD}\n" * 100)
    words = [sys.executable, "-P", "-m", "rightcall", "scan", str(tmp_path), "--json"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
        assert process.wait(timeout=120) == 3
    assert "cannot be written out" in said
    assert "Traceback" not in said


def test_a_full_disk_ends_it_with_three(share: Path) -> None:
    words = [sys.executable, "-P", "-m", "rightcall", "scan", str(share), "--json"]
    with open("/dev/full", "w") as full:
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, text=True, timeout=120)
    assert done.returncode == 3
    assert "No space left on device" in done.stderr
    assert "Exception ignored" not in done.stderr


def test_the_measurement_finds_what_it_planted_and_has_both_loops_beside_it() -> None:
    figures = measure(mebibytes=1, rounds=1)
    for sort in ("txt", "csv", "jsonl"):
        assert cast(int, figures[f"{sort}_findings"]) > 0
    assert 0 < cast(float, figures["ratio"]) < cast(float, figures["least_ratio"]) < 1


def test_names_cannot_command_a_terminal(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a\x1b[31m.txt").write_text(f"card {PLANTED_CARD}")
    (tmp_path / "b\x1b[31m.bin").write_bytes(b"\x7fELF\0\1")
    assert run("scan", tmp_path) == 0
    said = capsys.readouterr()
    assert "\x1b" not in said.out + said.err
    assert "a�[31m.txt" in said.out


def test_the_how_to_does_what_it_shows(tmp_path: Path) -> None:
    """Its commands are run one after the other; what they print is what it shows, but for the time they took."""
    blocks = re.findall(r"```(?:sh|json|)\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), re.S)
    making, scanning, table, naming, found, looking = blocks[:6]
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"

    def printed(block: str) -> list[str]:
        done = subprocess.run(
            ["sh", "-e"],
            input=block,
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=dict(os.environ) | {"PATH": path},
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return timeless(done.stderr + done.stdout)

    assert printed(making) == []
    assert printed(scanning) == timeless(table)
    lines_of_json = [line for line in printed(naming) if line.startswith("{")]
    assert set(timeless(found)) <= set(lines_of_json)
    assert lines_of_json[-1] == timeless(found)[-1]
    assert printed(looking) == ["CASE-204711"]


def timeless(text: str) -> list[str]:
    return re.sub(r'(read in |"seconds": )[0-9.]+', r"\1…", text).splitlines()
