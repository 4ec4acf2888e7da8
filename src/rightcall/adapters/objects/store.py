"""Sealed bytes in a folder or an S3-compatible store. Implements `holdings.ports.Objects`.

Nothing here is ever in the clear, and no key names a person: keys are ids. A deletion counts only when the store was asked
afterwards and said that the object is gone. On a bucket that keeps versions an old version may remain behind that answer; what
makes content unreadable is its destroyed key, wherever its bytes are. Keys are unique by the database, never by the store.
"""

import contextlib
import logging
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError, InvalidPathError, PermissionDeniedError, UnauthenticatedError
from obstore.store import LocalStore, S3Store

from rightcall.adapters.files import flush
from rightcall.adapters.objects.packs import ENDING, Pack, id_of
from rightcall.errors import Malformed, NotConfigured, NotFound, ObjectsGone, Tampered
from rightcall.holdings.together import lies_with
from rightcall.ids import HoldingId

_log = logging.getLogger(__name__)
_T = TypeVar("_T")
_IN_ONE_REQUEST = 1000
"""Keys that S3 deletes by one request."""
_PARTS_AT_ONCE = 2
"""Of one file on its way, of 5 MiB each: all of them are in memory, and the library would have twelve."""
_AT_ONCE = 16
"""Questions to S3 at the same time, whether an object is gone."""
_NO_NAMES = frozenset({"", ".", ".."})
_CREDENTIALS = (
    ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
    ("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"),
    ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",),
    ("AWS_CONTAINER_CREDENTIALS_FULL_URI",),
    ("AWS_METADATA_ENDPOINT",),
)


