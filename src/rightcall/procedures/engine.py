"""Procedures on DBOS: start once by id, resume after a crash, take over from a dead worker, try again what failed.

DBOS keeps its own tables in the schema `dbos` of the same database. Arguments and results go there as portable JSON
(its default would pickle them). Only `register` binds code to it, so that nothing happens at import.

An outage never ends a procedure: its step waits, and says so. What ends one is an error that waiting does not mend; such a
procedure is begun again from its first step, now and then, until somebody has mended it. Steps may be run again, so that is safe.

The engine keeps the words of an error. Ours are free of personal data; of a foreign error, which quotes what it choked on, only
the class is kept.
"""

import logging
import threading
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from dbos import DBOS, DBOSPortableJSONSerializer, SetWorkflowID, WorkflowStatus
from dbos._error import DBOSException, DBOSWorkflowCancelledError
from sqlalchemy.engine import make_url

from rightcall.canonical import Json
from rightcall.errors import Breach, Outage, RightcallError
from rightcall.ids import ControllerId
from rightcall.procedures.model import Reached, Started, State
from rightcall.procedures.ports import Journal, Procedure, T

# Bound to the shape of the procedures: raise it when the steps of one change their order or meaning.
VERSION = "5"
_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 60.0
_FAILED = ["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_STATES = {
    "SUCCESS": State.DONE,
    "ERROR": State.FAILED,
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": State.FAILED,
    "CANCELLED": State.CANCELLED,
}
_PAGE = 1000
_log = logging.getLogger(__name__)


class _Stopping(BaseException):
    """This worker ends. Not an Exception: the procedure has not failed, and another worker goes on with it."""


class Unforeseen(Breach):
    """A foreign error that no adapter knew. Its words stay in this process."""


class Untold:
    """A journal that nobody reads."""

    def begun(self, started: Started) -> None:
        pass

    def stands(
        self, id: str, state: State, *, step: str | None = None, trouble: str | None = None, seconds: float | None = None
    ) -> None:
        pass

    def reached(self, id: str, figures: Callable[[], Reached]) -> None:
        pass


class DurableSteps:
    """The `Steps` of a procedure that runs under DBOS."""

    def __init__(self, stopping: threading.Event, journal: Journal, id: str) -> None:
        self._stopping = stopping
        self._journal = journal
        self._id = id
        self.at = ""

    def run(self, name: str, deed: Callable[[], T]) -> T:
        return DBOS.run_step({"name": name}, lambda: self._patiently(name, deed))

    def sleep(self, seconds: float) -> None:
        if self._stopping.wait(seconds):
            raise _Stopping

    def reached(self, figures: Callable[[], Reached]) -> None:
        self._journal.reached(self._id, figures)

    def _patiently(self, name: str, deed: Callable[[], T]) -> T:
        self.at = name
        pause, has_waited = _FIRST_PAUSE_SECONDS, False
        while True:
            try:
                done = deed()
                break
            except Outage as error:
                _log.warning("a step waits: %s", error, extra={"step": name, "procedure": self._id, "seconds": pause})
                self._journal.stands(self._id, State.WAITING, step=name, trouble=_class_of(error), seconds=pause)
            except RightcallError:
                raise
            except Exception as error:
                raise _unforeseen(error, self._id) from error
            has_waited = True
            self.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
        if has_waited:
            self._journal.stands(self._id, State.RUNNING)
        return done


def _class_of(error: Exception) -> str:
    return type(error).__name__.lstrip("_")


def _unforeseen(error: Exception, id: str) -> Unforeseen:
    _log.error("a procedure met an error that nobody foresaw", exc_info=error, extra={"procedure": id})
    return Unforeseen(f"An error that nobody foresaw, {_class_of(error)}. The worker's log says where: tell who looks after it.")


