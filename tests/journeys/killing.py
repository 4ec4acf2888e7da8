"""Killing whatever works, with -9, wherever it works: in the middle of each step of a procedure, and after it.

Where a worker is, the database tells for certain: triggers hold it still. `in`: the deed is done, and that it is done is not
remembered. `after`: it is remembered, and nothing was gone on with. `half`: what lies outside the database is done, and nothing
of it is written down. Each place kills once; whoever comes by again passes. Nothing here waits for a while and hopes.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, LiteralString

import psycopg

from tests.journeys.deployment import Deployment, eventually

PATIENCE = 60.0
PROCEDURES = (
    "make_package",
    "order_copies",
    "answer_erasure",
    "let_go_elsewhere",
    "answer_erased",
    "plan_telling",
    "certify_told",
    "order_erasure",
    "forget_outcomes",
    "dispose_of_hold",
    "certify_of_hold",
)
TURNS = ("closing", "current", "emptied", "destroyed")
"""What an epoch becomes while it turns: the old one is closed as the new one begins, by one commit; emptied; and destroyed."""
REWRAPPED = ("subject_keys", "term_keys", "blind_keys", "grant_keys")
WITH_THE_DATABASE = "after answer_erasure: destroy"
_WORK = (2, 0)
_SETTING_UP = f"""
CREATE SCHEMA killing;
CREATE TABLE killing.passed (place text PRIMARY KEY);
CREATE FUNCTION killing.stop(place text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
    IF EXISTS (SELECT FROM killing.passed p WHERE p.place = stop.place) THEN RETURN; END IF;
    PERFORM set_config('application_name', place, false);
    PERFORM pg_advisory_xact_lock_shared{_WORK};
END $$;
CREATE FUNCTION killing.at_step() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
    IF split_part(NEW.workflow_uuid, ':', 1) = ANY('{{{",".join(PROCEDURES)}}}') THEN
        PERFORM killing.stop(TG_ARGV[0] || ' ' || split_part(NEW.workflow_uuid, ':', 1) || ': ' || NEW.function_name);
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION killing.at_half() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
    PERFORM killing.stop('half ' || TG_ARGV[0]);
    RETURN NEW;
END $$;
CREATE TRIGGER killed_in BEFORE INSERT ON dbos.operation_outputs FOR EACH ROW EXECUTE FUNCTION killing.at_step('in');
CREATE CONSTRAINT TRIGGER killed_after AFTER INSERT ON dbos.operation_outputs DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION killing.at_step('after');
CREATE TRIGGER killed_half BEFORE INSERT ON gone_holdings FOR EACH ROW
    WHEN (NEW.system IS NULL) EXECUTE FUNCTION killing.at_half('bytes deleted');
CREATE TRIGGER killed_half BEFORE UPDATE ON erasure_places FOR EACH ROW
    WHEN (OLD.state <> 'erased' AND NEW.state = 'erased') EXECUTE FUNCTION killing.at_half('erased elsewhere');
CREATE TRIGGER killed_half BEFORE INSERT ON package_parts FOR EACH ROW EXECUTE FUNCTION killing.at_half('part written');
CREATE TRIGGER killed_half BEFORE UPDATE ON holds FOR EACH ROW
    WHEN (OLD.lifted_at IS NULL AND NEW.lifted_at IS NOT NULL) EXECUTE FUNCTION killing.at_half('hold over');
CREATE FUNCTION killing.at_turn() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
    PERFORM killing.stop('half turn ' || TG_ARGV[0] || ' ' || NEW.state);
    RETURN NEW;
END $$;
CREATE TRIGGER killed_in BEFORE INSERT OR UPDATE OF state ON epochs FOR EACH ROW EXECUTE FUNCTION killing.at_turn('in');
CREATE CONSTRAINT TRIGGER killed_after AFTER UPDATE OF state ON epochs DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION killing.at_turn('after');
CREATE TRIGGER killed_half BEFORE INSERT ON epoch_turns FOR EACH ROW EXECUTE FUNCTION killing.at_half('turn told');
""" + "".join(
    f"""
CREATE TRIGGER killed_half BEFORE UPDATE ON {table} FOR EACH ROW WHEN (NEW.epoch IS NOT NULL AND NEW.epoch <> OLD.epoch)
    EXECUTE FUNCTION killing.at_half('turn rewraps {table}');
"""
    for table in REWRAPPED
)
_WHAT_RAN_BEFORE = "CREATE TABLE killing.before AS SELECT DISTINCT workflow_uuid FROM dbos.operation_outputs"
_STANDING_STILL = """
CREATE SCHEMA copying;
CREATE FUNCTION copying.stop() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
    PERFORM pg_advisory_xact_lock_shared(3, TG_ARGV[0]::integer);
    RETURN NEW;
END $$;
CREATE TRIGGER begun_in BEFORE INSERT ON backups FOR EACH ROW EXECUTE FUNCTION copying.stop('1');
CREATE CONSTRAINT TRIGGER begun_after AFTER INSERT ON backups DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION copying.stop('2');
CREATE TRIGGER made_in BEFORE UPDATE ON backups FOR EACH ROW EXECUTE FUNCTION copying.stop('3');
CREATE CONSTRAINT TRIGGER made_after AFTER UPDATE ON backups DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION copying.stop('4');
"""
_STANDS_STILL = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 3 AND objid = %s AND NOT granted"
_PLACES = range(1, 5)
_STEPS = """
SELECT DISTINCT split_part(workflow_uuid, ':', 1) || ': ' || function_name FROM dbos.operation_outputs
 WHERE workflow_uuid NOT IN (SELECT workflow_uuid FROM killing.before)
"""
_STOPPED = """
SELECT a.application_name FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid
 WHERE l.locktype = 'advisory' AND l.classid = 2 AND NOT l.granted AND a.application_name ~ '^(in|after|half) '
"""


class Undisturbed:
    """Nobody kills anything, and nobody waits for a day to be over."""

    def time_passes(self, statement: LiteralString, *values: str) -> bool:
        return False

    def begin(self) -> None:
        pass

    def asked(self, ask: Callable[[], Any]) -> Any:
        return ask()

    def cut_off(self, *words: str, middle: Callable[[], bool]) -> None:
        pass

    def backed_up(self, folder: Path) -> None:
        pass

    def check(self) -> None:
        pass

    def end(self) -> None:
        pass


class Nursery:
    """One worker at a time, and the next one as soon as it is killed."""

    def __init__(self, deployment: Deployment) -> None:
        with (deployment.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.journeys.nursery"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=deployment.told_to("web"),
                text=True,
            )
        self.pid = 0
        self.start()

    def start(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        self.pid = int(self._process.stdout.readline())

    @property
    def is_there(self) -> bool:
        return Path(f"/proc/{self.pid}").exists()

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        self._wait_gone()

    def end(self) -> None:
        os.kill(self.pid, signal.SIGTERM)
        self._wait_gone()
        self._process.communicate()

    def _wait_gone(self) -> None:
        eventually(lambda: not self.is_there, PATIENCE, "the worker is gone")


class Killing:
    """`killed`: the places at which somebody was."""

    def __init__(self, deployment: Deployment, nursery: Nursery) -> None:
        self.deployment, self.nursery = deployment, nursery
        self._url = deployment.database_url()
        self.killed: set[str] = set()
        self._over, self._later = threading.Event(), threading.Event()
        self._thread = ThreadPoolExecutor(1)
        self._work: Future[None] | None = None

    def begin(self) -> None:
        with self._connected() as connection:
            connection.execute(_SETTING_UP)
            connection.execute(_WHAT_RAN_BEFORE)
        self._work = self._thread.submit(self._kill_on)

    def stop(self) -> None:
        """Whatever became of the story, nobody is killed any more."""
        self._over.set()
        self._thread.shutdown()

    def end(self) -> None:
        """Every step that was taken was killed in its middle and after it."""
        self._over.set()
        assert self._work is not None
        self._work.result(PATIENCE)
        with self._connected() as connection:
            steps = {step for (step,) in connection.execute(_STEPS) if step.partition(":")[0] in PROCEDURES}
        assert {step.partition(":")[0] for step in steps} == set(PROCEDURES)
        wanted = {f"{when} {step}" for when in ("in", "after") for step in steps}
        halves = {"half bytes deleted", "half erased elsewhere", "half part written", "half hold over", "half turn told"}
        halves |= {f"half turn {when} {state}" for when in ("in", "after") for state in TURNS} - {"half turn after current"}
        halves |= {f"half turn rewraps {table}" for table in REWRAPPED}
        assert self.killed == wanted | halves, self.killed ^ (wanted | halves)

    def time_passes(self, statement: LiteralString, *values: str) -> bool:
        """As the database tells it. A worker that starts looks at once what is over."""
        with self._connected() as connection:
            connection.execute(statement, values)
        self._later.set()
        return True

    def asked(self, ask: Callable[[], Any]) -> Any:
        """The API is killed while it writes down what it was asked: nothing of it stands, and it is asked again."""
        with self._connected() as connection, ThreadPoolExecutor(1) as asking:
            connection.autocommit = False
            connection.execute("LOCK TABLE requests IN SHARE MODE")
            answer = asking.submit(ask)
            eventually(lambda: self._is_waited_for(connection), PATIENCE, "the API is in the middle of it")
            before = self.deployment.kill("web")
            connection.rollback()
            assert answer.exception(PATIENCE) is not None
        self.deployment.wait_restarted("web", before)
        self.deployment.wait_healthy()
        return ask()

    def cut_off(self, *words: str, middle: Callable[[], bool]) -> None:
        """A command is killed in its middle. What it leaves is for the next one."""
        command = [sys.executable, "-m", "rightcall", *words, "--data", str(self.deployment.data)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            eventually(middle, PATIENCE, "it is in the middle of it")
            assert process.poll() is None
            process.kill()

    def backed_up(self, folder: Path) -> None:
        """It is killed where it begins to be written down, and once it is; where it is copied and this is to be written down, and
        once it is. Each leaves a folder, or none, and the next one takes another."""
        command = [sys.executable, "-m", "rightcall", "backup", "--data", str(self.deployment.data)]
        with self._connected() as connection:
            connection.execute(_STANDING_STILL)
            for last in _PLACES:
                for place in _PLACES:
                    connection.execute("SELECT pg_advisory_lock(3, %s)", (place,))
                with subprocess.Popen([*command, str(folder / f"cut-off-{last}")], stderr=subprocess.DEVNULL) as process:
                    for place in range(1, last):
                        self._stands_still(connection, place)
                        connection.execute("SELECT pg_advisory_unlock(3, %s)", (place,))
                    self._stands_still(connection, last)
                    process.kill()
                connection.execute("SELECT pg_advisory_unlock_all()")
            connection.execute("DROP SCHEMA copying CASCADE")

    def _stands_still(self, connection: psycopg.Connection[Any], place: int) -> None:
        def is_there() -> bool:
            row = connection.execute(_STANDS_STILL, (place,)).fetchone()
            return row is not None and row[0] > 0

        eventually(is_there, PATIENCE, "the backup is in the middle of it")

    def _is_waited_for(self, connection: psycopg.Connection[Any]) -> bool:
        row = connection.execute("SELECT count(*) FROM pg_locks WHERE relation = 'requests'::regclass AND NOT granted").fetchone()
        return row is not None and row[0] > 0

    def check(self) -> None:
        """Raises what went wrong with the killing itself."""
        if self._work is not None and self._work.done():
            self._work.result()

    def _kill_on(self) -> None:
        while not self._over.is_set():
            with self._connected() as connection:
                connection.execute(f"SELECT pg_advisory_lock{_WORK}")
                if not self.nursery.is_there:
                    self.nursery.start()
                while not self._over.is_set() and self._go_round(connection):
                    pass

    def _go_round(self, connection: psycopg.Connection[Any]) -> bool:
        """False once the database was killed: then it takes another connection."""
        places = {name for (name,) in connection.execute(_STOPPED)}
        if not places and self._later.is_set():
            self._later.clear()
            self.nursery.kill()
            self.nursery.start()
        if not places:
            self._over.wait(0.02)
            return True
        self.nursery.kill()
        places |= {name for (name,) in connection.execute(_STOPPED)}  # whoever came by before it was gone is killed there too
        self.killed |= places
        for place in places:
            connection.execute("INSERT INTO killing.passed VALUES (%s)", (place,))
        if WITH_THE_DATABASE in places:
            before = self.deployment.kill("postgres")
            self.deployment.wait_restarted("postgres", before)
            return False
        connection.execute(f"SELECT pg_advisory_unlock{_WORK}")
        connection.execute(f"SELECT pg_advisory_lock{_WORK}")
        self._was_where_it_was_told(connection, places)
        self.nursery.start()
        return True

    def _was_where_it_was_told(self, connection: psycopg.Connection[Any], places: set[str]) -> None:
        """Nothing is remembered of a step in which somebody was killed, and one after which somebody was is remembered."""
        remembered = {step for (step,) in connection.execute(_STEPS)}
        for when, _, step in (place.partition(" ") for place in places):
            assert when == "half" or (step in remembered) == (when == "after"), (when, step)

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection[Any]]:
        def connect() -> psycopg.Connection[Any] | None:
            try:
                return psycopg.connect(self._url, autocommit=True, application_name="killing")
            except psycopg.OperationalError:
                return None

        connection = eventually(connect, PATIENCE, "the database is there")
        try:
            yield connection
        finally:
            connection.close()
