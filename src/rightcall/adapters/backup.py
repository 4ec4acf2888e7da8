"""Backups: the database and the sealed objects, and never the key service.

A backup opens only together with the key service, and only while the epoch lasts in which it was made; see `vault`. So the key
file, its passphrase and the files that the key service wraps (the ledger's and the vCon signer's) stay out of it on purpose:
they are backed up apart, and no longer than an epoch (`key_backup`), or the promise that erasure reaches every backup is broken.

    FOLDER/database.dump      pg_dump's custom format
    FOLDER/objects/<key>      the sealed bytes, as they are
    FOLDER/manifest.json      every file with its size and SHA-256; written last, so a folder without it is not a backup

The manifest guards against damage, not against an attacker who writes a new one: what they change, the keys will not open.
After `restore`, start the vault with `after_restore`, and destroy again what was destroyed since (`destroyed`).
"""

import hashlib
import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import psycopg
from psycopg.conninfo import conninfo_to_dict

from rightcall.adapters.files import write_anew
from rightcall.canonical import Json, canonical_json, parse_json
from rightcall.database.embedded import binaries
from rightcall.errors import Conflict, DatabaseGone, Malformed, NotConfigured, NotFound, Tampered
from rightcall.holdings.ports import Objects

_FORMAT = "rightcall-backup/1"
_DUMP, _OBJECTS, _MANIFEST = "database.dump", "objects", "manifest.json"
_NOT_TAKEN = "--exclude-table-data=copies_under_way"  # where it is restored, nothing of this is under way
_STRETCH = 4 << 20
_ENVIRONMENT = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "sslcrl": "PGSSLCRL",
    "channel_binding": "PGCHANNELBINDING",
    "connect_timeout": "PGCONNECT_TIMEOUT",
}
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What a backup or a restore carried over."""

    objects: int
    bytes: int


def backup(database_url: str, objects: Objects, to: Path, *, progress: Progress | None = None) -> Copied:
    """Into the folder `to`, which must be new or empty. `progress(what, done, of)` is told of each object.

    The database goes first: whatever it says is complete is then still in the object store, or was destroyed since.
    """
    tell = progress or (lambda *_: None)
    check_folder(to)
    tell("database", 0, 1)
    _dump(database_url, to / _DUMP)
    tell("database", 1, 1)
    files = {_DUMP: _measure(to / _DUMP)}
    keys = sorted(objects.list(""))
    for number, key in enumerate(keys, 1):
        path = f"{_OBJECTS}/{_safe(key)}"
        if _fetch(objects, key, to / path):
            files[path] = _measure(to / path)
        tell("objects", number, len(keys))
    _write_manifest(to, files)
    return Copied(objects=len(files) - 1, bytes=sum(size for size, _ in files.values()))


def restore(database_url: str, objects: Objects, source: Path, *, progress: Progress | None = None) -> Copied:
    """Into an empty database and an empty object store. Every file is checked against the manifest before anything is written."""
    tell = progress or (lambda *_: None)
    files = read_manifest(source)
    for number, (path, recorded) in enumerate(sorted(files.items()), 1):
        if not (source / path).is_file() or _measure(source / path) != recorded:
            raise Tampered(f"A file of the backup ({number} in its manifest) is missing or not what was written. Use another.")
        tell("checked", number, len(files))
    if next(iter(objects.list("")), None) is not None:
        raise Conflict("The object store is not empty. Restore into an empty folder or bucket.")
    _prepare(database_url)
    tell("database", 0, 1)
    _load(database_url, source / _DUMP)
    tell("database", 1, 1)
    paths = sorted(path for path in files if path != _DUMP)
    for number, path in enumerate(paths, 1):
        objects.put_file(path.removeprefix(f"{_OBJECTS}/"), source / path)
        tell("objects", number, len(paths))
    return Copied(objects=len(paths), bytes=sum(size for size, _ in files.values()))


def dump_of(source: Path) -> Path:
    return source / _DUMP


def is_finished(source: Path) -> bool:
    return (source / _MANIFEST).is_file()


def made_at(source: Path) -> float:
    """When it was finished, by the clock of its disk: to tell the newest."""
    return (source / _MANIFEST).stat().st_mtime


def read_manifest(source: Path) -> dict[str, tuple[int, str]]:
    """Each file's size and SHA-256. `NotFound` for a folder that is not a backup, or one that was not finished."""
    try:
        document = parse_json((source / _MANIFEST).read_bytes())
    except OSError as error:
        raise NotFound("There is no finished backup in this folder: its manifest is missing. Give another folder.") from error
    if not isinstance(document, dict) or document.get("format") != _FORMAT:
        raise Malformed("The manifest of this backup is of a form that this version does not read.")
    entries = document.get("files")
    if not isinstance(entries, dict) or _DUMP not in entries:
        raise Malformed("The manifest of this backup lists no database.")
    return {_path(path): _entry(entry) for path, entry in entries.items()}


def _path(path: str) -> str:
    return path if path == _DUMP else f"{_OBJECTS}/{_safe(path.removeprefix(f'{_OBJECTS}/'))}"


