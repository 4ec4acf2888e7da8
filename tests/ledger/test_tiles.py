"""C2SP tlog-tiles: the tree kept in tiles is the tree; paths and bundles have one form each."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rightcall.errors import Breach, Malformed
from rightcall.ledger.tiles import (
    TileKey,
    TileReader,
    extend,
    parse_tile_path,
    tile_path,
    width_of,
)
from rightcall.ledger.tree import consistency_path, inclusion_path, leaf_hash, root
from tests.ledger.whole import node_of


def grown(counts: list[int]) -> tuple[dict[TileKey, bytes], list[bytes]]:
    tiles: dict[TileKey, bytes] = {}
    hashes: list[bytes] = []
    for count in counts:
        added = [leaf_hash(str(len(hashes) + number).encode()) for number in range(count)]
        tiles.update(extend(len(hashes), added, lambda level, number: tiles.get((level, number), b"")))
        hashes += added
    return tiles, hashes


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 400), min_size=1, max_size=6), st.data())
def test_tiles_answer_as_the_leaves_do(counts: list[int], data: st.DataObject) -> None:
    tiles, hashes = grown(counts)
    node = TileReader(lambda level, number: tiles.get((level, number), b"")).node
    plain = node_of(hashes)
    size = data.draw(st.integers(0, len(hashes)))
    assert root(size, node) == root(size, plain)
    if size:
        index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
        assert inclusion_path(index, size, node) == inclusion_path(index, size, plain)
        assert consistency_path(old, size, node) == consistency_path(old, size, plain)


def test_the_example_of_the_specification() -> None:
    """A tree of 70,000: 273 full tiles and one of 112; one full and one of 17 above; one of 1 on top."""
    tiles, hashes = grown([70_000])
    widths = {key: len(tile) // 32 for key, tile in tiles.items()}
    assert all(widths[0, number] == 256 for number in range(273))
    assert (widths[0, 273], widths[1, 0], widths[1, 1], widths[2, 0]) == (112, 256, 17, 1)
    assert len(widths) == 274 + 2 + 1
    assert all(width_of(level, number, 70_000) == width for (level, number), width in widths.items())
    assert width_of(0, 274, 70_000) == width_of(3, 0, 70_000) == 0
    node = TileReader(lambda level, number: tiles.get((level, number), b"")).node
    assert root(70_000, node) == root(70_000, node_of(hashes))


def test_a_tree_of_256_has_a_full_tile_and_one_above_it() -> None:
    tiles, hashes = grown([256])
    assert tiles == {(0, 0): b"".join(hashes), (1, 0): root(256, node_of(hashes))}


def test_tiles_shorter_than_their_tree_are_a_breach() -> None:
    with pytest.raises(Breach):
        extend(3, [bytes(32)], lambda level, number: bytes(64))
    with pytest.raises(Breach):
        root(3, TileReader(lambda level, number: bytes(64)).node)


@pytest.mark.parametrize(
    ("parts", "path"),
    [
        ((0, 1234067, 256), "tile/0/x001/x234/067"),
        ((0, 0, 1), "tile/0/000.p/1"),
        ((63, 999, 255), "tile/63/999.p/255"),
    ],
)
def test_paths_are_as_the_specification_writes_them(parts: tuple[int, int, int], path: str) -> None:
    assert tile_path(*parts) == path
    assert parse_tile_path(path) == parts


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile",
        "tile/0",
        "tile/0/1",
        "tile/00/001",
        "tile/64/001",
        "tile/-1/001",
        "tile/0/x001",
        "tile/0/001/002",
        "tile/0/001.p/256",
        "tile/0/001.p/0",
        "tile/0/001.p/01",
        "tile/0/001.p/",
        "tile/0/x000/001",
        "tile/0/٠٠١",
        "other/0/001",
        "tile/entries/001",
    ],
)
def test_any_other_path_is_refused(path: str) -> None:
    with pytest.raises(Malformed):
        parse_tile_path(path)


@given(st.text(alphabet="tile/0123456789x.pentrs", max_size=30))
def test_a_path_that_is_read_is_the_path_that_is_written(path: str) -> None:
    try:
        parts = parse_tile_path(path)
    except Malformed:
        return
    assert tile_path(*parts) == path
