"""What one process of `rightcall serve` does: it takes one role, dies with its supervisor, and logs JSON lines.

web         the API                                worker      durable work, the ledger's sequencer, schedules
signalling  SIP and SIPREC                         media       RTP, gates, sealing
"""

import logging
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from rightcall.adapters.sip.limits import Limits
from rightcall.api.web import listen
from rightcall.api.web import serve as serve_web
from rightcall.cli.exits import exit_code_of
from rightcall.cli.supervisor import die_with
from rightcall.errors import RightcallError
from rightcall.recorder import media, signalling
from rightcall.recorder.media import MediaPlace
from rightcall.recorder.signalling import SignallingPlace
from rightcall.settings import Settings, load_settings, networks
from rightcall.telemetry import METRICS_FOLDER, configure_logging, forbid_core_dumps, metrics
from rightcall.wiring import open_house
from rightcall.worker import main as worker

_log = logging.getLogger(__name__)
_WEB_CONNECTIONS = 24
_MEDIA_CONNECTIONS = 8
_SIGNALLING_CONNECTIONS = 8


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
        _ENTRIES[name](settings)
    except RightcallError as error:
        # Said here as a line of the log; the exit code tells the supervisor whether starting again can help.
        _log.critical("%s cannot go on: %s", name, error, exc_info=error)
        raise typer.Exit(exit_code_of(error)) from error
    _log.info("%s ends", name)


def _web(settings: Settings) -> None:
    with listen(settings.http) as listening, open_house(settings, connections=_WEB_CONNECTIONS) as house:
        serve_web(house, listening)


def _media(settings: Settings) -> None:
    first, _, last = settings.rtp_ports.partition("-")
    place = MediaPlace(
        data=settings.data,
        control=settings.control,
        rtp=settings.rtp,
        rtp_public=settings.rtp_public,
        first_port=int(first),
        last_port=int(last),
    )
    with open_house(settings, connections=_MEDIA_CONNECTIONS) as house:
        media.run(place, database=house.database, tools=house.tools, objects=house.objects)


def _signalling(settings: Settings) -> None:
    place = SignallingPlace(
        data=settings.data,
        sip=settings.sip,
        sip_public=settings.sip_public,
        proxies=networks(settings.sip_proxies),
        keepalive_seconds=settings.sip_keepalive_seconds,
        least_session_seconds=settings.sip_least_session_seconds,
        limits=Limits(calls=settings.sip_most_calls, messages_per_second=settings.sip_messages_per_second),
    )
    with open_house(settings, connections=_SIGNALLING_CONNECTIONS) as house:
        signalling.run(place, database=house.database, tools=house.tools, gates=house.gates)


_ENTRIES: Mapping[ProcessRole, Callable[[Settings], None]] = {
    ProcessRole.WEB: _web,
    ProcessRole.WORKER: worker.run,
    ProcessRole.MEDIA: _media,
    ProcessRole.SIGNALLING: _signalling,
}
