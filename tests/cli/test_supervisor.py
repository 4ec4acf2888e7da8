"""The supervisor, with small real processes: it starts them in order and again, ends them, and never leaves one behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from rightcall.adapters.restarts import Restart, read_restarts, write_restarts
from rightcall.cli.supervisor import EmbeddedDatabase, RoleProcess, Supervisor
from rightcall.database.embedded import ensure_running
from rightcall.errors import NotConfigured, Outage

SMALL = Path(__file__).with_name("small_role.py")
PATIENCE = 20.0


def small(folder: Path, manner: str, name: str = "small") -> RoleProcess:
    command = [sys.executable, str(SMALL), str(folder), manner]
    return RoleProcess(name=name, environment={}, metrics=folder, command=command)


def pids(folder: Path, manner: str) -> list[int]:
    """Of every start so far, oldest first."""
    files = sorted(folder.glob(f"*.{manner}"), key=lambda file: int(file.stem))
    return [int(text) for file in files if (text := file.read_text())]


def until(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@contextmanager
def running(supervisor: Supervisor) -> Iterator[list[BaseException]]:
    raised: list[BaseException] = []

    def run() -> None:
        try:
            supervisor.run()
        except NotConfigured as error:
            raised.append(error)

    # A child's parent is the thread that made it, so this thread lives until the supervisor ends.
    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield raised
    finally:
        supervisor.ask_to_stop()
        thread.join()


def test_a_killed_process_is_started_again_and_said_so(tmp_path: Path) -> None:
    said: list[str] = []
    with running(Supervisor([small(tmp_path, "wait")], said.append, first_wait_seconds=0.01)):
        until(lambda: len(pids(tmp_path, "wait")) == 1)
        os.kill(pids(tmp_path, "wait")[0], signal.SIGKILL)
        until(lambda: len(pids(tmp_path, "wait")) == 2)
        until(lambda: len(said) == 2)
    first, second = pids(tmp_path, "wait")
    assert first != second
    assert "killed by SIGKILL" in said[0]
    assert "started again" in said[1]
    assert not is_alive(second)


def test_one_that_keeps_dying_is_started_ever_more_slowly(tmp_path: Path) -> None:
    said: list[str] = []
    with running(Supervisor([small(tmp_path, "fail")], said.append, first_wait_seconds=0.01)):
        until(lambda: len(pids(tmp_path, "fail")) >= 4)
    waits = [float(line.split(" in ")[1].removesuffix(" s.")) for line in said if "exit code 7" in line]
    assert waits[:3] == [0.01, 0.02, 0.04]


def test_one_that_ran_well_for_a_while_begins_anew_and_what_keeps_dying_is_told(tmp_path: Path) -> None:
    """On a clock that the test moves, so that nothing hangs on how fast the machine is."""
    said: list[str] = []
    told: list[list[tuple[int, bool]]] = []
    events: list[str] = []
    clock = [0.0]
    child = Recorded("worker", events)

    def tell(restarts: Sequence[Restart]) -> None:
        write_restarts(tmp_path, restarts)
        told.append([(each.deaths, each.again_at is not None) for each in restarts])

    def dies(deaths: int) -> None:
        child.status = -9
        until(lambda: told[-1] == [(deaths, True)])

    with running(Supervisor([child], said.append, tell, now=lambda: clock[0])):
        until(lambda: events == ["start worker"])
        dies(1)
        clock[0] += 1
        until(lambda: told[-1] == [])
        dies(2)
        assert "worker ended unasked 2 times in a row (killed by SIGKILL)" in read_restarts(tmp_path)[0].says
        clock[0] += 1
        until(lambda: told[-1] == [(2, False)])
        clock[0] += 60
        until(lambda: told[-1] == [])
        dies(1)
    assert [line.split(" in ")[1] for line in said if "ended unasked" in line] == ["0.5 s.", "1 s.", "0.5 s."]
    assert read_restarts(tmp_path) == []


def test_one_that_was_asked_for_what_it_cannot_do_ends_everything(tmp_path: Path) -> None:
    steady, refusing = small(tmp_path, "wait"), small(tmp_path, "refuse", name="web")
    with running(Supervisor([steady, refusing], lambda _: None)) as raised:
        until(lambda: bool(raised))
    assert "web cannot run with these settings" in str(raised[0])
    assert len(pids(tmp_path, "refuse")) == 1
    assert not is_alive(steady.pid or 0)


def test_one_that_clings_to_life_is_killed_and_said_so(tmp_path: Path) -> None:
    said: list[str] = []
    with running(Supervisor([small(tmp_path, "cling")], said.append, patience_seconds=0.2)):
        until(lambda: len(pids(tmp_path, "cling")) == 1)
    assert "was killed" in said[-1]
    assert not is_alive(pids(tmp_path, "cling")[0])


class Recorded:
    """A child that only remembers what was asked of it; `ended` answers what it is told to."""

    def __init__(self, name: str, events: list[str], failures: int = 0) -> None:
        self.name = name
        self.events = events
        self.failures = failures
        self.status: int | None = None

    def start(self) -> None:
        self.events.append(f"start {self.name}")
        self.status = None
        if self.events.count(f"start {self.name}") > 1 and self.failures:
            self.failures -= 1
            raise Outage("It does not answer. Try again.")

    def ended(self) -> int | None:
        return self.status

    def stop(self, patience_seconds: float) -> bool:
        self.events.append(f"stop {self.name}")
        return True


def test_they_start_in_order_and_end_in_the_opposite_order() -> None:
    events: list[str] = []
    children = [Recorded(name, events) for name in ("database", "web", "media", "signalling")]
    with running(Supervisor(children, lambda _: None)):
        until(lambda: len(events) == 4)
    assert events[:4] == ["start database", "start web", "start media", "start signalling"]
    assert events[4:] == ["stop signalling", "stop media", "stop web", "stop database"]


def test_a_restart_that_meets_an_outage_is_tried_again() -> None:
    events: list[str] = []
    said: list[str] = []
    child = Recorded("database", events, failures=2)
    with running(Supervisor([child], said.append, first_wait_seconds=0.01)):
        until(lambda: events == ["start database"])
        child.status = -9
        until(lambda: events.count("start database") == 4)
        until(lambda: said[-1] == "database is started again.")
    assert sum("could not be started" in line for line in said) == 2


def test_children_end_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from rightcall.cli.supervisor import RoleProcess, Supervisor\n"
        f"child = RoleProcess(name='s', environment={{}}, metrics=Path({str(tmp_path)!r}),"
        f" command=[sys.executable, {str(SMALL)!r}, {str(tmp_path)!r}, 'wait'])\n"
        "Supervisor([child], print).run()\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program])
    until(lambda: len(pids(tmp_path, "wait")) == 1)
    child = pids(tmp_path, "wait")[0]
    assert is_alive(child)
    parent.kill()
    parent.wait()
    until(lambda: not is_alive(child))


@pytest.mark.parametrize("sort", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_everything_in_order(tmp_path: Path, sort: signal.Signals) -> None:
    program = (
        "import sys; from pathlib import Path; from rightcall.cli.supervisor import RoleProcess, Supervisor\n"
        f"child = RoleProcess(name='s', environment={{}}, metrics=Path({str(tmp_path)!r}),"
        f" command=[sys.executable, {str(SMALL)!r}, {str(tmp_path)!r}, 'wait'])\n"
        "s = Supervisor([child], print); s.stop_on_signals(); s.run()\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program])
    until(lambda: len(pids(tmp_path, "wait")) == 1)
    parent.send_signal(sort)
    assert parent.wait(PATIENCE) == 0
    assert not is_alive(pids(tmp_path, "wait")[0])


def test_a_database_that_a_command_had_begun_is_begun_again_when_the_command_takes_it_along(tmp_path: Path) -> None:
    command = ensure_running(tmp_path)
    ours, said = EmbeddedDatabase(tmp_path), list[str]()
    ours.start()
    with running(Supervisor([ours], said.append, first_wait_seconds=0.05)):
        assert ours.ended() is None
        command.stop()
        until(lambda: "database is started again." in said)
        with psycopg.connect(ours.url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    assert ours.ended() is not None
