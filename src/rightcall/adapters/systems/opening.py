"""Opening a source by its address: which kind it is stands in front of the colon."""

import re
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import urlsplit

from rightcall.adapters.systems.pace import Pace, pace_of
from rightcall.discovery.ports import UNLIMITED, Load, System
from rightcall.errors import Malformed
from rightcall.later import later
from rightcall.personal import Personal

_FILE = "file://"


class Opens(Protocol):
    def __call__(self, url: str, *, writable: bool = False, pace: Pace | None = None) -> System: ...


def _kind(place: str) -> Opens:
    return later(f"{__package__}.{place}")


_FOLDER = _kind("folder.system:open_folder")
_POSTGRESQL = _kind("postgresql.source:open_postgresql")
_MARIADB = _kind("mariadb.source:open_mariadb")
_OWN = _kind("own.source:open_own")

KINDS: Mapping[str, Opens] = {
    "postgresql": _POSTGRESQL,
    "postgres": _POSTGRESQL,
    "mariadb": _MARIADB,
    "mysql": _MARIADB,
    "sqlite": _kind("sqlite.source:open_sqlite"),
    "vcons": _kind("vcons.source:open_vcons"),
    "conserver": _kind("vcons.awaited:open_conserver"),
    "own+https": _OWN,
    "own+http": _OWN,
    "file": _FOLDER,
    "s3": _kind("s3.system:open_s3"),
}
"""By what stands before the colon. Each kind is a folder beside this file, loaded with its driver when one of it is opened."""

_SERVERS = (_POSTGRESQL, _MARIADB)
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
        return _FOLDER(url, writable=writable, pace=pace)
    opens = KINDS.get(urlsplit(url).scheme.lower())
    if opens in _SERVERS and _is_cut_short(url):
        raise Malformed(
            "The name or the password in this address has a character that ends it too early. Write it percent-encoded:"
            " @ as %40, / as %2F, : as %3A, ? as %3F, # as %23 and % as %25. Nothing was asked of any server."
        )
    if opens is None:
        raise Malformed(f"No source has such an address. It is a path, or begins with one of: {', '.join(sorted(KINDS))}.")
    return opens(url, writable=writable, pace=pace)
