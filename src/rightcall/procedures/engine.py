"""Procedures on DBOS: start once by id, resume after a crash, take over from a dead worker, try again what failed.

DBOS keeps its own tables in the schema `dbos` of the same database. Arguments and results go there as portable JSON
(its default would pickle them). Only `register` binds code to it, so that nothing happens at import.

An outage never ends a procedure: its step waits, and says so. What ends one is an error that waiting does not mend; such a
procedure is begun again from its first step, now and then, until somebody has mended it. Steps may be run again, so that is safe.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from dbos import DBOS, DBOSPortableJSONSerializer, SetWorkflowID
from dbos._error import DBOSException
from sqlalchemy.engine import make_url

from rightcall.canonical import Json
from rightcall.errors import Outage
from rightcall.procedures.ports import Procedure, T

# Bound to the shape of the procedures: raise it when the steps of one change their order or meaning.
VERSION = "5"
_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 60.0
_FAILED = ["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_log = logging.getLogger(__name__)


class _Stopping(BaseException):
    """This worker ends. Not an Exception: the procedure has not failed, and another worker goes on with it."""


class DurableSteps:
    """The `Steps` of a procedure that runs under DBOS."""

    def __init__(self, stopping: threading.Event) -> None:
        self._stopping = stopping

    def run(self, name: str, deed: Callable[[], T]) -> T:
        return DBOS.run_step({"name": name}, lambda: self._patiently(name, deed))

    def sleep(self, seconds: float) -> None:
        if self._stopping.wait(seconds):
            raise _Stopping

    def _patiently(self, name: str, deed: Callable[[], T]) -> T:
        pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                return deed()
            except Outage as error:
                _log.warning("a step waits: %s", error, extra={"step": name, "procedure": DBOS.workflow_id, "seconds": pause})
            self.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)


class Engine:
    """One per worker process."""

    def __init__(self, url: str, executor: str) -> None:
        self.executor = executor
        self._stopping = threading.Event()
        self._flows: dict[str, Callable[..., Any]] = {}
        DBOS(
            config={
                "name": "rightcall",
                "system_database_url": make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False),
                "application_version": VERSION,
                "executor_id": executor,
                "serializer": DBOSPortableJSONSerializer(),
                "log_level": "ERROR",
                "use_listen_notify": False,
                "enable_otlp": False,
            }
        )

    def register(self, name: str, procedure: Procedure) -> None:
        """Make `procedure` known by `name`. Before `launch`."""

        def flow(*arguments: str) -> Json:
            return procedure(DurableSteps(self._stopping), *arguments)

        self._flows[name] = DBOS.workflow(name=name)(flow)

    def launch(self) -> None:
        """Begin. Work that this executor left unfinished goes on by itself."""
        DBOS.launch()

    def stop(self) -> None:
        """What waits stops waiting; what is under way has a few seconds. Another worker goes on with either."""
        self._stopping.set()
        DBOS.destroy(workflow_completion_timeout_sec=5)

    def start(self, name: str, id: str, *arguments: str) -> None:
        """Start a procedure, once: a second call with the same id changes nothing."""
        with SetWorkflowID(id):
            DBOS.start_workflow(self._flows[name], *arguments)

    def take_over(self, living: set[str]) -> int:
        """Go on with what workers that are no longer `living` left unfinished. Says how many procedures that was."""
        pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        orphans = [flow.workflow_id for flow in pending if flow.executor_id not in living | {self.executor}]
        for orphan in orphans:
            DBOS.resume_workflow(orphan)
        return len(orphans)

    def failed(self) -> list[tuple[str, str]]:
        """Name and id of each procedure that ended with an error and was not begun again yet."""
        flows = DBOS.list_workflows(status=_FAILED, name=list(self._flows), load_input=False, load_output=False)
        return [(flow.name, flow.workflow_id) for flow in flows]

    def begin_again(self, now: datetime, *, after: timedelta) -> list[str]:
        """Each procedure that failed so long ago, from its first step; their ids. Another worker may be quicker: that is fine."""
        flows = DBOS.list_workflows(status=_FAILED, name=list(self._flows), load_input=False, load_output=False)
        before = (now - after).timestamp() * 1000
        again = [flow.workflow_id for flow in flows if (flow.updated_at or 0) <= before]
        for id in again:
            try:
                DBOS.rewind_workflow(id)
            except DBOSException:
                _log.info("a failed procedure was begun again by another worker", extra={"procedure": id})
        return again
