"""What Rightcall says about itself while it runs: log lines and figures, neither of which is ever about a person.

Log lines are JSON, one a line, on standard error. Three rules keep people out of them. A personal value prints as its mask.
Of an error only its class and where it happened are told, and its words only where they are ours (`errors`), since foreign
errors quote what they choked on. Of foreign libraries' lines only the place is told: they log whole messages and queries.
Figures have labels from closed lists only. Which line is worth writing is for each room to say.
"""

import ctypes
import json
import logging
import os
import resource
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache, partial
from types import TracebackType
from typing import Generic, TextIO, TypeVar
from uuid import UUID

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from rightcall.errors import NotConfigured, RightcallError
from rightcall.personal import MASK, Personal

F = TypeVar("F", Counter, Gauge, Histogram)

OURS = "rightcall"
METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_NO_NEW_DUMPS = 4  # PR_SET_DUMPABLE, prctl(2)
_latest = partial(Gauge, multiprocess_mode="livemostrecent")
"""Of several processes the one that looked last is believed."""
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}


class JsonLines(logging.Formatter):
    """One JSON object a line: at, level, process, logger, message, what was given as `extra`, and the error if there was one."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": self._process,
            "logger": record.name,
            "message": _message(record),
        }
        if _is_ours(record.name):
            given = {name: value for name, value in vars(record).items() if name not in _STANDARD}
            line |= {name: _plain(value) for name, value in given.items() if name not in line}
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = described(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def configure_logging(level: str, process: str, stream: TextIO | None = None) -> None:
    """Send every log line of this process, warnings and uncaught errors too, through `JsonLines` to standard error."""
    output = logging.StreamHandler(stream if stream is not None else sys.stderr)
    output.setFormatter(JsonLines(process))
    root = logging.getLogger()
    root.handlers[:] = [output]
    root.setLevel(logging.WARNING)
    logging.getLogger(OURS).setLevel(level.upper())
    logging.captureWarnings(True)
    logging.raiseExceptions = False
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


def described(error: BaseException) -> dict[str, object]:
    """An error for the log: class, our own words, where, and what caused it. Never a foreign error's words or any value."""
    frames = traceback.extract_tb(error.__traceback__)
    told: dict[str, object] = {
        "class": f"{type(error).__module__}.{type(error).__qualname__}",
        "where": [f"{os.path.basename(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames[-12:]],
    }
    if isinstance(error, RightcallError):
        told["message"] = str(error)
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        told["cause"] = described(cause)
    return told


def forbid_core_dumps() -> None:
    """Memory holds keys and voices: a crash must not write it to a disk, and no other process may look into it. Where that
    cannot be had, nothing starts."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if ctypes.CDLL(None, use_errno=True).prctl(_NO_NEW_DUMPS, 0, 0, 0, 0) != 0:
        raise NotConfigured(
            "The system does not let this process forbid core dumps: a crash could write keys and voices to a disk."
            " Allow prctl(PR_SET_DUMPABLE) in its sandbox."
        )


class _Figure(Generic[F]):
    """A line of the table that `Metrics` is: each of its instances has the figure itself under that name."""

    def __init__(self, sort: Callable[..., F], name: str, says: str, *labels: str) -> None:
        self._make: Callable[..., F] = partial(sort, name, says, labels)

    def __set_name__(self, owner: type, attribute: str) -> None:
        self._attribute = attribute

    def __get__(self, metrics: "Metrics", owner: type) -> F:
        figure: F = metrics.made[self._attribute]
        return figure

    def make(self, registry: CollectorRegistry) -> F:
        return self._make(registry=registry)


class Metrics:
    """Every figure that Rightcall publishes. Labels take values from closed lists; ids, numbers and names never."""

    requests = _Figure(
        Counter, "rightcall_http_requests_total", "Requests answered, by route and status.", "method", "route", "status"
    )
    request_seconds = _Figure(Histogram, "rightcall_http_request_seconds", "Time to answer a request.", "route")
    choices = _Figure(Counter, "rightcall_choices_total", "Choices recorded, by answer.", "answer")
    pauses = _Figure(
        Counter,
        "rightcall_pauses_total",
        "Pauses and resumptions asked for through the API, by whether the recorder confirmed them.",
        "deed",
        "held",
    )
    verdicts = _Figure(Counter, "rightcall_verdicts_total", "Verdicts given, by outcome.", "outcome")
    starts = _Figure(
        Counter,
        "rightcall_process_starts_total",
        "Processes started, by role: more than one means that one ended unasked and was started again.",
        "role",
    )
    requests_unanswered = _Figure(
        _latest, "rightcall_requests_unanswered", "Requests of subjects that wait for an answer, by kind.", "kind"
    )
    requests_late = _Figure(
        _latest, "rightcall_requests_late", "Requests of subjects that wait longer than the law gives, by kind.", "kind"
    )
    requests_due_soon = _Figure(
        _latest, "rightcall_requests_due_soon", "Requests of subjects whose last day is within a week, by kind.", "kind"
    )
    requests_unacknowledged = _Figure(
        _latest,
        "rightcall_requests_unacknowledged",
        "Requests of subjects who were not told in the law's time that they came, by kind.",
        "kind",
    )
    errands_waiting = _Figure(
        _latest, "rightcall_errands_waiting", "Other systems in which an erasure has something to do that is not confirmed yet."
    )
    errands_escalated = _Figure(_latest, "rightcall_errands_escalated", "Those of them that a person has to look at.")
    holds_waiting = _Figure(
        _latest,
        "rightcall_holds_waiting",
        "What somebody has to do about holds: agree to them, look at those that end soon, tell the people they are about.",
        "what",
    )
    mails_waiting = _Figure(
        _latest, "rightcall_mails_waiting", "E-mails by which people may ask something, and that nobody has seen to."
    )
    orders_waiting = _Figure(
        _latest, "rightcall_orders_waiting", "What processors were asked by OpenDSR and do not call done yet."
    )
    processors_undecided = _Figure(
        _latest,
        "rightcall_processors_undecided",
        "Processors of which nobody has said whether they are asked by what records tell.",
    )
    orders_escalated = _Figure(_latest, "rightcall_orders_escalated", "Those of them that a person has to look at.")
    agents_untold = _Figure(
        _latest,
        "rightcall_agents_untold",
        "Requests of which the agent that asked could not be told when it was called back last.",
    )
    scenarios_drifted = _Figure(
        _latest, "rightcall_scenarios_drifted", "Scenarios of rules in force that come out otherwise than they say."
    )
    concerns_overdue = _Figure(
        _latest,
        "rightcall_concerns_overdue",
        "Concerns and appeals that are not answered in time. How many there are in all is told nowhere here.",
    )
    procedures_failed = _Figure(
        _latest,
        "rightcall_procedures_failed",
        "Procedures that ended with an error and are begun again now and then, by name.",
        "procedure",
    )
    procedures = _Figure(
        _latest, "rightcall_procedures", "Procedures that are under way, by state: running, waiting, failed.", "state"
    )
    procedure_oldest_seconds = _Figure(
        _latest, "rightcall_procedure_oldest_seconds", "How long the oldest of these has been under way, by state.", "state"
    )
    gone_forgotten = _Figure(
        Counter, "rightcall_gone_forgotten_total", "Things of which it is not known any more that they were held."
    )
    calls_forgotten = _Figure(Counter, "rightcall_calls_forgotten_total", "Calls whose record is not there any more.")
    procedures_forgotten = _Figure(
        Counter, "rightcall_procedures_forgotten_total", "Procedures that ended long ago and were forgotten."
    )
    past_term = _Figure(
        _latest,
        "rightcall_past_term",
        "Things about people that are there though their last day is over, by where they lie: ours or elsewhere.",
        "where",
    )
    proposals_waiting = _Figure(_latest, "rightcall_proposals_waiting", "Proposals to keep less that nobody has answered.")
    purposes_flagged = _Figure(
        _latest, "rightcall_purposes_flagged", "Purposes that are not freely given, since those who said no fare worse."
    )
    old_key_backups = _Figure(
        _latest, "rightcall_old_key_backups", "Backups of keys from before the present epoch that are not confirmed gone."
    )
    drill_faults = _Figure(
        _latest,
        "rightcall_drill_faults",
        "What the last drill of a backup found wrong; 0 where it passed, -1 where there was none yet.",
    )
    drill_age = _Figure(
        _latest, "rightcall_drill_age_seconds", "How long ago a drill of a backup last passed; -1 where none ever did."
    )
    up = _Figure(_latest, "rightcall_healthy", "1 where this part of the system answered its last health check.", "part")

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        table = vars(type(self)).items()
        self.made = {figure: line.make(registry) for figure, line in table if isinstance(line, _Figure)}

    def text(self) -> bytes:
        """All figures in the Prometheus text format: of this machine's processes where they share a folder, else of this one."""
        registry = self._registry
        if METRICS_FOLDER in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library is untyped here
        return generate_latest(registry)


@cache
def metrics() -> Metrics:
    """This process's figures, made when first asked for."""
    return Metrics(CollectorRegistry())


def _is_ours(logger: str) -> bool:
    return logger == OURS or logger.startswith(f"{OURS}.")


def _message(record: logging.LogRecord) -> str:
    if not _is_ours(record.name):
        return f"{record.module}:{record.lineno} logged a line; its words are withheld, since they may be about a person"
    arguments = record.args
    if isinstance(arguments, Mapping):
        return str(record.msg) % {name: _plain(value) for name, value in arguments.items()}
    return str(record.msg) % tuple(_plain(value) for value in arguments) if arguments else str(_plain(record.msg))


def _plain(value: object) -> object:
    """`value` as it may be printed: numbers and words as they are, ids and instants as text, anything else as its class."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, str):
        return value
    if isinstance(value, UUID | datetime | date | os.PathLike):
        return str(value)
    if isinstance(value, Personal):
        return MASK
    if isinstance(value, RightcallError):
        return str(value)
    if isinstance(value, tuple | list | frozenset | set):
        return [_plain(item) for item in value]
    return f"<{type(value).__name__}>"


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if isinstance(error, KeyboardInterrupt):
        return
    logging.getLogger(OURS).critical("This process ends: an error that nobody expected.", exc_info=(kind, error, trace))


def _uncaught_in_thread(happening: threading.ExceptHookArgs) -> None:
    if happening.exc_value is not None and happening.exc_type is not SystemExit:
        _uncaught(happening.exc_type, happening.exc_value, happening.exc_traceback)
