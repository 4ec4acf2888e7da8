"""What no address of a system may lead to. Whoever registers a system names any path of this machine: what Rightcall keeps itself
is no system of anybody's, and where it works for several controllers each has folders of its own."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from rightcall.adapters.systems.opening import open_system
from rightcall.discovery.ports import UNLIMITED, Load, Opener, System
from rightcall.discovery.systems.reach import is_in, path_of, touch
from rightcall.errors import NotAllowed, NotConfigured
from rightcall.ids import ControllerId
from rightcall.personal import Personal

_OWN = "There Rightcall keeps what is its own. Name a folder or a bucket that has nothing of it in it."
_SEVERAL = (
    "This Rightcall works for several controllers, and nobody said whose the folders of this machine are. Whoever runs it names"
    " them in RIGHTCALL_SCAN_ROOTS."
)
_OUTSIDE = "This lies outside of the folders that RIGHTCALL_SCAN_ROOTS names for this controller. Give one that is in them."


@dataclass(frozen=True, slots=True, kw_only=True)
class Fenced:
    """Implements `discovery.ports.Opener`. `own`: folders and files of Rightcall's. `objects`: where its object store is."""

    own: tuple[Path, ...]
    objects: str | None

    def __call__(self, address: Personal[str], /, *, writable: bool = False, load: Load = UNLIMITED) -> System:
        url = address.reveal("see where a system lies")
        path = path_of(url)
        if path is not None and any(touch(path, Path(os.path.realpath(own))) for own in self.own):
            raise NotAllowed(_OWN)
        bucket = _bucket(url)
        if bucket is not None and self.objects is not None and bucket == _bucket(self.objects):
            raise NotAllowed(_OWN)
        return open_system(address, writable=writable, load=load)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooted:
    """Implements `discovery.ports.Opener` for whoever registers for one controller. `roots` None: nobody named any."""

    open_system: Opener
    roots: tuple[Path, ...] | None
    is_alone: bool

    def __call__(self, address: Personal[str], /, *, writable: bool = False, load: Load = UNLIMITED) -> System:
        path = path_of(address.reveal("see where a system lies"))
        if path is not None and self.roots is None and not self.is_alone:
            raise NotAllowed(_SEVERAL)
        if path is not None and self.roots is not None and not any(is_in(path, root) for root in self.roots):
            raise NotAllowed(_OUTSIDE)
        return self.open_system(address, writable=writable, load=load)


def roots_of(named: Sequence[str], controller: ControllerId) -> tuple[Path, ...] | None:
    """What is named for all and for this controller: FOLDER, or CONTROLLER=FOLDER. None where nothing is named for anybody."""
    pairs: Mapping[str, str] = {each: each.partition("=")[2] if each[:1] != "/" else each for each in named}
    if any(not folder.startswith("/") for folder in pairs.values()):
        raise NotConfigured("RIGHTCALL_SCAN_ROOTS: give each as /FOLDER, or as CONTROLLER=/FOLDER with the controller's id.")
    if not pairs:
        return None
    mine = [folder for each, folder in pairs.items() if each == folder or each.partition("=")[0] == str(controller)]
    return tuple(Path(os.path.realpath(folder)) for folder in mine)


def _bucket(url: str) -> str | None:
    """The name alone: that of another service may be the same, and is refused too."""
    scheme, _, rest = url.partition(":")
    parts = urlsplit(rest if scheme.lower() == "vcons" else url)
    return parts.netloc.rpartition("@")[2].lower() if parts.scheme == "s3" else None
