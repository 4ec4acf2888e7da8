"""The objects of a source that is a folder or a file, in the order of their names. Links are not followed, so nothing outside
of the source is read, and nothing twice."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rightcall.discovery.model import PassedOver, Reason, SourceGone
from rightcall.errors import NotFound


@dataclass(frozen=True, slots=True)
class File:
    """`object` is its path relative to the source, for people and JSON; `path` is for opening it."""

    object: str
    path: str


def objects(source: Path) -> Iterator[File | PassedOver]:
    """Raises NotFound where there is no such source, SourceGone where it cannot be listed."""
    try:
        mode = source.stat().st_mode
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFound("There is no such source. Give a folder or a file that is there.") from error
    except OSError as error:
        raise SourceGone(f"The source cannot be looked at ({error.strerror}).") from error
    if stat.S_ISDIR(mode):
        return _inside(os.fspath(source))
    path = os.fspath(source.resolve())
    name = shown(source.name)
    return iter([File(name, path) if stat.S_ISREG(mode) else PassedOver(object=name, reason=Reason.SPECIAL)])


def _inside(source: str) -> Iterator[File | PassedOver]:
    waiting: list[tuple[str, str]] = [(source, "")]
    while waiting:
        path, name = waiting.pop()
        try:
            with os.scandir(path) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            if path == source:
                raise SourceGone(f"The source cannot be listed ({error.strerror}). See to its rights, and scan again.") from error
            no_right = isinstance(error, PermissionError)
            yield PassedOver(object=name, reason=Reason.NO_RIGHT if no_right else Reason.UNREADABLE)
            continue
        folders: list[tuple[str, str]] = []
        for entry in entries:
            inside = f"{name}/{shown(entry.name)}" if name else shown(entry.name)
            found = _one(entry, inside)
            if found is None:
                folders.append((entry.path, inside))
            else:
                yield found
        waiting.extend(reversed(folders))


def _one(entry: "os.DirEntry[str]", name: str) -> File | PassedOver | None:
    """None for a folder."""
    try:
        if entry.is_symlink():
            return PassedOver(object=name, reason=Reason.LINK)
        if entry.is_dir(follow_symlinks=False):
            return None
        if entry.is_file(follow_symlinks=False):
            return File(name, entry.path)
    except OSError:
        return PassedOver(object=name, reason=Reason.UNREADABLE)
    return PassedOver(object=name, reason=Reason.SPECIAL)


def shown(name: str) -> str:
    """Names need not be UTF-8; bytes that are not are shown as `\\xNN`."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
