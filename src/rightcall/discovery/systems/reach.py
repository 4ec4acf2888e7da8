"""What an address leads to, so that one folder or database is not looked at as two systems without anybody knowing: nothing is
opened and no name server asked, so one server under two names is not seen here."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict

from rightcall.discovery.systems.rules import kind_of
from rightcall.personal import Personal

_THIS_MACHINE = frozenset({"", "localhost", "127.0.0.1", "::1"})
_PORTS = {"mariadb": 3306, "mysql": 3306, "http": 80, "https": 443}
_AMAZON = "amazonaws.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """All that begins with `steps` is in it: a machine, a database; a folder, one in it. Only what is of one `kind` can meet.
    `inode`: of what lies on this machine, which another name of the same file (a hard link) has too."""

    kind: str
    steps: tuple[str, ...]
    inode: tuple[int, int] | None = field(default=None, compare=False)

    def has(self, other: "Reach") -> bool:
        return self.kind == other.kind and (self.is_one_with(other) or other.steps[: len(self.steps)] == self.steps)

    def is_one_with(self, other: "Reach") -> bool:
        return self.inode is not None and self.inode == other.inode


def reach_of(address: str) -> Reach | None:
    """None where it leads nowhere that could be compared: a conserver sends, and is not looked at."""
    kind, path = kind_of(address), path_of(address)
    if path is not None:
        return Reach(kind="sqlite" if kind == "sqlite" else "files", steps=path.parts, inode=_inode(path))
    try:
        if kind == "postgresql":
            return _postgresql(address)
        parts = urlsplit(address.removeprefix("vcons:"))
        if parts.scheme == "s3":
            return _bucket(parts)
        return None if kind == "conserver" else _served(kind, parts)
    except (ValueError, psycopg.Error):
        return None


def _inode(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


def relation_of(new: Reach, known: Reach) -> str | None:
    """In words that go before a system's name; None where they have nothing to do with each other."""
    if not (new.has(known) or known.has(new)):
        return None
    if new == known or new.is_one_with(known):
        return "is what is looked at already as"
    return "has in it what is looked at already as" if new.has(known) else "lies within what is looked at already as"


def path_of(address: str) -> Path | None:
    """Where on this machine an address leads, all links followed; None where it leads to none of its folders or files."""
    scheme, _, rest = address.partition(":")
    if scheme.lower() == "vcons":
        return None if rest.startswith("s3:") else Path(os.path.realpath(rest.removeprefix("//")))
    if scheme.lower() == "sqlite":
        return Path(os.path.realpath(unquote(urlsplit(address).path[1:])))
    if kind_of(address) == "folder":
        return Path(os.path.realpath(unquote(urlsplit(address).path) if "://" in address else address))
    return None


def from_anywhere(address: Personal[str]) -> Personal[str]:
    """The same, whatever folder the process that opens it works in: a worker's is not that of whoever registers."""
    given = address.reveal("see where a system lies")
    before, path = "", given
    for start in ("vcons:", "sqlite:///"):
        if given.lower().startswith(start):
            before, path = given[: len(start)], given[len(start) :]
    if kind_of(path) != "folder" or "://" in path or path[:1] in ("", "/"):
        return address
    here = quote(os.getcwd()) if before.endswith("/") else os.getcwd()
    return Personal(before + os.path.normpath(os.path.join(here, path)))


def is_in(path: Path, folder: Path) -> bool:
    return path == folder or folder in path.parents


def touch(one: Path, other: Path) -> bool:
    """Whether one lies in the other, either way: a scan of a folder reads all that is in it."""
    return is_in(one, other) or is_in(other, one)


def _postgresql(address: str) -> Reach:
    """As libpq reads it, which names a database by the account where nothing else does."""
    known = {name: str(value) for name, value in conninfo_to_dict(address).items()}
    host = known.get("hostaddr") or known.get("host", "")
    database = known.get("dbname") or known.get("user", "")
    return Reach(kind="postgresql", steps=(_machine(host), known.get("port") or "5432", database))


def _bucket(parts: SplitResult) -> Reach:
    """Character by character, since a prefix of keys ends at no slash."""
    bucket, service = parts.netloc.rpartition("@")[2], parse_qs(parts.query).get("endpoint", [_AMAZON])[-1]
    at = _at(urlsplit(service)) if "://" in service else service
    return Reach(kind="s3", steps=(at, bucket, *unquote(parts.path.lstrip("/"))))


def _served(kind: str, parts: SplitResult) -> Reach:
    """A server of databases, or one of somebody's own; one of all databases that an account may see has all of them."""
    path = unquote(parts.path.strip("/"))
    at = parse_qs(parts.query).get("socket", [_at(parts)])[-1]
    return Reach(kind=kind, steps=(at, path) if path else (at,))


def _at(parts: SplitResult) -> str:
    scheme = parts.scheme.rpartition("+")[2]
    return f"{_machine(parts.hostname or '')}:{parts.port or _PORTS.get(scheme, '')}"


def _machine(host: str) -> str:
    """A socket by the folder it lies in; what stays on this machine by one name."""
    if host.startswith("/"):
        return os.path.realpath(host)
    plain = host.casefold().removesuffix(".")
    return "localhost" if plain in _THIS_MACHINE else plain