class Engine:
    """One per worker process."""

    def __init__(self, url: str, executor: str, journal: Journal | None = None) -> None:
        self.executor = executor
        self._journal = journal or Untold()
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
        _quieten()

    def register(self, name: str, procedure: Procedure) -> None:
        """Make `procedure` known by `name`. Before `launch`."""

        def flow(*arguments: str) -> Json:
            return self._follow(name, procedure, arguments)

        self._flows[name] = DBOS.workflow(name=name)(flow)

    def _follow(self, name: str, procedure: Procedure, arguments: Sequence[str]) -> Json:
        id = str(DBOS.workflow_id)
        steps = DurableSteps(self._stopping, self._journal, id)
        if arguments:
            self._journal.begun(_started(id, name, arguments))
        try:
            result = procedure(steps, *arguments)
        except DBOSWorkflowCancelledError:
            self._journal.stands(id, State.CANCELLED)
            raise
        except RightcallError as error:
            self._journal.stands(id, State.FAILED, step=steps.at, trouble=_class_of(error))
            raise
        except Exception as error:
            self._journal.stands(id, State.FAILED, step=steps.at, trouble=_class_of(error))
            raise _unforeseen(error, id) from error
        self._journal.stands(id, State.DONE)
        return result

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
        """Go on with what workers that are no longer `living` left unfinished. Says how many procedures that was.

        What an earlier version of Rightcall began is begun again from its first step: its steps may have been others.
        """
        found = DBOS.list_workflows(status=["PENDING", "ENQUEUED"], load_input=False, load_output=False)
        orphans = [flow for flow in found if self._is_left(flow, living)]
        for orphan in orphans:
            if _is_earlier(orphan):
                DBOS.cancel_workflow(orphan.workflow_id)
                self._rewind(orphan.workflow_id)
            else:
                DBOS.resume_workflow(orphan.workflow_id)
        return len(orphans)

    def _is_left(self, flow: WorkflowStatus, living: set[str]) -> bool:
        if flow.status == "ENQUEUED":
            return _is_earlier(flow)
        return flow.executor_id not in living | {self.executor}

    def failed(self) -> list[tuple[str, str]]:
        """Name and id of each procedure that ended with an error and was not begun again yet."""
        return [(flow.name, flow.workflow_id) for flow in self._failed_flows()]

    def begin_again(self, now: datetime, *, after: timedelta, but: Collection[str] = ()) -> list[str]:
        """Each procedure that failed so long ago, from its first step, but those; their ids."""
        before = (now - after).timestamp() * 1000
        again = [each.workflow_id for each in self._failed_flows() if (each.updated_at or 0) <= before]
        return [id for id in again if id not in but and self._rewind(id)]

    def retry(self, id: str) -> bool:
        """One that failed, from its first step, at once."""
        return any(each.workflow_id == id for each in self._failed_flows()) and self._rewind(id)

    def cancel(self, id: str) -> None:
        """It ends before its next step."""
        DBOS.cancel_workflow(id)

    def states(self, ids: Sequence[str]) -> dict[str, State]:
        """What the engine knows of those that are over."""
        flows = DBOS.list_workflows(workflow_ids=list(ids), load_input=False, load_output=False) if ids else []
        return {flow.workflow_id: _STATES[flow.status] for flow in flows if flow.status in _STATES}

    def forget(self, before: datetime) -> int:
        """What ended well, or was cancelled, before that; how many."""
        forgotten = 0
        while True:
            flows = DBOS.list_workflows(
                status=["SUCCESS", "CANCELLED"],
                completed_before=before.isoformat(),
                limit=_PAGE,
                load_input=False,
                load_output=False,
            )
            DBOS.delete_workflows([flow.workflow_id for flow in flows])
            forgotten += len(flows)
            if len(flows) < _PAGE:
                return forgotten

    def _failed_flows(self) -> list[WorkflowStatus]:
        return DBOS.list_workflows(status=_FAILED, name=list(self._flows), load_input=False, load_output=False)

    def _rewind(self, id: str) -> bool:
        """False where another worker was quicker: that is fine."""
        try:
            DBOS.rewind_workflow(id, application_version=VERSION)
        except DBOSException:
            _log.info("a procedure was begun again by another worker", extra={"procedure": id})
            return False
        return True


def _quieten() -> None:
    """DBOS writes foreign errors with their words to standard error by itself. Its lines go the way of all others instead."""
    logger = logging.getLogger("dbos")
    logger.handlers[:] = []
    logger.propagate = True


def _started(id: str, name: str, arguments: Sequence[str]) -> Started:
    """A procedure is given its controller first, then what it is about. What is given nothing is of the whole deployment, and is
    seen among the schedules."""
    return Started(
        controller=ControllerId(UUID(arguments[0])), id=id, name=name, about=arguments[1] if len(arguments) > 1 else ""
    )


def _is_earlier(flow: WorkflowStatus) -> bool:
    return flow.app_version is not None and flow.app_version.isdigit() and int(flow.app_version) < int(VERSION)
