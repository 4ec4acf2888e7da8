"""`rightcall system` as its how-to shows it: each command is run, and what it prints is what is shown."""

import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rightcall.adapters.keys.file import Cost, KeyFile
from rightcall.adapters.keys.passphrase import make_secret
from rightcall.cli import main as cli
from tests.ledger.fakes import own_database

HOW_TO = Path(__file__).parents[2] / "docs" / "howto" / "register-a-system.md"


@pytest.fixture(scope="module")
def url(database_url: str) -> Iterator[str]:
    with own_database(database_url, "systems_tests") as url:
        yield url


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its key file is a cheap one to open."""
    data = tmp_path_factory.mktemp("systems") / "data"
    data.mkdir(mode=0o700)
    KeyFile(data / "keys", make_secret(data / "passphrase"), cost=Cost(n=16)).create("unused")
    return data


@pytest.fixture
def place(url: str, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in."""
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    monkeypatch.setenv("RIGHTCALL_DATABASE_URL", url)
    monkeypatch.setenv("RIGHTCALL_DATA", str(data))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(place: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[str], str]:
    def run(line: str) -> str:
        code = cli.code_of(shlex.split(line)[1:])
        said = capsys.readouterr()
        assert code == 0, said.err
        return said.out

    return run


def blocks(kind: str) -> list[str]:
    found = re.findall(r"^```(\w*)\n(.*?)^```$", HOW_TO.read_text(encoding="utf-8"), re.S | re.M)
    return [text for sort, text in found if sort == kind]


def make(block: str, place: Path) -> None:
    """What the how-to writes with printf and ln, without a shell."""
    for words in map(shlex.split, block.splitlines()):
        if words[0] == "mkdir":
            (place / words[1]).mkdir()
        elif words[0] == "printf":
            (place / words[3]).write_text(words[1].replace("\\n", "\n"), encoding="utf-8")
        elif words[0] == "ln":
            (place / words[3]).symlink_to(words[2])


def test_the_how_to_does_what_it_shows(
    run: Callable[[str], str], place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "register.toml").write_text(blocks("toml")[0])
    before, sharing, adding, wording, scanning, sampling, again, showing, retiring = blocks("sh")
    worded, first, second, found = blocks("")
    run(before.splitlines()[0])
    monkeypatch.setenv("RIGHTCALL_TOKEN", run("rightcall token create --role dpo").splitlines()[-1])
    make(sharing, place)
    assert re.fullmatch(r"[0-9a-f-]{36}\n", run(adding))
    assert run(wording) == worded
    assert run(scanning).startswith(first)
    assert "A sample" in run(sampling)
    make(again, place)
    assert run(again.splitlines()[1]).startswith(second)
    shown = run(showing)
    assert found in re.sub(r"object 01[0-9a-f-]{34}", "object 01a2…", shown)
    assert "customers.csv" not in shown, "a file about one person may be named after them"
    assert re.search(r"^share +folder .*find.*  20[0-9-]{8}$", run("rightcall system list"), re.MULTILINE)
    run("rightcall system check share --region DK")
    run(retiring)
    assert "customers.csv" not in run(showing)
    assert cli.code_of(["system", "scan", "share"]) == 2
    assert "retired" in capsys.readouterr().err


def test_a_scan_that_could_read_nothing_ends_with_three(
    run: Callable[[str], str], place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "register.toml").write_text(blocks("toml")[0])
    run("rightcall register apply register.toml")
    monkeypatch.setenv("RIGHTCALL_TOKEN", run("rightcall token create --role dpo").splitlines()[-1])
    (place / "share").mkdir()
    (place / "share" / "tool.bin").write_bytes(b"\x7fELF\0\1")
    assert cli.code_of(["system", "add", "tools", "--address", "./share", "--use", "care"]) == 0
    assert "All that lies there serves care" in capsys.readouterr().err
    assert cli.code_of(["system", "scan", "tools", "--wait"]) == 3
    assert "none could be read (1 not text)" in capsys.readouterr().err
    assert "It failed. Of 1 objects none could be read (1 not text)." in run("rightcall system show tools")
    assert cli.code_of(["system", "add", "other", "--address", "./nowhere"]) == 2
    assert "no such folder" in capsys.readouterr().err


def test_what_was_read_without_its_nulls_is_told_apart_from_what_was_not_read(
    run: Callable[[str], str], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "register.toml").write_text(blocks("toml")[0])
    run("rightcall register apply register.toml")
    monkeypatch.setenv("RIGHTCALL_TOKEN", run("rightcall token create --role dpo").splitlines()[-1])
    (place / "old").mkdir()
    (place / "old" / "tape.txt").write_text("card 4111\x001111\x001111\x001111\n")
    (place / "old" / "link").symlink_to("tape.txt")
    run("rightcall system add tapes --address ./old")
    run("rightcall system scan tapes --wait")
    shown = run("rightcall system show tapes")
    unread, repaired = shown.index("Not read, so what they hold"), shown.index("Read, though not as they stand:")
    assert unread < shown.index("link (symbolic link)") < repaired < shown.index("tape.txt (nulls in its text")
    assert "payment_card" in shown
    told = run("rightcall map")
    assert "1 object of tapes could not be read." in told, "the link; of the tape nothing was left out"


def test_what_it_is_for_until_when_and_how_hard_it_may_be_worked_is_said_at_the_command_line(
    run: Callable[[str], str], place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "register.toml").write_text(blocks("toml")[0])
    run("rightcall register apply register.toml")
    monkeypatch.setenv("RIGHTCALL_TOKEN", run("rightcall token create --role dpo").splitlines()[-1])
    (place / "old").mkdir()
    (place / "old" / "people.csv").write_text("id,e-mail,closed_on\n1,ada.old@caller.example,2019-05-01\n")
    run("rightcall system add old --address ./old --use 'care:*:*:365@closed_on' --rows 100000")
    run("rightcall system scan old --wait --pace 100000000")
    assert re.search(r"^email .* 1 +1 +. +1 +–$", run("rightcall map"), re.M), "one thing of one person, and past its term"
    run("rightcall system check old --unlimited")
    for wrong in ("care:*:*:365@", "care:*:*:x", "care:*:*:365@birth date"):
        assert cli.code_of(["system", "check", "old", "--use", wrong]) == 2
    assert cli.code_of(["system", "check", "old", "--unlimited", "--rows", "5"]) == 2
    assert "Traceback" not in capsys.readouterr().err