class Objects:
    """`url` is file:///folder or s3://bucket/prefix; `endpoint` the address of an S3 service that is not Amazon's."""

    def __init__(self, url: str, endpoint: str | None = None, *, environment: Mapping[str, str] = os.environ) -> None:
        parts = urlsplit(url)
        self._folder: Path | None = None
        if parts.scheme == "file" and parts.path.startswith("/"):
            self._folder = Path(unquote(parts.path))
            self._store: LocalStore | S3Store = _local(self._folder)
        elif parts.scheme == "s3" and parts.netloc:
            self._store = _s3(parts.netloc, parts.path.strip("/"), endpoint, environment)
        else:
            raise NotConfigured("RIGHTCALL_OBJECTS_URL must be file:///folder or s3://bucket/prefix.")

    def put_file(self, key: str, path: Path) -> None:
        """Durable when it returns. Idempotent: the same key takes the newer file."""
        if not path.is_file():
            raise NotFound("The file to be put into the object store is not there.")
        if (pack := self._pack_of(key)) is not None:
            self._ask(lambda: pack.put(_name(key), path))
            return
        self._ask(lambda: obstore.put(self._store, key, path, max_concurrency=_PARTS_AT_ONCE))
        if self._folder is not None:
            _make_durable(self._folder, key)

    def get_range(self, key: str, start: int, length: int) -> bytes:
        """Exactly `length` bytes, fewer only where the object ends."""
        if start < 0 or length < 0:
            raise Malformed("A stretch of an object starts at 0 or later and has no negative length.")
        if (pack := self._pack_of(key)) is not None:
            return self._ask(lambda: pack.get_range(_name(key), start, length))
        length = min(length, max(0, self.size(key) - start))
        if length == 0:
            return b""
        return bytes(self._ask(lambda: obstore.get_range(self._store, key, start=start, length=length)))

    def size(self, key: str) -> int:
        if (pack := self._pack_of(key)) is not None:
            return self._ask(lambda: pack.size(_name(key)))
        return int(self._ask(lambda: obstore.head(self._store, key))["size"])

    def delete(self, key: str) -> None:
        """Returns only when the store has confirmed that it is gone."""
        if not self.delete_all([key]):
            raise ObjectsGone("The object store has not confirmed the deletion. Nothing is confirmed: try again.")

    def delete_all(self, keys: Sequence[str]) -> list[str]:
        """Those that the store has confirmed as gone. The rest may be there still: an outage in between ends the round."""
        for key in keys:
            _check_key(key)
        if self._folder is not None:
            return _delete_files(self._folder, keys)
        gone: list[str] = []
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for start in range(0, len(keys), _IN_ONE_REQUEST):
                some = list(keys[start : start + _IN_ONE_REQUEST])
                try:
                    self._ask(partial(obstore.delete, self._store, some))
                    gone += [key for key, is_gone in zip(some, pool.map(self._is_gone, some), strict=True) if is_gone]
                except ObjectsGone:
                    break
        return gone

    def delete_together(self, places: Mapping[str, Collection[HoldingId]]) -> Sequence[HoldingId]:
        """The same for what lies together, under keys that begin with its place and end with its id."""
        if self._folder is None:
            ids = {f"{place}/{id}": id for place, those in places.items() for id in those}
            return [ids[key] for key in self.delete_all([*ids])]
        for place in places:
            _check_key(place)
        with _confirmed():
            gone = _delete_packs(self._folder, {place: {id.bytes for id in those} for place, those in places.items()})
            return [id for place in gone for id in places[place]]

    def _is_gone(self, key: str) -> bool:
        try:
            self.size(key)
        except NotFound:
            return True
        return False

    def list(self, prefix: str) -> Iterator[str]:
        """The keys that begin with `prefix`. The store lists by folder, so that part of it is asked and the rest sifted."""
        folder = prefix.rpartition("/")[0]
        batches = iter(self._ask(lambda: obstore.list(self._store, prefix=folder or None)))
        while (batch := self._ask(lambda: next(batches, None))) is not None:
            for path in (str(meta["path"]) for meta in batch):
                yield from (key for key in self._keys_at(path) if key.startswith(prefix))

    def _keys_at(self, path: str) -> Sequence[str]:
        """Of a pack, what lies in it."""
        if self._folder is None or not path.endswith(ENDING):
            return [path]
        shared = path.removesuffix(ENDING)
        return [f"{shared}/{name}" for name in self._ask(_pack(self._folder, shared).names)]

    def _pack_of(self, key: str) -> Pack | None:
        """Where it lies together with others, in a folder."""
        if self._folder is None or (shared := lies_with(key)) == key:
            return None
        _check_key(key)
        return _pack(self._folder, shared)

    def _ask(self, question: Callable[[], _T]) -> _T:
        """Foreign exceptions become ours. Their texts stay chained, not repeated: they hold paths and addresses."""
        try:
            return question()
        except FileNotFoundError as error:
            raise NotFound("There is no such object in the store.") from error
        except (PermissionDeniedError, UnauthenticatedError, PermissionError) as error:
            raise NotConfigured("The object store refuses our credentials. Check them and its rights.") from error
        except (ValueError, InvalidPathError) as error:
            raise Malformed("This is no key of an object: give ids joined by slashes.") from error
        except (BaseError, OSError) as error:
            raise ObjectsGone("The object store cannot be reached or failed. Check that it runs, then try again.") from error


def _local(folder: Path) -> LocalStore:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise NotConfigured(f"The objects' folder {folder} cannot be made. Correct RIGHTCALL_OBJECTS_URL.") from error
    return LocalStore(folder)


def _s3(bucket: str, prefix: str, endpoint: str | None, environment: Mapping[str, str]) -> S3Store:
    if not any(all(environment.get(name) for name in names) for names in _CREDENTIALS):
        raise NotConfigured(
            "The object store is S3 and there are no credentials for it. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        )
    given = {
        "endpoint": endpoint,
        "region": environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or "us-east-1",
        "access_key_id": environment.get("AWS_ACCESS_KEY_ID"),
        "secret_access_key": environment.get("AWS_SECRET_ACCESS_KEY"),
        "session_token": environment.get("AWS_SESSION_TOKEN"),
    }
    return S3Store(
        bucket,
        prefix=prefix or None,
        config={name: value for name, value in given.items() if value is not None},  # type: ignore[arg-type]  # all are its keys
        client_options={"allow_http": endpoint is not None and endpoint.startswith("http://"), "timeout": timedelta(seconds=30)},
        retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=30)},
    )


