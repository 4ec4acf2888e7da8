"""How many streams one core can receive, judge, seal and write without losing a packet, beside a plain receive loop in C.

The load comes from another process on another core, at the pace of telephones: 50 packets a second and stream, spread evenly.
What is measured is the recorder's own receiver and spool, as the media process runs them; only the decision to open the gates,
which is not made a hundred thousand times a second, is left out. A stream counts as received without loss when every packet that
was sent has been stored.
"""

import asyncio
import multiprocessing
import os
import resource
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.resources import as_file, files
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import msgspec
import uvloop

from rightcall.adapters.rtp.ports import PortPool
from rightcall.adapters.rtp.receiver import Receiver, monotonic_ms
from rightcall.adapters.rtp.spool import Spool
from rightcall.adapters.rtp.stream import RtpStream, Terms
from rightcall.errors import NotConfigured, Outage, RecorderGone
from rightcall.ids import ControllerId, HoldingId, StreamId, new_id
from rightcall.vault.model import KEY_BYTES, ContentKey

Figures = dict[str, Any]
_HOST = "127.0.0.1"
_PORTS = (10000, 32000)
_WARM_SECONDS = 1.0
_QUIET_SECONDS = 0.5
_TERMS = Terms(payload_types=frozenset({0}), networks=("127.0.0.0/8",))


def run(calls: int = 1000, seconds: float = 10.0, *, folder: Path | None = None) -> Figures:
    """`seconds` for ours, and a fifth of it (at least 5) for the plain loop. Needs two cores and `gcc`."""
    streams = 2 * calls
    with tempfile.TemporaryDirectory(dir=folder) as scratch, load_program() as program:
        ours = _ours(program, streams, seconds, Path(scratch))
        plain = _plain_loop(program, ours["first_port"], streams, max(5.0, seconds / 5))
    return {
        "calls": calls,
        "streams": streams,
        "seconds": seconds,
        "sent": ours["sent"],
        "stored": ours["stored"],
        "lost": ours["sent"] - ours["stored"],
        "sealed_bytes": ours["sealed_bytes"],
        "refused": ours["refused"],
        "dropped_by_the_kernel": ours["dropped"],
        "sender_latest_ms": ours["sender_latest_ms"],
        "core_percent": round(100 * ours["cpu_seconds"] / seconds, 1),
        "us_per_packet": round(1e6 * ours["cpu_seconds"] / max(1, ours["stored"]), 3),
        "plain_c_us_per_packet": round(1e6 * plain["cpu_seconds"] / max(1, plain["packets"]), 3),
        "ratio_to_plain_c": round(
            (ours["cpu_seconds"] / max(1, ours["stored"])) / (plain["cpu_seconds"] / max(1, plain["packets"])), 2
        ),
    }


@contextmanager
def load_program() -> Iterator[str]:
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise NotConfigured("The load is written in C, and no C compiler is installed. Install gcc.")
    with tempfile.TemporaryDirectory() as folder, as_file(files("rightcall.bench") / "rtp_load.c") as source:
        program = str(Path(folder) / "rtp_load")
        done = subprocess.run([compiler, "-O2", "-o", program, str(source)], capture_output=True, check=False)  # noqa: S603 - our own words
        if done.returncode != 0:
            raise NotConfigured("The load does not compile with this C compiler. Install gcc.")
        yield program


def _send(program: str, first: int, streams: int, seconds: float) -> Figures:
    command = [program, "send", _HOST, str(first), str(streams), str(seconds)]
    done = subprocess.run(on_core(1, command), capture_output=True, check=True)  # noqa: S603 - our own words
    return msgspec.json.decode(done.stdout, type=Figures)


def _plain_loop(program: str, first: int, streams: int, seconds: float) -> Figures:
    command = [program, "receive", _HOST, str(first), str(streams), str(seconds + 1)]
    with subprocess.Popen(on_core(0, command), stdout=subprocess.PIPE) as loop:  # noqa: S603 - our own words
        if loop.stdout is None or loop.stdout.readline() != b"ready\n":
            raise Outage("The plain receive loop did not start: something else has taken its ports. Measure again.")
        _send(program, first, streams, seconds)
        return msgspec.json.decode(loop.stdout.read(), type=Figures)


