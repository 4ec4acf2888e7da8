"""The same pure scanner on a Ray cluster, through daft: each object of a source is read and looked at by whichever machine is
free.

Every machine opens the source itself, so its address goes to each of them, and a folder has to lie where all can read it. What
comes back are lines of places, types and reasons; no value, and nothing that tells whose it is. daft and Ray are the extra
`daft`, which nothing else of Rightcall needs.
"""

import json
import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from rightcall.adapters.systems.opening import open_system
from rightcall.discovery.detection.patterns import read_pattern
from rightcall.discovery.looking.detectors import try_rules
from rightcall.discovery.looking.model import Rules
from rightcall.discovery.model import Event, Found, NotRead, PassedOver, Read, Reason
from rightcall.discovery.ports import Listed
from rightcall.discovery.scanning import read_object
from rightcall.discovery.telling import found_of, line_of
from rightcall.errors import NotConfigured, Outage
from rightcall.personal import Personal

OBJECTS_A_TASK = 64
_NO_TALES = {"DO_NOT_TRACK": "1", "DAFT_ANALYTICS_ENABLED": "0", "RAY_USAGE_STATS_ENABLED": "0"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is looked for, in a form that travels. `patterns`: NAME=REGEX each."""

    patterns: tuple[str, ...]
    regions: tuple[str, ...]
    least: float
    sample: float

    def rules(self) -> Rules:
        return Rules(patterns=[read_pattern(each) for each in self.patterns], regions=self.regions, least=self.least)


def scan_on_ray(address: Personal[str], asked: Asked, cluster: str | None) -> Iterator[Event]:
    """Every object of the source, in no order. `cluster`: a Ray address such as ray://head:10001; None for this machine alone.
    NotConfigured where daft is not installed."""
    try_rules()
    daft = _daft()
    with closing(open_system(address)) as system:
        names: list[str] = []
        sizes: list[int | None] = []
        for each in system.objects():
            if isinstance(each, PassedOver):
                yield each
            else:
                names.append(each.name)
                sizes.append(each.size)
    if names:
        yield from _looked_at(daft, address.reveal("open a system on a cluster"), asked, cluster, (names, sizes))


def _looked_at(
    daft: Any, address: str, asked: Asked, cluster: str | None, listed: tuple[list[str], list[int | None]]
) -> Iterator[Event]:
    _join(daft, cluster)
    names, sizes = listed

    def look(name: str, size: int | None) -> list[str]:
        return lines_of(address, asked, name, size)

    apart = daft.func(look, return_dtype=daft.DataType.list(daft.DataType.string()))
    tasks = max(1, len(names) // OBJECTS_A_TASK)
    rows = daft.from_pydict({"name": names, "size": sizes}).into_partitions(tasks)
    told = rows.select(apart(daft.col("name"), daft.col("size")).alias("lines")).explode("lines")
    for row in told.iter_rows():
        yield event_of(json.loads(row["lines"]))


def _join(daft: Any, cluster: str | None) -> None:
    """Outage where the cluster does not answer, or none starts on this machine: Ray says so by bare exceptions, among others."""
    try:
        daft.set_runner_ray(address=cluster)
        return
    except Exception as error:  # noqa: BLE001 - whatever it is, the cluster is not there; its words may tell of an address
        kind = type(error).__name__
    where = "No Ray started on this machine" if cluster is None else "The Ray cluster does not answer"
    raise Outage(f"{where} ({kind}), so nothing was read. See to it and to its load, then scan again; or scan without --ray.")


def lines_of(address: str, asked: Asked, name: str, size: int | None) -> list[str]:
    """One object, on the machine that has it to do: a line of JSON for each event, and the bytes that were read last."""
    lines, read = [], 0
    with closing(open_system(Personal(address))) as system:
        try:
            for event in read_object(system, Listed(name=name, fingerprint=None, size=size), asked.rules(), sample=asked.sample):
                if isinstance(event, Read):
                    read += event.bytes
                else:
                    lines.append(json.dumps(_told(event)))
        except NotRead as why:
            return [json.dumps(_told(PassedOver(object=name, reason=why.reason)))]
    return [*lines, json.dumps({"read": name, "bytes": read})]


def event_of(told: dict[str, Any]) -> Event:
    if "read" in told:
        return Read(object=told["read"], bytes=told["bytes"], is_whole=True)
    if "passed_over" in told:
        return PassedOver(object=told["passed_over"], reason=Reason(told["reason"]))
    return found_of(told["found"], told["row"], told["record"])


def _told(event: Found | PassedOver) -> dict[str, object]:
    if isinstance(event, PassedOver):
        return {"passed_over": event.object, "reason": event.reason.value}
    return {"found": line_of(event), "row": event.row, "record": event.record}


def _daft() -> Any:
    """Both would tell their makers that they were used; nothing of ours does that."""
    os.environ.update(_NO_TALES)
    try:
        return import_module("daft")
    except ImportError as error:
        raise NotConfigured("A Ray cluster needs the extra daft. Install `rightcall[daft]` on each machine.") from error
