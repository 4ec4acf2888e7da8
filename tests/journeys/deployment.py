"""A whole Rightcall, run as a user would: `python -m rightcall serve` on a folder of its own. And a look at its disk."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx

from rightcall.actors import SYSTEM, Role
from rightcall.adapters.keys.file import Cost, KeyFile
from rightcall.adapters.keys.passphrase import make_secret
from rightcall.cli.register import apply_register, read_register
from rightcall.clock import SystemClock
from rightcall.controllers import actions as controllers
from rightcall.database.connection import Database
from rightcall.database.embedded import binary
from rightcall.errors import RecorderGone
from rightcall.policy.actions import load_rules
from rightcall.staff.actions import create_token
from rightcall.testcall.desk import Declined, Desk
from tests.conftest import forget_with_the_power

REGISTER = Path(__file__).with_name("register.toml")
ROLES = (Role.AGENT, Role.DPO, Role.SUPERVISOR, Role.ENGINEER)
START_SECONDS = 90.0
RESTART_SECONDS = 90.0
_DIES_WITH_US = ("setpriv", "--pdeathsig", "TERM", sys.executable, "-m", "rightcall")
_T = TypeVar("_T")


def eventually(ask: Callable[[], _T | None], seconds: float, what: str) -> _T:
    """The first answer that is neither None nor False. Fails, saying `what` never came, after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer is not None and answer is not False:
            return answer
        assert time.monotonic() < deadline, f"within {seconds:g} s: {what}"
        time.sleep(0.05)


def never(ask: Callable[[], object], seconds: float, what: str) -> None:
    """That `ask` keeps answering nothing for so long."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert not ask(), what
        time.sleep(0.05)


def free_port(kind: socket.SocketKind) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(slots=True, kw_only=True)
class Deployment:
    """One running Rightcall. `agent`, `dpo` and `engineer` are desks with a token of that role."""

    folder: Path
    http: str
    sip: tuple[str, int]
    server: subprocess.Popen[bytes]
    tokens: Mapping[str, str]
    desks: dict[str, Desk] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def address(self) -> str:
        return f"http://{self.http}"

    @property
    def agent(self) -> Desk:
        return self.desk("agent")

    @property
    def dpo(self) -> Desk:
        return self.desk("dpo")

    @property
    def engineer(self) -> Desk:
        return self.desk("engineer")

    def desk(self, role: str) -> Desk:
        if role not in self.desks:
            self.desks[role] = Desk(self.address, self.tokens[role])
        return self.desks[role]

    def request(self, role: str, method: str, path: str, **rest: Any) -> httpx.Response:
        """The bare answer, whatever its status."""
        headers = {"Authorization": f"Bearer {self.tokens[role]}"} | dict(rest.pop("headers", {}))
        return httpx.request(method, f"{self.address}{path}", headers=headers, timeout=40.0, trust_env=False, **rest)

    # -- the disk

    def kept_files(self) -> dict[Path, int]:
        """Every file in which sound could be kept, with its size: the object store and the recorder's spool."""
        found: dict[Path, int] = {}
        for part in ("objects", "spool"):
            for file in (self.data / part).rglob("*"):
                try:
                    if file.is_file() and file.name != ".lock":
                        found[file] = file.stat().st_size
                except FileNotFoundError:  # handed from the spool to the store this very moment
                    continue
        return found

    def appeared_since(self, before: Mapping[Path, int]) -> list[str]:
        """Files that are new or longer than in an earlier `kept_files`. What went dark may be deleted meanwhile."""
        return [str(file) for file, size in self.kept_files().items() if size > before.get(file, -1)]

    def kept_bytes(self) -> int:
        return sum(self.kept_files().values())

    def files_with(self, *needles: bytes) -> list[str]:
        """Files under data/ that hold any of `needles`, or have one in their name."""
        found = []
        for file in self.data.rglob("*"):
            if any(needle in os.fsencode(file) for needle in needles):
                found.append(str(file))
            try:
                content = file.read_bytes() if file.is_file() else b""
            except FileNotFoundError:
                continue
            found += [str(file) for needle in needles if needle in content]
        return sorted(set(found))

    def dump(self) -> str:
        """The whole database as text."""
        done = subprocess.run(
            [binary("pg_dump"), "--no-owner", "--inserts", self.database_url()], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, "pg_dump did not run"
        assert "CREATE TABLE public.calls" in done.stdout
        return done.stdout

    def database_url(self) -> str:
        """As a role's process is told it."""
        return self.told_to("web")["RIGHTCALL_DATABASE_URL"]

    def told_to(self, name: str) -> dict[str, str]:
        """The environment of a role's process."""
        entries = Path(f"/proc/{self.pid(name)}/environ").read_bytes().split(b"\0")
        return dict(entry.decode().split("=", 1) for entry in entries if b"=" in entry)

    # -- what it says

    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def log_entries(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log().splitlines() if line.startswith("{")]

    def says(self, words: str, *, since: int = 0) -> bool:
        """Whether the log says so, after the first `since` characters."""
        return words in self.log()[since:]

    def metrics(self) -> str:
        return httpx.get(f"{self.address}/metrics", timeout=10.0, trust_env=False).text

    def figure(self, name: str, **labels: str) -> float:
        """A figure of /metrics; 0 where it was never counted."""
        total = 0.0
        for line in self.metrics().splitlines():
            match = re.fullmatch(r"([a-z_]+)(?:\{(.*)\})? ([-+0-9.einfa]+)", line)
            if match and match[1] == name and all(f'{key}="{value}"' in (match[2] or "") for key, value in labels.items()):
                total += float(match[3])
        return total

    def health(self) -> dict[str, Any] | None:
        try:
            answer = httpx.get(f"{self.address}/health", timeout=2.0, trust_env=False)
        except httpx.HTTPError:
            return None
        return dict(answer.json()) if answer.status_code == 200 else None

    # -- its processes

    def pid(self, name: str) -> int:
        """The process of a role, or `postgres`: a child of the serve process that we started."""
        return eventually(lambda: self.find_pid(name), RESTART_SECONDS, f"the process {name} runs")

    def find_pid(self, name: str) -> int | None:
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                command = (entry / "cmdline").read_bytes().split(b"\0")
            except (OSError, IndexError, ValueError):
                continue
            if parent != self.server.pid:
                continue
            is_role = b"role" in command and name.encode() in command
            if is_role or (name == "postgres" and command[0].endswith(b"postgres")):
                return int(entry.name)
        return None

    def kill(self, name: str) -> int:
        """kill -9; answers with the pid that is gone."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        return pid

    def wait_restarted(self, name: str, before: int) -> None:
        """Until another process has taken the place of `before`."""
        eventually(
            lambda: (pid := self.find_pid(name)) is not None and pid != before, RESTART_SECONDS, f"{name} is started again"
        )

    def wait_healthy(self, seconds: float = START_SECONDS) -> None:
        eventually(self.health, seconds, f"all parts are well\n{self.log()[-3000:]}")

    @contextmanager
    def stopped(self, name: str) -> Iterator[None]:
        """The process hangs (SIGSTOP) within this block. Of PostgreSQL, all of its processes do."""
        pids = [self.pid(name)]
        if name == "postgres":
            pids += _children(pids[0])
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in reversed(pids):
                try:
                    os.kill(pid, signal.SIGCONT)
                except ProcessLookupError:
                    continue

    # -- commands

    def command(self, *words: str) -> str:
        """One `rightcall` command on this deployment's folder; its standard output."""
        done = run_command(*words, "--data", str(self.data))
        assert done.returncode == 0, f"`rightcall {' '.join(words)}` ended with {done.returncode}: {done.stderr[-600:]}"
        return done.stdout

    def end(self) -> None:
        """In order: every process ended, none was killed for it."""
        for desk in self.desks.values():
            desk.close()
        mark = len(self.log())
        self.server.send_signal(signal.SIGTERM)
        try:
            code = self.server.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.server.kill()
            self.server.wait()
            raise
        assert code == 0, self.log()[mark:]
        assert "every process in order" in self.log()[mark:]
        assert "was killed" not in self.log()[mark:]


def run_command(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "rightcall", *words], capture_output=True, text=True, check=False)