def on_core(core: int, command: list[str]) -> list[str]:
    return ["taskset", "-c", str(core), *command] if (os.cpu_count() or 1) > 1 else command


def _ours(program: str, streams: int, seconds: float, folder: Path) -> Figures:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_receive, args=(there, streams, folder), daemon=True)
    process.start()
    if not here.poll(60):
        raise Outage("The receiver did not start. Measure again on a quieter machine.")
    first: int = here.recv()
    sent = _send(program, first, streams, seconds)
    time.sleep(_WARM_SECONDS)
    here.send("stop")
    if not here.poll(120):
        raise Outage("The receiver did not come to an end.")
    figures: Figures = here.recv()
    process.join(60)
    return figures | {"first_port": first, "sent": sent["packets"], "sender_latest_ms": sent["latest_ms"]}


def _receive(line: Connection, streams: int, folder: Path) -> None:
    """The child: pinned to the first core, files raised."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    uvloop.run(_measure(line, streams, folder))


async def _measure(line: Connection, streams: int, folder: Path) -> None:
    loop = asyncio.get_running_loop()
    failed: list[StreamId] = []
    spool = Spool(folder / "spool")
    receiver, opened = _listen(spool, streams, failed)
    receiver.attach(loop)
    stopped = asyncio.Event()
    loop.add_reader(line.fileno(), stopped.set)
    line.send(opened[0].port)
    before = _cpu_seconds()
    while not stopped.is_set():
        await asyncio.wait([asyncio.create_task(stopped.wait())], timeout=1.0)
        receiver.tick()
    await _until_quiet(opened)
    used = _cpu_seconds() - before
    dropped = _dropped_by_the_kernel(opened)
    refused: Counter[str] = sum((Counter({str(k): v for k, v in s.refused.items()}) for s in opened), Counter())
    stored = 0
    for stream in opened:
        take = stream.close()
        stored += take.packets if take is not None else 0
    sealed = sum(file.stat().st_size for file in spool.folder.glob("*.sealed"))
    receiver.detach(loop)
    spool.close()
    line.send({"stored": stored, "cpu_seconds": used, "sealed_bytes": sealed, "refused": dict(refused), "dropped": dropped})


def _listen(spool: Spool, streams: int, failed: list[StreamId]) -> tuple[Receiver, list[RtpStream]]:
    """On a row of ports that nobody else has one of, below those that the system hands out by itself."""
    for first in range(_PORTS[0], _PORTS[1] - 2 * streams, 500):
        pool = PortPool(first, first + 2 * streams + 1, rest_seconds=3600)
        receiver = Receiver(_HOST, pool, heard=lambda *_: None, failed=failed.append)
        try:
            lines = [receiver.add(StreamId(new_id()), _TERMS) for _ in range(streams)]
        except RecorderGone:
            lines = []
        if [line.port for line in lines] == list(range(first, first + 2 * streams, 2)):
            return receiver, [_open(line, spool) for line in lines]
        for line in list(receiver.streams.values()):
            receiver.remove(line)
    raise Outage("There is no row of free ports for so many streams. Measure fewer calls, or end what uses the ports.")


async def _until_quiet(streams: list[RtpStream]) -> None:
    """What the kernel still holds was received in time."""
    before = -1
    while (now := _stored(streams)) != before:
        before = now
        await asyncio.sleep(_QUIET_SECONDS)


def _stored(streams: list[RtpStream]) -> int:
    return sum(stream.take.packets for stream in streams if stream.take is not None)


def _dropped_by_the_kernel(streams: list[RtpStream]) -> int:
    """The last column of /proc/net/udp, by port: packets for which a socket had no room."""
    ports = {stream.port for stream in streams}
    lines = [line.split() for line in Path("/proc/net/udp").read_text(encoding="ascii").splitlines()[1:]]
    return sum(int(line[-1]) for line in lines if int(line[1].partition(":")[2], 16) in ports)


def _open(stream: RtpStream, spool: Spool) -> RtpStream:
    key = ContentKey(holding=HoldingId(new_id()), secret=os.urandom(KEY_BYTES))
    stream.open(spool.begin(ControllerId(new_id()), key, opened=monotonic_ms(), opened_at=datetime.now(UTC)))
    return stream


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
