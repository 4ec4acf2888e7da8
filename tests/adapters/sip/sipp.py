"""Running sipp, a SIP client that is not ours, with scenarios of ours."""

import re
import socket
import subprocess
from pathlib import Path

SCENARIOS = Path(__file__).parents[2] / "scenarios" / "sipp"
PEOPLE = {"group": "g1", "caller": "ada@caller.example", "agent": "agent7@energy.example", "third": "ben@caller.example"}


def free_port(kind: socket.SocketKind = socket.SOCK_DGRAM) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def sipp(folder: Path, name: str, port: int, *more: str, service: str = "srs", **people: str) -> None:
    """One run, to its end. AssertionError with sipp's own words where it did not go as the scenario says."""
    (folder / "sound.ulaw").write_bytes(bytes(range(256)) * 32)
    keys = [word for key, value in (PEOPLE | people).items() for word in ("-key", key, value)]
    command = ["sipp", f"127.0.0.1:{port}", "-sf", str(SCENARIOS / f"{name}.xml"), "-m", "1", "-i", "127.0.0.1", "-nostdin"]
    command += ["-p", str(free_port()), "-s", service, "-d", "200", "-timeout", "30", "-recv_timeout", "10000", "-trace_err"]
    done = subprocess.run([*command, *keys, *more], cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    words = "".join(file.read_text() for file in folder.glob("*_errors.log"))
    assert _went_well(done), f"{name}: {done.returncode} {words[-3000:]} {done.stderr[-500:]} {done.stdout[-3000:]}"


def _went_well(done: subprocess.CompletedProcess[str]) -> bool:
    """253 is sipp's check of sound that comes back; none does, and under load it notices. Failed calls are counted apart."""
    return done.returncode == 0 or (done.returncode == 253 and re.search(r"Failed call +\| +0 +\| +0 ", done.stdout) is not None)
