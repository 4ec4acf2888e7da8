"""Procedures on DBOS: start once by id, resume after a crash, take over from a dead worker, run on a schedule.

DBOS keeps its own tables in the schema `dbos` of the same database. Arguments and results go there as portable JSON
(its default would pickle them). Only `register` binds code to it, so that nothing happens at import.
"""

from collections.abc import Callable
from typing import Any

from dbos import DBOS, DBOSPortableJSONSerializer, SetWorkflowID
from sqlalchemy.engine import make_url

from rightcall.canonical import Json
from rightcall.errors import Outage
from rightcall.procedures.ports import Procedure, T

# Bound to the shape of the procedures: raise it when the steps of one change their order or meaning.
VERSION = "1"
_ATTEMPTS = 12


class DurableSteps:
    """The `Steps` of a procedure that runs under DBOS."""

    def run(self, name: str, deed: Callable[[], T]) -> T:
        return DBOS.run_step(
            {
                "name": name,
                "retries_allowed": True,
                "max_attempts": _ATTEMPTS,
                "interval_seconds": 0.5,
                "backoff_rate": 2.0,
                "should_retry": lambda error: isinstance(error, Outage),
            },
            deed,
        )

    def sleep(self, seconds: float) -> None:
        DBOS.sleep(seconds)


class Engine:
    """One per worker process."""

    def __init__(self, url: str, executor: str) -> None:
        self.executor = executor
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
            return procedure(DurableSteps(), *arguments)

        self._flows[name] = DBOS.workflow(name=name)(flow)

    def launch(self) -> None:
        """Begin. Work that this executor left unfinished goes on by itself."""
        DBOS.launch()

    def stop(self) -> None:
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