def _entry(entry: Json) -> tuple[int, str]:
    size, digest = (entry.get("size"), entry.get("sha256")) if isinstance(entry, dict) else (None, None)
    if not isinstance(size, int) or not isinstance(digest, str):
        raise Malformed("The manifest of this backup says no size or digest for one of its files.")
    return size, digest


def _safe(key: str) -> str:
    """Keys are ids with slashes between them; anything that would lead out of the folder is refused."""
    parts = PurePosixPath(key).parts
    if not parts or key != "/".join(parts) or key.startswith("/") or any(part in ("..", ".") for part in parts):
        raise Malformed("An object has a key that cannot be the name of a file. It was not put there by Rightcall.")
    return key


def check_folder(to: Path) -> None:
    """Makes it. Conflict where something is in it."""
    to.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(to.iterdir()):
        raise Conflict("The folder for the backup is not empty. Give a new one for each backup.")


def _fetch(objects: Objects, key: str, path: Path) -> bool:
    """False where the object was destroyed since it was listed."""
    try:
        size = objects.size(key)
        for folder in reversed(path.parents):
            folder.mkdir(exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            for start in range(0, size, _STRETCH):
                out.write(objects.get_range(key, start, min(_STRETCH, size - start)))
            out.flush()
            os.fsync(out.fileno())
    except NotFound:
        path.unlink(missing_ok=True)
        return False
    return True


def _measure(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()


def _write_manifest(to: Path, files: dict[str, tuple[int, str]]) -> None:
    document: Json = {
        "format": _FORMAT,
        "files": {path: {"size": size, "sha256": digest} for path, (size, digest) in files.items()},
    }
    write_anew(to / _MANIFEST, canonical_json(document))


def _dump(database_url: str, file: Path) -> None:
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    _run(database_url, ["pg_dump", "--format=custom", "--no-owner", _NOT_TAKEN, "--file", str(file)], "backed up")


def _load(database_url: str, file: Path) -> None:
    database = str(conninfo_to_dict(database_url)["dbname"])
    command = ["pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", "--dbname", database, str(file)]
    _run(database_url, command, "restored")


def _run(database_url: str, command: list[str], deed: str) -> None:
    """The password travels in the environment: arguments can be read by every user of the machine."""
    given = conninfo_to_dict(database_url)
    variables = {_ENVIRONMENT[name]: str(value) for name, value in given.items() if name in _ENVIRONMENT}
    for program in _programs(database_url, command[0]):
        words = [program, *command[1:]]
        done = subprocess.run(words, env={**os.environ, **variables}, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
        if "SSL support is not compiled in" in done.stderr:
            continue
        if "row-level security" in done.stderr:
            raise NotConfigured("The database role may not read all rows. Give the backup a role with BYPASSRLS, and its URL.")
        if done.returncode != 0:
            raise DatabaseGone(
                f"The database could not be {deed}: {command[0]} gave up. Check that it runs and has room, then try again."
            )
        return
    raise NotConfigured(
        f"The {command[0]} that comes with Rightcall speaks no TLS. Install PostgreSQL's client programs of the server's version."
    )


def _programs(database_url: str, name: str) -> list[str]:
    """First those of the server's own version, since a newer one writes and says things that an older server does not understand;
    then the newer ones."""
    try:
        with psycopg.connect(database_url) as connection:
            server = connection.info.server_version // 10000
    except psycopg.OperationalError as error:
        raise DatabaseGone("The database cannot be reached. Check that it runs, then try again.") from error
    versions = sorted((_major(program), program) for program in binaries(name))
    fitting = [program for version, program in versions if version >= server]
    if not fitting:
        raise NotConfigured(f"PostgreSQL's program {name} is older than the server. Put {name} of version {server} into PATH.")
    return fitting


def _major(program: str) -> int:
    """`pg_dump (PostgreSQL) 16.4` is 16."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603 - our own words
    number = said.partition(")")[2].strip().partition(".")[0]
    return int(number) if number.isdigit() else 0


def _prepare(database_url: str) -> None:
    """The database is empty, and the two roles that its rights name exist: they belong to the cluster, not to the dump."""
    try:
        with psycopg.connect(database_url) as connection:
            if connection.execute("SELECT FROM pg_tables WHERE schemaname = 'public' LIMIT 1").fetchone() is not None:
                raise Conflict("The database is not empty. Restore into an empty one.")
            for role in ("rightcall_app", "rightcall_system"):
                name = psycopg.sql.Identifier(role)
                if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,)).fetchone() is None:
                    connection.execute(psycopg.sql.SQL("CREATE ROLE {} NOLOGIN").format(name))
                right = "SET" if connection.info.server_version >= 160000 else "MEMBER"
                if connection.execute("SELECT pg_has_role(current_user, %s, %s)", (role, right)).fetchone() != (True,):
                    connection.execute(psycopg.sql.SQL("GRANT {} TO CURRENT_USER").format(name))
    except psycopg.errors.InsufficientPrivilege as error:
        raise NotConfigured(
            "The database login may not make the roles rightcall_app and rightcall_system, or act in them. Have both made and"
            " granted to it by an administrator, then restore."
        ) from error
    except psycopg.OperationalError as error:
        raise DatabaseGone("The database cannot be reached, so nothing was restored. Check that it runs.") from error
