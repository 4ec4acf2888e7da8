"""Whoever waits at a terminal is told within a second what is happening, and again and again until it is over."""

import itertools
import os
import pty
import select
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from rightcall.settings import load_settings
from rightcall.wiring import open_house
from tests.cli.test_backups import keep_something
from tests.cli.test_commands import example

OF = ("--controller", "Example Energy")
PACKAGE = Path(__file__).parents[2] / "src" / "rightcall"


@dataclass(frozen=True, slots=True)
class Watched:
    """`first` and `longest`: seconds until something was shown, and the longest time in which nothing was."""

    code: int
    first: float
    longest: float
    shown: str
    printed: str


def watch(*words: str, data: Path) -> Watched:
    """One command in a process of its own, whose standard error is a terminal and whose standard output is none."""
    ours, theirs = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if name != "RIGHTCALL_DATABASE_URL"}
    environment |= {"RIGHTCALL_DATA": str(data), "TERM": "xterm"}
    began = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "rightcall", *words], stdout=subprocess.PIPE, stderr=theirs, env=environment
    ) as running:
        os.close(theirs)
        at, shown = [began], b""
        while select.select([ours], [], [], 60)[0]:
            try:
                part = os.read(ours, 65536)
            except OSError:  # Linux's way of saying that nobody holds the other end any more
                break
            shown += part
            at.append(time.monotonic())
        assert running.stdout is not None
        printed = running.stdout.read().decode()
    os.close(ours)
    at.append(time.monotonic())
    gaps = [later - earlier for earlier, later in itertools.pairwise(at)]
    return Watched(running.returncode, at[1] - began, max(gaps), shown.decode(), printed)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a deployment whose database does not run, a holding in it, and files for the commands."""
    folder = tmp_path_factory.mktemp("place")
    with open_house(load_settings(data=folder / "data", database_url=None)) as house:
        (folder / "holding").write_text(str(keep_something(house, folder)))
    (folder / "register.toml").write_text(example().replace("Example Energy", "Registered Energy"))
    (folder / "notice.txt").write_text("May we record this call? Press 1 for yes, 2 for no.")
    (folder / "vcon.json").write_text("{}")
    assert watch("backup", str(folder / "copy"), data=folder / "data").code == 0
    return folder


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["migrate"], "Opening the database"),
        (["controller", "list"], "Opening the database"),
        (["token", "list", *OF], "Opening the database"),
        (["token", "create", "--role", "dpo", *OF], "Opening the database"),
        (["register", "apply", "PLACE/register.toml"], "Applying the register"),
        (["ledger", "key"], "Opening the database and the keys"),
        (["ledger", "audit"], "entries"),
        (["vcon", "import", "PLACE/vcon.json", *OF], "Opening the database"),
        (["rules", "check", str(PACKAGE / "policy" / "house")], "Checking the rules"),
        (["rules", "replay", str(PACKAGE / "policy" / "house"), "--since", "9", *OF], "Replaying"),
        (["notice", "check", "PLACE/notice.txt"], "Trying"),
        (["scan", "PLACE/data/keys"], "Scanning"),
        (["backup", "PLACE/backup"], "objects"),
        (["drill", "PLACE/copy", "--holding", "HOLDING"], "Reading the backup"),
        (["restore", "PLACE/copy"], "destroying again"),
        (["epoch", "rotate"], "Wrapping keys anew"),
        (["verify", "PLACE/vcon.json"], "Starting"),
    ],
    ids=lambda given: " ".join(given[:2]) if isinstance(given, list) else "",
)
def test_whoever_waits_is_told(place: Path, words: list[str], says: str) -> None:
    known = {"PLACE": str(place), "HOLDING": (place / "holding").read_text()}
    for name, value in known.items():
        words = [word.replace(name, value) for word in words]
    data = place / "data"
    if words[0] == "restore":
        data = place / "restored"
        data.mkdir()
        for name in ("keys", "ledger-key", "passphrase"):
            shutil.copy(place / "data" / name, data)
        words = [*words, "--destroyed", str(place / "data" / "destroyed")]
    seen = watch(*words, data=data)
    assert seen.code == {"vcon": 2, "verify": 1, "notice": 1, "check": 0}.get(words[words[0] == "rules"], 0), seen.shown
    assert "Starting" in seen.shown
    assert says in seen.shown
    assert seen.first < 1
    assert seen.longest < 1.5
    assert "\x1b" not in seen.printed
    if words[:2] == ["token", "create"]:
        assert seen.printed.splitlines()[-1].startswith("rightcall_")
