"""Opening a source by its address: which kind it is stands in front of the colon."""

import re
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


_SERVERS = (open_postgresql, open_mariadb)
_PART = re.compile("[/?#]")


def is_path(address: str) -> bool:
    """Of a folder or a file, rather than an address that says which kind it is."""
    is_of_a_kind = address.partition(":")[0].lower() in KINDS or "://" in address
    return not is_of_a_kind or address.startswith(_FILE)


def _is_cut_short(url: str) -> bool:
    """An @ or a / in a password: two @ before the path, of which libpq takes the first, or one only behind what would then be a
    host."""
    authority, *rest = _PART.split(url.partition("://")[2], maxsplit=1)
    if "@" in authority:
        return authority.count("@") > 1 and url.lower().startswith("postgres")
    behind = rest[0] if rest else ""
    port = authority.rpartition(":")[2]
    return ":" in authority and "@" in (behind.partition("?")[0] if port.isdigit() else behind)


def open_system(address: Personal[str], /, *, writable: bool = False, load: Load = UNLIMITED) -> System:
    """Implements `discovery.ports.Opener`."""
    pace = pace_of(load)
    url = address.reveal("open a system")
    if is_path(url):
        return open_folder(url, writable=writable, pace=pace)
    opens = KINDS.get(urlsplit(url).scheme.lower())
    if opens in _SERVERS and _is_cut_short(url):
        raise Malformed(
            "The name or the password in this address has a character that ends it too early. Write it percent-encoded:"
            " @ as %40, / as %2F, : as %3A, ? as %3F, # as %23 and % as %25. Nothing was asked of any server."
        )
    if opens is None:
        raise Malformed(f"No source has such an address. It is a path, or begins with one of: {', '.join(sorted(KINDS))}.")
    return opens(url, writable=writable, pace=pace)
