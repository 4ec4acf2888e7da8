"""What one process of `rightcall serve` does: it takes one role, dies with its supervisor, and logs JSON lines.

web         the API                                worker      durable work, the ledger's sequencer, schedules
signalling  SIP and SIPREC                         media       RTP, gates, sealing
"""

import logging
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from rightcall.cli.exits import exit_code_of
from rightcall.cli.supervisor import die_with
from rightcall.errors import RightcallError
from rightcall.later import load
from rightcall.settings import Settings, load_settings
from rightcall.telemetry import METRICS_FOLDER, configure_logging, forbid_core_dumps, metrics

_log = logging.getLogger(__name__)


class ProcessRole(StrEnum):
    """In the order in which they are started; they end in the opposite order."""

    WEB = "web"
    WORKER = "worker"
    MEDIA = "media"
    SIGNALLING = "signalling"


def environment_of(settings: Settings, database_url: str, metrics_folder: Path) -> dict[str, str]:
    """What a role's process is told: the same settings, and the one database."""
    told = {}
    for name in Settings.model_fields:
        value = getattr(settings, name)
        if value is not None and name != "database_url":
            told[f"RIGHTCALL_{name.upper()}"] = str(value)
    return told | {"RIGHTCALL_DATABASE_URL": database_url, METRICS_FOLDER: str(metrics_folder)}


def role(
    name: Annotated[ProcessRole, typer.Argument(help="web, worker, media or signalling.")],
    parent: Annotated[int, typer.Option(help="Process id of the supervisor.")],
) -> None:
    """One process of `rightcall serve`. Started by it, and not meant to be started by hand."""
    die_with(parent)
    forbid_core_dumps()
    settings = load_settings()
    configure_logging(settings.log_level, name.value)
    metrics().starts.labels(role=name.value).inc()
    _log.info("%s starts", name)
    try:
        _entry(name)(settings)
    except RightcallError as error:
        # Said here as a line of the log; the exit code tells the supervisor whether starting again can help.
        _log.critical("%s cannot go on: %s", name, error, exc_info=error)
        raise typer.Exit(exit_code_of(error)) from error
    _log.info("%s ends", name)


def _entry(name: ProcessRole) -> Callable[[Settings], None]:
    """Loaded only now: a process holds the code of its own role, and none of what the others speak with strangers by."""
    found: Callable[[Settings], None] = load(f"rightcall.cli.entries.{name.value}:run")
    return found
