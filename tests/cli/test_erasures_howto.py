"""docs/howto/erase-everywhere.md, step by step, with a worker of its own process that is killed now and then."""

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rightcall.adapters.keys.file import Cost, KeyFile
from rightcall.adapters.keys.passphrase import make_secret
from rightcall.cli import main as cli
from rightcall.database.connection import Database
from tests.ledger.fakes import own_database

DOCS = Path(__file__).parents[2] / "docs" / "howto"
PATIENCE = 90.0
START = (sys.executable, "-P", "-m", "rightcall")


@pytest.fixture(scope="module")
def url(database_url: str) -> Iterator[str]:
    with own_database(database_url, "erasures_howto_tests") as url:
        yield url


@pytest.fixture
def place(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in. Its key file is a cheap one to open."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    KeyFile(data / "keys", make_secret(data / "passphrase"), cost=Cost(n=16)).create("unused")
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    monkeypatch.setenv("RIGHTCALL_DATABASE_URL", url)
    monkeypatch.setenv("RIGHTCALL_DATA", str(data))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "register.toml").write_text(blocks("register-a-system.md", "toml")[0])
    return tmp_path


@pytest.fixture
def run(place: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[str], str]:
    def run(line: str) -> str:
        code = cli.code_of(shlex.split(line)[1:])
        said = capsys.readouterr()
        assert code == 0, said.err
        return said.out

    return run


def blocks(page: str, kind: str) -> list[str]:
    found = re.findall(r"^```(\w*)\n(.*?)^```$", (DOCS / page).read_text(encoding="utf-8"), re.S | re.M)
    return [text for sort, text in found if sort == kind]


@contextmanager
def worker(place: Path) -> Iterator[subprocess.Popen[bytes]]:
    with (place / "worker.log").open("ab") as log:
        process = subprocess.Popen([*START, "serve", "--roles", "worker"], stdout=log, stderr=log, env=dict(os.environ))
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.wait()


def until(place: Path, said: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not said():
        assert time.monotonic() < deadline, f"{what} never came\n{(place / 'worker.log').read_text()[-3000:]}"
        time.sleep(0.3)


def customer(url: str) -> str:
    """Who has the number, as `GET /api/v1/subjects?id=KD-204711` tells."""
    database = Database(url)
    try:
        with database.system() as tx:
            controller = tx.connection.execute("SELECT controller FROM controllers").fetchone()
        assert controller is not None
        with database.transaction(controller["controller"]) as tx:
            rows = tx.connection.execute(
                "SELECT DISTINCT h.subject FROM holdings h JOIN findings f ON f.finding = h.holding WHERE f.type = 'phone'"
                " AND h.subject IN (SELECT subject FROM holdings GROUP BY subject HAVING count(DISTINCT system) = 2)"
            ).fetchall()
    finally:
        database.close()
    [row] = rows
    return str(row["subject"])


def test_the_how_to_step_by_step_with_workers_that_are_killed(
    run: Callable[[str], str], place: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting_up, files, systems, recipients, entering, listing, places, mending, keepers, letters = blocks(
        "erase-everywhere.md", "sh"
    )
    apply, _ = setting_up.splitlines()
    run(apply)
    monkeypatch.setenv("RIGHTCALL_TOKEN", run("rightcall token create --role dpo").split()[-1])
    subprocess.run(["sh", "-c", files], check=True, cwd=place)
    for line in (*systems.splitlines(), *recipients.splitlines()):
        run(line)
    request = run(entering.strip().replace("SUBJECT", customer(url))).split()[-1]

    def filled(block: str) -> list[str]:
        return [line.replace("REQUEST", request) for line in block.strip().splitlines()]

    def state() -> str:
        return run(filled(listing)[0])

    for pause in (1.5, 2.5, 4.0):
        with worker(place) as process:
            time.sleep(pause)
            assert process.poll() is None
    with worker(place):
        until(place, lambda: "NEEDS YOU" in state(), "what needs a person")
        until(place, lambda: "Print House" in state(), "the recipient")
        shown = state()
        assert re.search(r"system +share +\d confirmed, 1 refused; refused since .* NEEDS YOU", shown), shown
        assert re.search(r"system +letters +\d outside; its keepers are to be told", shown), shown
        assert (place / "share" / "customers.csv").read_text().splitlines()[1:] == ["KD-300000,020 7946 0958,ben@caller.example"]
        assert "KD-204711" in (place / "letters" / "sent.csv").read_text()
        [where] = [run(line) for line in filled(places)]
        assert where.split() == ["refused", "note.txt", "-", "-", "9-18"]
        assert "in_progress" in run(f"rightcall requests show {request}")
        remove, retry = filled(mending)
        subprocess.run(["sh", "-c", remove], check=True, cwd=place)
        run(retry)
        until(place, lambda: "refused" not in state(), "the end of what was refused")
        until(place, lambda: "fulfilled" in run(f"rightcall requests show {request}"), "the answer")
        out_of_reach, told = filled(keepers)
        assert "The system letters, which you look after" in (letter := run(out_of_reach))
        assert "sent.csv" in letter
        run(told)
        words, sent, answered = filled(letters)
        letter = run(words)
        assert "Print House" in letter
        assert "records about them in other systems" in letter
        run(sent)
        run(answered)
        until(place, lambda: request not in state(), "an end of it")
    shown = run(f"rightcall erasure show {request}")
    assert re.search(r"letters +\d outside; its keepers were told", shown), shown
    assert re.search(r"Print House +answered .*: let go", shown), shown
    assert "KD-204711" not in (place / "worker.log").read_text()
    assert "ada@caller" not in (place / "worker.log").read_text()
