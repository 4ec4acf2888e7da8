"""`rightcall bench`: how fast it is on this machine. Each measurement is a module of `rightcall.bench` with a `run`."""

import inspect
import json
import os
import pkgutil
import platform
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from rightcall import bench as measurements
from rightcall.cli.words import Tell, progress, words
from rightcall.errors import NotFound
from rightcall.later import load

_GIB = 1 << 30


def bench(
    name: Annotated[str, typer.Argument(help="Which measurement, or `all`.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
    calls: Annotated[int | None, typer.Option(min=1, help="For those measured over calls: how many.")] = None,
    seconds: Annotated[float | None, typer.Option(min=1, help="For those measured over time: how long.")] = None,
) -> None:
    """Measure, and describe the machine it was measured on."""
    known = names()
    if name != "all" and name not in known:
        raise NotFound(f"There is no measurement of that name. There are: {', '.join(known)}, and all.")
    results: dict[str, object] = {}
    wanted = known if name == "all" else [name]
    for number, each in enumerate(wanted, 1):
        with progress(f"Measuring {each} ({number} of {len(wanted)})") as tell:
            results[each] = _run(each, {"calls": calls, "seconds": seconds, "tell": tell})
        words().print(f"{each}: measured")
    told = {"machine": machine(), "results": results}
    if as_json:
        print(json.dumps(told, indent=2))
    else:
        _show(told)


def _run(name: str, given: Mapping[str, float | Tell | None]) -> object:
    """With what was given of what this measurement takes."""
    run: Callable[..., object] = load(f"{measurements.__name__}.{name}:run")
    takes = inspect.signature(run).parameters
    return run(**{word: value for word, value in given.items() if value is not None and word in takes})


def names() -> list[str]:
    """The measurements there are: the modules of the package, less its private ones."""
    return sorted(found.name for found in pkgutil.iter_modules(measurements.__path__) if not found.name.startswith("_"))


def machine() -> dict[str, object]:
    """What a figure depends on: processor, cores, memory, disk, kernel, Python."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "cpu": models[0] if models else platform.processor() or platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _GIB, 1),
        "disk": _disk(Path(tempfile.gettempdir()).resolve()),
        "kernel": platform.release(),
        "python": platform.python_version(),
    }


def _disk(folder: Path) -> str:
    """The kind of file system of a measurement's files, and whether each unlinking there waits until the disk has let go."""
    mounted_at, told = Path("/"), "unknown"
    for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines():
        mount, _, system = line.partition(" - ")
        at = Path(mount.split(" ")[4])
        kind, _, options = system.split(" ")
        if folder.is_relative_to(at) and at.is_relative_to(mounted_at):
            mounted_at, told = at, f"{kind}, discard" if "discard" in options.split(",") else kind
    return told


def _show(told: dict[str, dict[str, object]]) -> None:
    for heading, figures in told.items():
        print(heading)
        for name, value in figures.items():
            print(f"  {name}: {json.dumps(value) if isinstance(value, dict | list) else value}")
