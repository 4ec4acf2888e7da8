"""A MariaDB server of one's own: files in a folder, a socket and a port of this machine, ended by its id."""

import contextlib
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pymysql

from tests.cli.test_serve import free_port

PASSWORD = "secret-of-root"


@dataclass(frozen=True, slots=True, kw_only=True)
class MariaDBServer:
    socket: Path
    port: int

    def connection(self, database: str | None = None) -> "pymysql.Connection[pymysql.cursors.Cursor]":
        """As its administrator, by its socket."""
        return pymysql.connect(unix_socket=str(self.socket), user="root", password=PASSWORD, database=database, autocommit=True)

    def url(self, database: str, *, options: str | None = None, login: str = f"root:{PASSWORD}") -> str:
        return f"mariadb://{login}@127.0.0.1:{self.port}/{database}?{options or f'socket={self.socket}'}"


@contextmanager
def running(folder: Path, certificate: tuple[Path, Path]) -> Iterator[MariaDBServer]:
    files, path, port = folder / "files", folder / "socket", free_port()
    user = ["--user=root"] if os.geteuid() == 0 else []
    install = ["mariadb-install-db", "--no-defaults", f"--datadir={files}", "--skip-test-db"]
    subprocess.run([*install, "--auth-root-authentication-method=normal", *user], check=True, capture_output=True)
    words = ["mariadbd", "--no-defaults", f"--datadir={files}", f"--socket={path}", f"--pid-file={folder}/pid", *user]
    words += [f"--port={port}", "--bind-address=127.0.0.1", "--skip-name-resolve", "--max-allowed-packet=64M"]
    words += ["--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M", "--innodb-doublewrite=OFF"]
    words += [f"--ssl-cert={certificate[0]}", f"--ssl-key={certificate[1]}"]
    environment = {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin"}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(words, stdout=log, stderr=log, start_new_session=True, env=environment)
    try:
        _wait(path, folder)
        with pymysql.connect(unix_socket=str(path), user="root") as root, root.cursor() as cursor:
            cursor.execute("SET PASSWORD FOR root@localhost = PASSWORD(%s)", (PASSWORD,))
        yield MariaDBServer(socket=path, port=port)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(20)


def _wait(path: Path, folder: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as asking:
            asking.connect(str(path))
            return
        assert time.monotonic() < deadline, (folder / "log").read_text()
        time.sleep(0.05)
