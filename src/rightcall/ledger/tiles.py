"""How the tree is kept and served: C2SP tlog-tiles. A tile holds up to 256 hashes of one level; levels are 8 tree heights apart.

Pure: tiles are fetched through a function. A partial tile is the beginning of the full one, so one growing tile is kept.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from rightcall.errors import Breach, Malformed
from rightcall.ledger.tree import node_hash

WIDTH = 256
HASH = 32
TileKey: TypeAlias = tuple[int, int]
Fetch: TypeAlias = Callable[[int, int], bytes]
"""Level and number of a tile to its hashes as far as known, b"" where there is none."""


class TileReader:
    """Answers `node(height, index)` out of tiles, each fetched once."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._tiles: dict[TileKey, bytes] = {}

    def node(self, height: int, index: int) -> bytes:
        level, inside = divmod(height, 8)
        first = index << inside
        number, offset = divmod(first, WIDTH)
        hashes = split_hashes(self._tile(level, number))[offset : offset + (1 << inside)]
        if len(hashes) != 1 << inside:
            raise Breach(f"Tile {number} of level {level} of the ledger is shorter than its tree. Tell the DPO.")
        return _fold(hashes)

    def _tile(self, level: int, number: int) -> bytes:
        key = (level, number)
        if key not in self._tiles:
            self._tiles[key] = self._fetch(level, number)
        return self._tiles[key]


def extend(size: int, entry_hashes: Sequence[bytes], fetch: Fetch) -> dict[TileKey, bytes]:
    """The tiles that change when leaves are added to a tree of `size`: their new, longer contents."""
    changed: dict[TileKey, bytes] = {}
    level, added = 0, list(entry_hashes)
    while added:
        before = size >> (8 * level)
        number, width = divmod(before, WIDTH)
        known = fetch(level, number)[: width * HASH] if width else b""
        if len(known) != width * HASH:
            raise Breach(f"Tile {number} of level {level} of the ledger is shorter than its tree. Tell the DPO.")
        hashes = [*split_hashes(known), *added]
        added = []
        for start in range(0, len(hashes), WIDTH):
            tile = hashes[start : start + WIDTH]
            changed[level, number + start // WIDTH] = b"".join(tile)
            if len(tile) == WIDTH:
                added.append(_fold(tile))
        level += 1
    return changed


def width_of(level: int, number: int, size: int) -> int:
    """How many hashes that tile has in a tree of `size` leaves; 0 where there is none."""
    return max(0, min(WIDTH, (size >> (8 * level)) - number * WIDTH))


def tile_path(level: int, number: int, width: int = WIDTH) -> str:
    """The path of a tile, e.g. `tile/0/x001/x234/067.p/12`."""
    groups = [f"{number % 1000:03d}"]
    while number := number // 1000:
        groups.insert(0, f"x{number % 1000:03d}")
    part = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(groups)}{part}"


def parse_tile_path(path: str) -> tuple[int, int, int]:
    """Level, number and width. Malformed unless it is exactly what `tile_path` writes."""
    try:
        name, level_text, *rest = path.split("/")
        number_text, _, width_text = "/".join(rest).partition(".p/")
        level = int(level_text)
        number = int(number_text.replace("/", "").replace("x", ""))
        width = int(width_text) if width_text else WIDTH
    except ValueError as error:
        raise Malformed("This is not the path of a ledger tile.") from error
    is_ours = name == "tile" and 0 <= level < 64 and number >= 0 and 0 < width <= WIDTH
    if not is_ours or tile_path(level, number, width) != path:
        raise Malformed("This is not the path of a ledger tile.")
    return level, number, width


def split_hashes(data: bytes) -> list[bytes]:
    return [data[start : start + HASH] for start in range(0, len(data), HASH)]


def _fold(hashes: Sequence[bytes]) -> bytes:
    """The root over a power of two of hashes."""
    row = list(hashes)
    while len(row) > 1:
        row = [node_hash(row[i], row[i + 1]) for i in range(0, len(row), 2)]
    return row[0]