@contextmanager
def deployed(
    folder: Path,
    beside: Callable[["Deployment"], AbstractContextManager[object]] = nullcontext,
    /,
    *,
    roles: str = "web,worker,media,signalling",
    **settings: str,
) -> Iterator[Deployment]:
    """A fresh one in `folder`, with the register applied; ended in order afterwards. `beside`: what runs the other `roles`.
    `settings` by their names."""
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    KeyFile(data / "keys", make_secret(data / "passphrase"), cost=Cost(n=16)).create("unused")  # costs little to open
    http = f"127.0.0.1:{free_port(socket.SOCK_STREAM)}"
    sip = ("127.0.0.1", free_port(socket.SOCK_DGRAM))
    environment = os.environ | {f"RIGHTCALL_{name.upper()}": value for name, value in settings.items()}
    with (folder / "log").open("ab") as log:
        server = subprocess.Popen(
            [*_DIES_WITH_US, "serve", "--data", str(data), "--http", http, "--sip", f"{sip[0]}:{sip[1]}", "--roles", roles],
            stdout=log,
            stderr=log,
            env=environment,
            start_new_session=True,
        )
    deployment = Deployment(folder=folder, http=http, sip=sip, server=server, tokens={})
    try:
        with beside(deployment):
            deployment.wait_healthy()
            eventually(lambda: deployment.says("signalling listens"), START_SECONDS, "signalling listens")
            if "database_url" not in settings:  # one's own is set up by whoever runs it
                forget_with_the_power(deployment.database_url())
            deployment.tokens = _furnish(deployment.database_url())
            sign_reviews(deployment)
            yield deployment
    finally:
        deployment.end()


def sign_reviews(deployment: Deployment) -> None:
    """The reviews that the register drafted, each by a supervisor and an agent: nothing runs before."""
    for purpose in deployment.agent.get("/purposes")["items"]:
        review = deployment.agent.get(f"/purposes/{purpose['id']}/reviews")["items"][0]["id"]
        deployment.desk("supervisor").post(f"/reviews/{review}/sign", {"capacity": "for_the_house"})
        signed = deployment.agent.post(f"/reviews/{review}/sign", {"capacity": "for_agents"})
        assert signed["stage"] == "in_force", signed["why_not"]


def _furnish(url: str) -> dict[str, str]:
    """What `rightcall register apply` and `rightcall token create` do, without a new process for each. Tokens by role."""
    database, clock = Database(url, connections=2), SystemClock()
    try:
        apply_register(database, clock, read_register(REGISTER), load_rules())
        with database.system() as tx:
            (controller,) = controllers.all_ids(tx)
        with database.transaction(controller) as tx:
            return {role.value: create_token(tx, clock, role=role, by=SYSTEM).secret for role in ROLES}
    finally:
        database.close()


def patiently(ask: Callable[[], _T], seconds: float = 20.0) -> _T:
    """`ask`, again while the answer is 503: not there yet, or something is away."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return ask()
        except (Declined, RecorderGone) as error:
            if (isinstance(error, Declined) and error.status != 503) or time.monotonic() > deadline:
                raise
        time.sleep(0.1)


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(word) for word in (task / "children").read_text().split()]
    return found
