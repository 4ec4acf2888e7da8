"""What pages fetch beside themselves: the sheet of styles and small scripts, from us and from nobody else. An address has the
digest of what it leads to, so that a browser may keep it for good and never shows an old one."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rightcall.canonical import sha256

PREFIX = "/design/"
_FOLDER = Path(__file__).parent
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    address: str
    media_type: str
    content: bytes


def asset(name: str) -> str:
    """Where a page finds it."""
    return _by_name()[name].address


def at(address: str) -> Asset | None:
    """What lies there; None where nothing does, or not any more."""
    return _by_address().get(address)


@cache
def _by_name() -> dict[str, Asset]:
    files = [each for each in sorted(_FOLDER.iterdir()) if each.suffix in _TYPES]
    return {each.name: _read(each) for each in files}


@cache
def _by_address() -> dict[str, Asset]:
    return {each.address: each for each in _by_name().values()}


def _read(file: Path) -> Asset:
    content = file.read_bytes()
    digest = sha256(content).hex()[:12]
    return Asset(f"{PREFIX}{file.stem}.{digest}{file.suffix}", _TYPES[file.suffix], content)