def _make_durable(folder: Path, key: str) -> None:
    """On the disk, and readable by us alone, before anyone is told that it is stored."""
    path = folder / key
    try:
        path.chmod(0o600)
        for part in (path, *path.parents[: len(Path(key).parts)]):
            with contextlib.suppress(FileNotFoundError):
                flush(part)
    except OSError as error:
        raise ObjectsGone("The objects' disk failed while a file was put. Nothing is confirmed: try again.") from error


def _delete_files(folder: Path, keys: Sequence[str]) -> list[str]:
    """Those that are gone, for good: each folder is written to the disk before anybody is told."""
    places: dict[str, list[str]] = {}
    for key in keys:
        places.setdefault(key.rpartition("/")[0], []).append(key)
    packs = {shared: places.pop(shared) for shared in list(places) if lies_with(places[shared][0]) == shared}
    with _confirmed():
        gone = _delete_packs(folder, {shared: {id_of(_name(key)) for key in those} for shared, those in packs.items()})
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            alone = [key for place, those in places.items() for key in _delete_in(pool, folder / place, those)]
        return alone + [key for shared in gone for key in packs[shared]]


@contextlib.contextmanager
def _confirmed() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ObjectsGone("The objects' disk failed while files were deleted. Nothing is confirmed: try again.") from error


def _delete_packs(folder: Path, packs: Mapping[str, Set[bytes]]) -> list[str]:
    """Those that let go of their ids. A day's folder goes with the last that is in it."""

    def lets_go(shared: str) -> bool:
        try:
            _pack(folder, shared).delete(packs[shared])
        except (OSError, Tampered):
            _log.exception("a file of the object store does not let go of what is to be deleted: look at it, and at the disk")
            return False
        return True

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        gone = [shared for shared, is_gone in zip(packs, pool.map(lets_go, packs), strict=True) if is_gone]
    for day in {(folder / shared).parent for shared in packs}:
        with contextlib.suppress(OSError):
            day.rmdir()
        for place in (day, day.parent):
            with contextlib.suppress(FileNotFoundError):
                flush(place)
    return gone


def _delete_in(pool: ThreadPoolExecutor, folder: Path, keys: Sequence[str]) -> list[str]:
    """The folder is found once for all of them. Where it is not there, none of them is."""
    try:
        place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return list(keys)
    in_one = -(-len(keys) // _AT_ONCE)
    lanes = [keys[start : start + in_one] for start in range(0, len(keys), in_one)]
    try:
        gone = [key for lane in pool.map(partial(_unlink, place), lanes) for key in lane]
        os.fsync(place)
    finally:
        os.close(place)
    return gone


def _unlink(place: int, keys: Sequence[str]) -> list[str]:
    """One after the other: a disk lets go of each file's blocks before it answers, so several wait at once. What was let go of is
    looked for again."""
    gone = []
    for key in keys:
        name = _name(key)
        try:
            os.unlink(name, dir_fd=place)
            os.stat(name, dir_fd=place, follow_symlinks=False)
        except FileNotFoundError:
            gone.append(key)
    return gone


def _pack(folder: Path, shared: str) -> Pack:
    return Pack(folder / f"{shared}{ENDING}")


def _name(key: str) -> str:
    return key.rpartition("/")[2]


def _check_key(key: str) -> None:
    """Nothing that leads out of the folder."""
    if not _NO_NAMES.isdisjoint(key.split("/")):
        raise Malformed("This is no key of an object: give ids joined by slashes.")
