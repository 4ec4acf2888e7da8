"""Opening a source by its address: which kind it is stands in front of the colon."""

from collections.abc import Mapping
from typing import Protocol
from urllib.parse import urlsplit

from rightcall.adapters.systems.folder.system import open_folder
from rightcall.adapters.systems.mariadb.source import open_mariadb
from rightcall.adapters.systems.own.source import open_own
from rightcall.adapters.systems.pace import Pace, pace_of
from rightcall.adapters.systems.postgresql.source import open_postgresql
from rightcall.adapters.systems.s3.system import open_s3
from rightcall.adapters.systems.sqlite.source import open_sqlite
from rightcall.adapters.systems.vcons.awaited import open_conserver
from rightcall.adapters.systems.vcons.source import open_vcons
from rightcall.discovery.ports import UNLIMITED, Load, System
from rightcall.errors import Malformed
from rightcall.personal import Personal

_FILE = "file://"


class Opens(Protocol):
    def __call__(self, url: str, *, writable: bool = False, pace: Pace | None = None) -> System: ...


KINDS: Mapping[str, Opens] = {
    "postgresql": open_postgresql,
    "postgres": open_postgresql,
    "mariadb": open_mariadb,
    "mysql": open_mariadb,
    "sqlite": open_sqlite,
    "vcons": open_vcons,
    "conserver": open_conserver,
    "own+https": open_own,
    "own+http": open_own,
    "file": open_folder,
    "s3": open_s3,
}
"""By what stands before the colon. Each kind is a folder beside this file."""


def is_path(address: str) -> bool:
    """Of a folder or a file, rather than an address that says which kind it is."""
    is_of_a_kind = address.partition(":")[0].lower() in KINDS or "://" in address
    return not is_of_a_kind or address.startswith(_FILE)


def open_system(address: Personal[str], /, *, writable: bool = False, load: Load = UNLIMITED) -> System:
    """Implements `discovery.ports.Opener`."""
    pace = pace_of(load)
    url = address.reveal("open a system")
    if is_path(url):
        return open_folder(url, writable=writable, pace=pace)
    opens = KINDS.get(urlsplit(url).scheme.lower())
    if opens is None:
        raise Malformed(f"No source has such an address. It is a path, or begins with one of: {', '.join(sorted(KINDS))}.")
    return opens(url, writable=writable, pace=pace)
